/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GRUB's own blscfg, by the module that lies in its folder: where it looks, and what it is asked for. */
#include "grub-machine.h"
#include "test.h"

#define SNIPPET(v) "title T " v "\nlinux /k\noptions v=" v "\n"

static struct br_menu menu;

/* The command line that boots with this command, this module beside GRUB, and one more entry. */
static const char *boot_with(const char *command, const char *module, const char *entry)
{
	br_autofree char *text = br_format("timeout=1\n%s\n", command);
	const struct table_file files[] = {
	    {1, "/boot/grub/grub.cfg", text, 0},
	    {1, module, "module", 0},
	    {1, "/boot/loader/entries/a.conf", SNIPPET("a"), 0},
	    {1, "/boot/loader/entries/b.conf", SNIPPET("b"), 0},
	    {1, entry, SNIPPET("c"), 0},
	    {1, "/k", "kernel", 0},
	    {0},
	};

	br_menu_free(&menu);
	if (table_boot(files, "pc", &menu) < 0)
		return "error";
	return grub_booted(&menu) ? grub_booted(&menu)->cmdline : "nothing";
}

static const char *boot(const char *command, const char *module)
{
	return boot_with(command, module, "/other/c.conf");
}

BR_TEST(the_module_tells_whose_command_it_is)
{
	EXPECT_STR(boot("blscfg", "/boot/grub/i386-pc/blsuki.mod"), "nothing");
	EXPECT_STR(boot("blscfg", "/boot/grub/i386-pc/blscfg.mod"), "v=b");
	/* Of another platform; none at all: built in. */
	EXPECT_STR(boot("blscfg", "/boot/grub/x86_64-efi/blsuki.mod"), "v=b");
	EXPECT_STR(boot("blscfg", "/none"), "v=b");
	br_menu_free(&menu);
}

BR_TEST(grubs_own_takes_options)
{
	static const char own[] = "/boot/grub/i386-pc/blsuki.mod";

	EXPECT_STR(boot("blscfg --path /boot/loader/entries", own), "v=b");
	EXPECT_INT(menu.n, 2);
	EXPECT_STR(boot("blscfg -p ($root)/boot/loader/entries", own), "v=b");
	EXPECT_STR(boot("blscfg --path=/boot/loader/entries/a.conf", own), "v=a");
	EXPECT_STR(boot("blscfg -p /gone -f", own), "nothing");
	EXPECT_STR(boot_with("blscfg -p /gone -f", own, "/loader/entries/c.conf"), "v=c");
	EXPECT_STR(boot_with("blscfg -p /gone", own, "/loader/entries/c.conf"), "nothing");
	EXPECT_STR(boot_with("blscfg -p /boot/loader/entries -f", own, "/loader/entries/c.conf"), "v=b");
	EXPECT_STR(boot_with("blscfg", own, "/loader/entries/c.conf"), "v=c");
	EXPECT_STR(boot("default=a\nblscfg -d -p /boot/loader/entries", own), "v=a");
	EXPECT_INT(menu.n, 1);
	EXPECT_STR(boot("default=a\nblscfg -n -p /boot/loader/entries", own), "v=b");
	EXPECT_STR(boot("blscfg -e a.conf -p /boot/loader/entries", own), "v=a");
	EXPECT_INT(menu.n, 1);
	/* The whole name, and nothing at all with an option that there is not. */
	EXPECT_STR(boot("blscfg -e ab.conf -p /boot/loader/entries", own), "nothing");
	EXPECT_STR(boot("blscfg --nope -p /boot/loader/entries", own), "nothing");
	br_menu_free(&menu);
}

BR_TEST_MAIN()
