/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* bootready initramfs FILE: what an initramfs is. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "base/str.h"
#include "cli.h"
#include "image/initramfs.h"

static int help(void)
{
	puts("usage: bootready initramfs FILE [--files] [--format table|json]\n"
	     "What an initramfs is: its segments, who made it, for which kernel, its drivers.\n"
	     "--files lists every file in it.\n"
	     "Exit status: 0 sound, 1 broken, 2 cannot be decoded.");
	return br_finish_output(0);
}

static int show(const char *path, bool files, bool json)
{
	br_autoclose int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	br_cleanup(br_initramfs_free) struct br_initramfs i = {0};
	int r;

	if (fd < 0)
		return br_usage_error("%s: %s", path, strerror(errno));
	r = br_initramfs_read_fd(fd, json, &i);
	if (r == -EISDIR || r == -EINVAL)
		return br_usage_error("%s: it takes a file", path);
	if (r < 0)
		return br_internal_error("%s: %s", path, strerror(-r));
	r = br_initramfs_show(&i, files, json, stdout);
	if (r < 0)
		return br_internal_error("%s: %s", path, strerror(-r));
	return br_finish_output(i.defect ? BR_EXIT_NOT_READY : i.unread || i.squash ? BR_EXIT_UNDETERMINED : 0);
}

static int run(int argc, char **argv)
{
	bool files = false, json = false;
	const char *path = NULL;

	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--help") == 0)
			return help();
		if (strcmp(argv[i], "--files") == 0)
			files = true;
		else if (strcmp(argv[i], "--format") == 0 && i + 1 < argc &&
		         (strcmp(argv[i + 1], "json") == 0 || strcmp(argv[i + 1], "table") == 0))
			json = strcmp(argv[++i], "json") == 0;
		else if (strcmp(argv[i], "--format") == 0)
			return br_usage_error("--format takes table or json");
		else if (argv[i][0] == '-' || path)
			return br_usage_error("initramfs takes one FILE, --files and --format, not \"%s\"", argv[i]);
		else
			path = argv[i];
	}
	if (!path)
		return br_usage_error("initramfs takes a FILE; see bootready initramfs --help");
	return show(path, files, json);
}

const struct br_command br_command_initramfs = {
	.name = "initramfs",
	.arguments = "FILE [--files] [--format table|json]",
	.help = "What an initramfs is: segments, who made it, kernel, drivers.",
	.run = run,
};
