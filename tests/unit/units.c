/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "image/units.h"
#include "test.h"
#include "tree.h"

static struct br_units units;

static int read_units(void)
{
	br_autofree char *why = NULL;
	struct br_root root;
	int r;

	br_units_free(&units);
	if (br_root_open(&root, tree_dir) < 0)
		return -1;
	r = br_units_read(&root, &units, &why);
	br_root_close(&root);
	if (why)
		printf("# %s\n", why);
	return r;
}

/* "enabled starts" and so on. */
static const char *of(const char *name)
{
	static char text[4][128];
	static unsigned next;
	const struct br_unit *u = br_unit_find(&units, name);
	char *s = text[next++ % 4];

	if (!u)
		return "none";
	snprintf(s, sizeof(text[0]), "%s%s%s%s", br_unit_state_name(u->state), u->starts ? " starts" : "", u->preset ? " preset" : "",
	         u->by_socket ? " socket" : "");
	return s;
}

#define LIB "/usr/lib/systemd/system/"
#define ETC "/etc/systemd/system/"
#define SERVICE "[Service]\nExecStart=/bin/true\n[Install]\nWantedBy=multi-user.target\n"

static void plant(void)
{
	tree_new();
	tree_program("/usr/lib/systemd/systemd");
	tree_file("/etc/machine-id", "0123456789abcdef0123456789abcdef\n");
	tree_file(LIB "multi-user.target", "[Unit]\nRequires=basic.target\n");
	tree_file(LIB "basic.target", "[Unit]\nRequires=sysinit.target\nWants=sockets.target\n");
	tree_file(LIB "sysinit.target", "[Unit]\nDescription=x\n");
	tree_file(LIB "sockets.target", "[Unit]\nDescription=x\n");
	tree_link(ETC "default.target", "/usr/lib/systemd/system/multi-user.target");
}

BR_TEST(states)
{
	plant();
	tree_file(LIB "on.service", SERVICE);
	tree_link(ETC "multi-user.target.wants/on.service", LIB "on.service");
	tree_file(LIB "off.service", SERVICE);
	tree_file(LIB "static.service", "[Service]\n");
	tree_file(LIB "masked.service", SERVICE);
	tree_link(ETC "masked.service", "/dev/null");
	tree_link(ETC "multi-user.target.wants/masked.service", LIB "masked.service");
	tree_file(LIB "empty.service", SERVICE);
	tree_file(ETC "empty.service", "");
	tree_file(LIB "real.service", SERVICE "Alias=other.service\n");
	tree_link(ETC "other.service", LIB "real.service");
	tree_file("/opt/out.service", SERVICE);
	tree_link(ETC "out.service", "/opt/out.service");
	tree_file(LIB "bad.service", "[Unit\n");
	tree_file(LIB "also.service", "[Install]\nAlso=on.service\n");
	EXPECT_INT(read_units(), 0);
	EXPECT_INT(units.init, BR_INIT_SYSTEMD);
	EXPECT_STR(units.default_target, "multi-user.target");
	EXPECT(!units.first_boot);
	EXPECT_STR(of("on.service"), "enabled starts");
	EXPECT_STR(of("off.service"), "disabled");
	EXPECT_STR(of("static.service"), "static");
	EXPECT_STR(of("masked.service"), "masked");
	EXPECT_STR(of("empty.service"), "masked");
	EXPECT_STR(of("real.service"), "enabled");
	EXPECT_STR(br_unit_find(&units, "other.service")->name, "real.service");
	EXPECT_STR(of("out.service"), "linked");
	EXPECT_STR(of("bad.service"), "bad");
	EXPECT_STR(of("also.service"), "indirect");
	EXPECT_STR(of("nothing.service"), "none");
	EXPECT_STR(br_unit_find(&units, "on.service")->by, ETC "multi-user.target.wants/on.service");
	EXPECT_STR(br_unit_find(&units, "masked.service")->by, ETC "masked.service");
	br_units_free(&units);
}

BR_TEST(what_the_boot_comes_to)
{
	plant();
	tree_file(LIB "a.service", "[Unit]\nWants=b@x.service\n[Service]\n");
	tree_file(LIB "b@.service", "[Unit]\nRequires=c-%i.service\n[Service]\n");
	tree_file(LIB "c-x.service", "[Service]\n");
	tree_file(ETC "basic.target.d/more.conf", "[Unit]\nWants=a.service\n");
	tree_file(LIB "s.socket", "[Socket]\nListenStream=1\n");
	tree_file(LIB "s.service", "[Service]\n");
	tree_link(LIB "sockets.target.wants/s.socket", "../s.socket");
	tree_file(LIB "t.service", "[Service]\n");
	tree_link(LIB "multi-user.target.wants/t.service", "../t.service");
	tree_link(ETC "multi-user.target.wants/t.service", "/dev/null");
	tree_file(LIB "rescue.target", "[Unit]\nWants=r.service\n");
	tree_file(LIB "r.service", SERVICE);
	EXPECT_INT(read_units(), 0);
	EXPECT_STR(of("a.service"), "static starts");
	EXPECT_STR(of("b@x.service"), "static starts");
	EXPECT_STR(of("c-x.service"), "static starts");
	EXPECT_STR(of("s.service"), "static socket");
	EXPECT(br_unit_starts(&units, "s.service"));
	EXPECT_STR(of("t.service"), "enabled");
	EXPECT_STR(of("r.service"), "disabled");
	EXPECT_STR(br_unit_find(&units, "a.service")->by, ETC "basic.target.d/more.conf");
	EXPECT_INT(br_unit_find(&units, "a.service")->by_line, 2);
	br_units_free(&units);
}

BR_TEST(first_boot)
{
	plant();
	tree_file(LIB "yes.service", SERVICE "Also=too.service\n");
	tree_file(LIB "too.service", SERVICE);
	tree_file(LIB "no.service", SERVICE);
	tree_file(LIB "kept.service", SERVICE);
	tree_link(ETC "multi-user.target.wants/kept.service", LIB "kept.service");
	tree_file("/usr/lib/systemd/system-preset/90.preset", "disable *\n");
	tree_file("/etc/systemd/system-preset/50.preset", "# enable no.service\nenable y?s.service\n");
	EXPECT_INT(read_units(), 0);
	EXPECT_STR(of("yes.service"), "disabled");
	tree_file("/etc/machine-id", "uninitialized\n");
	EXPECT_INT(read_units(), 0);
	EXPECT(units.first_boot);
	EXPECT_STR(of("yes.service"), "disabled starts preset");
	EXPECT_STR(of("too.service"), "disabled starts preset");
	EXPECT_STR(of("no.service"), "disabled");
	EXPECT_STR(of("kept.service"), "enabled starts");
	EXPECT_STR(br_unit_find(&units, "yes.service")->by, "/etc/systemd/system-preset/50.preset");
	EXPECT_INT(br_unit_find(&units, "yes.service")->by_line, 2);
	tree_file("/etc/machine-id", "");
	EXPECT_INT(read_units(), 0);
	EXPECT(!units.first_boot);
	br_units_free(&units);
}

BR_TEST(scripts_and_generators)
{
	plant();
	tree_program("/usr/lib/systemd/system-generators/systemd-sysv-generator");
	tree_program("/usr/lib/systemd/system-generators/cloud-init-generator");
	tree_file(LIB "cloud-init.target", "[Unit]\nDescription=x\n");
	tree_program("/etc/init.d/old.sh");
	tree_link("/etc/rc3.d/S20old.sh", "../init.d/old.sh");
	tree_program("/etc/init.d/late");
	tree_link("/etc/rc3.d/K20late", "../init.d/late");
	tree_file("/etc/init.d/README", "");
	EXPECT_INT(read_units(), 0);
	EXPECT_STR(of("old.service"), "enabled starts");
	EXPECT_STR(of("late.service"), "disabled");
	EXPECT_STR(of("README.service"), "none");
	EXPECT_STR(of("cloud-init.target"), "static starts");
	tree_file("/etc/cloud/cloud-init.disabled", "");
	EXPECT_INT(read_units(), 0);
	EXPECT_STR(of("cloud-init.target"), "static");
	tree_file("/etc/cloud/cloud-init.enabled", "");
	EXPECT_INT(read_units(), 0);
	EXPECT_STR(of("cloud-init.target"), "static starts");
	/* A mask; the tree has no /dev/null. */
	tree_link("/etc/systemd/system-generators/cloud-init-generator", "/dev/null");
	EXPECT_INT(read_units(), 0);
	EXPECT_STR(of("cloud-init.target"), "static");
	br_units_free(&units);
}

/* systemd-sysv-generator: links of the runlevels 2 to 5, and never a script beside a unit of its name. */
BR_TEST(runlevels_of_scripts)
{
	static const char *const names[] = {"two", "four", "five", "six", "suse", "native"};
	static const char *const links[] = {"/etc/rc2.d/S20two", "/etc/rc4.d/S20four", "/etc/rc5.d/S20five",
	                                    "/etc/rc6.d/S20six", "/etc/init.d/rc3.d/S20suse", "/etc/rc3.d/S20native"};

	plant();
	tree_file("/usr/lib/systemd/system-generators/systemd-sysv-generator", "#!");
	for (size_t i = 0; i < BR_ARRAY_SIZE(names); i++) {
		br_autofree char *script = br_format("/etc/init.d/%s", names[i]);

		tree_program(script);
		tree_link(links[i], script);
	}
	tree_file(LIB "native.service", SERVICE);
	tree_file(LIB "graphical.target", "[Unit]\nRequires=multi-user.target\n");
	EXPECT_INT(read_units(), 0);
	EXPECT_STR(of("two.service"), "none"); /* a generator that cannot be run */
	tree_program("/usr/lib/systemd/system-generators/systemd-sysv-generator");
	EXPECT_INT(read_units(), 0);
	EXPECT_STR(of("two.service"), "enabled starts");
	EXPECT_STR(of("four.service"), "enabled starts");
	EXPECT_STR(of("five.service"), "enabled");
	EXPECT_STR(of("six.service"), "disabled");
	EXPECT_STR(of("suse.service"), "enabled starts");
	EXPECT_STR(of("native.service"), "disabled");
	unlink(tree_at(ETC "default.target"));
	tree_link(ETC "default.target", LIB "graphical.target");
	EXPECT_INT(read_units(), 0);
	EXPECT_STR(of("five.service"), "enabled starts");
	EXPECT_STR(of("two.service"), "enabled starts");
	br_units_free(&units);
}

BR_TEST(runlevels_of_other_inits)
{
	tree_new();
	tree_file("/etc/inittab", "#id:5:initdefault:\nid:3:initdefault:\n");
	tree_program("/etc/init.d/three");
	tree_link("/etc/rc3.d/S01three", "../init.d/three");
	tree_program("/etc/init.d/single");
	tree_link("/etc/rcS.d/S01single", "../init.d/single");
	tree_program("/etc/init.d/two");
	tree_link("/etc/rc2.d/S01two", "../init.d/two");
	EXPECT_INT(read_units(), 0);
	EXPECT_STR(of("three.service"), "enabled starts");
	EXPECT_STR(of("single.service"), "enabled starts");
	EXPECT_STR(of("two.service"), "disabled");
	unlink(tree_at("/etc/inittab")); /* Debian's default is 2 */
	EXPECT_INT(read_units(), 0);
	EXPECT_STR(of("three.service"), "disabled");
	EXPECT_STR(of("two.service"), "enabled starts");
	tree_new();
	tree_program("/sbin/openrc");
	tree_program("/etc/init.d/early");
	tree_program("/etc/init.d/first");
	tree_program("/etc/init.d/other");
	tree_link("/etc/runlevels/boot/early", "/etc/init.d/early");
	tree_link("/etc/runlevels/sysinit/first", "/etc/init.d/first");
	tree_link("/etc/runlevels/nonetwork/other", "/etc/init.d/other");
	EXPECT_INT(read_units(), 0);
	EXPECT_STR(of("early.service"), "enabled starts");
	EXPECT_STR(of("first.service"), "enabled starts");
	EXPECT_STR(of("other.service"), "disabled");
	br_units_free(&units);
}

BR_TEST(other_inits)
{
	tree_new();
	tree_file("/etc/inittab", "# x\nid:3:initdefault:\n");
	tree_program("/etc/rc.d/init.d/sshd");
	tree_program("/etc/rc.d/init.d/cups");
	tree_link("/etc/rc.d/rc3.d/S55sshd", "../init.d/sshd");
	tree_link("/etc/rc.d/rc2.d/S55cups", "../init.d/cups");
	EXPECT_INT(read_units(), 0);
	EXPECT_INT(units.init, BR_INIT_SYSV);
	EXPECT_STR(of("sshd.service"), "enabled starts");
	EXPECT_STR(of("cups.service"), "disabled");
	tree_new();
	tree_program("/sbin/openrc");
	tree_program("/etc/init.d/sshd");
	tree_program("/etc/init.d/cups");
	tree_link("/etc/runlevels/default/sshd", "/etc/init.d/sshd");
	EXPECT_INT(read_units(), 0);
	EXPECT_INT(units.init, BR_INIT_OPENRC);
	EXPECT_STR(of("sshd.service"), "enabled starts");
	EXPECT_STR(of("cups.service"), "disabled");
	tree_new();
	EXPECT_INT(read_units(), 0);
	EXPECT_INT(units.init, BR_INIT_UNKNOWN);
	br_units_free(&units);
}

BR_TEST(hostile)
{
	plant();
	tree_link(ETC "loop-a.service", "loop-b.service");
	tree_link(ETC "loop-b.service", "loop-a.service");
	tree_link(ETC "self.service", "self.service");
	tree_link(ETC "away.service", "../../../../../../../../etc/passwd");
	tree_folder(ETC "folder.service");
	tree_link(ETC "type.service", LIB "basic.target");
	tree_file(LIB "circle.service", "[Unit]\nWants=circle.service\nRequires=round.service\n");
	tree_file(LIB "round.service", "[Unit]\nWants=circle.service\n");
	tree_link(ETC "multi-user.target.wants/circle.service", "x");
	EXPECT_INT(read_units(), 0);
	EXPECT_STR(of("loop-a.service"), "bad");
	EXPECT_STR(of("self.service"), "bad");
	EXPECT_STR(of("away.service"), "bad");
	EXPECT_STR(of("folder.service"), "bad");
	EXPECT_STR(of("type.service"), "bad");
	EXPECT_STR(of("round.service"), "static starts");
	br_units_free(&units);
}

BR_TEST_MAIN()
