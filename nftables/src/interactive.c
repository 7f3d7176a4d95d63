// SPDX-License-Identifier: GPL-2.0-or-later
/* -i: commands from the terminal, with history and completion. */
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "cmd.h"
#include "facts.h"
#include "interactive.h"
#include "names.h"
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

/* What may come after a word. The last entry is for all other words. */
static const struct {
	const char *after, *words;
} completions[] = {
	{ "", "list flush monitor explain top summary check set help quit" },
	{ "list", "flows flow flowtables flowtable settings" },
	{ "sort", "bytes packets age rate" },
	{ "limit", "" },
	{ "flush", "flows" },
	{ "flow", "tcp udp gre ct" },
	{ "explain", "tcp udp gre ct" },
	{ "set", "offload strict" },
	{ "check", "" },
	{ "offload", "on off" },
	{ "strict", "on off" },
	{ "flowtable", "ip ip6 inet bridge netdev" },
	{ "table", "ip ip6 inet bridge netdev" },
	{ "ip", "saddr daddr" },
	{ "ip6", "saddr daddr" },
	{ "tcp", "sport dport" },
	{ "udp", "sport dport" },
	{ "th", "sport dport" },
	{ "meta", "l4proto nfproto" },
	{ "l4proto", "tcp udp gre" },
	{ "nfproto", "ipv4 ipv6" },
	{ "ct", "mark zone id original reply" },
	{ "original", "ip ip6 proto-src proto-dst" },
	{ "reply", "ip ip6 proto-src proto-dst" },
	{ "host", "" },
	{ "state", "software hardware pending failed closing {" },
	{ "{", "software hardware pending failed closing" },
	{ NULL, "table flowtable host ip ip6 tcp udp th meta iif oif iifname oifname ct state" },
};

static const char *candidates = "";
static char names[4096];	/* what this kernel has, as candidates */

static void add_name(const char *name)
{
	size_t len = strlen(names);

	/* those that need quotes are left to the user */
	if (!name || !*name || strpbrk(name, " \t\"\\;{},#"))
		return;
	snprintf(names + len, sizeof(names) - len, "%s%s", len ? " " : "", name);
	if (len + strlen(name) + 1 >= sizeof(names))
		names[len] = '\0';
}

static void add_devices(void)
{
	struct facts facts = { .links = NULL };
	unsigned int i;

	facts_links(&facts);
	for (i = 0; i < facts.num_links; i++)
		add_name(facts.links[i].name);
	facts_free(&facts);
}

/* Names of tables of a family, or of all flowtables */
static void add_tables(const char *family)
{
	struct facts facts = { .tables = NULL };
	int number = family ? family_number(family) : -1;
	const struct nftnl_offload_table *table;
	unsigned int i;

	facts_tables(&facts);
	for (i = 0; i < facts.num_tables; i++) {
		table = facts.tables[i];
		if (!family)
			add_name(nftnl_offload_table_get_str(table, NFTNL_OFFLOAD_TABLE_NAME));
		else if (nftnl_offload_table_get_u8(table, NFTNL_OFFLOAD_TABLE_FAMILY) == number)
			add_name(nftnl_offload_table_get_str(table, NFTNL_OFFLOAD_TABLE_TABLE));
	}
	facts_free(&facts);
}

/* The word before the one that begins at @start, "" at the start of a command. Returns where
 * it begins.
 */
static int word_before(int start, char *word, size_t size)
{
	int end = start, begin;

	while (end > 0 && strchr(" \t", rl_line_buffer[end - 1]))
		end--;
	for (begin = end; begin > 0 && !strchr(" \t;", rl_line_buffer[begin - 1]); begin--)
		;
	snprintf(word, size, "%.*s", end - begin, rl_line_buffer + begin);
	return begin;
}

/* Are names of this kernel to come, after @word, which begins at @begin? */
static bool find_names(int begin, const char *word)
{
	char before[64];

	*names = '\0';
	word_before(begin, before, sizeof(before));
	if (!strcmp(word, "iif") || !strcmp(word, "oif") || !strcmp(word, "iifname") ||
	    !strcmp(word, "oifname"))
		add_devices();
	else if (!strcmp(word, "flowtable") && strcmp(before, "list"))
		add_tables(NULL);
	else if (!strcmp(before, "table"))
		add_tables(word);
	else
		return false;
	return true;
}

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
	char word[64];
	size_t i;

	(void)end;
	rl_attempted_completion_over = 1;	/* no file names */
	if (find_names(word_before(start, word, sizeof(word)), word)) {
		candidates = names;
		return rl_completion_matches(text, next_candidate);
	}
	for (i = 0; completions[i].after; i++)
		if (!strcmp(completions[i].after, word))
			break;
	candidates = completions[i].words;
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
