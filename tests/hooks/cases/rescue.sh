# rd.bootready.rescue: its program is started before udev, and no root is missed then; where the initramfs is without the
# program, that is said, and the boot is a boot.
CMDLINE=rd.bootready.rescue CHECKER=1 NEWROOT=/nothing
. /test/cmdline.sh
. /test/gave-up.sh
[ ! -e /out/arguments ] || : > /out/boot
rm -rf /run/initramfs /out/arguments
printf '#!/bin/sh\n: > /out/rescued\n' > /usr/lib/bootready/rescue
chmod 755 /usr/lib/bootready/rescue
. /test/gave-up.sh
[ ! -e /out/arguments ] || : > /out/missed
. /test/cmdline.sh
echo on > /out/on
#= [ -e on ]
#= [ -e boot ]
#= grep -q 'the dracut module bootready-rescue is not in this initramfs' ../dev/tty0
#= [ ! -e missed ]
#= [ -e rescued ]
