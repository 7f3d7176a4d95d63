/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Flows of flowtables with a number, an age and counters, and what happens to
 * them: nf_flow_table_acct.c, for the module nft_offload; walks over flows:
 * nf_flow_table_walk.c
 */
#ifndef _NF_FLOW_ACCT_H
#define _NF_FLOW_ACCT_H

#include <linux/atomic.h>
#include <linux/cache.h>
#include <linux/jump_label.h>
#include <linux/rbtree_types.h>
#include <linux/rcupdate.h>
#include <net/netfilter/nf_flow_table.h>
#include <net/netfilter/nf_flow_counters.h>

/**
 * enum nf_flow_event - what happens to a flow
 * @NF_FLOW_EVENT_ADDED: it is in the flowtable
 * @NF_FLOW_EVENT_HARDWARE: it is in hardware, with all directions that it needs
 * @NF_FLOW_EVENT_FAILED: a driver, or the core, refused it
 * @NF_FLOW_EVENT_SOFTWARE: it was in hardware, and goes on in software
 * @NF_FLOW_EVENT_GONE: it has left the flowtable
 * @NF_FLOW_EVENT_PINNED: it was pinned, or its pin has ended
 */
enum nf_flow_event {
	NF_FLOW_EVENT_ADDED,
	NF_FLOW_EVENT_HARDWARE,
	NF_FLOW_EVENT_FAILED,
	NF_FLOW_EVENT_SOFTWARE,
	NF_FLOW_EVENT_GONE,
	NF_FLOW_EVENT_PINNED,
};

/**
 * enum nf_flow_cause - why a flow has left its flowtable
 * @NF_FLOW_CAUSE_UNKNOWN: not recorded
 * @NF_FLOW_CAUSE_TIMEOUT: no packet for too long
 * @NF_FLOW_CAUSE_CLOSED: TCP FIN or RST
 * @NF_FLOW_CAUSE_CONNTRACK: its conntrack entry was deleted
 * @NF_FLOW_CAUSE_PATH: a route, neighbour or device on its way has changed
 * @NF_FLOW_CAUSE_FLUSHED: an administrator wanted it
 * @NF_FLOW_CAUSE_TABLE: its flowtable goes
 * @NF_FLOW_CAUSE_POLICY: its policy excludes it
 */
enum nf_flow_cause {
	NF_FLOW_CAUSE_UNKNOWN,
	NF_FLOW_CAUSE_TIMEOUT,
	NF_FLOW_CAUSE_CLOSED,
	NF_FLOW_CAUSE_CONNTRACK,
	NF_FLOW_CAUSE_PATH,
	NF_FLOW_CAUSE_FLUSHED,
	NF_FLOW_CAUSE_TABLE,
	NF_FLOW_CAUSE_POLICY,
};

/**
 * struct nf_flow_failure - what kept a direction out of hardware
 * @rcu: for kfree_rcu()
 * @reason: why
 * @msg: what the driver said, may be empty
 */
struct nf_flow_failure {
	struct rcu_head		rcu;
	enum nf_flow_reason	reason;
	char			msg[];
};

/**
 * struct nf_flow_count - packets of one direction of a flow
 * @sw_packets: forwarded by the flowtable's fast path
 * @sw_bytes: of them, from the network header on
 * @hw_packets: forwarded by hardware, as far as the driver has told
 * @hw_bytes: of them, as the driver counts
 * @hw_read: when it last told, CLOCK_MONOTONIC in ns; 0: never
 * @rate: packets a second, if the policy wants to know: see
 *	nf_flow_table_admit.c
 * @rate_seen: packets, when @rate was found, the lower half
 * @rate_when: and milliseconds of CLOCK_MONOTONIC, the lower half
 * @failure: the last; NULL if the error says it all. Of interest while the
 *	direction has an error
 *
 * A direction is forwarded by one CPU, as a rule: each has its cache line.
 */
struct nf_flow_count {
	atomic64_t	sw_packets;
	atomic64_t	sw_bytes;
	atomic64_t	hw_packets;
	atomic64_t	hw_bytes;
	atomic64_t	hw_read;
	struct nf_flow_failure __rcu *failure;
	u32		rate;
	u32		rate_seen;
	u32		rate_when;
} ____cacheline_aligned_in_smp;

/**
 * struct nf_flow_acct - what is known of a flow that is counted
 * @count: of each direction
 * @flow: the flow
 * @flowtable: where it is
 * @node: in the tree of its namespace, by @id
 * @rcu: for kfree_rcu(), once it is in the tree no longer
 * @id: its number, greater than that of any older flow of the namespace; 0: this
 *	stands in for a flow that is not counted, see nf_flow_acct_of()
 * @born: ktime_get_coarse_boottime_ns() when it was seen first
 * @cause: enum nf_flow_cause, once there is one
 * @ct_id: nf_ct_get_id(), which takes its time
 */
struct nf_flow_acct {
	struct nf_flow_count	count[FLOW_OFFLOAD_DIR_MAX];
	struct flow_offload	*flow;
	struct nf_flowtable	*flowtable;
	union {
		struct rb_node	node;
		struct rcu_head	rcu;
	};
	u64			id;
	u64			born;
	u32			cause;
	u32			ct_id;
};

/**
 * struct nf_flow_notifier - functions that are told
 * @event: something has happened to @acct->flow, which stays until it returns;
 *	@acct is NULL if the flow is not counted. @dir, @err (negative errno),
 *	@reason and @msg (may be NULL) are for %NF_FLOW_EVENT_FAILED. Any context
 *	but hard interrupts, under RCU.
 * @skip: a packet of @ct met a rule that adds flows, and made none. The same.
 *
 * Both are called for namespaces that count.
 */
struct nf_flow_notifier {
	void (*event)(struct net *net, const struct nf_flow_acct *acct,
		      enum nf_flow_event event,
		      enum flow_offload_tuple_dir dir, int err,
		      enum nf_flow_reason reason, const char *msg);
	void (*skip)(struct net *net, const struct nf_conn *ct,
		     enum nf_flow_reason reason);
};

/**
 * struct nf_flow_walk - where a walk over all flows of a namespace is
 * @table: complement of the number of the flowtable; all 0: at the beginning
 * @flow: the last one that was returned, for comparison only
 * @seed: hash_rnd of the bucket table, with bit 0 set; 0: of none yet
 * @bucket: in the bucket table
 */
struct nf_flow_walk {
	u64		table;
	const void	*flow;
	u32		seed;
	u32		bucket;
};

/**
 * struct nf_flow_list - where a list of all flows of a namespace is
 * @next: number to go on with
 * @last: number to stop after
 * @walk: for flows that are not counted, which come last
 */
struct nf_flow_list {
	u64			next;
	u64			last;
	struct nf_flow_walk	walk;
};

/* Does any namespace count? */
DECLARE_STATIC_KEY_FALSE(nf_flow_acct_used);

int nf_flow_acct_init(void);
void nf_flow_acct_exit(void);

int nf_flow_notifier_register(const struct nf_flow_notifier *notifier);
void nf_flow_notifier_unregister(void);
void nf_flow_acct_get(struct net *net, bool wait);
void nf_flow_acct_put(struct net *net, unsigned int linger);
struct mem_cgroup *nf_flow_acct_memcg(const struct net *net);
void nf_flow_acct_sync(struct nf_flowtable *flowtable);

struct flow_offload *nf_flow_walk_next(const struct net *net,
				       struct nf_flow_walk *walk,
				       struct nf_flowtable **flowtable);
const struct nf_flow_acct *nf_flow_acct_by_id(struct net *net, u64 id);
const struct nf_flow_acct *nf_flow_acct_of(struct nf_flowtable *flowtable,
					   struct flow_offload *flow,
					   struct nf_flow_acct *none);
void nf_flow_list_begin(struct net *net, struct nf_flow_list *list);
const struct nf_flow_acct *nf_flow_list_next(struct net *net,
					     struct nf_flow_list *list,
					     struct nf_flow_acct *none);

void __nf_flow_acct_add(struct nf_flowtable *flowtable,
			struct flow_offload *flow);
void __nf_flow_notify(struct flow_offload *flow, enum nf_flow_event event,
		      enum flow_offload_tuple_dir dir, int err,
		      enum nf_flow_reason reason, const char *msg);
void __nf_flow_notify_skip(struct nf_flowtable *flowtable,
			   const struct nf_conn *ct, enum nf_flow_reason reason);
void nf_flow_acct_free(struct flow_offload *flow);
void nf_flow_acct_del(struct flow_offload *flow);
void nf_flow_acct_cause(struct flow_offload *flow, enum nf_flow_cause cause);

/* A flow is about to get into its flowtable. Under RCU. */
static inline void nf_flow_acct_add(struct nf_flowtable *flowtable,
				    struct flow_offload *flow)
{
	if (static_branch_unlikely(&nf_flow_acct_used) &&
	    flow->type == NF_FLOW_OFFLOAD_ROUTE)
		__nf_flow_acct_add(flowtable, flow);
}

static inline void nf_flow_notify(struct flow_offload *flow,
				  enum nf_flow_event event,
				  enum flow_offload_tuple_dir dir, int err,
				  enum nf_flow_reason reason,
				  const char *msg)
{
	if (static_branch_unlikely(&nf_flow_acct_used))
		__nf_flow_notify(flow, event, dir, err, reason, msg);
}

/* A packet of @ct, if it has one, made no flow. Under RCU. */
static inline void nf_flow_notify_skip(struct nf_flowtable *flowtable,
				       const struct nf_conn *ct,
				       enum nf_flow_reason reason)
{
	if (static_branch_unlikely(&nf_flow_acct_used))
		__nf_flow_notify_skip(flowtable, ct, reason);
}

/* A packet of @len bytes took the fast path. Under RCU. */
static inline void nf_flow_acct_packet(struct flow_offload *flow,
				       enum flow_offload_tuple_dir dir,
				       unsigned int len)
{
	struct nf_flow_acct *acct;

	if (!static_branch_unlikely(&nf_flow_acct_used))
		return;
	acct = READ_ONCE(flow->acct);
	if (acct) {
		atomic64_inc(&acct->count[dir].sw_packets);
		atomic64_add(len, &acct->count[dir].sw_bytes);
	}
}

/* What the driver counted since it was asked last */
static inline void nf_flow_acct_stats(struct flow_offload *flow,
				      enum flow_offload_tuple_dir dir,
				      const struct flow_stats *stats)
{
	struct nf_flow_acct *acct;

	if (!static_branch_unlikely(&nf_flow_acct_used))
		return;
	rcu_read_lock();
	acct = READ_ONCE(flow->acct);
	if (acct) {
		atomic64_add(stats->pkts, &acct->count[dir].hw_packets);
		atomic64_add(stats->bytes, &acct->count[dir].hw_bytes);
		if (READ_ONCE(flow->hw.state[dir]) == FLOW_OFFLOAD_HW_INSTALLED)
			atomic64_set(&acct->count[dir].hw_read, ktime_get_ns());
	}
	rcu_read_unlock();
}

#endif /* _NF_FLOW_ACCT_H */
