/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Picks the sub-command; `check` is the default. */
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>

#include "base/str.h"
#include "cli.h"
#include "version.h"

static const struct br_command *const commands[] = {
	&br_command_check,    &br_command_list,      &br_command_explain,
	&br_command_profiles, &br_command_initramfs, &br_command_missing,
	&br_command_decide,   &br_command_convert,
};

/* What was typed may hold anything; a terminal obeys control characters. */
static void complain(const char *fmt, va_list ap)
{
	br_autostr struct br_str text = {0}, shown = {0};

	br_str_vprintf(&text, fmt, ap);
	if (text.s)
		br_str_add_shown(&shown, text.s, text.len);
	fprintf(stderr, "bootready: %s\n", shown.s ? shown.s : "out of memory");
}

int br_usage_error(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	complain(fmt, ap);
	va_end(ap);
	return BR_EXIT_USAGE;
}

int br_internal_error(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	complain(fmt, ap);
	va_end(ap);
	return BR_EXIT_INTERNAL;
}

int br_finish_output(int status)
{
	if (fflush(stdout) != 0 || ferror(stdout))
		return br_internal_error("the output could not be written");
	return status;
}

static int help(void)
{
	puts("Is this root ready to boot on another machine?\n");
	for (size_t i = 0; i < BR_ARRAY_SIZE(commands); i++)
		printf("  bootready %s%s%s\n      %s\n", commands[i]->name, *commands[i]->arguments ? " " : "",
		       commands[i]->arguments, commands[i]->help);
	puts("  bootready --version\n      The libraries linked in, and their versions.\n");
	puts("Without a sub-command: check. Every sub-command has --help.");
	puts("Exit status of check: 0 ready, 1 not ready, 2 undetermined, 64 wrong usage,\n"
	     "70 internal error.");
	return br_finish_output(0);
}

static int version(void)
{
	puts("bootready " BR_VERSION);
	for (size_t i = 0; i < br_n_libraries; i++)
		printf("%s %s (%s)\n", br_libraries[i].name, br_libraries[i].version, br_libraries[i].licence);
	return br_finish_output(0);
}

/* A closed descriptor 0, 1 or 2 would be taken by a file of the root, and written over. */
static void hold_standard_fds(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd < 3);
	if (fd >= 3)
		close(fd);
}

int main(int argc, char **argv)
{
	char *check[] = {(char *)"check", NULL};

	hold_standard_fds();
	if (argc < 2)
		return br_command_check.run(1, check);
	if (argc > 2 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "--version") == 0))
		return br_usage_error("%s stands alone, without \"%s\"", argv[1], argv[2]);
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
		return help();
	if (strcmp(argv[1], "--version") == 0)
		return version();
	if (argv[1][0] == '-') /* the options of check, its name left out */
		return br_command_check.run(argc, argv);
	for (size_t i = 0; i < BR_ARRAY_SIZE(commands); i++)
		if (strcmp(commands[i]->name, argv[1]) == 0)
			return commands[i]->run(argc - 1, argv + 1);
	return br_usage_error("no sub-command %s; see bootready --help", argv[1]);
}
