/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#include <ini.h>
#include <string.h>

#include "base/limits.h"
#include "base/sha256.h"
#include "check.h"
#include "image/root.h"
#include "profiles/keys.h"
#include "profiles/profile.h"

struct parse {
	struct br_profile *profile;
	char *why;
};

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

/* inih's handler: 1 go on, 0 stop. */
static int take(void *user, const char *section, const char *key, const char *value)
{
	struct parse *p = user;
	struct br_profile *prof = p->profile;
	struct br_profile_value *v;

	if (p->why)
		return 0;
	if (!known(section, key)) {
		p->why = br_format("[%s] has no key %s", section, key);
		return 0;
	}
	if (strcmp(key, "severity") == 0 && !is_severity(value)) {
		p->why = br_format("[%s] severity is failed, warning or skip, not %s", section, value);
		return 0;
	}
	if (br_profile_get(prof, section, key)) {
		p->why = br_format("[%s] says %s twice", section, key);
		return 0;
	}
	if (br_grow(&prof->values, &prof->cap, prof->n, sizeof(*prof->values)) < 0)
		return 0;
	v = &prof->values[prof->n++];
	v->section = strdup(section);
	v->key = strdup(key);
	v->value = strdup(value);
	return v->section && v->key && v->value;
}

int br_profile_parse(const char *name, const char *buf, size_t len, struct br_profile *ret, char **ret_why)
{
	br_cleanup(br_profile_free) struct br_profile prof = {.name = strdup(name)};
	struct parse p = {.profile = &prof};
	struct br_sha256 sum;
	int line;

	if (!prof.name)
		return -ENOMEM;
	if (memchr(buf, '\0', len)) {
		*ret_why = br_format("it holds NUL bytes");
		return -EINVAL;
	}
	line = ini_parse_string(buf, take, &p);
	if (p.why || line) {
		*ret_why = p.why ? br_format("line %d: %s", line, p.why) : br_format("line %d: no ini", line);
		free(p.why);
		return -EINVAL;
	}
	prof.title = strdup(br_profile_get(&prof, "profile", "title") ?: name);
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
	br_autoclose int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	br_autoblob struct br_blob blob = {0};
	br_autofree char *name = NULL;
	const char *base = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
	int r;

	if (fd < 0)
		return -errno;
	r = br_read_fd(fd, BR_CONFIG_MAX, &blob);
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
