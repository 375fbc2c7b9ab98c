/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "image/fstab.h"
#include "test.h"
#include "tree.h"

BR_TEST(fields)
{
	const char *text = "# c\nluks-1 UUID=1 none luks,discard\nswap /dev/sda2 /dev/urandom swap,nofail\nonly\n"
			   "two LABEL=x\nlate UUID=3 /k noauto\nnet UUID=4 /k _netdev\n";
	br_cleanup(br_fstab_free) struct br_fstab f = {0};

	EXPECT_INT(br_crypttab_parse(text, strlen(text), &f), 0);
	EXPECT_INT(f.n_crypt, 5);
	EXPECT_INT(f.n_bad, 1);
	EXPECT(f.bad[0].crypttab && f.bad[0].line == 4);
	EXPECT_STR(f.crypt[0].name, "luks-1");
	EXPECT_INT(f.crypt[0].spec.kind, BR_SPEC_UUID);
	EXPECT_INT(f.crypt[0].line, 2);
	EXPECT(f.crypt[0].waits);
	EXPECT(!f.crypt[1].waits);
	EXPECT_STR(f.crypt[2].key, "none");
	EXPECT_STR(f.crypt[2].options, "");
	EXPECT(f.crypt[2].waits);
	EXPECT(!f.crypt[3].waits && !f.crypt[4].waits);
	EXPECT_INT(br_crypttab_parse("a\0", 2, &f), -EBADMSG);
}

static enum br_key key_of(const char *crypttab, const char *fstab)
{
	br_cleanup(br_fstab_free) struct br_fstab f = {0};
	struct br_root root;

	tree_file("/etc/crypttab", crypttab);
	tree_file("/etc/fstab", fstab);
	if (br_root_open(&root, tree_dir) < 0)
		return (enum br_key)-1;
	EXPECT_INT(br_fstab_read(&root, &f), 0);
	br_root_close(&root);
	EXPECT_INT(f.n_crypt, 1);
	return f.n_crypt ? f.crypt[0].key_state : (enum br_key)-1;
}

BR_TEST(keys)
{
	tree_new();
	tree_file("/etc/keys/a", "k");
	tree_file("/etc/cryptsetup-keys.d/usual.key", "k");
	EXPECT_INT(key_of("x UUID=1 /etc/keys/a luks", ""), BR_KEY_THERE);
	EXPECT_INT(key_of("x UUID=1 /etc/keys/b luks", ""), BR_KEY_MISSING);
	EXPECT_INT(key_of("x UUID=1 /boot/b luks", "UUID=2 /boot ext4 defaults 0 0\n"), BR_KEY_UNKNOWN);
	EXPECT_INT(key_of("x UUID=1 /bootkey luks", "UUID=2 /boot ext4 defaults 0 0\n"), BR_KEY_MISSING);
	EXPECT_INT(key_of("x UUID=1 /key:LABEL=stick luks", ""), BR_KEY_UNKNOWN);
	EXPECT_INT(key_of("x UUID=1 /dev/urandom swap", ""), BR_KEY_THERE);
	EXPECT_INT(key_of("x UUID=1", ""), BR_KEY_ASKED);
	EXPECT_INT(key_of("x UUID=1 - luks", ""), BR_KEY_ASKED);
	EXPECT_INT(key_of("usual UUID=1 none luks", ""), BR_KEY_THERE);
	EXPECT_INT(key_of("x UUID=1 none tpm2-device=auto", ""), BR_KEY_HARDWARE);
	EXPECT_INT(key_of("x UUID=1 foo luks,keyscript=/bin/x", ""), BR_KEY_UNKNOWN);
	tree_file("/usr/lib/systemd/system/clevis-luks-askpass.path", "");
	EXPECT_INT(key_of("x UUID=1 none luks", ""), BR_KEY_UNKNOWN);
}

BR_TEST(an_unreadable_crypttab_is_told_and_fstab_read)
{
	br_cleanup(br_fstab_free) struct br_fstab f = {0};
	struct br_root root;

	tree_new();
	tree_file("/etc/fstab", "UUID=1 / ext4 defaults 0 1\n");
	tree_folder("/etc/crypttab");
	EXPECT_INT(br_root_open(&root, tree_dir), 0);
	EXPECT_INT(br_fstab_read(&root, &f), 0);
	br_root_close(&root);
	EXPECT_INT(f.n, 1);
	EXPECT_INT(f.crypttab_err, -EISDIR);
}

BR_TEST_MAIN()
