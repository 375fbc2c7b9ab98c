#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Prints the built-in policy as a C string: embed.sh default.policy
set -eu
echo '#include "decide/policy.h"'
echo 'const char br_default_policy[] ='
sed 's/\\/\\\\/g; s/"/\\"/g; s/^/"/; s/$/\\n"/' "$1"
echo ';'
