/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The whole unit test framework: BR_TEST(name) { EXPECT...; } and BR_TEST_MAIN() at the end of the file.
 * Prints TAP-like lines and "N passed, N failed"; a test fails when one of its expectations does, and a
 * test without any expectation fails too.
 */
#ifndef BR_TEST_H
#define BR_TEST_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct br_test {
	const char *name;
	void (*run)(void);
	struct br_test *next;
};

static struct br_test *br_tests_first, **br_tests_end = &br_tests_first;
static unsigned br_expected, br_broken;

/* A constructor is fine here: a test program is one object file, nothing can drop it from the link. */
#define BR_TEST(n)                                                                                 \
	static void br_test_##n(void);                                                             \
	__attribute__((constructor)) static void br_test_reg_##n(void)                             \
	{                                                                                          \
		static struct br_test t = {#n, br_test_##n, NULL};                                 \
		*br_tests_end = &t;                                                                \
		br_tests_end = &t.next;                                                            \
	}                                                                                          \
	static void br_test_##n(void)

#define EXPECT(c)                                                                                  \
	do {                                                                                       \
		br_expected++;                                                                     \
		if (!(c)) {                                                                        \
			br_broken++;                                                               \
			printf("# %s:%d: %s\n", __FILE__, __LINE__, #c);                           \
		}                                                                                  \
	} while (0)

#define EXPECT_INT(a, b)                                                                           \
	do {                                                                                       \
		long long ea__ = (long long)(a), eb__ = (long long)(b);                            \
		br_expected++;                                                                     \
		if (ea__ != eb__) {                                                                \
			br_broken++;                                                               \
			printf("# %s:%d: %s is %lld, not %lld\n", __FILE__, __LINE__, #a, ea__, eb__); \
		}                                                                                  \
	} while (0)

#define EXPECT_STR(a, b)                                                                           \
	do {                                                                                       \
		const char *ea__ = (a), *eb__ = (b);                                               \
		br_expected++;                                                                     \
		if (ea__ != eb__ && (!ea__ || !eb__ || strcmp(ea__, eb__) != 0)) {                 \
			br_broken++;                                                               \
			printf("# %s:%d: %s is \"%s\", not \"%s\"\n", __FILE__, __LINE__, #a,        \
			       ea__ ? ea__ : "(null)", eb__ ? eb__ : "(null)");                    \
		}                                                                                  \
	} while (0)

static inline int br_test_main(void)
{
	unsigned passed = 0, failed = 0;

	for (struct br_test *t = br_tests_first; t; t = t->next) {
		br_expected = br_broken = 0;
		t->run();
		if (!br_expected)
			printf("# %s expects nothing\n", t->name);
		if (!br_expected || br_broken) {
			failed++;
			printf("not ok %u - %s\n", passed + failed, t->name);
		} else {
			passed++;
			printf("ok %u - %s\n", passed + failed, t->name);
		}
		fflush(stdout);
	}
	printf("%u passed, %u failed\n", passed, failed);
	return failed || !passed;
}

#define BR_TEST_MAIN()                                                                             \
	int main(void)                                                                             \
	{                                                                                          \
		return br_test_main();                                                             \
	}

#endif
