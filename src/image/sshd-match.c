/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Match lines: `sshd -t` has no connection to compare with, so that only their syntax counts. */
#include <string.h>
#include <strings.h>

#include "image/sshd-internal.h"

static char *next(struct br_sshd_state *st)
{
	/* Until 9.8 a Match line is taken apart the old way. */
	return st->ask->release >= 909 ? br_sshd_next(&st->words) : br_sshd_delim(&st->words.rest, true);
}

static void refuse(struct br_sshd_state *st, const char *what, const char *word)
{
	br_sshd_problem(st, BR_SSHD_REFUSED, "Match: %s%s%s", what, word ? " " : "", word ? word : "");
}

/* "all" stands alone, and is the one that matches without a connection. */
static bool all(struct br_sshd_state *st, unsigned n)
{
	bool comments = st->ask->release >= 807;
	const char *word = n == 0 ? next(st) : "all";

	if (n > 0 || (word && *word && !(comments && *word == '#'))) {
		refuse(st, "all stands alone", NULL);
		return false;
	}
	if (word && *word == '#')
		br_sshd_consume(&st->words);
	return true;
}

/* One criterion and its value. 1: matches, 0: does not, -1: refused. */
static int criterion(struct br_sshd_state *st, const char *name, const char *value)
{
	static const struct {
		const char *name;
		unsigned since;
	} plain[] = {{"user", 0}, {"group", 0}, {"host", 0}, {"rdomain", 707}};
	unsigned release = st->ask->release;

	for (size_t i = 0; i < BR_ARRAY_SIZE(plain); i++)
		if (release >= plain[i].since && strcasecmp(name, plain[i].name) == 0)
			return 0;
	if (strcasecmp(name, "address") == 0 || strcasecmp(name, "localaddress") == 0) {
		if (release < 804 || br_sshd_addresses(value))
			return 0;
		refuse(st, "no list of addresses:", value);
		return -1;
	}
	if (strcasecmp(name, "localport") == 0) {
		if (br_sshd_port(st->ask, value) >= 0)
			return 0;
		refuse(st, "no port:", value);
		return -1;
	}
	if (release >= 1000 && strcasecmp(name, "version") == 0)
		return st->ask->version && br_sshd_pattern_list(st->ask->version, value) == 1;
	refuse(st, "no such criterion:", name);
	return -1;
}

/* Since 9.9 also "user=name" in one word: the value, cut off. */
static char *value_within(const struct br_sshd_state *st, char *word)
{
	static const char *const names[] = {"user",         "group",     "host",    "address",
	                                    "localaddress", "localport", "rdomain", "version"};
	char *equals = strchr(word, '=');

	if (st->ask->release < 909 || !equals)
		return NULL;
	for (size_t i = 0; i < BR_ARRAY_SIZE(names); i++) {
		size_t n = strlen(names[i]);

		if (word + n == equals && strncasecmp(word, names[i], n) == 0) {
			*equals = '\0';
			return equals + 1;
		}
	}
	return NULL;
}

/* 1, 0 or -1, as a criterion. */
static int line(struct br_sshd_state *st)
{
	bool comments = st->ask->release >= 807;
	int result = 1;
	unsigned n = 0;
	char *name;

	while ((name = next(st)) && (*name || st->ask->release >= 909)) {
		char *value;
		int one;

		if (comments && *name == '#') {
			br_sshd_consume(&st->words);
			break;
		}
		if (strcasecmp(name, "all") == 0)
			return all(st, n) ? 1 : -1;
		n++;
		if (st->ask->release >= 909 && strcasecmp(name, "invalid-user") == 0) {
			result = 0;
			continue;
		}
		value = value_within(st, name);
		if (!value)
			value = next(st);
		if (!value || !*value || (comments && *value == '#')) {
			refuse(st, "nothing stands behind", name);
			return -1;
		}
		one = criterion(st, name, value);
		if (one < 0)
			return -1;
		if (!one)
			result = 0;
	}
	if (!n)
		refuse(st, "there is no criterion", NULL);
	return n ? result : -1;
}

void br_sshd_match(struct br_sshd_state *st)
{
	int result = line(st);

	/* In between everything that is left counts as an argument too many. */
	if (st->words.split && st->ask->release < 909 && (!st->words.rest || !*st->words.rest))
		br_sshd_consume(&st->words);
	if (result < 0)
		br_sshd_consume(&st->words);
	st->active = result > 0 && !st->never;
}
