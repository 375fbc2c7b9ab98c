/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Netplan's files, and the profiles that its generator makes of them for systemd-networkd and NetworkManager. */
#include <errno.h>

#include "base/limits.h"
#include "image/net-internal.h"
#include "image/netplan.h"

static bool is_nm(const struct br_netplan *np, const struct br_netplan_dev *dev)
{
	enum br_netplan_renderer r = dev->renderer ? dev->renderer : np->renderer;

	return r == BR_NETPLAN_NM;
}

static int match_of(struct br_net_match *m, const struct br_netplan_dev *dev)
{
	if (!dev->matched)
		br_strv_add(&m->names, dev->id);
	for (size_t i = 0; i < dev->names.n; i++)
		br_strv_add(&m->names, dev->names.v[i]);
	for (size_t i = 0; i < dev->drivers.n; i++)
		br_strv_add(&m->drivers, dev->drivers.v[i]);
	if (dev->mac && br_net_set(&m->mac, dev->mac) < 0)
		return -ENOMEM;
	return m->names.oom || m->drivers.oom ? -ENOMEM : 0;
}

static enum br_net_how how_of(const struct br_netplan_dev *dev)
{
	if (dev->dhcp4 == 1)
		return BR_NET_DHCP;
	if (dev->address4)
		return BR_NET_STATIC;
	return dev->dhcp6 == 1 ? BR_NET_DHCP6 : BR_NET_NOTHING;
}

/* The bond or bridge that a card was put into, however often those are put into each other. */
static const struct br_netplan_dev *holder(const struct br_netplan *np, const struct br_netplan_dev *dev)
{
	for (unsigned depth = 0; depth < BR_NET_DEPTH_MAX; depth++) {
		const struct br_netplan_dev *up = NULL;

		for (size_t i = 0; i < np->n && !up; i++)
			if (&np->v[i] != dev && br_strv_has(&np->v[i].ports, dev->id))
				up = &np->v[i];
		if (!up)
			return dev;
		dev = up;
	}
	return dev;
}

static int add_card(struct br_network *n, const struct br_netplan *np, const struct br_netplan_dev *dev, bool cloud_init)
{
	const struct br_netplan_dev *top = holder(np, dev);
	bool nm = is_nm(np, dev);
	enum br_net_system system = cloud_init ? BR_NET_CLOUD : nm ? BR_NET_NM : BR_NET_NETWORKD;
	struct br_net_profile *p = br_net_add(n, system, top->path, top->line);

	if (!p)
		return n->too_many ? 0 : -ENOMEM;
	n->netplan_networkd |= system == BR_NET_NETWORKD;
	p->netplan = !cloud_init;
	p->how = how_of(top);
	p->at_boot = !dev->off && !top->off;
	p->cloud_init = br_ends(top->path, "/50-cloud-init.yaml");
	p->order = br_format("10-netplan-%s.network", dev->id);
	if (!p->order)
		return -ENOMEM;
	return match_of(&p->match, dev);
}

int br_net_netplan_add(struct br_network *n, const struct br_netplan *np, bool cloud_init)
{
	for (size_t i = 0; i < np->n; i++) {
		int r = strcmp(np->v[i].kind, "ethernets") == 0 ? add_card(n, np, &np->v[i], cloud_init) : 0;

		if (r < 0)
			return r;
	}
	return 0;
}

static int refused(struct br_network *n, const char *path, unsigned line, const char *why)
{
	int r = br_net_problem(n, BR_NET_SYSTEMS, path, line, br_format("netplan does not take it: %s", why), true);

	if (r == 0 && n->n_problems)
		n->problems[n->n_problems - 1].netplan = true;
	return r;
}

static int read_file(const struct br_root *root, struct br_network *n, const char *path, struct br_netplan *np,
                     bool *bad)
{
	br_autoblob struct br_blob blob = {0};
	const char *why = "";
	unsigned line = 0;
	int r = br_root_read(root, path, BR_CONFIG_MAX, &blob);

	n->netplan_files = true;
	if (r < 0)
		return br_net_unread(n, BR_NET_SYSTEMS, path, r);
	r = br_netplan_parse(path, blob.data, blob.len, np, &line, &why);
	if (r != -EBADMSG)
		return r;
	*bad = true;
	return refused(n, path, line, why);
}

/* libnetplan.so.0: one file that it does not take, and no file counts. Later releases pass over what is wrong. */
static bool is_strict(const struct br_root *root)
{
	static const char *const paths[] = {
		"/usr/lib/x86_64-linux-gnu/libnetplan.so.0.0", "/usr/lib/aarch64-linux-gnu/libnetplan.so.0.0",
		"/lib/x86_64-linux-gnu/libnetplan.so.0.0", "/lib/aarch64-linux-gnu/libnetplan.so.0.0",
	};

	for (size_t i = 0; i < BR_ARRAY_SIZE(paths); i++)
		if (br_root_exists(root, paths[i]))
			return true;
	return false;
}

int br_net_netplan_read(const struct br_root *root, struct br_network *n)
{
	/* netplan lets /run go before /etc, and /etc before /lib. */
	static const char *const folders[] = {"/run/netplan", "/etc/netplan", "/usr/lib/netplan", "/lib/netplan"};
	br_cleanup(br_netplan_free) struct br_netplan np = {0};
	br_autostrv struct br_strv paths = {0};
	bool bad = false;
	int r = br_net_files(root, folders, BR_ARRAY_SIZE(folders), ".yaml", &paths);

	for (size_t i = 0; r == 0 && i < paths.n; i++)
		r = read_file(root, n, paths.v[i], &np, &bad);
	if (r == 0 && np.odd_key)
		r = br_net_problem(n, BR_NET_SYSTEMS, np.odd_path, np.odd_line,
		                   br_format("a key that is not known here: %s", np.odd_key), false);
	if (r < 0 || (bad && is_strict(root)))
		return r;
	n->netplan_nm = np.renderer == BR_NETPLAN_NM;
	return br_net_netplan_add(n, &np, false);
}
