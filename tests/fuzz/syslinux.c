/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A syslinux configuration that includes itself, what it starts, and what an installer left. */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "image/syslinux.h"

struct text {
	const uint8_t *data;
	size_t size;
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int again(void *ctx, const char *name, char **ret, size_t *ret_len)
{
	const struct text *t = ctx;

	if (strcmp(name, "again") != 0)
		return -ENOENT;
	*ret = malloc(t->size + 1);
	if (!*ret)
		return -ENOMEM;
	memcpy(*ret, t->data, t->size);
	*ret_len = t->size;
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text t = {data, size};
	struct br_syslinux s = {0};
	struct br_syslinux_choice c;
	struct br_ldlinux ld;

	if (br_syslinux_parse((const char *)data, size, "/x", again, &t, &s) < 0)
		abort();
	br_syslinux_choose(&s, &c);
	if (c.label >= (int)s.n || (c.verdict == BR_SYSLINUX_STARTS && c.label < 0) ||
	    (c.verdict == BR_SYSLINUX_UNDETERMINED && !c.why))
		abort();
	for (size_t i = 0; i < s.n; i++) {
		br_autofree char *path = br_syslinux_path("/boot/x", s.labels[i].kernel);

		if (!path || *path != '/' || strstr(path, "/../") || br_ends(path, "/.."))
			abort();
	}
	br_syslinux_free(&s);
	(void)br_ldlinux_parse(data, size, &ld);
	(void)!br_gpt_legacy_boot(data, size / 128, 128);
	return 0;
}
