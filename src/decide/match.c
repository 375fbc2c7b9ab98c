/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The root as it is now, against what the report rests on: is it this image, and is it still as it was? */
#include <errno.h>
#include <string.h>

#include "decide/decide.h"
#include "image/inputs.h"

struct match {
	struct br_decision *d;
	const struct br_report *was, *now;
	const struct br_root *root;
	bool disks;     /* what boots was worked out anew */
	bool same_boot; /* and is what the report says */
	bool was_known; /* the report knows of each firmware what boots */
};

static const struct br_input *input_of(const struct br_report *rep, const char *kind, const char *name)
{
	for (size_t i = 0; i < rep->n_inputs; i++)
		if (br_streq(rep->inputs[i].kind, kind) && br_streq(rep->inputs[i].name, name))
			return &rep->inputs[i];
	return NULL;
}

/* What a check reads to have read that input. */
static unsigned need_of(const char *kind, const char *name)
{
	if (strcmp(kind, "file") == 0)
		return strcmp(name, "/etc/fstab") == 0 || strcmp(name, "/etc/crypttab") == 0 ? BR_NEED_FSTAB
		                                                                             : BR_NEED_CHAINS | BR_NEED_DRIVERS;
	if (strcmp(kind, "link") == 0)
		return strchr(name + 1, '/') ? BR_NEED_CHAINS | BR_NEED_DRIVERS : BR_NEED_LIBDIRS;
	if (br_starts(name, "grubenv."))
		return BR_NEED_CHAINS | BR_NEED_DRIVERS;
	return strcmp(name, "machine-id") == 0 ? BR_NEED_LEFTOVERS : BR_NEED_USAGE;
}

/* Ids of the report's checks that rest on it, blank-separated; owned. */
static char *resting_on(const struct match *m, const char *kind, const char *name)
{
	br_autostr struct br_str ids = {0};
	unsigned need = need_of(kind, name);

	for (size_t i = 0; i < m->was->n_checks; i++) {
		const struct br_check *c = m->was->checks[i].check;

		if (m->was->checks[i].status != BR_SKIPPED && ((c->needs | c->wants) & need))
			br_str_printf(&ids, "%s%s", ids.len ? " " : "", c->id);
	}
	return br_str_take(&ids);
}

/* 0 with its value now (owned, NULL absent), or why it cannot be told. */
static int value_now(const struct match *m, const struct br_input *was, char **ret)
{
	const struct br_input *now = input_of(m->now, was->kind, was->name);

	if (!now)
		return br_input_now(m->root, was->kind, was->name, &m->d->budget, ret);
	*ret = now->value ? strdup(now->value) : NULL;
	return now->value && !*ret ? -ENOMEM : 0;
}

static void match_file(const struct match *m, const struct br_input *was)
{
	br_autofree char *checks = resting_on(m, "file", was->name), *value = NULL;
	int r = value_now(m, was, &value);

	if (r == -ENOMEDIUM)
		br_reason(m->d, BR_LEAVES_OPEN, "file-not-mounted", was->name, checks,
		          "its folder is empty or not there: is its file system mounted under the root?");
	else if (r < 0)
		br_reason(m->d, BR_LEAVES_OPEN, "file-unreadable", was->name, checks, "it cannot be compared: %s", br_strerror(-r));
	else if (br_streq(was->value, BR_INPUT_UNREADABLE) || br_streq(value, BR_INPUT_UNREADABLE))
		br_reason(m->d, BR_LEAVES_OPEN, "file-unreadable", was->name, checks, "it cannot be compared: it could not be read %s",
		          br_streq(value, BR_INPUT_UNREADABLE) ? "now" : "when the report was made");
	else if (br_streq(value, was->value))
		return;
	else if (!value)
		br_reason(m->d, m->d->policy->stale, "file-removed", was->name, checks, "it was there when the report was made, and is gone");
	else if (!was->value)
		br_reason(m->d, m->d->policy->stale, "file-added", was->name, checks, "it was not there when the report was made");
	else
		br_reason(m->d, m->d->policy->stale, "file-changed", was->name, checks,
		          "its content is another than when the report was made");
}

static void match_link(const struct match *m, const struct br_input *was)
{
	br_autofree char *checks = resting_on(m, "link", was->name), *value = NULL;
	int r = value_now(m, was, &value);

	if (r < 0)
		br_reason(m->d, BR_LEAVES_OPEN, r == -ENOMEDIUM ? "file-not-mounted" : "file-unreadable", was->name, checks,
		          "where it leads cannot be compared: %s",
		          r == -ENOMEDIUM ? "its folder is empty or not there" : br_strerror(-r));
	else if (!br_streq(value, was->value))
		br_reason(m->d, m->d->policy->stale, "link-changed", was->name, checks, "it was %s%s, and is %s%s",
		          was->value ? "a link to " : "no link", was->value ? was->value : "", value ? "a link to " : "none",
		          value ? value : "");
}

static bool is_empty(const char *s)
{
	return !s || !*s;
}

/* What it means that a fact changed: a normal boot and shutdown may have done it. */
static enum br_outcome changed_fact(const struct match *m, const char *name, const char *now)
{
	if (strcmp(name, "root.blocks") == 0 || strcmp(name, "root.inodes") == 0 || strcmp(name, "resolv.conf") == 0)
		return BR_NOTE;
	if (strcmp(name, "machine-id") == 0 && br_streq(now, "set"))
		return BR_NOTE;
	/* A boot uses next_entry up, and writes saved_entry where it is told to: what boots may stay the same. */
	if (br_starts(name, "grubenv.saved_entry") || (br_starts(name, "grubenv.next_entry") && is_empty(now))) {
		if (m->same_boot)
			return BR_NOTE;
		if (!m->disks)
			return BR_LEAVES_OPEN;
	}
	return m->d->policy->stale;
}

static void match_fact(const struct match *m, const struct br_input *was)
{
	br_autofree char *checks = resting_on(m, "fact", was->name), *value = NULL;
	int r = value_now(m, was, &value);
	const char *before = was->value ? was->value : "nothing", *after;

	after = value ? value : "nothing";
	if (r == -EOPNOTSUPP && strcmp(was->name, "root.uuid") == 0 && !m->disks)
		return;
	if (r < 0)
		br_reason(m->d, BR_LEAVES_OPEN, "fact-unreadable", NULL, checks, "%s cannot be compared: %s", was->name,
		          r == -EOPNOTSUPP ? "this program does not know it here" : br_strerror(-r));
	else if (br_streq(value, was->value) || (is_empty(value) && is_empty(was->value)))
		return;
	else if (strcmp(was->name, "root.uuid") == 0)
		br_reason(m->d, BR_REJECTS, "other-root", NULL, NULL, "the report is of another root: its file system was %s, this is %s",
		          before, after);
	else
		br_reason(m->d, changed_fact(m, was->name, value), "fact-changed", NULL, checks, "%s was %s, and is %s", was->name,
		          before, after);
}

/* What is known now and the report leaves out: a file that boots is new; a fact or a link every report has. */
static void match_left_out(const struct match *m)
{
	for (size_t i = 0; i < m->now->n_inputs; i++) {
		const struct br_input *in = &m->now->inputs[i];
		bool file = strcmp(in->kind, "file") == 0;
		br_autofree char *checks = NULL;

		if (input_of(m->was, in->kind, in->name))
			continue;
		checks = resting_on(m, in->kind, in->name);
		if (file)
			br_reason(m->d, m->was_known ? m->d->policy->stale : BR_LEAVES_OPEN, "file-new", in->name, checks,
			          "it belongs to what boots, and the report does not know it");
		else
			br_reason(m->d, BR_LEAVES_OPEN, "input-left-out", NULL, checks, "the report does not say what %s was", in->name);
	}
}

static void match_text(const struct match *m, const char *what, const char *was, const char *now)
{
	if (!br_streq(was, now))
		br_reason(m->d, BR_REJECTS, "other-root", NULL, NULL, "the report is of another root: its %s is %s, this one's %s", what,
		          was ? was : "not known", now ? now : "not known");
}

static bool is_machine(const char *id)
{
	return id && strcmp(id, "uninitialized") != 0;
}

static void match_identity(const struct match *m)
{
	match_text(m, "os-release ID", m->was->os_id, m->now->os_id);
	match_text(m, "os-release VERSION_ID", m->was->os_version, m->now->os_version);
	if (m->was->arch && m->now->arch)
		match_text(m, "architecture", m->was->arch, m->now->arch);
	if (is_machine(m->was->machine_id) && is_machine(m->now->machine_id))
		match_text(m, "machine-id", m->was->machine_id, m->now->machine_id);
}

static bool boot_is_unknown(const struct br_boot *b)
{
	return !b->entry && !b->kernel;
}

static bool match_boot(const struct match *m, const struct br_boot *was, const struct br_boot *now)
{
	const struct {
		const char *what, *was, *now;
		bool counted; /* a boot may change the counter in its name */
	} parts[] = {
		{"default entry", was->entry, now->entry, true}, {"kernel", was->kernel, now->kernel, true},
		{"kernel's release", was->release, now->release, false},
		{"initramfs", was->initramfs, now->initramfs, true}, {"command line", was->cmdline, now->cmdline, false},
		{"root=", was->root, now->root, false},
	};
	bool same = true;

	if (boot_is_unknown(was) != boot_is_unknown(now)) {
		/* Its file system is or was not mounted, say: what boots may be the same. Where it is gone, a check fails. */
		br_reason(m->d, BR_LEAVES_OPEN, "boot-unknown", NULL, NULL, "%s: the default entry was %s, and is %s", was->firmware,
		          was->entry ? was->entry : "not known", now->entry ? now->entry : "not known");
		return false;
	}
	for (size_t i = 0; i < BR_ARRAY_SIZE(parts); i++) {
		if (parts[i].counted ? br_input_same_path(parts[i].was, parts[i].now) : br_streq(parts[i].was, parts[i].now))
			continue;
		same = false;
		br_reason(m->d, m->d->policy->stale, "boot-changed", NULL, NULL, "%s: the %s was %s, and is %s", was->firmware,
		          parts[i].what, parts[i].was ? parts[i].was : "not known", parts[i].now ? parts[i].now : "not known");
	}
	return same;
}

static bool match_boots(const struct match *m)
{
	bool same = m->was->n_boots > 0;

	for (size_t i = 0; i < m->was->n_boots; i++) {
		const struct br_boot *was = &m->was->boots[i], *now = NULL;

		for (size_t k = 0; k < m->now->n_boots; k++)
			if (br_streq(m->now->boots[k].firmware, was->firmware))
				now = &m->now->boots[k];
		if (now) {
			same &= match_boot(m, was, now);
			continue;
		}
		same = false;
		br_reason(m->d, m->d->policy->stale, "boot-changed", NULL, NULL, "%s: the report has what boots, and now nothing is found",
		          was->firmware);
	}
	return same;
}

/* What boots by a firmware that the report says nothing of. */
static void match_boots_left_out(const struct match *m)
{
	for (size_t i = 0; i < m->now->n_boots; i++) {
		const struct br_boot *now = &m->now->boots[i];
		bool known = false;

		for (size_t k = 0; k < m->was->n_boots; k++)
			known |= br_streq(m->was->boots[k].firmware, now->firmware);
		if (!known)
			br_reason(m->d, BR_LEAVES_OPEN, "boot-left-out", NULL, NULL, "%s: the report does not say what boots by it, and now %s does",
			          now->firmware, now->entry ? now->entry : now->kernel ? now->kernel : "something unknown");
	}
}

/* Each of these paths, blank-separated, is a file that the report speaks of. */
static bool has_hashes(const struct match *m, const char *paths)
{
	br_autostrv struct br_strv v = {0};
	bool all = true;

	br_strv_split(&v, paths ? paths : "", " ");
	for (size_t i = 0; i < v.n; i++) {
		bool found = false;

		for (size_t k = 0; k < m->was->n_inputs && !found; k++)
			found = strcmp(m->was->inputs[k].kind, "file") == 0 &&
			        br_input_same_path(m->was->inputs[k].name, v.v[i]);
		all &= found;
	}
	return all && !v.oom;
}

/* Without the hashes of what boots, the report rests on nothing that could be looked at. */
static void match_amount(const struct match *m)
{
	bool any = false, all = true;

	for (size_t i = 0; i < m->was->n_boots; i++) {
		const struct br_boot *b = &m->was->boots[i];

		any |= b->kernel != NULL;
		all &= has_hashes(m, b->kernel) && has_hashes(m, b->initramfs);
	}
	if (!any)
		br_reason(m->d, BR_LEAVES_OPEN, "inputs-none", NULL, NULL, "it says of no firmware what boots");
	else if (!all)
		br_reason(m->d, BR_LEAVES_OPEN, "input-left-out", NULL, NULL, "it says what boots, and not what those files were");
}

void br_decide_root(struct br_decision *d, const struct br_report *now, const struct br_root *root, bool disks)
{
	struct match m = {.d = d, .was = &d->stored.report, .now = now, .root = root, .disks = disks};

	m.was_known = m.was->n_boots > 0;
	for (size_t i = 0; i < m.was->n_boots; i++)
		m.was_known &= !boot_is_unknown(&m.was->boots[i]);
	if (!disks)
		br_reason(d, BR_NOTE, "disks-not-given", NULL, NULL, "without --disk neither the root's file system is compared by its UUID "
		          "nor what boots worked out anew, and of the checks counts only what fails");
	match_identity(&m);
	if (disks && m.now->kernel)
		match_text(&m, "kernel", m.was->kernel, m.now->kernel);
	m.same_boot = disks && match_boots(&m);
	if (disks)
		match_boots_left_out(&m);
	for (size_t i = 0; i < m.was->n_inputs; i++) {
		if (strcmp(m.was->inputs[i].kind, "file") == 0)
			match_file(&m, &m.was->inputs[i]);
		else if (strcmp(m.was->inputs[i].kind, "link") == 0)
			match_link(&m, &m.was->inputs[i]);
		else
			match_fact(&m, &m.was->inputs[i]);
	}
	match_left_out(&m);
	match_amount(&m);
}
