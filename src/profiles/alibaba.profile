# Alibaba Cloud ECS. Sources: the vendor's public pages on custom images, virtio and NVMe drivers.
[profile]
title = Alibaba Cloud ECS
firmware = bios uefi

[Virtio]
severity = failed
# Drivers that must be in the initramfs (or built in), and those that may be in the root only.
initramfs = virtio_blk virtio_pci
root = virtio_net

[Nvme]
severity = failed
initramfs = nvme
# Kernel parameter; 255 where it is a byte.
io_timeout = 4294967295

[Fstab]
severity = failed
# Device names the target gives to its disks; an fstab that names others cannot mount them.
disk_names = vd nvme

[Grub]
severity = failed
serial_console = no

[OnlineResizeFS]
severity = failed
# Largest system disk offered, in GiB: an MBR label cannot grow past 2048.
disk_gib = 2048
