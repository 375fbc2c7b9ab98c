/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>

#include "base/limits.h"
#include "image/firewall-internal.h"

static void passing_free(struct br_passing *p)
{
	free(p->path);
	free(p->why);
}

void br_firewalls_free(struct br_firewalls *f)
{
	passing_free(&f->ufw);
	passing_free(&f->nftables);
	passing_free(&f->iptables);
	passing_free(&f->firewalld);
	passing_free(&f->susefirewall);
	*f = (struct br_firewalls){0};
}

/* What could not be followed: said, with the reason. */
static int unread(struct br_passing *p, const char *path, int r)
{
	if (r == -ENOMEM)
		return r;
	return br_passing_set(p, BR_PASSAGE_UNKNOWN, path, 0,
	                      br_format("%s", r == -E2BIG || r == -ELOOP ? "there is more of it than is followed" : br_strerror(-r)));
}

static int add_iptables(const struct br_root *root, const char *path, struct br_fw *fw)
{
	br_autoblob struct br_blob blob = {0};
	int r = br_root_read(root, path, BR_CONFIG_MAX, &blob);

	return r < 0 ? r : br_iptables_parse(path, blob.data, blob.len, fw);
}

/* netfilter-persistent's, Red Hat's, Arch's, Alpine's and Gentoo's. */
static int read_iptables(const struct br_root *root, struct br_passing *ret)
{
	static const char *const paths[] = {"/etc/iptables/rules.v4", "/etc/sysconfig/iptables", "/etc/iptables/iptables.rules",
	                                    "/etc/iptables/rules-save", "/var/lib/iptables/rules-save"};

	for (size_t i = 0; i < BR_ARRAY_SIZE(paths); i++) {
		br_cleanup(br_fw_free) struct br_fw fw = {0};
		int r = add_iptables(root, paths[i], &fw);

		if (r == -ENOENT)
			continue;
		return r < 0 ? unread(ret, paths[i], r) : br_fw_judge(&fw, ret);
	}
	return 0;
}

static int read_nftables(const struct br_root *root, struct br_passing *ret)
{
	static const char *const paths[] = {"/etc/sysconfig/nftables.conf", "/etc/nftables.conf", "/etc/nftables.nft",
	                                    "/etc/nftables/rules/main.nft"};

	for (size_t i = 0; i < BR_ARRAY_SIZE(paths); i++) {
		br_cleanup(br_fw_free) struct br_fw fw = {0};
		br_autoblob struct br_blob blob = {0};
		int r = br_root_read(root, paths[i], BR_CONFIG_MAX, &blob);

		if (r == -ENOENT)
			continue;
		if (r == 0)
			r = br_nft_parse(root, paths[i], blob.data, blob.len, &fw);
		return r < 0 ? unread(ret, paths[i], r) : br_fw_judge(&fw, ret);
	}
	return 0;
}

/* KEY=value or KEY="value" of a shell's file; the last one counts. Owned, NULL: not there. */
static char *shell_value(const char *text, const char *key, unsigned *ret_line)
{
	char *found = NULL;
	size_t n = strlen(key);
	unsigned line = 0;

	for (const char *at = text, *next; at && *at; at = next) {
		const char *end = strchrnul(at, '\n');

		next = *end ? end + 1 : NULL;
		line++;
		at += strspn(at, " \t");
		if (strncmp(at, key, n) != 0 || at[n] != '=')
			continue;
		at += n + 1;
		at += *at == '"' || *at == '\'';
		free(found);
		found = strndup(at, strcspn(at, "\"'\r\n#"));
		*ret_line = line;
	}
	return found;
}

static int read_value(const struct br_root *root, const char *path, const char *key, char **ret, unsigned *ret_line)
{
	br_autoblob struct br_blob blob = {0};
	int r = br_root_read(root, path, BR_CONFIG_MAX, &blob);

	if (r == 0)
		*ret = shell_value(blob.data, key, ret_line);
	return r;
}

/* What ufw's own scripts put around the files: INPUT jumps to them, and ends with the default policy. */
static const char ufw_frame[] = "*filter\n:INPUT %s [0:0]\n-A INPUT -j ufw-before-input\n-A INPUT -j ufw-after-input\n";
static const char ufw_hook[] = "*filter\n-A ufw-before-input -j ufw-user-input\n";

static int ufw_policy(const struct br_root *root, struct br_fw *fw)
{
	static const char path[] = "/etc/default/ufw";
	br_autofree char *policy = NULL, *text = NULL;
	unsigned line = 0;
	int r = read_value(root, path, "DEFAULT_INPUT_POLICY", &policy, &line);

	if (r < 0 && r != -ENOENT)
		return r;
	text = br_format(ufw_frame, policy && strcmp(policy, "ACCEPT") == 0 ? "ACCEPT" : "DROP");
	r = text ? br_iptables_parse(path, text, strlen(text), fw) : -ENOMEM;
	for (size_t i = 0; r == 0 && i < fw->n; i++)
		if (fw->chains[i].base)
			fw->chains[i].policy_line = line;
	return r;
}

static int ufw_rules(const struct br_root *root, struct br_fw *fw)
{
	int r = ufw_policy(root, fw);

	if (r == 0)
		r = add_iptables(root, "/etc/ufw/before.rules", fw);
	if (r == 0 || r == -ENOENT)
		r = br_iptables_parse("/etc/ufw/before.rules", ufw_hook, strlen(ufw_hook), fw);
	if (r == 0)
		r = add_iptables(root, "/etc/ufw/user.rules", fw);
	if (r == -ENOENT)
		r = add_iptables(root, "/lib/ufw/user.rules", fw);
	if (r == 0 || r == -ENOENT)
		r = add_iptables(root, "/etc/ufw/after.rules", fw);
	return r == -ENOENT ? 0 : r;
}

static int read_ufw(const struct br_root *root, struct br_firewalls *f)
{
	br_cleanup(br_fw_free) struct br_fw fw = {0};
	br_autofree char *enabled = NULL;
	unsigned line = 0;
	int r = read_value(root, "/etc/ufw/ufw.conf", "ENABLED", &enabled, &line);

	if (r < 0)
		return r == -ENOENT ? 0 : unread(&f->ufw, "/etc/ufw/ufw.conf", r);
	f->ufw_enabled = enabled && strcasecmp(enabled, "yes") == 0;
	r = ufw_rules(root, &fw);
	return r < 0 ? unread(&f->ufw, "/etc/ufw/user.rules", r) : br_fw_judge(&fw, &f->ufw);
}

/* Services of the external zone: "ssh", ports and ranges, and files by name. */
static int read_suse(const struct br_root *root, struct br_passing *ret)
{
	static const char path[] = "/etc/sysconfig/SuSEfirewall2";
	br_autofree char *ports = NULL, *files = NULL;
	br_autostrv struct br_strv words = {0}, names = {0};
	unsigned line = 0, other = 0;
	int r = read_value(root, path, "FW_SERVICES_EXT_TCP", &ports, &line);

	if (r == 0)
		r = read_value(root, path, "FW_CONFIGURATIONS_EXT", &files, &other);
	if (r < 0)
		return r == -ENOENT ? 0 : unread(ret, path, r);
	br_strv_split(&words, ports ? ports : "", " \t");
	br_strv_split(&names, files ? files : "", " \t");
	for (size_t i = 0; i < words.n; i++)
		if (br_fw_port(words.v[i], ':') == BR_FW_YES)
			return br_passing_set(ret, BR_PASSAGE_OPEN, path, line, NULL);
	return br_passing_set(ret, br_strv_has(&names, "sshd") ? BR_PASSAGE_OPEN : BR_PASSAGE_DROPPED, path, line ? line : other, NULL);
}

int br_firewalls_read(const struct br_root *root, struct br_firewalls *ret)
{
	br_cleanup(br_firewalls_free) struct br_firewalls f = {0};
	int r = read_iptables(root, &f.iptables);

	if (r == 0)
		r = read_nftables(root, &f.nftables);
	if (r == 0)
		r = read_ufw(root, &f);
	if (r == 0)
		r = br_firewalld_read(root, &f.firewalld);
	if (r == 0)
		r = read_suse(root, &f.susefirewall);
	if (r < 0)
		return r;
	*ret = f;
	f = (struct br_firewalls){0};
	return 0;
}
