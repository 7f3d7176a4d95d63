/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _NF_FLOW_TABLE_VALIDATE_H
#define _NF_FLOW_TABLE_VALIDATE_H

#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>
#include <net/netfilter/nf_flow_table.h>
#include "nf_flow_table_evict.h"
#include "nf_flow_table_net.h"
#include "nf_flow_table_probe.h"

struct nf_flow_policy;

/* nf_flow_table_path.c: and with the frame, down to the port? */
int nf_flow_path_fill(const struct nf_flow_hop *hop, u8 l3proto, bool heard,
		      struct net_device_path_stack *stack, u8 *ha,
		      struct flow_offload_path *path);

/**
 * struct nf_flow_check - what the garbage collector of a flowtable keeps
 * @flowtable: flowtable
 * @gc_work: the garbage collector
 * @gc_due: when flows are looked at that time out, or have a TCP FIN (jiffies)
 * @gen: generation of the last pass of validation
 * @tail: entries of the ring of the namespace that passes have seen
 * @neighs: how many of them were about neighbours
 * @bridges: changes of what bridges forward that passes have seen
 * @stale: a flow is to be validated, whatever @gen and @tail say
 * @policy: of the flowtable, or NULL
 * @policy_version: of the policy that the last pass went by, or 0
 * @policy_is_new: the pass is the first that goes by it
 * @policy_missed: a flow was busy in this pass
 * @places: flows that have NF_FLOW_PLACE
 * @dev_places: by ifindex, the same of those whose original packets come in by this
 *	device; its lock protects @places as well
 * @evict: which flows make room for faster ones
 * @dev_evict: the same by ifindex, as for @dev_places, if the budget is for each
 * @replace: what it takes
 *
 * Written by the garbage collector, but for @stale, @policy and the places.
 */
struct nf_flow_check {
	struct nf_flowtable	*flowtable;
	struct delayed_work	gc_work;
	unsigned long		gc_due;
	u32			gen;
	u32			tail;
	u32			neighs;
	u32			bridges;
	bool			stale;
	const struct nf_flow_policy __rcu *policy;
	u64			policy_version;
	bool			policy_is_new;
	bool			policy_missed;
	atomic_t		places;
	struct xarray		dev_places;
	struct nf_flow_evict	evict;
	struct xarray		dev_evict;
	struct nf_flow_replace	replace;
};

/* Of a flow that is to be asked about everything */
#define NF_FLOW_GEN_OLD(gen)	((gen) - (U32_MAX >> 2))

/* nf_flow_table_validate.c: is it what a flow does with it? */
void nf_flow_validate_gc(struct nf_flowtable *flowtable,
			 struct flow_offload *flow);
bool nf_flow_validate_table(struct nf_flowtable *flowtable);

/* nf_flow_table_event.c: when may the answer be another one? */
extern struct workqueue_struct *nf_flow_gc_wq;

static inline struct nf_flow_net *nf_flow_net(const struct net *net)
{
	return &nf_flow_table_pernet(net)->event;
}

int nf_flow_gc_init(void);
void nf_flow_gc_exit(void);
int nf_flow_event_init(void);
void nf_flow_event_exit(void);
int nf_flow_check_init(struct nf_flowtable *flowtable);
void nf_flow_check_free(struct nf_flowtable *flowtable);
void nf_flow_budget_fill(struct nf_flow_net *fn);
u32 nf_flow_host_hash(const u8 *addr);
void nf_flow_validate_begin(const struct net *net, struct nf_flow_route *route);

/* nf_flow_table_core.c */
int __nf_flow_table_iterate(struct nf_flowtable *flow_table,
			    void (*iter)(struct nf_flowtable *flowtable,
					 struct flow_offload *flow, void *data),
			    void *data, u64 *ran);

#endif /* _NF_FLOW_TABLE_VALIDATE_H */
