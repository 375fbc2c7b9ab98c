/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One rule of nft's language, held against the packet word by word; what is not known leaves both ways open. */
#include <errno.h>

#include "image/firewall-nft.h"

/* Of the packet. */
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

static void limit(struct br_nft_at *a)
{
	br_nft_eat(a, "rate");
	/* What comes when there was more of it before is not the first packet. */
	if (br_nft_eat(a, "over"))
		br_nft_also(a, BR_FW_NO);
	a->i++;
	if (strstr(br_nft_now(a), "bytes/"))
		a->i++;
	if (br_nft_eat(a, "burst"))
		a->i += 2;
}

static void log_words(struct br_nft_at *a)
{
	static const char *const options[] = {"prefix", "level", "group", "flags", "snaplen", "queue-threshold"};
	bool more = true;

	while (more && a->i < a->n) {
		more = false;
		for (size_t k = 0; k < BR_ARRAY_SIZE(options); k++)
			if (br_nft_eat(a, options[k])) {
				do
					a->i++;
				while (br_nft_eat(a, ","));
				more = true;
			}
	}
}

/* A key that says nothing about this packet. */
static void other(struct br_nft_at *a)
{
	a->i++;
	br_nft_value(a, br_nft_is_unknown);
}

static void count(struct br_nft_at *a)
{
	br_nft_also(a, br_nft_eat(a, "over") ? BR_FW_NO : BR_FW_YES);
	a->i++;
}

static void conntrack(struct br_nft_at *a)
{
	if (br_nft_eat(a, "state"))
		br_nft_value(a, is_new);
	else if (br_nft_eat(a, "count"))
		count(a);
	else if (br_nft_eat(a, "direction"))
		br_nft_value(a, is_original);
	else
		other(a);
}

static void fib(struct br_nft_at *a)
{
	bool known = br_nft_eat(a, "daddr");

	while (a->i < a->n && strcmp(br_nft_now(a), "type") != 0 && strcmp(br_nft_now(a), "oif") != 0 && strcmp(br_nft_now(a), "oifname") != 0) {
		known = false;
		a->i++;
	}
	if (br_nft_eat(a, "type")) {
		br_nft_value(a, known ? is_local : br_nft_is_unknown);
	} else {
		a->i++;
		/* Is there a way back to the sender? */
		if (br_nft_eat(a, "missing"))
			br_nft_also(a, BR_FW_NO);
		else if (!br_nft_eat(a, "exists"))
			br_nft_value(a, br_nft_is_unknown);
	}
}

static void meta(struct br_nft_at *a)
{
	static const struct {
		const char *key;
		br_nft_is is;
	} keys[] = {{"iif", is_interface}, {"iifname", is_interface}, {"l4proto", is_tcp},  {"nfproto", is_ipv4},
	            {"protocol", is_ipv4}, {"pkttype", is_host},      {"nftrace", br_nft_is_unknown}};
	br_nft_is is = br_nft_is_unknown;

	for (size_t k = 0; k < BR_ARRAY_SIZE(keys); k++)
		if (strcmp(keys[k].key, br_nft_now(a)) == 0)
			is = keys[k].is;
	a->i++;
	br_nft_value(a, is);
}

static void ip(struct br_nft_at *a)
{
	const char *key = br_nft_now(a);

	a->i++;
	br_nft_value(a, strcmp(key, "protocol") == 0 ? is_tcp :
	         strcmp(key, "saddr") == 0 || strcmp(key, "daddr") == 0 ? br_fw_address : br_nft_is_unknown);
}

static void tcp(struct br_nft_at *a)
{
	if (br_nft_eat(a, "dport"))
		br_nft_value(a, br_nft_is_port);
	else if (br_nft_eat(a, "flags"))
		br_nft_flags(a);
	else
		other(a);
}

static void dynamic(struct br_nft_at *a)
{
	br_autostrv struct br_strv words = {0};

	a->i++; /* @set */
	if (!br_nft_eat(a, "{"))
		return;
	br_nft_braces(a, &words);
	if (br_strv_has(&words, "over"))
		br_nft_also(a, BR_FW_NO);
}

static void counter(struct br_nft_at *a)
{
	if (br_nft_eat(a, "packets"))
		a->i += 3;
	else if (br_nft_eat(a, "name"))
		a->i++;
}

static bool is_one_of(const char *word, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(list[i], word) == 0)
			return true;
	return false;
}

static void part(struct br_nft_at *a)
{
	static const char *const others[] = {"ip6", "icmp", "icmpv6", "udp", "udplite", "sctp", "dccp", "esp", "ah", "comp", "igmp", "arp"};
	static const char *const metas[] = {"iif", "iifname", "iifgroup", "oif", "oifname", "pkttype", "mark", "skuid", "skgid", "l4proto"};
	enum br_fw_action action;

	if (br_nft_verdict(br_nft_now(a), &action)) {
		a->i++;
		br_nft_end(a, action, br_nft_now(a));
	} else if (is_one_of(br_nft_now(a), others, BR_ARRAY_SIZE(others))) {
		br_nft_also(a, BR_FW_NO);
		a->ended = true;
	} else if (is_one_of(br_nft_now(a), metas, BR_ARRAY_SIZE(metas))) {
		meta(a);
	} else if (br_nft_eat(a, "meta")) {
		meta(a);
	} else if (br_nft_eat(a, "ct")) {
		conntrack(a);
	} else if (br_nft_eat(a, "ip")) {
		ip(a);
	} else if (br_nft_eat(a, "tcp") || br_nft_eat(a, "th")) {
		tcp(a);
	} else if (br_nft_eat(a, "fib")) {
		fib(a);
	} else if (br_nft_eat(a, "limit")) {
		limit(a);
	} else if (br_nft_eat(a, "log")) {
		log_words(a);
	} else if (br_nft_eat(a, "counter")) {
		counter(a);
	} else if (br_nft_eat(a, "comment")) {
		a->i++;
	} else if (br_nft_eat(a, "add") || br_nft_eat(a, "update")) {
		dynamic(a);
	} else if (!br_nft_eat(a, "notrack")) {
		br_nft_also(a, BR_FW_MAYBE);
		a->i++;
	}
}

int br_nft_rule(const struct br_nft_word *v, size_t n, const char *prefix, const struct br_nft_sets *sets,
                struct br_fw_rule *rule)
{
	struct br_nft_at a = {.v = v, .n = n, .prefix = prefix, .sets = sets, .rule = rule};

	rule->match = BR_FW_YES;
	rule->action = BR_FW_CONTINUE;
	while (a.i < a.n && !a.ended && rule->match != BR_FW_NO)
		part(&a);
	return a.oom ? -ENOMEM : 0;
}
