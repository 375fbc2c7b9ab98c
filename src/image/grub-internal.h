/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the parts of the GRUB evaluator share; its functions are br_gs_*, for GRUB script. Text goes
 * through grub-lex (tokens) -> grub-parse (commands) -> grub-exec (runs them) -> grub-cmd* ->
 * grub-menu one "chunk" at a time, as GRUB does it: a chunk is one line and as many more as an open
 * quote, block or if needs. A chunk that does not parse is dropped and reading goes on with the
 * line behind it.
 */
#ifndef BR_GRUB_INTERNAL_H
#define BR_GRUB_INTERNAL_H

#include "base/limits.h"
#include "base/str.h"
#include "image/grub.h"

/* Bytes that cost as much as one step: parsing, expanding and keeping text draw on the same purse.
 */
#define GRUB_BYTES_PER_STEP 256
#define GRUB_IO_STEPS       20
/* Bytes that parsed commands may take at one time; a word costs far more than its letters. */
#define GRUB_ARENA_MAX (8 * BR_GRUBCFG_MAX)

/* What a command gives, with GRUB's numbers for "false", "invalid command", "bad argument": scripts
 * can see them in $?. */
enum { GRUB_OK = 0, GRUB_FALSE = 1, GRUB_INVALID = 17, GRUB_ERROR = 18 };

/* ---- text and tokens ---- */

/* Text of a file or of a menu entry's block. line[i] is the number of its i-th line, or all are
 * first + i. */
struct grub_src {
	const char *text;
	size_t len;
	const unsigned *lines; /* NULL: counted from first; first 0: no numbers (made-up text) */
	size_t n_lines;
	unsigned first;
	bool is_file; /* GRUB drops lines that begin with # and carriage returns when it reads a
			 file */
	size_t pos, line_no;
};

enum grub_token {
	TOK_EOF,
	TOK_BAD,
	TOK_NEWLINE,
	TOK_SEMI,
	TOK_OTHER, /* | & < > ;; && || [[ ]]: known to the lexer, wanted nowhere */
	TOK_LBRACE,
	TOK_RBRACE,
	TOK_CASE, /* reserved words: TOK_CASE .. TOK_WHILE, in the order of the table in grub-lex.c
		   */
	TOK_DO,
	TOK_DONE,
	TOK_ELIF,
	TOK_ELSE,
	TOK_ESAC,
	TOK_FI,
	TOK_FOR,
	TOK_FUNCTION,
	TOK_IF,
	TOK_IN,
	TOK_SELECT,
	TOK_THEN,
	TOK_UNTIL,
	TOK_WHILE,
	TOK_NAME,
	TOK_WORD,
};

struct grub_mark {
	size_t offset; /* in the chunk's buffer */
	unsigned line;
};

struct grub_lex {
	struct grub_src *src;
	struct br_str buf; /* the chunk's text so far; always ends in a newline */
	size_t pos;
	struct grub_mark *marks;
	size_t n_marks, cap_marks;
	unsigned refs; /* open constructs: more lines are wanted */
	/* the token */
	size_t start, end;
	unsigned line;
};

int br_gs_lex_init(struct grub_lex *l,
		   struct grub_src *src) br_must_check; /* 0 nothing left, 1 a chunk */
void br_gs_lex_done(struct grub_lex *l);
enum grub_token br_gs_lex_next(struct grub_lex *l);
/* Length of the variable reference at s ("$a", "${a}", "$1", "$?"), 0 none; the name's place in it.
 */
size_t br_gs_lex_var(const char *s, const char *end, const char **ret_name, size_t *ret_len);

/* ---- commands ---- */

struct grub_arena {
	void *last;
	size_t used, size;
	size_t total;
	size_t *live; /* shared by all arenas of one run */
};
void *br_gs_alloc(struct grub_arena *a, size_t size);
char *br_gs_alloc_str(struct grub_arena *a, const char *s, size_t len);
void br_gs_arena_free(struct grub_arena *a);

enum grub_part_kind {
	PART_TEXT,   /* unquoted; backslashes still in it */
	PART_STRING, /* from quotes */
	PART_VAR,
	PART_QUOTED_VAR,
	PART_GETTEXT, /* $"..." */
};

struct grub_part {
	struct grub_part *next;
	enum grub_part_kind kind;
	char *s;
};

struct grub_word {
	struct grub_word *next;
	struct grub_part *parts;
};

/* { ... }: GRUB keeps a menu entry's block as text and parses it again each time it runs it. */
struct grub_block {
	char *text;
	size_t len;
	unsigned *lines;
	size_t n_lines;
};

enum grub_cmd_kind { CMD_SIMPLE, CMD_IF, CMD_FOR, CMD_WHILE, CMD_UNTIL };

struct grub_cmd {
	struct grub_cmd *next;
	enum grub_cmd_kind kind;
	unsigned line;
	struct grub_word *words;  /* SIMPLE: command and arguments; FOR: the list */
	struct grub_block *block; /* SIMPLE */
	char *var;                /* FOR */
	struct grub_cmd *cond, *body, *other;
};

struct grub_function {
	char *name;
	struct grub_cmd *body;
};

struct grub_chunk {
	struct grub_arena arena;
	struct grub_cmd *cmds;
	struct grub_function *functions; /* defined in it, in order */
	size_t n_functions, cap_functions;
	unsigned error_line; /* of a syntax error: where the token stands that nothing can be done
				with */
	unsigned last_line;  /* last line read for it */
	bool limit;          /* not the text is wrong, a cap was hit */
};

/* 1: *ret is the next chunk; 0: nothing left; -EINVAL: syntax error (ret->error_line; functions
 * defined ahead of it count); -ENOMEM. *ret is to be freed in every case. */
int br_gs_parse(struct grub_src *src, size_t *live, struct grub_chunk *ret) br_must_check;
void br_gs_chunk_free(struct grub_chunk *c);
/* Takes a word apart. -EINVAL: a $ in double quotes that names nothing; -ENOMEM. */
int br_gs_word_parts(struct grub_arena *a, const char *s, size_t len,
		     struct grub_part **ret) br_must_check;

/* The first syntax error of a whole file: 1 there is one, 0 none, -ENOMEM. ret_read: the last line
 * that had been read by then, which is what `grub-script-check` prints. */
int br_gs_first_error(const char *text, size_t len, unsigned *ret_line,
		      unsigned *ret_read) br_must_check;

/* ---- running ---- */

struct grub_var {
	char *name;
	char *value; /* NULL: unset here, hiding an outer one */
	bool exported;
};

/* A context: `configfile` and submenus open a new one that sees the exported variables of the
 * outer. */
struct grub_env {
	struct grub_env *up;
	struct grub_var *vars;
	size_t n, cap;
	bool sees_all; /* also those that were not exported */
};

struct grub_args {
	char **v;
	size_t n, cap;
	char *glued_empty; /* a variable that was empty inside a word root=..., NULL none */
};

struct grub_scope {
	struct grub_args *args;
	size_t shifted;
	struct grub_args own; /* by setparams */
};

struct grub_loader {
	bool loaded; /* `boot` would start something */
	bool other;  /* by a command whose files are not followed (multiboot ...) */
	struct br_place kernel, chain;
	struct br_place *initrds;
	size_t n_initrds, cap_initrds;
	char *cmdline;
};

struct grub_menu;

struct grub_item {
	struct br_boot_entry e;
	bool restricted, started;
	struct grub_args args; /* $1.. of the block */
	char *text;            /* the block */
	size_t len;
	unsigned *lines;
	size_t n_lines;
	bool is_bls;
	bool bls_wants_kernelopts; /* its options name $kernelopts and it was empty */
	struct grub_menu *sub;     /* menu shown when it is chosen, once run */
};

struct grub_menu {
	struct grub_item **v;
	size_t n, cap;
	bool kept; /* belongs to the result, not to the command that made it */
};

struct grub_known_function {
	char *name; /* in its chunk */
	struct grub_cmd *body;
	char *file;
	int dev;
	unsigned running;
};

enum grub_halt { RUN_ON, HALT_BOOT, HALT_SHOWN, HALT_EXIT, HALT_LIMIT, HALT_MEMORY };

struct br_bls;

struct grub_run {
	const struct br_grub_io *io;
	const struct br_grub_start *start;
	struct br_menu *out;

	struct grub_env *env;
	struct grub_scope *scope;
	struct grub_known_function *functions;
	size_t n_functions, cap_functions;
	struct grub_chunk **kept; /* chunks that functions live in */
	size_t n_kept, cap_kept;
	struct br_bls **
	    bls; /* every snippet read, newest first; GRUB keeps them from one blscfg to the next */
	size_t n_bls, cap_bls;
	struct grub_menu *menu;  /* where menuentry adds */
	struct grub_menu *shown; /* the outermost menu that GRUB ends up in */
	struct grub_item *item;  /* whose block runs */
	struct grub_item *boots; /* result */
	struct grub_item *fell_from;
	struct grub_loader loader;

	char status[16]; /* $? */
	unsigned long loops, breaks;
	bool is_continue, returning;
	unsigned steps, depth, n_items, n_vars, extractor, n_cond;
	size_t live; /* bytes of arenas */
	enum grub_halt halt;
	bool in_default; /* what runs lies on the path to the default entry */
	bool fedora;     /* a GRUB with Fedora's patches: blscfg is theirs */
	bool glob;       /* `regexp` is loaded, which brings file name patterns along */

	const char *file; /* that runs */
	int dev;
	unsigned line;
};

/* grub.c */
void br_gs_note(struct grub_run *r, enum br_menu_trouble t, const char *what);
bool br_gs_charge(struct grub_run *r,
		  size_t steps); /* false: the purse is empty, everything unwinds */
void br_gs_oom(struct grub_run *r);
void br_gs_read_file(struct grub_run *r, int dev, const char *path); /* adds to out->files */

/* grub-env.c */
const char *br_gs_get(struct grub_run *r, const char *name);
void br_gs_set(struct grub_run *r, const char *name, const char *value);
void br_gs_unset(struct grub_run *r, const char *name);
void br_gs_export(struct grub_run *r, const char *name);
void br_gs_push(struct grub_run *r, bool sees_all);
void br_gs_pop(struct grub_run *r);
unsigned long br_gs_number(const char *s, const char **ret_end, bool *ret_ok);

/* grub-expand.c, grub-glob.c */
bool br_gs_expand(struct grub_run *r, const struct grub_word *words, struct grub_args *ret);
bool br_gs_args_add(struct grub_run *r, struct grub_args *a, const char *s, size_t len);
void br_gs_args_free(struct grub_args *a);
bool br_gs_glob(struct grub_run *r, const char *pattern, struct br_strv *ret);

/* grub-exec.c */
int br_gs_run_cmds(struct grub_run *r, const struct grub_cmd *list);
int br_gs_run_text(struct grub_run *r, struct grub_src *src, const char *file, int dev);
int br_gs_run_block(struct grub_run *r, struct grub_item *it);
bool br_gs_enter(struct grub_run *r); /* one level deeper; false at the cap */
void br_gs_leave(struct grub_run *r);

/* Commands: v[0] is the command's own name. */
typedef int (*grub_command)(struct grub_run *r, size_t n, char **v);
struct grub_command_row {
	const char *name;
	grub_command run;
	bool in_extractor; /* allowed in extract_entries_* */
};
const struct grub_command_row *br_gs_command_find(const char *name);
int br_gs_cmd_entry(struct grub_run *r, const struct grub_args *a, const struct grub_block *b);

struct grub_opt {
	const char *name;
	char letter;
	enum { OPT_FLAG, OPT_VALUE, OPT_MAYBE } kind;
};
struct grub_opt_value {
	bool set;
	const char *arg; /* the last one */
	struct br_strv all;
};
/* v[1..] by the rules of GRUB's own option parser; false: wrong usage, the command does not run.
 * rest: words that are no option, pointing into v. */
bool br_gs_options(const struct grub_opt *opts, size_t n_opts, bool dash_ok, size_t n, char **v,
		   struct grub_opt_value *ret, char **rest, size_t *ret_rest);
void br_gs_options_free(struct grub_opt_value *val, size_t n);

/* grub-path.c */
int br_gs_device(struct grub_run *r, const char *name); /* >= 0; -ENOENT, -ENODATA */
/* "(hd0,gpt1)/x" or "/x" on $root; *ret_path points into s. */
int br_gs_place(struct grub_run *r, const char *s, const char **ret_path);
int br_gs_test_path(struct grub_run *r, const char *s, enum br_grub_file what);
int br_gs_read(struct grub_run *r, const char *s, char **ret, size_t *ret_len, int *ret_dev,
	       const char **ret_path);
/* The name that no device has: $root after a search that could not be answered. */
#define GRUB_UNKNOWN_DEVICE "?"

/* commands by file */
int br_gs_cmd_test(struct grub_run *r, size_t n, char **v);
int br_gs_cmd_search(struct grub_run *r, size_t n, char **v);
int br_gs_cmd_search_short(struct grub_run *r, size_t n, char **v);
int br_gs_cmd_probe(struct grub_run *r, size_t n, char **v);
int br_gs_cmd_regexp(struct grub_run *r, size_t n, char **v);
int br_gs_cmd_linux(struct grub_run *r, size_t n, char **v);
int br_gs_cmd_initrd(struct grub_run *r, size_t n, char **v);
int br_gs_cmd_chainloader(struct grub_run *r, size_t n, char **v);
int br_gs_cmd_other_loader(struct grub_run *r, size_t n, char **v);
int br_gs_cmd_boot(struct grub_run *r, size_t n, char **v);
int br_gs_cmd_source(struct grub_run *r, size_t n, char **v);
int br_gs_cmd_normal(struct grub_run *r, size_t n, char **v);
int br_gs_cmd_extract(struct grub_run *r, size_t n, char **v);
int br_gs_cmd_load_env(struct grub_run *r, size_t n, char **v);
int br_gs_cmd_setparams(struct grub_run *r, size_t n, char **v);
int br_gs_cmd_shift(struct grub_run *r, size_t n, char **v);
int br_gs_cmd_return(struct grub_run *r, size_t n, char **v);
int br_gs_cmd_break(struct grub_run *r, size_t n, char **v);
int br_gs_cmd_eval(struct grub_run *r, size_t n, char **v);
int br_gs_cmd_increment(struct grub_run *r, size_t n, char **v);
int br_gs_cmd_blscfg(struct grub_run *r, size_t n, char **v);

/* grub-load.c */
void br_gs_loader_free(struct grub_loader *l);
void br_gs_loader_take(struct grub_run *r,
		       struct grub_item *it); /* what is loaded becomes the entry's */

/* grub-file.c */
/* Text of a configuration file, with $config_file and $config_directory as GRUB sets them for it.
 */
void br_gs_run_config(struct grub_run *r, const char *spec, int dev, const char *path,
		      const char *text, size_t len);
void br_gs_end_in_menu(struct grub_run *r, struct grub_menu *m);

/* grub-menu.c */
struct grub_menu *br_gs_menu_new(struct grub_run *r);
struct grub_item *br_gs_menu_add(struct grub_run *r, struct grub_menu *m);
void br_gs_menu_free(struct grub_menu *m);
void br_gs_show_menu(struct grub_run *r, struct grub_menu *m, bool by_itself);
/* grub-default.c: the index that spec names, perhaps beyond the menu; -1 none. */
int br_gs_default(struct grub_run *r, const struct grub_menu *m, const char *spec);
/* grub-flat.c */
int br_gs_flatten(struct grub_run *r);

#endif
