/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "image/grubenv.h"
#include "test.h"

#define SIGNATURE "# GRUB Environment Block\n"

static struct br_grubenv env;

static int parse(const char *text, size_t len)
{
	char block[BR_GRUBENV_SIZE];

	br_grubenv_free(&env);
	memset(block, '#', sizeof(block));
	memcpy(block, text, strlen(text));
	return br_grubenv_parse(block, len, &env);
}

BR_TEST(variables)
{
	EXPECT_INT(parse(SIGNATURE "saved_entry=a b>c\nempty=\nkernelopts=root=UUID=1 ro\n",
			 BR_GRUBENV_SIZE),
		   0);
	EXPECT_INT(env.n, 3);
	EXPECT_STR(br_grubenv_get(&env, "saved_entry"), "a b>c");
	EXPECT_STR(br_grubenv_get(&env, "empty"), "");
	EXPECT_STR(br_grubenv_get(&env, "kernelopts"), "root=UUID=1 ro");
	EXPECT_STR(br_grubenv_get(&env, "other"), NULL);
	EXPECT(!env.odd_size && !env.cut);
}

BR_TEST(escapes_and_comments)
{
	EXPECT_INT(
	    parse(SIGNATURE "# WARNING: not by hand\na=x\\\\y\\\nz\nb=1\nb=2\n", BR_GRUBENV_SIZE),
	    0);
	EXPECT_STR(br_grubenv_get(&env, "a"), "x\\y\nz");
	EXPECT_STR(br_grubenv_get(&env, "b"), "2");
	/* A line without = belongs to the name behind it. */
	EXPECT_INT(parse(SIGNATURE "stray\nc=1\n", BR_GRUBENV_SIZE), 0);
	EXPECT_STR(br_grubenv_get(&env, "stray\nc"), "1");
}

BR_TEST(damage)
{
	struct br_grubenv kept = {.n = 7};

	EXPECT_INT(parse("# GRUB environment block\n", BR_GRUBENV_SIZE), -EINVAL);
	EXPECT_INT(br_grubenv_parse("", 0, &kept), -EINVAL);
	EXPECT_INT(br_grubenv_parse(SIGNATURE, strlen(SIGNATURE), &kept), -EINVAL);
	EXPECT_INT(kept.n, 7);
	EXPECT_INT(parse(SIGNATURE "a=1\n", 600), 0);
	EXPECT(env.odd_size && !env.cut);
	EXPECT_STR(br_grubenv_get(&env, "a"), "1");
	/* Cut inside the second value. */
	EXPECT_INT(parse(SIGNATURE "a=1\nb=22\n", strlen(SIGNATURE) + 7), 0);
	EXPECT(env.cut);
	EXPECT_INT(env.n, 1);
	EXPECT_INT(parse(SIGNATURE "a=1\nbb", strlen(SIGNATURE) + 6), 0);
	EXPECT(env.cut);
	EXPECT_INT(parse(SIGNATURE "a=1\\\n", strlen(SIGNATURE) + 4), 0);
	EXPECT(env.cut && env.n == 0);
	br_grubenv_free(&env);
}

BR_TEST_MAIN()
