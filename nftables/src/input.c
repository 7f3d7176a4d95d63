// SPDX-License-Identifier: GPL-2.0-or-later
/* Errors that show the place, as nft shows them. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "input.h"

void *xalloc(size_t size)
{
	void *p = calloc(1, size);

	if (!p) {
		fputs("Error: out of memory\n", stderr);
		exit(1);
	}
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

static void underline(const struct location *loc)
{
	const char *line;
	size_t i, len = find_line(loc, &line);

	for (i = 0; i < len; i++)
		fputc((unsigned char)line[i] < ' ' && line[i] != '\t' ? '?' : line[i], stderr);
	fputc('\n', stderr);
	for (i = 0; i < loc->last; i++) {
		if (i < len && continues_char(line[i]))
			continue;
		if (i + 1 >= loc->first)
			fputc('^', stderr);
		else
			fputc(i < len && line[i] == '\t' ? '\t' : ' ', stderr);
	}
	fputc('\n', stderr);
}

void error_at(const struct location *loc, const char *fmt, ...)
{
	va_list ap;

	fflush(stdout);
	if (loc->input->name)
		fprintf(stderr, "%s:%u:%u-%u: ", loc->input->name, loc->line,
			loc->first, loc->last);
	fputs("Error: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	underline(loc);
}

void error(const char *fmt, ...)
{
	va_list ap;

	fflush(stdout);
	fputs("Error: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
}
