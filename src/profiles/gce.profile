// Google Compute Engine. Sources: docs.cloud.google.com on building a custom OS, on the disk interface of machine
// series, and on the limits of disks; what osbuild/images puts into RHEL's images for it. JSON; a line that begins
// with // is a comment.
{
  "title": "Google Compute Engine",
  "firmware": ["bios", "uefi"],
  "checks": {
    // "Building a custom OS": VIRTIO_PCI, SCSI_VIRTIO and VIRTIO_NET. Disks of the first two generations are
    // virtio-scsi; there is no virtio_blk.
    "Virtio": {
      "severity": "failed",
      "initramfs": ["virtio_scsi", "virtio_pci"],
      "root": ["virtio_net"]
    },
    // The third generation of machine series and T2A have NVMe disks alone, the others none.
    "Nvme": {
      "severity": "warning",
      "initramfs": ["nvme"]
    },
    "Fstab": {
      "severity": "failed",
      "disk_names": ["sd", "nvme"]
    },
    // "Building a custom OS": console=ttyS0,38400n8d for the serial console's log.
    "Grub": {
      "severity": "failed",
      "serial_console": "yes"
    },
    // Names that the target may give its first card ("ens1..31": each), its drivers; is net.ifnames=0 asked for?
    "Dhcp": {
      "severity": "failed",
      "interfaces": ["ens1..31", "enp0s1..31", "enp1..9s0"],
      "drivers": ["virtio_net", "gve"]
    },
    "Selinux": {
      "severity": "warning",
      "wanted": "any"
    },
    // A Persistent Disk or Hyperdisk has at most 64 TiB; past 2 TiB a boot disk needs GPT. A disk as large as the
    // image is allowed.
    "OnlineResizeFS": {
      "severity": "warning",
      "disk_gib": "65536"
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
    // Google's images have its own guest agent; RHEL's, SUSE's and CentOS's come without cloud-init.
    "CloudInit": {
      "severity": "warning",
      "wanted": "optional",
      "datasources": ["GCE"]
    },
    "SupportMocInstanceTypes": {
      "severity": "warning"
    },
    // The guest environment: docs.cloud.google.com, building a custom OS.
    "CloudAssistant": {
      "severity": "warning",
      "name": "Google's guest agent",
      "wanted": "required",
      "units": ["google-guest-agent.service", "google-guest-agent-manager.service"],
      "paths": ["/usr/bin/google_guest_agent", "/usr/bin/google_guest_agent_manager"],
      "fix": "install google-guest-agent as Google's documentation says",
      "fix_debian": "apt-get install google-guest-agent google-compute-engine",
      "fix_redhat": "dnf install google-guest-agent google-compute-engine",
      "fix_suse": "zypper install google-guest-agent google-guest-configs && systemctl enable google-guest-agent"
    },
    "SecurityCenterAgent": {
      "severity": "skip"
    },
    "QemuGuestAgent": {
      "severity": "skip"
    },
    // Images for it come without logins by password and without root: osbuild/images puts both into RHEL's.
    "SshConfig": {
      "severity": "failed",
      "root_login": ["no", "prohibit-password", "without-password", "forced-commands-only"],
      "password_login": ["no"]
    },
    "Firewall": {
      "severity": "warning"
    },
    // gVNIC, which some machine types have alone. Source: the vendor's page on building images.
    "TargetDrivers": {
      "severity": "failed",
      "root_also": ["gve"]
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
