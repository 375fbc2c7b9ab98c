/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads /etc/network/interfaces with its includes, and makes profiles of it. */
#include <ctype.h>
#include <errno.h>
#include <fnmatch.h>

#include "base/limits.h"
#include "image/interfaces.h"
#include "image/net-internal.h"

#define INTERFACES "/etc/network/interfaces"

struct files {
	const struct br_root *root;
	struct br_network *n;
	struct br_interfaces in;
	size_t read;
	bool refused; /* ifup takes nothing of a file that it refuses, nor of what it includes */
};

static int read_file(struct files *f, const char *path, unsigned depth);

/* source-directory takes names of letters, digits, "_" and "-" alone. */
static bool plain_name(const char *name)
{
	for (const char *s = name; *s; s++)
		if (!isalnum((unsigned char)*s) && *s != '_' && *s != '-')
			return false;
	return *name != '\0';
}

/* What a pattern with globs in any part names, as paths; bounded by BR_NET_FILES_MAX. */
static int expand(const struct br_root *root, const char *done, const char *rest, unsigned depth, struct br_strv *ret)
{
	size_t n = strcspn(rest, "/");
	br_autofree char *part = strndup(rest, n), *path = NULL;
	br_autostrv struct br_strv names = {0};

	if (!part)
		return -ENOMEM;
	if (ret->n >= BR_NET_FILES_MAX || depth > BR_PATH_PARTS)
		return 0;
	rest += n + strspn(rest + n, "/");
	if (!strpbrk(part, "*?[")) {
		path = br_format("%s/%s", done, part);
		if (!path)
			return -ENOMEM;
		if (*rest)
			return expand(root, path, rest, depth + 1, ret);
		br_strv_add(ret, path);
		return ret->oom ? -ENOMEM : 0;
	}
	if (br_root_list(root, *done ? done : "/", &names) == -ENOMEM)
		return -ENOMEM;
	for (size_t i = 0; i < names.n && ret->n < BR_NET_FILES_MAX; i++) {
		br_autofree char *one = NULL;
		int r = 0;

		if (fnmatch(part, names.v[i], FNM_PERIOD) != 0)
			continue;
		one = br_format("%s/%s", done, names.v[i]);
		if (!one)
			return -ENOMEM;
		if (*rest)
			r = expand(root, one, rest, depth + 1, ret);
		else
			br_strv_add(ret, one);
		if (r < 0)
			return r;
	}
	return ret->oom ? -ENOMEM : 0;
}

static int read_folder(struct files *f, const char *folder, unsigned depth)
{
	br_autostrv struct br_strv names = {0};
	int r = br_root_list(f->root, folder, &names);

	if (r < 0)
		return r == -ENOMEM ? r : 0;
	for (size_t i = 0; r >= 0 && i < names.n; i++) {
		br_autofree char *path = br_format("%s/%s", folder, names.v[i]);

		if (!path)
			return -ENOMEM;
		if (plain_name(names.v[i]))
			r = read_file(f, path, depth + 1);
	}
	return r < 0 ? r : 0;
}

static int follow(struct files *f, const char *pattern, bool folder, const char *from, unsigned depth)
{
	br_autofree char *at = strndup(from, (size_t)(strrchr(from, '/') - from));
	br_autofree char *full = *pattern == '/' ? strdup(pattern) : br_format("%s/%s", at ? at : "", pattern);
	br_autostrv struct br_strv paths = {0};
	int r = at && full ? expand(f->root, "", full + strspn(full, "/"), 0, &paths) : -ENOMEM;

	for (size_t i = 0; r == 0 && i < paths.n; i++)
		r = folder ? read_folder(f, paths.v[i], depth) : read_file(f, paths.v[i], depth + 1);
	return r;
}

static int read_file(struct files *f, const char *path, unsigned depth)
{
	br_autoblob struct br_blob blob = {0};
	size_t before = f->in.n_sources;
	unsigned line = 0;
	int r;

	if (depth > BR_NET_DEPTH_MAX || f->read >= BR_NET_FILES_MAX) {
		f->n->too_many = true;
		return 0;
	}
	f->read++;
	r = br_root_read(f->root, path, BR_CONFIG_MAX, &blob);
	if (r < 0)
		return r == -EMEDIUMTYPE && depth ? 0 : br_net_unread(f->n, BR_NET_IFUPDOWN, path, r);
	r = br_interfaces_parse(path, blob.data, blob.len, &f->in, &line);
	if (r == -EBADMSG) {
		f->refused = true;
		return br_net_problem(f->n, BR_NET_IFUPDOWN, path, line, br_format("a line that ifup does not understand"), true);
	}
	/* What this file includes, and not what those files include in turn: they see to it themselves. */
	for (size_t i = before, end = f->in.n_sources; r == 0 && i < end; i++) {
		br_autofree char *pattern = strdup(f->in.sources[i].pattern);

		r = pattern ? follow(f, pattern, f->in.sources[i].folder, path, depth) : -ENOMEM;
	}
	return r;
}

/* The method of a stanza or of what it inherits from. */
static const char *method_of(const struct br_interfaces *in, const struct br_iface *f)
{
	for (unsigned depth = 0; f && depth < BR_NET_DEPTH_MAX; depth++) {
		const struct br_iface *next = NULL;

		if (*f->method || !f->inherits)
			return f->method;
		for (size_t i = 0; i < in->n; i++)
			if (strcmp(in->ifaces[i].name, f->inherits) == 0)
				next = &in->ifaces[i];
		f = next;
	}
	return "";
}

static enum br_net_how how_of(const struct br_interfaces *in, const struct br_iface *f)
{
	const char *method = method_of(in, f);
	bool six = strcmp(f->family, "inet6") == 0;

	if (strcmp(method, "dhcp") == 0)
		return six ? BR_NET_DHCP6 : BR_NET_DHCP;
	if (six)
		return strcmp(method, "auto") == 0 ? BR_NET_DHCP6 : BR_NET_NOTHING;
	return strcmp(method, "static") == 0 ? BR_NET_STATIC : BR_NET_NOTHING;
}

static bool mapped(const struct br_interfaces *in, const char *name)
{
	for (size_t i = 0; i < in->mappings.n; i++) {
		const char *m = in->mappings.v[i];

		if (fnmatch(m + (*m == '/'), name, 0) == 0)
			return true;
	}
	return false;
}

static int add_names(struct br_net_profile *p, const struct br_iface *f, const char *name)
{
	for (size_t i = 0; i < f->ports.n; i++) {
		const char *port = f->ports.v[i];

		if (strcmp(port, "none") == 0 || strcmp(port, "regex") == 0)
			continue;
		br_strv_add(&p->match.names, strcmp(port, "all") == 0 ? "e*" : port);
	}
	if (!f->ports.n)
		br_strv_add(&p->match.names, name);
	return p->match.names.oom ? -ENOMEM : 0;
}

/* name: the interface's, or a glob of them; f: the stanza that is used for it. */
static int add_profile(struct files *f, const struct br_iface *iface, const char *name, const struct br_ifauto *a)
{
	struct br_net_profile *p = br_net_add(f->n, BR_NET_IFUPDOWN, iface->path, iface->line);
	int r;

	if (!p)
		return f->n->too_many ? 0 : -ENOMEM;
	p->how = how_of(&f->in, iface);
	p->at_boot = a != NULL;
	p->hotplug = a && a->hotplug;
	p->cloud_init = strstr(iface->path, "50-cloud-init") != NULL;
	r = add_names(p, iface, name);
	if (r == 0 && iface->master)
		r = br_net_set(&p->master, iface->master);
	if (r == 0 && mapped(&f->in, name))
		r = br_net_set(&p->match.odd, "a mapping script chooses");
	if (r == 0 && (iface->vlan || strchr(name, ':') || (strchr(name, '.') && !strpbrk(name, "*?["))))
		r = br_net_set(&p->match.never, "a VLAN or an alias");
	return r;
}

/* auto NAME, NAME=STANZA or /GLOB: the stanzas of that name, or for a glob of every name that it fits. */
static int add_auto(struct files *f, const struct br_ifauto *a)
{
	bool glob = *a->name == '/';
	size_t n = strcspn(a->name + glob, "=");
	br_autofree char *name = strndup(a->name + glob, n);
	const char *stanza = a->name[glob + n] ? a->name + glob + n + 1 : NULL;
	int r = 0;

	if (!name)
		return -ENOMEM;
	for (size_t i = 0; r == 0 && i < f->in.n; i++) {
		const struct br_iface *iface = &f->in.ifaces[i];

		if (stanza ? strcmp(iface->name, stanza) == 0 :
		    glob ? fnmatch(name, iface->name, 0) == 0 : strcmp(iface->name, name) == 0)
			r = add_profile(f, iface, stanza ? name : iface->name, a);
	}
	return r;
}

/* Debian's cloud images have udev ask DHCP for every new card, by a helper of their own. */
static int add_cloud_helper(struct files *f)
{
	static const char rule[] = "/etc/udev/rules.d/75-cloud-ifupdown.rules";
	struct br_net_profile *p;

	if (!br_root_exists(f->root, rule) || !br_root_exists(f->root, "/etc/network/cloud-ifupdown-helper"))
		return 0;
	p = br_net_add(f->n, BR_NET_IFUPDOWN, rule, 0);
	if (!p)
		return f->n->too_many ? 0 : -ENOMEM;
	p->how = BR_NET_DHCP;
	p->at_boot = p->hotplug = true;
	return 0;
}

static void files_free(struct files *f)
{
	br_interfaces_free(&f->in);
}

static bool started(const struct files *f, const struct br_iface *iface)
{
	for (size_t i = 0; i < f->in.n_autos; i++) {
		const char *a = f->in.autos[i].name, *equals = strchr(a, '=');

		if (equals ? strcmp(equals + 1, iface->name) == 0 :
		    *a == '/' ? fnmatch(a + 1, iface->name, 0) == 0 : strcmp(a, iface->name) == 0)
			return true;
	}
	return false;
}

int br_net_ifupdown_read(const struct br_root *root, struct br_network *n)
{
	br_cleanup(files_free) struct files f = {.root = root, .n = n};
	int r;

	f.in.loose = br_root_exists(root, "/usr/share/ifupdown2") || br_root_exists(root, "/usr/libexec/ifupdown-ng");
	r = read_file(&f, INTERFACES, 0);

	for (size_t i = 0; r == 0 && !f.refused && i < f.in.n_autos; i++)
		r = add_auto(&f, &f.in.autos[i]);
	/* What no auto line names is told too: it says why nothing comes up. */
	for (size_t i = 0; r == 0 && !f.refused && i < f.in.n; i++)
		if (!started(&f, &f.in.ifaces[i]) && strcmp(f.in.ifaces[i].method, "loopback") != 0)
			r = add_profile(&f, &f.in.ifaces[i], f.in.ifaces[i].name, NULL);
	if (f.in.too_many)
		n->too_many = true;
	return r < 0 ? r : add_cloud_helper(&f);
}
