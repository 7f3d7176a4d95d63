// SPDX-License-Identifier: GPL-2.0-or-later
/* What top shows: flows, or groups of them, in an order. */
#include <stdlib.h>
#include <string.h>
#include <libnftnl_offload/common.h>
#include "input.h"
#include "names.h"
#include "top.h"

const char *const top_sort_names[NUM_SORTS] = {
	"2s rate", "10s rate", "40s rate", "bytes", "packets", "age",
};

static void add_rates(struct top_row *row, const struct top_flow *flow, uint64_t now)
{
	unsigned int i, span;
	bool known = true;

	for (i = 0; i < NUM_METERS; i++) {
		/* hardware has told once, or is not known to have been asked */
		if (flow->meter[i].begun && !flow->meter[i].loose && !flow->meter[i].gap)
			known = false;
		if (!meter_known(&flow->meter[i]))
			continue;
		for (span = 0; span < METER_SPANS; span++)
			row->rate[span] += meter_bytes(&flow->meter[i], span, now);
	}
	row->known |= known;
}

static void add_totals(struct top_rows *rows, const struct top_flow *flow, uint64_t now)
{
	unsigned int i;

	rows->flows++;
	rows->hardware += flow->row.state == NFT_OFFLOAD_STATE_HARDWARE;
	rows->failed += flow->row.state == NFT_OFFLOAD_STATE_FAILED;
	for (i = 0; i < NUM_METERS; i++) {
		rows->rate[i != METER_SOFTWARE] += meter_bytes(&flow->meter[i], 1, now);
		rows->packet_rate[i != METER_SOFTWARE] += meter_packets(&flow->meter[i], 1, now);
	}
}

static void add_to(struct top_row *row, const struct top_flow *flow, uint64_t now)
{
	row->flows++;
	row->hardware += flow->row.state == NFT_OFFLOAD_STATE_HARDWARE;
	row->failed += flow->row.state == NFT_OFFLOAD_STATE_FAILED;
	row->bytes += flow->row.bytes;
	row->packets += flow->row.packets;
	if (row->age < flow->row.age)
		row->age = flow->row.age;
	add_rates(row, flow, now);
}

static struct top_row *new_row(struct top_rows *rows, const struct top_flow *flow)
{
	struct top_row *row;

	if (rows->num == rows->room) {
		rows->room = rows->room ? rows->room * 2 : 256;
		rows->row = realloc(rows->row, rows->room * sizeof(*rows->row));
		if (!rows->row)
			xalloc(SIZE_MAX);
	}
	row = &rows->row[rows->num++];
	memset(row, 0, sizeof(*row));
	row->flow = flow;
	return row;
}

/* Is the text of the filter in one of the texts of a flow? */
static bool matches(const struct row *row, const struct top_options *view)
{
	char text[4 * ROW_TEXT + NAME_SIZE], proto[NAME_SIZE];
	size_t len;

	if (!*view->filter)
		return true;
	strcpy(text, l4proto_name(row->l4proto, proto));
	len = strlen(text);
	text[len++] = ' ';
	len += row_end(row, true, view->names, ROW_TEXT - 1, text + len);
	text[len++] = ' ';
	len += row_end(row, false, view->names, ROW_TEXT - 1, text + len);
	text[len++] = ' ';
	len += row_path(row, text + len);
	text[len++] = ' ';
	strcpy(text + len, row_state(row->state));
	len += strlen(text + len);
	text[len++] = ' ';
	strcpy(text + len, row->reason);
	return strstr(text, view->filter);
}

/* Groups are found by hash. A table with this many slots holds half as many. */
struct groups {
	size_t	*slot;		/* index of a row + 1 */
	size_t	num_slots;
};

static bool is_same(const struct top_row *row, const struct top_flow *flow,
		    const uint8_t *addr, uint8_t addr_len)
{
	if (addr)
		return row->addr_len == addr_len && !memcmp(row->addr, addr, addr_len);
	return row->flow->row.iif == flow->row.iif && row->flow->row.oif == flow->row.oif;
}

static size_t hash(const struct top_flow *flow, const uint8_t *addr, uint8_t addr_len)
{
	size_t i, sum = 5381;

	if (!addr)
		return flow->row.iif * 2654435761u + flow->row.oif * 40503u;
	for (i = 0; i < addr_len; i++)
		sum = sum * 33 + addr[i];
	return sum;
}

static struct top_row *group(struct top_rows *rows, const struct groups *groups,
			     const struct top_flow *flow, const uint8_t *addr, uint8_t addr_len)
{
	size_t slot = hash(flow, addr, addr_len) % groups->num_slots;
	struct top_row *row;

	for (; groups->slot[slot]; slot = (slot + 1) % groups->num_slots) {
		row = &rows->row[groups->slot[slot] - 1];
		if (is_same(row, flow, addr, addr_len))
			return row;
	}
	row = new_row(rows, flow);
	groups->slot[slot] = rows->num;
	if (addr)
		memcpy(row->addr, addr, addr_len);
	row->addr_len = addr_len;
	return row;
}

static double sort_key(const struct top_row *row, enum top_sort sort)
{
	switch (sort) {
	case SORT_BYTES:
		return row->bytes;
	case SORT_PACKETS:
		return row->packets;
	case SORT_AGE:
		return row->age;
	default:
		return row->rate[sort];
	}
}

static enum top_sort sort_by;

/* Greatest first; those alike by their age, so that nothing jumps */
static int compare(const void *a, const void *b)
{
	const struct top_row *one = a, *other = b;
	double key = sort_key(one, sort_by), than = sort_key(other, sort_by);

	if (key != than)
		return key > than ? -1 : 1;
	return one->flow->row.id < other->flow->row.id ? -1 :
	       one->flow->row.id > other->flow->row.id;
}

void top_rows_make(struct top_rows *rows, const struct top *top, const struct top_options *view)
{
	struct groups groups = { .num_slots = 4 * top->num + 1 };
	const struct top_flow *flow;
	size_t i;

	memset(rows, 0, sizeof(*rows));
	groups.slot = xalloc(groups.num_slots * sizeof(*groups.slot));
	for (i = 0; i < top->num; i++) {
		flow = top->flows[i];
		add_totals(rows, flow, top->when);
		if (!matches(&flow->row, view))
			continue;
		switch (view->view) {
		case VIEW_FLOWS:
			add_to(new_row(rows, flow), flow, top->when);
			break;
		case VIEW_PATHS:
			add_to(group(rows, &groups, flow, NULL, 0), flow, top->when);
			break;
		case VIEW_HOSTS:
			add_to(group(rows, &groups, flow, flow->row.saddr, flow->row.addr_len),
			       flow, top->when);
			add_to(group(rows, &groups, flow, flow->row.daddr, flow->row.addr_len),
			       flow, top->when);
		}
	}
	free(groups.slot);
	sort_by = view->sort;
	if (rows->num)
		qsort(rows->row, rows->num, sizeof(*rows->row), compare);
}

void top_rows_free(struct top_rows *rows)
{
	free(rows->row);
	rows->row = NULL;
	rows->num = rows->room = 0;
}
