/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "head.h"
#include "image/inputs.h"
#include "report/json.h"

cJSON *br_head_system(const struct br_image *img)
{
	const struct br_system *s = &img->system;
	const struct br_report rep = {
		.os = s->os,
		.os_id = s->os_id,
		.os_version = s->os_version,
		.arch = s->arch,
		.rtc = s->rtc,
		.boot_mode = s->boot_mode,
		.machine_id = s->machine_id,
	};

	return br_json_system(&rep);
}

/* The paths of all initramfs files, blank-separated as GRUB takes them; NULL none. */
static char *initrd_paths(const struct br_chain *c)
{
	br_autostr struct br_str out = {0};

	for (size_t i = 0; i < c->n_initrds; i++)
		br_str_printf(&out, "%s%s", i ? " " : "", c->initrds[i].shown);
	return out.len ? br_str_take(&out) : NULL;
}

static cJSON *json_boot(const struct br_image *img, const struct br_chain *c)
{
	const struct br_found *f = &c->root_found;
	const struct br_blk *root = f->blk >= 0 && (f->match == BR_MATCH_FOUND || f->match == BR_MATCH_SEVERAL)
	                                    ? &img->disks.blk[f->blk]
	                                    : NULL;
	br_autofree char *initrds = initrd_paths(c);
	const struct br_boot boot = {
		.firmware = (char *)br_firmware_name(c->firmware),
		.entry = c->entry ? c->entry->menu_path : NULL,
		.kernel = c->kernel.shown,
		.release = c->release,
		.initramfs = initrds,
		.cmdline = c->entry ? (char *)c->cmdline : NULL,
		.root = c->root_text,
		.root_device = root ? root->name : NULL,
		.root_driver = root && root->disk >= 0 ? img->disks.blk[root->disk].driver : NULL,
	};

	return br_json_boot(&boot);
}

cJSON *br_head_boots(const struct br_image *img)
{
	cJSON *list = cJSON_CreateArray();

	for (size_t i = 0; list && i < img->n_chains; i++) {
		cJSON *j;

		if (!img->chains[i].offered)
			continue;
		j = json_boot(img, &img->chains[i]);
		if (!j || !cJSON_AddItemToArray(list, j)) {
			cJSON_Delete(list);
			return NULL;
		}
	}
	return list;
}

static void add_input(void *ctx, const char *kind, const char *name, const char *value)
{
	const struct br_input input = {(char *)kind, (char *)name, (char *)value};
	cJSON *j = br_json_input(&input);

	if (!j || !cJSON_AddItemToArray(ctx, j))
		cJSON_Delete(j);
}

cJSON *br_head_inputs(struct br_image *img)
{
	cJSON *list = cJSON_CreateArray();

	if (list)
		br_inputs(img, add_input, list);
	return list;
}
