# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Source packages of the distribution, by name, through the package sources
# that this machine has already. Sourced by build.sh.
#
# Only the state is private: a list of the machine's own entries with deb-src
# for deb, and index files of its own. Nothing of the machine's apt changes,
# and apt checks every signature as it does for a binary package.

# Prints the machine's enabled entries as "signed-by|uri|suite|components",
# one suite a line. A key that stands in the entry itself goes to a file in $1.
machine_entries() {
  local keys=$1 file
  for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
    [ -r "$file" ] || continue
    awk '
      { sub(/#.*/, "") }
      $1 != "deb" { next }
      {
        key = ""; line = $0; sub(/^[ \t]*deb[ \t]+/, "", line)
        if (match(line, /^\[[^]]*\]/)) {
          options = substr(line, 2, RLENGTH - 2)
          line = substr(line, RLENGTH + 1)
          n = split(options, option, /[ \t]+/)
          for (i = 1; i <= n; i++)
            if (sub(/^signed-by=/, "", option[i])) key = option[i]
        }
        n = split(line, word, /[ \t]+/)
        first = word[1] == "" ? 2 : 1
        parts = ""
        for (i = first + 2; i <= n; i++) parts = parts " " word[i]
        print key "|" word[first] "|" word[first + 1] "|" parts
      }' "$file"
  done
  for file in /etc/apt/sources.list.d/*.sources; do
    [ -r "$file" ] || continue
    awk -v prefix="$keys/$(basename "$file")" '
      function flush(    u, s, i, j, nu, ns, key) {
        if (types ~ /(^|[ \t])deb([ \t]|$)/ && enabled !~ /^[ \t]*(no|false|0|off)/) {
          key = signed; gsub(/^[ \t]+|[ \t]+$/, "", key); gsub(/[ \t]+/, ",", key)
          if (block != "") {
            key = prefix "." ++blocks ".asc"
            printf "%s", block > key
            close(key)
          }
          nu = split(uris, u, " "); ns = split(suites, s, " ")
          for (i = 1; i <= nu; i++)
            for (j = 1; j <= ns; j++)
              print key "|" u[i] "|" s[j] "|" parts
        }
        types = uris = suites = parts = signed = enabled = block = field = ""
      }
      /^#/ { next }
      /^[ \t]*$/ { flush(); next }
      /^[ \t]/ {
        line = $0; sub(/^[ \t]/, "", line)
        if (field == "signed-by") {
          if (line == ".") line = ""
          block = block line "\n"
        } else if (field == "uris") uris = uris " " line
        else if (field == "suites") suites = suites " " line
        else if (field == "components") parts = parts " " line
        next
      }
      {
        field = tolower($0); sub(/[ \t]*:.*/, "", field)
        value = $0; sub(/^[^:]*:[ \t]*/, "", value)
        if (field == "types") types = value
        else if (field == "uris") uris = value
        else if (field == "suites") suites = value
        else if (field == "components") parts = value
        else if (field == "signed-by") signed = value
        else if (field == "enabled") enabled = value
      }
      END { flush() }' "$file"
  done
}

# Writes the private list and the settings that make apt use it below $1.
# The settings come by APT_CONFIG, so that every apt call of ours has them.
private_apt() {
  local dir=$1
  mkdir -p "$dir/lists/partial" "$dir/cache/archives/partial" "$dir/keys"
  cat >"$dir/apt.conf" <<CONF
Dir::Etc::sourcelist "$dir/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::State::lists "$dir/lists";
Dir::Cache "$dir/cache";
Acquire::Languages "none";
Acquire::PDiffs "false";
Acquire::IndexTargets::deb-src::Sources::KeepCompressed "true";
CONF
  machine_entries "$dir/keys" | sort -u | while IFS='|' read -r key uri suite parts; do
    case $uri in cdrom:* | '') continue ;; esac
    printf 'deb-src %s%s %s %s\n' "${key:+[signed-by=$key] }" "$uri" "$suite" "$parts"
  done >"$dir/sources.list"
  [ -s "$dir/sources.list" ] || die "no package source found in /etc/apt"
}

# Leaves in the private list what the distribution itself signs as its own: a
# package of the same name from elsewhere must not win by a higher version.
# A source of others that cannot be reached is no error, ours is.
debian_only() {
  local dir=$1 uri suite
  apt-get update >"$dir/update.log" 2>&1 || :
  # shellcheck disable=SC2016 # apt fills in the names
  apt-get indextargets --format '$(ORIGIN)|$(REPO_URI)|$(RELEASE)' 'Created-By: Sources' |
    sort -u | while IFS='|' read -r origin uri suite; do
    [ "$origin" = Debian ] || continue
    awk -v uri="${uri%/}" -v suite="$suite" '
      { u = $0; sub(/^deb-src (\[[^]]*\] )?/, "", u); split(u, word, " ")
        sub(/\/$/, "", word[1]); if (word[1] == uri && word[2] == suite) print }' \
      "$dir/sources.list"
  done | sort -u >"$dir/debian.list"
  if [ ! -s "$dir/debian.list" ]; then
    cat "$dir/update.log" >&2
    die "no reachable package source of Debian among this machine's own"
  fi
  mv "$dir/debian.list" "$dir/sources.list"
  apt-get update --error-on=any >"$dir/update.log" 2>&1 || {
    cat "$dir/update.log" >&2
    die "the indexes of the source packages could not be read"
  }
}

# fetch_source NAME: the newest version that the indexes name, into the current
# folder. A mirror can lag behind its own index: then the next older version
# that is signed for as well, and at last the upstream archive of the newest
# without the packaging. What was taken instead is said.
fetch_source() {
  local name=$1 version newest=
  local get=(apt-get source --download-only --only-source -qq)
  while read -r version; do
    : "${newest:=$version}"
    if "${get[@]}" "$name=$version" >>fetch.log 2>&1; then
      [ "$version" = "$newest" ] || say "$name $newest is not there, taking $version"
      return 0
    fi
    # An incomplete set must not be taken for a package later.
    rm -f -- "${name}_"*
  done < <(apt-cache showsrc --only-source "$name" | sed -n 's/^Version: //p' | sort -ruV)
  [ -n "$newest" ] || die "no package source has $name"
  "${get[@]}" --tar-only "$name=$newest" >>fetch.log 2>&1 || {
    cat fetch.log >&2
    die "the source package $name could not be fetched"
  }
  say "$name $newest is not there, taking its upstream archive as it is"
}

# fetch_sources DIR NAME...: the source packages NAME into DIR, still packed.
# apt's sandbox user must be able to reach its state, so that lives in a
# folder of its own that others may enter.
fetch_sources() (
  into=$1
  shift
  state=$(mktemp -d "${TMPDIR:-/tmp}/bootready-apt.XXXXXXXX")
  trap 'rm -rf "$state"' EXIT
  chmod 755 "$state"
  export APT_CONFIG="$state/apt.conf"
  private_apt "$state"
  debian_only "$state"
  mkdir -p "$state/sources" "$into"
  [ "$(id -u)" != 0 ] || chown _apt "$state/sources" 2>/dev/null || :
  cd "$state/sources" || exit 1
  for name; do
    fetch_source "$name"
  done
  rm -f fetch.log
  mv -- * "$into/"
)

# unpack_source DIR NAME TREE: with the distribution's patches where they are.
unpack_source() {
  local dsc=("$1/$2_"*.dsc)
  if [ -e "${dsc[0]}" ]; then
    dpkg-source --no-copy -x "${dsc[0]}" "$3"
  else
    mkdir "$3"
    tar -x --no-same-owner --strip-components=1 -f "$1/$2_"*.orig.tar.?z -C "$3"
  fi
}

# source_version DIR NAME TREE: the epoch is left out, it says nothing; the
# distribution's revision stays in, it is where mended defects show.
source_version() {
  local archive
  if [ -e "$3/debian/changelog" ]; then
    dpkg-parsechangelog -l "$3/debian/changelog" -S Version | sed 's/^[0-9]*://'
  else
    archive=$(basename "$1/$2_"*.orig.tar.?z)
    archive=${archive#*_}
    printf '%s\n' "${archive%.orig.tar.*}"
  fi
}
