/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What Dhcp makes of facts made by hand: which profile a system takes first, what runs it, and which names a card may have. */
#include "checks/dhcp.h"
#include "test.h"

static char *eth0[] = {"eth0"}, *all[] = {"e*"}, *other[] = {"ens9"};

#define NAMES(list) .match.names = {.v = (list), .n = 1}

static struct br_net_profile profiles[4];
static struct br_unit one_unit;
static struct br_boot_entry entry = {.source = "/boot/grub/grub.cfg"};
static struct br_chain chain;
static struct br_profile profile;
static struct br_image img;
static const struct br_dhcp_card card = {.names = {.v = eth0, .n = 1}, .classic = true};

/* An image whose only unit is that one. */
static void image(const char *unit, enum br_unit_state state, bool starts)
{
	static size_t ordered[] = {0, 1, 2, 3};

	one_unit = (struct br_unit){.name = (char *)unit, .state = state, .starts = starts};
	chain = (struct br_chain){.offered = true, .entry = &entry, .cmdline = "ro"};
	img = (struct br_image){.profile = &profile, .chains = &chain, .n_chains = 1,
	                        .units = {.init = BR_INIT_SYSTEMD, .v = &one_unit, .n = 1},
	                        .network = {.v = profiles, .ordered = ordered}};
	for (size_t i = 0; i < BR_NET_SYSTEMS; i++)
		img.network.system_programs[i] = true;
}

static void look(enum br_net_system system, size_t n, struct br_dhcp_outlook *o)
{
	img.network.n = n;
	img.network.n_ordered = system == BR_NET_NETWORKD ? n : 0;
	br_dhcp_outlook(&img, &card, system, o);
}

BR_TEST(networkd_takes_the_first_that_fits)
{
	struct br_dhcp_outlook o;

	image("systemd-networkd.service", BR_UNIT_ENABLED, true);
	profiles[0] = (struct br_net_profile){.system = BR_NET_NETWORKD, .how = BR_NET_STATIC, .at_boot = true, NAMES(other)};
	profiles[1] = (struct br_net_profile){.system = BR_NET_NETWORKD, .how = BR_NET_DHCP, .at_boot = true, NAMES(all)};
	profiles[2] = (struct br_net_profile){.system = BR_NET_NETWORKD, .how = BR_NET_STATIC, .at_boot = true, NAMES(eth0)};
	look(BR_NET_NETWORKD, 3, &o);
	EXPECT(o.runs && br_dhcp_certain(&o, BR_NET_DHCP) && o.by[BR_NET_DHCP] == &profiles[1]);
	br_dhcp_outlook_free(&o);
	/* One that may fit does not end the search. */
	profiles[1].match.odd = "Path=pci-0000:02:00.0";
	look(BR_NET_NETWORKD, 3, &o);
	EXPECT(o.may[BR_NET_DHCP] && o.may[BR_NET_STATIC] && !o.may[BR_NET_NOTHING]);
	br_dhcp_outlook_free(&o);
	look(BR_NET_NETWORKD, 2, &o);
	EXPECT(o.may[BR_NET_DHCP] && o.may[BR_NET_NOTHING] && !o.may[BR_NET_STATIC]);
	br_dhcp_outlook_free(&o);
	/* A profile of netplan's counts where its generator is there. */
	profiles[1].match.odd = NULL;
	profiles[1].netplan = true;
	look(BR_NET_NETWORKD, 2, &o);
	EXPECT(br_dhcp_certain(&o, BR_NET_NOTHING));
	br_dhcp_outlook_free(&o);
	img.network.netplan_generator = true;
	look(BR_NET_NETWORKD, 2, &o);
	EXPECT(br_dhcp_certain(&o, BR_NET_DHCP));
	br_dhcp_outlook_free(&o);
}

/* netplan starts networkd itself, and cannot start what is masked. */
BR_TEST(what_starts_networkd)
{
	static const struct {
		enum br_unit_state state;
		bool starts, generator, something, runs;
	} rows[] = {
		{BR_UNIT_ENABLED, true, false, false, true}, {BR_UNIT_DISABLED, false, false, true, false},
		{BR_UNIT_DISABLED, false, true, false, false}, {BR_UNIT_DISABLED, false, true, true, true},
		{BR_UNIT_MASKED, false, true, true, false},  {BR_UNIT_BAD, false, true, true, false},
	};

	for (size_t i = 0; i < BR_ARRAY_SIZE(rows); i++) {
		struct br_dhcp_outlook o;

		image("systemd-networkd.service", rows[i].state, rows[i].starts);
		img.network.netplan_generator = rows[i].generator;
		img.network.netplan_networkd = rows[i].something;
		look(BR_NET_NETWORKD, 0, &o);
		EXPECT_INT(o.runs, rows[i].runs);
		EXPECT(o.runs == !o.stopped);
		br_dhcp_outlook_free(&o);
		look(BR_NET_NM, 0, &o); /* it has no part in another's */
		EXPECT(!o.runs);
		br_dhcp_outlook_free(&o);
	}
}

/* Without its service udev brings up what is marked for it, and nothing else. */
BR_TEST(ifupdown_by_udev)
{
	struct br_dhcp_outlook o;

	image("networking.service", BR_UNIT_DISABLED, false);
	profiles[0] = (struct br_net_profile){.system = BR_NET_IFUPDOWN, .how = BR_NET_DHCP, .at_boot = true, NAMES(eth0)};
	profiles[1] = (struct br_net_profile){.system = BR_NET_IFUPDOWN, .how = BR_NET_STATIC, .at_boot = true, .hotplug = true,
	                                      NAMES(other)};
	look(BR_NET_IFUPDOWN, 2, &o);
	EXPECT(!o.runs && !o.by_udev);
	br_dhcp_outlook_free(&o);
	profiles[1].match.names.v = all;
	look(BR_NET_IFUPDOWN, 2, &o);
	EXPECT(o.runs && o.by_udev && br_dhcp_certain(&o, BR_NET_STATIC));
	br_dhcp_outlook_free(&o);
	one_unit.starts = true;
	look(BR_NET_IFUPDOWN, 2, &o);
	EXPECT(o.runs && !o.by_udev && br_dhcp_certain(&o, BR_NET_DHCP));
	br_dhcp_outlook_free(&o);
}

/* cloud-init writes for the first of its renderers that can be used, whether that one runs or not. */
BR_TEST(order_of_renderers)
{
	static const struct {
		bool eni, functions, netplan, nm;
		const char *renderer;
	} rows[] = {
		{true, true, true, true, "eni"},    {false, true, true, true, "sysconfig"}, {false, false, true, true, "netplan"},
		{false, false, false, true, "network-manager"}, {false, false, false, false, "networkd"},
	};
	char *own[] = {"networkd", "eni"};

	for (size_t i = 0; i < BR_ARRAY_SIZE(rows); i++) {
		struct br_dhcp_outlook o[BR_NET_SYSTEMS] = {{0}};
		const char *renderer = NULL;
		struct br_network *n;

		image("cloud-init-local.service", BR_UNIT_ENABLED, true);
		n = &img.network;
		n->cloud_init = true;
		n->system_programs[BR_NET_WICKED] = false;
		n->ifquery = n->ifupdown_file = rows[i].eni;
		n->network_functions = rows[i].functions;
		n->netplan_program = rows[i].netplan;
		n->nmcli = n->nm_conf = rows[i].nm;
		o[BR_NET_NETWORKD].runs = true;
		EXPECT_INT(br_dhcp_cloud_init(&img, o, &renderer), strcmp(rows[i].renderer, "networkd") == 0);
		EXPECT_STR(renderer, rows[i].renderer);
		n->cloud.renderers = (struct br_strv){.v = own, .n = 2};
		EXPECT(br_dhcp_cloud_init(&img, o, &renderer));
		EXPECT_STR(renderer, "networkd");
		chain.cmdline = "ro network-config=disabled";
		EXPECT(!br_dhcp_cloud_init(&img, o, &renderer));
		chain.cmdline = "ro cloud-init=disabled";
		EXPECT(!br_dhcp_cloud_init(&img, o, &renderer));
		chain.cmdline = "ro";
		one_unit.starts = false;
		EXPECT(!br_dhcp_cloud_init(&img, o, &renderer));
	}
}

/* netplan's networkd runs if it is not masked; its NetworkManager as that one does. */
BR_TEST(netplan_as_renderer)
{
	struct br_unit units[] = {{.name = "cloud-init.service", .starts = true},
	                          {.name = "systemd-networkd.service", .state = BR_UNIT_DISABLED}};
	struct br_dhcp_outlook o[BR_NET_SYSTEMS] = {{0}};
	const char *renderer = NULL;

	image("", BR_UNIT_ENABLED, true);
	img.units.v = units;
	img.units.n = 2;
	img.network.cloud_init = img.network.netplan_program = img.network.netplan_generator = true;
	img.network.system_programs[BR_NET_WICKED] = false;
	EXPECT(br_dhcp_cloud_init(&img, o, &renderer));
	EXPECT_STR(renderer, "netplan");
	img.network.netplan_nm = true;
	EXPECT(!br_dhcp_cloud_init(&img, o, &renderer));
	img.network.netplan_nm = false;
	units[1].state = BR_UNIT_MASKED;
	EXPECT(!br_dhcp_cloud_init(&img, o, &renderer));
}

static const char *names(void)
{
	static struct br_str b;
	struct br_dhcp_card c;

	br_str_free(&b);
	b = (struct br_str){0};
	br_dhcp_card(&img, &c);
	for (size_t i = 0; i < c.names.n; i++)
		br_str_printf(&b, "%s%s", i ? " " : "", c.names.v[i]);
	br_dhcp_card_free(&c);
	return b.s ? b.s : "";
}

/* udev's rules and .link files give a card its name; a parameter takes the predictable ones away. */
BR_TEST(names_of_the_card)
{
	struct br_net_rule rules[] = {{.name = "eth0"}, {.name = "eth2"}};
	struct br_net_link links[] = {{.name = "lan0", .match.mac = "52:54:00:00:00:01"}, {.name = "wan0", .match.names = {.v = other, .n = 1}},
	                              {.policy = true}, {.name = "late0"}};
	struct br_profile_value values[] = {{"Dhcp", "interfaces", "ens3..4"}};
	const struct br_profile with = {.values = values, .n = 1};

	image("", BR_UNIT_ENABLED, true);
	img.profile = &with;
	EXPECT_STR(names(), "eth0");
	/* A rule for the source's card: the old generator gives the next number, else the card keeps the kernel's. */
	img.network.rules = rules;
	img.network.n_rules = 2;
	EXPECT_STR(names(), "eth0");
	img.network.rules_generator = true;
	EXPECT_STR(names(), "eth1");
	img.network.n_rules = 0;
	EXPECT_STR(names(), "eth0");
	img.network.name_slot = true;
	EXPECT_STR(names(), "ens3 ens4");
	img.network.link_files = true;
	img.network.links = links;
	img.network.n_links = 4;
	EXPECT_STR(names(), "ens3 ens4");
	chain.cmdline = "ro net.ifnames=0";
	EXPECT_STR(names(), "eth0");
	links[1].match.names.v = eth0;
	EXPECT_STR(names(), "wan0");
	chain.offered = false; /* which command line boots is not known */
	EXPECT_STR(names(), "wan0 eth0");
}

BR_TEST_MAIN()
