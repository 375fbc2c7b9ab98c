# shellcheck shell=bash
# What the root may be in is a member of an array and an encrypted volume, and the initramfs has nothing to open them with.
# shellcheck disable=SC2034,SC2154
guests=(bookworm/init)
every=({bullseye,bookworm,trixie,testing}/{systemd,init,pure})
parameters=(root=UUID=0de1e7ed-0000-4000-8000-000000000001 rd.bootready.missing=20 rd.bootready.onfail=poweroff)

# A header of LUKS 1 as libblkid knows it: magic, version, cipher and mode, the UUID at 168.
luks_header() {
  printf 'LUKS\xba\xbe\x00\x01aes'
  head -c 29 /dev/zero
  printf xts-plain64
  head -c 117 /dev/zero
  printf 0de1e7ed-0000-4000-8000-00000000000c
}

prepare_image() {
  dd if=/dev/zero of="$1" bs=1M count=32 conv=notrunc status=none
  printf 'label: gpt\nstart=2048, size=32768\nstart=34816, size=8192\n' | sfdisk -q "$1"
  truncate -s 8M "$dir/content"
  "$TOP/tests/tools/make-raid" "$dir/content" "$dir/member" "$dir/other"
  dd if="$dir/member" of="$1" bs=1M seek=1 conv=notrunc status=none
  luks_header | dd of="$1" bs=1M seek=17 conv=notrunc status=none
}

judge() {
  no_root raid-not-assembled luks-not-opened
  seen 'vda1 is a member of an array'
  seen 'vda2 is encrypted \(crypto_LUKS\)'
  seen 'rd.luks.uuid=0de1e7ed-0000-4000-8000-00000000000c'
  ended_by_request
}
