/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _NF_FLOW_TABLE_EVICT_H
#define _NF_FLOW_TABLE_EVICT_H

#include <linux/types.h>

/* Rate 0, and a class for each power of two */
#define NF_FLOW_RATES	33

/**
 * struct nf_flow_evict - which flows of a budget make room for faster ones
 * @hw: flows in hardware, by class of rate, in this pass of the garbage collector
 * @wait: flows that wait for a place, the same
 * @class: flows in hardware of this class may leave in this pass; all below do
 * @quota: how many of @class
 * @leave: how many of all
 * @floor: rate that a flow needs to take a place
 */
struct nf_flow_evict {
	u32	hw[NF_FLOW_RATES];
	u32	wait[NF_FLOW_RATES];
	u32	class;
	u32	quota;
	u32	leave;
	u32	floor;
};

bool nf_flow_evict_in_hw(struct nf_flow_evict *evict, u32 rate);
void nf_flow_evict_waits(struct nf_flow_evict *evict, u32 rate);
void nf_flow_evict_plan(struct nf_flow_evict *evict, u32 free);
void nf_flow_evict_stop(struct nf_flow_evict *evict);

/* May a flow with this rate take a place? */
static inline bool nf_flow_evict_enters(const struct nf_flow_evict *evict,
					u32 rate)
{
	return rate >= READ_ONCE(evict->floor);
}

#endif /* _NF_FLOW_TABLE_EVICT_H */
