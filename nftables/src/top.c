// SPDX-License-Identifier: GPL-2.0-or-later
/* top: flows by their rate, live. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>
#include <sys/ioctl.h>
#include <libnftnl_offload/common.h>
#include "cmd.h"
#include "host.h"
#include "netlink.h"
#include "options.h"
#include "signals.h"
#include "top.h"

#define ENTER_SCREEN	"\x1b[?1049h\x1b[?25l\x1b[H\x1b[2J"
#define LEAVE_SCREEN	"\x1b[?25h\x1b[?1049l"
#define HOME		"\x1b[H"
#define CLEAR_BELOW	"\x1b[J"

static struct termios saved;

static void terminal_enter(void)
{
	struct termios raw;

	tcgetattr(STDIN_FILENO, &saved);
	raw = saved;
	raw.c_lflag &= ~(ICANON | ECHO);
	raw.c_cc[VMIN] = 1;
	raw.c_cc[VTIME] = 0;
	tcsetattr(STDIN_FILENO, TCSANOW, &raw);
	fputs(ENTER_SCREEN, stdout);
	fflush(stdout);
}

static void terminal_leave(void)
{
	fputs(LEAVE_SCREEN, stdout);
	fflush(stdout);
	tcsetattr(STDIN_FILENO, TCSANOW, &saved);
}

static void draw(const struct top *top)
{
	struct winsize size;

	if (options.batch) {
		top_print(top, 0, 0);
		fflush(stdout);
		return;
	}
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0 || !size.ws_col || !size.ws_row) {
		size.ws_col = 80;
		size.ws_row = 24;
	}
	fputs(HOME, stdout);
	top_print(top, size.ws_col, size.ws_row);
	fputs(CLEAR_BELOW, stdout);
	fflush(stdout);
}

static void suspend(void)
{
	suspended = 0;
	terminal_leave();
	raise(SIGSTOP);
	terminal_enter();
}

/* Until it is time for the next round: true to stop */
static bool pause_until(const struct top *top, uint64_t deadline)
{
	int fd = options.batch ? -1 : STDIN_FILENO;
	uint64_t now;
	char key;

	while ((now = host.now()) < deadline) {
		if (wait_for(fd, -1, deadline - now)) {
			if (read(fd, &key, 1) != 1 || key == 'q' || key == 'Q')
				return true;
			if (key == ' ')
				return false;
		}
		if (interrupted)
			return true;
		if (suspended)
			suspend();
		else if (!resized)
			continue;
		resized = 0;
		draw(top);
	}
	return false;
}

static int run(struct cmd *cmd, struct nl_error *failure)
{
	struct top top = {};
	uint64_t left = options.count;
	int ret;

	for (;;) {
		ret = top_update(&top, cmd->spec.filter, failure);
		if (ret < 0)
			break;
		draw(&top);
		if ((options.count && !--left) || ferror(stdout) ||
		    pause_until(&top, top.when + options.interval))
			break;
	}
	top_free(&top);
	return ret;
}

int cmd_top(struct cmd *cmd)
{
	struct nl_error failure;
	int ret;

	if (!options.batch && (!isatty(STDOUT_FILENO) || !isatty(STDIN_FILENO))) {
		error("top needs a terminal, or --batch");
		return EXIT_REFUSED;
	}
	if (spec_resolve(&cmd->spec) < 0)
		return EXIT_REFUSED;
	/* what fails at once leaves the terminal alone */
	ret = nl_request(NFT_OFFLOAD_MSG_TABLE_GET, NLM_F_DUMP, NULL, NULL, NULL, &failure);
	if (ret < 0)
		return cmd_failed(cmd, &failure);
	signals_begin(!options.batch);
	if (!options.batch)
		terminal_enter();
	ret = run(cmd, &failure);
	if (!options.batch)
		terminal_leave();
	signals_end();
	if (ret < 0 && !(failure.err == EINTR && interrupted))
		return cmd_failed(cmd, &failure);
	return EXIT_FINE;
}
