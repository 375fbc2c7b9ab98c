/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Small language helpers. Every kind of resource has a cleanup attribute here or beside the type that
 * owns it; a resource released by hand on one path is one that leaks on another.
 */
#ifndef BR_MACRO_H
#define BR_MACRO_H

#include <dirent.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define br_cleanup(fn)     __attribute__((cleanup(fn)))
#define br_printf(fmt, va) __attribute__((format(printf, fmt, va)))
#define br_unused          __attribute__((unused))
#define br_must_check      __attribute__((warn_unused_result))

#define BR_ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* Hands an owned pointer on: the variable no longer owns it. */
#define BR_TAKE(p)                                                                                 \
	({                                                                                         \
		__typeof__(p) taken__ = (p);                                                       \
		(p) = NULL;                                                                        \
		taken__;                                                                           \
	})

static inline void br_freep(void *p)
{
	free(*(void **)p);
}

static inline void br_closep(const int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static inline void br_fclosep(FILE **f)
{
	if (*f)
		fclose(*f);
}

static inline void br_closedirp(DIR **d)
{
	if (*d)
		closedir(*d);
}

#define br_autofree     br_cleanup(br_freep)
#define br_autoclose    br_cleanup(br_closep)
#define br_autofclose   br_cleanup(br_fclosep)
#define br_autoclosedir br_cleanup(br_closedirp)

#endif
