/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What to type so that an interface comes up by DHCP, in the way of each distribution; and cloud-init's choice. */
#include <string.h>

#include "checks/agent.h"
#include "checks/cloudstart.h"
#include "checks/dhcp.h"

static bool by_netplan(const struct br_network *n)
{
	return n->netplan_generator && n->system_programs[BR_NET_NETWORKD];
}

/* A fix that writes a file for every card, whatever its name will be, and before what is there for some of them. */
static const char *write_file(const struct br_image *img)
{
	const struct br_network *n = &img->network;

	if (by_netplan(n))
		return "printf 'network:\\n  version: 2\\n  ethernets:\\n    all:\\n      match: {name: \"e*\"}\\n      "
		       "dhcp4: true\\n' >/etc/netplan/90-dhcp.yaml && chmod 600 /etc/netplan/90-dhcp.yaml";
	if (n->system_programs[BR_NET_NM])
		return "printf '[connection]\\nid=dhcp\\ntype=ethernet\\nautoconnect-priority=100\\n[ipv4]\\nmethod=auto\\n' "
		       ">/etc/NetworkManager/system-connections/dhcp.nmconnection && "
		       "chmod 600 /etc/NetworkManager/system-connections/dhcp.nmconnection && "
		       "systemctl enable NetworkManager.service";
	if (n->system_programs[BR_NET_NETWORKD] && br_system_family(&img->system) != BR_FAMILY_SUSE &&
	    !(n->system_programs[BR_NET_IFUPDOWN] && br_system_family(&img->system) == BR_FAMILY_DEBIAN))
		return "printf '[Match]\\nName=e*\\n[Network]\\nDHCP=yes\\n' >/etc/systemd/network/00-dhcp.network && "
		       "systemctl enable systemd-networkd.service";
	return NULL;
}

static bool is_masked(const struct br_image *img, const char *unit)
{
	const struct br_unit *u = br_unit_find(&img->units, unit);

	return u && u->state == BR_UNIT_MASKED;
}

char *br_dhcp_fix(const struct br_image *img)
{
	const char *file = write_file(img);

	if (file)
		return br_format("%s%s", by_netplan(&img->network) && is_masked(img, "systemd-networkd.service")
		                                 ? "systemctl unmask systemd-networkd.service && "
		                                 : "", file);
	switch (br_system_family(&img->system)) {
	case BR_FAMILY_DEBIAN:
		return br_format("printf 'allow-hotplug eth0\\niface eth0 inet dhcp\\n' >/etc/network/interfaces.d/eth0, and "
		                 "net.ifnames=0 in GRUB_CMDLINE_LINUX of /etc/default/grub, then update-grub");
	case BR_FAMILY_REDHAT:
		return br_format("printf 'DEVICE=eth0\\nTYPE=Ethernet\\nBOOTPROTO=dhcp\\nONBOOT=yes\\n' "
		                 ">/etc/sysconfig/network-scripts/ifcfg-eth0 && "
		                 "grubby --update-kernel=ALL --args=net.ifnames=0");
	case BR_FAMILY_SUSE:
		return br_format("printf \"BOOTPROTO='dhcp'\\nSTARTMODE='auto'\\n\" >/etc/sysconfig/network/ifcfg-eth0 && "
		                 "systemctl enable wicked.service, and net.ifnames=0 in GRUB_CMDLINE_LINUX_DEFAULT of "
		                 "/etc/default/grub, then grub2-mkconfig -o /boot/grub2/grub.cfg");
	default:
		return br_format("configure the interface for DHCP, in the way of that system");
	}
}

char *br_dhcp_fix_managed(const struct br_net_profile *by, const char *why)
{
	if (br_starts(why, "unmanaged-devices="))
		return br_format("printf '[keyfile]\\nunmanaged-devices=none\\n' >/etc/NetworkManager/conf.d/zz-managed.conf");
	if (by && by->system == BR_NET_IFUPDOWN)
		return br_format("printf '[ifupdown]\\nmanaged=true\\n' >/etc/NetworkManager/conf.d/zz-managed.conf");
	return br_format("%s", by ? "take NM_CONTROLLED=no out of that file: NetworkManager manages it then" :
	                            "take managed=0 out of that [device] section of NetworkManager's configuration");
}

char *br_dhcp_fix_start(const struct br_image *img, enum br_net_system system)
{
	static const char *const units[] = {
		[BR_NET_IFUPDOWN] = "networking.service", [BR_NET_NETWORKD] = "systemd-networkd.service",
		[BR_NET_NM] = "NetworkManager.service",   [BR_NET_SCRIPTS] = "network.service",
		[BR_NET_WICKED] = "wicked.service",       [BR_NET_DHCPCD] = "dhcpcd.service",
	};
	static const struct {
		enum br_net_system system;
		const char *by[BR_FAMILY_ARCH + 1];
	} packages[] = {
		{BR_NET_IFUPDOWN, {"install ifupdown", "apt-get install ifupdown isc-dhcp-client", NULL, NULL, NULL}},
		{BR_NET_NM, {"install NetworkManager", "apt-get install network-manager", "dnf install NetworkManager",
	                     "zypper install NetworkManager", "pacman -S networkmanager"}},
		{BR_NET_NETWORKD, {"install systemd-networkd", "apt-get install systemd", "dnf install systemd-networkd",
	                           "zypper install systemd-network", "pacman -S systemd"}},
		{BR_NET_SCRIPTS, {NULL, NULL, "dnf install network-scripts", NULL, NULL}},
		{BR_NET_WICKED, {NULL, NULL, NULL, "zypper install wicked wicked-service", NULL}},
	};
	const struct br_unit *u;
	const char *package = NULL;

	for (size_t i = 0; i < BR_ARRAY_SIZE(packages); i++)
		if (packages[i].system == system && !img->network.system_programs[system])
			package = packages[i].by[br_system_family(&img->system)];
	if (system >= BR_ARRAY_SIZE(units))
		return br_dhcp_fix(img);
	if (system == BR_NET_SCRIPTS && img->network.networking_off)
		return br_format("sed -i 's/^NETWORKING=.*/NETWORKING=yes/' /etc/sysconfig/network");
	if (system == BR_NET_NM && img->network.nm.bad)
		return br_format("mend that line, or remove the file");
	u = br_unit_find(&img->units, units[system]);
	if (img->network.system_programs[system])
		return u ? br_fix_enable(img, u) : br_format("systemctl enable %s", units[system]);
	return package ? br_format("%s && systemctl enable %s", package, units[system]) : br_dhcp_fix(img);
}

const char *br_dhcp_fix_client(const struct br_image *img)
{
	switch (br_system_family(&img->system)) {
	case BR_FAMILY_DEBIAN:
		return "apt-get install isc-dhcp-client";
	case BR_FAMILY_REDHAT:
		return "yum install dhclient"; /* EL 8's dhcp-client has that name too */
	case BR_FAMILY_SUSE:
		return "zypper install dhcp-client";
	case BR_FAMILY_ARCH:
		return "pacman -S dhcpcd";
	default:
		return "install a DHCP client: dhclient, dhcpcd or udhcpc";
	}
}

static bool cloud_init_starts(const struct br_image *img)
{
	struct br_cloud_start start;

	for (size_t i = 0; i < img->n_chains; i++)
		if (img->chains[i].offered && img->chains[i].cmdline &&
		    br_cmdline_has(img->chains[i].cmdline, "network-config=disabled"))
			return false;
	br_cloud_start(img, &start);
	return !start.off && br_cloud_comes_up(&img->units);
}

/* cloudinit.net.renderers: each renderer's own idea of whether it can be used, and for whom it writes. */
static bool is_available(const struct br_image *img, const char *name, const struct br_dhcp_outlook *o, bool *ret_runs)
{
	const struct br_network *n = &img->network;

	if (strcmp(name, "eni") == 0) {
		*ret_runs = o[BR_NET_IFUPDOWN].runs && n->dhcp_client;
		return n->ifquery && n->system_programs[BR_NET_IFUPDOWN] && n->ifupdown_file;
	}
	if (strcmp(name, "sysconfig") == 0) {
		*ret_runs = (o[BR_NET_NM].runs && n->nm.ifcfg) || (o[BR_NET_SCRIPTS].runs && n->dhclient) ||
		            o[BR_NET_WICKED].runs;
		return n->network_functions || (n->nm.ifcfg && n->system_programs[BR_NET_NM]) ||
		       n->system_programs[BR_NET_WICKED];
	}
	if (strcmp(name, "netplan") == 0) {
		const struct br_unit *u = br_unit_find(&img->units, "systemd-networkd.service");

		*ret_runs = n->netplan_generator &&
		            (n->netplan_nm ? o[BR_NET_NM].runs :
		                             n->system_programs[BR_NET_NETWORKD] && u && u->state != BR_UNIT_MASKED);
		return n->netplan_program;
	}
	if (strcmp(name, "network-manager") == 0) {
		*ret_runs = o[BR_NET_NM].runs;
		return n->nm_conf && n->nmcli;
	}
	*ret_runs = o[BR_NET_NETWORKD].runs;
	return strcmp(name, "networkd") == 0 && n->system_programs[BR_NET_NETWORKD];
}

bool br_dhcp_cloud_init(const struct br_image *img, const struct br_dhcp_outlook *outlooks, const char **ret_renderer)
{
	static const char *const order[] = {"eni", "sysconfig", "netplan", "network-manager", "networkd"};
	const struct br_network *n = &img->network;
	const struct br_strv *own = &n->cloud.renderers;
	size_t count = own->n ? own->n : BR_ARRAY_SIZE(order);

	if (!n->cloud_init || n->cloud.disabled || !cloud_init_starts(img))
		return false;
	for (size_t i = 0; i < count; i++) {
		const char *name = own->n ? own->v[i] : order[i];
		bool runs = false;

		if (!is_available(img, name, outlooks, &runs))
			continue;
		*ret_renderer = name;
		return runs;
	}
	return false;
}
