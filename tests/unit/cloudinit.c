/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "image/cloudinit.h"
#include "test.h"
#include "tree.h"

static const struct {
	const char *text, *words;
	unsigned line;
} lists[] = {
	{"datasource_list: [ NoCloud, None ]\n", "NoCloud None", 1},
	{"datasource_list: ['Ec2',\"None\"]\n", "Ec2 None", 1},
	{"# datasource_list: [ A ]\n\n  datasource_list: [ B ]\n", "B", 3},
	{"datasource_list: [ A ]\ndatasource_list: [ B ]\n", "B", 2},
	{"datasource_list:\n - A\n - B\n", "", 1},
	{"datasource_list: []\n", "", 1},
	{"datasource_list: Ec2\n", "Ec2", 1},
	{"datasource_list: [ A ] # why\n", "A ]", 1},
	{"datasource_list:  [ A, B ]\n", "[ A B", 1},
	{"datasource_list: [ A, \\\n B ]\n", "A B", 1},
	{"datasource_list: [ A ]", NULL, 0}, /* the shell's read does not see an unfinished line */
	{"datasource_lists: [ A ]\n", NULL, 0},
	{"datasource_list : [ A ]\n", NULL, 0},
	{"", NULL, 0},
};

BR_TEST(the_list_by_lines)
{
	for (size_t i = 0; i < BR_ARRAY_SIZE(lists); i++) {
		br_autofree char *words = NULL;
		unsigned line = 0;

		EXPECT_INT(br_identify_list(lists[i].text, strlen(lists[i].text), &words, &line), 0);
		if (!br_streq(words, lists[i].words))
			printf("# %s\n", lists[i].text);
		EXPECT_STR(words, lists[i].words);
		EXPECT_INT(line, lists[i].line);
	}
}

BR_TEST(ds_identify_cfg)
{
	br_cleanup(br_cloudinit_free) struct br_cloudinit ci = {0};
	const char *text = "# policy: disabled\npolicy: enabled\n datasource : 'Ec2' # c\npolicy: \"search,found=all\"\nx\n";

	EXPECT_INT(br_identify_cfg(text, strlen(text), &ci), 0);
	EXPECT_STR(ci.policy.text, "search,found=all");
	EXPECT_INT(ci.policy.line, 4);
	EXPECT_STR(ci.source.text, "Ec2");
	EXPECT_INT(ci.source.line, 3);
}

BR_TEST(versions)
{
	br_autofree char *old = br_cloudinit_version("from distutils import version as vr\n\ndef version():\n    return "
	                                             "vr.StrictVersion(\"0.7.5\")\n");
	br_autofree char *today = br_cloudinit_version("__VERSION__ = \"22.4.2\"\n_PACKAGED_VERSION = \"22.4.2-1\"\n");
	br_autofree char *none = br_cloudinit_version("__VERSION__ = \"@@PACKAGED@@\"\nimport x\n");
	br_autostrv struct br_strv words = {0};

	EXPECT_STR(old, "0.7.5");
	EXPECT_STR(today, "22.4.2");
	EXPECT(!none);
	EXPECT_INT(br_identify_builtin("#!/bin/sh\nDI_DSLIST_DEFAULT=\"MAAS ConfigDrive \\\nAliYun\"\nx\n", &words), 0);
	EXPECT(words.n == 3 && br_strv_has(&words, "AliYun"));
}

/* Files of a root, the command line, and what comes of them for AliYun. */
static const struct {
	const char *cfg, *identify, *cmdline, *arch;
	bool has_identify;
	enum br_cloud_search search;
} searches[] = {
	{NULL, NULL, "", NULL, true, BR_CLOUD_LOOKS},
	{NULL, NULL, "", NULL, false, BR_CLOUD_LOOKS},
	{"datasource_list: [ AliYun ]\n", NULL, "", NULL, true, BR_CLOUD_LOOKS},
	{"datasource_list: [ Ec2 ]\n", NULL, "", NULL, true, BR_CLOUD_EXCLUDED},
	{"datasource_list: [ Ec2, NoCloud ]\n", NULL, "", NULL, true, BR_CLOUD_EXCLUDED},
	{"datasource_list: [ Ec2, NoCloud ]\n", NULL, "", "aarch64", true, BR_CLOUD_EXCLUDED},
	{"datasource_list:\n - Ec2\n", NULL, "", NULL, true, BR_CLOUD_LOOKS},
	{"datasource_list:\n - Ec2\n", NULL, "", NULL, false, BR_CLOUD_EXCLUDED},
	{"datasource_list: []\n", NULL, "", NULL, false, BR_CLOUD_EXCLUDED},
	{"datasource_list: ~\n", NULL, "", NULL, false, BR_CLOUD_EXCLUDED},
	{"datasource_list: AliYun\n", NULL, "", NULL, false, BR_CLOUD_EXCLUDED},
	{"datasource_list: [ AliYun ]\nx: [\n", NULL, "", NULL, false, BR_CLOUD_UNTOLD},
	{"datasource_list: [ AliYun ]\nx: [\n", NULL, "", NULL, true, BR_CLOUD_LOOKS},
	{"datasource_list: [ Ec2 ]\n", "datasource: AliYun\n", "", NULL, true, BR_CLOUD_LOOKS},
	{"datasource_list: [ Ec2 ]\n", "datasource: AliYun\n", "", NULL, false, BR_CLOUD_EXCLUDED},
	{NULL, "datasource: Ec2\n", "ci.datasource=AliYun", NULL, true, BR_CLOUD_LOOKS},
	{NULL, "datasource: Ec2\n", "ci.ds=Ec2", NULL, true, BR_CLOUD_EXCLUDED},
	{NULL, "datasource: Ec2\n", "ci.ds=", NULL, true, BR_CLOUD_LOOKS},
	{NULL, "policy: disabled\n", "", NULL, true, BR_CLOUD_OFF},
	{NULL, "policy: disabled\n", "", NULL, false, BR_CLOUD_LOOKS},
	{NULL, "policy: disabled\n", "ci.di.policy=search", NULL, true, BR_CLOUD_LOOKS},
	{"datasource_list: [ Ec2, X ]\n", "policy: search,notfound=enabled\n", "", NULL, true, BR_CLOUD_EXCLUDED},
	{"datasource_list:\n - Ec2\n", "policy: enabled\n", "", NULL, true, BR_CLOUD_EXCLUDED},
	{NULL, NULL, "quiet cloud-init=disabled", NULL, false, BR_CLOUD_OFF},
	{NULL, NULL, "cloud-init=disabled cloud-init=enabled", NULL, true, BR_CLOUD_LOOKS},
};

/* What ds-identify does when it finds nothing: starts cloud-init or not, by the machine's kind and by its policy. */
BR_TEST(nothing_found)
{
	static const struct {
		const char *policy, *arch;
		bool stays_off;
	} rows[] = {
		{NULL, NULL, true}, {NULL, "x86_64", true}, {NULL, "i686", true}, {NULL, "aarch64", false}, {NULL, "s390x", false},
		{"search,notfound=enabled", "x86_64", false}, {"search,notfound=disabled", "aarch64", true},
		{"notfound=disabled,notfound=enabled", "x86_64", false}, {"search,found=all", "x86_64", true},
	};

	for (size_t i = 0; i < BR_ARRAY_SIZE(rows); i++) {
		struct br_cloudinit ci = {.generator = "/g", .identify = "/i", .by_lines.text = "Ec2 X",
		                          .policy.text = (char *)rows[i].policy};
		struct br_cloud_answer a;

		br_cloudinit_search(&ci, "", rows[i].arch, "AliYun", &a);
		EXPECT_INT(a.stays_off, rows[i].stays_off);
		EXPECT_INT(a.search, rows[i].stays_off ? BR_CLOUD_EXCLUDED : BR_CLOUD_LOOKS);
	}
}

/* An instance that is kept whatever the machine: ds-identify leaves the list as the configuration has it. */
BR_TEST(kept_instance)
{
	struct br_cloudinit ci = {.generator = "/g", .identify = "/i", .by_lines.text = "Ec2 X", .manual_clean = true};
	struct br_cloud_answer a;

	br_cloudinit_search(&ci, "", NULL, "AliYun", &a);
	EXPECT(a.search == BR_CLOUD_LOOKS && !a.stays_off);
	ci.manual_clean = false;
	br_cloudinit_search(&ci, "", NULL, "AliYun", &a);
	EXPECT(a.search == BR_CLOUD_EXCLUDED && a.stays_off);
	/* One source, with or without None, is taken as it is. */
	ci.by_lines.text = "Ec2 None";
	br_cloudinit_search(&ci, "", NULL, "AliYun", &a);
	EXPECT(a.search == BR_CLOUD_EXCLUDED && !a.stays_off);
}

/* The generator asks the command line, then .enabled, then .disabled; without it .disabled alone counts. */
BR_TEST(files_that_switch_it)
{
	static const struct {
		bool generator, enabled, disabled;
		const char *cmdline;
		enum br_cloud_search search;
	} rows[] = {
		{true, false, true, "", BR_CLOUD_OFF},           {true, true, true, "", BR_CLOUD_LOOKS},
		{true, false, true, "cloud-init=enabled", BR_CLOUD_LOOKS}, {true, true, false, "cloud-init=disabled", BR_CLOUD_OFF},
		{false, true, true, "", BR_CLOUD_OFF},           {false, false, true, "cloud-init=enabled", BR_CLOUD_OFF},
		{false, true, false, "", BR_CLOUD_LOOKS},
	};

	for (size_t i = 0; i < BR_ARRAY_SIZE(rows); i++) {
		struct br_cloudinit ci = {.generator = rows[i].generator ? "/g" : NULL, .enabled_file = rows[i].enabled,
		                          .disabled_file = rows[i].disabled};
		struct br_cloud_answer a;

		br_cloudinit_search(&ci, rows[i].cmdline, NULL, "AliYun", &a);
		if (a.search != rows[i].search)
			printf("# row %zu\n", i);
		EXPECT_INT(a.search, rows[i].search);
	}
}

BR_TEST(where_it_looks)
{
	for (size_t i = 0; i < BR_ARRAY_SIZE(searches); i++) {
		br_cleanup(br_cloudinit_free) struct br_cloudinit ci = {0};
		struct br_cloud_answer a;
		unsigned line;

		ci.generator = strdup("/g");
		ci.identify = searches[i].has_identify ? strdup("/i") : NULL;
		if (searches[i].identify)
			EXPECT_INT(br_identify_cfg(searches[i].identify, strlen(searches[i].identify), &ci), 0);
		if (searches[i].cfg) {
			const char *text = searches[i].cfg;

			EXPECT_INT(br_identify_list(text, strlen(text), &ci.by_lines.text, &ci.by_lines.line), 0);
			ci.config.v = calloc(1, sizeof(*ci.config.v));
			if (br_cloudcfg_parse(text, strlen(text), &ci.config.v[0].cfg, &line) < 0)
				ci.config.unread = strdup("no YAML");
			else
				ci.config.n = 1;
		}
		br_cloudinit_search(&ci, searches[i].cmdline, searches[i].arch, "AliYun", &a);
		if (a.search != searches[i].search)
			printf("# %zu: %s\n", i, searches[i].cfg ? searches[i].cfg : "");
		EXPECT_INT(a.search, searches[i].search);
	}
}

BR_TEST_MAIN()
