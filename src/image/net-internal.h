/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the readers behind network.h share. */
#ifndef BR_NET_INTERNAL_H
#define BR_NET_INTERNAL_H

#include "image/netini.h"
#include "image/network.h"

/* Appends an empty profile of that file; NULL: memory, or too many (n->too_many). */
struct br_net_profile *br_net_add(struct br_network *n, enum br_net_system system, const char *path, unsigned line);
/* Takes what over; NULL in it is a lack of memory. */
int br_net_problem(struct br_network *n, enum br_net_system system, const char *path, unsigned line, char *what,
                   bool refused) br_must_check;
/* What reading a file gave, as a problem: "cannot be read: ..."; 0 where it is not there. */
int br_net_unread(struct br_network *n, enum br_net_system system, const char *path, int err) br_must_check;
void br_net_profile_free(struct br_net_profile *p);
void br_net_match_free(struct br_net_match *m);
/* Replaces an owned text. */
int br_net_set(char **to, const char *s) br_must_check;
/* Systemd's booleans and those of shells: 1, 0, -1 neither. */
int br_net_bool(const char *s);
/* Files of several folders by name, the earlier folder's wins: names with that ending, sorted; paths beside them. */
int br_net_files(const struct br_root *root, const char *const *folders, size_t n_folders, const char *ending,
                 struct br_strv *ret_paths) br_must_check;
/* Linked to /dev/null or empty. */
bool br_net_masked(const struct br_root *root, const char *path);
bool br_net_program(const struct br_root *root, const char *name);

/* The [Match] section of a .network or .link file. */
int br_net_match_ini(struct br_net_match *m, const char *key, const char *value) br_must_check;

/* Profiles of the cards that netplan's description has, for systemd-networkd and NetworkManager or all for one system. */
struct br_netplan;
int br_net_netplan_add(struct br_network *n, const struct br_netplan *np, bool cloud_init) br_must_check;

int br_net_ifupdown_read(const struct br_root *root, struct br_network *n) br_must_check;
int br_net_networkd_read(const struct br_root *root, struct br_network *n) br_must_check;
int br_net_links_read(const struct br_root *root, struct br_network *n) br_must_check;
int br_net_nm_read(const struct br_root *root, struct br_network *n) br_must_check;
int br_net_keyfiles_read(const struct br_root *root, struct br_network *n) br_must_check;
int br_net_ifcfg_read(const struct br_root *root, struct br_network *n) br_must_check;
int br_net_netplan_read(const struct br_root *root, struct br_network *n) br_must_check;
int br_net_cloud_read(const struct br_root *root, struct br_network *n) br_must_check;

#endif
