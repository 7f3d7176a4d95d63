// SPDX-License-Identifier: GPL-2.0-or-later
/* Signals, for commands that run until they are stopped. */
#include <poll.h>
#include <string.h>
#include <time.h>
#include "signals.h"

volatile sig_atomic_t interrupted;
volatile sig_atomic_t resized;
volatile sig_atomic_t suspended;

static const struct {
	int	sig;
	bool	terminal;
} signals[] = {
	{ SIGINT, false }, { SIGTERM, false }, { SIGHUP, false },
	{ SIGWINCH, true }, { SIGTSTP, true },
};

#define NUM_SIGNALS	(sizeof(signals) / sizeof(signals[0]))

static struct sigaction old_action[NUM_SIGNALS];
static sigset_t old_mask;
static bool with_terminal;

static void handler(int sig)
{
	if (sig == SIGWINCH)
		resized = 1;
	else if (sig == SIGTSTP)
		suspended = 1;
	else
		interrupted = 1;
}

void signals_begin(bool terminal)
{
	struct sigaction action = { .sa_handler = handler };
	sigset_t mask;
	size_t i;

	interrupted = resized = suspended = 0;
	with_terminal = terminal;
	sigemptyset(&mask);
	for (i = 0; i < NUM_SIGNALS; i++)
		if (terminal || !signals[i].terminal)
			sigaddset(&mask, signals[i].sig);
	sigprocmask(SIG_BLOCK, &mask, &old_mask);
	for (i = 0; i < NUM_SIGNALS; i++)
		if (terminal || !signals[i].terminal)
			sigaction(signals[i].sig, &action, &old_action[i]);
}

void signals_end(void)
{
	size_t i;

	for (i = 0; i < NUM_SIGNALS; i++)
		if (with_terminal || !signals[i].terminal)
			sigaction(signals[i].sig, &old_action[i], NULL);
	sigprocmask(SIG_SETMASK, &old_mask, NULL);
}

unsigned int wait_for(int fd1, int fd2, int64_t ms)
{
	/* poll() leaves out what is negative */
	struct pollfd fds[2] = {
		{ .fd = fd1, .events = POLLIN },
		{ .fd = fd2, .events = POLLIN },
	};
	struct timespec ts = {
		.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000,
	};
	sigset_t blocked;

	/* ppoll() does not look for signals if there is input at once */
	sigprocmask(SIG_SETMASK, &old_mask, &blocked);
	sigprocmask(SIG_SETMASK, &blocked, NULL);
	if (interrupted || resized || suspended)
		return 0;
	if (ppoll(fds, 2, ms < 0 ? NULL : &ts, &old_mask) <= 0)
		return 0;
	return (fds[0].revents ? 1 : 0) | (fds[1].revents ? 2 : 0);
}
