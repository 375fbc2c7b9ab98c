/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "image/cloudcfg.h"
#include "test.h"

static int parse(const char *text, struct br_cloudcfg *c)
{
	unsigned line;

	br_cloudcfg_free(c);
	return br_cloudcfg_parse(text, strlen(text), c, &line);
}

static bool lists(const struct br_cloudcfg *c, const char *module)
{
	return br_strv_has(&c->modules[BR_CLOUD_INIT].items, module);
}

/* Ways to write the same list. */
static const char *const lists_of_two[] = {
	"cloud_init_modules:\n - growpart\n - resizefs\n",
	"cloud_init_modules:\n- growpart\n- resizefs\nother: 1\n",
	"cloud_init_modules:\r\n  - growpart\r\n  - resizefs\r\n",
	"---\n# c\n'cloud_init_modules':\n  - \"growpart\" # c\n\n  # c\n  - 'resizefs'\n",
	"cloud_init_modules: [growpart, resizefs]\n",
	"cloud_init_modules: [growpart,\n resizefs\n]\nother: x\n",
	"cloud_init_modules:\n  - [growpart, always]\n  - [ resizefs , always, x ]\n",
	"cloud_init_modules:\n  - - growpart\n    - always\n  - resizefs\n",
	"cloud_init_modules:\n  - name: growpart\n    frequency: always\n  - resizefs\n",
	"users:\n - default\nruncmd: |\n  cloud_init_modules:\n  - no\ncloud_init_modules:\n - growpart\n - resizefs\n",
	"a: >-\n  text: [\n\n  more\ncloud_init_modules: [ 'growpart', [resizefs, once] ]\n",
	"write_files:\n  - content: |\n      [unbalanced\n    path: /x\ncloud_init_modules: [growpart, resizefs]\n",
	"cloud_init_modules: [x]\ncloud_init_modules: [growpart, resizefs]\n",
	"{cloud_init_modules: [growpart, \"resize\\x66s\"]}\n",
	"x: &m [growpart, resizefs]\ncloud_init_modules: *m\n",
	"x: &m\n  cloud_init_modules: [growpart, resizefs]\n<<: *m\n",
	"<<: [{a: b}, {cloud_init_modules: [growpart, resizefs]}, {cloud_init_modules: [no]}]\n",
	"cloud_init_modules:\n - growpart\n - {frequency: always}\n - >-\n  resizefs\n",
};

BR_TEST(lists_in_every_dress)
{
	for (size_t i = 0; i < BR_ARRAY_SIZE(lists_of_two); i++) {
		br_cleanup(br_cloudcfg_free) struct br_cloudcfg c = {0};

		EXPECT_INT(parse(lists_of_two[i], &c), 0);
		if (!lists(&c, "growpart") || !lists(&c, "resizefs"))
			printf("# %s\n", lists_of_two[i]);
		EXPECT(lists(&c, "growpart") && lists(&c, "resizefs"));
		EXPECT(!lists(&c, "no") && !lists(&c, "always") && !lists(&c, "x"));
	}
}

static const struct {
	const char *text, *mode, *device;
} growparts[] = {
	{"growpart:\n  mode: off\n", "off", NULL},
	{"growpart: {mode: off, devices: ['/']}\n", "off", "/"},
	{"growpart: { mode: \"auto\" }\n", "auto", NULL},
	{"growpart:\n   mode: auto\n   devices: [\"/\", /dev/vda1]\n", "auto", "/"},
	{"growpart:\n   devices:\n   - /\n   - /home\n   mode: growpart\n", "growpart", "/"},
	{"growpart:\n   devices:\n     - '/'\n   mode: growpart # c\n", "growpart", "/"},
	{"growpart:\n  mode: ~\n", NULL, NULL},
	{"growpart: {mode}\n", NULL, NULL},
	{"growpart:\n  mode:\n    off\n", "off", NULL},
	{"growpart:\n  ignore_growroot_disabled: false\n  mode: 'off'\nx: y\n", "off", NULL},
};

BR_TEST(growpart)
{
	for (size_t i = 0; i < BR_ARRAY_SIZE(growparts); i++) {
		br_cleanup(br_cloudcfg_free) struct br_cloudcfg c = {0};

		EXPECT_INT(parse(growparts[i].text, &c), 0);
		EXPECT(c.growpart_set && !c.growpart_odd);
		EXPECT_STR(c.mode.text, growparts[i].mode);
		EXPECT(!growparts[i].device || br_strv_has(&c.devices.items, growparts[i].device));
	}
}

BR_TEST(scalars)
{
	br_cleanup(br_cloudcfg_free) struct br_cloudcfg c = {0};

	EXPECT_INT(parse("resize_rootfs: false\n", &c), 0);
	EXPECT_STR(c.resize_rootfs.text, "false");
	EXPECT_INT(c.resize_rootfs.line, 1);
	EXPECT_INT(parse("# a\n\nresize_rootfs: 'no''block' # x\n", &c), 0);
	EXPECT_STR(c.resize_rootfs.text, "no'block");
	EXPECT_INT(c.resize_rootfs.line, 3);
	EXPECT_INT(parse("growpart: off\n", &c), 0);
	EXPECT(c.growpart_odd);
	EXPECT_INT(parse("", &c), 0);
	EXPECT(!c.growpart_set);
}

/* What PyYAML refuses too, or what stands elsewhere. */
static const char *const refused[] = {
	"## template: jinja\nresize_rootfs: {{ x }}\n",
	"resize_rootfs: *alias\n",
	"resize_rootfs:\n  a: b\n",
	"<<: *defaults\n",
	"conf_d: /elsewhere\n",
	"growpart: *g\n",
	"growpart:\n  mode: off\n   devices: x\n",
	"growpart: {mode: off\n",
	"growpart: {devices: [/}\n",
	"cloud_init_modules: growpart\n",
	"cloud_init_modules:\n  growpart\n",
	"cloud_init_modules:\n  - growpart\n - x\n",
	"cloud_init_modules: [a\n",
	"cloud_init_modules: [a}\n",
	"\tgrowpart:\n",
	"just text\n",
	"- a\n- b\n",
	"a: 1\n---\nb: 2\n",
	"a: [\"open]\n",
	"a: !!python/object:x {}\n",
	"a: &x [*x]\n",
	"? [a, b]\n: c\n",
	"a: \"\\0\"\n",
	"merge_how: list(append)+dict(recurse_list)\n",
	"merge_type: dict(replace)\n",
	"datasource_list: {a: b}\n",
};

BR_TEST(what_is_not_understood_is_refused)
{
	for (size_t i = 0; i < BR_ARRAY_SIZE(refused); i++) {
		br_cleanup(br_cloudcfg_free) struct br_cloudcfg c = {0};
		int r = parse(refused[i], &c);

		if (r != -EBADMSG)
			printf("# %s\n", refused[i]);
		EXPECT_INT(r, -EBADMSG);
	}
}

BR_TEST(what_else_a_first_boot_does)
{
	br_cleanup(br_cloudcfg_free) struct br_cloudcfg c = {0};

	EXPECT_INT(parse("datasource_list: [ NoCloud, None ]\ndatasource: {NoCloud: {}, Ec2: {timeout: 1}}\n"
	                 "network: {config: disabled}\nusers:\n - default\n - name: x\n   sudo: y\n"
	                 "disable_root: 0\nssh_deletekeys: true\nssh_genkeytypes: ~\n",
	                 &c), 0);
	EXPECT_INT(c.datasource_list.items.n, 2);
	EXPECT_STR(c.datasource_list.items.v[1], "None");
	EXPECT(br_strv_has(&c.datasource.items, "Ec2") && c.datasource.items.n == 2);
	EXPECT_STR(c.network.text, "disabled");
	EXPECT_INT(c.network.line, 3);
	EXPECT(c.users.items.n == 2 && br_strv_has(&c.users.items, "x"));
	EXPECT_STR(c.disable_root.text, "0");
	EXPECT_STR(c.ssh_deletekeys.text, "true");
	EXPECT(c.ssh_genkeytypes.set && !c.ssh_genkeytypes.items.n);
	EXPECT_INT(parse("datasource_list: Ec2\nnetwork:\n  version: 2\n", &c), 0);
	EXPECT(c.datasource_list.set && !c.datasource_list.items.n);
	EXPECT(c.network.set && !c.network.text && c.network.line == 2);
}

BR_TEST(deep_lists_end)
{
	br_cleanup(br_cloudcfg_free) struct br_cloudcfg c = {0};
	static const char *const heads[] = {"cloud_init_modules: ", "growpart: {devices: ", "cloud_init_modules:\n - "};
	static const char *const bits[] = {"[", "- ", "{", "[\"", "a: "};
	unsigned line;

	for (size_t i = 0; i < BR_ARRAY_SIZE(heads) * BR_ARRAY_SIZE(bits); i++) {
		br_autostr struct br_str text = {0};

		br_str_puts(&text, heads[i % BR_ARRAY_SIZE(heads)]);
		while (text.len < 200000)
			br_str_puts(&text, bits[i / BR_ARRAY_SIZE(heads)]);
		EXPECT(br_cloudcfg_parse(text.s, text.len, &c, &line) <= 0);
	}
}

BR_TEST(the_line_is_told)
{
	br_cleanup(br_cloudcfg_free) struct br_cloudcfg c = {0};
	const char *text = "a: 1\nb: 2\n\nresize_rootfs: *x\n";
	unsigned line = 0;

	EXPECT_INT(br_cloudcfg_parse(text, strlen(text), &c, &line), -EBADMSG);
	EXPECT_INT(line, 4);
	EXPECT_INT(br_cloudcfg_parse("a\0b", 3, &c, &line), -EBADMSG);
}

BR_TEST_MAIN()
