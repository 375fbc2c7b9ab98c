/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* elf FILE: interpreter, needed libraries, RPATH and RUNPATH. elf --look ROOT PATH: whether it would run there. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "image/elf.h"
#include "image/program.h"

static int look(const char *dir, const char *path)
{
	br_cleanup(br_program_free) struct br_program p = {0};
	br_cleanup(br_programs_free) struct br_programs programs = {0};
	struct br_root root;

	if (br_root_open(&root, dir) < 0)
		return 70;
	programs.root = &root;
	if (br_program_look(&programs, path, true, &p) < 0)
		return 70;
	printf("%s%s%s\n", br_program_state_text(p.state), p.which ? ": " : "", p.which ? p.which : "");
	br_root_close(&root);
	return 0;
}

int main(int argc, char **argv)
{
	br_cleanup(br_elf_free) struct br_elf e = {0};
	int fd, r;

	if (argc == 4 && strcmp(argv[1], "--look") == 0)
		return look(argv[2], argv[3]);
	fd = argc == 2 ? open(argv[1], O_RDONLY) : -1;
	r = fd < 0 ? -1 : br_elf_read(fd, &e);
	if (r < 0) {
		puts("none");
		return 0;
	}
	if (e.interp)
		printf("interp %s\n", e.interp);
	for (size_t i = 0; i < e.needed.n; i++)
		printf("needed %s\n", e.needed.v[i]);
	if (e.rpath)
		printf("rpath %s\n", e.rpath);
	if (e.runpath)
		printf("runpath %s\n", e.runpath);
	return 0;
}
