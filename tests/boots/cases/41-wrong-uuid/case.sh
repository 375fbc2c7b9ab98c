# shellcheck shell=bash
# root= names what no disk has: said once while the boot waits, which waits as long as ever, and once when it gives up.
# shellcheck disable=SC2034,SC2154
guests=(trixie/init) # the others with --all alone, for time
every=({bullseye,bookworm,trixie,testing}/{systemd,init})
parameters=(rd.retry=30 rd.timeout=50 rd.bootready.missing=20 root=UUID=5c1e1a52-6f0e-4d0c-9d55-0b0075ead002)

judge() {
  no_root root-not-found nearest
  seen '^bootready: NO ROOT$' 2
  # The disk is there, and what is on it is what was meant.
  seen 'its UUID differs in a few letters'
  # Looked into when the boot has given up, and not before.
  seen 'its fstab' 1
  undisturbed
}
