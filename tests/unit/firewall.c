/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "image/firewall-internal.h"
#include "test.h"
#include "tree.h"

static unsigned line;

static const char *word(enum br_passage p)
{
	static const char *const words[] = {"none", "open", "dropped", "partly", "unknown"};

	return words[p];
}

static const char *judged(struct br_fw *fw)
{
	struct br_passing p = {0};

	EXPECT_INT(br_fw_judge(fw, &p), 0);
	line = p.line;
	free(p.path);
	free(p.why);
	return word(p.ssh);
}

static const char *tables(const char *rules)
{
	br_cleanup(br_fw_free) struct br_fw fw = {0};

	EXPECT_INT(br_iptables_parse("/r", rules, strlen(rules), &fw), 0);
	return judged(&fw);
}

static const char *nft(const char *rules)
{
	br_cleanup(br_fw_free) struct br_fw fw = {0};
	br_autofree char *text = br_format("table inet f {\nchain input {\ntype filter hook input priority 0; policy drop\n%s\n}\n}\n", rules);

	EXPECT_INT(br_nft_parse(NULL, "/n", text, strlen(text), &fw), 0);
	return judged(&fw);
}

BR_TEST(iptables_rules)
{
	EXPECT_STR(tables(""), "open");
	EXPECT_STR(tables("*filter\n:INPUT DROP [0:0]\nCOMMIT\n"), "dropped");
	EXPECT_INT(line, 2);
	EXPECT_STR(tables("*filter\n:INPUT DROP [0:0]\n-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT\n"), "open");
	EXPECT_STR(tables("*filter\n:INPUT DROP [0:0]\n-A INPUT -p tcp -m multiport --dports 80,20:25 -j ACCEPT\n"), "open");
	EXPECT_STR(tables("*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -j REJECT --reject-with x\n"), "dropped");
	EXPECT_INT(line, 3);
	EXPECT_STR(tables("*filter\n:INPUT DROP [0:0]\n-A INPUT -s 10.0.0.0/8 -j ACCEPT\n"), "partly");
	EXPECT_INT(line, 3);
	EXPECT_STR(tables("*filter\n:INPUT DROP [0:0]\n-A INPUT -i lo -j ACCEPT\n-A INPUT ! -i lo -j RETURN\n-A INPUT -j ACCEPT\n"), "dropped");
	EXPECT_STR(tables("*filter\n-A INPUT -m comment --comment \"-j DROP\" -j a\n-A a -j b\n-A b -p tcp ! --dport 80 -j DROP\n"), "dropped");
	EXPECT_STR(tables("*filter\n-A INPUT -g a\n-A INPUT -j DROP\n:a - [0:0]\n"), "open");
	EXPECT_STR(tables("*filter\n-A INPUT -j a\n-A a -j a\n"), "partly");
	EXPECT_STR(tables("*raw\n-A PREROUTING -p tcp --dport ssh -j DROP\n*filter\n-A INPUT -j ACCEPT\n"), "dropped");
	EXPECT_STR(tables("*filter\n-A INPUT -m recent --update --hitcount 4 -j DROP\n"), "open");
	EXPECT_STR(tables("*filter\n-A INPUT -p tcp --dport 22 -m recent ! --set -j DROP\n"), "open");
	EXPECT_STR(tables("*filter\n-A INPUT -p tcp --dport 22 -m recent --set -j DROP\n"), "dropped");
	EXPECT_STR(tables("*nat\n-A INPUT -j DROP\n"), "open");
	EXPECT_STR(tables("*raw\n-A PREROUTING -m rpfilter --validmark --invert -j DROP\n"), "open");
	EXPECT_STR(tables("*filter\n:INPUT DROP\n-4 -A INPUT -p tcp --sport 1024:65535 --dport 22 -j ACCEPT\n"), "open");
	EXPECT_STR(tables("*filter\n:INPUT DROP\n-A INPUT -p tcp --sport 40000 --dport 22 -j ACCEPT\n"), "partly");
	EXPECT_STR(tables("*filter\n:INPUT DROP\n-6 -A INPUT -p tcp --dport 22 -j ACCEPT\n"), "dropped");
	EXPECT_STR(tables("*filter\n:INPUT DROP\n-A INPUT -p tcp --dport 22 -m connlimit --connlimit-upto 3 -j ACCEPT\n"), "open");
	EXPECT_STR(tables("*filter\n-A INPUT -p tcp --dport 22 -m connlimit --connlimit-above 3 -j REJECT\n"), "open");
	EXPECT_STR(tables("*filter\n-A INPUT -p tcp ! --syn -m state --state NEW -j DROP\n"), "open");
	EXPECT_STR(tables("*filter\n-A INPUT -p tcp --tcp-flags ALL NONE -j DROP\n"), "open");
	EXPECT_STR(tables("*filter\n-A INPUT -p tcp --tcp-flags FIN,SYN,RST,ACK SYN -j DROP\n"), "dropped");
	EXPECT_STR(tables("*filter\n:INPUT DROP\n[5:300] -A INPUT -p tcp --dport 22 -j ACCEPT\n-I INPUT -p udp -j DROP\n"), "open");
	EXPECT_STR(tables("*filter\n-A INPUT -p tcp --dport 22 -j ACCEPT\n-I INPUT -p tcp -j DROP\n"), "dropped");
	EXPECT_STR(tables("*filter\n-A INPUT -m addrtype ! --dst-type LOCAL -j DROP\n-A INPUT -m pkttype --pkt-type broadcast -j DROP\n"),
	           "open");
}

/* Every chain that the packet comes through, in its order: the first that drops it is named. */
BR_TEST(chains_in_their_order)
{
	static const char *const places[][2] = {{"raw", "PREROUTING"}, {"mangle", "PREROUTING"}, {"mangle", "INPUT"},
	                                        {"filter", "INPUT"}, {"security", "INPUT"}};

	for (size_t i = 0; i < BR_ARRAY_SIZE(places); i++) {
		br_autostr struct br_str text = {0};

		/* Written the other way round: that one drops, then all from there on. */
		br_str_printf(&text, "*%s\n-A %s -j DROP\n", places[i][0], places[i][1]);
		EXPECT_STR(tables(text.s), "dropped");
		for (size_t k = BR_ARRAY_SIZE(places); k-- > i;)
			br_str_printf(&text, "*%s\n-A %s -j DROP\n", places[k][0], places[k][1]);
		EXPECT_STR(tables(text.s), "dropped");
		EXPECT_INT(line, 2);
	}
	EXPECT_STR(tables("*filter\n:INPUT DROP\n*raw\n:PREROUTING DROP\n"), "dropped");
	EXPECT_INT(line, 4);
	EXPECT_STR(tables("*filter\n:FORWARD DROP\n:OUTPUT DROP\n*mangle\n:POSTROUTING DROP\n"), "open");
}

BR_TEST(first_rule_that_fits)
{
	EXPECT_STR(tables("*filter\n-A INPUT -j ACCEPT\n-A INPUT -j DROP\n"), "open");
	EXPECT_STR(tables("*filter\n-A INPUT -j DROP\n-A INPUT -j ACCEPT\n"), "dropped");
	EXPECT_STR(tables("*filter\n-A INPUT -s 10.0.0.0/8 -j DROP\n-A INPUT -j ACCEPT\n"), "partly");
	EXPECT_STR(tables("*filter\n-A INPUT -p tcp --dport 22 -j ACCEPT\n-I INPUT 2 -j DROP\n"), "open");
	EXPECT_STR(tables("*filter\n-A INPUT -p udp -j ACCEPT\n-A INPUT -j DROP\n-I INPUT 2 -j ACCEPT\n"), "open");
	EXPECT_STR(tables("*filter\n:INPUT DROP\n-A INPUT -j a\n-A a -j RETURN\n-A a -j ACCEPT\n"), "dropped");
	/* Back from a chain that it went to for good: to where that one was called from, past the rest. */
	EXPECT_STR(tables("*filter\n-A INPUT -j a\n-A INPUT -j ACCEPT\n-A a -g b\n-A a -j DROP\n-A b -p udp -j DROP\n"), "open");
	EXPECT_STR(tables("*filter\n-P INPUT DROP\n"), "dropped");
	EXPECT_STR(tables("*filter\n:INPUT DROP\n-A INPUT -p tcp --dport 22:80 -j ACCEPT\n"), "open");
	EXPECT_STR(tables("*filter\n:INPUT DROP\n-A INPUT -p tcp --dport 1:22 -j ACCEPT\n"), "open");
	EXPECT_STR(tables("*filter\n:INPUT DROP\n-A INPUT -p tcp --dport 23: -j ACCEPT\n"), "dropped");
	EXPECT_STR(tables("*filter\n:INPUT DROP\n-A INPUT -p tcp --dport :22 -j ACCEPT\n"), "open");
}

/* What drops on one device's way in may be on another's than the target's. */
BR_TEST(a_chain_of_one_device)
{
	br_cleanup(br_fw_free) struct br_fw fw = {0};
	static const char text[] = "table netdev f {\nchain in {\ntype filter hook ingress device \"eth1\" priority 0; policy drop;\n}\n}\n";

	EXPECT_INT(br_nft_parse(NULL, "/n", text, strlen(text), &fw), 0);
	EXPECT_STR(judged(&fw), "partly");
}

static struct br_firewalls firewalls;

static void read_tree(void)
{
	struct br_root root;

	br_firewalls_free(&firewalls);
	EXPECT_INT(br_root_open(&root, tree_dir), 0);
	EXPECT_INT(br_firewalls_read(&root, &firewalls), 0);
	br_root_close(&root);
}

BR_TEST(files_of_ufw)
{
	tree_new();
	tree_file("/etc/ufw/ufw.conf", "ENABLED=no\nENABLED=\"yes\" # yes\n");
	read_tree();
	EXPECT(firewalls.ufw_enabled);
	EXPECT_STR(word(firewalls.ufw.ssh), "dropped"); /* its own default */
	tree_file("/etc/default/ufw", "DEFAULT_INPUT_POLICY=\"DROP\"\nDEFAULT_INPUT_POLICY=\"ACCEPT\"\n");
	read_tree();
	EXPECT_STR(word(firewalls.ufw.ssh), "open");
	/* before.rules, user.rules, after.rules */
	tree_file("/etc/ufw/after.rules", "*filter\n-A ufw-after-input -j DROP\nCOMMIT\n");
	read_tree();
	EXPECT_STR(word(firewalls.ufw.ssh), "dropped");
	tree_file("/lib/ufw/user.rules", "*filter\n-A ufw-user-input -p tcp --dport 22 -j ACCEPT\nCOMMIT\n");
	read_tree();
	EXPECT_STR(word(firewalls.ufw.ssh), "open");
	tree_file("/etc/ufw/user.rules", "*filter\nCOMMIT\n");
	read_tree();
	EXPECT_STR(word(firewalls.ufw.ssh), "dropped");
	tree_file("/etc/ufw/before.rules", "*filter\n-A ufw-before-input -p tcp --dport 22 -j ACCEPT\nCOMMIT\n");
	read_tree();
	EXPECT_STR(word(firewalls.ufw.ssh), "open");
	tree_file("/etc/ufw/ufw.conf", "ENABLED=yes\nENABLED=no\n");
	read_tree();
	EXPECT(!firewalls.ufw_enabled);
	br_firewalls_free(&firewalls);
}

BR_TEST(files_of_the_others)
{
	static const char *const tables_files[] = {"/var/lib/iptables/rules-save", "/etc/iptables/rules-save",
	                                           "/etc/iptables/iptables.rules", "/etc/sysconfig/iptables",
	                                           "/etc/iptables/rules.v4"};
	static const char *const nft_files[] = {"/etc/nftables/rules/main.nft", "/etc/nftables.nft", "/etc/nftables.conf",
	                                        "/etc/sysconfig/nftables.conf"};

	tree_new();
	/* From the last to the first: each outvotes the ones behind it. */
	for (size_t i = 0; i < BR_ARRAY_SIZE(tables_files); i++) {
		tree_file(tables_files[i], i % 2 ? "*filter\n:INPUT ACCEPT\n" : "*filter\n:INPUT DROP\n");
		read_tree();
		EXPECT_STR(word(firewalls.iptables.ssh), i % 2 ? "open" : "dropped");
	}
	for (size_t i = 0; i < BR_ARRAY_SIZE(nft_files); i++) {
		tree_file(nft_files[i], i % 2 ? "\n" : "table inet f {\nchain i {\ntype filter hook input priority 0; policy drop;\n}\n}\n");
		read_tree();
		EXPECT_STR(word(firewalls.nftables.ssh), i % 2 ? "open" : "dropped");
	}
	tree_file("/etc/sysconfig/SuSEfirewall2", "FW_SERVICES_EXT_TCP=\"\"\n");
	read_tree();
	EXPECT_STR(word(firewalls.susefirewall.ssh), "dropped");
	tree_file("/etc/sysconfig/SuSEfirewall2", "FW_SERVICES_EXT_TCP=\"80 20:22\"\n");
	read_tree();
	EXPECT_STR(word(firewalls.susefirewall.ssh), "open");
	tree_file("/etc/sysconfig/SuSEfirewall2", "FW_SERVICES_EXT_TCP=\"80\"\nFW_CONFIGURATIONS_EXT=\"apache2 sshd\"\n");
	read_tree();
	EXPECT_STR(word(firewalls.susefirewall.ssh), "open");
	br_firewalls_free(&firewalls);
}

/* What takes the square of its length to follow is not followed. */
BR_TEST(heaps_of_rules)
{
	br_cleanup(br_fw_free) struct br_fw fw = {0}, fw2 = {0};
	br_autostr struct br_str text = {0}, sets = {0};

	br_str_puts(&text, "*filter\n");
	br_str_puts(&sets, "table inet f {\n");
	for (unsigned i = 0; i < 5000; i++) {
		br_autofree char *set = br_format("set s%u { elements = { 1 } }\n", i);

		br_str_puts(&text, "-I INPUT -p udp -j DROP\n");
		br_str_puts(&sets, set ? set : "");
	}
	EXPECT_INT(br_iptables_parse("/r", text.s, text.len, &fw), -E2BIG);
	EXPECT_INT(br_nft_parse(NULL, "/n", sets.s, sets.len, &fw2), -E2BIG);
}

BR_TEST(nft_rules)
{
	EXPECT_STR(nft(""), "dropped");
	EXPECT_INT(line, 3);
	EXPECT_STR(nft("tcp dport ssh accept"), "open");
	EXPECT_STR(nft("tcp dport { 80, 20-25 } counter accept comment \"x\""), "open");
	EXPECT_STR(nft("iifname \"lo\" accept; iif != lo tcp dport 22 accept"), "open");
	EXPECT_STR(nft("iifname eth0 tcp dport 22 accept"), "partly");
	EXPECT_STR(nft("ct state established,related accept\nudp dport 22 accept\nip6 saddr ::/0 accept"), "dropped");
	EXPECT_STR(nft("ct state vmap { established : accept,\n new : jump more }"), "dropped");
	EXPECT_STR(nft("tcp dport vmap { 22 : accept, 80 : drop }"), "open");
	EXPECT_STR(nft("tcp dport @unknown accept"), "partly");
	EXPECT_STR(nft("some words of tomorrow accept"), "partly");
	EXPECT_STR(nft("tcp flags & (fin|syn|rst|ack) == syn accept"), "open");
	EXPECT_STR(nft("limit rate over 5/second drop\naccept"), "open");
	EXPECT_STR(nft("tcp dport . ip saddr { 22 . 10.0.0.1, 80 . 10.0.0.2 } accept"), "partly");
	EXPECT_STR(nft("ip saddr . tcp dport vmap { 10.0.0.1 . 22 : accept }"), "partly");
	EXPECT_STR(nft("ct state new jump { tcp dport 22 accept; }"), "partly");
	EXPECT_STR(nft("tcp dport @later accept\n}\nset later { type inet_service; elements = { 22, 80 } "), "open");
	EXPECT_STR(nft("tcp dport != 22 accept"), "dropped");
	EXPECT_STR(nft("tcp dport < 23 accept"), "open");
	EXPECT_STR(nft("tcp dport >= 23 accept"), "dropped");
	EXPECT_STR(nft("meta l4proto { icmp, udp } accept"), "dropped");
	EXPECT_STR(nft("fib saddr . iif oif missing drop\ntcp dport 22 accept"), "open");
}

BR_TEST(nft_files)
{
	br_cleanup(br_fw_free) struct br_fw fw = {0};
	struct br_firewalls f = {0};
	struct br_root root;

	tree_new();
	tree_file("/etc/nftables.conf", "flush ruleset\ndefine way = { 22 }\ninclude \"/etc/nftables.d/*.nft\"\ninclude \"/etc/nftables.conf\"\n");
	tree_file("/etc/nftables.d/a.nft", "table ip f {\n set s { type inet_service; elements = $way }\n chain input {\n"
		  "  type filter hook input priority filter; policy drop;\n  tcp dport @s accept\n }\n}\n");
	tree_file("/etc/nftables.d/b.not", "table ip f { chain input { drop } }\n");
	EXPECT_INT(br_root_open(&root, tree_dir), 0);
	EXPECT_INT(br_firewalls_read(&root, &f), 0);
	EXPECT_STR(word(f.nftables.ssh), "unknown"); /* it includes itself */
	br_firewalls_free(&f);
	tree_file("/etc/nftables.conf", "flush ruleset\ndefine way = { 22 }\ninclude \"/etc/nftables.d/*.nft\"\n");
	EXPECT_INT(br_firewalls_read(&root, &f), 0);
	EXPECT_STR(word(f.nftables.ssh), "open");
	EXPECT_STR(word(f.iptables.ssh), "none");
	br_firewalls_free(&f);
	tree_file("/etc/nftables.d/c.nft", "flush table ip f\nadd chain ip f in { type filter hook input priority 1; policy drop; }\n"
		  "add rule ip f in tcp dport 80 accept\n");
	EXPECT_INT(br_firewalls_read(&root, &f), 0);
	EXPECT_STR(word(f.nftables.ssh), "dropped");
	EXPECT_STR(f.nftables.path, "/etc/nftables.d/c.nft");
	EXPECT_INT(f.nftables.line, 2);
	br_firewalls_free(&f);
	br_root_close(&root);
	EXPECT_INT(br_nft_parse(NULL, "/n", "a\0b", 3, &fw), -EBADMSG);
	EXPECT_INT(br_iptables_parse("/n", "a\0b", 3, &fw), -EBADMSG);
}

static const char *zone(const char *text)
{
	return word(br_zone_parse(NULL, text, strlen(text), &line));
}

BR_TEST(zones)
{
	EXPECT_STR(zone("<zone><service name=\"ssh\"/></zone>"), "open");
	EXPECT_STR(zone("<zone>\n<!-- <service name=\"ssh\"/> -->\n<service name='http'/></zone>"), "dropped");
	EXPECT_STR(zone("<zone target=\"ACCEPT\"/>"), "open");
	EXPECT_STR(zone("<zone target=\"DROP\"><port port=\"20-25\" protocol=\"tcp\"/></zone>"), "open");
	EXPECT_STR(zone("<zone><port port=\"22\" protocol=\"udp\"/></zone>"), "dropped");
	EXPECT_STR(zone("<zone><rule><source address=\"10.0.0.0/8\"/><service name=\"ssh\"/><accept/></rule></zone>"), "partly");
	EXPECT_STR(zone("<zone><service name=\"ssh\"/>\n<rule family=\"ipv4\"><service name=\"ssh\"/><drop/></rule></zone>"), "dropped");
	EXPECT_INT(line, 2);
	EXPECT_STR(zone("<zone><service name=\"ssh\"/><rule family=\"ipv6\"><drop/></rule></zone>"), "open");
	EXPECT_STR(zone("<zone><protocol value=\"tcp\"/></zone>"), "open");
	EXPECT_STR(zone("<zone><service name=\"ssh"), "dropped");
}

static int read_firewalls(struct br_firewalls *f)
{
	struct br_root root;
	int r = br_root_open(&root, tree_dir);

	*f = (struct br_firewalls){0};
	if (r == 0)
		r = br_firewalls_read(&root, f);
	br_root_close(&root);
	return r;
}

BR_TEST(default_zone)
{
	br_cleanup(br_firewalls_free) struct br_firewalls f;

	tree_new();
	tree_file("/etc/firewalld/firewalld.conf", "# DefaultZone=public\n DefaultZone = home\n");
	tree_file("/usr/lib/firewalld/zones/home.xml", "<zone>\n<service name=\"ssh\"/></zone>");
	tree_file("/usr/lib/firewalld/zones/public.xml", "<zone/>");
	EXPECT_INT(read_firewalls(&f), 0);
	EXPECT_STR(word(f.firewalld.ssh), "open");
	br_firewalls_free(&f);
	/* A zone that takes an interface, and keeps SSH out. */
	tree_file("/etc/firewalld/zones/drop.xml", "\n<zone target=\"DROP\"><interface name=\"eth0\"/></zone>");
	EXPECT_INT(read_firewalls(&f), 0);
	EXPECT_STR(word(f.firewalld.ssh), "partly");
	EXPECT_STR(f.firewalld.path, "/etc/firewalld/zones/drop.xml");
	EXPECT_INT(f.firewalld.line, 2);
	br_firewalls_free(&f);
	/* The other way round the default one is the one that keeps it out. */
	tree_file("/etc/firewalld/zones/drop.xml", "<zone target=\"ACCEPT\"><interface name=\"eth0\"/></zone>");
	tree_file("/etc/firewalld/zones/home.xml", "<zone><service name=\"http\"/></zone>");
	EXPECT_INT(read_firewalls(&f), 0);
	EXPECT_STR(word(f.firewalld.ssh), "partly");
	EXPECT_STR(f.firewalld.path, "/etc/firewalld/zones/home.xml");
}

BR_TEST(addresses_and_ports)
{
	EXPECT_INT(br_fw_port("22", '-'), BR_FW_YES);
	EXPECT_INT(br_fw_port(":22", ':'), BR_FW_YES);
	EXPECT_INT(br_fw_port("23:", ':'), BR_FW_NO);
	EXPECT_INT(br_fw_port("1-22", '-'), BR_FW_YES);
	EXPECT_INT(br_fw_port("http", '-'), BR_FW_NO);
	EXPECT_INT(br_fw_address("0.0.0.0/0"), BR_FW_YES);
	EXPECT_INT(br_fw_address("127.0.0.1"), BR_FW_NO);
	EXPECT_INT(br_fw_address("10.0.0.1"), BR_FW_MAYBE);
}

BR_TEST_MAIN()
