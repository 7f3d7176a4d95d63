/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parts of top: top.c has the loop and keys, top_flows.c flows with their meters,
 * top_rows.c what is shown and in which order, top_screen.c the picture.
 */
#ifndef NFT_OFFLOAD_TOP_H
#define NFT_OFFLOAD_TOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "meter.h"
#include "row.h"

struct spec;
struct nl_error;

/* Hardware counts the two directions apart, at different times. */
enum { METER_SOFTWARE, METER_HARDWARE_ORIG, METER_HARDWARE_REPLY, NUM_METERS };

/* A flow, as long as it is there */
struct top_flow {
	struct top_flow	*next;		/* in a slot */
	struct row	row;
	struct meter	meter[NUM_METERS];
	unsigned int	round;
};

struct top {
	struct top_flow	**slots;
	size_t		num_slots;
	struct top_flow	**flows;
	size_t		num, room;
	unsigned int	round;
	uint64_t	when;		/* of this round, milliseconds */
	uint64_t	elapsed;	/* since the one before; 0 in the first */
};

enum top_view { VIEW_FLOWS, VIEW_PATHS, VIEW_HOSTS };
enum top_sort { SORT_2S, SORT_10S, SORT_40S, SORT_BYTES, SORT_PACKETS, SORT_AGE, NUM_SORTS };

#define FILTER_SIZE	64

/* What the user chose */
struct top_options {
	enum top_view	view;
	enum top_sort	sort;
	bool		bytes;		/* not bits */
	bool		names;
	bool		help;
	bool		typing;		/* the filter */
	char		filter[FILTER_SIZE];
	size_t		first;		/* row of the screen */
};

/* A line: a flow, or flows that have something in common */
struct top_row {
	const struct top_flow	*flow;		/* one of them */
	uint8_t			addr[16];	/* VIEW_HOSTS */
	uint8_t			addr_len;
	bool			known;		/* rates are known */
	size_t			flows, hardware, failed;
	double			rate[METER_SPANS];	/* bytes per second */
	uint64_t		bytes, packets, age;
};

struct top_rows {
	struct top_row	*row;
	size_t		num, room;
	/* of all flows, whatever the filter says; over 10 seconds */
	size_t		flows, hardware, failed;
	double		rate[2], packet_rate[2];	/* software, hardware */
};

/* A round: all flows of the kernel that match */
int top_update(struct top *top, const struct spec *spec, struct nl_error *error);
void top_free(struct top *top);

void top_rows_make(struct top_rows *rows, const struct top *top, const struct top_options *view);
void top_rows_free(struct top_rows *rows);
extern const char *const top_sort_names[NUM_SORTS];

/* All of it, or what fits on a screen. Returns how many rows fit. */
size_t top_print(const struct top_rows *rows, const struct top_options *view,
		 unsigned int columns, unsigned int lines);

#endif
