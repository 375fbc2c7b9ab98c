// Alibaba Cloud ECS. Sources: the vendor's public pages on importing images, on the virtio and NVMe drivers,
// and on system disks. JSON; a line that begins with // is a comment.
{
  "title": "Alibaba Cloud ECS",
  "firmware": ["bios", "uefi"],
  "checks": {
    // "initramfs": drivers that have to be there or built in; "root": where the root is early enough.
    "Virtio": {
      "severity": "failed",
      "initramfs": ["virtio_blk", "virtio_pci"],
      "root": ["virtio_net"]
    },
    // The kernel parameter nvme_core.io_timeout; 255 where it is a byte.
    "Nvme": {
      "severity": "failed",
      "initramfs": ["nvme"],
      "io_timeout": "4294967295"
    },
    // How the target's kernel names its disks: virtio's vda, NVMe's nvme0n1.
    "Fstab": {
      "severity": "failed",
      "disk_names": ["vd", "nvme"]
    },
    "Grub": {
      "severity": "failed",
      "serial_console": "no"
    },
    // The largest system disk offered, GiB: an MBR label ends at 2048.
    "OnlineResizeFS": {
      "severity": "failed",
      "disk_gib": "2048"
    },
    // Our own, beyond the reference tool's.
    // Virtio and Nvme are all that its machines have.
    "TargetDrivers": {
      "severity": "skip"
    },
    "RootFilesystem": {
      "severity": "failed"
    },
    "BootKernels": {
      "severity": "warning"
    },
    "RootDevice": {
      "severity": "warning"
    },
    // The vendor's rules for images: no swap on the system disk, and these features; the password by fw_cfg.
    "PartitionTable": {
      "severity": "warning",
      "swap": "forbidden"
    },
    "FilesystemFeatures": {
      "severity": "warning",
      "unwanted": ["ext4:64bit", "ext4:project+quota"]
    },
    "FwCfg": {
      "severity": "warning"
    }
  }
}
