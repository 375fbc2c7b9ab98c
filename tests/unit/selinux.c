/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "image/selinux.h"
#include "test.h"

enum { DEBIAN, EL8, EL9 };
static const struct br_selinux_release releases[] = {{false, false}, {true, true}, {true, false}};

#define EL9_CONFIG "CONFIG_SECURITY_SELINUX=y\n# CONFIG_SECURITY_SELINUX_DISABLE is not set\n" \
	           "CONFIG_LSM=\"lockdown,yama,integrity,selinux,bpf,landlock\"\n"
#define EL8_CONFIG "CONFIG_SECURITY_SELINUX=y\nCONFIG_SECURITY_SELINUX_DISABLE=y\nCONFIG_DEFAULT_SECURITY=\"selinux\"\n"
#define DEB_CONFIG "CONFIG_SECURITY_SELINUX=y\nCONFIG_LSM=\"landlock,lockdown,yama,apparmor,selinux,smack,bpf\"\n"

/* Release, kernel's configuration (NULL: not there), file (NULL: not there), policy there, command line. */
static const struct {
	int release;
	const char *kernel, *file;
	bool policy;
	const char *cmdline;
	enum br_selinux_effect effect;
} table[] = {
	{EL9, NULL, "SELINUX=enforcing\n", true, "", BR_SELINUX_DENIES},
	{EL9, EL9_CONFIG, "SELINUX=enforcing\n", true, "", BR_SELINUX_DENIES},
	{EL9, NULL, "SELINUX=permissive\n", true, "", BR_SELINUX_TELLS},
	{EL9, NULL, "SELINUX=disabled\n", true, "", BR_SELINUX_NO_POLICY},
	{EL9, EL9_CONFIG, "SELINUX=disabled\n", true, "", BR_SELINUX_NO_POLICY},
	{EL9, NULL, "SELINUX=disabled\n", true, "selinux=0", BR_SELINUX_OFF},
	{EL9, NULL, "SELINUX=enforcing\n", true, "selinux=0", BR_SELINUX_OFF},
	{EL9, NULL, "SELINUX=enforcing\n", true, "selinux=0 selinux=1", BR_SELINUX_DENIES},
	{EL9, NULL, "SELINUX=enforcing\n", true, "enforcing=0", BR_SELINUX_TELLS},
	{EL9, NULL, "SELINUX=permissive\n", true, "enforcing=1", BR_SELINUX_DENIES},
	{EL9, NULL, "SELINUX=enforcing\n", true, "security=apparmor", BR_SELINUX_OFF},
	{EL9, NULL, "SELINUX=enforcing\n", true, "lsm=yama,bpf", BR_SELINUX_OFF},
	{EL9, NULL, "SELINUX=enforcing\n", false, "", BR_SELINUX_STOPS},
	{EL9, NULL, "SELINUX=permissive\n", false, "", BR_SELINUX_NO_POLICY},
	{EL9, NULL, NULL, false, "", BR_SELINUX_NONE},
	{EL9, NULL, NULL, true, "", BR_SELINUX_TELLS},
	{EL8, NULL, "SELINUX=disabled\n", true, "", BR_SELINUX_OFF},
	{EL8, EL8_CONFIG, "SELINUX=disabled\n", true, "", BR_SELINUX_OFF},
	{EL8, EL8_CONFIG, "SELINUX=enforcing\n", true, "", BR_SELINUX_DENIES},
	{EL8, NULL, "# SELINUX=disabled\n SELINUX=disabled\nSELINUX= Enforcing # x\nSELINUX=disabled\n", true, "", BR_SELINUX_DENIES},
	{EL8, NULL, "SELINUX=sometimes\n", true, "", BR_SELINUX_TELLS},
	{DEBIAN, NULL, "SELINUX=enforcing\n", true, "", BR_SELINUX_OFF},
	{DEBIAN, DEB_CONFIG, "SELINUX=enforcing\n", true, "selinux=1", BR_SELINUX_OFF},
	{DEBIAN, DEB_CONFIG, "SELINUX=enforcing\n", true, "selinux=1 security=selinux", BR_SELINUX_DENIES},
	{DEBIAN, DEB_CONFIG, "SELINUX=enforcing\n", true, "apparmor=0", BR_SELINUX_DENIES},
	{DEBIAN, DEB_CONFIG, "SELINUX=permissive\n", true, "lsm=selinux,apparmor", BR_SELINUX_TELLS},
	{DEBIAN, "# CONFIG_SECURITY_SELINUX is not set\n", "SELINUX=enforcing\n", true, "security=selinux", BR_SELINUX_OFF},
};

BR_TEST(what_comes_of_release_file_and_command_line)
{
	for (size_t i = 0; i < BR_ARRAY_SIZE(table); i++) {
		br_cleanup(br_selinux_free) struct br_selinux s = {.config = table[i].file, .policy = table[i].policy};
		enum br_selinux_effect e;

		if (table[i].file)
			EXPECT_INT(br_selinux_parse(table[i].file, strlen(table[i].file), &s), 0);
		if (table[i].kernel)
			EXPECT_INT(br_selinux_parse_kernel(table[i].kernel, strlen(table[i].kernel), &s.kernel), 0);
		e = br_selinux_effect(&s, table[i].cmdline, &releases[table[i].release]);
		if (e != table[i].effect)
			printf("# row %zu: %s %s\n", i, table[i].file ? table[i].file : "no file", table[i].cmdline);
		EXPECT_INT(e, table[i].effect);
	}
}

BR_TEST(the_type)
{
	br_cleanup(br_selinux_free) struct br_selinux s = {0};
	const char *text = "#SELINUXTYPE=a\n  SELINUXTYPE=mls  # b\nSELINUX=permissive";

	EXPECT_INT(br_selinux_parse(text, strlen(text), &s), 0);
	EXPECT_STR(s.type, "mls");
	EXPECT_INT(s.mode, BR_SELINUX_PERMISSIVE);
	EXPECT_INT(s.mode_line, 3);
}

BR_TEST_MAIN()
