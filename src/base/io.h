/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whole reads and writes, and a clock that no one sets. */
#ifndef BR_IO_H
#define BR_IO_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/macro.h"

/* All of it, or -errno. */
int br_write_all(int fd, const void *buf, size_t len) br_must_check;

/* len bytes from byte at on: 0; -ENODATA where the file ends before; -errno. */
int br_pread_all(int fd, void *buf, size_t len, uint64_t at) br_must_check;

/* 0; -errno of the write to out that failed, as far as it is still known, else -EIO. */
int br_stream_error(FILE *out) br_must_check;

/* CLOCK_MONOTONIC in milliseconds. */
int64_t br_now_ms(void);

#endif
