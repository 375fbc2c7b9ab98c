/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <time.h>

#include "announce.h"
#include "base/io.h"
#include "save.h"

#define RUN_DIR   "/run/initramfs/bootready"
#define PORT_NAME "org.bootready.report"
/* A serial console at 9600 baud passes a table in five seconds; one with flow control off never does. */
#define PATIENCE_MS 8000

#define OUTLETS_MAX 17 /* sixteen consoles and the port */

/* Something to write to, and what is left to write. */
struct outlet {
	int fd;
	const char *text;
	size_t len;
};

struct outlets {
	struct outlet v[OUTLETS_MAX];
	size_t n;
};

/* false: nothing more is to be written to it. Consoles get \r\n from their line discipline. */
static bool give(struct outlet *o, short revents)
{
	ssize_t n;

	/* A port that nobody listens at on the host's side. */
	if ((revents & (POLLHUP | POLLERR | POLLNVAL)) && !(revents & POLLOUT))
		return false;
	n = write(o->fd, o->text, o->len < 512 ? o->len : 512);
	if (n < 0)
		return (errno == EAGAIN || errno == EINTR) && !(revents & POLLHUP);
	o->text += n;
	o->len -= (size_t)n;
	return o->len > 0;
}

static void shut(struct outlet *o)
{
	if (o->fd >= 0)
		close(o->fd);
	o->fd = -1;
}

/* One round over all that take something now; false when that was the last. */
static bool offer_round(struct outlets *all, int64_t left)
{
	struct pollfd p[OUTLETS_MAX];
	size_t open = 0;

	for (size_t i = 0; i < all->n; i++) {
		p[i] = (struct pollfd){.fd = all->v[i].fd, .events = POLLOUT};
		open += all->v[i].fd >= 0;
	}
	if (!open || left <= 0)
		return false;
	if (poll(p, all->n, (int)left) < 0)
		return errno == EINTR;
	for (size_t i = 0; i < all->n; i++)
		if (p[i].revents && !give(&all->v[i], p[i].revents))
			shut(&all->v[i]);
	return true;
}

/* Writes to all side by side, so that one that is stuck keeps no other waiting, and never beyond end. */
static void offer(struct outlets *all, int64_t end)
{
	while (offer_round(all, end - br_now_ms()))
		;
	for (size_t i = 0; i < all->n; i++) {
		/* What is still queued would hold up close(2) on a line with flow control. */
		if (all->v[i].fd >= 0)
			(void)tcflush(all->v[i].fd, TCOFLUSH);
		shut(&all->v[i]);
	}
}

static void add_outlet(struct outlets *all, const char *path, const char *text)
{
	int fd;

	if (all->n == OUTLETS_MAX || !*text)
		return;
	fd = open(path, O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	if (fd >= 0)
		all->v[all->n++] = (struct outlet){.fd = fd, .text = text, .len = strlen(text)};
}

/* proc(5) has no word for it; the first field of a line is the device below /dev ("tty0", "ttyS0"). */
static void add_consoles(struct outlets *all, const char *text)
{
	br_autofclose FILE *f = fopen("/proc/consoles", "re");
	br_autofree char *line = NULL;
	size_t cap = 0, seen = 0;

	while (f && seen < 16 && getline(&line, &cap, f) > 0) {
		char name[64], path[80];

		if (sscanf(line, "%63s", name) != 1 || strchr(name, '/'))
			continue;
		snprintf(path, sizeof(path), "/dev/%s", name);
		add_outlet(all, path, text);
		seen++;
	}
	if (!seen)
		add_outlet(all, "/dev/console", text);
}

/* /dev/virtio-ports/NAME is udev's; without udev the port is found by its name in sysfs. */
static void add_port(struct outlets *all, const char *json)
{
	br_autoclosedir DIR *dir = NULL;
	struct dirent *e;

	if (access("/dev/virtio-ports/" PORT_NAME, W_OK) == 0) {
		add_outlet(all, "/dev/virtio-ports/" PORT_NAME, json);
		return;
	}
	dir = opendir("/sys/class/virtio-ports");
	while (dir && (e = readdir(dir))) {
		char path[320], name[64] = "";
		br_autofclose FILE *f = NULL;

		snprintf(path, sizeof(path), "/sys/class/virtio-ports/%s/name", e->d_name);
		f = fopen(path, "re");
		if (!f || !fgets(name, sizeof(name), f))
			continue;
		name[strcspn(name, "\n")] = '\0';
		if (strcmp(name, PORT_NAME) != 0)
			continue;
		snprintf(path, sizeof(path), "/dev/%s", e->d_name);
		add_outlet(all, path, json);
		return;
	}
}

/* Level 7: in the journal, and on no console that shows the kernel's messages by default. */
static void to_kmsg(const char *line)
{
	br_autofree char *record = br_format("<7>bootready: %s\n", line);
	br_autoclose int fd = open("/dev/kmsg", O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	/* It takes a record at once or not at all, and poll(2) does not say when. */
	ssize_t n br_unused = record && fd >= 0 ? write(fd, record, strlen(record)) : 0;
}

static void kmsg_report(const struct br_report *rep)
{
	for (size_t i = 0; i < rep->n_checks; i++) {
		const struct br_result *c = &rep->checks[i];

		for (size_t k = 0; k < c->n_findings; k++) {
			const struct br_finding *f = &c->findings[k];
			br_autofree char *line = NULL;

			if (f->severity == BR_SEV_INFO)
				continue;
			line = br_format("%s [%s] %s: %.700s", c->check->id, br_status_name(c->status), f->code,
			                 f->message);
			if (line)
				to_kmsg(line);
		}
	}
}

static void to_run(const char *name, const char *json, const char *table)
{
	br_autofree char *txt = br_format("%s.txt", name), *js = br_format("%s.json", name);
	br_autoclose int fd = -1;

	(void)mkdir("/run/initramfs", 0755);
	(void)mkdir(RUN_DIR, 0755);
	fd = open(RUN_DIR, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return;
	if (!txt || !js || br_write_whole(fd, txt, table) < 0 || br_write_whole(fd, js, json) < 0)
		br_announce_line("bootready: no room in " RUN_DIR " for the report");
}

void br_announce_log(const char *line)
{
	to_kmsg(line);
}

void br_announce_line(const char *line)
{
	br_autofree char *text = br_format("%s\n", line);
	struct outlets all = {.n = 0};

	if (text) {
		add_consoles(&all, text);
		offer(&all, br_now_ms() + PATIENCE_MS);
	}
	to_kmsg(br_starts(line, "bootready: ") ? line + strlen("bootready: ") : line);
}

void br_announce_texts(const char *name, const char *json, const char *table)
{
	struct outlets all = {.n = 0};

	to_run(name, json, table);
	add_port(&all, json);
	add_consoles(&all, table);
	offer(&all, br_now_ms() + PATIENCE_MS);
}

void br_announce(const struct br_report *rep)
{
	br_autofree char *json = br_report_text(rep, "json"), *table = br_report_text(rep, "table");
	br_autofree char *verdict = br_format("verdict: %s (profile %s)",
	                                      br_verdict_name(br_report_verdict(rep)), rep->profile);

	if (!json || !table)
		return;
	br_announce_texts("report", json, table);
	kmsg_report(rep);
	if (verdict)
		to_kmsg(verdict);
}
