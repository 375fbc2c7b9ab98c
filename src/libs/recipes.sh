# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# One function a source package, run inside its unpacked tree. Sourced by
# build.sh, which sets CC, CPPFLAGS, CFLAGS, AR, RANLIB, HOST (configure's
# --host, or empty), JOBS and OUT, where headers and archives go.
#
# The order in SOURCES is the order of building: libkmod finds
# the decoders in OUT.
# shellcheck disable=SC2034 # for build.sh
SOURCES=(zlib libisal bzip2 xz-utils libzstd lz4 ffmpeg kmod util-linux cjson libyaml nettle)

# configure OPTION...: what every autotools package is told alike. The paths
# are those of an installed system, so that no build folder ends up in a
# string; a .pc file of the machine's own libraries must not be found.
configure() {
  # shellcheck disable=SC2086 # HOST is one word or none
  PKG_CONFIG_LIBDIR=/nonexistent LDFLAGS="$LDFLAGS -L$OUT/lib" ./configure \
    ${HOST:+--host=$HOST} --prefix=/usr --sysconfdir=/etc --localstatedir=/var \
    --disable-dependency-tracking --enable-silent-rules "$@"
}

# gtk-doc is asked for by two packages only to leave their manuals out; what
# it would bring onto the machine is larger than all else together.
without_gtk_doc() {
  mkdir -p m4 config
  export GTKDOCIZE=true
  [ -e m4/gtk-doc.m4 ] || cat >m4/gtk-doc.m4 <<'M4'
AC_DEFUN([GTK_DOC_CHECK], [
  AM_CONDITIONAL([ENABLE_GTK_DOC], [false])
  AM_CONDITIONAL([GTK_DOC_BUILD_HTML], [false])
  AM_CONDITIONAL([GTK_DOC_BUILD_PDF], [false])
  AM_CONDITIONAL([GTK_DOC_USE_LIBTOOL], [false])
  AM_CONDITIONAL([GTK_DOC_USE_REBASE], [false])
])
M4
  local make
  for make in gtk-doc.make config/gtk-doc.make libkmod/docs/gtk-doc.make; do
    [ -e "$make" ] || [ ! -d "$(dirname "$make")" ] || printf 'EXTRA_DIST =\nCLEANFILES =\n' >"$make"
  done
}

install_archive() { install -m 644 "$1" "$OUT/lib/${2:-$(basename "$1")}"; }
install_headers() { install -m 644 -D -t "$OUT/include/$1" "${@:2}"; }

build_zlib() {
  CHOST=$HOST ./configure --static --prefix=/usr
  make -j"$JOBS" libz.a
  install_archive libz.a
  install_headers . zlib.h zconf.h
}

# Unpacks deflate at more than twice zlib's speed, by code for the processor.
build_libisal() {
  local options=(AS=nasm DEBUG= DEBUG_nasm=)
  [ -n "$HOST" ] || options=(arch=noarch)
  make -j"$JOBS" -f Makefile.unx units='igzip crc' lib CC="$CC $CPPFLAGS $CFLAGS" "${options[@]}"
  install_archive bin/isa-l.a libisal.a
  install_headers isa-l include/igzip_lib.h
}

build_bzip2() {
  make -j"$JOBS" libbz2.a CC="$CC" AR="$AR" RANLIB="$RANLIB" \
    CFLAGS="$CPPFLAGS $CFLAGS -D_FILE_OFFSET_BITS=64"
  install_archive libbz2.a
  install_headers . bzlib.h
}

build_xz-utils() {
  autoreconf -fi
  # The multi-threaded coder is never called and would only add size.
  configure --disable-shared --enable-static --disable-threads --disable-nls \
    --disable-doc --disable-scripts --disable-xz --disable-xzdec \
    --disable-lzmadec --disable-lzmainfo --disable-lzma-links
  make -j"$JOBS" -C src/liblzma
  install_archive src/liblzma/.libs/liblzma.a
  install_headers . src/liblzma/api/lzma.h
  install_headers lzma src/liblzma/api/lzma/*.h
}

build_libzstd() {
  make -j"$JOBS" -C lib libzstd.a CC="$CC" AR="$AR" CFLAGS="$CFLAGS" CPPFLAGS="$CPPFLAGS" \
    ZSTD_LEGACY_SUPPORT=0 ZSTD_LIB_DEPRECATED=0 ZSTD_LIB_DICTBUILDER=0
  install_archive lib/libzstd.a
  install_headers . lib/zstd.h lib/zstd_errors.h
}

build_lz4() {
  make -j"$JOBS" -C lib liblz4.a CC="$CC" AR="$AR" CFLAGS="$CFLAGS" CPPFLAGS="$CPPFLAGS"
  install_archive lib/liblz4.a
  install_headers . lib/lz4.h lib/lz4hc.h lib/lz4frame.h
}

# One file of libavutil decodes LZO, another holds a helper of its. What their
# configure would take a minute to find out is a few lines.
build_ffmpeg() {
  local name
  printf '#define %s\n' 'HAVE_BIGENDIAN (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)' 'HAVE_FAST_UNALIGNED 0' \
    'HAVE_FAST_64BIT 0' 'CONFIG_MEMORY_POISONING 0' >config.h
  printf '#define %s\n' 'AV_HAVE_BIGENDIAN (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)' \
    'AV_HAVE_FAST_UNALIGNED 0' >libavutil/avconfig.h
  # Every libc has what libm.h makes up for.
  sed -n 's/^#if !\(HAVE_[A-Z0-9]*\)$/#define \1 1/p' libavutil/libm.h >>config.h
  for name in lzo mem; do
    # shellcheck disable=SC2086 # flags are words
    $CC $CPPFLAGS $CFLAGS -I. -c -o $name.o libavutil/$name.c
  done
  $AR rcs libavutil.a lzo.o mem.o
  install_archive libavutil.a
  install_headers libavutil libavutil/lzo.h
}

# kmod refuses --enable-static; its convenience archives hold the same objects.
build_kmod() {
  without_gtk_doc
  autoreconf -fi
  libzstd_CFLAGS=' ' libzstd_LIBS=-lzstd liblzma_CFLAGS=' ' liblzma_LIBS=-llzma \
    zlib_CFLAGS=' ' zlib_LIBS=-lz \
    configure --disable-manpages --disable-test-modules --disable-tools --disable-logging \
    --with-zstd --with-xz --with-zlib --without-openssl --with-bashcompletiondir=no
  make -j"$JOBS" libkmod/libkmod-internal.la shared/libshared.la
  install_archive libkmod/.libs/libkmod-internal.a libkmod.a
  install_archive shared/.libs/libshared.a libkmod-shared.a
  install_headers . libkmod/libkmod.h
}

build_util-linux() {
  without_gtk_doc
  # Two topology drivers run a program of the machine to learn a volume's
  # stripes. Nothing here asks for that, and nothing may be run.
  sed -i '/&\(dm\|lvm\)_tp_idinfo/d' libblkid/src/topology/topology.c
  autoreconf -fi
  configure --disable-shared --enable-static --disable-all-programs --disable-nls \
    --enable-libuuid --enable-libblkid --enable-libmount \
    --disable-libmount-mountfd-support --disable-asciidoc --disable-poman \
    --without-econf --without-systemd --without-udev --without-cryptsetup \
    --without-selinux --without-python --without-tinfo --without-ncurses
  make -j"$JOBS" libblkid.la libmount.la
  install_archive .libs/libblkid.a
  install_archive .libs/libmount.a
  install_headers blkid libblkid/src/blkid.h
  install_headers libmount libmount/src/libmount.h
}

build_cjson() {
  # shellcheck disable=SC2086 # flags are words
  $CC $CPPFLAGS $CFLAGS -c -o cJSON.o cJSON.c
  $AR rcs libcjson.a cJSON.o
  install_archive libcjson.a
  install_headers cjson cJSON.h
}

# The reading half of it: what would write YAML is left out. It asks for a version of its own that nothing shows.
build_libyaml() {
  local part objects=()
  for part in api reader scanner parser loader; do
    # shellcheck disable=SC2086 # flags are words
    $CC $CPPFLAGS $CFLAGS -Iinclude -DYAML_VERSION_MAJOR=0 -DYAML_VERSION_MINOR=0 -DYAML_VERSION_PATCH=0 \
      -DYAML_VERSION_STRING='""' -c -o "$part.o" "src/$part.c"
    objects+=("$part.o")
  done
  $AR rcs libyaml.a "${objects[@]}"
  install_archive libyaml.a
  install_headers . include/yaml.h
}

# The digest has code of its own for processors that can do SHA-256 themselves,
# three times as fast; which one it is, the program asks at its start.
build_nettle() {
  # Ed25519 is in the other of its two libraries; the small copy of GMP that it brings along is enough to verify.
  local options=(--enable-fat --enable-mini-gmp)
  # The sanitizers see nothing of what is not C.
  [ -n "$HOST" ] || options+=(--disable-fat --disable-assembler)
  LDFLAGS="" ./configure ${HOST:+"--host=$HOST"} --prefix=/usr --disable-shared --enable-static \
    --disable-dependency-tracking --disable-openssl --disable-documentation "${options[@]}"
  make -j"$JOBS" libnettle.a libhogweed.a
  [ -z "$HOST" ] || strip --strip-debug libnettle.a libhogweed.a
  install_archive libnettle.a
  install_archive libhogweed.a
  install_headers nettle nettle-types.h sha2.h eddsa.h bignum.h version.h mini-gmp.h
}
