# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Shared by the guest recipes: where things are kept, what a file's key is, how to run the guest's own tools.
# Sourced by scripts that have set -euo pipefail.
# shellcheck disable=SC2034,SC2154  # used by, and given by, the scripts that source this

GUESTS=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
TOP=$(cd "$GUESTS/../.." && pwd)
CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/bootready/guests

say() { printf '%s\n' "guest: $*" >&2; }
die() { printf '%s\n' "guest: $*" >&2; exit 1; }

# key WORD... : a short name for these words and for the content of every file or folder among them that
# is given as @PATH; the same recipe has the same key on every machine.
key() {
	local word
	for word in "$@"; do
		case $word in
		@*) (cd "${word#@}" 2>/dev/null && find . -type f -printf '%P %#m\n' -exec sha256sum {} + | LC_ALL=C sort) ||
			sha256sum < "${word#@}" ;;
		*) printf '%s\n' "$word" ;;
		esac
	done | sha256sum | cut -c1-16
}

# locked NAME COMMAND... : two runs at once wait for each other instead of building the same thing twice.
locked() {
	local name=$1
	shift
	mkdir -p "$CACHE"
	(
		flock 9
		"$@"
	) 9> "$CACHE/$name.lock"
}

# keep_newest N GLOB : builds of older inputs would fill the disk; the N used last stay.
keep_newest() {
	local n=$1 old
	# shellcheck disable=SC2012,SC2086  # names are ours: no newline in them; $2 is a pattern
	ls -t "$CACHE"/$2 2>/dev/null | tail -n +$((n + 1)) | while read -r old; do rm -f "$old"; done
}

# machine_sources SUITE : the machine's own package sources as one-line entries for SUITE. apt itself is
# asked, so that every form of sources file and every mirror works, and no address stands in the project.
# Its own release comes with updates and security, another release with its main suite alone.
machine_sources() {
	local suite=$1 uri entry codename own
	# shellcheck disable=SC1091  # the machine's own
	own=$(. /etc/os-release && printf '%s' "${VERSION_CODENAME-}")
	# shellcheck disable=SC2016  # apt's own placeholders
	apt-get indextargets --format '$(REPO_URI) $(CODENAME)' 'Identifier: Packages' 'Origin: Debian' 'Component: main' |
		while read -r uri codename; do
			case $codename in
			"$own") entry=$suite ;;
			"$own-updates" | "$own-security")
				[ "$suite" = "$own" ] || continue
				entry=$codename
				;;
			*) continue ;;
			esac
			printf 'deb %s %s main\n' "$uri" "$entry"
		done | sort -u
}

# machine_apt_options : what the machine's own apt is told about proxies and about release dates holds for
# the guest's as well.
machine_apt_options() {
	apt-config dump --format '%f "%v"%n' Acquire::Check-Valid-Until Acquire::Check-Date Acquire::http Acquire::https |
		grep -v ' ""$' || :
}

# in_guest [--bind FILE PATH] ROOT COMMAND... : runs COMMAND in ROOT with a /dev, /proc and /sys of its own that
# are gone with it. --bind puts FILE in the place of the guest's PATH for that time.
in_guest() {
	local file="" path=""
	if [ "$1" = --bind ]; then
		file=$2 path=$3
		shift 3
	fi
	# shellcheck disable=SC2016  # expanded by the inner shell
	unshare --mount --pid --fork --propagation private -- bash -euc '
		root=$1 file=$2 path=$3
		shift 3
		mount -t proc proc "$root/proc"
		mount -t sysfs -o ro sysfs "$root/sys"
		mount -t tmpfs -o mode=755 dev "$root/dev"
		mount -t tmpfs tmp "$root/tmp"
		mount -t tmpfs run "$root/run"
		mkdir "$root/dev/shm" "$root/dev/disk" "$root/dev/disk/by-uuid"
		ln -s /proc/self/fd "$root/dev/fd"
		mknod -m 666 "$root/dev/null" c 1 3
		mknod -m 666 "$root/dev/zero" c 1 5
		mknod -m 666 "$root/dev/random" c 1 8
		mknod -m 666 "$root/dev/urandom" c 1 9
		[ -z "$file" ] || mount --bind "$file" "$root$path"
		exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C HOME=/root chroot "$root" "$@"
	' in_guest "$1" "$file" "$path" "${@:2}"
}

# uuid_of ROLE : a recipe's file systems and partitions have the same ids in every build.
uuid_of() {
	printf '%s' "$recipe $1" | sha256sum |
		sed -E 's/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*/\1-\2-4\3-a\4-\5/'
}

# vfat_id_of ROLE : the volume id of a FAT file system, as blkid shows it.
vfat_id_of() {
	uuid_of "$1" | sed -E 's/^(.{4})(.{4}).*/\U\1-\2/'
}

# unpack TAR DIR
unpack() {
	tar -I zstd -xpf "$1" -C "$2" --xattrs --xattrs-include='*' --numeric-owner
}
