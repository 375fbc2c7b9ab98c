/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which entry starts, and what is said about it. */
#include "grub-machine.h"
#include "test.h"

#define THREE                                                                                      \
	"menuentry 'First one' --id one { linux /k 1 }\n"                                          \
	"submenu 'More > these' --id more {\n"                                                     \
	"menuentry a { linux /k a }\n"                                                             \
	"menuentry 'b > c' --id bc { linux /k b }\n"                                               \
	"}\n"                                                                                      \
	"menuentry '5.10 kernel' { linux /k 3 }\n"

static struct br_menu menu;

static const char *boot_files(const struct table_file *files, const char *platform)
{
	static char text[256];
	const struct br_boot_entry *e;

	br_menu_free(&menu);
	if (table_boot(files, platform, &menu) < 0)
		return "error";
	e = grub_booted(&menu);
	if (!e)
		return "nothing";
	snprintf(text, sizeof(text), "%s %s", e->index_path, e->cmdline ? e->cmdline : "-");
	return text;
}

static const char *boot(const char *head, const char *tail)
{
	br_autofree char *text = br_format("set timeout=1\n%s\n%s\n", head, tail);
	const struct table_file files[] = {
	    {1, "/grub/grub.cfg", text, 0},
	    {1, "/k", "kernel", 0},
	    {1, "/i", "i", 0},
	    {1, "/j", "j", 0},
	    {0, "/other.cfg", "menuentry other { linux /k o $1 }\n", 0},
	    {0, "/empty.cfg", "set x=1\nexport y\ny=2\n", 0},
	    {0}};

	return boot_files(files, "pc");
}

static bool noted(enum br_menu_trouble t, const char *what)
{
	for (size_t i = 0; i < menu.n_notes; i++)
		if (menu.notes[i].trouble == t && menu.notes[i].in_default &&
		    (!what || br_streq(menu.notes[i].what, what)))
			return true;
	return false;
}

BR_TEST(default_entry)
{
	EXPECT_STR(boot("", THREE), "0 1");
	EXPECT(!menu.wanted && !menu.n_notes);
	EXPECT_STR(boot("default=2", THREE), "2 3");
	EXPECT_STR(boot("default='First one'", THREE), "0 1");
	EXPECT_STR(boot("default=one", THREE), "0 1");
	EXPECT_STR(boot("default=1", THREE), "1>0 a");
	EXPECT_STR(boot("default='1>1'", THREE), "1>1 b");
	EXPECT_STR(boot("default='more>b >> c'", THREE), "1>1 b");
	EXPECT_STR(boot("default='More >> these>bc'", THREE), "1>1 b");
	EXPECT_STR(boot("default='0>1'", THREE), "0 1");
	/* What begins with a digit is a number. */
	EXPECT_STR(boot("default='5.10 kernel'", THREE), "0 1");
	EXPECT(noted(BR_MENU_DEFAULT_STALE, "5.10 kernel"));
	EXPECT_STR(boot("default='2nd'", THREE), "2 3");
	EXPECT_STR(boot("default=0x2", THREE), "2 3");
}

BR_TEST(stale_default)
{
	EXPECT_STR(boot("default=7", THREE), "0 1");
	EXPECT(noted(BR_MENU_DEFAULT_STALE, "7"));
	EXPECT_STR(menu.wanted, "7");
	EXPECT_STR(boot("default=gone", THREE), "0 1");
	EXPECT(noted(BR_MENU_DEFAULT_STALE, "gone"));
	EXPECT_STR(boot("default='more>gone'", THREE), "1>0 a");
	EXPECT(noted(BR_MENU_DEFAULT_STALE, "gone"));
	EXPECT_STR(boot("default=", THREE), "0 1");
	EXPECT_INT(menu.n_notes, 0);
}

BR_TEST(rows_and_paths)
{
	boot("default=2", THREE);
	EXPECT_INT(menu.n, 5);
	EXPECT_STR(menu.entries[3].menu_path, "More > these>b > c");
	EXPECT_STR(menu.entries[3].index_path, "1>1");
	EXPECT_STR(menu.entries[3].id, "bc");
	EXPECT_INT(menu.entries[3].line, 6);
	EXPECT_STR(menu.entries[3].source, "/grub/grub.cfg");
	EXPECT_INT(menu.entries[3].source_dev, 1);
	EXPECT(menu.entries[1].submenu && !menu.entries[1].kernel.path);
	/* The others are run, too, for those who judge every kernel. */
	EXPECT_STR(menu.entries[0].cmdline, "1");
	EXPECT_STR(menu.entries[3].kernel.path, "/k");
	EXPECT_INT(menu.boots, 4);
	EXPECT_INT(menu.files.n, 1);
	EXPECT_STR(menu.files.v[0], "1:/grub/grub.cfg");
}

BR_TEST(fallback)
{
	const char *bad = "menuentry bad { linux /gone 0 }\nmenuentry bad2 { linux /gone 1 "
			  "}\nmenuentry good { linux /k 2 }\n";

	EXPECT_STR(boot("", bad), "0 0");
	EXPECT_INT(menu.fell_from, -1);
	EXPECT_STR(menu.entries[0].kernel.path, "/gone");
	EXPECT_STR(boot("fallback='1 2'", bad), "2 2");
	EXPECT_INT(menu.fell_from, 0);
	EXPECT_STR(boot("fallback=1", bad), "0 0");
	EXPECT_INT(menu.fell_from, -1);
	EXPECT_STR(boot("fallback=0\ndefault=2", bad), "2 2");
}

BR_TEST(timeouts)
{
	boot("timeout=5", THREE);
	EXPECT_INT(menu.timeout, 5);
	boot("timeout=-1", THREE);
	EXPECT_INT(menu.timeout, -1);
	EXPECT(noted(BR_MENU_NO_TIMEOUT, "-1"));
	EXPECT_INT(menu.boots, 0);
	boot("unset timeout", THREE);
	EXPECT(menu.timeout == LONG_MIN && noted(BR_MENU_NO_TIMEOUT, NULL));
	boot("timeout=0", THREE);
	EXPECT(menu.timeout == 0 && !noted(BR_MENU_NO_TIMEOUT, NULL));
}

BR_TEST(passwords)
{
	const char *set = "superusers=root\nexport superusers\npassword root x";

	boot(set, THREE);
	EXPECT(noted(BR_MENU_PASSWORD, "root"));
	EXPECT_INT(grub_noted(&menu, BR_MENU_PASSWORD)->line, 5);
	boot(set, "menuentry a --unrestricted { linux /k 1 }");
	EXPECT(!grub_noted(&menu, BR_MENU_PASSWORD) && menu.entries[0].unrestricted);
	boot(set, "menuentry a --users bob { linux /k 1 }");
	EXPECT(noted(BR_MENU_PASSWORD, NULL));
	EXPECT_STR(menu.entries[0].users, "bob");
	boot(set, "menuentry free --unrestricted { linux /k 1 }\nmenuentry closed { linux /k 2 }");
	EXPECT(!grub_noted(&menu, BR_MENU_PASSWORD));
	boot("", THREE);
	EXPECT(!grub_noted(&menu, BR_MENU_PASSWORD));
}

BR_TEST(what_is_loaded)
{
	const struct br_boot_entry *e;

	boot("", "menuentry a { linux ($root)/k 'a b' \"q\\\"\" root=UUID=1; initrd /i /j; }");
	e = grub_booted(&menu);
	EXPECT_STR(e->cmdline, "\"a b\" q\\\" root=UUID=1");
	EXPECT_INT(e->n_initrds, 2);
	EXPECT_STR(e->initrds[1].path, "/j");
	EXPECT_INT(e->initrds[1].dev, 1);
	boot("", "menuentry a { linux /k; initrd /i; initrd newc:x:/j }");
	EXPECT_INT(grub_booted(&menu)->n_initrds, 1);
	EXPECT_STR(grub_booted(&menu)->initrds[0].path, "/j");
	boot("", "menuentry a { linux /gone 1; linux /k 2; linux /gone 3 }");
	EXPECT_STR(grub_booted(&menu)->cmdline, "2");
	boot("", "menuentry a { set root=hd0,gpt1; chainloader /EFI/x.efi }");
	EXPECT_STR(grub_booted(&menu)->chain.path, "/EFI/x.efi");
	EXPECT_INT(grub_booted(&menu)->chain.dev, 0);
	EXPECT(!grub_booted(&menu)->kernel.path && !grub_booted(&menu)->cmdline);
	boot("", "menuentry a { chainloader --force (hd0,gpt1)+1 }");
	EXPECT_STR(grub_booted(&menu)->chain.path, "+1");
	EXPECT_STR(
	    boot("fallback=1", "menuentry a { chainloader /gone }\nmenuentry b { linux /k }"),
	    "1 ");
	EXPECT_STR(boot("fallback=1", "menuentry a { linux k }\nmenuentry b { linux /k }"), "1 ");
	/* What cannot be asked for is taken to be there. */
	EXPECT_STR(
	    boot("fallback=1", "menuentry a { linux (hd0,gpt3)/k u }\nmenuentry b { linux /k }"),
	    "0 u");
	EXPECT_INT(grub_booted(&menu)->kernel.dev, 2);
	EXPECT_STR(boot("fallback=1", "menuentry a { initrd /i }\nmenuentry b { linux /k }"), "1 ");
	boot("", "menuentry a { linux (hd0,gpt9)/k }");
	EXPECT_INT(grub_booted(&menu)->kernel.dev, -1);
	boot("", "menuentry a { multiboot2 /xen; module2 /k }");
	EXPECT(noted(BR_MENU_UNSUPPORTED, "multiboot2"));
	EXPECT_STR(boot("", "menuentry a { echo nothing }"), "0 -");
}

BR_TEST(variables_of_an_entry)
{
	EXPECT_STR(boot("set x=top; export x\nset y=top",
			"submenu s { set z=sub\nmenuentry a { linux /k \"[$x$y$z]\" } }"),
		   "0>0 [topsub]");
	EXPECT_STR(boot("", "menuentry 'a b' more words { linux /k \"$1\" $2 $# }"),
		   "0 \"a b\" more 3");
	EXPECT_STR(boot("opt=--id", "menuentry a $opt the-id { linux /k $chosen }"), "0 the-id");
	boot("", "menuentry a { linux /k root=UUID=$nothing ro $nothing }");
	EXPECT(noted(BR_MENU_VAR_EMPTY, "nothing"));
	boot("", "menuentry a { linux /k root=UUID=1 $nothing x=$nothing }");
	EXPECT(!noted(BR_MENU_VAR_EMPTY, NULL));
}

BR_TEST(other_files)
{
	EXPECT_STR(boot("set y=1; configfile (hd0,gpt1)/other.cfg", THREE), "0 o other");
	EXPECT_INT(menu.n, 1);
	EXPECT_STR(menu.entries[0].source, "/other.cfg");
	EXPECT_INT(menu.entries[0].source_dev, 0);
	/* Without a menu, configfile comes back, and what was set in it is gone. */
	EXPECT_STR(boot("configfile (hd0,gpt1)/empty.cfg", "menuentry a { linux /k \"[$x]\" }"),
		   "0 []");
	EXPECT_STR(boot("source (hd0,gpt1)/empty.cfg", "menuentry a { linux /k \"[$x]\" }"),
		   "0 [1]");
	EXPECT_STR(boot("source (hd0,gpt1)/other.cfg", THREE), "0 o other");
	EXPECT_INT(menu.n, 6);
	EXPECT_STR(boot("extract_entries_source (hd0,gpt1)/other.cfg", ""), "0 o other");
	EXPECT_STR(boot("normal (hd0,gpt1)/other.cfg", THREE), "0 o other");
	EXPECT_STR(boot("configfile (hd0,gpt1)/gone.cfg", ""), "nothing");
	EXPECT(noted(BR_MENU_NO_CONFIG, "(hd0,gpt1)/gone.cfg"));
	EXPECT_STR(boot("configfile (hd0,gpt1)/gone.cfg", THREE), "0 1");
	EXPECT(!noted(BR_MENU_NO_CONFIG, NULL));
	EXPECT_STR(boot("configfile (hd0,gpt3)/unread.cfg", ""), "nothing");
	EXPECT(menu.undetermined);
	EXPECT_STR(boot("", "menuentry go { set root=hd0,gpt1; configfile /other.cfg }"),
		   "0>0 o other");
	EXPECT_STR(boot("", "menuentry go { configfile /gone.cfg }"), "0 -");
	EXPECT(noted(BR_MENU_NO_CONFIG, "/gone.cfg"));
}

BR_TEST(without_a_menu)
{
	EXPECT_STR(boot("linux /k direct; initrd /i; boot", THREE), "0 direct");
	EXPECT_INT(menu.n, 1);
	EXPECT_STR(boot("linux /gone; boot", THREE), "0 1");
	EXPECT_STR(boot("exit", THREE), "nothing");
	EXPECT(noted(BR_MENU_UNSUPPORTED, "exit"));
	EXPECT_STR(boot("", ""), "nothing");
}

BR_TEST(notes_of_other_entries_are_marked)
{
	boot(
	    "",
	    "menuentry a { linux /k }\nmenuentry b { search --fs-uuid --set=root gone\nlinux /k }");
	EXPECT_INT(menu.n_notes, 1);
	EXPECT(!menu.notes[0].in_default);
	EXPECT_INT(menu.notes[0].line, 4);
	boot(
	    "default=1",
	    "menuentry a { linux /k }\nmenuentry b { search --fs-uuid --set=root gone\nlinux /k }");
	EXPECT(menu.notes[0].in_default && menu.notes[0].root_kept);
}

static const char *boot_env(const char *env, size_t len)
{
	const struct table_file files[] = {
	    {1, "/grub/grub.cfg", "load_env\nset default=$saved_entry\ntimeout=1\n" THREE, 0},
	    {1, "/grub/grubenv", env, len},
	    {1, "/k", "kernel", 0},
	    {0},
	};

	return boot_files(files, "pc");
}

BR_TEST(environment_block)
{
	char block[1024];

	memset(block, '#', sizeof(block));
	memcpy(block, "# GRUB Environment Block\nsaved_entry=2\n", 39);
	EXPECT_STR(boot_env(block, sizeof(block)), "2 3");
	EXPECT_INT(menu.n_notes, 0);
	EXPECT_STR(boot_env(block, 512), "2 3");
	EXPECT(noted(BR_MENU_ENV_BAD, "/grub/grubenv: not 1024 bytes"));
	block[0] = 'x';
	EXPECT_STR(boot_env(block, sizeof(block)), "0 1");
	EXPECT(noted(BR_MENU_ENV_BAD, "/grub/grubenv: no environment block"));
	EXPECT_STR(boot_env("x", 1), "0 1");
	EXPECT(noted(BR_MENU_ENV_BAD, NULL));
}

#define SNIPPET(v) "title T " v "\nlinux /k\noptions v=" v " $kernelopts\n"

static const char *boot_bls_on(const char *head, const char *platform)
{
	br_autofree char *text = br_format("timeout=1\n%s\nblscfg\n", head);
	const struct table_file files[] = {
	    {1, "/grub2/grub.cfg", text, 0},
	    {1, "/loader/entries/m-5.14.0-70.el9.conf", SNIPPET("70"), 0},
	    {1, "/loader/entries/m-5.14.0-162.el9.conf", SNIPPET("162"), 0},
	    {1, "/loader/entries/m-0-rescue.conf", SNIPPET("rescue"), 0},
	    {1, "/loader/entries/m-9.conf.bak", SNIPPET("bak"), 0},
	    {1, "/loader/entries/no-linux.conf", "title T\n", 0},
	    {1, "/k", "kernel", 0},
	    {0},
	};

	return boot_files(files, platform);
}

static const char *boot_bls(const char *head)
{
	return boot_bls_on(head, "efi");
}

BR_TEST(boot_loader_entries)
{
	EXPECT_STR(boot_bls("kernelopts='root=UUID=1 quiet'"), "0 v=162 root=UUID=1 quiet");
	EXPECT_INT(menu.n, 3);
	EXPECT_STR(menu.entries[1].id, "m-5.14.0-70.el9");
	EXPECT_STR(menu.entries[1].source, "/loader/entries/m-5.14.0-70.el9.conf");
	EXPECT_STR(menu.entries[2].id, "m-0-rescue");
	EXPECT_STR(boot_bls("kernelopts=x\ndefault=m-5.14.0-70.el9"), "1 v=70 x");
	EXPECT_STR(boot_bls("kernelopts=x\ndefault='T 70'"), "1 v=70 x");
	EXPECT_STR(boot_bls("kernelopts=x\ndefault=2"), "2 v=rescue x");
	/* Fedora's GRUB takes no number with anything behind it. */
	EXPECT_STR(boot_bls("kernelopts=x\ndefault=2nd"), "0 v=162 x");
	EXPECT_STR(boot_bls("kernelopts='a\\x41b'"), "0 v=162 a\\x41b");
	EXPECT_STR(boot_bls("kernelopts=x\ndefault=m-0-rescue\nblscfg non-default"),
		   "2 v=rescue x");
	EXPECT_INT(menu.n, 3);
	EXPECT_STR(boot_bls("kernelopts=x\ndefault=2\nblscfg default"), "2 v=rescue x");
	/* The snippet without a kernel counts. */
	EXPECT_STR(menu.entries[0].id, "m-5.14.0-70.el9");
	EXPECT_STR(boot_bls("kernelopts=x\nblscfg m-5.14.0-70.el9"), "0 v=70 x");
	EXPECT_INT(menu.n, 3);
	EXPECT_STR(boot_bls("kernelopts=x\nearly_initrd='u.img v.img'"), "0 v=162 x");
	EXPECT_INT(grub_booted(&menu)->n_initrds, 2);
	EXPECT_STR(grub_booted(&menu)->initrds[1].path, "/v.img");
	EXPECT_STR(boot_bls("kernelopts=x\nsuperusers=root\nexport superusers"), "0 v=162 x");
	EXPECT(!noted(BR_MENU_PASSWORD, NULL));
	boot_bls("");
	EXPECT(noted(BR_MENU_VAR_EMPTY, "kernelopts"));
	EXPECT_STR(boot_bls("blsdir=/gone"), "nothing");
	EXPECT(noted(BR_MENU_NO_CONFIG, NULL));
	EXPECT_STR(boot_bls("root=hd0,gpt3"), "nothing");
	EXPECT(menu.undetermined);
	br_menu_free(&menu);
}

/* GRUB for BIOS looks for them on $boot, and on $root where there is none. */
BR_TEST(device_of_boot_loader_entries)
{
	static const char head[] = "kernelopts=x\nroot=hd0,gpt1\nboot=hd0,gpt2";

	boot_bls_on(head, "pc");
	EXPECT_INT(menu.n, 3);
	boot_bls_on(head, "efi");
	EXPECT_INT(menu.n, 0);
	EXPECT_STR(boot_bls_on("kernelopts=x\nboot=", "pc"), "0 v=162 x");
	br_menu_free(&menu);
}

/* A GRUB that was started with a device that is not there, and its own commands lead on from it. */
BR_TEST(normal_needs_its_module)
{
	struct table_file files[] = {
	    {-1, "/own", "search.fs_uuid uuid-2 root\nset prefix=($root)/grub\nset x=kept\nnormal\n", 0},
	    {1, "/grub/grub.cfg", "menuentry one {\nlinux /k $x\n}\n", 0},
	    {1, "/k", "kernel", 0},
	    {1, "/grub/i386-pc/normal.mod", "module", 0},
	    {0},
	};
	struct br_grub_io io = {files,      table_search, table_device, table_name,
				table_read, table_test,   table_list,   table_uuid};
	struct br_grub_start start = {.path = "/own",
				      .dev = -1,
				      .root = "hd0,gpt9",
				      .platform = "pc",
				      .cpu = "i386",
				      .normal = "i386-pc/normal.mod"};

	EXPECT_INT(br_grub_boot(&io, &start, &menu), 0);
	EXPECT_STR(grub_booted(&menu) ? grub_booted(&menu)->cmdline : NULL, "kept");
	br_menu_free(&menu);
	files[3] = (struct table_file){0};
	EXPECT_INT(br_grub_boot(&io, &start, &menu), 0);
	EXPECT_INT(menu.boots, -1);
	EXPECT(noted(BR_MENU_NO_MODULE, "(hd0,gpt2)/grub/i386-pc/normal.mod"));
	br_menu_free(&menu);
	start.normal = NULL;
	EXPECT_INT(br_grub_boot(&io, &start, &menu), 0);
	EXPECT_INT(menu.boots, 0);
	br_menu_free(&menu);
}

BR_TEST(first_file)
{
	const struct table_file gone[] = {{0, "/grub.cfg", NULL, 0}, {0}};
	const struct table_file unread[] = {{2, "/grub.cfg", "x", 0}, {0}};

	menu.boots = 42;
	EXPECT_INT(table_boot(gone, "pc", &menu), -ENOENT);
	EXPECT_INT(table_boot(unread, "pc", &menu), -ENODATA);
	EXPECT_INT(menu.boots, 42);
}

BR_TEST_MAIN()
