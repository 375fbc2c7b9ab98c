/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Whole configurations of distributions: every tests/unit/data/grub/CASE/want* holds, behind a
 * first line "DEVICE PATH PLATFORM [booting]" to start from, what the menu of that machine must be.
 *
 *     grub --boot FOLDER DEVICE PATH [PLATFORM]    shows what a folder would boot, for
 * tests/oracles grub --check FILE...                         the first syntax error of each
 */
#include "grub-dir.h"
#include "image/grub-internal.h"
#include "test.h"

#define CASES "tests/unit/data/grub"

static char *show(const char *folder, const char *dev, const char *path, const char *platform, bool booting)
{
	struct dir_machine m;
	struct br_menu menu;
	struct br_grub_start start = {.path = path, .platform = platform, .cpu = "x86_64", .booting = booting};
	struct br_str out = {0};
	int r;

	if (dir_open(&m, folder) < 0)
		return NULL;
	start.dev = dir_find(&m, dev);
	r = br_grub_boot(&m.io, &start, &menu);
	if (r < 0) {
		br_str_printf(&out, "error %s\n", strerror(-r));
	} else {
		grub_show(&m, &menu, &out);
		br_menu_free(&menu);
	}
	dir_close(&m);
	return br_str_take(&out);
}

static bool compare(const char *name, const char *folder, const char *want_file)
{
	br_autofree char *text = NULL, *got = NULL;
	char dev[64], path[256], platform[16], booting[16] = "";
	const char *want;
	size_t len;

	if (dir_slurp(want_file, &text, &len) < 0 ||
	    sscanf(text, "%63s %255s %15[a-z] %15[a-z]", dev, path, platform, booting) < 3 ||
	    !(want = strchr(text, '\n')))
		return false;
	got = show(folder, dev, path, platform, strcmp(booting, "booting") == 0);
	if (br_streq(got, want + 1))
		return true;
	printf("# %s: got\n%s", name, got ? got : "nothing\n");
	return false;
}

BR_TEST(distributions)
{
	br_autostrv struct br_strv cases = {0};
	br_autoclosedir DIR *d = opendir(CASES);
	struct dirent *e;
	unsigned n = 0;

	while (d && (e = readdir(d)))
		if (e->d_name[0] != '.')
			br_strv_add(&cases, e->d_name);
	br_strv_sort(&cases);
	for (size_t i = 0; i < cases.n; i++) {
		br_autofree char *folder = br_format("%s/%s", CASES, cases.v[i]);
		br_autoclosedir DIR *f = opendir(folder);

		while (f && (e = readdir(f))) {
			br_autofree char *want = br_format("%s/%s", folder, e->d_name);

			if (!br_starts(e->d_name, "want"))
				continue;
			n++;
			EXPECT(compare(cases.v[i], folder, want));
		}
	}
	EXPECT(n >= 10);
}

static int check_files(int n, char **files)
{
	for (int i = 0; i < n; i++) {
		br_autofree char *text = NULL;
		unsigned line = 0, read = 0;
		size_t len;
		int r = dir_slurp(files[i], &text, &len);

		if (r == 0)
			r = br_gs_first_error(text, len, &line, &read);
		if (r == 1)
			printf("bad %u\n", read);
		else
			printf(r ? "unread\n" : "ok\n");
	}
	return 0;
}

int main(int argc, char **argv)
{
	if (argc >= 5 && strcmp(argv[1], "--boot") == 0) {
		br_autofree char *text = show(argv[2], argv[3], argv[4], argc > 5 ? argv[5] : "pc", false);

		fputs(text ? text : "no such machine\n", stdout);
		return text == NULL;
	}
	if (argc > 1 && strcmp(argv[1], "--check") == 0)
		return check_files(argc - 2, argv + 2);
	return br_test_main();
}
