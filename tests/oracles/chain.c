/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * For modprobe.sh: chain ROOT RELEASE MODULE... prints, a line a module, its state and what it takes,
 * dependencies first.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "image/modules.h"

static int print_chain(const struct br_modtree *t, const char *module)
{
	const struct br_driver_ask ask = {.name = module};
	br_autodriver struct br_driver d = {0};
	int r = br_driver_look(t, &ask, &d);

	if (r < 0) {
		printf("%s error %s\n", module, strerror(-r));
		return 1;
	}
	printf("%s %s", module, br_driver_state_name(d.state));
	for (size_t i = 0; i < d.chain.n; i++)
		printf(" %s", d.chain.v[i]);
	putchar('\n');
	return 0;
}

int main(int argc, char **argv)
{
	struct br_modtree *t = NULL;
	br_autofree char *why = NULL;
	struct br_root root;
	int r;

	if (argc < 3) {
		fputs("usage: chain ROOT RELEASE MODULE...\n", stderr);
		return 64;
	}
	r = br_root_open(&root, argv[1]);
	if (!r)
		r = br_modtree_root(&root, argv[2], &t, &why);
	if (r < 0) {
		fprintf(stderr, "%s: %s\n", argv[1], why ? why : strerror(-r));
		return 1;
	}
	for (int i = 3; i < argc; i++)
		r |= print_chain(t, argv[i]);
	br_modtree_free(t);
	br_root_close(&root);
	return r;
}
