// SPDX-License-Identifier: GPL-2.0-or-later
/* summary as tables: numbers of at most 5 characters, so that IPv6 fits 80 columns. A terminal that
 * is narrower has fewer columns.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "columns.h"
#include "line.h"
#include "names.h"
#include "options.h"
#include "row.h"
#include "summary.h"

#define NUMBER		16	/* a buffer */
#define SUMMARY_LINE	256

/* Exact as long as it fits */
static const char *count_text(uint64_t number, char *buf)
{
	if (number < 100000)
		snprintf(buf, NUMBER, "%" PRIu64, number);
	else
		scaled_text(number, buf);
	return buf;
}

/* Of the bytes, those by hardware */
static const char *share_text(const struct sums *sums, char *buf)
{
	double all = (double)sums->sw_bytes + sums->hw_bytes, share;

	if (!all)
		return "-";
	share = 100 * (sums->hw_bytes / all);
	/* all and nothing are said of nothing less */
	if (sums->sw_bytes && share > 99)
		share = 99;
	else if (sums->hw_bytes && share < 1)
		share = 1;
	snprintf(buf, NUMBER, "%.0f %%", share);
	return buf;
}

enum {
	COLUMN_WHAT, COLUMN_FLOWS, COLUMN_HARDWARE, COLUMN_SOFTWARE, COLUMN_REFUSED,
	COLUMN_BYTES, COLUMN_SHARE, NUM_COLUMNS,
};

/* Where there is no terminal, none is left out */
static const struct column all_columns[NUM_COLUMNS] = {
	[COLUMN_WHAT]		= { .min = 17 },
	[COLUMN_FLOWS]		= { .head = "FLOWS", .right = true, .keep = 4 },
	[COLUMN_HARDWARE]	= { .head = "HW", .right = true, .keep = 2 },
	[COLUMN_SOFTWARE]	= { .head = "SW", .right = true, .keep = 1 },
	[COLUMN_REFUSED]	= { .head = "SW!", .right = true, .keep = 5 },
	[COLUMN_BYTES]		= { .head = "BYTES", .right = true, .keep = 3 },
	[COLUMN_SHARE]		= { .head = "BY HW", .right = true },
};

static const char *number_cell(const struct sums *sums, int column, char *buf)
{
	switch (column) {
	case COLUMN_FLOWS:
		return count_text(sums->flows, buf);
	case COLUMN_HARDWARE:
		return count_text(sums->hardware, buf);
	case COLUMN_SOFTWARE:
		return count_text(sums->flows - sums->hardware - sums->refused, buf);
	case COLUMN_REFUSED:
		return count_text(sums->refused, buf);
	case COLUMN_BYTES:
		if (!sums_bytes(sums))
			return "-";
		scaled_text((double)sums->sw_bytes + sums->hw_bytes, buf);
		return buf;
	}
	return share_text(sums, buf);
}

/* A line of a table; its head if there is no @what */
static void put_row(const struct column *columns, char *what, const struct sums *sums)
{
	char text[ROW_TEXT], number[NUMBER];
	int i;

	if (what)
		shorten(what, strlen(what), columns[COLUMN_WHAT].width);
	snprintf(text, sizeof(text), "  %-*s", (int)columns[COLUMN_WHAT].width,
		 what ? what : columns[COLUMN_WHAT].head);
	line_text_safe(text);
	for (i = COLUMN_FLOWS; i < NUM_COLUMNS; i++) {
		if (!columns[i].shown)
			continue;
		snprintf(text, sizeof(text), " %*s", (int)columns[i].width,
			 what ? number_cell(sums, i, number) : columns[i].head);
		line_str(text);
	}
	line_char('\n');
}

static void path_text(const struct tally_entry *entry, char *buf)
{
	const struct path_key *key = (const void *)entry->key;
	struct row row = { .iif = key->iif, .oif = key->oif };

	row_path(&row, buf);
}

static void host_name_text(const struct tally_entry *entry, char *buf)
{
	const struct host_key *key = (const void *)entry->key;

	host_text(key->addr, key->len, options.resolve, buf);
}

static void put_table(const char *head, const struct tally *tally, uint64_t limit,
		      void (*text)(const struct tally_entry *entry, char *buf))
{
	struct column columns[NUM_COLUMNS];
	size_t room = line_columns();
	char buf[ROW_TEXT];
	uint32_t i;

	if (!tally->num)
		return;
	memcpy(columns, all_columns, sizeof(columns));
	columns[COLUMN_WHAT].head = head;
	columns_begin(columns, NUM_COLUMNS);
	for (i = COLUMN_FLOWS; i < NUM_COLUMNS; i++)
		columns_add(&columns[i], i == COLUMN_SHARE ? 6 : 5);
	for (i = 0; i < tally->num && i < limit; i++) {
		text(&tally->entries[i], buf);
		columns_add(&columns[COLUMN_WHAT], strlen(buf));
	}
	columns_fit(columns, NUM_COLUMNS, room > 2 ? room - 2 : room);
	line_char('\n');
	put_row(columns, NULL, NULL);
	for (i = 0; i < tally->num && i < limit; i++) {
		text(&tally->entries[i], buf);
		put_row(columns, buf, &tally->entries[i].sums);
	}
	line_flush();
	if (tally->num > limit)
		printf("  %" PRIu64 " more\n", tally->num - limit);
	if (tally->dropped)
		printf("  %" PRIu64 " times there was no room for one more\n", tally->dropped);
}

static void put_reasons(const struct tally *reasons)
{
	char line[SUMMARY_LINE];
	const char *name, *text;
	uint32_t i;

	if (!reasons->num)
		return;
	puts("\n  FLOWS  REASON");
	for (i = 0; i < reasons->num; i++) {
		name = (const char *)reasons->entries[i].key;
		text = reason_text(name);
		printf("  %5" PRIu64 "  ", reasons->entries[i].sums.flows);
		snprintf(line, sizeof(line), "%s%s%s", name, text ? ": " : "", text ? text : "");
		line_wrapped(line, 9, 9);
		line_char('\n');
		line_flush();
	}
}

static void put_rooms(const struct facts *facts)
{
	const struct machine_room *room;
	unsigned int i;

	if (facts->num_rooms)
		puts("\n  RULES    OF  IN HARDWARE");
	for (i = 0; i < facts->num_rooms; i++) {
		char used[NUMBER], size[NUMBER], name[sizeof(room->device) + sizeof(room->name)];

		room = &facts->rooms[i];
		printf("  %5s %5s  ", room->counted ? count_text(room->used, used) : "?",
		       count_text(room->size, size));
		snprintf(name, sizeof(name), "%s %s", room->device, room->name);
		line_wrapped(name, 15, 15);
		line_char('\n');
		line_flush();
	}
}

void summary_text(const struct summary *summary)
{
	const struct sums *total = &summary->total;
	char bytes[NUMBER], share[NUMBER], line[SUMMARY_LINE];
	size_t len;

	len = snprintf(line, sizeof(line), "%" PRIu64 " flow%s", total->flows,
		       total->flows == 1 ? "" : "s");
	if (total->flows)
		len += snprintf(line + len, sizeof(line) - len,
				": %" PRIu64 " in hardware, %" PRIu64 " in software, %" PRIu64 " refused",
				total->hardware, total->flows - total->hardware - total->refused,
				total->refused);
	if (sums_bytes(total)) {
		scaled_text((double)total->sw_bytes + total->hw_bytes, bytes);
		snprintf(line + len, sizeof(line) - len, "; %s bytes, %s by hardware", bytes,
			 share_text(total, share));
	}
	line_wrapped(line, 0, 2);
	line_char('\n');
	line_flush();
	put_table("PATH", &summary->paths, UINT64_MAX, path_text);
	put_table("HOST", &summary->hosts, summary->limit, host_name_text);
	put_reasons(&summary->reasons);
	put_rooms(&summary->facts);
}
