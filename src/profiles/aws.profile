// Amazon EC2. Sources: the EC2 and EBS user guides on NVMe volumes, on boot modes and on the limits of a volume's
// size; the vendor's check script for Nitro instances (awslabs/aws-support-tools, NitroInstanceChecks); what
// osbuild/images puts into RHEL's AMIs. JSON; a line that begins with // is a comment.
{
  "title": "Amazon EC2",
  "firmware": ["bios", "uefi"],
  "checks": {
    // No virtio device on any instance type.
    "Virtio": {
      "severity": "skip"
    },
    // Every Nitro instance has its volumes on NVMe. The user guide asks for the largest value the kernel takes.
    "Nvme": {
      "severity": "failed",
      "initramfs": ["nvme"],
      "io_timeout": "4294967295"
    },
    // Nitro's nvme0n1; xvda on the older instances with Xen.
    "Fstab": {
      "severity": "failed",
      "disk_names": ["nvme", "xvd"]
    },
    // get-console-output and the EC2 serial console show ttyS0.
    "Grub": {
      "severity": "failed",
      "serial_console": "yes"
    },
    // Names that the target may give its first card ("ens1..31": each), its drivers; is net.ifnames=0 asked for?
    "Dhcp": {
      "severity": "failed",
      "interfaces": ["eth0", "enX0", "ens1..31", "enp0s1..31", "enp1..200s0"],
      "drivers": ["ena", "vif", "ixgbevf"]
    },
    "Selinux": {
      "severity": "warning",
      "wanted": "any"
    },
    // The EBS user guide: 64 TiB with GPT, 2 TiB with an MBR. No rule of the import asks for a root that grows.
    "OnlineResizeFS": {
      "severity": "warning",
      "disk_gib": "65536"
    },
    // Per cent as df counts; with less than free_mib on a file system of 1 GiB or more it is full, too.
    "DiskUsage": {
      "severity": "failed",
      "full_percent": "95",
      "high_percent": "90",
      "free_mib": "250"
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
    // The instance's key and user data come by cloud-init, source Ec2.
    "CloudInit": {
      "severity": "failed",
      "wanted": "required",
      "datasources": ["Ec2"]
    },
    "SupportMocInstanceTypes": {
      "severity": "warning"
    },
    // Systems Manager's agent; on Arm the package is in linux_arm64.
    "CloudAssistant": {
      "severity": "warning",
      "name": "the SSM agent",
      "wanted": "required",
      "units": ["amazon-ssm-agent.service", "snap.amazon-ssm-agent.amazon-ssm-agent.service"],
      "paths": ["/usr/bin/amazon-ssm-agent", "/snap/amazon-ssm-agent"],
      "fix": "install amazon-ssm-agent as Amazon's documentation says",
      "fix_debian": "snap install amazon-ssm-agent --classic",
      "fix_redhat": "download amazon-ssm-agent.rpm (the vendor's page on installing the SSM Agent), then yum install ./amazon-ssm-agent.rpm",
      "fix_suse": "zypper install amazon-ssm-agent && systemctl enable amazon-ssm-agent"
    },
    "SecurityCenterAgent": {
      "severity": "skip"
    },
    "QemuGuestAgent": {
      "severity": "skip"
    },
    // An AMI that is shared has no logins by password (osbuild/images, "Requirements for shared AMIs").
    "SshConfig": {
      "severity": "failed",
      "root_login": ["no", "prohibit-password", "without-password", "forced-commands-only"],
      "password_login": ["no"]
    },
    "Firewall": {
      "severity": "warning"
    },
    // Nitro's network card; disk and card of the older Xen machines. Sources: the vendor's script for checking a
    // root before a move to Nitro, and the dracut configuration of images built for it.
    "TargetDrivers": {
      "severity": "failed",
      "initramfs_also": ["xen_blkfront"],
      "initramfs_also_aarch64": [],
      "root": ["ena"],
      "root_also": ["xen_netfront"],
      "root_also_aarch64": []
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
    // Older instance types are Xen's.
    "ForeignTools": {
      "severity": "warning",
      "own": ["xen"]
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
