/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "image/modindex.h"
#include "initrd.h"
#include "test.h"

static const struct pair pairs[] = {
	{"a", "1"}, {"ask", "2"}, {"ate", "3"}, {"on", "4"}, {"once", "5"}, {"one", "6"}, {"one", "7"},
};

static int check(const struct br_str *b, const char **why)
{
	*why = NULL;
	return br_modindex_check(b->s ? b->s : "", b->len, why);
}

static void count(void *ctx, char *text)
{
	br_str_puts(ctx, text);
}

BR_TEST(sound)
{
	br_autostr struct br_str b = {0}, all = {0};
	const char *why;

	add_index(&b, pairs, BR_ARRAY_SIZE(pairs));
	EXPECT_INT(check(&b, &why), 0);
	EXPECT_STR(why, NULL);
	for (size_t i = 0; i < BR_ARRAY_SIZE(pairs) - 1; i++)
		EXPECT_STR(br_modindex_find(b.s, b.len, pairs[i].key), pairs[i].value);
	EXPECT_STR(br_modindex_find(b.s, b.len, "as"), NULL);
	EXPECT_STR(br_modindex_find(b.s, b.len, "asks"), NULL);
	EXPECT_STR(br_modindex_find(b.s, b.len, ""), NULL);
	EXPECT_STR(br_modindex_find(b.s, b.len, "z"), NULL);
	EXPECT_STR(br_modindex_find(b.s, b.len, "\xc3\xa9"), NULL);
	br_modindex_values(b.s, b.len, count, &all);
	EXPECT_INT(all.len, 7); /* each once */
}

BR_TEST(empty)
{
	br_autostr struct br_str b = {0};
	const char *why;

	EXPECT_INT(br_modindex_check(br_modindex_empty, sizeof(br_modindex_empty), &why), 0);
	EXPECT_STR(br_modindex_find(br_modindex_empty, sizeof(br_modindex_empty), "a"), NULL);
	add_index(&b, NULL, 0);
	EXPECT_INT(b.len, sizeof(br_modindex_empty));
	EXPECT(memcmp(b.s, br_modindex_empty, b.len) == 0);
}

BR_TEST(other_files)
{
	br_autostr struct br_str b = {0};
	const char *why;

	EXPECT_INT(check(&b, &why), -EBADMSG);
	EXPECT_STR(why, "empty");
	br_str_puts(&b, "kernel/a.ko:");
	EXPECT_INT(check(&b, &why), -EBADMSG);
	EXPECT_STR(why, "not an index of depmod");
	b.len = 0;
	add_index(&b, pairs, 1);
	b.s[5] = 3;
	EXPECT_INT(check(&b, &why), -EBADMSG);
	EXPECT_STR(why, "an index of another version");
}

BR_TEST(cut_short_anywhere)
{
	br_autostr struct br_str b = {0};
	size_t whole, passed = 0;
	const char *why;

	add_index(&b, pairs, BR_ARRAY_SIZE(pairs));
	whole = b.len;
	for (b.len = 0; b.len < whole; b.len++)
		passed += check(&b, &why) == 0;
	EXPECT_INT(passed, 0); /* the root is written last */
}

static void put_root(struct br_str *b, uint32_t ref)
{
	ref = htonl(ref);
	memcpy(b->s + 8, &ref, 4);
}

/* Header and a node of one child by hand: where the child's reference leads is what is tested. */
static void one_child(struct br_str *b, uint32_t child)
{
	size_t at;

	b->len = 0;
	add_index(b, NULL, 0);
	at = b->len;
	br_str_puts(b, "aa");
	add_be32(b, child);
	put_root(b, 0x20000000U | (uint32_t)at);
}

BR_TEST(loops)
{
	br_autostr struct br_str b = {0};
	const char *why;

	one_child(&b, 0x20000000U | 12); /* itself */
	EXPECT_INT(check(&b, &why), -EBADMSG);
	EXPECT_STR(why, "nodes that overlap");
	one_child(&b, 0x20000000U | 13); /* into itself */
	EXPECT_INT(check(&b, &why), -EBADMSG);
	one_child(&b, 0x80000000U | 18); /* behind the file */
	EXPECT_INT(check(&b, &why), -EBADMSG);
	one_child(&b, 0x80000000U | 4); /* in the header */
	EXPECT_INT(check(&b, &why), -EBADMSG);
	EXPECT_STR(why, "a node beyond its end");
	one_child(&b, 0xf0000000U); /* none, whatever the flags say */
	EXPECT_INT(check(&b, &why), 0);
}

/* As depmod writes since kmod 34. */
BR_TEST(children_behind_their_parent)
{
	br_autostr struct br_str b = {0};
	const char *why = NULL;

	add_index(&b, NULL, 0);
	put_root(&b, 0x20000000U | (uint32_t)b.len);
	br_str_puts(&b, "xx");
	add_be32(&b, 0x40000000U | (uint32_t)(b.len + 4));
	add_be32(&b, 1);
	add_be32(&b, 0);
	br_str_add(&b, "value", 6);
	EXPECT_INT(check(&b, &why), 0);
	EXPECT_STR(why, NULL);
	EXPECT_STR(br_modindex_find(b.s, b.len, "x"), "value");
}

/* A parent whose children are all the same node, ten times over: 100^10 steps for who walks it. */
BR_TEST(shared_nodes)
{
	br_autostr struct br_str b = {0};
	uint32_t ref;
	const char *why;

	add_index(&b, NULL, 0);
	ref = 0x80000000U | (uint32_t)b.len;
	br_str_add(&b, "x", 2);
	for (int level = 0; level < 10; level++) {
		uint32_t at = (uint32_t)b.len;

		br_str_puts(&b, "\x01\x64");
		for (int i = 0; i < 100; i++)
			add_be32(&b, ref);
		ref = 0x20000000U | at;
	}
	put_root(&b, ref);
	EXPECT_INT(check(&b, &why), -EBADMSG);
	EXPECT_STR(why, "nodes that overlap");
}

BR_TEST(empty_nodes_without_end)
{
	br_autostr struct br_str b = {0};
	const char *why;

	one_child(&b, 12); /* no flags: a node of no bytes */
	EXPECT_INT(check(&b, &why), -EBADMSG);
	EXPECT_STR(why, "an empty node");
}

BR_TEST(too_deep)
{
	br_autostr struct br_str b = {0};
	uint32_t ref;
	const char *why;

	add_index(&b, NULL, 0);
	ref = 0x80000000U | (uint32_t)b.len;
	br_str_add(&b, "x", 2);
	for (int level = 0; level < BR_MODINDEX_DEPTH_MAX; level++) {
		uint32_t at = (uint32_t)b.len;

		br_str_puts(&b, "aa");
		add_be32(&b, ref);
		ref = 0x20000000U | at;
	}
	put_root(&b, ref);
	EXPECT_INT(check(&b, &why), -EBADMSG);
	EXPECT_STR(why, "nodes that lie too deep");
}

BR_TEST(impossible_children)
{
	br_autostr struct br_str b = {0};
	const char *why;

	one_child(&b, 0);
	b.s[12] = 'b'; /* first > last */
	EXPECT_INT(check(&b, &why), -EBADMSG);
	EXPECT_STR(why, "a node with impossible children");
	b.s[12] = 'a';
	b.s[13] = (char)0x80; /* negative for who reads it as a character */
	add_zeros(&b, 4096);
	EXPECT_INT(check(&b, &why), -EBADMSG);
	EXPECT_STR(why, "a node with impossible children");
	b.s[13] = 0x7f;
	EXPECT_INT(check(&b, &why), 0);
}

BR_TEST(values_beyond)
{
	br_autostr struct br_str b = {0};
	const char *why;

	add_index(&b, NULL, 0);
	add_be32(&b, 0xffffffffU);
	put_root(&b, 0x40000000U | 12);
	EXPECT_INT(check(&b, &why), -EBADMSG);
	EXPECT_STR(why, "a value beyond its end");
}

/* One byte changed anywhere: refused, or at least walked through within bounds (the sanitizers see to that). */
BR_TEST(damaged_anywhere)
{
	br_autostr struct br_str b = {0};
	size_t found = 0;
	const char *why;

	add_index(&b, pairs, BR_ARRAY_SIZE(pairs));
	for (size_t at = 0; at < b.len; at++) {
		for (unsigned bit = 0; bit < 8; bit++) {
			b.s[at] ^= (char)(1U << bit);
			if (check(&b, &why) == 0)
				found += br_modindex_find(b.s, b.len, "once") != NULL;
			b.s[at] ^= (char)(1U << bit);
		}
	}
	EXPECT(found > 0);
}

BR_TEST_MAIN()
