/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Does cloud-init run, and does it look where the target has its data? As its generator and ds-identify decide. */
#include <errno.h>

#include "image/chain.h"
#include "image/cloudinit.h"

#define CLOUD_CFG_PLACE offsetof(struct br_cloudcfg, datasource_list)

/* Is one of the target's sources among the words? */
static bool lists(const struct br_strv *words, const char *sources)
{
	br_autostrv struct br_strv wanted = {0};

	br_strv_split(&wanted, sources, " ");
	for (size_t i = 0; i < wanted.n; i++)
		if (br_strv_has(words, wanted.v[i]))
			return true;
	return false;
}

static void answer(struct br_cloud_answer *a, enum br_cloud_search search, const char *what, const char *path,
                   unsigned line)
{
	*a = (struct br_cloud_answer){.search = search, .what = what, .path = path, .line = line};
}

/* The configuration's list, or cloud-init's own, which has every source. */
static void by_config(const struct br_cloudinit *ci, const char *sources, struct br_cloud_answer *a)
{
	const struct br_cloud *c = &ci->config;
	const char *path = NULL;
	const struct br_cloud_list *l = br_cloud_list(c, CLOUD_CFG_PLACE, &path);

	if (c->unread)
		answer(a, BR_CLOUD_UNTOLD, c->unread, c->unread_path, c->unread_line);
	else if (!l)
		answer(a, BR_CLOUD_LOOKS, NULL, NULL, 0);
	else
		answer(a, lists(&l->items, sources) ? BR_CLOUD_LOOKS : BR_CLOUD_EXCLUDED, "datasource_list", path, l->line);
}

/* What a policy says; what it does not say the default has the say of. */
struct policy {
	bool enabled, disabled, search, report;
	bool off_when_not_found;
};

static struct policy parse_policy(const char *text, const char *arch)
{
	/* Of machines with DMI only x86 ones are asked for it. */
	struct policy p = {.search = true, .off_when_not_found = !arch || br_streq(arch, "x86_64") || br_streq(arch, "i686")};
	br_autostrv struct br_strv words = {0};

	br_strv_split(&words, text ? text : "", ",");
	for (size_t i = 0; i < words.n; i++) {
		const char *w = words.v[i];

		if (strcmp(w, "notfound=enabled") == 0 || strcmp(w, "notfound=disabled") == 0)
			p.off_when_not_found = strcmp(w, "notfound=disabled") == 0;
		if (strcmp(w, "enabled") != 0 && strcmp(w, "disabled") != 0 && strcmp(w, "search") != 0 && strcmp(w, "report") != 0)
			continue;
		p.enabled = strcmp(w, "enabled") == 0;
		p.disabled = strcmp(w, "disabled") == 0;
		p.search = strcmp(w, "search") == 0;
		p.report = strcmp(w, "report") == 0;
	}
	return p;
}

/* Several sources in the list: those that are found on the machine stay, the target's if it is there. */
static void by_finding(const struct br_cloudinit *ci, const struct br_strv *words, const struct policy *p,
                       const char *sources, struct br_cloud_answer *a)
{
	const struct br_cloud_word *l = ci->by_lines.text && *ci->by_lines.text ? &ci->by_lines : NULL;
	const char *what = l ? "datasource_list" : "the list of ds-identify itself", *path = l ? l->path : ci->identify;

	if (!words->n || lists(words, sources))
		answer(a, BR_CLOUD_LOOKS, what, path, l ? l->line : 0);
	else if (!p->off_when_not_found)
		by_config(ci, sources, a);
	else {
		answer(a, BR_CLOUD_EXCLUDED, what, path, l ? l->line : 0);
		a->stays_off = true;
	}
}

static void by_identify(const struct br_cloudinit *ci, const char *cmdline, const char *arch, const char *sources,
                        struct br_cloud_answer *a)
{
	br_autofree char *given = br_cmdline_get(cmdline, "ci.di.policy"), *source = br_cmdline_get(cmdline, "ci.ds");
	struct policy p = parse_policy(given ? given : ci->policy.text, arch);
	br_autostrv struct br_strv words = {0};

	if (!source)
		source = br_cmdline_get(cmdline, "ci.datasource");
	if (ci->identify_err && !given) {
		answer(a, BR_CLOUD_UNTOLD, "the file could not be read", "/etc/cloud/ds-identify.cfg", 0);
		return;
	}
	if (p.disabled) {
		answer(a, BR_CLOUD_OFF, "policy: disabled", given ? NULL : ci->policy.path, given ? 0 : ci->policy.line);
		a->from_cmdline = given;
		return;
	}
	if (!p.search || ci->manual_clean) {
		by_config(ci, sources, a);
		return;
	}
	if (source ? *source : ci->source.text && *ci->source.text) {
		br_strv_split(&words, source ? source : ci->source.text, " ,");
		answer(a, lists(&words, sources) ? BR_CLOUD_LOOKS : BR_CLOUD_EXCLUDED, source ? "ci.ds" : "datasource",
		       source ? NULL : ci->source.path, source ? 0 : ci->source.line);
		a->from_cmdline = source;
		return;
	}
	if (ci->by_lines.text)
		br_strv_split(&words, ci->by_lines.text, " ");
	/* A bracket that was not taken off makes what it writes no YAML: cloud-init passes over that. */
	if (words.n && words.n <= 2 && words.v[0][0] == '[' && (words.n == 1 || strcmp(words.v[1], "None") == 0))
		by_config(ci, sources, a);
	else if (words.n == 1 || (words.n == 2 && strcmp(words.v[1], "None") == 0))
		answer(a, lists(&words, sources) ? BR_CLOUD_LOOKS : BR_CLOUD_EXCLUDED, "datasource_list", ci->by_lines.path,
		       ci->by_lines.line);
	else
		by_finding(ci, words.n ? &words : &ci->builtin, &p, sources, a);
}

void br_cloudinit_search(const struct br_cloudinit *ci, const char *cmdline, const char *arch, const char *sources,
                         struct br_cloud_answer *ret)
{
	br_autofree char *word = br_cmdline_get(cmdline, "cloud-init");
	bool on = br_streq(word, "enabled");

	if (br_streq(word, "disabled")) {
		answer(ret, BR_CLOUD_OFF, "cloud-init=disabled", NULL, 0);
		ret->from_cmdline = true;
	} else if (ci->disabled_file && !(ci->generator && (on || ci->enabled_file))) {
		answer(ret, BR_CLOUD_OFF, "the file is there", "/etc/cloud/cloud-init.disabled", 0);
	} else if (ci->generator && ci->identify && strstr(cmdline, "cc:") && strstr(cmdline, "datasource_list")) {
		answer(ret, BR_CLOUD_UNTOLD, "the command line has configuration of its own (cc:)", NULL, 0);
		ret->from_cmdline = true;
	} else if (ci->generator && ci->identify) {
		by_identify(ci, cmdline, arch, sources, ret);
	} else {
		by_config(ci, sources, ret);
	}
}
