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

/* Writes without ever blocking past end; consoles get \r\n from their line discipline. */
static void offer(int fd, const char *text, size_t len, int64_t end)
{
	while (len) {
		struct pollfd p = {.fd = fd, .events = POLLOUT};
		int64_t left = end - br_now_ms();
		ssize_t n;

		if (left <= 0) {
			/* What is still queued would hold up close(2) on a line with flow control. */
			(void)tcflush(fd, TCOFLUSH);
			return;
		}
		if (poll(&p, 1, (int)left) < 0 && errno != EINTR)
			return;
		/* A port that nobody listens at on the host's side. */
		if ((p.revents & (POLLHUP | POLLERR | POLLNVAL)) && !(p.revents & POLLOUT))
			return;
		n = write(fd, text, len < 512 ? len : 512);
		if (n < 0 && ((errno != EAGAIN && errno != EINTR) || (p.revents & POLLHUP)))
			return;
		if (n > 0) {
			text += n;
			len -= (size_t)n;
		}
	}
}

static void offer_path(const char *path, const char *text, size_t len, int64_t end)
{
	br_autoclose int fd = open(path, O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);

	if (fd >= 0)
		offer(fd, text, len, end);
}

/* proc(5) has no word for it; the first field of a line is the device below /dev ("tty0", "ttyS0"). */
static void to_consoles(const char *text, int64_t end)
{
	br_autofclose FILE *f = fopen("/proc/consoles", "re");
	br_autofree char *line = NULL;
	size_t cap = 0, seen = 0;

	while (f && seen < 16 && getline(&line, &cap, f) > 0) {
		char name[64], path[80];

		if (sscanf(line, "%63s", name) != 1 || strchr(name, '/'))
			continue;
		snprintf(path, sizeof(path), "/dev/%s", name);
		offer_path(path, text, strlen(text), end);
		seen++;
	}
	if (!seen)
		offer_path("/dev/console", text, strlen(text), end);
}

/* /dev/virtio-ports/NAME is udev's; without udev the port is found by its name in sysfs. */
static void to_port(const char *json, int64_t end)
{
	br_autoclosedir DIR *dir = NULL;
	struct dirent *e;

	if (access("/dev/virtio-ports/" PORT_NAME, W_OK) == 0) {
		offer_path("/dev/virtio-ports/" PORT_NAME, json, strlen(json), end);
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
		offer_path(path, json, strlen(json), end);
		return;
	}
}

/* Level 7: in the journal, and on no console that shows the kernel's messages by default. */
static void to_kmsg(const char *line)
{
	br_autofree char *record = br_format("<7>bootready: %s\n", line);

	if (record)
		offer_path("/dev/kmsg", record, strlen(record), br_now_ms() + 100);
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

	if (text)
		to_consoles(text, br_now_ms() + PATIENCE_MS);
	to_kmsg(br_starts(line, "bootready: ") ? line + strlen("bootready: ") : line);
}

void br_announce_texts(const char *name, const char *json, const char *table)
{
	int64_t end = br_now_ms() + PATIENCE_MS; /* all of them together */

	to_run(name, json, table);
	to_port(json, end);
	to_consoles(table, end);
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
