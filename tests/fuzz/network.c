/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The readers of network configuration; the first byte says whose file the rest is. Every profile is whole. */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "image/interfaces.h"
#include "image/netplan.h"
#include "image/network.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct br_network *n)
{
	for (size_t i = 0; i < n->n; i++)
		if (!n->v[i].path || n->v[i].system >= BR_NET_SYSTEMS || n->v[i].how > BR_NET_STATIC)
			abort();
	for (size_t i = 0; i < n->n_problems; i++)
		if (!n->problems[i].path || !n->problems[i].what)
			abort();
	for (size_t i = 0; i < n->n_rules; i++)
		if (!n->rules[i].mac || !n->rules[i].name || !n->rules[i].line)
			abort();
}

static void interfaces(const char *text, size_t size)
{
	br_cleanup(br_interfaces_free) struct br_interfaces in = {0};
	unsigned line;

	if (br_interfaces_parse("/etc/network/interfaces", text, size, &in, &line) == -EBADMSG && size && !line &&
	    !memchr(text, '\0', size))
		abort();
	for (size_t i = 0; i < in.n; i++)
		if (!in.ifaces[i].name || !in.ifaces[i].method || !in.ifaces[i].line)
			abort();
}

static void netplan(const char *text, size_t size)
{
	br_cleanup(br_netplan_free) struct br_netplan np = {0};
	const char *why = NULL;
	unsigned line;

	if (br_netplan_parse("/etc/netplan/a.yaml", text, size, &np, &line, &why) == -EBADMSG && !why)
		abort();
	for (size_t i = 0; i < np.n; i++)
		if (!np.v[i].id || !np.v[i].kind || !np.v[i].path)
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	br_cleanup(br_network_free) struct br_network n = {.nm.ifcfg = true};
	const char *text = (const char *)data + 1;
	int r = 0;

	if (!size)
		return 0;
	size--;
	switch (data[0] % 6) {
	case 0:
		interfaces(text, size);
		break;
	case 1:
		netplan(text, size);
		break;
	case 2:
		r = br_net_keyfile_parse(&n, "/etc/NetworkManager/system-connections/a", text, size);
		break;
	case 3:
	case 4:
		r = br_net_ifcfg_parse(&n, data[0] % 6 == 4, "/etc/sysconfig/network/ifcfg-eth0", text, size);
		break;
	default:
		r = br_net_rules_parse(&n, "/etc/udev/rules.d/70-persistent-net.rules", text, size);
	}
	if (r < 0 && !n.n_problems)
		abort();
	check(&n);
	return 0;
}
