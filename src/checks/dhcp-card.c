/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The names and drivers that the target's network card may have, and whether a profile fits it. */
#include <fnmatch.h>
#include <string.h>

#include "base/num.h"
#include "checks/dhcp.h"

/* Where a profile says nothing: what KVM, Xen and their like give a card on PCI. */
#define NAMES_ANY "eth0 enX0 ens1..31 enp0s1..31 enp1..9s0"

void br_dhcp_card_free(struct br_dhcp_card *card)
{
	br_strv_free(&card->names);
	br_strv_free(&card->drivers);
	*card = (struct br_dhcp_card){0};
}

/* "ens1..31": each of the numbers. */
static void add_range(struct br_strv *to, const char *word)
{
	const char *dots = strstr(word, ".."), *first = dots;
	size_t behind;
	uint64_t from, end;

	while (first && first > word && strchr("0123456789", first[-1]))
		first--;
	behind = dots ? strspn(dots + 2, "0123456789") : 0;
	if (!dots || br_parse_uint(first, (size_t)(dots - first), 10, 0, 255, &from) < 0 ||
	    br_parse_uint(dots + 2, behind, 10, 0, 255, &end) < 0) {
		br_strv_add(to, word);
		return;
	}
	for (; from <= end; from++) {
		br_autofree char *name =
			br_format("%.*s%u%s", (int)(first - word), word, (unsigned)from, dots + 2 + behind);

		if (!name)
			to->oom = true;
		else
			br_strv_add(to, name);
	}
}

static void add_predictable(const struct br_image *img, struct br_strv *to)
{
	const char *list = br_profile_get(img->profile, "Dhcp", "interfaces");
	br_autostrv struct br_strv words = {0};

	br_strv_split(&words, list ? list : NAMES_ANY, " ");
	for (size_t i = 0; i < words.n; i++)
		add_range(to, words.v[i]);
}

/* net.ifnames=0 on the command line of every entry that boots; *unknown: no entry is known. */
static bool names_off(const struct br_image *img, bool *unknown)
{
	bool off = true, any = false;

	for (size_t i = 0; i < img->n_chains; i++) {
		br_autofree char *v = NULL;

		if (!img->chains[i].offered || !img->chains[i].entry || !img->chains[i].cmdline)
			continue;
		any = true;
		v = br_cmdline_get(img->chains[i].cmdline, "net.ifnames");
		off &= br_streq(v, "0");
	}
	*unknown = !any;
	return any && off;
}

/* udev's old generator keeps eth0 for the card that had it, and gives the next number to a new one. */
static void add_kernel_name(const struct br_network *n, struct br_strv *to)
{
	for (unsigned i = 0; i <= n->n_rules; i++) {
		br_autofree char *name = br_format("eth%u", i);
		bool used = false;

		for (size_t j = 0; name && n->rules_generator && j < n->n_rules; j++)
			used |= strcmp(n->rules[j].name, name) == 0;
		if (name && used)
			continue;
		if (name && !br_strv_has(to, name))
			br_strv_add(to, name);
		return;
	}
}

/* The names that .link files give; the first file that fits decides. */
static void add_linked(const struct br_image *img, const struct br_strv *drivers, bool off, struct br_strv *to)
{
	const struct br_network *n = &img->network;
	struct br_dhcp_card kernel = {.drivers = *drivers};

	add_kernel_name(n, &kernel.names);
	for (size_t i = 0; i < n->n_links; i++) {
		const struct br_net_link *l = &n->links[i];
		enum br_fit fit = br_dhcp_fit(&kernel, &l->match);

		if (fit == BR_FIT_NO)
			continue;
		if (l->policy && !off)
			add_predictable(img, to);
		else if (l->name)
			br_strv_add(to, l->name);
		else
			add_kernel_name(n, to);
		if (fit == BR_FIT_YES) {
			br_strv_free(&kernel.names);
			return;
		}
	}
	add_kernel_name(n, to);
	br_strv_free(&kernel.names);
}

void br_dhcp_card(const struct br_image *img, struct br_dhcp_card *ret)
{
	const struct br_network *n = &img->network;
	const char *drivers = br_profile_get(img->profile, "Dhcp", "drivers");
	bool unknown, off = names_off(img, &unknown);

	*ret = (struct br_dhcp_card){0};
	if (drivers)
		br_strv_split(&ret->drivers, drivers, " ");
	if (n->link_files)
		add_linked(img, &ret->drivers, off, &ret->names);
	else if (n->name_slot && !off)
		add_predictable(img, &ret->names);
	else
		add_kernel_name(n, &ret->names);
	if (unknown && (n->link_files || n->name_slot))
		add_kernel_name(n, &ret->names);
	ret->classic = ret->names.n == 1;
}

/* One word against the globs: any that fits, and none behind "!"; those alone take all that they do not name. */
static bool takes(const struct br_strv *globs, const char *word)
{
	bool positive = false, fits = false;

	for (size_t i = 0; i < globs->n; i++) {
		bool not = globs->v[i][0] == '!', match = fnmatch(globs->v[i] + not, word, 0) == 0;

		if (match && not)
			return false;
		positive |= !not;
		fits |= match;
	}
	return fits || !positive;
}

/* Of the possible words, how many does the list of globs take? */
static enum br_fit fit_list(const struct br_strv *globs, const struct br_strv *words)
{
	size_t fits = 0;

	if (!globs->n)
		return BR_FIT_YES;
	if (!words->n)
		return BR_FIT_MAYBE;
	for (size_t i = 0; i < words->n; i++)
		fits += takes(globs, words->v[i]);
	return fits == words->n ? BR_FIT_YES : fits ? BR_FIT_MAYBE : BR_FIT_NO;
}

enum br_fit br_dhcp_fit_but_mac(const struct br_dhcp_card *card, const struct br_net_match *m)
{
	enum br_fit names = fit_list(&m->names, &card->names), drivers = fit_list(&m->drivers, &card->drivers);
	enum br_fit least = names < drivers ? names : drivers;

	if (m->never || !takes(&m->types, "ether"))
		return BR_FIT_NO;
	return m->odd && least == BR_FIT_YES ? BR_FIT_MAYBE : least;
}

enum br_fit br_dhcp_fit(const struct br_dhcp_card *card, const struct br_net_match *m)
{
	return m->mac ? BR_FIT_NO : br_dhcp_fit_but_mac(card, m);
}
