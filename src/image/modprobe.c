/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who forbids a module, and who asks for it: modprobe.d(5), modules-load.d(5), the kernel command line. */
#include <errno.h>
#include <string.h>

#include "base/limits.h"
#include "image/modules.h"

#define BLANKS " \t\r\n"

/* libkmod's order; usr/lib is its distributions' lib. */
static const char *const modprobe_dirs[] = {
	"etc/modprobe.d",     "run/modprobe.d", "usr/local/lib/modprobe.d",
	"usr/lib/modprobe.d", "lib/modprobe.d", NULL,
};

/* "virtio-blk" -> "virtio_blk", into list with what follows it. */
static void add(struct br_strv *list, const char *module, size_t n, const char *rest)
{
	br_autostr struct br_str b = {0};

	br_str_add(&b, module, n);
	for (size_t i = 0; i < b.len; i++)
		if (b.s[i] == '-')
			b.s[i] = '_';
	br_str_puts(&b, rest);
	if (b.oom)
		list->oom = true;
	else
		br_strv_addn(list, b.s, b.len);
}

/*
 * Calls a function for each line that says something: continued ones (\ at the end) joined, under the
 * number of their first line, comments left out.
 */
typedef int (*on_line)(void *ctx, const char *line, unsigned number);

static int each_line(const char *buf, size_t len, on_line call, void *ctx)
{
	br_autostr struct br_str line = {0};
	unsigned number = 0, first = 1;
	int r = 0;

	while (!r && len) {
		const char *nl = memchr(buf, '\n', len);
		size_t n = nl ? (size_t)(nl - buf) : len, skip = nl ? n + 1 : n;
		bool more = n && buf[n - 1] == '\\' && nl;

		if (!line.len)
			first = number + 1;
		number++;
		/* A NUL ends a line's text, as it does for libkmod. */
		br_str_add(&line, buf, strnlen(buf, more ? n - 1 : n));
		buf += skip;
		len -= skip;
		if (more)
			continue;
		if (line.oom)
			return -ENOMEM;
		if (line.len && *(line.s + strspn(line.s, BLANKS)) != '#')
			r = call(ctx, line.s, first);
		line.len = 0;
	}
	return r;
}

/* The next word of *p, which moves behind it; 0 none. */
static size_t word(const char **p, const char **ret)
{
	size_t n;

	*p += strspn(*p, BLANKS);
	n = strcspn(*p, BLANKS);
	*ret = *p;
	*p += n;
	return n;
}

static bool is(const char *w, size_t n, const char *text)
{
	return strlen(text) == n && memcmp(w, text, n) == 0;
}

/* /bin/true, /usr/bin/false, true ...: what people write to keep a module out. */
static bool does_nothing(const char *command)
{
	const char *w, *more;
	size_t n = word(&command, &w);

	for (const char *slash; (slash = memchr(w, '/', n));) {
		n -= (size_t)(slash + 1 - w);
		w = slash + 1;
	}
	return (is(w, n, "true") || is(w, n, "false")) && (!word(&command, &more) || *more == '#');
}

struct parse {
	const char *path;
	struct br_strv *ret;
};

/* alias MODALIAS MODULE: libkmod takes it before the index's own, so that a device may lead elsewhere, or nowhere. */
static int parse_alias(struct parse *p, const char *pattern, size_t n, const char *line, unsigned number)
{
	const char *target;
	size_t t = word(&line, &target);
	br_autofree char *rest = NULL;

	if (!n || !t || !memchr(pattern, ':', n))
		return 0;
	rest = br_format("\t%s:%u\talias\t%.*s", p->path, number, (int)t, target);
	if (!rest)
		return -ENOMEM;
	add(p->ret, pattern, n, rest);
	return p->ret->oom ? -ENOMEM : 0;
}

static int parse_line(void *ctx, const char *line, unsigned number)
{
	struct parse *p = ctx;
	const char *command, *module;
	size_t n = word(&line, &command), m = word(&line, &module);
	bool install = is(command, n, "install");
	br_autofree char *rest = NULL;

	if (is(command, n, "alias"))
		return parse_alias(p, module, m, line, number);
	if (!m || !(is(command, n, "blacklist") || (install && does_nothing(line))))
		return 0;
	rest = br_format("\t%s:%u%s", p->path, number, install ? "\tinstall" : "");
	if (!rest)
		return -ENOMEM;
	add(p->ret, module, m, rest);
	return p->ret->oom ? -ENOMEM : 0;
}

int br_modprobe_parse(const char *buf, size_t len, const char *path, struct br_strv *ret)
{
	struct parse p = {path, ret};

	return each_line(buf, len, parse_line, &p);
}

/* The next word of a kernel command line; quotes keep blanks together. */
static size_t parameter(const char **p, const char **ret)
{
	bool quoted = false;
	const char *s;

	*p += strspn(*p, BLANKS);
	for (s = *p; *s && (quoted || !strchr(BLANKS, *s)); s++)
		quoted ^= *s == '"';
	*ret = *p;
	*p = s;
	return (size_t)(s - *ret);
}

/* The modules of "a,b" or "\"a,b\"", each with rest. */
static void add_modules(struct br_strv *list, const char *s, size_t len, const char *rest)
{
	/* The kernel itself compares letter by letter, and its modules' names have no dash. */
	bool kernel = strstr(rest, "\tkernel") != NULL;

	while (len) {
		size_t n = 0;

		while (n < len && s[n] != ',' && s[n] != '"')
			n++;
		if (n && !(kernel && memchr(s, '-', n)))
			add(list, s, n, rest);
		s += n < len ? n + 1 : n;
		len -= n < len ? n + 1 : n;
	}
}

struct key {
	const char *key, *rest;
};

static int each_parameter(const char *cmdline, const struct key *keys, size_t n_keys, struct br_strv *ret)
{
	const char *w;
	size_t n;

	while ((n = parameter(&cmdline, &w)) > 0) {
		for (size_t i = 0; i < n_keys; i++) {
			size_t k = strlen(keys[i].key);

			if (n > k && strncmp(w, keys[i].key, k) == 0)
				add_modules(ret, w + k, n - k, keys[i].rest);
		}
	}
	return ret->oom ? -ENOMEM : 0;
}

int br_cmdline_blacklist(const char *cmdline, const char *made_by, struct br_strv *ret)
{
	static const struct key common[] = {
		{"modprobe.blacklist=", "\tmodprobe.blacklist="},
		{"module_blacklist=", "\tmodule_blacklist=\tkernel"},
		{"module-blacklist=", "\tmodule_blacklist=\tkernel"},
	};
	static const struct key dracut[] = {
		{"rd.driver.blacklist=", "\trd.driver.blacklist="},
		{"rdblacklist=", "\trdblacklist="},
	};
	static const struct key initramfs_tools[] = {{"blacklist=", "\tblacklist="}};
	int r = each_parameter(cmdline, common, BR_ARRAY_SIZE(common), ret);

	if (r == 0 && br_streq(made_by, "initramfs-tools"))
		return each_parameter(cmdline, initramfs_tools, BR_ARRAY_SIZE(initramfs_tools), ret);
	if (r == 0 && (!made_by || br_streq(made_by, "dracut")))
		return each_parameter(cmdline, dracut, BR_ARRAY_SIZE(dracut), ret);
	return r;
}

int br_initramfs_blacklist(const struct br_initramfs *i, struct br_strv *ret)
{
	br_cleanup(br_kept_list_free) struct br_kept_list l = {0};
	int r = br_initramfs_list(i, modprobe_dirs, ".conf", &l);

	for (size_t j = 0; !r && j < l.n; j++)
		r = br_modprobe_parse(l.v[j]->data.data, l.v[j]->data.len, l.v[j]->path, ret);
	return r;
}

static int root_file(const struct br_root *root, const char *dir, const char *name, struct br_strv *ret)
{
	br_autofree char *path = br_format("/%s/%s", dir, name);
	br_autoblob struct br_blob b = {0};
	int r = path ? br_root_read(root, path, BR_CONFIG_MAX, &b) : -ENOMEM;

	if (!r)
		r = br_modprobe_parse(b.data, b.len, path, ret);
	return r == -ENOMEM ? r : 0;
}

int br_root_blacklist(const struct br_root *root, struct br_strv *ret)
{
	br_autostrv struct br_strv seen = {0};

	for (const char *const *dir = modprobe_dirs; *dir; dir++) {
		br_autostrv struct br_strv names = {0};
		br_autofree char *path = br_format("/%s", *dir);
		int r = path ? br_root_list(root, path, &names) : -ENOMEM;

		for (size_t i = 0; !r && i < names.n; i++) {
			if (!br_ends(names.v[i], ".conf") || br_strv_has(&seen, names.v[i]))
				continue;
			br_strv_add(&seen, names.v[i]);
			r = root_file(root, *dir, names.v[i], ret);
		}
		if (r == -ENOMEM || seen.oom)
			return -ENOMEM;
	}
	return 0;
}

struct option {
	const char *module, *parameter;
	char *value; /* owned */
};

static int option_line(void *ctx, const char *line, unsigned number br_unused)
{
	struct option *o = ctx;
	const char *w;
	size_t n = word(&line, &w), k = strlen(o->parameter);
	br_autofree char *module = NULL;

	if (!is(w, n, "options"))
		return 0;
	n = word(&line, &w);
	module = strndup(w, n);
	if (!module)
		return -ENOMEM;
	if (!br_module_same(module, o->module))
		return 0;
	while ((n = word(&line, &w)) > 0) {
		if (n <= k || w[k] != '=' || memcmp(w, o->parameter, k) != 0)
			continue;
		free(o->value);
		o->value = strndup(w + k + 1, n - k - 1);
		if (!o->value)
			return -ENOMEM;
	}
	return 0;
}

int br_initramfs_option(const struct br_initramfs *i, const char *module, const char *parameter, char **ret)
{
	br_cleanup(br_kept_list_free) struct br_kept_list l = {0};
	struct option o = {.module = module, .parameter = parameter};
	int r = br_initramfs_list(i, modprobe_dirs, ".conf", &l);

	for (size_t j = 0; !r && j < l.n; j++)
		r = each_line(l.v[j]->data.data, l.v[j]->data.len, option_line, &o);
	if (r < 0 || !o.value) {
		free(o.value);
		return r < 0 ? r : -ENOENT;
	}
	*ret = o.value;
	return 0;
}

/* Behind a module's name: it is loaded by name, but not against a blacklist, as modprobe -b does it. */
#define HEEDS "\tblacklist"

static int name_line(struct br_strv *list, const char *line, const char *how)
{
	const char *w;
	size_t n = word(&line, &w);

	if (n && *w != ';')
		add(list, w, n, how);
	return list->oom ? -ENOMEM : 0;
}

/* A name a line, with options behind it in initramfs-tools' file, which modprobe is given. */
static int load_line(void *ctx, const char *line, unsigned number br_unused)
{
	return name_line(ctx, line, "");
}

/* systemd-modules-load heeds blacklists. */
static int heeding_line(void *ctx, const char *line, unsigned number br_unused)
{
	return name_line(ctx, line, HEEDS);
}

/* MODULES=(a b) or MODULES="a b" of mkinitcpio's config, which the image carries; its init calls modprobe -b. */
static int config_line(void *ctx, const char *line, unsigned number br_unused)
{
	struct br_strv *list = ctx;

	line += strspn(line, BLANKS);
	if (!br_starts(line, "MODULES="))
		return 0;
	line += strlen("MODULES=");
	while (*(line += strspn(line, "(\"' \t)?"))) {
		size_t n = strcspn(line, "(\"' \t)?\r");

		if (!n)
			break;
		add(list, line, n, HEEDS);
		line += n;
	}
	return list->oom ? -ENOMEM : 0;
}

static const struct key forcing[] = {
	{"rd.driver.pre=", ""}, {"rdinsmodpre=", ""}, {"modules_load=", HEEDS}, {"modules-load=", HEEDS},
	{"rd.modules_load=", HEEDS}, {"rd.modules-load=", HEEDS},
};

static int cmdline_line(void *ctx, const char *line, unsigned number br_unused)
{
	return each_parameter(line, forcing, BR_ARRAY_SIZE(forcing), ctx);
}

static int each_kept(const struct br_initramfs *i, const char *const *dirs, on_line call, struct br_strv *ret)
{
	br_cleanup(br_kept_list_free) struct br_kept_list l = {0};
	int r = br_initramfs_list(i, dirs, ".conf", &l);

	for (size_t j = 0; !r && j < l.n; j++)
		r = each_line(l.v[j]->data.data, l.v[j]->data.len, call, ret);
	return r;
}

int br_forced_modules(const struct br_initramfs *i, const char *cmdline, struct br_strv *ret)
{
	static const char *const load[] = {"etc/modules-load.d", "usr/lib/modules-load.d", "lib/modules-load.d", NULL};
	static const char *const lines[] = {"etc/cmdline.d", NULL};
	static const struct {
		const char *path;
		on_line call;
	} files[] = {{"conf/modules", load_line}, {"config", config_line}, {"etc/cmdline", cmdline_line}};
	int r = each_kept(i, load, heeding_line, ret);

	if (!r)
		r = each_kept(i, lines, cmdline_line, ret);
	for (size_t j = 0; !r && j < BR_ARRAY_SIZE(files); j++) {
		const struct br_blob *b = br_initramfs_file(i, files[j].path);

		if (b)
			r = each_line(b->data, b->len, files[j].call, ret);
	}
	if (!r && cmdline)
		r = cmdline_line(ret, cmdline, 0);
	return r;
}
