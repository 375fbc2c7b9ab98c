/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "image/netplan.h"
#include "test.h"

static int parse(const char *path, const char *text, struct br_netplan *np, unsigned *line)
{
	const char *why;

	return br_netplan_parse(path, text, strlen(text), np, line, &why);
}

BR_TEST(merged)
{
	br_cleanup(br_netplan_free) struct br_netplan np = {0};
	unsigned line;

	EXPECT_INT(parse("/a", "network:\n  renderer: NetworkManager\n  ethernets:\n    eth0:\n      dhcp4: yes\n"
	                       "      addresses: [192.0.2.1/24]\n", &np, &line), 0);
	EXPECT_INT(parse("/b", "network:\n  ethernets:\n    eth0: {match: {name: 'en*', driver: a b}, dhcp4: off}\n"
	                       "  bridges: {br0: {interfaces: [eth0]}}\n", &np, &line), 0);
	EXPECT_INT(np.renderer, BR_NETPLAN_NM);
	EXPECT_INT(np.n, 2);
	EXPECT_INT(np.v[0].dhcp4, 0);
	EXPECT(np.v[0].address4 && np.v[0].matched);
	EXPECT_STR(np.v[0].path, "/b");
	EXPECT_INT(np.v[0].line, 3);
	EXPECT_INT(np.v[0].drivers.n, 2);
	EXPECT_STR(np.v[1].ports.v[0], "eth0");
}

static int refused_at(const char *text)
{
	br_cleanup(br_netplan_free) struct br_netplan np = {0};
	unsigned line = 0;

	return parse("/a", text, &np, &line) == -EBADMSG ? (int)line : 0;
}

BR_TEST(refused)
{
	EXPECT_INT(refused_at("network: {version: 3}\n"), 1);
	EXPECT_INT(refused_at("other: 1\n"), 1);
	EXPECT_INT(refused_at("network:\n  ethernets:\n    a:\n      dhcp4: maybe\n"), 4);
	EXPECT_INT(refused_at("network:\n  ethernets:\n    a: [1]\n"), 3);
	EXPECT_INT(refused_at("network:\n  ethernets:\n    a: {addresses: [192.0.2.1]}\n"), 3);
	EXPECT_INT(refused_at("network:\n  renderer: none\n"), 2);
	EXPECT(refused_at("network:\n\tx: 1\n") > 0);
	EXPECT_INT(refused_at("# nothing\n"), 0);
	EXPECT_INT(refused_at("network:\n"), 0);
}

BR_TEST(unknown_key)
{
	br_cleanup(br_netplan_free) struct br_netplan np = {0};
	unsigned line;

	EXPECT_INT(parse("/a", "network:\n  ethernets:\n    a:\n      mtu: 1\n      dhcp-four: 1\n", &np, &line), 0);
	EXPECT_STR(np.odd_key, "dhcp-four");
	EXPECT_INT(np.odd_line, 5);
}

BR_TEST_MAIN()
