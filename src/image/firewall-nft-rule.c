/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One rule of nft's language, held against the packet word by word; what is not known leaves both ways open. */
#include <errno.h>
#include <string.h>

#include "base/num.h"
#include "image/firewall-nft.h"

typedef enum br_fw_match (*is_fn)(const char *word);

struct at {
	const struct br_nft_word *v;
	size_t n, i;
	const char *prefix;
	const struct br_nft_sets *sets;
	struct br_fw_rule *rule;
	bool ended, oom;
};

static const char *now(const struct at *a)
{
	return a->i < a->n ? a->v[a->i].s : "";
}

static bool eat(struct at *a, const char *word)
{
	if (a->i >= a->n || strcmp(a->v[a->i].s, word) != 0)
		return false;
	a->i++;
	return true;
}

static void also(struct at *a, enum br_fw_match m)
{
	if (m < a->rule->match)
		a->rule->match = m;
}

/* Of the packet. */
static enum br_fw_match is_port(const char *word)
{
	return br_fw_port(word, '-');
}

static enum br_fw_match is_tcp(const char *word)
{
	return strcmp(word, "tcp") == 0 || strcmp(word, "6") == 0 ? BR_FW_YES : BR_FW_NO;
}

static enum br_fw_match is_interface(const char *word)
{
	return strcmp(word, "lo") == 0 ? BR_FW_NO : strcmp(word, "*") == 0 ? BR_FW_YES : BR_FW_MAYBE;
}

static enum br_fw_match is_new(const char *word)
{
	return strcmp(word, "new") == 0 ? BR_FW_YES : BR_FW_NO;
}

static enum br_fw_match is_ipv4(const char *word)
{
	return strcmp(word, "ipv4") == 0 || strcmp(word, "ip") == 0 ? BR_FW_YES : BR_FW_NO;
}

static enum br_fw_match is_host(const char *word)
{
	return strcmp(word, "host") == 0 || strcmp(word, "unicast") == 0 ? BR_FW_YES : BR_FW_NO;
}

static enum br_fw_match is_local(const char *word)
{
	return strcmp(word, "local") == 0 ? BR_FW_YES : BR_FW_NO;
}

static enum br_fw_match is_original(const char *word)
{
	return strcmp(word, "original") == 0 ? BR_FW_YES : BR_FW_NO;
}

static enum br_fw_match is_unknown(const char *word)
{
	(void)word;
	return BR_FW_MAYBE;
}

static bool verdict_of(const char *word, enum br_fw_action *ret)
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

static void end_with(struct at *a, enum br_fw_action action, const char *chain)
{
	a->ended = true;
	a->rule->action = action;
	if (action != BR_FW_JUMP && action != BR_FW_GOTO)
		return;
	a->rule->target = br_format("%s%s", a->prefix, chain);
	a->oom |= !a->rule->target;
}

static const struct br_nft_set *set_of(const struct at *a, const char *name)
{
	br_autofree char *key = br_format("%s%s", a->prefix, name);

	for (size_t i = 0; key && i < a->sets->n; i++)
		if (strcmp(a->sets->v[i].name, key) == 0)
			return &a->sets->v[i];
	return NULL;
}

static enum br_fw_match in_set(const struct at *a, const char *name, is_fn is)
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
static void by_map(struct at *a, const struct br_strv *words, is_fn is)
{
	enum br_fw_match found = BR_FW_NO;

	for (size_t i = 0; i + 2 < words->n; i++) {
		enum br_fw_match m;
		enum br_fw_action action;

		if (strcmp(words->v[i + 1], ":") != 0)
			continue;
		m = is(words->v[i]);
		if (m == BR_FW_YES && verdict_of(words->v[i + 2], &action)) {
			end_with(a, action, i + 3 < words->n ? words->v[i + 3] : "");
			return;
		}
		found = m > found ? m : found;
	}
	if (found == BR_FW_NO)
		also(a, BR_FW_NO);
	else
		end_with(a, BR_FW_EITHER, "");
}

/* What stands in braces, as plain words. */
static void braces(struct at *a, struct br_strv *ret)
{
	unsigned depth = 1;

	for (; a->i < a->n; a->i++) {
		const char *s = now(a);
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

static void map(struct at *a, is_fn is)
{
	br_autostrv struct br_strv words = {0};
	const struct br_nft_set *set;

	if (eat(a, "{")) {
		braces(a, &words);
		by_map(a, &words, is);
		return;
	}
	set = now(a)[0] == '@' ? set_of(a, now(a) + 1) : NULL;
	a->i++;
	if (set)
		by_map(a, &set->words, is);
	else
		end_with(a, BR_FW_EITHER, "");
}

static enum br_fw_match less_or_more(const struct at *a, const char *op, is_fn is)
{
	uint64_t n;

	if (is != is_port || br_parse_uint(now(a), strlen(now(a)), 10, 0, 65535, &n) < 0)
		return BR_FW_MAYBE;
	if (op[0] == '<')
		return (op[1] ? 22 <= n : 22 < n) ? BR_FW_YES : BR_FW_NO;
	return (op[1] ? 22 >= n : 22 > n) ? BR_FW_YES : BR_FW_NO;
}

/* [==|!=|<...] value, value | { values } | @set | vmap ...: is the packet's among them? */
static void value(struct at *a, is_fn is)
{
	br_autostrv struct br_strv words = {0};
	enum br_fw_match m = BR_FW_NO;
	bool negated = false;

	if (eat(a, "vmap")) {
		map(a, is);
		return;
	}
	if (eat(a, "set")) { /* sets it: says nothing of the packet */
		a->i++;
		return;
	}
	if (now(a)[0] == '<' || now(a)[0] == '>') {
		const char *op = now(a);

		a->i++;
		also(a, less_or_more(a, op, is));
		a->i++;
		return;
	}
	if (eat(a, "&") || strcmp(now(a), "(") == 0)
		is = is_unknown;
	negated = eat(a, "!=");
	if (!negated)
		eat(a, "==");
	if (eat(a, "{"))
		braces(a, &words);
	else if (now(a)[0] == '@')
		m = in_set(a, a->v[a->i++].s + 1, is);
	else
		do {
			br_strv_add(&words, now(a));
			a->i++;
		} while (eat(a, ",") && a->i < a->n);
	for (size_t i = 0; i < words.n; i++) {
		enum br_fw_match one = strcmp(words.v[i], ",") == 0 ? BR_FW_NO : is(words.v[i]);

		m = one > m ? one : m;
	}
	a->oom |= words.oom;
	also(a, negated ? br_fw_not(m) : m);
}

/* tcp flags: the packet has SYN alone. "& (fin|syn|rst|ack) == syn", "syn / fin,syn", "syn,ack", "!= syn". */
static void flags(struct at *a)
{
	static const char *const names[] = {"fin", "syn", "rst", "psh", "ack", "urg", "ecn", "cwr"};
	unsigned sets[2] = {0, 0}, which = 0;
	bool masked = false, slash = false, negated = false, compared = false;

	for (; a->i < a->n; a->i++) {
		const char *s = now(a);
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
			also(a, BR_FW_MAYBE);
		} else if (!strchr("(),|}", *s) && strcmp(s, "0x0") != 0)
			break;
	}
	if (slash) {
		unsigned of = sets[0];

		sets[0] = sets[1];
		sets[1] = of;
	}
	if (masked || slash)
		also(a, (((1U << 1) & sets[0]) == sets[1]) != negated ? BR_FW_YES : BR_FW_NO);
	else if (compared)
		also(a, (sets[0] == 1U << 1) != negated ? BR_FW_YES : BR_FW_NO);
	else
		also(a, sets[0] & 1U << 1 ? BR_FW_YES : BR_FW_NO);
}

static void limit(struct at *a)
{
	eat(a, "rate");
	/* What comes when there was more of it before is not the first packet. */
	if (eat(a, "over"))
		also(a, BR_FW_NO);
	a->i++;
	if (strstr(now(a), "bytes/"))
		a->i++;
	if (eat(a, "burst"))
		a->i += 2;
}

static void log_words(struct at *a)
{
	static const char *const options[] = {"prefix", "level", "group", "flags", "snaplen", "queue-threshold"};
	bool more = true;

	while (more && a->i < a->n) {
		more = false;
		for (size_t k = 0; k < BR_ARRAY_SIZE(options); k++)
			if (eat(a, options[k])) {
				do
					a->i++;
				while (eat(a, ","));
				more = true;
			}
	}
}

/* A key that says nothing about this packet. */
static void other(struct at *a)
{
	a->i++;
	value(a, is_unknown);
}

static void count(struct at *a)
{
	also(a, eat(a, "over") ? BR_FW_NO : BR_FW_YES);
	a->i++;
}

static void conntrack(struct at *a)
{
	if (eat(a, "state"))
		value(a, is_new);
	else if (eat(a, "count"))
		count(a);
	else if (eat(a, "direction"))
		value(a, is_original);
	else
		other(a);
}

static void fib(struct at *a)
{
	bool known = eat(a, "daddr");

	while (a->i < a->n && strcmp(now(a), "type") != 0 && strcmp(now(a), "oif") != 0 && strcmp(now(a), "oifname") != 0) {
		known = false;
		a->i++;
	}
	if (eat(a, "type")) {
		value(a, known ? is_local : is_unknown);
	} else {
		a->i++;
		/* Is there a way back to the sender? */
		if (eat(a, "missing"))
			also(a, BR_FW_NO);
		else if (!eat(a, "exists"))
			value(a, is_unknown);
	}
}

static void meta(struct at *a)
{
	static const struct {
		const char *key;
		is_fn is;
	} keys[] = {{"iif", is_interface}, {"iifname", is_interface}, {"l4proto", is_tcp},  {"nfproto", is_ipv4},
	            {"protocol", is_ipv4}, {"pkttype", is_host},      {"nftrace", is_unknown}};
	is_fn is = is_unknown;

	for (size_t k = 0; k < BR_ARRAY_SIZE(keys); k++)
		if (strcmp(keys[k].key, now(a)) == 0)
			is = keys[k].is;
	a->i++;
	value(a, is);
}

static void ip(struct at *a)
{
	const char *key = now(a);

	a->i++;
	value(a, strcmp(key, "protocol") == 0 ? is_tcp :
	         strcmp(key, "saddr") == 0 || strcmp(key, "daddr") == 0 ? br_fw_address : is_unknown);
}

static void tcp(struct at *a)
{
	if (eat(a, "dport"))
		value(a, is_port);
	else if (eat(a, "flags"))
		flags(a);
	else
		other(a);
}

static void dynamic(struct at *a)
{
	br_autostrv struct br_strv words = {0};

	a->i++; /* @set */
	if (!eat(a, "{"))
		return;
	braces(a, &words);
	if (br_strv_has(&words, "over"))
		also(a, BR_FW_NO);
}

static void counter(struct at *a)
{
	if (eat(a, "packets"))
		a->i += 3;
	else if (eat(a, "name"))
		a->i++;
}

static bool is_one_of(const char *word, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(list[i], word) == 0)
			return true;
	return false;
}

static void part(struct at *a)
{
	static const char *const others[] = {"ip6", "icmp", "icmpv6", "udp", "udplite", "sctp", "dccp", "esp", "ah", "comp", "igmp", "arp"};
	static const char *const metas[] = {"iif", "iifname", "iifgroup", "oif", "oifname", "pkttype", "mark", "skuid", "skgid", "l4proto"};
	enum br_fw_action action;

	if (verdict_of(now(a), &action)) {
		a->i++;
		end_with(a, action, now(a));
	} else if (is_one_of(now(a), others, BR_ARRAY_SIZE(others))) {
		also(a, BR_FW_NO);
		a->ended = true;
	} else if (is_one_of(now(a), metas, BR_ARRAY_SIZE(metas))) {
		meta(a);
	} else if (eat(a, "meta")) {
		meta(a);
	} else if (eat(a, "ct")) {
		conntrack(a);
	} else if (eat(a, "ip")) {
		ip(a);
	} else if (eat(a, "tcp") || eat(a, "th")) {
		tcp(a);
	} else if (eat(a, "fib")) {
		fib(a);
	} else if (eat(a, "limit")) {
		limit(a);
	} else if (eat(a, "log")) {
		log_words(a);
	} else if (eat(a, "counter")) {
		counter(a);
	} else if (eat(a, "comment")) {
		a->i++;
	} else if (eat(a, "add") || eat(a, "update")) {
		dynamic(a);
	} else if (!eat(a, "notrack")) {
		also(a, BR_FW_MAYBE);
		a->i++;
	}
}

int br_nft_rule(const struct br_nft_word *v, size_t n, const char *prefix, const struct br_nft_sets *sets,
                struct br_fw_rule *rule)
{
	struct at a = {.v = v, .n = n, .prefix = prefix, .sets = sets, .rule = rule};

	rule->match = BR_FW_YES;
	rule->action = BR_FW_CONTINUE;
	while (a.i < a.n && !a.ended && rule->match != BR_FW_NO)
		part(&a);
	return a.oom ? -ENOMEM : 0;
}
