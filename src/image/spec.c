/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What kind of thing a device specification is: fstab(5)'s first field, root=, resume=, crypttab(5)'s second.
 * Pure text; what it names is looked up in disks-find.c. Escapes of udev's links: \xNN.
 */
#include <errno.h>

#include "base/num.h"
#include "image/disks-internal.h"

struct prefix {
	const char *text;
	enum br_spec_kind kind;
};

static const struct prefix tags[] = {
	{"UUID=", BR_SPEC_UUID},           {"LABEL=", BR_SPEC_LABEL},
	{"PARTUUID=", BR_SPEC_PARTUUID},   {"PARTLABEL=", BR_SPEC_PARTLABEL},
	{"ID=", BR_SPEC_BY_ID},
};

static const struct prefix links[] = {
	{"disk/by-uuid/", BR_SPEC_UUID},         {"disk/by-label/", BR_SPEC_LABEL},
	{"disk/by-partuuid/", BR_SPEC_PARTUUID}, {"disk/by-partlabel/", BR_SPEC_PARTLABEL},
	{"disk/by-id/dm-name-", BR_SPEC_MAPPER}, {"disk/by-id/", BR_SPEC_BY_ID},
	{"disk/by-path/", BR_SPEC_BY_PATH},      {"mapper/", BR_SPEC_MAPPER},
};

/* Folders of /dev that hold something else than the volumes of an LVM group of that name. */
static const char *const not_a_group[] = {
	"block", "bsg", "bus", "char", "cpu", "disk", "dri", "etherd", "fd", "hugepages", "input", "loop",
	"mapper", "md", "mqueue", "net", "pts", "shm", "snd", "ubi", "vfio", "xen", "zvol",
};

/* Kernel names: a prefix, then letters or digits as the driver counts its disks, then the partition. */
static const char *const lettered[] = {"sd", "vd", "xvd", "hd", "ubd", "dasd"};
static const char *const numbered[] = {"nvme", "mmcblk", "pmem", "nbd", "rssd"};
static const char *const foldered[] = {"cciss/", "ida/", "rd/"};

static size_t digits(const char *s)
{
	return strspn(s, "0123456789");
}

/* "a", "ab12" after "sd". */
static bool is_lettered(const char *rest)
{
	size_t n = strspn(rest, "abcdefghijklmnopqrstuvwxyz");

	return n && n <= 4 && !rest[n + digits(rest + n)];
}

/* "0n1p2", "0p1", "0boot0" after "nvme", "mmcblk". */
static bool is_numbered(const char *s)
{
	static const char *const parts[] = {"n", "p", "boot", "c", "s"};

	if (!digits(s))
		return false;
	for (s += digits(s); *s;) {
		size_t i, n = 0;

		for (i = 0; i < BR_ARRAY_SIZE(parts); i++) {
			n = strlen(parts[i]);
			if (br_starts(s, parts[i]) && digits(s + n))
				break;
		}
		if (i == BR_ARRAY_SIZE(parts))
			return false;
		s += n + digits(s + n);
	}
	return true;
}

static bool is_kernel_name(const char *name)
{
	for (size_t i = 0; i < BR_ARRAY_SIZE(lettered); i++)
		if (br_starts(name, lettered[i]) && is_lettered(name + strlen(lettered[i])))
			return true;
	for (size_t i = 0; i < BR_ARRAY_SIZE(numbered); i++)
		if (br_starts(name, numbered[i]) && is_numbered(name + strlen(numbered[i])))
			return true;
	for (size_t i = 0; i < BR_ARRAY_SIZE(foldered); i++)
		if (br_starts(name, foldered[i]) && !strchr(name + strlen(foldered[i]), '/'))
			return true;
	return false;
}

static bool is_md(const char *name)
{
	if (!br_starts(name, "md"))
		return false;
	name += 2;
	if (*name == '/')
		return name[1] != '\0';
	if (br_starts(name, "_d"))
		name += 2;
	if (!digits(name))
		return false;
	name += digits(name);
	return !*name || (*name == 'p' && digits(name + 1) && !name[1 + digits(name + 1)]);
}

/* As /dev/mapper spells a volume: "-" within either name doubled, one "-" between them. */
static void add_doubled(struct br_str *out, const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (s[i] == '-')
			br_str_putc(out, '-');
		br_str_putc(out, s[i]);
	}
}

char *br_mapper_name(const char *group, size_t len, const char *volume)
{
	br_autostr struct br_str out = {0};

	add_doubled(&out, group, len);
	br_str_putc(&out, '-');
	add_doubled(&out, volume, strlen(volume));
	return br_str_take(&out);
}

static bool is_group(const char *name, size_t len)
{
	for (size_t i = 0; i < BR_ARRAY_SIZE(not_a_group); i++)
		if (strlen(not_a_group[i]) == len && memcmp(not_a_group[i], name, len) == 0)
			return false;
	return len && name[0] != '.';
}

/* \xNN as udev writes what may not stand in a link's name. */
char *br_udev_unescape(const char *s)
{
	br_autostr struct br_str out = {0};
	uint64_t byte;

	while (*s) {
		if (br_starts(s, "\\x") && strnlen(s, 4) == 4 && br_parse_uint(s + 2, 2, 16, 1, 255, &byte) == 0) {
			br_str_putc(&out, (char)byte);
			s += 4;
		} else {
			br_str_putc(&out, *s++);
		}
	}
	return br_str_take(&out);
}

/* "//" and "/./" within a path mean "/". */
static char *simplify(const char *path)
{
	br_autostr struct br_str out = {0};

	while (*path) {
		if (*path == '/')
			while (path[1] == '/' || (path[1] == '.' && path[2] == '/'))
				path += path[1] == '/' ? 1 : 2;
		br_str_putc(&out, *path++);
	}
	return br_str_take(&out);
}

/* The value of a tag, out of quotes when it stands in a pair of them. */
static char *tag_value(const char *s)
{
	size_t n = strlen(s);

	if (n >= 2 && (s[0] == '"' || s[0] == '\'') && s[n - 1] == s[0])
		return strndup(s + 1, n - 2);
	return strdup(s);
}

static int device_path(const char *name, struct br_spec *ret)
{
	const char *slash = strchr(name, '/');

	for (size_t i = 0; i < BR_ARRAY_SIZE(links); i++) {
		if (!br_starts(name, links[i].text))
			continue;
		*ret = (struct br_spec){links[i].kind, br_udev_unescape(name + strlen(links[i].text))};
		return ret->value ? 0 : -ENOMEM;
	}
	ret->kind = BR_SPEC_DEV_OTHER;
	if (is_kernel_name(name))
		ret->kind = BR_SPEC_KERNEL_NAME;
	else if (is_md(name))
		ret->kind = BR_SPEC_MD;
	else if (br_starts(name, "dm-") && digits(name + 3) && !name[3 + digits(name + 3)])
		ret->kind = BR_SPEC_MAPPER;
	else if (slash && slash[1] && !strchr(slash + 1, '/') && is_group(name, (size_t)(slash - name))) {
		*ret = (struct br_spec){BR_SPEC_MAPPER, br_mapper_name(name, (size_t)(slash - name), slash + 1)};
		return ret->value ? 0 : -ENOMEM;
	}
	ret->value = strdup(name);
	return ret->value ? 0 : -ENOMEM;
}

int br_spec_parse(const char *text, struct br_spec *ret)
{
	struct br_spec spec = {BR_SPEC_OTHER, NULL};

	for (size_t i = 0; i < BR_ARRAY_SIZE(tags); i++) {
		if (!br_starts(text, tags[i].text))
			continue;
		spec = (struct br_spec){tags[i].kind, tag_value(text + strlen(tags[i].text))};
		if (!spec.value)
			return -ENOMEM;
		*ret = spec;
		return 0;
	}
	if (br_starts(text, "/dev/")) {
		br_autofree char *path = simplify(text);
		int r = path ? device_path(path + strlen("/dev/"), &spec) : -ENOMEM;

		if (r < 0)
			return r;
	} else {
		spec.value = strdup(text);
		if (!spec.value)
			return -ENOMEM;
	}
	*ret = spec;
	return 0;
}

void br_spec_free(struct br_spec *s)
{
	free(s->value);
	*s = (struct br_spec){0};
}
