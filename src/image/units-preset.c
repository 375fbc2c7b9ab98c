/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the first boot enables: systemd.preset(5), and install.c's unit_file_preset_all() as it is run then. */
#include <errno.h>
#include <fnmatch.h>
#include <string.h>

#include "base/limits.h"
#include "image/units-internal.h"

struct rule {
	bool enable;
	char *pattern, *path; /* owned */
	struct br_strv instances;
	unsigned line;
};

struct rules {
	struct rule *v;
	size_t n, cap;
};

static void rules_free(struct rules *rules)
{
	for (size_t i = 0; i < rules->n; i++) {
		free(rules->v[i].pattern);
		free(rules->v[i].path);
		br_strv_free(&rules->v[i].instances);
	}
	free(rules->v);
}

static int add_rule(struct rules *rules, char *line, const char *path, unsigned number)
{
	bool enable = br_starts(line, "enable");
	char *rest = line + strlen(enable ? "enable" : "disable");
	br_autostrv struct br_strv words = {0};
	struct rule *rule;
	int r;

	if ((!enable && !br_starts(line, "disable")) || !strchr(" \t", *rest))
		return 0;
	br_strv_split(&words, rest, " \t\r");
	if (words.oom)
		return -ENOMEM;
	if (!words.n || rules->n >= BR_PRESETS_MAX)
		return 0;
	r = br_grow(&rules->v, &rules->cap, rules->n, sizeof(*rules->v));
	if (r < 0)
		return r;
	rule = &rules->v[rules->n++];
	*rule = (struct rule){.enable = enable, .pattern = strdup(words.v[0]), .path = strdup(path), .line = number};
	for (size_t i = 1; enable && i < words.n; i++)
		br_strv_add(&rule->instances, words.v[i]);
	return rule->pattern && rule->path && !rule->instances.oom ? 0 : -ENOMEM;
}

static int read_rules(const struct br_root *root, const char *path, struct rules *rules)
{
	br_autoblob struct br_blob blob = {0};
	unsigned number = 0;
	int r = br_root_read(root, path, BR_CONFIG_MAX, &blob);

	if (r < 0)
		return r == -ENOMEM ? r : 0;
	for (char *line = blob.data, *next; line && r == 0; line = next) {
		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		number++;
		line += strspn(line, " \t");
		if (*line != '#' && *line != ';')
			r = add_rule(rules, line, path, number);
	}
	return r;
}

static int read_presets(const struct br_root *root, struct rules *rules)
{
	static const char *const folders[] = {"/etc/systemd/system-preset", "/usr/local/lib/systemd/system-preset",
	                                      "/usr/lib/systemd/system-preset", "/lib/systemd/system-preset"};
	br_autostrv struct br_strv names = {0}, keys = {0};
	int r = 0;

	for (size_t i = 0; i < BR_ARRAY_SIZE(folders); i++) {
		br_autostrv struct br_strv files = {0};

		if (br_root_list(root, folders[i], &files) < 0)
			continue;
		for (size_t j = 0; j < files.n; j++) {
			br_autofree char *key = NULL;

			if (!br_ends(files.v[j], ".preset") || br_strv_has(&names, files.v[j]))
				continue;
			key = br_format("%s\n%s/%s", files.v[j], folders[i], files.v[j]);
			if (!key)
				return -ENOMEM;
			br_strv_add(&names, files.v[j]);
			br_strv_add(&keys, key);
		}
	}
	if (names.oom || keys.oom)
		return -ENOMEM;
	br_strv_sort(&keys);
	for (size_t i = 0; i < keys.n && r == 0; i++)
		r = read_rules(root, strchr(keys.v[i], '\n') + 1, rules);
	return r;
}

/* The first rule that fits decides; NULL: none does, which enables. */
static const struct rule *rule_for(const struct rules *rules, const char *name)
{
	br_autofree char *tmpl = br_unit_template(name);
	size_t n = tmpl ? strlen(strchr(tmpl, '@')) - 1 : 0;

	for (size_t i = 0; i < rules->n; i++) {
		const struct rule *r = &rules->v[i];

		for (size_t j = 0; tmpl && strcmp(r->pattern, tmpl) == 0 && j < r->instances.n; j++) {
			const char *at = strchr(name, '@') + 1;
			size_t len = strlen(at) - n;

			if (strlen(r->instances.v[j]) == len && strncmp(at, r->instances.v[j], len) == 0)
				return r;
		}
		if (fnmatch(r->pattern, name, FNM_NOESCAPE) == 0)
			return r;
	}
	return NULL;
}

static int enable(struct br_unit_scan *scan, const char *name, const struct rule *rule, unsigned depth);

/* The links of one unit, whose [Install] is that of its file or of its template. */
static int links(struct br_unit_scan *scan, const struct br_unit_node *node, const char *name, const struct rule *rule,
                 unsigned depth)
{
	for (size_t i = 0; i < node->file.n; i++) {
		enum br_unit_key key = node->file.v[i].key;
		br_autofree char *word = NULL;
		bool alias = key == BR_UNIT_KEY_ALIAS;
		int r = 0;

		if (!alias && key != BR_UNIT_KEY_WANTED_BY && key != BR_UNIT_KEY_ALSO)
			continue;
		word = br_unit_expand(name, node->file.v[i].word);
		if (!word)
			return -ENOMEM;
		if (key == BR_UNIT_KEY_ALSO)
			r = depth ? enable(scan, word, rule, depth - 1) : 0;
		else
			r = br_scan_add_dep(scan, (struct br_unit_dep){
				.from = strdup(word), .to = strdup(name), .path = strdup(rule ? rule->path : "/etc/machine-id"),
				.line = rule ? (int)rule->line : 0, .folder = 1, .kind = alias ? 'a' : 'w', .preset = true});
		if (r < 0)
			return r;
	}
	return 0;
}

static int enable(struct br_unit_scan *scan, const char *name, const struct rule *rule, unsigned depth)
{
	struct br_unit_node *node;
	const char *instance;
	int r = br_unit_name_valid(name) ? br_scan_node(scan, name, &node) : -EINVAL;

	if (r < 0)
		return r == -EINVAL ? 0 : r;
	/* Once is enough: reached is not used before the walk. */
	if (node->reached || node->unit.alias_of || node->unit.state == BR_UNIT_ABSENT ||
	    node->unit.state == BR_UNIT_MASKED || node->unit.state == BR_UNIT_BAD)
		return 0;
	node->reached = true;
	if (!br_unit_is_template(name))
		return links(scan, node, name, rule, depth);
	instance = br_unit_file_last(&node->file, BR_UNIT_KEY_DEFAULT_INSTANCE);
	for (size_t i = 0; r == 0 && i < (rule && rule->instances.n ? rule->instances.n : 1); i++) {
		const char *one = rule && rule->instances.n ? rule->instances.v[i] : instance;
		br_autofree char *whole = one ? br_format("%.*s%s%s", (int)(strchr(name, '@') + 1 - name), name, one,
		                                          br_unit_suffix(name)) :
		                                NULL;

		if (whole && br_unit_name_valid(whole))
			r = links(scan, node, whole, rule, depth);
	}
	return r;
}

int br_scan_presets(struct br_unit_scan *scan)
{
	br_cleanup(rules_free) struct rules rules = {0};
	int r = read_presets(scan->root, &rules);

	for (size_t i = 0; r == 0 && i < scan->n_entries; i++) {
		const struct rule *rule;

		if (i && strcmp(scan->entries[i].name, scan->entries[i - 1].name) == 0)
			continue;
		rule = rule_for(&rules, scan->entries[i].name);
		if (!rule || rule->enable)
			r = enable(scan, scan->entries[i].name, rule, 4);
	}
	return r;
}
