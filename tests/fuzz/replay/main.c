/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Runs a fuzz target without a fuzzer: replays every file of the corpus, then for a number of rounds feeds
 * mutations of them. The mutations depend on the seed alone, so that a failure can be run again.
 *   TARGET [--rounds N] [--seed N] FILE...
 */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define INPUT_MAX (1 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct input {
	uint8_t *data;
	size_t size;
};

static uint64_t state;

/* xorshift64*: a generator whose whole state is one number. */
static uint64_t draw(void)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return state * 0x2545f4914f6cdd1dULL;
}

static struct input load(const char *path)
{
	struct input in = {malloc(INPUT_MAX), 0};
	FILE *f = fopen(path, "rb");

	if (!f || !in.data) {
		fprintf(stderr, "%s cannot be read\n", path);
		exit(70);
	}
	in.size = fread(in.data, 1, INPUT_MAX, f);
	fclose(f);
	return in;
}

/* Bytes flipped, numbers made extreme, parts cut, doubled, or taken from another input. */
static size_t mutate(uint8_t *buf, size_t size, const struct input *other)
{
	static const uint8_t odd[] = {0x00, 0xff, 0x7f, 0x80, '\n', '/', '"', '\\', '{', '}', '$', '0'};
	unsigned steps = 1 + (unsigned)(draw() % 8);

	while (steps--) {
		size_t at = size ? draw() % size : 0, len = draw() % 64;

		switch (draw() % 6) {
		case 0:
			if (size)
				buf[at] ^= (uint8_t)(1U << (draw() % 8));
			break;
		case 1:
			if (size)
				buf[at] = odd[draw() % sizeof(odd)];
			break;
		case 2:
			for (size_t i = 0; i < 4 && at + i < size; i++)
				buf[at + i] = (draw() & 1) ? 0xff : 0;
			break;
		case 3:
			size = at;
			break;
		case 4:
			if (len > size - at)
				len = size - at;
			if (size + len <= INPUT_MAX) {
				memmove(buf + at + len, buf + at, size - at);
				size += len;
			}
			break;
		default:
			if (other->size) {
				size_t from = draw() % other->size;

				if (len > other->size - from)
					len = other->size - from;
				if (at + len <= INPUT_MAX) {
					memcpy(buf + at, other->data + from, len);
					if (at + len > size)
						size = at + len;
				}
			}
		}
	}
	return size;
}

/* An exact allocation, so that a sanitizer sees the first byte too far. */
static void feed(const uint8_t *data, size_t size)
{
	uint8_t *exact = malloc(size ? size : 1);

	if (!exact)
		exit(70);
	memcpy(exact, data, size);
	LLVMFuzzerTestOneInput(exact, size);
	free(exact);
}

int main(int argc, char **argv)
{
	unsigned long rounds = 0, seed = 1, fed = 0;
	struct input *in = calloc((size_t)argc, sizeof(*in));
	uint8_t *buf = malloc(INPUT_MAX);
	size_t n = 0;

	if (!in || !buf)
		return 70;
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--rounds") == 0 && i + 1 < argc)
			rounds = strtoul(argv[++i], NULL, 10);
		else if (strcmp(argv[i], "--seed") == 0 && i + 1 < argc)
			seed = strtoul(argv[++i], NULL, 10);
		else
			in[n++] = load(argv[i]);
	}
	state = seed * 0x9e3779b97f4a7c15ULL + 1;
	for (size_t i = 0; i < n; i++, fed++)
		feed(in[i].data, in[i].size);
	for (unsigned long r = 0; n && r < rounds; r++, fed++) {
		const struct input *base = &in[draw() % n];

		memcpy(buf, base->data, base->size);
		feed(buf, mutate(buf, base->size, &in[draw() % n]));
	}
	printf("%lu inputs\n", fed);
	for (size_t i = 0; i < n; i++)
		free(in[i].data);
	free(in);
	free(buf);
	return n == 0;
}
