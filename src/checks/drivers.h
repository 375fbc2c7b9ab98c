/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Judges the drivers that a profile lists against what the default kernel of each chain will have. Shared by
 * the checks about drivers; each has the rows of BR_DRIVER_CODES() in its table, under a prefix of its own.
 */
#ifndef BR_CHECK_DRIVERS_H
#define BR_CHECK_DRIVERS_H

#include "check.h"
#include "image/image.h"

#define BR_DRIVER_CODES(p)                                                                          \
	{p "-driver-missing", BR_BASIS_BOOT, "neither in the default kernel nor in its initramfs"},         \
	{p "-other-release", BR_BASIS_BOOT, "the initramfs holds modules of another kernel only"},          \
	{p "-file-missing", BR_BASIS_BOOT, "the module index names a file that is not there"},              \
	{p "-dependency-missing", BR_BASIS_BOOT, "a module that the driver needs is not there"},            \
	{p "-not-indexed", BR_BASIS_BOOT, "the driver's file is there, the module index does not list it"}, \
	{p "-alias-missing", BR_BASIS_BOOT, "nothing leads from the device to the driver"},                 \
	{p "-blacklisted", BR_BASIS_BOOT, "loading the driver is forbidden"},                               \
	{p "-wrong-build", BR_BASIS_BOOT, "the driver was built for another machine or kernel"},            \
	{p "-index-damaged", BR_BASIS_BOOT, "the module index is damaged: nothing loads by it"},            \
	{p "-unreadable", BR_BASIS_POLICY, "what the default kernel will have could not be read"},          \
	{p "-other-kernel", BR_BASIS_POLICY, "a kernel that does not boot by itself would not have the driver"},  \
	{p "-kernel-unknown", BR_BASIS_POLICY, "which kernel boots could not be told"},                     \
	{p "-running-initramfs", BR_BASIS_POLICY, "judged by the running initramfs: its file is unreadable"}

enum br_driver_place {
	BR_IN_INITRAMFS, /* has to be there before the root: in the initramfs, or built in */
	BR_IN_ROOT,      /* the root's own modules are early enough */
};

struct br_driver_rule {
	const char *section; /* of the profile: its severity, and with key the drivers */
	const char *key;
	const char *prefix;  /* of the codes */
	const char *missing; /* the code for a driver that is nowhere, without the prefix */
	enum br_driver_place place;
	bool warns;          /* nothing of it is more than a warning, whatever the profile's severity */
};

/* Every offered chain, once for each kernel that differs. */
void br_judge_drivers(const struct br_image *img, const struct br_driver_rule *rule, struct br_result *res);

/* The profile's list: that of the root's own architecture ("initramfs_s390x") where there is one; NULL none. */
const char *br_rule_drivers(const struct br_image *img, const struct br_driver_rule *rule);

/* A chain worth a look: offered, with a kernel, and not the same as one before it. */
bool br_judge_chain(const struct br_image *img, const struct br_chain *c);
/* As the profile's [section] severity says. */
enum br_severity br_judge_severity(const struct br_image *img, const char *section);

/* The root's machine as ELF numbers it; 0 unknown. */
uint16_t br_machine_of(const struct br_image *img);

/* drivers-fix.c: what to type, owned; NULL when memory ran out. drivers: blank-separated. */
char *br_fix_rebuild(const struct br_image *img, const struct br_chain *c, const char *drivers);
/* Writes the initramfs of a release that may not be there yet; made_by and release may be NULL. */
char *br_fix_make(const struct br_image *img, const char *made_by, const char *release);
char *br_fix_driver(const struct br_image *img, const struct br_chain *c, const struct br_driver_rule *rule,
                    const char *driver, const struct br_driver *d);
/* Puts a parameter on the command line of every kernel. */
char *br_fix_parameter(const struct br_image *img, const char *parameter);

#endif
