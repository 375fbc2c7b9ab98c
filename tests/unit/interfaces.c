/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "image/interfaces.h"
#include "test.h"

static int parse(const char *text, struct br_interfaces *in, unsigned *line)
{
	*in = (struct br_interfaces){0};
	return br_interfaces_parse("/etc/network/interfaces", text, strlen(text), in, line);
}

BR_TEST(stanzas)
{
	br_cleanup(br_interfaces_free) struct br_interfaces in;
	unsigned line;

	EXPECT_INT(parse("# c \\\nauto lo \\\n eth0\nallow-hotplug /en*\niface eth0 inet dhcp\n mtu 1500\nsource a/*\n"
	                 "source-directory b\niface br0 inet static\n bridge_ports eth1 eth2\n",
	                 &in, &line), 0);
	EXPECT_INT(in.n_autos, 3);
	EXPECT_STR(in.autos[1].name, "eth0");
	EXPECT(!in.autos[1].hotplug && in.autos[2].hotplug);
	EXPECT_INT(in.n, 2);
	EXPECT_STR(in.ifaces[0].method, "dhcp");
	EXPECT_INT(in.ifaces[0].line, 5);
	EXPECT_INT(in.ifaces[1].ports.n, 2);
	EXPECT_INT(in.n_sources, 2);
	EXPECT(!in.sources[0].folder && in.sources[1].folder);
}

static int refused_at(const char *text)
{
	br_cleanup(br_interfaces_free) struct br_interfaces in;
	unsigned line = 0;

	return parse(text, &in, &line) == -EBADMSG ? (int)line : 0;
}

BR_TEST(refused)
{
	EXPECT_INT(refused_at("mtu 1500\n"), 1);
	EXPECT_INT(refused_at("iface eth0 inet dhcp\nauto eth0\n mtu 1\n"), 3);
	EXPECT_INT(refused_at("iface eth0 inet\n"), 1);
	EXPECT_INT(refused_at("iface eth0 inet bogus\n"), 1);
	EXPECT_INT(refused_at("iface eth0\n"), 1);
	EXPECT_INT(refused_at("iface eth0 inet dhcp inherits x\n"), 1);
	EXPECT_INT(refused_at("mapping eth0\n foo b\n"), 2);
	EXPECT_INT(refused_at("iface eth0 inet dhcp\nauto\n mtu 1\n"), 0);
	EXPECT_INT(refused_at("iface a inet dhcp\niface eth0 inherits a\n"), 0);
}

BR_TEST(loose)
{
	br_cleanup(br_interfaces_free) struct br_interfaces in = {.loose = true};
	const char *text = "iface eth0\n use dhcp\n";
	unsigned line;

	EXPECT_INT(br_interfaces_parse("/x", text, strlen(text), &in, &line), 0);
	EXPECT_STR(in.ifaces[0].method, "dhcp");
}

BR_TEST_MAIN()
