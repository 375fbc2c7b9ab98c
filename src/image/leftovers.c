/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>

#include "base/limits.h"
#include "image/leftovers.h"
#include "image/volume.h"

enum br_machine_id br_machine_id_parse(const char *buf, size_t len)
{
	size_t digits, zeros;

	while (len && (buf[len - 1] == '\n' || buf[len - 1] == ' ' || buf[len - 1] == '\r'))
		len--;
	if (!len)
		return BR_ID_EMPTY;
	if (len == strlen("uninitialized") && memcmp(buf, "uninitialized", len) == 0)
		return BR_ID_UNINITIALIZED;
	digits = strspn(buf, "0123456789abcdefABCDEF");
	zeros = strspn(buf, "0");
	return len == 32 && digits == 32 && zeros < 32 ? BR_ID_VALUE : BR_ID_GARBAGE;
}

static enum br_machine_id read_id(const struct br_root *root, const char *path, int *err)
{
	br_autoblob struct br_blob b = {0};
	int r = br_root_read(root, path, BR_CONFIG_MAX, &b);

	if (r == -ENOENT || r == -ENOTDIR || r == -ELOOP)
		return BR_ID_ABSENT;
	if (r == -EISDIR || r == -EMEDIUMTYPE || r == -EFBIG)
		return BR_ID_GARBAGE;
	if (r < 0) {
		*err = -r;
		return BR_ID_UNREAD;
	}
	return br_machine_id_parse(b.data, b.len);
}

static int add(struct br_leftovers *l, enum br_leftover_kind kind, const char *path, unsigned line, const char *what)
{
	struct br_leftover *new;

	if (l->count[kind]++ >= BR_LEFTOVERS_SHOWN)
		return 0;
	if (br_grow(&l->v, &l->cap, l->n, sizeof(*l->v)) < 0)
		return -ENOMEM;
	new = &l->v[l->n];
	*new = (struct br_leftover){kind, strdup(path), line, what ? strdup(what) : NULL};
	l->n++;
	return new->path && (new->what || !what) ? 0 : -ENOMEM;
}

/* The third word of "Status: install ok half-configured". What waits for a trigger works. */
static bool is_unfinished(const char *state, size_t len)
{
	static const char *const states[] = {"unpacked", "half-configured", "half-installed"};

	for (size_t i = 0; i < BR_ARRAY_SIZE(states); i++)
		if (len == strlen(states[i]) && memcmp(state, states[i], len) == 0)
			return true;
	return false;
}

static int take_status(const char *value, size_t len, const char *name, size_t name_len, const char *path, unsigned line,
                       struct br_leftovers *ret)
{
	const char *state = value + len;
	br_autofree char *what = NULL;

	while (state > value && state[-1] != ' ')
		state--;
	if (!name || !is_unfinished(state, (size_t)(value + len - state)))
		return 0;
	what = br_format("%.*s is %.*s", (int)(name_len < 200 ? name_len : 200), name, (int)(value + len - state), state);
	return what ? add(ret, BR_LEFT_PACKAGE, path, line, what) : -ENOMEM;
}

int br_dpkg_status_parse(const char *buf, size_t len, const char *path, struct br_leftovers *ret)
{
	const char *name = NULL;
	size_t name_len = 0;
	unsigned line = 0;
	int r = 0;

	for (const char *at = buf, *end = buf + len; r == 0 && at < end;) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		size_t n = (size_t)((stop ? stop : end) - at);

		line++;
		if (!n) {
			name = NULL;
		} else if (n > 9 && memcmp(at, "Package: ", 9) == 0) {
			name = at + 9;
			name_len = n - 9;
		} else if (n > 8 && memcmp(at, "Status: ", 8) == 0) {
			r = take_status(at + 8, n - 8, name, name_len, path, line, ret);
		}
		at = stop ? stop + 1 : end;
	}
	return r;
}

static int read_dpkg(const struct br_root *root, struct br_leftovers *l)
{
	static const char path[] = "/var/lib/dpkg/status";
	br_autoblob struct br_blob b = {0};
	int r = br_root_read(root, path, BR_PACKAGES_MAX, &b);

	if (r == 0)
		return br_dpkg_status_parse(b.data, b.len, path, l);
	if (r == -ENOMEM)
		return r;
	if (r != -ENOENT && r != -ENOTDIR)
		l->err[BR_LEFT_PACKAGE] = -r;
	return 0;
}

/* Names in a folder that a test takes; what is empty is no trace. */
static int look_in(const struct br_root *root, const char *folder, enum br_leftover_kind kind,
                   bool (*is_one)(const char *name), struct br_leftovers *l)
{
	br_autostrv struct br_strv names = {0};
	int r = br_root_list(root, folder, &names);

	if (r == -ENOMEM)
		return r;
	if (r < 0 && r != -ENOENT && r != -ENOTDIR)
		l->err[kind] = -r;
	for (size_t i = 0; r == 0 && i < names.n; i++) {
		br_autofree char *path = br_format("%s/%s", folder, names.v[i]);
		struct stat st;

		if (!path)
			return -ENOMEM;
		if (is_one(names.v[i]) && br_root_stat(root, path, &st) == 0 && S_ISREG(st.st_mode) && st.st_size)
			r = add(l, kind, path, 0, NULL);
	}
	return r == -ENOMEM ? r : 0;
}

static bool is_host_key(const char *name)
{
	return br_starts(name, "ssh_host_") && br_ends(name, "_key");
}

static bool is_lease(const char *name)
{
	/* wicked calls them lease-eth0-dhcp-ipv4.xml. */
	return strstr(name, ".lease") || br_starts(name, "lease-");
}

/* dpkg's journal of what it was about to do: numbers; empty where it was done. */
static bool is_number(const char *name)
{
	return name[strspn(name, "0123456789")] == '\0';
}

static int look_at(const struct br_root *root, const char *path, enum br_leftover_kind kind, struct br_leftovers *l)
{
	struct stat st;

	return br_root_stat(root, path, &st) == 0 && S_ISREG(st.st_mode) && st.st_size ? add(l, kind, path, 0, NULL) : 0;
}

static int look_home(const struct br_root *root, const char *home, struct br_leftovers *l)
{
	static const struct {
		const char *name;
		enum br_leftover_kind kind;
	} files[] = {
		{".bash_history", BR_LEFT_HISTORY}, {".zsh_history", BR_LEFT_HISTORY},     {".ash_history", BR_LEFT_HISTORY},
		{".sh_history", BR_LEFT_HISTORY},   {".python_history", BR_LEFT_HISTORY}, {".mysql_history", BR_LEFT_HISTORY},
		{".ssh/authorized_keys", BR_LEFT_AUTHORIZED_KEYS},
	};
	int r = 0;

	for (size_t i = 0; r == 0 && i < BR_ARRAY_SIZE(files); i++) {
		br_autofree char *path = br_format("%s/%s", home, files[i].name);

		r = path ? look_at(root, path, files[i].kind, l) : -ENOMEM;
	}
	return r;
}

static int look_homes(const struct br_root *root, struct br_leftovers *l)
{
	br_autostrv struct br_strv names = {0};
	int r = look_home(root, "/root", l);

	if (r < 0)
		return r;
	r = br_root_list(root, "/home", &names);
	for (size_t i = 0; r == 0 && i < names.n; i++) {
		br_autofree char *home = br_format("/home/%s", names.v[i]);

		r = home ? look_home(root, home, l) : -ENOMEM;
	}
	return r == -ENOMEM ? r : 0;
}

/*
 * rpm's own lock and pacman's database stay; pacman's lock is there only while it works. rpm's .rebuilddb is no trace of
 * work that was stopped: an update leaves it, and the next boot makes the database anew.
 */
static int look_package_work(const struct br_root *root, struct br_leftovers *l)
{
	struct stat st;
	int r = look_in(root, "/var/lib/dpkg/updates", BR_LEFT_PACKAGE_WORK, is_number, l);

	if (r == 0 && br_root_stat(root, "/var/lib/pacman/db.lck", &st) == 0)
		r = add(l, BR_LEFT_PACKAGE_WORK, "/var/lib/pacman/db.lck", 0, NULL);
	return r;
}

static int note_hidden(const struct br_root *root, const struct br_fstab *fstab, struct br_leftovers *l)
{
	static const char *const folders[] = {"/etc/ssh", "/root", "/home", "/var/lib/dpkg", "/var/lib/dhcp"};

	for (size_t i = 0; i < BR_ARRAY_SIZE(folders); i++) {
		const struct br_fstab_entry *e = br_hidden_by(root, fstab, folders[i]);

		if (e && !br_strv_has(&l->hidden, e->target))
			br_strv_add(&l->hidden, e->target);
	}
	return l->hidden.oom ? -ENOMEM : 0;
}

int br_leftovers_read(const struct br_root *root, const struct br_fstab *fstab, struct br_leftovers *ret)
{
	static const char *const leases[] = {"/var/lib/dhcp", "/var/lib/dhclient", "/var/lib/NetworkManager",
	                                     "/var/lib/dhcpcd", "/var/lib/dhcpcd5", "/var/lib/wicked"};
	br_cleanup(br_leftovers_free) struct br_leftovers l = {0};
	br_autofree char *target = NULL;
	int ignored = 0, r;

	l.id = read_id(root, "/etc/machine-id", &l.id_err);
	l.dbus_id = read_id(root, "/var/lib/dbus/machine-id", &ignored);
	l.dbus_link = br_root_readlink(root, "/var/lib/dbus/machine-id", &target) == 0;
	r = note_hidden(root, fstab, &l);
	if (r == 0)
		r = look_in(root, "/etc/ssh", BR_LEFT_HOST_KEY, is_host_key, &l);
	if (r == 0)
		r = look_homes(root, &l);
	for (size_t i = 0; r == 0 && i < BR_ARRAY_SIZE(leases); i++)
		r = look_in(root, leases[i], BR_LEFT_LEASE, is_lease, &l);
	if (r == 0)
		r = read_dpkg(root, &l);
	if (r == 0)
		r = look_package_work(root, &l);
	if (r < 0)
		return r;
	*ret = l;
	l = (struct br_leftovers){0};
	return 0;
}

void br_leftovers_free(struct br_leftovers *l)
{
	for (size_t i = 0; i < l->n; i++) {
		free(l->v[i].path);
		free(l->v[i].what);
	}
	free(l->v);
	br_strv_free(&l->hidden);
	*l = (struct br_leftovers){0};
}
