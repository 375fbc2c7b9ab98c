# SPDX-License-Identifier: LGPL-2.1-or-later
"""sshd of an image: its program, which tells its release; its unit, which says who makes host keys; the user it needs;
and for images whose description lists no sshd_config that of their packages."""

import os
import re

from bootready_roots.tools import read, write

from . import kernels

# OpenSSH by distribution and version, where the description lists packages without versions: what their package lists say.
_RELEASES = {("debian", "11"): "8.4p1 Debian-5+deb11u3", ("debian", "12"): "9.2p1 Debian-2+deb12u3", ("debian", "13"): "10.0p2 Debian-7",
             ("ubuntu", "20.04"): "8.2p1 Ubuntu-4ubuntu0.11", ("ubuntu", "22.04"): "8.9p1 Ubuntu-3ubuntu0.10",
             ("ubuntu", "24.04"): "9.6p1 Ubuntu-3ubuntu13.5", ("sles", "15.4"): "8.4p1", ("sles", "15.5"): "8.4p1", ("sles", "15.6"): "9.6p1",
             ("opensuse-leap", "15.5"): "8.4p1", ("opensuse-leap", "15.6"): "9.6p1", ("opensuse-tumbleweed", None): "9.9p2",
             ("amzn", "2"): "7.4p1", ("amzn", "2023"): "8.7p1", ("arch", None): "9.9p1"}
# What their packages set, comments left out.
_DEBIAN = ("Include /etc/ssh/sshd_config.d/*.conf", "KbdInteractiveAuthentication no", "UsePAM yes", "X11Forwarding yes",
           "PrintMotd no", "AcceptEnv LANG LC_*", "Subsystem sftp /usr/lib/openssh/sftp-server")
_CONFIGS = {
    "debian": _DEBIAN, "ubuntu": _DEBIAN,
    "arch": ("Include /etc/ssh/sshd_config.d/*.conf", "AuthorizedKeysFile .ssh/authorized_keys", "Subsystem sftp /usr/lib/ssh/sftp-server"),
    "amzn": ("HostKey /etc/ssh/ssh_host_rsa_key", "HostKey /etc/ssh/ssh_host_ecdsa_key", "HostKey /etc/ssh/ssh_host_ed25519_key",
             "SyslogFacility AUTHPRIV", "AuthorizedKeysFile .ssh/authorized_keys", "PasswordAuthentication no",
             "ChallengeResponseAuthentication no", "UsePAM yes", "X11Forwarding yes", "AcceptEnv LANG LC_CTYPE LC_NUMERIC LC_TIME",
             "Subsystem sftp /usr/libexec/openssh/sftp-server"),
    "suse": ("AuthorizedKeysFile .ssh/authorized_keys", "UsePAM yes", "X11Forwarding yes", "Subsystem sftp /usr/lib/ssh/sftp-server",
             "AcceptEnv LANG LC_CTYPE LC_NUMERIC LC_TIME LC_COLLATE LC_MONETARY LC_MESSAGES"),
}
# Who makes host keys, as the distribution's unit says it.
_MAKERS = {"suse": "[Service]\nExecStartPre=/usr/sbin/sshd-gen-keys-start\n", "arch": "[Unit]\nWants=sshdgenkeys.service\n",
           "debian": "", "ubuntu": ""}
_REDHAT_MAKER = "[Unit]\nWants=sshd-keygen.target\n"


def _release(image):
    for package in image.json.get("packages", []):
        found = re.match(r"openssh-server-(\d+\.\d+p\d+)-", package)
        if found:
            return found[1]
    name, version = image.os.get("ID"), image.os.get("VERSION_ID")
    return _RELEASES.get((name, version)) or _RELEASES[name, None]


def write_all(image, tree):
    program = os.path.join(tree, "usr/bin/sshd" if image.os.get("ID") == "arch" else "usr/sbin/sshd")
    name = image.os.get("ID")
    family = "suse" if name.startswith(("sles", "opensuse")) else name
    write(program, kernels.program(image.arch) + b"\0OpenSSH_" + _release(image).encode() + b"\0", 0o755)
    if family in _CONFIGS and not image.json.get("sshd_config"):
        folder = "usr/etc/ssh" if name == "opensuse-tumbleweed" else "etc/ssh"
        write(os.path.join(tree, folder, "sshd_config"), "".join(line + "\n" for line in _CONFIGS[family]))
    for unit in ("sshd.service", "ssh.service"):
        path = os.path.join(tree, "usr/lib/systemd/system", unit)
        if os.path.exists(path):
            write(path, read(path) + _MAKERS.get(family, _REDHAT_MAKER).encode())
    passwd = os.path.join(tree, "etc/passwd")
    if b"\nsshd:" not in b"\n" + read(passwd):
        write(passwd, read(passwd) + b"sshd:x:74:74:Privilege-separated SSH:/usr/share/empty.sshd:/usr/sbin/nologin\n")
