/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* sshd_config, as releases of each way to take a line apart read it; a key's text and a program's release beside. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "image/sshd-internal.h"
#include "image/sshd.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_value(const struct br_sshd_value *v)
{
	if (v->text && (!v->path || !v->line))
		abort();
}

/* What is found can be told, and what is kept has its place. */
static void parse(const struct br_sshd_ask *ask, const char *text, size_t size)
{
	br_cleanup(br_sshd_conf_free) struct br_sshd_conf c = {0};

	if (br_sshd_conf_parse(ask, "/etc/ssh/sshd_config", text, size, &c) < 0)
		return;
	/* One of each graver kind is told whatever came before. */
	if (c.n_problems > BR_SSHD_PROBLEMS_MAX + 3)
		abort();
	for (size_t i = 0; i < c.n_problems; i++)
		if (!c.problems[i].what || !*c.problems[i].what || !c.problems[i].path)
			abort();
	for (size_t i = 0; i < BR_SSHD_SETTINGS; i++)
		check_value(&c.set[i]);
	for (size_t i = 0; i < c.n_host_keys; i++)
		check_value(&c.host_keys[i]);
}

/* As the readers of files are given it: with a NUL behind. */
static void texts(const char *text, size_t size)
{
	br_autofree char *copy = malloc(size + 1), *version = NULL, *package = NULL;

	if (!copy)
		return;
	memcpy(copy, text, size);
	copy[size] = '\0';
	br_sshd_key_text(copy);
	package = br_dpkg_version(copy, "openssh-server");
	if (br_sshd_release(text, size, &version) && !version)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const unsigned releases[] = {606, 704, 804, 807, 902, 908, 909, 1000, 1003, 1005};
	static const char program[] = "\0addedkeyword\0keyexchange@example.com";
	const char *text = (const char *)data;
	br_autostrv struct br_strv users = {0}, services = {0};

	br_strv_add(&users, "root");
	br_strv_add(&services, "ssh");
	for (size_t i = 0; i < BR_ARRAY_SIZE(releases); i++) {
		struct br_sshd_ask ask = {
			.release = releases[i],
			.version = "OpenSSH_9.2p1",
			.family = i % 2 ? BR_FAMILY_REDHAT : BR_FAMILY_DEBIAN,
			.users = i % 3 ? &users : NULL,
			.services = i % 3 ? NULL : &services,
			.program = {program, sizeof(program)},
		};

		parse(&ask, text, size);
	}
	texts(text, size);
	return 0;
}
