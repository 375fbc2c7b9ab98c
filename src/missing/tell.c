/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is to be said of it: the cause first, what else is broken behind it. */
#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include "image/fsstate.h"
#include "missing/missing.h"

br_printf(4, 5) static int tell(struct br_missing *m, const char *code, char *fix, const char *fmt, ...)
{
	br_autofree char *owned = fix;
	br_autostr struct br_str text = {0};
	va_list ap;

	va_start(ap, fmt);
	br_str_vprintf(&text, fmt, ap);
	va_end(ap);
	if (text.oom || br_grow(&m->told, &m->cap_told, m->n_told, sizeof(*m->told)) < 0)
		return -ENOMEM;
	m->told[m->n_told] = (struct br_told){.code = code, .message = br_str_take(&text), .fix = BR_TAKE(owned)};
	m->n_told++;
	return 0;
}

static bool is_tools(const struct br_missing *m)
{
	return br_streq(m->initramfs.made_by, "initramfs-tools");
}

/* To be typed on the system once it runs again, or in a chroot of it. */
static char *fix_driver(const struct br_missing *m, const char *module)
{
	if (is_tools(m))
		return br_format("echo %s >> /etc/initramfs-tools/modules && update-initramfs -u -k %s", module, m->release);
	return br_format("dracut --force --add-drivers %s --kver %s", module, m->release ? m->release : "KERNEL");
}

static int tell_unbound(struct br_missing *m, const struct br_unbound *u)
{
	const char *what = u->what ? u->what : "?";

	switch (u->state) {
	case BR_DRIVER_UNKNOWN:
		return tell(m, "device-without-driver", NULL, "%s (%s): %s would drive it; whether this initramfs has it could not be told",
		            u->device, u->alias, u->module);
	case BR_DRIVER_BUILTIN:
	case BR_DRIVER_PRESENT:
	case BR_DRIVER_NO_ALIAS:
		return tell(m, "driver-not-loaded", br_format("add rd.driver.pre=%s to the kernel command line", u->module),
		            "%s (%s): %s, which would drive it, is in this initramfs and was not loaded, or does not take it", u->device,
		            u->alias, u->module);
	case BR_DRIVER_BLACKLISTED:
		return tell(m, "driver-blacklisted", br_format("take the blacklist out of %s", what),
		            "%s (%s): %s, which would drive it, may not be loaded (%s)", u->device, u->alias, u->module, what);
	case BR_DRIVER_NO_DEP:
		return tell(m, "driver-broken", fix_driver(m, u->module), "%s (%s): %s would drive it, and needs %s, which this initramfs lacks",
		            u->device, u->alias, u->module, what);
	case BR_DRIVER_ABSENT:
		return tell(m, "driver-missing", fix_driver(m, u->module), "%s (%s): %s would drive it, and is not in this initramfs", u->device,
		            u->alias, u->module);
	default:
		return tell(m, "driver-broken", fix_driver(m, u->module), "%s (%s): %s would drive it; in this initramfs: %s%s%s", u->device,
		            u->alias, u->module, br_driver_state_name(u->state), u->what ? ", " : "", u->what ? u->what : "");
	}
}

static int tell_drivers(struct br_missing *m)
{
	int r = 0;

	/* A kernel without modules of its own can load none, whatever others lie there. */
	if (m->initramfs.releases.n && !br_strv_has(&m->initramfs.releases, m->release))
		r = tell(m, "initramfs-other-kernel", br_format("dracut --force --kver %s", m->release),
		         "the kernel that runs is %s, and this initramfs has modules of %s", m->release, m->initramfs.releases.v[0]);
	for (size_t i = 0; r == 0 && i < m->n_unbound; i++)
		r = tell_unbound(m, &m->unbound[i]);
	if (r == 0 && m->unlisted)
		r = tell(m, "devices-not-looked-at", NULL, "which module a device wants is not known here (%s): devices without a "
		         "driver were not looked at", BR_MISSING_ALIASES);
	if (r == 0 && m->more_unbound)
		r = tell(m, "more-devices", NULL, "more than %d devices are without a driver", BR_MISSING_UNBOUND_MAX);
	return r;
}

/* Is the driver of its file system in this initramfs? */
static int tell_fs_driver(struct br_missing *m, const struct br_blk *b)
{
	const char *type = b->type;
	const struct br_driver_ask ask = {.name = br_streq(type, "ext3") || br_streq(type, "ext2") ? "ext4" : type,
	                                  .blacklist = &m->blacklist};
	br_autodriver struct br_driver d = {0};
	int r = m->modules && type ? br_driver_look(m->modules, &ask, &d) : 0;

	if (r < 0 || d.state == BR_DRIVER_UNKNOWN || d.state == BR_DRIVER_BUILTIN || d.state == BR_DRIVER_PRESENT)
		return r;
	return tell(m, "fs-driver-missing", fix_driver(m, ask.name), "the driver of %s is not fit in this initramfs: %s%s%s", type,
	            br_driver_state_name(d.state), d.what ? ", " : "", d.what ? d.what : "");
}

/* Is the type one of rootfstype='s, a list? ext4's driver mounts its forebears. */
static bool takes_type(const char *list, const char *type)
{
	br_autostrv struct br_strv types = {0};
	bool taken = false;

	br_strv_split(&types, list, ",");
	for (size_t i = 0; i < types.n && !taken; i++)
		taken = br_streq(types.v[i], type) || br_streq(types.v[i], "auto") || (br_streq(types.v[i], "ext4") && br_starts(type, "ext"));
	return taken || types.oom;
}

static bool same_member(const struct br_blk *a, const struct br_blk *b)
{
	return br_streq(b->type, "btrfs") && br_streq(a->uuid, b->uuid) && br_streq(a->subuuid, b->subuuid);
}

/* The devices of the same btrfs that are here: one that is seen twice counts once. */
static size_t members(const struct br_missing *m, const struct br_blk *root)
{
	size_t n = 0;

	for (size_t i = 0; i < m->disks.n; i++) {
		const struct br_blk *b = &m->disks.blk[i];
		size_t first = 0;

		while (first < i && !same_member(b, &m->disks.blk[first]))
			first++;
		n += br_streq(b->type, "btrfs") && br_streq(b->uuid, root->uuid) && first == i;
	}
	return n;
}

/* What its superblock says of why it is not mounted. */
static int tell_state(struct br_missing *m, const struct br_blk *b)
{
	struct br_fsstate s = {0};
	int r = br_fsstate_read(&m->disks, m->found.blk, &s);

	if (r < 0)
		return r == -ENOMEM ? r : 0;
	if (s.errors || s.needs_repair)
		r = tell(m, "root-damaged", br_format("%s %s", br_fsstate_repair(b->type), b->path),
		         "%s: damage in it has been noted (%s): where its check before the mount cannot mend it, the boot ends", b->path, b->type);
	if (r == 0 && s.devices > 1 && members(m, b) < s.devices)
		r = tell(m, "root-member-missing", strdup("attach every disk of it, with the driver that it wants; or rootflags=degraded, where one may be gone"),
		         "%s: this btrfs is made of %llu devices, and here are %zu", b->path, (unsigned long long)s.devices, members(m, b));
	return r;
}

static int tell_not_mounted(struct br_missing *m, const struct br_blk *b)
{
	int r;

	if (b->pttype)
		return tell(m, "root-partitioned", NULL, "root=%s is %s, a whole disk with partitions on it (%s)", m->root_text, b->path, b->pttype);
	if (b->use == BR_USE_NONE)
		return tell(m, "root-unknown-content", br_format("fsck %s, or find the file system's superblock", b->path),
		            "root=%s is %s: nothing that is known as a file system is on it", m->root_text, b->path);
	if (b->use != BR_USE_FS)
		return tell(m, "root-no-file-system", NULL, "root=%s is %s: on it is %s, no file system", m->root_text, b->path,
		            b->type ? b->type : "something");
	if (m->fstype && b->type && !takes_type(m->fstype, b->type))
		return tell(m, "root-other-type", br_format("rootfstype=%s, or none", b->type),
		            "root=%s is %s: on it is %s, and rootfstype= says %s", m->root_text, b->path, b->type, m->fstype);
	r = tell(m, "root-not-mounted", NULL, "root=%s is there (%s, %s) and is not mounted%s%s", m->root_text, b->path,
	         b->type ? b->type : "?", m->flags ? "; rootflags=" : "", m->flags ? m->flags : "");
	if (r == 0)
		r = tell_state(m, b);
	return r < 0 ? r : tell_fs_driver(m, b);
}

/* Is the volume mapped, or do we only know of it by what the group's metadata says? */
static bool is_active(const struct br_missing *m, const char *volume)
{
	for (size_t i = 0; i < m->disks.n; i++)
		if (m->disks.blk[i].kind == BR_BLK_MAPPED && br_streq(m->disks.blk[i].mapper, volume))
			return true;
	return false;
}

static bool all_active(const struct br_missing *m, const struct br_blk *pv)
{
	for (size_t i = 0; i < pv->lvs.n; i++)
		if (!is_active(m, pv->lvs.v[i]))
			return false;
	return pv->lvs_read || pv->opened;
}

static char *join(const struct br_strv *l)
{
	br_autostr struct br_str text = {0};

	for (size_t i = 0; i < l->n; i++)
		br_str_printf(&text, "%s%s", i ? " " : "", l->v[i]);
	return br_str_take(&text);
}

/* The group's part of a mapper name: up to the first "-" that is not one of two. */
static size_t group_length(const char *name)
{
	size_t n = 0;

	while (name[n] && (name[n] != '-' || name[n + 1] == '-'))
		n += name[n] == '-' ? 2 : 1;
	return n;
}

static bool same_group(const char *a, const char *b)
{
	size_t n = group_length(a);

	return n == group_length(b) && memcmp(a, b, n) == 0;
}

static int tell_volumes(struct br_missing *m, const struct br_blk *b)
{
	br_autofree char *volumes = b->lvs_read ? join(&b->lvs) : NULL;

	if (m->spec.kind == BR_SPEC_MAPPER && m->found.match == BR_MATCH_NONE && b->lvs_read && b->lvs.n && same_group(m->spec.value, b->lvs.v[0]))
		return tell(m, "volume-missing", NULL, "%s: its volume group has no %s, but %s", b->path, m->spec.value, volumes ? volumes : "?");
	if (all_active(m, b))
		return 0;
	return tell(m, "lvm-not-active",
	            strdup(m->lvm ? "rd.lvm.vg= or rd.lvm.lv= as the root needs it, and every disk of the group"
	                          : "dracut --force --add lvm, and rd.lvm.vg= or rd.lvm.lv= as the root needs it"),
	            "%s is a physical volume of LVM that is not active%s%s", b->path, volumes ? "; in its group: " : "", volumes ? volumes : "");
}

/* What holds file systems that are not seen before it is opened. */
static int tell_container(struct br_missing *m, const struct br_blk *b)
{
	if (b->use == BR_USE_LVM)
		return tell_volumes(m, b);
	if (b->opened)
		return 0;
	if (b->use == BR_USE_RAID)
		return tell(m, "raid-not-assembled",
		            strdup(m->mdadm ? "rd.md.uuid= or rd.auto=1, and every member that it needs"
		                            : "dracut --force --add mdraid, and rd.md.uuid= or rd.auto=1"),
		            "%s is a member of an array that is not assembled", b->path);
	if (b->use == BR_USE_LUKS)
		return tell(m, "luks-not-opened",
		            br_format(m->cryptsetup ? "its passphrase or key, where rd.luks.uuid=%s asks for it"
		                                    : "dracut --force --add crypt, and rd.luks.uuid=%s",
		                      b->uuid ? b->uuid : "UUID"),
		            "%s is encrypted (%s) and not opened", b->path, b->type ? b->type : "LUKS");
	return 0;
}

static int tell_containers(struct br_missing *m)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < m->disks.n; i++)
		r = tell_container(m, &m->disks.blk[i]);
	return r;
}

static char *root_in(const struct br_blk *b)
{
	return b->uuid ? br_format("root=UUID=%s", b->uuid) : b->partuuid ? br_format("root=PARTUUID=%s", b->partuuid) : NULL;
}

static int tell_near(struct br_missing *m)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < m->n_near; i++) {
		const struct br_near *n = &m->near[i];
		const struct br_blk *b = &m->disks.blk[n->blk];

		r = tell(m, "nearest", root_in(b), "%s (%s): %s%s%s%s%s", b->path, b->type ? b->type : "?", n->why, n->os ? "; on it is " : "",
		         n->os ? n->os : "", n->fstab_root ? "; its fstab mounts on /: " : "", n->fstab_root ? n->fstab_root : "");
	}
	return r;
}

static int tell_root(struct br_missing *m)
{
	const struct br_blk *b = m->found.blk >= 0 ? &m->disks.blk[m->found.blk] : NULL;

	if (!m->root_text)
		return tell(m, "root-not-given", strdup("root=UUID=... on the kernel command line"), "the command line has no root=");
	if (m->spec.kind == BR_SPEC_OTHER)
		return tell(m, "root-not-a-disk", NULL, "root=%s names no disk: what it waits for is not looked for here", m->root_text);
	switch (m->found.match) {
	case BR_MATCH_FOUND:
	case BR_MATCH_SEVERAL:
	case BR_MATCH_OTHER_DISK:
		if (m->found.folded)
			return tell(m, "root-other-case", NULL, "root=%s: only %s is like it, in other letters, and they count", m->root_text, b->path);
		if (b->kind == BR_BLK_VOLUME)
			return tell(m, "root-in-container", NULL, "root=%s is the logical volume %s, which is not active", m->root_text, b->mapper);
		return tell_not_mounted(m, b);
	case BR_MATCH_CONTAINED:
		return tell(m, "root-in-container", NULL, "root=%s is in %s, which is not opened", m->root_text, b ? b->path : "a container");
	case BR_MATCH_NONE:
		return tell(m, "root-not-found", NULL, "root=%s: no device has it", m->root_text);
	default:
		return tell(m, "root-not-found", NULL, "root=%s: no device that could be read has it (%s)", m->root_text,
		            m->found.reason ? m->found.reason : "not all could be read");
	}
}

int br_missing_tell(struct br_missing *m)
{
	int r = tell_root(m);

	if (r == 0 && !m->disks.n)
		r = tell(m, "no-disk", NULL, "there is no disk");
	if (r == 0)
		r = tell_drivers(m);
	if (r == 0)
		r = tell_containers(m);
	return r < 0 ? r : tell_near(m);
}
