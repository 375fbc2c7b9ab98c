/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The keywords of sshd_config by release, out of the keyword tables of OpenSSH's releases 6.6 to 10.5 (servconf.c,
 * since 10.4 servconf.h), and those that distributions' patches add.
 */
#include <strings.h>

#include "base/macro.h"
#include "image/sshd-internal.h"

#define OLDEST 0
#define NEWEST 9999

#define DEBIAN (1U << BR_FAMILY_DEBIAN)
#define REDHAT (1U << BR_FAMILY_REDHAT)
#define SUSE   (1U << BR_FAMILY_SUSE)
/* Built with GSSAPI and Kerberos, and perhaps without. */
#define FULL (DEBIAN | REDHAT | SUSE | 1U << BR_FAMILY_ARCH)
#define BARE (1U << BR_FAMILY_OTHER)
/* The patch for GSSAPI key exchange. */
#define GSSKEX (DEBIAN | REDHAT | SUSE)

/* clang-format off */
static const struct br_sshd_keyword rows[] = {
	{"acceptenv", OLDEST, NEWEST, BR_ARG_ENVIRONMENT, true, BR_SSHD_NONE, 0},
	{"addressfamily", OLDEST, NEWEST, BR_ARG_FAMILY, false, BR_SSHD_ADDRESS_FAMILY, 0},
	{"afstokenpassing", OLDEST, NEWEST, BR_ARG_DEPRECATED, false, BR_SSHD_NONE, 0},
	{"allowagentforwarding", OLDEST, NEWEST, BR_ARG_FLAG, true, BR_SSHD_NONE, 0},
	{"allowgroups", OLDEST, NEWEST, BR_ARG_GROUPS, true, BR_SSHD_NONE, 0},
	{"allowstreamlocalforwarding", 607, NEWEST, BR_ARG_TCPFWD, true, BR_SSHD_NONE, 0},
	{"allowtcpforwarding", OLDEST, NEWEST, BR_ARG_TCPFWD, true, BR_SSHD_NONE, 0},
	{"allowusers", OLDEST, NEWEST, BR_ARG_USERS, true, BR_SSHD_NONE, 0},
	{"authenticationmethods", OLDEST, NEWEST, BR_ARG_METHODS, true, BR_SSHD_METHODS, 0},
	{"authorizedkeyscommand", OLDEST, NEWEST, BR_ARG_COMMAND, true, BR_SSHD_KEYS_COMMAND, 0},
	{"authorizedkeyscommanduser", OLDEST, NEWEST, BR_ARG_WORD, true, BR_SSHD_KEYS_USER, 0},
	{"authorizedkeysfile", OLDEST, NEWEST, BR_ARG_PATHS, true, BR_SSHD_NONE, 0},
	{"authorizedkeysfile2", OLDEST, NEWEST, BR_ARG_DEPRECATED, true, BR_SSHD_NONE, 0},
	{"authorizedprincipalscommand", 609, NEWEST, BR_ARG_COMMAND, true, BR_SSHD_PRINCIPALS_COMMAND, 0},
	{"authorizedprincipalscommanduser", 609, NEWEST, BR_ARG_WORD, true, BR_SSHD_PRINCIPALS_USER, 0},
	{"authorizedprincipalsfile", OLDEST, NEWEST, BR_ARG_PATH, true, BR_SSHD_NONE, 0},
	{"banner", OLDEST, NEWEST, BR_ARG_PATH, true, BR_SSHD_NONE, 0},
	{"casignaturealgorithms", 709, NEWEST, BR_ARG_CA_KEYTYPES, true, BR_SSHD_CA_ALGORITHMS, 0},
	{"challengeresponseauthentication", OLDEST, 806, BR_ARG_FLAG, false, BR_SSHD_CHALLENGE, 0},
	{"challengeresponseauthentication", 807, NEWEST, BR_ARG_FLAG, true, BR_SSHD_KBDINT, 0},
	{"channeltimeout", 902, NEWEST, BR_ARG_CHANNEL, true, BR_SSHD_NONE, 0},
	{"checkmail", OLDEST, NEWEST, BR_ARG_DEPRECATED, false, BR_SSHD_NONE, 0},
	{"chrootdirectory", OLDEST, NEWEST, BR_ARG_WORD, true, BR_SSHD_NONE, 0},
	{"ciphers", OLDEST, NEWEST, BR_ARG_CIPHERS, false, BR_SSHD_CIPHERS, 0},
	{"clientalivecountmax", OLDEST, 703, BR_ARG_INT, false, BR_SSHD_NONE, 0},
	{"clientalivecountmax", 704, NEWEST, BR_ARG_INT, true, BR_SSHD_NONE, 0},
	{"clientaliveinterval", OLDEST, 703, BR_ARG_TIME, false, BR_SSHD_NONE, 0},
	{"clientaliveinterval", 704, NEWEST, BR_ARG_TIME, true, BR_SSHD_NONE, 0},
	{"compression", OLDEST, NEWEST, BR_ARG_COMPRESSION, false, BR_SSHD_NONE, 0},
	{"denygroups", OLDEST, NEWEST, BR_ARG_GROUPS, true, BR_SSHD_NONE, 0},
	{"denyusers", OLDEST, NEWEST, BR_ARG_USERS, true, BR_SSHD_NONE, 0},
	{"disableforwarding", 704, NEWEST, BR_ARG_FLAG, true, BR_SSHD_NONE, 0},
	{"dsaauthentication", OLDEST, NEWEST, BR_ARG_FLAG, false, BR_SSHD_PUBKEY, 0},
	{"exposeauthinfo", 706, NEWEST, BR_ARG_FLAG, true, BR_SSHD_NONE, 0},
	{"fingerprinthash", 608, NEWEST, BR_ARG_DIGEST, false, BR_SSHD_NONE, 0},
	{"forcecommand", OLDEST, NEWEST, BR_ARG_FORCE_COMMAND, true, BR_SSHD_NONE, 0},
	{"gatewayports", OLDEST, NEWEST, BR_ARG_GATEWAY, true, BR_SSHD_NONE, 0},
	{"gssapiauthentication", OLDEST, NEWEST, BR_ARG_FLAG, true, BR_SSHD_GSSAPI, FULL},
	{"gssapiauthentication", OLDEST, NEWEST, BR_ARG_DEPRECATED, true, BR_SSHD_NONE, BARE},
	{"gssapicleanupcredentials", OLDEST, NEWEST, BR_ARG_FLAG, false, BR_SSHD_NONE, FULL},
	{"gssapicleanupcredentials", OLDEST, NEWEST, BR_ARG_DEPRECATED, false, BR_SSHD_NONE, BARE},
	{"gssapidelegatecredentials", 1003, NEWEST, BR_ARG_FLAG, false, BR_SSHD_NONE, FULL},
	{"gssapidelegatecredentials", 1003, NEWEST, BR_ARG_DEPRECATED, false, BR_SSHD_NONE, BARE},
	{"gssapistrictacceptorcheck", 609, NEWEST, BR_ARG_FLAG, false, BR_SSHD_NONE, FULL},
	{"gssapistrictacceptorcheck", 609, NEWEST, BR_ARG_DEPRECATED, false, BR_SSHD_NONE, BARE},
	{"hostbasedacceptedalgorithms", 805, NEWEST, BR_ARG_KEYTYPES, true, BR_SSHD_HOSTBASED_ALGORITHMS, 0},
	{"hostbasedacceptedkeytypes", 608, NEWEST, BR_ARG_KEYTYPES, true, BR_SSHD_HOSTBASED_ALGORITHMS, 0},
	{"hostbasedauthentication", OLDEST, NEWEST, BR_ARG_FLAG, true, BR_SSHD_HOSTBASED, 0},
	{"hostbasedusesnamefrompacketonly", OLDEST, NEWEST, BR_ARG_FLAG, true, BR_SSHD_NONE, 0},
	{"hostcertificate", OLDEST, NEWEST, BR_ARG_PATH, false, BR_SSHD_NONE, 0},
	{"hostdsakey", OLDEST, NEWEST, BR_ARG_HOSTKEY, false, BR_SSHD_NONE, 0},
	{"hostkey", OLDEST, NEWEST, BR_ARG_HOSTKEY, false, BR_SSHD_NONE, 0},
	{"hostkeyagent", OLDEST, NEWEST, BR_ARG_PATH, false, BR_SSHD_KEY_AGENT, 0},
	{"hostkeyalgorithms", 700, NEWEST, BR_ARG_KEYTYPES, false, BR_SSHD_KEY_ALGORITHMS, 0},
	{"ignorerhosts", OLDEST, 802, BR_ARG_RHOSTS, false, BR_SSHD_NONE, 0},
	{"ignorerhosts", 803, NEWEST, BR_ARG_RHOSTS, true, BR_SSHD_NONE, 0},
	{"ignoreuserknownhosts", OLDEST, NEWEST, BR_ARG_FLAG, false, BR_SSHD_NONE, 0},
	{"include", 802, NEWEST, BR_ARG_INCLUDE, true, BR_SSHD_NONE, 0},
	{"ipqos", OLDEST, NEWEST, BR_ARG_IPQOS, true, BR_SSHD_NONE, 0},
	{"kbdinteractiveauthentication", OLDEST, NEWEST, BR_ARG_FLAG, true, BR_SSHD_KBDINT, 0},
	{"keepalive", OLDEST, NEWEST, BR_ARG_FLAG, false, BR_SSHD_NONE, 0},
	{"kerberosauthentication", OLDEST, NEWEST, BR_ARG_FLAG, true, BR_SSHD_NONE, FULL},
	{"kerberosauthentication", OLDEST, NEWEST, BR_ARG_DEPRECATED, true, BR_SSHD_NONE, BARE},
	{"kerberosgetafstoken", OLDEST, NEWEST, BR_ARG_DEPRECATED, false, BR_SSHD_NONE, 0},
	{"kerberosorlocalpasswd", OLDEST, NEWEST, BR_ARG_FLAG, false, BR_SSHD_NONE, FULL},
	{"kerberosorlocalpasswd", OLDEST, NEWEST, BR_ARG_DEPRECATED, false, BR_SSHD_NONE, BARE},
	{"kerberostgtpassing", OLDEST, NEWEST, BR_ARG_DEPRECATED, false, BR_SSHD_NONE, 0},
	{"kerberosticketcleanup", OLDEST, NEWEST, BR_ARG_FLAG, false, BR_SSHD_NONE, FULL},
	{"kerberosticketcleanup", OLDEST, NEWEST, BR_ARG_DEPRECATED, false, BR_SSHD_NONE, BARE},
	{"kexalgorithms", OLDEST, NEWEST, BR_ARG_KEX, false, BR_SSHD_KEX, 0},
	{"keyregenerationinterval", OLDEST, 703, BR_ARG_TIME, false, BR_SSHD_NONE, 0},
	{"keyregenerationinterval", 704, NEWEST, BR_ARG_DEPRECATED, false, BR_SSHD_NONE, 0},
	{"listenaddress", OLDEST, NEWEST, BR_ARG_LISTEN, false, BR_SSHD_NONE, 0},
	{"logingracetime", OLDEST, NEWEST, BR_ARG_TIME, false, BR_SSHD_NONE, 0},
	{"loglevel", OLDEST, 705, BR_ARG_LEVEL, false, BR_SSHD_NONE, 0},
	{"loglevel", 706, NEWEST, BR_ARG_LEVEL, true, BR_SSHD_NONE, 0},
	{"logverbose", 805, NEWEST, BR_ARG_LOG_VERBOSE, true, BR_SSHD_NONE, 0},
	{"macs", OLDEST, NEWEST, BR_ARG_MACS, false, BR_SSHD_MACS, 0},
	{"match", OLDEST, NEWEST, BR_ARG_MATCH, true, BR_SSHD_NONE, 0},
	{"maxauthtries", OLDEST, NEWEST, BR_ARG_INT, true, BR_SSHD_NONE, 0},
	{"maxsessions", OLDEST, NEWEST, BR_ARG_INT, true, BR_SSHD_NONE, 0},
	{"maxstartups", OLDEST, NEWEST, BR_ARG_STARTUPS, false, BR_SSHD_NONE, 0},
	{"modulifile", 806, NEWEST, BR_ARG_PATH, false, BR_SSHD_NONE, 0},
	{"pamauthenticationviakbdint", OLDEST, 1003, BR_ARG_DEPRECATED, false, BR_SSHD_NONE, 0},
	{"pamservicename", 908, NEWEST, BR_ARG_WORD, true, BR_SSHD_NONE, 0},
	{"passwordauthentication", OLDEST, NEWEST, BR_ARG_FLAG, true, BR_SSHD_PASSWORD, 0},
	{"permitemptypasswords", OLDEST, NEWEST, BR_ARG_FLAG, true, BR_SSHD_NONE, 0},
	{"permitlisten", 708, NEWEST, BR_ARG_PERMIT_LISTEN, true, BR_SSHD_NONE, 0},
	{"permitopen", OLDEST, NEWEST, BR_ARG_PERMIT_OPEN, true, BR_SSHD_NONE, 0},
	{"permitrootlogin", OLDEST, NEWEST, BR_ARG_ROOT, true, BR_SSHD_PERMIT_ROOT, 0},
	{"permittty", OLDEST, NEWEST, BR_ARG_FLAG, true, BR_SSHD_NONE, 0},
	{"permittunnel", OLDEST, NEWEST, BR_ARG_TUNNEL, true, BR_SSHD_NONE, 0},
	{"permituserenvironment", OLDEST, NEWEST, BR_ARG_USER_ENVIRONMENT, false, BR_SSHD_NONE, 0},
	{"permituserrc", 607, NEWEST, BR_ARG_FLAG, true, BR_SSHD_NONE, 0},
	{"persourcemaxstartups", 805, NEWEST, BR_ARG_SOURCE_STARTUPS, false, BR_SSHD_NONE, 0},
	{"persourcenetblocksize", 805, NEWEST, BR_ARG_NET_BLOCK, false, BR_SSHD_NONE, 0},
	{"persourcepenalties", 908, NEWEST, BR_ARG_PENALTIES, false, BR_SSHD_NONE, 0},
	{"persourcepenaltyexemptlist", 908, NEWEST, BR_ARG_ADDRESSES, false, BR_SSHD_NONE, 0},
	{"pidfile", OLDEST, NEWEST, BR_ARG_PATH, false, BR_SSHD_NONE, 0},
	{"port", OLDEST, NEWEST, BR_ARG_PORT, false, BR_SSHD_NONE, 0},
	{"printlastlog", OLDEST, NEWEST, BR_ARG_FLAG, false, BR_SSHD_NONE, 0},
	{"printmotd", OLDEST, NEWEST, BR_ARG_FLAG, false, BR_SSHD_NONE, 0},
	{"protocol", OLDEST, 703, BR_ARG_PROTOCOL, false, BR_SSHD_NONE, 0},
	{"protocol", 704, NEWEST, BR_ARG_IGNORE, false, BR_SSHD_NONE, 0},
	{"pubkeyacceptedalgorithms", 805, NEWEST, BR_ARG_KEYTYPES, true, BR_SSHD_PUBKEY_ALGORITHMS, 0},
	{"pubkeyacceptedkeytypes", 608, NEWEST, BR_ARG_KEYTYPES, true, BR_SSHD_PUBKEY_ALGORITHMS, 0},
	{"pubkeyauthentication", OLDEST, NEWEST, BR_ARG_FLAG, true, BR_SSHD_PUBKEY, 0},
	{"pubkeyauthoptions", 802, NEWEST, BR_ARG_PUBKEY_OPTIONS, true, BR_SSHD_NONE, 0},
	{"rdomain", 707, NEWEST, BR_ARG_RDOMAIN, true, BR_SSHD_NONE, 0},
	{"refuseconnection", 909, NEWEST, BR_ARG_FLAG, true, BR_SSHD_NONE, 0},
	{"rekeylimit", OLDEST, NEWEST, BR_ARG_REKEY, true, BR_SSHD_NONE, 0},
	{"requiredrsasize", 901, NEWEST, BR_ARG_INT, true, BR_SSHD_NONE, 0},
	{"reversemappingcheck", OLDEST, NEWEST, BR_ARG_DEPRECATED, false, BR_SSHD_NONE, 0},
	{"revokedkeys", OLDEST, NEWEST, BR_ARG_REVOKED, true, BR_SSHD_NONE, 0},
	{"rhostsauthentication", OLDEST, NEWEST, BR_ARG_DEPRECATED, false, BR_SSHD_NONE, 0},
	{"rhostsrsaauthentication", OLDEST, 703, BR_ARG_FLAG, true, BR_SSHD_NONE, 0},
	{"rhostsrsaauthentication", 704, NEWEST, BR_ARG_DEPRECATED, true, BR_SSHD_NONE, 0},
	{"rsaauthentication", OLDEST, 703, BR_ARG_FLAG, true, BR_SSHD_NONE, 0},
	{"rsaauthentication", 704, NEWEST, BR_ARG_DEPRECATED, true, BR_SSHD_NONE, 0},
	{"securitykeyprovider", 802, NEWEST, BR_ARG_PATH, false, BR_SSHD_NONE, 0},
	{"serverkeybits", OLDEST, 703, BR_ARG_INT, false, BR_SSHD_NONE, 0},
	{"serverkeybits", 704, NEWEST, BR_ARG_DEPRECATED, false, BR_SSHD_NONE, 0},
	{"setenv", 708, NEWEST, BR_ARG_SET_ENVIRONMENT, true, BR_SSHD_NONE, 0},
	{"skeyauthentication", OLDEST, 707, BR_ARG_FLAG, false, BR_SSHD_CHALLENGE, 0},
	{"skeyauthentication", 708, 806, BR_ARG_DEPRECATED, false, BR_SSHD_NONE, 0},
	{"skeyauthentication", 807, NEWEST, BR_ARG_FLAG, true, BR_SSHD_KBDINT, 0},
	{"sshdauthpath", 1000, NEWEST, BR_ARG_PATH, false, BR_SSHD_NONE, 0},
	{"sshdsessionpath", 908, NEWEST, BR_ARG_PATH, false, BR_SSHD_NONE, 0},
	{"streamlocalbindmask", 607, NEWEST, BR_ARG_MASK, true, BR_SSHD_NONE, 0},
	{"streamlocalbindunlink", 607, NEWEST, BR_ARG_FLAG, true, BR_SSHD_NONE, 0},
	{"strictmodes", OLDEST, NEWEST, BR_ARG_FLAG, false, BR_SSHD_STRICT_MODES, 0},
	{"subsystem", OLDEST, 904, BR_ARG_SUBSYSTEM, false, BR_SSHD_NONE, 0},
	{"subsystem", 905, NEWEST, BR_ARG_SUBSYSTEM, true, BR_SSHD_NONE, 0},
	{"syslogfacility", OLDEST, NEWEST, BR_ARG_FACILITY, false, BR_SSHD_NONE, 0},
	{"tcpkeepalive", OLDEST, NEWEST, BR_ARG_FLAG, false, BR_SSHD_NONE, 0},
	{"trustedusercakeys", OLDEST, NEWEST, BR_ARG_PATH, true, BR_SSHD_NONE, 0},
	{"unusedconnectiontimeout", 902, NEWEST, BR_ARG_UNUSED, true, BR_SSHD_NONE, 0},
	{"usedns", OLDEST, NEWEST, BR_ARG_FLAG, false, BR_SSHD_NONE, 0},
	{"uselogin", OLDEST, 703, BR_ARG_FLAG, false, BR_SSHD_NONE, 0},
	{"uselogin", 704, NEWEST, BR_ARG_DEPRECATED, false, BR_SSHD_NONE, 0},
	{"usepam", OLDEST, NEWEST, BR_ARG_FLAG, false, BR_SSHD_NONE, 0},
	{"useprivilegeseparation", OLDEST, 704, BR_ARG_PRIVSEP, false, BR_SSHD_NONE, 0},
	{"useprivilegeseparation", 705, NEWEST, BR_ARG_DEPRECATED, false, BR_SSHD_NONE, 0},
	{"verifyreversemapping", OLDEST, NEWEST, BR_ARG_DEPRECATED, false, BR_SSHD_NONE, 0},
	{"versionaddendum", OLDEST, NEWEST, BR_ARG_VERSION, false, BR_SSHD_VERSION_ADDENDUM, 0},
	{"x11displayoffset", OLDEST, NEWEST, BR_ARG_INT, true, BR_SSHD_NONE, 0},
	{"x11forwarding", OLDEST, NEWEST, BR_ARG_FLAG, true, BR_SSHD_NONE, 0},
	{"x11uselocalhost", OLDEST, NEWEST, BR_ARG_FLAG, true, BR_SSHD_NONE, 0},
	{"xauthlocation", OLDEST, NEWEST, BR_ARG_PATH, false, BR_SSHD_NONE, 0},
	/* Patches of distributions. */
	{"debianbanner", OLDEST, NEWEST, BR_ARG_FLAG, false, BR_SSHD_NONE, DEBIAN},
	{"gssapikeyexchange", OLDEST, NEWEST, BR_ARG_FLAG, false, BR_SSHD_GSSAPI_KEX, GSSKEX},
	{"gssapistorecredentialsonrekey", OLDEST, NEWEST, BR_ARG_FLAG, false, BR_SSHD_NONE, GSSKEX},
	{"gssapicleanupcreds", OLDEST, NEWEST, BR_ARG_FLAG, false, BR_SSHD_NONE, GSSKEX},
	{"gssapiusesessioncredcache", OLDEST, NEWEST, BR_ARG_DEPRECATED, false, BR_SSHD_NONE, GSSKEX},
	{"gssapikexalgorithms", OLDEST, NEWEST, BR_ARG_GSSKEX, false, BR_SSHD_NONE, GSSKEX},
	{"gssapienablek5users", OLDEST, NEWEST, BR_ARG_FLAG, true, BR_SSHD_NONE, REDHAT},
	{"kerberosuniqueccache", OLDEST, NEWEST, BR_ARG_FLAG, false, BR_SSHD_NONE, REDHAT},
	{"kerberosusekuserok", OLDEST, NEWEST, BR_ARG_FLAG, true, BR_SSHD_NONE, REDHAT},
	{"showpatchlevel", OLDEST, 799, BR_ARG_FLAG, false, BR_SSHD_NONE, REDHAT},
	{"rsaminsize", 800, NEWEST, BR_ARG_INT, true, BR_SSHD_NONE, REDHAT},
	{"requiredrsasize", 800, 900, BR_ARG_INT, true, BR_SSHD_NONE, REDHAT},
};
/* clang-format on */

const struct br_sshd_keyword *br_sshd_keyword(const char *name, const struct br_sshd_ask *ask,
                                              const struct br_sshd_keyword **other)
{
	*other = NULL;
	for (size_t i = 0; i < BR_ARRAY_SIZE(rows); i++) {
		if (strcasecmp(name, rows[i].name) != 0)
			continue;
		if (ask->release >= rows[i].since && ask->release <= rows[i].until &&
		    (!rows[i].families || (rows[i].families & 1U << ask->family)))
			return &rows[i];
		*other = &rows[i];
	}
	return NULL;
}
