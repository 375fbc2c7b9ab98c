/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Devices without a driver: /sys/bus/BUS/devices/NAME with a modalias and no link "driver" (the kernel's sysfs rules).
 * Which module would serve one is asked of a list of its own, usr/lib/bootready/modules.alias, which the dracut module
 * takes from the kernel's modules.alias (depmod(8)): what an initramfs lacks, its own index does not know either.
 */
#include <errno.h>
#include <fnmatch.h>
#include <string.h>

#include "base/limits.h"
#include "missing/missing.h"

#define ALIASES_MAX (4 * BR_MIB)
#define ALIAS_MAX   1024

struct aliases {
	struct br_blob blob;
	struct br_strv lines; /* "alias PATTERN MODULE" */
};

static void aliases_free(struct aliases *a)
{
	br_blob_free(&a->blob);
	br_strv_free(&a->lines);
}

static int aliases_read(const struct br_root *self, struct aliases *a)
{
	int r = br_root_read(self, BR_MISSING_ALIASES, ALIASES_MAX, &a->blob);

	if (r < 0)
		return r == -ENOMEM ? r : 0;
	br_strv_split(&a->lines, a->blob.data, "\n");
	return a->lines.oom ? -ENOMEM : 0;
}

/* The module of a line whose pattern the alias matches; NULL. */
static const char *matched(char *line, const char *alias)
{
	char *pattern = line + strlen("alias "), *end;
	const char *module = NULL;

	if (!br_starts(line, "alias ") || !(end = strrchr(pattern, ' ')))
		return NULL;
	*end = '\0';
	if (fnmatch(pattern, alias, 0) == 0)
		module = end + 1;
	*end = ' ';
	return module;
}

/* A modalias as sysfs shows it, without the line's end; NULL: none, or memory. */
static char *modalias(const struct br_root *sys, const char *device)
{
	br_autofree char *path = br_format("%s/modalias", device);
	br_autoblob struct br_blob b = {0};

	/* sysfs says 4096 bytes of every file. */
	if (!path || br_root_read(sys, path, 4096, &b) < 0)
		return NULL;
	b.data[strcspn(b.data, "\n")] = '\0';
	return *b.data && strlen(b.data) <= ALIAS_MAX ? strdup(b.data) : NULL;
}

static bool has_driver(const struct br_root *sys, const char *device)
{
	br_autofree char *path = br_format("%s/driver", device);
	struct stat st;

	return path && br_root_lstat(sys, path, &st) == 0;
}

static int look(const struct br_missing *m, struct br_unbound *u)
{
	const struct br_driver_ask ask = {.name = u->module, .alias = u->alias, .blacklist = &m->blacklist, .forced = &m->forced};
	br_autodriver struct br_driver d = {0};
	int r;

	if (!m->modules) {
		/* No index at all: nothing can be loaded. */
		u->state = m->initramfs.names.n ? BR_DRIVER_ABSENT : BR_DRIVER_UNKNOWN;
		return 0;
	}
	r = br_driver_look(m->modules, &ask, &d);
	if (r < 0)
		return r;
	u->state = d.state;
	u->what = BR_TAKE(d.what);
	return 0;
}

static int add(struct br_missing *m, const char *bus, const char *name, const char *alias, const char *module)
{
	struct br_unbound *u;

	if (m->n_unbound == BR_MISSING_UNBOUND_MAX) {
		m->more_unbound = true;
		return 0;
	}
	if (br_grow(&m->unbound, &m->cap_unbound, m->n_unbound, sizeof(*m->unbound)) < 0)
		return -ENOMEM;
	u = &m->unbound[m->n_unbound++];
	u->device = br_format("%s %s", bus, name);
	u->alias = strdup(alias);
	u->module = strdup(module);
	return u->device && u->alias && u->module ? look(m, u) : -ENOMEM;
}

static int look_at_device(const struct br_root *sys, struct aliases *a, const char *bus, const char *name, struct br_missing *m)
{
	br_autofree char *device = br_format("/bus/%s/devices/%s", bus, name), *alias = NULL;
	const char *module = NULL;

	if (!device)
		return -ENOMEM;
	if (has_driver(sys, device) || !(alias = modalias(sys, device)))
		return 0;
	for (size_t i = 0; i < a->lines.n && !module; i++)
		module = matched(a->lines.v[i], alias);
	return module ? add(m, bus, name, alias, module) : 0;
}

int br_missing_buses(const struct br_root *sys, const struct br_root *self, struct br_missing *m)
{
	br_cleanup(aliases_free) struct aliases a = {0};
	br_autostrv struct br_strv buses = {0};
	size_t left = BR_BUS_DEVICES_MAX;
	int r = aliases_read(self, &a);

	m->unlisted = sys->fd < 0 || !a.lines.n;
	if (r < 0 || m->unlisted)
		return r;
	r = br_root_list(sys, "/bus", &buses);
	if (r < 0)
		return r == -ENOMEM ? r : 0;
	for (size_t i = 0; i < buses.n; i++) {
		br_autofree char *folder = br_format("/bus/%s/devices", buses.v[i]);
		br_autostrv struct br_strv names = {0};

		r = folder ? br_root_list(sys, folder, &names) : -ENOMEM;
		if (r == -ENOMEM)
			return r;
		for (size_t k = 0; k < names.n && left; k++, left--)
			if ((r = look_at_device(sys, &a, buses.v[i], names.v[k], m)) < 0)
				return r;
	}
	return 0;
}
