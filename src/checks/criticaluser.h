/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The part of CriticalUser that is about everybody's lines: what pwck and grpck complain about. */
#ifndef BR_CHECK_CRITICALUSER_H
#define BR_CHECK_CRITICALUSER_H

#include "checks/drivers.h"

#define BR_ACCOUNT_FLAW_CODES                                                                                     \
	{"account-line-malformed", BR_BASIS_POLICY, "a line that nothing can be made of"},                         \
	{"account-duplicate", BR_BASIS_POLICY, "a name that stands on two lines: the second is never found"},      \
	{"account-name-odd", BR_BASIS_POLICY, "a name that the tools refuse"},                                     \
	{"account-number", BR_BASIS_POLICY, "the number 4294967295, which stands for nobody"},                     \
	{"account-group-missing", BR_BASIS_POLICY, "a user's group is not there"},                                 \
	{"account-home-missing", BR_BASIS_POLICY, "a user's home is not there"},                                   \
	{"account-shell-missing", BR_BASIS_POLICY, "a user's shell is not there"},                                 \
	{"account-shadow-missing", BR_BASIS_POLICY, "a user or group without a line in its shadow file"},          \
	{"account-shadow-left", BR_BASIS_POLICY, "a line of a shadow file for nobody"},                            \
	{"account-not-shadowed", BR_BASIS_POLICY, "a password beside the one of the shadow file"},                 \
	{"account-member-missing", BR_BASIS_POLICY, "a member of a group is no user"},                             \
	{"accounts-more", BR_BASIS_POLICY, "more is wrong than is shown"}

void br_judge_account_flaws(const struct br_image *img, struct br_result *res);

#endif
