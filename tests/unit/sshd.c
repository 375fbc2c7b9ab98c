/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "image/sshd-internal.h"
#include "image/sshd.h"
#include "test.h"
#include "tree.h"

static unsigned line;
static const char *path;

/* "ok", or what is said first of the kind that weighs most; its place is kept. */
static const char *verdict(const struct br_sshd_conf *c)
{
	static const char *const words[] = {"refused", "unsure", "deprecated", "name"};
	static char file[256];
	const struct br_sshd_problem *worst = NULL;

	for (size_t i = 0; i < c->n_problems; i++)
		if (!worst || c->problems[i].kind < worst->kind)
			worst = &c->problems[i];
	line = worst ? worst->line : 0;
	snprintf(file, sizeof(file), "%s", worst ? worst->path : "");
	path = file;
	return worst ? words[worst->kind] : "ok";
}

static const char *asked(const struct br_sshd_ask *ask, const char *text)
{
	br_cleanup(br_sshd_conf_free) struct br_sshd_conf c = {0};

	EXPECT_INT(br_sshd_conf_parse(ask, "/etc/ssh/sshd_config", text, strlen(text), &c), 0);
	return verdict(&c);
}

static const char *read_by(unsigned release, const char *text)
{
	struct br_sshd_ask ask = {.release = release, .version = "OpenSSH_9.2p1 Debian-2", .family = BR_FAMILY_DEBIAN};

	return asked(&ask, text);
}

static const char *read_92(const char *text)
{
	return read_by(902, text);
}

/* The words, each in brackets. */
static const char *split(const char *text)
{
	static char out[256];
	br_autostrv struct br_strv words = {0};
	int r = br_sshd_split(text, &words);

	snprintf(out, sizeof(out), "%s", r < 0 ? strerror(-r) : "");
	for (size_t i = 0; r == 0 && i < words.n; i++)
		snprintf(out + strlen(out), sizeof(out) - strlen(out), "[%s]", words.v[i]);
	return out;
}

BR_TEST(words_as_a_shell_would)
{
	EXPECT_STR(split(" a  b\tc "), "[a][b][c]");
	EXPECT_STR(split("a#b #c d"), "[a#b]");
	EXPECT_STR(split("\"a b\"c 'd \"e' \"\""), "[a bc][d \"e][]");
	EXPECT_STR(split("a\\ b \\\"c \\d"), "[a b][\"c][\\d]");
	EXPECT_STR(split("'it\\'s'"), "[it's]");
	EXPECT_STR(split("\"a"), strerror(EINVAL));
	EXPECT_STR(split(""), "");
}

BR_TEST(words_of_old_releases)
{
	char text[] = "a = b \"c d\"e\"f \"open";
	char *at = text;

	EXPECT_STR(br_sshd_delim(&at, true), "a");
	EXPECT_STR(br_sshd_delim(&at, true), "b");
	EXPECT_STR(br_sshd_delim(&at, true), "c d");
	EXPECT_STR(br_sshd_delim(&at, false), "ef ");
	EXPECT_STR(br_sshd_delim(&at, false), "open");
	EXPECT(!br_sshd_delim(&at, false));
	/* A blank in single quotes parts words until 8.6. */
	EXPECT_STR(read_by(804, "Banner 'a b'\n"), "refused");
	EXPECT_STR(read_92("Banner 'a b'\n"), "ok");
	EXPECT_STR(read_by(804, "Port 22 # ssh\n"), "ok");
	EXPECT_STR(read_92("Port 22 # ssh\n"), "ok");
	EXPECT_STR(read_92("Port 22 23\n"), "refused");
}

BR_TEST(numbers_and_sizes)
{
	long long v = 0;

	EXPECT(br_sshd_number("+22", 0, 65535, &v));
	EXPECT_INT(v, 22);
	EXPECT(!br_sshd_number("65536", 0, 65535, &v));
	EXPECT(!br_sshd_number("22x", 0, 65535, &v));
	EXPECT(!br_sshd_number("", 0, 65535, &v));
	EXPECT_INT(v, 22);
	EXPECT(br_sshd_scaled("1.5K", &v));
	EXPECT_INT(v, 1536);
	EXPECT(br_sshd_scaled("-1", &v));
	EXPECT_INT(v, -1);
	EXPECT(!br_sshd_scaled("1.2.3", &v));
	EXPECT(!br_sshd_scaled("1GB", &v));
	EXPECT(!br_sshd_scaled("9E9", &v));
	EXPECT(!br_sshd_scaled("8E", &v));
}

BR_TEST(times_by_release)
{
	EXPECT(br_sshd_time("1w2d3h4m5", 902));
	EXPECT(br_sshd_time("1H", 902));
	EXPECT(!br_sshd_time("", 902));
	EXPECT(!br_sshd_time("m", 902));
	EXPECT(!br_sshd_time("1y", 902));
	EXPECT(!br_sshd_time("2147483648", 902));
	EXPECT(br_sshd_time("2147483648", 804));
	EXPECT(br_sshd_time("+5", 902));
	EXPECT(!br_sshd_time("+5", 908));
	EXPECT(br_sshd_time("10s10s", 1000));
	EXPECT(!br_sshd_time("10s10s", 1003));
	EXPECT(br_sshd_time("1.5", 1003));
	EXPECT(!br_sshd_time("1.5", 1000));
	EXPECT(!br_sshd_time("1.5m", 1003));
}

BR_TEST(addresses_and_ports)
{
	br_autostrv struct br_strv services = {0};
	struct br_sshd_ask ask = {.release = 902, .services = &services};
	char host[] = "[::1]:22", bare[] = "name", odd[] = "[::1", path_like[] = "a/b:1";
	char *at = host;

	br_strv_add(&services, "ssh");
	EXPECT_INT(br_sshd_port(&ask, "22"), 22);
	EXPECT(br_sshd_port(&ask, "ssh") > 0);
	EXPECT_INT(br_sshd_port(&ask, "nosuch"), -1);
	EXPECT_STR(br_sshd_host(&at), "::1");
	EXPECT_STR(at, "22");
	at = bare;
	EXPECT_STR(br_sshd_host(&at), "name");
	EXPECT(!at);
	at = odd;
	EXPECT(!br_sshd_host(&at));
	at = path_like;
	EXPECT(!br_sshd_host(&at));
	EXPECT(br_sshd_addresses("10.0.0.0/8,!10.1.2.3,*.example.com,fe80::/64"));
	EXPECT(!br_sshd_addresses("10.0.0.1/8"));
	EXPECT(!br_sshd_addresses("10.0.0.0/33"));
	EXPECT(!br_sshd_addresses("10.0.0.0/8,"));
	EXPECT_INT(br_sshd_address("10.1"), BR_SSHD_IS_INET);
	EXPECT_INT(br_sshd_address("fe80::1%eth0"), BR_SSHD_IS_INET6);
	EXPECT_INT(br_sshd_address("host.example.com"), BR_SSHD_IS_NAME);
}

BR_TEST(patterns)
{
	EXPECT_INT(br_sshd_pattern_list("ssh-rsa", "ssh-*,x"), 1);
	EXPECT_INT(br_sshd_pattern_list("ssh-rsa", "x,!ssh-r?a,*"), -1);
	EXPECT_INT(br_sshd_pattern_list("ssh-rsa", "x,y"), 0);
	EXPECT_INT(br_sshd_pattern_list("", "*"), 1);
	EXPECT_INT(br_sshd_pattern_list("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "*a*a*a*a*a*a*a*a*a*a*b"), 0);
	EXPECT(br_sshd_decides("a", "!a"));
}

BR_TEST(lists_of_algorithms)
{
	struct br_sshd_ask ask = {.release = 902};

	EXPECT(br_sshd_algorithms(BR_SSHD_CIPHER, "aes128-ctr,aes256-gcm@openssh.com", &ask));
	EXPECT(!br_sshd_algorithms(BR_SSHD_CIPHER, "aes128-ctr,bogus", &ask));
	EXPECT(!br_sshd_algorithms(BR_SSHD_CIPHER, "aes*", &ask));
	EXPECT(!br_sshd_algorithms(BR_SSHD_CIPHER, "", &ask));
	EXPECT(br_sshd_algorithms(BR_SSHD_KEYTYPE, "ssh-*", &ask));
	EXPECT(!br_sshd_algorithms(BR_SSHD_KEYTYPE, "zz*", &ask));
	EXPECT(br_sshd_algorithms(BR_SSHD_KEXALG, "sntrup761x25519-sha512@openssh.com", &ask));
	EXPECT(!br_sshd_algorithms(BR_SSHD_KEXALG, "mlkem768x25519-sha256", &ask));
	EXPECT_STR(read_92("Ciphers +aes128-cbc\nMACs -bogus\nKexAlgorithms ^curve25519-sha256\n"), "ok");
	EXPECT_STR(read_92("HostKeyAlgorithms +ssh-rsa\nPubkeyAcceptedAlgorithms +bogus\n"), "refused");
	EXPECT_INT(line, 2);
	/* What was a name then is none now. */
	EXPECT_STR(read_by(705, "Ciphers blowfish-cbc\n"), "ok");
	EXPECT_STR(read_by(706, "Ciphers blowfish-cbc\n"), "refused");
}

BR_TEST(keywords_by_release_and_distribution)
{
	struct br_sshd_ask ask = {.release = 902, .family = BR_FAMILY_REDHAT};

	EXPECT_STR(read_92("# c\n\nNoSuchKeyword yes\n"), "refused");
	EXPECT_INT(line, 3);
	EXPECT_STR(read_by(702, "UsePrivilegeSeparation sandbox\n"), "ok");
	EXPECT_STR(read_92("UsePrivilegeSeparation sandbox\n"), "deprecated");
	EXPECT_STR(read_by(900, "UnusedConnectionTimeout 5m\n"), "refused");
	EXPECT_STR(read_92("UnusedConnectionTimeout 5m\n"), "ok");
	EXPECT_STR(read_92("DebianBanner no\n"), "ok");
	EXPECT_STR(asked(&ask, "DebianBanner no\n"), "refused");
	EXPECT_STR(asked(&ask, "GSSAPIEnablek5users no\n"), "ok");
	/* Nobody knows what a later release takes, nor what a patch added. */
	EXPECT_STR(read_by(BR_SSHD_NEWEST + 1, "NoSuchKeyword yes\n"), "unsure");
	ask.program.data = "\0nosuchkeyword";
	ask.program.len = sizeof("\0nosuchkeyword");
	EXPECT_STR(asked(&ask, "NoSuchKeyword yes\n"), "unsure");
}

/* Looking through the program takes long: so many times and no more. */
BR_TEST(words_of_a_patch)
{
	struct br_sshd_ask ask = {.release = 902, .program = {"\0kex@example.com", sizeof("\0kex@example.com")}};
	br_autostr struct br_str text = {0};

	br_str_puts(&text, "KexAlgorithms curve25519-sha256");
	for (unsigned i = 0; i < 100; i++)
		br_str_puts(&text, ",kex@example.com");
	EXPECT_STR(asked(&ask, text.s), "ok");
	for (unsigned i = 0; i < 200; i++)
		br_str_puts(&text, ",kex@example.com");
	EXPECT_STR(asked(&ask, text.s), "unsure");
}

BR_TEST(the_gravest_is_told)
{
	struct br_sshd_ask ask = {.release = 902, .program = {"\0nosuchkeyword", sizeof("\0nosuchkeyword")}};
	br_autostr struct br_str text = {0};

	for (unsigned i = 0; i < 100; i++)
		br_str_puts(&text, "UseLogin no\n");
	EXPECT_STR(asked(&ask, text.s), "deprecated");
	br_str_puts(&text, "NoSuchKeyword yes\n");
	EXPECT_STR(asked(&ask, text.s), "unsure");
	br_str_puts(&text, "Port 0\n");
	EXPECT_STR(asked(&ask, text.s), "refused");
	EXPECT_INT(line, 102);
}

BR_TEST(match_blocks)
{
	EXPECT_STR(read_92("Match user x\n\tX11Forwarding no\n"), "ok");
	EXPECT_STR(read_92("Match user x\n\tPort 23\n"), "refused");
	EXPECT_INT(line, 2);
	EXPECT_STR(read_92("Match user x\nMatch all\nPort 23\n"), "ok");
	EXPECT_STR(read_92("Match\n"), "refused");
	EXPECT_STR(read_92("Match user\n"), "refused");
	EXPECT_STR(read_92("Match all user x\n"), "refused");
	EXPECT_STR(read_92("Match user x address 10.0.0.1/8\n"), "refused");
	EXPECT_STR(read_92("Match user=x\n"), "ok");
	EXPECT_STR(read_92("Match invalid-user\n"), "refused");
	EXPECT_STR(read_by(909, "Match invalid-user\n"), "ok");
	/* The version is all that can match without a connection. */
	EXPECT_STR(read_by(1000, "Match version OpenSSH_9*\nPort 23\n"), "ok");
	EXPECT_STR(read_by(1000, "Match version x*\nPort 23\n"), "refused");
}

BR_TEST(the_first_counts)
{
	static const char text[] = "PermitRootLogin no\nPermitRootLogin yes\nMatch user x\nPasswordAuthentication no\n"
				   "Match all\nPasswordAuthentication yes\nHostKey /a\nHostKey /b\n";
	struct br_sshd_ask ask = {.release = 902};
	br_cleanup(br_sshd_conf_free) struct br_sshd_conf c = {0};

	EXPECT_INT(br_sshd_conf_parse(&ask, "/c", text, strlen(text), &c), 0);
	EXPECT_INT(c.n_problems, 0);
	EXPECT_STR(c.set[BR_SSHD_PERMIT_ROOT].text, "no");
	EXPECT_INT(c.set[BR_SSHD_PERMIT_ROOT].line, 1);
	EXPECT_STR(c.set[BR_SSHD_PASSWORD].text, "yes");
	EXPECT_INT(c.set[BR_SSHD_PASSWORD].line, 6);
	EXPECT_INT(c.n_host_keys, 2);
	/* That it was set before does not make a bad one good. */
	EXPECT_STR(read_92("PermitRootLogin no\nPermitRootLogin bogus\n"), "refused");
}

BR_TEST(what_only_the_whole_shows)
{
	EXPECT_STR(read_92("Port 22\nAuthorizedKeysCommand /x\n"), "refused");
	EXPECT_INT(line, 2);
	EXPECT_STR(read_92("AuthorizedKeysCommand /x\nAuthorizedKeysCommandUser nobody\n"), "ok");
	EXPECT_STR(read_92("AuthenticationMethods password\nPasswordAuthentication no\n"), "refused");
	EXPECT_INT(line, 1);
	EXPECT_STR(read_92("AuthenticationMethods password publickey\nPasswordAuthentication no\n"), "ok");
	EXPECT_STR(read_92("ListenAddress ::1\nAddressFamily inet\n"), "refused");
	EXPECT_STR(read_92("ListenAddress host.example.com\n"), "name");
	EXPECT_STR(read_92("Subsystem sftp /a\nSubsystem sftp /b\n"), "refused");
	EXPECT_INT(line, 2);
}

/* /etc/ssh/f0 includes f1 and so on; the last has text. */
static void chain(unsigned n, const char *text)
{
	tree_new();
	for (unsigned i = 0; i < n; i++) {
		br_autofree char *name = br_format("/etc/ssh/f%u", i), *next = br_format("Include f%u\n", i + 1);

		tree_file(name, i + 1 < n ? next : text);
	}
}

static const char *in_tree(const char *text)
{
	struct br_root root;
	struct br_sshd_ask ask = {.release = 902, .family = BR_FAMILY_DEBIAN, .root = &root};
	const char *word;

	EXPECT_INT(br_root_open(&root, tree_dir), 0);
	word = asked(&ask, text);
	br_root_close(&root);
	return word;
}

BR_TEST(included_files)
{
	tree_new();
	tree_file("/etc/ssh/sshd_config.d/a.conf", "X11Forwarding no\n");
	tree_file("/etc/ssh/sshd_config.d/b.conf", "# c\nPort 0\n");
	tree_file("/etc/ssh/sshd_config.d/.c.conf", "Bogus\n");
	EXPECT_STR(in_tree("Include /etc/ssh/sshd_config.d/*.conf\n"), "refused");
	EXPECT_STR(path, "/etc/ssh/sshd_config.d/b.conf");
	EXPECT_INT(line, 2);
	EXPECT_STR(in_tree("Include sshd_config.d/a*.conf none*.conf\n"), "ok");
	EXPECT_STR(in_tree("Match user x\nInclude sshd_config.d/a.conf\n"), "ok");
	EXPECT_STR(in_tree("Include /etc/ssh/../../../../etc/ssh/none\n"), "ok");
	EXPECT_STR(in_tree("Include\n"), "refused");
	/* A Match block ends with its file. */
	tree_file("/etc/ssh/m", "Match user x\n");
	EXPECT_STR(in_tree("Include m\nPort 22\n"), "ok");
}

BR_TEST(included_too_deep)
{
	chain(16, "Port 22\n");
	EXPECT_STR(in_tree("Include f0\n"), "ok");
	chain(17, "Port 22\n");
	EXPECT_STR(in_tree("Include f0\n"), "refused");
	EXPECT_STR(path, "/etc/ssh/f15");
	/* Each of itself twice: would be 65536 readings, were the first refusal not enough. */
	tree_file("/etc/ssh/f0", "Include f0 f0\n");
	EXPECT_STR(in_tree("Include f0 f0\n"), "refused");
}

BR_TEST(releases_and_packages)
{
	static const char program[] = "x\0OpenSSH_6.6.1*\0OpenSSH_9.2p1 Debian-2+deb12u3\0y";
	static const char status[] = "Package: openssh-client\nStatus: install ok installed\nVersion: 1:1\n\n"
				     "Package: openssh-server\nStatus: install ok installed\nVersion: 1:9.2p1-2\n\n"
				     "Package: gone\nStatus: deinstall ok config-files\nVersion: 2\n\n";
	br_autofree char *version = NULL, *odd = NULL, *there = br_dpkg_version(status, "openssh-server"),
			 *gone = br_dpkg_version(status, "gone");

	EXPECT_INT(br_sshd_release(program, sizeof(program), &version), 902);
	EXPECT_STR(version, "OpenSSH_9.2p1 Debian-2+deb12u3");
	EXPECT_INT(br_sshd_release("OpenSSH_", 8, &odd), 0);
	EXPECT_INT(br_sshd_release("OpenSSH_10.", 11, &odd), 0);
	EXPECT(!odd);
	EXPECT_STR(there, "9.2p1-2");
	EXPECT(!gone);
}

BR_TEST(private_keys)
{
	EXPECT(!br_sshd_key_text("-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmUA\n"
				 "-----END OPENSSH PRIVATE KEY-----\n"));
	EXPECT_STR(br_sshd_key_text("-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAACmFlczI1\n"
				    "-----END OPENSSH PRIVATE KEY-----\n"), "is locked by a passphrase");
	EXPECT_STR(br_sshd_key_text("-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n-----END x\n"),
		   "is locked by a passphrase");
	EXPECT_STR(br_sshd_key_text(""), "is no private key");
	EXPECT_STR(br_sshd_key_text("ssh-ed25519 AAAA root@host\n"), "is no private key");
}

BR_TEST_MAIN()
