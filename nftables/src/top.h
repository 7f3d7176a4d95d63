/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parts of top: top.c has the loop, top_flows.c the rates, top_screen.c the picture. */
#ifndef NFT_OFFLOAD_TOP_H
#define NFT_OFFLOAD_TOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct nftnl_flow_filter;
struct nl_error;

/* A flow, as long as it is there */
struct top_flow {
	struct top_flow	*next;		/* in a slot */
	uint64_t	id;
	uint64_t	bytes[2];	/* software, hardware, both directions */
	uint64_t	packets[2];
	uint64_t	rate[2];	/* bytes a second */
	uint64_t	packet_rate[2];
	unsigned int	round;
	uint8_t		l4proto, state, addr_len;
	uint8_t		saddr[16], daddr[16];
	uint16_t	sport, dport;
};

struct top {
	struct top_flow	**slots;
	size_t		num_slots;
	struct top_flow	**sorted;	/* fastest first */
	size_t		num, room;
	size_t		states[8];
	uint64_t	rate[2], packet_rate[2];
	unsigned int	round;
	uint64_t	when;		/* of this round, milliseconds */
	uint64_t	elapsed;	/* since the one before; 0 in the first */
};

int top_update(struct top *top, const struct nftnl_flow_filter *filter, struct nl_error *error);
void top_free(struct top *top);

/* All of it, or what fits on a screen */
void top_print(const struct top *top, unsigned int columns, unsigned int lines);

#endif
