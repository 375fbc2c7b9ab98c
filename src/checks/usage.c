/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "base/limits.h"
#include "base/num.h"
#include "checks/drivers.h"
#include "checks/usage.h"

extern const struct br_check br_check_onlineresizefs;

struct usage_view {
	const struct br_image *img;
	const struct br_usage_rule *rule;
	struct br_result *res;
};

static uint64_t threshold(const struct usage_view *v, const char *key, uint64_t otherwise)
{
	const char *text = br_profile_get(v->img->profile, v->rule->id, key);
	uint64_t n;

	return text && br_parse_uint(text, strlen(text), 10, 0, UINT32_MAX, &n) == 0 ? n : otherwise;
}

/* Has OnlineResizeFS nothing against it? Only then is it sure that the first boot makes room. */
static bool root_grows(const struct br_image *img)
{
	br_cleanup(br_result_free) struct br_result res = {.check = &br_check_onlineresizefs};

	if (br_image_unmet(img, br_check_onlineresizefs.needs))
		return false;
	br_check_onlineresizefs.run(img, &res);
	return res.status == BR_OK;
}

static const char *const remove_kernels[] = {
	[BR_FAMILY_OTHER] = "remove kernels that are no longer booted",
	[BR_FAMILY_DEBIAN] = "apt-get autoremove --purge (old kernels)",
	[BR_FAMILY_REDHAT] = "dnf remove --oldinstallonly (old kernels)",
	[BR_FAMILY_SUSE] = "zypper purge-kernels (old kernels)",
	[BR_FAMILY_ARCH] = "remove kernels that are no longer booted",
};

/* What the package manager keeps lies below /var, and is a remedy where that is what is full. */
static const char *const clean_cache[] = {
	[BR_FAMILY_OTHER] = "",
	[BR_FAMILY_DEBIAN] = "apt-get clean && ",
	[BR_FAMILY_REDHAT] = "dnf clean all && ",
	[BR_FAMILY_SUSE] = "zypper clean -a && ",
	[BR_FAMILY_ARCH] = "pacman -Scc && ",
};

static char *fix_for(const struct usage_view *v, const struct br_usage *u)
{
	enum br_family family = br_system_family(&v->img->system);

	if (strcmp(u->mount, "/boot") == 0)
		return strdup(remove_kernels[family]);
	if (v->rule->files)
		return br_format("du --inodes -xS %s | sort -n | tail shows where they are; remove what is not needed", u->mount);
	if (strcmp(u->mount, "/") == 0 || br_starts(u->mount, "/var"))
		return br_format("%sjournalctl --vacuum-size=50M; du -xh %s | sort -h | tail", clean_cache[family], u->mount);
	return br_format("du -xh %s | sort -h | tail shows what fills it; remove what is not needed", u->mount);
}

/* Failed is what stops the machine's work: the root, which nothing makes larger, or /boot. */
static enum br_severity weight(const struct usage_view *v, const struct br_usage *u, bool *ret_grows)
{
	enum br_severity sev = br_judge_severity(v->img, v->rule->id);

	*ret_grows = false;
	if (sev != BR_SEV_FAILED)
		return sev;
	if (strcmp(u->mount, "/") != 0)
		return strcmp(u->mount, "/boot") == 0 ? sev : BR_SEV_WARNING;
	*ret_grows = root_grows(v->img);
	return *ret_grows ? BR_SEV_WARNING : sev;
}

static void leave_full(const struct usage_view *v, const struct br_usage *u, unsigned percent)
{
	const struct br_space *s = &u->space;
	bool grows;
	enum br_severity sev = weight(v, u, &grows);
	const char *more = grows ? "; the first boot makes it larger" : "";
	br_autofree char *fix = fix_for(v, u);

	if (v->rule->files)
		br_find(v->res, v->rule->full, sev, u->mount, 0, fix, "%u %% of %llu inodes are used%s", percent,
		        (unsigned long long)s->files, more);
	else
		br_find(v->res, v->rule->full, sev, u->mount, 0, fix, "%u %% is used, %llu MiB of %llu are free%s",
		        percent, (unsigned long long)(s->avail / BR_MIB), (unsigned long long)(s->total / BR_MIB), more);
}

static void judge_space(const struct usage_view *v, const struct br_usage *u)
{
	const struct br_space *s = &u->space;
	unsigned percent = br_space_percent(s, v->rule->files);
	br_autofree char *fix = fix_for(v, u);
	bool low = !v->rule->files && s->total >= BR_GIB && s->avail < threshold(v, "free_mib", 0) * BR_MIB;

	if (s->sealed)
		br_find(v->res, v->rule->uncounted, BR_SEV_INFO, u->mount, 0, NULL,
		        "a packed, read-only file system: it does not fill up");
	else if (v->rule->files && !s->files)
		br_find(v->res, v->rule->uncounted, BR_SEV_INFO, u->mount, 0, NULL, "the file system counts no inodes");
	else if (percent > threshold(v, "full_percent", 95) || low)
		leave_full(v, u, percent);
	else if (percent > threshold(v, "high_percent", 90))
		br_find(v->res, v->rule->high, BR_SEV_WARNING, u->mount, 0, fix, "%u %% of its %s %s used", percent,
		        v->rule->what, v->rule->files ? "are" : "is");
}

void br_judge_usage(const struct br_image *img, const struct br_usage_rule *rule, struct br_result *res)
{
	const struct usage_view v = {img, rule, res};

	for (size_t i = 0; i < img->usages.n; i++) {
		const struct br_usage *u = &img->usages.v[i];

		if (!u->why)
			judge_space(&v, u);
		else
			br_find(res, u->needed ? rule->unknown : rule->apart, u->needed ? BR_SEV_UNKNOWN : BR_SEV_INFO, u->mount, 0,
			        u->fix, "how full it is could not be told: %s", u->why);
	}
	br_conclude(res);
}
