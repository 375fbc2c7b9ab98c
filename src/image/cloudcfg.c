/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One file of cloud-init's configuration. */
#include <errno.h>

#include "image/cloudcfg.h"
#include "image/yaml.h"

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
	list_free(&c->datasource_list);
	list_free(&c->datasource);
	value_free(&c->network);
	list_free(&c->users);
	value_free(&c->disable_root);
	value_free(&c->ssh_pwauth);
	value_free(&c->ssh_deletekeys);
	list_free(&c->ssh_genkeytypes);
	*c = (struct br_cloudcfg){0};
}

/* The file and where in it the reading stands. */
struct reader {
	struct br_yaml y;
	unsigned line;
};

/* A list within a list is a module with its arguments: its first is the name. A mapping has it under "name". */
static const struct br_yaml_node *item_of(const struct br_yaml *y, const struct br_yaml_node *n)
{
	n = br_yaml_value(y, n);
	if (n->kind == BR_YAML_LIST)
		n = br_yaml_value(y, br_yaml_first(y, n));
	else if (n->kind == BR_YAML_MAP)
		n = br_yaml_get(y, n, "name");
	return n;
}

static int read_list(struct reader *r, const struct br_yaml_node *n, struct br_cloud_list *l)
{
	if (!n)
		return 0;
	l->set = true;
	l->line = r->line = n->line;
	if (br_yaml_null(n))
		return 0;
	if (n->kind != BR_YAML_LIST)
		return -EBADMSG;
	for (const struct br_yaml_node *i = br_yaml_first(&r->y, n); i; i = br_yaml_next(&r->y, i)) {
		const struct br_yaml_node *item = item_of(&r->y, i);

		r->line = i->line;
		if (item && item->kind != BR_YAML_SCALAR)
			return -EBADMSG;
		if (!br_yaml_null(item))
			br_strv_add(&l->items, item->text);
	}
	return l->items.oom ? -ENOMEM : 0;
}

/* One word stands for a list of one, "a, b" for one of two. */
static int read_words(struct reader *r, const struct br_yaml_node *n, struct br_cloud_list *l)
{
	if (!n || br_yaml_null(n) || n->kind != BR_YAML_SCALAR)
		return read_list(r, n, l);
	l->set = true;
	l->line = n->line;
	br_strv_split(&l->items, n->text, ", ");
	return l->items.oom ? -ENOMEM : 0;
}

/* Where the list is one word, each of its letters is a source to cloud-init: none that there is. */
static int read_sources(struct reader *r, const struct br_yaml_node *n, struct br_cloud_list *l)
{
	if (!n || n->kind != BR_YAML_SCALAR)
		return read_list(r, n, l);
	l->set = true; /* null too: cloud-init's own list does not come back */
	l->line = n->line;
	return 0;
}

static int read_keys(struct reader *r, const struct br_yaml_node *n, struct br_cloud_list *l)
{
	if (!n || n->kind != BR_YAML_MAP)
		return 0;
	l->set = true;
	l->line = n->line;
	for (const struct br_yaml_node *i = br_yaml_first(&r->y, n); i; i = br_yaml_next(&r->y, i))
		br_strv_add(&l->items, br_yaml_key(&r->y, i));
	return l->items.oom ? -ENOMEM : 0;
}

static int read_value(struct reader *r, const struct br_yaml_node *n, struct br_cloud_value *v)
{
	if (!n)
		return 0;
	v->set = true;
	v->line = r->line = n->line;
	if (n->kind != BR_YAML_SCALAR)
		return -EBADMSG;
	v->text = br_yaml_null(n) ? NULL : strdup(n->text);
	return v->text || br_yaml_null(n) ? 0 : -ENOMEM;
}

static int read_growpart(struct reader *r, const struct br_yaml_node *n, struct br_cloudcfg *c)
{
	int e;

	if (!n)
		return 0;
	c->growpart_set = true;
	c->growpart_line = n->line;
	c->growpart_odd = n->kind != BR_YAML_MAP;
	e = read_value(r, br_yaml_get(&r->y, n, "mode"), &c->mode);
	if (e == 0)
		e = read_value(r, br_yaml_get(&r->y, n, "ignore_growroot_disabled"), &c->ignore_disabled);
	return e < 0 ? e : read_list(r, br_yaml_get(&r->y, n, "devices"), &c->devices);
}

/* "network: {config: disabled}", in one file of cloud.cfg.d as a rule; or settings. */
static int read_network(struct reader *r, const struct br_yaml_node *n, struct br_cloudcfg *c)
{
	const struct br_yaml_node *config = br_yaml_get(&r->y, n, "config");

	if (!n || br_yaml_null(n))
		return 0;
	if (config && config->kind == BR_YAML_SCALAR)
		return read_value(r, config, &c->network);
	c->network.set = true;
	c->network.line = n->line;
	return 0;
}

/* What a whole file stands or falls with. */
static int check_top(struct reader *r, const struct br_yaml_node *top)
{
	static const char *const others[] = {"merge_how", "merge_type", "conf_d"};

	r->line = top->line;
	if (top->kind != BR_YAML_MAP)
		return -EBADMSG;
	for (size_t i = 0; i < BR_ARRAY_SIZE(others); i++) {
		const struct br_yaml_node *n = br_yaml_get(&r->y, top, others[i]);

		if (!n)
			continue;
		r->line = n->line;
		return -EBADMSG;
	}
	return 0;
}

static int read_all(struct reader *r, const struct br_yaml_node *top, struct br_cloudcfg *c)
{
	static const char *const stages[] = {"cloud_init_modules", "cloud_config_modules", "cloud_final_modules"};
	const struct {
		const char *key;
		int (*read)(struct reader *r, const struct br_yaml_node *n, struct br_cloud_list *l);
		struct br_cloud_list *to;
	} lists[] = {
		{"datasource_list", read_sources, &c->datasource_list},
		{"datasource", read_keys, &c->datasource},
		{"users", read_words, &c->users},
		{"ssh_genkeytypes", read_words, &c->ssh_genkeytypes},
	};
	const struct {
		const char *key;
		struct br_cloud_value *to;
	} values[] = {
		{"resize_rootfs", &c->resize_rootfs},
		{"disable_root", &c->disable_root},
		{"ssh_pwauth", &c->ssh_pwauth},
		{"ssh_deletekeys", &c->ssh_deletekeys},
	};
	int e = check_top(r, top);

	for (size_t i = 0; i < BR_CLOUD_STAGES && e == 0; i++)
		e = read_list(r, br_yaml_get(&r->y, top, stages[i]), &c->modules[i]);
	for (size_t i = 0; i < BR_ARRAY_SIZE(lists) && e == 0; i++)
		e = lists[i].read(r, br_yaml_get(&r->y, top, lists[i].key), lists[i].to);
	for (size_t i = 0; i < BR_ARRAY_SIZE(values) && e == 0; i++)
		e = read_value(r, br_yaml_get(&r->y, top, values[i].key), values[i].to);
	if (e == 0)
		e = read_network(r, br_yaml_get(&r->y, top, "network"), c);
	return e < 0 ? e : read_growpart(r, br_yaml_get(&r->y, top, "growpart"), c);
}

static void reader_free(struct reader *r)
{
	br_yaml_free(&r->y);
}

int br_cloudcfg_parse(const char *buf, size_t len, struct br_cloudcfg *ret, unsigned *ret_line)
{
	br_cleanup(br_cloudcfg_free) struct br_cloudcfg c = {0};
	br_cleanup(reader_free) struct reader r = {0};
	int e;

	/* A template is rendered by cloud-init before it is read. */
	if (len >= 12 && strncasecmp(buf, "## template:", 12) == 0) {
		*ret_line = 1;
		return -EBADMSG;
	}
	e = br_yaml_parse(buf, len, &r.y, &r.line);
	if (e == 0 && !br_yaml_null(br_yaml_top(&r.y)))
		e = read_all(&r, br_yaml_top(&r.y), &c);
	*ret_line = e < 0 ? r.line : 0;
	if (e < 0)
		return e;
	*ret = c;
	c = (struct br_cloudcfg){0};
	return 0;
}
