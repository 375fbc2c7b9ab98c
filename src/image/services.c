/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>

#include "image/services.h"

/* By the file lists of Debian's, Fedora's and openSUSE's packages, and of the vendors' own installers. */
const struct br_guest_tool br_guest_tools[] = {
	{"vmware", "VMware's tools", "open-vm-tools.service vmtoolsd.service vgauthd.service vmware-tools.service",
         "/usr/bin/vmtoolsd /usr/sbin/vmware-guestd /etc/vmware-tools/services.sh"},
	{"virtualbox", "VirtualBox's guest additions",
         "vboxadd-service.service vboxadd.service vboxservice.service virtualbox-guest-utils.service vboxclient.service",
         "/usr/sbin/VBoxService /usr/bin/VBoxService"},
	{"xen", "Xen's guest utilities", "xe-linux-distribution.service xe-daemon.service",
         "/usr/sbin/xe-daemon /usr/sbin/xe-linux-distribution"},
	{"parallels", "Parallels Tools", "prltoolsd.service prlshprof.service prltools_updater.service",
         "/usr/bin/prltoolsd /usr/lib/parallels-tools"},
	{"hyperv", "Hyper-V's daemons",
         "hypervkvpd.service hypervvssd.service hypervfcopyd.service hv-kvp-daemon.service hv-vss-daemon.service "
         "hv-fcopy-daemon.service hv_kvp_daemon.service hv_vss_daemon.service hv_fcopy_daemon.service "
         "hyperv-daemons.hv-kvp-daemon.service hyperv-daemons.hv-vss-daemon.service hyperv-daemons.hv-fcopy-daemon.service",
         "/usr/sbin/hypervkvpd /usr/sbin/hv_kvp_daemon /usr/bin/hv_kvp_daemon"},
};
const size_t br_n_guest_tools = BR_ARRAY_SIZE(br_guest_tools);

static int look(const struct br_root *root, const char *paths, struct br_strv *there)
{
	br_autostrv struct br_strv words = {0};

	br_strv_split(&words, paths ? paths : "", " ");
	for (size_t i = 0; i < words.n; i++)
		if (br_root_exists(root, words.v[i]))
			br_strv_add(there, words.v[i]);
	return words.oom || there->oom ? -ENOMEM : 0;
}

int br_services_read(const struct br_root *root, const struct br_profile *profile, struct br_services *ret)
{
	static const char *const keys[] = {"paths", "started_by"};
	br_cleanup(br_services_free) struct br_services s = {0};
	int r = 0;

	for (size_t i = 0; r == 0 && i < profile->n; i++)
		for (size_t k = 0; r == 0 && k < BR_ARRAY_SIZE(keys); k++)
			if (strcmp(profile->values[i].key, keys[k]) == 0)
				r = look(root, profile->values[i].value, &s.there);
	for (size_t i = 0; r == 0 && i < br_n_guest_tools; i++)
		r = look(root, br_guest_tools[i].paths, &s.there);
	if (r == 0)
		r = br_firewalls_read(root, &s.firewalls);
	if (r < 0)
		return r;
	*ret = s;
	s = (struct br_services){0};
	return 0;
}

void br_services_free(struct br_services *s)
{
	br_strv_free(&s->there);
	br_firewalls_free(&s->firewalls);
}

const char *br_services_there(const struct br_services *s, const char *paths)
{
	for (size_t i = 0; i < s->there.n; i++) {
		size_t n = strlen(s->there.v[i]);

		for (const char *at = paths; at && *at; at += strspn(at, " ")) {
			size_t len = strcspn(at, " ");

			if (len == n && memcmp(at, s->there.v[i], n) == 0)
				return s->there.v[i];
			at += len;
		}
	}
	return NULL;
}
