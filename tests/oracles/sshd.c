/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * sshd ROOT RELEASE VERSION USERS SERVICES < PATHS: what the reader says of each sshd_config of a Debian root, one line
 * a path: "ok", "refused" or "unsure", and the first reason.
 * sshd ROOT < PATHS: what the root's own `sshd -t` says, in the same form.
 */
#include <fcntl.h>
#include <spawn.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "base/limits.h"
#include "image/sshd-conf.h"

static const char *verdict(const struct br_sshd_conf *c, const struct br_sshd_problem **ret)
{
	const char *word = "ok";

	*ret = NULL;
	for (size_t i = 0; i < c->n_problems; i++) {
		const struct br_sshd_problem *p = &c->problems[i];

		if (p->kind == BR_SSHD_REFUSED) {
			*ret = p;
			return "refused";
		}
		if (p->kind == BR_SSHD_UNSURE || p->kind == BR_SSHD_NAME) {
			*ret = p;
			word = "unsure";
		}
	}
	return word;
}

/* One line, whatever there is in it. */
static void say(const char *word, const char *why)
{
	printf("%s ", word);
	for (; *why; why++)
		putchar(*why >= ' ' && *why < 127 ? *why : '.');
	putchar('\n');
}

static int theirs(const char *path)
{
	/* The key is there for certain: this is about the configuration. */
	const char *argv[] = {"/usr/sbin/sshd", "-t", "-h", "/etc/ssh/ssh_host_ed25519_key", "-f", path, NULL};
	char why[512];
	posix_spawn_file_actions_t actions;
	int fd = memfd_create("said", 0), status = -1, r;
	ssize_t n;
	pid_t pid;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, fd, 2);
	r = posix_spawn(&pid, argv[0], &actions, NULL, (char *const *)argv, (char *[]){NULL});
	posix_spawn_file_actions_destroy(&actions);
	if (r == 0)
		waitpid(pid, &status, 0);
	n = pread(fd, why, sizeof(why) - 1, 0);
	close(fd);
	why[n > 0 ? n : 0] = '\0';
	say(r == 0 && WIFEXITED(status) ? WEXITSTATUS(status) ? "refused" : "ok" : "crashed", why);
	return r;
}

static int one(const struct br_sshd_ask *ask, const char *path)
{
	br_cleanup(br_sshd_conf_free) struct br_sshd_conf c = {0};
	br_autoblob struct br_blob blob = {0};
	const struct br_sshd_problem *p;
	const char *word;
	int r = br_root_read(ask->root, path, BR_CONFIG_MAX, &blob);

	if (r == 0)
		r = br_sshd_conf_parse(ask, path, blob.data, blob.len, &c);
	if (r < 0) {
		printf("error %d\n", r);
		return r;
	}
	word = verdict(&c, &p);
	if (p) {
		br_autofree char *why = br_format("%s:%u: %s", p->path, p->line, p->what);

		say(word, why ? why : "");
	} else {
		say(word, "");
	}
	return 0;
}

int main(int argc, char **argv)
{
	br_autostrv struct br_strv users = {0}, services = {0};
	br_autoblob struct br_blob program = {0};
	struct br_root root;
	struct br_sshd_ask ask = {.family = BR_FAMILY_DEBIAN, .root = &root, .users = &users, .services = &services};
	char line[4096];
	int r = 0;

	if (argc == 2) {
		if (chroot(argv[1]) < 0 || chdir("/") < 0)
			return 70;
		while (r == 0 && fgets(line, sizeof(line), stdin)) {
			line[strcspn(line, "\n")] = '\0';
			r = theirs(line);
		}
		return r;
	}
	if (argc != 6 || br_root_open(&root, argv[1]) < 0)
		return 64;
	ask.release = (unsigned)atoi(argv[2]); /* NOLINT(cert-err34-c): the test's own */
	ask.version = argv[3];
	if (br_root_read(&root, "/usr/sbin/sshd", BR_SSHD_PROGRAM_MAX, &program) == 0) {
		ask.program.data = program.data;
		ask.program.len = program.len;
	}
	br_strv_split(&users, argv[4], ",");
	br_strv_split(&services, argv[5], ",");
	while (r == 0 && fgets(line, sizeof(line), stdin)) {
		line[strcspn(line, "\n")] = '\0';
		r = one(&ask, line);
	}
	br_root_close(&root);
	return r == 0 ? 0 : 70;
}
