# shellcheck shell=bash
# The root is there, and the type that is asked for is not what is on it: the mount fails at once, long before the watch
# would speak.
# shellcheck disable=SC2034,SC2154
guests=(bookworm/systemd) # dracut's own init looks again, and mounts what is there
every=({bullseye,bookworm,trixie,testing}/systemd)
parameters=(rootfstype=xfs rd.bootready.missing=600)

judge() {
  no_root root-other-type
  undisturbed
}
