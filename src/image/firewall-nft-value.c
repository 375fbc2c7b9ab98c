/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Values in nft's rules: single ones, lists, sets, maps and TCP's flags, held against the packet. */
#include <errno.h>

#include "base/num.h"
#include "image/firewall-nft.h"

enum br_fw_match br_nft_is_port(const char *word)
{
	return br_fw_port(word, '-');
}

enum br_fw_match br_nft_is_unknown(const char *word)
{
	(void)word;
	return BR_FW_MAYBE;
}

bool br_nft_verdict(const char *word, enum br_fw_action *ret)
{
	static const struct {
		const char *word;
		enum br_fw_action action;
	} verdicts[] = {{"accept", BR_FW_ACCEPT}, {"drop", BR_FW_DROP},  {"reject", BR_FW_DROP}, {"return", BR_FW_RETURN},
	                {"continue", BR_FW_CONTINUE}, {"jump", BR_FW_JUMP}, {"goto", BR_FW_GOTO}, {"queue", BR_FW_EITHER}};

	for (size_t i = 0; i < BR_ARRAY_SIZE(verdicts); i++)
		if (strcmp(verdicts[i].word, word) == 0) {
			*ret = verdicts[i].action;
			return true;
		}
	return false;
}

void br_nft_end(struct br_nft_at *a, enum br_fw_action action, const char *chain)
{
	a->ended = true;
	a->rule->action = action;
	if (action != BR_FW_JUMP && action != BR_FW_GOTO)
		return;
	if (strcmp(chain, "{") == 0) { /* a chain without a name, which is not followed */
		a->rule->action = BR_FW_EITHER;
		return;
	}
	a->rule->target = br_format("%s%s", a->prefix, chain);
	a->oom |= !a->rule->target;
}

static const struct br_nft_set *set_of(const struct br_nft_at *a, const char *name)
{
	br_autofree char *key = br_format("%s%s", a->prefix, name);

	for (size_t i = 0; key && i < a->sets->n; i++)
		if (strcmp(a->sets->v[i].name, key) == 0)
			return &a->sets->v[i];
	return NULL;
}

static enum br_fw_match in_set(const struct br_nft_at *a, const char *name, br_nft_is is)
{
	const struct br_nft_set *set = set_of(a, name);
	enum br_fw_match best = BR_FW_NO;

	if (!set)
		return BR_FW_MAYBE;
	for (size_t i = 0; i < set->words.n; i++) {
		enum br_fw_match m = strcmp(set->words.v[i], ",") == 0 ? BR_FW_NO : is(set->words.v[i]);

		best = m > best ? m : best;
	}
	return best;
}

/* The elements of a map: the verdict of the first that is the packet's. */
static void by_map(struct br_nft_at *a, const struct br_strv *words, br_nft_is is)
{
	enum br_fw_match found = BR_FW_NO;

	for (size_t i = 0; i + 2 < words->n; i++) {
		enum br_fw_match m;
		enum br_fw_action action;

		if (strcmp(words->v[i + 1], ":") != 0)
			continue;
		m = is(words->v[i]);
		if (m == BR_FW_YES && br_nft_verdict(words->v[i + 2], &action)) {
			br_nft_end(a, action, i + 3 < words->n ? words->v[i + 3] : "");
			return;
		}
		found = m > found ? m : found;
	}
	if (found == BR_FW_NO)
		br_nft_also(a, BR_FW_NO);
	else
		br_nft_end(a, BR_FW_EITHER, "");
}

void br_nft_braces(struct br_nft_at *a, struct br_strv *ret)
{
	unsigned depth = 1;

	for (; a->i < a->n; a->i++) {
		const char *s = br_nft_now(a);
		size_t n = strlen(s);

		if (strcmp(s, "{") == 0)
			depth++;
		if (strcmp(s, "}") == 0 && --depth == 0) {
			a->i++;
			break;
		}
		/* "22:" and "22 :" are the same. */
		if (n > 1 && s[n - 1] == ':') {
			br_strv_addn(ret, s, n - 1);
			br_strv_add(ret, ":");
		} else {
			br_strv_add(ret, s);
		}
	}
	a->oom |= ret->oom;
}

static void map(struct br_nft_at *a, br_nft_is is)
{
	br_autostrv struct br_strv words = {0};
	const struct br_nft_set *set;

	if (br_nft_eat(a, "{")) {
		br_nft_braces(a, &words);
		by_map(a, &words, is);
		return;
	}
	set = br_nft_now(a)[0] == '@' ? set_of(a, br_nft_now(a) + 1) : NULL;
	a->i++;
	if (set)
		by_map(a, &set->words, is);
	else
		br_nft_end(a, BR_FW_EITHER, "");
}

static enum br_fw_match less_or_more(const struct br_nft_at *a, const char *op, br_nft_is is)
{
	uint64_t n;

	if (is != br_nft_is_port || br_parse_uint(br_nft_now(a), strlen(br_nft_now(a)), 10, 0, 65535, &n) < 0)
		return BR_FW_MAYBE;
	if (op[0] == '<')
		return (op[1] ? 22 <= n : 22 < n) ? BR_FW_YES : BR_FW_NO;
	return (op[1] ? 22 >= n : 22 > n) ? BR_FW_YES : BR_FW_NO;
}

/* Behind "tcp dport . ip saddr", where several values are one: up to what they are compared with. */
static bool skip_joined(struct br_nft_at *a)
{
	for (size_t i = a->i; i < a->n; i++) {
		const char *s = a->v[i].s;

		if (*s != '{' && *s != '@' && strcmp(s, "vmap") != 0 && strcmp(s, "==") != 0 && strcmp(s, "!=") != 0)
			continue;
		a->i = i;
		return true;
	}
	return false;
}

void br_nft_value(struct br_nft_at *a, br_nft_is is)
{
	br_autostrv struct br_strv words = {0};
	enum br_fw_match m = BR_FW_NO;
	bool negated = false;

	if (strcmp(br_nft_now(a), ".") == 0) {
		is = br_nft_is_unknown;
		if (!skip_joined(a)) {
			br_nft_also(a, BR_FW_MAYBE);
			return;
		}
	}
	if (br_nft_eat(a, "vmap")) {
		map(a, is);
		return;
	}
	if (br_nft_eat(a, "set")) { /* sets it: says nothing of the packet */
		a->i++;
		return;
	}
	if (br_nft_now(a)[0] == '<' || br_nft_now(a)[0] == '>') {
		const char *op = br_nft_now(a);

		a->i++;
		br_nft_also(a, less_or_more(a, op, is));
		a->i++;
		return;
	}
	if (br_nft_eat(a, "&") || strcmp(br_nft_now(a), "(") == 0)
		is = br_nft_is_unknown;
	negated = br_nft_eat(a, "!=");
	if (!negated)
		br_nft_eat(a, "==");
	if (br_nft_eat(a, "{"))
		br_nft_braces(a, &words);
	else if (br_nft_now(a)[0] == '@')
		m = in_set(a, a->v[a->i++].s + 1, is);
	else
		do {
			br_strv_add(&words, br_nft_now(a));
			a->i++;
		} while (br_nft_eat(a, ",") && a->i < a->n);
	for (size_t i = 0; i < words.n; i++) {
		enum br_fw_match one = strcmp(words.v[i], ",") == 0 ? BR_FW_NO : is(words.v[i]);

		m = one > m ? one : m;
	}
	a->oom |= words.oom;
	br_nft_also(a, negated ? br_fw_not(m) : m);
}

/* tcp flags: the packet has SYN alone. "& (fin|syn|rst|ack) == syn", "syn / fin,syn", "syn,ack", "!= syn". */
void br_nft_flags(struct br_nft_at *a)
{
	static const char *const names[] = {"fin", "syn", "rst", "psh", "ack", "urg", "ecn", "cwr"};
	unsigned sets[2] = {0, 0}, which = 0;
	bool masked = false, slash = false, negated = false, compared = false;

	for (; a->i < a->n; a->i++) {
		const char *s = br_nft_now(a);
		size_t k = 0;

		while (k < BR_ARRAY_SIZE(names) && strcmp(names[k], s) != 0)
			k++;
		if (k < BR_ARRAY_SIZE(names))
			sets[which] |= 1U << k;
		else if (strcmp(s, "&") == 0)
			masked = true;
		else if (strcmp(s, "==") == 0 || strcmp(s, "!=") == 0) {
			compared = true;
			negated = s[0] == '!';
			which = masked ? 1 : 0;
		} else if (strcmp(s, "/") == 0) {
			slash = true;
			which = 1;
		} else if (strcmp(s, "{") == 0) {
			br_nft_also(a, BR_FW_MAYBE);
		} else if (!strchr("(),|}", *s) && strcmp(s, "0x0") != 0)
			break;
	}
	if (slash) {
		unsigned of = sets[0];

		sets[0] = sets[1];
		sets[1] = of;
	}
	if (masked || slash)
		br_nft_also(a, (((1U << 1) & sets[0]) == sets[1]) != negated ? BR_FW_YES : BR_FW_NO);
	else if (compared)
		br_nft_also(a, (sets[0] == 1U << 1) != negated ? BR_FW_YES : BR_FW_NO);
	else
		br_nft_also(a, sets[0] & 1U << 1 ? BR_FW_YES : BR_FW_NO);
}
