/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the files behind firewall.h share: chains of rules, each already held against the one packet. */
#ifndef BR_FIREWALL_INTERNAL_H
#define BR_FIREWALL_INTERNAL_H

#include <stddef.h>

#include "base/str.h"
#include "image/firewall.h"

/* Does it match? Ordered: of several the least is true of all. */
enum br_fw_match { BR_FW_NO = 0, BR_FW_MAYBE, BR_FW_YES };

static inline enum br_fw_match br_fw_not(enum br_fw_match m)
{
	return m == BR_FW_MAYBE ? m : m == BR_FW_YES ? BR_FW_NO : BR_FW_YES;
}

enum br_fw_action { BR_FW_CONTINUE = 0, BR_FW_ACCEPT, BR_FW_DROP, BR_FW_RETURN, BR_FW_JUMP, BR_FW_GOTO, BR_FW_EITHER };

struct br_fw_rule {
	enum br_fw_match match;
	enum br_fw_action action;
	char *target; /* owned; of a jump: the chain's name */
	size_t file;  /* in files */
	unsigned line;
};

struct br_fw_chain {
	char *name; /* owned */
	struct br_fw_rule *rules;
	size_t n, cap;
	bool base, unsure; /* packets come to it; perhaps not this one */
	int priority;
	enum br_fw_action policy;
	size_t policy_file;
	unsigned policy_line;
	enum { BR_FW_NEW = 0, BR_FW_BUSY, BR_FW_DONE } state;
	unsigned result; /* bits 1 << action */
};

struct br_fw {
	struct br_fw_chain *chains;
	size_t n, cap, n_rules, n_moves;
	struct br_strv files;
	/* Where it was dropped, and where it first depended; line 0: nowhere. */
	size_t drop_file, maybe_file;
	unsigned drop_line, maybe_line;
	bool dropped, unsure;
};

/* The index of that chain, made when it is new. -ENOMEM, -E2BIG. */
int br_fw_chain(struct br_fw *fw, const char *name, size_t *ret) br_must_check;
/* The number of that file, for rules. */
int br_fw_file(struct br_fw *fw, const char *path, size_t *ret) br_must_check;
/* At the chain's end, or before its rule at. */
#define BR_FW_END ((size_t)-1)
int br_fw_add(struct br_fw *fw, size_t chain, size_t at, const struct br_fw_rule *rule) br_must_check;
/* Takes the rules and chains away whose name begins so. */
void br_fw_flush(struct br_fw *fw, const char *prefix);
void br_fw_free(struct br_fw *fw);
/* What becomes of the packet; -ENOMEM. */
int br_fw_judge(struct br_fw *fw, struct br_passing *ret) br_must_check;

/* Is the port in "22", "ssh", "20:25" or "20-25" (by the separator)? */
enum br_fw_match br_fw_port(const char *word, char separator);
enum br_fw_match br_fw_address(const char *word);

/* firewall-iptables.c: adds one file of iptables-save's; -EBADMSG: no text. */
int br_iptables_parse(const char *path, const char *buf, size_t len, struct br_fw *fw) br_must_check;
/* firewall-nft.c: the same of nft's; root NULL: what is included is not known. */
int br_nft_parse(const struct br_root *root, const char *path, const char *buf, size_t len, struct br_fw *fw) br_must_check;
/* firewall-zone.c */
int br_firewalld_read(const struct br_root *root, struct br_passing *ret) br_must_check;
/* A zone's text: what it lets in; of services it asks the root, NULL: none has a file. */
enum br_passage br_zone_parse(const struct br_root *root, const char *buf, size_t len, unsigned *ret_line);

int br_passing_set(struct br_passing *p, enum br_passage ssh, const char *path, unsigned line, char *why) br_must_check;

#endif
