# SPDX-License-Identifier: LGPL-2.1-or-later
"""The ways in which an image is broken, and what has to be said of each.

A damage is a generator-free function (made, image, kernels) that changes a disk; `wants` gives, for an image, the
(check, code, severity) of which one at least has to appear; no wants: it does no harm, and nothing may be FAILED."""

import os
import re

from bootready_roots.tools import read, run, write

from . import boot, disk, lvm

GONE = "deadbeef-0000-4000-8000-000000000001"
DAMAGES = []


class Damage:
    def __init__(self, name, change, wants, fits):
        self.name, self.change, self.wants, self.fits = name, change, wants, fits


def damage(name, *wants, fits=lambda image: True):
    """wants: tuples, or one function from an image to a list of them."""
    def register(change):
        of = wants[0] if len(wants) == 1 and callable(wants[0]) else lambda image: list(wants)
        DAMAGES.append(Damage(name, change, of, fits))
        return change
    return register


# Which images a damage can be done to.
def _read(image):
    """Its boot loader is one that is read."""
    return "Grub" not in image.unknowable()


def _style(*styles):
    return lambda image: _read(image) and image.style in styles


def _uefi(image):
    return _read(image) and image.esp() is not None


def _bios(image):
    return _read(image) and image.boots_by_bios()


def _osbuild(image):
    return _read(image) and image.style == "osbuild"


def _initramfs(image):
    """It boots with one."""
    return _read(image) and bool(_default_entry(image)["initrd"])


def _kernelopts(image):
    return _osbuild(image) and "kernelopts" in image.json.get("boot-environment", {})


def _rescue(image):
    return len(image.json["bootmenu"]) > len(image.kernels)


# Where things are.
def _entries(root):
    folder = os.path.join(root, "boot/loader/entries")
    return [os.path.join(folder, name) for name in sorted(os.listdir(folder))]


def _default_entry(image):
    return next(entry for entry in image.json["bootmenu"] if entry["version"] == image.kernels[0])


def _entry_path(image, root):
    return os.path.join(root, "boot/loader/entries", boot.entry_name(image, _default_entry(image)))


def _kernel_path(image, root):
    return os.path.join(root, boot.own_path(image, _default_entry(image)["linux"]))


def _initramfs_paths(image, root):
    return [os.path.join(root, boot.own_path(image, name)) for name in _default_entry(image)["initrd"].split() if name[0] != "$"]


def _env_path(image, root):
    return os.path.join(root, boot.env_path(image))


def _substitute(path, pattern, by, count=0):
    text = read(path).decode()
    changed = re.sub(pattern, by, text, count=count, flags=re.M)
    if changed == text:
        raise ValueError("%s has no %s" % (path, pattern))
    write(path, changed)


def _fstab(root, pattern, by):
    _substitute(os.path.join(root, "etc/fstab"), pattern, by)


def _add_fstab(made, line):
    def change(root):
        path = os.path.join(root, "etc/fstab")
        write(path, read(path).decode() + line + "\n")
    made.edit(change)


def _source(image, target):
    return next(re.escape(fields[0]) for fields in image.json["fstab"] if fields[1] == target)


def _cmdlines(image, root):
    """Every file of the root that holds the default entry's kernel arguments."""
    if image.style != "osbuild":
        return [os.path.join(root, path) for path in image.json["cmdline-files"]]
    return [_env_path(image, root)] if _kernelopts(image) else _entries(root)


def _fixed_env(path):
    """A grubenv keeps its size."""
    data = read(path)
    if data.startswith(b"# GRUB Env"):
        write(path, data.rstrip(b"#").ljust(1024, b"#")[:1024])


def _change_cmdline(made, image, pattern, by):
    def change(root):
        for path in _cmdlines(image, root):
            if re.search(pattern, read(path).decode()):
                _substitute(path, pattern, by)
                _fixed_env(path)
    made.edit(change)


# fstab and file systems.
def _root_loss(image):
    """Of a root that fstab names wrongly: it stays read-only, unless the command line mounts it for writing."""
    words = " ".join([e["options"] for e in image.json["bootmenu"]] + list(image.json.get("boot-environment", {}).values())).split()
    return "warning" if "rw" in words else "failed"


@damage("fstab-root-uuid", lambda image: [("Fstab", "fstab-tag-missing", _root_loss(image))])
def _(made, image, _kernels):
    made.edit(lambda root: _fstab(root, r"^%s(\s+/\s)" % _source(image, "/"), r"UUID=%s\1" % GONE))


@damage("fstab-root-device", ("Fstab", "fstab-kernel-name-rule", "failed"))
def _(made, image, _kernels):
    made.edit(lambda root: _fstab(root, r"^%s(\s+/\s)" % _source(image, "/"), r"/dev/sda1\1"))


@damage("fstab-boot-uuid", ("Fstab", "fstab-tag-missing", "failed"), fits=lambda image: image.boot_apart())
def _(made, image, _kernels):
    made.edit(lambda root: _fstab(root, r"^%s(\s+/boot\s)" % _source(image, "/boot"), r"UUID=%s\1" % GONE))


def _esp_target(image):
    return next((target for target, volume in image.mounts() if volume.kind == "vfat"), None)


def _esp_loss(image):
    """What is mounted on demand alone holds no boot up."""
    options = next(fields[3] for fields in image.json["fstab"] if fields[1] == _esp_target(image))
    return [("Fstab", "fstab-tag-missing", "warning" if "automount" in options else "failed")]


@damage("fstab-esp-uuid", _esp_loss, fits=lambda image: _esp_target(image) is not None)
def _(made, image, _kernels):
    target = _esp_target(image)
    made.edit(lambda root: _fstab(root, r"^%s(\s+%s\s)" % (_source(image, target), target), r"UUID=DEAD-BEEF\1"))


@damage("fstab-label-missing", ("Fstab", "fstab-tag-missing", "failed"))
def _(made, _image, _kernels):
    _add_fstab(made, "LABEL=no-such-label /srv/data xfs defaults 0 0")


@damage("fstab-partuuid-missing", ("Fstab", "fstab-tag-missing", "failed"))
def _(made, _image, _kernels):
    _add_fstab(made, "PARTUUID=%s /srv/data ext4 defaults 0 0" % GONE)


@damage("fstab-missing-nofail", ("Fstab", "fstab-tag-missing", "warning"))
def _(made, _image, _kernels):
    _add_fstab(made, "UUID=%s /srv/data xfs nofail 0 0" % GONE)


@damage("fstab-volume-missing", ("Fstab", "fstab-tag-missing", "failed"))
def _(made, _image, _kernels):
    _add_fstab(made, "/dev/mapper/novg-nolv /srv/data xfs defaults 0 0")


@damage("fstab-data-device", ("Fstab", "fstab-kernel-name", "failed"))
def _(made, _image, _kernels):
    _add_fstab(made, "/dev/hdb1 /srv/data ext4 defaults 0 2")


@damage("fstab-swap-missing", ("Fstab", "fstab-swap-missing", "warning"))
def _(made, _image, _kernels):
    _add_fstab(made, "UUID=%s none swap defaults 0 0" % GONE)


@damage("fstab-wrong-type", lambda image: [("Fstab", "fstab-wrong-type", "failed" if image.boot_apart() else "warning")])
def _(made, image, _kernels):
    target = "/boot" if image.boot_apart() else "/"
    made.edit(lambda root: _fstab(root, r"^(\S+\s+%s\s+)\S+" % target, r"\1jfs"))


@damage("crypttab-device-missing", ("Fstab", "crypttab-waited-for", "failed"))
def _(made, _image, _kernels):
    made.edit(lambda root: write(os.path.join(root, "etc/crypttab"), "secret UUID=%s none luks\n" % GONE))


@damage("fstab-without-root", lambda image: [("Fstab", "fstab-no-root", "failed")] if _read(image) and _root_loss(image) == "failed" else [])
def _(made, image, _kernels):
    made.edit(lambda root: _fstab(root, r"^%s\s+/\s.*\n" % _source(image, "/"), ""))


@damage("fstab-duplicate", ("Fstab", "fstab-duplicate-target", "warning"))
def _(made, image, _kernels):
    def change(root):
        path = os.path.join(root, "etc/fstab")
        write(path, read(path).decode() + next(line for line in read(path).decode().splitlines(True) if re.search(r"\s/\s", line)))
    made.edit(change)


def _new_uuid(made, volume):
    if volume.kind == "xfs":
        disk.loop(made.path, volume.start, volume.size, lambda device: run("xfs_admin", "-U", GONE, device))
    elif volume.kind == "btrfs":
        disk.loop(made.path, volume.start, volume.size, lambda device: run("btrfstune", "-f", "-U", GONE, device))
    else:
        run("tune2fs", "-f", "-U", GONE, "%s?offset=%d" % (made.path, volume.start))


def _by_uuid(image, target):
    return any(fields[1] == target and fields[0].startswith("UUID=") for fields in image.json["fstab"])


def _root_gone(image):
    """A root whose own UUID changed: the command line, or before it GRUB's search, names nothing."""
    if not _read(image):
        return [("Fstab", "fstab-tag-missing", "failed")]
    return [("Grub", code, "failed") for code in ("root-tag-missing", "grub-search-missing", "grub-no-default", "grub-config-missing")]


@damage("root-uuid-changed", _root_gone, fits=lambda image: _by_uuid(image, "/"))
def _(made, image, _kernels):
    _new_uuid(made, image.mounted("/"))


@damage("boot-uuid-changed", ("Fstab", "fstab-tag-missing", "failed"),
        fits=lambda image: image.boot_apart() and _by_uuid(image, "/boot"))
def _(made, image, _kernels):
    _new_uuid(made, image.mounted("/boot"))


@damage("root-label-changed", lambda image: [("Fstab", "fstab-tag-missing", "failed")],
        fits=lambda image: image.mounted("/").kind == "ext4" and any(f[0].startswith("LABEL=") and f[1] == "/" for f in image.json["fstab"]))
def _(made, image, _kernels):
    run("tune2fs", "-L", "another", "%s?offset=%d" % (made.path, image.mounted("/").start))


@damage("root-partuuid-changed", lambda image: [("Grub", "root-tag-missing", "failed")],
        fits=lambda image: _read(image) and any(f[0].startswith("PARTUUID=") and f[1] == "/" for f in image.json["fstab"]))
def _(made, image, _kernels):
    run("sfdisk", "-q", "--no-reread", "--no-tell-kernel", "--part-uuid", made.path, image.mounted("/").number, GONE)


def _data_volume(image):
    """A logical volume that fstab waits for and that is not the root."""
    inside = [volume for part in image.partitions for volume in part.inside]
    return next((volume for target, volume in image.mounts() if volume in inside and target not in ("/", "/usr")), None)


@damage("volume-removed", ("Fstab", "fstab-tag-missing", "failed"), fits=lambda image: _data_volume(image) is not None)
def _(made, image, _kernels):
    part = next(part for part in image.partitions if _data_volume(image) in part.inside)
    kept = part.inside
    part.inside = [volume for volume in kept if volume is not _data_volume(image)]
    disk.put(made.path, part.start, lvm.header(part))
    part.inside = kept


# Entries and GRUB's environment.
@damage("entries-removed", ("Grub", "grub-no-default", "failed"), fits=_osbuild)
def _(made, _image, _kernels):
    made.edit(lambda root: [os.unlink(path) for path in _entries(root)])


def _entry_loss(image):
    """The rescue entry boots where there is one."""
    if not _rescue(image):
        return [("Grub", "grub-no-default", "failed")]
    return [("Grub", "grub-default-stale", "warning")] if "saved_entry" in image.json.get("boot-environment", {}) else []


@damage("entry-removed", _entry_loss, fits=_osbuild)
def _(made, image, _kernels):
    made.edit(lambda root: os.unlink(_entry_path(image, root)))


@damage("kernelopts-cut", ("Grub", "grub-variable-empty", "failed"), fits=_kernelopts)
def _(made, image, _kernels):
    def change(root):
        _substitute(_env_path(image, root), r"^kernelopts=.*\n", "")
        _fixed_env(_env_path(image, root))
    made.edit(change)


def _short_env(image):
    if _kernelopts(image):
        return [("Grub", "grub-variable-empty", "failed")]
    return [("Grub", "grubenv-broken", "warning")]


@damage("grubenv-shortened", _short_env, fits=_osbuild)
def _(made, image, _kernels):
    made.edit(lambda root: os.truncate(_env_path(image, root), 30))


@damage("grubenv-cut-by-a-byte", ("Grub", "grubenv-broken", "warning"), fits=_osbuild)
def _(made, image, _kernels):
    made.edit(lambda root: os.truncate(_env_path(image, root), 1023))


@damage("saved-entry-stale", ("Grub", "grub-default-stale", "warning"),
        fits=lambda image: _osbuild(image) and "saved_entry" in image.json.get("boot-environment", {}))
def _(made, image, _kernels):
    def change(root):
        _substitute(_env_path(image, root), r"^saved_entry=.*$", "saved_entry=%s-1.2.3" % ("f" * 32))
        _fixed_env(_env_path(image, root))
    made.edit(change)


@damage("root-by-kernel-name", ("Grub", "root-kernel-name", "failed"), fits=_read)
def _(made, image, _kernels):
    _change_cmdline(made, image, r"root=[^ \n\"']+", "root=/dev/sda1")


@damage("root-missing", ("Grub", "root-missing", "failed"), fits=_read)
def _(made, image, _kernels):
    _change_cmdline(made, image, r"root=[^ \n\"']+ ?", "")


@damage("resume-missing", ("Grub", "resume-missing", "warning"), fits=_read)
def _(made, image, _kernels):
    _change_cmdline(made, image, r"(root=[^ \n\"']+)", r"\1 resume=UUID=%s" % GONE)


@damage("boot-missing-for-fips", ("Grub", "fips-boot-missing", "failed"),
        fits=lambda image: _read(image) and image.boot_apart() and "fips=1" in str(image.json["bootmenu"]) + str(image.json.get("boot-environment")))
def _(made, image, _kernels):
    _change_cmdline(made, image, r" boot=[^ \n]+", "")


# The way to grub.cfg.
def _stub(image, root):
    return os.path.join(root, boot.stub_path(image))


@damage("stub-wrong", ("Grub", "grub-config-missing", "failed"), ("Grub", "grub-search-missing", "failed"), ("Grub", "grub-no-default", "failed"),
        fits=lambda image: _uefi(image) and boot.stub_path(image))
def _(made, image, _kernels):
    """As Anaconda and grub-install write it, with a UUID of nobody."""
    home = "/grub2" if image.boot_apart() else "/boot/grub2"
    text = "search --no-floppy --root-dev-only --fs-uuid --set=dev %s\nset prefix=($dev)%s\nconfigfile $prefix/grub.cfg\n" % (GONE, home)
    made.edit(lambda root: write(_stub(image, root), text))


@damage("search-wrong-on-esp", ("Grub", "grub-search-missing", "failed"), ("Grub", "grub-no-default", "failed"),
        fits=lambda image: _osbuild(image) and _uefi(image) and not boot.stub_path(image))
def _(made, image, _kernels):
    made.edit(lambda root: _substitute(os.path.join(root, boot.grub_cfg_path(image)), r"--fs-uuid \S+", "--fs-uuid " + GONE))


@damage("stub-missing", ("Grub", "grub-config-missing", "failed"), fits=lambda image: _uefi(image) and boot.stub_path(image))
def _(made, image, _kernels):
    made.edit(lambda root: os.unlink(_stub(image, root)))


@damage("grub-cfg-missing", ("Grub", "grub-config-missing", "failed"), fits=lambda image: _read(image) and boot.grub_cfg_path(image) is not None)
def _(made, image, _kernels):
    made.edit(lambda root: os.unlink(os.path.join(root, boot.grub_cfg_path(image))))


@damage("removable-loader-missing", ("Grub", "efi-no-fallback", "failed"), fits=_uefi)
def _(made, image, _kernels):
    made.edit(lambda root: os.unlink(os.path.join(root, boot.removable_path(image))))


@damage("removable-loader-of-another-processor", ("Grub", "efi-no-fallback", "failed"), fits=_uefi)
def _(made, image, _kernels):
    other = "aarch64" if image.arch == "x86_64" else "x86_64"
    made.edit(lambda root: write(os.path.join(root, boot.removable_path(image)), boot.kernels.loader_efi(other, "shim")))


@damage("shim-without-loader", ("Grub", "efi-no-chain", "failed"), fits=lambda image: _uefi(image) and boot.chained_paths(image))
def _(made, image, _kernels):
    made.edit(lambda root: [os.unlink(path) for path in (os.path.join(root, p) for p in boot.chained_paths(image)) if os.path.exists(path)])


@damage("core-image-zeroed", ("Grub", "bios-no-core-image", "failed"), fits=_bios)
def _(made, image, _kernels):
    gap = image.bios_boot()
    start, size = (gap.start, gap.size) if gap else (512, image.partitions[0].start - 512)
    disk.put(made.path, start, b"\0" * size)


@damage("boot-code-wiped", ("Grub", "bios-no-boot-code", "failed"), fits=_bios)
def _(made, _image, _kernels):
    disk.put(made.path, 0, b"\0" * 440)


# Kernel and initramfs.
@damage("initramfs-truncated", ("Grub", "initramfs-broken", "failed"), fits=_initramfs)
def _(made, image, _kernels):
    def change(root):
        path = _initramfs_paths(image, root)[-1]
        os.truncate(path, os.path.getsize(path) * 2 // 3)
    made.edit(change)


@damage("initramfs-absent", ("Grub", "initramfs-missing", "failed"), fits=_initramfs)
def _(made, image, _kernels):
    made.edit(lambda root: os.unlink(_initramfs_paths(image, root)[-1]))


@damage("initramfs-of-zeros", ("Grub", "initramfs-broken", "failed"), ("Grub", "initramfs-missing", "failed"), fits=_initramfs)
def _(made, image, _kernels):
    def change(root):
        path = _initramfs_paths(image, root)[-1]
        write(path, b"\0" * os.path.getsize(path))
    made.edit(change)


@damage("kernel-absent", ("Grub", "kernel-missing", "failed"), fits=_read)
def _(made, image, _kernels):
    made.edit(lambda root: os.unlink(_kernel_path(image, root)))


@damage("kernel-empty", ("Grub", "kernel-broken", "failed"), fits=_read)
def _(made, image, _kernels):
    made.edit(lambda root: os.truncate(_kernel_path(image, root), 0))


@damage("kernel-truncated", ("Grub", "kernel-broken", "failed"), fits=_read)
def _(made, image, _kernels):
    def change(root):
        path = _kernel_path(image, root)
        os.truncate(path, os.path.getsize(path) // 2)
    made.edit(change)


@damage("modules-absent", ("Grub", "kernel-modules-missing", "failed"), fits=_read)
def _(made, image, _kernels):
    made.edit(lambda root: run("rm", "-r", os.path.join(root, "usr/lib/modules", image.kernels[0])))


# The driver of the disk that each cloud boots from, its check, and how much its profile makes of it.
_DISK = {"aws": ("nvme", "Nvme", "nvme-driver-missing", "failed"), "azure": ("nvme", "Nvme", "nvme-driver-missing", "warning"),
         "gce": ("virtio_scsi", "Virtio", "virtio-driver-missing", "failed"), "oci": ("virtio_scsi", "Virtio", "virtio-driver-missing", "failed"),
         "kvm": ("virtio_blk", "Virtio", "virtio-driver-missing", "failed"), "alibaba": ("virtio_blk", "Virtio", "virtio-driver-missing", "failed")}


def _driver_is_module(image):
    return _initramfs(image) and _DISK[image.profile][0] not in boot.kernels.kind_of(image).builtin


@damage("driver-missing", lambda image: [_DISK[image.profile][1:]], fits=_driver_is_module)
def _(made, image, kernels):
    data = kernels.initramfs(image, image.kernels[0], without=(_DISK[image.profile][0],))
    made.edit(lambda root: write(_initramfs_paths(image, root)[-1], data, 0o600))


@damage("driver-blacklisted", lambda image: [(_DISK[image.profile][1], _DISK[image.profile][2].replace("driver-missing", "blacklisted"),
                                              _DISK[image.profile][3])], fits=_driver_is_module)
def _(made, image, _kernels):
    _change_cmdline(made, image, r"(root=[^ \n\"']+)", r"\1 modprobe.blacklist=%s" % _DISK[image.profile][0])


@damage("initramfs-of-another-kernel", lambda image: [(_DISK[image.profile][1], _DISK[image.profile][2].replace("driver-missing", "other-release"),
                                                       _DISK[image.profile][3])], fits=_driver_is_module)
def _(made, image, kernels):
    data = kernels.initramfs(image, "1.2.3-other")
    made.edit(lambda root: write(_initramfs_paths(image, root)[-1], data, 0o600))
