# SPDX-License-Identifier: LGPL-2.1-or-later
# Sourced by the comparisons: a distribution kernel's own files, by package name, once, into the cache.
# shellcheck shell=bash

# kernel_files: unpacks the newest kernel of linux-image-ARCH and prints "FOLDER RELEASE"; what failed, to
# standard error, and 1.
kernel_files() {
  local arch cache package release dir
  arch=$(dpkg --print-architecture)
  cache=${XDG_CACHE_HOME:-$HOME/.cache}/bootready/kernels
  package=$(apt-cache depends "linux-image-$arch" 2>/dev/null | sed -n 's/^ *Depends: \(linux-image-[0-9].*\)/\1/p' | head -n 1)
  [ -n "$package" ] || { echo "no linux-image-$arch in the package sources" >&2; return 1; }
  release=${package#linux-image-}
  dir=$cache/$package
  if [ ! -e "$dir/lib/modules/$release/modules.dep.bin" ]; then
    rm -rf "$dir.new"
    mkdir -p "$dir.new"
    (cd "$dir.new" && apt-get download -qq "$package" >&2) || return 1
    dpkg -x "$dir.new"/*.deb "$dir.new" || return 1
    rm -f "$dir.new"/*.deb
    PATH=$PATH:/usr/sbin:/sbin depmod -b "$dir.new" "$release" || return 1
    rm -rf "$dir"
    mv "$dir.new" "$dir"
  fi
  echo "$dir $release"
}
