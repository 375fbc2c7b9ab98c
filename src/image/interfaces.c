/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "base/limits.h"
#include "image/interfaces.h"

static void iface_free(struct br_iface *f)
{
	free(f->name);
	free(f->family);
	free(f->method);
	free(f->inherits);
	free(f->path);
	free(f->master);
	br_strv_free(&f->ports);
}

void br_interfaces_free(struct br_interfaces *i)
{
	for (size_t n = 0; n < i->n_autos; n++)
		free(i->autos[n].name);
	for (size_t n = 0; n < i->n; n++)
		iface_free(&i->ifaces[n]);
	for (size_t n = 0; n < i->n_sources; n++)
		free(i->sources[n].pattern);
	free(i->autos);
	free(i->ifaces);
	free(i->sources);
	br_strv_free(&i->mappings);
	*i = (struct br_interfaces){0};
}

struct reader {
	const char *path, *at, *end;
	unsigned number;
	struct br_interfaces *to;
	enum { NOWHERE, IN_IFACE, IN_MAPPING } where;
};

/* A line with all that "\" joins to it; first: its number. */
static char *next_line(struct reader *r, unsigned *first)
{
	br_autostr struct br_str out = {0};
	bool more = true;

	*first = r->number + 1;
	br_str_puts(&out, "");
	while (more && r->at < r->end) {
		const char *stop = memchr(r->at, '\n', (size_t)(r->end - r->at));
		size_t n = stop ? (size_t)(stop - r->at) : (size_t)(r->end - r->at);

		more = n && r->at[n - 1] == '\\';
		/* A comment is never joined to what follows. */
		if (more && !out.len && r->at[strspn(r->at, " \t")] == '#')
			more = false;
		br_str_add(&out, r->at, n - more);
		r->at = stop ? stop + 1 : r->end;
		r->number++;
	}
	return br_str_take(&out);
}

static int add_auto(struct br_interfaces *to, const char *name, bool hotplug)
{
	if (to->n_autos >= BR_NET_PROFILES_MAX) {
		to->too_many = true;
		return 0;
	}
	if (br_grow(&to->autos, &to->cap_autos, to->n_autos, sizeof(*to->autos)) < 0)
		return -ENOMEM;
	to->autos[to->n_autos] = (struct br_ifauto){strdup(name), hotplug};
	return to->autos[to->n_autos++].name ? 0 : -ENOMEM;
}

static int add_source(struct br_interfaces *to, const char *pattern, unsigned line, bool folder)
{
	if (to->n_sources >= BR_NET_FILES_MAX) {
		to->too_many = true;
		return 0;
	}
	if (br_grow(&to->sources, &to->cap_sources, to->n_sources, sizeof(*to->sources)) < 0)
		return -ENOMEM;
	to->sources[to->n_sources] = (struct br_ifsource){strdup(pattern), line, folder};
	return to->sources[to->n_sources++].pattern ? 0 : -ENOMEM;
}

static bool is_family(const char *s)
{
	static const char *const families[] = {"inet", "inet6", "ipx", "can", "link", "tunnel"};

	for (size_t i = 0; i < BR_ARRAY_SIZE(families); i++)
		if (strcmp(s, families[i]) == 0)
			return true;
	return false;
}

/* The methods that ifup has for addresses; other families have few, and none that matters here. */
static bool is_method(const char *family, const char *s)
{
	static const char *const four[] = {"loopback", "static", "manual", "dhcp", "bootp", "tunnel", "ppp", "wvdial", "ipv4ll"};
	static const char *const six[] = {"loopback", "auto", "static", "manual", "dhcp", "v4tunnel", "6to4"};
	bool inet6 = strcmp(family, "inet6") == 0;

	for (size_t i = 0; i < BR_ARRAY_SIZE(four); i++)
		if (!inet6 && strcmp(s, four[i]) == 0)
			return true;
	for (size_t i = 0; i < BR_ARRAY_SIZE(six); i++)
		if (inet6 && strcmp(s, six[i]) == 0)
			return true;
	return !inet6 && strcmp(family, "inet") != 0;
}

/* What is inherited from has to stand before, in the same family. */
static bool has_before(const struct br_interfaces *to, const char *name, const char *family)
{
	for (size_t i = 0; i < to->n; i++)
		if (strcmp(to->ifaces[i].name, name) == 0 && (!*family || !*to->ifaces[i].family || strcmp(to->ifaces[i].family, family) == 0))
			return true;
	return false;
}

/* iface NAME [FAMILY METHOD] [inherits STANZA]: anything else ifup refuses. */
static int start_iface(struct reader *r, const struct br_strv *w, unsigned line)
{
	struct br_interfaces *to = r->to;
	const char *family = "", *method = "", *inherits = NULL;
	struct br_iface *f;
	size_t at = 2;

	if (w->n < 2)
		return -EBADMSG;
	if (at < w->n && is_family(w->v[at])) {
		if (at + 1 >= w->n || !is_method(w->v[at], w->v[at + 1]))
			return -EBADMSG;
		family = w->v[at];
		method = w->v[at + 1];
		at += 2;
	}
	if (at < w->n && strcmp(w->v[at], "inherits") == 0) {
		if (at + 1 >= w->n || !has_before(to, w->v[at + 1], family))
			return -EBADMSG;
		inherits = w->v[at + 1];
		at += 2;
	}
	if (!*family && !inherits && !to->loose)
		return -EBADMSG;
	if (to->n >= BR_NET_PROFILES_MAX) {
		to->too_many = true;
		r->where = NOWHERE;
		return 0;
	}
	if (br_grow(&to->ifaces, &to->cap, to->n, sizeof(*to->ifaces)) < 0)
		return -ENOMEM;
	f = &to->ifaces[to->n++];
	*f = (struct br_iface){.name = strdup(w->v[1]), .family = strdup(family), .method = strdup(method),
	                       .inherits = inherits ? strdup(inherits) : NULL, .path = strdup(r->path), .line = line};
	r->where = IN_IFACE;
	return f->name && f->family && f->method && f->path && (!inherits || f->inherits) ? 0 : -ENOMEM;
}

static int take_option(struct reader *r, const struct br_strv *w, unsigned line)
{
	struct br_iface *f = &r->to->ifaces[r->to->n - 1];
	const char *key = w->v[0];

	if (w->n < 2)
		return 0;
	/* ifupdown-ng: "use dhcp" is its executor. */
	if (strcmp(key, "use") == 0 && strcmp(w->v[1], "dhcp") == 0) {
		f->line = line;
		free(f->method);
		f->method = strdup("dhcp");
		return f->method ? 0 : -ENOMEM;
	}
	if (strcmp(key, "bridge_ports") == 0 || strcmp(key, "bridge-ports") == 0 || strcmp(key, "bond-slaves") == 0 ||
	    strcmp(key, "bond_slaves") == 0 || strcmp(key, "slaves") == 0)
		for (size_t i = 1; i < w->n; i++)
			br_strv_add(&f->ports, w->v[i]);
	if (strcmp(key, "bond-master") == 0 || strcmp(key, "bond_master") == 0) {
		free(f->master);
		f->master = strdup(w->v[1]);
		if (!f->master)
			return -ENOMEM;
	}
	if (strcmp(key, "vlan-raw-device") == 0 || strcmp(key, "vlan_raw_device") == 0)
		f->vlan = true;
	return f->ports.oom ? -ENOMEM : 0;
}

static int take_words(struct reader *r, const struct br_strv *w, unsigned line)
{
	const char *key = w->v[0];
	bool hotplug = strcmp(key, "allow-hotplug") == 0;
	int e = 0;

	if (strcmp(key, "iface") == 0)
		return start_iface(r, w, line);
	/* Without a name it is not that keyword to ifup, but an option. */
	if (w->n > 1 && (strcmp(key, "auto") == 0 || br_starts(key, "allow-"))) {
		r->where = NOWHERE;
		for (size_t i = 1; e == 0 && i < w->n; i++)
			if (hotplug || strcmp(key, "auto") == 0 || strcmp(key, "allow-auto") == 0)
				e = add_auto(r->to, w->v[i], hotplug);
		return e;
	}
	if (strcmp(key, "source") == 0 || strcmp(key, "source-directory") == 0 || strcmp(key, "source-dir") == 0) {
		r->where = NOWHERE;
		for (size_t i = 1; e == 0 && i < w->n; i++)
			e = add_source(r->to, w->v[i], line, key[strlen("source")] != '\0');
		return e;
	}
	if (strcmp(key, "mapping") == 0) {
		r->where = IN_MAPPING;
		for (size_t i = 1; i < w->n; i++)
			br_strv_add(&r->to->mappings, w->v[i]);
		return w->n < 2 ? -EBADMSG : r->to->mappings.oom ? -ENOMEM : 0;
	}
	if (br_starts(key, "no-auto-down") || br_starts(key, "no-scripts") || strcmp(key, "rename") == 0 ||
	    strcmp(key, "template") == 0) {
		r->where = NOWHERE;
		return 0;
	}
	if (r->where == IN_IFACE)
		return take_option(r, w, line);
	if (r->where == IN_MAPPING)
		return strcmp(key, "script") == 0 || strcmp(key, "map") == 0 ? 0 : -EBADMSG;
	/* An option before any stanza is refused. */
	return r->to->too_many ? 0 : -EBADMSG;
}

int br_interfaces_parse(const char *path, const char *buf, size_t len, struct br_interfaces *ret, unsigned *ret_line)
{
	struct reader r = {.path = path, .at = buf, .end = buf + len, .to = ret};

	*ret_line = 0;
	if (memchr(buf, '\0', len))
		return -EBADMSG;
	while (r.at < r.end) {
		unsigned line;
		br_autofree char *text = next_line(&r, &line);
		br_autostrv struct br_strv words = {0};
		int e;

		if (!text)
			return -ENOMEM;
		if (text[strspn(text, " \t")] == '#')
			continue;
		br_strv_split(&words, text, " \t\r");
		if (words.oom)
			return -ENOMEM;
		if (!words.n)
			continue;
		e = take_words(&r, &words, line);
		if (e < 0) {
			*ret_line = line;
			return e;
		}
	}
	return 0;
}
