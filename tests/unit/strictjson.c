/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "base/strictjson.h"
#include "test.h"

static int parse(const char *text, bool comments, struct br_json_doc *doc, char **why)
{
	*doc = (struct br_json_doc){0};
	*why = NULL;
	return br_json_strict(text, strlen(text), comments, doc, why);
}

#define EXPECT_REFUSED(text, reason)                                                               \
	do {                                                                                       \
		struct br_json_doc doc__;                                                          \
		char *why__;                                                                       \
		EXPECT_INT(parse(text, false, &doc__, &why__), -EINVAL);                           \
		EXPECT_STR(why__, reason);                                                         \
		free(why__);                                                                       \
	} while (0)

BR_TEST(what_is_json)
{
	static const char *const good[] = {
		"{}", " [] ", "0", "-0.5e+10", "\"\\u00e9\\ud83d\\ude00\\n\"", "true", "null\n", "[1,2,[3,{\"a\":[]}]]", "{\"\":1,\"a\":{\"a\":2}}",
		"\"\xc3\xa9\"",
	};

	for (size_t i = 0; i < BR_ARRAY_SIZE(good); i++) {
		struct br_json_doc doc;
		char *why;

		EXPECT_INT(parse(good[i], false, &doc, &why), 0);
		EXPECT(doc.top != NULL);
		free(why);
		br_json_doc_free(&doc);
	}
}

BR_TEST(what_is_none)
{
	EXPECT_REFUSED("", "line 1: no value");
	EXPECT_REFUSED("{\n\"a\": 1,\n}", "line 3: no key");
	EXPECT_REFUSED("[1 2]", "line 1: no \",\" or \"]\"");
	EXPECT_REFUSED("{} x", "line 1: something behind the end");
	EXPECT_REFUSED("\"\t\"", "line 1: a control character in a text");
	EXPECT_REFUSED("\"\xff\"", "line 1: bytes that are no UTF-8");
	EXPECT_REFUSED("\"\xc0\x80\"", "line 1: bytes that are no UTF-8");
	EXPECT_REFUSED("\"\\u0000\"", "line 1: a text with a NUL in it");
	EXPECT_REFUSED("\"\\ud800\"", "line 1: half of a surrogate pair");
	EXPECT_REFUSED("\"\\ud800\\u0041\"", "line 1: half of a surrogate pair");
	EXPECT_REFUSED("\"\\udc00\"", "line 1: half of a surrogate pair");
	EXPECT_REFUSED("\"\\x41\"", "line 1: an unknown escape in a text");
	EXPECT_REFUSED("\"\\u00g0\"", "line 1: \\u without four hexadecimal digits");
	EXPECT_REFUSED("\"a", "line 1: a text without an end");
	EXPECT_REFUSED("01", "line 1: no value");
	EXPECT_REFUSED("+1", "line 1: no value");
	EXPECT_REFUSED("1.", "line 1: a number without digits behind its point");
	EXPECT_REFUSED("1e", "line 1: a number without an exponent behind its e");
	EXPECT_REFUSED("123456789012345678901", "line 1: a number of too many digits");
	EXPECT_REFUSED("NaN", "line 1: no value");
	EXPECT_REFUSED("True", "line 1: no value");
	EXPECT_REFUSED("'a'", "line 1: no value");
	EXPECT_REFUSED("// x\n{}", "line 1: no value");
	EXPECT_REFUSED("\xef\xbb\xbf{}", "line 1: no value");
	EXPECT_REFUSED("{\"a\": 1,\n\"b\": [{\"c\": 1, \"d\": 2,\n\"c\": 3}]}", "line 3: a key that was there before");
	EXPECT_REFUSED("{\"a\": 1, \"\\u0061\": 2}", "line 1: a key that was there before");
	EXPECT_REFUSED("[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]", "line 1: nested more deeply than is read");
}

BR_TEST(a_nul_is_no_end)
{
	struct br_json_doc doc = {0};
	char *why = NULL;

	EXPECT_INT(br_json_strict("{}\0x", 4, false, &doc, &why), -EINVAL);
	EXPECT_STR(why, "line 1: something behind the end");
	free(why);
}

BR_TEST(lines_and_comments)
{
	struct br_json_doc doc;
	char *why;
	const cJSON *a, *b;

	EXPECT_INT(parse("// one\n{\n  // two\n \"a\": [1,\n2],\n\"b\": \"// no comment\"}\n//", true, &doc, &why), 0);
	a = cJSON_GetObjectItemCaseSensitive(doc.top, "a");
	b = cJSON_GetObjectItemCaseSensitive(doc.top, "b");
	EXPECT_INT(br_json_line(&doc, doc.top), 2);
	EXPECT_INT(br_json_line(&doc, a), 4);
	EXPECT_INT(br_json_line(&doc, cJSON_GetArrayItem(a, 0)), 4);
	EXPECT_INT(br_json_line(&doc, cJSON_GetArrayItem(a, 1)), 5);
	EXPECT_INT(br_json_line(&doc, b), 6);
	EXPECT_STR(cJSON_GetStringValue(b), "// no comment");
	EXPECT_INT(br_json_line(&doc, NULL), 0);
	br_json_doc_free(&doc);
}

BR_TEST_MAIN()
