// SPDX-License-Identifier: GPL-2.0-or-later
/* Runs a program and takes what it prints, within limits of time and size. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "child.h"

#ifndef MAX_OUTPUT
#define MAX_OUTPUT	(8 << 20)
#endif
#ifndef MAX_MS
#define MAX_MS		20000	/* rpcd waits for half a minute */
#endif
#define NOT_FOUND	127

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

/* Returns 1, or 0 at the end, or what child_run() does */
static int take(int fd, char **text, size_t *len)
{
	char buf[16384], *more;
	ssize_t n;

	n = read(fd, buf, sizeof(buf));
	if (n < 0)
		return errno == EINTR ? 1 : CHILD_SYSTEM;
	if (*len + n > MAX_OUTPUT)
		return CHILD_LONG;
	more = realloc(*text, *len + n + 1);
	if (!more)
		return CHILD_SYSTEM;
	memcpy(more + *len, buf, n);
	*len += n;
	more[*len] = '\0';
	*text = more;
	return n > 0;
}

static int take_both(int out, int err, struct child_output *output)
{
	struct pollfd fds[2] = { { .fd = out, .events = POLLIN }, { .fd = err, .events = POLLIN } };
	int64_t end = now_ms() + MAX_MS, left;
	int i, ret;

	while (fds[0].fd >= 0 || fds[1].fd >= 0) {
		left = end - now_ms();
		if (left <= 0)
			return CHILD_LATE;
		ret = poll(fds, 2, left);
		if (ret < 0 && errno != EINTR)
			return CHILD_SYSTEM;
		for (i = 0; ret > 0 && i < 2; i++) {
			if (fds[i].fd < 0 || !fds[i].revents)
				continue;
			ret = i ? take(fds[i].fd, &output->err, &output->err_len) :
				  take(fds[i].fd, &output->out, &output->out_len);
			if (ret < 0)
				return ret;
			if (!ret) {
				fds[i].fd = -1;
				ret = 1;
			}
		}
	}
	return 0;
}

static void exec_child(const char *const *words, int out, int err)
{
	int null = open("/dev/null", O_RDONLY);

	dup2(null, STDIN_FILENO);
	dup2(out, STDOUT_FILENO);
	dup2(err, STDERR_FILENO);
	execvp(words[0], (char *const *)words);
	_exit(errno == ENOENT ? NOT_FOUND : 1);
}

/*
 * Returns its exit status, or one of those of child.h. The caller has to
 * child_free() the output in each case.
 */
int child_run(const char *const *words, struct child_output *output)
{
	int out[2], err[2], status, ret;
	pid_t pid;

	memset(output, 0, sizeof(*output));
	output->out = calloc(1, 1);
	output->err = calloc(1, 1);
	if (!output->out || !output->err || pipe2(out, O_CLOEXEC))
		return CHILD_SYSTEM;
	if (pipe2(err, O_CLOEXEC)) {
		close(out[0]);
		close(out[1]);
		return CHILD_SYSTEM;
	}
	pid = fork();
	if (!pid)
		exec_child(words, out[1], err[1]);
	close(out[1]);
	close(err[1]);
	ret = pid < 0 ? CHILD_SYSTEM : take_both(out[0], err[0], output);
	close(out[0]);
	close(err[0]);
	if (pid < 0)
		return ret;
	if (ret < 0)
		kill(pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (ret < 0)
		return ret;
	if (!WIFEXITED(status))
		return CHILD_KILLED;
	return WEXITSTATUS(status) == NOT_FOUND ? CHILD_MISSING : WEXITSTATUS(status);
}

const char *child_strerror(int status)
{
	switch (status) {
	case CHILD_MISSING:
		return "nft-offload is not installed";
	case CHILD_LATE:
		return "nft-offload takes too long";
	case CHILD_LONG:
		return "nft-offload prints too much";
	case CHILD_KILLED:
		return "nft-offload was killed";
	default:
		return "out of memory, processes or files";
	}
}

void child_free(struct child_output *output)
{
	free(output->out);
	free(output->err);
}
