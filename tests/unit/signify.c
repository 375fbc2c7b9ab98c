/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "decide/signify.h"
#include "test.h"

/* Made with signify-openbsd 31: "hello\n". */
#define KEY \
	"untrusted comment: test public key\n" \
	"RWTrmmIOkq8FRBADf8dNUBmpc7y7rRlJOxpWL0d4OtNIvYYALeKaqHR9\n"
#define SIG \
	"untrusted comment: verify with k.pub\n" \
	"RWTrmmIOkq8FRA8JQ4hipA/LFXGy2mA4aEVHPHy6ppXAGS0c3lEKpGI4l1JGfZR69784ukPy7EwIqrV4q+N9sPMksFCWyD8NmAs=\n"

static int verify(const char *key_text, const char *sig_text, const char *text)
{
	struct br_public_key key;
	struct br_signature sig;
	int r = br_public_key_parse(key_text, strlen(key_text), &key);

	if (r == 0)
		r = br_signature_parse(sig_text, strlen(sig_text), &sig);
	return r < 0 ? r : br_signature_verify(&sig, &key, text, strlen(text));
}

BR_TEST(what_the_tool_made)
{
	EXPECT_INT(verify(KEY, SIG, "hello\n"), 0);
	EXPECT_INT(verify(KEY, SIG, "hello"), -EKEYREJECTED);
	EXPECT_INT(verify(KEY, SIG, "hellO\n"), -EKEYREJECTED);
	EXPECT_INT(verify(KEY, SIG, ""), -EKEYREJECTED);
}

/* Every digit of the signature counts, and no other text is the same bytes. */
BR_TEST(every_digit_counts)
{
	const char *second = strchr(SIG, '\n') + 1;
	size_t first = (size_t)(second - SIG);
	char copy[sizeof(SIG)];

	for (size_t i = first; i < sizeof(SIG) - 1; i++) {
		memcpy(copy, SIG, sizeof(SIG));
		copy[i] = copy[i] == 'A' ? 'B' : 'A';
		EXPECT(verify(KEY, copy, "hello\n") < 0);
	}
}

BR_TEST(another_key)
{
	char key[sizeof(KEY)];
	char *second;

	memcpy(key, KEY, sizeof(KEY));
	second = strchr(key, '\n') + 1;
	second[5] = second[5] == 'A' ? 'B' : 'A';
	EXPECT_INT(verify(key, SIG, "hello\n"), -ENOKEY);
	memcpy(key, KEY, sizeof(KEY));
	second[30] = second[30] == 'A' ? 'B' : 'A';
	EXPECT_INT(verify(key, SIG, "hello\n"), -EKEYREJECTED);
}

BR_TEST(what_is_none)
{
	static const char *const odd[] = {
		"", "\n", "\n\n", "untrusted comment: x", "untrusted comment: x\n", "untrusted comment: x\nRWQ=\n", "comment: x\nRWQ\n",
	};
	struct br_signature sig;
	struct br_public_key key;

	for (size_t i = 0; i < BR_ARRAY_SIZE(odd); i++) {
		EXPECT_INT(br_signature_parse(odd[i], strlen(odd[i]), &sig), -EINVAL);
		EXPECT_INT(br_public_key_parse(odd[i], strlen(odd[i]), &key), -EINVAL);
	}
	EXPECT_INT(br_signature_parse(KEY, strlen(KEY), &sig), -EINVAL);
	EXPECT_INT(br_public_key_parse(SIG, strlen(SIG), &key), -EINVAL);
	EXPECT_INT(br_signature_parse(SIG, strlen(SIG) - 1, &sig), -EINVAL);
	EXPECT_INT(br_signature_parse(SIG "x\n", strlen(SIG) + 2, &sig), -EINVAL);
}

BR_TEST_MAIN()
