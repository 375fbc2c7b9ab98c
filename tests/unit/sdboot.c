/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "image/sdboot.h"
#include "test.h"

#define V(major) ((major) * 1000)

static struct br_sdboot_entry entry(const char *file, unsigned version, const char *text)
{
	struct br_sdboot_entry e = {0};

	EXPECT_INT(br_sdboot_entry_parse(text, strlen(text), file, "x64", version, &e), 0);
	return e;
}

BR_TEST(an_entry)
{
	struct br_sdboot_entry e = entry("Fedora+3-1.conf", 0,
	                                 "# of kernel-install\r\n\n  title \"Fedora 40\"  \nversion\t6.8\nlinux \\a//linux\n"
	                                 "initrd /ucode\ninitrd a/initrd\noptions root=UUID=x\noptions  quiet\nsort-key fedora\n"
	                                 "machine-id 0bad\narchitecture X64\ndevicetree /dtb\nlinux");

	EXPECT_INT(e.type, BR_SDBOOT_LINUX);
	EXPECT_STR(e.title, "Fedora 40");
	EXPECT_STR(e.version, "6.8");
	EXPECT_STR(e.loader, "/a/linux");
	EXPECT_INT(e.initrds.n, 2);
	EXPECT_STR(e.initrds.v[1], "/a/initrd");
	EXPECT_STR(e.options, "root=UUID=x quiet");
	EXPECT_STR(e.devicetree, "/dtb");
	EXPECT_STR(e.id, "fedora.conf");
	EXPECT(e.counted && e.left == 3 && e.done == 1 && !e.foreign);
	br_sdboot_entry_free(&e);
	e = entry("Fedora+3-1.conf", V(252), "efi /x\narchitecture aa64\ntitle no more is read\n");
	EXPECT_STR(e.id, "fedora+3-1.conf");
	EXPECT(e.foreign && !e.title);
	br_sdboot_entry_free(&e);
	e = entry("a.conf", 0, "linux /linux\noptions initrd=\\a\\i.img root=UUID=x initrd=/b\n");
	EXPECT_INT(e.initrds.n, 2);
	EXPECT_STR(e.initrds.v[0], "/a/i.img");
	EXPECT_STR(e.initrds.v[1], "/b");
	br_sdboot_entry_free(&e);
	e = entry("a.conf", 0, "linux /linux\ninitrd /own\noptions initrd=/b\n");
	EXPECT_INT(e.initrds.n, 1);
	br_sdboot_entry_free(&e);
	e = entry("a.conf", V(258), "uki /x.efi\n");
	EXPECT_INT(e.type, BR_SDBOOT_EFI);
	br_sdboot_entry_free(&e);
	e = entry("a.conf", V(257), "uki /x.efi\n");
	EXPECT_INT(e.type, BR_SDBOOT_NONE);
	br_sdboot_entry_free(&e);
	e = entry("a.conf", 0, "title nothing to start\nlinux\n");
	EXPECT_INT(e.type, BR_SDBOOT_NONE);
	br_sdboot_entry_free(&e);
}

BR_TEST(tries)
{
	static const struct {
		const char *file;
		size_t bare;
		unsigned left, done;
	} cases[] = {
		{"a+3.conf", 1, 3, 0},     {"a+2-1.CONF", 1, 2, 1}, {"a+b+0-3.conf", 3, 0, 3}, {"a.conf", 0, 0, 0},
		{"a+.conf", 0, 0, 0},      {"a+3-.conf", 0, 0, 0},  {"a+3x.conf", 0, 0, 0},    {"a+3.efi", 0, 0, 0},
		{"a+99999999999.conf", 0, 0, 0}, {"a+3.conf.conf", 0, 0, 0},
	};

	for (size_t i = 0; i < BR_ARRAY_SIZE(cases); i++) {
		uint64_t left = 0, done = 0;

		EXPECT_INT(br_sdboot_tries(cases[i].file, ".conf", &left, &done), cases[i].bare);
		EXPECT_INT(left, cases[i].left);
		EXPECT_INT(done, cases[i].done);
	}
}

BR_TEST(order_of_versions)
{
	/* UAPI.10's own list, oldest first. */
	static const char *const order[] = {"122.1", "123~rc1-1", "123", "123-a", "123-a.1", "123-1", "123-1.1",
	                                    "123^post1", "123.a-1", "123.1-1", "123a-1", "124-1"};

	for (size_t i = 0; i < BR_ARRAY_SIZE(order); i++)
		for (size_t k = 0; k < BR_ARRAY_SIZE(order); k++)
			EXPECT_INT(br_sdboot_vercmp(order[i], order[k]), (i > k) - (i < k));
	EXPECT_INT(br_sdboot_vercmp("6.01", "6.1"), 0);
	EXPECT_INT(br_sdboot_vercmp("123_a", "123a"), 0);
	EXPECT_INT(br_sdboot_vercmp(NULL, ""), 0);
	EXPECT_INT(br_sdboot_vercmp(NULL, "~"), 1);
	EXPECT_INT(br_sdboot_vercmp_old("a-6.1.0-9.conf", "a-6.1.0-10.conf"), -1);
	EXPECT_INT(br_sdboot_vercmp_old("a", "a-"), -1);
}

BR_TEST(globs)
{
	static const struct {
		const char *pattern, *text;
		bool match;
	} cases[] = {
		{"a.conf", "a.conf", true},   {"a*", "a.conf", true},     {"*f", "a.conf", true},   {"*.c?nf", "a.conf", true},
		{"a", "a.conf", false},       {"*x*", "a.conf", false},   {"a*b*c", "aXbXbXc", true}, {"a*b*c", "aXbXbX", false},
		{"[a-c].conf", "b.conf", true}, {"[!a].conf", "b.conf", false}, {"[]x]", "]", true}, {"[a", "a", false},
		{"[a-]", "-", true},          {"[a-c-f]", "e", false},    {"\\*", "*", true},       {"\\*", "a", false},
		{"a\\", "a", false},          {"?", "", false},           {"*", "", true},          {"", "", true},
		{"?", "\303\244", true},      {"??", "\303\244", false},  {"[\303\244-\303\266]", "\303\245", true},
		{"[\\]]", "]", true},         {"[a\\-c]", "b", false},    {"?", "\377", true},
	};

	for (size_t i = 0; i < BR_ARRAY_SIZE(cases); i++) {
		if (br_sdboot_match(cases[i].pattern, cases[i].text) != cases[i].match)
			printf("# %s %s\n", cases[i].pattern, cases[i].text);
		EXPECT_INT(br_sdboot_match(cases[i].pattern, cases[i].text), cases[i].match);
	}
}

BR_TEST(configuration)
{
	struct br_sdboot_conf c;
	static const char text[] = "timeout 3\ntimeout x\ndefault @other\ndefault Fedora-*\npreferred \"B*\"\n";

	EXPECT_INT(br_sdboot_conf_parse(text, strlen(text), 0, &c), 0);
	EXPECT_INT(c.timeout, 3);
	EXPECT_STR(c.wanted, "fedora-*");
	EXPECT_STR(c.preferred, "b*");
	EXPECT(!c.menu_force);
	br_sdboot_conf_free(&c);
	EXPECT_INT(br_sdboot_conf_parse(text, strlen(text), V(257), &c), 0);
	EXPECT(!c.preferred);
	br_sdboot_conf_free(&c);
	EXPECT_INT(br_sdboot_conf_parse("timeout menu-force", 18, V(252), &c), 0);
	EXPECT(c.menu_force);
	br_sdboot_conf_free(&c);
	EXPECT_INT(br_sdboot_conf_parse("timeout menu-force", 18, V(247), &c), 0);
	EXPECT(!c.menu_force);
	br_sdboot_conf_free(&c);
}

/* The chosen one of these files, of which "x" is a sort-key's value before the colon. */
static const char *chosen(const char *const *files, size_t n, const char *wanted, unsigned version, bool *ret_stale)
{
	static struct br_sdboot_entry e[8];
	const struct br_sdboot_conf conf = {.wanted = (char *)wanted};
	static char name[64];
	int i;

	for (size_t k = 0; k < n; k++)
		e[k] = entry(files[k], version, "linux /l\n");
	br_sdboot_sort(e, n, version);
	i = br_sdboot_choose(e, n, &conf, version, ret_stale);
	snprintf(name, sizeof(name), "%s", i < 0 ? "none" : e[i].file);
	for (size_t k = 0; k < n; k++)
		br_sdboot_entry_free(&e[k]);
	return name;
}

BR_TEST(choice)
{
	static const char *const files[] = {"a-9.conf", "a-10.conf", "a-11+0-3.conf", "b-1+2.conf"};
	bool stale;

	EXPECT_STR(chosen(files, 4, NULL, 0, &stale), "b-1+2.conf");
	EXPECT_STR(chosen(files, 3, NULL, 0, &stale), "a-10.conf");
	EXPECT_STR(chosen(files, 3, NULL, V(247), &stale), "a-10.conf");
	EXPECT_STR(chosen(files, 4, "a-*", 0, &stale), "a-10.conf");
	EXPECT_STR(chosen(files, 4, "a-*", V(247), &stale), "a-10.conf");
	EXPECT_STR(chosen(files, 4, "a-11.conf", 0, &stale), "a-11+0-3.conf");
	EXPECT(!stale);
	EXPECT_STR(chosen(files, 3, "a-11.conf", V(252), &stale), "a-10.conf");
	EXPECT(stale);
	EXPECT_STR(chosen(files, 3, "@saved", V(252), &stale), "a-10.conf");
	EXPECT(!stale);
	EXPECT_STR(chosen(files, 0, "a", 0, &stale), "none");
}

BR_TEST(preferred_passes_over_what_has_no_tries)
{
	struct br_sdboot_entry e[] = {entry("a.conf", 0, "linux /l"), entry("b+0.conf", 0, "linux /l")};
	const struct br_sdboot_conf conf = {.preferred = (char *)"b*", .wanted = (char *)"b*"};
	const struct br_sdboot_conf alone = {.preferred = (char *)"b*"};
	bool stale;

	EXPECT_INT(br_sdboot_choose(e, 2, &conf, 0, &stale), 1);
	EXPECT_INT(br_sdboot_choose(e, 2, &alone, 0, &stale), 0);
	br_sdboot_entry_free(&e[0]);
	br_sdboot_entry_free(&e[1]);
}

BR_TEST(unified_images)
{
	static const char osrel[] = "NAME=Debian\nPRETTY_NAME=\"Debian GNU/Linux 12\"\nID=debian\nVERSION_ID=\"12\"\n";
	struct br_sdboot_entry e = {0};

	EXPECT_INT(br_sdboot_unified_parse(osrel, NULL, 0, "A+3.efi", 0, &e), 0);
	EXPECT_STR(e.title, "Debian GNU/Linux 12");
	EXPECT_STR(e.version, "12");
	EXPECT_STR(e.sort_key, "debian");
	EXPECT_STR(e.id, "a.efi");
	br_sdboot_entry_free(&e);
	EXPECT_INT(br_sdboot_unified_parse(osrel, "ID=Rescue\nTITLE=Rescue system\n", 1, "A.efi", 0, &e), 0);
	EXPECT_STR(e.title, "Debian GNU/Linux 12 (Rescue system)");
	EXPECT_STR(e.id, "a.efi@rescue");
	EXPECT_STR(e.id_base, "a.efi");
	br_sdboot_entry_free(&e);
	EXPECT_INT(br_sdboot_unified_parse("ID=x\n", NULL, 0, "A.efi", V(247), &e), 0);
	EXPECT_INT(e.type, BR_SDBOOT_NONE);
	br_sdboot_entry_free(&e);
	EXPECT_INT(br_sdboot_unified_parse("VERSION=1\n", NULL, 0, "A.efi", 0, &e), 0);
	EXPECT_INT(e.type, BR_SDBOOT_NONE);
	br_sdboot_entry_free(&e);
}

BR_TEST_MAIN()
