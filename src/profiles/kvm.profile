// QEMU/KVM as libvirt and OpenStack run it. Sources: the virtio specification (PCI and channel I/O transports); what
// virt-v2v puts into the initramfs of a converted guest; OpenStack's image properties (hw_disk_bus, by default
// virtio-blk). JSON; a line that begins with // is a comment.
{
  "title": "QEMU/KVM, OpenStack",
  "firmware": ["bios", "uefi"],
  "checks": {
    // On s390x virtio devices hang on channel I/O, not on PCI.
    "Virtio": {
      "severity": "failed",
      "initramfs": ["virtio_blk", "virtio_pci"],
      "initramfs_s390x": ["virtio_blk", "virtio_ccw"],
      "root": ["virtio_net"]
    },
    // A disk on NVMe is somebody's own choice.
    "Nvme": {
      "severity": "skip"
    },
    // virtio-blk's vda, virtio-scsi's sda.
    "Fstab": {
      "severity": "failed",
      "disk_names": ["vd", "sd"]
    },
    "Grub": {
      "severity": "failed",
      "serial_console": "no"
    },
    // Names that the target may give its first card ("ens1..31": each), its drivers; is net.ifnames=0 asked for?
    "Dhcp": {
      "severity": "failed",
      "interfaces": ["ens1..31", "enp0s1..31", "enp1..31s0"],
      "drivers": ["virtio_net", "e1000", "e1000e", "rtl8139"]
    },
    "Selinux": {
      "severity": "warning",
      "wanted": "any"
    },
    // A disk is as large as somebody makes it: no largest one is given, and nobody asks for a root that grows
    // (OpenStack images of RHEL and Fedora come without growpart).
    "OnlineResizeFS": {
      "severity": "warning"
    },
    // Per cent as df counts; with less than free_mib on a file system of 1 GiB or more it is full, too.
    "DiskUsage": {
      "severity": "failed",
      "full_percent": "95",
      "high_percent": "90",
      "free_mib": "100"
    },
    "InodeUsage": {
      "severity": "failed",
      "full_percent": "95",
      "high_percent": "90"
    },
    "SystemFileAttribute": {
      "severity": "failed"
    },
    // "root_login": whether root has to be able to log in by a password.
    "CriticalUser": {
      "severity": "failed",
      "root_login": "no"
    },
    "LibDirectory": {
      "severity": "failed"
    },
    // OpenStack's metadata service, or a disk that carries the data.
    "CloudInit": {
      "severity": "warning",
      "wanted": "required",
      "datasources": ["OpenStack", "ConfigDrive", "NoCloud"]
    },
    "SupportMocInstanceTypes": {
      "severity": "warning"
    },
    // No agent but QEMU's own, which virt-v2v and the distributions' cloud images install.
    "CloudAssistant": {
      "severity": "skip"
    },
    "SecurityCenterAgent": {
      "severity": "skip"
    },
    "QemuGuestAgent": {
      "severity": "warning",
      "name": "the QEMU guest agent",
      "wanted": "required",
      "units": ["qemu-guest-agent.service", "qemu-ga.service"],
      "paths": ["/usr/sbin/qemu-ga", "/usr/bin/qemu-ga"],
      "started_by": ["/usr/lib/udev/rules.d/60-qemu-guest-agent.rules", "/lib/udev/rules.d/60-qemu-guest-agent.rules"],
      "fix": "install and enable qemu-guest-agent",
      "fix_debian": "apt-get install qemu-guest-agent",
      "fix_redhat": "dnf install qemu-guest-agent && systemctl enable qemu-guest-agent",
      "fix_suse": "zypper install qemu-guest-agent",
      "fix_arch": "pacman -S qemu-guest-agent"
    },
    "SshConfig": {
      "severity": "failed"
    },
    "Firewall": {
      "severity": "warning"
    },
    // Where the disk is a virtio-scsi one.
    "TargetDrivers": {
      "severity": "failed",
      "initramfs_also": ["virtio_scsi"]
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
    "MachineId": {
      "severity": "warning"
    },
    "LeftOvers": {
      "severity": "warning"
    },
    "ForeignTools": {
      "severity": "warning"
    },
    "PartitionTable": {
      "severity": "warning"
    },
    "FilesystemFeatures": {
      "severity": "skip"
    },
    "FwCfg": {
      "severity": "skip"
    }
  }
}
