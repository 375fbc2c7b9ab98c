/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Calls into every library once, so that a link against them all is shown to
 * work, and what each weighs can be read from the linker's map. The calls are
 * those that bootready rests on: decoders by name, an index opened by path,
 * a table parsed from memory.
 */
#define _GNU_SOURCE /* memmem */
#include <blkid/blkid.h>
#include <bzlib.h>
#include <cjson/cJSON.h>
#include <isa-l/igzip_lib.h>
#include <libavutil/lzo.h>
#include <libkmod.h>
#include <libmount/libmount.h>
#include <lz4.h>
#include <lzma.h>
#include <nettle/eddsa.h>
#include <nettle/sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>
#include <zlib.h>
#include <zstd.h>

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

#define ROOM 4096

/* Each decoder gets the whole file and gives the bytes it made, 0 when it could not. */
static size_t ungzip(unsigned char *in, size_t n, unsigned char *out)
{
	z_stream z = {.next_in = in, .avail_in = (uInt)n, .next_out = out, .avail_out = ROOM};
	int done = inflateInit2(&z, 31) == Z_OK && inflate(&z, Z_FINISH) == Z_STREAM_END;

	inflateEnd(&z);
	return done ? z.total_out : 0;
}

static size_t isal_ungzip(unsigned char *in, size_t n, unsigned char *out)
{
	struct inflate_state *s = malloc(sizeof(*s));
	size_t made = 0;

	if (!s)
		return 0;
	isal_inflate_init(s);
	s->crc_flag = ISAL_GZIP;
	s->next_in = in;
	s->avail_in = (uint32_t)n;
	s->next_out = out;
	s->avail_out = ROOM;
	if (isal_inflate(s) == ISAL_DECOMP_OK && s->block_state == ISAL_BLOCK_FINISH)
		made = ROOM - s->avail_out;
	free(s);
	return made;
}

/* "abc" as LZO1X has it: a run of 3 literals, then the end mark. */
static void probe_lzo(void)
{
	static const unsigned char in[6 + AV_LZO_INPUT_PADDING] = {17 + 3, 'a', 'b', 'c', 17};
	unsigned char out[3 + AV_LZO_OUTPUT_PADDING];
	int room = 3, left = 7;

	expect(av_lzo1x_decode(out, &room, in, &left) == 0 && room == 0 && memcmp(out, "abc", 3) == 0, "libavutil decodes LZO");
}

static size_t unbzip2(unsigned char *in, size_t n, unsigned char *out)
{
	unsigned room = ROOM;

	return BZ2_bzBuffToBuffDecompress((char *)out, &room, (char *)in, (unsigned)n, 0, 0) == BZ_OK ? room : 0;
}

/* Both of liblzma's forms: xz, and the older one that stands alone. */
static size_t unlzma(unsigned char *in, size_t n, unsigned char *out)
{
	lzma_stream l = LZMA_STREAM_INIT;
	lzma_ret r = lzma_auto_decoder(&l, 64 << 20, 0);

	l.next_in = in;
	l.avail_in = n;
	l.next_out = out;
	l.avail_out = ROOM;
	if (r == LZMA_OK)
		r = lzma_code(&l, LZMA_FINISH);
	lzma_end(&l);
	return r == LZMA_STREAM_END ? l.total_out : 0;
}

static size_t unzstd(unsigned char *in, size_t n, unsigned char *out)
{
	size_t r = ZSTD_decompress(out, ROOM, in, n);

	return ZSTD_isError(r) ? 0 : r;
}

/* The legacy frame that kernels take: a magic number, then blocks with their size before them. */
static size_t unlz4(unsigned char *in, size_t n, unsigned char *out)
{
	int r = n > 8 ? LZ4_decompress_safe((char *)in + 8, (char *)out, (int)n - 8, ROOM) : -1;

	return r > 0 ? (size_t)r : 0;
}

/* The argument is a cpio archive with one small text file, packed as the file's name says. */
static void probe_decoder(const char *path)
{
	static const struct {
		const char *name;
		size_t (*unpack)(unsigned char *in, size_t n, unsigned char *out);
	} decoders[] = {
		{"gzip.", ungzip}, {"gzip.", isal_ungzip}, {"bzip2.", unbzip2}, {"xz.", unlzma}, {"lzma.", unlzma}, {"zstd.", unzstd}, {"lz4.", unlz4},
	};
	unsigned char in[ROOM], out[ROOM];
	const char *name = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
	FILE *file = fopen(path, "rb");
	size_t n = file ? fread(in, 1, sizeof(in), file) : 0, made = 0;

	if (file)
		fclose(file);
	for (size_t i = 0; i < sizeof(decoders) / sizeof(decoders[0]); i++)
		if (strncmp(name, decoders[i].name, strlen(decoders[i].name)) == 0)
			made = decoders[i].unpack(in, n, out);
	expect(made > 6 && memmem(out, made, "hello\n", 6), path);
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

static void probe_yaml(void)
{
	static const unsigned char text[] = "network: {version: 2}\n";
	yaml_parser_t parser;
	yaml_document_t document;
	yaml_node_t *root;

	expect(yaml_parser_initialize(&parser), "libyaml starts");
	yaml_parser_set_input_string(&parser, text, sizeof(text) - 1);
	expect(yaml_parser_load(&parser, &document), "libyaml loads a document");
	root = yaml_document_get_root_node(&document);
	expect(root && root->type == YAML_MAPPING_NODE, "libyaml knows a mapping");
	yaml_document_delete(&document);
	yaml_parser_delete(&parser);
}

static void probe_digest(void)
{
	static const uint8_t sum[] = {0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea};
	uint8_t made[SHA256_DIGEST_SIZE];
	struct sha256_ctx ctx;

	sha256_init(&ctx);
	sha256_update(&ctx, 3, (const uint8_t *)"abc");
	sha256_digest(&ctx, sizeof(made), made);
	expect(memcmp(made, sum, sizeof(sum)) == 0, "SHA-256 of a known text");
}

/* The first vector of RFC 8032, 7.1: nothing, signed. */
static void probe_signature(void)
{
	static const uint8_t key[ED25519_KEY_SIZE] = {
		0xd7, 0x5a, 0x98, 0x01, 0x82, 0xb1, 0x0a, 0xb7, 0xd5, 0x4b, 0xfe, 0xd3, 0xc9, 0x64, 0x07, 0x3a,
		0x0e, 0xe1, 0x72, 0xf3, 0xda, 0xa6, 0x23, 0x25, 0xaf, 0x02, 0x1a, 0x68, 0xf7, 0x07, 0x51, 0x1a};
	uint8_t signature[ED25519_SIGNATURE_SIZE] = {
		0xe5, 0x56, 0x43, 0x00, 0xc3, 0x60, 0xac, 0x72, 0x90, 0x86, 0xe2, 0xcc, 0x80, 0x6e, 0x82, 0x8a,
		0x84, 0x87, 0x7f, 0x1e, 0xb8, 0xe5, 0xd9, 0x74, 0xd8, 0x73, 0xe0, 0x65, 0x22, 0x49, 0x01, 0x55,
		0x5f, 0xb8, 0x82, 0x15, 0x90, 0xa3, 0x3b, 0xac, 0xc6, 0x1e, 0x39, 0x70, 0x1c, 0xf9, 0xb4, 0x6b,
		0xd2, 0x5b, 0xf5, 0xf0, 0x59, 0x5b, 0xbe, 0x24, 0x65, 0x51, 0x41, 0x43, 0x8e, 0x7a, 0x10, 0x0b};

	expect(ed25519_sha512_verify(key, 0, (const uint8_t *)"", signature), "a good Ed25519 signature");
	signature[0] ^= 1;
	expect(!ed25519_sha512_verify(key, 0, (const uint8_t *)"", signature), "an altered Ed25519 signature");
}

int main(int argc, char **argv)
{
	if (argc < 3) {
		fputs("usage: probe EXT4-IMAGE CPIO...\n", stderr);
		return 64;
	}
	probe_blkid(argv[1]);
	for (int i = 2; i < argc; i++)
		probe_decoder(argv[i]);
	probe_mount();
	probe_kmod();
	probe_lzo();
	probe_json();
	probe_yaml();
	probe_digest();
	probe_signature();
#define BR_LIBRARY(name, version, licence) printf("# %s %s (%s)\n", name, version, licence);
#include <libraries.def>
	printf("%d failed\n", failures);
	return failures != 0;
}
