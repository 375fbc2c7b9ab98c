/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "checks/drivers.h"

static const struct br_code codes[] = {
	{"leftover-host-key", BR_BASIS_POLICY, "SSH host keys are in the image: every clone has them"},
	{"leftover-history", BR_BASIS_POLICY, "a shell's history"},
	{"leftover-authorized-keys", BR_BASIS_POLICY, "keys that let somebody in on every clone"},
	{"leftover-lease", BR_BASIS_POLICY, "DHCP leases of the source machine"},
	{"leftover-package", BR_BASIS_POLICY, "a package that was not installed to its end"},
	{"leftover-package-work", BR_BASIS_POLICY, "a package manager was stopped in its work"},
	{"leftovers-not-read", BR_BASIS_POLICY, "something could not be looked at"},
};

static const char *const kinds[BR_LEFT_KINDS] = {
	[BR_LEFT_HOST_KEY] = "leftover-host-key",
	[BR_LEFT_HISTORY] = "leftover-history",
	[BR_LEFT_AUTHORIZED_KEYS] = "leftover-authorized-keys",
	[BR_LEFT_LEASE] = "leftover-lease",
	[BR_LEFT_PACKAGE] = "leftover-package",
	[BR_LEFT_PACKAGE_WORK] = "leftover-package-work",
};

static char *fix_for(const struct br_image *img, const struct br_leftover *o)
{
	switch (o->kind) {
	case BR_LEFT_HOST_KEY:
		return br_format("rm /etc/ssh/ssh_host_*_key* (%s makes new ones)",
		                 br_system_family(&img->system) == BR_FAMILY_DEBIAN ? "cloud-init, or dpkg-reconfigure openssh-server,"
		                                                                    : "sshd-keygen, or cloud-init,");
	case BR_LEFT_PACKAGE:
		return strdup("dpkg --configure -a && apt-get -f install");
	case BR_LEFT_PACKAGE_WORK:
		return br_starts(o->path, "/var/lib/dpkg/") ? strdup("dpkg --configure -a") : br_format("rm %s", o->path);
	default:
		return br_format("rm %s", o->path);
	}
}

static void leave(const struct br_image *img, const struct br_leftover *o, struct br_result *res)
{
	static const char *const texts[BR_LEFT_KINDS] = {
		[BR_LEFT_HISTORY] = "what was typed on the source machine, passwords among it perhaps",
		[BR_LEFT_AUTHORIZED_KEYS] = "who has these keys gets into every machine that is made of the image",
		[BR_LEFT_LEASE] = "a lease of the source machine's network: the first boot may ask for that address again",
		[BR_LEFT_PACKAGE_WORK] = "a package manager was stopped in its work: it does not start before that is mended",
	};
	br_autofree char *fix = fix_for(img, o);

	br_find(res, kinds[o->kind], BR_SEV_WARNING, o->path, o->line, fix, "%s%s", o->what ? o->what : texts[o->kind],
	        o->what ? ": no other package can be installed before it is" : "");
}

/* One command removes all of them, and one line tells of them. */
static void leave_host_keys(const struct br_image *img, const struct br_leftover *first, size_t n, struct br_result *res)
{
	br_autofree char *fix = fix_for(img, first);

	br_find(res, kinds[BR_LEFT_HOST_KEY], BR_SEV_WARNING, first->path, 0, fix,
	        "%zu host key%s of the source machine: every clone would have %s, and could pass for another", n,
	        n == 1 ? "" : "s", n == 1 ? "it" : "them");
}

static void run(const struct br_image *img, struct br_result *res)
{
	const struct br_leftovers *l = &img->leftovers;
	bool host_keys = false;

	for (size_t i = 0; i < l->n; i++) {
		if (l->v[i].kind != BR_LEFT_HOST_KEY)
			leave(img, &l->v[i], res);
		else if (!host_keys)
			leave_host_keys(img, &l->v[i], l->count[BR_LEFT_HOST_KEY], res);
		host_keys |= l->v[i].kind == BR_LEFT_HOST_KEY;
	}
	for (size_t i = 0; i < l->hidden.n; i++) {
		const char *place = l->hidden.v[i];
		const struct br_fstab_entry *e = br_fstab_target(&img->fstab, place);
		br_autofree char *fix = br_format("mount -o ro %s %s%s", e ? e->source : "DEVICE", img->ask.root, place);

		br_find(res, "leftovers-not-read", BR_SEV_UNKNOWN, place, 0, fix,
		        "a file system of its own, which is not mounted: what was left in it is not seen");
	}
	for (size_t k = 0; k < BR_LEFT_KINDS; k++) {
		if (k != BR_LEFT_HOST_KEY && l->count[k] > BR_LEFTOVERS_SHOWN)
			br_find(res, kinds[k], BR_SEV_WARNING, NULL, 0, NULL, "%zu of them in all", l->count[k]);
		if (l->err[k])
			br_find(res, "leftovers-not-read", BR_SEV_UNKNOWN, NULL, 0, NULL, "%s: %s", kinds[k], br_strerror(l->err[k]));
	}
	br_conclude(res);
}

const struct br_check br_check_leftovers = {
	.id = "LeftOvers",
	.level = BR_LEVEL_WARNING,
	.own = true,
	.title = "nothing of the source machine's own is left in the image",
	.needs = BR_NEED_REPLAYED | BR_NEED_LEFTOVERS,
	.codes = codes,
	.n_codes = BR_ARRAY_SIZE(codes),
	.reads = "SSH host keys in /etc/ssh; histories of shells and authorized_keys in /root and below /home; leases of dhclient, "
		 "dhcpcd, NetworkManager and wicked; /var/lib/dpkg/status and dpkg's journal, pacman's lock. What cloud-init left is "
		 "CloudInit's.",
	.fails = "Never; a warning for each kind of thing that is left. rpm's own .rpm.lock and .rebuilddb are no traces.",
	.why = "Clones that share host keys can pass for each other; histories and keys give away the source machine's secrets; "
	       "a half-installed package stops every later installation, the cloud's agent among it.",
	.mend = "Clean the image as the last thing before it is made: rm the files named here, dpkg --configure -a.",
	.run = run,
};
