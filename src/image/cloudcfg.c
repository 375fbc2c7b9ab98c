/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The few keys of cloud-init's configuration, out of the lines that cloudcfg-lines.c makes. */
#include <errno.h>

#include "image/cloudcfg.h"

static void value_free(struct br_cloud_value *v)
{
	free(v->text);
	*v = (struct br_cloud_value){0};
}

static void list_free(struct br_cloud_list *l)
{
	br_strv_free(&l->items);
	*l = (struct br_cloud_list){0};
}

void br_cloudcfg_free(struct br_cloudcfg *c)
{
	for (size_t i = 0; i < BR_CLOUD_STAGES; i++)
		list_free(&c->modules[i]);
	value_free(&c->mode);
	value_free(&c->ignore_disabled);
	value_free(&c->resize_rootfs);
	list_free(&c->devices);
	*c = (struct br_cloudcfg){0};
}

/* A scalar without its quotes. NULL with *bad: an alias, a tag, an escape: nothing that is read here. */
static char *scalar(const char *s, size_t len, bool *bad)
{
	br_autostr struct br_str out = {0};

	while (len && s[len - 1] == ' ')
		len--;
	if (!len || (len == 1 && s[0] == '~') || (len == 4 && strncasecmp(s, "null", 4) == 0))
		return NULL;
	if (strchr("&*!|>%@`", s[0])) {
		*bad = true;
		return NULL;
	}
	if (s[0] != '"' && s[0] != '\'')
		return strndup(s, len);
	if (len < 2 || s[len - 1] != s[0] || (s[0] == '"' && memchr(s, '\\', len))) {
		*bad = true;
		return NULL;
	}
	for (size_t i = 1; i + 1 < len; i++) {
		br_str_putc(&out, s[i]);
		if (s[0] == '\'' && s[i] == '\'')
			i++;
	}
	return br_str_take(&out);
}

/* Length of the flow value or scalar at s, up to a "," or bracket of its own level. */
static size_t flow_item(const char *s)
{
	int depth = 0;
	size_t n = 0;

	for (; s[n]; n++) {
		if ((s[n] == '"' || s[n] == '\'') && (!n || strchr(" [{,:", s[n - 1]))) {
			const char *end = strchr(s + n + 1, s[n]);

			if (!end)
				return n;
			n = (size_t)(end - s);
		} else if (s[n] == '[' || s[n] == '{') {
			depth++;
		} else if (s[n] == ']' || s[n] == '}') {
			if (depth-- == 0)
				return n;
		} else if (s[n] == ',' && depth == 0) {
			return n;
		}
	}
	return n;
}

/* Lists within lists are modules with their arguments; deeper than this is nothing of cloud-init's. */
#define DEPTH_MAX 4

static int add_item(const char *s, size_t len, unsigned depth, struct br_cloud_list *l);

/* Items of "[a, b]" at s; of a list within a list only the first: a module's name, then come its arguments. */
static int flow_list(const char *s, unsigned depth, struct br_cloud_list *l)
{
	for (s++; *s && *s != ']';) {
		size_t n;
		int r;

		s += strspn(s, " ");
		n = flow_item(s);
		if (n) {
			r = add_item(s, n, depth + 1, l);
			if (r < 0)
				return r;
			if (depth)
				return 0;
		}
		s += n;
		/* Whatever else stands here ends the list where it must not: an open quote, a brace. */
		if (*s != ',' && *s != ']')
			return -EBADMSG;
		s += *s == ',';
		s += strspn(s, " ");
	}
	return *s == ']' ? 0 : -EBADMSG;
}

/* One item of a list: a scalar, "[name, frequency]", "- name" within it, or "name: value". */
static int add_item(const char *s, size_t len, unsigned depth, struct br_cloud_list *l)
{
	br_autofree char *text = strndup(s, len), *one = NULL;
	const char *value;
	bool bad = false;
	size_t n;

	if (!text)
		return -ENOMEM;
	if (depth > DEPTH_MAX)
		return -EBADMSG;
	if (text[0] == '[')
		return flow_list(text, depth, l);
	if (text[0] == '{')
		return -EBADMSG;
	if (text[0] == '-' && text[1] == ' ')
		return add_item(text + 2 + strspn(text + 2, " "), strlen(text + 2 + strspn(text + 2, " ")), depth + 1,
		                l);
	n = br_yaml_key(text, &value);
	if (n) {
		if (n != 4 || strncmp(text, "name", 4) != 0)
			return 0; /* frequency: and args: of a module given as a mapping */
		one = scalar(value, strlen(value), &bad);
	} else {
		one = scalar(text, strlen(text), &bad);
	}
	if (bad)
		return -EBADMSG;
	if (one)
		br_strv_add(&l->items, one);
	return l->items.oom ? -ENOMEM : 0;
}

/*
 * A list that stands behind "key:" at line at, or on the lines below: items are those that start with "-"
 * at the first one's indentation; what is deeper belongs to the item before.
 */
static int read_list(const struct br_yaml *y, size_t at, size_t end, const char *value, struct br_cloud_list *l)
{
	unsigned indent;

	list_free(l);
	l->set = true;
	l->line = y->v[at].number;
	if (*value == '[')
		return flow_list(value, 0, l);
	if (*value) {
		bool bad = false;
		br_autofree char *one = scalar(value, strlen(value), &bad);

		return one || bad ? -EBADMSG : 0; /* null: an empty list */
	}
	indent = at + 1 < end ? y->v[at + 1].indent : 0;
	for (size_t i = at + 1; i < end; i++) {
		const char *text = y->v[i].text, *ignored;
		int r;

		if (y->v[i].indent > indent) {
			/* Of an item that is a list the later ones; of a mapping its name may come late. */
			if (br_yaml_key(text, &ignored)) {
				r = add_item(text, strlen(text), 1, l);
				if (r < 0)
					return r;
			} else if (text[0] != '-') {
				return -EBADMSG;
			}
			continue;
		}
		if (y->v[i].indent < indent || text[0] != '-' || (text[1] && text[1] != ' '))
			return -EBADMSG;
		text += 1 + strspn(text + 1, " ");
		r = add_item(text, strlen(text), 1, l);
		if (r < 0)
			return r;
	}
	return 0;
}

static bool key_is(const char *text, size_t n, const char *want)
{
	if (n >= 2 && (text[0] == '"' || text[0] == '\'')) {
		text++;
		n -= 2;
	}
	return n == strlen(want) && strncmp(text, want, n) == 0;
}

static int read_scalar(const char *s, size_t len, unsigned line, struct br_cloud_value *v)
{
	bool bad = false;

	value_free(v);
	v->set = true;
	v->line = line;
	v->text = scalar(s, len, &bad);
	return bad || (v->text && (v->text[0] == '[' || v->text[0] == '{')) ? -EBADMSG : 0;
}

static int growpart_key(struct br_cloudcfg *c, const char *text, size_t n, const char *value, size_t len,
                        unsigned line)
{
	if (key_is(text, n, "mode"))
		return read_scalar(value, len, line, &c->mode);
	if (key_is(text, n, "ignore_growroot_disabled"))
		return read_scalar(value, len, line, &c->ignore_disabled);
	return 0;
}

/* "{mode: off, devices: [/]}" */
static int growpart_flow(struct br_cloudcfg *c, const char *s, unsigned line)
{
	for (s++; *s && *s != '}';) {
		const char *value;
		size_t n, key;
		int r;

		s += strspn(s, " ");
		n = flow_item(s);
		key = n ? br_yaml_key(s, &value) : 0;
		if (n && (!key || value > s + n))
			return -EBADMSG;
		if (n && key_is(s, key, "devices")) {
			list_free(&c->devices);
			c->devices.set = true;
			c->devices.line = line;
			r = *value == '[' ? flow_list(value, 0, &c->devices) : -EBADMSG;
		} else {
			r = n ? growpart_key(c, s, key, value, (size_t)(s + n - value), line) : 0;
		}
		if (r < 0)
			return r;
		s += n;
		if (*s != ',' && *s != '}')
			return -EBADMSG;
		s += *s == ',';
		s += strspn(s, " ");
	}
	return *s == '}' ? 0 : -EBADMSG;
}

static int read_growpart(struct br_cloudcfg *c, const struct br_yaml *y, size_t at, size_t end, const char *value)
{
	unsigned indent;

	c->growpart_set = true;
	c->growpart_odd = false;
	c->growpart_line = y->v[at].number;
	value_free(&c->mode);
	value_free(&c->ignore_disabled);
	list_free(&c->devices);
	if (*value == '{')
		return growpart_flow(c, value, c->growpart_line);
	if (*value && strchr("&*!|>", *value))
		return -EBADMSG;
	if (*value || at + 1 == end || y->v[at + 1].text[0] == '-') {
		c->growpart_odd = true;
		return 0;
	}
	indent = y->v[at + 1].indent;
	for (size_t i = at + 1; i < end; i++) {
		const char *text = y->v[i].text, *v;
		size_t n = br_yaml_key(text, &v), stop;
		int r;

		if (y->v[i].indent != indent || !n)
			return -EBADMSG;
		for (stop = i + 1; stop < end && (y->v[stop].indent > indent || (y->v[stop].indent == indent &&
		                                                                 y->v[stop].text[0] == '-'));)
			stop++;
		if (key_is(text, n, "devices"))
			r = read_list(y, i, stop, v, &c->devices);
		else if (stop > i + 1 && (key_is(text, n, "mode") || key_is(text, n, "ignore_growroot_disabled")))
			r = -EBADMSG;
		else
			r = growpart_key(c, text, n, v, strlen(v), y->v[i].number);
		if (r < 0)
			return r;
		i = stop - 1;
	}
	return 0;
}

static int take_key(struct br_cloudcfg *c, const struct br_yaml *y, size_t at, size_t end, size_t n,
                    const char *value)
{
	static const char *const stages[] = {"cloud_init_modules", "cloud_config_modules", "cloud_final_modules"};
	const char *text = y->v[at].text;

	for (size_t i = 0; i < BR_CLOUD_STAGES; i++)
		if (key_is(text, n, stages[i]))
			return read_list(y, at, end, value, &c->modules[i]);
	if (key_is(text, n, "growpart"))
		return read_growpart(c, y, at, end, value);
	if (key_is(text, n, "resize_rootfs"))
		return end > at + 1 ? -EBADMSG :
		                      read_scalar(value, strlen(value), y->v[at].number, &c->resize_rootfs);
	/* A merge key and a folder elsewhere would bring in what is not seen here. */
	return key_is(text, n, "<<") || key_is(text, n, "conf_d") ? -EBADMSG : 0;
}

static int read_top(const struct br_yaml *y, struct br_cloudcfg *c, unsigned *ret_line)
{
	size_t first = y->n && strcmp(y->v[0].text, "---") == 0 ? 1 : 0;

	for (size_t at = first, end; at < y->n; at = end) {
		const char *value;
		size_t n = br_yaml_key(y->v[at].text, &value);
		int r = n && !y->v[at].indent ? 0 : -EBADMSG;

		for (end = at + 1; end < y->n && (y->v[end].indent || y->v[end].text[0] == '-'); end++)
			if (br_starts(y->v[end].text, "---"))
				r = -EBADMSG;
		if (r == 0)
			r = take_key(c, y, at, end, n, value);
		if (r < 0) {
			*ret_line = y->v[at].number;
			return r;
		}
	}
	return 0;
}

int br_cloudcfg_parse(const char *buf, size_t len, struct br_cloudcfg *ret, unsigned *ret_line)
{
	br_cleanup(br_cloudcfg_free) struct br_cloudcfg c = {0};
	br_cleanup(br_yaml_free) struct br_yaml y = {0};
	int r;

	*ret_line = 0;
	/* A template is rendered by cloud-init before it is read. */
	if (len >= 12 && strncasecmp(buf, "## template:", 12) == 0) {
		*ret_line = 1;
		return -EBADMSG;
	}
	r = br_yaml_lines(buf, len, &y, ret_line);
	if (r == 0)
		r = read_top(&y, &c, ret_line);
	if (r < 0)
		return r;
	*ret = c;
	c = (struct br_cloudcfg){0};
	return 0;
}
