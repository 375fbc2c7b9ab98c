/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/io.h"
#include "base/num.h"
#include "image/kernelfile.h"
#include "image/pe.h"
#include "image/unpack.h"

/* The part of a file that is the kernel. */
struct kernel {
	int fd;
	uint64_t base, size;
};

/* All n bytes at at: -ENODATA where the file ends before. */
static int read_at(const struct kernel *k, uint64_t at, void *buf, size_t n)
{
	if (at > k->size || n > k->size - at)
		return -ENODATA;
	return br_pread_all(k->fd, buf, n, k->base + at);
}

/* "6.1.0-1-amd64 (builder@host) #1 SMP ..." -> its first word; NULL when it starts with no digit. */
static char *first_word(const char *s, size_t len)
{
	size_t n = 0;

	while (n < len && s[n] > ' ' && s[n] < 0x7f)
		n++;
	return n && n < len && *s >= '0' && *s <= '9' ? strndup(s, n) : NULL;
}

/* Looks for the banner that every kernel prints first, over the borders of the pieces it comes in. */
struct search {
	char tail[256];
	size_t n_tail;
	uint64_t seen;
	bool all; /* go on when it is found: the rest may be damaged */
	char *release;
};

#define BANNER "Linux version "

static void search_in(struct search *s, const char *buf, size_t len)
{
	const char *p = buf, *found;

	while (!s->release && (found = memmem(p, len - (size_t)(p - buf), BANNER, strlen(BANNER)))) {
		p = found + strlen(BANNER);
		s->release = first_word(p, len - (size_t)(p - buf));
	}
}

static int search_piece(void *ctx, const void *buf, size_t len)
{
	struct search *s = ctx;
	char border[2 * sizeof(s->tail)];
	size_t n = len < sizeof(s->tail) ? len : sizeof(s->tail);

	memcpy(border, s->tail, s->n_tail);
	memcpy(border + s->n_tail, buf, n);
	search_in(s, border, s->n_tail + n);
	if (!s->release)
		search_in(s, buf, len);
	s->n_tail = n;
	memcpy(s->tail, (const char *)buf + len - n, n);
	s->seen += len;
	return (s->release && !s->all) || s->seen > BR_KERNEL_UNPACKED_MAX;
}

/* The release in bytes that may be packed: those are looked through to their end. */
static int search_release(const struct kernel *k, uint64_t at, uint64_t size, enum br_codec codec,
                          enum br_unpack_end *ret_end, char **ret)
{
	const struct br_extent part = {.fd = k->fd, .offset = k->base + at, .size = size};
	br_autosource struct br_source in = {0};
	struct search s = {.all = codec != BR_CODEC_NONE};
	const char *why;
	size_t n;
	int r = br_source_open(&in, &part, 1);

	if (r < 0)
		return r;
	*ret_end = BR_UNPACK_WHOLE;
	if (codec != BR_CODEC_NONE) {
		r = br_unpack(codec, &in, search_piece, &s, ret_end, &why);
	} else {
		while (!r && (n = br_source_peek(&in, 1)) > 0) {
			r = search_piece(&s, br_source_here(&in), n);
			br_source_take(&in, n);
		}
		r = in.err;
	}
	if (*ret_end == BR_UNPACK_STOPPED)
		*ret_end = BR_UNPACK_WHOLE;
	*ret = s.release;
	return r < 0 ? r : 0;
}

/* An unpacker's end as the state of what it unpacked. */
static enum br_kernel_state state_of(enum br_unpack_end end)
{
	if (end == BR_UNPACK_TRUNCATED)
		return BR_KERNEL_TRUNCATED;
	if (end == BR_UNPACK_CORRUPT || end == BR_UNPACK_REFUSED)
		return BR_KERNEL_NOT_ONE;
	return end == BR_UNPACK_UNREAD ? BR_KERNEL_UNREAD : BR_KERNEL_SOUND;
}

/* Offsets in the real-mode header, from the file's start. */
enum {
	X86_SETUP_SECTS = 0x1f1,
	X86_SYSSIZE = 0x1f4, /* in units of 16 bytes */
	X86_MAGIC = 0x202,   /* "HdrS" */
	X86_PROTOCOL = 0x206,
	X86_VERSION = 0x20e, /* of the release's text, less 0x200 */
	X86_PAYLOAD = 0x248, /* from the protected-mode code's start; protocol 2.08 */
	X86_PAYLOAD_LEN = 0x24c,
	X86_HEADER = 0x268,
};

/* A file with the right size and zeros in it: what a crash leaves of one that was never synced. */
static int payload_is_there(const struct kernel *k, uint64_t at, uint64_t len)
{
	unsigned char head[8], tail[4];
	int r;

	if (len < sizeof(head))
		return 0;
	r = read_at(k, at, head, sizeof(head));
	if (!r)
		r = read_at(k, at + len - sizeof(tail), tail, sizeof(tail));
	if (r < 0)
		return r == -ENODATA ? 0 : r;
	/* It starts with a magic number and ends with its unpacked size. */
	return br_le64(head) != 0 && br_le32(tail) != 0;
}

static int look_x86(const struct kernel *k, const unsigned char h[X86_HEADER], enum br_kernel_state *state,
                    char **release)
{
	uint64_t setup = 512 * ((uint64_t)(h[X86_SETUP_SECTS] ? h[X86_SETUP_SECTS] : 4) + 1);
	unsigned protocol = br_le16(h + X86_PROTOCOL);
	uint64_t size = setup + 16 * (uint64_t)(protocol >= 0x204 ? br_le32(h + X86_SYSSIZE) :
	                                                            br_le16(h + X86_SYSSIZE));
	uint64_t text = 0x200 + (uint64_t)br_le16(h + X86_VERSION);
	char word[128];
	int r = 0;

	*state = BR_KERNEL_SOUND;
	if (br_le16(h + X86_VERSION) && text < setup && read_at(k, text, word, sizeof(word)) == 0)
		*release = first_word(word, sizeof(word));
	/* The last unit may be filled up only in memory. */
	if (k->size + 15 < size)
		*state = BR_KERNEL_TRUNCATED;
	else if (protocol >= 0x208)
		r = payload_is_there(k, setup + br_le32(h + X86_PAYLOAD), br_le32(h + X86_PAYLOAD_LEN));
	else
		r = 1;
	if (!r && *state == BR_KERNEL_SOUND)
		*state = BR_KERNEL_TRUNCATED;
	return r < 0 ? r : 0;
}

static int open_pe(const struct kernel *k, struct br_pe *ret)
{
	return br_pe_read(k->fd, k->base, k->size, ret);
}

int br_pe_section(int fd, const char *name, struct br_extent *ret)
{
	br_autope struct br_pe pe = {0};
	const struct br_pe_section *s;
	int r = br_pe_read_fd(fd, &pe);

	if (r < 0)
		return r;
	s = br_pe_find(&pe, name);
	if (!s || s->cut)
		return s ? -EBADMSG : -ENOENT;
	*ret = (struct br_extent){.fd = fd, .offset = s->offset, .size = s->size};
	return 0;
}

/* Does every section lie in the file? 1, 0 or -errno; no PE file at all is as good as one without sections. */
static int pe_whole(const struct kernel *k)
{
	br_autope struct br_pe pe = {0};
	int r = open_pe(k, &pe);

	if (r < 0)
		return r == -EBADMSG ? 1 : r;
	return !pe.cut && !br_pe_first_cut(&pe);
}

enum {
	ARM64_MAGIC = 0x38, /* "ARM\x64" */
	ZBOOT_MAGIC = 4,    /* "zimg", behind "MZ\0\0" */
	ZBOOT_OFFSET = 8,
	ZBOOT_SIZE = 12,
	ZBOOT_CODEC = 0x18, /* "gzip", "zstd" ... */
};

static int look_arm64(const struct kernel *k, enum br_kernel_state *state, char **release)
{
	enum br_unpack_end end;
	int whole = pe_whole(k), r;

	if (whole < 0)
		return whole;
	r = search_release(k, 0, k->size, BR_CODEC_NONE, &end, release);
	/* Every kernel has its banner in it: where it is not, neither is the rest. */
	*state = whole && *release ? BR_KERNEL_SOUND : BR_KERNEL_TRUNCATED;
	return r;
}

static int look_zboot(const struct kernel *k, const unsigned char *h, enum br_kernel_state *state, char **release)
{
	uint64_t at = br_le32(h + ZBOOT_OFFSET), size = br_le32(h + ZBOOT_SIZE);
	enum br_unpack_end end;
	char name[9] = "";
	int r;

	memcpy(name, h + ZBOOT_CODEC, 8);
	if (at > k->size || size > k->size - at) {
		*state = BR_KERNEL_TRUNCATED;
		return 0;
	}
	*state = BR_KERNEL_UNREAD;
	if (br_codec_named(name) == BR_CODEC_NONE)
		return 0;
	r = search_release(k, at, size, br_codec_named(name), &end, release);
	if (!r)
		*state = state_of(end);
	return r;
}

static int look(const struct kernel *k, bool inside, enum br_kernel_state *state, char **release);

/* A unified image: .linux is a kernel, and .uname says its release where the kernel itself does not. */
static int look_unified(const struct kernel *k, const struct br_pe *pe, enum br_kernel_state *state, char **release)
{
	const struct br_pe_section *core = br_pe_find(pe, ".linux"), *uname = br_pe_find(pe, ".uname");
	const struct kernel inner = {.fd = k->fd, .base = k->base + core->offset, .size = core->size};
	char text[128] = "";
	int r = look(&inner, true, state, release);

	if (r < 0 || *release || !uname || uname->cut)
		return r;
	if (read_at(k, uname->offset, text, uname->size < sizeof(text) - 1 ? uname->size : sizeof(text) - 1) == 0)
		*release = first_word(text, sizeof(text));
	return 0;
}

static int look_mz(const struct kernel *k, const unsigned char *h, bool inside, enum br_kernel_state *state,
                   char **release)
{
	br_autope struct br_pe pe = {0};
	const struct br_pe_section *core;
	int r;

	if (memcmp(h + ZBOOT_MAGIC, "zimg", 4) == 0)
		return look_zboot(k, h, state, release);
	*state = BR_KERNEL_NOT_ONE;
	r = inside ? -EBADMSG : open_pe(k, &pe);
	if (r < 0)
		return r == -EBADMSG ? 0 : r;
	core = br_pe_find(&pe, ".linux");
	if (core && !core->cut)
		return look_unified(k, &pe, state, release);
	if (pe.cut || br_pe_first_cut(&pe))
		*state = BR_KERNEL_TRUNCATED;
	return 0;
}

static int look(const struct kernel *k, bool inside, enum br_kernel_state *state, char **release)
{
	unsigned char h[X86_HEADER] = {0};
	enum br_unpack_end end;
	int r = read_at(k, 0, h, k->size < sizeof(h) ? (size_t)k->size : sizeof(h));

	if (r < 0)
		return r == -ENODATA ? -EIO : r;
	if (!k->size)
		*state = BR_KERNEL_EMPTY;
	else if (memcmp(h + X86_MAGIC, "HdrS", 4) == 0)
		return look_x86(k, h, state, release);
	else if (memcmp(h + ARM64_MAGIC, "ARM\x64", 4) == 0)
		return look_arm64(k, state, release);
	else if (memcmp(h, "MZ", 2) == 0)
		return look_mz(k, h, inside, state, release);
	else if (memcmp(h, "\177ELF", 4) == 0)
		*state = BR_KERNEL_UNREAD;
	else if (br_codec_detect(h, 2) == BR_CODEC_GZIP) {
		r = search_release(k, 0, k->size, BR_CODEC_GZIP, &end, release);
		*state = r < 0 ? BR_KERNEL_UNREAD : state_of(end);
		if (*state == BR_KERNEL_SOUND && !*release)
			*state = BR_KERNEL_NOT_ONE;
		return r;
	} else
		*state = BR_KERNEL_NOT_ONE;
	return 0;
}

int br_kernel_look(int fd, enum br_kernel_state *ret_state, char **ret_release)
{
	enum br_kernel_state state = BR_KERNEL_UNREAD;
	br_autofree char *release = NULL;
	struct kernel k = {.fd = fd};
	struct stat st;
	int r;

	if (fstat(fd, &st) < 0)
		return -errno;
	k.size = (uint64_t)st.st_size;
	r = look(&k, false, &state, &release);
	if (r < 0)
		return r;
	*ret_state = state;
	*ret_release = BR_TAKE(release);
	return 0;
}
