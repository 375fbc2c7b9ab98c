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
    // Names that the target may give its first card ("ens1..31": each), its drivers; is net.ifnames=0 asked for?
    "Dhcp": {
      "severity": "failed",
      "interfaces": ["ens1..31", "enp0s1..31", "enp1..9s0"],
      "drivers": ["virtio_net"],
      "ifnames": "info"
    },
    // The import page asks for SELinux off.
    "Selinux": {
      "severity": "warning",
      "wanted": "disabled"
    },
    // The largest system disk offered, GiB: an MBR label ends at 2048.
    "OnlineResizeFS": {
      "severity": "failed",
      "disk_gib": "2048"
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
      "root_login": "yes"
    },
    "LibDirectory": {
      "severity": "failed"
    },
    // cloud-init below 0.7.9 has to be upgraded before an import; its source is AliYun.
    "CloudInit": {
      "severity": "failed",
      "wanted": "required",
      "minimum": "0.7.9",
      "datasources": ["AliYun"]
    },
    // CentOS 5 is named as what the later generations do not support; virtio's drivers came with 2.6.25.
    "SupportMocInstanceTypes": {
      "severity": "failed",
      "too_old": ["centos:5", "rhel:5", "ol:5"],
      "kernel": "2.6.25"
    },
    // Cloud Assistant: what installs it is the vendor's own package (help.aliyun.com, "Install the Cloud Assistant Agent").
    "CloudAssistant": {
      "severity": "warning",
      "name": "Cloud Assistant",
      "wanted": "required",
      "units": ["aliyun.service", "aliyun-service.service"],
      "paths": ["/usr/local/share/aliyun-assist", "/usr/sbin/aliyun-service"],
      "fix": "install Cloud Assistant as Alibaba's documentation says",
      "fix_debian": "download aliyun_assist_latest.deb (the vendor's page 'Install the Cloud Assistant Agent'), then dpkg -i aliyun_assist_latest.deb",
      "fix_redhat": "download aliyun_assist_latest.rpm (the vendor's page 'Install the Cloud Assistant Agent'), then rpm -ivh --force aliyun_assist_latest.rpm",
      "fix_suse": "download aliyun_assist_latest.rpm (the vendor's page 'Install the Cloud Assistant Agent'), then rpm -ivh --force aliyun_assist_latest.rpm"
    },
    // The Security Center's agent is installed by a script with a key of the account's.
    "SecurityCenterAgent": {
      "severity": "warning",
      "name": "the Security Center agent",
      "wanted": "required",
      "units": ["aegis.service"],
      "paths": ["/usr/local/aegis/aegis_client", "/usr/local/aegis/aegis_update"],
      "fix": "install the agent with the command that the Security Center's console shows (System Settings, Agent)"
    },
    "QemuGuestAgent": {
      "severity": "warning",
      "name": "the QEMU guest agent",
      "wanted": "forbidden",
      "units": ["qemu-guest-agent.service", "qemu-ga.service"],
      "paths": ["/usr/sbin/qemu-ga", "/usr/bin/qemu-ga"],
      "started_by": ["/usr/lib/udev/rules.d/60-qemu-guest-agent.rules", "/lib/udev/rules.d/60-qemu-guest-agent.rules"]
    },
    "SshConfig": {
      "severity": "failed"
    },
    // Security groups filter outside the machine.
    "Firewall": {
      "severity": "warning",
      "wanted": "forbidden"
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
    "MachineId": {
      "severity": "warning"
    },
    "LeftOvers": {
      "severity": "warning"
    },
    "ForeignTools": {
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
