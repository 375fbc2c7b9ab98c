/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>

#include "base/limits.h"
#include "image/root.h"

#ifndef SYS_openat2
#define SYS_openat2 437
#endif

/* Asked once a root: kernels before 5.6 and some sandboxes do not have it. */
static bool has_openat2(int fd)
{
	struct open_how how = {.flags = O_PATH | O_CLOEXEC, .resolve = RESOLVE_IN_ROOT};
	br_autoclose int found = (int)syscall(SYS_openat2, fd, ".", &how, sizeof(how));

	return found >= 0;
}

int br_root_open(struct br_root *root, const char *dir)
{
	int fd = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	*root = (struct br_root){.fd = fd, .walk_only = !has_openat2(fd)};
	return 0;
}

void br_root_close(struct br_root *root)
{
	br_closep(&root->fd);
	root->fd = -1;
}

/*
 * The walk for kernels without openat2(2) (before 5.6, and where a sandbox refuses it): one component at a
 * time by O_PATH|O_NOFOLLOW descriptors, so that neither a link nor a rename under way leads outside.
 */
struct walk {
	int fds[BR_PATH_PARTS]; /* the folders from the root to here; ".." pops one */
	size_t depth;
	char todo[BR_PATH_MAX];
	unsigned links;
};

static void walk_pop_to(struct walk *w, size_t depth)
{
	while (w->depth > depth)
		close(w->fds[--w->depth]);
}

static void walk_free(struct walk *w)
{
	walk_pop_to(w, 0);
}

/* Puts a link's target before what is left to walk ("" or "/..."). An absolute one starts again at the root. */
static int walk_follow(struct walk *w, int link, const char *left)
{
	char next[BR_PATH_MAX];
	ssize_t n = readlinkat(link, "", next, sizeof(next));

	if (n < 0)
		return -errno;
	if (n == 0)
		return -ENOENT;
	if (++w->links > BR_SYMLINKS_MAX)
		return -ELOOP;
	if ((size_t)n + strlen(left) + 1 > sizeof(next))
		return -ENAMETOOLONG;
	if (next[0] == '/')
		walk_pop_to(w, 0);
	strcpy(next + n, left);
	strcpy(w->todo, next);
	return 0;
}

static int walk(const struct br_root *root, const char *path, bool nofollow, int *ret_fd)
{
	br_cleanup(walk_free) struct walk w = {.depth = 0};

	if (strlen(path) >= sizeof(w.todo))
		return -ENAMETOOLONG;
	strcpy(w.todo, path);

	for (;;) {
		int at = w.depth ? w.fds[w.depth - 1] : root->fd, fd, r;
		char *part = w.todo + strspn(w.todo, "/"), name[NAME_MAX + 1];
		size_t n = strcspn(part, "/");
		char *rest = part + n + strspn(part + n, "/");
		bool must_be_dir = part[n] == '/';
		struct stat st;

		if (!n) {
			fd = openat(at, ".", O_PATH | O_CLOEXEC);
			if (fd < 0)
				return -errno;
			*ret_fd = fd;
			return 0;
		}
		if (n > NAME_MAX)
			return -ENAMETOOLONG;
		memcpy(name, part, n);
		name[n] = '\0';
		if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0) {
			if (n == 2 && w.depth)
				walk_pop_to(&w, w.depth - 1);
			memmove(w.todo, rest, strlen(rest) + 1);
			continue;
		}
		fd = openat(at, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
		if (fd < 0)
			return -errno;
		if (fstat(fd, &st) < 0) {
			r = -errno;
			close(fd);
			return r;
		}
		if (S_ISLNK(st.st_mode) && !(nofollow && !*rest && !must_be_dir)) {
			r = walk_follow(&w, fd, part + n);
			close(fd);
			if (r < 0)
				return r;
			continue;
		}
		if (!S_ISDIR(st.st_mode)) {
			if (*rest || must_be_dir) {
				close(fd);
				return -ENOTDIR;
			}
			*ret_fd = fd;
			return 0;
		}
		if (w.depth == BR_ARRAY_SIZE(w.fds)) {
			close(fd);
			return -ENAMETOOLONG;
		}
		w.fds[w.depth++] = fd;
		memmove(w.todo, rest, strlen(rest) + 1);
	}
}

int br_root_path(const struct br_root *root, const char *path, bool nofollow, int *ret_fd)
{
	struct open_how how = {
		.flags = O_PATH | O_CLOEXEC | (nofollow ? O_NOFOLLOW : 0),
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
	};

	if (root->fd < 0)
		return -EBADF;
	if (!root->walk_only) {
		/* EAGAIN: a rename raced with ".."; a few tries, then the walk, which cannot be raced. */
		for (int tries = 0; tries < 8; tries++) {
			long fd = syscall(SYS_openat2, root->fd, path, &how, sizeof(how));

			if (fd >= 0) {
				*ret_fd = (int)fd;
				return 0;
			}
			if (errno == EAGAIN || errno == EINTR)
				continue;
			return -errno;
		}
	}
	return walk(root, path, nofollow, ret_fd);
}

/*
 * Opens for reading what an O_PATH descriptor names, through /proc: looked at first, so that a FIFO or a
 * device is never opened, and the very object that was looked at.
 */
static int reopen(int path_fd, int flags, int *ret_fd)
{
	char proc[64];
	int fd;

	snprintf(proc, sizeof(proc), "/proc/self/fd/%d", path_fd);
	/* Not even the time of access is to change; only the owner of the file may ask for that. */
	fd = open(proc, flags | O_CLOEXEC | O_NOATIME);
	if (fd < 0 && errno == EPERM)
		fd = open(proc, flags | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	*ret_fd = fd;
	return 0;
}

int br_root_file(const struct br_root *root, const char *path, int *ret_fd)
{
	br_autoclose int fd = -1;
	struct stat st;
	int r = br_root_path(root, path, false, &fd);

	if (r < 0)
		return r;
	if (fstat(fd, &st) < 0)
		return -errno;
	if (S_ISDIR(st.st_mode))
		return -EISDIR;
	if (!S_ISREG(st.st_mode))
		return -EMEDIUMTYPE;
	return reopen(fd, O_RDONLY | O_NOCTTY | O_NONBLOCK, ret_fd);
}

int br_read_fd(int fd, size_t cap, struct br_blob *ret)
{
	br_autofree char *data = NULL;
	size_t len = 0, size = 0;
	struct stat st;

	if (fstat(fd, &st) < 0)
		return -errno;
	if (st.st_size > 0 && (uint64_t)st.st_size > cap)
		return -EFBIG;
	/* The size is a hint only: files of /proc have none, and a file may grow. */
	for (;;) {
		ssize_t n;

		if (len + 1 >= size) {
			size_t more = size ? size * 2 : (size_t)st.st_size + 4096;
			char *p = realloc(data, more);

			if (!p)
				return -ENOMEM;
			data = p;
			size = more;
		}
		n = pread(fd, data + len, size - len - 1, (off_t)len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			break;
		len += (size_t)n;
		if (len > cap)
			return -EFBIG;
	}
	data[len] = '\0';
	*ret = (struct br_blob){BR_TAKE(data), len};
	return 0;
}

int br_read_file(const char *path, size_t cap, struct br_blob *ret)
{
	br_autoclose int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return -errno;
	return S_ISREG(st.st_mode) ? br_read_fd(fd, cap, ret) : -EMEDIUMTYPE;
}

int br_root_read(const struct br_root *root, const char *path, size_t cap, struct br_blob *ret)
{
	br_autoclose int fd = -1;
	int r = br_root_file(root, path, &fd);

	return r < 0 ? r : br_read_fd(fd, cap, ret);
}

static int root_stat(const struct br_root *root, const char *path, bool nofollow, struct stat *ret)
{
	br_autoclose int fd = -1;
	int r = br_root_path(root, path, nofollow, &fd);

	if (r < 0)
		return r;
	return fstat(fd, ret) < 0 ? -errno : 0;
}

int br_root_stat(const struct br_root *root, const char *path, struct stat *ret)
{
	return root_stat(root, path, false, ret);
}

int br_root_lstat(const struct br_root *root, const char *path, struct stat *ret)
{
	return root_stat(root, path, true, ret);
}

bool br_root_exists(const struct br_root *root, const char *path)
{
	struct stat st;

	return br_root_stat(root, path, &st) == 0;
}

int br_root_readlink(const struct br_root *root, const char *path, char **ret)
{
	br_autoclose int fd = -1;
	char buf[BR_PATH_MAX];
	int r = br_root_path(root, path, true, &fd);
	ssize_t n;

	if (r < 0)
		return r;
	n = readlinkat(fd, "", buf, sizeof(buf));
	if (n < 0)
		return errno == ENOENT ? -EINVAL : -errno; /* the kernel's word for "no link" here */
	if ((size_t)n == sizeof(buf))
		return -ENAMETOOLONG;
	*ret = strndup(buf, (size_t)n);
	return *ret ? 0 : -ENOMEM;
}

int br_root_dir(const struct br_root *root, const char *path, int *ret_fd)
{
	br_autoclose int fd = -1;
	int r = br_root_path(root, path, false, &fd);

	return r < 0 ? r : reopen(fd, O_RDONLY | O_DIRECTORY, ret_fd);
}

int br_root_list(const struct br_root *root, const char *path, struct br_strv *ret)
{
	br_autostrv struct br_strv names = {0};
	br_autoclosedir DIR *dir = NULL;
	struct dirent *e;
	int fd, r = br_root_dir(root, path, &fd);

	if (r < 0)
		return r;
	dir = fdopendir(fd);
	if (!dir) {
		r = -errno;
		close(fd);
		return r;
	}
	for (errno = 0; (e = readdir(dir)); errno = 0) {
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		if (names.n == BR_DIR_ENTRIES_MAX)
			return -E2BIG;
		br_strv_add(&names, e->d_name);
	}
	if (errno)
		return -errno;
	if (names.oom)
		return -ENOMEM;
	br_strv_sort(&names);
	*ret = names;
	names = (struct br_strv){0};
	return 0;
}

void br_blob_free(struct br_blob *b)
{
	free(b->data);
	*b = (struct br_blob){0};
}
