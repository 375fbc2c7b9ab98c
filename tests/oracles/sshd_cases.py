# SPDX-License-Identifier: LGPL-2.1-or-later
"""The configurations that sshd.py has `sshd -t` judge: (name, {path: bytes}); the main file is "sshd_config"."""
import glob
import json
import os
import random

KEYWORDS = """AcceptEnv AddressFamily AllowAgentForwarding AllowGroups AllowStreamLocalForwarding AllowTcpForwarding
AllowUsers AuthenticationMethods AuthorizedKeysCommand AuthorizedKeysCommandUser AuthorizedKeysFile
AuthorizedPrincipalsCommand AuthorizedPrincipalsCommandUser AuthorizedPrincipalsFile Banner
CASignatureAlgorithms ChallengeResponseAuthentication ChannelTimeout ChrootDirectory Ciphers
ClientAliveCountMax ClientAliveInterval Compression DenyGroups DenyUsers DisableForwarding ExposeAuthInfo
FingerprintHash ForceCommand GatewayPorts GSSAPIAuthentication GSSAPICleanupCredentials
GSSAPIStrictAcceptorCheck GSSAPIKeyExchange GSSAPIStoreCredentialsOnRekey HostbasedAcceptedAlgorithms
HostbasedAcceptedKeyTypes HostbasedAuthentication HostbasedUsesNameFromPacketOnly HostCertificate HostKey
HostKeyAgent HostKeyAlgorithms IgnoreRhosts IgnoreUserKnownHosts Include IPQoS KbdInteractiveAuthentication
KerberosAuthentication KerberosGetAFSToken KerberosOrLocalPasswd KerberosTicketCleanup KexAlgorithms
ListenAddress LoginGraceTime LogLevel LogVerbose MACs Match MaxAuthTries MaxSessions MaxStartups ModuliFile
PAMServiceName PasswordAuthentication PermitEmptyPasswords PermitListen PermitOpen PermitRootLogin PermitTTY
PermitTunnel PermitUserEnvironment PermitUserRC PerSourceMaxStartups PerSourceNetBlockSize
PerSourcePenalties PerSourcePenaltyExemptList PidFile Port PrintLastLog PrintMotd PubkeyAcceptedAlgorithms
PubkeyAcceptedKeyTypes PubkeyAuthentication PubkeyAuthOptions RefuseConnection RekeyLimit RequiredRSASize
RevokedKeys SecurityKeyProvider SetEnv SshdAuthPath SshdSessionPath StreamLocalBindMask
StreamLocalBindUnlink StrictModes Subsystem SyslogFacility TCPKeepAlive TrustedUserCAKeys
UnusedConnectionTimeout UseDNS UsePAM VersionAddendum X11DisplayOffset X11Forwarding X11UseLocalhost
XAuthLocation DebianBanner Protocol UsePrivilegeSeparation KeyRegenerationInterval ServerKeyBits
RSAAuthentication RhostsRSAAuthentication UseLogin KeepAlive DSAAuthentication SkeyAuthentication HostDSAKey
CheckMail AuthorizedKeysFile2 PAMAuthenticationViaKbdInt ReverseMappingCheck VerifyReverseMapping
KerberosTgtPassing AFSTokenPassing RhostsAuthentication ShowPatchLevel RSAMinSize KerberosUseKuserok
GSSAPIEnablek5users UnknownKeyword GSSAPIDelegateCredentials""".split()

# Lines whose arguments are telling for their keyword alone.
SPECIAL = """Port 22|Port 0|Port 65535|Port 65536|Port ssh|Port nosuchservice|Port 22 23|Port -1|Port +22|Port "22"
Port 0x16|Port 22,23|ListenAddress 0.0.0.0|ListenAddress ::|ListenAddress [::]:22|ListenAddress [::]
ListenAddress 1.2.3.4:22|ListenAddress 1.2.3.4:0|ListenAddress 1.2.3.4:99999|ListenAddress [1.2.3.4]:22
ListenAddress 1.2.3.4/24|ListenAddress *|ListenAddress :22|ListenAddress [::1|ListenAddress ::1 22
ListenAddress 10.1|ListenAddress 1.2.3.4:ssh|ListenAddress [::1]x|ListenAddress 1.2.3.4:|ListenAddress 1.2.3.4 foo
LoginGraceTime 30|LoginGraceTime 2m|LoginGraceTime 1h30m|LoginGraceTime 0|LoginGraceTime -1|LoginGraceTime 1x
LoginGraceTime m|LoginGraceTime 99999999999|LoginGraceTime 1.5|LoginGraceTime none|LoginGraceTime 2147483647
LoginGraceTime 2147483648|LoginGraceTime 1w1d1h1m1s|LoginGraceTime 10s10s|LoginGraceTime 1M|ClientAliveInterval 15
ClientAliveInterval 15m x|ClientAliveInterval +5|ClientAliveCountMax 3|ClientAliveCountMax -3|ClientAliveCountMax 3x
ClientAliveCountMax 2147483648|MaxAuthTries 0|MaxAuthTries ""|MaxSessions 010|X11DisplayOffset 10|X11DisplayOffset a
PermitRootLogin prohibit-password|PermitRootLogin without-password|PermitRootLogin forced-commands-only
PermitRootLogin YES|PermitRootLogin "yes"|PermitRootLogin 'yes'|PermitRootLogin "yes|PermitRootLogin yes#comment
PermitRootLogin yes # comment|PermitRootLogin=no|PermitRootLogin = no|PermitRootLogin == no|PermitRootLogin ye\\s
PermitRootLogin y"e"s|PermitRootLogin yes no|PermitRootLogin ""|PermitRootLogin|"PermitRootLogin" yes
PermitRootLogin\tyes|PermitRootLogin,yes|permitrootlogin NO|PermitRootLogin yes\\|PermitRootLogin yes "
PermitRootLogin yes ""|PermitRootLogin # yes|AddressFamily any|AddressFamily inet|AddressFamily inet6
AddressFamily inet4|IgnoreRhosts shosts-only|IgnoreRhosts yes|IgnoreRhosts x|Compression delayed|Compression yes
Compression zlib|GatewayPorts clientspecified|GatewayPorts all|AllowTcpForwarding local|AllowTcpForwarding all
AllowTcpForwarding both|PermitTunnel ethernet|PermitTunnel point-to-point|PermitTunnel YES|PermitTunnel tap
SyslogFacility AUTHPRIV|SyslogFacility authpriv|SyslogFacility KERN|SyslogFacility LOCAL8|LogLevel VERBOSE
LogLevel debug3|LogLevel DEBUG4|LogLevel 3|LogVerbose none|LogVerbose none x|LogVerbose a.c:*:10 b|LogVerbose x none
PermitUserEnvironment LANG,LC_*|PermitUserEnvironment yes|RekeyLimit default|RekeyLimit default none
RekeyLimit 1G 1h|RekeyLimit 1G none|RekeyLimit 15|RekeyLimit 16|RekeyLimit 1.5G|RekeyLimit 1X|RekeyLimit -1
RekeyLimit 1GB|RekeyLimit G|RekeyLimit 1G 1h x|RekeyLimit 1G 1y|RekeyLimit .|RekeyLimit 0|RekeyLimit 1G,
RekeyLimit 99999999999999999999999|RekeyLimit 9E|RekeyLimit 1.2.3|RekeyLimit 1k default|RekeyLimit 1K 0
MaxStartups 10|MaxStartups 10:30:100|MaxStartups 10:30|MaxStartups 100:30:10|MaxStartups 10:0:100
MaxStartups 10:101:100|MaxStartups 0|MaxStartups -1|MaxStartups 10x|MaxStartups x|MaxStartups 0:30:100
MaxStartups 10:30:100:5|MaxStartups 10:30:100x|PerSourceNetBlockSize 32:128|PerSourceNetBlockSize 33
PerSourceNetBlockSize 24|PerSourceNetBlockSize 24:129|PerSourceNetBlockSize :64|PerSourceNetBlockSize 32:x
PerSourceMaxStartups none|PerSourceMaxStartups 5|PerSourceMaxStartups -1|PerSourceMaxStartups None
PerSourcePenalties no|PerSourcePenalties yes|PerSourcePenalties crash:90s|PerSourcePenalties crash:90s authfail:1m
PerSourcePenalties no crash:1|PerSourcePenalties crash:1 no|PerSourcePenalties foo:1
PerSourcePenalties max-sources4:10 overflow:permissive|PerSourcePenalties overflow:maybe
PerSourcePenalties refuseconnection:10s|PerSourcePenalties max-sources6:x|PerSourcePenalties min:
PerSourcePenalties # none|PerSourcePenaltyExemptList 10.0.0.0/8|PerSourcePenaltyExemptList 10.0.0.1/8
PerSourcePenaltyExemptList foo|PerSourcePenaltyExemptList 10.0.0.0/8,|PerSourcePenaltyExemptList !10.0.0.1
AllowUsers root|AllowUsers root@10.0.0.0/8|AllowUsers root@10.0.0.1/8|AllowUsers root@*.example.com|AllowUsers a b c
AllowUsers ""|AllowUsers #|AllowUsers "a b" c|AllowUsers root@1.2.3.4/33|AllowUsers root@::/0
AllowUsers root@fe80::1/64|AllowUsers a@|AllowUsers a@b@c|DenyUsers x@10.0.0.0/24,10.0.1.1/24
AllowUsers a@!10.0.0.0/8|AllowGroups wheel|AllowGroups a "" b|AllowGroups a # b|DenyGroups *|Ciphers aes128-ctr
Ciphers +aes128-cbc|Ciphers -aes*|Ciphers ^aes256-ctr|Ciphers none|Ciphers bogus|Ciphers aes128-ctr,bogus
Ciphers aes128-ctr,,bogus|Ciphers ,bogus|Ciphers aes128-ctr,|Ciphers +|Ciphers -|Ciphers 3des-cbc|Ciphers arcfour
Ciphers aes*|Ciphers AES128-CTR|Ciphers rijndael-cbc@lysator.liu.se|Ciphers aes128-ctr aes256-ctr
Ciphers chacha20-poly1305@openssh.com,aes256-gcm@openssh.com|Ciphers blowfish-cbc|Ciphers -bogus|MACs hmac-sha2-256
MACs hmac-ripemd160|MACs +hmac-md5|MACs umac-128-etm@openssh.com,hmac-sha1|MACs x|MACs "hmac-sha2-256,hmac-sha2-512"
MACs -*|MACs ^hmac-sha1|KexAlgorithms curve25519-sha256|KexAlgorithms sntrup761x25519-sha512
KexAlgorithms sntrup761x25519-sha512@openssh.com|KexAlgorithms sntrup4591761x25519-sha512@tinyssh.org
KexAlgorithms mlkem768x25519-sha256|KexAlgorithms +diffie-hellman-group1-sha1|KexAlgorithms ^x
KexAlgorithms mlkem768nistp256-sha256|KexAlgorithms !curve25519-sha256|HostKeyAlgorithms ssh-rsa
HostKeyAlgorithms +ssh-dss|HostKeyAlgorithms ssh-*|HostKeyAlgorithms !ssh-rsa,*
HostKeyAlgorithms rsa-sha2-512,ssh-ed25519|HostKeyAlgorithms bogus|HostKeyAlgorithms -ssh-rsa
HostKeyAlgorithms *cert*|HostKeyAlgorithms zz*|HostKeyAlgorithms ssh-ed448
HostKeyAlgorithms webauthn-sk-ecdsa-sha2-nistp256@openssh.com|HostKeyAlgorithms +!ssh-rsa
HostKeyAlgorithms ssh-xmss@openssh.com|HostKeyAlgorithms sk-ssh-ed25519@openssh.com|PubkeyAcceptedKeyTypes +ssh-dss
PubkeyAcceptedAlgorithms +ssh-rsa|PubkeyAcceptedAlgorithms ssh-rsa-cert-v01@openssh.com
CASignatureAlgorithms ssh-ed25519|CASignatureAlgorithms ssh-ed25519-cert-v01@openssh.com
CASignatureAlgorithms ecdsa*|CASignatureAlgorithms ^rsa-sha2-256|CASignatureAlgorithms -ssh-rsa
PubkeyAuthOptions none|PubkeyAuthOptions touch-required|PubkeyAuthOptions verify-required touch-required
PubkeyAuthOptions x|PubkeyAuthOptions NONE none|PubkeyAuthOptions #|Subsystem sftp internal-sftp|Subsystem sftp
Subsystem|Subsystem sftp /usr/lib/openssh/sftp-server -f AUTH -l INFO|Subsystem sftp ""|Subsystem "a b" c
Subsystem sftp x # comment|Subsystem sftp "x|AcceptEnv LANG LC_*|AcceptEnv A=B|AcceptEnv ""|AcceptEnv|AcceptEnv *
SetEnv A=B|SetEnv A|SetEnv "A=b c" D=e|SetEnv A=B C|SetEnv =|SetEnv A=B A=C|SetEnv #|PermitOpen any|PermitOpen none
PermitOpen host:22|PermitOpen host:*|PermitOpen *:22|PermitOpen [::1]:22|PermitOpen host|PermitOpen host:0
PermitOpen host:22 other:x|PermitOpen any host:22|PermitOpen host:22 any|PermitOpen none none|PermitOpen host/22
PermitOpen :22|PermitOpen [::1:22|PermitListen 22|PermitListen localhost:22|PermitListen any|PermitListen x
PermitListen *|PermitListen *:22|PermitListen 8080 8081|PermitListen 22 none|PermitOpen host:ssh
PermitOpen host:22 ""|ForceCommand internal-sftp|ForceCommand "x|ForceCommand x y "z" # w|ForceCommand
ForceCommand # x|ForceCommand 'a b'|ForceCommand ""|ForceCommand it's|VersionAddendum none|VersionAddendum a b c
VersionAddendum|VersionAddendum # x|VersionAddendum a'b|AuthorizedKeysCommand none|AuthorizedKeysCommand relative
AuthorizedKeysCommand "/x y"|AuthorizedKeysCommand /x %u|AuthorizedKeysCommand NONE|AuthorizedPrincipalsCommand none
AuthorizedPrincipalsCommand x|AuthorizedKeysFile .ssh/authorized_keys|AuthorizedKeysFile none
AuthorizedKeysFile a none|AuthorizedKeysFile ~root/x|AuthorizedKeysFile ~nosuchuser/x|AuthorizedKeysFile %h/x %%
AuthorizedKeysFile a ""|AuthorizedKeysFile #|AuthorizedKeysFile ~/x|AuthorizedPrincipalsFile ~nosuchuser/x
Banner ~nosuchuser/x|Banner none|Banner /etc/issue.net|Banner ""|PidFile none|PidFile run/x|ModuliFile ~x/y
ChrootDirectory /srv/%u|ChrootDirectory none|ChrootDirectory ""|ChrootDirectory ~x|TrustedUserCAKeys /no/such
RevokedKeys none|RevokedKeys a b|RevokedKeys ~nosuchuser/x|SecurityKeyProvider internal|IPQoS lowdelay throughput
IPQoS af21 cs1|IPQoS none|IPQoS 0x10|IPQoS 256|IPQoS 16 8|IPQoS le|IPQoS EF|IPQoS x|IPQoS af21 x|IPQoS af21 cs1 ef
IPQoS ""|IPQoS va|IPQoS 010 0x0|IPQoS cs8|IPQoS -1|AuthenticationMethods publickey|AuthenticationMethods any
AuthenticationMethods publickey,password|AuthenticationMethods publickey,bogus
AuthenticationMethods keyboard-interactive:pam|AuthenticationMethods any publickey
AuthenticationMethods publickey any|AuthenticationMethods publickey, password|AuthenticationMethods hostbased
AuthenticationMethods gssapi-with-mic|AuthenticationMethods hostbased publickey|AuthenticationMethods none
AuthenticationMethods ""|AuthenticationMethods|AuthenticationMethods gssapi-keyex|AuthenticationMethods publickey,
AuthenticationMethods ANY|AuthenticationMethods gssapi-with-mic,password password|AuthenticationMethods any any
AuthenticationMethods keyboard-interactive|AuthenticationMethods password:x|StreamLocalBindMask 0177
StreamLocalBindMask 0777|StreamLocalBindMask 01000|StreamLocalBindMask 8|StreamLocalBindMask -1
StreamLocalBindMask 017x|FingerprintHash sha256|FingerprintHash MD5|FingerprintHash ripemd160|FingerprintHash sha3
FingerprintHash SHA1|RDomain none|RDomain %D|ChannelTimeout none|ChannelTimeout none session=5m
ChannelTimeout session:*=5m direct-tcpip=1h|ChannelTimeout session|ChannelTimeout =5m|ChannelTimeout session=x
ChannelTimeout session=5m none|ChannelTimeout #|UnusedConnectionTimeout none|UnusedConnectionTimeout 5m
UnusedConnectionTimeout x|UnusedConnectionTimeout NONE x|RequiredRSASize 2048|RequiredRSASize 0|RequiredRSASize -1
RequiredRSASize 2048 x|HostKey /etc/ssh/ssh_host_ed25519_key|HostKey a b|HostKey ""|HostKey none
HostKey ~nosuchuser/k|HostKeyAgent SSH_AUTH_SOCK|HostCertificate /x|Include /etc/ssh/none*.conf|Include|Include ""
Include a b|Include "/etc/ssh/x y"|Include ~/x|Include /etc/ssh|Include #|Protocol 2|Protocol 1|Protocol x y
UsePrivilegeSeparation sandbox|UsePrivilegeSeparation maybe|UsePrivilegeSeparation|KeyRegenerationInterval "x
GSSAPIKexAlgorithms bogus|Match user x|Match user|Match|Match all|Match all user x|Match user x all
Match User a,b Host *.c|Match address 10.0.0.0/8|Match address 10.0.0.1/8|Match address 10.0.0.0/8,,|Match foo bar
Match address foo*|Match localaddress ::/0|Match localaddress 1.2.3.4/40|Match localport 22|Match localport ssh
Match localport x|Match rdomain foo|Match group wheel host|Match user=x|Match user = x|Match "user" "x"
Match user "a b"|Match user 'a b'|Match all # c|Match user x # c|Match user #x|Match # x|Match invalid-user
Match version OpenSSH_*|Match Exec true|Match final|Match user "|Match all all|Match user x group|Match ALL
Match user ""|Match user "" host x|Match address !10.0.0.1/8|Match user,x y|Match user=|Match localport 65536
Match localport 0|Match version x,y|Match invalid-user user x|Match user x address 1.2.3.4/33 all
""".replace('\n', '|').strip('|').split('|')

# Whole files.
FILES = [
    '', '\n', '#', ' # c\n', '\t\n\n', 'Port 22\r\n', 'Port 22 \t\f\n', '\fPort 22\n', '\vPort 22', 'Port 22\\\n23',
    'Port 22\0junk\nUsePAM yes\n', 'UsePAM yes\0\n#\n', '\0', 'x\0\n', 'Port 22\nPort 23\n',
    '\n'.join('Port %d' % n for n in range(1, 257)), '\n'.join('Port %d' % n for n in range(1, 258)), 'Port 22;\n',
    '=Port 22\n', 'Port=22\n', 'Port\t=\t22\n', '"Port"=22\n', 'Po"rt" 22\n', '"Port 22"\n', 'Port "2"2\n',
    "Port '22'\n", 'Port 2\\2\n', 'Port\n22\n', '\xef\xbb\xbfPort 22\n', 'Port 22\x01\n', 'Pört 22\n',
    'PermitRootLogin yes\nPermitRootLogin bogus\n', 'PermitRootLogin\xa0yes\n',
    'Subsystem sftp /a\nSubsystem sftp /b\n', 'Subsystem sftp /a\nSubsystem SFTP /b\n',
    'Match user x\n Subsystem sftp /x\n', 'Subsystem sftp /a\nMatch user x\nSubsystem sftp\n',
    '\n'.join('Subsystem s%d /x' % n for n in range(256)), '\n'.join('Subsystem s%d /x' % n for n in range(257)),
    'AuthorizedKeysCommand /x\n', 'AuthorizedKeysCommand /x\nAuthorizedKeysCommandUser nobody\n',
    'AuthorizedKeysCommand none\n', 'AuthorizedKeysCommandUser x\n', 'Match user x\nAuthorizedKeysCommand /x\n',
    'Match user x\nAuthorizedKeysCommand x\n', 'Match all\nAuthorizedKeysCommand /x\n',
    'AuthorizedKeysCommand /x\nMatch user y\nAuthorizedKeysCommandUser z\n', 'AuthorizedPrincipalsCommand /x\n',
    'AuthorizedPrincipalsCommand /x\nAuthorizedPrincipalsCommandUser x\n',
    'AuthorizedKeysCommand none\nAuthorizedKeysCommand x\n',
    'AuthenticationMethods password\nPasswordAuthentication no\n',
    'PasswordAuthentication no\nAuthenticationMethods password publickey\n',
    'PubkeyAuthentication no\nAuthenticationMethods publickey\n',
    'AuthenticationMethods publickey\nAuthenticationMethods any\n',
    'AuthenticationMethods any\nAuthenticationMethods bogus\n',
    'AuthenticationMethods keyboard-interactive\nKbdInteractiveAuthentication no\n',
    'AuthenticationMethods keyboard-interactive\nChallengeResponseAuthentication no\n',
    'AuthenticationMethods keyboard-interactive\nChallengeResponseAuthentication no\n'
    'KbdInteractiveAuthentication yes\n',
    'AuthenticationMethods gssapi-with-mic\nGSSAPIAuthentication yes\n',
    'AuthenticationMethods hostbased\nHostbasedAuthentication yes\n', 'Match user x\nAuthenticationMethods hostbased\n',
    'Match user x\nAuthenticationMethods bogus\n',
    'PasswordAuthentication no\nMatch all\nAuthenticationMethods password\n',
    'AuthenticationMethods publickey\nMatch user x\nAuthenticationMethods any publickey\n', 'Match user x\nPort 23\n',
    'Match user x\nUsePAM no\n', 'Match user x\nPasswordAuthentication no\n', 'Match user x\nNoSuch y\n',
    'Match all\nPort 23\n', 'Match user x\nMatch all\nPort 23\n', 'Match user x\nInclude /cfg/empty\nUsePAM no\n',
    'Match user x\nUsePrivilegeSeparation no\n', 'Match user x\nRSAAuthentication no\n',
    'Match user x\nMatch user y\nX11Forwarding no\n', 'match user x\n\tX11Forwarding no\n',
    'Match user x\nListenAddress 1.2.3.4\n', 'Match version OpenSSH*\nPort 23\n', 'Match version X*\nPort 23\n',
    'Match user x\nHostKey /x\n', 'Match user x\nLogLevel DEBUG\n', 'Match user x\nClientAliveInterval 5\n',
    'Match user x\nIgnoreRhosts yes\n', 'Match user x\nAcceptEnv A=B\n', 'Match user x\nAllowUsers a@1.2.3.4/33\n',
    'Match user x\nBanner ~nosuchuser/x\n', 'Match user x\nAuthorizedKeysFile ~nosuchuser/x\n',
    'Match user x\nRevokedKeys ~nosuchuser/x\n', 'Match user x\nChallengeResponseAuthentication no\n',
    'Match user x\nKbdInteractiveAuthentication no\n', 'Match user x\nSkeyAuthentication no\n',
    'Match user x\nGSSAPIAuthentication no\n', 'Match user x\nKerberosAuthentication no\n',
    'Match user x\nDebianBanner no\n', 'Match user x\nVersionAddendum x\n', 'Match user x\nProtocol 2\n',
    'Match user x\nAuthorizedKeysFile2 x\n', 'Match user x\nPubkeyAuthOptions none\n',
    'Match user x\nForceCommand x "y\n', 'Match user x\nPermitOpen x\n', 'Match user x\nIPQoS x\n',
    'Match user x\nSetEnv A\n', 'Match user x\nPerSourceMaxStartups 1\n', 'Match user x\nRequiredRSASize 2048\n',
    'AddressFamily inet\nListenAddress ::1\n', 'AddressFamily inet6\nListenAddress 1.2.3.4\n',
    'ListenAddress ::1\nAddressFamily inet\n', 'AddressFamily inet\nListenAddress 1.2.3.4\n',
    'AddressFamily inet\nAddressFamily inet6\nListenAddress 1.2.3.4\n', 'ListenAddress 1.2.3.4\nPort 23\n',
    'HostKey /no/such\n', 'HostKey /no/such\nHostKey /etc/ssh/ssh_host_ed25519_key\n',
    'HostKey /etc/ssh/ssh_host_ed25519_key.pub\n', 'HostKey /etc/ssh\n',
    'HostKeyAlgorithms ssh-rsa\nHostKeyAlgorithms bogus\n', 'HostKeyAlgorithms ssh-rsa\nHostKeyAlgorithms !ssh-rsa\n',
    'Match user x\nPubkeyAcceptedKeyTypes !ssh-rsa\n', 'Match user x\nPubkeyAcceptedKeyTypes bogus\n',
    'VersionAddendum a\rb\n', 'VersionAddendum none\nVersionAddendum a\rb\n', 'ForceCommand a\rb\n',
    'SetEnv A=B\nSetEnv C=D\n', 'PermitOpen any\nPermitOpen host:1\n', 'UsePAM yes\nUsePAM no\nUsePAM maybe\n',
    'HostKeyAgent /x\n', 'AllowUsers a\nAllowUsers b@1.2.3.4/33\n', 'Port 22\n' * 3 + 'Bogus x\nBogus y\n',
    'AuthorizedKeysFile\n', 'AuthorizedKeysFile a "" b\n', 'AllowUsers a "" b\n', 'AllowUsers a "b\n',
    'AcceptEnv A "" B=C\n', 'DenyUsers\n', 'PermitOpen\n', 'Ciphers\n', 'X11Forwarding\n', 'UseLogin\n',
]

# Files and what they include.
INCLUDES = [
    {'sshd_config': 'Include @/a.conf\n', 'a.conf': 'Port 22\n'},
    {'sshd_config': 'Include @/a.conf\n', 'a.conf': 'Bogus 22\n'},
    {'sshd_config': 'Include @/*.conf\n', 'a.conf': 'Port 22\n', 'b.conf': 'Port x\n'},
    {'sshd_config': 'Include @/*.conf\n', 'a.conf': 'Port 22\n', '.b.conf': 'Port x\n'},
    {'sshd_config': 'Include @/[ab].conf\n', 'a.conf': 'Port 22\n', 'b.conf': 'Port x\n'},
    {'sshd_config': 'Include @/[!b].conf\n', 'a.conf': 'Port 22\n', 'b.conf': 'Port x\n'},
    {'sshd_config': 'Include @/?.conf\n', 'aa.conf': 'Port x\n'},
    {'sshd_config': 'Include @/a\\*.conf\n', 'a*.conf': 'Port x\n'},
    {'sshd_config': 'Include @/*/x\n', 'd/x': 'Port x\n'}, {'sshd_config': 'Include @/sshd_config\n'},
    {'sshd_config': 'Match user x\nInclude @/a\n', 'a': 'Port 22\n'},
    {'sshd_config': 'Match user x\nInclude @/a\n', 'a': 'X11Forwarding no\n'},
    {'sshd_config': 'Match user x\nInclude @/a\n', 'a': 'Match all\nPort 22\n'},
    {'sshd_config': 'Include @/a\nPort 22\n', 'a': 'Match user x\nX11Forwarding no\n'},
    {'sshd_config': 'Include @/a\n', 'a': 'Match user x\nPort 22\n'},
    {'sshd_config': 'Include @/a @/b\n', 'a': 'Match user x\n', 'b': 'Port 23\n'},
    {'sshd_config': 'Match all\nInclude @/a\n', 'a': 'Port 22\n'},
    {'sshd_config': 'Include @/a @/a\n', 'a': 'Subsystem sftp /x\n'}, {'sshd_config': 'Include @/no\nInclude @/no\n'},
    {'sshd_config': 'Include @/a\nSubsystem sftp /x\n', 'a': 'Subsystem sftp /y\n'},
    {'sshd_config': 'Include @/d\n', 'd/x': 'Port x\n'}, {'sshd_config': 'Include "@/a b"\n', 'a b': 'Port x\n'},
    {'sshd_config': 'Include @/a\\ b\n', 'a b': 'Port x\n'}, {'sshd_config': "Include '@/a b'\n", 'a b': 'Port x\n'},
    {'sshd_config': 'Include @/a # @/b\n', 'a': 'Port 22\n', 'b': 'Port x\n'},
    {'sshd_config': 'Include @/link\n', 'link': None}, {'sshd_config': 'Include @/l*\n', 'link': None},
    {'sshd_config': 'Include @/a/\n', 'a': 'Port x\n'}, {'sshd_config': 'Include @//a\n', 'a': 'Port x\n'},
    {'sshd_config': 'Include @/a\nAuthorizedKeysCommandUser x\n', 'a': 'AuthorizedKeysCommand /x\n'},
    {'sshd_config': 'Match user x\nInclude @/a\nUsePAM no\n', 'a': ''}, {'sshd_config': 'Include relative-none.conf\n'},
    {'sshd_config': 'Include @/a "" \n', 'a': ''},
    {'sshd_config': 'Include @/f0\n', **{'f%d' % n: 'Include @/f%d\n' % (n + 1) for n in range(14)},
     'f14': 'Port 22\n'},
    {'sshd_config': 'Include @/f0\n', **{'f%d' % n: 'Include @/f%d\n' % (n + 1) for n in range(15)},
     'f15': 'Port 22\n'},
    {'sshd_config': 'Include @/f0\n', **{'f%d' % n: 'Include @/f%d\n' % (n + 1) for n in range(16)},
     'f16': 'Port 22\n'},
    {'sshd_config': 'Include @/f0\n', **{'f%d' % n: 'Include @/f%d\n' % (n + 1) for n in range(16)},
     'f16': 'Include @/none\n'},
]

ARGUMENTS = ['yes', 'bogus', '7', 'yes no', '"yes', '/x', '~nosuchuser/x', '']


def vendors():
    """What vendors ship, one of each kind."""
    seen = {}
    top = os.path.join(os.path.dirname(os.path.realpath(__file__)), '..', 'corpus', 'images')
    for name in sorted(glob.glob(os.path.join(top, '*.json'))):
        with open(name, encoding='utf-8') as file:
            described = json.load(file)
        files = described.get('image-info', described).get('sshd_config') or {}
        made = {}
        for folder, texts in files.items():
            for file, lines in texts.items():
                if isinstance(lines, list):
                    path = file if folder == '/etc/ssh' else os.path.basename(folder) + '/' + file
                    made[path] = '\n'.join(lines).replace('/etc/ssh/', '@/') + '\n'
        if 'sshd_config' in made:
            seen.setdefault(json.dumps(made, sort_keys=True), (os.path.basename(name), made))
    return [('vendor ' + name, files) for name, files in seen.values()]


def mutations(count, seed):
    """Lines of all of the above, thrown together and bent."""
    rnd = random.Random(seed)
    lines = [line for line in SPECIAL if line] + [line for text in FILES for line in text.split('\n')[:3] if line]
    signs = ' \t"\'\\#=,:!*?/@+-^%0123456789aeYN\r\f'
    for n in range(count):
        text = []
        for _ in range(rnd.choice([1, 1, 1, 2, 3])):
            line = rnd.choice(lines)
            for _ in range(rnd.choice([0, 1, 1, 2])):
                at = rnd.randrange(len(line) + 1)
                before, behind = line[:at], line[at:]
                bent = rnd.choice(signs) + behind, behind[1:], behind.swapcase()
                line = before + rnd.choice(bent)
            text.append(rnd.choice(['', '', '', ' ', '\t']) + line + rnd.choice(['', '', '', ' ', ' # c']))
        yield 'mutation %d' % n, {'sshd_config': '\n'.join(text) + '\n'}


def all_cases(mutated, seed=1):
    for keyword in KEYWORDS:
        for argument in ARGUMENTS:
            line = '%s %s' % (keyword, argument)
            yield line, {'sshd_config': line + '\n'}
    for line in SPECIAL:
        yield line, {'sshd_config': line + '\n'}
        if not line.startswith(('Match', 'Include')):
            yield 'Match user x, ' + line, {'sshd_config': 'Match user x\n' + line + '\n'}
    for text in FILES:
        yield repr(text[:60]), {'sshd_config': text}
    for files in INCLUDES:
        yield 'include ' + repr(files)[:90], files
    yield from vendors()
    yield from mutations(mutated, seed)


def telling_part(cases, turn):
    """Of many of a kind some, in each turn others; of three turns one has each telling line and each whole file."""
    special = set(SPECIAL)

    def one_of(name):
        if name.startswith(('include', 'vendor')):
            return 1
        if name in special or name[0] in '\'"':
            return 3
        return 30 if name.startswith('mutation') else 17
    return [case for n, case in enumerate(cases) if (n + turn) % one_of(case[0]) == 0]
