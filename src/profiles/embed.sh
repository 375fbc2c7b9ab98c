#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Prints the built-in profiles as a C table: embed.sh FILE.profile...
set -eu
echo '#include "profiles/profile.h"'
echo 'const struct br_builtin_profile br_builtin_profiles[] = {'
for file in "$@"; do
  printf '{"%s",\n' "$(basename "$file" .profile)"
  sed 's/\\/\\\\/g; s/"/\\"/g; s/^/"/; s/$/\\n"/' "$file"
  echo '},'
done
echo '};'
echo 'const size_t br_n_builtin_profiles = sizeof(br_builtin_profiles) / sizeof(br_builtin_profiles[0]);'
