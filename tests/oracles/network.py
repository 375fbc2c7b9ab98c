#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The readers of the network's configuration against the tools that act on it: generated files, read by ifquery
(ifupdown), by netplan's generator, by NetworkManager (--print-config) and by systemd-networkd itself, which says in a
network namespace of its own which file it took for each card; and by us. Debian's packages, unpacked into the cache.

    network.py [ifquery|netplan|nm|networkd]..."""

import configparser
import os
import random
import shutil
import subprocess
import sys
import tempfile

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
sys.path.insert(0, os.path.join(TOP, "tests/roots/lib"))
sys.dont_write_bytecode = True

from bootready_roots import packages  # noqa: E402
from bootready_roots.tools import SuiteError, write  # noqa: E402

PACKAGES = ("ifupdown", "netplan.io", "libnetplan0", "network-manager", "libnm0", "libndp0", "libteamdctl0", "libjansson4",
            "libnl-3-200", "libbluetooth3", "libmm-glib0", "libpolkit-gobject-1-0", "libpolkit-agent-1-0", "libcurl3-gnutls",
            "libglib2.0-0", "libyaml-0-2", "iproute2")
NAMES = ["ens3", "ens192", "eth0", "eth7", "enp1s0", "lan"]
MANY = os.environ.get("BOOTREADY_ORACLES") == "all"
NETWORKD = "/lib/systemd/systemd-networkd"
passed = failed = skipped = 0


def report(good, what, lines=()):
    global passed, failed
    passed, failed = passed + good, failed + (not good)
    if not good:
        for line in lines:
            print("# " + line)
    print("%s %d - %s" % ("ok" if good else "not ok", passed + failed, what))


def skip(what, why):
    global skipped
    skipped += 1
    print("ok - %s # SKIP %s" % (what, why))


def program():
    done = subprocess.run(["bash", "-c", ". tests/oracles/lib.sh; program network"], cwd=TOP, check=True, stdout=subprocess.PIPE)
    return done.stdout.decode().split()[-1]


def unpacked():
    cache = os.path.join(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "bootready", "oracles", "network-1")
    if not os.path.isdir(cache):
        os.makedirs(os.path.dirname(cache), exist_ok=True)
        with tempfile.TemporaryDirectory(dir=os.path.dirname(cache)) as work:
            packages.unpack(PACKAGES, os.path.join(work, "it"))
            try:
                os.rename(os.path.join(work, "it"), cache)
            except OSError:
                if not os.path.isdir(cache):
                    raise
    return cache


class Bench:
    def __init__(self, work):
        self.work, self.reader, self.tools, self.count = work, program(), unpacked(), 0
        self.env = dict(os.environ, LD_LIBRARY_PATH=os.path.join(self.tools, "usr/lib/x86_64-linux-gnu"), LC_ALL="C")

    def root(self):
        self.count += 1
        top = os.path.join(self.work, "root%d" % self.count)
        for path in ("etc", "usr/sbin", "usr/lib/systemd", "usr/libexec/netplan", "usr/lib/x86_64-linux-gnu"):
            os.makedirs(os.path.join(top, path))
        for path in ("usr/sbin/NetworkManager", "usr/lib/systemd/systemd-networkd", "usr/libexec/netplan/generate",
                     "usr/lib/x86_64-linux-gnu/libnetplan.so.0.0", "usr/sbin/ifup"):
            write(os.path.join(top, path), "#!/bin/sh\n", 0o755)
        return top

    def ours(self, top, driver="veth", names=()):
        done = subprocess.run([self.reader, top, driver, *names], check=True, stdout=subprocess.PIPE)
        return [line.split(" ") for line in done.stdout.decode().splitlines()]

    def tool(self, *words):
        return subprocess.run(words, env=self.env, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


# ifupdown

def interfaces(rnd):
    out, names = ["# made", "auto lo", "iface lo inet loopback"], ["eth0", "ens3", "br0", "eth0:1", "bond0"]
    for _ in range(rnd.randrange(1, 5)):
        name = rnd.choice(names)
        out.append(rnd.choice(["auto %s", "allow-hotplug %s", "allow-auto %s", "auto lo %s", "  auto %s", "# auto %s", "allow-x %s",
                               "auto \\\n %s"]) % name)
        head = "iface %s " % name
        out.append(head + rnd.choice(["inet dhcp", "inet static", "inet manual", "inet6 auto", "inet dhcp inherits lo",
                                      "inet6 dhcp", "inet6 static", "inet dhcp", "inet static"]))
        out += rnd.sample(["  address 192.0.2.7/24", "  mtu 1500", "  up true \\\n  && false",
                           "  # comment \\", "", "  hwaddress ether 00:11:22:33:44:55"], rnd.randrange(4))
    bad = rnd.choice([None, None, None, "stray option", "iface", "iface eth9 inet", "iface eth9 inet bogus", "iface eth9 bogus dhcp",
                      "mapping", "auto", "iface eth9 inet dhcp more", "iface eth9 inet dhcp inherits nobody", "no-auto-down eth0",
                      "source more.d/*", "source-directory more.d", "rename eth0=lan0", "mapping eth0\n  script /bin/true"])
    if bad:
        out.insert(1 if bad == "stray option" else rnd.randrange(3, len(out) + 1), bad)
    return "\n".join(out) + "\n"


def try_ifquery(bench):
    for seed in range(160 if MANY else 40):
        rnd, top = random.Random(seed), bench.root()
        path = os.path.join(top, "etc/network/interfaces")
        write(path, interfaces(rnd))
        write(os.path.join(top, "etc/network/more.d/extra"), rnd.choice(["auto ens9\niface ens9 inet dhcp\n", "# nothing\n", "iface x\n"]))
        write(os.path.join(top, "etc/network/more.d/not.taken"), rnd.choice(["auto ens8\niface ens8 inet dhcp\n", "# nothing\n"]))
        query = os.path.join(bench.tools, "sbin/ifquery")
        theirs, refused = set(), False
        for allow in ("auto", "hotplug"):
            done = bench.tool(query, "--interfaces=" + path, "--list", "--allow=" + allow)
            # 0.8 leaves with 1 where no interface is listed too: its words on the file tell.
            refused |= b"couldn't read" in done.stdout
            theirs |= set(done.stdout.decode().split()) if not refused else set()
        # A name that auto gives and no stanza describes is listed there, and nothing here.
        described = {word.split()[1] for word in open(path).read().splitlines() if word.startswith("iface ") and len(word.split()) > 1}
        for extra in os.listdir(os.path.join(top, "etc/network/more.d")):
            described |= {line.split()[1] for line in open(os.path.join(top, "etc/network/more.d", extra)) if line.startswith("iface ")}
        lines = bench.ours(top)
        problems = [line for line in lines if line[0] == "problem"]
        ours = {name for line in lines if line[0] == "profile" and line[1] == "ifupdown" and line[3] == "boot" for name in line[4:]}
        theirs = {name for name in theirs if name in described and name != "lo"}
        good = refused == bool(problems) and (refused or ours - {"lo"} == theirs)
        text = open(path).read()
        # Read otherwise than ifquery does: a comment that a backslash carries on, and an included file that is wrong.
        if not good and not refused and ("# comment \\\n" in text or any("more.d/extra" in " ".join(line) for line in problems)):
            skip("ifquery, seed %d" % seed, "a carried-on comment, or a wrong included file: known to be read otherwise")
            continue
        report(good, "ifquery, seed %d: %s" % (seed, "refused" if refused else " ".join(sorted(theirs)) or "none"),
               [open(path).read().replace("\n", "\n# "), "ifquery: %s %s" % (refused, sorted(theirs)), "here: %s %s" % (problems, sorted(ours))])


# netplan

def netplan_file(rnd):
    def card():
        keys = rnd.sample(["dhcp4: true", "dhcp4: no", "dhcp6: yes", "addresses: [192.0.2.7/24]", "addresses: ['2001:db8::1/64']",
                           "optional: true", "mtu: 1400", "dhcp4: 'on'", "nameservers: {addresses: [192.0.2.1]}"], rnd.randrange(1, 4))
        seen = set()
        keys = [k for k in keys if k.split(":")[0] not in seen and not seen.add(k.split(":")[0])]
        if rnd.randrange(3) == 0:
            keys.append("match: {%s}" % rnd.choice(["name: 'en*'", "name: '*'", "name: ens3", "driver: veth", "macaddress: '00:11:22:33:44:55'",
                                                    "name: 'e*', driver: virtio*"]))
        return "{%s}" % ", ".join(keys)

    body = ["network:", "  version: 2"]
    if rnd.randrange(4) == 0:
        body.append("  renderer: " + rnd.choice(["networkd", "NetworkManager"]))
    ids = rnd.sample(["eth0", "ens3", "all", "enp1s0", "ens192"], rnd.randrange(1, 4))
    body.append("  ethernets:")
    body += ["    %s: %s" % (name, card()) for name in ids]
    if rnd.randrange(4) == 0:
        body.append("  bridges:\n    br0: {interfaces: [%s], dhcp4: %s}" % (ids[0], rnd.choice(["true", "false"])))
    bad = rnd.choice([None] * 8 + ["   odd: indent", "  version: 3", "nonsense: 1", "    ens3: [1]", "    x: {dhcp4: maybe}",
                                   "    x: {addresses: [192.0.2.7]}", "\tx: 1", "    x: {match: 3}", "    x: {renderer: none}"])
    if bad:
        body.append(bad)
    return "\n".join(body) + "\n"


def try_netplan(bench):
    generate = os.path.join(bench.tools, "usr/libexec/netplan/generate")
    for seed in range(120 if MANY else 12):
        rnd, top, other = random.Random(1000 + seed), bench.root(), bench.root()
        for name in rnd.sample(["01-a.yaml", "50-b.yaml", "90-c.yaml"], rnd.choice([1, 1, 2])):
            write(os.path.join(top, "etc/netplan", name), netplan_file(rnd), 0o600)
        text = "".join(open(os.path.join(top, "etc/netplan", name)).read() for name in sorted(os.listdir(os.path.join(top, "etc/netplan"))))
        before = bench.ours(top, names=NAMES)
        done = bench.tool(generate, "--root-dir", top)
        refused = done.returncode != 0
        for source, target in (("run/systemd/network", "etc/systemd/network"),
                               ("run/NetworkManager/system-connections", "etc/NetworkManager/system-connections")):
            if os.path.isdir(os.path.join(top, source)) and not refused:
                shutil.copytree(os.path.join(top, source), os.path.join(other, target))
        after = bench.ours(other, names=NAMES)
        cards = [[line[:4] for line in lines if line[0] == "card" and (line[2] == "systemd-networkd" or line[3] == "dhcp")]
                 for lines in (before, after)]
        taken = any(line[0] == "problem" and line[3] == "refused:" for line in before)
        good = taken == refused and (refused or cards[0] == cards[1])
        wrong = [" ".join(line) for line in cards[0] + cards[1] if line not in cards[0] or line not in cards[1]]
        report(good, "netplan, seed %d: %s" % (seed, "refused" if refused else "%d outcomes" % len(cards[1])),
               text.splitlines() + done.stdout.decode("utf-8", "replace").splitlines()[-3:] + wrong + [str(taken)])


# NetworkManager

def nm_conf(rnd):
    out = []
    for _ in range(rnd.randrange(1, 4)):
        out.append(rnd.choice(["[main]", "[keyfile]", "[logging]", "[main]", "[keyfile]"]))
        for _ in range(rnd.randrange(3)):
            out.append(rnd.choice(["no-auto-default=*", "no-auto-default=eth0,eth1", "no-auto-default+=lan", "unmanaged-devices=*,except:type:wifi",
                                   "unmanaged-devices+=interface-name:eth*", "unmanaged-devices=mac:00:11:22:33:44:55", "level=DEBUG",
                                   "# comment", "plugins=keyfile", ""]))
    if rnd.randrange(10) == 0:
        out.append(rnd.choice(["no assignment", "[broken", "; semicolon"]))
    if rnd.randrange(8) == 0:
        out += ["[.config]", "enable=" + rnd.choice(["false", "true"])]
    return "\n".join(out) + "\n"


def same_list(ours, theirs):
    return [word for word in ours.replace(";", ",").split(",") if word] == [word for word in theirs.replace(";", ",").split(",") if word]


def try_nm(bench):
    binary = os.path.join(bench.tools, "usr/sbin/NetworkManager")
    for seed in range(120 if MANY else 30):
        rnd, top = random.Random(2000 + seed), bench.root()
        etc, lib = os.path.join(top, "etc/NetworkManager"), os.path.join(top, "usr/lib/NetworkManager")
        os.makedirs(os.path.join(lib, "conf.d"))
        os.makedirs(os.path.join(etc, "conf.d"))
        files = {os.path.join(etc, "NetworkManager.conf"): nm_conf(rnd)}
        for folder in (etc, lib):
            for name in rnd.sample(["00-a.conf", "50-b.conf", "c.conf", "d.txt"], rnd.randrange(3)):
                files[os.path.join(folder, "conf.d", name)] = rnd.choice([nm_conf(rnd), nm_conf(rnd), ""])
        for path, text in files.items():
            write(path, text)
        done = bench.tool(binary, "--print-config", "--config=" + os.path.join(etc, "NetworkManager.conf"),
                          "--config-dir=" + os.path.join(etc, "conf.d"), "--system-config-dir=" + os.path.join(lib, "conf.d"))
        theirs = configparser.ConfigParser(interpolation=None, strict=False, comment_prefixes=("#",), delimiters=("=",))
        refused = done.returncode != 0
        if not refused:
            theirs.read_string(done.stdout.decode())
        ours = {line[1]: " ".join(line[2:]) for line in bench.ours(top) if line[0] == "nm"}
        good = refused == bool(ours["bad"]) and (refused or (
            same_list(ours["no-auto-default"], theirs.get("main", "no-auto-default", fallback="")) and
            same_list(ours["unmanaged-devices"], theirs.get("keyfile", "unmanaged-devices", fallback=""))))
        report(good, "NetworkManager, seed %d: %d files%s" % (seed, len(files), ", refused" if refused else ""),
               ["%s: %r" % pair for pair in files.items()] + done.stdout.decode().splitlines() + [str(ours)])


# systemd-networkd

RUN = r"""
mount -t tmpfs tmpfs /run && mount -t sysfs -o ro sysfs /sys && mkdir -p /run/systemd/netif/links /run/systemd/netif/leases \
  /run/systemd/netif/lldp /run/systemd/network
chown -R systemd-network /run/systemd/netif
mount -t tmpfs tmpfs /etc/systemd/network && cp -r "$1"/etc/systemd/network/. /etc/systemd/network/
mount -t tmpfs tmpfs /usr/lib/systemd/network && cp -r "$1"/usr/lib/systemd/network/. /usr/lib/systemd/network/
shift
n=0
for name; do n=$((n + 1)); ip link add "$name" type veth peer name "peer$n"; done
timeout 90 "$NETWORKD" >/dev/null 2>&1 &
pid=$!
for i in $(seq 600); do
  sleep 0.1
  ready=yes
  for name; do
    file=/run/systemd/netif/links/$(cat "/sys/class/net/$name/ifindex")
    grep -q '^ADMIN_STATE=\(unmanaged\|conf\|failed\|linger\)' "$file" 2>/dev/null || ready=no
  done
  [ $ready = no ] || break
done
for name; do
  echo "$name $(sed -n 's/^NETWORK_FILE=//p' "/run/systemd/netif/links/$(cat "/sys/class/net/$name/ifindex")")"
done
kill $pid
"""


def network_file(rnd):
    match = rnd.sample(["Name=" + rnd.choice(["e*", "ens3", "eth0 eth7", "!eth*", "en[ps]*", "lan", "*", "ens192"]), "Driver=" + rnd.choice(["veth", "virtio_net", "v*", "!veth"]),
                        "Type=" + rnd.choice(["ether", "wlan", "!ether", "ether bond", "!wlan"]), "MACAddress=00:11:22:33:44:55", "Name=ens3\nName=lan",
                        "Virtualization=" + rnd.choice(["container", "!container"]) if os.environ.get("VIRTUALIZATION") else "Name=e*", "Name=", "# Name=eth0", "WLANInterfaceType=station"],
                       rnd.choice([1, 1, 1, 2]))
    return rnd.choice(["[Match]\n%s\n", "[Match]\n%s\n\n", "# c\n[Match]\n%s\n; c\n", "[Match]\n%s\n[Link]\nMTUBytes=1400\n"]) % "\n".join(match) + \
        rnd.choice(["[Network]\nLinkLocalAddressing=no\n", "[Network]\nDHCP=ipv4\n", "[Network]\nAddress=192.0.2.9/24\n"])


def networkd_tree(rnd, top):
    etc, lib = os.path.join(top, "etc/systemd/network"), os.path.join(top, "usr/lib/systemd/network")
    os.makedirs(etc)
    os.makedirs(lib)
    for name in rnd.sample(["10-a.network", "20-b.network", "30-c.network", "80-d.network", "z.network", "05-e.network.example"], rnd.randrange(2, 5)):
        folder = rnd.choice([etc, etc, lib])
        write(os.path.join(folder, name), rnd.choice([network_file(rnd)] * 7 + ["", "[Network]\nDHCP=yes\n"]))
        if rnd.randrange(4) == 0:
            write(os.path.join(rnd.choice([etc, lib]), name + ".d", "x.conf"), "[Match]\n%s\n" % rnd.choice(["Name=eth0", "Name=", "Driver=veth", "Type=wlan"]))
        if folder == lib and rnd.randrange(3) == 0:
            os.symlink("/dev/null", os.path.join(etc, name))


def try_networkd(bench):
    if os.getuid() != 0 or not os.path.exists(NETWORKD) or not shutil.which("unshare"):
        skip("systemd-networkd", "not as root, or no systemd-networkd here")
        return
    env = dict(os.environ, NETWORKD=NETWORKD, PATH="/usr/sbin:/usr/bin:/sbin:/bin")
    for seed in range(60 if MANY else 4):
        rnd, top = random.Random(3000 + seed), bench.root()
        networkd_tree(rnd, top)
        done = subprocess.run(["unshare", "-nm", "bash", "-c", RUN, "run", top, *NAMES], env=env, check=False, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE)
        theirs = {line.split(" ")[0]: line.split(" ")[1] for line in done.stdout.decode().splitlines()}
        if len(theirs) != len(NAMES):
            skip("systemd-networkd, seed %d" % seed, "no network namespace with cards here")
            continue
        lines = bench.ours(top, names=NAMES)
        for name in NAMES:
            ours = [line[4] for line in lines if line[0] == "card" and line[1] == name and line[2] == "systemd-networkd"]
            good = len(ours) == 1 and (ours[0] if ours[0] != "-" else "") == theirs[name]
            text = []
            for folder, _, files in os.walk(top):
                text += ["%s: %r" % (os.path.join(folder, file)[len(top):], open(os.path.join(folder, file)).read()) for file in files
                         if file.endswith((".network", ".conf"))]
            report(good, "systemd-networkd, seed %d: %s: %s" % (seed, name, theirs[name] or "none"), text + ["here: %s" % ours])


def main():
    tests = {"ifquery": try_ifquery, "netplan": try_netplan, "nm": try_nm, "networkd": try_networkd}
    with tempfile.TemporaryDirectory() as work:
        os.chmod(work, 0o755)
        try:
            bench = Bench(work)
        except SuiteError as error:
            print("ok - network # SKIP %s\n0 passed, 0 failed, 1 skipped" % error)
            return 0
        for name, test in tests.items():
            if not sys.argv[1:] or name in sys.argv[1:]:
                test(bench)
    print("%d passed, %d failed%s" % (passed, failed, ", %d skipped" % skipped if skipped else ""))
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
