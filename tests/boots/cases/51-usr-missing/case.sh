# shellcheck shell=bash
# The root comes, and its /usr does not. systemd gives up before the root is checked in its turn; dracut's init does not,
# and systemd without dracut's units does not look at /usr.
# shellcheck disable=SC2034,SC2154
guests=(bookworm/systemd)
every=({bullseye,bookworm,trixie,testing}/{systemd,init,pure})
parameters=()

prepare_tree() {
  echo 'UUID=0de1e7ed-0000-4000-8000-000000000002 /usr ext4 defaults,x-systemd.device-timeout=10s 0 2' >> "$1/etc/fstab"
}

judge() {
  # A shell's own panic, where that is pid 1, ends the machine as well.
  [ "$status" = 0 ] || no "QEMU ended with $status (124: it had to be ended)"
  unseen '^bootready: NO ROOT$'
  seen '^bootready: NOT READY \(profile alibaba\)$' 1
  seen '^ +for /usr: no file system has it: the boot would end in the emergency shell$'
  seen '^bootready: the root is there, and the boot has given up' "$([ "$init" = systemd ] && echo 1 || echo 0)"
  from_root "$dir/root.img" /etc/bootready/report.json "$dir/report.json" || no 'no report is on the root'
  undisturbed
}
