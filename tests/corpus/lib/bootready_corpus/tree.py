# SPDX-License-Identifier: LGPL-2.1-or-later
"""The root of an image as a folder, everything that its mount points hold below it."""

import json
import os
import re

from bootready_roots.tools import write

from . import boot, kernels, network
from . import boot, kernels, ssh

_FOLDERS = ("usr/bin", "usr/sbin", "usr/lib64", "usr/lib/systemd/system", "boot", "dev", "proc", "sys", "run", "tmp", "root",
            "var/lib/cloud", "etc/systemd/system/multi-user.target.wants", "home", "srv")
# Programs by the package that brings them: a root has those of its packages.
_PROGRAMS = {"cloud-utils-growpart": ("usr/bin/growpart",), "cloud-guest-utils": ("usr/bin/growpart",),
             "cloud-init": ("usr/bin/cloud-init", "usr/lib/systemd/system-generators/cloud-init-generator"),
             "growpart": ("usr/bin/growpart",), "growpart-rootgrow": ("usr/sbin/rootgrow",),
             "xfsprogs": ("usr/sbin/xfs_growfs",), "e2fsprogs": ("usr/sbin/resize2fs",), "btrfs-progs": ("usr/sbin/btrfs",),
             "btrfsprogs": ("usr/sbin/btrfs",), "gdisk": ("usr/sbin/sgdisk",), "gptfdisk": ("usr/sbin/sgdisk",),
             "util-linux": ("usr/sbin/sfdisk",), "fdisk": ("usr/sbin/sfdisk",), "qemu-guest-agent": ("usr/bin/qemu-ga",), "WALinuxAgent": ("usr/sbin/waagent",),
             "google-guest-agent": ("usr/bin/google_guest_agent",)}
# A unit that is enabled has its program, whether the description lists its package or not.
_RUN_BY = {"google-disk-expand.service": "usr/bin/google_disk_expand"}


def yaml(value, depth=0):
    """Block style, as cloud.cfg is written by hand."""
    pad = "  " * depth
    if isinstance(value, dict) and value:
        return "".join("%s%s:%s" % (pad, key, "\n" + yaml(item, depth + 1) if isinstance(item, (dict, list)) and item
                                    else " " + yaml(item)) for key, item in value.items())
    if isinstance(value, list) and value:
        return "".join("%s- %s" % (pad, yaml(item, depth + 1).lstrip(" ")) for item in value)
    return ("" if value is None else json.dumps(value)) + "\n"


def _has_package(image, name):
    return any(package == name or package.startswith(name + "-") and package[len(name) + 1:][:1].isdigit()
               for package in image.json.get("packages", []))


def _programs(image, tree):
    for package, paths in _PROGRAMS.items():
        if _has_package(image, package):
            for path in paths:
                write(os.path.join(tree, path), kernels.program(image.arch), 0o755)
    # What every one of these systems has, whether its description lists the package or not.
    for path in ("usr/lib/systemd/systemd", "usr/bin/bash", "usr/bin/env", "usr/bin/ls"):
        write(os.path.join(tree, path), kernels.program(image.arch), 0o755)
    os.symlink("bash", os.path.join(tree, "usr/bin/sh"))
    os.symlink("../lib/systemd/systemd", os.path.join(tree, "usr/sbin/init"))


# What every systemd has, as far as it pulls something in.
_TARGETS = {"sysinit": "", "sockets": "", "timers": "", "paths": "", "basic": "Requires=sysinit.target\nWants=sockets.target timers.target paths.target\n",
            "multi-user": "Requires=basic.target\n", "graphical": "Requires=multi-user.target\nWants=display-manager.service\n"}


def _firewalls(image, tree):
    """The zone that Red Hat's packages and their cloud kickstarts have as the default, and ufw as Ubuntu's images have it."""
    if "firewalld.service" in image.json.get("services-enabled", []):
        write(os.path.join(tree, "usr/lib/firewalld/services/ssh.xml"), '<service><port protocol="tcp" port="22"/></service>\n')
        write(os.path.join(tree, "usr/lib/firewalld/zones/public.xml"),
              '<zone>\n  <service name="ssh"/>\n  <service name="dhcpv6-client"/>\n  <service name="cockpit"/>\n</zone>\n')
        write(os.path.join(tree, "etc/firewalld/firewalld.conf"), "DefaultZone=public\n")
    if "ufw.service" in image.json.get("services-enabled", []):
        write(os.path.join(tree, "etc/ufw/ufw.conf"), "ENABLED=no\nLOGLEVEL=low\n")


def _units(image, tree):
    """Enabled is what a .wants folder names; what else the description lists is there and not enabled."""
    system = os.path.join(tree, "usr/lib/systemd/system")
    for name in sorted(set(image.json.get("services-enabled", []) + image.json.get("services-disabled", []))):
        write(os.path.join(system, name), "[Unit]\nDescription=%s\n[Install]\nWantedBy=multi-user.target\n" % name)
    for name in image.json.get("services-enabled", []):
        if name in _RUN_BY:
            write(os.path.join(tree, _RUN_BY[name]), kernels.program(image.arch), 0o755)
        os.symlink("/usr/lib/systemd/system/" + name, os.path.join(tree, "etc/systemd/system/multi-user.target.wants", name))
    for name, lines in _TARGETS.items():
        write(os.path.join(system, name + ".target"), "[Unit]\nDescription=%s\n%s" % (name, lines))
    # A first boot that presets the units finds them as they are.
    write(os.path.join(tree, "usr/lib/systemd/system-preset/50-image.preset"),
          "".join("enable %s\n" % name for name in image.json.get("services-enabled", [])) + "disable *\n")
    _firewalls(image, tree)
    os.symlink("/usr/lib/systemd/system/" + image.json.get("default-target", "multi-user.target"),
               os.path.join(tree, "etc/systemd/system/default.target"))


def _cloud_init(image, tree):
    """Its release as its own module tells it, and ds-identify, which most distributions' packages have."""
    if not _has_package(image, "cloud-init"):
        return
    found = [re.match(r"cloud-init-([0-9][0-9.]*)-", package) for package in image.json.get("packages", [])]
    version = next((match.group(1) for match in found if match), "22.4.2")
    write(os.path.join(tree, "usr/lib/python3/dist-packages/cloudinit/version.py"), '__VERSION__ = "%s"\n' % version)
    red_hat = image.distribution.split("_")[0] in ("rhel", "centos", "fedora")
    write(os.path.join(tree, "usr/libexec" if red_hat else "usr/lib", "cloud-init/ds-identify"), "#!/bin/sh\nexit 0\n", 0o755)


def _selinux(image, tree):
    policy = (image.json.get("selinux") or {}).get("policy")
    if policy:
        write(os.path.join(tree, "etc/selinux/config"), "".join("%s=%s\n" % pair for pair in policy.items()))
        write(os.path.join(tree, "etc/selinux", policy["SELINUXTYPE"], "policy/policy.33"), "policy")
# Of images whose description lists no users: those that every one of these systems has.
_USERS = ("root:x:0:0:root:/root:/bin/bash", "bin:x:1:1:bin:/bin:/usr/sbin/nologin", "nobody:x:65534:65534:nobody:/:/usr/sbin/nologin")
_GROUPS = ("root:x:0:", "bin:x:1:", "nobody:x:65534:")


def _accounts(facts, tree):
    """No description tells a password: all are locked, as cloud images have them."""
    users, groups = facts.get("passwd") or _USERS, facts.get("groups") or _GROUPS
    for name, lines, mode in (("passwd", users, 0o644), ("group", groups, 0o644),
                              ("shadow", [line.split(":")[0] + ":!:19650:0:99999:7:::" for line in users], 0o600),
                              ("gshadow", [":".join((line.split(":")[0], "!", "", line.split(":")[3])) for line in groups], 0o600)):
        write(os.path.join(tree, "etc", name), "".join(line + "\n" for line in lines), mode)


def _etc(image, tree):
    facts = image.json
    # The descriptions sort the lines, the files have a parent before what lies in it.
    lines = ["\t".join(fields) + "\n" for fields in sorted(facts["fstab"], key=lambda fields: fields[1])]
    write(os.path.join(tree, "etc/fstab"), "".join(lines))
    write(os.path.join(tree, "usr/lib/os-release"), "".join('%s="%s"\n' % pair for pair in image.os.items()))
    os.symlink("../usr/lib/os-release", os.path.join(tree, "etc/os-release"))
    write(os.path.join(tree, "etc/machine-id"), facts.get("machine-id", "") + "\n")
    write(os.path.join(tree, "etc/hostname"), facts.get("hostname", "") or "")
    for name, key in (("hosts", "hosts"), ("resolv.conf", "/etc/resolv.conf")):
        write(os.path.join(tree, "etc", name), "".join(line + "\n" for line in facts.get(key, [])))
    _accounts(facts, tree)
    for folder, files in (facts.get("cloud-init") or {}).items():
        for name, value in files.items():
            write(os.path.join(tree, folder.lstrip("/"), name), yaml(value) if value else "")
    for folder, files in (facts.get("sshd_config") or {}).items():
        if isinstance(files, dict):
            for name, lines in files.items():
                write(os.path.join(tree, folder.lstrip("/"), name), "".join(line + "\n" for line in lines))
        else:
            write(os.path.join(tree, folder.lstrip("/")), "".join(line + "\n" for line in files))
    for folder, files in (facts.get("modprobe") or {}).items():
        for name, rules in files.items():
            write(os.path.join(tree, folder.lstrip("/"), name),
                  "".join("%s %s\n" % (rule, word) for rule, words in rules.items() for word in words))
    for path, lines in facts.get("files", {}).items():
        write(os.path.join(tree, path.lstrip("/")), "".join(line + "\n" for line in lines), 0o755 if "bin/" in path else 0o644)


def _kernels(image, tree, made):
    for release in image.kernels:
        top = os.path.join(tree, "usr/lib/modules", release)
        for path, data in made.tree(image, release).items():
            write(os.path.join(top, path), data)
    for entry in image.json["bootmenu"]:
        release = entry["version"] if entry["version"] in image.kernels else image.kernels[0]
        write(os.path.join(tree, boot.own_path(image, entry["linux"])), made.kernel(image, release), 0o755)
        for name in entry["initrd"].split():
            if not name.startswith("$"):
                write(os.path.join(tree, boot.own_path(image, name)), made.initramfs(image, release), 0o600)


def make(image, tree, made):
    for folder in _FOLDERS:
        os.makedirs(os.path.join(tree, folder), exist_ok=True)
    for name in ("bin", "sbin", "lib", "lib64"):
        os.symlink("usr/" + name, os.path.join(tree, name))
    for target, _ in image.mounts():
        os.makedirs(tree + target, exist_ok=True)
    _programs(image, tree)
    _units(image, tree)
    _etc(image, tree)
    _cloud_init(image, tree)
    _selinux(image, tree)
    network.make(image, tree)
    ssh.write_all(image, tree)
    _kernels(image, tree, made)
    boot.write_all(image, tree)
    boot.write_bios(image, tree, made.grub)
