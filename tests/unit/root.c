/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Every expectation holds for openat2(2) and for the walk by component: each test runs with both. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "base/limits.h"
#include "image/root.h"
#include "test.h"

static char top[] = "/tmp/bootready-root-XXXXXX";

static char *at(const char *name)
{
	static char buf[4][512];
	static unsigned i;

	i = (i + 1) % 4;
	snprintf(buf[i], sizeof(buf[i]), "%s/%s", top, name);
	return buf[i];
}

static void put(const char *name, const char *text)
{
	FILE *f = fopen(at(name), "we");

	if (!f || fputs(text, f) < 0 || fclose(f) != 0)
		abort();
}

static void make_tree(void)
{
	static bool made;

	if (made)
		return;
	made = true;
	if (!mkdtemp(top) || mkdir(at("root"), 0755) || mkdir(at("root/etc"), 0755) ||
	    mkdir(at("root/usr"), 0755) || mkdir(at("root/usr/lib"), 0755))
		abort();
	put("secret", "outside\n");
	put("root/secret", "inside\n");
	put("root/etc/plain", "text\n");
	put("root/usr/lib/os-release", "ID=x\n");
	if (symlink("/usr/lib/os-release", at("root/etc/absolute")) || symlink("../../../../secret", at("root/etc/up")) ||
	    symlink("loop-b", at("root/loop-a")) || symlink("loop-a", at("root/loop-b")) ||
	    symlink("/etc", at("root/dirlink")) || symlink("usr/lib", at("root/lib")) ||
	    symlink("nowhere", at("root/dangling")) || mkfifo(at("root/fifo"), 0644) ||
	    symlink("/proc/self/root/etc", at("root/magic")))
		abort();
}

static void with_both(void (*test)(struct br_root *root))
{
	make_tree();
	for (int walk = 0; walk < 2; walk++) {
		struct br_root root;

		EXPECT_INT(br_root_open(&root, at("root")), 0);
		root.walk_only |= walk; /* on a kernel without openat2(2) there is only the walk */
		test(&root);
		br_root_close(&root);
		EXPECT_INT(root.fd, -1);
	}
}

static char *text_of(struct br_root *root, const char *path)
{
	struct br_blob b = {0};

	return br_root_read(root, path, 4096, &b) < 0 ? NULL : b.data;
}

#define EXPECT_TEXT(root, path, text)                                                              \
	do {                                                                                       \
		char *got__ = text_of(root, path);                                                 \
		EXPECT_STR(got__, text);                                                           \
		free(got__);                                                                       \
	} while (0)

static void inside(struct br_root *root)
{
	EXPECT_TEXT(root, "/etc/plain", "text\n");
	EXPECT_TEXT(root, "etc/plain", "text\n");
	EXPECT_TEXT(root, "//etc/./plain", "text\n");
	EXPECT_TEXT(root, "/usr/../etc/plain", "text\n");
	EXPECT_TEXT(root, "/etc/absolute", "ID=x\n");
	EXPECT_TEXT(root, "/lib/os-release", "ID=x\n");
	EXPECT_TEXT(root, "/dirlink/plain", "text\n");
}

BR_TEST(links_resolve_inside)
{
	with_both(inside);
}

static void no_way_out(struct br_root *root)
{
	EXPECT_TEXT(root, "/etc/up", "inside\n");
	EXPECT_TEXT(root, "/../secret", "inside\n");
	EXPECT_TEXT(root, "/../../../../../../secret", "inside\n");
	EXPECT_TEXT(root, "/magic/passwd", NULL);
}

BR_TEST(nothing_leads_out)
{
	with_both(no_way_out);
}

static void errors(struct br_root *root)
{
	struct br_blob b = {0};
	struct stat st;
	char *link = NULL;
	char long_path[2 * BR_PATH_MAX];

	EXPECT_INT(br_root_read(root, "/none", 10, &b), -ENOENT);
	EXPECT_INT(br_root_read(root, "/dangling", 10, &b), -ENOENT);
	EXPECT_INT(br_root_read(root, "/loop-a", 10, &b), -ELOOP);
	EXPECT_INT(br_root_read(root, "/etc/plain/x", 10, &b), -ENOTDIR);
	EXPECT_INT(br_root_read(root, "/etc/plain/", 10, &b), -ENOTDIR);
	EXPECT_INT(br_root_read(root, "/etc", 10, &b), -EISDIR);
	EXPECT_INT(br_root_read(root, "/fifo", 10, &b), -EMEDIUMTYPE);
	EXPECT_INT(br_root_read(root, "/etc/plain", 4, &b), -EFBIG);
	EXPECT_INT(br_root_read(root, "/etc/plain", 5, &b), 0);
	br_blob_free(&b);
	EXPECT_INT(br_root_readlink(root, "/etc/plain", &link), -EINVAL);
	EXPECT_INT(br_root_readlink(root, "/lib", &link), 0);
	EXPECT_STR(link, "usr/lib");
	free(link);
	EXPECT_INT(br_root_lstat(root, "/lib", &st), 0);
	EXPECT(S_ISLNK(st.st_mode));
	EXPECT_INT(br_root_stat(root, "/lib", &st), 0);
	EXPECT(S_ISDIR(st.st_mode));
	memset(long_path, 'a', sizeof(long_path) - 1);
	long_path[sizeof(long_path) - 1] = '\0';
	EXPECT_INT(br_root_read(root, long_path, 10, &b), -ENAMETOOLONG);
}

BR_TEST(errors_are_told)
{
	with_both(errors);
}

static void lists(struct br_root *root)
{
	struct br_strv names = {0};

	EXPECT_INT(br_root_list(root, "/dirlink", &names), 0);
	EXPECT_INT(names.n, 3);
	EXPECT_STR(names.v[0], "absolute");
	EXPECT_STR(names.v[2], "up");
	br_strv_free(&names);
	EXPECT_INT(br_root_list(root, "/etc/plain", &names), -ENOTDIR);
}

BR_TEST(folders_list_sorted)
{
	with_both(lists);
}

BR_TEST(no_descriptor_is_left)
{
	int before = dup(0), after;

	close(before);
	with_both(inside);
	with_both(no_way_out);
	with_both(errors);
	after = dup(0);
	close(after);
	EXPECT_INT(after, before);
}

BR_TEST_MAIN()
