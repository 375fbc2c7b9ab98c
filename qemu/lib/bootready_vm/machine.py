# SPDX-License-Identifier: LGPL-2.1-or-later
"""The virtual machine: disk controllers, firmware, ports; one QEMU command line."""

import os
import shutil

from .errors import HarnessError

DISKS = {
    "virtio-blk": ["-device", "virtio-blk-pci,drive=disk,bootindex=0"],
    "virtio-scsi": ["-device", "virtio-scsi-pci,id=scsi", "-device", "scsi-hd,bus=scsi.0,drive=disk,bootindex=0"],
    "nvme": ["-device", "nvme,serial=bootready,drive=disk,bootindex=0"],
    "sata": ["-device", "ide-hd,bus=ide.0,drive=disk,bootindex=0"],
}
FIRMWARES = ("bios", "uefi")
BEACON_PORT = "org.bootready.beacon"
REPORT_PORT = "org.bootready.report"

# Where distributions put OVMF: code and the variables to start with.
_OVMF = (
    ("/usr/share/OVMF/OVMF_CODE_4M.fd", "/usr/share/OVMF/OVMF_VARS_4M.fd"),
    ("/usr/share/OVMF/OVMF_CODE.fd", "/usr/share/OVMF/OVMF_VARS.fd"),
    ("/usr/share/edk2/ovmf/OVMF_CODE.fd", "/usr/share/edk2/ovmf/OVMF_VARS.fd"),
    ("/usr/share/qemu/ovmf-x86_64-code.bin", "/usr/share/qemu/ovmf-x86_64-vars.bin"),
)


def qemu():
    path = shutil.which("qemu-system-x86_64")
    if not path:
        raise HarnessError("qemu-system-x86_64 is not installed (qemu/install-deps installs it)")
    return path


# What costs TCG time: 57-bit addresses (a page walk more for every access); copying by rep movsb, which it does byte by
# byte; and SMAP, for which every copy from and to a program's memory ends a block of what it has translated.
CPU = "max,la57=off,erms=off,fsrm=off,smap=off"
# For systems that are known not to ask for x86-64-v3: emulated AVX costs a boot a sixth of its time.
CPU_WITHOUT_AVX = CPU + ",avx=off,avx2=off"


def accel_arguments(accel, cpu=None):
    """cpu: a model of QEMU's, used where it is emulated."""
    if accel == "kvm":
        return ["-accel", "kvm", "-cpu", "host"]
    return ["-accel", "tcg,thread=multi,tb-size=512", "-cpu", cpu or CPU]


def ovmf():
    """(code, variables) of the UEFI firmware for virtual machines."""
    for pair in _OVMF:
        if all(os.path.exists(path) for path in pair):
            return pair
    raise HarnessError("no UEFI firmware for virtual machines found (package ovmf; qemu/install-deps installs it)")


def _firmware_arguments(firmware, folder):
    if firmware == "bios":
        return []
    code, variables = ovmf()
    own = os.path.join(folder, "vars.fd")
    shutil.copyfile(variables, own)
    return ["-drive", "if=pflash,format=raw,readonly=on,file=" + code, "-drive", "if=pflash,format=raw,file=" + own]


# The guest's word that a program outside wants to look at it before it goes (guests/*/files/usr/lib/bootready-beacon).
HOLD = "bootready-hold"


def _network_arguments(ssh_port):
    """None: no network. Else a card whose only way out is to this machine's ssh_port on 127.0.0.1, forwarded to port 22."""
    if ssh_port is None:
        return ["-nic", "none"]
    return ["-netdev", "user,id=net,restrict=on,hostfwd=tcp:127.0.0.1:%d-:22" % ssh_port,
            "-device", "virtio-net-pci,netdev=net,romfile=", "-smbios", "type=1,serial=" + HOLD]


def command(overlay, folder, disk, firmware, accel, memory, smp, ssh_port=None, cpu=None):
    """QEMU's command line. In `folder`: console.log, beacon.log, report-port.json (what the ports got), qmp."""
    def port(name, path):
        return ["-chardev", "file,id=%s,path=%s" % (name, os.path.join(folder, path)),
                "-device", "virtserialport,chardev=%s,name=%s,id=%s" % (name, name, name)]

    return [
        # graphics=off makes SeaBIOS print to the serial port, so that the log begins with the firmware; the
        # graphics card stays, for a screen dump of a guest that has no serial console.
        qemu(), "-machine", "q35,graphics=off", "-vga", "std", "-display", "none",
        *accel_arguments(accel, cpu), "-m", str(memory), "-smp", str(smp),
        "-nodefaults", "-no-user-config", "-no-reboot", *_network_arguments(ssh_port),
        "-qmp", "unix:%s,server=on,wait=off" % os.path.join(folder, "qmp"),
        "-serial", "file:" + os.path.join(folder, "console.log"),
        "-device", "virtio-serial-pci",
        *port(BEACON_PORT, "beacon.log"), *port(REPORT_PORT, "report-port.json"),
        "-drive", "if=none,id=disk,format=qcow2,cache=unsafe,discard=unmap,file=" + overlay.replace(",", ",,"),
        *DISKS[disk], *_firmware_arguments(firmware, folder),
    ]
