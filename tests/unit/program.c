/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* elf.c, ldconf.c and program.c on small files; tests/oracles/elf.sh has real ones. */
#include <elf.h>
#include <endian.h>

#include "base/span.h"
#include "image/elf.h"
#include "image/program.h"
#include "test.h"
#include "tree.h"

/* A 64-bit program with an interpreter, needing one library, looked for beside it. */
struct file {
	Elf64_Ehdr h;
	Elf64_Phdr p[3];
	Elf64_Dyn d[5];
	char strings[64], interp[32];
};

static struct file make(const char *interp, const char *needed, const char *runpath)
{
	struct file f = {
		.h = {.e_ident = {0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB, EV_CURRENT}, .e_type = ET_DYN,
	              .e_machine = EM_X86_64, .e_phoff = offsetof(struct file, p), .e_phentsize = sizeof(Elf64_Phdr),
	              .e_phnum = 3},
		.p = {{.p_type = PT_LOAD, .p_filesz = sizeof(struct file)},
	              {.p_type = PT_DYNAMIC, .p_offset = offsetof(struct file, d), .p_filesz = sizeof(f.d)},
	              {.p_type = interp ? PT_INTERP : PT_NULL, .p_offset = offsetof(struct file, interp),
	               .p_filesz = sizeof(f.interp)}},
		.d = {{.d_tag = DT_STRTAB, .d_un.d_ptr = offsetof(struct file, strings)},
	              {.d_tag = DT_STRSZ, .d_un.d_val = sizeof(f.strings)},
	              {.d_tag = needed ? DT_NEEDED : DT_DEBUG, .d_un.d_val = 1},
	              {.d_tag = runpath ? DT_RUNPATH : DT_DEBUG, .d_un.d_val = 32}},
	};

	snprintf(f.interp, sizeof(f.interp), "%s", interp ? interp : "");
	snprintf(f.strings + 1, 31, "%s", needed ? needed : "");
	snprintf(f.strings + 32, 32, "%s", runpath ? runpath : "");
	return f;
}

static int parse(const void *data, size_t len, struct br_elf *e)
{
	const struct br_span span = {data, len};
	const struct br_elf_source source = {br_elf_read_span, &span};

	return br_elf_parse(&source, e);
}

BR_TEST(what_a_program_names)
{
	br_cleanup(br_elf_free) struct br_elf e = {0};
	struct file f = make("/lib/ld.so", "libx.so.1", "$ORIGIN/../lib");

	EXPECT_INT(parse(&f, sizeof(f), &e), 0);
	EXPECT_INT(e.machine, EM_X86_64);
	EXPECT_STR(e.interp, "/lib/ld.so");
	EXPECT_INT(e.needed.n, 1);
	EXPECT_STR(e.needed.v[0], "libx.so.1");
	EXPECT_STR(e.runpath, "$ORIGIN/../lib");
}

BR_TEST(addresses_are_not_offsets_and_the_table_ends)
{
	br_cleanup(br_elf_free) struct br_elf e = {0};
	struct file f = make("/lib/ld.so", "libx.so.1", "/opt");

	f.p[0].p_vaddr = 0x400000;
	f.d[0].d_un.d_ptr += 0x400000;
	f.d[4] = f.d[2];
	f.d[3].d_tag = DT_NULL;
	EXPECT_INT(parse(&f, sizeof(f), &e), 0);
	EXPECT_INT(e.needed.n, 1);
	EXPECT_STR(e.needed.v[0], "libx.so.1");
	EXPECT(!e.runpath);
}

BR_TEST(numbers_of_the_other_end_and_sizes_that_are_none)
{
	struct br_elf e = {.machine = 7};
	struct file f = make(NULL, NULL, NULL);

	f.h.e_phentsize = sizeof(Elf64_Phdr) - 1;
	EXPECT_INT(parse(&f, sizeof(f), &e), -EBADMSG);
	f = make(NULL, "libx.so.1", NULL);
	f.d[2].d_un.d_val = sizeof(f.strings); /* the interpreter lies behind them */
	EXPECT_INT(parse(&f, sizeof(f), &e), -EBADMSG);
	EXPECT_INT(e.machine, 7);
	f = (struct file){.h = {.e_ident = {0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2MSB, EV_CURRENT}}};
	f.h.e_type = htobe16(ET_EXEC);
	f.h.e_machine = htobe16(EM_S390);
	EXPECT_INT(parse(&f, sizeof(f), &e), 0);
	EXPECT(e.machine == EM_S390 && e.executable);
	br_elf_free(&e);
}

BR_TEST(every_cut_is_refused)
{
	struct file f = make("/lib/ld.so", "libx.so.1", NULL);

	for (size_t len = 0; len < sizeof(f); len++) {
		struct br_elf e = {.machine = 7};

		EXPECT(parse(&f, len, &e) == (len < sizeof(Elf32_Ehdr) ? -ENOEXEC : -EBADMSG) && e.machine == 7);
	}
}

BR_TEST(a_loader_and_a_library)
{
	br_cleanup(br_programs_free) struct br_programs programs = {.machine = EM_X86_64};
	struct file prog = make("/lib/ld.so", "libx.so.1", "$ORIGIN/../opt"), lib = make(NULL, NULL, NULL);
	enum br_program_state want[] = {BR_PROGRAM_NO_INTERPRETER, BR_PROGRAM_NO_LIBRARY, BR_PROGRAM_BAD_LIBRARY, BR_PROGRAM_RUNS};
	struct br_root root;

	tree_new();
	tree_bytes("/bin/prog", &prog, sizeof(prog), 0755);
	for (size_t i = 0; i < BR_ARRAY_SIZE(want); i++) {
		br_cleanup(br_program_free) struct br_program p = {0};

		if (i == 1)
			tree_bytes("/lib/ld.so", &lib, sizeof(lib), 0755);
		if (i == 2)
			tree_bytes("/opt/libx.so.1", "", 0, 0644);
		if (i == 3)
			tree_bytes("/opt/libx.so.1", &lib, sizeof(lib), 0644);
		EXPECT_INT(br_root_open(&root, tree_dir), 0);
		programs.root = &root;
		EXPECT_INT(br_program_look(&programs, "/bin/prog", true, &p), 0);
		EXPECT_INT(p.state, want[i]);
		br_root_close(&root);
	}
}

BR_TEST(scripts_do_not_go_round_for_ever)
{
	br_cleanup(br_program_free) struct br_program p = {0};
	struct br_programs programs = {0};
	struct br_root root;

	tree_new();
	tree_bytes("/a", "#!/b\n", 5, 0755);
	tree_bytes("/b", "#! /a -x\n", 9, 0755);
	EXPECT_INT(br_root_open(&root, tree_dir), 0);
	programs.root = &root;
	EXPECT_INT(br_program_look(&programs, "/a", true, &p), 0);
	EXPECT(p.state != BR_PROGRAM_RUNS);
	br_root_close(&root);
}

BR_TEST(words_of_ld_so_conf)
{
	static const char text[] = "include ld.so.conf.d/*.conf # all\n/opt/lib:/opt/more=libc6\nnone\n# /no\n/opt/lib\n";
	br_autostrv struct br_strv dirs = {0}, includes = {0};

	EXPECT_INT(br_ldconf_parse(text, strlen(text), &dirs, &includes), 0);
	EXPECT_INT(dirs.n, 2);
	EXPECT_STR(dirs.v[1], "/opt/more");
	EXPECT_INT(includes.n, 1);
	EXPECT_STR(includes.v[0], "ld.so.conf.d/*.conf");
}

BR_TEST_MAIN()
