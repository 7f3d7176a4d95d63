/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The flows of a list: as they come, or those with most of something. */
#ifndef NFT_OFFLOAD_LISTING_H
#define NFT_OFFLOAD_LISTING_H

#include <stdbool.h>
#include <stdint.h>

struct nftnl_flow;
struct listed;

enum list_sort { LIST_UNSORTED, LIST_BYTES, LIST_PACKETS, LIST_AGE, LIST_RATE };

struct listing {
	enum list_sort	sort;
	uint64_t	limit;		/* 0: none */
	bool		table;		/* else JSON, or the long form */
	/* private */
	uint64_t	seen;
	struct listed	*heap;		/* the least first */
	uint64_t	num, room;
};

int list_sort_number(const char *name);	/* or -1 */

void listing_add(struct listing *listing, const struct nftnl_flow *flow);
/* Prints what was kept; @failed: the list is not whole */
void listing_end(struct listing *listing, bool failed);

#endif
