/* SPDX-License-Identifier: GPL-2.0-or-later */
/* summary: all flows on one screen. */
#ifndef NFT_OFFLOAD_SUMMARY_H
#define NFT_OFFLOAD_SUMMARY_H

#include "facts.h"
#include "tally.h"

struct summary {
	struct sums	total;
	struct tally	paths, hosts, reasons;
	uint64_t	limit;			/* of hosts that are printed */
	struct facts	facts;			/* only rooms */
};

/* Keys of the tallies. Those of reasons are their names. */
struct path_key {
	uint32_t	iif, oif;
};

struct host_key {
	uint8_t		addr[16], len;
};

/* summary_text.c, summary_json.c */
void summary_text(const struct summary *summary);
void summary_json(const struct summary *summary);

#endif
