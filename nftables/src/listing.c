// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The flows of a list: as they come, or those with most of something.
 *
 * A sorted list is a heap with the least on top. With a limit it is as large as the
 * limit: what has less than all of them is dropped at once.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <libnftnl_offload/flow.h>
#include "input.h"
#include "listing.h"
#include "output.h"
#include "row.h"
#include "table.h"

struct listed {
	double			key;
	struct row		row;
	struct nftnl_flow	*flow;	/* where the row is not enough */
};

static const char *const sort_names[] = {
	[LIST_BYTES] = "bytes", [LIST_PACKETS] = "packets", [LIST_AGE] = "age",
	[LIST_RATE] = "rate",
};

int list_sort_number(const char *name)
{
	int i;

	for (i = LIST_BYTES; i <= LIST_RATE; i++)
		if (!strcmp(sort_names[i], name))
			return i;
	return -1;
}

static double key_of(const struct row *row, enum list_sort sort)
{
	switch (sort) {
	case LIST_BYTES:
		return row->bytes;
	case LIST_PACKETS:
		return row->packets;
	case LIST_AGE:
		return row->age;
	default:
		return row->age ? (double)row->bytes / row->age : 0;
	}
}

/* Of those alike, the older one is first in the list */
static bool less(const struct listed *one, const struct listed *other)
{
	if (one->key != other->key)
		return one->key < other->key;
	return one->row.id > other->row.id;
}

static void swap(struct listed *one, struct listed *other)
{
	struct listed tmp = *one;

	*one = *other;
	*other = tmp;
}

static void sift_down(struct listing *listing)
{
	struct listed *heap = listing->heap;
	uint64_t i = 0, child;

	while ((child = 2 * i + 1) < listing->num) {
		if (child + 1 < listing->num && less(&heap[child + 1], &heap[child]))
			child++;
		if (!less(&heap[child], &heap[i]))
			return;
		swap(&heap[child], &heap[i]);
		i = child;
	}
}

static void push(struct listing *listing, const struct listed *listed)
{
	struct listed *heap;
	uint64_t i;

	if (listing->num == listing->room) {
		listing->room = listing->room ? listing->room * 2 : 64;
		listing->heap = realloc(listing->heap, listing->room * sizeof(*listing->heap));
		if (!listing->heap)
			xalloc(SIZE_MAX);
	}
	heap = listing->heap;
	i = listing->num++;
	heap[i] = *listed;
	for (; i && less(&heap[i], &heap[(i - 1) / 2]); i = (i - 1) / 2)
		swap(&heap[i], &heap[(i - 1) / 2]);
}

static void keep(struct listing *listing, const struct nftnl_flow *flow)
{
	struct listed listed = { .flow = NULL };
	bool full = listing->limit && listing->num == listing->limit;

	row_set(&listed.row, flow);
	listed.key = key_of(&listed.row, listing->sort);
	if (full && less(&listed, &listing->heap[0]))
		return;
	if (!listing->table) {
		listed.flow = nftnl_flow_clone(flow);
		if (!listed.flow)
			xalloc(SIZE_MAX);
	}
	if (!full) {
		push(listing, &listed);
		return;
	}
	nftnl_flow_free(listing->heap[0].flow);
	listing->heap[0] = listed;
	sift_down(listing);
}

void listing_add(struct listing *listing, const struct nftnl_flow *flow)
{
	struct row row;

	if (!listing->seen++ && listing->table)
		table_begin();
	if (listing->sort) {
		keep(listing, flow);
		return;
	}
	if (listing->limit && listing->seen > listing->limit)
		return;
	if (listing->table) {
		row_set(&row, flow);
		table_row(&row);
	} else {
		output_flow(flow);
	}
}

void listing_end(struct listing *listing, bool failed)
{
	struct listed *heap = listing->heap;
	uint64_t i, num = listing->num;

	if (!listing->seen && listing->table)
		table_begin();
	/* the least goes to the end, until the greatest is first */
	while (listing->num > 1) {
		swap(&heap[0], &heap[--listing->num]);
		sift_down(listing);
	}
	for (i = 0; i < num; i++) {
		if (listing->table)
			table_row(&heap[i].row);
		else
			output_flow(heap[i].flow);
		nftnl_flow_free(heap[i].flow);
	}
	free(heap);
	if (listing->table && !failed)
		table_end(listing->seen);
	else if (listing->table && listing->seen)
		table_stop();
}
