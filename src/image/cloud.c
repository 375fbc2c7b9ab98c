/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* All files of cloud-init's configuration, and which has the say. */
#include <errno.h>

#include "base/limits.h"
#include "image/cloudcfg.h"

#define CLOUD_CFG   "/etc/cloud/cloud.cfg"
#define CLOUD_CFG_D "/etc/cloud/cloud.cfg.d"

void br_cloud_free(struct br_cloud *c)
{
	for (size_t i = 0; i < c->n; i++) {
		br_cloudcfg_free(&c->v[i].cfg);
		free(c->v[i].path);
	}
	free(c->v);
	free(c->unread);
	free(c->unread_path);
	*c = (struct br_cloud){0};
}

bool br_cloud_is_false(const char *s)
{
	return s && (strcasecmp(s, "off") == 0 || strcasecmp(s, "no") == 0 || strcasecmp(s, "false") == 0 ||
	             strcmp(s, "0") == 0);
}

bool br_cloud_is_true(const char *s)
{
	return s && (strcasecmp(s, "on") == 0 || strcasecmp(s, "yes") == 0 || strcasecmp(s, "true") == 0 ||
	             strcmp(s, "1") == 0);
}

/* Keeps the first that could not be read. Takes why, which may be NULL: -ENOMEM. */
static int unread(struct br_cloud *c, char *why, const char *path, unsigned line)
{
	br_autofree char *what = why;

	if (!what)
		return -ENOMEM;
	if (c->unread)
		return 0;
	c->unread_path = strdup(path);
	if (!c->unread_path)
		return -ENOMEM;
	c->unread = BR_TAKE(what);
	c->unread_line = line;
	return 0;
}

static int read_file(const struct br_root *root, const char *path, struct br_cloud *c)
{
	br_autoblob struct br_blob blob = {0};
	struct br_cloud_file *f;
	unsigned line = 0;
	int r = br_root_read(root, path, BR_CONFIG_MAX, &blob);

	if (r == -ENOENT)
		return 0;
	if (r < 0)
		return r == -ENOMEM ? r : unread(c, br_format("%s", br_strerror(-r)), path, 0);
	if (br_grow(&c->v, &c->cap, c->n, sizeof(*c->v)) < 0)
		return -ENOMEM;
	f = &c->v[c->n];
	r = br_cloudcfg_parse(blob.data, blob.len, &f->cfg, &line);
	if (r == -ENOMEM)
		return r;
	if (r < 0)
		return unread(c, strdup(r == -E2BIG ? "more YAML than is looked at" :
		                                      "YAML that is broken, or a form of it that is not understood"),
		              path, line);
	c->n++;
	f->path = strdup(path);
	return f->path ? 0 : -ENOMEM;
}

int br_cloud_read(const struct br_root *root, struct br_cloud *ret)
{
	br_cleanup(br_cloud_free) struct br_cloud c = {0};
	br_autostrv struct br_strv names = {0};
	int r = br_root_list(root, CLOUD_CFG_D, &names);

	if (r < 0 && r != -ENOENT && r != -ENOTDIR)
		r = unread(&c, br_format("%s", br_strerror(-r)), CLOUD_CFG_D, 0);
	else
		r = 0;
	for (size_t i = names.n; i-- && r == 0;) {
		br_autofree char *path = NULL;
		struct stat st;

		if (!br_ends(names.v[i], ".cfg"))
			continue;
		path = br_format(CLOUD_CFG_D "/%s", names.v[i]);
		if (!path)
			return -ENOMEM;
		if (br_root_stat(root, path, &st) < 0 || !S_ISREG(st.st_mode))
			continue;
		if (c.n >= BR_CLOUD_FILES_MAX) {
			r = unread(&c, strdup("more files than are looked at"), CLOUD_CFG_D, 0);
			break;
		}
		r = read_file(root, path, &c);
	}
	if (r == 0)
		r = read_file(root, CLOUD_CFG, &c);
	if (r < 0)
		return r;
	*ret = c;
	c = (struct br_cloud){0};
	return 0;
}

const struct br_cloud_list *br_cloud_list(const struct br_cloud *c, size_t place, const char **ret_path)
{
	for (size_t i = 0; i < c->n; i++) {
		const struct br_cloud_list *l = (const void *)((const char *)&c->v[i].cfg + place);

		if (!l->set)
			continue;
		if (ret_path)
			*ret_path = c->v[i].path;
		return l;
	}
	return NULL;
}

const struct br_cloud_value *br_cloud_value(const struct br_cloud *c, size_t place, const char **ret_path)
{
	for (size_t i = 0; i < c->n; i++) {
		const struct br_cloud_value *v = (const void *)((const char *)&c->v[i].cfg + place);

		if (!v->set)
			continue;
		if (ret_path)
			*ret_path = c->v[i].path;
		return v;
	}
	return NULL;
}

bool br_cloud_runs(const struct br_cloud *c, const char *module, enum br_cloud_stage stage)
{
	size_t place = offsetof(struct br_cloudcfg, modules) + stage * sizeof(struct br_cloud_list);
	const struct br_cloud_list *l = br_cloud_list(c, place, NULL);

	return l && br_strv_has(&l->items, module);
}

bool br_cloud_off_by_file(const struct br_root *root)
{
	return br_root_exists(root, "/etc/cloud/cloud-init.disabled") && !br_root_exists(root, "/etc/cloud/cloud-init.enabled");
}
