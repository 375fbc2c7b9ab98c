#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# One file of each kind; the byte in front says whose: "0" ifupdown, "1" netplan, "2" NetworkManager, "3" and "4" ifcfg, "5" udev.
set -eu
printf '0source more/*\nauto lo eth0\niface lo inet loopback\nallow-hotplug /en*\nmapping eth1\n  script x\niface eth0 inet dhcp\n mtu \\\n 1500\niface br0 inet static inherits eth0\n bridge_ports eth1\n' >"$1/interfaces"
printf '1network:\n  version: 2\n  renderer: networkd\n  ethernets:\n    a: &x {match: {name: "e*", driver: [a, b]}, dhcp4: true}\n    b: *x\n  bridges:\n    br0: {interfaces: [a], addresses: [192.0.2.1/24, "::1/64"]}\n' >"$1/netplan"
printf '2[connection]\ntype=ethernet\ninterface-name=eth0\nautoconnect-priority=-5\n[ipv4]\nmethod=auto\naddress1=192.0.2.1/24\n[match]\ndriver=a;b;\n' >"$1/keyfile"
printf '3DEVICE="eth0"\nexport HWADDR=00:11:22:33:44:55\nBOOTPROTO=dhcp # c\nONBOOT=yes\nBRIDGE=br0\n' >"$1/ifcfg"
printf "4BOOTPROTO='dhcp'\nSTARTMODE='auto'\nBONDING_SLAVE_0='eth0'\nBRIDGE_PORTS='eth1 eth2'\n" >"$1/suse"
printf '5SUBSYSTEM=="net", ATTR{address}=="00:11:22:33:44:55", NAME="eth0"\n# c\n' >"$1/rules"
