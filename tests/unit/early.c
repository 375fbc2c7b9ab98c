/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What an initramfs made by hand waits for, on disks made by hand. */
#include <errno.h>

#include "image/image.h"
#include "initrd.h"
#include "test.h"

#define THERE "11111111-1111-4111-8111-111111111111"
#define GONE  "99999999-9999-4999-8999-999999999999"
#define LUKS  "22222222-2222-4222-8222-222222222222"
#define ARRAY "33333333-4444-5555-6666-777777777777"

static struct br_blk blks[] = {
	{.kind = BR_BLK_DISK, .name = (char *)"disk0", .path = (char *)"x", .named = true},
	{.kind = BR_BLK_PART, .name = (char *)"disk0p1", .use = BR_USE_FS, .type = (char *)"ext4", .uuid = (char *)THERE,
	 .partno = 1, .named = true},
	{.kind = BR_BLK_PART, .name = (char *)"disk0p2", .use = BR_USE_LUKS, .type = (char *)"crypto_LUKS",
	 .uuid = (char *)LUKS, .partno = 2, .named = true},
};

struct world {
	struct br_image img;
	struct br_chain c;
	struct br_str cpio;
};

static void begin(struct world *w, const char *made_by, size_t n_blks)
{
	*w = (struct world){
		.img.disks = {.blk = blks, .n = n_blks, .root = 1, .root_disk = 0, .known = true},
		.c = {.cmdline = "root=UUID=" THERE, .root_found = {.blk = -1, .second = -1}},
	};
	add_dirs(&w->cpio, made_by);
	add_dirs(&w->cpio, "usr/lib/systemd");
	add_file(&w->cpio, "usr/lib/systemd/systemd", "x");
}

static void look(struct world *w)
{
	EXPECT_INT(read_initramfs(&w->cpio, &w->c.initramfs), 0);
	w->c.root_text = strdup("UUID=" THERE);
	EXPECT_INT(br_chain_root(&w->img, &w->c), 0);
	EXPECT_INT(br_early_read(&w->img, &w->c), 0);
}

static void end(struct world *w)
{
	br_early_free(&w->c.early);
	br_initramfs_free(&w->c.initramfs);
	br_spec_free(&w->c.root_spec);
	free(w->c.root_text);
	br_str_free(&w->cpio);
}

static void expect_wait(const struct world *w, size_t at, const char *text, enum br_match match, bool fatal)
{
	const struct br_early_wait *e = at < w->c.early.n ? &w->c.early.waits[at] : NULL;

	EXPECT_STR(e ? e->text : NULL, text);
	EXPECT_INT(e ? (int)e->found.match : -1, (int)match);
	EXPECT_INT(e ? e->fatal : -1, fatal);
}

BR_TEST(hooks_of_dracut)
{
	struct world w;

	begin(&w, "usr/lib/dracut/hooks/initqueue/finished", 2);
	add_file(&w.cpio, "usr/lib/dracut/hooks/initqueue/finished/devexists-a.sh",
	         "[ -e \"/dev/disk/by-uuid/" THERE "\" ]\n[ -e \"/dev/disk/by-uuid/" GONE "\" ]\n");
	add_file(&w.cpio, "usr/lib/dracut/hooks/initqueue/finished/devexists-b.sh", "[ -e \"/dev/sdb1\" ]\n");
	add_file(&w.cpio, "usr/lib/dracut/hooks/initqueue/finished/wait.sh", "[ -e \"/dev/sdc1\" ]\n");
	look(&w);
	EXPECT_INT(w.c.early.n, 3);
	expect_wait(&w, 0, "/dev/disk/by-uuid/" THERE, BR_MATCH_FOUND, true);
	expect_wait(&w, 1, "/dev/disk/by-uuid/" GONE, BR_MATCH_NONE, true);
	EXPECT(w.c.early.n > 2 && w.c.early.waits[2].bound);
	end(&w);
}

BR_TEST(parameters_of_dracut)
{
	struct world w;

	begin(&w, "usr/lib/dracut", 3);
	add_file(&w.cpio, "usr/lib/dracut/modules.txt", "base\ncrypt\nmdraid\n");
	add_dirs(&w.cpio, "etc/cmdline.d");
	add_file(&w.cpio, "etc/cmdline.d/a.conf", " rd.luks.uuid=luks-" LUKS " rd.lvm.lv=vg/swap\n");
	w.c.cmdline = "root=UUID=" THERE " rd.md.uuid=33333333:44445555:66667777:77777777";
	look(&w);
	EXPECT_INT(w.c.early.n, 2); /* without its module nobody reads rd.lvm.lv= */
	expect_wait(&w, 0, LUKS, BR_MATCH_FOUND, true);
	expect_wait(&w, 1, "33333333:44445555:66667777:77777777", BR_MATCH_UNKNOWN, true);
	EXPECT(w.c.early.n > 1 && w.c.early.waits[1].cmdline && !w.c.early.waits[0].cmdline);
	end(&w);
}

BR_TEST(an_array_by_either_spelling)
{
	struct br_blk kept = blks[2];
	struct world w;

	blks[2].use = BR_USE_RAID;
	blks[2].uuid = (char *)ARRAY;
	begin(&w, "usr/lib/dracut", 3);
	w.c.cmdline = "root=UUID=" THERE " rd.md.uuid=33333333:44445555:66667777:77777777";
	look(&w);
	expect_wait(&w, 0, "33333333:44445555:66667777:77777777", BR_MATCH_FOUND, true);
	end(&w);
	blks[2] = kept;
}

BR_TEST(files_of_systemd)
{
	struct world w;

	begin(&w, "usr/lib/dracut", 2);
	add_dirs(&w.cpio, "etc");
	add_file(&w.cpio, "etc/fstab", "UUID=" GONE " /a ext4 defaults 0 0\nUUID=" GONE " /b ext4 nofail 0 0\n");
	add_file(&w.cpio, "etc/crypttab", "x UUID=" GONE " none\ny UUID=" GONE " none nofail\n");
	look(&w);
	EXPECT_INT(w.c.early.n, 2);
	expect_wait(&w, 0, "UUID=" GONE, BR_MATCH_NONE, true);
	expect_wait(&w, 1, "UUID=" GONE, BR_MATCH_NONE, true);
	end(&w);
}

BR_TEST(files_of_initramfs_tools)
{
	struct world w;

	begin(&w, "conf/conf.d", 2);
	add_dirs(&w.cpio, "cryptroot");
	add_file(&w.cpio, "conf/initramfs.conf", "MODULES=most\n");
	add_file(&w.cpio, "conf/conf.d/resume", "RESUME=UUID=" GONE "\n");
	add_file(&w.cpio, "cryptroot/crypttab", "x UUID=" GONE " none luks\n");
	look(&w);
	EXPECT_INT(w.c.early.n, 2);
	expect_wait(&w, 0, "UUID=" GONE, BR_MATCH_NONE, false);
	expect_wait(&w, 1, "UUID=" GONE, BR_MATCH_NONE, false);
	end(&w);
}

BR_TEST(what_the_root_can_only_lie_in)
{
	struct world w;

	begin(&w, "usr/lib/dracut", 3);
	EXPECT_INT(read_initramfs(&w.cpio, &w.c.initramfs), 0);
	w.c.root_text = strdup("UUID=" GONE);
	EXPECT_INT(br_chain_root(&w.img, &w.c), 0);
	EXPECT_INT(br_early_read(&w.img, &w.c), 0);
	EXPECT_INT(w.c.early.layers, BR_LAYER_LUKS);
	EXPECT(w.c.early.layers_sure);
	EXPECT_INT(w.c.early.layer_blk, 2);
	end(&w);
}

BR_TEST_MAIN()
