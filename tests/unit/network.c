/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "image/netini.h"
#include "image/network.h"
#include "test.h"
#include "tree.h"

static void read_tree(struct br_network *n)
{
	struct br_root root;

	*n = (struct br_network){0};
	EXPECT_INT(br_root_open(&root, tree_dir), 0);
	EXPECT_INT(br_network_read(&root, n), 0);
	br_root_close(&root);
}

BR_TEST(dialects)
{
	br_cleanup(br_ini_free) struct br_ini ini = {0};
	const char *text = "; c\n[A]\nk = one \\\n# c\n two\nbad\n[A]\nk=three\n";
	unsigned line;

	EXPECT_INT(br_ini_parse(text, strlen(text), BR_INI_SYSTEMD, &ini, &line), 0);
	EXPECT_STR(ini.v[0].value, "one   two");
	EXPECT_STR(br_ini_get(&ini, "A", "k", &line), "three");
	EXPECT_INT(line, 8);
	br_ini_free(&ini);
	EXPECT_INT(br_ini_parse("[a]\nb=1\nc\n", 10, BR_INI_KEYFILE, &ini, &line), -EBADMSG);
	EXPECT_INT(line, 3);
}

BR_TEST(keyfiles)
{
	br_cleanup(br_network_free) struct br_network n = {0};
	const char *text = "[connection]\ntype=ethernet\ninterface-name=eth0\nautoconnect=false\nautoconnect-priority=-7\n"
			   "[ipv4]\naddress1=192.0.2.1/24\n";

	EXPECT_INT(br_net_keyfile_parse(&n, "/etc/NetworkManager/system-connections/a", text, strlen(text)), 0);
	EXPECT_INT(n.v[0].how, BR_NET_STATIC);
	EXPECT_INT(n.v[0].priority, -7);
	EXPECT(!n.v[0].at_boot);
	EXPECT_STR(n.v[0].match.names.v[0], "eth0");
	EXPECT_INT(br_net_keyfile_parse(&n, "/a/b", "x\n", 2), -EBADMSG);
	EXPECT_INT(n.n_problems, 1);
	EXPECT(n.problems[0].refused && n.problems[0].line == 1);
}

BR_TEST(ifcfg)
{
	br_cleanup(br_network_free) struct br_network n = {.nm.ifcfg = true};
	const char *text = "DEVICE=\"eth0\"\nBOOTPROTO=dhcp # c\nHWADDR=00:11:22:33:44:55\nNM_CONTROLLED=no\n";
	const char *suse = "BOOTPROTO='dhcp'\nSTARTMODE='manual'\n";
	const char *joined = "BOOTPROTO='dhcp4+auto6'\nSTARTMODE='auto'\n", *six = "BOOTPROTO='dhcp6+auto6'\n";

	EXPECT_INT(br_net_ifcfg_parse(&n, false, "/etc/sysconfig/network-scripts/ifcfg-x", text, strlen(text)), 0);
	EXPECT_INT(n.n, 2);
	EXPECT(n.v[0].system == BR_NET_SCRIPTS && n.v[0].how == BR_NET_DHCP && n.v[0].at_boot && !n.v[0].unmanaged);
	EXPECT(n.v[1].system == BR_NET_NM && n.v[1].unmanaged);
	EXPECT_STR(n.v[0].match.mac, "00:11:22:33:44:55");
	EXPECT_INT(n.v[0].line, 2);
	EXPECT_INT(br_net_ifcfg_parse(&n, true, "/etc/sysconfig/network/ifcfg-eth1", suse, strlen(suse)), 0);
	EXPECT(n.v[2].system == BR_NET_WICKED && !n.v[2].at_boot);
	EXPECT_STR(n.v[2].match.names.v[0], "eth1");
	EXPECT_INT(br_net_ifcfg_parse(&n, true, "/etc/sysconfig/network/ifcfg-eth2", joined, strlen(joined)), 0);
	EXPECT(n.v[3].how == BR_NET_DHCP && n.v[3].at_boot);
	EXPECT_INT(br_net_ifcfg_parse(&n, true, "/etc/sysconfig/network/ifcfg-eth3", six, strlen(six)), 0);
	EXPECT_INT(n.v[4].how, BR_NET_DHCP6);
}

BR_TEST(networkd_order_and_masks)
{
	br_cleanup(br_network_free) struct br_network n;

	tree_new();
	tree_file("/etc/systemd/network/20-b.network", "[Match]\nName=!lan\nType=ether\n[Network]\nDHCP=ipv4\n");
	tree_file("/etc/systemd/network/20-b.network.d/x.conf", "[Network]\nDHCP=ipv6\n");
	tree_file("/usr/lib/systemd/network/10-a.network", "[Match]\nName=*\n");
	tree_file("/etc/systemd/network/10-a.network", "");
	tree_file("/usr/lib/systemd/network/30-c.network", "[Network]\nDHCP=yes\n");
	tree_file("/usr/lib/systemd/network/99-default.link", "[Match]\nOriginalName=*\n[Link]\nNamePolicy=keep slot\n");
	read_tree(&n);
	EXPECT_INT(n.n, 2);
	EXPECT_INT(n.v[0].how, BR_NET_DHCP6);
	EXPECT_STR(n.v[0].match.names.v[0], "!lan");
	EXPECT(n.v[1].unused != NULL);
	EXPECT(n.n_links == 1 && n.links[0].policy);
}

BR_TEST(ifupdown_includes)
{
	br_cleanup(br_network_free) struct br_network n;

	tree_new();
	tree_file("/etc/network/interfaces", "auto /e*\nsource d/*\nsource-directory e\nsource /etc/network/interfaces\n");
	tree_file("/etc/network/d/x.cfg", "iface eth0 inet dhcp\n");
	tree_file("/etc/network/e/y.cfg", "iface eth1 inet dhcp\n");
	tree_file("/etc/network/e/z", "iface eth2 inet static\n");
	read_tree(&n);
	/* A file that includes itself ends at the cap on nesting, and is told. */
	EXPECT(n.too_many);
	EXPECT(n.n >= 2);
	EXPECT_STR(n.v[0].path, "/etc/network/d/x.cfg");
	for (size_t i = 0; i < n.n; i++)
		EXPECT(strcmp(n.v[i].path, "/etc/network/e/y.cfg") != 0);
}

BR_TEST(nm_conf_in_order)
{
	br_cleanup(br_network_free) struct br_network n;

	tree_new();
	tree_file("/usr/lib/NetworkManager/conf.d/a.conf", "[main]\nno-auto-default=x\n");
	tree_file("/usr/lib/NetworkManager/conf.d/b.conf", "[main]\nno-auto-default=y\n");
	tree_file("/etc/NetworkManager/conf.d/b.conf", "[main]\nno-auto-default+=z\n");
	tree_file("/etc/NetworkManager/conf.d/c.conf", "[main]\nno-auto-default=*\n[.config]\nenable=no\n");
	read_tree(&n);
	EXPECT_INT(n.nm.no_auto_default.n, 2);
	EXPECT_STR(n.nm.no_auto_default.v[0], "x");
	EXPECT_STR(n.nm.no_auto_default.v[1], "z");
}

BR_TEST(cloud_init_network)
{
	br_cleanup(br_network_free) struct br_network n;

	tree_new();
	tree_program("/usr/bin/cloud-init");
	tree_file("/etc/cloud/cloud.cfg", "network: {config: disabled}\nsystem_info: {network: {renderers: [netplan, eni]}}\n");
	tree_file("/etc/cloud/cloud.cfg.d/x.cfg",
	          "network:\n  version: 1\n  config:\n  - {type: physical, name: eth0, subnets: [{type: static}, {type: dhcp}]}\n");
	read_tree(&n);
	EXPECT(!n.cloud.disabled && n.cloud.own);
	EXPECT_INT(n.cloud.renderers.n, 2);
	EXPECT_INT(n.n, 1);
	EXPECT(n.v[0].system == BR_NET_CLOUD && n.v[0].how == BR_NET_DHCP);
}

BR_TEST(rules)
{
	br_cleanup(br_network_free) struct br_network n = {0};
	const char *text = "# ATTR{address}==\"x\", NAME=\"y\"\nSUBSYSTEM==\"net\", ATTR{address}==\"00:11:22:33:44:55\", NAME=\"eth0\"\n";

	EXPECT_INT(br_net_rules_parse(&n, "/r", text, strlen(text)), 0);
	EXPECT_INT(n.n_rules, 1);
	EXPECT_STR(n.rules[0].name, "eth0");
	EXPECT_INT(n.rules[0].line, 2);
}

BR_TEST_MAIN()
