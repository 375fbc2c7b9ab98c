/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* sshd_config as a whole: what is kept of it, and what only the whole shows. */
#include <errno.h>
#include <string.h>
#include <strings.h>

#include "base/limits.h"
#include "image/sshd-internal.h"

static bool has_one_as_grave(const struct br_sshd_conf *c, enum br_sshd_kind kind)
{
	for (size_t i = 0; i < c->n_problems; i++)
		if (c->problems[i].kind <= kind)
			return true;
	return false;
}

void br_sshd_problem(struct br_sshd_state *st, enum br_sshd_kind kind, const char *fmt, ...)
{
	struct br_sshd_conf *c = st->conf;
	br_autostr struct br_str what = {0};
	va_list ap;

	/* So many are enough to mend; but the first of a graver kind has to be told, whatever came before. */
	if (c->n_problems >= BR_SSHD_PROBLEMS_MAX && has_one_as_grave(c, kind))
		return;
	if (br_grow(&c->problems, &c->cap_problems, c->n_problems, sizeof(*c->problems)) < 0) {
		st->oom = true;
		return;
	}
	va_start(ap, fmt);
	br_str_vprintf(&what, fmt, ap);
	va_end(ap);
	c->problems[c->n_problems++] = (struct br_sshd_problem){kind, br_str_take(&what), strdup(st->path), st->line};
	st->oom |= !c->problems[c->n_problems - 1].what || !c->problems[c->n_problems - 1].path;
}

void br_sshd_keep(struct br_sshd_state *st, enum br_sshd_setting which, const char *text)
{
	struct br_sshd_value *v = &st->conf->set[which];

	if (which == BR_SSHD_NONE || v->text || !st->active)
		return;
	*v = (struct br_sshd_value){strdup(text), strdup(st->path), st->line};
	st->oom |= !v->text || !v->path;
}

static bool yes(const struct br_sshd_conf *c, enum br_sshd_setting which, bool otherwise)
{
	return c->set[which].text ? strcasecmp(c->set[which].text, "yes") == 0 : otherwise;
}

static void at(struct br_sshd_state *st, const struct br_sshd_value *v)
{
	st->path = v->path;
	st->line = v->line;
}

/* A command that finds keys needs a user to run it as. */
static void command_without_user(struct br_sshd_state *st, enum br_sshd_setting command, enum br_sshd_setting user,
                                 const char *name)
{
	const struct br_sshd_value *v = &st->conf->set[command];

	if (!v->text || strcasecmp(v->text, "none") == 0 || st->conf->set[user].text)
		return;
	at(st, v);
	br_sshd_problem(st, BR_SSHD_REFUSED, "%s is set without %sUser", name, name);
}

static bool enabled(const struct br_sshd_state *st, const char *name, size_t n)
{
	const struct br_sshd_conf *c = st->conf;
	bool challenge = yes(c, BR_SSHD_CHALLENGE, true);

	if (n == 9 && strncmp(name, "publickey", n) == 0)
		return yes(c, BR_SSHD_PUBKEY, true);
	if (n == 8 && strncmp(name, "password", n) == 0)
		return yes(c, BR_SSHD_PASSWORD, true);
	if (n == 20 && strncmp(name, "keyboard-interactive", n) == 0)
		return st->ask->release >= 807 ? yes(c, BR_SSHD_KBDINT, true) : challenge || yes(c, BR_SSHD_KBDINT, false);
	if (n == 9 && strncmp(name, "hostbased", n) == 0)
		return yes(c, BR_SSHD_HOSTBASED, false);
	if (n == 15 && strncmp(name, "gssapi-with-mic", n) == 0)
		return yes(c, BR_SSHD_GSSAPI, false);
	if (n == 12 && strncmp(name, "gssapi-keyex", n) == 0)
		return yes(c, BR_SSHD_GSSAPI_KEX, false);
	return n == 4; /* "none" is always on */
}

static bool satisfiable(const struct br_sshd_state *st, const char *list)
{
	for (;; list++) {
		if (!enabled(st, list, strcspn(list, ",:")))
			return false;
		list += strcspn(list, ",");
		if (!*list)
			return true;
	}
}

static void methods(struct br_sshd_state *st)
{
	const struct br_strv *l = &st->auth_methods;

	if (!l->n || (l->n == 1 && strcasecmp(l->v[0], "any") == 0))
		return;
	for (size_t i = 0; i < l->n; i++)
		if (br_sshd_methods_known(st->ask, l->v[i]) && satisfiable(st, l->v[i]))
			return;
	if (!st->conf->set[BR_SSHD_METHODS].text)
		return;
	at(st, &st->conf->set[BR_SSHD_METHODS]);
	br_sshd_problem(st, BR_SSHD_REFUSED, "AuthenticationMethods: each of them has a method that is off");
}

/* What passes the first look can still fail when the list is made: a "!" in it, or nothing left in it. */
static void algorithms(struct br_sshd_state *st)
{
	static const enum br_sshd_names kinds[] = {BR_SSHD_CIPHER,  BR_SSHD_MAC,     BR_SSHD_KEXALG,       BR_SSHD_KEYTYPE,
	                                           BR_SSHD_KEYTYPE, BR_SSHD_KEYTYPE, BR_SSHD_PLAIN_KEYTYPE};

	for (unsigned i = BR_SSHD_CIPHERS; i <= BR_SSHD_CA_ALGORITHMS; i++) {
		const struct br_sshd_value *v = &st->conf->set[i];

		if (st->ask->release < 708 || !v->text || *v->text == '-')
			continue;
		at(st, v);
		if (*v->text == '!' || strstr(v->text, ",!") || br_starts(v->text, "+!") || br_starts(v->text, "^!"))
			br_sshd_problem(st, BR_SSHD_REFUSED, "%s: a \"!\" may not stand in a list of algorithms", v->text);
		else if (*v->text != '+' && *v->text != '^' &&
		         !br_sshd_any_algorithm(kinds[i - BR_SSHD_CIPHERS], v->text, st->ask))
			br_sshd_problem(st, BR_SSHD_REFUSED, "%s: no algorithm of this sshd is left", v->text);
	}
}

static void listens(struct br_sshd_state *st)
{
	const char *family = st->conf->set[BR_SSHD_ADDRESS_FAMILY].text;
	bool no6 = family && strcasecmp(family, "inet") == 0, no4 = family && strcasecmp(family, "inet6") == 0;

	for (size_t i = 0; i < st->n_listens; i++) {
		const char *host = st->listens[i].host;
		enum br_sshd_address kind = br_sshd_address(host);

		st->path = st->listens[i].path;
		st->line = st->listens[i].line;
		/* glibc takes "*" for every address. */
		if (strcmp(host, "*") == 0)
			continue;
		if ((kind == BR_SSHD_IS_INET && no4) || (kind == BR_SSHD_IS_INET6 && no6))
			br_sshd_problem(st, BR_SSHD_REFUSED, "ListenAddress %s is no address of AddressFamily %s", host, family);
		else if (kind == BR_SSHD_IS_NAME && (!*host || host[strspn(host, "abcdefghijklmnopqrstuvwxyz"
		                                                                "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_")]))
			br_sshd_problem(st, BR_SSHD_REFUSED, "ListenAddress %s is neither an address nor a host name", host);
		else if (kind == BR_SSHD_IS_NAME)
			br_sshd_problem(st, BR_SSHD_NAME, "ListenAddress %s is a name: sshd stops where it cannot be resolved", host);
	}
}

void br_sshd_finish(struct br_sshd_state *st)
{
	const char *path = st->path;

	command_without_user(st, BR_SSHD_KEYS_COMMAND, BR_SSHD_KEYS_USER, "AuthorizedKeysCommand");
	command_without_user(st, BR_SSHD_PRINCIPALS_COMMAND, BR_SSHD_PRINCIPALS_USER, "AuthorizedPrincipalsCommand");
	methods(st);
	algorithms(st);
	listens(st);
	st->path = path;
	st->line = 0;
	if (st->ask->lookups && !*st->ask->lookups)
		br_sshd_problem(st, BR_SSHD_UNSURE, "there are too many words in it that OpenSSH does not know");
}

static void value_free(struct br_sshd_value *v)
{
	free(v->text);
	free(v->path);
}

void br_sshd_conf_free(struct br_sshd_conf *c)
{
	for (size_t i = 0; i < c->n_problems; i++) {
		free(c->problems[i].what);
		free(c->problems[i].path);
	}
	free(c->problems);
	for (size_t i = 0; i < BR_SSHD_SETTINGS; i++)
		value_free(&c->set[i]);
	for (size_t i = 0; i < c->n_host_keys; i++)
		value_free(&c->host_keys[i]);
	free(c->host_keys);
	*c = (struct br_sshd_conf){0};
}

bool br_sshd_conf_refused(const struct br_sshd_conf *c)
{
	for (size_t i = 0; i < c->n_problems; i++)
		if (c->problems[i].kind == BR_SSHD_REFUSED)
			return true;
	return false;
}

static void state_free(struct br_sshd_state *st)
{
	br_strv_free(&st->subsystem_names);
	br_strv_free(&st->auth_methods);
	for (size_t i = 0; i < st->n_listens; i++) {
		free(st->listens[i].host);
		free(st->listens[i].path);
	}
	free(st->listens);
}

int br_sshd_conf_parse(const struct br_sshd_ask *ask, const char *path, const char *buf, size_t len,
                       struct br_sshd_conf *ret)
{
	br_cleanup(br_sshd_conf_free) struct br_sshd_conf c = {0};
	unsigned lookups = BR_SSHD_LOOKUPS_MAX;
	struct br_sshd_ask own = *ask;
	br_cleanup(state_free) struct br_sshd_state st = {.ask = &own, .conf = &c, .active = true};

	own.lookups = &lookups;
	br_sshd_text(&st, path, buf, len);
	st.active = true;
	st.path = path;
	st.line = 0;
	br_sshd_finish(&st);
	if (st.oom || st.subsystem_names.oom || st.auth_methods.oom)
		return -ENOMEM;
	*ret = c;
	c = (struct br_sshd_conf){0};
	return 0;
}
