/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* bootready missing: why the root has not come, asked in the initramfs that waits for it. */
#include <errno.h>
#include <string.h>

#include "announce.h"
#include "base/num.h"
#include "cli.h"
#include "missing/missing.h"

#define AFTER_MAX 86400

struct options {
	bool json, announce, came, no_mount;
	uint64_t after;
};

static int help(void)
{
	puts("usage: bootready missing [--after SECONDS] [--came] [--no-mount]\n"
	     "                         [--format table|json] [--announce]\n"
	     "Why the root has not come: run in the initramfs that waits for it. It shows what\n"
	     "root= asks for, every disk, devices without a driver and the module that would\n"
	     "drive them, what may have been meant instead, and what the kernel said.\n"
	     "  --after SECONDS  so long it was waited for\n"
	     "  --came           it was missing and has come: say so\n"
	     "  --no-mount       do not look into file systems that may be meant\n"
	     "  --announce       to every console, the virtio-serial port and /run/initramfs\n"
	     "Exit status: 0 the root came, 1 it is missing, 70 internal error.");
	return br_finish_output(0);
}

/* Owned; NULL when memory ran out. */
static char *text_of(const struct br_missing *m, bool json)
{
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);
	int r = f ? br_missing_write(m, json, f) : -ENOMEM;

	if (f && fclose(f) != 0)
		r = -ENOMEM;
	if (r < 0) {
		free(text);
		return NULL;
	}
	return text;
}

static void announce(const struct br_missing *m, const char *json, const char *table)
{
	/* Why it was missing stays to be read where it has come. */
	br_announce_texts(m->came ? "came" : "missing", json, table);
	for (size_t i = 0; i < m->n_told; i++) {
		br_autofree char *line = br_format("no root: %s: %.700s", m->told[i].code, m->told[i].message);

		if (line)
			br_announce_log(line);
	}
}

/* What marks it, dracut's since 106 without systemd by its second name alone. On a server nothing is mounted. */
static bool in_initramfs(void)
{
	return access("/etc/initrd-release", F_OK) == 0 || access("/usr/lib/initrd-release", F_OK) == 0;
}

static int show(const struct options *opt)
{
	/* On a running system the file systems are somebody's: no one is mounted to look into it. */
	const struct br_missing_ask ask = {.self = "/", .look_inside = !opt->no_mount && in_initramfs()};
	br_cleanup(br_missing_free) struct br_missing m = {.after = (unsigned)opt->after, .came = opt->came};
	br_autofree char *json = NULL, *table = NULL;
	int r = opt->came ? 0 : br_missing_read(&ask, &m);

	if (r < 0)
		return br_internal_error("why the root is missing could not be told: %s", strerror(-r));
	json = text_of(&m, true);
	table = text_of(&m, false);
	if (!json || !table)
		return br_internal_error("out of memory");
	fputs(opt->json ? json : table, stdout);
	if (opt->announce)
		announce(&m, json, table);
	return br_finish_output(opt->came ? 0 : 1);
}

static int run(int argc, char **argv)
{
	struct options opt = {0};

	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--help") == 0)
			return help();
		if (strcmp(argv[i], "--announce") == 0)
			opt.announce = true;
		else if (strcmp(argv[i], "--came") == 0)
			opt.came = true;
		else if (strcmp(argv[i], "--no-mount") == 0)
			opt.no_mount = true;
		else if (strcmp(argv[i], "--after") == 0 && i + 1 < argc &&
		         br_parse_uint(argv[i + 1], strlen(argv[i + 1]), 10, 0, AFTER_MAX, &opt.after) == 0)
			i++;
		else if (strcmp(argv[i], "--after") == 0)
			return br_usage_error("--after takes seconds, from 0 to %d", AFTER_MAX);
		else if (strcmp(argv[i], "--format") == 0 && i + 1 < argc &&
		         (strcmp(argv[i + 1], "json") == 0 || strcmp(argv[i + 1], "table") == 0))
			opt.json = strcmp(argv[++i], "json") == 0;
		else if (strcmp(argv[i], "--format") == 0)
			return br_usage_error("--format takes table or json");
		else
			return br_usage_error("missing takes --after, --came, --no-mount, --format and --announce, not \"%s\"", argv[i]);
	}
	return show(&opt);
}

const struct br_command br_command_missing = {
	.name = "missing",
	.arguments = "[--after SECONDS] [--format table|json]",
	.help = "In an initramfs: why the root has not come.",
	.run = run,
};
