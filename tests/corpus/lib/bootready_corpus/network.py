# SPDX-License-Identifier: LGPL-2.1-or-later
"""What brings a vendor image's network up. The descriptions list services, and for some images the ifcfg files; what a
distribution's packages bring beside them is here: Debian's cloud images (debian-cloud-images: netplan from 12 on, ifupdown
with its helper before), Ubuntu's (netplan), Amazon Linux (initscripts; amazon-ec2-net-utils from 2023 on), SUSE's (wicked;
NetworkManager in Tumbleweed), Arch's (arch-boxes: one .network file), Red Hat's family (NetworkManager)."""

import os

from bootready_roots.tools import write

from . import kernels

_LINK = "[Match]\nOriginalName=*\n\n[Link]\nNamePolicy=keep kernel database onboard slot path\nMACAddressPolicy=persistent\n"
_NETPLAN = ("network:\n    version: 2\n    ethernets:\n        all-en:\n            match:\n                name: en*\n"
            "            dhcp4: true\n            dhcp6: true\n")
_EC2 = "[Match]\nDriver=ena ixgbevf vif\n[Link]\nMTUBytes=9001\n[Network]\nDHCP=yes\n"


def _programs(image, tree, *paths):
    for path in paths:
        write(os.path.join(tree, path), kernels.program(image.arch), 0o755)


def _service(tree, name):
    wants = os.path.join(tree, "etc/systemd/system/multi-user.target.wants", name)
    write(os.path.join(tree, "usr/lib/systemd/system", name), "[Unit]\nDescription=%s\n[Install]\nWantedBy=multi-user.target\n" % name)
    if not os.path.lexists(wants):
        os.symlink("/usr/lib/systemd/system/" + name, wants)


def _netplan(image, tree, text):
    _programs(image, tree, "usr/sbin/netplan", "usr/libexec/netplan/generate", "usr/lib/systemd/systemd-networkd")
    _service(tree, "systemd-networkd.service")
    if text:
        write(os.path.join(tree, "etc/netplan/90-default.yaml"), text)


def _ifupdown(image, tree):
    _programs(image, tree, "usr/sbin/ifup", "usr/sbin/ifdown", "usr/sbin/ifquery", "usr/sbin/dhclient",
              "etc/network/cloud-ifupdown-helper")
    _service(tree, "networking.service")
    write(os.path.join(tree, "etc/udev/rules.d/75-cloud-ifupdown.rules"),
          'ACTION=="add", SUBSYSTEM=="net", RUN+="/etc/network/cloud-ifupdown-helper"\n')
    write(os.path.join(tree, "etc/network/interfaces"),
          "auto lo\niface lo inet loopback\nsource-directory /etc/network/interfaces.d\nsource-directory /run/network/interfaces.d\n")


def _ifcfg(tree, folder, name, keys):
    write(os.path.join(tree, folder, "ifcfg-" + name), "".join("%s=%s\n" % pair for pair in keys.items()))


def _scripts(image, tree):
    _programs(image, tree, "usr/sbin/ifup", "usr/sbin/ifdown", "usr/sbin/dhclient")
    _service(tree, "network.service")
    write(os.path.join(tree, "etc/sysconfig/network-scripts/network-functions"), "")
    _ifcfg(tree, "etc/sysconfig/network-scripts", "eth0", {"DEVICE": "eth0", "BOOTPROTO": "dhcp", "ONBOOT": "yes", "TYPE": "Ethernet"})


def _network_manager(image, tree, ifcfg):
    _programs(image, tree, "usr/sbin/NetworkManager", "usr/bin/nmcli")
    write(os.path.join(tree, "etc/NetworkManager/NetworkManager.conf"), "[main]\n#plugins=keyfile,ifcfg-rh\n\n[logging]\n")
    if ifcfg:
        write(os.path.join(tree, "usr/lib64/NetworkManager/1.40.0/libnm-settings-plugin-ifcfg-rh.so"), "")
    if any(name.startswith("NetworkManager-config-server-") for name in image.json.get("packages", [])):
        write(os.path.join(tree, "usr/lib/NetworkManager/conf.d/00-server.conf"),
              "[main]\nno-auto-default=*\nignore-carrier=*\n")


def _wicked(image, tree):
    _programs(image, tree, "usr/sbin/wicked", "usr/sbin/wickedd")
    _service(tree, "wicked.service")
    _ifcfg(tree, "etc/sysconfig/network", "eth0", {"BOOTPROTO": "'dhcp'", "STARTMODE": "'auto'"})


def _listed(image, tree):
    """The sysconfig files that the description has."""
    sysconfig = image.json.get("sysconfig") or {}
    for name, keys in (sysconfig.get("network-scripts") or {}).items():
        _ifcfg(tree, "etc/sysconfig/network-scripts", name, keys)
    if sysconfig.get("network"):
        write(os.path.join(tree, "etc/sysconfig/network"), "".join("%s=%s\n" % pair for pair in sysconfig["network"].items()))


def make(image, tree):
    name, _, version = image.distribution.partition("_")
    write(os.path.join(tree, "usr/lib/udev/rules.d/80-net-setup-link.rules"), 'SUBSYSTEM=="net", IMPORT{builtin}="net_setup_link"\n')
    write(os.path.join(tree, "usr/lib/systemd/network/99-default.link"), _LINK)
    if name == "debian" and version == "11":
        _ifupdown(image, tree)
    elif name in ("debian", "ubuntu"):
        _netplan(image, tree, _NETPLAN if name == "debian" else None)
    elif name == "amazon" and version != "2023":
        _scripts(image, tree)
    elif name in ("amazon", "arch"):
        _programs(image, tree, "usr/lib/systemd/systemd-networkd")
        _service(tree, "systemd-networkd.service")
        write(os.path.join(tree, "usr/lib/systemd/network/80-ec2.network" if name == "amazon" else "etc/systemd/network/80-dhcp.network"),
              _EC2 if name == "amazon" else "[Match]\nName=en*\nName=eth*\n\n[Network]\nDHCP=yes\n")
    elif name == "opensuse" and version == "tw":
        _network_manager(image, tree, False)
        _service(tree, "NetworkManager.service")
    elif name in ("opensuse", "sles"):
        _wicked(image, tree)
    else:
        _network_manager(image, tree, image.major < (36 if name == "fedora" else 10))
        _listed(image, tree)
