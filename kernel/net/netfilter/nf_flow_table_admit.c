// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which connections a policy lets into a flowtable, and which of its flows into
 * hardware. For how a flowtable finds its policy see nf_flow_table_policy.c.
 *
 * Theory of operation
 * ===================
 *
 *	packet that meets "flow add"	nf_flow_admit_ct()	never, stack
 *	flow whose path is known	nf_flow_admit_route()	shaped, above the port
 *	packet of the fast path		nf_flow_admit_packet()	never, shaped
 *	flow that is offered		nf_flow_admit_offer()	all of it
 *	worker that is about to add	nf_flow_admit_begin()	all of it
 *	worker that is done		nf_flow_admit_leaves()	marks, shaped
 *	each flow, each second		nf_flow_admit_gc()	all of it
 *
 * Marks and policies change: packets in software, and the garbage collector for
 * flows in hardware, find out. A flow that must leave the flowtable is torn down, its
 * next packets take the slow path; one that must leave hardware goes on in software,
 * as it does when hardware offload is switched off (nf_flow_table_suspend.c). Flows
 * that were refused are offered again as their packets come by, once a second.
 *
 * Budget
 * ------
 *
 * A flow holds a place, NF_FLOW_PLACE, from before a driver is asked for it until its
 * rules are destroyed. Places are counted all the time, so that a policy may come
 * later than its flows; and by device of the original packets as well.
 *
 * With "evict slowest", flows that wait for a place get those of slower ones: places of
 * the budget, or without one, places in hardware that drivers have not (-ENOSPC). See
 * nf_flow_table_evict.c.
 */
#include <linux/hash.h>
#include <linux/sched/clock.h>
#include <linux/xarray.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_acct.h>
#include <net/netfilter/nf_flow_counters.h>
#include <net/netfilter/nf_flow_table.h>
#include <net/netfilter/nf_flow_acct.h>
#include <trace/events/nf_flow_table.h>
#include "nf_flow_table_admit.h"
#include "nf_flow_table_internal.h"
#include "nf_flow_table_shaper.h"
#include "nf_flow_table_validate.h"

/* A flow in hardware whose driver has told of no packet for so long has no rate, in
 * milliseconds: idle flows are not asked about for a while.
 */
#define NF_FLOW_RATE_IDLE	2500

/* The shortest time for a new rate, in milliseconds */
#define NF_FLOW_RATE_TIME	500

static const struct nf_flow_policy *
nf_flow_admit_policy(const struct nf_flowtable *flowtable)
{
	return rcu_dereference(flowtable->check->policy);
}

/* Packets of a connection that has no accounting: those seen here. Connections that
 * share a counter are judged together.
 */
static bool nf_flow_admit_early_unknown(const struct nf_flow_policy *policy,
					const struct nf_conn *ct)
{
	atomic_t *seen;

	seen = &policy->early[hash_ptr(ct, NF_FLOW_POLICY_EARLY_BITS)];
	if (atomic_inc_return(seen) < policy->stack)
		return true;

	atomic_set(seen, 0);
	return false;
}

static bool nf_flow_admit_early(const struct nf_flow_policy *policy,
				const struct nf_conn *ct)
{
	const struct nf_conn_acct *acct = nf_conn_acct_find(ct);
	const struct nf_conn_counter *count;

	if (!acct)
		return nf_flow_admit_early_unknown(policy, ct);

	count = acct->counter;
	return atomic64_read(&count[IP_CT_DIR_ORIGINAL].packets) +
	       atomic64_read(&count[IP_CT_DIR_REPLY].packets) < policy->stack;
}

/**
 * nf_flow_admit_ct() - why must a packet make no flow?
 * @flowtable: flowtable that a rule wants to add it to
 * @ct: its connection
 *
 * Context: any but hard interrupts, under RCU.
 * Return: the reason, or %NF_FLOW_REASON_NONE.
 */
enum nf_flow_reason nf_flow_admit_ct(const struct nf_flowtable *flowtable,
				     const struct nf_conn *ct)
{
	const struct nf_flow_policy *policy;

	if (!nf_flow_is_policed())
		return NF_FLOW_REASON_NONE;
	policy = nf_flow_admit_policy(flowtable);
	if (!policy || test_bit(IPS_OFFLOAD_BIT, &ct->status))
		return NF_FLOW_REASON_NONE;
	if (nf_flow_policy_marked(policy, ct) == NF_FLOW_MARKED_NEVER)
		return NF_FLOW_REASON_POLICY;
	if (policy->stack && nf_flow_admit_early(policy, ct))
		return NF_FLOW_REASON_TOO_EARLY;
	return NF_FLOW_REASON_NONE;
}
EXPORT_SYMBOL_GPL(nf_flow_admit_ct);

/* Are there shapers on a flow's paths that the policy wants to hold? */
static bool nf_flow_admit_shaped(const struct nf_flow_policy *policy,
				 const struct flow_offload *flow, u8 shapers)
{
	return policy->shaping == NF_FLOW_SHAPING_SOFTWARE &&
	       (flow->path[FLOW_OFFLOAD_DIR_ORIGINAL].shaped |
		flow->path[FLOW_OFFLOAD_DIR_REPLY].shaped) & shapers;
}

/**
 * nf_flow_admit_route() - why must there be no flow on these paths?
 * @flowtable: flowtable that a rule wants to add it to
 * @route: its paths
 *
 * Context: any but hard interrupts, under RCU.
 * Return: the reason, or %NF_FLOW_REASON_NONE.
 */
enum nf_flow_reason nf_flow_admit_route(const struct nf_flowtable *flowtable,
					const struct nf_flow_route *route)
{
	const struct nf_flow_policy *policy;

	if (!nf_flow_is_policed())
		return NF_FLOW_REASON_NONE;
	policy = nf_flow_admit_policy(flowtable);
	if (policy && policy->shaping == NF_FLOW_SHAPING_SOFTWARE &&
	    (route->tuple[FLOW_OFFLOAD_DIR_ORIGINAL].path.shaped |
	     route->tuple[FLOW_OFFLOAD_DIR_REPLY].path.shaped) &
	    NF_FLOW_SHAPED_ABOVE)
		return NF_FLOW_REASON_SHAPED;
	return NF_FLOW_REASON_NONE;
}
EXPORT_SYMBOL_GPL(nf_flow_admit_route);

/* Why must a flow not be in the flowtable? */
static enum nf_flow_reason
nf_flow_admit_out(const struct nf_flow_policy *policy,
		  const struct flow_offload *flow)
{
	if (nf_flow_policy_marked(policy, flow->ct) == NF_FLOW_MARKED_NEVER)
		return NF_FLOW_REASON_POLICY;
	if (nf_flow_admit_shaped(policy, flow, NF_FLOW_SHAPED_ABOVE))
		return NF_FLOW_REASON_SHAPED;
	return NF_FLOW_REASON_NONE;
}

/* Why must a flow not be in hardware, however it got there? */
static enum nf_flow_reason
nf_flow_admit_excluded(const struct nf_flow_policy *policy,
		       const struct flow_offload *flow)
{
	if (nf_flow_policy_marked(policy, flow->ct) != NF_FLOW_MARKED_NONE)
		return NF_FLOW_REASON_POLICY;
	if (nf_flow_admit_shaped(policy, flow, NF_FLOW_SHAPED_PORT |
					       NF_FLOW_SHAPED_ABOVE))
		return NF_FLOW_REASON_SHAPED;
	return NF_FLOW_REASON_NONE;
}

static void nf_flow_admit_teardown(struct nf_flowtable *flowtable,
				   struct flow_offload *flow)
{
	nf_flow_acct_cause(flow, NF_FLOW_CAUSE_POLICY);
	flow_offload_teardown(flow);
	nf_flow_offload_remove(flowtable, flow);
}

/* See nf_flow_admit_packet(). */
bool __nf_flow_admit_packet(struct nf_flowtable *flowtable,
			    struct flow_offload *flow)
{
	const struct nf_flow_policy *policy = nf_flow_admit_policy(flowtable);

	if (!policy || !nf_flow_admit_out(policy, flow))
		return true;

	nf_flow_admit_teardown(flowtable, flow);
	return false;
}

/* What a connection has had, in both directions */
static void nf_flow_admit_total(const struct nf_flowtable *flowtable,
				const struct flow_offload *flow,
				u64 *packets, u64 *bytes)
{
	const struct nf_conn_acct *ct_acct = nf_conn_acct_find(flow->ct);
	const struct nf_flow_acct *acct = READ_ONCE(flow->acct);
	int dir;

	*packets = 0;
	*bytes = 0;
	for (dir = 0; dir < FLOW_OFFLOAD_DIR_MAX; dir++) {
		if (ct_acct) {
			*packets += atomic64_read(&ct_acct->counter[dir].packets);
			*bytes += atomic64_read(&ct_acct->counter[dir].bytes);
		}
		/* the fast path's and hardware's are in there already */
		if (!acct || (ct_acct && flowtable->flags & NF_FLOWTABLE_COUNTER))
			continue;
		*packets += atomic64_read(&acct->count[dir].sw_packets) +
			    atomic64_read(&acct->count[dir].hw_packets);
		*bytes += atomic64_read(&acct->count[dir].sw_bytes) +
			  atomic64_read(&acct->count[dir].hw_bytes);
	}
}

/* Did the driver tell of no packet for a while, when it was asked last? */
static bool nf_flow_admit_idle(const struct flow_offload *flow,
			       const struct nf_flow_acct *acct)
{
	u32 used = jiffies_to_msecs(nf_flowtable_time_stamp -
				    READ_ONCE(flow->used));
	u64 now = ktime_get_ns(), read;

	read = atomic64_read(&acct->count[FLOW_OFFLOAD_DIR_ORIGINAL].hw_read);
	return flow_offload_in_hw(flow) && read && read < now &&
	       used > div_u64(now - read, NSEC_PER_MSEC) + NF_FLOW_RATE_IDLE;
}

/* Packets a second, both directions together */
static u32 nf_flow_admit_rate(const struct flow_offload *flow)
{
	const struct nf_flow_acct *acct = READ_ONCE(flow->acct);

	if (!acct || nf_flow_admit_idle(flow, acct))
		return 0;
	return READ_ONCE(acct->count[FLOW_OFFLOAD_DIR_ORIGINAL].rate) +
	       READ_ONCE(acct->count[FLOW_OFFLOAD_DIR_REPLY].rate);
}

static bool nf_flow_admit_slow(const struct nf_flowtable *flowtable,
			       const struct nf_flow_policy *policy,
			       const struct flow_offload *flow)
{
	u64 packets, bytes;

	if (policy->after_rate)
		return nf_flow_admit_rate(flow) < policy->after_rate;
	if (!policy->after_bytes && !policy->after_packets)
		return false;

	nf_flow_admit_total(flowtable, flow, &packets, &bytes);
	return bytes < policy->after_bytes || packets < policy->after_packets;
}

/* Why must a flow not be in hardware, whatever else is there? */
static enum nf_flow_reason
nf_flow_admit_why(const struct nf_flowtable *flowtable,
		  const struct nf_flow_policy *policy,
		  const struct flow_offload *flow)
{
	enum nf_flow_reason reason = nf_flow_admit_excluded(policy, flow);

	if (reason)
		return reason;
	if (nf_flow_is_pinned(flow, NF_FLOW_PIN_SOFTWARE))
		return NF_FLOW_REASON_PINNED;
	if (nf_flow_carry_waits(flowtable, flow, FLOW_OFFLOAD_DIR_ORIGINAL) &&
	    nf_flow_carry_waits(flowtable, flow, FLOW_OFFLOAD_DIR_REPLY))
		return NF_FLOW_REASON_NOT_LEARNED;
	if (nf_flow_is_pinned(flow, NF_FLOW_PIN_HARDWARE))
		return NF_FLOW_REASON_NONE;
	if (nf_flow_admit_slow(flowtable, policy, flow))
		return NF_FLOW_REASON_TOO_SLOW;
	return NF_FLOW_REASON_NONE;
}

/* A flow stays out of hardware for this reason. A new one is told; all flows are too
 * slow, or not learned, at first, which is no news, and pins were told when they were
 * set.
 */
static void nf_flow_admit_keep(struct nf_flowtable *flowtable,
			       struct flow_offload *flow,
			       enum nf_flow_reason reason)
{
	if (READ_ONCE(flow->kept) == reason)
		return;

	WRITE_ONCE(flow->kept, reason);
	if (!reason || reason == NF_FLOW_REASON_PINNED ||
	    reason == NF_FLOW_REASON_NOT_LEARNED)
		return;
	trace_nf_flow_offload_skip(flow->ct, reason);
	nf_flow_count_reason(flowtable, reason);
	if (reason != NF_FLOW_REASON_TOO_SLOW)
		nf_flow_notify(flow, NF_FLOW_EVENT_FAILED,
			       FLOW_OFFLOAD_DIR_ORIGINAL, -EPERM, reason,
			       NULL);
}

/* Places */

static unsigned long nf_flow_place_dev(const struct flow_offload *flow)
{
	return flow->tuplehash[FLOW_OFFLOAD_DIR_ORIGINAL].tuple.iifidx;
}

static unsigned long nf_flow_places_of(struct nf_flow_check *check,
				       const struct nf_flow_policy *policy,
				       const struct flow_offload *flow)
{
	unsigned long n;
	void *entry;

	if (!policy->per_device)
		return atomic_read(&check->places);

	entry = xa_load(&check->dev_places, nf_flow_place_dev(flow));
	n = entry ? xa_to_value(entry) : 0;
	return n;
}

static bool nf_flow_is_full(struct nf_flow_check *check,
			    const struct nf_flow_policy *policy,
			    const struct flow_offload *flow)
{
	return policy->budget &&
	       !nf_flow_is_pinned(flow, NF_FLOW_PIN_HARDWARE) &&
	       nf_flow_places_of(check, policy, flow) >= policy->budget;
}

/* One place more, or less. Without memory for the count of a device, none is given. */
static bool nf_flow_places_add(struct nf_flow_check *check,
			       const struct flow_offload *flow, int n)
{
	unsigned long dev = nf_flow_place_dev(flow), places;
	void *entry;

	lockdep_assert_held(&check->dev_places.xa_lock);

	entry = xa_load(&check->dev_places, dev);
	places = (entry ? xa_to_value(entry) : 0) + n;
	entry = __xa_store(&check->dev_places, dev,
			   places ? xa_mk_value(places) : NULL, GFP_ATOMIC);
	if (xa_is_err(entry))
		return false;
	atomic_add(n, &check->places);
	return true;
}

/* Without a policy there is a place for all flows, counted or not. */
static enum nf_flow_reason nf_flow_place_take(struct nf_flow_check *check,
					      const struct nf_flow_policy *policy,
					      struct flow_offload *flow)
{
	enum nf_flow_reason reason = NF_FLOW_REASON_NONE;

	xa_lock(&check->dev_places);
	if (policy && nf_flow_is_full(check, policy, flow))
		reason = NF_FLOW_REASON_BUDGET;
	else if (nf_flow_places_add(check, flow, 1))
		set_bit(NF_FLOW_PLACE, &flow->flags);
	else if (policy && policy->budget)
		reason = NF_FLOW_REASON_NO_MEMORY;
	xa_unlock(&check->dev_places);
	return reason;
}

/**
 * nf_flow_admit_left() - a flow gives its place back, if it has one
 * @flowtable: flowtable
 * @flow: flow whose rules are destroyed
 *
 * Context: process.
 */
void nf_flow_admit_left(struct nf_flowtable *flowtable,
			struct flow_offload *flow)
{
	struct nf_flow_check *check = flowtable->check;

	if (!test_and_clear_bit(NF_FLOW_PLACE, &flow->flags))
		return;
	xa_lock(&check->dev_places);
	nf_flow_places_add(check, flow, -1);
	xa_unlock(&check->dev_places);
}

/* Places that become free are for faster flows than those that have left. */
static bool nf_flow_admit_enters(const struct nf_flowtable *flowtable,
				 const struct nf_flow_policy *policy,
				 const struct flow_offload *flow)
{
	const struct nf_flow_evict *evict = &flowtable->check->evict;

	if (!policy->evict_slowest ||
	    nf_flow_is_pinned(flow, NF_FLOW_PIN_HARDWARE))
		return true;
	if (policy->per_device)
		evict = xa_load(&flowtable->check->dev_evict,
				nf_flow_place_dev(flow));
	return !evict || nf_flow_evict_enters(evict, nf_flow_admit_rate(flow));
}

/* See nf_flow_admit_offer(). */
bool __nf_flow_admit_offer(struct nf_flowtable *flowtable,
			   struct flow_offload *flow)
{
	const struct nf_flow_policy *policy = nf_flow_admit_policy(flowtable);
	enum nf_flow_reason reason;

	if (!policy)
		return !nf_flow_is_pinned(flow, NF_FLOW_PIN_SOFTWARE);

	reason = nf_flow_admit_why(flowtable, policy, flow);
	if (!reason && (nf_flow_is_full(flowtable->check, policy, flow) ||
			!nf_flow_admit_enters(flowtable, policy, flow)))
		reason = NF_FLOW_REASON_BUDGET;
	nf_flow_admit_keep(flowtable, flow, reason);
	return !reason;
}

/**
 * nf_flow_admit_begin() - a worker is about to ask drivers for a flow
 * @flowtable: flowtable with hardware offload
 * @flow: flow; the caller owns %NF_FLOW_PENDING
 *
 * It is not in hardware, or is offered again.
 *
 * Context: process.
 * Return: true if it may be added. nf_flow_admit_end() is to be called then.
 */
bool nf_flow_admit_begin(struct nf_flowtable *flowtable,
			 struct flow_offload *flow)
{
	const struct nf_flow_policy *policy = NULL;
	enum nf_flow_reason reason = NF_FLOW_REASON_NONE;

	if (test_bit(NF_FLOW_PLACE, &flow->flags) ||
	    flow->type != NF_FLOW_OFFLOAD_ROUTE)
		return true;

	rcu_read_lock();
	if (nf_flow_is_policed())
		policy = nf_flow_admit_policy(flowtable);
	if (policy)
		reason = nf_flow_admit_why(flowtable, policy, flow);
	else if (nf_flow_is_pinned(flow, NF_FLOW_PIN_SOFTWARE))
		reason = NF_FLOW_REASON_PINNED;
	if (!reason)
		reason = nf_flow_place_take(flowtable->check, policy, flow);
	nf_flow_admit_keep(flowtable, flow, reason);
	rcu_read_unlock();

	return !reason;
}

/**
 * nf_flow_admit_end() - the drivers have answered
 * @flowtable: flowtable with hardware offload
 * @flow: flow; the caller owns %NF_FLOW_PENDING
 * @begin: local_clock() when they were asked
 *
 * Context: process.
 */
void nf_flow_admit_end(struct nf_flowtable *flowtable,
		       struct flow_offload *flow, u64 begin)
{
	struct nf_flow_replace *replace = &flowtable->check->replace;

	if (!flow_offload_in_hw(flow))
		nf_flow_admit_left(flowtable, flow);
	if (READ_ONCE(replace->on))
		nf_flow_replace_spent(replace, begin, local_clock(), 0);
}

/**
 * nf_flow_admit_gone() - the rules of a flow are destroyed
 * @flowtable: flowtable with hardware offload
 * @flow: flow; the caller owns %NF_FLOW_PENDING
 * @begin: local_clock() when drivers were asked
 *
 * Context: process.
 */
void nf_flow_admit_gone(struct nf_flowtable *flowtable,
			struct flow_offload *flow, u64 begin)
{
	struct nf_flow_replace *replace = &flowtable->check->replace;

	if (READ_ONCE(replace->on) &&
	    READ_ONCE(flow->kept) == NF_FLOW_REASON_BUDGET)
		nf_flow_replace_spent(replace, begin, local_clock(), 1);
}

/* See nf_flow_admit_leaves(). */
bool __nf_flow_admit_leaves(const struct nf_flowtable *flowtable,
			    const struct flow_offload *flow)
{
	const struct nf_flow_policy *policy = nf_flow_admit_policy(flowtable);

	return policy && nf_flow_admit_excluded(policy, flow);
}

/* The garbage collector */

static bool nf_flow_admit_wants_rate(const struct nf_flow_policy *policy)
{
	return policy->after_rate || policy->evict_slowest;
}

/* A direction's rate: the mean of the last one, if any, and the new one. What hardware has
 * forwarded is told now and then: the time is that of the driver's last answer.
 */
static void nf_flow_rate_dir(struct nf_flow_count *count, bool in_hw)
{
	u32 when, time, seen, rate;
	u64 now, packets;

	now = in_hw ? atomic64_read(&count->hw_read) : ktime_get_ns();
	if (!now)
		return;
	when = div_u64(now, NSEC_PER_MSEC);
	time = when - count->rate_when;
	if (count->rate_when && (s32)time < NF_FLOW_RATE_TIME)
		return;

	packets = atomic64_read(&count->sw_packets) +
		  atomic64_read(&count->hw_packets);
	seen = (u32)packets - count->rate_seen;
	if (count->rate_when) {
		rate = min(div_u64((u64)seen * MSEC_PER_SEC, time), S32_MAX);
		if (count->rate)
			rate = (rate + count->rate + 1) / 2;
		WRITE_ONCE(count->rate, rate);
	}
	count->rate_seen = packets;
	count->rate_when = when;
}

static void nf_flow_rate(struct flow_offload *flow)
{
	struct nf_flow_acct *acct = READ_ONCE(flow->acct);
	int dir;

	if (!acct)
		return;
	for (dir = 0; dir < FLOW_OFFLOAD_DIR_MAX; dir++)
		nf_flow_rate_dir(&acct->count[dir],
				 flow_offload_dir_in_hw(flow, dir));
}

/* A flow in hardware goes on in software. Returns false if a worker is busy with it. */
static bool nf_flow_admit_leave(struct nf_flowtable *flowtable,
				struct flow_offload *flow,
				enum nf_flow_reason reason)
{
	if (test_and_set_bit_lock(NF_FLOW_PENDING, &flow->flags))
		return false;

	nf_flow_admit_keep(flowtable, flow, reason);
	nf_flow_queue_add(flowtable, flow, NF_FLOW_QUEUE_DEL);
	return true;
}

/* Where its rate is counted; NULL if no flow makes room for another */
static struct nf_flow_evict *
nf_flow_admit_evict(struct nf_flow_check *check,
		    const struct nf_flow_policy *policy,
		    const struct flow_offload *flow)
{
	if (!policy->evict_slowest)
		return NULL;
	return policy->per_device ? nf_flow_evict_of(&check->dev_evict,
						     nf_flow_place_dev(flow)) :
				    &check->evict;
}

static void nf_flow_admit_gc_hw(struct nf_flowtable *flowtable,
				const struct nf_flow_policy *policy,
				struct flow_offload *flow)
{
	struct nf_flow_check *check = flowtable->check;
	struct nf_flow_evict *evict;
	enum nf_flow_reason reason;

	/* once there, a flow is not too slow, but for another policy */
	if (check->policy_is_new && !policy->after_rate)
		reason = nf_flow_admit_why(flowtable, policy, flow);
	else
		reason = nf_flow_admit_excluded(policy, flow);
	if (reason || nf_flow_carry_is_stale(flowtable, flow)) {
		if (!nf_flow_admit_leave(flowtable, flow, reason))
			check->policy_missed = true;
		return;
	}
	/* learned, while a worker was busy with the other direction */
	if (nf_flow_carry_lacks(flowtable, flow))
		nf_flow_offload_refresh(flowtable, flow, false);

	if (nf_flow_is_pinned(flow, NF_FLOW_PIN_HARDWARE))
		return;
	evict = nf_flow_admit_evict(check, policy, flow);
	if (policy->budget && (!evict || check->policy_is_new) &&
	    nf_flow_places_of(check, policy, flow) > policy->budget) {
		/* the place is free at once: no more flows leave than have to */
		if (nf_flow_admit_leave(flowtable, flow, NF_FLOW_REASON_BUDGET))
			nf_flow_admit_left(flowtable, flow);
	} else if (evict && nf_flow_evict_in_hw(evict,
						nf_flow_admit_rate(flow))) {
		nf_flow_admit_leave(flowtable, flow, NF_FLOW_REASON_BUDGET);
	}
}

/* Does a flow wait for a place, of the budget or in hardware? */
static bool nf_flow_admit_waits(const struct flow_offload *flow)
{
	int dir;

	if (READ_ONCE(flow->kept))
		return READ_ONCE(flow->kept) == NF_FLOW_REASON_BUDGET;
	for (dir = 0; dir < FLOW_OFFLOAD_DIR_MAX; dir++)
		if (READ_ONCE(flow->hw.state[dir]) == -ENOSPC)
			return true;
	return false;
}

static void nf_flow_admit_gc_waits(struct nf_flowtable *flowtable,
				   const struct nf_flow_policy *policy,
				   const struct flow_offload *flow)
{
	struct nf_flow_evict *evict;

	if (!policy->evict_slowest || !nf_flow_admit_waits(flow))
		return;
	evict = nf_flow_admit_evict(flowtable->check, policy, flow);
	if (evict)
		nf_flow_evict_waits(evict,
				    nf_flow_is_pinned(flow, NF_FLOW_PIN_HARDWARE) ?
				    U32_MAX : nf_flow_admit_rate(flow),
				    !READ_ONCE(flow->kept));
}

/* See nf_flow_admit_gc(). */
void __nf_flow_admit_gc(struct nf_flowtable *flowtable,
			struct flow_offload *flow)
{
	const struct nf_flow_policy *policy = nf_flow_admit_policy(flowtable);

	if (!policy || flow->type != NF_FLOW_OFFLOAD_ROUTE ||
	    test_bit(NF_FLOW_TEARDOWN, &flow->flags))
		return;

	if (nf_flow_admit_out(policy, flow)) {
		nf_flow_admit_teardown(flowtable, flow);
		return;
	}
	if (!nf_flowtable_hw_offload(flowtable))
		return;
	if (nf_flow_admit_wants_rate(policy))
		nf_flow_rate(flow);
	if (flow_offload_in_hw(flow))
		nf_flow_admit_gc_hw(flowtable, policy, flow);
	else
		nf_flow_admit_gc_waits(flowtable, policy, flow);
}

/**
 * nf_flow_admit_pass_begin() - the garbage collector is about to look at all flows
 * @flowtable: flowtable
 *
 * Context: process.
 */
void nf_flow_admit_pass_begin(struct nf_flowtable *flowtable)
{
	struct nf_flow_check *check = flowtable->check;
	u64 id;

	rcu_read_lock();
	id = nf_flow_is_policed() && nf_flow_admit_policy(flowtable) ?
	     nf_flow_admit_policy(flowtable)->version : 0;
	rcu_read_unlock();
	check->policy_is_new = check->policy_version != id ||
			       check->policy_missed;
	check->policy_version = id;
	check->policy_missed = false;
}

/* The same for each device. The count of one without flows is freed. */
static u32 nf_flow_admit_plan_devices(struct nf_flow_check *check,
				      const struct nf_flow_policy *policy,
				      u32 max)
{
	struct nf_flow_evict *evict;
	unsigned long ifindex;
	u32 n = 0;
	void *entry;

	xa_for_each(&check->dev_evict, ifindex, evict) {
		entry = xa_load(&check->dev_places, ifindex);
		if (!entry && nf_flow_evict_is_empty(evict)) {
			xa_erase(&check->dev_evict, ifindex);
			kfree_rcu(evict, rcu);
			continue;
		}
		n += nf_flow_evict_plan(evict, (s64)policy->budget -
					(entry ? xa_to_value(entry) : 0),
					true, max - n);
	}
	return n;
}

static void nf_flow_admit_free_devices(struct nf_flow_check *check)
{
	struct nf_flow_evict *evict;
	unsigned long ifindex;

	xa_for_each(&check->dev_evict, ifindex, evict) {
		xa_erase(&check->dev_evict, ifindex);
		kfree_rcu(evict, rcu);
	}
}

/* Returns true if flows are to change places. Without a budget no place is free that
 * flows would wait for.
 */
static bool nf_flow_admit_plan(struct nf_flow_check *check,
			       const struct nf_flow_policy *policy)
{
	u32 max = nf_flow_replace_max(&check->replace);
	s64 free = 0;

	if (policy->per_device)
		return nf_flow_admit_plan_devices(check, policy, max);
	if (policy->budget)
		free = (s64)policy->budget - atomic_read(&check->places);
	return nf_flow_evict_plan(&check->evict, free, policy->budget, max);
}

/**
 * nf_flow_admit_pass_end() - the garbage collector has looked at all flows
 * @flowtable: flowtable
 *
 * Context: process.
 */
void nf_flow_admit_pass_end(struct nf_flowtable *flowtable)
{
	struct nf_flow_check *check = flowtable->check;
	const struct nf_flow_policy *policy;
	bool on = false;

	if (!check->policy_version)
		return;

	rcu_read_lock();
	policy = nf_flow_admit_policy(flowtable);
	if (!policy || !policy->evict_slowest || policy->per_device)
		nf_flow_evict_stop(&check->evict);
	if (!policy || !policy->evict_slowest || !policy->per_device)
		nf_flow_admit_free_devices(check);
	if (policy && policy->evict_slowest)
		on = nf_flow_admit_plan(check, policy);
	WRITE_ONCE(check->replace.on, on);
	rcu_read_unlock();
}
