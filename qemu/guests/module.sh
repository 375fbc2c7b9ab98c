# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The one place that knows how bootready gets into a guest. Sourced after lib.sh.

# module_inputs : what the installed module depends on, as words for key.
module_inputs() {
	printf '%s\n' "@$TOP/build/bootready" "@$TOP/module" "@$TOP/hooks"
}

# install_module ROOT : the binary and the dracut module, as a package would install them.
install_module() {
	[ -x "$TOP/build/bootready" ] || die "build/bootready is not there: run make first, or give module=no"
	# -o: what build/bootready is made from may have changed since; the guest gets the binary that its key names.
	make -s -C "$TOP" -o build/libs.mk -o build/bootready install DESTDIR="$1" PREFIX=/usr >&2
	mkdir -p "$1/etc/dracut.conf.d"
	echo 'add_dracutmodules+=" bootready "' > "$1/etc/dracut.conf.d/60-bootready.conf"
}
