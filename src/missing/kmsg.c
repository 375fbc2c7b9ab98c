/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the kernel said about disks and file systems: /dev/kmsg, one record a read, "PRIORITY,SEQUENCE,TIME,FLAGS;TEXT"
 * (the kernel's Documentation/ABI/testing/dev-kmsg).
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "base/num.h"
#include "missing/missing.h"

#define RECORDS_MAX 65536
#define WARNING     4 /* the level of KERN_WARNING; lower is graver */

/* What messages about disks, what is on them and how they are mounted begin with or hold. */
static const char *const subjects[] = {
	"EXT4-fs", "EXT3-fs", "EXT2-fs", "XFS (", "BTRFS", "F2FS-fs", "SQUASHFS", "FAT-fs", "VFS:", "JBD2", "I/O error",
	"nvme", "virtio_blk", "virtio_scsi", "scsi", "sd ", "ata", "device-mapper: table", "md:", "md/raid", "mount", "Unknown symbol",
	"invalid module format", "disagrees about version", "Module ",
};

static bool is_subject(const char *text)
{
	for (size_t i = 0; i < BR_ARRAY_SIZE(subjects); i++) {
		const char *at = strstr(text, subjects[i]);

		if (at && (at == text || !isalnum((unsigned char)at[-1])))
			return true;
	}
	return false;
}

/* The text of a record, if it is the kernel's own, a warning or graver, and about what is asked here; NULL. */
static char *text_of(char *record)
{
	char *text = strchr(record, ';');
	uint64_t priority;

	/* 8 and more: another facility's, userspace's. */
	if (!text || br_parse_uint(record, strcspn(record, ","), 10, 0, WARNING, &priority) < 0)
		return NULL;
	text++;
	text[strcspn(text, "\n")] = '\0';
	return is_subject(text) ? text : NULL;
}

static void drop_first(struct br_strv *l)
{
	free(l->v[0]);
	memmove(l->v, l->v + 1, --l->n * sizeof(*l->v));
}

int br_missing_kernel_words(const char *path, struct br_missing *m)
{
	br_autoclose int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
	char record[8192];

	for (unsigned i = 0; fd >= 0 && i < RECORDS_MAX; i++) {
		ssize_t n = read(fd, record, sizeof(record) - 1);
		char *text;

		if (n < 0 && errno == EPIPE) /* overwritten meanwhile: the next read goes on behind it */
			continue;
		if (n <= 0)
			break;
		record[n] = '\0';
		text = text_of(record);
		if (!text)
			continue;
		if (m->words.n == BR_MISSING_WORDS_MAX)
			drop_first(&m->words);
		br_strv_add(&m->words, text);
		if (m->words.oom)
			return -ENOMEM;
	}
	return 0;
}
