/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* bls --vercmp A B: -1, 0 or 1, for tests/oracles/rpm-order.sh. */
#include "image/bls.h"
#include "test.h"

static struct br_bls bls;

static void parse(const char *text)
{
	br_bls_free(&bls);
	EXPECT_INT(br_bls_parse(text, strlen(text), &bls), 0);
}

BR_TEST(keys)
{
	size_t at = 0;

	parse("# comment\ntitle Fedora Linux (6.1) 38\n  version 6.1\nlinux  /vmlinuz\ninitrd "
	      "/a\ninitrd /b\r\n"
	      "options root=UUID=1 ro \noptions ignored\ngrub_arg --unrestricted");
	EXPECT_STR(br_bls_get(&bls, "title"), "Fedora Linux (6.1) 38");
	EXPECT_STR(br_bls_get(&bls, "version"), "6.1");
	EXPECT_STR(br_bls_get(&bls, "linux"), "/vmlinuz");
	EXPECT_STR(br_bls_get(&bls, "options"), "root=UUID=1 ro ");
	EXPECT_STR(br_bls_next(&bls, "initrd", &at), "/a");
	EXPECT_STR(br_bls_next(&bls, "initrd", &at), "/b");
	EXPECT_STR(br_bls_next(&bls, "initrd", &at), NULL);
	EXPECT_STR(br_bls_get(&bls, "grub_arg"), "--unrestricted");
	EXPECT_INT(bls.ended_at, 0);
}

BR_TEST(where_grub_stops)
{
	parse("title T\n\nlinux /vmlinuz\n");
	EXPECT_STR(br_bls_get(&bls, "linux"), NULL);
	EXPECT_INT(bls.ended_at, 2);
	parse("title T\nlinux\noptions x\n");
	EXPECT_STR(br_bls_get(&bls, "options"), NULL);
	EXPECT_INT(bls.ended_at, 2);
	parse("linux /k\n\n");
	EXPECT_INT(bls.ended_at, 0);
	/* The key ends at the first blank, not at a tab in front of it. */
	parse("linux\t/k\noptions\troot=UUID=1 ro\n");
	EXPECT_STR(br_bls_get(&bls, "linux"), "/k");
	EXPECT_STR(br_bls_get(&bls, "options"), NULL);
	EXPECT_STR(br_bls_get(&bls, "options\troot=UUID=1"), "ro");
	br_bls_free(&bls);
}

static void newer(const char *a, const char *b)
{
	EXPECT(br_rpm_vercmp(a, b) > 0);
	EXPECT(br_rpm_vercmp(b, a) < 0);
}

BR_TEST(versions)
{
	newer("5.10.0", "5.9.0");
	newer("5.14.0", "5.14");
	newer("240.10.1.el8_3", "240.el8");
	newer("1.10", "1.9a");
	newer("1.0", "1.0~rc1");
	newer("1.0~rc2", "1.0~rc1");
	newer("1.0+git", "1.0");
	newer("1.0.1", "1.0+git");
	newer("a2", "a1");
	newer("b", "ab");
	newer("1", "a");
	newer("2a", "2");
	newer("10000000000000000000000000", "9999999999999999999999999");
	EXPECT_INT(br_rpm_vercmp("1.0", "1.0"), 0);
	EXPECT_INT(br_rpm_vercmp("1.0", "1_0"), 0);
	EXPECT_INT(br_rpm_vercmp("1.010", "1.10"), 0);
	EXPECT_INT(br_rpm_vercmp("", ""), 0);
}

BR_TEST(order_of_entries)
{
	EXPECT(br_bls_cmp("m-5.14.0-162.el9.x86_64", "m-5.14.0-70.el9.x86_64") > 0);
	EXPECT(br_bls_cmp("m-5.14.0-70.el9.x86_64", "m-0-rescue") > 0);
	EXPECT(br_bls_cmp("m-4.18.0-240.10.1.el8_3.x86_64", "m-4.18.0-240.el8.x86_64") > 0);
	EXPECT(br_bls_cmp("m-4.18.0-240.el8.x86_64+debug", "m-4.18.0-240.el8.x86_64") > 0);
	/* The name decides first: entries of another machine id stay together. */
	EXPECT(br_bls_cmp("b-1-1", "a-9-9") > 0);
	EXPECT_INT(br_bls_cmp("a", "a"), 0);
	EXPECT(br_bls_cmp("ostree-2-fedora", "ostree-1-fedora") > 0);
}

static const char *get(void *ctx, const char *name)
{
	(void)ctx;
	if (strcmp(name, "kernelopts") == 0)
		return "root=UUID=1 ro";
	return strcmp(name, "empty") == 0 ? "" : NULL;
}

static void expands(const char *value, const char *want)
{
	br_autofree char *got = NULL;

	EXPECT_INT(br_bls_expand(value, get, NULL, &got), 0);
	EXPECT_STR(got, want);
}

BR_TEST(expansion)
{
	expands("root=UUID=2 quiet", "root=UUID=2 quiet");
	expands("$kernelopts $tuned_params", "root=UUID=1 ro ");
	expands("$kernelopts rhgb", "root=UUID=1 ro rhgb");
	expands("a=$kernelopts,x", "a=root=UUID=1 ro ,x");
	expands("$tuned_params", NULL);
	expands("$tuned_params $other", "");
	expands("$empty", " ");
	expands("\\$kernelopts x", "\\$kernelopts x");
	/* GRUB loses a last piece of one character: no single-user mode by "$kernelopts s". */
	expands("$kernelopts s", "root=UUID=1 ro ");
	expands("$kernelopts ss", "root=UUID=1 ro ss");
	expands("x", NULL);
}

int main(int argc, char **argv)
{
	if (argc == 4 && strcmp(argv[1], "--vercmp") == 0) {
		int c = br_rpm_vercmp(argv[2], argv[3]);

		printf("%d\n", (c > 0) - (c < 0));
		return 0;
	}
	return br_test_main();
}
