/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Addresses, hosts with ports, and patterns, as sshd takes them. */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "image/sshd-internal.h"

long long br_sshd_port(const struct br_sshd_ask *ask, const char *word)
{
	long long v;

	if (br_sshd_number(word, 0, 65535, &v))
		return v;
	/* Names count since 7.9. Which there are may not be known; no name is a number. */
	if (ask->release >= 709 && (ask->services ? br_strv_has(ask->services, word)
	                                          : word[strspn(word, "0123456789-+ ")] != '\0'))
		return 1;
	return -1;
}

/* Longer ones sshd does not take for an address. */
#define ADDRESS_MAX 64

/* Bits of the address that was read: 32, 128; 0: none. */
static unsigned read_address(const char *s, unsigned char *ret)
{
	char buf[ADDRESS_MAX];
	struct in_addr v4;
	size_t n = strcspn(s, "%");

	if (strlen(s) >= sizeof(buf))
		return 0;
	/* What stands behind "%" is an interface. */
	memcpy(buf, s, n);
	buf[n] = '\0';
	if (!s[n] && inet_aton(buf, &v4)) {
		memcpy(ret, &v4, 4);
		return 32;
	}
	return inet_pton(AF_INET6, buf, ret) == 1 ? 128 : 0;
}

enum br_sshd_address br_sshd_address(const char *s)
{
	unsigned char bytes[16];
	unsigned bits = read_address(s, bytes);

	return bits == 32 ? BR_SSHD_IS_INET : bits ? BR_SSHD_IS_INET6 : BR_SSHD_IS_NAME;
}

static bool host_bits_are_0(const unsigned char *bytes, unsigned bits, unsigned mask)
{
	for (unsigned i = mask; i < bits; i++)
		if (bytes[i / 8] & (0x80 >> (i % 8)))
			return false;
	return true;
}

/* False only for a network that contradicts itself; what is no address is a pattern. */
static bool network(char *s)
{
	unsigned char bytes[16];
	char *slash = strchr(s, '/'), *end;
	unsigned long mask = 0;
	unsigned bits;

	if (strlen(s) >= ADDRESS_MAX)
		return true;
	if (slash) {
		*slash++ = '\0';
		mask = strtoul(slash, &end, 10);
		if (*slash < '0' || *slash > '9' || *end || mask > 128)
			return true;
	}
	bits = read_address(s, bytes);
	if (!bits || !slash)
		return true;
	return mask <= bits && host_bits_are_0(bytes, bits, (unsigned)mask);
}

bool br_sshd_addresses(const char *list)
{
	br_autofree char *copy = strdup(list);
	char *rest = copy, *one;

	if (!copy)
		return true;
	while ((one = strsep(&rest, ","))) {
		one += *one == '!';
		if (!*one || !network(one))
			return false;
	}
	return true;
}

char *br_sshd_host(char **at)
{
	char *host = *at, *end;

	if (!host)
		return NULL;
	if (*host == '[') {
		end = strchr(host, ']');
		if (!end)
			return NULL;
		end++;
	} else {
		end = host + strcspn(host, ":/");
	}
	if (*end && *end != ':')
		return NULL;
	*at = *end ? end + 1 : NULL;
	*end = '\0';
	if (*host == '[' && end > host && end[-1] == ']') {
		end[-1] = '\0';
		host++;
	}
	return host;
}

/* "*" and "?". Goes back to the last star only, so that no pattern takes long. */
static bool matches(const char *s, const char *pattern, size_t n)
{
	const char *end = pattern + n, *star = NULL, *again = NULL;

	while (*s) {
		if (pattern < end && *pattern == '*') {
			star = ++pattern;
			again = s;
		} else if (pattern < end && (*pattern == '?' || *pattern == *s)) {
			pattern++;
			s++;
		} else if (star) {
			pattern = star;
			s = ++again;
		} else {
			return false;
		}
	}
	while (pattern < end && *pattern == '*')
		pattern++;
	return pattern == end;
}

int br_sshd_pattern_list(const char *string, const char *patterns)
{
	int found = 0;

	while (*patterns) {
		bool not = *patterns == '!';
		size_t n;

		patterns += not;
		n = strcspn(patterns, ",");
		if (n >= 1023)
			return 0;
		if (matches(string, patterns, n)) {
			if (not)
				return -1;
			found = 1;
		}
		patterns += n + (patterns[n] == ',');
	}
	return found;
}

bool br_sshd_decides(const char *string, const char *patterns)
{
	return br_sshd_pattern_list(string, patterns) != 0;
}
