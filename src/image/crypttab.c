/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* /etc/crypttab (crypttab(5)): name, device, key, options, by blanks. */
#include <errno.h>

#include "base/limits.h"
#include "image/fstab-internal.h"

static void entry_free(struct br_crypttab_entry *e)
{
	free(e->name);
	free(e->device);
	free(e->key);
	free(e->options);
	br_spec_free(&e->spec);
}

static bool has(const char *options, const char *name)
{
	size_t len;

	return br_option(options, name, &len) != NULL;
}

static int add_line(struct br_fstab *f, const char *line, unsigned number)
{
	br_cleanup(entry_free) struct br_crypttab_entry e = {.line = number};
	br_autostrv struct br_strv words = {0};
	int r;

	br_strv_split(&words, line, " \t");
	if (words.oom)
		return -ENOMEM;
	if (words.n < 2)
		return br_fstab_bad(f, number, line, true);
	e.name = strdup(words.v[0]);
	e.device = strdup(words.v[1]);
	e.key = strdup(words.n > 2 ? words.v[2] : "none");
	e.options = strdup(words.n > 3 ? words.v[3] : "");
	if (!e.name || !e.device || !e.key || !e.options ||
	    br_grow(&f->crypt, &f->cap_crypt, f->n_crypt, sizeof(*f->crypt)) < 0)
		return -ENOMEM;
	r = br_spec_parse(e.device, &e.spec);
	if (r < 0)
		return r;
	e.waits = !has(e.options, "nofail") && !has(e.options, "noauto") && !has(e.options, "_netdev");
	f->crypt[f->n_crypt++] = e;
	e = (struct br_crypttab_entry){0};
	return 0;
}

int br_crypttab_parse(const char *buf, size_t len, struct br_fstab *ret)
{
	unsigned number = 0;

	if (memchr(buf, '\0', len))
		return -EBADMSG;
	for (const char *at = buf, *end = buf + len; at < end;) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		br_autofree char *line = strndup(at, stop ? (size_t)(stop - at) : (size_t)(end - at));
		const char *text;
		int r;

		if (!line)
			return -ENOMEM;
		at = stop ? stop + 1 : end;
		if (++number > BR_FSTAB_LINES_MAX) {
			ret->too_many = true;
			break;
		}
		line[strcspn(line, "\r")] = '\0';
		text = line + strspn(line, " \t");
		if (!*text || *text == '#')
			continue;
		r = add_line(ret, text, number);
		if (r < 0)
			return r;
	}
	return 0;
}

/* Does another file system, not mounted here perhaps, cover the path? */
static bool is_covered(const struct br_fstab *f, const char *path)
{
	for (size_t i = 0; i < f->n; i++) {
		const char *t = f->entries[i].target;
		size_t n = strlen(t);

		if (n > 1 && strncmp(path, t, n) == 0 && (path[n] == '/' || t[n - 1] == '/'))
			return true;
	}
	return false;
}

static enum br_key file_state(const struct br_root *root, const struct br_fstab *f, const char *path)
{
	struct stat st;
	int r = br_root_stat(root, path, &st);

	if (r == 0)
		return BR_KEY_THERE;
	return r == -ENOENT && !is_covered(f, path) ? BR_KEY_MISSING : BR_KEY_UNKNOWN;
}

/* clevis answers the question for a passphrase by TPM or key server, where it is installed. */
static bool something_answers(const struct br_root *root)
{
	static const char *const paths[] = {
		"/usr/lib/systemd/system/clevis-luks-askpass.path",
		"/lib/systemd/system/clevis-luks-askpass.path",
	};

	for (size_t i = 0; i < BR_ARRAY_SIZE(paths); i++)
		if (br_root_exists(root, paths[i]))
			return true;
	return false;
}

static enum br_key key_state(const struct br_root *root, const struct br_fstab *f,
                             const struct br_crypttab_entry *e)
{
	static const char *const hardware[] = {"tpm2-device", "fido2-device", "pkcs11-uri"};
	br_autofree char *usual = NULL;

	for (size_t i = 0; i < BR_ARRAY_SIZE(hardware); i++)
		if (has(e->options, hardware[i]))
			return BR_KEY_HARDWARE;
	if (has(e->options, "keyscript"))
		return BR_KEY_UNKNOWN;
	if (strcmp(e->key, "none") == 0 || strcmp(e->key, "-") == 0 || !e->key[0]) {
		usual = br_format("/etc/cryptsetup-keys.d/%s.key", e->name);
		if (!usual)
			return BR_KEY_UNKNOWN;
		if (br_root_exists(root, usual))
			return BR_KEY_THERE;
		return something_answers(root) ? BR_KEY_UNKNOWN : BR_KEY_ASKED;
	}
	if (strcmp(e->key, "/dev/urandom") == 0 || strcmp(e->key, "/dev/random") == 0)
		return BR_KEY_THERE;
	/* "path:device": on a device of its own, a memory stick as a rule. */
	if (e->key[0] != '/' || br_starts(e->key, "/dev/") || br_starts(e->key, "/run/") || strchr(e->key, ':'))
		return BR_KEY_UNKNOWN;
	return file_state(root, f, e->key);
}

void br_crypttab_keys(const struct br_root *root, struct br_fstab *f)
{
	for (size_t i = 0; i < f->n_crypt; i++)
		f->crypt[i].key_state = key_state(root, f, &f->crypt[i]);
}
