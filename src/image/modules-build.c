/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Will this very kernel load a module's file? Its machine, its release, its signature. */
#include <errno.h>
#include <string.h>

#include "base/num.h"
#include "image/modinfo.h"
#include "image/modules-internal.h"

/* The release in a module's vermagic, up to its first blank, against the kernel's. */
static bool of_release(const char *vermagic, const char *release)
{
	size_t n = strcspn(vermagic, " ");

	return strlen(release) == n && memcmp(vermagic, release, n) == 0;
}

/*
 * What is behind a signed module: the signature, 12 bytes that end in its length, and a line that says so (the kernel's
 * Documentation/admin-guide/module-signing.rst and include/linux/module_signature.h). Bytes of all three; 0 none.
 */
static size_t signature_of(const struct br_blob *b)
{
	static const char marker[] = "~Module signature appended~\n";
	size_t tail = 12 + strlen(marker), len;

	if (b->len < tail || memcmp(b->data + b->len - strlen(marker), marker, strlen(marker)) != 0)
		return 0;
	len = br_be32(b->data + b->len - strlen(marker) - 4);
	return len && len <= b->len - tail ? len + tail : 0;
}

/* The file of a word of modules.dep, unpacked, and its name in the tree. */
static int read_module(const struct br_modtree *t, const char *path, size_t len, char **ret_full, struct br_blob *ret)
{
	br_autofree char *name = strndup(path, len);
	br_autoblob struct br_blob packed = {0};
	int r = name ? br_modtree_file(t, name, ret_full) : -ENOMEM;

	if (!r)
		r = br_modtree_read(t, *ret_full, &packed);
	return r ? r : br_module_unpack(&packed, ret);
}

/* The root's copy of a module, unpacked: 0, -ENOENT none that can be read, -ENOMEM. */
static int read_beside(const struct br_modtree *beside, const char *path, size_t len, struct br_blob *ret)
{
	br_autofree char *name = strndup(path, len), *full = NULL;
	const char *line;
	char *base;
	int r;

	if (!name)
		return -ENOMEM;
	base = strrchr(name, '/') ? strrchr(name, '/') + 1 : name;
	base[strcspn(base, ".")] = '\0';
	line = br_modtree_line(beside, base);
	r = line ? read_module(beside, line, strcspn(line, ":"), &full, ret) : -ENOENT;
	return r && r != -ENOMEM ? -ENOENT : r;
}

/* Of another machine, or another kernel: a file that is there and does not load. */
static int check_one_build(const struct br_modtree *t, const struct br_driver_ask *ask, const char *path, size_t len,
                           struct br_driver *d)
{
	br_autofree char *full = NULL;
	br_autoblob struct br_blob plain = {0};
	struct br_modinfo m;
	const char *vermagic;
	int r = read_module(t, path, len, &full, &plain);

	if (!r)
		r = br_modinfo_parse(plain.data, plain.len, &m);
	if (r == -EBADMSG)
		return br_driver_say(d, BR_DRIVER_WRONG_BUILD, br_format("%s: damaged, or no module", full));
	if (r < 0)
		return r == -ENOMEM ? r : 0; /* not kept, not readable: nothing to say */
	if (ask->machine && m.machine != ask->machine)
		return br_driver_say(d, BR_DRIVER_WRONG_BUILD, br_format("%s: for another machine (ELF machine %u)", full,
		                                               m.machine));
	vermagic = br_modinfo_get(plain.data + m.at, m.len, "vermagic", "");
	if (vermagic && !m.versions && !of_release(vermagic, t->release))
		return br_driver_say(d, BR_DRIVER_WRONG_BUILD, br_format("%s: for kernel %.*s", full,
		                                               (int)strcspn(vermagic, " "), vermagic));
	return 0;
}

/* Is its vermagic of that release? False too where it has none. */
static bool is_of_release(const struct br_blob *plain, const char *release)
{
	struct br_modinfo m;
	const char *vermagic;

	if (br_modinfo_parse(plain->data, plain->len, &m) < 0)
		return false;
	vermagic = br_modinfo_get(plain->data + m.at, m.len, "vermagic", "");
	return vermagic && of_release(vermagic, release);
}

/*
 * A signature is of one content. The kernel refuses a module whose signature is of another, even where it wants none:
 * of two copies with one signature that differ, one does not load. Which of them only the signer's key tells, but where
 * one is of a release that the kernel is not.
 */
static int check_signed(const struct br_modtree *t, const struct br_driver_ask *ask, const char *path, size_t len,
                        struct br_driver *d)
{
	br_autofree char *full = NULL;
	br_autoblob struct br_blob plain = {0}, other = {0};
	int r = read_module(t, path, len, &full, &plain);
	size_t n = r < 0 ? 0 : signature_of(&plain);

	if (n)
		r = read_beside(ask->beside, path, len, &other);
	if (r < 0 || !n || signature_of(&other) != n)
		return r == -ENOMEM ? r : 0;
	if (memcmp(plain.data + plain.len - n, other.data + other.len - n, n) != 0 ||
	    (plain.len == other.len && memcmp(plain.data, other.data, plain.len) == 0))
		return 0;
	if (!is_of_release(&plain, t->release) && is_of_release(&other, t->release))
		return br_driver_say(d, BR_DRIVER_WRONG_BUILD, br_format("%s: changed after it had been signed", full));
	return br_driver_say(d, BR_DRIVER_UNKNOWN, br_format("%s differs from the root's own, and both have one signature: the "
	                                                     "kernel refuses one of the two", full));
}

/* A look at the driver's file, then at what it needs. */
static int each(const struct br_modtree *t, const struct br_driver_ask *ask, const char *line, struct br_driver *d,
                int (*look)(const struct br_modtree *, const struct br_driver_ask *, const char *, size_t, struct br_driver *))
{
	size_t n = strcspn(line, ":");
	int r = look(t, ask, line, n, d);

	for (const char *at = line + n + (line[n] == ':'); !r && *at; at += n) {
		at += strspn(at, " \t");
		n = strcspn(at, " \t");
		if (n)
			r = look(t, ask, at, n, d);
	}
	return r;
}

int br_driver_build(const struct br_modtree *t, const struct br_driver_ask *ask, const char *line, struct br_driver *d)
{
	return each(t, ask, line, d, check_one_build);
}

int br_driver_signed(const struct br_modtree *t, const struct br_driver_ask *ask, const char *line, struct br_driver *d)
{
	return ask->beside ? each(t, ask, line, d, check_signed) : 0;
}
