// SPDX-License-Identifier: GPL-2.0-or-later
/* The picture of top. */
#include <stdio.h>
#include <string.h>
#include <libnftnl_offload/common.h>
#include "columns.h"
#include "names.h"
#include "options.h"
#include "top.h"

#define LINE_SIZE	512
#define HEAD_LINES	4	/* two of sums, a blank one, and names of columns */

enum {
	COLUMN_PROTO, COLUMN_SOURCE, COLUMN_DEST, COLUMN_HOST, COLUMN_PATH, COLUMN_STATE,
	COLUMN_FLOWS, COLUMN_HARDWARE, COLUMN_FAILED, COLUMN_2S, COLUMN_10S, COLUMN_40S,
	COLUMN_BYTES, COLUMN_PACKETS, COLUMN_AGE, COLUMN_REASON, NUM_COLUMNS,
};

static const struct column all_columns[NUM_COLUMNS] = {
	[COLUMN_PROTO]		= { .head = "P" },
	[COLUMN_SOURCE]		= { .head = "SOURCE", .min = 21 },
	[COLUMN_DEST]		= { .head = "DESTINATION", .min = 21 },
	[COLUMN_HOST]		= { .head = "HOST", .min = 21 },
	[COLUMN_PATH]		= { .head = "PATH", .keep = 5 },
	[COLUMN_STATE]		= { .head = "ST", .keep = 9 },
	[COLUMN_FLOWS]		= { .head = "FLOWS", .right = true, .keep = 9 },
	[COLUMN_HARDWARE]	= { .head = "HW", .right = true, .keep = 8 },
	[COLUMN_FAILED]		= { .head = "REFUSED", .right = true, .keep = 6 },
	[COLUMN_2S]		= { .head = "2s", .right = true, .keep = 7 },
	[COLUMN_10S]		= { .head = "10s", .right = true },
	[COLUMN_40S]		= { .head = "40s", .right = true, .keep = 4 },
	[COLUMN_BYTES]		= { .head = "BYTES", .right = true, .keep = 3 },
	[COLUMN_PACKETS]	= { .head = "PACKETS", .right = true, .keep = 1 },
	[COLUMN_AGE]		= { .head = "AGE", .right = true, .keep = 2 },
	[COLUMN_REASON]		= { .head = "REASON", .min = 8, .keep = 6, .empty = true },
};

/* Which columns a view has */
static bool has_column(const struct top_options *view, int column)
{
	switch (column) {
	case COLUMN_PROTO:
	case COLUMN_SOURCE:
	case COLUMN_DEST:
	case COLUMN_STATE:
	case COLUMN_REASON:
		return view->view == VIEW_FLOWS;
	case COLUMN_HOST:
		return view->view == VIEW_HOSTS;
	case COLUMN_PATH:
		return view->view != VIEW_HOSTS;
	case COLUMN_FLOWS:
	case COLUMN_HARDWARE:
	case COLUMN_FAILED:
		return view->view != VIEW_FLOWS;
	}
	return true;
}

static const int sort_columns[NUM_SORTS] = {
	[SORT_2S] = COLUMN_2S, [SORT_10S] = COLUMN_10S, [SORT_40S] = COLUMN_40S,
	[SORT_BYTES] = COLUMN_BYTES, [SORT_PACKETS] = COLUMN_PACKETS, [SORT_AGE] = COLUMN_AGE,
};

static size_t number_text(size_t number, char *buf)
{
	return number ? snprintf(buf, ROW_TEXT, "%zu", number) : (strcpy(buf, "-"), 1);
}

static size_t rate_cell(const struct top_row *row, unsigned int span,
			const struct top_options *view, char *buf)
{
	if (row->known)
		return rate_text(row->rate[span], view->bytes, buf);
	/* it takes two readings */
	strcpy(buf, "?");
	return 1;
}

static size_t cell(const struct top_row *row, int column, const struct top_options *view,
		   size_t width, char *buf)
{
	const struct row *flow = &row->flow->row;
	char proto[NAME_SIZE];

	switch (column) {
	case COLUMN_PROTO:
		strcpy(buf, l4proto_name(flow->l4proto, proto));
		break;
	case COLUMN_SOURCE:
		return row_end(flow, true, view->names, width, buf);
	case COLUMN_DEST:
		return row_end(flow, false, view->names, width, buf);
	case COLUMN_HOST:
		return shorten(buf, host_text(row->addr, row->addr_len, view->names, buf), width);
	case COLUMN_PATH:
		return row_path(flow, buf);
	case COLUMN_STATE:
		strcpy(buf, row_state(flow->state));
		break;
	case COLUMN_FLOWS:
		return number_text(row->flows, buf);
	case COLUMN_HARDWARE:
		return number_text(row->hardware, buf);
	case COLUMN_FAILED:
		return number_text(row->failed, buf);
	case COLUMN_2S:
	case COLUMN_10S:
	case COLUMN_40S:
		return rate_cell(row, column - COLUMN_2S, view, buf);
	case COLUMN_BYTES:
		return scaled_text(row->bytes, buf);
	case COLUMN_PACKETS:
		return scaled_text(row->packets, buf);
	case COLUMN_AGE:
		return age_text(row->age, buf);
	case COLUMN_REASON:
		strcpy(buf, flow->reason);
		return shorten(buf, strlen(buf), width);
	}
	return strlen(buf);
}

static void put_line(const char *line, unsigned int columns)
{
	char cut[LINE_SIZE];

	snprintf(cut, sizeof(cut), "%.*s", columns ? (int)columns : LINE_SIZE - 1, line);
	fputs(cut, stdout);
	/* a line that ends in the last column but one wraps nowhere */
	fputs(columns ? "\x1b[K\r\n" : "\n", stdout);
}

/* Appends a text to a line, as wide as its column */
static size_t put_cell(char *line, size_t len, const struct column *column, const char *text,
		       size_t text_len)
{
	size_t pad = column->width > text_len ? column->width - text_len : 0;

	if (len + pad + text_len + 2 > LINE_SIZE)
		return len;
	if (len)
		line[len++] = ' ';
	if (column->right) {
		memset(line + len, ' ', pad);
		len += pad;
	}
	memcpy(line + len, text, text_len);
	len += text_len;
	if (!column->right) {
		memset(line + len, ' ', pad);
		len += pad;
	}
	return len;
}

static void put_row(char *line, size_t len, unsigned int columns)
{
	while (len && line[len - 1] == ' ')
		len--;
	line[len] = '\0';
	put_line(line, columns);
}

/* The first text that fits, as nothing of these is to be cut */
static void put_fitting(const char (*texts)[LINE_SIZE], size_t num, unsigned int columns)
{
	size_t i = 0;

	while (columns && i < num - 1 && strlen(texts[i]) > columns)
		i++;
	put_line(texts[i], columns);
}

static void put_sums(const struct top_rows *rows, const struct top_options *view,
		     unsigned int columns)
{
	char line[3][LINE_SIZE], rate[2][16], packets[2][16];
	size_t software = rows->flows - rows->hardware;
	int i;

	for (i = 0; i < 2; i++) {
		rate_text(rows->rate[i], view->bytes, rate[i]);
		scaled_text(rows->packet_rate[i], packets[i]);
	}
	snprintf(line[0], LINE_SIZE,
		 "nft-offload top: %zu flow%s, %zu in hardware, %zu in software (%zu refused)",
		 rows->flows, rows->flows == 1 ? "" : "s", rows->hardware, software, rows->failed);
	snprintf(line[1], LINE_SIZE, "%zu flow%s: HW %zu, SW %zu (refused %zu)", rows->flows,
		 rows->flows == 1 ? "" : "s", rows->hardware, software, rows->failed);
	put_fitting(line, 2, columns);
	snprintf(line[0], LINE_SIZE, "hardware %s %s packets/s, software %s %s packets/s",
		 rate[1], packets[1], rate[0], packets[0]);
	snprintf(line[1], LINE_SIZE, "HW %s %s packets/s, SW %s %s packets/s",
		 rate[1], packets[1], rate[0], packets[0]);
	snprintf(line[2], LINE_SIZE, "HW %s, SW %s", rate[1], rate[0]);
	put_fitting(line, 3, columns);
}

/* The line between sums and table: what is typed, or which part it is */
static void put_position(const struct top_rows *rows, const struct top_options *view,
			 size_t last, unsigned int columns)
{
	char line[LINE_SIZE];
	size_t len = 0;

	if (!columns) {
		put_line("", 0);
		return;
	}
	if (view->typing) {
		snprintf(line, sizeof(line), "/%s_", view->filter);
		put_line(line, columns);
		return;
	}
	if (rows->num > last - view->first)
		len += snprintf(line, sizeof(line), "%zu to %zu, %zu more, ", view->first + 1, last,
				rows->num - (last - view->first));
	len += snprintf(line + len, sizeof(line) - len, "by %s", top_sort_names[view->sort]);
	if (*view->filter)
		len += snprintf(line + len, sizeof(line) - len, ", with \"%s\"", view->filter);
	snprintf(line + len, sizeof(line) - len, ", ? for help");
	put_line(line, columns);
}

static void put_table(const struct top_rows *rows, const struct top_options *view, size_t last,
		      unsigned int columns)
{
	struct column column[NUM_COLUMNS];
	char line[LINE_SIZE], text[ROW_TEXT];
	int which[NUM_COLUMNS];
	size_t i, j, len, num = 0;

	for (i = 0; i < NUM_COLUMNS; i++) {
		if (!has_column(view, i))
			continue;
		which[num] = i;
		column[num] = all_columns[i];
		if ((int)i == sort_columns[view->sort])
			column[num].keep = 0;
		num++;
	}
	columns_begin(column, num);
	for (i = view->first; i < last; i++)
		for (j = 0; j < num; j++)
			columns_add(&column[j], cell(&rows->row[i], which[j], view, ROW_TEXT - 1,
						     text));
	/* rates have room for what comes, so that columns stay where they are */
	for (j = 0; j < num; j++)
		if (which[j] >= COLUMN_2S && which[j] <= COLUMN_40S)
			columns_add(&column[j], sizeof("9.9Mb/s") - 1);
	columns_fit(column, num, columns);
	for (len = j = 0; j < num; j++)
		if (column[j].shown)
			len = put_cell(line, len, &column[j], column[j].head,
				       strlen(column[j].head));
	put_row(line, len, columns);
	for (i = view->first; i < last; i++) {
		for (len = j = 0; j < num; j++) {
			if (!column[j].shown)
				continue;
			len = put_cell(line, len, &column[j], text,
				       cell(&rows->row[i], which[j], view, column[j].width, text));
		}
		put_row(line, len, columns);
	}
}

/* Lines of at most 59 columns. The manual page has the keys, too. */
static const char *const help[] = {
	"s    sort by the next: rates, bytes, packets, age",
	"b    bits or bytes",
	"r    names of hosts and services, or numbers",
	"i    by pair of devices, or by flow",
	"h    by host, or by flow",
	"/    only flows with a text in their line",
	"     Enter ends the text, Esc clears it",
	"up, down, page up, page down    scroll",
	"home, end    the first row, the last row",
	"space    look at once",
	"q    quit",
	"",
	"HW in hardware   SW in software   end about to be torn down",
	"SW+ hardware is being asked   SW! hardware refused it",
	"? as a rate: the counters were read once so far",
};

size_t top_print(const struct top_rows *rows, const struct top_options *view,
		 unsigned int columns, unsigned int lines)
{
	size_t i, last = rows->num, room = 0;

	if (columns) {
		columns--;
		room = lines > HEAD_LINES + 1 ? lines - HEAD_LINES - 1 : 0;
		if (last > view->first + room)
			last = view->first + room;
	}
	put_sums(rows, view, columns);
	if (view->help) {
		put_line("", columns);
		for (i = 0; i < sizeof(help) / sizeof(help[0]) && i + 3 < lines; i++)
			put_line(help[i], columns);
		return room;
	}
	put_position(rows, view, last, columns);
	if (!columns || lines > HEAD_LINES)
		put_table(rows, view, last, columns);
	if (!columns)
		putchar('\n');
	return room;
}
