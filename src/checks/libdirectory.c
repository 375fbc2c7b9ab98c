/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "checks/drivers.h"

static const struct br_code codes[] = {
	{"libdir-dangling", BR_BASIS_BOOT, "a folder of programs or libraries is a link that leads to none"},
	{"libdir-other-dangling", BR_BASIS_POLICY, "the same of a folder that nothing of the boot comes from"},
	{"libdir-absolute", BR_BASIS_POLICY, "a link at the top level that begins with /"},
	{"libdir-elsewhere", BR_BASIS_POLICY, "a link at the top level to another folder than its own below /usr"},
	{"usr-half-merged", BR_BASIS_POLICY, "some of /bin, /sbin and /lib lead into /usr and some do not"},
	{"loader-missing", BR_BASIS_BOOT, "the dynamic loader that the first program names is not there or does not run"},
	{"library-missing", BR_BASIS_BOOT, "a library that the first program needs is nowhere"},
	{"library-damaged", BR_BASIS_BOOT, "a library that the first program needs is empty, cut or of another machine"},
	{"init-damaged", BR_BASIS_BOOT, "the first program is there and cannot be executed"},
	{"shell-broken", BR_BASIS_POLICY, "/bin/sh is not there or does not run"},
	{"libdir-not-read", BR_BASIS_POLICY, "a folder, program or library could not be looked at"},
};

static enum br_severity severity(const struct br_image *img)
{
	return br_judge_severity(img, "LibDirectory");
}

static bool is_top(const char *path)
{
	return !strchr(path + 1, '/');
}

/* 32-bit programs' and helpers' folders: a server comes up without them. */
static bool is_side(const char *path)
{
	return br_ends(path, "32") || br_ends(path, "/libexec");
}

static bool is_merged(const struct br_libdir *d)
{
	return d->kind == BR_LIBDIR_LINK;
}

static void judge_dir(const struct br_image *img, const struct br_libdir *d, struct br_result *res)
{
	br_autofree char *fix = is_top(d->path) && strcmp(d->path, "/usr") != 0
	                                ? br_format("ln -sfn usr%s %s", d->path, d->path)
	                                : br_format("put the folder %s back from the distribution's packages", d->path);
	bool side = is_side(d->path);

	switch (d->kind) {
	case BR_LIBDIR_DANGLING:
	case BR_LIBDIR_CIRCLE:
	case BR_LIBDIR_OTHER:
		br_find(res, side ? "libdir-other-dangling" : "libdir-dangling", side ? BR_SEV_WARNING : severity(img), d->path, 0,
		        fix, "%s%s%s: %s", d->target ? "a link to " : "", d->target ? d->target : "",
		        d->target ? "" : "it is no folder",
		        d->kind == BR_LIBDIR_CIRCLE     ? "which leads round in a circle"
		        : d->kind == BR_LIBDIR_DANGLING ? "which is not there"
		                                        : "what is there is no folder");
		break;
	case BR_LIBDIR_UNREAD:
		br_find(res, "libdir-not-read", BR_SEV_UNKNOWN, d->path, 0, NULL, "%s", br_strerror(d->err));
		break;
	case BR_LIBDIR_LINK:
		if (d->absolute && is_top(d->path))
			br_find(res, "libdir-absolute", severity(img), d->path, 0, fix,
			        "a link to %s: from an initramfs or a rescue system that is another folder; dracut's tools and "
			        "upgrades refuse it", d->target);
		else if (d->elsewhere && is_top(d->path))
			br_find(res, "libdir-elsewhere", BR_SEV_WARNING, d->path, 0, fix,
			        "a link to %s, not to the folder below /usr that its name stands for", d->target);
		break;
	default:
		break;
	}
}

static void judge_merge(const struct br_image *img, struct br_result *res)
{
	static const char *const names[] = {"/bin", "/sbin", "/lib"};
	const struct br_libdir *merged = NULL, *apart = NULL;

	for (size_t i = 0; i < img->libdirs.n; i++) {
		const struct br_libdir *d = &img->libdirs.dirs[i];

		for (size_t n = 0; n < BR_ARRAY_SIZE(names); n++) {
			if (strcmp(d->path, names[n]) != 0)
				continue;
			if (is_merged(d))
				merged = d;
			else if (d->kind == BR_LIBDIR_FOLDER)
				apart = d;
		}
	}
	if (merged && apart)
		br_find(res, "usr-half-merged", BR_SEV_WARNING, apart->path, 0,
		        br_system_family(&img->system) == BR_FAMILY_DEBIAN
		                ? "apt-get install usrmerge"
		                : "move what is in it below /usr, and put a link in its place, from a rescue system",
		        "a folder of its own, while %s leads into /usr: programs are looked for where they are not, and package "
		        "upgrades stop", merged->path);
}

static const char *libc_fix(const struct br_image *img)
{
	switch (br_system_family(&img->system)) {
	case BR_FAMILY_DEBIAN:
		return "apt-get install --reinstall libc6 (from a rescue system: dpkg --root=DIR -i libc6_*.deb)";
	case BR_FAMILY_REDHAT:
		return "dnf reinstall glibc (from a rescue system: dnf --installroot=DIR reinstall glibc)";
	case BR_FAMILY_SUSE:
		return "zypper install --force glibc (from a rescue system: zypper --root DIR install --force glibc)";
	case BR_FAMILY_ARCH:
		return "pacman -S glibc (from a rescue system: pacman --root DIR -S glibc)";
	default:
		return "reinstall the C library's package from a rescue system";
	}
}

static char *library_fix(const struct br_image *img, const char *name)
{
	if (br_starts(name, "libc.so") || br_starts(name, "ld-linux") || br_starts(name, "libm.so"))
		return strdup(libc_fix(img));
	switch (br_system_family(&img->system)) {
	case BR_FAMILY_DEBIAN:
		return br_format("apt-get install --reinstall the package that dpkg -S %s names", name);
	case BR_FAMILY_REDHAT:
		return br_format("dnf reinstall the package that dnf provides '*/%s' names", name);
	case BR_FAMILY_SUSE:
		return br_format("zypper install --force the package that zypper search --provides %s names", name);
	case BR_FAMILY_ARCH:
		return br_format("pacman -S the package that pacman -F %s names", name);
	default:
		return br_format("reinstall the package that brings %s", name);
	}
}

static const char *program_fix(const struct br_image *img, enum br_libdir_program_role role)
{
	bool init = role == BR_ROLE_INIT;

	switch (br_system_family(&img->system)) {
	case BR_FAMILY_DEBIAN:
		return init ? "apt-get install --reinstall systemd systemd-sysv" : "apt-get install --reinstall dash";
	case BR_FAMILY_REDHAT:
		return init ? "dnf reinstall systemd" : "dnf reinstall bash";
	case BR_FAMILY_SUSE:
		return init ? "zypper install --force systemd" : "zypper install --force bash-sh";
	case BR_FAMILY_ARCH:
		return init ? "pacman -S systemd systemd-sysvcompat" : "pacman -S bash";
	default:
		return init ? "reinstall the package that brings the first program" : "reinstall the shell's package";
	}
}

static void judge_init(const struct br_image *img, const struct br_libdir_program *p, struct br_result *res)
{
	const struct br_program *look = &p->look;
	br_autofree char *fix = look->which ? library_fix(img, look->which) : NULL;

	switch (look->state) {
	case BR_PROGRAM_NO_INTERPRETER:
		br_find(res, "loader-missing", severity(img), look->which, 0, libc_fix(img), "%s needs it, and it %s",
		        look->by ? look->by : p->path, br_program_state_text(look->state));
		break;
	case BR_PROGRAM_NO_LIBRARY:
	case BR_PROGRAM_BAD_LIBRARY:
		br_find(res, look->state == BR_PROGRAM_NO_LIBRARY ? "library-missing" : "library-damaged", severity(img),
		        look->by, 0, fix, "%s, which it needs, %s", look->which, br_program_state_text(look->state));
		break;
	case BR_PROGRAM_EMPTY:
	case BR_PROGRAM_NO_FORMAT:
	case BR_PROGRAM_CUT:
	case BR_PROGRAM_OTHER_MACHINE:
		br_find(res, "init-damaged", severity(img), p->path, 0, program_fix(img, p->role), "the first program %s",
		        br_program_state_text(look->state));
		break;
	case BR_PROGRAM_UNREAD:
		br_find(res, "libdir-not-read", BR_SEV_UNKNOWN, p->path, 0, NULL, "%s", br_strerror(look->err));
		break;
	default:
		/* What is not there at all Grub says, which knows init= too. */
		break;
	}
}

static void judge_shell(const struct br_image *img, const struct br_libdir_program *p, struct br_result *res)
{
	const struct br_program *look = &p->look;

	if (look->state == BR_PROGRAM_UNREAD)
		br_find(res, "libdir-not-read", BR_SEV_UNKNOWN, p->path, 0, NULL, "%s", br_strerror(look->err));
	else if (look->state != BR_PROGRAM_RUNS && look->which)
		br_find(res, "shell-broken", severity(img), p->path, 0, program_fix(img, p->role), "it needs %s, which %s",
		        look->which, br_program_state_text(look->state));
	else if (look->state != BR_PROGRAM_RUNS)
		br_find(res, "shell-broken", severity(img), p->path, 0, program_fix(img, p->role), "it %s",
		        br_program_state_text(look->state));
}

static void run(const struct br_image *img, struct br_result *res)
{
	for (size_t i = 0; i < img->libdirs.n; i++)
		judge_dir(img, &img->libdirs.dirs[i], res);
	judge_merge(img, res);
	for (size_t i = 0; i < img->libdirs.n_programs; i++) {
		const struct br_libdir_program *p = &img->libdirs.programs[i];

		if (p->role == BR_ROLE_INIT)
			judge_init(img, p, res);
		else
			judge_shell(img, p, res);
	}
	br_conclude(res);
}

const struct br_check br_check_libdirectory = {
	.id = "LibDirectory",
	.level = BR_LEVEL_HIGH,
	.title = "programs, loader and libraries are where they are sought",
	.needs = BR_NEED_REPLAYED | BR_NEED_USR | BR_NEED_LIBDIRS,
	.codes = codes,
	.n_codes = BR_ARRAY_SIZE(codes),
	.reads = "/usr, /bin, /sbin, /lib, /lib64, /lib32 and their like below /usr: folders, or links and where they lead; the "
		 "first program (/sbin/init) and /bin/sh with the loader that they name and every library that they need, looked "
		 "for as the loader does: RPATH, RUNPATH, /etc/ld.so.conf, musl's path file, the distributions' own folders.",
	.fails = "When such a link leads nowhere or is absolute at the top level; when the loader or a library behind the first "
		 "program or the shell is not there, empty, cut short or of another machine. A warning: a link to another folder "
		 "than its own, a /usr that is merged in part.",
	.why = "Without loader or C library not one program starts: the kernel panics as soon as it runs the first. An absolute "
	       "link leads elsewhere when it is followed from an initramfs or a rescue system: dracut and the import's own "
	       "tools stop there, though the machine itself boots.",
	.mend = "Put the link back (ln -sfn usr/lib /lib), or reinstall the C library's package from a rescue system.",
	.run = run,
};
