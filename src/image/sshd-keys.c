/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* sshd's host keys: which it would load, and who makes those that are not there. */
#include <errno.h>
#include <string.h>

#include "base/limits.h"
#include "base/num.h"
#include "image/sshd.h"

/* "openssh-key-v1", and that followed by the cipher "none", as base64 writes them. */
#define NEW_KEY      "b3BlbnNzaC1rZXktdjEA"
#define NEW_KEY_OPEN NEW_KEY "AAAABG5vbmUA"

const char *br_sshd_key_text(const char *buf)
{
	const char *begin = strstr(buf, "-----BEGIN "), *body = begin ? strchr(begin, '\n') : NULL;

	if (!body || !strstr(buf, " PRIVATE KEY-----") || !strstr(body, "-----END "))
		return "is no private key";
	if (strstr(buf, "ENCRYPTED"))
		return "is locked by a passphrase";
	if (br_starts(begin, "-----BEGIN OPENSSH ") && !br_starts(body + 1, NEW_KEY_OPEN))
		return br_starts(body + 1, NEW_KEY) ? "is locked by a passphrase" : "is no private key";
	return NULL;
}

/* Red Hat lets a group of that name read keys. */
static bool is_keys_group(const struct br_root *root, gid_t gid)
{
	br_autoblob struct br_blob blob = {0};
	const char *at;
	uint64_t v;

	if (br_root_read(root, "/etc/group", BR_CONFIG_MAX, &blob) < 0)
		return false;
	at = br_starts(blob.data, "ssh_keys:") ? blob.data : strstr(blob.data, "\nssh_keys:");
	at = at ? strchr(strchr(at, ':') + 1, ':') : NULL;
	return at && br_parse_uint(at + 1, strspn(at + 1, "0123456789"), 10, 0, UINT32_MAX, &v) == 0 && v == gid;
}

static void judge(const struct br_root *root, enum br_family family, struct br_sshd_key *k, const char **why)
{
	br_autoblob struct br_blob blob = {0};
	struct stat st;
	int r = br_root_stat(root, k->path, &st);
	unsigned open = 0;

	*why = NULL;
	if (r == 0) {
		open = st.st_mode & 077;
		if (family == BR_FAMILY_REDHAT && (open & 040) && is_keys_group(root, st.st_gid))
			open &= ~040U;
		r = br_root_read(root, k->path, BR_CONFIG_MAX, &blob);
	}
	if (r == -ENOENT || r == -ENOTDIR) {
		k->state = BR_SSHD_KEY_MISSING;
	} else if (r < 0) {
		k->state = r == -EMEDIUMTYPE || r == -EISDIR ? BR_SSHD_KEY_REFUSED : BR_SSHD_KEY_UNREAD;
		*why = br_strerror(-r);
	} else {
		*why = st.st_uid == 0 && open ? "can be read by others than root" : br_sshd_key_text(blob.data);
		k->state = *why ? BR_SSHD_KEY_REFUSED : BR_SSHD_KEY_THERE;
	}
}

static int add(const struct br_root *root, enum br_family family, struct br_sshd *s, const char *path,
               const struct br_sshd_value *named)
{
	static const char *const usual[] = {"/etc/ssh/ssh_host_rsa_key", "/etc/ssh/ssh_host_ecdsa_key",
	                                    "/etc/ssh/ssh_host_ed25519_key"};
	struct br_sshd_key *k;
	const char *why;

	if (br_grow(&s->keys, &s->cap_keys, s->n_keys, sizeof(*s->keys)) < 0)
		return -ENOMEM;
	k = &s->keys[s->n_keys++];
	/* A path without a slash before it counts from where the service is started: from the root. */
	*k = (struct br_sshd_key){.path = br_format("%s%s", *path == '/' ? "" : "/", path)};
	if (named) {
		k->named_in = strdup(named->path);
		k->line = named->line;
	}
	if (!k->path || (named && !k->named_in))
		return -ENOMEM;
	if (*path == '~') {
		k->state = BR_SSHD_KEY_UNREAD;
		why = "lies in somebody's home";
	} else {
		judge(root, family, k, &why);
	}
	for (size_t i = 0; i < BR_ARRAY_SIZE(usual); i++)
		k->usual |= strcmp(k->path, usual[i]) == 0;
	k->why = why ? strdup(why) : NULL;
	return why && !k->why ? -ENOMEM : 0;
}

int br_sshd_keys(const struct br_root *root, enum br_family family, struct br_sshd *s)
{
	static const char *const own[] = {"/etc/ssh/ssh_host_rsa_key", "/etc/ssh/ssh_host_ecdsa_key",
	                                  "/etc/ssh/ssh_host_ed25519_key"};
	int r = 0;

	for (size_t i = 0; r == 0 && i < s->conf.n_host_keys; i++)
		r = add(root, family, s, s->conf.host_keys[i].text, &s->conf.host_keys[i]);
	for (size_t i = 0; r == 0 && !s->conf.n_host_keys && i < BR_ARRAY_SIZE(own); i++)
		r = add(root, family, s, own[i], NULL);
	return r;
}

static bool makes_keys(const struct br_root *root, const char *path)
{
	static const char *const words[] = {"ssh-keygen", "sshd-keygen", "sshd-gen-keys", "sshdgenkeys", "ssh-genkeys"};
	br_autoblob struct br_blob blob = {0};

	if (br_root_read(root, path, BR_CONFIG_MAX, &blob) < 0)
		return false;
	for (size_t i = 0; i < BR_ARRAY_SIZE(words); i++)
		if (strstr(blob.data, words[i]))
			return true;
	return false;
}

/* Its unit and what is dropped in beside it: what it runs before sshd, or wants to be there. */
static char *by_own_unit(const struct br_root *root, const struct br_unit *u)
{
	static const char *const folders[] = {"/etc/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system"};

	if (u->path && makes_keys(root, u->path))
		return strdup(u->path);
	for (size_t i = 0; i < BR_ARRAY_SIZE(folders); i++) {
		br_autofree char *folder = br_format("%s/%s.d", folders[i], u->name);
		br_autostrv struct br_strv names = {0};

		if (!folder || br_root_list(root, folder, &names) < 0)
			continue;
		for (size_t j = 0; j < names.n; j++) {
			br_autofree char *path = br_format("%s/%s", folder, names.v[j]);

			if (path && makes_keys(root, path))
				return BR_TAKE(path);
		}
	}
	return NULL;
}

/* Units of their own: of cloud-init, of agents, and those that say so in their names. */
static bool makes_keys_by_name(const struct br_units *units, const struct br_unit *u)
{
	static const char *const agents[] = {"cloud-init.service", "cloud-init-network.service", "cloud-init-main.service",
	                                     "google-guest-agent.service", "google-guest-agent-manager.service",
	                                     "walinuxagent.service", "waagent.service"};

	for (size_t i = 0; i < BR_ARRAY_SIZE(agents); i++)
		if (strcmp(u->name, agents[i]) == 0)
			return true;
	/* Debian's own runs at the first boot alone. */
	if (strcmp(u->name, "sshd-keygen.service") == 0)
		return units->first_boot;
	return strstr(u->name, "keygen") || strstr(u->name, "genkeys") || strstr(u->name, "host-keys") ||
	       strstr(u->name, "host_keys");
}

int br_sshd_key_maker(const struct br_root *root, const struct br_units *units, struct br_sshd *s)
{
	static const char *const names[] = {"sshd.service", "ssh.service", "sshd@.service", "ssh@.service"};

	for (size_t i = 0; !s->maker && i < BR_ARRAY_SIZE(names); i++) {
		const struct br_unit *u = br_unit_find(units, names[i]);

		if (u)
			s->maker = by_own_unit(root, u);
	}
	for (size_t i = 0; !s->maker && i < units->n; i++) {
		const struct br_unit *u = &units->v[i];

		if (!u->starts || !makes_keys_by_name(units, u))
			continue;
		s->maker = strdup(u->path ? u->path : u->name);
		if (!s->maker)
			return -ENOMEM;
	}
	return 0;
}
