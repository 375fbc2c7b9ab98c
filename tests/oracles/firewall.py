#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Rules that the kernel has loaded, and a connection to port 22 through them.

In a network namespace with two pairs of interfaces, a listener on port 22, and senders of three addresses: rules written by a
seed, and those that distributions ship, are loaded by nft or iptables-restore, and every sender tries to connect by each
interface. All get in: "open"; none: "dropped"; else "partly". What the reader says of the same file has to be that; "partly"
for what is uniform is let pass and counted, since it knows nothing of the senders. Without root or namespaces: skipped.
"""

import ctypes
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
SENDERS = ("10.1.0.2", "192.168.1.2", "172.16.3.2")
LINKS = ("eth0", "ens5")
CLONE_NEWNET = 0x40000000
passed = failed = skipped = coarse = 0


def program():
    """tests/oracles/firewall.c, linked against the readers."""
    rule = ("build/oracles/%: tests/oracles/%.c build/parts.a; @mkdir -p $(@D) && $(BR_CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) -c -o $@.o "
            "$< && $(BR_LINK) -o $@ $@.o build/parts.a")
    subprocess.run(["make", "-s", "-C", TOP, "--eval", rule, "build/oracles/firewall"], check=True, stdout=sys.stderr)
    return os.path.join(TOP, "build/oracles/firewall")


def ip(*words):
    subprocess.run(["ip", *words], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


class Net:
    """This process's own namespace is the machine's; a child's holds the senders."""

    def __init__(self):
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.unshare(CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), "unshare")
        ours, theirs = socket.socketpair()
        self.child = os.fork()
        if self.child == 0:
            ours.close()
            libc.unshare(CLONE_NEWNET)
            theirs.send(b"x")
            self.senders(theirs)
            os._exit(0)
        theirs.close()
        self.line = ours
        self.line.recv(1)
        ip("link", "set", "lo", "up")
        for number, link in enumerate(LINKS):
            ip("link", "add", link, "type", "veth", "peer", "name", "p%d" % number, "netns", str(self.child))
            ip("addr", "add", "198.51.%d.1/24" % number, "dev", link)
            ip("link", "set", link, "up")
        for sender in SENDERS:
            ip("route", "add", sender + "/32", "dev", LINKS[0])
        for path in ("all", *LINKS):
            with open("/proc/sys/net/ipv4/conf/%s/rp_filter" % path, "w", encoding="ascii") as file:
                file.write("0")
        self.listener = socket.create_server(("0.0.0.0", 22), backlog=64)
        self.line.send(b"x")
        self.line.recv(1)

    @staticmethod
    def senders(line):
        """Sets its side up, then tries on every word; answers with one byte a try."""
        line.recv(1)
        ip("link", "set", "lo", "up")
        for number in range(len(LINKS)):
            ip("link", "set", "p%d" % number, "up")
            ip("addr", "add", "198.51.%d.2/24" % number, "dev", "p%d" % number)
        for sender in SENDERS:
            ip("addr", "add", sender + "/32", "dev", "p0")
        line.send(b"x")
        while line.recv(1):
            tries = []
            for sender in SENDERS:
                for number in range(len(LINKS)):
                    one = socket.socket()
                    one.setblocking(False)
                    one.bind((sender, 0))
                    one.connect_ex(("198.51.%d.1" % number, 22))
                    tries.append(one)
            answer = b""
            for one in tries:
                one.settimeout(.25 if b"1" not in answer else .1)
                try:
                    one.getpeername()
                    answer += b"1"
                except OSError:
                    _, ready, _ = __import__("select").select([], [one], [], .25)
                    answer += b"1" if ready and one.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == 0 else b"0"
                one.close()
            line.send(answer)

    def reach(self):
        """"open", "dropped" or "partly"."""
        self.line.send(b"x")
        answer = self.line.recv(64)
        self.listener.setblocking(False)
        try:
            while True:
                self.listener.accept()[0].close()
        except OSError:
            pass
        return "open" if b"0" not in answer else "dropped" if b"1" not in answer else "partly"


def iptables(seed):
    r = random.Random(seed)

    def match():
        words = []
        for _ in range(r.randint(0, 2)):
            words.append(r.choice([
                "-p tcp", "-p tcp -m tcp --dport 22", "-p tcp --dport ssh", "-p tcp -m tcp --dport 80", "-p tcp --dport 1:1024", "-p udp",
                "-p tcp -m multiport --dports 22,80", "-p tcp -m multiport --dports 80,443", "-p tcp ! --dport 22", "-p icmp", "-i lo", "! -i lo",
                "-i eth0", "-i ens5", "-s 10.0.0.0/8", "-s 192.168.0.0/16", "! -s 172.16.0.0/12", "-s 0.0.0.0/0", "-s 127.0.0.0/8",
                "-m conntrack --ctstate NEW", "-m conntrack --ctstate RELATED,ESTABLISHED", "-m state --state NEW,ESTABLISHED",
                "-m conntrack --ctstate INVALID", "-p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN", "-p tcp -m tcp ! --tcp-flags FIN,SYN,RST,ACK SYN",
                "-m addrtype --dst-type LOCAL", "-m addrtype --dst-type BROADCAST", '-m comment --comment "a -j DROP b"', "-m pkttype --pkt-type unicast",
                "-m limit --limit 100/sec --limit-burst 100"]))
        protocols = {w.split()[1] for w in words if w.startswith("-p")}
        if len(protocols) > 1 or sum(w.startswith("-p") for w in words) > 1:
            words = [w for w in words if not w.startswith("-p")][:1] + [next(w for w in words if w.startswith("-p"))]
        flags = [w.split()[0 if w[0] != "!" else 1] for w in words]
        return " ".join(w for i, w in enumerate(words) if flags[i] not in flags[:i] or flags[i] == "-m" and w not in words[:i])

    chains = ["one", "two"]
    lines = ["*filter", ":INPUT %s [0:0]" % r.choice(["ACCEPT", "DROP"]), ":FORWARD ACCEPT [0:0]", ":OUTPUT ACCEPT [0:0]"]
    lines += [":%s - [0:0]" % c for c in chains]
    for number, chain in enumerate(["INPUT", *chains]):
        for _ in range(r.randint(1, 6)):
            after = chains[number:]
            lines.append("-A %s %s -j %s" % (chain, match(), r.choice(["ACCEPT", "ACCEPT", "DROP", "REJECT", "RETURN", "LOG"] + after)))
    return "\n".join(lines + ["COMMIT", ""])


def nft(seed):
    r = random.Random(seed)

    def match():
        return " ".join(r.choice([
            "tcp dport 22", "tcp dport ssh", "tcp dport { 22, 80 }", "tcp dport {80, 443}", "tcp dport != 22", "tcp dport 1-1024", "tcp dport $ports",
            "tcp dport @allowed", "tcp dport < 1024", "udp dport 53", "ct state new", "ct state established,related", "ct state { established, related }",
            "ct state invalid", "ct state != invalid", "iif lo", 'iifname "lo"', 'iifname != "lo"', 'iifname "eth0"', 'iifname { "eth0", "ens5" }',
            "iifname ens5", "ip saddr 10.0.0.0/8", "ip saddr { 10.0.0.0/8, 192.168.0.0/16 }", "ip saddr != 172.16.0.0/12", "ip protocol tcp",
            "ip protocol icmp", "ip6 saddr ::1", "meta l4proto tcp", "meta l4proto { tcp, udp }", "meta l4proto udp", "meta nfproto ipv4", "meta nfproto ipv6",
            "tcp flags & (fin|syn|rst|ack) == syn", "tcp flags & (fin|syn|rst|ack) != syn", "tcp flags syn", "fib daddr type local",
            "fib daddr type broadcast", "limit rate 100/second burst 100 packets", "limit rate over 1000/second burst 100 packets", "counter", "meta pkttype host",
            "counter packets 0 bytes 0"]) for _ in range(r.randint(0, 2)))

    def verdict(after):
        return r.choice(["accept", "accept", "drop", "reject", "return", "reject with icmpx type admin-prohibited", "counter accept", "counter",
                         'log prefix "drop: " level info', 'accept comment "drop it"'] + ["jump " + c for c in after] + ["goto " + c for c in after])

    def rules(after):
        lines = []
        for _ in range(r.randint(1, 6)):
            lines.append(r.choice([
                "%s %s" % (match(), verdict(after))] * 6 + [
                "ct state vmap { established : accept, related : accept, invalid : drop }",
                "tcp dport vmap { %s }" % ", ".join(r.sample(["22 : accept", "80 : drop", "443 : accept", "22-23 : drop"][:3], 2)),
                "meta l4proto vmap { tcp : %s, udp : drop }" % r.choice(["accept", "drop"] + ["jump " + c for c in after])]))
        return "\n".join("    " + line for line in lines)

    family = r.choice(["inet", "inet", "ip"])
    text = "#!/usr/sbin/nft -f\nflush ruleset\ndefine ports = { 22, 2222 }\ntable %s filter {\n  set allowed {\n    type inet_service\n    elements = { %s }\n  }\n" % (
        family, r.choice(["22, 80", "80, 443", "ssh"]))
    text += "  chain two {\n%s\n  }\n  chain one {\n%s\n  }\n" % (rules([]), rules(["two"]))
    text += "  chain input {\n    type filter hook input priority %s; policy %s;\n%s\n  }\n}\n" % (
        r.choice(["0", "filter", "filter + 10", "-10"]), r.choice(["accept", "drop"]), rules(["one", "two"]))
    if r.random() < .3:
        text += "table inet other {\n  chain early {\n    type filter hook %s priority %s\n%s\n  }\n}\n" % (
            r.choice(["input", "prerouting"]), r.choice(["raw", "mangle", "security"]), rules([]))
    if r.random() < .2:
        text += "add rule %s filter input %s %s\n" % (family, match(), r.choice(["accept", "drop"]))
    if family == "inet":
        return text
    for word, other in (("reject with icmpx type admin-prohibited", "reject"), ("meta nfproto ipv4", "counter"), ("meta nfproto ipv6", "udp dport 53"),
                        ("ip6 saddr ::1", "udp dport 53")):
        text = text.replace(word, other)
    return text


SHIPPED = {
    "iptables: Red Hat's": ("iptables", """*filter
:INPUT ACCEPT [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
-A INPUT -m state --state RELATED,ESTABLISHED -j ACCEPT
-A INPUT -p icmp -j ACCEPT
-A INPUT -i lo -j ACCEPT
-A INPUT -p tcp -m state --state NEW -m tcp --dport 22 -j ACCEPT
-A INPUT -j REJECT --reject-with icmp-host-prohibited
COMMIT
"""),
    "nftables: Arch's": ("nft", """#!/usr/bin/nft -f
table inet filter
delete table inet filter
table inet filter {
  chain input {
    type filter hook input priority filter
    policy drop

    ct state invalid drop comment "early drop of invalid connections"
    ct state {established, related} accept comment "allow tracked connections"
    iif lo accept comment "allow from loopback"
    ip protocol icmp accept comment "allow icmp"
    meta l4proto ipv6-icmp accept comment "allow icmp v6"
    tcp dport ssh accept comment "allow sshd"
    pkttype host limit rate 5/second counter reject with icmpx type admin-prohibited
    counter
  }
  chain forward {
    type filter hook forward priority filter
    policy drop
  }
}
"""),
    "nftables: Debian's": ("nft", """#!/usr/sbin/nft -f

flush ruleset

table inet filter {
	chain input {
		type filter hook input priority filter;
	}
	chain forward {
		type filter hook forward priority filter;
	}
	chain output {
		type filter hook output priority filter;
	}
}
"""),
}


def load(kind, path):
    subprocess.run(["nft", "flush", "ruleset"], check=False, stderr=subprocess.DEVNULL)
    command = ["nft", "-f", path] if kind == "nft" else ["iptables-restore", path]
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)
    return done.returncode == 0, done.stderr


def compare(net, reader, work, kind, name, text):
    global passed, failed, skipped, coarse
    shutil.rmtree(work, ignore_errors=True)
    path = os.path.join(work, "etc/iptables/rules.v4" if kind == "iptables" else "etc/nftables.conf")
    os.makedirs(os.path.dirname(path))
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    loaded, why = load(kind, path)
    if not loaded:
        skipped += 1
        if os.environ.get("VERBOSE"):
            print("# %s: not loaded: %s" % (name, why.strip()))
        return
    said = subprocess.run([reader, work], check=True, stdout=subprocess.PIPE, text=True).stdout
    mine = next(line.split()[1] for line in said.splitlines() if line.startswith("iptables" if kind == "iptables" else "nftables"))
    theirs = net.reach()
    if mine == "partly" and theirs != mine:
        coarse += 1
        passed += 1
    elif mine == theirs:
        passed += 1
    else:
        failed += 1
        print("not ok %d - %s: a connection: %s; here: %s\n%s" % (passed + failed, name, theirs, mine, "\n".join("# " + l for l in text.splitlines())))


def main():
    if os.geteuid() != 0 or not all(map(shutil.which, ("nft", "iptables-restore", "ip"))):
        print("ok - firewalls # SKIP needs root, nft, iptables-restore and ip\n0 passed, 0 failed, 1 skipped")
        return 0
    reader = program()
    try:
        net = Net()
    except (OSError, subprocess.CalledProcessError) as error:
        print("ok - firewalls # SKIP no network namespaces here (%s)\n0 passed, 0 failed, 1 skipped" % error)
        return 0
    seeds = [int(word) for word in sys.argv[1:]] or range(1, 301 if os.environ.get("BOOTREADY_ORACLES") == "all" else 13)
    with tempfile.TemporaryDirectory() as work:
        for name, (kind, text) in SHIPPED.items():
            compare(net, reader, os.path.join(work, "root"), kind, name, text)
        for seed in seeds:
            compare(net, reader, os.path.join(work, "root"), "iptables", "iptables, seed %d" % seed, iptables(seed))
            compare(net, reader, os.path.join(work, "root"), "nft", "nft, seed %d" % seed, nft(seed))
    os.kill(net.child, 9)
    print("# %d of them: here \"partly\", and all senders fared alike" % coarse)
    print("%d passed, %d failed%s" % (passed, failed, ", %d skipped" % skipped if skipped else ""))
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
