# shellcheck shell=bash
# Questions about one boot. Each says on standard error what is not as it must be; a case fails if anything is said.
# Sourced by run; dir and status are those of the boot just ended.
# shellcheck disable=SC2154

no() { printf '%s\n' "$*" >&2; }

# seen PATTERN [COUNT] : a line of the consoles matches; exactly COUNT lines.
seen() {
  local n
  n=$(grep -cE -- "$1" "$dir/console" || :)
  if [ $# -gt 1 ]; then
    [ "$n" = "$2" ] || no "$n lines instead of $2 match: $1"
  else
    [ "$n" -gt 0 ] || no "no line matches: $1"
  fi
}

unseen() { seen "$1" 0; }

# on_each_console PATTERN : on the serial line, and on the screen as the root's init found it.
on_each_console() {
  seen "^$1\$"
  seen "^SCREEN $1 *\$"
}

# userspace [FLAG] : the real root's init ran, on a root that is ro unless FLAG says otherwise, and ended the machine.
userspace() {
  [ "$status" = 0 ] || no "QEMU ended with $status (124: it had to be ended)"
  seen '^BEACON userspace$'
  seen "^BEACON root [a-z0-9]+ ${1-ro}\$"
  seen '^BEACON end$'
  # Nobody else's hook was lost on the way.
  [ "${hooks-yes}" = no ] || seen '^MARK pre-pivot goes on after '
  [ "${hooks-yes}" = no ] || seen '^MARK cleanup runs$'
}

# undisturbed : all that was on the root is there as it was, and the file system is in order.
undisturbed() {
  diff "$dir/before" "$dir/after" > "$dir/content.diff" || no "the root's content changed: see content.diff"
  e2fsck -fn "$dir/root.img" > "$dir/fsck" 2>&1 || no "e2fsck has complaints: see fsck"
}

# verdict : as a table, on each console.
verdict() {
  on_each_console 'bootready: (READY|NOT READY|UNDETERMINED) \(profile [a-z]+\)'
}

no_verdict() { unseen '^bootready: (READY|NOT READY|UNDETERMINED)'; }

# report_on_root : the report's files and nothing else in their folder, the same as in /run.
report_on_root() {
  local file sum
  debugfs -R 'ls -p /etc/bootready' "$dir/root.img" 2> /dev/null | cut -d/ -f6 | { grep -vE '^\.{0,2}$' || :; } | sort |
    paste -sd' ' > "$dir/ls"
  [ "$(cat "$dir/ls")" = 'report.json report.txt' ] || no "in /etc/bootready: $(cat "$dir/ls")"
  for file in report.json report.txt; do
    from_root "$dir/root.img" "/etc/bootready/$file" "$dir/$file" || { no "no /etc/bootready/$file"; continue; }
    sum=$(sha256sum < "$dir/$file")
    seen "^BEACON file ${sum%% *}  /run/initramfs/bootready/$file\$"
    debugfs -R "stat /etc/bootready/$file" "$dir/root.img" 2> /dev/null | grep -q 'Mode: *0600' ||
      no "/etc/bootready/$file: not mode 0600"
  done
  /usr/bin/python3 -c 'import json, sys
assert json.load(open(sys.argv[1]))["schema"] == "bootready-report/1"' "$dir/report.json" 2> /dev/null ||
    no "report.json is not a report"
}

no_report_on_root() {
  ! from_root "$dir/root.img" /etc/bootready/report.json "$dir/report.json" || no "a report is on the root"
  ! from_root "$dir/root.img" /etc/bootready/report.txt "$dir/report.txt" || no "a table is on the root"
}

report_in_run() { seen '^BEACON file [0-9a-f]{64}  /run/initramfs/bootready/report.json$'; }

# report_over_port : the JSON, the same document as on the root.
report_over_port() { cmp -s "$dir/port" "$dir/report.json" || no "what came over the port is not the report"; }

# steps_judged : after each kill while the report was written, the root was read-only and a report none or whole.
steps_judged() {
  local n
  n=$(grep -cE '^RIG STEP .* killed at ' "$dir/console" || :)
  # Two files, each opened, written, synced and renamed, are more than that.
  [ "$n" -ge 10 ] || no "only $n steps were killed"
  seen '^RIG STEP .* [0-9]+ steps$' 1
  grep -E '^RIG STEP ' "$dir/console" |
    grep -vE ' root=ro json=(none|whole) txt=(none|whole) (killed at|[0-9]+ steps)' >&2 || :
}

# told_over_port PYTHON ARGUMENT... : is it true of the last document about a missing root? In there: said, and sys.argv[3:].
told_over_port() {
  local question=$1
  shift
  /usr/bin/python3 - "$dir/port" "$question" "$@" << 'END' 2> "$dir/port.error"
import json, sys
text, at, said = open(sys.argv[1]).read(), 0, None
while text[at:].strip():
    at += len(text[at:]) - len(text[at:].lstrip())
    document, at = json.JSONDecoder().raw_decode(text, at)
    if document["schema"] == "bootready-missing/1" and document["verdict"] == "missing":
        said = document
sys.exit(said is None or not eval(sys.argv[2]))
END
}

# no_root CODE... : the machine ended without a root, and why was said, with these findings, on the serial line and over
# the port.
no_root() {
  local code
  [ "$status" = 0 ] || no "QEMU ended with $status (124: it had to be ended)"
  unseen '^BEACON userspace$'
  seen '^bootready: NO ROOT$'
  for code; do seen "^    $code: "; done
  told_over_port 'set(sys.argv[3:]) <= {finding["code"] for finding in said["findings"]}' "$@" ||
    no "the port lacks one of: $*"
}

# lacks_driver MODULE : it is named as what would drive the disk, over the port.
lacks_driver() {
  told_over_port '(sys.argv[3], "absent") in {(one["module"], one["state"]) for one in said["without_driver"]}' "$1" ||
    no "not told over the port: $1 is absent"
}

# ended_by_request : by rd.bootready.onfail=, not by the boot's own giving up
ended_by_request() {
  seen '^bootready: NO ROOT$' 1
  seen '^bootready: rd.bootready: poweroff$'
}
