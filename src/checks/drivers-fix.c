/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The commands that mend a driver, in the words of the distribution and of what made its initramfs. */
#include <string.h>

#include "checks/drivers.h"
#include "checks/grub.h"

static const char *maker(const struct br_image *img, const struct br_chain *c)
{
	if (c->initramfs.made_by)
		return c->initramfs.made_by;
	switch (br_system_family(&img->system)) {
	case BR_FAMILY_DEBIAN:
		return "initramfs-tools";
	case BR_FAMILY_REDHAT:
	case BR_FAMILY_SUSE:
		return "dracut";
	case BR_FAMILY_ARCH:
		return "mkinitcpio";
	default:
		return "";
	}
}

static char *with_dracut(const struct br_chain *c, const char *drivers)
{
	/* Its own default for the file differs from one distribution to the next. */
	const char *file = c->n_initrds == 1 && c->initrds[0].shown ? c->initrds[0].shown : NULL;

	return br_format("dracut --force%s%s%s%s%s --kver %s", *drivers ? " --add-drivers \"" : "", drivers,
	                 *drivers ? "\"" : "", file ? " " : "", file ? file : "", c->release);
}

static char *with_initramfs_tools(const struct br_chain *c, const char *drivers)
{
	if (!*drivers)
		return br_format("update-initramfs -u -k %s", c->release);
	return br_format("printf '%%s\\n' %s >> /etc/initramfs-tools/modules && update-initramfs -u -k %s",
	                 drivers, c->release);
}

static char *with_mkinitcpio(const char *drivers)
{
	if (!*drivers)
		return strdup("mkinitcpio -P");
	return br_format("add %s to MODULES in /etc/mkinitcpio.conf, then mkinitcpio -P", drivers);
}

char *br_fix_rebuild(const struct br_image *img, const struct br_chain *c, const char *drivers)
{
	const char *by = maker(img, c);

	if (br_streq(by, "dracut"))
		return with_dracut(c, drivers);
	if (br_streq(by, "initramfs-tools"))
		return with_initramfs_tools(c, drivers);
	if (br_streq(by, "mkinitcpio"))
		return with_mkinitcpio(drivers);
	return br_format("make the initramfs of %s anew%s%s", c->release, *drivers ? " with " : "", drivers);
}

char *br_fix_make(const struct br_image *img, const char *made_by, const char *release)
{
	if (!release)
		release = "VERSION";
	if (br_streq(made_by, "initramfs-tools") || (!made_by && br_system_family(&img->system) == BR_FAMILY_DEBIAN))
		return br_format("update-initramfs -c -k %s", release);
	if (br_system_family(&img->system) == BR_FAMILY_ARCH)
		return br_format("mkinitcpio -P");
	return br_format("dracut --force --kver %s", release);
}

char *br_fix_parameter(const struct br_image *img, const char *parameter)
{
	if (br_system_family(&img->system) == BR_FAMILY_REDHAT)
		return br_format("grubby --update-kernel=ALL --args=%s", parameter);
	return br_format("add %s to GRUB_CMDLINE_LINUX in /etc/default/grub, then %s", parameter,
	                 br_grub_mkconfig(img));
}

/* what is "PARAMETER=" for the command line, "PATH:LINE" for a file. */
static char *unforbid(const struct br_image *img, const struct br_chain *c, const char *what)
{
	br_autofree char *rebuild = NULL;

	if (br_ends(what, "=")) {
		if (br_system_family(&img->system) == BR_FAMILY_REDHAT)
			return br_format("take the driver out of %s: grubby --update-kernel=ALL --remove-args=...",
			                 what);
		return br_format("take the driver out of %s in /etc/default/grub, then %s", what,
		                 br_grub_mkconfig(img));
	}
	rebuild = br_fix_rebuild(img, c, "");
	return rebuild ? br_format("remove that line from %s%.*s, then %s", *what == '/' ? "" : "/",
	                           (int)strcspn(what, ":"), what, rebuild) :
	                 NULL;
}

/* The root's own modules: only the package that brought them can bring them back. */
static char *reinstall(const struct br_image *img, const struct br_chain *c)
{
	switch (br_system_family(&img->system)) {
	case BR_FAMILY_DEBIAN:
		return br_format("apt-get install --reinstall linux-image-%s", c->release);
	case BR_FAMILY_REDHAT:
		return br_format("yum reinstall 'kernel*-%s'", c->release);
	case BR_FAMILY_SUSE:
		return strdup("zypper install --force kernel-default");
	case BR_FAMILY_ARCH:
		return strdup("pacman -S linux");
	default:
		return br_format("install the modules of kernel %s anew", c->release);
	}
}

/* The kernel has the driver nowhere: a package that was left out may bring it, or it is another kernel's. */
static char *more_modules(const struct br_image *img, const struct br_chain *c)
{
	if (br_streq(img->system.os_id, "ubuntu"))
		return br_format("apt-get install linux-modules-extra-%s", c->release);
	switch (br_system_family(&img->system)) {
	case BR_FAMILY_DEBIAN:
		return br_format("apt-get install --reinstall linux-image-%s, or a kernel that has it (linux-image-%s)", c->release,
		                 br_streq(img->system.arch, "aarch64") ? "arm64" : "amd64");
	case BR_FAMILY_REDHAT:
		return br_format("yum install kernel-modules-%s kernel-modules-extra-%s", c->release, c->release);
	default:
		return reinstall(img, c);
	}
}

/* Does the root have a file for it, whatever may be wrong with it? */
static bool root_has(const struct br_chain *c, const char *driver)
{
	const struct br_driver_ask ask = {.name = driver};
	br_autodriver struct br_driver d = {0};

	return !c->root_modules || br_driver_look(c->root_modules, &ask, &d) < 0 || d.state != BR_DRIVER_ABSENT;
}

char *br_fix_driver(const struct br_image *img, const struct br_chain *c, const struct br_driver_rule *rule,
                    const char *driver, const struct br_driver *d)
{
	const char *drivers = br_rule_drivers(img, rule);
	br_autofree char *rebuild = NULL;

	if (d->state == BR_DRIVER_BLACKLISTED)
		return unforbid(img, c, d->what);
	if (driver && !root_has(c, driver))
		return more_modules(img, c);
	if (rule->place == BR_IN_ROOT)
		return reinstall(img, c);
	if (d->state == BR_DRIVER_ABSENT)
		return br_fix_rebuild(img, c, drivers ? drivers : "");
	rebuild = br_fix_rebuild(img, c, drivers ? drivers : "");
	return rebuild ? br_format("depmod -a %s && %s", c->release, rebuild) : NULL;
}
