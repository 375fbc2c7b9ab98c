/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report/escape.h"
#include "report/sarif.h"
#include "test.h"

/* What a writer writes of a text; owned. */
static char *written(void (*write)(FILE *out, const char *s), const char *s)
{
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	write(f, s);
	fclose(f);
	return text;
}

#define EXPECT_WRITTEN(write, s, wanted)                                                           \
	do {                                                                                       \
		char *w__ = written(write, s);                                                     \
		EXPECT_STR(w__, wanted);                                                           \
		free(w__);                                                                         \
	} while (0)

#define EXPECT_OWNED(call, wanted)                                                                 \
	do {                                                                                       \
		char *w__ = (call);                                                                \
		EXPECT_STR(w__, wanted);                                                           \
		free(w__);                                                                         \
	} while (0)

BR_TEST(plain_leaves_what_is_seen)
{
	EXPECT_OWNED(br_plain(""), "");
	EXPECT_OWNED(br_plain("a \xc3\xa9 \xe4\xb8\xad \xf0\x9f\x98\x80"), "a \xc3\xa9 \xe4\xb8\xad \xf0\x9f\x98\x80");
	EXPECT_OWNED(br_plain("\xef\xbf\xbd"), "\xef\xbf\xbd");
}

BR_TEST(plain_shows_what_is_not)
{
	EXPECT_OWNED(br_plain("\x1b[31m\n\x7f"), "\\x1B[31m\\x0A\\x7F");
	EXPECT_OWNED(br_plain("\xff\xc0\x80"), "\\xFF\\xC0\\x80");
	EXPECT_OWNED(br_plain("\xc2\x9b"), "\\xC2\\x9B");
	EXPECT_OWNED(br_plain("a\xe2\x80\xae z"), "a\\xE2\\x80\\xAE z"); /* U+202E */
	EXPECT_OWNED(br_plain("\xef\xbb\xbf"), "\\xEF\\xBB\\xBF");       /* U+FEFF */
	EXPECT_OWNED(br_plain("\xef\xbf\xbe"), "\\xEF\\xBF\\xBE");       /* U+FFFE */
	EXPECT_OWNED(br_plain("\xf4\x8f\xbf\xbf"), "\\xF4\\x8F\\xBF\\xBF"); /* U+10FFFF */
	EXPECT_OWNED(br_plain("\xf3\xa0\x81\x81"), "\\xF3\\xA0\\x81\\x81"); /* U+E0041 */
}

BR_TEST(xml)
{
	EXPECT_WRITTEN(br_xml_text, "<a b=\"c\" d='e'>&amp;", "&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;amp;");
	EXPECT_WRITTEN(br_xml_text, NULL, "");
}

BR_TEST(markdown)
{
	EXPECT_WRITTEN(br_markdown_text, "a*b_c [d](e) <f> g|h", "a\\*b\\_c \\[d\\](e) \\<f\\> g\\|h");
	EXPECT_WRITTEN(br_markdown_text, "a  b", "a b");
	EXPECT_WRITTEN(br_markdown_text, "see http://x|y now", "see `http://x|y` now");
	EXPECT_WRITTEN(br_markdown_cell, "see http://x|y now", "see `http://x\\|y` now");
	EXPECT_WRITTEN(br_markdown_text, "@all WWW.x", "`@all` `WWW.x`");
	EXPECT_WRITTEN(br_markdown_code, "a ``b` c", "```a ``b` c```");
	EXPECT_WRITTEN(br_markdown_code, "`a`", "`` `a` ``");
	EXPECT_WRITTEN(br_markdown_code, "", "");
}

BR_TEST(tap)
{
	EXPECT_WRITTEN(br_tap_text, "a # SKIP \\", "a \\# SKIP \\\\");
	EXPECT_WRITTEN(br_tap_quoted, "a \"b\" \\ : # c", "\"a \\\"b\\\" \\\\ : # c\"");
}

BR_TEST(sarif_uris_stay_below_the_root)
{
	EXPECT_OWNED(br_sarif_uri("/etc/fstab"), "etc/fstab");
	EXPECT_OWNED(br_sarif_uri("//etc/./x y#?%:\xc3\xa9"), "etc/x%20y%23%3F%25%3A%C3%A9");
	EXPECT_OWNED(br_sarif_uri("/../../etc/../../passwd"), "passwd");
	EXPECT_OWNED(br_sarif_uri("/"), "./");
	EXPECT_OWNED(br_sarif_uri("/a\\b"), "a%5Cb");
}

BR_TEST(sarif_messages_hold_no_link_and_no_placeholder)
{
	EXPECT_OWNED(br_sarif_message("see [x](1) {0}"), "see [x] (1) {{0}}");
}

BR_TEST_MAIN()
