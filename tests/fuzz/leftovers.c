/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* dpkg's status and a machine id; words of ld.so.conf too: each line is of the file. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "image/leftovers.h"
#include "image/program.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	br_cleanup(br_leftovers_free) struct br_leftovers l = {0};
	br_autostrv struct br_strv dirs = {0}, includes = {0};
	br_autofree char *text = malloc(size + 1);

	if (!text)
		return 0;
	/* As a file is read: a NUL behind it. */
	memcpy(text, data, size);
	text[size] = '\0';
	if (br_dpkg_status_parse(text, size, "/s", &l) == 0)
		for (size_t i = 0; i < l.n; i++)
			if (!l.v[i].what || !l.v[i].line)
				abort();
	(void)br_machine_id_parse(text, size);
	if (br_ldconf_parse(text, size, &dirs, &includes) < 0)
		return 0;
	for (size_t i = 0; i < dirs.n; i++)
		if (dirs.v[i][0] != '/')
			abort();
	return 0;
}
