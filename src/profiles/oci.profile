// Oracle Cloud Infrastructure. Sources: docs.oracle.com on bringing your own image, on image capabilities
// (firmware BIOS and UEFI_64, paravirtualized volumes), on serial console connections and on block volumes;
// oracle/oci-utils. JSON; a line that begins with // is a comment.
{
  "title": "Oracle Cloud Infrastructure",
  "firmware": ["bios", "uefi"],
  "checks": {
    // Paravirtualized volumes are virtio-scsi, network cards of that kind virtio-net.
    "Virtio": {
      "severity": "failed",
      "initramfs": ["virtio_scsi", "virtio_pci"],
      "root": ["virtio_net"]
    },
    // NVMe are the local data disks of some shapes; nothing boots from them.
    "Nvme": {
      "severity": "skip"
    },
    "Fstab": {
      "severity": "failed",
      "disk_names": ["sd"]
    },
    // A console connection shows ttyS0.
    "Grub": {
      "severity": "failed",
      "serial_console": "yes"
    },
    // Names that the target may give its first card ("ens1..31": each), its drivers; is net.ifnames=0 asked for?
    "Dhcp": {
      "severity": "failed",
      "interfaces": ["ens1..31", "enp0s1..31", "enp1..9s0", "eth0"],
      "drivers": ["virtio_net", "mlx5_core"]
    },
    "Selinux": {
      "severity": "warning",
      "wanted": "any"
    },
    // The largest boot volume: 32 TiB. One as large as the image is allowed.
    "OnlineResizeFS": {
      "severity": "warning",
      "disk_gib": "32768"
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
    // Older releases of cloud-init knew the platform as OpenStack.
    "CloudInit": {
      "severity": "failed",
      "wanted": "required",
      "datasources": ["Oracle", "OpenStack"]
    },
    "SupportMocInstanceTypes": {
      "severity": "warning"
    },
    // Oracle's own agent.
    "CloudAssistant": {
      "severity": "warning",
      "name": "Oracle's cloud agent",
      "wanted": "required",
      "units": ["oracle-cloud-agent.service", "snap.oracle-cloud-agent.oracle-cloud-agent.service"],
      "paths": ["/usr/libexec/oracle-cloud-agent/agent", "/snap/oracle-cloud-agent"],
      "fix": "install oracle-cloud-agent as Oracle's documentation says",
      "fix_debian": "snap install oracle-cloud-agent --classic",
      "fix_redhat": "dnf install oracle-cloud-agent"
    },
    "SecurityCenterAgent": {
      "severity": "skip"
    },
    "QemuGuestAgent": {
      "severity": "skip"
    },
    "SshConfig": {
      "severity": "failed"
    },
    "Firewall": {
      "severity": "warning"
    },
    // The card of bare metal and of SR-IOV machines. Source: images built for it.
    "TargetDrivers": {
      "severity": "failed",
      "root_also": ["mlx5_core"]
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
