/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _NF_FLOW_TABLE_EVICT_H
#define _NF_FLOW_TABLE_EVICT_H

#include <linux/atomic.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/types.h>
#include <linux/xarray.h>

/* Rate 0, and a class for each power of two */
#define NF_FLOW_RATES	33

/**
 * struct nf_flow_evict - which flows make room for faster ones, of a flowtable, or
 *	of those with a device
 * @rcu: for kfree_rcu(), of those with a device
 * @hw: flows in hardware, by class of rate, in this pass of the garbage collector
 * @wait: flows that wait for a place, the same
 * @class: flows in hardware of this class may leave in this pass; all below do
 * @quota: how many of @class
 * @leave: how many of all
 * @floor: rate that a flow needs to take a place
 * @refused: flows of @wait that drivers have refused, and the floor has not
 * @lower: passes without such a flow: the floor comes down by as many classes
 */
struct nf_flow_evict {
	struct rcu_head	rcu;
	u32	hw[NF_FLOW_RATES];
	u32	wait[NF_FLOW_RATES];
	u32	class;
	u32	quota;
	u32	leave;
	u32	floor;
	u32	refused;
	u32	lower;
};

/**
 * struct nf_flow_replace - what replacements take
 * @ns: time that workers have spent with them since the last plan
 * @num: how many these were
 * @when: time of the last plan, ns
 * @credit: time that may be spent with the next ones, ns
 * @cost: time that one takes, ns; a mean
 * @on: flows leave for faster ones now: what is added is in their places
 */
struct nf_flow_replace {
	atomic64_t	ns;
	atomic_t	num;
	u64		when;
	s64		credit;
	u64		cost;
	bool		on;
};

bool nf_flow_evict_in_hw(struct nf_flow_evict *evict, u32 rate);
void nf_flow_evict_waits(struct nf_flow_evict *evict, u32 rate, bool refused);
u32 nf_flow_evict_plan(struct nf_flow_evict *evict, s64 free, bool known,
		       u32 max);
void nf_flow_evict_stop(struct nf_flow_evict *evict);

u32 nf_flow_replace_max(struct nf_flow_replace *replace);
struct nf_flow_evict *nf_flow_evict_of(struct xarray *devices,
				       unsigned long ifindex);

/* A worker has spent time with replacements, since local_clock() was @begin. */
static inline void nf_flow_replace_spent(struct nf_flow_replace *replace,
					 u64 begin, u64 end, unsigned int num)
{
	if ((s64)(end - begin) > 0) /* else on another CPU */
		atomic64_add(end - begin, &replace->ns);
	atomic_add(num, &replace->num);
}

/* The flowtable goes, no packet and no garbage collector is at it any more. */
static inline void nf_flow_evict_free(struct xarray *devices)
{
	struct nf_flow_evict *evict;
	unsigned long ifindex;

	xa_for_each(devices, ifindex, evict)
		kfree(evict);
	xa_destroy(devices);
}

/* Was no flow counted in this pass? */
static inline bool nf_flow_evict_is_empty(const struct nf_flow_evict *evict)
{
	return !memchr_inv(evict->hw, 0, sizeof(evict->hw)) &&
	       !memchr_inv(evict->wait, 0, sizeof(evict->wait));
}

/* May a flow with this rate take a place? */
static inline bool nf_flow_evict_enters(const struct nf_flow_evict *evict,
					u32 rate)
{
	return rate >= READ_ONCE(evict->floor);
}

#endif /* _NF_FLOW_TABLE_EVICT_H */
