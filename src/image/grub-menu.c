/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* menuentry and submenu; which entry starts, and what it loads. */
#include <ctype.h>
#include <limits.h>
#include <string.h>

#include "image/grub-internal.h"

struct grub_menu *br_gs_menu_new(struct grub_run *r)
{
	struct grub_menu *m = calloc(1, sizeof(*m));

	if (!m)
		br_gs_oom(r);
	return m;
}

struct grub_item *br_gs_menu_add(struct grub_run *r, struct grub_menu *m)
{
	struct grub_item *it;

	if (r->n_items >= BR_GRUB_ENTRIES_MAX) {
		br_gs_note(r, BR_MENU_LIMIT, "menu entries");
		r->halt = HALT_LIMIT;
		return NULL;
	}
	it = calloc(1, sizeof(*it));
	if (!it || br_grow(&m->v, &m->cap, m->n, sizeof(void *)) < 0) {
		free(it);
		br_gs_oom(r);
		return NULL;
	}
	it->e.kernel.dev = it->e.chain.dev = it->e.source_dev = -1;
	m->v[m->n++] = it;
	r->n_items++;
	return it;
}

enum { E_CLASS, E_USERS, E_HOTKEY, E_SOURCE, E_ID, E_FREE, N_ENTRY_OPTS };

static const struct grub_opt entry_opts[N_ENTRY_OPTS] = {
    [E_CLASS] = {"class", 0, OPT_VALUE},   [E_USERS] = {"users", 0, OPT_MAYBE},
    [E_HOTKEY] = {"hotkey", 0, OPT_VALUE}, [E_SOURCE] = {"source", 0, OPT_VALUE},
    [E_ID] = {"id", 0, OPT_VALUE},         [E_FREE] = {"unrestricted", 0, OPT_FLAG},
};

static bool copy_block(struct grub_item *it, const struct grub_block *b, const char *source)
{
	it->len = b ? b->len : strlen(source);
	it->text = strndup(b ? b->text : source, it->len);
	if (!it->text)
		return false;
	if (!b)
		return true;
	it->lines = calloc(b->n_lines, sizeof(*it->lines));
	if (!it->lines)
		return false;
	memcpy(it->lines, b->lines, b->n_lines * sizeof(*it->lines));
	it->n_lines = b->n_lines;
	return true;
}

static int add_entry(struct grub_run *r, const struct grub_opt_value *val, const char *command,
		     char **rest, size_t n_rest, const struct grub_block *b)
{
	const char *id = val[E_ID].arg, *users = val[E_USERS].arg;
	struct grub_item *it;

	/* Exactly one of a block and --source. */
	if (!n_rest || !b == !val[E_SOURCE].set ||
	    !br_gs_charge(r, b ? b->len / GRUB_BYTES_PER_STEP : 0))
		return GRUB_ERROR;
	it = br_gs_menu_add(r, r->menu);
	if (!it)
		return GRUB_ERROR;
	it->e.submenu = *command == 's';
	it->e.unrestricted = !users && val[E_FREE].set;
	it->restricted = !it->e.unrestricted;
	it->e.title = strdup(rest[0]);
	it->e.id = id ? strdup(id) : NULL;
	it->e.users = users ? strdup(users) : NULL;
	it->e.source = r->file ? strdup(r->file) : NULL;
	it->e.source_dev = r->dev;
	it->e.line = r->line;
	if (!it->e.title || (id && !it->e.id) || (users && !it->e.users) ||
	    (r->file && !it->e.source) || !copy_block(it, b, val[E_SOURCE].arg)) {
		br_gs_oom(r);
		return GRUB_ERROR;
	}
	for (size_t i = 0; i < n_rest; i++)
		if (!br_gs_args_add(r, &it->args, rest[i], strlen(rest[i])))
			return GRUB_ERROR;
	return GRUB_OK;
}

int br_gs_cmd_entry(struct grub_run *r, const struct grub_args *a, const struct grub_block *b)
{
	struct grub_opt_value val[N_ENTRY_OPTS] = {0};
	br_autofree char **rest = calloc(a->n, sizeof(*rest));
	size_t n_rest;
	int ret = GRUB_ERROR;

	if (!rest)
		br_gs_oom(r);
	else if (br_gs_options(entry_opts, N_ENTRY_OPTS, true, a->n, a->v, val, rest, &n_rest))
		ret = add_entry(r, val, a->v[0], rest, n_rest, b);
	br_gs_options_free(val, N_ENTRY_OPTS);
	return ret;
}

/* GRUB's "a>b": the tail behind the first > that is not doubled, NULL none. */
static const char *tail_of(const char *spec)
{
	for (; *spec; spec++) {
		if (spec[0] == '>' && spec[1] == '>')
			spec++;
		else if (spec[0] == '>')
			return spec[1] ? spec + 1 : NULL;
	}
	return NULL;
}

/* What the entry at hand hands to the context it runs in; wanted is $default as the menu saw it. */
static void set_choice(struct grub_run *r, const struct grub_item *it, const char *wanted)
{
	const char *outer = br_gs_get(r, "chosen"), *tail = wanted ? tail_of(wanted) : NULL;
	br_autostr struct br_str chosen = {0};

	if (outer)
		br_str_printf(&chosen, "%s>", outer);
	for (const char *p = it->e.id ? it->e.id : it->e.title; *p; p++) {
		if (*p == '>')
			br_str_putc(&chosen, '>');
		br_str_putc(&chosen, *p);
	}
	br_str_puts(&chosen, "");
	if (chosen.oom) {
		br_gs_oom(r);
		return;
	}
	br_gs_set(r, "chosen", chosen.s);
	br_gs_export(r, "chosen");
	if (tail)
		br_gs_set(r, "default", tail);
	else if (!r->fedora)
		br_gs_unset(r, "default");
}

/* At its menu entry, for notes about it. */
static void note_at(struct grub_run *r, const struct grub_item *it, enum br_menu_trouble t,
		    const char *what)
{
	const char *file = r->file;
	int dev = r->dev;
	unsigned line = r->line;

	r->file = it->e.source;
	r->dev = it->e.source_dev;
	r->line = it->e.line;
	br_gs_note(r, t, what);
	r->file = file;
	r->dev = dev;
	r->line = line;
}

static bool names_root(const char *cmdline)
{
	return cmdline && (br_starts(cmdline, "root=") || strstr(cmdline, " root="));
}

/* Runs an entry in a context of its own and keeps what it loads. true: GRUB would boot it. */
static bool start(struct grub_run *r, struct grub_item *it)
{
	const char *def = br_gs_get(r, "default");
	br_autofree char *wanted = def ? strdup(def) : NULL;
	struct grub_menu *outer = r->menu;
	bool boots;

	it->started = true;
	if (def && !wanted)
		br_gs_oom(r);
	br_gs_push(r, !it->e.submenu);
	if (r->halt != RUN_ON)
		return false;
	set_choice(r, it, wanted);
	if (it->e.submenu)
		r->menu = br_gs_menu_new(r);
	if (r->menu)
		br_gs_run_block(r, it);
	boots = r->loader.loaded || r->halt == HALT_BOOT || r->halt == HALT_SHOWN;
	br_gs_loader_take(r, it);
	if (it->e.submenu && r->menu) {
		it->sub = r->menu;
		boots = true;
	}
	if (it->bls_wants_kernelopts && !names_root(it->e.cmdline))
		note_at(r, it, BR_MENU_VAR_EMPTY, "kernelopts");
	r->menu = outer;
	return boots;
}

static void leave_to(struct grub_run *r, const struct grub_env *e)
{
	while (r->env != e)
		br_gs_pop(r);
}

static void explore_menu(struct grub_run *r, struct grub_menu *m);

/* What an entry that does not start by itself would load, for those who judge every kernel. */
static void explore(struct grub_run *r, struct grub_item *it)
{
	const struct grub_env *e = r->env;

	if (!br_gs_enter(r))
		return;
	start(r, it);
	if (r->halt == HALT_BOOT || r->halt == HALT_EXIT || r->halt == HALT_SHOWN)
		r->halt = RUN_ON;
	if (it->sub && r->halt == RUN_ON)
		explore_menu(r, it->sub);
	leave_to(r, e);
	br_gs_leave(r);
}

static void explore_menu(struct grub_run *r, struct grub_menu *m)
{
	for (size_t i = 0; i < m->n && r->halt == RUN_ON; i++)
		if (!m->v[i]->started)
			explore(r, m->v[i]);
}

static bool start_default(struct grub_run *r, struct grub_item *it)
{
	const char *superusers = br_gs_get(r, "superusers");
	const struct grub_env *e = r->env;
	bool boots;

	if (it->restricted && superusers)
		note_at(r, it, BR_MENU_PASSWORD, superusers);
	r->boots = it;
	boots = start(r, it);
	if (it->e.submenu && it->sub && it->sub->n && r->halt == RUN_ON)
		br_gs_show_menu(r, it->sub, true);
	leave_to(r, e);
	return boots;
}

/* The variable fallback: entries to try, one after the other, when one does not start. */
static struct grub_item *fall_back(struct grub_run *r, struct grub_menu *m, const char *list)
{
	br_autostrv struct br_strv words = {0};

	br_strv_split(&words, list, " \t");
	if (words.oom)
		br_gs_oom(r);
	for (size_t i = 0; i < words.n && r->halt == RUN_ON; i++) {
		int k = br_gs_default(r, m, words.v[i]);

		if (k < 0 || (size_t)k >= m->n)
			break;
		if (m->v[k]->started)
			continue; /* and did not start */
		if (start_default(r, m->v[k]))
			return m->v[k];
	}
	return NULL;
}

static void look_at_timeout(struct grub_run *r)
{
	const char *text = br_gs_get(r, "timeout");
	bool ok = false;
	unsigned long n = text ? br_gs_number(text, NULL, &ok) : 0;

	if (ok && (int)n >= 0) {
		r->out->timeout = (int)n;
		return;
	}
	r->out->timeout = text ? -1 : LONG_MIN;
	br_gs_note(r, BR_MENU_NO_TIMEOUT, text);
}

static size_t choose(struct grub_run *r, const struct grub_menu *m, bool by_itself)
{
	const char *wanted = br_gs_get(r, "default");
	int k = wanted ? br_gs_default(r, m, wanted) : -1;

	if (!by_itself && wanted && !r->out->wanted) {
		r->out->wanted = strdup(wanted);
		if (!r->out->wanted)
			br_gs_oom(r);
	}
	if (k >= 0 && (size_t)k < m->n)
		return (size_t)k;
	if (wanted && *wanted)
		br_gs_note(r, BR_MENU_DEFAULT_STALE, wanted);
	return 0;
}

/* A configuration that was missing on the way does no harm where another one has a menu. */
static void forgive(struct grub_run *r)
{
	for (size_t i = 0; i < r->out->n_notes; i++)
		if (r->out->notes[i].trouble == BR_MENU_NO_CONFIG)
			r->out->notes[i].in_default = false;
}

void br_gs_show_menu(struct grub_run *r, struct grub_menu *m, bool by_itself)
{
	const char *list = br_gs_get(r, "fallback");
	br_autofree char *fallback = list ? strdup(list) : NULL;
	struct grub_item *first, *boots;
	bool in_default = r->in_default;
	enum grub_halt how;

	if (!br_gs_enter(r))
		return;
	forgive(r);
	/* A submenu that a timeout opened has none. */
	if (!by_itself)
		look_at_timeout(r);
	first = m->v[choose(r, m, by_itself)];
	if (!start_default(r, first) && r->halt == RUN_ON && fallback) {
		if (fall_back(r, m, fallback))
			r->fell_from = first;
		else
			r->boots = first;
	}
	boots = r->boots;
	how = r->halt;
	if (how != HALT_LIMIT && how != HALT_MEMORY) {
		r->halt = RUN_ON;
		r->in_default = false;
		explore_menu(r, m);
		r->in_default = in_default;
		r->boots = boots;
		if (r->halt != HALT_MEMORY)
			r->halt = HALT_SHOWN;
	}
	br_gs_leave(r);
}
