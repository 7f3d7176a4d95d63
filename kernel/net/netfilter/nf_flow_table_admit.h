/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which flows a policy lets into the flowtable and into hardware:
 * nf_flow_table_admit.c
 */
#ifndef _NF_FLOW_TABLE_ADMIT_H
#define _NF_FLOW_TABLE_ADMIT_H

#include <net/netfilter/nf_flow_policy.h>
#include <net/netfilter/nf_flow_reason.h>
#include <net/netfilter/nf_flow_table.h>
#include "nf_flow_table_carry.h"

struct nf_conn;

enum nf_flow_reason nf_flow_admit_ct(const struct nf_flowtable *flowtable,
				     const struct nf_conn *ct);
enum nf_flow_reason nf_flow_admit_route(const struct nf_flowtable *flowtable,
					const struct nf_flow_route *route);
bool __nf_flow_admit_packet(struct nf_flowtable *flowtable,
			    struct flow_offload *flow);
bool __nf_flow_admit_offer(struct nf_flowtable *flowtable,
			   struct flow_offload *flow);
bool __nf_flow_admit_leaves(const struct nf_flowtable *flowtable,
			    const struct flow_offload *flow);
void __nf_flow_admit_gc(struct nf_flowtable *flowtable,
			struct flow_offload *flow);
bool nf_flow_admit_begin(struct nf_flowtable *flowtable,
			 struct flow_offload *flow);
void nf_flow_admit_end(struct nf_flowtable *flowtable,
		       struct flow_offload *flow, u64 begin);
void nf_flow_admit_gone(struct nf_flowtable *flowtable,
			struct flow_offload *flow, u64 begin);
void nf_flow_admit_left(struct nf_flowtable *flowtable,
			struct flow_offload *flow);
void nf_flow_admit_pass_begin(struct nf_flowtable *flowtable);
void nf_flow_admit_pass_end(struct nf_flowtable *flowtable);

static inline bool nf_flow_is_pinned(const struct flow_offload *flow,
				     enum nf_flow_pin pin)
{
	return READ_ONCE(flow->pin) == pin;
}

/* May the flow of a packet stay in the flowtable? Under RCU. */
static inline bool nf_flow_admit_packet(struct nf_flowtable *flowtable,
					struct flow_offload *flow)
{
	return !nf_flow_is_policed() || __nf_flow_admit_packet(flowtable, flow);
}

/* May a flow that is not in hardware be offered to it? Under RCU. */
static inline bool nf_flow_admit_offer(struct nf_flowtable *flowtable,
				       struct flow_offload *flow)
{
	return nf_flow_is_policed() ?
	       __nf_flow_admit_offer(flowtable, flow) :
	       !nf_flow_is_pinned(flow, NF_FLOW_PIN_SOFTWARE);
}

/* Must a flow that may be in hardware leave it? Under RCU. */
static inline bool nf_flow_admit_leaves(const struct nf_flowtable *flowtable,
					const struct flow_offload *flow)
{
	return nf_flow_is_pinned(flow, NF_FLOW_PIN_SOFTWARE) ||
	       nf_flow_carry_is_stale(flowtable, flow) ||
	       (nf_flow_is_policed() && __nf_flow_admit_leaves(flowtable, flow));
}

static inline void nf_flow_admit_gc(struct nf_flowtable *flowtable,
				    struct flow_offload *flow)
{
	if (nf_flow_is_policed())
		__nf_flow_admit_gc(flowtable, flow);
}

#endif /* _NF_FLOW_TABLE_ADMIT_H */
