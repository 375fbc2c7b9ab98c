#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Lines of every kind of argument; a server's whole file; a key; what dpkg and a program say of a release.
set -eu
cat >"$1/server" <<'F'
Include /etc/ssh/sshd_config.d/*.conf "/etc/ssh/a b"
Port 22
Port=ssh
ListenAddress [::1]:22 rdomain vrf
ListenAddress 0.0.0.0
ListenAddress host.example.com:22
AddressFamily inet
HostKey /etc/ssh/ssh_host_rsa_key
HostKey ~root/key
PermitRootLogin prohibit-password # not by password
PasswordAuthentication no
KbdInteractiveAuthentication no
ChallengeResponseAuthentication no
AuthorizedKeysFile .ssh/authorized_keys "~root/x y" %h/z
AuthorizedKeysCommand /usr/bin/keys %u
AuthorizedKeysCommandUser nobody
AuthenticationMethods publickey,password publickey,keyboard-interactive:pam
UsePrivilegeSeparation sandbox
Subsystem sftp /usr/lib/openssh/sftp-server -f AUTH -l INFO
AcceptEnv LANG LC_*
Match User a,b Address 10.0.0.0/8,!10.1.2.3,::/0 LocalPort 22
	ForceCommand "x y" 'z'
	X11Forwarding no
	ChrootDirectory /srv/%u
Match user=x
	PermitOpen host:22 [::1]:* *:80
	PermitListen 8080 localhost:22
Match version OpenSSH_* invalid-user
Match all
Banner none
F
cat >"$1/lists" <<'F'
Ciphers +aes128-cbc,aes256-gcm@openssh.com
MACs -hmac-md5,umac-*
KexAlgorithms ^curve25519-sha256,keyexchange@example.com
HostKeyAlgorithms ssh-*,!ssh-dss,rsa-sha2-512
PubkeyAcceptedAlgorithms *
CASignatureAlgorithms ssh-ed25519
GSSAPIKexAlgorithms gss-group14-sha256-
RekeyLimit 1.5G 1h30m
MaxStartups 10:30:100
IPQoS af21 0x10
LoginGraceTime 2m10.5s
ClientAliveCountMax 3
StreamLocalBindMask 0177
FingerprintHash SHA256
PerSourceNetBlockSize 32:128
PerSourceMaxStartups none
PerSourcePenalties crash:90s max-sources4:10 overflow:permissive
PerSourcePenaltyExemptList 10.0.0.0/8,fe80::/64
ChannelTimeout session:*=5m direct-tcpip=1h
UnusedConnectionTimeout none
LogVerbose a.c:*:10 b
SetEnv "A=b c" D=e
AllowUsers root@10.0.0.0/8 "a b" *@*.example.com
DenyGroups x y
PubkeyAuthOptions touch-required
PermitUserEnvironment LANG,LC_*
RevokedKeys none
VersionAddendum a b c
AddedKeyword yes
RDomain %D
F
printf 'Port 22\000junk\nUsePAM "yes\n\tBanner it\\\047s\\ a \\"b" c\r\nX11Forwarding yes #\f\n' >"$1/odd"
printf -- '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmUA\n-----END OPENSSH PRIVATE KEY-----\n' >"$1/key"
printf 'Package: openssh-server\nStatus: install ok installed\nVersion: 1:9.2p1-2+deb12u3\n\nOpenSSH_6.6.1*\000OpenSSH_9.2p1 Debian-2\000' >"$1/version"
