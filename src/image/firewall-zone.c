/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* firewalld: the default zone's file, and those of the services that it names. */
#include <errno.h>
#include <string.h>

#include "base/limits.h"
#include "image/firewall-internal.h"

#define SERVICES_DEEP 4

/* One tag of an XML text: <name attributes>, </name>. */
struct tag {
	const char *name, *attributes; /* in the text; lengths beside them */
	size_t name_len, len;
	bool closing, empty;
	unsigned line;
};

/* The next tag from *at on; comments and declarations are none. */
static bool next_tag(const char **at, const char *end, unsigned *line, struct tag *ret)
{
	while (*at < end) {
		const char *start = memchr(*at, '<', (size_t)(end - *at)), *stop;

		for (const char *c = *at; c < (start ? start : end); c++)
			*line += *c == '\n';
		if (!start)
			break;
		if (end - start > 4 && memcmp(start, "<!--", 4) == 0) {
			stop = memmem(start, (size_t)(end - start), "-->", 3);
			stop = stop ? stop + 2 : NULL;
		} else {
			stop = memchr(start, '>', (size_t)(end - start));
		}
		if (!stop)
			break;
		*at = stop + 1;
		ret->line = *line;
		for (const char *c = start; c < stop; c++)
			*line += *c == '\n';
		if (start[1] == '!' || start[1] == '?')
			continue;
		ret->closing = start[1] == '/';
		ret->empty = stop[-1] == '/';
		ret->name = start + 1 + ret->closing;
		ret->name_len = 0;
		while (ret->name + ret->name_len < stop && !strchr(" \t\r\n/", ret->name[ret->name_len]))
			ret->name_len++;
		ret->attributes = ret->name + ret->name_len;
		ret->len = (size_t)(stop - ret->attributes);
		return true;
	}
	*at = end;
	return false;
}

static bool is(const struct tag *t, const char *name)
{
	return t->name_len == strlen(name) && memcmp(t->name, name, t->name_len) == 0;
}

/* The attribute's value, owned; NULL: it has none of that name. */
static char *attribute(const struct tag *t, const char *name)
{
	const char *at = t->attributes, *end = at + t->len;
	size_t n = strlen(name);

	while (at < end) {
		const char *key, *stop;
		size_t len = 0;

		while (at < end && strchr(" \t\r\n/", *at))
			at++;
		key = at;
		while (at < end && !strchr("= \t\r\n", *at)) {
			at++;
			len++;
		}
		while (at < end && strchr("= \t\r\n", *at))
			at++;
		if (at >= end || (*at != '"' && *at != '\''))
			return NULL;
		stop = memchr(at + 1, *at, (size_t)(end - at - 1));
		if (!stop)
			return NULL;
		if (len == n && memcmp(key, name, n) == 0)
			return strndup(at + 1, (size_t)(stop - at - 1));
		at = stop + 1;
	}
	return NULL;
}

static enum br_fw_match port_of(const struct tag *t)
{
	br_autofree char *port = attribute(t, "port"), *protocol = attribute(t, "protocol");

	return port && protocol && strcmp(protocol, "tcp") == 0 ? br_fw_port(port, '-') : BR_FW_NO;
}

static enum br_fw_match more(enum br_fw_match a, enum br_fw_match b)
{
	return a > b ? a : b;
}

/* Of /etc before the vendor's. */
static int read_kind(const struct br_root *root, const char *kind, const char *name, struct br_blob *ret, char **ret_path)
{
	static const char *const folders[] = {"/etc/firewalld", "/usr/lib/firewalld"};
	int r = -ENOENT;

	for (size_t i = 0; r == -ENOENT && i < BR_ARRAY_SIZE(folders); i++) {
		br_autofree char *path = br_format("%s/%s/%s.xml", folders[i], kind, name);

		if (!path)
			return -ENOMEM;
		r = br_root_read(root, path, BR_CONFIG_MAX, ret);
		if (r == 0 && ret_path)
			*ret_path = BR_TAKE(path);
	}
	return r;
}

/* Does that service have port 22? One without a file: by its name, which every firewalld has a file for. */
static enum br_fw_match service(const struct br_root *root, const char *name, unsigned depth)
{
	br_autoblob struct br_blob blob = {0};
	const char *at;
	unsigned line = 1;
	struct tag t;
	enum br_fw_match m = BR_FW_NO;

	if (!name || strchr(name, '/') || depth >= SERVICES_DEEP)
		return BR_FW_NO;
	if (!root || read_kind(root, "services", name, &blob, NULL) < 0)
		return strcmp(name, "ssh") == 0 ? BR_FW_YES : BR_FW_NO;
	at = blob.data;
	while (next_tag(&at, blob.data + blob.len, &line, &t)) {
		if (is(&t, "port")) {
			m = more(m, port_of(&t));
		} else if (is(&t, "include")) {
			br_autofree char *other = attribute(&t, "service");

			m = more(m, service(root, other, depth + 1));
		}
	}
	return m;
}

/* What one element lets in; of <protocol value="tcp"/> everything. */
static enum br_fw_match element(const struct br_root *root, const struct tag *t)
{
	br_autofree char *word = NULL;

	if (is(t, "port"))
		return port_of(t);
	if (is(t, "service")) {
		word = attribute(t, "name");
		return service(root, word, 0);
	}
	if (is(t, "protocol")) {
		word = attribute(t, "value");
		return br_streq(word, "tcp") ? BR_FW_YES : BR_FW_NO;
	}
	return BR_FW_NO;
}

struct zone {
	enum br_fw_match allow, deny;
	bool open; /* its target lets everything in */
	unsigned line, deny_line;
	/* The rich rule that is being read. */
	bool rule, named; /* in one; it names a port, service or protocol */
	enum br_fw_match matches, where;
	enum { NOTHING, ALLOWS, DENIES } action;
};

static void rule_start(struct zone *z, const struct tag *t)
{
	br_autofree char *family = attribute(t, "family");

	z->rule = true;
	z->named = false;
	z->matches = BR_FW_NO;
	z->where = br_streq(family, "ipv6") ? BR_FW_NO : BR_FW_YES;
	z->action = NOTHING;
}

static void rule_end(struct zone *z, unsigned line)
{
	enum br_fw_match m = z->named ? z->matches : BR_FW_YES;

	m = m < z->where ? m : z->where;
	z->rule = false;
	if (z->action == ALLOWS)
		z->allow = more(z->allow, m);
	if (z->action == DENIES && m > z->deny) {
		z->deny = m;
		z->deny_line = line;
	}
}

static void rule_part(const struct br_root *root, struct zone *z, const struct tag *t)
{
	if (is(t, "source") || is(t, "destination")) {
		z->where = z->where > BR_FW_MAYBE ? BR_FW_MAYBE : z->where;
	} else if (is(t, "accept")) {
		z->action = ALLOWS;
	} else if (is(t, "reject") || is(t, "drop")) {
		z->action = DENIES;
	} else if (is(t, "service") || is(t, "port") || is(t, "protocol")) {
		z->named = true;
		z->matches = more(z->matches, element(root, t));
	} else if (!is(t, "log") && !is(t, "audit") && !is(t, "limit")) {
		z->named = true; /* icmp-block, masquerade, forward-port: not of this packet */
	}
}

enum br_passage br_zone_parse(const struct br_root *root, const char *buf, size_t len, unsigned *ret_line)
{
	struct zone z = {0};
	const char *at = buf;
	unsigned line = 1;
	struct tag t;

	while (next_tag(&at, buf + len, &line, &t)) {
		br_autofree char *target = is(&t, "zone") && !t.closing ? attribute(&t, "target") : NULL;

		if (target) {
			z.open = strcmp(target, "ACCEPT") == 0;
			z.line = t.line;
		}
		if (is(&t, "zone") && !z.line)
			z.line = t.line;
		if (is(&t, "rule"))
			t.closing ? rule_end(&z, t.line) : rule_start(&z, &t);
		else if (t.closing)
			continue;
		else if (z.rule)
			rule_part(root, &z, &t);
		else
			z.allow = more(z.allow, element(root, &t));
	}
	if (z.open && z.allow < BR_FW_YES)
		z.allow = BR_FW_YES;
	*ret_line = z.deny ? z.deny_line : z.line;
	if (z.deny == BR_FW_YES || z.allow == BR_FW_NO)
		return BR_PASSAGE_DROPPED;
	return z.deny == BR_FW_MAYBE || z.allow == BR_FW_MAYBE ? BR_PASSAGE_PARTLY : BR_PASSAGE_OPEN;
}

/* The value of a line "KEY = value"; owned, NULL: another line. */
static char *conf_value(const char *line, const char *key)
{
	line += strspn(line, " \t");
	if (!br_starts(line, key))
		return NULL;
	line += strlen(key) + strspn(line + strlen(key), " \t");
	if (*line++ != '=')
		return NULL;
	line += strspn(line, " \t");
	return strndup(line, strcspn(line, " \t"));
}

static char *default_zone(const struct br_root *root)
{
	br_autoblob struct br_blob blob = {0};
	br_autostrv struct br_strv lines = {0};

	if (br_root_read(root, "/etc/firewalld/firewalld.conf", BR_CONFIG_MAX, &blob) == 0)
		br_strv_split(&lines, blob.data, "\r\n");
	for (size_t i = 0; i < lines.n; i++) {
		br_autofree char *value = conf_value(lines.v[i], "DefaultZone");

		if (value && *value && !strchr(value, '/'))
			return BR_TAKE(value);
	}
	return strdup("public");
}

static bool has_interface(const struct br_blob *blob)
{
	const char *at = blob->data;
	unsigned line = 1;
	struct tag t;

	while (next_tag(&at, blob->data + blob->len, &line, &t))
		if (is(&t, "interface"))
			return true;
	return false;
}

/* Zones that take interfaces by their names: what they do otherwise than the default one is true of those alone. */
static int other_zones(const struct br_root *root, const char *zone, struct br_passing *ret)
{
	static const char folder[] = "/etc/firewalld/zones";
	br_autostrv struct br_strv names = {0};
	br_autofree char *own = br_format("%s.xml", zone);
	int r = own ? br_root_list(root, folder, &names) : -ENOMEM;

	for (size_t i = 0; r >= 0 && i < names.n && i < BR_FIREWALL_FILES_MAX; i++) {
		br_autofree char *path = br_format("%s/%s", folder, names.v[i]);
		br_autoblob struct br_blob blob = {0};
		unsigned line = 0;

		if (!path)
			return -ENOMEM;
		if (!br_ends(path, ".xml") || strcmp(names.v[i], own) == 0 || br_root_read(root, path, BR_CONFIG_MAX, &blob) < 0)
			continue;
		if (!has_interface(&blob) || br_zone_parse(root, blob.data, blob.len, &line) == ret->ssh)
			continue;
		/* The file that is told is of a zone that keeps SSH out. */
		if (ret->ssh == BR_PASSAGE_OPEN)
			return br_passing_set(ret, BR_PASSAGE_PARTLY, path, line, NULL);
		ret->ssh = BR_PASSAGE_PARTLY;
		return 0;
	}
	return r == -ENOMEM ? r : 0;
}

int br_firewalld_read(const struct br_root *root, struct br_passing *ret)
{
	br_autofree char *zone = default_zone(root), *path = NULL;
	br_autoblob struct br_blob blob = {0};
	enum br_passage passage;
	unsigned line = 0;
	int r = zone ? read_kind(root, "zones", zone, &blob, &path) : -ENOMEM;

	if (r == -ENOMEM)
		return r;
	if (r < 0)
		return br_passing_set(ret, r == -ENOENT ? BR_PASSAGE_NO_RULES : BR_PASSAGE_UNKNOWN, NULL, 0,
		                      br_format("the file of the default zone %s: %s", zone, br_strerror(-r)));
	passage = br_zone_parse(root, blob.data, blob.len, &line);
	r = br_passing_set(ret, passage, path, line, br_format("the default zone is %s", zone));
	return r < 0 ? r : other_zones(root, zone, ret);
}
