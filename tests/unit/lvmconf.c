/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "image/lvmconf.h"
#include "test.h"

#define PVID "abcdefghijklmnopqrstuvwxyz012345"

static enum br_lvm_view filter(const char *conf)
{
	static const char *const names[] = {"/dev/vda3", "/dev/nvme0n1p3"};
	br_cleanup(br_lvm_conf_free) struct br_lvm_conf c = {0};

	EXPECT_INT(br_lvm_conf_parse(conf, strlen(conf), &c), 0);
	return br_lvm_filter(&c.filter, names, 2);
}

BR_TEST(filters)
{
	EXPECT_INT(filter(""), BR_LVM_SEEN);
	EXPECT_INT(filter("devices {\n filter = [ \"a|.*|\" ]\n}\n"), BR_LVM_SEEN);
	EXPECT_INT(filter("devices {\n filter = [ \"r|^/dev/cdrom|\" ]\n}\n"), BR_LVM_SEEN);
	EXPECT_INT(filter("devices {\n filter = [ \"a|^/dev/sda|\", \"r|.*|\" ]\n}\n"), BR_LVM_HIDDEN);
	EXPECT_INT(filter("devices {\n filter = [ \"a|^/dev/disk/by-path/|\", \"r|.*|\" ]\n}\n"), BR_LVM_MAYBE);
	EXPECT_INT(filter("devices {\n filter = [ \"a|^/dev/vd|\", \"r|.*|\" ]\n}\n"), BR_LVM_MAYBE);
	EXPECT_INT(filter("devices {\n filter = [ \"a|/dev/vd.*|\", \"a/nvme/\", \"r/.*/\" ]\n}\n"), BR_LVM_SEEN);
	EXPECT_INT(filter("devices/filter = \"r|.*|\"\n"), BR_LVM_HIDDEN);
	EXPECT_INT(filter("devices {\n # filter = [ \"r|.*|\" ]\n}\n"), BR_LVM_SEEN);
	EXPECT_INT(filter("activation {\n filter = [ \"r|.*|\" ]\n}\n"), BR_LVM_SEEN);
	EXPECT_INT(filter("devices {\n filter = [ \"r|.*|\" ]\n filter = [ \"a|.*|\" ]\n}\n"), BR_LVM_SEEN);
	EXPECT_INT(filter("devices {\n filter = [ \"r(.*)\" ]\n}\n"), BR_LVM_HIDDEN);
	/* Not tried, or no pattern. */
	EXPECT_INT(filter("devices {\n filter = [ \"r|x{1,9}|\" ]\n}\n"), BR_LVM_MAYBE);
	EXPECT_INT(filter("devices {\n filter = [ \"r|(|\" ]\n}\n"), BR_LVM_MAYBE);
	EXPECT_INT(filter("devices {\n filter = [ \"x\" ]\n}\n"), BR_LVM_MAYBE);
}

BR_TEST(settings)
{
	static const struct {
		const char *conf;
		int want;
	} rows[] = {
		{"", -1},
		{"devices {\n\tuse_devicesfile = 1\n}", 1},
		{"devices {\n\tuse_devicesfile=0\n}", 0},
		{"devices/use_devicesfile = 1", 1},
		{"devices {\n\t# use_devicesfile = 1\n}", -1},
		{"global {\n\tuse_devicesfile = 1\n}", -1},
	};

	for (size_t i = 0; i < BR_ARRAY_SIZE(rows); i++) {
		br_cleanup(br_lvm_conf_free) struct br_lvm_conf c = {0};

		EXPECT_INT(br_lvm_conf_parse(rows[i].conf, strlen(rows[i].conf), &c), 0);
		EXPECT_INT(c.use_devicesfile, rows[i].want);
	}
}

static enum br_lvm_view devices(const char *text, unsigned want_line)
{
	unsigned line;
	enum br_lvm_view view = br_lvm_devices(text, strlen(text), PVID, &line);

	EXPECT_INT(line, want_line);
	return view;
}

BR_TEST(devices_file)
{
	EXPECT_INT(devices("", 0), BR_LVM_HIDDEN);
	EXPECT_INT(devices("# comment\nVERSION=1.1.3\n", 0), BR_LVM_HIDDEN);
	EXPECT_INT(devices("IDTYPE=devname IDNAME=/dev/vda3 DEVNAME=/dev/vda3 PVID=" PVID " PART=3\n", 1), BR_LVM_SEEN);
	EXPECT_INT(devices("\nIDTYPE=sys_wwid IDNAME=naa.5 DEVNAME=/dev/sda3 PVID=" PVID " PART=3\n", 2), BR_LVM_HIDDEN);
	EXPECT_INT(devices("PRODUCT_UUID=x\nIDTYPE=sys_wwid IDNAME=naa.5 DEVNAME=/dev/sda3 PVID=" PVID, 2), BR_LVM_MAYBE);
	EXPECT_INT(devices("HOSTNAME=x\nIDTYPE=sys_wwid IDNAME=naa.5 DEVNAME=/dev/sda3 PVID=" PVID, 2), BR_LVM_MAYBE);
	EXPECT_INT(devices("PRODUCT_UUID=x\n", 0), BR_LVM_HIDDEN);
	EXPECT_INT(devices("IDTYPE=sys_wwid IDNAME=a PVID=" PVID "\nIDTYPE=crypt_uuid IDNAME=b PVID=" PVID "\n", 2),
	           BR_LVM_SEEN);
	EXPECT_INT(devices("IDTYPE=devname IDNAME=/dev/vda3 PVID=" PVID "9 PART=3\n", 0), BR_LVM_HIDDEN);
	EXPECT_INT(devices("#IDTYPE=devname IDNAME=/dev/vda3 PVID=" PVID "\n", 0), BR_LVM_HIDDEN);
}

BR_TEST_MAIN()
