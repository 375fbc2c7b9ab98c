/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <strings.h>

#include "base/limits.h"
#include "base/str.h"
#include "image/chain.h"
#include "image/selinux.h"

#define CONFIG "/etc/selinux/config"

void br_selinux_free(struct br_selinux *s)
{
	free(s->type);
	free(s->kernel.order);
	*s = (struct br_selinux){0};
}

/* As selinux_getenforcemode(): the first line with a word that it knows counts, whatever follows the word. */
static void take_mode(struct br_selinux *s, const char *value, unsigned line)
{
	static const struct {
		const char *word;
		enum br_selinux_mode mode;
	} words[] = {
		{"enforcing", BR_SELINUX_ENFORCING},
		{"permissive", BR_SELINUX_PERMISSIVE},
		{"disabled", BR_SELINUX_DISABLED},
	};

	for (size_t i = 0; i < BR_ARRAY_SIZE(words) && !s->mode_line; i++) {
		if (strncasecmp(value, words[i].word, strlen(words[i].word)) != 0)
			continue;
		s->mode = words[i].mode;
		s->mode_line = line;
	}
}

int br_selinux_parse(const char *buf, size_t len, struct br_selinux *ret)
{
	unsigned number = 0;

	for (const char *at = buf, *end = buf + len; at < end;) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		br_autofree char *line = strndup(at, stop ? (size_t)(stop - at) : (size_t)(end - at));
		const char *text;

		if (!line)
			return -ENOMEM;
		at = stop ? stop + 1 : end;
		number++;
		if (br_starts(line, "SELINUX="))
			take_mode(ret, line + 8 + strspn(line + 8, " \t"), number);
		text = line + strspn(line, " \t");
		if (strncasecmp(text, "SELINUXTYPE=", 12) != 0)
			continue;
		free(ret->type);
		ret->type = strndup(text + 12, strcspn(text + 12, " \t\r"));
		if (!ret->type)
			return -ENOMEM;
	}
	return 0;
}

/* The value of KEY= in a kernel's configuration, without quotes; NULL: none. */
static char *symbol(const char *buf, const char *key)
{
	size_t n = strlen(key);

	for (const char *at = buf; at; at = strchr(at, '\n') ? strchr(at, '\n') + 1 : NULL)
		if (strncmp(at, key, n) == 0 && at[n] == '=') {
			at += n + 1;
			at += *at == '"';
			return strndup(at, strcspn(at, "\"\r\n"));
		}
	return NULL;
}

int br_selinux_parse_kernel(const char *buf, size_t len, struct br_selinux_kernel *ret)
{
	br_autofree char *text = strndup(buf, len), *in = NULL, *disable = NULL;

	if (!text)
		return -ENOMEM;
	in = symbol(text, "CONFIG_SECURITY_SELINUX");
	disable = symbol(text, "CONFIG_SECURITY_SELINUX_DISABLE");
	ret->known = true;
	ret->built_in = br_streq(in, "y");
	ret->can_disable = br_streq(disable, "y");
	ret->order = symbol(text, "CONFIG_LSM");
	if (!ret->order)
		ret->order = symbol(text, "CONFIG_DEFAULT_SECURITY");
	return 0;
}

static int read_kernel(const struct br_root *root, const char *release, struct br_selinux_kernel *ret)
{
	const char *const shapes[] = {"/boot/config-%s", "/usr/lib/modules/%s/config", "/lib/modules/%s/config",
	                              "/usr/lib/kernel/config-%s"};

	for (size_t i = 0; i < BR_ARRAY_SIZE(shapes); i++) {
		br_autostr struct br_str path = {0};
		br_autoblob struct br_blob b = {0};
		int r;

		br_str_add(&path, shapes[i], strcspn(shapes[i], "%"));
		br_str_puts(&path, release);
		br_str_puts(&path, strchr(shapes[i], '%') + 2);
		if (path.oom)
			return -ENOMEM;
		r = br_root_read(root, path.s, BR_CONFIG_MAX, &b);
		if (r == 0)
			return br_selinux_parse_kernel(b.data, b.len, ret);
		if (r == -ENOMEM)
			return r;
	}
	return 0;
}

/* policy.31 and the like, of any kernel's version. */
static bool has_policy(const struct br_root *root, const char *type)
{
	br_autofree char *folder = br_format("/etc/selinux/%s/policy", type);
	br_autostrv struct br_strv names = {0};

	if (!folder || !*type || strchr(type, '/') || br_root_list(root, folder, &names) < 0)
		return false;
	for (size_t i = 0; i < names.n; i++)
		if (br_starts(names.v[i], "policy."))
			return true;
	return false;
}

int br_selinux_read(const struct br_root *root, const char *release, struct br_selinux *ret)
{
	br_cleanup(br_selinux_free) struct br_selinux s = {0};
	br_autoblob struct br_blob b = {0};
	int r = br_root_read(root, CONFIG, BR_CONFIG_MAX, &b);

	if (r < 0 && r != -ENOENT && r != -ENOTDIR)
		return r;
	s.config = r == 0;
	r = s.config ? br_selinux_parse(b.data, b.len, &s) : 0;
	if (r == 0 && !s.type) {
		s.type = strdup("targeted");
		r = s.type ? 0 : -ENOMEM;
	}
	if (r == 0 && release)
		r = read_kernel(root, release, &s.kernel);
	if (r < 0)
		return r;
	s.policy = has_policy(root, s.type);
	s.autorelabel = br_root_exists(root, "/.autorelabel");
	*ret = s;
	s = (struct br_selinux){0};
	return 0;
}

/* "0": switched off by its own parameter. The last one counts. */
static bool parameter_off(const char *cmdline, const char *key)
{
	br_autofree char *value = br_cmdline_get(cmdline, key);

	return value && strtol(value, NULL, 0) == 0;
}

/* Of SELinux, AppArmor and Smack the first in the kernel's order is the one that runs. */
static bool is_first(const char *order, const char *cmdline)
{
	br_autostrv struct br_strv words = {0};

	br_strv_split(&words, order, ", ");
	for (size_t i = 0; i < words.n; i++) {
		if (strcmp(words.v[i], "selinux") == 0)
			return true;
		if (strcmp(words.v[i], "smack") == 0 ||
		    (strcmp(words.v[i], "apparmor") == 0 && !parameter_off(cmdline, "apparmor")))
			return false;
	}
	return false;
}

static bool kernel_has_it_on(const struct br_selinux *s, const char *cmdline, const struct br_selinux_release *release)
{
	br_autofree char *lsm = br_cmdline_get(cmdline, "lsm"), *security = br_cmdline_get(cmdline, "security");

	if ((s->kernel.known && !s->kernel.built_in) || parameter_off(cmdline, "selinux"))
		return false;
	if (lsm)
		return is_first(lsm, cmdline);
	if (security)
		return strcmp(security, "selinux") == 0;
	if (s->kernel.known && s->kernel.order)
		return is_first(s->kernel.order, cmdline);
	return release->by_default;
}

enum br_selinux_effect br_selinux_effect(const struct br_selinux *s, const char *cmdline,
                                         const struct br_selinux_release *release)
{
	br_autofree char *given = br_cmdline_get(cmdline, "enforcing");
	bool enforcing, can_disable = s->kernel.known ? s->kernel.can_disable : release->can_disable;

	if (!s->config && !s->policy)
		return BR_SELINUX_NONE;
	if (!kernel_has_it_on(s, cmdline, release))
		return BR_SELINUX_OFF;
	if (s->mode == BR_SELINUX_DISABLED)
		return can_disable ? BR_SELINUX_OFF : BR_SELINUX_NO_POLICY;
	enforcing = given ? strtol(given, NULL, 0) != 0 : s->mode == BR_SELINUX_ENFORCING;
	if (!s->policy)
		return enforcing ? BR_SELINUX_STOPS : BR_SELINUX_NO_POLICY;
	return enforcing ? BR_SELINUX_DENIES : BR_SELINUX_TELLS;
}
