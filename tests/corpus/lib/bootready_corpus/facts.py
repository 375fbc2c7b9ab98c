# SPDX-License-Identifier: LGPL-2.1-or-later
"""What is known of an image: images/*.json, and what follows from it."""

import json
import os
import re

HERE = os.path.dirname(os.path.realpath(__file__))
CORPUS = os.path.dirname(os.path.dirname(HERE))
IMAGES = os.path.join(CORPUS, "images")
# The first word of an image's type, and the cloud it was built for.
PROFILES = {"ami": "aws", "ec2": "aws", "vhd": "azure", "azure": "azure", "gce": "gce", "oci": "oci", "qcow2": "kvm",
            "openstack": "kvm", "alibaba": "alibaba"}
ESP, BIOS_BOOT, PREP = "C12A7328-F81F-11D2-BA4B-00A0C93EC93B", "21686148-6449-6E6F-744E-656564454649", "41"


def dump(image):
    """One line a key, and one an element of what is long: a change shows as what it is."""
    lines = []
    for key, value in image.items():
        text = json.dumps(value, ensure_ascii=True)
        if isinstance(value, list) and value and not isinstance(value[0], str):
            text = "[\n  %s\n ]" % ",\n  ".join(json.dumps(item) for item in value)
        lines.append(" %s: %s" % (json.dumps(key), text))
    return "{\n%s\n}\n" % ",\n".join(lines)


class Volume:
    """A partition, or a logical volume in one: start and size in bytes, on the disk."""

    def __init__(self, name, kind, uuid, label, start=0, size=0):
        self.name, self.kind, self.uuid, self.label, self.start, self.size = name, kind, uuid, label, start, size
        self.type, self.partuuid, self.bootable, self.number, self.group, self.inside = "", "", False, 0, "", []
        self.partlabel = ""


def _partition(found):
    part = Volume(None, found["fstype"], found["uuid"], found["label"], found["start"], found["size"])
    part.type, part.partuuid, part.bootable = found["type"].upper(), found["partuuid"], found.get("bootable", False)
    part.partlabel = found.get("partlabel", "")
    part.group = found.get("lvm.vg", "")
    part.inside = [Volume(name, v["fstype"], v["uuid"], v["label"]) for name, v in sorted((found.get("lvm.volumes") or {}).items())]
    part.number = found.get("number", 0)
    return part


class Image:
    """An image's facts by name, arch, profile, partitions in disk order, and the volumes that fstab mounts."""

    def __init__(self, name):
        self.name = name
        with open(os.path.join(IMAGES, name + ".json"), encoding="utf-8") as file:
            self.json = json.load(file)
        words = name.split("-")
        self.distribution, self.arch, self.type = words[0], words[1], words[2]
        self.profile = PROFILES[re.split("[_.]", self.type)[0]]
        self.label = self.json["partition-table"]
        self.partitions = [_partition(found) for found in self.json["partitions"]]
        self.partitions.sort(key=lambda part: part.start)
        self._number()
        self.os = self.json["os-release"]
        self.major = int(self.os.get("VERSION_ID", "0").split(".")[0] or 0)
        self.style = self.json.get("style", "osbuild")
        self.kernels = [e["version"] for e in self.json["bootmenu"] if "rescue" not in e["version"]]

    def _number(self):
        """MBR's numbers are in the partition's own identity ("14fc63d2-02"); of GPT's nothing is known but the order."""
        for position, part in enumerate(self.partitions):
            if not part.number:
                part.number = int(part.partuuid.split("-")[-1], 16) if self.label == "dos" else position + 1

    def volumes(self):
        for part in self.partitions:
            yield part
            yield from part.inside

    def by_tag(self, source):
        key, _, value = source.partition("=")
        for volume in self.volumes():
            if value and {"UUID": volume.uuid, "LABEL": volume.label, "PARTUUID": volume.partuuid,
                          "PARTLABEL": volume.partlabel}.get(key) == value:
                return volume
        return None

    def mounts(self):
        """(target, volume) of fstab in the order in which they have to be mounted; a file system once."""
        found = [(fields[1], self.by_tag(fields[0])) for fields in self.json["fstab"]
                 if fields[1].startswith("/") and ("subvol=" not in fields[3] or fields[1] == "/")]
        return sorted(((target, volume) for target, volume in found if volume), key=lambda pair: pair[0])

    def mounted(self, target):
        return dict(self.mounts()).get(target)

    def _typed(self, kind):
        return next((part for part in self.partitions if part.type in (kind, kind.lower())), None)

    def esp(self):
        return self._typed(ESP) or self._typed("EF")

    def bios_boot(self):
        return self._typed(BIOS_BOOT)

    def boots_by_bios(self):
        """osbuild's image-info says "grub" where the first sector holds its boot code."""
        return self.arch == "x86_64" and self.json["bootloader"] in ("grub", "grub2")

    def unknowable(self):
        """The checks that cannot be told, and why: firmware whose boot loader is not read, by name; what is not mounted."""
        loader = {"s390x": "zipl", "ppc64le": "Open Firmware"}.get(self.arch)
        unknown = dict.fromkeys(("Grub", "Virtio", "Nvme", "TargetDrivers", "FwCfg"), loader) if loader else {}
        if loader:
            unknown["BootKernels"] = "not read"
        if any(fields[1] in ("/home", "/root", "/var", "/var/lib") for fields in self.json["fstab"]):
            unknown["LeftOvers"] = "which is not mounted"
        return unknown

    def boot_apart(self):
        return self.mounted("/boot") is not None

    def boot_volume(self):
        return self.mounted("/boot") or self.mounted("/")


def names():
    return sorted(name[:-5] for name in os.listdir(IMAGES) if name.endswith(".json"))
