/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A machine made of files: /sys, udev's database, and device nodes that are none. */
#include <signal.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <time.h>

#include "base/limits.h"
#include "image/disks-internal.h"
#include "test.h"
#include "tree.h"

static void put(const char *dir, const char *name, const char *text)
{
	br_autofree char *path = br_format("%s/%s", dir, name);

	tree_file(path, text);
}

/* A whole disk; where is its place below /sys/devices. */
static void disk(const char *name, const char *where, const char *dev, const char *sectors)
{
	br_autofree char *dir = br_format("/sys/devices/%s/block/%s", where, name);
	br_autofree char *link = br_format("/sys/block/%s", name), *num = br_format("/sys/dev/block/%s", dev);
	br_autofree char *to = br_format("../devices/%s/block/%s", where, name), *far = br_format("../%s", to);
	br_autofree char *line = br_format("%s\n", dev), *size = br_format("%s\n", sectors);

	put(dir, "dev", line);
	put(dir, "size", size);
	put(dir, "removable", "0\n");
	put(dir, "queue/logical_block_size", "512\n");
	tree_link(link, to);
	tree_link(num, far);
}

static void part(const char *disk_name, const char *where, unsigned no, const char *dev, const char *start,
                 const char *sectors)
{
	br_autofree char *name = br_format("%s%u", disk_name, no);
	br_autofree char *dir = br_format("/sys/devices/%s/block/%s/%s", where, disk_name, name);
	br_autofree char *num = br_format("/sys/dev/block/%s", dev);
	br_autofree char *to = br_format("../../devices/%s/block/%s/%s", where, disk_name, name);
	br_autofree char *line = br_format("%u\n", no);

	put(dir, "dev", dev);
	put(dir, "partition", line);
	put(dir, "start", start);
	put(dir, "size", sectors);
	tree_link(num, to);
}

static void over(const char *lower, const char *upper)
{
	br_autofree char *a = br_format("/sys/devices/%s/holders/%s", lower, strrchr(upper, '/') + 1);
	br_autofree char *b = br_format("/sys/devices/%s/slaves/%s", upper, strrchr(lower, '/') + 1);

	tree_file(a, "");
	tree_file(b, "");
}

#define VDA "pci0000:00/0000:00:05.0/virtio2"
#define SDA "pci0000:00/0000:00:06.0/virtio3/host0/target0:0:0/0:0:0:0"

static void machine(void)
{
	tree_new();
	disk("vda", VDA, "253:0", "20971520");
	part("vda", VDA, 1, "253:1", "2048", "204800");
	part("vda", VDA, 2, "253:2", "206848", "20000000");
	tree_link("/sys/devices/" VDA "/driver", "../../../bus/virtio/drivers/virtio_blk");
	disk("sda", SDA, "8:0", "4096000");
	part("sda", SDA, 1, "8:1", "2048", "4000000");
	tree_link("/sys/devices/" SDA "/driver", "../../../../../../bus/scsi/drivers/sd");
	tree_link("/sys/devices/pci0000:00/0000:00:06.0/virtio3/driver", "../../../bus/virtio/drivers/virtio_scsi");
	disk("fd0", "platform/floppy.0", "2:0", "8");
	disk("sr0", "pci0000:00/ata1", "11:0", "100");
	disk("loop0", "virtual", "7:0", "100");
	disk("ram0", "virtual", "1:0", "100");
	disk("sdb", "pci0000:00/usb1", "8:16", "0");
	tree_file("/run/udev/data/b253:0", "I:1\nE:ID_PART_TABLE_TYPE=gpt\nE:ID_PART_TABLE_UUID=pt\n"
	                                   "S:disk/by-path/pci-5\n");
	tree_file("/run/udev/data/b253:1", "I:1\nE:ID_FS_TYPE=vfat\nE:ID_FS_USAGE=filesystem\nE:ID_FS_UUID_ENC=AB-1\n"
	                                   "E:ID_PART_ENTRY_TYPE=c12a7328-f81f-11d2-ba4b-00a0c93ec93b\n");
	tree_file("/run/udev/data/b253:2", "I:1\nE:ID_FS_TYPE=ext4\nE:ID_FS_USAGE=filesystem\nE:ID_FS_UUID_ENC=u-root\n"
	                                   "E:ID_FS_LABEL_ENC=a\\x20b\nE:ID_PART_ENTRY_UUID=pu\n"
	                                   "S:disk/by-uuid/u-root\nS:disk/by-id/virtio-x-part2\n");
	tree_file("/run/udev/data/b8:0", "I:1\nE:ID_PART_TABLE_TYPE=dos\n");
	tree_file("/run/udev/data/b8:1", "I:1\nE:ID_FS_TYPE=xfs\nE:ID_FS_USAGE=filesystem\nE:ID_FS_UUID_ENC=u-data\n"
	                                 "E:ID_PART_ENTRY_TYPE=0x83\n");
	tree_folder("/dev");
}

static int read_machine(dev_t root, struct br_disks *d)
{
	struct br_disks_ask ask = {.scan = true, .root_dev = root, .root_fd = -1, .machine = tree_dir};

	return br_disks_read(&ask, d);
}

static const struct br_blk *named(const struct br_disks *d, const char *name)
{
	for (size_t i = 0; i < d->n; i++)
		if (br_streq(d->blk[i].name, name))
			return &d->blk[i];
	return NULL;
}

BR_TEST(what_the_kernel_and_udev_say)
{
	br_cleanup(br_disks_free) struct br_disks d = {0};
	const struct br_blk *b;

	machine();
	EXPECT_INT(read_machine(0, &d), 0);
	EXPECT_INT(d.n, 5); /* vda with two, sda with one: no floppy, optical drive, loop, ram or empty drive */
	EXPECT_INT(d.root, -1);
	EXPECT(d.known && !d.unread);
	b = named(&d, "vda");
	EXPECT_STR(b ? b->driver : NULL, "virtio_blk");
	EXPECT_STR(b ? b->pttype : NULL, "gpt");
	EXPECT_STR(b ? b->ptuuid : NULL, "pt");
	EXPECT_INT(b ? b->size : 0, 20971520LL * 512);
	EXPECT_INT(b ? b->links.n : 0, 1);
	b = named(&d, "sda");
	EXPECT_STR(b ? b->driver : NULL, "virtio_scsi");
	b = named(&d, "vda2");
	EXPECT_STR(b ? b->uuid : NULL, "u-root");
	EXPECT_STR(b ? b->label : NULL, "a b");
	EXPECT_STR(b ? b->partuuid : NULL, "pu");
	EXPECT_INT(b ? b->start : 0, 206848LL * 512);
	EXPECT_INT(b ? b->use : 0, BR_USE_FS);
	EXPECT(b && b->devno == makedev(253, 2));
	EXPECT(b && br_ends(b->path, "/dev/vda2"));
	EXPECT(b && b->links.n == 1 && br_streq(b->links.v[0], "disk/by-id/virtio-x-part2"));
	EXPECT_INT(br_disks_esp(&d, b ? b->disk : -1), 1 + (b ? b->disk : 0));
}

/* The root's own disk is read itself, whatever udev knows: here its node is a file, and cannot be. */
BR_TEST(the_roots_own_disk_is_read_and_first)
{
	br_cleanup(br_disks_free) struct br_disks d = {0};

	machine();
	tree_file("/dev/vda", "x");
	EXPECT_INT(read_machine(makedev(253, 2), &d), 0);
	EXPECT_STR(d.n ? d.blk[0].name : NULL, "vda");
	EXPECT(d.n && d.blk[0].own && d.blk[0].unread && strstr(d.blk[0].unread, "another device"));
	EXPECT(d.unread && br_starts(d.unread, "vda: "));
	EXPECT(named(&d, "sda1") && !named(&d, "sda1")->own && br_streq(named(&d, "sda1")->uuid, "u-data"));
}

BR_TEST(mappings_and_what_they_lie_on)
{
	br_cleanup(br_disks_free) struct br_disks d = {0};
	const struct br_blk *dm, *pv;

	machine();
	disk("dm-0", "virtual", "254:0", "1000");
	put("/sys/devices/virtual/block/dm-0", "dm/name", "rhel-root\n");
	put("/sys/devices/virtual/block/dm-0", "dm/uuid", "LVM-x\n");
	over(VDA "/block/vda/vda2", "virtual/block/dm-0");
	tree_file("/run/udev/data/b253:2", "I:1\nE:ID_FS_TYPE=LVM2_member\nE:ID_FS_USAGE=raid\n");
	tree_file("/run/udev/data/b254:0", "I:1\nE:ID_FS_TYPE=xfs\nE:ID_FS_USAGE=filesystem\nE:ID_FS_UUID_ENC=u-r\n");
	disk("md127", "virtual", "9:127", "1000");
	over(VDA "/block/vda/vda1", "virtual/block/md127");
	over(SDA "/block/sda/sda1", "virtual/block/md127");
	tree_file("/run/udev/data/b9:127", "I:1\nE:ID_FS_TYPE=ext4\nE:ID_FS_USAGE=filesystem\nE:ID_FS_UUID_ENC=u-m\n");
	EXPECT_INT(read_machine(0, &d), 0);
	dm = named(&d, "dm-0");
	pv = named(&d, "vda2");
	EXPECT(dm && dm->kind == BR_BLK_MAPPED && br_streq(dm->mapper, "rhel-root") && dm->n_under == 1);
	EXPECT(dm && pv && dm->n_under == 1 && &d.blk[dm->under[0]] == pv && dm->disk == pv->disk);
	/* The names of its volumes were not read: more may be in it. */
	EXPECT(pv && pv->use == BR_USE_LVM && !pv->opened);
	dm = named(&d, "md127");
	EXPECT(dm && dm->n_under == 2 && dm->disk == -1);
	br_disks_set_root(&d, dm ? (int)(dm - d.blk) : -1);
	EXPECT(named(&d, "vda1")->own && named(&d, "sda")->own);
	EXPECT_INT(d.root_disk, -1);
}

BR_TEST(paths_of_multipath_are_left_alone)
{
	br_cleanup(br_disks_free) struct br_disks d = {0};

	machine();
	disk("dm-1", "virtual", "254:1", "1000");
	put("/sys/devices/virtual/block/dm-1", "dm/name", "mpatha\n");
	put("/sys/devices/virtual/block/dm-1", "dm/uuid", "mpath-360\n");
	over(SDA "/block/sda", "virtual/block/dm-1");
	tree_file("/run/udev/data/b254:1", "I:1\nE:ID_FS_TYPE=xfs\nE:ID_FS_USAGE=filesystem\nE:ID_FS_UUID_ENC=u-p\n");
	EXPECT_INT(read_machine(0, &d), 0);
	EXPECT(!named(&d, "sda") && !named(&d, "sda1"));
	EXPECT(named(&d, "dm-1") != NULL);
}

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Opening a FIFO blocks for ever, as a dead disk does. */
BR_TEST(a_disk_that_does_not_answer)
{
	br_cleanup(br_disks_free) struct br_disks d = {0};
	double start = seconds();
	const struct br_blk *b;

	machine();
	EXPECT_INT(unlink(tree_at("/run/udev/data/b8:0")), 0);
	EXPECT_INT(mkfifo(tree_at("/dev/sda"), 0600), 0);
	EXPECT_INT(read_machine(0, &d), 0);
	EXPECT(seconds() - start < BR_DISK_PATIENCE + 2);
	b = named(&d, "sda");
	EXPECT_STR(b ? b->unread : NULL, "it did not answer in 3 s");
	EXPECT(named(&d, "vda2") && br_streq(named(&d, "vda2")->uuid, "u-root"));
	EXPECT(d.unread && strstr(d.unread, "sda: it did not answer"));
	EXPECT(waitpid(-1, NULL, WNOHANG) < 0); /* nobody is left behind here */
}

static int callers_end = -1;

static void close_callers_end(int sig)
{
	(void)sig;
	close(callers_end);
}

/* A child keeps nothing open: a pipe ends with the caller's own end of it, while the child still hangs. */
BR_TEST(a_hanging_child_holds_no_descriptor)
{
	br_cleanup(br_disks_free) struct br_disks d = {0};
	double start = seconds();
	int fds[2], status = -1;
	char buf[1];
	pid_t pid;

	machine();
	EXPECT_INT(unlink(tree_at("/run/udev/data/b8:0")), 0);
	EXPECT_INT(mkfifo(tree_at("/dev/sda"), 0600), 0);
	EXPECT_INT(pipe(fds), 0);
	pid = fork();
	if (pid == 0) {
		close(fds[0]);
		callers_end = fds[1];
		signal(SIGALRM, close_callers_end);
		alarm(1);
		_exit(read_machine(0, &d) == 0 && named(&d, "sda") && named(&d, "sda")->unread ? 0 : 1);
	}
	close(fds[1]);
	EXPECT_INT(read(fds[0], buf, 1), 0);
	EXPECT(seconds() - start < BR_DISK_PATIENCE - 0.5);
	EXPECT(waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0);
	close(fds[0]);
}

/* udev has begun with a disk and not finished: what its database says is not taken. */
BR_TEST(what_udev_has_not_finished_is_read)
{
	br_cleanup(br_disks_free) struct br_disks d = {0};

	machine();
	tree_file("/run/udev/data/b8:0", "E:ID_PART_TABLE_TYPE=dos\n");
	EXPECT_INT(read_machine(0, &d), 0);
	EXPECT(named(&d, "sda") && named(&d, "sda")->unread && strstr(named(&d, "sda")->unread, "opened"));
	EXPECT(named(&d, "sda1") && named(&d, "sda1")->unread);
}

BR_TEST(btrfs_by_mountinfo)
{
	br_cleanup(br_disks_free) struct br_disks d = {0};

	machine();
	tree_file("/proc/self/mountinfo", "20 1 0:17 / /proc rw - proc proc rw\n"
	                                  "36 1 0:35 /@ / rw,noatime shared:1 master:2 - btrfs /dev/vda2 rw,subvol=/@\n");
	EXPECT_INT(read_machine(makedev(0, 35), &d), 0);
	EXPECT(d.n && d.blk[0].own && br_streq(d.blk[0].name, "vda"));
	tree_file("/proc/self/mountinfo", "36 1 0:35 / / rw - tmpfs tmpfs rw\n");
	br_disks_free(&d);
	EXPECT_INT(read_machine(makedev(0, 35), &d), 0);
	EXPECT_INT(d.root, -1);
	EXPECT(d.n && !d.blk[0].own);
}

BR_TEST(no_sys)
{
	br_cleanup(br_disks_free) struct br_disks d = {0};

	tree_new();
	EXPECT_INT(read_machine(0, &d), 0);
	EXPECT(d.known && d.unread != NULL && d.n == 0);
}

static int read_paths(const char *const *paths, size_t n, struct br_disks *d)
{
	struct br_disks_ask ask = {.paths = paths, .n_paths = n, .root_fd = -1, .machine = tree_dir};

	return br_disks_read(&ask, d);
}

/* An MBR with a root, an extended partition and two logical ones; one lies past the end. */
static void mbr(unsigned char *s, unsigned slot, unsigned type, unsigned start, unsigned len)
{
	unsigned char *e = s + 446 + slot * 16;

	e[4] = (unsigned char)type;
	for (int i = 0; i < 4; i++) {
		e[8 + i] = (unsigned char)(start >> (8 * i));
		e[12 + i] = (unsigned char)(len >> (8 * i));
	}
	s[510] = 0x55;
	s[511] = 0xaa;
}

static void write_at(const char *path, const unsigned char *sector, unsigned at)
{
	FILE *f = fopen(path, "r+");

	EXPECT(f && fseek(f, (long)at * 512, SEEK_SET) == 0 && fwrite(sector, 1, 512, f) == 512);
	if (f)
		fclose(f);
}

BR_TEST(image_files)
{
	br_cleanup(br_disks_free) struct br_disks d = {0};
	unsigned char s[512] = {0}, e1[512] = {0}, e2[512] = {0};
	const char *path;

	machine();
	tree_file("/disk.img", "");
	path = tree_at("/disk.img");
	EXPECT_INT(truncate(path, 16 << 20), 0);
	mbr(s, 0, 0x83, 2048, 2048);
	mbr(s, 1, 0x5, 8192, 16384);
	mbr(s, 2, 0x83, 1u << 30, 2048);
	mbr(e1, 0, 0x83, 64, 1024);
	mbr(e1, 1, 0x5, 4096, 4096);
	mbr(e2, 0, 0x82, 64, 1024);
	mbr(e2, 1, 0x5, 0, 4096); /* back to the first: a loop */
	write_at(path, s, 0);
	write_at(path, e1, 8192);
	write_at(path, e2, 8192 + 4096);
	EXPECT_INT(read_paths(&path, 1, &d), 0);
	EXPECT_STR(d.n ? d.blk[0].name : NULL, "disk0");
	EXPECT_STR(d.n ? d.blk[0].pttype : NULL, "dos");
	EXPECT(d.n >= 6 && d.n < 200);
	EXPECT(br_disks_partition(&d, 0, 5) > 0);
	EXPECT(br_disks_partition(&d, 0, 3) > 0 && d.blk[br_disks_partition(&d, 0, 3)].unread);
	EXPECT_STR(d.n > 1 ? d.blk[1].name : NULL, "disk0p1");
	EXPECT_INT(d.n > 1 ? d.blk[1].start : 0, 1 << 20);
	for (size_t i = 0; i < d.n; i++)
		EXPECT(d.blk[i].named && !d.blk[i].devno && br_streq(d.blk[i].path, path));
}

BR_TEST(what_is_no_disk)
{
	br_cleanup(br_disks_free) struct br_disks d = {0};
	const char *path;

	machine();
	path = tree_at("/nothing");
	EXPECT_INT(read_paths(&path, 1, &d), 0);
	EXPECT(d.unread && strstr(d.unread, "No such file"));
	br_disks_free(&d);
	EXPECT_INT(mkfifo(tree_at("/fifo"), 0600), 0);
	path = tree_at("/fifo");
	EXPECT_INT(read_paths(&path, 1, &d), 0);
	EXPECT(d.unread != NULL && d.n == 0);
	br_disks_free(&d);
	tree_file("/empty", "");
	path = tree_at("/empty");
	EXPECT_INT(read_paths(&path, 1, &d), 0);
	EXPECT(d.known);
	br_disks_free(&d);
	EXPECT_INT(read_paths(NULL, 0, &d), 0);
	EXPECT(!d.known && d.n == 0);
}

BR_TEST_MAIN()
