// A machine of the boot truth: its disk hangs on sata. What a cloud with such machines asks for, so that a verdict is
// about this machine. JSON; a line that begins with // is a comment.
{
  "title": "Boot test on sata",
  "firmware": ["bios", "uefi"],
  "checks": {
    "TargetDrivers": { "severity": "failed", "initramfs": ["ahci", "sd_mod"], "root": ["virtio_net"] },
    "Fstab": { "severity": "failed", "disk_names": ["sd"] },
    "Grub": { "severity": "failed", "serial_console": "yes" },
    "Dhcp": { "severity": "failed", "interfaces": ["ens1..31", "enp0s1..31", "enp1..31s0"], "drivers": ["virtio_net"] },
    "Selinux": { "severity": "warning", "wanted": "any" },
    "OnlineResizeFS": { "severity": "failed" },
    "CloudInit": { "severity": "failed", "wanted": "required", "datasources": ["NoCloud"] },
    "DiskUsage": { "severity": "failed", "full_percent": "95", "high_percent": "90", "free_mib": "100" },
    "InodeUsage": { "severity": "failed", "full_percent": "95", "high_percent": "90" },
    "SystemFileAttribute": { "severity": "failed" },
    "CriticalUser": { "severity": "failed", "root_login": "no" },
    "SshConfig": { "severity": "failed" },
    "Firewall": { "severity": "warning" },
    "LibDirectory": { "severity": "failed" },
    "RootFilesystem": { "severity": "failed" },
    "BootKernels": { "severity": "warning" },
    "RootDevice": { "severity": "warning" },
    "PartitionTable": { "severity": "failed" }
  }
}
