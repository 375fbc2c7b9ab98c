/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* loader.conf, entries of type 1, and what a unified image says of itself. */
#include <errno.h>
#include <string.h>

#include "base/num.h"
#include "image/chain.h"
#include "image/sdboot.h"

/* Where the lines are read, and the line at hand. */
struct lines {
	const char *p, *end;
	char *key, *value; /* owned */
};

static void lines_free(struct lines *l)
{
	free(l->key);
	free(l->value);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Blanks at both ends of [*from, *to) off. */
static void trim(const char **from, const char **to)
{
	while (*from < *to && is_blank(**from))
		++*from;
	while (*to > *from && is_blank((*to)[-1]))
		--*to;
}

/* Splits one line; false: it says nothing. */
static bool split(const char *from, const char *to, const char *sep, struct lines *l)
{
	const char *key_end, *value;

	trim(&from, &to);
	if (from == to || *from == '#')
		return false;
	for (key_end = from; key_end < to && !strchr(sep, *key_end); key_end++)
		;
	if (key_end == to)
		return false;
	for (value = key_end; value < to && strchr(sep, *value); value++)
		;
	if (value < to && *value == '"' && to[-1] == '"') {
		value++;
		if (to > value)
			to--;
	}
	free(l->key);
	free(l->value);
	l->key = strndup(from, (size_t)(key_end - from));
	l->value = strndup(value, (size_t)(to - value));
	return true;
}

/* The next line with a key and a value: 1, 0 at the end, -ENOMEM. */
static int next(struct lines *l, const char *sep)
{
	while (l->p < l->end && *l->p) {
		const char *from = l->p, *to = from;

		while (to < l->end && *to && *to != '\n' && *to != '\r')
			to++;
		l->p = to + (to < l->end && *to);
		if (split(from, to, sep, l))
			return l->key && l->value ? 1 : -ENOMEM;
	}
	return 0;
}

static char *lower(char *s)
{
	for (char *p = s; p && *p; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p + ('a' - 'A'));
	return s;
}

/* Hands the value at hand over. */
static void take(struct lines *l, char **to)
{
	free(*to);
	*to = BR_TAKE(l->value);
}

static void take_timeout(struct br_sdboot_conf *c, const char *v, unsigned version)
{
	bool old = version && version < BR_SD_SORT_KEYS;
	size_t n = strspn(v, "0123456789");
	uint64_t seconds = 0;

	if (!old && (strcmp(v, "menu-force") == 0 || strncmp(v, "menu-", 5) == 0)) {
		c->menu_force = strcmp(v, "menu-force") == 0;
		c->timeout = 0;
		return;
	}
	/* Anything else that is no number is passed over; the old loader reads the digits it begins with. */
	if ((!old && (!n || v[n])) || (n && br_parse_uint(v, n, 10, 0, UINT32_MAX, &seconds) < 0))
		return;
	c->menu_force = false;
	c->timeout = (long)seconds;
}

int br_sdboot_conf_parse(const char *buf, size_t len, unsigned version, struct br_sdboot_conf *ret)
{
	br_cleanup(lines_free) struct lines l = {.p = buf, .end = buf + len};
	struct br_sdboot_conf c = {0};
	int r;

	while ((r = next(&l, " \t")) > 0) {
		if (strcmp(l.key, "timeout") == 0)
			take_timeout(&c, l.value, version);
		else if (strcmp(l.key, "default") == 0 && (*l.value != '@' || strcasecmp(l.value, "@saved") == 0))
			take(&l, &c.wanted);
		else if (strcmp(l.key, "preferred") == 0 && (!version || version >= BR_SD_PREFERRED))
			take(&l, &c.preferred);
	}
	if (r < 0) {
		br_sdboot_conf_free(&c);
		return r;
	}
	lower(c.wanted);
	lower(c.preferred);
	*ret = c;
	return 0;
}

void br_sdboot_conf_free(struct br_sdboot_conf *c)
{
	free(c->wanted);
	free(c->preferred);
	*c = (struct br_sdboot_conf){0};
}

void br_sdboot_entry_free(struct br_sdboot_entry *e)
{
	free(e->file);
	free(e->id);
	free(e->id_base);
	free(e->title);
	free(e->version);
	free(e->machine_id);
	free(e->sort_key);
	free(e->options);
	free(e->loader);
	free(e->devicetree);
	br_strv_free(&e->initrds);
	*e = (struct br_sdboot_entry){0};
}

/* "\EFI//x" -> "/EFI/x": from the top of the file system, one separator between. */
static char *path_of(const char *value)
{
	br_autostr struct br_str s = {0};

	br_str_putc(&s, '/');
	for (; *value; value++) {
		char c = *value == '\\' ? '/' : *value;

		if (c != '/' || (s.len && s.s[s.len - 1] != '/'))
			br_str_putc(&s, c);
	}
	return br_str_take(&s);
}

static int take_path(char **to, const char *value)
{
	free(*to);
	*to = path_of(value);
	return *to ? 0 : -ENOMEM;
}

static int add_options(struct br_sdboot_entry *e, const char *value)
{
	char *joined = e->options ? br_format("%s %s", e->options, value) : strdup(value);

	free(e->options);
	e->options = joined;
	return joined ? 0 : -ENOMEM;
}

static int add_initrd(struct br_sdboot_entry *e, const char *value)
{
	br_autofree char *path = path_of(value);

	if (path)
		br_strv_add(&e->initrds, path);
	return path && !e->initrds.oom ? 0 : -ENOMEM;
}

/* Without a key `initrd` the kernel's own EFI stub loads what its options name (admin-guide/efi-stub). */
static int take_own_initrds(struct br_sdboot_entry *e)
{
	br_autostrv struct br_strv own = {0};
	int r = 0;

	if (e->type != BR_SDBOOT_LINUX || e->initrds.n || !e->options)
		return 0;
	br_cmdline_all(e->options, "initrd", &own);
	for (size_t i = 0; r == 0 && i < own.n; i++)
		r = add_initrd(e, own.v[i]);
	return own.oom ? -ENOMEM : r;
}

static int take_line(struct br_sdboot_entry *e, struct lines *l, const char *arch, unsigned version)
{
	const struct {
		const char *key;
		char **to;
	} texts[] = {
		{"title", &e->title},
		{"sort-key", &e->sort_key},
		{"version", &e->version},
		{"machine-id", &e->machine_id},
	};

	for (size_t i = 0; i < BR_ARRAY_SIZE(texts); i++) {
		if (strcmp(l->key, texts[i].key) == 0) {
			take(l, texts[i].to);
			return 0;
		}
	}
	if (strcmp(l->key, "linux") == 0 || strcmp(l->key, "efi") == 0 ||
	    (strcmp(l->key, "uki") == 0 && (!version || version >= BR_SD_UKI_KEY))) {
		e->type = *l->key == 'l' ? BR_SDBOOT_LINUX : BR_SDBOOT_EFI;
		return take_path(&e->loader, l->value);
	}
	if (strcmp(l->key, "devicetree") == 0)
		return take_path(&e->devicetree, l->value);
	if (strcmp(l->key, "options") == 0)
		return add_options(e, l->value);
	if (strcmp(l->key, "initrd") == 0)
		return add_initrd(e, l->value);
	e->foreign = strcmp(l->key, "architecture") == 0 && arch && strcasecmp(l->value, arch) != 0;
	return 0;
}

/* The names that come of the file's own. */
static int name_entry(struct br_sdboot_entry *e, const char *file, const char *suffix, unsigned version)
{
	size_t bare = br_sdboot_tries(file, suffix, &e->left, &e->done);

	e->file = strdup(file);
	e->counted = bare > 0;
	if (e->counted && (!version || version >= BR_SD_BARE_IDS))
		e->id = lower(br_format("%.*s%s", (int)bare, file, suffix));
	else
		e->id = lower(strdup(file));
	return e->file && e->id ? 0 : -ENOMEM;
}

int br_sdboot_entry_parse(const char *buf, size_t len, const char *file, const char *arch, unsigned version,
                          struct br_sdboot_entry *ret)
{
	br_cleanup(lines_free) struct lines l = {.p = buf, .end = buf + len};
	br_cleanup(br_sdboot_entry_free) struct br_sdboot_entry e = {0};
	int r = name_entry(&e, file, ".conf", version);

	while (r == 0 && !e.foreign && (r = next(&l, " \t")) > 0)
		r = take_line(&e, &l, arch, version);
	if (r == 0)
		r = take_own_initrds(&e);
	if (r < 0)
		return r;
	*ret = e;
	e = (struct br_sdboot_entry){0};
	return 0;
}

enum { PRETTY_NAME, IMAGE_ID, NAME, ID, IMAGE_VERSION, VERSION, VERSION_ID, BUILD_ID, OS_KEYS };

static const char *first_of(char *const *v, int a, int b, int c, int d)
{
	return v[a] ? v[a] : v[b] ? v[b] : v[c] ? v[c] : d < 0 ? NULL : v[d];
}

/* The values of the keys in an os-release or a .profile. */
static int pick(const char *text, const char *const *keys, size_t n, char **values)
{
	br_cleanup(lines_free) struct lines l = {.p = text, .end = text + strlen(text)};
	int r;

	while ((r = next(&l, "=")) > 0)
		for (size_t i = 0; i < n && l.value; i++)
			if (strcmp(l.key, keys[i]) == 0)
				take(&l, &values[i]);
	return r;
}

static int fill_unified(struct br_sdboot_entry *e, char *const *os, char *const *own, unsigned version)
{
	bool old = version && version < BR_SD_SORT_KEYS;
	const char *name = old ? first_of(os, PRETTY_NAME, NAME, NAME, -1) :
	                         first_of(os, PRETTY_NAME, IMAGE_ID, NAME, ID);
	const char *is = old ? first_of(os, VERSION, VERSION_ID, BUILD_ID, -1) :
	                       first_of(os, IMAGE_VERSION, VERSION, VERSION_ID, BUILD_ID);
	const char *key = os[IMAGE_ID] ? os[IMAGE_ID] : os[ID];

	if (!name || (old && (!os[ID] || !is)))
		return 0;
	e->type = BR_SDBOOT_UNIFIED;
	if (own[1] || e->profile)
		e->title = own[1] || own[0] ? br_format("%s (%s)", name, own[1] ? own[1] : own[0]) :
		                              br_format("%s (Profile #%u)", name, e->profile + 1);
	else
		e->title = strdup(name);
	e->version = is ? strdup(is) : NULL;
	e->sort_key = key && !old ? strdup(key) : NULL;
	if (e->profile) {
		e->id_base = BR_TAKE(e->id);
		e->id = own[0] ? br_format("%s@%s", e->id_base, own[0]) : br_format("%s@%u", e->id_base, e->profile);
		lower(e->id);
	}
	return e->title && e->id && !is == !e->version && !(key && !old && !e->sort_key) ? 0 : -ENOMEM;
}

int br_sdboot_unified_parse(const char *osrel, const char *profile_text, unsigned profile, const char *file,
                            unsigned version, struct br_sdboot_entry *ret)
{
	static const char *const os_keys[] = {"PRETTY_NAME",   "IMAGE_ID", "NAME",       "ID",
	                                      "IMAGE_VERSION", "VERSION",  "VERSION_ID", "BUILD_ID"};
	static const char *const own_keys[] = {"ID", "TITLE"};
	br_cleanup(br_sdboot_entry_free) struct br_sdboot_entry e = {.profile = profile};
	char *os[OS_KEYS] = {0}, *own[2] = {0};
	int r = name_entry(&e, file, ".efi", version);

	if (r == 0)
		r = pick(osrel, os_keys, OS_KEYS, os);
	if (r == 0 && profile_text)
		r = pick(profile_text, own_keys, 2, own);
	if (r == 0)
		r = fill_unified(&e, os, own, version);
	for (int i = 0; i < OS_KEYS; i++)
		free(os[i]);
	free(own[0]);
	free(own[1]);
	if (r < 0)
		return r;
	*ret = e;
	e = (struct br_sdboot_entry){0};
	return 0;
}
