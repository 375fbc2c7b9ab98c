/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The arguments of one line of sshd_config: those of one word, and which checks the others. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "image/sshd-internal.h"

static const char *const flag_words[] = {"yes", "no", NULL};
static const char *const family_words[] = {"inet", "inet6", "any", NULL};
static const char *const root_words[] = {"without-password", "forced-commands-only", "yes", "no",
                                         "prohibit-password", NULL};
static const char *const rhosts_words[] = {"yes", "no", "shosts-only", NULL};
static const char *const compression_words[] = {"yes", "delayed", "no", NULL};
static const char *const gateway_words[] = {"clientspecified", "yes", "no", NULL};
static const char *const tcpfwd_words[] = {"yes", "all", "no", "remote", "local", NULL};
static const char *const privsep_words[] = {"yes", "sandbox", "nosandbox", "no", NULL};
static const char *const tunnel_words[] = {"no", "point-to-point", "ethernet", "yes", NULL};
static const char *const facility_words[] = {"DAEMON", "USER",   "AUTH",   "AUTHPRIV", "LOCAL0", "LOCAL1", "LOCAL2",
                                             "LOCAL3", "LOCAL4", "LOCAL5", "LOCAL6",   "LOCAL7", NULL};
static const char *const level_words[] = {"QUIET", "FATAL",  "ERROR",  "INFO",   "VERBOSE",
                                          "DEBUG", "DEBUG1", "DEBUG2", "DEBUG3", NULL};
static const char *const qos_words[] = {
	"af11", "af12", "af13", "af21", "af22", "af23", "af31", "af32", "af33", "af41", "af42", "af43", "cs0", "cs1",
	"cs2",  "cs3",  "cs4",  "cs5",  "cs6",  "cs7",  "ef",   "lowdelay", "throughput", "reliability", NULL,
};

static bool among(const char *word, const char *const *words, bool exactly)
{
	for (; *words; words++)
		if (exactly ? strcmp(word, *words) == 0 : strcasecmp(word, *words) == 0)
			return true;
	return false;
}

char *br_sshd_need(struct br_sshd_state *st)
{
	char *word = br_sshd_next(&st->words);

	if (word && *word)
		return word;
	br_sshd_problem(st, BR_SSHD_REFUSED, "%s has no argument", st->keyword);
	return NULL;
}

static void refuse_word(struct br_sshd_state *st, const char *word)
{
	br_sshd_problem(st, BR_SSHD_REFUSED, "%s does not take \"%s\"", st->keyword, word);
}

static void choice(struct br_sshd_state *st, const char *const *words, bool exactly)
{
	const char *word = br_sshd_need(st);

	if (!word)
		return;
	if (!among(word, words, exactly))
		refuse_word(st, word);
	else
		br_sshd_keep(st, st->row->keep, word);
}

static void flag(struct br_sshd_state *st)
{
	choice(st, flag_words, st->ask->release < 707);
}

static void permit_root(struct br_sshd_state *st)
{
	const char *word = br_sshd_need(st);

	if (!word)
		return;
	if (!among(word, root_words, false) || (st->ask->release < 700 && strcasecmp(word, "prohibit-password") == 0))
		refuse_word(st, word);
	else
		br_sshd_keep(st, st->row->keep, word);
}

/* A number of 0 or more. Before 7.7 anything was taken for one. */
static void whole_number(struct br_sshd_state *st)
{
	const char *word = br_sshd_need(st);
	long long v;

	if (word && st->ask->release >= 707 && !br_sshd_number(word, 0, INT_MAX, &v))
		refuse_word(st, word);
}

static void duration(struct br_sshd_state *st)
{
	const char *word = br_sshd_need(st);

	if (word && !br_sshd_time(word, st->ask->release))
		refuse_word(st, word);
}

void br_sshd_check_path(struct br_sshd_state *st, const char *path)
{
	size_t n = strcspn(path, "/");
	br_autofree char *user = NULL;

	if (*path != '~' || n < 2 || !st->ask->users)
		return;
	user = strndup(path + 1, n - 1);
	st->oom |= !user;
	if (user && !br_strv_has(st->ask->users, user))
		br_sshd_problem(st, BR_SSHD_REFUSED, "%s: there is no user %s", st->keyword, user);
}

/* Which of the paths sshd looks up at once differs: what it does not keep it does not expand. */
static void path(struct br_sshd_state *st)
{
	const char *word = br_sshd_need(st);

	if (!word)
		return;
	if (st->active && strcasecmp(word, "none") != 0)
		br_sshd_check_path(st, word);
	br_sshd_keep(st, st->row->keep, word);
}

static void any_word(struct br_sshd_state *st)
{
	const char *word = br_sshd_need(st);

	if (word)
		br_sshd_keep(st, st->row->keep, word);
}

static void host_key(struct br_sshd_state *st)
{
	struct br_sshd_conf *c = st->conf;
	const char *word = br_sshd_need(st);
	struct br_sshd_value *v;

	if (!word || strcasecmp(word, "none") == 0)
		return;
	br_sshd_check_path(st, word);
	if (c->n_host_keys >= 256) {
		br_sshd_problem(st, BR_SSHD_REFUSED, "there are more than 256 lines HostKey");
		return;
	}
	if (br_grow(&c->host_keys, &c->cap_host_keys, c->n_host_keys, sizeof(*c->host_keys)) < 0) {
		st->oom = true;
		return;
	}
	v = &c->host_keys[c->n_host_keys++];
	*v = (struct br_sshd_value){strdup(word), strdup(st->path), st->line};
	st->oom |= !v->text || !v->path;
}

static void permit_user_environment(struct br_sshd_state *st)
{
	if (st->ask->release >= 708)
		any_word(st);
	else
		flag(st);
}

static void rekey_limit(struct br_sshd_state *st)
{
	const char *word = br_sshd_need(st);
	long long v;
	bool none;

	if (!word)
		return;
	if (strcmp(word, "default") != 0 && (!br_sshd_scaled(word, &v) || (v && v < 16))) {
		refuse_word(st, word);
		return;
	}
	if (!br_sshd_more(&st->words))
		return;
	none = st->words.split ? strcmp(st->words.argv.v[st->words.next], "none") == 0
	                       : strcmp(st->words.rest, "none") == 0;
	if (none)
		br_sshd_next(&st->words);
	else
		duration(st);
}

static void max_startups(struct br_sshd_state *st)
{
	const char *word = br_sshd_need(st);
	int begin = 0, rate = 0, full = 0, n;

	if (!word)
		return;
	n = sscanf(word, "%9d:%9d:%9d", &begin, &rate, &full); /* NOLINT(cert-err34-c): as sshd does */
	if (n == 1)
		full = begin;
	else if (n != 3 || begin > full || rate > 100 || rate < 1)
		n = 0;
	if (!n || (st->ask->release >= 902 && (begin <= 0 || full <= 0)))
		refuse_word(st, word);
}

static void net_block(struct br_sshd_state *st)
{
	const char *word = br_sshd_need(st);
	int v4 = 0, v6 = 0, n;

	if (!word)
		return;
	n = sscanf(word, "%9d:%9d", &v4, &v6); /* NOLINT(cert-err34-c): as sshd does */
	if (n < 1 || v4 < 0 || v4 > 32 || (n == 2 && (v6 < 0 || v6 > 128)))
		refuse_word(st, word);
}

static void source_startups(struct br_sshd_state *st)
{
	const char *word = br_sshd_need(st);
	long long v;

	if (word && strcmp(word, "none") != 0 && !br_sshd_number(word, 0, INT_MAX, &v))
		refuse_word(st, word);
}

static bool is_qos(const char *word, unsigned release)
{
	long long v;
	char *end;
	long old;

	if (among(word, qos_words, false) || (release >= 706 && strcasecmp(word, "none") == 0) ||
	    (release >= 802 && strcasecmp(word, "le") == 0) || (release >= 1003 && strcasecmp(word, "va") == 0))
		return true;
	if (release >= 908)
		return br_sshd_number(word, 0, 255, &v);
	old = strtol(word, &end, 0);
	return *word && !*end && old >= 0 && old <= 255;
}

static void ip_qos(struct br_sshd_state *st)
{
	const char *word = br_sshd_need(st);

	for (int i = 0; word && i < 2; i++) {
		if (!is_qos(word, st->ask->release)) {
			refuse_word(st, word);
			return;
		}
		word = i ? NULL : br_sshd_next(&st->words);
	}
}

static void mask(struct br_sshd_state *st)
{
	const char *word = br_sshd_need(st);
	char *end;
	long v;

	if (!word)
		return;
	v = strtol(word, &end, 8);
	if (end == word || v < 0 || v > 0777)
		refuse_word(st, word);
}

static void digest(struct br_sshd_state *st)
{
	const char *word = br_sshd_need(st);

	if (word && !br_sshd_digest(word, st->ask->release))
		refuse_word(st, word);
}

static void routing_domain(struct br_sshd_state *st)
{
	const char *word = br_sshd_need(st);

	if (word && st->ask->release >= 803)
		br_sshd_problem(st, BR_SSHD_REFUSED, "%s is nothing that sshd can do on Linux", st->keyword);
	else if (word && strcasecmp(word, "none") != 0 && strcmp(word, "%D") != 0)
		br_sshd_problem(st, BR_SSHD_UNSURE, "%s: sshd asks the running kernel whether there is a %s", st->keyword,
		                word);
}

static void unused_timeout(struct br_sshd_state *st)
{
	if (br_sshd_more(&st->words) && strcasecmp(st->words.argv.v[st->words.next], "none") == 0)
		br_sshd_next(&st->words);
	else
		duration(st);
}

static void version_protocol(struct br_sshd_state *st)
{
	const char *word = br_sshd_need(st);

	if (word && word[strspn(word, "12, ")])
		refuse_word(st, word);
}

/* The rest of the line as it is written. */
static void raw_text(struct br_sshd_state *st)
{
	char *text = st->words.rest;

	if (!text || !*text) {
		br_sshd_problem(st, BR_SSHD_REFUSED, "%s has no argument", st->keyword);
		return;
	}
	text += strspn(text, " \t\r\n");
	if (st->row->arg == BR_ARG_VERSION && strchr(text, '\r') &&
	    (st->ask->release >= 807 || (st->active && !st->conf->set[BR_SSHD_VERSION_ADDENDUM].text &&
	                                 strcasecmp(text, "none") != 0)))
		br_sshd_problem(st, BR_SSHD_REFUSED, "%s: there is a carriage return in it", st->keyword);
	br_sshd_keep(st, st->row->keep, text);
	br_sshd_consume(&st->words);
}

static void command(struct br_sshd_state *st)
{
	char *text = st->words.rest;
	bool kept = st->conf->set[st->row->keep].text != NULL;

	if (!text) {
		br_sshd_problem(st, BR_SSHD_REFUSED, "%s has no argument", st->keyword);
		return;
	}
	text += strspn(text, " \t\r\n");
	if (*text != '/' && strcasecmp(text, "none") != 0 && (st->ask->release >= 807 || (st->active && !kept)))
		br_sshd_problem(st, BR_SSHD_REFUSED, "%s: %s is no absolute path", st->keyword, text);
	br_sshd_keep(st, st->row->keep, text);
	br_sshd_consume(&st->words);
}

static void deprecated(struct br_sshd_state *st)
{
	if (st->row->arg == BR_ARG_DEPRECATED)
		br_sshd_problem(st, BR_SSHD_DEPRECATED, "%s means nothing to this sshd any more", st->keyword);
	br_sshd_consume(&st->words);
}

void br_sshd_args(struct br_sshd_state *st)
{
	switch (st->row->arg) {
	case BR_ARG_FLAG: flag(st); break;
	case BR_ARG_INT: whole_number(st); break;
	case BR_ARG_TIME: duration(st); break;
	case BR_ARG_PATH: path(st); break;
	case BR_ARG_WORD: any_word(st); break;
	case BR_ARG_HOSTKEY: host_key(st); break;
	case BR_ARG_FAMILY: choice(st, family_words, false); break;
	case BR_ARG_ROOT: permit_root(st); break;
	case BR_ARG_RHOSTS: choice(st, st->ask->release >= 802 ? rhosts_words : flag_words, st->ask->release < 707); break;
	case BR_ARG_COMPRESSION: choice(st, compression_words, false); break;
	case BR_ARG_GATEWAY: choice(st, gateway_words, false); break;
	case BR_ARG_TCPFWD: choice(st, tcpfwd_words, false); break;
	case BR_ARG_PRIVSEP: choice(st, privsep_words, false); break;
	case BR_ARG_TUNNEL: choice(st, tunnel_words, true); break;
	case BR_ARG_FACILITY: choice(st, facility_words, false); break;
	case BR_ARG_LEVEL: choice(st, level_words, false); break;
	case BR_ARG_PROTOCOL: version_protocol(st); break;
	case BR_ARG_USER_ENVIRONMENT: permit_user_environment(st); break;
	case BR_ARG_REKEY: rekey_limit(st); break;
	case BR_ARG_STARTUPS: max_startups(st); break;
	case BR_ARG_NET_BLOCK: net_block(st); break;
	case BR_ARG_SOURCE_STARTUPS: source_startups(st); break;
	case BR_ARG_IPQOS: ip_qos(st); break;
	case BR_ARG_MASK: mask(st); break;
	case BR_ARG_DIGEST: digest(st); break;
	case BR_ARG_RDOMAIN: routing_domain(st); break;
	case BR_ARG_UNUSED: unused_timeout(st); break;
	case BR_ARG_FORCE_COMMAND:
	case BR_ARG_VERSION: raw_text(st); break;
	case BR_ARG_COMMAND: command(st); break;
	case BR_ARG_IGNORE:
	case BR_ARG_DEPRECATED: deprecated(st); break;
	default: br_sshd_list_args(st);
	}
}
