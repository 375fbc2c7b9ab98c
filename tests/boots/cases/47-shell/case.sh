# shellcheck shell=bash
# A shell is allowed: why there is no root is said before it opens.
# shellcheck disable=SC2034,SC2154
guests=() # for time: with --all alone
every=({bullseye,bookworm,trixie,testing}/systemd)
# Nobody has a password in there.
parameters=(rd.shell=1 rootfstype=xfs rd.bootready.missing=600 SYSTEMD_SULOGIN_FORCE=1)
emergency=''
answer_to='bootready: NO ROOT' answer='echo o > /proc/sysrq-trigger'

judge() {
  no_root root-other-type
  undisturbed
}
