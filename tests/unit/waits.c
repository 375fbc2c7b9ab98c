/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "image/fstab.h"
#include "test.h"

/* w: the boot waits; n: it does not; i: systemd does not even look at it. */
static const struct {
	const char *line;
	char want;
} cases[] = {
	{"UUID=1 /a ext4 defaults 0 0", 'w'},
	{"UUID=1 / ext4 nofail,noauto 0 0", 'w'},
	{"UUID=1 /a ext4 nofail 0 0", 'n'},
	{"UUID=1 /a ext4 defaults,nofail,x 0 0", 'n'},
	{"UUID=1 /a ext4 nofail,fail 0 0", 'w'},
	{"UUID=1 /a ext4 fail,nofail 0 0", 'n'},
	{"UUID=1 /a ext4 nofailing 0 0", 'w'},
	{"UUID=1 /a ext4 noauto 0 0", 'n'},
	{"UUID=1 /a ext4 noauto,auto 0 0", 'w'},
	{"UUID=1 /a ext4 auto,noauto 0 0", 'n'},
	{"UUID=1 /a ext4 x-systemd.automount 0 0", 'n'},
	{"UUID=1 /a ext4 noauto,x-systemd.automount 0 0", 'n'},
	{"UUID=1 /a ext4 comment=systemd.automount 0 0", 'n'},
	{"UUID=1 /a ext4 comment=other 0 0", 'w'},
	{"UUID=1 /a ext4 _netdev 0 0", 'n'},
	{"srv:/x /a nfs defaults 0 0", 'n'},
	{"srv:/x /a nfs4 defaults 0 0", 'n'},
	{"x@y:/ /a fuse.sshfs defaults 0 0", 'n'},
	{"x /a fuse.mergerfs defaults 0 0", 'w'},
	{"/src /a none bind 0 0", 'w'},
	{"UUID=1 /usr ext4 x-initrd.mount 0 0", 'w'},
	{"UUID=1 /a ext4 x-systemd.required-by=foo.service 0 0", 'n'},
	{"UUID=1 /a ext4 x-systemd.wanted-by=foo.service 0 0", 'n'},
	{"UUID=1 /a ext4 x-systemd.required-by=local-fs.target 0 0", 'w'},
	{"UUID=1 /a ext4 x-systemd.device-timeout=5 0 0", 'w'},
	{"UUID=1 none swap sw 0 0", 'n'},
	{"UUID=1 swap swap defaults 0 0", 'n'},
	{"UUID=1 /a ext4 comment=systemd.automount,comment=other 0 0", 'n'},
	{"UUID=1 rel ext4 defaults 0 0", 'i'},
	{"UUID=1 rel/ative ext4 defaults 0 0", 'w'},
	{"UUID=1 /sys/kernel/config ext4 defaults 0 0", 'w'},
	{"srv:/x / nfs defaults 0 0", 'n'},
	{"UUID=1 none ext4 defaults 0 0", 'i'},
	{"proc /proc proc defaults 0 0", 'i'},
	{"tmpfs /dev/shm tmpfs defaults 0 0", 'i'},
	{"tmpfs /dev/shm/ tmpfs defaults 0 0", 'i'},
	{"tmpfs /tmp tmpfs defaults 0 0", 'w'},
	{"UUID=1 /run/x ext4 defaults 0 0", 'w'},
	{"UUID=1 /a", 'w'},
};

static char got(const struct br_fstab_entry *e)
{
	return e->ignored ? 'i' : e->waits ? 'w' : 'n';
}

BR_TEST(each_line)
{
	for (size_t i = 0; i < BR_ARRAY_SIZE(cases); i++) {
		br_cleanup(br_fstab_free) struct br_fstab f = {0};

		EXPECT_INT(br_fstab_parse(cases[i].line, strlen(cases[i].line), &f), 0);
		EXPECT_INT(f.n, 1);
		if (f.n == 1 && got(&f.entries[0]) != cases[i].want)
			printf("# %s\n", cases[i].line);
		EXPECT_INT(f.n == 1 ? got(&f.entries[0]) : 0, cases[i].want);
	}
}

BR_TEST(the_first_of_two_counts)
{
	const char *text = "UUID=1 /a ext4 nofail 0 0\nUUID=2 /a/ ext4 defaults 0 0\n";
	br_cleanup(br_fstab_free) struct br_fstab f = {0};

	EXPECT_INT(br_fstab_parse(text, strlen(text), &f), 0);
	EXPECT(!f.entries[0].waits && !f.entries[0].ignored);
	EXPECT(f.entries[1].ignored && !f.entries[1].waits);
	EXPECT(br_fstab_target(&f, "/a") == &f.entries[0]);
}

BR_TEST(the_root_is_not_let_off)
{
	const char *text = "UUID=1 / ext4 nofail,x-systemd.automount 0 0\n";
	br_cleanup(br_fstab_free) struct br_fstab f = {0};

	EXPECT_INT(br_fstab_parse(text, strlen(text), &f), 0);
	EXPECT(f.entries[0].waits && !f.entries[0].nofail && !f.entries[0].automount);
}

BR_TEST_MAIN()
