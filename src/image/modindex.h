/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The binary index files of depmod(8) (modules.dep.bin and the like), looked at before libkmod maps them:
 * it trusts every offset in them, and recurses as deep as they say. Format version 2.1, source: kmod's own
 * description of it at the head of its libkmod/libkmod-index.c; all numbers are big-endian:
 *
 *	u32 magic 0xb007f457, u32 version, u32 root
 *	a node, at the offset in the low 28 bits of a reference to it; the high bits say what it has:
 *	  1<<31 a prefix, NUL-terminated
 *	  1<<29 u8 first, u8 last, and a u32 reference for each of first..last (low bits 0: no child)
 *	  1<<30 u32 number of values, each a u32 priority and a NUL-terminated text
 *
 * depmod writes every node once, so that in a sound file the nodes together are no longer than the file: what
 * is walked in more bytes is refused, which leaves no loop. The order they stand in says nothing: children
 * came before their parent up to kmod 33, and come behind it since.
 */
#ifndef BR_MODINDEX_H
#define BR_MODINDEX_H

#include <stddef.h>

#include "base/macro.h"

/* Longest chain of nodes; the longest alias of a real index (dmi:...) has some 200 characters. */
#define BR_MODINDEX_DEPTH_MAX 2048

/* 0, or -EBADMSG with *ret_why (constant text). */
int br_modindex_check(const void *buf, size_t len, const char **ret_why) br_must_check;

/*
 * The first value of key, NULL none; only for an index that br_modindex_check() found sound. The text lies
 * in buf.
 */
const char *br_modindex_find(const void *buf, size_t len, const char *key);

/* Called for every value's text; may change it in place but for its length. */
typedef void (*br_modindex_value)(void *ctx, char *text);
/* The same condition on buf. */
void br_modindex_values(void *buf, size_t len, br_modindex_value call, void *ctx);

/* A sound index without keys, for libkmod where a file is absent. Of 12 bytes. */
extern const unsigned char br_modindex_empty[12];

#endif
