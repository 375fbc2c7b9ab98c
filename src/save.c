/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Three processes stand behind a saved report. The writer does the work and may die at any step or hang on
 * a disk. The guard, this process, waits for it for a bounded time and then puts the mount flags back by a
 * second child, bounded as well. The hook that started us looks once more after we are gone.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <time.h>

#include "base/io.h"
#include "base/limits.h"
#include "image/root.h"
#include "rootfs.h"
#include "save.h"
#include "version.h"

#define SELINUX "security.selinux"

char *br_report_text(const struct br_report *rep, const char *format)
{
	char *text = NULL;
	size_t len = 0;
	const struct br_sheet sheet = {.report = rep, .tool_version = BR_VERSION};
	FILE *f = open_memstream(&text, &len);
	int r;

	if (!f)
		return NULL;
	r = br_writer_by_name(format)->write(&sheet, 1, false, f);
	if (fclose(f) != 0 || r < 0) {
		free(text);
		return NULL;
	}
	return text;
}

/* No policy is loaded yet in pre-pivot, so the kernel would leave new files without a label. */
static void copy_label(int dirfd, int fd)
{
	char label[256];
	ssize_t n = fgetxattr(dirfd, SELINUX, label, sizeof(label));

	if (n > 0)
		(void)fsetxattr(fd, SELINUX, label, (size_t)n, 0);
}

int br_write_whole(int dirfd, const char *name, const char *text)
{
	br_autofree char *tmp = br_format(".%s.tmp", name);
	br_autoclose int fd = -1;
	int r;

	if (!tmp)
		return -ENOMEM;
	if (unlinkat(dirfd, tmp, 0) < 0 && errno != ENOENT)
		return -errno;
	fd = openat(dirfd, tmp, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return -errno;
	copy_label(dirfd, fd);
	r = br_write_all(fd, text, strlen(text));
	if (r == 0 && (fsync(fd) < 0 || renameat(dirfd, tmp, dirfd, name) < 0))
		r = -errno;
	if (r < 0) {
		(void)unlinkat(dirfd, tmp, 0);
		return r;
	}
	return fsync(dirfd) < 0 ? -errno : 0;
}

/* The folder below the root, made when it is not there; its parent must be. */
static int open_folder(const struct br_root *root, const char *dir, int *ret_fd)
{
	br_autofree char *parent = strdup(dir);
	br_autoclose int parent_fd = -1;
	char *slash;
	int r = br_root_dir(root, dir, ret_fd);

	if (r != -ENOENT)
		return r;
	slash = parent ? strrchr(parent, '/') : NULL;
	if (!slash)
		return -ENOMEM;
	*slash = '\0';
	r = br_root_dir(root, *parent ? parent : "/", &parent_fd);
	if (r < 0)
		return r;
	if (mkdirat(parent_fd, slash + 1, 0755) < 0)
		return -errno;
	r = br_root_dir(root, dir, ret_fd);
	if (r < 0)
		return r;
	copy_label(parent_fd, *ret_fd);
	return fsync(parent_fd) < 0 ? -errno : 0;
}

struct save {
	const char *root; /* folder it is mounted on */
	const char *dir;  /* below it */
	const char *json_name, *table_name;
	const char *json, *table;
	bool remount;
	unsigned long flags; /* mount flags to come back to */
};

static int write_both(const struct save *s)
{
	br_autoclose int fd = -1;
	struct br_root root;
	int r = br_root_open(&root, s->root);

	if (r < 0)
		return r;
	r = open_folder(&root, s->dir, &fd);
	br_root_close(&root);
	/* The table first: report.json, which decisions rest on, appears only when all is there. */
	if (r == 0)
		r = br_write_whole(fd, s->table_name, s->table);
	if (r == 0)
		r = br_write_whole(fd, s->json_name, s->json);
	return r;
}

static int remount(const struct save *s, bool writable)
{
	unsigned long flags = s->flags & ~(unsigned long)MS_RDONLY;

	return mount(NULL, s->root, NULL, MS_REMOUNT | flags | (writable ? 0 : MS_RDONLY), NULL) < 0 ? -errno : 0;
}

/* The writer: its exit status is the error number. */
static _Noreturn void writer(const struct save *s)
{
	int r = s->remount ? remount(s, true) : 0;

	if (r == 0)
		r = write_both(s);
	_exit(-r & 0xff);
}

static _Noreturn void restorer(const struct save *s)
{
	_exit(-remount(s, false) & 0xff);
}

/* Runs job in a child for at most seconds. Its error as -errno; -ETIMEDOUT; -EINTR: it was killed. */
static int bounded(void (*job)(const struct save *), const struct save *s, unsigned seconds)
{
	pid_t parent = getpid(), pid;
	int status;

	fflush(NULL);
	pid = fork();
	if (pid < 0)
		return -errno;
	if (pid == 0) {
		/* Nothing is written to the root when nobody is left to put its flags back. */
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != parent)
			_exit(EINTR);
		job(s);
	}
	for (unsigned i = 0; i < seconds * 200; i++) {
		pid_t r = waitpid(pid, &status, WNOHANG);

		if (r == pid)
			return WIFEXITED(status) ? -WEXITSTATUS(status) : -EINTR;
		if (r < 0 && errno != EINTR)
			return -errno;
		nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
	}
	kill(pid, SIGKILL);
	(void)waitpid(pid, &status, WNOHANG);
	return -ETIMEDOUT;
}

static int save(struct save *s, char **ret_why)
{
	int r = bounded(writer, s, BR_WRITER_PATIENCE);

	if (r < 0)
		*ret_why = r == -ETIMEDOUT ? br_format("the root did not take it in %d s", BR_WRITER_PATIENCE)
		           : r == -EINTR   ? br_format("the writer was killed")
		                           : br_format("%s", strerror(-r));
	if (s->remount) {
		int back = bounded(restorer, s, BR_WRITER_PATIENCE);

		if (back < 0) {
			free(*ret_why);
			*ret_why = br_format("the root could not be made read-only again: %s", strerror(-back));
			return back;
		}
	}
	return r;
}

/* "/etc/bootready/report.json" -> its folder, "report.json", "report.txt". */
static int split_path(const char *path, char **ret_dir, char **ret_json, char **ret_table)
{
	const char *slash = strrchr(path, '/');
	size_t stem;

	if (!slash || !slash[1])
		return -EINVAL;
	stem = strlen(slash + 1) - (br_ends(slash + 1, ".json") ? strlen(".json") : 0);
	*ret_dir = slash == path ? strdup("/") : strndup(path, (size_t)(slash - path));
	*ret_json = strdup(slash + 1);
	*ret_table = br_format("%.*s.txt", (int)stem, slash + 1);
	return *ret_dir && *ret_json && *ret_table ? 0 : -ENOMEM;
}

int br_save(const struct br_options *opt, const struct br_report *rep, char **ret_why)
{
	br_autofree char *json = br_report_text(rep, "json"), *table = br_report_text(rep, "table");
	br_autofree char *dir = NULL, *json_name = NULL, *table_name = NULL;
	struct br_rootfs fs;
	struct save s;
	int r;

	if (!json || !table)
		return -ENOMEM;
	r = split_path(strcmp(opt->report, "auto") == 0 ? BR_REPORT_PATH : opt->report, &dir, &json_name,
	               &table_name);
	if (r < 0)
		return r;
	r = br_rootfs_look(opt->root, opt->context == BR_PREBOOT, &fs, ret_why);
	if (r < 0)
		return r;
	s = (struct save){
		.root = opt->root,
		.dir = dir,
		.json = json,
		.table = table,
		.json_name = json_name,
		.table_name = table_name,
		.remount = fs.read_only,
		.flags = fs.flags,
	};
	return save(&s, ret_why);
}
