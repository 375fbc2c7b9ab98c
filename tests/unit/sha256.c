/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/sha256.h"
#include "test.h"

/* The vectors of FIPS 180-2. */
BR_TEST(known_digests)
{
	struct br_sha256 s;
	char hex[65];

	br_sha256_init(&s);
	br_sha256_hex(&s, hex);
	EXPECT_STR(hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	br_sha256_init(&s);
	br_sha256_add(&s, "abcdbcdecdefdefgefghfghighijhijkijkl", 36);
	br_sha256_add(&s, "jklmklmnlmnomnopnopq", 20);
	br_sha256_hex(&s, hex);
	EXPECT_STR(hex, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

BR_TEST_MAIN()
