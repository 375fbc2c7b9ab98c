// Microsoft Azure. Sources: learn.microsoft.com on preparing Linux VHDs (create-upload-generic), on generation 2
// machines, on NVMe for remote disks and on managed disks; Microsoft's conversion script for NVMe
// (Azure/SAP-on-Azure-Scripts); what osbuild/images puts into RHEL's VHDs. JSON; a line that begins with // is a comment.
{
  "title": "Microsoft Azure",
  // Generation 1 and generation 2.
  "firmware": ["bios", "uefi"],
  "checks": {
    // Disks and network are Hyper-V's or NVMe.
    "Virtio": {
      "severity": "skip"
    },
    // The sizes of series 6 and newer have NVMe disks alone, the others none. io_timeout: 240 is put on some
    // releases' command lines and was taken off later ones: nothing is asked.
    "Nvme": {
      "severity": "warning",
      "initramfs": ["nvme"]
    },
    // SCSI by hv_storvsc: sda; nvme0n1 on the newer sizes.
    "Fstab": {
      "severity": "failed",
      "disk_names": ["sd", "nvme"]
    },
    // create-upload-generic wants console=ttyS0 (ttyAMA0 on Arm).
    "Grub": {
      "severity": "failed",
      "serial_console": "yes"
    },
    // Names that the target may give its first card ("ens1..31": each), its drivers; is net.ifnames=0 asked for?
    "Dhcp": {
      "severity": "failed",
      "interfaces": ["eth0"],
      "drivers": ["hv_netvsc"]
    },
    "Selinux": {
      "severity": "warning",
      "wanted": "any"
    },
    // The largest OS disk: 4095 GiB; past 2 TiB only with GPT. A disk as large as the image is allowed.
    "OnlineResizeFS": {
      "severity": "warning",
      "disk_gib": "4095"
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
    // The Azure agent can provision by itself where cloud-init does not.
    "CloudInit": {
      "severity": "warning",
      "wanted": "required",
      "datasources": ["Azure"]
    },
    "SupportMocInstanceTypes": {
      "severity": "warning"
    },
    // create-upload-generic wants the Azure Linux agent.
    "CloudAssistant": {
      "severity": "warning",
      "name": "the Azure Linux agent",
      "wanted": "required",
      "units": ["waagent.service", "walinuxagent.service"],
      "paths": ["/usr/sbin/waagent", "/usr/bin/waagent"],
      "fix": "install and enable WALinuxAgent",
      "fix_debian": "apt-get install waagent || apt-get install walinuxagent",
      "fix_redhat": "dnf install WALinuxAgent && systemctl enable waagent",
      "fix_suse": "zypper install python-azure-agent && systemctl enable waagent"
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
    // Hyper-V's bus, disk and card; PCI pass-through, on which NVMe disks of the newest sizes hang; the two cards
    // of accelerated networking, without which hv_netvsc carries on. Source: the vendor's page on images.
    "TargetDrivers": {
      "severity": "failed",
      "initramfs": ["hv_vmbus", "hv_storvsc"],
      "initramfs_also": ["pci_hyperv"],
      "root": ["hv_netvsc"],
      "root_also": ["mana", "mlx5_core"]
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
      "severity": "warning",
      "own": ["hyperv"]
    },
    // The vendor's rule for images: no swap on the system disk.
    "PartitionTable": {
      "severity": "warning",
      "swap": "forbidden"
    },
    "FilesystemFeatures": {
      "severity": "skip"
    },
    "FwCfg": {
      "severity": "skip"
    }
  }
}
