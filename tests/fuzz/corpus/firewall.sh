#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
set -euo pipefail
cat >"$1/nft" <<'F'
#!/usr/sbin/nft -f
flush ruleset
define ports = { 22, $other, 2222 }
define other = $ports
include "/etc/x/*.nft"
table inet filter {
  set s { type inet_service; flags interval; elements = { 22, 80-90 } }
  map m { type inet_service : verdict; elements = { 22 : jump one, 80: drop } }
  chain one { ip saddr @s accept; tcp dport @s goto two }
  chain two { jump one; }
  chain input {
    type filter hook input priority filter - 10; policy drop;
    ct state vmap { established : accept, invalid : drop }
    tcp dport vmap @m
    tcp flags & (fin|syn|rst|ack) == syn limit rate over 5/second burst 3 packets drop
    meta l4proto { tcp, udp } th dport $ports counter packets 1 bytes 2 log prefix "x" accept comment "y"
    fib daddr . iif type != local update @s { ip saddr limit rate over 1/minute } reject with icmpx type port-unreachable
  }
}
add rule inet filter input tcp dport < 1024 accept
insert rule inet filter input iifname { "lo", "eth0" } accept
add element inet filter s { 443 }
delete table ip6 x
F
cat >"$1/iptables" <<'F'
*raw
:PREROUTING ACCEPT [0:0]
COMMIT
*filter
:INPUT DROP [0:0]
:one - [0:0]
[1:2] -A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A INPUT ! -i lo -p tcp -m multiport ! --dports 80,443:500 -m comment --comment "a \"b\" -j DROP" -g one
-I INPUT 1 -p tcp --tcp-flags FIN,SYN SYN -m recent --update --hitcount 3 -j DROP
-A one -s 10.0.0.0/8 -j one
-A one -j NFQUEUE
-P INPUT ACCEPT
COMMIT
F
cat >"$1/zone" <<'F'
<?xml version="1.0" encoding="utf-8"?>
<zone target="%%REJECT%%"><!-- <service name="ssh"/> -->
  <service name='ssh'/><port protocol="tcp" port="20-25"/><protocol value="tcp"/>
  <rule family="ipv4"><source address="10.0.0.0/8"/><service name="ssh"/><reject/></rule>
  <rule family="ipv6"><drop/></rule>
</zone>
F
