/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "image/units-internal.h"
#include "test.h"

static char shown[512];

/* "line:word line:word" of a key. */
static const char *words(const char *text, enum br_unit_key key)
{
	br_cleanup(br_unit_file_free) struct br_unit_file f = {0};
	size_t n = 0;

	shown[0] = '\0';
	if (br_unit_file_parse("/x", text, strlen(text), false, &f) < 0)
		return "bad";
	for (size_t i = 0; i < f.n; i++)
		if (f.v[i].key == key)
			n += (size_t)snprintf(shown + n, sizeof(shown) - n, "%s%u:%s", n ? " " : "", f.v[i].line, f.v[i].word);
	return shown;
}

BR_TEST(lists)
{
	EXPECT_STR(words("[Unit]\nWants=a.service b.service\nRequires = c.target\n", BR_UNIT_KEY_WANTS), "2:a.service 2:b.service 3:c.target");
	EXPECT_STR(words("[Install]\nWantedBy=a.target\nWantedBy=\nWantedBy=b.target\n", BR_UNIT_KEY_WANTED_BY), "4:b.target");
	/* One key's empty value is not the other's; a dependency cannot be taken back. */
	EXPECT_STR(words("[Install]\nRequiredBy=a.target\nWantedBy=\n", BR_UNIT_KEY_WANTED_BY), "2:a.target");
	EXPECT_STR(words("[Unit]\nWants=a.service\nWants=\n", BR_UNIT_KEY_WANTS), "2:a.service");
	EXPECT_STR(words("[Service]\nWants=a.service\n[X-Install]\nWantedBy=x\n", BR_UNIT_KEY_WANTS), "");
	EXPECT_STR(words("Wants=a.service\n", BR_UNIT_KEY_WANTS), "");
}

BR_TEST(lines)
{
	EXPECT_STR(words("[Unit]\nWants=a.service \\\n# no\n; no\n  b.service\nRequires=c.target", BR_UNIT_KEY_WANTS),
	           "5:a.service 5:b.service 6:c.target");
	EXPECT_STR(words("[Unit]\r\nWants=a.service\r\n", BR_UNIT_KEY_WANTS), "2:a.service");
	EXPECT_STR(words("[Unit]\nDescription=a\\\\\nWants=b.service\n", BR_UNIT_KEY_WANTS), "3:b.service");
	EXPECT_STR(words("\xef\xbb\xbf[Unit]\nWants=a.service\n", BR_UNIT_KEY_WANTS), "2:a.service");
	EXPECT_STR(words("[Unit]\n  Wants=a.service\\", BR_UNIT_KEY_WANTS), "2:a.service");
	EXPECT_STR(words("[Unit\nWants=a.service\n", BR_UNIT_KEY_WANTS), "bad");
	EXPECT_STR(words("[Unit]\nDescription=\xff\n", BR_UNIT_KEY_WANTS), "bad");
}

BR_TEST(names)
{
	static const char *const good[] = {"a.service", "a@.service", "a@b.service", "a\\x2db.device", "a-b:c_d.e.target"};
	static const char *const bad[] = {"a", ".service", "a.conf", "a b.service", "@a.service", "a/b.service", ""};
	br_autofree char *tmpl = br_unit_template("a@b-c.service"), *none = br_unit_template("a.service"),
			 *one = br_unit_instantiate("x@.service", "a@b-c.service"), *word = br_unit_expand("a-z@b-c.service", "%p|%i|%j|%n|%N|%%|%q");

	for (size_t i = 0; i < BR_ARRAY_SIZE(good); i++)
		EXPECT(br_unit_name_valid(good[i]));
	for (size_t i = 0; i < BR_ARRAY_SIZE(bad); i++)
		EXPECT(!br_unit_name_valid(bad[i]));
	EXPECT_STR(tmpl, "a@.service");
	EXPECT_STR(none, NULL);
	EXPECT_STR(one, "x@b-c.service");
	EXPECT_STR(word, "a-z|b-c|z|a-z@b-c.service|a-z@b-c|%|%q");
	EXPECT(br_unit_is_template("a@.service") && !br_unit_is_template("a@b.service") && !br_unit_is_template("a.service"));
	EXPECT(br_unit_is_instance("a@b.service") && !br_unit_is_instance("a@.service") && !br_unit_is_instance("a.service"));
}

BR_TEST(booleans)
{
	EXPECT(br_unit_true("yes", false) && br_unit_true("On", false) && br_unit_true("1", false));
	EXPECT(!br_unit_true("no", true) && !br_unit_true("F", true));
	EXPECT(br_unit_true(NULL, true) && !br_unit_true("maybe", false));
}

BR_TEST_MAIN()
