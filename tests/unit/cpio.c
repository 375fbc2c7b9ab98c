/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "image/cpio.h"
#include "initrd.h"
#include "test.h"

/* Everything the reader tells, as one text. */
static int on_entry(void *ctx, const struct br_cpio_entry *e)
{
	br_str_printf(ctx, "%s%s%s ", e->name, e->target ? "->" : "", e->target ? e->target : "");
	return 0;
}

static int on_data(void *ctx, const void *buf, size_t len)
{
	br_str_add(ctx, buf, len);
	return 0;
}

static int on_done(void *ctx)
{
	br_str_puts(ctx, ". ");
	return 0;
}

static int on_trailer(void *ctx)
{
	br_str_puts(ctx, "END ");
	return 0;
}

static const struct br_cpio_ops ops = {on_entry, on_data, on_done, on_trailer};

struct told {
	char text[4096];
	const char *defect;
	size_t used;
	int r;
	enum br_cpio_state state;
};

/* Pushes piece by piece: the reader must not care how the bytes come. */
static struct told read_in_pieces(const struct br_str *b, size_t piece)
{
	struct br_cpio *c = calloc(1, sizeof(*c));
	br_autostr struct br_str text = {0};
	struct told t = {.r = 0};

	c->ops = &ops;
	c->ctx = &text;
	for (size_t used = 0; !t.r && t.used < b->len; t.used += used) {
		size_t n = b->len - t.used < piece ? b->len - t.used : piece;

		used = 0;
		t.r = br_cpio_push(c, b->s + t.used, n, &used);
		if (used < n)
			break;
	}
	snprintf(t.text, sizeof(t.text), "%s", text.s ? text.s : "");
	t.defect = c->defect;
	t.state = c->state;
	free(c);
	return t;
}

#define EXPECT_TOLD(b, t)                                                                          \
	do {                                                                                       \
		static const size_t pieces__[] = {1, 2, 3, 7, 110, 4096, 1 << 20};                  \
		for (size_t i__ = 0; i__ < BR_ARRAY_SIZE(pieces__); i__++)                         \
			EXPECT_STR(read_in_pieces(b, pieces__[i__]).text, t);                       \
	} while (0)

BR_TEST(members)
{
	br_autostr struct br_str b = {0};

	add_member(&b, &(struct member){.name = "."});
	add_file(&b, "a", "body");
	add_file(&b, "empty", "");
	add_link(&b, "link", "target");
	add_member(&b, &(struct member){.name = "null", .body = "", .mode = S_IFCHR | 0666});
	add_trailer(&b);
	EXPECT_TOLD(&b, ". a body. empty . link->target null END ");
}

BR_TEST(archives_behind_each_other)
{
	br_autostr struct br_str b = {0};

	add_file(&b, "a", "1");
	add_trailer(&b);
	add_zeros(&b, 512);
	add_file(&b, "b", "2");
	add_file(&b, "c", "3"); /* the trailer is optional */
	EXPECT_TOLD(&b, "a 1. END b 2. c 3. ");
	EXPECT_INT(read_in_pieces(&b, 5).state, BR_CPIO_BETWEEN);
}

BR_TEST(stops_before_what_is_not_its_own)
{
	br_autostr struct br_str b = {0};
	size_t end;

	add_file(&b, "a", "1");
	end = b.len;
	br_str_puts(&b, "\x1f\x8bxx");
	EXPECT_TOLD(&b, "a 1. ");
	EXPECT_INT(read_in_pieces(&b, 4096).used, 0); /* of the last push: all came in one */
	EXPECT_INT(read_in_pieces(&b, 1).used, end);
	EXPECT_INT(read_in_pieces(&b, 1).r, 0);
}

BR_TEST(checksums)
{
	br_autostr struct br_str good = {0}, bad = {0};

	add_member(&good, &(struct member){.name = "a", .body = "ab", .magic = "070702", .check = 'a' + 'b'});
	EXPECT_TOLD(&good, "a ab. ");
	add_member(&bad, &(struct member){.name = "a", .body = "ab", .magic = "070702", .check = 1});
	EXPECT_TOLD(&bad, "a ab");
	EXPECT_INT(read_in_pieces(&bad, 3).r, -EBADMSG);
	EXPECT_STR(read_in_pieces(&bad, 3).defect, "a file whose checksum does not match");
}

/* The kernel passes over names and links that are too long, and bodies of what has none. */
BR_TEST(passes_over)
{
	br_autostr struct br_str b = {0}, name = {0};

	while (name.len < 5000)
		br_str_putc(&name, 'n');
	add_file(&b, name.s, "1");
	add_link(&b, "l", name.s);
	add_member(&b, &(struct member){.name = "d", .body = "2", .mode = S_IFDIR | 0755});
	add_file(&b, "a", "3");
	EXPECT_TOLD(&b, "a 3. ");
}

static void expect_defect(const struct br_str *b, const char *defect)
{
	EXPECT_INT(read_in_pieces(b, 1).r, -EBADMSG);
	EXPECT_STR(read_in_pieces(b, 1).defect, defect);
	EXPECT_STR(read_in_pieces(b, 4096).defect, defect);
}

BR_TEST(defects)
{
	br_autostr struct br_str old = {0}, other = {0}, digits = {0}, name = {0}, padding = {0};

	add_member(&old, &(struct member){.name = "a", .body = "1", .magic = "070707"});
	expect_defect(&old, "an old cpio format, not newc");
	add_member(&other, &(struct member){.name = "a", .body = "1", .magic = "070709"});
	expect_defect(&other, "no cpio header");
	add_file(&digits, "a", "1");
	digits.s[20] = 'x';
	expect_defect(&digits, "a damaged cpio header");
	add_file(&name, "ab", "1");
	name.s[112] = 'c';
	expect_defect(&name, "a name without its end");
	add_file(&padding, "a", "1");
	add_zeros(&padding, 1);
	add_file(&padding, "b", "1");
	expect_defect(&padding, "padding that does not end at a multiple of 4");
}

BR_TEST(cut_short_anywhere)
{
	br_autostr struct br_str b = {0};
	size_t whole, odd = 0;

	add_file(&b, "a", "body");
	whole = b.len;
	for (b.len = 1; b.len < whole; b.len++)
		odd += read_in_pieces(&b, 16).state == BR_CPIO_BETWEEN;
	EXPECT_INT(odd, 0);
}

BR_TEST_MAIN()
