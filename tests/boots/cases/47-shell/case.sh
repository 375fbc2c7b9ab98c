# shellcheck shell=bash
# A shell is allowed: why there is no root is said before it opens.
# shellcheck disable=SC2034,SC2154
guests=() # for time: with --all alone
every=({bullseye,bookworm,trixie,testing}/{systemd,init})
# Nobody has a password in there. dracut's own init would look again, and mount what is there.
parameters=(rd.shell=1 rd.bootready.missing=600 SYSTEMD_SULOGIN_FORCE=1)
case ${init-} in
  init) parameters+=(root=UUID=0de1e7ed-0000-4000-8000-000000000001 rd.retry=9) finding=root-not-found ;;
  *) parameters+=(rootfstype=xfs) finding=root-other-type ;;
esac
emergency=''
answer_to='bootready: NO ROOT' answer='echo "SHELL" "HERE"; echo o > /proc/sysrq-trigger'

judge() {
  no_root "$finding"
  seen '^bootready: NO ROOT$' 1
  sed '/^bootready: NO ROOT$/,$d' "$dir/console" | grep -E '^(dracut:/|sh-|bash-|Press Enter|Give root)' >&2 || :
  # What the shell says itself comes after all that was said of the root.
  sed -n '/^bootready: NO ROOT$/,$p' "$dir/console" | grep -q '^SHELL HERE$' || no 'no shell has opened after it'
  undisturbed
}
