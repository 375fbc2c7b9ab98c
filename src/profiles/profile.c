/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>

#include "base/limits.h"
#include "base/sha256.h"
#include "check.h"
#include "image/root.h"
#include "profiles/keys.h"
#include "profiles/profile.h"
#include "base/json.h"

static bool known(const char *section, const char *key)
{
	for (size_t i = 0; i < BR_ARRAY_SIZE(br_profile_keys); i++) {
		const struct br_profile_key *k = &br_profile_keys[i];
		bool here = k->section ? strcmp(k->section, section) == 0 : br_check_by_id(section) != NULL;

		if (here && strcmp(k->key, key) == 0)
			return true;
	}
	return false;
}

static bool is_severity(const char *value)
{
	return br_streq(value, "failed") || br_streq(value, "warning") || br_streq(value, "skip");
}

/* A text, or a list of words as one blank-separated text; NULL: neither, or memory. */
static char *value_of(const cJSON *j)
{
	br_autostr struct br_str out = {0};
	const cJSON *word;

	if (cJSON_IsString(j))
		return strdup(j->valuestring);
	if (!cJSON_IsArray(j))
		return NULL;
	cJSON_ArrayForEach(word, j)
	{
		if (!cJSON_IsString(word) || strpbrk(word->valuestring, " \t\n"))
			return NULL;
		br_str_printf(&out, "%s%s", out.len ? " " : "", word->valuestring);
	}
	return br_str_take(&out);
}

static int refuse(char **ret_why, char *why)
{
	*ret_why = why;
	return why ? -EINVAL : -ENOMEM;
}

static int take(struct br_profile *p, const char *section, const cJSON *j, char **ret_why)
{
	struct br_profile_value *v;

	if (!known(section, j->string))
		return refuse(ret_why, br_format("%s has no key \"%s\"", section, j->string));
	if (br_profile_get(p, section, j->string))
		return refuse(ret_why, br_format("%s says \"%s\" twice", section, j->string));
	if (br_grow(&p->values, &p->cap, p->n, sizeof(*p->values)) < 0)
		return -ENOMEM;
	v = &p->values[p->n];
	v->value = value_of(j);
	if (!v->value)
		return refuse(ret_why, br_format("%s: \"%s\" is a text or a list of words", section, j->string));
	v->section = strdup(section);
	v->key = strdup(j->string);
	p->n++;
	if (!v->section || !v->key)
		return -ENOMEM;
	if (strcmp(v->key, "severity") == 0 && !is_severity(v->value))
		return refuse(ret_why, br_format("%s: \"severity\" is failed, warning or skip, not \"%s\"", section,
		                                 v->value));
	return 0;
}

static int take_section(struct br_profile *p, const char *section, const cJSON *object, char **ret_why)
{
	const cJSON *j;
	int r = 0;

	if (!cJSON_IsObject(object))
		return refuse(ret_why, br_format("%s is no object", section));
	cJSON_ArrayForEach(j, object)
	{
		if (r == 0 && !(strcmp(section, "profile") == 0 && strcmp(j->string, "checks") == 0))
			r = take(p, section, j, ret_why);
	}
	return r;
}

static int take_all(struct br_profile *p, const cJSON *top, char **ret_why)
{
	const cJSON *checks = cJSON_GetObjectItemCaseSensitive(top, "checks"), *c;
	int r = take_section(p, "profile", top, ret_why);

	if (r == 0 && checks && !cJSON_IsObject(checks))
		r = refuse(ret_why, br_format("\"checks\" is no object"));
	cJSON_ArrayForEach(c, checks)
	{
		if (r == 0 && !br_check_by_id(c->string))
			r = refuse(ret_why, br_format("there is no check \"%s\"", c->string));
		if (r == 0)
			r = take_section(p, c->string, c, ret_why);
	}
	return r;
}

/* Lines that begin with // become empty ones, so that an error's line is the file's own. */
static char *without_comments(const char *buf, size_t len)
{
	char *copy = malloc(len + 1);

	if (!copy)
		return NULL;
	memcpy(copy, buf, len);
	copy[len] = '\0';
	for (char *line = copy; *line; line += strcspn(line, "\n"), line += *line == '\n') {
		char *text = line + strspn(line, " \t");

		if (br_starts(text, "//"))
			memset(line, ' ', strcspn(line, "\n"));
	}
	return copy;
}

static unsigned line_of(const char *text, const char *at)
{
	unsigned line = 1;

	for (; text < at; text++)
		line += *text == '\n';
	return line;
}

int br_profile_parse(const char *name, const char *buf, size_t len, struct br_profile *ret, char **ret_why)
{
	br_cleanup(br_profile_free) struct br_profile prof = {.name = strdup(name)};
	br_autofree char *text = without_comments(buf, len);
	br_autojson cJSON *top = NULL;
	const char *end = NULL, *title;
	struct br_sha256 sum;
	int r;

	if (!prof.name || !text)
		return -ENOMEM;
	top = cJSON_ParseWithOpts(text, &end, true);
	if (!top)
		return refuse(ret_why, br_format("line %u: no JSON", end ? line_of(text, end) : 1));
	r = take_all(&prof, top, ret_why);
	if (r < 0)
		return r;
	title = br_profile_get(&prof, "profile", "title");
	prof.title = strdup(title ? title : name);
	if (!prof.title)
		return -ENOMEM;
	br_sha256_init(&sum);
	br_sha256_add(&sum, buf, len);
	br_sha256_hex(&sum, prof.sha256);
	*ret = prof;
	prof = (struct br_profile){0};
	return 0;
}

static int load_file(const char *path, struct br_profile *ret, char **ret_why)
{
	br_autoblob struct br_blob blob = {0};
	br_autofree char *name = NULL;
	const char *base = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
	int r = br_read_file(path, BR_CONFIG_MAX, &blob);

	if (r < 0)
		return r;
	name = strndup(base, strlen(base) - (br_ends(base, ".profile") ? strlen(".profile") : 0));
	return name ? br_profile_parse(name, blob.data, blob.len, ret, ret_why) : -ENOMEM;
}

int br_profile_load(const char *name_or_file, struct br_profile *ret, char **ret_why)
{
	if (strchr(name_or_file, '/'))
		return load_file(name_or_file, ret, ret_why);
	for (size_t i = 0; i < br_n_builtin_profiles; i++) {
		const struct br_builtin_profile *b = &br_builtin_profiles[i];

		if (strcmp(b->name, name_or_file) == 0)
			return br_profile_parse(b->name, b->text, strlen(b->text), ret, ret_why);
	}
	return -ENOENT;
}

void br_profile_free(struct br_profile *p)
{
	for (size_t i = 0; i < p->n; i++) {
		free(p->values[i].section);
		free(p->values[i].key);
		free(p->values[i].value);
	}
	free(p->values);
	free(p->name);
	free(p->title);
	*p = (struct br_profile){0};
}

const char *br_profile_get(const struct br_profile *p, const char *section, const char *key)
{
	for (size_t i = 0; i < p->n; i++)
		if (strcmp(p->values[i].section, section) == 0 && strcmp(p->values[i].key, key) == 0)
			return p->values[i].value;
	return NULL;
}

bool br_profile_wants(const struct br_profile *p, const char *check)
{
	const char *severity = br_profile_get(p, check, "severity");

	return severity && strcmp(severity, "skip") != 0;
}

bool br_profile_lists(const struct br_profile *p, const char *section, const char *key, const char *word)
{
	const char *list = br_profile_get(p, section, key);
	size_t len = strlen(word);

	for (; list && *list; list += strspn(list, " ")) {
		size_t n = strcspn(list, " ");

		if (n == len && memcmp(list, word, n) == 0)
			return true;
		list += n;
	}
	return false;
}
