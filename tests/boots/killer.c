/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * killer FILE N one|all|stop COMMAND... : runs COMMAND and kills at its Nth step of writing to the root, by SIGKILL.
 *
 * The writing begins where any process of COMMAND remounts something read-write and ends where it is read-only
 * again; a step is the entry to a system call in between, of whichever process. "one" kills the process that makes
 * it, "all" every process of COMMAND, and "stop" leaves them all where they are at a system call, and waits. Adds to FILE "killed at N: call C of P", or "N steps" when there was no Nth.
 */
#define _GNU_SOURCE
#include <elf.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#define PIDS 64

enum mode {
	ONE,
	ALL,
	STOP,
};

struct tracee {
	pid_t pid;
	bool inside; /* a system call: the next stop is its end */
};

static struct tracee tracees[PIDS];
static bool window;
static long steps;
static FILE *out;

static struct tracee *find(pid_t pid)
{
	for (int i = 0; i < PIDS; i++)
		if (tracees[i].pid == pid)
			return &tracees[i];
	return NULL;
}

static struct tracee *add(pid_t pid)
{
	struct tracee *t = find(pid);

	if (t)
		return t;
	t = find(0);
	if (!t) {
		fprintf(out, "more than %d processes\n", PIDS);
		exit(70);
	}
	*t = (struct tracee){ .pid = pid };
	return t;
}

static void strike(pid_t pid, enum mode mode, long call)
{
	fprintf(out, "killed at %ld: call %ld of %d\n", steps, call, (int)pid);
	fflush(out);
	/* Nobody lets them go on; they die with this process. */
	while (mode == STOP)
		pause();
	for (int i = 0; i < PIDS; i++)
		if (tracees[i].pid && (mode == ALL || tracees[i].pid == pid))
			kill(tracees[i].pid, SIGKILL);
}

/* A tracee is at the entry or at the end of a system call. */
static void at_call(struct tracee *t, long n, enum mode mode)
{
	struct user_regs_struct regs;
	struct iovec iov = { &regs, sizeof(regs) };
	bool remount;

	if (ptrace(PTRACE_GETREGSET, t->pid, (void *)NT_PRSTATUS, &iov) < 0)
		return;
	t->inside = !t->inside;
	remount = regs.orig_rax == SYS_mount && regs.r10 & MS_REMOUNT;
	if (!t->inside) {
		if (remount && regs.r10 & MS_RDONLY && regs.rax == 0)
			window = false;
		return;
	}
	if (remount && !(regs.r10 & MS_RDONLY))
		window = true;
	if (window && ++steps == n)
		strike(t->pid, mode, (long)regs.orig_rax);
}

/* The first tracee's exit status. */
static int trace(pid_t first, long n, enum mode mode)
{
	int status, result = 0;
	pid_t pid;

	while ((pid = waitpid(-1, &status, __WALL)) > 0 || errno == EINTR) {
		struct tracee *t = add(pid);
		int sig = 0;

		if (WIFEXITED(status) || WIFSIGNALED(status)) {
			if (pid == first)
				result = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
			t->pid = 0;
			continue;
		}
		if (WSTOPSIG(status) == (SIGTRAP | 0x80))
			at_call(t, n, mode);
		else if (WSTOPSIG(status) != SIGTRAP && WSTOPSIG(status) != SIGSTOP)
			sig = WSTOPSIG(status);
		ptrace(PTRACE_SYSCALL, pid, NULL, (void *)(long)sig);
	}
	return result;
}

int main(int argc, char **argv)
{
	const long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK |
			     PTRACE_O_TRACECLONE | PTRACE_O_EXITKILL;
	enum mode mode;
	int result;
	long n;
	pid_t pid;

	if (argc < 5)
		return 64;
	out = fopen(argv[1], "ae");
	if (!out)
		return 70;
	n = atol(argv[2]);
	mode = strcmp(argv[3], "all") == 0 ? ALL : strcmp(argv[3], "stop") == 0 ? STOP : ONE;
	pid = fork();
	if (pid == 0) {
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		raise(SIGSTOP);
		execv(argv[4], argv + 4);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, NULL, 0) != pid)
		return 70;
	add(pid);
	ptrace(PTRACE_SETOPTIONS, pid, NULL, (void *)options);
	ptrace(PTRACE_SYSCALL, pid, NULL, NULL);
	result = trace(pid, n, mode);
	if (steps < n)
		fprintf(out, "%ld steps\n", steps);
	return result;
}
