# SPDX-License-Identifier: LGPL-2.1-or-later
"""The boot loader's files as each distribution writes them. Facts: osbuild's stages org.osbuild.grub2 (which writes what
RHEL's, CentOS's and Fedora's images have) and org.osbuild.grub2.inst; Fedora's Boot Loader Specification; those of the
other distributions are in images/*.json, their grub.cfg as text."""

import os

from bootready_roots.tools import SuiteError, read, write

from . import kernels

SUFFIX = {"x86_64": "X64", "aarch64": "AA64"}
VENDORS = {"rhel": "redhat", "centos": "centos", "fedora": "fedora"}


def own_path(image, path):
    """Where the root has what the boot loader names: on a file system of its own /boot is not in the name."""
    path = path.lstrip("/")
    return path if path.startswith("boot/") or not image.boot_apart() else "boot/" + path


def vendor(image):
    return image.json.get("vendor") or VENDORS.get(image.os["ID"], image.os["ID"])


def grubenv(variables):
    text = "# GRUB Environment Block\n" + "".join("%s=%s\n" % pair for pair in variables.items())
    if len(text) > 1024:
        raise SuiteError("a grubenv of %d bytes" % len(text))
    return text + "#" * (1024 - len(text))


def entry_text(entry):
    keys = [key for key in ("title", "version", "linux", "initrd", "options", "id", "grub_users", "grub_arg", "grub_class")
            if key in entry]
    return "".join("%s %s\n" % (key, entry[key]) for key in keys)


def entry_name(image, entry):
    saved = image.json.get("boot-environment", {}).get("saved_entry", "")
    machine = saved[:32] if saved[:32].isalnum() and len(saved) > 32 else "f" * 32
    return "%s-%s.conf" % (machine, entry["version"].replace("-" + machine, ""))


class Osbuild:
    """grub.cfg is on the file system of /boot; an ESP alone leads to it, or (UEFI only, before RHEL 9) holds all of it."""

    def __init__(self, image):
        self.image = image
        self.folder = "boot/efi/EFI/%s" % vendor(image)
        unified = image.os["ID"] == "fedora" or (image.major >= 9 and "kernelopts" not in image.json.get("boot-environment", {}))
        self.leads = image.boots_by_bios() or unified or not image.esp()

    def grub_cfg(self):
        """Two templates: the one of 2020 knows nothing of a saved entry."""
        volume, env = self.image.boot_volume(), self.image.json.get("boot-environment", {})
        text = "set timeout=0\n\nload_env\n"
        if "saved_entry" in env:
            text += ('\nif [ "${next_entry}" ] ; then\n   set default="${next_entry}"\n   set next_entry=\n'
                     "   save_env next_entry\n   set boot_once=true\nelse\n   set default=\"${saved_entry}\"\nfi\n")
        return text + ("\nsearch --no-floppy --set=root --fs-uuid %s\nset boot=${root}\nfunction load_video {\n  insmod all_video\n}\n"
                       "\nblscfg\n" % volume.uuid)

    def stub(self):
        home = "/" if self.image.boot_apart() else "/boot/"
        return ("\nsearch --no-floppy --set prefix --file %sgrub2/grub.cfg\nset prefix=($prefix)%sgrub2\n"
                "configfile $prefix/grub.cfg\n" % (home, home))

    def write(self, tree):
        image = self.image
        for entry in image.json["bootmenu"]:
            write(os.path.join(tree, "boot/loader/entries", entry_name(image, entry)), entry_text(entry))
        os.makedirs(os.path.join(tree, "boot/grub2"), exist_ok=True)
        env, beside = grubenv(image.json.get("boot-environment", {})), self.folder + "/grubenv"
        if not self.leads:
            # The package of GRUB for EFI leaves this link.
            os.symlink("../efi/EFI/%s/grubenv" % vendor(image), os.path.join(tree, "boot/grub2/grubenv"))
        write(os.path.join(tree, "boot/grub2/grubenv" if self.leads else beside), env)
        write(os.path.join(tree, "boot/grub2/grub.cfg" if self.leads else self.folder + "/grub.cfg"), self.grub_cfg())
        write(os.path.join(tree, "etc/default/grub"), "GRUB_TIMEOUT=0\nGRUB_ENABLE_BLSCFG=true\n")
        if not image.esp():
            return
        if self.leads:
            write(os.path.join(tree, self.folder, "grub.cfg"), self.stub())
        _redhat_esp(image, tree, self.folder)


def _redhat_esp(image, tree, folder):
    """shim at the removable path with its fallback program, whose list leads to the vendor's folder."""
    suffix, arch = SUFFIX[image.arch], image.arch
    shim, small = kernels.loader_efi(arch, "shim"), suffix.lower()
    removable = os.path.join(tree, "boot/efi/EFI/BOOT")
    write(os.path.join(removable, "BOOT%s.EFI" % suffix), shim)
    write(os.path.join(removable, "fb%s.efi" % small), kernels.loader_efi(arch, "fallback"))
    write(os.path.join(tree, folder, "shim%s.efi" % small), shim)
    write(os.path.join(tree, folder, "shim.efi"), shim)
    write(os.path.join(tree, folder, "grub%s.efi" % small),
          kernels.loader_efi(arch, "grub", "/EFI/%s" % os.path.basename(folder)))
    line = "shim%s.efi,%s,,This is the boot entry for %s\n" % (small, image.os["NAME"], image.os["NAME"])
    write(os.path.join(tree, folder, "BOOT%s.CSV" % suffix), b"\xff\xfe" + line.encode("utf-16-le"))


class Files:
    """What another distribution's tools wrote, as text in the description; the programs on the ESP are made here."""

    def __init__(self, image):
        self.image = image

    def write(self, tree):
        facts = self.image.json
        for path, lines in facts["boot-files"].items():
            write(os.path.join(tree, path.lstrip("/")), "".join(line + "\n" for line in lines))
        if "grubenv" in facts:
            write(os.path.join(tree, facts["grubenv"].lstrip("/")), grubenv(facts.get("boot-environment", {})))
        for name, what, *more in facts.get("loaders", []):
            path = os.path.join(tree, esp_at(self.image), "EFI", name)
            if what == "csv":
                write(path, b"\xff\xfe" + ("%s,%s,,boot entry\n" % (more[0], self.image.os["NAME"])).encode("utf-16-le"))
            else:
                write(path, kernels.loader_efi(self.image.arch, what, *more))


STYLES = {"osbuild": Osbuild, "files": Files}


def esp_at(image):
    """The root's own path of the mounted ESP."""
    esp = image.esp()
    return next((target.strip("/") for target, volume in image.mounts() if volume is esp), "boot/efi")


def stub_path(image):
    """The ESP's grub.cfg that leads to another one; None: there is none."""
    if image.style != "osbuild":
        return image.json.get("stub")
    style = Osbuild(image)
    return style.folder + "/grub.cfg" if image.esp() and style.leads else None


def grub_cfg_path(image):
    """The root's own path of the configuration that has the menu."""
    if image.style != "osbuild":
        return image.json.get("grub-cfg-path")
    style = Osbuild(image)
    return "boot/grub2/grub.cfg" if style.leads else style.folder + "/grub.cfg"


def env_path(image):
    style = Osbuild(image)
    return "boot/grub2/grubenv" if style.leads else style.folder + "/grubenv"


def removable_path(image):
    return "%s/EFI/BOOT/BOOT%s.EFI" % (esp_at(image), SUFFIX[image.arch])


def chained_paths(image):
    """What shim at the removable path needs: the list that its fallback program reads, or the GRUB beside it."""
    if image.style == "osbuild":
        return ["boot/efi/EFI/%s/BOOT%s.CSV" % (vendor(image), SUFFIX[image.arch])]
    return image.json.get("chained", [])


def write_all(image, tree):
    if image.arch == "s390x":
        # zipl's own: nothing of GRUB is there.
        for entry in image.json["bootmenu"]:
            write(os.path.join(tree, "boot/loader/entries", entry_name(image, entry)), entry_text(entry))
        return
    STYLES[image.style](image).write(tree)


def grub_folder(image):
    return "boot/" + image.json.get("grub-folder", "grub2")


def write_bios(image, tree, source):
    """What GRUB for BIOS loads from its folder, of the distribution's own build, and its release."""
    version = next((package.split("-")[2] for package in image.json.get("packages", []) if package.startswith("grub2-common-")), None)
    if not image.boots_by_bios():
        return
    for name in ("normal.mod", "linux.mod", "configfile.mod", "command.lst", "fs.lst", "moddep.lst"):
        write(os.path.join(tree, grub_folder(image), "i386-pc", name), read(os.path.join(source, "i386-pc", name)))
    version = image.json.get("grub-version", version)
    if version:
        write(os.path.join(tree, "usr/lib/grub/i386-pc/modinfo.sh"), 'grub_version="%s"\n' % version)
