/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Prints what the reader of units says of a root: NAME STATE and the words starts, preset, socket; a line a unit. */
#include <stdio.h>
#include <stdlib.h>

#include "image/units.h"

int main(int argc, char **argv)
{
	br_cleanup(br_units_free) struct br_units u = {0};
	br_autofree char *why = NULL;
	struct br_root root;
	int r;

	if (argc != 2 || br_root_open(&root, argv[1]) < 0)
		return 64;
	r = br_units_read(&root, &u, &why);
	br_root_close(&root);
	if (r < 0) {
		fprintf(stderr, "%s\n", why ? why : br_strerror(-r));
		return 70;
	}
	for (size_t i = 0; i < u.n; i++)
		printf("%s %s%s%s%s\n", u.v[i].name, br_unit_state_name(u.v[i].state), u.v[i].starts ? " starts" : "",
		       u.v[i].preset ? " preset" : "", u.v[i].by_socket ? " socket" : "");
	return 0;
}
