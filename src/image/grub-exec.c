/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Running parsed commands: lists, if, loops, functions, blocks of menu entries. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "image/grub-internal.h"

bool br_gs_enter(struct grub_run *r)
{
	if (r->depth >= BR_GRUB_DEPTH_MAX) {
		br_gs_note(r, BR_MENU_LIMIT, "nesting");
		r->halt = HALT_LIMIT;
		return false;
	}
	r->depth++;
	return true;
}

void br_gs_leave(struct grub_run *r)
{
	r->depth--;
}

static int set_status(struct grub_run *r, int ret)
{
	snprintf(r->status, sizeof(r->status), "%d", ret);
	return ret;
}

static struct grub_known_function *find_function(struct grub_run *r, const char *name)
{
	for (size_t i = 0; i < r->n_functions; i++)
		if (strcmp(r->functions[i].name, name) == 0)
			return &r->functions[i];
	return NULL;
}

static int call(struct grub_run *r, struct grub_known_function *f, struct grub_args *args)
{
	struct grub_scope scope = {.args = args}, *outer = r->scope;
	const char *file = r->file;
	unsigned long loops = r->loops;
	size_t index = (size_t)(f - r->functions);
	int dev = r->dev, ret;

	if (!br_gs_enter(r))
		return GRUB_ERROR;
	r->scope = &scope;
	r->loops = 0;
	r->file = f->file;
	r->dev = f->dev;
	f->running++;
	ret = br_gs_run_cmds(r, f->body);
	/* The table may have moved: a file that the function reads can define more of them. */
	r->functions[index].running--;
	r->file = file;
	r->dev = dev;
	r->returning = false;
	r->loops = loops;
	r->scope = outer;
	br_gs_args_free(&scope.own);
	br_gs_leave(r);
	return ret;
}

/* The function's arguments: the command's without its name. The first word is lent, not copied. */
static int call_with(struct grub_run *r, struct grub_known_function *f, const struct grub_args *a,
		     size_t skip)
{
	struct grub_args args = {.v = a->v + skip, .n = a->n - skip};

	return call(r, f, &args);
}

/* name=value as a command of its own. */
static bool assign(struct grub_run *r, const char *word)
{
	const char *eq = strchr(word, '=');
	br_autofree char *name = NULL;

	if (!eq)
		return false;
	name = strndup(word, (size_t)(eq - word));
	if (!name)
		br_gs_oom(r);
	else if (*name && !strchr("0123456789#*@", *name))
		br_gs_set(r, name, eq + 1);
	return true;
}

static int dispatch(struct grub_run *r, const struct grub_args *a, const struct grub_block *b,
		    size_t skip)
{
	const char *name = a->v[skip];
	const struct grub_command_row *row;
	struct grub_known_function *f;

	if (strcmp(name, "menuentry") == 0 || strcmp(name, "submenu") == 0)
		return br_gs_cmd_entry(r, a, b);
	row = br_gs_command_find(name);
	if (row) {
		if (r->extractor && !row->in_extractor)
			return GRUB_ERROR;
		return row->run(r, a->n - skip, a->v + skip);
	}
	f = find_function(r, name);
	if (f)
		return call_with(r, f, a, skip + 1);
	/* GRUB says "can't find command", and its status is success all the same. */
	assign(r, name);
	return GRUB_OK;
}

static int run_simple(struct grub_run *r, const struct grub_cmd *c)
{
	struct grub_args a = {0};
	int ret = GRUB_OK;

	if (br_gs_expand(r, c->words, &a) && a.n) {
		bool invert = strcmp(a.v[0], "!") == 0;

		if (invert && a.n < 2)
			ret = GRUB_ERROR;
		else
			ret = dispatch(r, &a, c->block, invert ? 1 : 0);
		if (invert && a.n >= 2)
			ret = ret == GRUB_OK ? GRUB_FALSE : GRUB_OK;
	}
	if (a.glued_empty && r->item && r->in_default && a.n && br_starts(a.v[0], "linux"))
		br_gs_note(r, BR_MENU_VAR_EMPTY, a.glued_empty);
	br_gs_args_free(&a);
	return ret;
}

static bool leaving(const struct grub_run *r)
{
	return r->returning || r->halt != RUN_ON;
}

static int run_for(struct grub_run *r, const struct grub_cmd *c)
{
	struct grub_args a = {0};
	int ret = GRUB_OK;

	if (!br_gs_expand(r, c->words, &a)) {
		br_gs_args_free(&a);
		return GRUB_ERROR;
	}
	r->loops++;
	for (size_t i = 0; i < a.n && !leaving(r); i++) {
		if (r->is_continue && r->breaks == 1)
			r->breaks = 0;
		if (r->breaks)
			break;
		br_gs_set(r, c->var, a.v[i]);
		ret = set_status(r, br_gs_run_cmds(r, c->body));
	}
	if (r->breaks)
		r->breaks--;
	r->loops--;
	br_gs_args_free(&a);
	return ret;
}

static int condition(struct grub_run *r, const struct grub_cmd *list)
{
	int ret;

	r->n_cond++;
	ret = set_status(r, br_gs_run_cmds(r, list));
	r->n_cond--;
	return ret;
}

static int run_while(struct grub_run *r, const struct grub_cmd *c)
{
	int ret;

	r->loops++;
	for (;;) {
		ret = condition(r, c->cond);
		if (leaving(r) || (c->kind == CMD_UNTIL) == (ret == GRUB_OK))
			break;
		ret = set_status(r, br_gs_run_cmds(r, c->body));
		if (leaving(r))
			break;
		if (r->breaks == 1 && r->is_continue)
			r->breaks = 0;
		if (r->breaks)
			break;
	}
	if (r->breaks)
		r->breaks--;
	r->loops--;
	return ret;
}

static int run_if(struct grub_run *r, const struct grub_cmd *c)
{
	for (;;) {
		int ret = condition(r, c->cond);

		if (leaving(r))
			return ret;
		if (ret == GRUB_OK)
			return set_status(r, br_gs_run_cmds(r, c->body));
		if (!c->other)
			return GRUB_OK;
		/* elif, or the list behind else. */
		if (c->other->kind != CMD_IF || c->other->next)
			return set_status(r, br_gs_run_cmds(r, c->other));
		c = c->other;
	}
}

static int run_one(struct grub_run *r, const struct grub_cmd *c)
{
	int ret = GRUB_ERROR;

	r->line = c->line;
	if (c->kind == CMD_SIMPLE)
		return run_simple(r, c);
	if (!br_gs_enter(r))
		return ret;
	if (c->kind == CMD_IF)
		ret = run_if(r, c);
	else if (c->kind == CMD_FOR)
		ret = run_for(r, c);
	else
		ret = run_while(r, c);
	br_gs_leave(r);
	return ret;
}

int br_gs_run_cmds(struct grub_run *r, const struct grub_cmd *list)
{
	int ret = GRUB_OK;

	for (const struct grub_cmd *c = list; c; c = c->next) {
		if (r->breaks || leaving(r) || !br_gs_charge(r, 1))
			break;
		ret = set_status(r, run_one(r, c));
	}
	return ret;
}

/* Functions take effect when they are read, even if what stands behind them does not parse. */
static void define(struct grub_run *r, struct grub_chunk *c)
{
	for (size_t i = 0; i < c->n_functions; i++) {
		struct grub_known_function *f = find_function(r, c->functions[i].name);

		if (f && f->running)
			continue; /* GRUB refuses to */
		if (!f) {
			if (br_grow(&r->functions, &r->cap_functions, r->n_functions, sizeof(*f)) <
			    0) {
				br_gs_oom(r);
				return;
			}
			f = &r->functions[r->n_functions++];
			*f = (struct grub_known_function){0};
		}
		free(f->file);
		*f = (struct grub_known_function){.name = c->functions[i].name,
						  .body = c->functions[i].body,
						  .file = r->file ? strdup(r->file) : NULL,
						  .dev = r->dev};
		if (r->file && !f->file)
			br_gs_oom(r);
	}
}

static void free_chunk(struct grub_chunk *c)
{
	br_gs_chunk_free(c);
	free(c);
}

/* What functions are made of stays until the end; the next chunk may call them. true: it is kept.
 */
static bool keep_chunk(struct grub_run *r, struct grub_chunk *c)
{
	if (!c->n_functions)
		return false;
	if (br_grow(&r->kept, &r->cap_kept, r->n_kept, sizeof(void *)) < 0) {
		br_gs_oom(r);
		return false;
	}
	r->kept[r->n_kept++] = c;
	define(r, c);
	return true;
}

/* One chunk: 1 go on, 0 the end, -EINVAL it did not parse. */
static int run_chunk(struct grub_run *r, struct grub_src *src, int *ret)
{
	struct grub_chunk *c = calloc(1, sizeof(*c));
	bool kept;
	int err;

	if (!c) {
		br_gs_oom(r);
		return 0;
	}
	err = br_gs_parse(src, &r->live, c);
	if (c->limit) {
		r->line = c->last_line;
		br_gs_note(r, BR_MENU_LIMIT, "nesting or size of the script");
		r->halt = HALT_LIMIT;
	} else if (err == -EINVAL) {
		r->line = c->error_line;
		br_gs_note(r, BR_MENU_SYNTAX, NULL);
	} else if (err < 0) {
		br_gs_oom(r);
	}
	kept = keep_chunk(r, c);
	if (c->cmds && r->halt == RUN_ON)
		*ret = br_gs_run_cmds(r, c->cmds);
	if (!kept)
		free_chunk(c);
	return err;
}

int br_gs_run_text(struct grub_run *r, struct grub_src *src, const char *file, int dev)
{
	const char *old_file = r->file;
	int old_dev = r->dev, ret = GRUB_OK;
	unsigned old_line = r->line;

	if (!br_gs_enter(r))
		return GRUB_ERROR;
	r->file = file;
	r->dev = dev;
	if (br_gs_charge(r, src->len / GRUB_BYTES_PER_STEP)) {
		while (!leaving(r)) {
			int go_on = run_chunk(r, src, &ret);

			if (go_on == 0)
				break;
			/* A file goes on behind what does not parse, a menu entry's block ends
			 * there. */
			if (go_on < 0 && !src->is_file) {
				ret = GRUB_ERROR;
				break;
			}
		}
	}
	r->file = old_file;
	r->dev = old_dev;
	r->line = old_line;
	br_gs_leave(r);
	return ret;
}

int br_gs_run_block(struct grub_run *r, struct grub_item *it)
{
	struct grub_src src = {
	    .text = it->text, .len = it->len, .lines = it->lines, .n_lines = it->n_lines};
	struct grub_scope scope = {.args = &it->args}, *outer = r->scope;
	struct grub_item *outer_item = r->item;
	unsigned n_cond = r->n_cond;
	unsigned long loops = r->loops;
	int ret;

	r->scope = &scope;
	r->item = it;
	r->n_cond = 0;
	r->loops = 0;
	ret = br_gs_run_text(r, &src, it->e.source, it->e.source_dev);
	r->item = outer_item;
	r->scope = outer;
	r->n_cond = n_cond;
	r->loops = loops;
	r->returning = false;
	r->breaks = 0;
	br_gs_args_free(&scope.own);
	return ret;
}
