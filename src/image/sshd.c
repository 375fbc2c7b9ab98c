/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The SSH server of a root: program, release, configuration, and what it needs beside. */
#include <errno.h>
#include <string.h>

#include "base/limits.h"
#include "base/num.h"
#include "image/sshd.h"
#include "image/volume.h"

static int find_program(const struct br_root *root, struct br_sshd *s, struct br_blob *blob)
{
	static const char *const paths[] = {"/usr/sbin/sshd", "/usr/bin/sshd", "/sbin/sshd", "/usr/local/sbin/sshd"};

	for (size_t i = 0; i < BR_ARRAY_SIZE(paths); i++) {
		int r = br_root_read(root, paths[i], BR_SSHD_PROGRAM_MAX, blob);

		if (r == -ENOENT || r == -ENOTDIR || r == -ELOOP || r == -EMEDIUMTYPE)
			continue;
		if (r < 0)
			return r;
		s->program = strdup(paths[i]);
		return s->program ? 0 : -ENOMEM;
	}
	return 0;
}

/* Digits up to a stop, moving *at on; -1: none. */
static int digits(const char **at, const char *end)
{
	size_t n = 0;
	uint64_t v;

	while (*at + n < end && (*at)[n] >= '0' && (*at)[n] <= '9')
		n++;
	if (br_parse_uint(*at, n, 10, 0, 99, &v) < 0)
		return -1;
	*at += n;
	return (int)v;
}

unsigned br_sshd_release(const char *buf, size_t len, char **ret)
{
	static const char mark[] = "OpenSSH_";
	const char *end = buf + len;

	*ret = NULL;
	for (const char *at = buf; (at = memmem(at, (size_t)(end - at), mark, strlen(mark)));) {
		const char *start = at;
		int major, minor;
		size_t n = 0;

		at += strlen(mark);
		major = digits(&at, end);
		if (major < 0 || at >= end || *at++ != '.')
			continue;
		minor = digits(&at, end);
		/* "OpenSSH_6.6.1p1"; but lists of old peers say "OpenSSH_6.6.1*". */
		if (minor >= 0 && end - at > 1 && *at == '.' && at[1] >= '0' && at[1] <= '9') {
			at++;
			digits(&at, end);
		}
		if (minor < 0 || at >= end || *at != 'p')
			continue;
		while (start + n < end && start[n] >= ' ' && start[n] < 127 && n < 80)
			n++;
		*ret = strndup(start, n);
		return (unsigned)(major * 100 + minor);
	}
	return 0;
}

char *br_dpkg_version(const char *buf, const char *package)
{
	br_autofree char *mark = br_format("Package: %s\n", package);

	for (const char *at = buf; mark && (at = strstr(at, mark)); at++) {
		const char *end = strstr(at, "\n\n"), *version = strstr(at, "\nVersion: "), *status = strstr(at, "\nStatus: ");
		const char *colon;
		size_t n;

		if (at > buf && at[-1] != '\n')
			continue;
		if (!version || (end && version > end))
			return NULL;
		if (status && (!end || status < end) && !strstr(status, " installed\n"))
			return NULL;
		version += strlen("\nVersion: ");
		n = strcspn(version, "\n");
		colon = memchr(version, ':', n);
		return colon ? strndup(colon + 1, n - (size_t)(colon + 1 - version)) : strndup(version, n);
	}
	return NULL;
}

/* A program that does not tell its release may be of a package that does. */
static int release_by_package(const struct br_root *root, struct br_sshd *s)
{
	br_autoblob struct br_blob blob = {0};
	br_autofree char *version = NULL, *text = NULL;
	int r = br_root_read(root, "/var/lib/dpkg/status", BR_SSHD_STATUS_MAX, &blob);

	if (r == -ENOMEM)
		return r;
	if (r < 0)
		return 0;
	version = br_dpkg_version(blob.data, "openssh-server");
	text = version ? br_format("OpenSSH_%s", version) : NULL;
	if (text)
		s->release = br_sshd_release(text, strlen(text), &s->version);
	return 0;
}

/* The first words of lines, up to a separator: names of passwd(5), of services(5). -ENOENT: no such file. */
static int names_of(const struct br_root *root, const char *path, bool services, struct br_strv *ret)
{
	br_autoblob struct br_blob blob = {0};
	br_autostrv struct br_strv lines = {0};
	int r = br_root_read(root, path, BR_CONFIG_MAX, &blob);

	if (r < 0)
		return r;
	br_strv_split(&lines, blob.data, "\r\n");
	for (size_t i = 0; i < lines.n; i++) {
		const char *l = lines.v[i];

		if (!services)
			br_strv_addn(ret, l, strcspn(l, ":"));
		else if (strstr(l, "/tcp") && *l != '#')
			br_strv_addn(ret, l, strcspn(l, " \t"));
	}
	return lines.oom || ret->oom ? -ENOMEM : 0;
}

/* A line of sysusers.d(5) that makes the user sshd: "u sshd ..." or "u! sshd ...". */
static bool makes_sshd(const char *text)
{
	for (const char *at = text; at; at = strchr(at, '\n') ? strchr(at, '\n') + 1 : NULL) {
		const char *type = at + strspn(at, " \t"), *name = type + strcspn(type, " \t\n");

		if (*type != 'u')
			continue;
		name += strspn(name, " \t");
		if (br_starts(name, "sshd") && strchr(" \t\n", name[4]))
			return true;
	}
	return false;
}

static bool made_by_sysusers(const struct br_root *root)
{
	static const char *const folders[] = {"/usr/lib/sysusers.d", "/etc/sysusers.d"};

	for (size_t i = 0; i < BR_ARRAY_SIZE(folders); i++) {
		br_autostrv struct br_strv names = {0};

		if (br_root_list(root, folders[i], &names) < 0)
			continue;
		for (size_t j = 0; j < names.n; j++) {
			br_autofree char *path = br_format("%s/%s", folders[i], names.v[j]);
			br_autoblob struct br_blob blob = {0};

			if (path && br_root_read(root, path, BR_CONFIG_MAX, &blob) == 0 && makes_sshd(blob.data))
				return true;
		}
	}
	return false;
}

/* The folder into which sshd locks its child. What is below /run or /var/run the unit makes. */
static int look_for_folder(const struct br_root *root, const struct br_fstab *fstab, const struct br_blob *program,
                           struct br_sshd *s)
{
	static const char *const folders[] = {"/usr/share/empty.sshd", "/var/empty/sshd", "/var/lib/empty", "/var/empty"};

	for (size_t i = 0; i < BR_ARRAY_SIZE(folders); i++) {
		struct stat st;

		if (!program->data || !memmem(program->data, program->len, folders[i], strlen(folders[i]) + 1))
			continue;
		if (br_root_stat(root, folders[i], &st) == 0 && S_ISDIR(st.st_mode))
			return 0;
		s->no_folder = strdup(folders[i]);
		s->folder_hidden = br_hidden_by(root, fstab, folders[i]);
		return s->no_folder ? 0 : -ENOMEM;
	}
	return 0;
}

static int read_config(const struct br_sshd_ask *ask, struct br_sshd *s)
{
	static const char *const paths[] = {"/etc/ssh/sshd_config", "/usr/etc/ssh/sshd_config"};

	for (size_t i = 0; i < BR_ARRAY_SIZE(paths); i++) {
		br_autoblob struct br_blob blob = {0};
		int r = br_root_read(ask->root, paths[i], BR_CONFIG_MAX, &blob);

		if (r == -ENOENT || r == -ENOTDIR)
			continue;
		s->config = strdup(paths[i]);
		if (!s->config || r == -ENOMEM)
			return -ENOMEM;
		if (r < 0) {
			s->config_why = strdup(br_strerror(-r));
			return s->config_why ? 0 : -ENOMEM;
		}
		return s->release ? br_sshd_conf_parse(ask, paths[i], blob.data, blob.len, &s->conf) : 0;
	}
	return 0;
}

/* With StrictModes sshd passes over keys that others could have put there. */
static int look_at_home(const struct br_root *root, struct br_sshd *s)
{
	static const char *const paths[] = {"/root", "/root/.ssh", "/root/.ssh/authorized_keys"};
	const char *strict = s->conf.set[BR_SSHD_STRICT_MODES].text;

	if (strict && strcasecmp(strict, "no") == 0)
		return 0;
	for (size_t i = 0; i < BR_ARRAY_SIZE(paths); i++) {
		struct stat st;

		if (br_root_stat(root, paths[i], &st) < 0 || (st.st_uid == 0 && !(st.st_mode & 022)))
			continue;
		s->open_folder = strdup(paths[i]);
		return s->open_folder ? 0 : -ENOMEM;
	}
	return 0;
}

static int read_all(const struct br_root *root, enum br_family family, const struct br_fstab *fstab,
                    const struct br_units *units, struct br_sshd *s)
{
	br_autoblob struct br_blob program = {0};
	br_autostrv struct br_strv users = {0}, services = {0};
	struct br_sshd_ask ask = {.family = family, .root = root};
	int r = find_program(root, s, &program), named;

	if (r < 0 || !s->program)
		return r;
	s->release = br_sshd_release(program.data, program.len, &s->version);
	if (!s->release)
		r = release_by_package(root, s);
	if (r < 0)
		return r;
	named = names_of(root, "/etc/passwd", false, &users);
	r = named == 0 ? names_of(root, "/usr/lib/passwd", false, &users) : named;
	if (r == -ENOMEM || names_of(root, "/etc/services", true, &services) == -ENOMEM)
		return -ENOMEM;
	s->no_user = named == 0 && !br_strv_has(&users, "sshd") && !made_by_sysusers(root);
	s->held_back = br_root_exists(root, "/etc/ssh/sshd_not_to_be_run");
	ask.release = s->release;
	ask.version = s->version;
	ask.users = named == 0 ? &users : NULL;
	ask.services = services.n ? &services : NULL;
	ask.program.data = program.data;
	ask.program.len = program.len;
	r = read_config(&ask, s);
	if (r == 0)
		r = look_for_folder(root, fstab, &program, s);
	if (r == 0)
		r = look_at_home(root, s);
	if (r == 0)
		r = br_sshd_keys(root, family, s);
	return r == 0 && units ? br_sshd_key_maker(root, units, s) : r;
}

int br_sshd_read(const struct br_root *root, enum br_family family, const struct br_fstab *fstab,
                 const struct br_units *units, struct br_sshd *ret)
{
	br_cleanup(br_sshd_free) struct br_sshd s = {0};
	int r = read_all(root, family, fstab, units, &s);

	if (r < 0)
		return r;
	*ret = s;
	s = (struct br_sshd){0};
	return 0;
}

void br_sshd_free(struct br_sshd *s)
{
	free(s->program);
	free(s->version);
	free(s->config);
	free(s->config_why);
	br_sshd_conf_free(&s->conf);
	for (size_t i = 0; i < s->n_keys; i++) {
		free(s->keys[i].path);
		free(s->keys[i].why);
		free(s->keys[i].named_in);
	}
	free(s->keys);
	free(s->maker);
	free(s->no_folder);
	free(s->open_folder);
	*s = (struct br_sshd){0};
}
