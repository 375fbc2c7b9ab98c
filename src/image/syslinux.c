/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>

#include "base/limits.h"
#include "base/num.h"
#include "image/syslinux.h"

/* Lines are read into a buffer of this size: what is longer goes on as another line. */
#define LINE_MAX_BYTES 4096

struct parser {
	struct br_syslinux *s;
	br_syslinux_read *include;
	void *ctx;
	const char *file;
	unsigned line, files, depth;
	bool in_label, in_text;
	unsigned menu, parents[BR_GRUB_DEPTH_MAX], n_parents, menus;
};

static void label_free(struct br_syslinux_label *l)
{
	free(l->name);
	free(l->title);
	free(l->kernel);
	free(l->append);
	free(l->initrd);
	free(l->file);
}

void br_syslinux_free(struct br_syslinux *s)
{
	for (size_t i = 0; i < s->n; i++)
		label_free(&s->labels[i]);
	free(s->labels);
	free(s->append);
	free(s->wanted);
	free(s->ui);
	free(s->ontimeout);
	free(s->missing);
	*s = (struct br_syslinux){0};
}

static bool is_space(char c)
{
	return (unsigned char)c <= ' ';
}

static const char *skip_space(const char *p)
{
	while (*p && is_space(*p))
		p++;
	return p;
}

/* Behind the keyword and its blanks, where the line begins with it in any case; else NULL. */
static const char *at_key(const char *line, const char *key)
{
	size_t n = strlen(key);

	return strncasecmp(line, key, n) == 0 && is_space(line[n]) ? skip_space(line + n) : NULL;
}

char *br_syslinux_word(const char *s, const char **ret_rest)
{
	size_t n = 0;

	while (s[n] && !is_space(s[n]))
		n++;
	if (ret_rest)
		*ret_rest = skip_space(s + n);
	return strndup(s, n);
}

/* As atoi(3): the digits that it begins with. */
static long number(const char *s)
{
	size_t n = strspn(s, "0123456789");
	uint64_t v = 0;

	return n && br_parse_uint(s, n, 10, 0, INT32_MAX, &v) == 0 ? (long)v : n ? INT32_MAX : 0;
}

static int set(char **to, const char *value)
{
	free(*to);
	*to = strdup(value);
	return *to ? 0 : -ENOMEM;
}

static struct br_syslinux_label *label(const struct parser *p)
{
	return p->in_label ? &p->s->labels[p->s->n - 1] : NULL;
}

static int add_label(struct parser *p, const char *value)
{
	struct br_syslinux *s = p->s;
	struct br_syslinux_label *l;

	p->in_label = false;
	if (s->n == BR_SYSLINUX_LABELS_MAX) {
		s->too_many = true;
		return 0;
	}
	if (br_grow(&s->labels, &s->cap, s->n, sizeof(*s->labels)) < 0)
		return -ENOMEM;
	l = &s->labels[s->n++];
	*l = (struct br_syslinux_label){.menu = p->menu, .line = p->line, .file = strdup(p->file)};
	l->name = br_syslinux_word(value, NULL);
	l->kernel = l->name ? strdup(l->name) : NULL;
	p->in_label = true;
	return l->file && l->kernel ? 0 : -ENOMEM;
}

static void begin_menu(struct parser *p)
{
	if (!p->s->n)
		p->s->submenu_first = true;
	p->in_label = false;
	if (p->n_parents == BR_ARRAY_SIZE(p->parents)) {
		p->s->too_many = true;
		return;
	}
	p->parents[p->n_parents++] = p->menu;
	p->menu = ++p->menus;
}

static void end_menu(struct parser *p)
{
	p->in_label = false;
	if (p->n_parents)
		p->menu = p->parents[--p->n_parents];
}

static int set_title(struct br_syslinux_label *l, const char *value)
{
	char *out;

	if (set(&l->title, value) < 0)
		return -ENOMEM;
	out = l->title;
	for (const char *in = value; *in; in++)
		if (*in != '^')
			*out++ = *in;
	*out = '\0';
	return 0;
}

static int read_file(struct parser *p, const char *name);

static int include(struct parser *p, const char *value, bool as_menu)
{
	const char *rest;
	br_autofree char *name = br_syslinux_word(value, &rest);
	bool submenu = as_menu && *rest;
	int r;

	if (!name)
		return -ENOMEM;
	if (submenu)
		begin_menu(p);
	r = read_file(p, name);
	if (submenu)
		end_menu(p);
	return r;
}

static int menu_line(struct parser *p, const char *s)
{
	struct br_syslinux_label *l = label(p);
	const char *v;

	if ((v = at_key(s, "label")))
		return l ? set_title(l, v) : 0;
	if ((v = at_key(s, "include")))
		return include(p, v, true);
	if (at_key(s, "begin"))
		begin_menu(p);
	else if (at_key(s, "end"))
		end_menu(p);
	else if (at_key(s, "save"))
		p->s->saves = true;
	else if (at_key(s, "separator"))
		p->in_label = false;
	else if (l && at_key(s, "default"))
		l->menu_default = true;
	else if (l && at_key(s, "hide"))
		l->hidden = true;
	else if (l && at_key(s, "passwd"))
		l->password = true;
	else if (l && (at_key(s, "disable") || at_key(s, "disabled")))
		l->disabled = true;
	else if (l && (at_key(s, "quit") || at_key(s, "goto") || at_key(s, "exit")))
		l->type = BR_SYSLINUX_OTHER;
	return 0;
}

/* LINUX, KERNEL and their like: 1 when it was one. */
static int kernel_line(struct parser *p, const char *s)
{
	static const struct {
		const char *key;
		enum br_syslinux_type type;
	} keys[] = {
		{"kernel", BR_SYSLINUX_KERNEL}, {"linux", BR_SYSLINUX_LINUX},   {"localboot", BR_SYSLINUX_OTHER},
		{"boot", BR_SYSLINUX_OTHER},    {"bss", BR_SYSLINUX_OTHER},     {"pxe", BR_SYSLINUX_OTHER},
		{"none", BR_SYSLINUX_OTHER},    {"fdimage", BR_SYSLINUX_OTHER}, {"comboot", BR_SYSLINUX_OTHER},
		{"com32", BR_SYSLINUX_OTHER},   {"config", BR_SYSLINUX_OTHER},
	};
	struct br_syslinux_label *l = label(p);

	for (size_t i = 0; i < BR_ARRAY_SIZE(keys); i++) {
		const char *v = at_key(s, keys[i].key);

		if (!v)
			continue;
		if (l)
			l->type = keys[i].type;
		return l && set(&l->kernel, v) < 0 ? -ENOMEM : 1;
	}
	return 0;
}

static int line(struct parser *p, const char *s)
{
	struct br_syslinux_label *l = label(p);
	struct br_syslinux *c = p->s;
	const char *v;
	int r;

	s = skip_space(s);
	if (p->in_text) {
		p->in_text = !at_key(s, "endtext");
		return 0;
	}
	if ((v = at_key(s, "menu")))
		return menu_line(p, v);
	if ((v = at_key(s, "include")))
		return include(p, v, false);
	if ((v = at_key(s, "label")))
		return add_label(p, v);
	if ((v = at_key(s, "append")))
		return set(l ? &l->append : &c->append, v);
	if ((v = at_key(s, "initrd")))
		return l ? set(&l->initrd, v) : 0;
	if ((v = at_key(s, "default")))
		return set(&c->wanted, v);
	if ((v = at_key(s, "ui")))
		return set(&c->ui, v);
	if ((v = at_key(s, "ontimeout")))
		return set(&c->ontimeout, v);
	r = kernel_line(p, s);
	if (r)
		return r < 0 ? r : 0;
	if (at_key(s, "text"))
		p->in_text = true;
	else if ((v = at_key(s, "timeout")))
		c->timeout = number(v);
	else if ((v = at_key(s, "totaltimeout")))
		c->total = number(v);
	else if ((v = at_key(s, "prompt")))
		c->prompt = number(v) != 0;
	else if ((v = at_key(s, "implicit")))
		c->implicit = number(v) != 0;
	else if ((v = at_key(s, "noescape")))
		c->noescape = number(v) != 0;
	return 0;
}

static int read_lines(struct parser *p, const char *buf, size_t len)
{
	int r = 0;

	for (size_t at = 0; r == 0 && at < len;) {
		const char *nl = memchr(buf + at, '\n', len - at);
		size_t n = nl ? (size_t)(nl - buf) - at : len - at;
		br_autofree char *text = NULL;

		p->line++;
		if (n >= LINE_MAX_BYTES) {
			n = LINE_MAX_BYTES - 1;
			nl = NULL;
		}
		text = br_format("%.*s", (int)n, buf + at);
		if (!text)
			return -ENOMEM;
		text[strcspn(text, "\r")] = '\0';
		r = line(p, text);
		at += n + (nl != NULL);
	}
	p->in_text = false;
	return r;
}

static int read_file(struct parser *p, const char *name)
{
	br_autofree char *buf = NULL;
	struct parser saved = *p;
	size_t len = 0;
	int r;

	if (p->files == BR_SYSLINUX_FILES_MAX || p->depth == BR_GRUB_DEPTH_MAX) {
		p->s->too_many = true;
		return 0;
	}
	p->files++;
	r = p->include(p->ctx, name, &buf, &len);
	if (r < 0) {
		if (r != -ENOMEM && !p->s->missing)
			p->s->missing = strdup(name);
		return r == -ENOMEM ? r : 0;
	}
	p->file = name;
	p->line = 0;
	p->depth++;
	r = read_lines(p, buf, len);
	p->depth--;
	p->file = saved.file;
	p->line = saved.line;
	return r;
}

int br_syslinux_parse(const char *buf, size_t len, const char *file, br_syslinux_read *read, void *ctx,
                      struct br_syslinux *ret)
{
	struct br_syslinux s = {.implicit = true};
	struct parser p = {.s = &s, .include = read, .ctx = ctx, .file = file};
	int r = read_lines(&p, buf, len);

	if (r < 0) {
		br_syslinux_free(&s);
		return r;
	}
	*ret = s;
	return 0;
}

char *br_syslinux_path(const char *dir, const char *path)
{
	br_autostrv struct br_strv parts = {0}, out = {0};
	br_autostr struct br_str s = {0};

	if (*path != '/')
		br_strv_split(&parts, dir, "/");
	br_strv_split(&parts, path, "/");
	for (size_t i = 0; i < parts.n; i++) {
		if (strcmp(parts.v[i], "..") == 0 && out.n)
			free(out.v[--out.n]);
		else if (strcmp(parts.v[i], "..") != 0 && strcmp(parts.v[i], ".") != 0)
			br_strv_add(&out, parts.v[i]);
	}
	for (size_t i = 0; i < out.n; i++)
		br_str_printf(&s, "/%s", out.v[i]);
	if (!out.n)
		br_str_puts(&s, "/");
	return parts.oom || out.oom ? NULL : br_str_take(&s);
}

bool br_ldlinux_parse(const unsigned char *buf, size_t len, struct br_ldlinux *ret)
{
	size_t at = 0, epa, dir, n;

	*ret = (struct br_ldlinux){0};
	while (at + 24 <= len && br_le32(buf + at) != 0x3eb202fe)
		at += 4;
	if (at + 24 > len)
		return false;
	epa = br_le16(buf + at + 22);
	if (epa + 20 > len)
		return false;
	dir = br_le16(buf + epa + 2);
	n = br_le16(buf + epa + 4);
	ret->sect[0] = br_le16(buf + epa + 14);
	ret->sect[1] = br_le16(buf + epa + 16);
	if (dir < len && n <= len - dir && n && strnlen((const char *)buf + dir, n) < n &&
	    strnlen((const char *)buf + dir, n) < sizeof(ret->dir))
		memcpy(ret->dir, buf + dir, strnlen((const char *)buf + dir, n));
	return true;
}

int br_gpt_legacy_boot(const unsigned char *entries, size_t n, size_t size)
{
	static const unsigned char nothing[16];
	int found = -ENOENT;

	for (size_t i = 0; i < n; i++) {
		const unsigned char *e = entries + i * size;

		if (memcmp(e, nothing, sizeof(nothing)) == 0 || !(e[48] & 4))
			continue;
		if (found >= 0)
			return -E2BIG;
		found = (int)i;
	}
	return found;
}
