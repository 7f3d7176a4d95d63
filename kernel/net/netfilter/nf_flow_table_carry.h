/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What rules give to packets, and flows carry: nf_flow_table_carry.c
 */
#ifndef _NF_FLOW_TABLE_CARRY_H
#define _NF_FLOW_TABLE_CARRY_H

#include <net/netfilter/nf_flow_policy.h>
#include <net/netfilter/nf_flow_reason.h>
#include <net/netfilter/nf_flow_table.h>

struct nf_conn;
struct sk_buff;

/* What is carried: BIT(enum nf_flow_carry) */
#define NF_FLOW_CARRY_ALL	(BIT(NF_FLOW_CARRY_PRIORITY) | \
				 BIT(NF_FLOW_CARRY_DSCP))
#define NF_FLOW_CARRY_KNOWN	BIT(7)	/* learned, whatever it is */

/**
 * struct nf_flow_carry_dir - what one direction carries
 * @priority: of the packet that it was learned from
 * @mark: the same
 * @seen: of the last packet that was sent to the slow path so that something is
 *	learned from it: a hash of where it is in memory, and the tos that it came with
 * @hw_priority: what hardware was given
 * @bits: which of @priority and @dscp rules have set; and NF_FLOW_CARRY_KNOWN, once
 *	all this is set
 * @dscp: of the same packet
 * @hw_bits: what hardware was given
 * @hw_dscp: the same
 * @hw_refused: what hardware was not given, as its driver refuses it
 *
 * hw_* are written by the owner of %NF_FLOW_PENDING, and do not change while the
 * direction is in hardware.
 */
struct nf_flow_carry_dir {
	u32	priority;
	u32	mark;
	u32	seen;
	u32	hw_priority;
	u8	bits;
	u8	dscp;
	u8	hw_bits;
	u8	hw_dscp;
	u8	hw_refused;
};

/**
 * struct nf_flow_carry_state - what a flow carries; made when this is first needed
 * @dir: by direction
 */
struct nf_flow_carry_state {
	struct nf_flow_carry_dir	dir[FLOW_OFFLOAD_DIR_MAX];
};

bool __nf_flow_carry_packet(const struct nf_flowtable *flowtable,
			    struct flow_offload *flow, int dir,
			    const struct sk_buff *skb, unsigned int thoff,
			    u8 tos);
void __nf_flow_carry_set(const struct nf_flowtable *flowtable,
			 const struct flow_offload *flow, int dir,
			 struct sk_buff *skb);
void nf_flow_carry_learn(struct nf_flowtable *flowtable,
			 const struct nf_conn *ct, enum ip_conntrack_dir dir,
			 const struct sk_buff *skb);
bool __nf_flow_carry_waits(const struct nf_flowtable *flowtable,
			   const struct flow_offload *flow, int dir);
bool __nf_flow_carry_is_stale(const struct nf_flowtable *flowtable,
			      const struct flow_offload *flow);
enum nf_flow_reason nf_flow_carry_offer(const struct nf_flowtable *flowtable,
					struct flow_offload *flow, int dir,
					u8 without);
u8 nf_flow_carry_other(u8 bits, int try);
bool nf_flow_carry_is_optional(const struct nf_flowtable *flowtable);
void nf_flow_carry_changed(struct nf_flowtable *flowtable);

/* Is there a policy of this kind in any namespace? */
static inline bool nf_flow_is_carried(void)
{
	return static_branch_unlikely(&nf_flow_carried.key);
}

/**
 * nf_flow_carry_packet() - may a packet go on in the fast path?
 * @flowtable: flowtable
 * @flow: flow
 * @dir: direction of the packet
 * @skb: packet
 * @thoff: offset of its transport header from the network header
 * @tos: type of service or traffic class that it has
 *
 * Context: softirq, under RCU.
 * Return: false if the slow path is to tell what rules give to such packets.
 */
static inline bool nf_flow_carry_packet(const struct nf_flowtable *flowtable,
					struct flow_offload *flow, int dir,
					const struct sk_buff *skb,
					unsigned int thoff, u8 tos)
{
	return !nf_flow_is_carried() ||
	       __nf_flow_carry_packet(flowtable, flow, dir, skb, thoff, tos);
}

/**
 * nf_flow_carry_set() - give a packet what its direction carries
 * @flowtable: flowtable
 * @flow: flow
 * @dir: direction of the packet
 * @skb: packet, with all translations made, and no outer header yet
 *
 * Context: softirq, under RCU.
 */
static inline void nf_flow_carry_set(const struct nf_flowtable *flowtable,
				     const struct flow_offload *flow, int dir,
				     struct sk_buff *skb)
{
	if (nf_flow_is_carried())
		__nf_flow_carry_set(flowtable, flow, dir, skb);
}

/**
 * nf_flow_carry_waits() - is what a direction carries not known yet?
 * @flowtable: flowtable
 * @flow: flow
 * @dir: direction
 *
 * Context: any, under RCU.
 * Return: true if its packets take the slow path until it is.
 */
static inline bool nf_flow_carry_waits(const struct nf_flowtable *flowtable,
				       const struct flow_offload *flow, int dir)
{
	return nf_flow_is_carried() &&
	       __nf_flow_carry_waits(flowtable, flow, dir);
}

/**
 * nf_flow_carry_is_stale() - does hardware carry anything else than it should?
 * @flowtable: flowtable
 * @flow: flow
 *
 * Context: any, under RCU.
 * Return: true if the flow must leave hardware, to come back.
 */
static inline bool nf_flow_carry_is_stale(const struct nf_flowtable *flowtable,
					  const struct flow_offload *flow)
{
	return (nf_flow_is_carried() || READ_ONCE(flow->carry)) &&
	       __nf_flow_carry_is_stale(flowtable, flow);
}

/**
 * nf_flow_carry_lacks() - is a direction missing in hardware that waits no more?
 * @flowtable: flowtable
 * @flow: flow with a direction in hardware
 *
 * Context: any, under RCU.
 * Return: true if it should be there.
 */
static inline bool nf_flow_carry_lacks(const struct nf_flowtable *flowtable,
				       const struct flow_offload *flow)
{
	int dir;

	if (!nf_flow_is_carried() || test_bit(NF_FLOW_CLOSING, &flow->flags))
		return false;
	for (dir = 0; dir < FLOW_OFFLOAD_DIR_MAX; dir++)
		if (!flow_offload_dir_in_hw(flow, dir) &&
		    !__nf_flow_carry_waits(flowtable, flow, dir))
			return true;
	return false;
}

#endif /* _NF_FLOW_TABLE_CARRY_H */
