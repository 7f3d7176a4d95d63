/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _NF_FLOW_TABLE_VALIDATE_H
#define _NF_FLOW_TABLE_VALIDATE_H

#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>
#include <net/netfilter/nf_flow_table.h>
#include "nf_flow_table_evict.h"
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
 * @stale: a flow is to be validated, whatever @gen and @tail say
 * @policy: of the flowtable, or NULL
 * @policy_version: of the policy that the last pass went by, or 0
 * @policy_is_new: the pass is the first that goes by it
 * @policy_missed: a flow was busy in this pass
 * @places: flows that have NF_FLOW_PLACE
 * @dev_places: by ifindex, the same of those whose original packets come in by this
 *	device; its lock protects @places as well
 * @evict: which flows make room for faster ones
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
	bool			stale;
	const struct nf_flow_policy __rcu *policy;
	u64			policy_version;
	bool			policy_is_new;
	bool			policy_missed;
	atomic_t		places;
	struct xarray		dev_places;
	struct nf_flow_evict	evict;
};

#define NF_FLOW_RING		32

/* Of a flow that is to be asked about everything */
#define NF_FLOW_GEN_OLD(gen)	((gen) - (U32_MAX >> 2))

enum {
	NF_FLOW_WORD_RT4,
	NF_FLOW_WORD_RP_FILTER,
	NF_FLOW_WORD_NEXTHOP,
	NF_FLOW_WORD_RT6,
	NF_FLOW_WORD_RT6_DEL,
	NF_FLOW_WORD_FORWARD6,
	NF_FLOW_WORD_XFRM_OUT,
	NF_FLOW_WORD_XFRM_FWD,
	NF_FLOW_WORD_DEVS,
	NF_FLOW_WORDS,
};

/* Passes of validation: over what is out of date, or only for names of the ring */
enum nf_flow_budget {
	NF_FLOW_BUDGET_ALL,
	NF_FLOW_BUDGET_NAMED,
	__NF_FLOW_BUDGET_MAX,
};

/**
 * struct nf_flow_net - what may concern the flows of a namespace
 * @net: the namespace
 * @work: polls @word, kicks flowtables
 * @polling: @work is queued, or about to be; else events are of no interest
 * @kicked: flowtables are to be looked at
 * @gen: generation, what a flow is to be stamped with
 * @dev_gen: the last one that was about more than routes
 * @events: changes of @gen and @head
 * @word: as they were polled last
 * @devs_due: when the switches of devices are polled next (jiffies)
 * @idle: polls since flows were looked for
 * @lock: protects what follows
 * @head: entries that the ring ever had
 * @ring: the last of them
 * @neighs: how many were about neighbours
 * @all: the next generation is due
 * @budget: time for passes, ns; negative after a long one
 * @pass: time that the last one over all took, ns
 * @filled: when @budget was filled
 */
struct nf_flow_net {
	struct net		*net;
	struct delayed_work	work;
	bool			polling;
	bool			kicked;
	u32			gen;
	u32			dev_gen;
	u32			events;
	u32			word[NF_FLOW_WORDS];
	unsigned long		devs_due;
	unsigned int		idle;
	spinlock_t		lock; /* see above */
	u32			head;
	u32			ring[NF_FLOW_RING];
	u32			neighs;
	bool			all;
	s64			budget[__NF_FLOW_BUDGET_MAX];
	s64			pass;
	u64			filled;
};

/* nf_flow_table_validate.c: is it what a flow does with it? */
void nf_flow_validate_gc(struct nf_flowtable *flowtable,
			 struct flow_offload *flow);
bool nf_flow_validate_table(struct nf_flowtable *flowtable);

/* nf_flow_table_event.c: when may the answer be another one? */
extern struct workqueue_struct *nf_flow_gc_wq;

int nf_flow_validate_init(void);
void nf_flow_validate_exit(void);
int nf_flow_check_init(struct nf_flowtable *flowtable);
void nf_flow_check_free(struct nf_flowtable *flowtable);
struct nf_flow_net *nf_flow_net(const struct net *net);
void nf_flow_budget_fill(struct nf_flow_net *fn);
u32 nf_flow_host_hash(const u8 *addr);
void nf_flow_validate_devs(const struct net *net);
void nf_flow_validate_begin(const struct net *net, struct nf_flow_route *route);

/* nf_flow_table_core.c */
int __nf_flow_table_iterate(struct nf_flowtable *flow_table,
			    void (*iter)(struct nf_flowtable *flowtable,
					 struct flow_offload *flow, void *data),
			    void *data, u64 *ran);

#endif /* _NF_FLOW_TABLE_VALIDATE_H */
