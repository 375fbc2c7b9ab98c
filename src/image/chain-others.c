/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The kernels that boot when somebody chooses their entry: each once, a few of them. */
#include <errno.h>
#include <string.h>

#include "base/limits.h"
#include "image/image.h"

static bool known(const struct br_image *img, const struct br_chain *from, const char *kernel)
{
	if (br_streq(from->kernel.path, kernel))
		return true;
	for (size_t i = 0; i < img->n_others; i++)
		if (br_streq(img->others[i].kernel.path, kernel))
			return true;
	return false;
}

static int add(struct br_image *img, const struct br_chain *from, const struct br_boot_entry *e)
{
	struct br_chain *c = &img->others[img->n_others];
	int r;

	*c = (struct br_chain){
		.firmware = from->firmware,
		.menu.boots = -1,
		.grubfs.blk = -1,
		.entry = e,
		.kernel.blk = -1,
		.cmdline = e->cmdline ? e->cmdline : "",
		.root_found = {.blk = -1, .second = -1},
	};
	img->n_others++;
	r = br_chain_files(img, c);
	/* An entry whose kernel is gone is told by br_chain.gone. */
	return r < 0 || c->kernel_state != BR_KERNEL_SOUND ? r : br_chain_modules(img, c);
}

int br_others_read(struct br_image *img)
{
	const struct br_chain *from = NULL;
	int r = 0;

	for (size_t i = 0; i < img->n_chains && !from; i++)
		if (img->chains[i].offered && img->chains[i].entry)
			from = &img->chains[i];
	if (!from || img->ask.initramfs)
		return 0;
	img->others = calloc(BR_OTHER_KERNELS_MAX, sizeof(*img->others));
	if (!img->others)
		return -ENOMEM;
	for (size_t i = 0; r == 0 && i < from->menu.n; i++) {
		const struct br_boot_entry *e = &from->menu.entries[i];

		if (!e->kernel.path || !e->n_initrds || known(img, from, e->kernel.path))
			continue;
		if (img->n_others < BR_OTHER_KERNELS_MAX)
			r = add(img, from, e);
		else
			img->more_others++;
	}
	return r;
}
