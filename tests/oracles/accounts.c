/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* accounts ROOT: what is wrong in its users and groups: file, kind and whom it is about, tabs between. */
#include <stdio.h>

#include "image/accounts.h"

static const char *text_of(const struct br_account_file *f, unsigned line)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->v[i].line == line)
			return f->v[i].text;
	return "?";
}

int main(int argc, char **argv)
{
	static const char *const kinds[] = {"line", "duplicate", "name",    "id",   "group", "home",
	                                    "shell", "no-shadow", "no-main", "not-x", "member"};
	br_cleanup(br_accounts_free) struct br_accounts a = {0};
	struct br_root root;

	if (argc != 2 || br_root_open(&root, argv[1]) < 0 || br_accounts_read(&root, NULL, 0, &a) < 0)
		return 70;
	for (size_t i = 0; i < a.n_flaws; i++) {
		const struct br_account_flaw *f = &a.flaws[i];
		bool whole = f->kind == BR_FLAW_LINE || f->kind == BR_FLAW_DUPLICATE || f->kind == BR_FLAW_NO_MAIN;

		printf("%s\t%s\t%s", br_account_paths[f->db] + 5, kinds[f->kind],
		       whole ? text_of(&a.file[f->db], f->line) : f->kind == BR_FLAW_ID ? "" : f->name);
		printf("%s%s\n", f->other && f->kind != BR_FLAW_ID ? "\t" : "", f->other && f->kind != BR_FLAW_ID ? f->other : "");
	}
	br_root_close(&root);
	return 0;
}
