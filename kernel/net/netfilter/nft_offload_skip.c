// SPDX-License-Identifier: GPL-2.0-only
/*
 * Why a packet makes no flow is known when it meets the rule that adds flows, and
 * not before: so nft_offload keeps the last reasons while the namespace counts, of
 * as many connections as there is room for.
 */
#include <linux/hash.h>
#include <linux/jhash.h>
#include <net/netns/generic.h>
#include <net/netfilter/nf_conntrack.h>
#include "nft_offload.h"

/* What tells connections apart, for less than nf_ct_get_id() takes */
static u32 skip_key(const struct nf_conn *ct)
{
	const struct nf_conntrack_tuple *tuple;

	tuple = &ct->tuplehash[IP_CT_DIR_ORIGINAL].tuple;
	return jhash_3words(tuple->src.u3.all[0] ^ tuple->src.u3.all[3],
			    (__force u32)tuple->src.u.all << 16 |
			    (__force u32)tuple->dst.u.all,
			    hash32_ptr(ct), 0);
}

static struct nft_offload_skip *skip_of(struct net *net, u32 key)
{
	struct nft_offload_net *on = net_generic(net, nft_offload_net_id);

	return &on->skips[hash_32(key, NFT_OFFLOAD_SKIP_BITS)];
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
	u32 key = skip_key(ct);
	struct nft_offload_skip *skip = skip_of(net, key);

	/* two at once, of different connections: one of them may be told the
	 * reason of the other
	 */
	if (READ_ONCE(skip->key) != key)
		WRITE_ONCE(skip->key, key);
	if (READ_ONCE(skip->reason) != reason)
		WRITE_ONCE(skip->reason, reason);
}

/**
 * nft_offload_added() - a packet has made a flow after all
 * @net: its namespace
 * @ct: its connection
 *
 * Context: any but hard interrupts, under RCU.
 */
void nft_offload_added(struct net *net, const struct nf_conn *ct)
{
	u32 key = skip_key(ct);
	struct nft_offload_skip *skip = skip_of(net, key);

	if (READ_ONCE(skip->key) == key)
		WRITE_ONCE(skip->reason, NF_FLOW_REASON_NONE);
}

/**
 * nft_offload_skip_reason() - why did the last packet make no flow?
 * @net: namespace
 * @ct: the connection
 *
 * Context: any.
 * Return: the reason, or %NF_FLOW_REASON_NONE if none is known.
 */
enum nf_flow_reason nft_offload_skip_reason(struct net *net,
					    const struct nf_conn *ct)
{
	u32 key = skip_key(ct);
	const struct nft_offload_skip *skip = skip_of(net, key);

	if (READ_ONCE(skip->key) != key)
		return NF_FLOW_REASON_NONE;
	return READ_ONCE(skip->reason);
}
