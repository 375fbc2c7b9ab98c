/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <elf.h>
#include <errno.h>
#include <string.h>

#include "base/limits.h"
#include "image/elf.h"
#include "image/ldconf.h"
#include "image/program.h"

/* What a look at one file of a program's chain leads to. */
struct look {
	struct br_programs *p;
	struct br_program *ret;
	bool libraries;
	struct br_strv seen; /* libraries already looked at, by path */
	size_t done;         /* of seen: those whose own needs were looked at */
};

static bool machine_fits(unsigned kernel, unsigned machine)
{
	/* The kernel runs the 32-bit programs of its own family too. */
	return !kernel || kernel == machine || (kernel == EM_X86_64 && machine == EM_386) ||
	       (kernel == EM_AARCH64 && machine == EM_ARM) || (kernel == EM_PPC64 && machine == EM_PPC);
}

static int settle(struct look *l, enum br_program_state state, int err, const char *which, const char *by)
{
	struct br_program ret = {.state = state, .err = err};

	if ((which && !(ret.which = strdup(which))) || (by && !(ret.by = strdup(by)))) {
		br_program_free(&ret);
		return -ENOMEM;
	}
	br_program_free(l->ret);
	*l->ret = ret;
	return 0;
}

/* State and errno of what cannot be opened: missing is what the boot will not find either. */
static enum br_program_state state_of(int r)
{
	switch (r) {
	case -ENOENT:
	case -ENOTDIR:
	case -ELOOP:
		return BR_PROGRAM_MISSING;
	case -EISDIR:
	case -EMEDIUMTYPE:
		return BR_PROGRAM_NO_FILE;
	case -ENOEXEC:
		return BR_PROGRAM_NO_FORMAT;
	case -EBADMSG:
		return BR_PROGRAM_CUT;
	default:
		return BR_PROGRAM_UNREAD;
	}
}

/* A library's file: BR_PROGRAM_RUNS where the loader would take it. */
static int look_library(struct look *l, const char *path, const struct br_elf *of, struct br_elf *e,
                        enum br_program_state *state)
{
	br_autoclose int fd = -1;
	int r = br_root_file(l->p->root, path, &fd);
	struct stat st;

	if (r == 0)
		r = fstat(fd, &st) < 0 ? -errno : 0;
	if (r == 0 && !st.st_size) {
		*state = BR_PROGRAM_EMPTY;
		return 0;
	}
	if (r == 0)
		r = br_elf_read(fd, e);
	if (r == -ENOMEM)
		return r;
	if (r < 0)
		*state = state_of(r);
	else
		*state = e->machine == of->machine && e->wide == of->wide ? BR_PROGRAM_RUNS : BR_PROGRAM_OTHER_MACHINE;
	return 0;
}

/* One place: 1 taken, 0 go on. What is there and does not fit is kept for the message. */
static int try_place(struct look *l, const char *dir, const char *name, const struct br_elf *of, bool *bad)
{
	br_cleanup(br_elf_free) struct br_elf e = {0};
	br_autofree char *path = br_format("%s%s%s", dir, *dir ? "/" : "", name);
	enum br_program_state state = BR_PROGRAM_UNREAD;
	int r;

	if (!path)
		return -ENOMEM;
	if (br_strv_has(&l->seen, path))
		return 1;
	r = look_library(l, path, of, &e, &state);
	if (r < 0)
		return r;
	if (state == BR_PROGRAM_MISSING)
		return 0;
	/* The loader goes on past another machine's library, and stops at one that is damaged. */
	*bad = true;
	if (state != BR_PROGRAM_RUNS && state != BR_PROGRAM_UNREAD)
		return 0;
	br_strv_add(&l->seen, path);
	return l->seen.oom ? -ENOMEM : 1;
}

/* The folders of an RPATH or RUNPATH, with $ORIGIN; others of its words cannot be told here. */
static int try_run_paths(struct look *l, const char *paths, const char *origin, const char *name,
                         const struct br_elf *of, bool *bad)
{
	br_autostrv struct br_strv dirs = {0};
	int r = 0;

	br_strv_split(&dirs, paths, ":");
	for (size_t i = 0; r == 0 && i < dirs.n; i++) {
		const char *rest = br_starts(dirs.v[i], "$ORIGIN")     ? dirs.v[i] + strlen("$ORIGIN")
		                   : br_starts(dirs.v[i], "${ORIGIN}") ? dirs.v[i] + strlen("${ORIGIN}")
		                                                       : NULL;
		const char *slash = strrchr(origin, '/');
		br_autofree char *dir = rest ? br_format("%.*s%s", slash ? (int)(slash - origin) : 0, origin, rest)
		                             : strdup(dirs.v[i]);

		if (!dir)
			return -ENOMEM;
		if (dir[0] == '/')
			r = try_place(l, dir, name, of, bad);
	}
	return dirs.oom ? -ENOMEM : r;
}

/* The loader knows a library by its name: what one has loaded, another finds, wherever it lies. */
static bool is_loaded(const struct look *l, const char *name)
{
	for (size_t i = 0; i < l->seen.n; i++) {
		const char *slash = strrchr(l->seen.v[i], '/');

		if (strcmp(slash ? slash + 1 : l->seen.v[i], name) == 0)
			return true;
	}
	return false;
}

static int need(struct look *l, const char *name, const char *by, const struct br_elf *e)
{
	bool bad = false;
	int r = 0;

	if (is_loaded(l, name))
		return 0;
	if (strchr(name, '/'))
		r = try_place(l, "", name, e, &bad);
	if (r == 0 && e->rpath)
		r = try_run_paths(l, e->rpath, by, name, e, &bad);
	if (r == 0 && e->runpath)
		r = try_run_paths(l, e->runpath, by, name, e, &bad);
	for (size_t i = 0; r == 0 && i < l->p->paths.dirs.n; i++)
		r = try_place(l, l->p->paths.dirs.v[i], name, e, &bad);
	if (r < 0)
		return r;
	if (r == 1)
		return 0;
	return settle(l, bad ? BR_PROGRAM_BAD_LIBRARY : BR_PROGRAM_NO_LIBRARY, 0, name, by);
}

/* The libraries of one file, and after it of all that were found on the way. */
static int look_libraries(struct look *l, const char *path, const struct br_elf *e)
{
	int r = l->p->paths.read ? 0 : br_loader_paths_read(l->p->root, &l->p->paths);

	for (size_t i = 0; r == 0 && l->ret->state == BR_PROGRAM_RUNS && i < e->needed.n; i++)
		r = need(l, e->needed.v[i], path, e);
	while (r == 0 && l->ret->state == BR_PROGRAM_RUNS && l->done < l->seen.n && l->done < BR_LIBRARIES_MAX) {
		br_cleanup(br_elf_free) struct br_elf next = {0};
		br_autofree char *at = strdup(l->seen.v[l->done++]);
		enum br_program_state state;

		r = at ? look_library(l, at, e, &next, &state) : -ENOMEM;
		/* What a program's own RPATH says holds for its libraries too, where they have no RUNPATH. */
		if (r == 0 && e->rpath && !next.rpath && !next.runpath && !(next.rpath = strdup(e->rpath)))
			r = -ENOMEM;
		for (size_t i = 0; r == 0 && l->ret->state == BR_PROGRAM_RUNS && i < next.needed.n; i++)
			r = need(l, next.needed.v[i], at, &next);
	}
	return r;
}

static int look_file(struct look *l, const char *path, unsigned depth);

/* A script's or a program's interpreter runs, or this does not. */
static int look_interpreter(struct look *l, const char *path, const char *by, unsigned depth)
{
	int r;

	if (path[0] != '/')
		return settle(l, BR_PROGRAM_NO_INTERPRETER, ENOENT, path, by);
	r = look_file(l, path, depth + 1);
	if (r < 0 || l->ret->state == BR_PROGRAM_RUNS || l->ret->state == BR_PROGRAM_UNREAD)
		return r;
	if (l->ret->state == BR_PROGRAM_NO_LIBRARY || l->ret->state == BR_PROGRAM_BAD_LIBRARY ||
	    l->ret->state == BR_PROGRAM_NO_INTERPRETER)
		return 0;
	return settle(l, BR_PROGRAM_NO_INTERPRETER, l->ret->err, path, by);
}

static int look_script(struct look *l, const char *path, const char *head, unsigned depth)
{
	br_autofree char *line = strndup(head + 2, strcspn(head + 2, "\n"));
	br_autostrv struct br_strv words = {0};

	if (!line)
		return -ENOMEM;
	br_strv_split(&words, line, " \t");
	if (words.oom)
		return -ENOMEM;
	if (!words.n || depth >= BR_SCRIPTS_MAX)
		return settle(l, BR_PROGRAM_NO_FORMAT, ENOEXEC, NULL, NULL);
	return look_interpreter(l, words.v[0], path, depth);
}

static int look_elf(struct look *l, int fd, const char *path, unsigned depth)
{
	br_cleanup(br_elf_free) struct br_elf e = {0};
	int r = br_elf_read(fd, &e);

	if (r == -ENOMEM)
		return r;
	if (r < 0)
		return settle(l, state_of(r), -r, NULL, NULL);
	if (!machine_fits(l->p->machine, e.machine))
		return settle(l, BR_PROGRAM_OTHER_MACHINE, 0, NULL, NULL);
	if (!e.executable)
		return settle(l, BR_PROGRAM_NO_FORMAT, ENOEXEC, NULL, NULL);
	if (e.interp && depth < BR_SCRIPTS_MAX)
		r = look_interpreter(l, e.interp, path, depth);
	if (r < 0 || l->ret->state != BR_PROGRAM_RUNS || !e.interp || !l->libraries)
		return r;
	return look_libraries(l, path, &e);
}

static int look_file(struct look *l, const char *path, unsigned depth)
{
	char head[257] = {0};
	br_autoclose int fd = -1;
	struct stat st;
	ssize_t n;
	int r = br_root_file(l->p->root, path, &fd);

	if (r == 0)
		r = fstat(fd, &st) < 0 ? -errno : 0;
	if (r < 0)
		return settle(l, state_of(r), -r, NULL, NULL);
	if (!(st.st_mode & 0111))
		return settle(l, BR_PROGRAM_NO_PERMISSION, EACCES, NULL, NULL);
	if (!st.st_size)
		return settle(l, BR_PROGRAM_EMPTY, 0, NULL, NULL);
	n = pread(fd, head, sizeof(head) - 1, 0);
	if (n < 0)
		return settle(l, BR_PROGRAM_UNREAD, errno, NULL, NULL);
	if (head[0] == '#' && head[1] == '!')
		return look_script(l, path, head, depth);
	r = settle(l, BR_PROGRAM_RUNS, 0, NULL, NULL);
	return r < 0 ? r : look_elf(l, fd, path, depth);
}

int br_program_look(struct br_programs *p, const char *path, bool libraries, struct br_program *ret)
{
	br_cleanup(br_program_free) struct br_program found = {0};
	struct look l = {.p = p, .ret = &found, .libraries = libraries};
	int r = look_file(&l, path, 0);

	br_strv_free(&l.seen);
	if (r < 0)
		return r;
	*ret = found;
	found = (struct br_program){0};
	return 0;
}

void br_program_free(struct br_program *p)
{
	free(p->which);
	free(p->by);
	*p = (struct br_program){0};
}

void br_programs_free(struct br_programs *p)
{
	br_strv_free(&p->paths.dirs);
	p->paths.read = false;
}

const char *br_program_state_text(enum br_program_state state)
{
	static const char *const texts[] = {
		[BR_PROGRAM_UNREAD] = "could not be read",
		[BR_PROGRAM_RUNS] = "runs",
		[BR_PROGRAM_MISSING] = "is not there",
		[BR_PROGRAM_NO_FILE] = "is no file",
		[BR_PROGRAM_NO_PERMISSION] = "is not executable",
		[BR_PROGRAM_EMPTY] = "is empty",
		[BR_PROGRAM_NO_FORMAT] = "is neither an ELF program nor a script",
		[BR_PROGRAM_CUT] = "is cut short or damaged",
		[BR_PROGRAM_OTHER_MACHINE] = "is of another machine",
		[BR_PROGRAM_NO_INTERPRETER] = "is not there, or does not run",
		[BR_PROGRAM_NO_LIBRARY] = "is in none of the library folders",
		[BR_PROGRAM_BAD_LIBRARY] = "is there, and empty, damaged or of another machine",
	};

	return texts[state];
}

unsigned br_program_machine(const char *arch)
{
	static const struct {
		const char *arch;
		unsigned machine;
	} machines[] = {
		{"x86_64", EM_X86_64}, {"aarch64", EM_AARCH64}, {"i686", EM_386},    {"armv7l", EM_ARM},
		{"ppc64le", EM_PPC64}, {"ppc64", EM_PPC64},     {"s390x", EM_S390}, {"riscv64", EM_RISCV},
	};

	for (size_t i = 0; i < BR_ARRAY_SIZE(machines); i++)
		if (br_streq(machines[i].arch, arch))
			return machines[i].machine;
	return 0;
}
