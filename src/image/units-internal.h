/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the files behind units.h share. */
#ifndef BR_UNITS_INTERNAL_H
#define BR_UNITS_INTERNAL_H

#include "base/str.h"
#include "image/unitfile.h"
#include "image/units.h"

enum br_entry_kind {
	BR_ENTRY_FILE,
	BR_ENTRY_MASK, /* empty, a device, or a link to /dev/null */
	BR_ENTRY_LINK,
	BR_ENTRY_ODD,  /* a folder, a pipe ... */
};

/* A name in one of the folders of units. */
struct br_unit_entry {
	char *name;      /* owned */
	unsigned folder; /* the smaller counts first */
	enum br_entry_kind kind;
	char *target;    /* owned; of a link: where it leads, from "/" and without ".." */
	char *dest;      /* owned; its last part, as it is written */
};

/* A name in a .wants, .requires or .upholds folder. */
struct br_unit_dep {
	char *from, *to, *path; /* owned */
	unsigned folder;
	char kind;   /* 'w', 'r', 'u' */
	bool masked; /* it says that from does not want to */
	bool link, plain; /* a link; in a folder that is none: what `systemctl is-enabled` looks at */
	int line;         /* of a preset file; else 0 */
	bool preset;
};

/* One unit by its name. */
struct br_unit_node {
	struct br_unit unit;
	struct br_unit_file file;
	bool loaded;    /* unit.state and file say what they will */
	bool installs;  /* it has Alias=, WantedBy= ... */
	bool reached;
};

#define BR_UNIT_FOLDERS 6
extern const char *const br_unit_folders[BR_UNIT_FOLDERS];

struct br_unit_scan {
	const struct br_root *root;
	struct br_unit_entry *entries; /* by name, then folder */
	size_t n_entries, cap_entries;
	struct br_unit_dep *deps;
	size_t n_deps, cap_deps;
	struct br_strv dropins; /* paths of NAME.d, in the order of the folders */
	struct br_unit_node **nodes; /* by name */
	size_t n_nodes, cap_nodes;
	size_t bytes;           /* read so far */
	char *why;              /* owned; what could not be read */
};

/* units-scan.c: 0 or -errno with scan->why. */
int br_scan_folders(struct br_unit_scan *scan) br_must_check;
int br_scan_add_dep(struct br_unit_scan *scan, struct br_unit_dep dep) br_must_check;
void br_scan_free(struct br_unit_scan *scan);
/* The first entry of that name; the ones behind it are in lesser folders. */
const struct br_unit_entry *br_scan_entry(const struct br_unit_scan *scan, const char *name);
/* The folder of units that a path lies directly in, by its name or by what it is; -1 none. */
int br_scan_folder_of(const struct br_unit_scan *scan, const char *path);

/* units-name.c */
bool br_unit_name_valid(const char *name);
const char *br_unit_suffix(const char *name); /* ".service"; NULL: none */
bool br_unit_is_template(const char *name);
bool br_unit_is_instance(const char *name);
/* Is it an instance of that template? */
bool br_unit_is_of(const char *name, const char *tmpl);
/* "a@b.service": "a@.service", owned; NULL: not an instance, or out of memory. */
char *br_unit_template(const char *name);
/* That instance of a template; owned. */
char *br_unit_instantiate(const char *tmpl, const char *instance_of);
/* %i, %p, %n and the like in a word of that unit; owned. */
char *br_unit_expand(const char *name, const char *word);

/* units-text.c: the file and its drop-ins. -EBADMSG: not readable as a unit; -EFBIG with scan->why. */
int br_scan_text(struct br_unit_scan *scan, const char *name, const char *path, struct br_unit_file *f) br_must_check;

/* units-state.c: the node of that name, its state and file read. -ENOMEM, or -errno with scan->why. */
int br_scan_node(struct br_unit_scan *scan, const char *name, struct br_unit_node **ret) br_must_check;

/* units-start.c: marks what the boot comes to, from that target on. */
int br_scan_start(struct br_unit_scan *scan, const char *first, bool presets) br_must_check;

/* units-preset.c: the links that the first boot would make, as deps. */
int br_scan_presets(struct br_unit_scan *scan) br_must_check;

/* units-sysv.c */
int br_scan_generators(struct br_unit_scan *scan) br_must_check;
int br_units_sysv(const struct br_root *root, enum br_init init, struct br_units *u) br_must_check;

#endif
