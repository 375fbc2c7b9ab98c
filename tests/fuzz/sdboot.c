/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Entries of systemd-boot's: the text, "loader.conf" first up to a NUL, then an entry each up to the next. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "image/sdboot.h"

#define MAX 16

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* An order: the same both ways round, and nothing before itself. */
static void check_order(const struct br_sdboot_entry *e, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (br_sdboot_vercmp(e[i].version, e[i].version) || br_sdboot_vercmp_old(e[i].id, e[i].id))
			abort();
		for (size_t k = 0; k < i; k++)
			if (br_sdboot_vercmp(e[i].id, e[k].id) != -br_sdboot_vercmp(e[k].id, e[i].id))
				abort();
	}
}

static void run(const char *text, size_t size, unsigned version)
{
	struct br_sdboot_entry e[MAX] = {0};
	struct br_sdboot_conf conf = {0};
	size_t n = 0, at = strnlen(text, size);
	bool stale;
	int boots;

	if (br_sdboot_conf_parse(text, at, version, &conf) < 0)
		abort();
	for (at++; at < size && n < MAX; n++) {
		size_t len = strnlen(text + at, size - at), head = 0;
		char name[64];

		while (head < len && head < sizeof(name) - 1 && text[at + head] != '\n')
			head++;
		memcpy(name, text + at, head);
		name[head] = '\0';
		if (n % 2 ? br_sdboot_entry_parse(text + at, len, name, "x64", version, &e[n]) < 0 :
		            br_sdboot_unified_parse(text + at, NULL, (unsigned)n / 4, name, version, &e[n]) < 0)
			abort();
		at += len + 1;
	}
	br_sdboot_sort(e, n, version);
	boots = br_sdboot_choose(e, n, &conf, version, &stale);
	if (boots < -1 || boots >= (int)n || (n && boots < 0))
		abort();
	check_order(e, n);
	for (size_t i = 0; i < n; i++)
		br_sdboot_entry_free(&e[i]);
	br_sdboot_conf_free(&conf);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);

	if (!text)
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	run(text, size, 0);
	run(text, size, 247000);
	free(text);
	return 0;
}
