#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Builds the libraries that bootready is linked with, from the distribution's
# source packages, once, into the user's cache. See README.md here.
set -euo pipefail
shopt -s inherit_errexit

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/bootready
export LC_ALL=C TZ=UTC
# What the caller's make or shell would say to the libraries' own builds.
unset MAKEFLAGS MFLAGS MAKEOVERRIDES CPATH C_INCLUDE_PATH LIBRARY_PATH CONFIG_SITE

usage() {
  cat <<'TEXT'
usage: build.sh [--san]        build what is missing, print the folder
       build.sh [--san] --dir  print the folder, build nothing
       build.sh [--san] --mk FILE
                               build, and write FILE for make to include
       build.sh --tools        install the build tools by name (needs root)
TEXT
}

die() {
  printf 'libs: %s\n' "$*" >&2
  exit 70
}

say() { printf 'libs: %s\n' "$*" >&2; }

# shellcheck source=src/libs/sources.sh
. "$here/sources.sh"
# shellcheck source=src/libs/recipes.sh
. "$here/recipes.sh"

# program:package, asked for by program: who built it is no matter.
tools=(gcc:gcc musl-gcc:musl-tools make:make ld:binutils dpkg-source:dpkg-dev
  autoreconf:autoconf automake:automake libtoolize:libtool autopoint:autopoint
  gettext:gettext bison:bison flex:flex m4:m4 nasm:nasm pkg-config:pkg-config flock:util-linux)

install_tools() {
  local pair missing=()
  for pair in "${tools[@]}"; do
    command -v "${pair%%:*}" >/dev/null || missing+=("${pair#*:}")
  done
  [ -e /usr/include/linux/types.h ] || missing+=(linux-libc-dev)
  [ -e /usr/include/stdio.h ] || missing+=(libc6-dev)
  [ "${#missing[@]}" -gt 0 ] || return 0
  [ "$(id -u)" = 0 ] || die "missing: ${missing[*]}; as root: src/libs/build.sh --tools"
  say "installing ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  local log
  log=$(mktemp)
  { apt-get update && apt-get install -y --no-install-recommends "${missing[@]}"; } >"$log" 2>&1 || {
    tail -n 20 "$log" >&2
    rm -f "$log"
    die "the build tools could not be installed: ${missing[*]}"
  }
  rm -f "$log"
}

# The folder's name has a key in it: whatever changes a byte of the archives,
# as far as it is known without the network. Newer source packages alone do
# not change it: who wants them removes the folder.
folder() {
  local san=
  [ "$flavour" != san ] || san=-san
  {
    sed '/^[[:space:]]*#/d' "$here/build.sh" "$here/sources.sh" "$here/recipes.sh" "$here"/*.in
    grep -E '^(ID|VERSION_CODENAME)=' /etc/os-release
    gcc -dumpfullversion -dumpmachine
    dpkg-query -W -f '${Package} ${Version}\n' musl-dev linux-libc-dev libc6-dev 2>/dev/null || :
  } | sha256sum | sed "s/^\(.\{16\}\).*/libs$san-\1/"
}

# musl has no kernel headers of its own, and the folder that has them has the
# other libc's too: a folder of links to the kernel's alone.
link_kernel_headers() {
  local name dir
  mkdir -p "$1"
  for name in linux asm asm-generic mtd; do
    for dir in "/usr/include/$(gcc -print-multiarch)" /usr/include; do
      [ ! -d "$dir/$name" ] || { ln -s "$dir/$name" "$1/$name"; break; }
    done
    [ -e "$1/$name" ] || die "no kernel headers: $name"
  done
}

# setup_flavour NAME: the compiler and the flags for the recipes.
# Every path below the work folder is written as /usr/src, so that the folder
# does not show in the bytes.
setup_flavour() {
  AR=ar RANLIB=ranlib JOBS=$(nproc) LDFLAGS=
  CFLAGS="-O2 -fPIE -fstack-protector-strong -fstack-clash-protection -ffunction-sections -fdata-sections"
  CFLAGS+=" -fno-asynchronous-unwind-tables -fno-unwind-tables"
  CFLAGS+=" -ffile-prefix-map=$work=/usr/src"
  if [ "$1" = musl ]; then
    CC=musl-gcc HOST=$(gcc -dumpmachine | sed 's/-gnu$/-musl/')
    CPPFLAGS="-isystem $OUT/linux-headers -isystem $OUT/include"
  else
    CC=gcc HOST='' CPPFLAGS="-isystem $OUT/include"
    CFLAGS+=" -g -fno-omit-frame-pointer"
  fi
  export AR RANLIB JOBS LDFLAGS CFLAGS CC HOST CPPFLAGS OUT
}

# library|source package|licence of what is linked, one a line.
catalogue() {
  cat <<'TEXT'
libblkid|util-linux|LGPL-2.1-or-later
libmount|util-linux|LGPL-2.1-or-later
libkmod|kmod|LGPL-2.1-or-later
zlib|zlib|Zlib
libisal|libisal|BSD-3-Clause
bzip2|bzip2|bzip2-1.0.6
liblzma|xz-utils|0BSD
libzstd|libzstd|BSD-3-Clause
lz4|lz4|BSD-2-Clause
libavutil|ffmpeg|LGPL-2.1-or-later
cJSON|cjson|MIT
libyaml|libyaml|MIT
nettle|nettle|LGPL-3.0-or-later
TEXT
}

write_versions() {
  local name source licence version
  catalogue | while IFS='|' read -r name source licence; do
    # liblzma was in the public domain until it took a licence in 5.6.
    [ "$name" != liblzma ] || grep -q 0BSD "$work/$source/COPYING" || licence=public-domain
    version=$(source_version "$OUT/sources" "$source" "$work/$source")
    printf '%s %s %s\n' "$name" "$version" "$licence"
  done
  [ "$flavour" != musl ] ||
    printf 'musl %s MIT\n' "$(dpkg-query -W -f '${Version}' musl-dev)"
}

# For C: BR_LIBRARY("name", "version", "licence") a line.
write_libraries_def() {
  awk '{ printf "BR_LIBRARY(\"%s\", \"%s\", \"%s\")\n", $1, $2, $3 }' "$OUT/versions"
}

write_environment() {
  local musl
  mkdir -p "$OUT/bin"
  if [ "$flavour" = musl ]; then
    # musl-gcc itself knows where its libc lies.
    musl=$(dirname "$(musl-gcc -v 2>&1 | sed -n 's/^Reading specs from //p')")
    [ -e "$musl/rcrt1.o" ] || die "musl has no rcrt1.o in $musl"
    sed "s|@MUSL@|$musl|" "$here/link.in" >"$OUT/bin/link"
    sed 's|@FLAVOUR@|musl|' "$here/env.mk.in" >"$OUT/env.mk"
  else
    cp "$here/link-san.in" "$OUT/bin/link"
    sed 's|@FLAVOUR@|san|' "$here/env.mk.in" >"$OUT/env.mk"
  fi
  chmod 755 "$OUT/bin/link"
}

# The packaging's copyright file names every holder; the upstream archive
# alone has its licence only.
keep_licence() {
  local text
  for text in debian/copyright COPYING LICENSE; do
    [ -e "$work/$1/$text" ] || continue
    install -m 644 "$work/$1/$text" "$OUT/licenses/$1"
    return 0
  done
  die "$1 has no licence text"
}

build_all() { # build_all FOLDER
  local name status
  install_tools
  mkdir -p "$cache"
  work=$(mktemp -d "$cache/.libs.XXXXXXXX")
  # shellcheck disable=SC2064 # the folder is known now
  trap "rm -rf '$work'" EXIT
  OUT=$work/out
  mkdir -p "$OUT/lib" "$OUT/include" "$OUT/licenses"
  [ "$flavour" != musl ] || link_kernel_headers "$OUT/linux-headers"
  setup_flavour "$flavour"
  say "fetching ${#SOURCES[@]} source packages"
  fetch_sources "$OUT/sources" "${SOURCES[@]}"
  for name in "${SOURCES[@]}"; do
    say "building $name"
    # Not as a condition: set -e would be off inside.
    set +e
    (
      set -e
      unpack_source "$OUT/sources" "$name" "$work/$name"
      cd "$work/$name"
      "build_$name"
    ) >"$work/$name.log" 2>&1 </dev/null
    status=$?
    set -e
    if [ "$status" != 0 ]; then
      tail -n 40 "$work/$name.log" >&2
      die "$name did not build"
    fi
    keep_licence "$name"
  done
  [ "$flavour" != musl ] || cp /usr/share/doc/musl-dev/copyright "$OUT/licenses/musl"
  write_versions >"$OUT/versions"
  write_libraries_def >"$OUT/include/libraries.def"
  write_environment
  [ "$cache/$(folder)" = "$1" ] || die "the recipes changed during the build: once more, please"
  # What an earlier run left unfinished has no env.mk and is in the way.
  rm -rf "$1"
  mv -T "$OUT" "$1"
}

# With the rule, a cache that was emptied is filled again instead of a
# complaint that env.mk is missing.
write_mk() {
  local san=
  [ "$flavour" != san ] || san='--san '
  printf 'include %s/env.mk\n%s/env.mk:\n\t%s %s--mk %s\n' \
    "$1" "$1" "$here/build.sh" "$san" "$2"
}

# In a function, so that the whole is read before it starts: a build takes
# minutes, and bash reads a script as it goes.
main() {
  local action=build mk='' dir
  flavour=musl
  while [ $# -gt 0 ]; do
    case $1 in
      --san) flavour=san ;;
      --dir) action=dir ;;
      --tools) action=tools ;;
      --mk)
        [ $# -gt 1 ] || { usage >&2; exit 64; }
        mk=$2
        shift
        ;;
      -h | --help) usage; exit 0 ;;
      *) usage >&2; exit 64 ;;
    esac
    shift
  done
  case $cache in
    *[[:space:]]*) die "the libraries' own builds cannot live in a folder with a space: $cache" ;;
  esac
  # The key asks the compilers: they have to be there first.
  if [ "$action" = tools ] || ! command -v gcc >/dev/null || ! command -v musl-gcc >/dev/null; then
    install_tools
  fi
  [ "$action" != tools ] || exit 0
  dir=$cache/$(folder)
  if [ "$action" = build ] && [ ! -e "$dir/env.mk" ]; then
    mkdir -p "$cache"
    exec {lock}>"$cache/.libs.lock"
    flock "$lock"
    [ -e "$dir/env.mk" ] || (build_all "$dir")
  fi
  # shellcheck disable=SC2094 # the name is written, not read
  [ -z "$mk" ] || write_mk "$dir" "$mk" >"$mk"
  printf '%s\n' "$dir"
}

main "$@"
exit
