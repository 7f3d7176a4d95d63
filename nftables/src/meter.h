/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rates of counters that are read now and then.
 *
 * A rate is what a counter has gained between two readings, over the time between
 * them, not over the time between two looks at it: hardware counts every few
 * seconds, screens are drawn more often or less. Older readings weigh less, by three
 * time constants, so that a burst shows at once and a ranking stays calm.
 */
#ifndef NFT_OFFLOAD_METER_H
#define NFT_OFFLOAD_METER_H

#include <stdbool.h>
#include <stdint.h>

#define METER_SPANS	3	/* 2, 10 and 40 seconds */

extern const unsigned int meter_seconds[METER_SPANS];

struct meter {
	uint64_t	bytes, packets;		/* at the last reading */
	uint64_t	when;			/* of it, milliseconds */
	uint32_t	gap;			/* between the last two; 0: there is one only */
	bool		begun;
	bool		loose;			/* begun by a look, not a reading */
	/* what came in and how long it took, older readings with less weight */
	float		sum_bytes[METER_SPANS];
	float		sum_packets[METER_SPANS];
	float		sum_ms[METER_SPANS];
};

/* A reading at @when. One that is not younger than the last is the same one. */
void meter_add(struct meter *meter, uint64_t when, uint64_t bytes, uint64_t packets);

/* Is there a rate? It takes two readings. */
bool meter_known(const struct meter *meter);

/* Bytes and packets per second at @now, over span 0 to 2 */
double meter_bytes(const struct meter *meter, unsigned int span, uint64_t now);
double meter_packets(const struct meter *meter, unsigned int span, uint64_t now);

#endif
