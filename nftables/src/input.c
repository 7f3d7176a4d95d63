// SPDX-License-Identifier: GPL-2.0-or-later
/* Errors that show the place, as nft shows them. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "input.h"

static void no_memory(void)
{
	fputs("Error: out of memory\n", stderr);
	exit(1);
}

void *xalloc(size_t size)
{
	void *p = calloc(1, size);

	if (!p)
		no_memory();
	return p;
}

char *xstrdup(const char *str)
{
	size_t size = strlen(str) + 1;

	return memcpy(xalloc(size), str, size);
}

struct location location_join(const struct location *from, const struct location *to)
{
	struct location loc = *from;

	if (to->line == from->line && to->last > from->last)
		loc.last = to->last;
	return loc;
}

/* Returns the length of the line, without its end */
static size_t find_line(const struct location *loc, const char **line)
{
	const char *p = loc->input->text, *end = p + loc->input->len, *nl;
	unsigned int i;

	for (i = 1; i < loc->line; i++) {
		nl = memchr(p, '\n', end - p);
		if (!nl)
			break;
		p = nl + 1;
	}
	*line = p;
	nl = memchr(p, '\n', end - p);
	return (nl ? nl : end) - p;
}

static bool continues_char(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

#define MAX_LINE	512	/* of a longer one, the part that it is about */
#define BEFORE		64

static void underline(const struct location *loc)
{
	const char *line;
	size_t i, begin = 0, end, len = find_line(loc, &line);

	if (len > MAX_LINE && loc->first > BEFORE)
		begin = loc->first - BEFORE;
	while (begin < len && continues_char(line[begin]))
		begin++;
	end = len - begin > MAX_LINE ? begin + MAX_LINE : len;
	while (end < len && continues_char(line[end]))
		end++;
	for (i = begin; i < end; i++)
		fputc((unsigned char)line[i] < ' ' && line[i] != '\t' ? '?' : line[i], stderr);
	fputc('\n', stderr);
	for (i = begin; i < loc->last && (i < end || end == len); i++) {
		if (i < len && continues_char(line[i]))
			continue;
		if (i + 1 >= loc->first)
			fputc('^', stderr);
		else
			fputc(i < len && line[i] == '\t' ? '\t' : ' ', stderr);
	}
	fputc('\n', stderr);
}

/* Others' words may be in it: nothing that moves the cursor of a terminal */
static void say(const char *fmt, va_list ap)
{
	char *text, *p;

	if (vasprintf(&text, fmt, ap) < 0)
		no_memory();
	for (p = text; *p; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			*p = '?';
	fprintf(stderr, "%s\n", text);
	free(text);
}

void error_at(const struct location *loc, const char *fmt, ...)
{
	va_list ap;

	fflush(stdout);
	if (loc->input->name && loc->path)
		fprintf(stderr, "%s: ", loc->input->name);
	else if (loc->input->name)
		fprintf(stderr, "%s:%u:%u-%u: ", loc->input->name, loc->line,
			loc->first, loc->last);
	fputs("Error: ", stderr);
	if (loc->path)
		fprintf(stderr, "%s: ", loc->path);
	va_start(ap, fmt);
	say(fmt, ap);
	va_end(ap);
	if (!loc->path)
		underline(loc);
}

void error(const char *fmt, ...)
{
	va_list ap;

	fflush(stdout);
	fputs("Error: ", stderr);
	va_start(ap, fmt);
	say(fmt, ap);
	va_end(ap);
}
