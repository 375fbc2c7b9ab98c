/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The arguments of one line of sshd_config: those of several words, addresses and ports. */
#include <limits.h>
#include <string.h>
#include <strings.h>

#include "image/sshd-internal.h"

/* What takes any number of words; since when sshd wants one at least differs. */
static void words(struct br_sshd_state *st, unsigned one_since, bool (*good)(struct br_sshd_state *st, char *word))
{
	char *word;
	unsigned n = 0;

	while (br_sshd_goes_on(&st->words, word = br_sshd_next(&st->words))) {
		n++;
		if (!*word || !good(st, word)) {
			br_sshd_problem(st, BR_SSHD_REFUSED, "%s does not take \"%s\"", st->keyword, word);
			return;
		}
	}
	if (!n && st->ask->release >= one_since)
		br_sshd_problem(st, BR_SSHD_REFUSED, "%s has no argument", st->keyword);
}

static bool user_pattern(struct br_sshd_state *st, char *word)
{
	const char *at = strchr(word, '@');

	return !at || st->ask->release < 704 || br_sshd_addresses(at + 1);
}

static bool anything(struct br_sshd_state *st, char *word)
{
	(void)st;
	(void)word;
	return true;
}

static bool no_equals(struct br_sshd_state *st, char *word)
{
	(void)st;
	return !strchr(word, '=');
}

static bool pubkey_option(struct br_sshd_state *st, char *word)
{
	(void)st;
	return strcasecmp(word, "none") == 0 || strcasecmp(word, "touch-required") == 0 ||
	       strcasecmp(word, "verify-required") == 0;
}

static bool stands_alone(const struct br_sshd_state *st)
{
	return st->words.next == 1 && st->words.argv.n == 1;
}

static bool log_spec(struct br_sshd_state *st, char *word)
{
	return !st->words.split || strcasecmp(word, "none") != 0 || stands_alone(st);
}

static bool channel_timeout(struct br_sshd_state *st, char *word)
{
	const char *equals = strchr(word, '=');

	if (strcasecmp(word, "none") == 0)
		return st->ask->release >= 908 ? stands_alone(st) : st->words.next == st->words.argv.n;
	return equals && equals != word && br_sshd_time(equals + 1, st->ask->release);
}

static bool keys_file(struct br_sshd_state *st, char *word)
{
	if (st->ask->release >= 1003 && strcasecmp(word, "none") == 0)
		return stands_alone(st);
	/* Old releases do not look at what they do not keep. */
	if (st->words.split || st->active)
		br_sshd_check_path(st, word);
	return true;
}

static void set_environment(struct br_sshd_state *st)
{
	unsigned n = 0;
	char *word;

	while ((word = st->words.split ? br_sshd_next(&st->words) : br_sshd_delim(&st->words.rest, false)) &&
	       (st->words.split || *word)) {
		n++;
		if (!strchr(word, '='))
			br_sshd_problem(st, BR_SSHD_REFUSED, "%s does not take \"%s\": there is no = in it", st->keyword, word);
	}
	if (!n && st->ask->release >= 908)
		br_sshd_problem(st, BR_SSHD_REFUSED, "%s has no argument", st->keyword);
}

static void algorithms(struct br_sshd_state *st, enum br_sshd_names kind)
{
	unsigned release = st->ask->release;
	const char *word = br_sshd_need(st), *list = word;

	if (!word)
		return;
	if ((*word == '+' && release >= 700) || (*word == '^' && release >= 801))
		list++;
	/* What is taken away needs not be there. */
	if (!(*word == '-' && release >= 705) && !br_sshd_algorithms(kind, list, st->ask))
		br_sshd_problem(st, BR_SSHD_REFUSED, "%s: not every algorithm in \"%s\" is one of this sshd", st->keyword,
		                word);
	br_sshd_keep(st, st->row->keep, word);
}

static void subsystem(struct br_sshd_state *st)
{
	bool old = st->ask->release < 905;
	const char *name = br_sshd_need(st), *program;

	if (!name)
		return;
	if (old && !st->active) {
		br_sshd_next(&st->words);
		return;
	}
	if (old && st->subsystems++ >= 256)
		br_sshd_problem(st, BR_SSHD_REFUSED, "there are more than 256 subsystems");
	if (br_strv_has(&st->subsystem_names, name)) {
		if (old)
			br_sshd_problem(st, BR_SSHD_REFUSED, "the subsystem %s is there twice", name);
		else if (st->ask->release < 1003 || br_sshd_need(st))
			br_sshd_consume(&st->words);
		return;
	}
	program = br_sshd_next(&st->words);
	if ((!program || !*program) && (st->active || st->ask->release >= 1003)) {
		br_sshd_problem(st, BR_SSHD_REFUSED, "the subsystem %s has no command", name);
		return;
	}
	if (st->active)
		br_strv_add(&st->subsystem_names, name);
	br_sshd_consume(&st->words);
}

static void port_line(struct br_sshd_state *st)
{
	const char *word;

	if (st->ports++ >= 256)
		br_sshd_problem(st, BR_SSHD_REFUSED, "there are more than 256 lines Port");
	word = br_sshd_need(st);
	if (word && br_sshd_port(st->ask, word) <= 0)
		br_sshd_problem(st, BR_SSHD_REFUSED, "%s: \"%s\" is no port", st->keyword, word);
}

static void listen_later(struct br_sshd_state *st, const char *host)
{
	struct listen *l;

	/* The rest of so many is not looked up; sshd has no bound. */
	if (st->n_listens >= 1024)
		return;
	if (br_grow(&st->listens, &st->cap_listens, st->n_listens, sizeof(*l)) < 0) {
		st->oom = true;
		return;
	}
	l = &st->listens[st->n_listens++];
	*l = (struct listen){strdup(host), strdup(st->path), st->line};
	st->oom |= !l->host || !l->path;
}

static void listen_address(struct br_sshd_state *st)
{
	char *word = br_sshd_need(st), *host, *domain;
	const char *colon;

	if (!word)
		return;
	colon = strchr(word, ':');
	if (!strchr(word, '[') && colon && strchr(colon + 1, ':')) {
		host = word; /* a bare IPv6 address */
	} else {
		host = br_sshd_host(&word);
		if (!host || (word && br_sshd_port(st->ask, word) <= 0)) {
			br_sshd_problem(st, BR_SSHD_REFUSED, "%s is no address with or without a port", st->keyword);
			return;
		}
	}
	listen_later(st, host);
	if (st->ask->release < 707)
		return;
	word = br_sshd_next(&st->words);
	/* An old release finds an empty word behind a quoted one. */
	if (!word)
		return;
	domain = strcmp(word, "rdomain") == 0 ? br_sshd_next(&st->words) : NULL;
	if (!domain)
		br_sshd_problem(st, BR_SSHD_REFUSED, "%s: behind the address only \"rdomain NAME\" may stand", st->keyword);
	else
		br_sshd_problem(st, BR_SSHD_UNSURE, "%s: sshd asks the running kernel whether there is a %s", st->keyword,
		                domain);
}

static bool permit_one(struct br_sshd_state *st, char *word)
{
	char *at = word;

	if (st->row->arg != BR_ARG_PERMIT_LISTEN || strchr(word, ':')) {
		if (!br_sshd_host(&at))
			return false;
	}
	return at && (strcmp(at, "*") == 0 || br_sshd_port(st->ask, at) > 0);
}

static void permit(struct br_sshd_state *st)
{
	bool late = st->ask->release >= 908;
	char *word = br_sshd_need(st);

	if (!word)
		return;
	if (!late && (strcmp(word, "any") == 0 || (strcmp(word, "none") == 0 && st->ask->release >= 606)))
		return;
	for (unsigned n = 0; word && (late || *word); word = br_sshd_next(&st->words), n++) {
		bool all = late && (strcmp(word, "any") == 0 || strcmp(word, "none") == 0);

		if (all ? n > 0 : !permit_one(st, word)) {
			br_sshd_problem(st, BR_SSHD_REFUSED, all ? "%s: any and none stand alone"
			                                         : "%s: a word is no host with a port", st->keyword);
			return;
		}
	}
}

static bool penalty(struct br_sshd_state *st, char *word)
{
	static const char *const times[] = {"crash:", "authfail:", "noauth:", "grace-exceeded:", "max:", "min:",
	                                    "refuseconnection:", "invaliduser:"};
	static const unsigned since[] = {0, 0, 0, 0, 0, 0, 909, 1003};
	static const char *const others[] = {"overflow:deny-all", "overflow:permissive", "overflow6:deny-all",
	                                     "overflow6:permissive"};
	long long v;

	if (strcasecmp(word, "no") == 0 || strcasecmp(word, "yes") == 0)
		return st->words.next == st->words.argv.n;
	for (size_t i = 0; i < BR_ARRAY_SIZE(times); i++)
		if (st->ask->release >= since[i] && br_starts(word, times[i]))
			return br_sshd_time(word + strlen(times[i]), st->ask->release);
	for (size_t i = 0; i < BR_ARRAY_SIZE(others); i++)
		if (strcmp(word, others[i]) == 0)
			return true;
	return (br_starts(word, "max-sources4:") || br_starts(word, "max-sources6:")) &&
	       br_sshd_number(word + strlen("max-sources4:"), 0, INT_MAX, &v);
}

static void addresses(struct br_sshd_state *st)
{
	const char *word = br_sshd_need(st);

	if (word && !br_sshd_addresses(word))
		br_sshd_problem(st, BR_SSHD_REFUSED, "%s: \"%s\" is no list of addresses", st->keyword, word);
}

/* "publickey,password keyboard-interactive:pam": is each a method's name? */
bool br_sshd_methods_known(const struct br_sshd_ask *ask, const char *list)
{
	static const char *const names[] = {"publickey", "password", "keyboard-interactive", "hostbased", "none"};

	for (;; list++) {
		size_t n = strcspn(list, ","), m = strcspn(list, ",:");
		bool found = false;

		for (size_t i = 0; i < BR_ARRAY_SIZE(names); i++)
			found |= strlen(names[i]) == m && strncmp(list, names[i], m) == 0;
		if (!found && ask->family != BR_FAMILY_OTHER)
			found = (m == 15 && strncmp(list, "gssapi-with-mic", m) == 0) ||
			        (m == 12 && ask->family != BR_FAMILY_ARCH && strncmp(list, "gssapi-keyex", m) == 0);
		if (!found)
			return false;
		list += n;
		if (!*list)
			return true;
	}
}

static void methods(struct br_sshd_state *st)
{
	bool set = st->auth_methods.n > 0, any = false;
	unsigned n = 0;
	char *word;

	if (set && !st->words.split) {
		br_sshd_consume(&st->words);
		return;
	}
	for (; br_sshd_goes_on(&st->words, word = br_sshd_next(&st->words)); n++) {
		bool is_any = strcmp(word, "any") == 0;
		/* What the list held before counts too, until 9.8. */
		bool late = st->ask->release >= 908 ? n > 0 : st->auth_methods.n > 0;

		if (is_any ? late : any || !br_sshd_methods_known(st->ask, word)) {
			br_sshd_problem(st, BR_SSHD_REFUSED, "%s: \"%s\" is no list of methods%s", st->keyword, word,
			                any || is_any ? "; any stands alone" : "");
			return;
		}
		any |= is_any;
		if (st->active && !set)
			br_strv_add(&st->auth_methods, word);
	}
	if (!n)
		br_sshd_problem(st, BR_SSHD_REFUSED, "%s has no argument", st->keyword);
	else if (st->active && !set && st->auth_methods.n)
		br_sshd_keep(st, BR_SSHD_METHODS, st->auth_methods.v[0]);
	if (!st->words.split)
		br_sshd_consume(&st->words);
}

void br_sshd_list_args(struct br_sshd_state *st)
{
	unsigned split = 9999, late = 908;

	switch (st->row->arg) {
	case BR_ARG_PORT: port_line(st); break;
	case BR_ARG_LISTEN: listen_address(st); break;
	case BR_ARG_KEYTYPES: algorithms(st, BR_SSHD_KEYTYPE); break;
	case BR_ARG_CA_KEYTYPES: algorithms(st, st->ask->release >= 904 ? BR_SSHD_PLAIN_KEYTYPE : BR_SSHD_KEYTYPE); break;
	case BR_ARG_CIPHERS: algorithms(st, BR_SSHD_CIPHER); break;
	case BR_ARG_MACS: algorithms(st, BR_SSHD_MAC); break;
	case BR_ARG_KEX: algorithms(st, BR_SSHD_KEXALG); break;
	case BR_ARG_GSSKEX: algorithms(st, BR_SSHD_GSSKEX); break;
	case BR_ARG_PUBKEY_OPTIONS: words(st, split, pubkey_option); break;
	case BR_ARG_LOG_VERBOSE: words(st, late, log_spec); break;
	case BR_ARG_USERS: words(st, late, user_pattern); break;
	case BR_ARG_GROUPS: words(st, late, anything); break;
	case BR_ARG_ENVIRONMENT: words(st, late, no_equals); break;
	case BR_ARG_PATHS:
		words(st, late, keys_file);
		if (!st->words.split)
			br_sshd_consume(&st->words);
		break;
	case BR_ARG_CHANNEL: words(st, late, channel_timeout); break;
	case BR_ARG_PENALTIES: words(st, 0, penalty); break;
	case BR_ARG_SET_ENVIRONMENT: set_environment(st); break;
	case BR_ARG_REVOKED:
		if (st->ask->release >= 1003) {
			words(st, late, keys_file);
		} else {
			const char *word = br_sshd_need(st);

			if (word && st->active)
				br_sshd_check_path(st, word);
		}
		break;
	case BR_ARG_SUBSYSTEM: subsystem(st); break;
	case BR_ARG_PERMIT_OPEN:
	case BR_ARG_PERMIT_LISTEN: permit(st); break;
	case BR_ARG_ADDRESSES: addresses(st); break;
	case BR_ARG_METHODS: methods(st); break;
	case BR_ARG_INCLUDE: br_sshd_include(st); break;
	case BR_ARG_MATCH: br_sshd_match(st); break;
	default: break;
	}
}
