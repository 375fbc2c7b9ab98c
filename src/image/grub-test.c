/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * `test` and `[`. GRUB has no operator precedence to speak of: a row of tests is a row of ands, -o
 * closes it, ! inverts the next test, -a is nothing but a filler.
 */
#include <string.h>

#include "image/grub-internal.h"

struct tester {
	struct grub_run *r;
	char **v;
	size_t n, i;
	unsigned depth;
};

static long number(const char *s)
{
	/* GRUB compares them as int. */
	return *s == '-' ? -(int)br_gs_number(s + 1, NULL, NULL) : (int)br_gs_number(s, NULL, NULL);
}

/* vmlinuz-2 -plt vmlinuz-11: the common beginning skipped, as numbers. */
static int compare_tails(const char *a, const char *b)
{
	size_t i = 0;
	unsigned long x, y;

	while (a[i] && a[i] == b[i])
		i++;
	/* Back to the first digit of the number that differs; never past the second character, as
	 * GRUB. */
	while (i > 1 && a[i - 1] >= '0' && a[i - 1] <= '9')
		i--;
	x = br_gs_number(a + i, NULL, NULL);
	y = br_gs_number(b + i, NULL, NULL);
	return x < y ? -1 : x > y;
}

/* 1, 0; -1: op is no operator. */
static int binary(struct tester *t, const char *a, const char *op, const char *b)
{
	int c = strcmp(a, b);

	if (strcmp(op, "=") == 0 || strcmp(op, "==") == 0)
		return c == 0;
	if (strcmp(op, "!=") == 0)
		return c != 0;
	if (strcmp(op, "<") == 0)
		return c < 0;
	if (strcmp(op, "<=") == 0)
		return c <= 0;
	if (strcmp(op, ">") == 0)
		return c > 0;
	if (strcmp(op, ">=") == 0)
		return c >= 0;
	if (strcmp(op, "-eq") == 0)
		return number(a) == number(b);
	if (strcmp(op, "-ne") == 0)
		return number(a) != number(b);
	if (strcmp(op, "-lt") == 0)
		return number(a) < number(b);
	if (strcmp(op, "-le") == 0)
		return number(a) <= number(b);
	if (strcmp(op, "-gt") == 0)
		return number(a) > number(b);
	if (strcmp(op, "-ge") == 0)
		return number(a) >= number(b);
	if (strcmp(op, "-plt") == 0)
		return compare_tails(a, b) < 0;
	if (strcmp(op, "-pgt") == 0)
		return compare_tails(a, b) > 0;
	if (strncmp(op, "-nt", 3) == 0 || strncmp(op, "-ot", 3) == 0) {
		/* Times are not asked for: a copied root has others anyway. */
		br_gs_note(t->r, BR_MENU_UNSUPPORTED, "test of file times");
		return 0;
	}
	return -1;
}

static bool file_test(struct tester *t, const char *path, enum br_grub_file what)
{
	int ret = br_gs_test_path(t->r, path, what);

	if (ret < 0)
		br_gs_note(t->r, BR_MENU_UNSUPPORTED, path);
	return ret > 0;
}

static int unary(struct tester *t, const char *op, const char *arg)
{
	if (strcmp(op, "-d") == 0)
		return file_test(t, arg, BR_GRUB_DIR);
	if (strcmp(op, "-e") == 0)
		return file_test(t, arg, BR_GRUB_EXISTS);
	if (strcmp(op, "-f") == 0)
		return file_test(t, arg, BR_GRUB_FILE);
	if (strcmp(op, "-s") == 0)
		return file_test(t, arg, BR_GRUB_NONEMPTY);
	if (strcmp(op, "-n") == 0)
		return *arg != '\0';
	if (strcmp(op, "-z") == 0)
		return *arg == '\0';
	return -1;
}

/* One test and how many words it took. */
static int one_test(struct tester *t, size_t *ret_words)
{
	char **w = t->v + t->i;
	size_t left = t->n - t->i;
	int val = -1;

	if (left > 2) {
		val = binary(t, w[0], w[1], w[2]);
		*ret_words = 3;
	}
	if (val < 0 && left > 1) {
		val = unary(t, w[0], w[1]);
		*ret_words = 2;
	}
	return val;
}

static bool expression(struct tester *t)
{
	bool any = false, all = true, invert = false;

	while (t->i < t->n && t->r->halt == RUN_ON) {
		const char *word = t->v[t->i];
		size_t words = 1;
		int val = one_test(t, &words);

		if (val >= 0) {
			t->i += words;
			all = all && (invert ? !val : val);
			invert = false;
			continue;
		}
		t->i++;
		if (strcmp(word, ")") == 0)
			return any || all;
		if (strcmp(word, "!") == 0) {
			invert = !invert;
			continue;
		}
		if (strcmp(word, "-a") == 0)
			continue;
		if (strcmp(word, "-o") == 0) {
			any = any || all;
			all = true;
			continue;
		}
		if (strcmp(word, "(") == 0) {
			if (t->depth++ >= BR_GRUB_DEPTH_MAX) {
				br_gs_note(t->r, BR_MENU_LIMIT, "test");
				return false;
			}
			val = expression(t);
			t->depth--;
		} else {
			val = *word != '\0';
		}
		all = all && (invert ? !val : val);
		invert = false;
	}
	return any || all;
}

int br_gs_cmd_test(struct grub_run *r, size_t n, char **v)
{
	struct tester t = {.r = r, .v = v + 1, .n = n - 1};

	if (t.n && strcmp(t.v[t.n - 1], "]") == 0)
		t.n--;
	return expression(&t) ? GRUB_OK : GRUB_FALSE;
}
