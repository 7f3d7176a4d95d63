// SPDX-License-Identifier: GPL-2.0-or-later
/* summary as tables: numbers of at most 5 characters, so that IPv6 fits 80 columns. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "line.h"
#include "names.h"
#include "options.h"
#include "row.h"
#include "summary.h"

#define NUMBER	16	/* a buffer */

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
	double all = (double)sums->sw_bytes + sums->hw_bytes;

	if (!all)
		return "-";
	snprintf(buf, NUMBER, "%.0f %%", 100 * (sums->hw_bytes / all));
	return buf;
}

static void put_line(const char *what, size_t width, const struct sums *sums)
{
	char flows[NUMBER], hw[NUMBER], sw[NUMBER], refused[NUMBER], bytes[NUMBER];
	char share[NUMBER], buf[160];

	line_word("  ");
	line_text_safe(what);
	scaled_text((double)sums->sw_bytes + sums->hw_bytes, bytes);
	snprintf(buf, sizeof(buf), "%*s %5s %5s %5s %5s %5s %6s\n",
		 strlen(what) < width ? (int)(width - strlen(what)) : 0, "",
		 count_text(sums->flows, flows), count_text(sums->hardware, hw),
		 count_text(sums->flows - sums->hardware - sums->refused, sw),
		 count_text(sums->refused, refused), sums_bytes(sums) ? bytes : "-",
		 share_text(sums, share));
	line_str(buf);
}

static void put_head(const char *what, size_t width)
{
	char buf[160];

	snprintf(buf, sizeof(buf), "\n  %-*s %5s %5s %5s %5s %5s %6s\n", (int)width, what, "FLOWS",
		 "HW", "SW", "SW!", "BYTES", "BY HW");
	line_str(buf);
}

static const char *path_text(const struct tally_entry *entry, char *buf)
{
	const struct path_key *key = (const void *)entry->key;
	struct row row = { .iif = key->iif, .oif = key->oif };

	row_path(&row, buf);
	return buf;
}

static const char *host_name_text(const struct tally_entry *entry, char *buf)
{
	const struct host_key *key = (const void *)entry->key;

	host_text(key->addr, key->len, options.resolve, buf);
	return buf;
}

static void put_table(const char *head, const struct tally *tally, uint64_t limit,
		      const char *(*text)(const struct tally_entry *entry, char *buf))
{
	size_t width = strlen(head), len;
	char buf[ROW_TEXT];
	uint32_t i;

	if (!tally->num)
		return;
	for (i = 0; i < tally->num && i < limit; i++) {
		len = strlen(text(&tally->entries[i], buf));
		if (len > width)
			width = len;
	}
	put_head(head, width);
	for (i = 0; i < tally->num && i < limit; i++)
		put_line(text(&tally->entries[i], buf), width, &tally->entries[i].sums);
	line_flush();
	if (tally->num > limit)
		printf("  %" PRIu64 " more\n", tally->num - limit);
	if (tally->dropped)
		printf("  %" PRIu64 " times there was no room for one more\n", tally->dropped);
}

static void put_reasons(const struct tally *reasons)
{
	const char *name, *text;
	uint32_t i;

	if (!reasons->num)
		return;
	puts("\n  FLOWS  REASON");
	for (i = 0; i < reasons->num; i++) {
		name = (const char *)reasons->entries[i].key;
		text = reason_text(name);
		printf("  %5" PRIu64 "  ", reasons->entries[i].sums.flows);
		line_text_safe(name);
		if (text) {
			line_word(": ");
			line_str(text);
		}
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
		char used[NUMBER], size[NUMBER];

		room = &facts->rooms[i];
		printf("  %5s %5s  ", room->counted ? count_text(room->used, used) : "?",
		       count_text(room->size, size));
		line_text_safe(room->device);
		line_char(' ');
		line_text_safe(room->name);
		line_char('\n');
		line_flush();
	}
}

void summary_text(const struct summary *summary)
{
	const struct sums *total = &summary->total;
	char bytes[NUMBER], share[NUMBER];

	printf("%" PRIu64 " flow%s", total->flows, total->flows == 1 ? "" : "s");
	if (total->flows)
		printf(": %" PRIu64 " in hardware, %" PRIu64 " in software, %" PRIu64 " refused",
		       total->hardware, total->flows - total->hardware - total->refused,
		       total->refused);
	if (sums_bytes(total)) {
		scaled_text((double)total->sw_bytes + total->hw_bytes, bytes);
		printf("; %s bytes, %s by hardware", bytes, share_text(total, share));
	}
	putchar('\n');
	put_table("PATH", &summary->paths, UINT64_MAX, path_text);
	put_table("HOST", &summary->hosts, summary->limit, host_name_text);
	put_reasons(&summary->reasons);
	put_rooms(&summary->facts);
}
