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
#include "names.h"
#include "netlink.h"
#include "options.h"
#include "signals.h"
#include "top.h"

#define ENTER_SCREEN	"\x1b[?1049h\x1b[?25l\x1b[H\x1b[2J"
#define LEAVE_SCREEN	"\x1b[?25h\x1b[?1049l"
#define HOME		"\x1b[H"
#define CLEAR_BELOW	"\x1b[J"

static struct termios saved;
static struct top_options view;
static size_t page;	/* rows of the screen */

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

/* Draws what there is. The last screen is a full one. */
static void draw(const struct top *top)
{
	struct top_rows rows;
	struct winsize size;

	top_rows_make(&rows, top, &view);
	if (options.batch) {
		top_print(&rows, &view, 0, 0);
	} else {
		if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0 || !size.ws_col || !size.ws_row) {
			size.ws_col = 80;
			size.ws_row = 24;
		}
		if (view.first + page >= rows.num)
			view.first = rows.num > page ? rows.num - page : 0;
		fputs(HOME, stdout);
		page = top_print(&rows, &view, size.ws_col, size.ws_row);
		fputs(CLEAR_BELOW, stdout);
	}
	fflush(stdout);
	top_rows_free(&rows);
}

static void suspend(void)
{
	suspended = 0;
	terminal_leave();
	raise(SIGSTOP);
	terminal_enter();
}

enum { KEY_NONE, KEY_DRAW, KEY_LOOK, KEY_QUIT };

static void scroll(ssize_t rows)
{
	if (rows < 0 && view.first < (size_t)-rows)
		view.first = 0;
	else
		view.first += rows;
}

static int view_key(enum top_view to)
{
	view.view = view.view == to ? VIEW_FLOWS : to;
	view.first = 0;
	return KEY_DRAW;
}

static int plain_key(char key)
{
	switch (key) {
	case 'q':
	case 'Q':
		return KEY_QUIT;
	case ' ':
		return KEY_LOOK;
	case 's':
		view.sort = (view.sort + 1) % NUM_SORTS;
		return KEY_DRAW;
	case 'b':
		view.bytes = !view.bytes;
		return KEY_DRAW;
	case 'r':
		view.names = !view.names;
		return KEY_DRAW;
	case 'i':
		return view_key(VIEW_PATHS);
	case 'h':
		return view_key(VIEW_HOSTS);
	case '/':
		view.typing = true;
		return KEY_DRAW;
	case '?':
		view.help = !view.help;
		return KEY_DRAW;
	}
	return KEY_NONE;
}

/* A character of the filter */
static int filter_key(char key)
{
	size_t len = strlen(view.filter);

	view.first = 0;
	if (key == '\r' || key == '\n')
		view.typing = false;
	else if ((key == 0x7f || key == '\b') && len)
		view.filter[len - 1] = '\0';
	else if (key >= ' ' && key < 0x7f && len < FILTER_SIZE - 1)
		view.filter[len] = key;
	return KEY_DRAW;
}

/* What an arrow or page key sends, after ESC */
static int escape_key(const char *rest, size_t len)
{
	if (len < 2 || (*rest != '[' && *rest != 'O')) {
		view.typing = false;
		view.help = false;
		memset(view.filter, 0, sizeof(view.filter));
		return KEY_DRAW;
	}
	switch (rest[1]) {
	case 'A':
		scroll(-1);
		break;
	case 'B':
		scroll(1);
		break;
	case '5':
		scroll(-(ssize_t)page);
		break;
	case '6':
		scroll(page);
		break;
	case 'H':
	case '1':
		view.first = 0;
		break;
	case 'F':
	case '4':
		view.first = SIZE_MAX / 2;
		break;
	}
	return KEY_DRAW;
}

/* Keys come one at a time; those that send several bytes send them at once */
static int read_keys(void)
{
	char keys[64];
	ssize_t i, len = read(STDIN_FILENO, keys, sizeof(keys));
	int ret, all = KEY_NONE;

	if (len <= 0)
		return KEY_QUIT;
	for (i = 0; i < len; i++) {
		if (keys[i] == '\x1b') {
			ret = escape_key(keys + i + 1, len - i - 1);
			/* up to its last letter */
			if (i + 1 < len && (keys[i + 1] == '[' || keys[i + 1] == 'O'))
				for (i += 2; i < len && keys[i] < '@'; i++)
					;
		} else {
			ret = view.typing ? filter_key(keys[i]) : plain_key(keys[i]);
		}
		if (ret > all)
			all = ret;
	}
	return all;
}

/* Until it is time for the next round: true to stop */
static bool pause_until(const struct top *top, uint64_t deadline)
{
	int fd = options.batch ? -1 : STDIN_FILENO, key = KEY_NONE;
	uint64_t now;

	while ((now = host.now()) < deadline) {
		if (host.wait(fd, deadline - now))
			key = read_keys();
		if (interrupted || key == KEY_QUIT)
			return true;
		if (key == KEY_LOOK)
			return false;
		if (suspended)
			suspend();
		else if (!resized && key != KEY_DRAW)
			continue;
		resized = 0;
		key = KEY_NONE;
		draw(top);
	}
	return false;
}

/* Rates take two looks: what is printed once, or one block after the other, begins
 * with the second.
 */
static int run(struct cmd *cmd, struct nl_error *failure)
{
	bool first = options.batch || options.count;
	struct top top = {};
	uint64_t left = options.count;
	int ret;

	for (;; first = false) {
		ret = top_update(&top, &cmd->spec, failure);
		if (ret < 0)
			break;
		device_names_forget();
		if (!first || !options.batch)
			draw(&top);
		if ((!first && left && !--left) || ferror(stdout) ||
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
	ret = nl_request(NFT_OFFLOAD_CMD_TABLE_GET, NLM_F_DUMP, NULL, NULL, NULL, &failure);
	if (ret < 0)
		return cmd_failed(cmd, &failure);
	if (spec_table_exists(&cmd->spec) < 0)
		return EXIT_REFUSED;
	view = (struct top_options){ .sort = SORT_10S, .names = options.resolve };
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
