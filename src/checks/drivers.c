/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <elf.h>
#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include "checks/drivers.h"

/* "DRIVER " before PLACE after WHAT. */
static const struct {
	const char *suffix, *before, *after;
} faults[] = {
	[BR_DRIVER_NO_FILE] = {"file-missing", "is listed in", ", but its file is not there: "},
	[BR_DRIVER_NO_DEP] = {"dependency-missing", "is in", " without a module that it needs: "},
	[BR_DRIVER_NOT_INDEXED] = {"not-indexed", "is in", ", but modules.dep does not list it: "},
	[BR_DRIVER_NO_ALIAS] = {"alias-missing", "is in", ", but modules.alias does not lead to it from "},
	[BR_DRIVER_BLACKLISTED] = {"blacklisted", "is in", ", but kept from loading by "},
	[BR_DRIVER_WRONG_BUILD] = {"wrong-build", "cannot be loaded from", ": "},
	[BR_DRIVER_BAD_INDEX] = {"index-damaged", "cannot be loaded from", ": "},
};

/* One driver on one chain. */
struct view {
	const struct br_image *img;
	const struct br_driver_rule *rule;
	struct br_result *res;
	const struct br_chain *c;
	const char *driver;
	const char *place; /* what a finding is about: NULL the initramfs */
	struct br_strv forced, own; /* own: what the command line alone forbids */
};

enum br_severity br_judge_severity(const struct br_image *img, const char *section)
{
	const char *s = br_profile_get(img->profile, section, "severity");

	return br_streq(s, "warning") ? BR_SEV_WARNING : BR_SEV_FAILED;
}

const char *br_rule_drivers(const struct br_image *img, const struct br_driver_rule *rule)
{
	br_autofree char *key = img->system.arch ? br_format("%s_%s", rule->key, img->system.arch) : NULL;
	const char *own = key ? br_profile_get(img->profile, rule->section, key) : NULL;

	return own ? own : br_profile_get(img->profile, rule->section, rule->key);
}

uint16_t br_machine_of(const struct br_image *img)
{
	static const struct {
		const char *arch;
		uint16_t machine;
	} machines[] = {
		{"x86_64", EM_X86_64}, {"aarch64", EM_AARCH64}, {"ppc64le", EM_PPC64}, {"s390x", EM_S390},
		{"riscv64", EM_RISCV},
	};

	for (size_t i = 0; i < BR_ARRAY_SIZE(machines); i++)
		if (br_streq(machines[i].arch, img->system.arch))
			return machines[i].machine;
	return 0;
}

/* The last file is the main one: microcode comes before it. */
static const char *initramfs_path(const struct br_chain *c)
{
	return c->n_initrds ? c->initrds[c->n_initrds - 1].shown : NULL;
}

static enum br_severity severity_of(const struct view *v)
{
	return v->rule->warns ? BR_SEV_WARNING : br_judge_severity(v->img, v->rule->section);
}

static void leave(struct view *v, const char *suffix, enum br_severity sev, char *fix, const char *fmt, ...)
	br_printf(5, 6);

/* Takes fix over. */
static void leave(struct view *v, const char *suffix, enum br_severity sev, char *fix, const char *fmt, ...)
{
	br_autofree char *code = br_format("%s-%s", v->rule->prefix, suffix), *text = NULL, *owned = fix;
	br_autostr struct br_str b = {0};
	va_list ap;

	va_start(ap, fmt);
	br_str_vprintf(&b, fmt, ap);
	va_end(ap);
	text = br_str_take(&b);
	if (code && text)
		br_find(v->res, code, sev, v->place ? v->place : initramfs_path(v->c), 0, owned, "%s", text);
	else
		v->res->oom = true;
}

static void leave_unread(struct view *v, const char *why)
{
	leave(v, "unreadable", BR_SEV_UNKNOWN, NULL, "%s: %s", v->driver, why);
}

static int look(struct view *v, const struct br_modtree *t, struct br_driver *d)
{
	const struct br_driver_ask ask = {
		.name = v->driver,
		.alias = br_known_alias(v->driver),
		.blacklist = t == v->c->modules ? &v->c->blacklist : &v->own,
		.forced = t == v->c->modules ? &v->forced : NULL,
		.machine = br_machine_of(v->img),
		.beside = t == v->c->modules ? v->c->root_modules : NULL,
	};
	int r = br_driver_look(t, &ask, d);

	if (r < 0)
		leave_unread(v, br_strerror(-r));
	return r;
}

/* A driver that is built in is there whatever an initramfs holds. */
static bool built_in(struct view *v)
{
	br_autodriver struct br_driver d = {0};

	return v->c->root_modules && look(v, v->c->root_modules, &d) == 0 && d.state == BR_DRIVER_BUILTIN;
}

static void leave_missing(struct view *v, const char *suffix, const char *why)
{
	const struct br_driver d = {.state = BR_DRIVER_ABSENT};

	leave(v, suffix, severity_of(v), br_fix_driver(v->img, v->c, v->rule, v->driver, &d),
	      "%s is not built into kernel %s, and %s", v->driver, v->c->release, why);
}

/* A state other than there, built in and absent, in one of the two places. */
static void leave_fault(struct view *v, const struct br_driver *d, const char *place)
{
	if (d->state == BR_DRIVER_UNKNOWN) {
		leave_unread(v, d->what);
		return;
	}
	leave(v, faults[d->state].suffix, severity_of(v),
	      br_fix_driver(v->img, v->c, v->rule, v->driver, d), "%s %s %s%s%s", v->driver, faults[d->state].before, place,
	      faults[d->state].after, d->what);
}

static bool fine(const struct br_driver *d)
{
	return d->state == BR_DRIVER_PRESENT || d->state == BR_DRIVER_BUILTIN;
}

/* Why what is not seen in an initramfs may be there all the same; NULL: it is not. */
static char *may_hide(const struct br_chain *c)
{
	if (c->initramfs.squash)
		return br_format("its initramfs keeps most files in %s, which is not read%s%s", c->initramfs.squash,
		                 c->initramfs.squash_why ? ": " : "", c->initramfs.squash_why ? c->initramfs.squash_why : "");
	if (c->initramfs.unread)
		return br_format("its initramfs was not read to the end: %s", c->initramfs.unread);
	return NULL;
}

/* The initramfs file itself: absent, or why it could not be read. */
static void judge_no_initramfs(struct view *v)
{
	const struct br_chain *c = v->c;

	for (size_t i = 0; i < c->n_initrds; i++) {
		const struct br_chain_file *f = &c->initrds[i];
		br_autofree char *why = NULL;

		if (!f->err)
			continue;
		why = br_format("its initramfs %s %s%s", f->shown, f->err == -ENOENT ? "is not there" : "could not be read: ",
		                f->err == -ENOENT ? "" : br_strerror(-f->err));
		if (f->err == -ENOENT)
			leave_missing(v, v->rule->missing, why ? why : "");
		else
			leave_unread(v, why ? why : "");
		return;
	}
	if (c->n_initrds)
		leave_unread(v, c->modules_why ? c->modules_why : "its initramfs could not be read");
	else if (c->root_modules)
		leave_missing(v, v->rule->missing, "the default entry has no initramfs");
	else
		leave_unread(v, "no initramfs, and no list of what is built in");
}

/* An initramfs that was read, and holds no modules of this kernel. */
static void judge_no_modules(struct view *v)
{
	const struct br_chain *c = v->c;
	br_autofree char *hidden = may_hide(c), *why = NULL;

	if (hidden) {
		leave_unread(v, hidden);
	} else if (!c->initramfs.releases.n && !c->root_modules && !c->initramfs.defect) {
		/* All of it may be built into such a kernel. */
		leave_unread(v, "no modules anywhere, and no list of what is built in");
	} else {
		why = br_format("its initramfs has %s%s%s", c->modules_why ? c->modules_why : "none",
		                c->initramfs.defect ? "; it is damaged at " : "",
		                c->initramfs.defect ? c->initramfs.defect : "");
		leave_missing(v, c->initramfs.releases.n ? "other-release" : v->rule->missing, why ? why : "");
	}
}

static void judge_absent(struct view *v)
{
	const struct br_chain *c = v->c;
	br_autofree char *hidden = may_hide(c), *why = NULL;

	if (hidden) {
		leave_unread(v, hidden);
		return;
	}
	why = br_format("its initramfs does not hold it%s%s",
	                c->initramfs.defect ? ", being damaged at " : "",
	                c->initramfs.defect ? c->initramfs.defect : "");
	leave_missing(v, v->rule->missing, why ? why : "");
}

static void judge_in_initramfs(struct view *v)
{
	br_autodriver struct br_driver d = {0};

	if (built_in(v))
		return;
	if (!v->c->initramfs_read) {
		judge_no_initramfs(v);
	} else if (!v->c->modules) {
		judge_no_modules(v);
	} else if (look(v, v->c->modules, &d) == 0 && !fine(&d)) {
		/* booster finds drivers by a table of its own. */
		if (d.state == BR_DRIVER_NOT_INDEXED && br_streq(v->c->initramfs.made_by, "booster"))
			return;
		if (d.state == BR_DRIVER_ABSENT)
			judge_absent(v);
		else
			leave_fault(v, &d, "the initramfs");
	}
}

/* The module's file where the fault names one, else the folder with the modules and their index. */
static char *place_in_root(const struct br_chain *c, const struct br_driver *d)
{
	size_t n = d->what ? strcspn(d->what, ": ") : 0;

	if (n && memmem(d->what, n, ".ko", 3))
		return br_format("%s%.*s", d->what[0] == '/' ? "" : "/", (int)n, d->what);
	return br_format("/lib/modules/%s", c->release);
}

static void judge_in_root(struct view *v)
{
	br_autodriver struct br_driver early = {0}, d = {0};
	br_autofree char *place = NULL;

	if (v->c->modules && look(v, v->c->modules, &early) == 0 && fine(&early))
		return;
	if (!v->c->root_modules) {
		/* Nor is there a list of what is built in. */
		leave_unread(v, v->c->root_modules_why ? v->c->root_modules_why : "no modules");
		return;
	}
	if (look(v, v->c->root_modules, &d) < 0 || fine(&d))
		return;
	if (d.state == BR_DRIVER_ABSENT) {
		leave_missing(v, v->rule->missing, "neither its initramfs nor the root holds it");
		return;
	}
	place = place_in_root(v->c, &d);
	v->place = place;
	leave_fault(v, &d, "the root");
	v->place = NULL;
}

static bool same_files(const struct br_chain *a, const struct br_chain *b)
{
	bool same = br_streq(a->kernel.shown, b->kernel.shown) && a->kernel.blk == b->kernel.blk &&
	            br_streq(a->cmdline, b->cmdline) && a->n_initrds == b->n_initrds;

	for (size_t i = 0; same && i < a->n_initrds; i++)
		same = br_streq(a->initrds[i].shown, b->initrds[i].shown) && a->initrds[i].blk == b->initrds[i].blk;
	return same;
}

bool br_judge_chain(const struct br_image *img, const struct br_chain *c)
{
	if (!c->offered || !c->entry)
		return false;
	for (const struct br_chain *b = img->chains; b < c; b++)
		if (b->offered && b->entry && same_files(b, c))
			return false;
	return true;
}

/* What has to be known before any driver can be judged. */
static bool judge_kernel(struct view *v)
{
	const struct br_chain *c = v->c;

	if (c->stale) {
		leave(v, "unreadable", BR_SEV_UNKNOWN, NULL, "%s", c->stale);
		return false;
	}
	if (!c->release) {
		leave(v, "kernel-unknown", BR_SEV_UNKNOWN, NULL, "of which release %s is could not be told",
		      c->kernel.shown ? c->kernel.shown : "the default entry's kernel");
		return false;
	}
	return true;
}

static void judge_all(struct view *v)
{
	br_autostrv struct br_strv drivers = {0};
	const char *list = br_rule_drivers(v->img, v->rule);

	br_strv_split(&drivers, list ? list : "", " \t,");
	if (br_forced_modules(&v->c->initramfs, v->c->cmdline, &v->forced) < 0 ||
	    br_cmdline_blacklist(v->c->cmdline ? v->c->cmdline : "", v->c->initramfs.made_by, &v->own) < 0 || drivers.oom)
		v->res->oom = true;
	for (size_t i = 0; i < drivers.n; i++) {
		v->driver = drivers.v[i];
		if (v->rule->place == BR_IN_INITRAMFS)
			judge_in_initramfs(v);
		else
			judge_in_root(v);
	}
	br_strv_free(&v->forced);
	br_strv_free(&v->own);
}

/* Another kernel is judged like the default one, and whatever it fails by is one warning. */
static void judge_other(struct view *v, const struct br_chain *c)
{
	struct br_result scratch = {.check = v->res->check};
	struct view other = {.img = v->img, .rule = v->rule, .res = &scratch, .c = c};

	judge_all(&other);
	for (size_t i = 0; i < scratch.n_findings; i++) {
		const struct br_finding *f = &scratch.findings[i];

		if (f->severity != BR_SEV_FAILED && f->severity != BR_SEV_WARNING)
			continue;
		other.res = v->res;
		leave(&other, "other-kernel", BR_SEV_WARNING, f->fix ? strdup(f->fix) : NULL,
		      "the entry \"%s\", which does not boot by itself: %s", c->entry->title, f->message);
		break;
	}
	v->res->oom |= scratch.oom;
	br_result_free(&scratch);
}

void br_judge_drivers(const struct br_image *img, const struct br_driver_rule *rule, struct br_result *res)
{
	struct view v = {.img = img, .rule = rule, .res = res};
	bool any = false;

	for (size_t i = 0; i < img->n_chains; i++) {
		v.c = &img->chains[i];
		any |= v.c->offered && v.c->entry;
		if (!br_judge_chain(img, v.c) || !judge_kernel(&v))
			continue;
		if (v.c->initramfs_running && rule->place == BR_IN_INITRAMFS)
			leave(&v, "running-initramfs", BR_SEV_INFO, NULL,
			      "judged by the running initramfs: %s could not be read",
			      initramfs_path(v.c) ? initramfs_path(v.c) : "the default entry's");
		judge_all(&v);
	}
	for (size_t i = 0; i < img->n_others; i++)
		if (img->others[i].release)
			judge_other(&v, &img->others[i]);
	if (img->more_others && rule->place == BR_IN_INITRAMFS) {
		v.c = &(const struct br_chain){0};
		leave(&v, "other-kernel", BR_SEV_INFO, NULL, "%zu more entries boot other kernels, which were not looked at",
		      img->more_others);
	}
	v.c = img->chains;
	if (!any && rule->place == BR_IN_INITRAMFS) {
		const struct br_chain none = {0};

		v.c = &none;
		leave(&v, "kernel-unknown", BR_SEV_UNKNOWN, NULL, "which kernel boots by default could not be told");
	}
}
