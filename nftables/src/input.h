/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where commands come from, and errors that show the place. */
#ifndef NFT_OFFLOAD_INPUT_H
#define NFT_OFFLOAD_INPUT_H

#include <stdbool.h>
#include <stddef.h>

struct input {
	const char	*name;		/* of the file; NULL: command line, or typed */
	const char	*text;
	size_t		len;
};

/* Columns and lines count from 1. Both ends are part of it. */
struct location {
	const struct input	*input;
	unsigned int		line;
	unsigned int		first;
	unsigned int		last;
	const char		*path;		/* in JSON, instead of line and columns */
};

struct location location_join(const struct location *from, const struct location *to);

/* Says "Error: ..." and underlines the place, or names it */
void error_at(const struct location *loc, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* The same without a place */
void error(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

void *xalloc(size_t size);
char *xstrdup(const char *str);

#endif
