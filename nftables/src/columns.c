// SPDX-License-Identifier: GPL-2.0-or-later
/* Columns of a table: as wide as what is in them, as many as there is room for. */
#include <stdint.h>
#include <string.h>
#include "columns.h"

#define LEAST	3	/* of a text that is shortened in a tiny window */

void columns_begin(struct column *columns, size_t num)
{
	size_t i;

	for (i = 0; i < num; i++)
		columns[i].width = 0;
}

static size_t least(const struct column *column, bool tiny)
{
	size_t min = tiny ? LEAST : column->min;

	return column->min && column->width > min ? min : column->width;
}

/* Columns with a space between them */
static size_t needed(const struct column *columns, size_t num, bool tiny)
{
	size_t i, sum = 0;

	for (i = 0; i < num; i++)
		if (columns[i].shown)
			sum += least(&columns[i], tiny) + 1;
	return sum ? sum - 1 : 0;
}

static bool drop_one(struct column *columns, size_t num)
{
	struct column *first = NULL;
	size_t i;

	for (i = 0; i < num; i++)
		if (columns[i].shown && columns[i].keep &&
		    (!first || columns[i].keep < first->keep))
			first = &columns[i];
	if (first)
		first->shown = false;
	return first;
}

/* The room that is left goes to what was shortened most */
static void widen(struct column *columns, size_t num, size_t *width, size_t left)
{
	size_t i, most;

	for (; left; left--) {
		most = num;
		for (i = 0; i < num; i++)
			if (columns[i].shown && width[i] < columns[i].width &&
			    (most == num || columns[i].width - width[i] >
			     columns[most].width - width[most]))
				most = i;
		if (most == num)
			return;
		width[most]++;
	}
}

void columns_fit(struct column *columns, size_t num, size_t room)
{
	size_t width[32], i;
	bool tiny = false;

	for (i = 0; i < num; i++) {
		columns[i].shown = columns[i].width || !columns[i].empty;
		columns_add(&columns[i], strlen(columns[i].head));
	}
	if (!room)
		return;
	while (needed(columns, num, tiny) > room) {
		if (drop_one(columns, num))
			continue;
		if (tiny)
			break;
		tiny = true;
	}
	for (i = 0; i < num; i++)
		width[i] = least(&columns[i], tiny);
	if (needed(columns, num, tiny) < room)
		widen(columns, num, width, room - needed(columns, num, tiny));
	for (i = 0; i < num; i++)
		columns[i].width = width[i];
}
