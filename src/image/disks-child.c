/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Reads disks in child processes. A read of a dead disk blocks in the kernel, where not even SIGKILL ends
 * it: so the parent only waits for the pipe, and goes on without a child that does not answer. The child
 * keeps nothing open but its pipe and the disk: a descriptor of the root would keep it from being
 * unmounted, one of the console or of a caller's pipe would keep the caller waiting.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

#include "base/io.h"
#include "base/limits.h"
#include "image/disks-internal.h"

/* Bytes of one child's answer: 257 devices with a name or two each. */
#define ANSWER_MAX BR_MIB
/* Of a child's memory: libblkid takes what a GPT's header says its entries need. */
#define CHILD_MEMORY (256 * BR_MIB)
/* Steps of 5 ms for a killed child to be gone. */
#define REAP_STEPS 20
/* Of a direct read: no device in use has larger sectors. */
#define DIRECT_SIZE 4096

struct child {
	struct br_dev *dev;
	pid_t pid;
	int fd;
	struct br_str answer;
};

static void close_others(int keep)
{
	struct rlimit files;
	int top = 1024;

#ifdef SYS_close_range /* kernel 5.9; a limit of a million files is common, and a close() each takes its time */
	if ((!keep || syscall(SYS_close_range, 0, keep - 1, 0) == 0) &&
	    syscall(SYS_close_range, keep + 1, ~0U, 0) == 0)
		return;
#endif
	if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < 65536)
		top = (int)files.rlim_cur;
	for (int fd = 0; fd < top; fd++)
		if (fd != keep)
			close(fd);
}

static void limit_self(void)
{
#ifndef __SANITIZE_ADDRESS__ /* its shadow alone is terabytes */
	setrlimit(RLIMIT_AS, &(struct rlimit){CHILD_MEMORY, CHILD_MEMORY});
#endif
	setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
	signal(SIGPIPE, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
}

/* One device that could not be read at all, as an answer. */
static void put_unread(struct br_str *out, char *why)
{
	struct br_blk b = {.kind = BR_BLK_DISK, .unread = why};

	br_wire_put(out, &b, 1);
	free(why);
}

/*
 * Waits until the disk answers, past the page cache. A read through the cache that SIGKILL ends in the middle
 * leaves a locked page: the process then hangs in closing the device, and with it everybody who calls sync(),
 * systemd before it switches the root among them. A direct read that hangs keeps nobody else waiting.
 */
static void wait_for_answer(const struct br_dev *d)
{
	static unsigned char page[DIRECT_SIZE] __attribute__((aligned(DIRECT_SIZE)));
	br_autoclose int fd = open(d->path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_DIRECT);
	uint64_t end = d->size / sizeof(page) * sizeof(page);

	/* What a read says is asked again, and told, by who wants to know. */
	if (fd >= 0 && pread(fd, page, sizeof(page), 0) >= 0 && end > sizeof(page))
		(void)!pread(fd, page, sizeof(page), (off_t)(end - sizeof(page)));
}

static void answer(const struct br_dev *d, struct br_str *out)
{
	br_autoclose int fd = open(d->path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	struct br_blk *blks;
	char first[512];
	struct stat st;
	size_t n;
	int r;

	if (fd < 0 || fstat(fd, &st) < 0) {
		put_unread(out, br_format("it could not be opened: %s", strerror(errno)));
		return;
	}
	/* The node may have become another device, or an image file a FIFO, since it was looked at. */
	if (d->devno ? (!S_ISBLK(st.st_mode) || st.st_rdev != d->devno) : !S_ISREG(st.st_mode)) {
		put_unread(out, strdup("its device node is another device's"));
		return;
	}
	if (d->devno)
		wait_for_answer(d);
	if (pread(fd, first, sizeof(first), 0) < 0) {
		put_unread(out, br_format("it could not be read: %s", strerror(errno)));
		return;
	}
	r = br_probe(fd, d, &blks, &n);
	if (r < 0) {
		put_unread(out, br_format("it could not be read: %s", br_strerror(-r)));
		return;
	}
	br_wire_put(out, blks, n);
	br_blks_free(blks, n);
}

static void run_child(const struct br_dev *d, int pipe_fd, pid_t parent) __attribute__((noreturn));
static void run_child(const struct br_dev *d, int pipe_fd, pid_t parent)
{
	struct br_str out = {0};
	size_t done = 0;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent || chdir("/") < 0)
		_exit(1);
	close_others(pipe_fd);
	limit_self();
	answer(d, &out);
	while (!out.oom && done < out.len) {
		ssize_t n = write(pipe_fd, out.s + done, out.len - done);

		if (n < 0 && errno != EINTR)
			_exit(1);
		done += n > 0 ? (size_t)n : 0;
	}
	_exit(out.oom);
}

static int start(struct child *c)
{
	pid_t parent = getpid();
	int fds[2];

	if (pipe2(fds, O_CLOEXEC) < 0)
		return -errno;
	c->pid = fork();
	if (c->pid == 0)
		run_child(c->dev, fds[1], parent);
	close(fds[1]);
	if (c->pid < 0) {
		close(fds[0]);
		return -EAGAIN;
	}
	c->fd = fds[0];
	return 0;
}

/* Never longer than a tenth of a second: a child in the kernel's hands may not go before the machine does. */
static int reap(pid_t pid)
{
	int status = 0;

	for (int i = 0; i < REAP_STEPS; i++) {
		pid_t got = waitpid(pid, &status, WNOHANG);

		if (got == pid)
			return status;
		if (got < 0 && errno != EINTR)
			return 0;
		nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
	}
	return 0;
}

static void finish(struct child *c, bool answered)
{
	struct br_dev *d = c->dev;
	int status = 0;

	close(c->fd);
	c->fd = -1;
	if (!answered)
		kill(c->pid, SIGKILL);
	status = reap(c->pid);
	if (!answered || d->unread)
		return;
	if (WIFSIGNALED(status))
		d->unread = br_format("reading it ended with signal %d", WTERMSIG(status));
	else if (c->answer.oom || br_wire_get(c->answer.s, c->answer.len, &d->found, &d->n_found) < 0)
		d->unread = strdup("reading it gave no answer");
}

static void take(struct child *c)
{
	char buf[8192];
	ssize_t n = read(c->fd, buf, sizeof(buf));

	if (n < 0 && errno == EINTR)
		return;
	if (n <= 0) {
		finish(c, true);
		return;
	}
	br_str_add(&c->answer, buf, (size_t)n);
	if (c->answer.oom || c->answer.len > ANSWER_MAX) {
		c->dev->unread = strdup("reading it gave too long an answer");
		finish(c, false);
	}
}

/* One round of waiting. false: nobody is left to wait for, or time is up. */
static bool wait_round(struct child *kids, struct pollfd *polls, size_t n, int64_t until)
{
	int64_t left = until - br_now_ms();
	size_t open_ones = 0;

	for (size_t i = 0; i < n; i++) {
		polls[i] = (struct pollfd){.fd = kids[i].fd, .events = POLLIN};
		open_ones += kids[i].fd >= 0;
	}
	if (!open_ones || left <= 0)
		return false;
	if (poll(polls, n, (int)left) < 0 && errno != EINTR)
		return false;
	for (size_t i = 0; i < n; i++)
		if (kids[i].fd >= 0 && polls[i].revents)
			take(&kids[i]);
	return true;
}

void br_children_read(struct br_dev *const *devs, size_t n, unsigned patience)
{
	br_autofree struct child *kids = calloc(n + 1, sizeof(*kids));
	br_autofree struct pollfd *polls = calloc(n + 1, sizeof(*polls));
	int64_t until = br_now_ms() + (int64_t)patience * 1000;

	for (size_t i = 0; i < n; i++) {
		if (!kids || !polls) {
			devs[i]->unread = strdup("no memory to read it");
			continue;
		}
		kids[i] = (struct child){.dev = devs[i], .fd = -1};
		if (start(&kids[i]) < 0)
			devs[i]->unread = strdup("no process could be started to read it");
	}
	if (!kids || !polls)
		return;
	while (wait_round(kids, polls, n, until))
		;
	for (size_t i = 0; i < n; i++) {
		if (kids[i].fd >= 0) {
			if (!devs[i]->unread)
				devs[i]->unread = br_format("it did not answer in %u s", patience);
			finish(&kids[i], false);
		}
		br_str_free(&kids[i].answer);
	}
}
