/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The algorithms that a release of OpenSSH knows by name, out of cipher.c, mac.c, kex.c, sshkey.c and digest-openssl.c
 * of 6.6 to 10.5, as distributions build them: with OpenSSL and elliptic curves.
 */
#include <string.h>
#include <strings.h>

#include "image/sshd-internal.h"

#define NEWEST 9999

struct name {
	const char *name;
	unsigned since, until;
};

static const struct name ciphers[] = {
	{"3des-cbc", 0, NEWEST},
	{"aes128-cbc", 0, NEWEST},
	{"aes128-ctr", 0, NEWEST},
	{"aes128-gcm@openssh.com", 0, NEWEST},
	{"aes192-cbc", 0, NEWEST},
	{"aes192-ctr", 0, NEWEST},
	{"aes256-cbc", 0, NEWEST},
	{"aes256-ctr", 0, NEWEST},
	{"aes256-gcm@openssh.com", 0, NEWEST},
	{"arcfour", 0, 705},
	{"arcfour128", 0, 705},
	{"arcfour256", 0, 705},
	{"blowfish-cbc", 0, 705},
	{"cast128-cbc", 0, 705},
	{"chacha20-poly1305@openssh.com", 0, NEWEST},
	{"rijndael-cbc@lysator.liu.se", 0, 804},
	{NULL, 0, 0},
};

static const struct name macs[] = {
	{"hmac-md5", 0, NEWEST},
	{"hmac-md5-96", 0, NEWEST},
	{"hmac-md5-96-etm@openssh.com", 0, NEWEST},
	{"hmac-md5-etm@openssh.com", 0, NEWEST},
	{"hmac-ripemd160", 0, 705},
	{"hmac-ripemd160-etm@openssh.com", 0, 705},
	{"hmac-ripemd160@openssh.com", 0, 705},
	{"hmac-sha1", 0, NEWEST},
	{"hmac-sha1-96", 0, NEWEST},
	{"hmac-sha1-96-etm@openssh.com", 0, NEWEST},
	{"hmac-sha1-etm@openssh.com", 0, NEWEST},
	{"hmac-sha2-256", 0, NEWEST},
	{"hmac-sha2-256-etm@openssh.com", 0, NEWEST},
	{"hmac-sha2-512", 0, NEWEST},
	{"hmac-sha2-512-etm@openssh.com", 0, NEWEST},
	{"umac-128-etm@openssh.com", 0, NEWEST},
	{"umac-128@openssh.com", 0, NEWEST},
	{"umac-64-etm@openssh.com", 0, NEWEST},
	{"umac-64@openssh.com", 0, NEWEST},
	{NULL, 0, 0},
};

static const struct name kexes[] = {
	{"curve25519-sha256", 704, NEWEST},
	{"curve25519-sha256@libssh.org", 0, NEWEST},
	{"diffie-hellman-group-exchange-sha1", 0, NEWEST},
	{"diffie-hellman-group-exchange-sha256", 0, NEWEST},
	{"diffie-hellman-group1-sha1", 0, NEWEST},
	{"diffie-hellman-group14-sha1", 0, NEWEST},
	{"diffie-hellman-group14-sha256", 703, NEWEST},
	{"diffie-hellman-group16-sha512", 703, NEWEST},
	{"diffie-hellman-group18-sha512", 703, NEWEST},
	{"ecdh-sha2-nistp256", 0, NEWEST},
	{"ecdh-sha2-nistp384", 0, NEWEST},
	{"ecdh-sha2-nistp521", 0, NEWEST},
	{"mlkem768nistp256-sha256", 1005, NEWEST},
	{"mlkem768x25519-sha256", 909, NEWEST},
	{"sntrup4591761x25519-sha512@tinyssh.org", 800, 804},
	{"sntrup761x25519-sha512", 909, NEWEST},
	{"sntrup761x25519-sha512@openssh.com", 805, NEWEST},
	{NULL, 0, 0},
};

static const struct name key_types[] = {
	{"ecdsa-sha2-nistp256", 0, NEWEST},
	{"ecdsa-sha2-nistp256-cert-v01@openssh.com", 0, NEWEST},
	{"ecdsa-sha2-nistp384", 0, NEWEST},
	{"ecdsa-sha2-nistp384-cert-v01@openssh.com", 0, NEWEST},
	{"ecdsa-sha2-nistp521", 0, NEWEST},
	{"ecdsa-sha2-nistp521-cert-v01@openssh.com", 0, NEWEST},
	{"rsa-sha2-256", 702, NEWEST},
	{"rsa-sha2-256-cert-v01@openssh.com", 708, NEWEST},
	{"rsa-sha2-512", 702, NEWEST},
	{"rsa-sha2-512-cert-v01@openssh.com", 708, NEWEST},
	{"sk-ecdsa-sha2-nistp256-cert-v01@openssh.com", 802, NEWEST},
	{"sk-ecdsa-sha2-nistp256@openssh.com", 802, NEWEST},
	{"sk-ssh-ed25519-cert-v01@openssh.com", 802, NEWEST},
	{"sk-ssh-ed25519@openssh.com", 802, NEWEST},
	/* Built without since 10.0. */
	{"ssh-dss", 0, 909},
	{"ssh-dss-cert-v00@openssh.com", 0, 609},
	{"ssh-dss-cert-v01@openssh.com", 0, 909},
	{"ssh-ed25519", 0, NEWEST},
	{"ssh-ed25519-cert-v01@openssh.com", 0, NEWEST},
	{"ssh-mldsa44-ed25519-cert-v01@openssh.com", 1005, NEWEST},
	{"ssh-mldsa44-ed25519@openssh.com", 1005, NEWEST},
	{"ssh-rsa", 0, NEWEST},
	{"ssh-rsa-cert-v00@openssh.com", 0, 609},
	{"ssh-rsa-cert-v01@openssh.com", 0, NEWEST},
	{"webauthn-sk-ecdsa-sha2-nistp256-cert-v01@openssh.com", 1003, NEWEST},
	{"webauthn-sk-ecdsa-sha2-nistp256@openssh.com", 804, NEWEST},
	{NULL, 0, 0},
};

/* The patch for GSSAPI key exchange; a mechanism's name goes behind the dash. */
static const struct name gss_kexes[] = {
	{"gss-curve25519-sha256-", 0, NEWEST}, {"gss-gex-sha1-", 0, NEWEST},       {"gss-group1-sha1-", 0, NEWEST},
	{"gss-group14-sha1-", 0, NEWEST},      {"gss-group14-sha256-", 0, NEWEST}, {"gss-group16-sha512-", 0, NEWEST},
	{"gss-nistp256-sha256-", 0, NEWEST},   {NULL, 0, 0},
};

static const struct name digests[] = {
	{"MD5", 0, NEWEST},    {"RIPEMD160", 0, 705}, {"SHA1", 0, NEWEST},   {"SHA256", 0, NEWEST},
	{"SHA384", 0, NEWEST}, {"SHA512", 0, NEWEST}, {NULL, 0, 0},
};

static bool is_of(const struct name *n, unsigned release)
{
	return release >= n->since && release <= n->until;
}

static bool known(const struct name *names, const char *name, unsigned release)
{
	for (; names->name; names++)
		if (is_of(names, release) && strcmp(names->name, name) == 0)
			return true;
	return false;
}

/* Key types may be given by patterns, each of which has to say something of one at least. */
static bool key_pattern(const char *pattern, unsigned release)
{
	for (const struct name *n = key_types; n->name; n++)
		if (is_of(n, release) && br_sshd_decides(n->name, pattern))
			return true;
	return false;
}

static const struct name *const tables[] = {
	[BR_SSHD_CIPHER] = ciphers,    [BR_SSHD_MAC] = macs,
	[BR_SSHD_KEXALG] = kexes,      [BR_SSHD_KEYTYPE] = key_types,
	[BR_SSHD_GSSKEX] = gss_kexes,  [BR_SSHD_PLAIN_KEYTYPE] = key_types,
};

static bool is_certificate(const char *name)
{
	return strstr(name, "-cert-v0") != NULL;
}

static bool one(enum br_sshd_names kind, const char *name, const struct br_sshd_ask *ask)
{
	unsigned release = ask->release;

	if (kind != BR_SSHD_KEYTYPE && kind != BR_SSHD_PLAIN_KEYTYPE)
		/* Key exchanges of later releases are what distributions put into theirs. */
		return known(tables[kind], name, release) || (kind == BR_SSHD_KEXALG && br_sshd_in_program(ask, name));
	if (known(key_types, name, release))
		return kind == BR_SSHD_KEYTYPE || !is_certificate(name);
	return key_pattern(name, release);
}

bool br_sshd_algorithms(enum br_sshd_names kind, const char *list, const struct br_sshd_ask *ask)
{
	br_autofree char *copy = strdup(list);
	char *rest = copy, *name;

	if (!copy)
		return true;
	if (!*copy)
		return false;
	/* sshd reads no further than an empty name. */
	while ((name = strsep(&rest, ",")) && *name)
		if (!one(kind, name, ask))
			return false;
	return true;
}

bool br_sshd_any_algorithm(enum br_sshd_names kind, const char *list, const struct br_sshd_ask *ask)
{
	for (const struct name *n = tables[kind]; n->name; n++) {
		bool there = is_of(n, ask->release) || (kind == BR_SSHD_KEXALG && br_sshd_in_program(ask, n->name));

		if (there && !(kind == BR_SSHD_PLAIN_KEYTYPE && is_certificate(n->name)) &&
		    br_sshd_pattern_list(n->name, list) == 1)
			return true;
	}
	return false;
}

bool br_sshd_digest(const char *name, unsigned release)
{
	for (const struct name *n = digests; n->name; n++)
		if (is_of(n, release) && strcasecmp(n->name, name) == 0)
			return true;
	return false;
}
