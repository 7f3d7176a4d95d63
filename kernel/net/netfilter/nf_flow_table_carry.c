// SPDX-License-Identifier: GPL-2.0-only
/*
 * Flows carry what rules give to packets: priority, mark and DSCP.
 *
 * Theory of operation
 * ===================
 *
 * Packets of the fast path and of hardware meet no rules. With "carry" in its policy, a
 * flowtable gives them what rules gave to others of their direction. This is learned
 * from a packet that meets "flow add" while its flow is there:
 *
 *	fast path finds the flow	nf_flow_carry_packet()	its tos on arrival is
 *	  not known: to the slow path				kept
 *	rules, "flow add"		nf_flow_carry_learn()	DSCP is another one: so
 *								rules rewrite it
 *	next packets of this direction	nf_flow_carry_set()	have the same
 *	worker that adds it		nf_flow_carry_offer()	and in hardware
 *
 * So each direction has values of its own, and goes to hardware when these are known.
 * What rules do after "flow add" is not seen. Where this matters, and wherever else rules
 * keep it there, the values come from the mark of the connection. Both directions have
 * the same then, and nothing is learned.
 *
 * The priority of IPv4 packets follows from their tos unless rules change it, see
 * nf_flow_offload_forward(): that is not carried.
 *
 * Drivers may refuse rules with these actions. If the policy says "optional", they are
 * asked again without, and the port remembers what its driver does not do.
 */
#include <linux/bits.h>
#include <linux/hash.h>
#include <linux/slab.h>
#include <linux/tcp.h>
#include <net/dsfield.h>
#include <net/inet_ecn.h>
#include <net/ip.h>
#include <net/netfilter/nf_conntrack.h>
#include "nf_flow_table_carry.h"
#include "nf_flow_table_internal.h"
#include "nf_flow_table_validate.h"

/* What is to be carried, now: @bits says which of the others is set */
struct nf_flow_carried {
	u32	priority;
	u8	dscp;
	u8	bits;
};

static const struct nf_flow_policy *
nf_flow_carry_policy(const struct nf_flowtable *flowtable)
{
	const struct nf_flow_policy *policy;

	policy = rcu_dereference(flowtable->check->policy);
	return policy && policy->carries ? policy : NULL;
}

/* Returns NULL without memory. */
static struct nf_flow_carry_state *
nf_flow_carry_state(struct flow_offload *flow, gfp_t gfp)
{
	struct nf_flow_carry_state *state = READ_ONCE(flow->carry), *old;

	if (state)
		return state;
	state = kzalloc_obj(*state, gfp);
	if (!state)
		return NULL;
	old = cmpxchg(&flow->carry, NULL, state);
	if (!old)
		return state;
	kfree(state);
	return old;
}

static u8 nf_flow_carry_bits(const struct nf_flow_carry_dir *dir)
{
	return smp_load_acquire(&dir->bits); /* pairs with that of what is learned */
}

/* The value in the mark of a connection, if there is one */
static bool nf_flow_carry_mark(const struct nf_flow_policy_carry *carry,
			       const struct nf_conn *ct, u32 *value)
{
#ifdef CONFIG_NF_CONNTRACK_MARK
	u32 mark = READ_ONCE(ct->mark);

	if (carry->state && !(mark & carry->state))
		return false;
	*value = (mark & carry->mask) >> __ffs(carry->mask);
	return true;
#else
	return false;
#endif
}

static void nf_flow_carry_from_mark(const struct nf_flow_policy *policy,
				    const struct nf_conn *ct,
				    struct nf_flow_carried *carried)
{
	u32 value;

	if (policy->from_mark & BIT(NF_FLOW_CARRY_PRIORITY) &&
	    nf_flow_carry_mark(&policy->carry[NF_FLOW_CARRY_PRIORITY], ct,
			       &value)) {
		carried->priority = value;
		carried->bits |= BIT(NF_FLOW_CARRY_PRIORITY);
	}
	if (policy->from_mark & BIT(NF_FLOW_CARRY_DSCP) &&
	    nf_flow_carry_mark(&policy->carry[NF_FLOW_CARRY_DSCP], ct,
			       &value)) {
		carried->dscp = value;
		carried->bits |= BIT(NF_FLOW_CARRY_DSCP);
	}
}

static struct nf_flow_carried
nf_flow_carry_now(const struct nf_flow_policy *policy,
		  const struct flow_offload *flow, int dir)
{
	const struct nf_flow_carry_state *state = READ_ONCE(flow->carry);
	struct nf_flow_carried carried = {};

	if (state) {
		carried.bits = nf_flow_carry_bits(&state->dir[dir]) &
			       policy->learns;
		carried.priority = state->dir[dir].priority;
		carried.dscp = state->dir[dir].dscp;
	}
	if (policy->from_mark)
		nf_flow_carry_from_mark(policy, flow->ct, &carried);
	return carried;
}

/**
 * nf_flow_carry_get() - what packets of a direction are given
 * @flowtable: flowtable
 * @flow: flow
 * @dir: direction
 * @priority: their priority
 * @dscp: their DSCP
 *
 * Context: any, under RCU.
 * Return: which of the two there is, BIT(enum nf_flow_carry).
 */
u8 nf_flow_carry_get(const struct nf_flowtable *flowtable,
		     const struct flow_offload *flow, int dir, u32 *priority,
		     u8 *dscp)
{
	const struct nf_flow_policy *policy = nf_flow_carry_policy(flowtable);
	struct nf_flow_carried carried = {};

	if (policy)
		carried = nf_flow_carry_now(policy, flow, dir);
	*priority = carried.priority;
	*dscp = carried.dscp;
	return carried.bits;
}
EXPORT_SYMBOL_GPL(nf_flow_carry_get);

/**
 * nf_flow_carry_refused() - what does hardware not carry?
 * @flow: flow
 * @dir: direction
 *
 * Context: any, under RCU.
 * Return: what its driver refuses, BIT(enum nf_flow_carry).
 */
u8 nf_flow_carry_refused(const struct flow_offload *flow, int dir)
{
	const struct nf_flow_carry_state *state = READ_ONCE(flow->carry);

	return state && flow_offload_dir_in_hw(flow, dir) ?
	       READ_ONCE(state->dir[dir].hw_refused) : 0;
}
EXPORT_SYMBOL_GPL(nf_flow_carry_refused);

/* Packets */

/* An address tells one packet in the slow path from another, not for ever. */
static u32 nf_flow_carry_seen(const struct sk_buff *skb, u8 tos)
{
	return hash_ptr(skb, 24) << 8 | tos;
}

/* See nf_flow_carry_waits(). */
bool __nf_flow_carry_waits(const struct nf_flowtable *flowtable,
			   const struct flow_offload *flow, int dir)
{
	const struct nf_flow_policy *policy = nf_flow_carry_policy(flowtable);
	const struct nf_flow_carry_state *state = READ_ONCE(flow->carry);

	return policy && policy->learns && flow->type == NF_FLOW_OFFLOAD_ROUTE &&
	       !(state && nf_flow_carry_bits(&state->dir[dir]) &
		 NF_FLOW_CARRY_KNOWN);
}

/* See nf_flow_carry_packet(). Conntrack sees the end of the connection in the slow path,
 * and the flow would not.
 */
bool __nf_flow_carry_packet(const struct nf_flowtable *flowtable,
			    struct flow_offload *flow, int dir,
			    const struct sk_buff *skb, unsigned int thoff,
			    u8 tos)
{
	struct nf_flow_carry_state *state;
	const struct tcphdr *th;

	if (likely(!__nf_flow_carry_waits(flowtable, flow, dir)))
		return true;

	th = (const void *)(skb_network_header(skb) + thoff);
	if (flow->tuplehash[dir].tuple.l4proto == IPPROTO_TCP &&
	    (th->fin || th->rst)) {
		flow_offload_teardown(flow);
		return false;
	}
	state = nf_flow_carry_state(flow, GFP_ATOMIC);
	if (state)
		WRITE_ONCE(state->dir[dir].seen, nf_flow_carry_seen(skb, tos));
	return false;
}

/* See nf_flow_carry_set(). Checksums of whole packets are not kept by who forwards them,
 * as by skb_forward_csum().
 */
void __nf_flow_carry_set(const struct nf_flowtable *flowtable,
			 const struct flow_offload *flow, int dir,
			 struct sk_buff *skb)
{
	const struct nf_flow_policy *policy = nf_flow_carry_policy(flowtable);
	const struct nf_flow_carry_state *state = READ_ONCE(flow->carry);
	struct nf_flow_carried carried;

	if (!policy)
		return;
	if (policy->learns && state)
		skb->mark = state->dir[dir].mark;

	carried = nf_flow_carry_now(policy, flow, dir);
	if (carried.bits & BIT(NF_FLOW_CARRY_PRIORITY))
		skb->priority = carried.priority;
	if (!(carried.bits & BIT(NF_FLOW_CARRY_DSCP)))
		return;
	if (flow->tuplehash[dir].tuple.l3proto == NFPROTO_IPV4)
		ipv4_change_dsfield(ip_hdr(skb), INET_ECN_MASK,
				    carried.dscp << 2);
	else
		ipv6_change_dsfield(ipv6_hdr(skb), INET_ECN_MASK,
				    carried.dscp << 2);
}

static void nf_flow_carry_take(struct nf_flow_carry_dir *dir,
			       const struct sk_buff *skb, u8 was)
{
	bool ip4 = skb->protocol == htons(ETH_P_IP);
	u8 bits = NF_FLOW_CARRY_KNOWN, tos;
	u32 plain = 0;

	tos = ip4 ? ipv4_get_dsfield(ip_hdr(skb)) :
		    ipv6_get_dsfield(ipv6_hdr(skb));
	if ((tos ^ was) & ~INET_ECN_MASK)
		bits |= BIT(NF_FLOW_CARRY_DSCP);
	else if (ip4)
		plain = rt_tos2priority(tos);
	if (skb->priority != plain)
		bits |= BIT(NF_FLOW_CARRY_PRIORITY);
	dir->priority = skb->priority;
	dir->mark = skb->mark;
	dir->dscp = tos >> 2;
	smp_store_release(&dir->bits, bits); /* pairs with nf_flow_carry_bits() */
}

/**
 * nf_flow_carry_learn() - a packet of an offloaded connection has met "flow add"
 * @flowtable: flowtable that the rule is about
 * @ct: connection
 * @dir: direction of the packet
 * @skb: packet
 *
 * Two packets of a direction may be here at the same time, on different processors: one
 * of them is that whose tos is known.
 *
 * Context: softirq, under RCU.
 */
void nf_flow_carry_learn(struct nf_flowtable *flowtable,
			 const struct nf_conn *ct, enum ip_conntrack_dir dir,
			 const struct sk_buff *skb)
{
	struct nf_flow_carry_state *state;
	struct nf_flowtable *of;
	struct flow_offload *flow;
	u32 seen;

	if (!nf_flow_is_carried())
		return;
	flow = flow_offload_lookup_ct(ct, &of);
	if (!flow || of != flowtable ||
	    test_bit(NF_FLOW_TEARDOWN, &flow->flags) ||
	    !__nf_flow_carry_waits(flowtable, flow, dir))
		return;
	state = READ_ONCE(flow->carry);
	if (!state)
		return;

	seen = READ_ONCE(state->dir[dir].seen);
	if (seen != nf_flow_carry_seen(skb, seen & 0xff) ||
	    cmpxchg(&state->dir[dir].seen, seen, 0) != seen)
		return;
	nf_flow_carry_take(&state->dir[dir], skb, seen & 0xff);

	if (nf_flowtable_hw_offload(flowtable) &&
	    test_bit(NF_FLOW_HW, &flow->flags) &&
	    !test_bit(NF_FLOW_CLOSING, &flow->flags))
		nf_flow_offload_refresh(flowtable, flow, true);
}
EXPORT_SYMBOL_GPL(nf_flow_carry_learn);

/* Hardware */

/* See nf_flow_carry_is_stale(). */
bool __nf_flow_carry_is_stale(const struct nf_flowtable *flowtable,
			      const struct flow_offload *flow)
{
	const struct nf_flow_policy *policy = nf_flow_carry_policy(flowtable);
	const struct nf_flow_carry_state *state = READ_ONCE(flow->carry);
	static const struct nf_flow_carry_dir none;
	const struct nf_flow_carry_dir *hw;
	struct nf_flow_carried carried = {};
	int dir;

	for (dir = 0; dir < FLOW_OFFLOAD_DIR_MAX; dir++) {
		if (!flow_offload_dir_in_hw(flow, dir))
			continue;
		if (__nf_flow_carry_waits(flowtable, flow, dir))
			return true;
		hw = state ? &state->dir[dir] : &none;
		if (policy)
			carried = nf_flow_carry_now(policy, flow, dir);
		if (carried.bits != (hw->hw_bits | hw->hw_refused) ||
		    (hw->hw_refused && policy->carry_required) ||
		    (hw->hw_bits & BIT(NF_FLOW_CARRY_PRIORITY) &&
		     hw->hw_priority != carried.priority) ||
		    (hw->hw_bits & BIT(NF_FLOW_CARRY_DSCP) &&
		     hw->hw_dscp != carried.dscp))
			return true;
	}
	return false;
}

/**
 * nf_flow_carry_offer() - what a rule is about to say
 * @flowtable: flowtable
 * @flow: flow; the caller owns %NF_FLOW_PENDING
 * @dir: direction, not in hardware
 * @without: what the driver is known to refuse, BIT(enum nf_flow_carry)
 *
 * Context: process.
 * Return: %NF_FLOW_REASON_NONE: the rule is to have the actions that flow->carry says;
 * else why there can be none.
 */
enum nf_flow_reason nf_flow_carry_offer(const struct nf_flowtable *flowtable,
					struct flow_offload *flow, int dir,
					u8 without)
{
	enum nf_flow_reason reason = NF_FLOW_REASON_NONE;
	const struct nf_flow_policy *policy = NULL;
	struct nf_flow_carried carried = {};
	struct nf_flow_carry_state *state;
	struct nf_flow_carry_dir *hw;

	rcu_read_lock();
	if (nf_flow_is_carried())
		policy = nf_flow_carry_policy(flowtable);
	if (policy)
		carried = nf_flow_carry_now(policy, flow, dir);
	state = carried.bits ? nf_flow_carry_state(flow, GFP_ATOMIC) :
			       READ_ONCE(flow->carry);
	if (state) {
		hw = &state->dir[dir];
		hw->hw_priority = carried.priority;
		hw->hw_dscp = carried.dscp;
		WRITE_ONCE(hw->hw_bits, carried.bits & ~without);
		WRITE_ONCE(hw->hw_refused, carried.bits & without);
	} else if (carried.bits) {
		reason = NF_FLOW_REASON_NO_MEMORY;
	}
	if (policy && policy->carry_required && carried.bits & without)
		reason = NF_FLOW_REASON_NOT_CARRIED;
	rcu_read_unlock();

	return reason;
}

/**
 * nf_flow_carry_other() - a rule was refused: what else is worth a try?
 * @bits: what the rule had, BIT(enum nf_flow_carry)
 * @try: how many tries there were without some of it
 *
 * Return: what is left out next; 0: nothing more, all of it was.
 */
u8 nf_flow_carry_other(u8 bits, int try)
{
	static const u8 without[] = {
		BIT(NF_FLOW_CARRY_PRIORITY),
		BIT(NF_FLOW_CARRY_DSCP),
		NF_FLOW_CARRY_ALL,
	};

	if (bits == NF_FLOW_CARRY_ALL)
		return try < ARRAY_SIZE(without) ? without[try] : 0;
	return try ? 0 : bits;
}

/**
 * nf_flow_carry_is_optional() - may flows be in hardware without what they carry?
 * @flowtable: flowtable
 *
 * Context: any.
 * Return: true if they may.
 */
bool nf_flow_carry_is_optional(const struct nf_flowtable *flowtable)
{
	const struct nf_flow_policy *policy;
	bool optional;

	rcu_read_lock();
	policy = nf_flow_carry_policy(flowtable);
	optional = policy && !policy->carry_required;
	rcu_read_unlock();
	return optional;
}

static void nf_flow_carry_clear(struct nf_flowtable *flowtable,
				struct flow_offload *flow, void *data)
{
	struct nf_flow_carry_state *state = READ_ONCE(flow->carry);
	int dir;

	if (!state)
		return;
	for (dir = 0; dir < FLOW_OFFLOAD_DIR_MAX; dir++)
		WRITE_ONCE(state->dir[dir].bits, 0);
	if (nf_flowtable_hw_offload(flowtable) &&
	    nf_flow_carry_is_stale(flowtable, flow))
		nf_flow_offload_remove(flowtable, flow);
}

/**
 * nf_flow_carry_changed() - flows carry something else from now on, or nothing
 * @flowtable: flowtable
 *
 * All is learned anew: rules may have changed as well. Flows that hardware has leave it,
 * and come back.
 *
 * Context: process, may sleep.
 */
void nf_flow_carry_changed(struct nf_flowtable *flowtable)
{
	nf_flow_table_iterate(flowtable, nf_flow_carry_clear, NULL);
}
