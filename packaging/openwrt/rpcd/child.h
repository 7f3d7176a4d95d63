/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CHILD_H
#define CHILD_H

#include <stddef.h>

/* Both end with a zero byte that does not count. */
struct child_output {
	char	*out, *err;
	size_t	out_len, err_len;
};

/* Why there is no exit status */
enum {
	CHILD_MISSING	= -1,	/* there is no such program */
	CHILD_LATE	= -2,
	CHILD_LONG	= -3,	/* it prints too much */
	CHILD_KILLED	= -4,
	CHILD_SYSTEM	= -5,	/* no memory, processes or files */
};

int child_run(const char *const *words, struct child_output *output);
const char *child_strerror(int status);
void child_free(struct child_output *output);

#endif
