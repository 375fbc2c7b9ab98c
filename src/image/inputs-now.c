/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a stored report's inputs are now, straight from the mounted root. */
#include <errno.h>
#include <string.h>

#include "base/limits.h"
#include "image/inputs-internal.h"

/* A folder that is empty, or is not there: what belongs on it is not mounted, and says nothing about the file. */
static bool seems_unmounted(const struct br_root *root, const char *path)
{
	br_autofree char *dir = strdup(path);
	char *slash;

	while (dir && (slash = strrchr(dir, '/')) && slash != dir) {
		br_autostrv struct br_strv names = {0};

		*slash = '\0';
		if (br_root_list(root, dir, &names) == 0)
			return names.n == 0 || (names.n == 1 && strcmp(names.v[0], "lost+found") == 0);
	}
	return false;
}

/* The file of that name, or the one that has a boot counter in it. */
static char *counted(const struct br_root *root, const char *path)
{
	br_autofree char *dir = strdup(path);
	char *slash = dir ? strrchr(dir, '/') : NULL;
	br_autostrv struct br_strv names = {0};

	if (!slash || !br_input_may_be_counted(path))
		return NULL;
	*slash = '\0';
	if (br_root_list(root, dir, &names) < 0)
		return NULL;
	for (size_t i = 0; i < names.n; i++) {
		br_autofree char *full = br_format("%s/%s", dir, names.v[i]);

		if (full && strcmp(full, path) != 0 && br_input_same_path(full, path))
			return BR_TAKE(full);
	}
	return NULL;
}

/* A stored report names what is read, and may name anything many times. */
static int hash_within(const struct br_root *root, const char *path, uint64_t *budget, char hex[65])
{
	struct stat st;
	int r = br_root_stat(root, path, &st);

	if (r < 0)
		return r;
	if (st.st_size < 0 || (uint64_t)st.st_size > *budget)
		return -EFBIG;
	*budget -= (uint64_t)st.st_size;
	/* One that has more in it than it has bytes is the kernel's, and may have no end. */
	return br_input_hash(root, path, (uint64_t)st.st_size < BR_INPUT_MAX ? (uint64_t)st.st_size : BR_INPUT_MAX, hex);
}

static int file_now(const struct br_root *root, const char *path, uint64_t *budget, char **ret)
{
	char hex[65];
	int r = hash_within(root, path, budget, hex);

	if (r == -ENOENT) {
		br_autofree char *other = counted(root, path);

		if (other)
			r = hash_within(root, other, budget, hex);
	}
	if (r == -ENOENT || r == -ENOTDIR) {
		*ret = NULL;
		return seems_unmounted(root, path) ? -ENOMEDIUM : 0;
	}
	if (r < 0)
		return r;
	*ret = strdup(hex);
	return *ret ? 0 : -ENOMEM;
}

int br_input_now(const struct br_root *root, const char *kind, const char *name, uint64_t *budget, char **ret)
{
	br_autoblob struct br_blob b = {0};
	br_autofree char *key = NULL;
	const char *place;
	int r;

	if (strcmp(kind, "file") == 0)
		return file_now(root, name, budget, ret);
	if (strcmp(kind, "link") == 0) {
		*ret = br_input_link(root, name);
		return !*ret && seems_unmounted(root, name) ? -ENOMEDIUM : 0;
	}
	if (!br_starts(name, "grubenv."))
		return -EOPNOTSUPP;
	place = strchr(name, '@');
	r = place ? br_root_read(root, place + 1, BR_INPUT_GRUBENV_MAX, &b) : br_input_read_grubenv(root, &b);
	if (r == -ENOENT && seems_unmounted(root, place ? place + 1 : "/boot/grub/grubenv"))
		return -ENOMEDIUM;
	if (r < 0 && r != -ENOENT)
		return r;
	key = strndup(name + strlen("grubenv."), strcspn(name + strlen("grubenv."), "@"));
	if (!key)
		return -ENOMEM;
	*ret = br_input_grubenv_value(&b, key);
	return 0;
}
