// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What nft says of a ruleset. It has read a file without a name, in which policies are blanks:
 * here the name and the lines are those of the user's file.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "nft_errors.h"

void nft_words_free(struct nft_words *words)
{
	free(words->out);
	free(words->err);
}

/* Nothing that moves the cursor of a terminal */
static void say(const char *text, size_t len)
{
	for (; len; text++, len--)
		fputc(((unsigned char)*text < ' ' && *text != '\t') || *text == 0x7f ? '?' : *text,
		      stderr);
}

/* A line, with the name of the user's file */
static void say_named(const char *line, size_t len, const char *from, const char *to)
{
	const char *end = line + len, *at;
	size_t size = strlen(from);

	while (size && (at = memmem(line, end - line, from, size))) {
		say(line, at - line);
		fputs(to, stderr);
		line = at + size;
	}
	say(line, end - line);
}

/* Line @n of @text, and its length */
static const char *line_at(const char *text, size_t size, unsigned int n, size_t *len)
{
	const char *end = text + size, *nl;

	for (; n > 1; n--) {
		nl = memchr(text, '\n', end - text);
		if (!nl)
			return NULL;
		text = nl + 1;
	}
	nl = memchr(text, '\n', end - text);
	*len = (nl ? nl : end) - text;
	return text;
}

/* Of NAME:LINE:COLUMNS: Error: ..., the line; 0: it is about no line of this file */
static unsigned int line_of(const char *line, const char *name)
{
	size_t len = strlen(name);

	return len && !strncmp(line, name, len) && line[len] == ':' ?
	       strtoul(line + len + 1, NULL, 10) : 0;
}

/* A line of the file that nft shows: the user's, where it is the one of @text */
static void say_source(const char *line, size_t len, unsigned int n, const struct input *input,
		       const char *text)
{
	size_t size, original;
	const char *blanked = line_at(text, input->len, n, &size);

	if (blanked && size == len && !memcmp(blanked, line, len))
		line = line_at(input->text, input->len, n, &original);
	say(line, len);
}

static bool is_policy(const char *line, const char *next)
{
	static const char what[] = ": Error: syntax error, unexpected policy";
	const char *at = strstr(line, what);

	if (!at || !next || at > next)
		return false;
	next += strspn(next + 1, " \t") + 1;
	if (strncmp(next, "policy", 6))
		return false;
	next += 6;
	return next[strspn(next, " \t")] == '{';
}

static void print_errors(const struct nft_words *words, const struct input *input,
			 const char *text)
{
	const char *name = input->name, *line = words->err, *next, *error_end;
	bool included = false, refused = false;
	unsigned int n = 0, left = 0;
	size_t len;

	for (; *line; line = next ? next + 1 : line + len) {
		next = strchr(line, '\n');
		len = next ? (size_t)(next - line) : strlen(line);
		if (included && is_policy(line, next)) {
			error_end = strstr(line, ": Error: ");
			say_named(line, error_end - line, words->name, name);
			fputs(": Error: a policy has to be in the file that is loaded, not in one that it includes",
			      stderr);
			refused = true;
			left = 3;
		} else if (n) {
			say_source(line, len, n, input, text);
		} else {
			say_named(line, len, words->name, name);
		}
		fputc('\n', stderr);
		n = n ? 0 : line_of(line, words->name);
		included = !strncmp(line, "In file included from ", 22);
		/* what comes behind it follows from it */
		if (refused && !--left)
			return;
	}
}

void nft_words_print(const struct nft_words *words, const struct input *input, const char *text,
		     bool failed)
{
	if (words->out)
		fputs(words->out, stdout);
	fflush(stdout);
	if (words->err && *words->err)
		print_errors(words, input, text);
	else if (failed)
		error("Could not load \"%s\": %s", input->name, strerror(errno));
}
