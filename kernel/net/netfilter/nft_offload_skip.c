// SPDX-License-Identifier: GPL-2.0-only
/*
 * Why a packet makes no flow is known when it meets the rule that adds flows, and
 * not before: so nft_offload keeps the last reasons, of as many connections as
 * there is room for.
 */
#include <linux/hash.h>
#include <net/netns/generic.h>
#include <net/netfilter/nf_conntrack.h>
#include "nft_offload.h"

static struct nft_offload_skip *skip_of(struct net *net, u32 ct_id)
{
	struct nft_offload_net *on = net_generic(net, nft_offload_net_id);

	return &on->skips[hash_32(ct_id, NFT_OFFLOAD_SKIP_BITS)];
}

/**
 * nft_offload_skipped() - a packet made no flow
 * @net: its namespace
 * @ct: its connection
 * @reason: why
 *
 * Context: any but hard interrupts, under RCU.
 */
void nft_offload_skipped(struct net *net, const struct nf_conn *ct,
			 enum nf_flow_reason reason)
{
	u32 ct_id = nf_ct_get_id(ct);
	struct nft_offload_skip *skip = skip_of(net, ct_id);

	/* two at once, of different connections: one of them may be told the
	 * reason of the other
	 */
	if (READ_ONCE(skip->ct_id) != ct_id)
		WRITE_ONCE(skip->ct_id, ct_id);
	if (READ_ONCE(skip->reason) != reason)
		WRITE_ONCE(skip->reason, reason);
}

/**
 * nft_offload_added() - a packet has made a flow after all
 * @net: its namespace
 * @ct_id: of its connection
 *
 * Context: any but hard interrupts, under RCU.
 */
void nft_offload_added(struct net *net, u32 ct_id)
{
	struct nft_offload_skip *skip = skip_of(net, ct_id);

	if (READ_ONCE(skip->ct_id) == ct_id)
		WRITE_ONCE(skip->reason, NF_FLOW_REASON_NONE);
}

/**
 * nft_offload_skip_reason() - why did the last packet make no flow?
 * @net: namespace
 * @ct_id: of the connection
 *
 * Context: any.
 * Return: the reason, or %NF_FLOW_REASON_NONE if none is known.
 */
enum nf_flow_reason nft_offload_skip_reason(struct net *net, u32 ct_id)
{
	const struct nft_offload_skip *skip = skip_of(net, ct_id);

	if (READ_ONCE(skip->ct_id) != ct_id)
		return NF_FLOW_REASON_NONE;
	return READ_ONCE(skip->reason);
}
