/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Calls into every library once, so that a link against them all is shown to
 * work, and what each weighs can be read from the linker's map. The calls are
 * those that bootready rests on: decoders by name, an index opened by path,
 * a table parsed from memory.
 */
#include <archive.h>
#include <archive_entry.h>
#include <blkid/blkid.h>
#include <cjson/cJSON.h>
#include <libkmod.h>
#include <libmount/libmount.h>
#include <sha256.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int failures;

static void expect(int good, const char *what)
{
	if (good)
		return;
	failures++;
	printf("not ok - %s\n", what);
}

static void probe_blkid(const char *disk)
{
	blkid_probe probe = blkid_new_probe_from_filename(disk);
	const char *type = NULL;

	expect(probe != NULL, "libblkid opens a file");
	if (!probe)
		return;
	blkid_probe_enable_superblocks(probe, 1);
	blkid_probe_set_superblocks_flags(probe, BLKID_SUBLKS_TYPE | BLKID_SUBLKS_UUID);
	blkid_probe_enable_partitions(probe, 1);
	expect(blkid_do_safeprobe(probe) == 0, "libblkid knows the file");
	expect(blkid_probe_lookup_value(probe, "TYPE", &type, NULL) == 0 &&
	       strcmp(type, "ext4") == 0, "libblkid names the file system");
	blkid_free_probe(probe);
}

static void probe_mount(void)
{
	static char text[] = "UUID=1234-ABCD /boot/efi vfat umask=0077 0 1\n";
	FILE *stream = fmemopen(text, strlen(text), "r");
	struct libmnt_table *table = mnt_new_table();
	struct libmnt_fs *fs;

	expect(mnt_table_parse_stream(table, stream, "fstab") == 0, "libmount parses a table");
	fs = mnt_table_find_target(table, "/boot/efi", MNT_ITER_FORWARD);
	expect(fs && strcmp(mnt_fs_get_fstype(fs), "vfat") == 0, "libmount finds an entry");
	mnt_unref_table(table);
	fclose(stream);
}

static void probe_kmod(void)
{
	const char *none[] = { NULL };
	struct kmod_ctx *ctx = kmod_new("/nonexistent", none);
	struct kmod_list *list = NULL;

	expect(ctx != NULL, "libkmod makes a context");
	kmod_load_resources(ctx);
	kmod_module_new_from_lookup(ctx, "virtio:d00000002v00001AF4", &list);
	kmod_module_unref_list(list);
	kmod_unref(ctx);
}

/* The argument is a cpio archive, packed by one of the filters. */
static void probe_archive(const char *path)
{
	struct archive *archive = archive_read_new();
	struct archive_entry *entry;
	char buffer[64] = "";

	expect(archive_read_support_filter_gzip(archive) == ARCHIVE_OK, "gzip is built in");
	expect(archive_read_support_filter_bzip2(archive) == ARCHIVE_OK, "bzip2 is built in");
	expect(archive_read_support_filter_xz(archive) == ARCHIVE_OK, "xz is built in");
	expect(archive_read_support_filter_lzma(archive) == ARCHIVE_OK, "lzma is built in");
	expect(archive_read_support_filter_zstd(archive) == ARCHIVE_OK, "zstd is built in");
	expect(archive_read_support_filter_lz4(archive) == ARCHIVE_OK, "lz4 is built in");
	expect(archive_read_support_format_cpio(archive) == ARCHIVE_OK, "cpio is built in");
	if (archive_read_open_filename(archive, path, 65536) != ARCHIVE_OK ||
	    archive_read_next_header(archive, &entry) != ARCHIVE_OK ||
	    archive_read_data(archive, buffer, sizeof(buffer) - 1) < 0)
		expect(0, archive_error_string(archive));
	expect(strcmp(buffer, "hello\n") == 0, path);
	archive_read_free(archive);
}

static void probe_json(void)
{
	cJSON *json = cJSON_CreateObject();
	char *text;

	cJSON_AddStringToObject(json, "verdict", "ready");
	text = cJSON_Print(json);
	expect(text && strstr(text, "\"ready\""), "cJSON prints");
	free(text);
	cJSON_Delete(json);
}

static void probe_digest(void)
{
	SHA2_CTX ctx;
	char hex[SHA256_DIGEST_STRING_LENGTH];

	SHA256Init(&ctx);
	SHA256Update(&ctx, (const uint8_t *)"abc", 3);
	SHA256End(&ctx, hex);
	expect(strncmp(hex, "ba7816bf8f01cfea", 16) == 0, "SHA-256 of a known text");
}

int main(int argc, char **argv)
{
	if (argc < 3) {
		fputs("usage: probe EXT4-IMAGE CPIO...\n", stderr);
		return 64;
	}
	probe_blkid(argv[1]);
	for (int i = 2; i < argc; i++)
		probe_archive(argv[i]);
	probe_mount();
	probe_kmod();
	probe_json();
	probe_digest();
#define BR_LIBRARY(name, version, licence) printf("# %s %s (%s)\n", name, version, licence);
#include <libraries.def>
	printf("%d failed\n", failures);
	return failures != 0;
}
