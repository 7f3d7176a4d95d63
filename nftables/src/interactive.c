// SPDX-License-Identifier: GPL-2.0-or-later
/* -i: commands from the terminal, with history and completion. */
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "cmd.h"
#include "complete.h"
#include "interactive.h"
#include "options.h"

#define PROMPT	"nft-offload> "

static int run_line(const char *line)
{
	struct input input = { .text = line, .len = strlen(line) };

	return cmds_run(&input);
}

static bool is_quit(const char *line)
{
	static const char *const words[] = { "quit", "exit" };
	size_t i, len = strcspn(line += strspn(line, " \t"), " \t\r\n;");

	for (i = 0; i < 2; i++)
		if (len == strlen(words[i]) && !strncmp(line, words[i], len))
			return true;
	return false;
}

#ifdef HAVE_READLINE
#include <readline/history.h>
#include <readline/readline.h>

#define HISTORY		".nft-offload.history"
#define HISTORY_LINES	1000

static const char *candidates = "";

static char *next_candidate(const char *text, int state)
{
	static const char *pos;
	size_t len;

	if (!state)
		pos = candidates;
	while (*pos) {
		const char *word = pos;

		len = strcspn(pos, " ");
		pos += len + (pos[len] == ' ');
		if (len >= strlen(text) && !strncmp(word, text, strlen(text))) {
			char *found = xalloc(len + 1);

			return memcpy(found, word, len);
		}
	}
	return NULL;
}

static char **complete(const char *text, int start, int end)
{
	(void)end;
	rl_attempted_completion_over = 1;	/* no file names */
	candidates = complete_words(rl_line_buffer, start);
	return rl_completion_matches(text, next_candidate);
}

static volatile sig_atomic_t dropped;

/* ^C drops the line */
static int drop_line(void)
{
	if (!dropped)
		return 0;
	dropped = 0;
	rl_replace_line("", 0);
	rl_crlf();
	rl_on_new_line();
	rl_redisplay();
	return 0;
}

static void on_interrupt(int sig)
{
	(void)sig;
	dropped = 1;
}

/* A signal may come while no character is waited for */
static int get_char(FILE *file)
{
	if (dropped)
		drop_line();
	return rl_getc(file);
}

static char *history_path(void)
{
	const char *home = getenv("HOME");
	char *path;

	if (!home || !isatty(STDIN_FILENO))
		return NULL;
	path = xalloc(strlen(home) + sizeof("/" HISTORY));
	sprintf(path, "%s/%s", home, HISTORY);
	return path;
}

int interactive(void)
{
	char *path = history_path(), *line;
	int ret = EXIT_FINE;

	rl_readline_name = "nft-offload";
	rl_attempted_completion_function = complete;
	rl_completer_word_break_characters = " \t\n;,";
	rl_signal_event_hook = drop_line;
	rl_getc_function = get_char;
	signal(SIGINT, on_interrupt);
	using_history();
	stifle_history(HISTORY_LINES);
	if (path)
		read_history(path);

	while ((line = readline(PROMPT))) {
		if (is_quit(line)) {
			free(line);
			break;
		}
		if (line[strspn(line, " \t")]) {
			add_history(line);
			ret = run_line(line);
		}
		free(line);
		fflush(stdout);
	}
	if (path)
		write_history(path);
	free(path);
	return ret;
}

#else /* lines as they come */

int interactive(void)
{
	char *line = NULL;
	int ret = EXIT_FINE;
	size_t size = 0;

	for (;;) {
		fputs(PROMPT, stdout);
		fflush(stdout);
		if (getline(&line, &size, stdin) < 0 || is_quit(line))
			break;
		ret = run_line(line);
	}
	free(line);
	return ret;
}

#endif
