# SPDX-License-Identifier: LGPL-2.1-or-later
"""The word of the test's own witness in the guest (qemu/guests/*/files/usr/lib/bootready-beacon)."""

_LISTS = ("failed",)
_PREFIX = "beacon: "


def parse(text):
    """The beacon's lines as a dictionary ({} where there is none). `failed` is a list, sizes are integers."""
    told = {}
    for line in text.splitlines():
        key, equals, value = line.partition("=")
        if not equals or not key.isidentifier():
            continue
        if key in _LISTS:
            told.setdefault(key, []).append(value)
        elif value.isdigit():
            told[key] = int(value)
        else:
            told[key] = value
    if told:
        for key in _LISTS:
            told.setdefault(key, [])
    return told


def from_console(text):
    """The same from a console, for a machine without the beacon's port."""
    lines = [line.partition(_PREFIX)[2] for line in text.splitlines() if _PREFIX in line]
    return parse("\n".join(lines))


def grown(told):
    """Did the root take the whole disk? None where the beacon did not say."""
    try:
        end = told["part_start"] + told["part_size"]
        return told["disk_size"] - end < 32 << 20 and told["root_size"] > told["part_size"] * 0.85
    except KeyError:
        return None


# Where QEMU's own DHCP server has its addresses.
LEASES = "10.0.2."

# What a user-data seed of the cases asks for (cases/lib/seed): name, user, password.
SEED = {"hostname": "seeded", "user": "1000:/bin/bash", "password": "$6$seeded$"}


def lost(told):
    """The functions that a boot to userspace lost: a root that can be written to, lease, ssh, seed, password, grown."""
    words = []
    if "ro" in str(told.get("root_options", "ro")).split(","):
        words.append("userspace")
    if not str(told.get("address", "")).startswith(LEASES):
        words.append("lease")
    if not str(told.get("ssh", "")).startswith("SSH-"):
        words.append("ssh")
    if told.get("hostname") != SEED["hostname"] or told.get("user") != SEED["user"]:
        words.append("seed")
    if not str(told.get("password", "")).startswith(SEED["password"]):
        words.append("password")
    if not grown(told):
        words.append("grown")
    return words
