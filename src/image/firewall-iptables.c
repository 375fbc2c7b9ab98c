/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rules as iptables-save writes them. */
#include <errno.h>
#include <string.h>

#include "base/num.h"
#include "image/firewall-internal.h"

struct reading {
	struct br_fw *fw;
	size_t file;
	unsigned line;
	char table[16];
};

/* The order in which a packet for this machine comes to them. */
static int priority_of(const char *table, const char *chain)
{
	static const struct {
		const char *table, *chain;
	} order[] = {{"raw", "PREROUTING"}, {"mangle", "PREROUTING"}, {"mangle", "INPUT"}, {"filter", "INPUT"}, {"security", "INPUT"}};

	for (size_t i = 0; i < BR_ARRAY_SIZE(order); i++)
		if (strcmp(order[i].table, table) == 0 && strcmp(order[i].chain, chain) == 0)
			return (int)i + 1;
	return 0;
}

static int chain_of(struct reading *r, const char *name, size_t *ret)
{
	br_autofree char *key = br_format("%s/%s", r->table, name);
	int e = key ? br_fw_chain(r->fw, key, ret) : -ENOMEM;

	if (e == 0 && priority_of(r->table, name)) {
		r->fw->chains[*ret].base = true;
		r->fw->chains[*ret].priority = priority_of(r->table, name);
	}
	return e;
}

/* Words by blanks; "..." and '...' are one. */
static int split(const char *line, struct br_strv *words)
{
	while (*line) {
		struct br_str word = {0};
		br_autofree char *text = NULL;
		char quote = 0;

		line += strspn(line, " \t");
		if (!*line)
			break;
		br_str_puts(&word, "");
		for (; *line && (quote || (*line != ' ' && *line != '\t')); line++) {
			if (quote && *line == '\\' && line[1])
				br_str_putc(&word, *++line);
			else if (*line == quote)
				quote = 0;
			else if (!quote && (*line == '"' || *line == '\''))
				quote = *line;
			else
				br_str_putc(&word, *line);
		}
		text = br_str_take(&word);
		if (text)
			br_strv_add(words, text);
		else
			br_strv_add(words, "");
	}
	return words->oom ? -ENOMEM : 0;
}

static enum br_fw_match in_list(const char *list, enum br_fw_match (*is)(const char *word))
{
	br_autostrv struct br_strv words = {0};
	enum br_fw_match best = BR_FW_NO;

	br_strv_split(&words, list, ",");
	for (size_t i = 0; i < words.n; i++) {
		enum br_fw_match m = is(words.v[i]);

		best = m > best ? m : best;
	}
	return best;
}

static enum br_fw_match is_port(const char *word)
{
	return br_fw_port(word, ':');
}

/* A client's own port: all of those that systems choose from. */
static enum br_fw_match is_any_source(const char *word)
{
	char *end;
	unsigned long low = strtoul(word, &end, 10);

	return low <= 1024 && strcmp(end, ":65535") == 0 ? BR_FW_YES : BR_FW_MAYBE;
}

static enum br_fw_match is_new(const char *word)
{
	return strcasecmp(word, "NEW") == 0 ? BR_FW_YES : BR_FW_NO;
}

static enum br_fw_match is_tcp(const char *word)
{
	return strcasecmp(word, "tcp") == 0 || strcmp(word, "6") == 0 || strcmp(word, "all") == 0 || strcmp(word, "0") == 0 ?
	               BR_FW_YES :
	               BR_FW_NO;
}

static enum br_fw_match is_interface(const char *word)
{
	return strcmp(word, "lo") == 0 ? BR_FW_NO : strcmp(word, "+") == 0 ? BR_FW_YES : BR_FW_MAYBE;
}

static enum br_fw_match is_here(const char *word)
{
	return strcasecmp(word, "LOCAL") == 0 || strcasecmp(word, "UNICAST") == 0 ? BR_FW_YES : BR_FW_NO;
}

static enum br_fw_match is_host(const char *word)
{
	return strcmp(word, "unicast") == 0 || strcmp(word, "host") == 0 ? BR_FW_YES : BR_FW_NO;
}

/* "FIN,SYN,RST,ACK SYN": of these, just that one is set. The packet has SYN alone. */
static enum br_fw_match flags(const char *mask, const char *set)
{
	bool asked = strcmp(mask, "ALL") == 0 || strstr(mask, "SYN");

	return strcmp(set, asked ? "SYN" : "NONE") == 0 ? BR_FW_YES : BR_FW_NO;
}

/* Options with one argument that can be held against the packet. */
static const struct {
	const char *name, *other;
	enum br_fw_match (*is)(const char *word);
} options[] = {
	{"-p", "--protocol", is_tcp},       {"-i", "--in-interface", is_interface},
	{"-s", "--source", br_fw_address},  {"-d", "--destination", br_fw_address},
	{"--dport", "--destination-port", is_port}, {"--dports", "--destination-ports", is_port},
	{"--ports", "--port", is_port},     {"--sport", "--source-port", is_any_source}, {"--ctstate", "--state", is_new},
	{"--dst-type", NULL, is_here},      {"--pkt-type", NULL, is_host},
};

/* They say nothing of the packet, or are true of the first one of a connection. */
static bool is_harmless(const char *o)
{
	static const char *const names[] = {"--comment", "--limit", "--limit-burst", "--set", "--name", "--rsource", "--rdest", "--mask",
	                                    "--seconds", "--hitcount", "--hashlimit-upto", "--hashlimit", "--hashlimit-burst",
	                                    "--hashlimit-mode", "--hashlimit-name", "--hashlimit-htable-expire",
	                                    "--hashlimit-srcmask", "--hashlimit-htable-size", "--hashlimit-htable-max",
	                                    "--hashlimit-htable-gcinterval", "--connlimit-upto", "--connlimit-mask", "--connlimit-saddr", "--loose", "--validmark", "-m", "--match"};

	for (size_t i = 0; i < BR_ARRAY_SIZE(names); i++)
		if (strcmp(o, names[i]) == 0)
			return true;
	return false;
}

/* True of a connection only when others were before it; "--invert": of a sender to whom no way leads back. */
static bool is_later(const char *o)
{
	static const char *const names[] = {"--update", "--rcheck", "--connlimit-above", "--hashlimit-above", "--invert"};

	for (size_t i = 0; i < BR_ARRAY_SIZE(names); i++)
		if (strcmp(o, names[i]) == 0)
			return true;
	return false;
}

/* Is what follows the option its argument, whatever it looks like? A comment may begin with "-". */
static bool takes_word(const char *o)
{
	static const char *const alone[] = {"--set", "--rsource", "--rdest", "--connlimit-saddr", "--loose", "--validmark"};

	for (size_t i = 0; i < BR_ARRAY_SIZE(alone); i++)
		if (strcmp(o, alone[i]) == 0)
			return false;
	return is_harmless(o);
}

static bool is_option(const char *word)
{
	return (word[0] == '-' && word[1]) || strcmp(word, "!") == 0;
}

/* One option at words[*at]; *at is left behind its arguments. */
static enum br_fw_match option(const struct br_strv *words, size_t *at, bool negated)
{
	const char *o = words->v[(*at)++], *first = *at < words->n ? words->v[*at] : "";
	enum br_fw_match m = BR_FW_MAYBE;

	if (strcmp(first, "!") == 0 && *at + 1 < words->n) { /* older: "--dport ! 22" */
		negated = true;
		first = words->v[++*at];
	}
	if (is_later(o))
		m = BR_FW_NO;
	else if (is_harmless(o))
		m = BR_FW_YES;
	else if (strcmp(o, "--syn") == 0)
		m = BR_FW_YES;
	else if (strcmp(o, "--tcp-flags") == 0 && *at + 1 < words->n)
		m = flags(first, words->v[*at + 1]);
	for (size_t i = 0; i < BR_ARRAY_SIZE(options); i++)
		if (strcmp(o, options[i].name) == 0 || br_streq(o, options[i].other))
			m = in_list(first, options[i].is);
	if (takes_word(o) && *at < words->n)
		(*at)++;
	while (*at < words->n && !is_option(words->v[*at]))
		(*at)++;
	return negated ? br_fw_not(m) : m;
}

static enum br_fw_action target(const char *name)
{
	static const struct {
		const char *name;
		enum br_fw_action action;
	} targets[] = {{"ACCEPT", BR_FW_ACCEPT}, {"DROP", BR_FW_DROP},    {"REJECT", BR_FW_DROP},    {"TARPIT", BR_FW_DROP},
	               {"RETURN", BR_FW_RETURN}, {"QUEUE", BR_FW_EITHER}, {"NFQUEUE", BR_FW_EITHER}, {"LOG", BR_FW_CONTINUE},
	               {"NFLOG", BR_FW_CONTINUE}, {"ULOG", BR_FW_CONTINUE}, {"AUDIT", BR_FW_CONTINUE}, {"MARK", BR_FW_CONTINUE},
	               {"CONNMARK", BR_FW_CONTINUE}, {"CT", BR_FW_CONTINUE}, {"TRACE", BR_FW_CONTINUE}, {"SET", BR_FW_CONTINUE},
	               {"TCPMSS", BR_FW_CONTINUE}, {"NOTRACK", BR_FW_CONTINUE}};

	for (size_t i = 0; i < BR_ARRAY_SIZE(targets); i++)
		if (strcmp(targets[i].name, name) == 0)
			return targets[i].action;
	return BR_FW_JUMP;
}

static int add_rule(struct reading *r, const struct br_strv *words, size_t at, bool insert)
{
	struct br_fw_rule rule = {.match = BR_FW_YES, .file = r->file, .line = r->line};
	br_autofree char *key = NULL;
	uint64_t place = 1;
	size_t chain;
	int e = chain_of(r, words->v[at++], &chain);

	if (e < 0)
		return e;
	if (insert && at < words->n && br_parse_uint(words->v[at], strlen(words->v[at]), 10, 1, 1000000, &place) == 0)
		at++;
	while (at < words->n) {
		const char *o = words->v[at];
		bool negated = strcmp(o, "!") == 0, jump;
		enum br_fw_match m;

		if (negated && ++at >= words->n)
			break;
		o = words->v[at];
		jump = strcmp(o, "-j") == 0 || strcmp(o, "--jump") == 0;
		if ((jump || strcmp(o, "-g") == 0 || strcmp(o, "--goto") == 0) && at + 1 < words->n) {
			rule.action = target(words->v[at + 1]);
			if (rule.action == BR_FW_JUMP && !jump)
				rule.action = BR_FW_GOTO;
			key = br_format("%s/%s", r->table, words->v[at + 1]);
			rule.target = key;
			break; /* what follows are the target's own options */
		}
		m = option(words, &at, negated);
		rule.match = m < rule.match ? m : rule.match;
	}
	return br_fw_add(r->fw, chain, insert ? (size_t)place - 1 : BR_FW_END, &rule);
}

static int set_policy(struct reading *r, const char *name, const char *policy)
{
	size_t chain;
	int e = chain_of(r, name, &chain);

	if (e == 0 && strcmp(policy, "-") != 0) {
		r->fw->chains[chain].policy = strcmp(policy, "DROP") == 0 ? BR_FW_DROP : BR_FW_ACCEPT;
		r->fw->chains[chain].policy_file = r->file;
		r->fw->chains[chain].policy_line = r->line;
	}
	return e;
}

static int take(struct reading *r, char *line)
{
	br_autostrv struct br_strv words = {0};
	size_t at = 0;
	int e;

	line += strspn(line, " \t");
	if (!*line || *line == '#')
		return 0;
	if (*line == '*') {
		snprintf(r->table, sizeof(r->table), "%.*s", (int)strcspn(line + 1, " \t\r"), line + 1);
		return 0;
	}
	e = split(line, &words);
	if (e < 0)
		return e;
	if (words.n && words.v[0][0] == '[') /* counters */
		at++;
	if (at < words.n && strcmp(words.v[at], "-4") == 0)
		at++;
	if (at + 1 >= words.n)
		return 0;
	if (words.v[at][0] == ':')
		return set_policy(r, words.v[at] + 1, words.v[at + 1]);
	if (strcmp(words.v[at], "-P") == 0 && at + 2 < words.n)
		return set_policy(r, words.v[at + 1], words.v[at + 2]);
	if (strcmp(words.v[at], "-A") == 0 || strcmp(words.v[at], "--append") == 0)
		return add_rule(r, &words, at + 1, false);
	if (strcmp(words.v[at], "-I") == 0 || strcmp(words.v[at], "--insert") == 0)
		return add_rule(r, &words, at + 1, true);
	return 0;
}

int br_iptables_parse(const char *path, const char *buf, size_t len, struct br_fw *fw)
{
	struct reading r = {.fw = fw, .table = "filter"};
	int e = memchr(buf, '\0', len) ? -EBADMSG : br_fw_file(fw, path, &r.file);

	for (const char *at = buf, *end = buf + len; e == 0 && at < end;) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		br_autofree char *line = strndup(at, stop ? (size_t)(stop - at) : (size_t)(end - at));

		if (!line)
			return -ENOMEM;
		line[strcspn(line, "\r")] = '\0';
		r.line++;
		at = stop ? stop + 1 : end;
		e = take(&r, line);
	}
	return e;
}
