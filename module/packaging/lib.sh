#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# What build-deb and build-rpm have in common; to be sourced from the top of the tree.

# shellcheck disable=SC2034 # for who sources this
version=$(sed -nE 's/^#define BR_VERSION "(.*)"$/\1/p' src/version.h)

# copy_tree DIR : the project and what is built of it, with its times: make finds nothing to do.
copy_tree() {
  mkdir -p "$1/build"
  if git rev-parse -q --verify HEAD >/dev/null 2>&1; then git ls-files -z --cached --others --exclude-standard; else
    find . -path ./build -prune -o -type f -print0
  fi | grep -zvE '^(\./)?(tests|qemu)/' | tar -c --null --files-from=- --ignore-failed-read | tar -x -C "$1"
  cp -a build/bootready build/bootready.map build/libs.mk build/obj build/gen build/man "$1/build/"
}
