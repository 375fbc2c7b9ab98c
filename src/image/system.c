/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <elf.h>
#include <errno.h>
#include <string.h>

#include "base/limits.h"
#include "base/num.h"
#include "base/str.h"
#include "image/system.h"

/* One assignment of os-release(5): quotes and backslashes as a shell reads them. NULL: memory. */
static char *unquote(const char *s, size_t len)
{
	br_autostr struct br_str out = {0};
	char quote = 0;

	for (size_t i = 0; i < len; i++) {
		if (s[i] == '\\' && quote != '\'' && i + 1 < len)
			br_str_putc(&out, s[++i]);
		else if (quote ? s[i] == quote : s[i] == '"' || s[i] == '\'')
			quote = quote ? 0 : s[i];
		else
			br_str_putc(&out, s[i]);
	}
	return br_str_take(&out);
}

static void take_os_release(struct br_system *s, const char *text)
{
	const struct {
		const char *key;
		char **to;
	} wanted[] = {
		{"PRETTY_NAME=", &s->os},
		{"ID=", &s->os_id},
		{"ID_LIKE=", &s->os_like},
		{"VERSION_ID=", &s->os_version},
	};

	while (*text) {
		size_t len = strcspn(text, "\n");

		for (size_t i = 0; i < BR_ARRAY_SIZE(wanted); i++) {
			size_t n = strlen(wanted[i].key);

			if (len < n || memcmp(text, wanted[i].key, n) != 0)
				continue;
			free(*wanted[i].to);
			*wanted[i].to = unquote(text + n, len - n);
		}
		text += len + (text[len] == '\n');
	}
}

/* The third line of adjtime is UTC or LOCAL; without the file or the line the clock is UTC (hwclock(8)). */
static char *rtc_mode(const struct br_root *root)
{
	br_autoblob struct br_blob b = {0};
	const char *line;

	if (br_root_read(root, "/etc/adjtime", BR_CONFIG_MAX, &b) < 0)
		return strdup("utc");
	line = b.data;
	for (int i = 0; i < 2 && line; i++) {
		line = strchr(line, '\n');
		line = line ? line + 1 : NULL;
	}
	return strdup(line && br_starts(line, "LOCAL") ? "local" : "utc");
}

static const char *elf_machine(const unsigned char *h)
{
	unsigned m = h[EI_DATA] == ELFDATA2MSB ? (unsigned)(h[18] << 8 | h[19]) : br_le16(h + 18);

	switch (m) {
	case EM_X86_64:
		return "x86_64";
	case EM_AARCH64:
		return "aarch64";
	case EM_386:
		return "i686";
	case EM_ARM:
		return "armv7l";
	case EM_PPC64:
		return h[EI_DATA] == ELFDATA2MSB ? "ppc64" : "ppc64le";
	case EM_S390:
		return "s390x";
	case EM_RISCV:
		return "riscv64";
	default:
		return NULL;
	}
}

/* By programs that every root has; a shell may be a script's link, so several are asked. */
static char *architecture(const struct br_root *root)
{
	static const char *const programs[] = {"/sbin/init", "/bin/sh", "/usr/bin/env", "/bin/ls"};

	for (size_t i = 0; i < BR_ARRAY_SIZE(programs); i++) {
		unsigned char h[20];
		br_autoclose int fd = -1;

		if (br_root_file(root, programs[i], &fd) < 0 || pread(fd, h, sizeof(h), 0) != sizeof(h))
			continue;
		if (memcmp(h, ELFMAG, SELFMAG) == 0 && elf_machine(h))
			return strdup(elf_machine(h));
	}
	return NULL;
}

static char *machine_id(const struct br_root *root)
{
	br_autoblob struct br_blob b = {0};

	if (br_root_read(root, "/etc/machine-id", BR_CONFIG_MAX, &b) < 0)
		return NULL;
	b.data[strcspn(b.data, "\n")] = '\0';
	return *b.data && strlen(b.data) <= 64 ? strdup(b.data) : NULL;
}

/* "CentOS release 5.11 (Final)": of systems from before os-release(5). */
static void take_redhat_release(struct br_system *s, const char *text)
{
	static const struct {
		const char *begins, *id;
	} names[] = {
		{"CentOS", "centos"}, {"Red Hat Enterprise Linux", "rhel"}, {"Oracle Linux", "ol"},
		{"Enterprise Linux Enterprise Linux", "ol"}, {"Fedora", "fedora"},
	};
	const char *number = strstr(text, "release ");

	for (size_t i = 0; i < BR_ARRAY_SIZE(names) && number && !s->os_id; i++)
		if (br_starts(text, names[i].begins)) {
			s->os = strndup(text, strcspn(text, "\n"));
			s->os_id = strdup(names[i].id);
			s->os_like = strdup("rhel fedora");
			s->os_version = strndup(number + 8, strspn(number + 8, "0123456789."));
		}
}

/* "7.11", or a name of a release that was not out yet. */
static void take_debian_version(struct br_system *s, const char *text)
{
	size_t n = strspn(text, "0123456789.");

	if (!n)
		return;
	s->os_id = strdup("debian");
	s->os_version = strndup(text, strspn(text, "0123456789"));
	s->os = br_format("Debian GNU/Linux %.*s", (int)(n > 16 ? 16 : n), text);
}

static void read_older(const struct br_root *root, struct br_system *s)
{
	static const struct {
		const char *path;
		void (*take)(struct br_system *s, const char *text);
	} files[] = {
		{"/etc/redhat-release", take_redhat_release},
		{"/etc/debian_version", take_debian_version},
	};

	for (size_t i = 0; i < BR_ARRAY_SIZE(files) && !s->os_id; i++) {
		br_autoblob struct br_blob b = {0};

		if (br_root_read(root, files[i].path, BR_CONFIG_MAX, &b) == 0)
			files[i].take(s, b.data);
	}
}

void br_system_read(const struct br_root *root, struct br_system *ret)
{
	static const char *const places[] = {"/etc/os-release", "/usr/lib/os-release"};

	*ret = (struct br_system){0};
	for (size_t i = 0; i < BR_ARRAY_SIZE(places); i++) {
		br_autoblob struct br_blob b = {0};

		if (br_root_read(root, places[i], BR_CONFIG_MAX, &b) < 0)
			continue;
		take_os_release(ret, b.data);
		break;
	}
	if (!ret->os_id)
		read_older(root, ret);
	ret->arch = architecture(root);
	ret->rtc = rtc_mode(root);
	ret->machine_id = machine_id(root);
	ret->boot_mode = strdup(access("/sys/firmware/efi", F_OK) == 0 ? "uefi" : "legacy");
}

void br_system_free(struct br_system *s)
{
	free(s->os);
	free(s->os_id);
	free(s->os_like);
	free(s->os_version);
	free(s->arch);
	free(s->rtc);
	free(s->boot_mode);
	free(s->machine_id);
	*s = (struct br_system){0};
}

enum br_family br_system_family(const struct br_system *s)
{
	static const struct {
		const char *id;
		enum br_family family;
	} ids[] = {
		{"debian", BR_FAMILY_DEBIAN}, {"ubuntu", BR_FAMILY_DEBIAN}, {"fedora", BR_FAMILY_REDHAT},
		{"rhel", BR_FAMILY_REDHAT},   {"centos", BR_FAMILY_REDHAT}, {"suse", BR_FAMILY_SUSE},
		{"sles", BR_FAMILY_SUSE},     {"opensuse", BR_FAMILY_SUSE}, {"arch", BR_FAMILY_ARCH},
	};
	br_autostrv struct br_strv words = {0};

	if (s->os_id)
		br_strv_split(&words, s->os_id, " ");
	if (s->os_like)
		br_strv_split(&words, s->os_like, " ");
	for (size_t w = 0; w < words.n; w++)
		for (size_t i = 0; i < BR_ARRAY_SIZE(ids); i++)
			if (strcmp(words.v[w], ids[i].id) == 0)
				return ids[i].family;
	return BR_FAMILY_OTHER;
}
