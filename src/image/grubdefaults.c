/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>

#include "base/limits.h"
#include "base/str.h"
#include "image/grubdefaults.h"

/* What a shell would make of a plain right-hand side: quotes taken off, a comment cut. */
static char *value_of(const char *s, size_t len)
{
	br_autostr struct br_str out = {0};
	char quote = 0;

	for (size_t i = 0; i < len; i++) {
		if (!quote && (s[i] == ' ' || s[i] == '\t' || s[i] == ';'))
			break;
		if (s[i] == '\\' && quote != '\'' && i + 1 < len)
			br_str_putc(&out, s[++i]);
		else if (quote ? s[i] == quote : s[i] == '"' || s[i] == '\'')
			quote = quote ? 0 : s[i];
		else
			br_str_putc(&out, s[i]);
	}
	return br_str_take(&out);
}

struct kept {
	char *linux_, *linux_default;
};

static int take_line(const char *s, size_t len, unsigned line, struct kept *k, struct br_grub_defaults *d)
{
	static const char cmdline[] = "GRUB_CMDLINE_LINUX=", dflt[] = "GRUB_CMDLINE_LINUX_DEFAULT=";
	static const char uuid[] = "GRUB_DISABLE_LINUX_UUID=";
	const struct {
		const char *key;
		char **to;
	} keys[] = {{cmdline, &k->linux_}, {dflt, &k->linux_default}};

	for (size_t i = 0; i < BR_ARRAY_SIZE(keys); i++) {
		size_t n = strlen(keys[i].key);

		if (len < n || memcmp(s, keys[i].key, n) != 0)
			continue;
		free(*keys[i].to);
		*keys[i].to = value_of(s + n, len - n);
		d->cmdline_line = line;
		return *keys[i].to ? 0 : -ENOMEM;
	}
	if (len >= strlen(uuid) && memcmp(s, uuid, strlen(uuid)) == 0) {
		br_autofree char *v = value_of(s + strlen(uuid), len - strlen(uuid));

		d->uuid_disabled = br_streq(v, "true");
		d->uuid_line = line;
	}
	return 0;
}

int br_grub_defaults_parse(const char *buf, size_t len, struct br_grub_defaults *ret)
{
	struct br_grub_defaults d = {0};
	struct kept k = {0};
	unsigned line = 0;
	int r = 0;

	for (size_t at = 0; at < len && r == 0;) {
		const char *nl = memchr(buf + at, '\n', len - at);
		size_t n = nl ? (size_t)(nl - buf) - at : len - at, skip = 0;

		line++;
		while (skip < n && (buf[at + skip] == ' ' || buf[at + skip] == '\t'))
			skip++;
		if (n - skip > 7 && memcmp(buf + at + skip, "export ", 7) == 0)
			skip += 7;
		r = take_line(buf + at + skip, n - skip, line, &k, &d);
		at += n + 1;
	}
	if (r == 0) {
		d.cmdline = br_format("%s %s", k.linux_ ? k.linux_ : "", k.linux_default ? k.linux_default : "");
		r = d.cmdline ? 0 : -ENOMEM;
	}
	free(k.linux_);
	free(k.linux_default);
	if (r == 0)
		*ret = d;
	else
		br_grub_defaults_free(&d);
	return r;
}

int br_grub_defaults_read(const struct br_root *root, struct br_grub_defaults *ret)
{
	br_autoblob struct br_blob b = {0};
	int r = br_root_read(root, "/etc/default/grub", BR_CONFIG_MAX, &b);

	return r < 0 ? r : br_grub_defaults_parse(b.data, b.len, ret);
}

void br_grub_defaults_free(struct br_grub_defaults *d)
{
	free(d->cmdline);
	*d = (struct br_grub_defaults){0};
}
