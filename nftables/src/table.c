// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Flows as a table, one line each.
 *
 * Columns are as wide as the first rows need. Rows that come later are printed at
 * once, so that a list of a million flows takes no more memory than that of ten. On a
 * terminal, columns have room for what such rows usually have, and longer addresses and
 * paths are shortened; elsewhere, what is wider than its column moves the rest of its line.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <libnftnl_offload/common.h>
#include "columns.h"
#include "input.h"
#include "line.h"
#include "names.h"
#include "options.h"
#include "row.h"
#include "table.h"

#define FIRST_ROWS	256

enum {
	COLUMN_PROTO, COLUMN_SOURCE, COLUMN_DEST, COLUMN_NAT, COLUMN_PATH, COLUMN_STATE,
	COLUMN_AGE, COLUMN_BYTES, COLUMN_RATE, COLUMN_REASON, NUM_COLUMNS,
};

static const struct column all_columns[NUM_COLUMNS] = {
	[COLUMN_PROTO]	= { .head = "P" },
	[COLUMN_SOURCE]	= { .head = "SOURCE", .min = 21 },
	[COLUMN_DEST]	= { .head = "DESTINATION", .min = 21 },
	[COLUMN_NAT]	= { .head = "", .keep = 4, .empty = true },
	[COLUMN_PATH]	= { .head = "PATH", .keep = 3 },
	[COLUMN_STATE]	= { .head = "ST" },
	[COLUMN_AGE]	= { .head = "AGE", .right = true, .keep = 2 },
	[COLUMN_BYTES]	= { .head = "BYTES", .right = true, .keep = 6 },
	[COLUMN_RATE]	= { .head = "AVG", .right = true, .keep = 1 },
	[COLUMN_REASON]	= { .head = "", .min = 10, .keep = 5, .empty = true },
};

static struct column columns[NUM_COLUMNS];
static struct row *first_rows;
static unsigned int num_first;
static bool printing, any_nat;
static size_t room;		/* of the terminal; 0: there is no end */
static uint64_t num_rows, num_hardware, num_failed;

void table_begin(void)
{
	memcpy(columns, all_columns, sizeof(columns));
	columns_begin(columns, NUM_COLUMNS);
	num_first = 0;
	num_rows = num_hardware = num_failed = 0;
	printing = any_nat = false;
	room = line_columns();
}

static size_t cell(const struct row *row, int column, size_t width, char *buf)
{
	char proto[NAME_SIZE];
	const char *text = "";

	switch (column) {
	case COLUMN_PROTO:
		text = l4proto_name(row->l4proto, proto);
		break;
	case COLUMN_SOURCE:
		return row_end(row, true, options.resolve, width, buf);
	case COLUMN_DEST:
		return row_end(row, false, options.resolve, width, buf);
	case COLUMN_NAT:
		text = row->nat ? "N" : "";
		break;
	case COLUMN_PATH:
		return shorten(buf, row_path(row, buf), room ? width : ROW_TEXT);
	case COLUMN_STATE:
		text = row_state(row->state);
		break;
	case COLUMN_AGE:
		return row->id ? age_text(row->age, buf) : (*buf = '-', 1);
	case COLUMN_BYTES:
		return row->bytes ? scaled_text(row->bytes, buf) : (*buf = '-', 1);
	case COLUMN_RATE:
		return rate_text(row->age ? row->bytes * 1000.0 / row->age : 0, false, buf);
	case COLUMN_REASON:
		memcpy(buf, row->reason, sizeof(row->reason));
		return shorten(buf, strlen(buf), width);
	}
	memcpy(buf, text, strlen(text));
	return strlen(text);
}

static void put_spaces(size_t num)
{
	static const char spaces[] = "                                                ";

	for (; num > sizeof(spaces) - 1; num -= sizeof(spaces) - 1)
		line_bytes(spaces, sizeof(spaces) - 1);
	line_bytes(spaces, num);
}

/* Spaces that are owed are not written at the end of a line */
static size_t put_cell(const struct column *column, size_t owed, const char *text, size_t len,
		       const char *colour)
{
	size_t pad = column->width > len ? column->width - len : 0;

	if (!len)
		return owed + pad + 1;
	put_spaces(owed + (column->right ? pad : 0));
	if (colour)
		line_str(colour);
	line_bytes(text, len);
	if (colour)
		line_word("\x1b[0m");
	return 1 + (column->right ? 0 : pad);
}

static const char *colour_of(const struct row *row, int column)
{
	if (!options.colour || (column != COLUMN_STATE && column != COLUMN_REASON))
		return NULL;
	switch (row->state) {
	case NFT_OFFLOAD_STATE_HARDWARE:
		return "\x1b[32m";
	case NFT_OFFLOAD_STATE_FAILED:
		return "\x1b[31m";
	}
	return "\x1b[33m";
}

static void put_row(const struct row *row)
{
	char text[ROW_TEXT];
	size_t i, owed = 0;

	for (i = 0; i < NUM_COLUMNS; i++)
		if (columns[i].shown)
			owed = put_cell(&columns[i], owed, text,
					cell(row, i, columns[i].width, text), colour_of(row, i));
	line_char('\n');
}

static void put_head(void)
{
	size_t i, owed = 0;

	for (i = 0; i < NUM_COLUMNS; i++)
		if (columns[i].shown)
			owed = put_cell(&columns[i], owed, columns[i].head,
					strlen(columns[i].head), NULL);
	line_char('\n');
}

/* For rows that are not known yet */
static void reserve(void)
{
	columns_add(&columns[COLUMN_NAT], 1);
	if (!room)
		return;
	columns_add(&columns[COLUMN_SOURCE], sizeof("255.255.255.255:65535") - 1);
	columns_add(&columns[COLUMN_DEST], sizeof("255.255.255.255:65535") - 1);
	columns_add(&columns[COLUMN_PATH], sizeof("eth0>eth1") - 1);
	columns_add(&columns[COLUMN_STATE], sizeof("SW!") - 1);
	columns_add(&columns[COLUMN_AGE], sizeof("999d") - 1);
	columns_add(&columns[COLUMN_BYTES], sizeof("999M") - 1);
	columns_add(&columns[COLUMN_RATE], sizeof("999Mb/s") - 1);
}

static void print_first(void)
{
	char text[ROW_TEXT];
	unsigned int i, j;

	printing = true;
	if (!num_first)
		return;
	for (i = 0; i < num_first; i++)
		for (j = 0; j < NUM_COLUMNS; j++)
			columns_add(&columns[j], cell(&first_rows[i], j, ROW_TEXT - 1, text));
	if (num_first == FIRST_ROWS)
		reserve();
	columns_fit(columns, NUM_COLUMNS, room);
	put_head();
	for (i = 0; i < num_first; i++)
		put_row(&first_rows[i]);
	free(first_rows);
	first_rows = NULL;
}

void table_row(const struct row *row)
{
	num_rows++;
	num_hardware += row->state == NFT_OFFLOAD_STATE_HARDWARE;
	num_failed += row->state == NFT_OFFLOAD_STATE_FAILED;
	any_nat |= row->nat;
	if (printing) {
		/* what the first rows had not got is shown nevertheless */
		columns[COLUMN_REASON].shown |= *row->reason && !room;
		put_row(row);
		return;
	}
	if (!first_rows)
		first_rows = xalloc(FIRST_ROWS * sizeof(*first_rows));
	first_rows[num_first++] = *row;
	if (num_first == FIRST_ROWS)
		print_first();
}

void table_stop(void)
{
	if (!printing)
		print_first();
	line_flush();
}

void table_end(uint64_t all)
{
	char sum[160];
	size_t len;

	table_stop();
	len = snprintf(sum, sizeof(sum), "%" PRIu64, num_rows);
	if (num_rows != all)
		len += snprintf(sum + len, sizeof(sum) - len, " of %" PRIu64, all);
	len += snprintf(sum + len, sizeof(sum) - len, " flow%s", all == 1 ? "" : "s");
	if (num_rows)
		len += snprintf(sum + len, sizeof(sum) - len,
				": %" PRIu64 " in hardware, %" PRIu64 " in software", num_hardware,
				num_rows - num_hardware);
	if (num_failed)
		len += snprintf(sum + len, sizeof(sum) - len, " (%" PRIu64 " refused)", num_failed);
	if (any_nat && columns[COLUMN_NAT].shown)
		snprintf(sum + len, sizeof(sum) - len, "   N = NAT");
	line_wrapped(sum, 0, 2);
	line_char('\n');
	line_flush();
}
