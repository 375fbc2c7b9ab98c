/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* nft's base chains: where packets come to them, and in which order. */
#include "base/num.h"
#include "image/firewall-nft.h"

static int priority(const struct br_nft_words *w, size_t at)
{
	static const struct {
		const char *name;
		int is;
	} names[] = {{"raw", -300}, {"mangle", -150}, {"dstnat", -100}, {"filter", 0}, {"security", 50}, {"srcnat", 100}};
	int base = 0;

	for (; at < w->n && w->v[at].s[0] != ';'; at++) {
		const char *s = w->v[at].s;
		bool minus = s[0] == '-';
		uint64_t number;

		for (size_t k = 0; k < BR_ARRAY_SIZE(names); k++)
			if (strcmp(names[k].name, s) == 0)
				base = names[k].is;
		if (minus && !s[1] && at + 1 < w->n)
			s = w->v[++at].s;
		else if (minus)
			s++;
		if (br_parse_uint(s, strlen(s), 10, 0, 100000, &number) == 0)
			base += minus ? -(int)number : (int)number;
	}
	return base;
}

/* type filter hook input priority 0 */
void br_nft_base(struct br_fw_chain *c, const struct br_nft_words *w, bool counts)
{
	const char *type = "", *hook = "";
	size_t at = 0;

	for (size_t i = 0; i + 1 < w->n; i++) {
		if (strcmp(w->v[i].s, "type") == 0)
			type = w->v[i + 1].s;
		if (strcmp(w->v[i].s, "hook") == 0)
			hook = w->v[i + 1].s;
		if (strcmp(w->v[i].s, "priority") == 0)
			at = i + 1;
	}
	c->base = counts && strcmp(type, "nat") != 0 &&
	          (strcmp(hook, "input") == 0 || strcmp(hook, "prerouting") == 0 || strcmp(hook, "ingress") == 0);
	c->unsure = strcmp(hook, "ingress") == 0; /* of one device */
	c->priority = at ? priority(w, at) : 0;
	if (strcmp(hook, "input") == 0)
		c->priority += 1000000;
	else if (strcmp(hook, "ingress") == 0)
		c->priority -= 1000000;
}
