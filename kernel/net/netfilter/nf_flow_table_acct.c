// SPDX-License-Identifier: GPL-2.0-only
/*
 * Flows with a number, an age and counters.
 *
 * Theory of operation
 * ===================
 *
 * A flowtable is made to find the flow of a packet, and nothing else: it does not
 * count, and flows move when its hash table grows, so that a walk which stops and
 * goes on may meet one twice. A list of flows needs more. While a network
 * namespace counts, each flow of it has a struct nf_flow_acct: numbers rise, and
 * a tree of the namespace finds the next flow after a number. A list that stops
 * and goes on later has each flow that is there all the time exactly once.
 *
 *	struct flow_offload            struct nf_flow_acct        tree by id
 *	+------------+  acct     flow  +-----------+
 *	|            | --------------> |  id 4711  | <------------ 4711
 *	|            | <-------------- |  counters |
 *	+------------+                 +-----------+
 *
 * Who switches it on
 * ------------------
 *
 * A namespace counts while it has users: nf_flow_acct_get() and
 * nf_flow_acct_put(). They are its sysctl nf_flow_acct, listeners of events, and
 * lists of flows, for a while longer than a list takes. Without a user in
 * any namespace, all that is left of this is a pointer in struct flow_offload that
 * is NULL, and a static key.
 *
 * What it takes
 * -------------
 *
 * Memory is charged to the cgroup of the first user, and there are no more
 * than nf_flow_acct_max records in a namespace. A flow for which there is no memory
 * or no room is forwarded and offloaded like any other. It has no number, and a
 * list has it after the others: see nf_flow_table_walk.c. When the next user comes,
 * it gets a record if there is room by then.
 *
 * Lifetime
 * --------
 *
 * With a record in the tree, found under RCU, there is its flow: a flow that is
 * freed takes its record out of the tree first. Flows get a record when they are
 * added, or from a walk over the flowtables; and lose it when they are freed, or
 * the namespace counts no longer. flow->acct is exchanged atomically, so that
 * exactly one of those that take it away frees it. Only the walk may meet a flow
 * that is being freed: NF_FLOW_FREED is set before its record is taken away, and
 * looked at after one was given to it.
 */
#include <linux/ktime.h>
#include <linux/memcontrol.h>
#include <linux/module.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <net/netfilter/nf_conntrack.h>
#include "nf_flow_table_acct.h"

/* Records that are dropped in one RCU section */
#define NF_FLOW_ACCT_BATCH	256

struct kmem_cache *nf_flow_acct_cachep __read_mostly;

DEFINE_STATIC_KEY_FALSE(nf_flow_acct_used);
EXPORT_SYMBOL_GPL(nf_flow_acct_used);

/* Flows do without a record: no reserve is used for one, a cgroup's limit holds
 * (GFP_ATOMIC may exceed it), and nothing is killed for it.
 */
static struct nf_flow_acct *nf_flow_acct_alloc(struct nf_flow_acct_net *an,
					       gfp_t gfp)
{
	struct nf_flow_acct *acct = NULL;
	struct mem_cgroup *old;

	if (nf_flow_acct_room(an)) {
		old = set_active_memcg(READ_ONCE(an->memcg));
		acct = kmem_cache_zalloc(nf_flow_acct_cachep,
					 gfp | __GFP_ACCOUNT | __GFP_NOWARN);
		set_active_memcg(old);
	}
	if (!acct)
		WRITE_ONCE(an->missed, true);
	return acct;
}

static void nf_flow_acct_insert(struct nf_flow_acct_net *an,
				struct nf_flow_acct *acct,
				struct nf_flowtable *flowtable,
				struct flow_offload *flow)
{
	struct rb_node **link;

	acct->flow = flow;
	acct->flowtable = flowtable;
	acct->ct_id = nf_ct_get_id(flow->ct);
	acct->born = ktime_get_coarse_boottime_ns();

	spin_lock_bh(&an->lock);
	acct->id = atomic64_inc_return(&an->last);
	link = an->youngest ? &an->youngest->rb_right : &an->tree.rb_node;
	rb_link_node(&acct->node, an->youngest, link);
	rb_insert_color(&acct->node, &an->tree);
	an->youngest = &acct->node;
	WRITE_ONCE(an->num, an->num + 1);
	spin_unlock_bh(&an->lock);
}

static void nf_flow_acct_release(struct nf_flow_acct *acct)
{
	struct nf_flow_acct_net *an = nf_flow_acct_pernet_of(acct);
	int dir;

	for (dir = 0; dir < FLOW_OFFLOAD_DIR_MAX; dir++)
		nf_flow_acct_set_failure(acct, dir, NULL);

	spin_lock_bh(&an->lock);
	if (an->youngest == &acct->node)
		an->youngest = rb_prev(&acct->node);
	rb_erase(&acct->node, &an->tree);
	WRITE_ONCE(an->num, an->num - 1);
	spin_unlock_bh(&an->lock);
	kfree_rcu(acct, rcu);
}

/* The flow is not in the flowtable yet: nothing else knows it. */
void __nf_flow_acct_add(struct nf_flowtable *flowtable,
			struct flow_offload *flow)
{
	struct nf_flow_acct_net *an;
	struct nf_flow_acct *acct;

	an = nf_flow_acct_pernet(read_pnet(&flowtable->net));
	if (!READ_ONCE(an->on))
		return;

	acct = nf_flow_acct_alloc(an, GFP_NOWAIT);
	if (acct)
		nf_flow_acct_insert(an, acct, flowtable, flow);
	flow->acct = acct;
}

/* Take the record away, if there is one. */
static struct nf_flow_acct *nf_flow_acct_take(struct flow_offload *flow)
{
	return READ_ONCE(flow->acct) ? xchg(&flow->acct, NULL) : NULL;
}

/* Why is it leaving? Who tears a flow down may have said so; else it shows. */
static enum nf_flow_cause nf_flow_acct_why(const struct flow_offload *flow)
{
	if (nf_ct_is_dying(flow->ct))
		return NF_FLOW_CAUSE_CONNTRACK;
	if (test_bit(NF_FLOW_CLOSING, &flow->flags))
		return NF_FLOW_CAUSE_CLOSED;
	if (nf_flow_timeout_delta(flow->timeout) <= 0)
		return NF_FLOW_CAUSE_TIMEOUT;
	return NF_FLOW_CAUSE_PATH;
}

/**
 * nf_flow_acct_cause() - say why a flow is about to go
 * @flow: flow that the caller tears down
 * @cause: why
 *
 * The first to say it is right.
 *
 * Context: any; RCU keeps @flow.
 */
void nf_flow_acct_cause(struct flow_offload *flow, enum nf_flow_cause cause)
{
	struct nf_flow_acct *acct;

	if (!static_branch_unlikely(&nf_flow_acct_used))
		return;
	rcu_read_lock();
	acct = READ_ONCE(flow->acct);
	if (acct)
		cmpxchg(&acct->cause, NF_FLOW_CAUSE_UNKNOWN, cause);
	rcu_read_unlock();
}
EXPORT_SYMBOL_GPL(nf_flow_acct_cause);

/**
 * nf_flow_acct_del() - a flow did not get into its flowtable
 * @flow: flow that is not in the flowtable yet
 *
 * Context: any but hard interrupts.
 */
void nf_flow_acct_del(struct flow_offload *flow)
{
	struct nf_flow_acct *acct;

	rcu_read_lock(); /* nf_flow_acct_end() waits */
	acct = nf_flow_acct_take(flow);
	if (acct)
		nf_flow_acct_release(acct);
	rcu_read_unlock();
}

/**
 * nf_flow_acct_free() - a flow is about to be freed
 * @flow: flow that has left its flowtable, or was never in it
 *
 * Context: any but hard interrupts.
 */
void nf_flow_acct_free(struct flow_offload *flow)
{
	set_bit(NF_FLOW_FREED, &flow->flags);
	/* pairs with the cmpxchg() in nf_flow_acct_give() */
	smp_mb__after_atomic();
	if (!READ_ONCE(flow->acct))
		return;

	nf_flow_acct_cause(flow, nf_flow_acct_why(flow));
	nf_flow_notify(flow, NF_FLOW_EVENT_GONE, 0, 0, NF_FLOW_REASON_NONE,
		       NULL);
	nf_flow_acct_del(flow);
}

/* A flow that has none */
static void nf_flow_acct_give(struct nf_flow_acct_net *an,
			      struct nf_flowtable *flowtable,
			      struct flow_offload *flow,
			      struct nf_flow_acct *acct)
{
	nf_flow_acct_insert(an, acct, flowtable, flow);
	if (cmpxchg(&flow->acct, NULL, acct)) {
		nf_flow_acct_release(acct);
		return;
	}
	/* cmpxchg() is a full barrier */
	if (test_bit(NF_FLOW_FREED, &flow->flags))
		nf_flow_acct_del(flow);
}

/* Give a record to all flows without one, while there is memory and room. */
static void nf_flow_acct_fill(struct nf_flow_acct_net *an)
{
	struct nf_flow_acct *spare = NULL;
	struct nf_flow_walk walk = {};
	struct nf_flowtable *flowtable;
	struct flow_offload *flow;

	WRITE_ONCE(an->missed, false);
	do {
		if (!spare)
			spare = nf_flow_acct_alloc(an, GFP_KERNEL |
							   __GFP_RETRY_MAYFAIL);
		if (!spare)
			return;
		cond_resched();
		if (fatal_signal_pending(current)) {
			WRITE_ONCE(an->missed, true);
			break;
		}

		rcu_read_lock();
		flow = nf_flow_acct_without(an->net, &walk, &flowtable);
		if (!IS_ERR_OR_NULL(flow) &&
		    !test_bit(NF_FLOW_TEARDOWN, &flow->flags)) {
			nf_flow_acct_give(an, flowtable, flow, spare);
			spare = NULL;
		}
		rcu_read_unlock();
	} while (flow);
	kmem_cache_free(nf_flow_acct_cachep, spare);
}

/* Take their records from all flows. */
static void nf_flow_acct_drop(struct nf_flow_acct_net *an)
{
	struct nf_flow_acct *acct;
	unsigned int n = 0;
	struct rb_node *node;

	rcu_read_lock();
	for (;;) {
		spin_lock_bh(&an->lock);
		node = an->youngest;
		spin_unlock_bh(&an->lock);
		if (!node)
			break;
		acct = rb_entry(node, struct nf_flow_acct, node);
		/* if it is being freed, that takes it out */
		if (cmpxchg(&acct->flow->acct, acct, NULL) == acct)
			nf_flow_acct_release(acct);
		if (++n % NF_FLOW_ACCT_BATCH)
			continue;
		rcu_read_unlock();
		cond_resched();
		rcu_read_lock();
	}
	rcu_read_unlock();
}

static void nf_flow_acct_begin(struct nf_flow_acct_net *an)
{
	if (!an->memcg)
		WRITE_ONCE(an->memcg, get_mem_cgroup_from_mm(NULL));
	WRITE_ONCE(an->there, true);
	WRITE_ONCE(an->on, true);
	static_branch_inc(&nf_flow_acct_used);
	/* from now on flows get a record when they are added */
	synchronize_rcu();
	WRITE_ONCE(an->missed, true);
}

void nf_flow_acct_end(struct nf_flow_acct_net *an)
{
	WRITE_ONCE(an->on, false);
	/* nothing is about to give a record to a flow, or to charge for one */
	synchronize_rcu();

	nf_flow_acct_drop(an);
	static_branch_dec(&nf_flow_acct_used);
	/* flows that are just being freed, and lists that have found one */
	synchronize_rcu();
	WRITE_ONCE(an->there, false);
	mem_cgroup_put(an->memcg);
	WRITE_ONCE(an->memcg, NULL);
}

/* Do what users want. */
void nf_flow_acct_apply(struct nf_flow_acct_net *an)
{
	u64 until = atomic64_read(&an->until);

	lockdep_assert_held(&an->mutex);

	if (atomic_read(&an->users)) {
		if (!an->on)
			nf_flow_acct_begin(an);
		if (READ_ONCE(an->missed) && nf_flow_acct_room(an))
			nf_flow_acct_fill(an);
	} else if (an->on && time_after_eq64(get_jiffies_64(), until)) {
		nf_flow_acct_end(an);
	}
}

void nf_flow_acct_work(struct work_struct *work)
{
	struct nf_flow_acct_net *an = container_of(to_delayed_work(work),
						   struct nf_flow_acct_net,
						   work);

	mutex_lock(&an->mutex);
	nf_flow_acct_apply(an);
	mutex_unlock(&an->mutex);
}

/* One more user. The cgroup of the first one pays. */
void nf_flow_acct_user(struct nf_flow_acct_net *an)
{
	struct mem_cgroup *memcg;

	if (!READ_ONCE(an->memcg)) {
		memcg = get_mem_cgroup_from_mm(NULL);
		if (cmpxchg(&an->memcg, NULL, memcg))
			mem_cgroup_put(memcg);
	}
	atomic_inc(&an->users);
}

/**
 * nf_flow_acct_get() - have a namespace count its flows
 * @net: the namespace
 * @wait: wait until all flows are counted that can be
 *
 * The cgroup of the first user pays for it.
 *
 * Context: process, may sleep.
 */
void nf_flow_acct_get(struct net *net, bool wait)
{
	struct nf_flow_acct_net *an = nf_flow_acct_pernet(net);

	nf_flow_acct_user(an);
	if (!wait) {
		mod_delayed_work(system_dfl_wq, &an->work, 0);
		return;
	}
	mutex_lock(&an->mutex);
	nf_flow_acct_apply(an);
	mutex_unlock(&an->mutex);
}
EXPORT_SYMBOL_GPL(nf_flow_acct_get);

/**
 * nf_flow_acct_put() - have a namespace count no longer
 * @net: the namespace, after nf_flow_acct_get()
 * @linger: seconds for which it goes on, even without another user
 *
 * It is one second at least: users that come and go do not have the code patched,
 * and all flows walked over, each time.
 *
 * Context: any but hard interrupts.
 */
void nf_flow_acct_put(struct net *net, unsigned int linger)
{
	struct nf_flow_acct_net *an = nf_flow_acct_pernet(net);
	u64 was = atomic64_read(&an->until), now = get_jiffies_64();
	u64 until = now + (u64)max(linger, 1U) * HZ;

	if (time_after64(until, was))
		atomic64_set(&an->until, until);
	if (atomic_dec_and_test(&an->users))
		mod_delayed_work(system_dfl_wq, &an->work,
				 max(until, was) - now);
}
EXPORT_SYMBOL_GPL(nf_flow_acct_put);

/**
 * nf_flow_acct_memcg() - which cgroup pays for counting?
 * @net: a namespace that counts
 *
 * Context: RCU, which keeps the cgroup.
 * Return: cgroup, for set_active_memcg(), or NULL.
 */
struct mem_cgroup *nf_flow_acct_memcg(const struct net *net)
{
	return READ_ONCE(nf_flow_acct_pernet(net)->memcg);
}
EXPORT_SYMBOL_GPL(nf_flow_acct_memcg);

/**
 * nf_flow_acct_sync() - wait until nothing looks at a flowtable any more
 * @flowtable: flowtable, all of whose flows are freed
 *
 * Who walks over flows, under RCU, may look at the flowtable of one that is being
 * freed.
 *
 * Context: process, may sleep.
 */
void nf_flow_acct_sync(struct nf_flowtable *flowtable)
{
	if (READ_ONCE(nf_flow_acct_pernet(read_pnet(&flowtable->net))->there))
		synchronize_rcu();
}

