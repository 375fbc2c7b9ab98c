/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* modprobe.d, modules-load.d and command lines: the input is each of them in turn. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "image/modules.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	br_autostrv struct br_strv list = {0};
	br_autofree char *text = strndup((const char *)data, size), *value = NULL;
	struct br_kept kept[] = {
		{(char *)"conf/modules", {(char *)data, size}},
		{(char *)"config", {(char *)data, size}},
		{(char *)"etc/cmdline.d/a.conf", {(char *)data, size}},
		{(char *)"etc/modprobe.d/a.conf", {(char *)data, size}},
		{(char *)"etc/modules-load.d/a.conf", {(char *)data, size}},
	};
	const struct br_initramfs i = {.kept = kept, .n_kept = sizeof(kept) / sizeof(kept[0])};

	if (!text || br_modprobe_parse((const char *)data, size, "f", &list) < 0 ||
	    br_cmdline_blacklist(text, NULL, &list) < 0 || br_forced_modules(&i, text, &list) < 0)
		abort();
	for (size_t n = 0; n < list.n; n++)
		if (strchr(list.v[n], '-') && strchr(list.v[n], '-') < list.v[n] + strcspn(list.v[n], "\t"))
			abort();
	if (br_initramfs_option(&i, "a", "b", &value) == 0 && strpbrk(value, " \t\n"))
		abort();
	return 0;
}
