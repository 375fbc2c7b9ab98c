/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* passwd, shadow, group and gshadow: every good line is found by its name. */
#include <stdint.h>
#include <stdlib.h>

#include "image/accounts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	for (enum br_account_db db = 0; db < BR_DBS; db++) {
		br_cleanup(br_account_file_free) struct br_account_file f = {0};

		if (br_accounts_parse(db, (const char *)data, size, &f) < 0)
			continue;
		for (size_t i = 0; i < f.n; i++)
			if (f.v[i].good && !br_account_find(&f, f.v[i].field[0]))
				abort();
	}
	return 0;
}
