/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "checks/agent.h"
#include "checks/drivers.h"

bool br_unit_is_on(const struct br_unit *u)
{
	/* Enabled for a device's appearance: nothing the boot comes to, and it starts all the same. */
	return u->starts || u->by_socket || (u->state == BR_UNIT_ENABLED && u->by && strstr(u->by, ".device."));
}

static unsigned worth(const struct br_unit *u)
{
	return br_unit_is_on(u) ? 3 : u->state == BR_UNIT_MASKED || u->state == BR_UNIT_BAD ? 1 : 2;
}

const struct br_unit *br_best_unit(const struct br_units *u, const char *names)
{
	const struct br_unit *best = NULL;
	br_autostrv struct br_strv words = {0};

	br_strv_split(&words, names ? names : "", " ");
	for (size_t i = 0; i < words.n; i++) {
		const struct br_unit *one = br_unit_find(u, words.v[i]);

		if (one && (!best || worth(one) > worth(best)))
			best = one;
	}
	return best;
}

/* "ssh" of "ssh.service". */
static int stem(const struct br_unit *u)
{
	return (int)(br_ends(u->name, ".service") ? strlen(u->name) - strlen(".service") : strlen(u->name));
}

static bool is_script(const struct br_image *img, const struct br_unit *u)
{
	return img->units.init != BR_INIT_SYSTEMD || (u->path && !br_ends(u->path, strrchr(u->name, '.')));
}

char *br_fix_enable(const struct br_image *img, const struct br_unit *u)
{
	if (img->units.init == BR_INIT_OPENRC)
		return br_format("rc-update add %.*s default", stem(u), u->name);
	if (is_script(img, u))
		return br_system_family(&img->system) == BR_FAMILY_DEBIAN ?
		               br_format("update-rc.d %.*s defaults", stem(u), u->name) :
		               br_format("chkconfig %.*s on", stem(u), u->name);
	if (u->state == BR_UNIT_MASKED)
		return br_format("systemctl unmask %s && systemctl enable %s", u->name, u->name);
	/* Enabled for a target that the boot does not come to, or nothing to be enabled by. */
	if (u->state != BR_UNIT_DISABLED)
		return br_format("systemctl add-wants multi-user.target %s", u->name);
	return br_format("systemctl enable %s", u->name);
}

char *br_fix_disable(const struct br_image *img, const struct br_unit *u)
{
	if (img->units.init == BR_INIT_OPENRC)
		return br_format("rc-update del %.*s", stem(u), u->name);
	if (is_script(img, u))
		return br_system_family(&img->system) == BR_FAMILY_DEBIAN ? br_format("update-rc.d %.*s disable", stem(u), u->name) :
		                                                            br_format("chkconfig %.*s off", stem(u), u->name);
	/* What is enabled nowhere is pulled in by another: only a mask keeps it away. */
	return br_format("systemctl %s %s", u->state == BR_UNIT_ENABLED ? "disable" : "mask", u->name);
}

/* The profile's words for that family of distributions, else those for all. */
static const char *install_fix(const struct br_image *img, const char *section)
{
	static const char *const keys[] = {"fix", "fix_debian", "fix_redhat", "fix_suse", "fix_arch"};
	const char *fix = br_profile_get(img->profile, section, keys[br_system_family(&img->system)]);

	return fix ? fix : br_profile_get(img->profile, section, "fix");
}

static void judge_wanted(const struct br_image *img, const struct br_agent_rule *rule, const struct br_unit *u,
                         const char *program, bool on, struct br_result *res)
{
	const char *name = br_profile_get(img->profile, rule->section, "name");
	enum br_severity severity = br_judge_severity(img, rule->section);

	if (on)
		return;
	if (!u && !program) {
		br_find(res, rule->missing, severity, NULL, 0, install_fix(img, rule->section), "%s is not installed", name);
	} else if (!u) {
		br_find(res, rule->disabled, severity, program, 0, install_fix(img, rule->section),
		        "%s is there, and nothing that starts it", name);
	} else {
		br_autofree char *fix = br_fix_enable(img, u);

		br_find(res, rule->disabled, severity, u->state == BR_UNIT_MASKED && u->by ? u->by : u->path, 0, fix,
		        "%s is installed, and the boot does not start %s (%s)", name, u->name, br_unit_state_name(u->state));
	}
}

static void judge_unwanted(const struct br_image *img, const struct br_agent_rule *rule, const struct br_unit *u, bool on,
                           struct br_result *res)
{
	const char *name = br_profile_get(img->profile, rule->section, "name");
	br_autofree char *fix = u ? br_fix_disable(img, u) : NULL;

	if (on && u)
		br_find(res, rule->unwanted, br_judge_severity(img, rule->section), u->by ? u->by : u->path, u->by_line, fix,
		        "%s starts (%s), and the target does not want it", name, u->name);
}

void br_judge_agent(const struct br_image *img, const struct br_agent_rule *rule, struct br_result *res)
{
	const char *units = br_profile_get(img->profile, rule->section, "units");
	const char *name = br_profile_get(img->profile, rule->section, "name");
	const char *wanted = br_profile_get(img->profile, rule->section, "wanted");
	const char *program = br_services_there(&img->services, br_profile_get(img->profile, rule->section, "paths"));
	const char *starter = br_services_there(&img->services, br_profile_get(img->profile, rule->section, "started_by"));
	const struct br_unit *u = br_best_unit(&img->units, units);
	bool on = u && (br_unit_is_on(u) || (u->state == BR_UNIT_STATIC && starter));

	if (!name || !units) {
		br_find(res, rule->unknown, BR_SEV_UNKNOWN, NULL, 0, NULL, "the profile does not say which agent it means");
	} else if (img->units.init == BR_INIT_UNKNOWN && (program || !br_streq(wanted, "forbidden"))) {
		br_find(res, rule->unknown, BR_SEV_UNKNOWN, program, 0, NULL,
		        "whether %s starts could not be told: no init that is known by name", name);
	} else if (br_streq(wanted, "forbidden")) {
		judge_unwanted(img, rule, u, on, res);
	} else {
		judge_wanted(img, rule, u, program, on, res);
	}
	br_conclude(res);
}
