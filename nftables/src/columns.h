/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Columns of a table: as wide as what is in them, as many as there is room for. */
#ifndef NFT_OFFLOAD_COLUMNS_H
#define NFT_OFFLOAD_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>

struct column {
	const char	*head;
	bool		right;		/* aligned */
	unsigned char	keep;		/* where room is short, the least goes first; 0: never */
	unsigned char	min;		/* it may be shortened to this; 0: not */
	bool		empty;		/* left out if no row has it */
	size_t		width;		/* of the widest text, then what it gets */
	bool		shown;
};

/* Before the first text */
void columns_begin(struct column *columns, size_t num);

static inline void columns_add(struct column *column, size_t len)
{
	if (len > column->width)
		column->width = len;
}

/* After the last text: what is shown, and how wide, in @room. 0: there is no end. */
void columns_fit(struct column *columns, size_t num, size_t room);

#endif
