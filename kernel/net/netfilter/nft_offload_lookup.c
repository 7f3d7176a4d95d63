// SPDX-License-Identifier: GPL-2.0-only
/*
 * What requests of nft_offload are about: the connection that a filter names, and
 * where the packets of a flow are forwarded.
 */
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_core.h>
#include <net/netfilter/nf_conntrack_zones.h>
#include "nft_offload.h"

/**
 * nft_offload_state() - where are the packets of a flow forwarded?
 * @flow: flow
 *
 * Context: RCU, which keeps the flow.
 * Return: the state.
 */
enum nft_offload_state nft_offload_state(const struct flow_offload *flow)
{
	unsigned long flags = READ_ONCE(flow->flags);

	/* after FIN or RST (NF_FLOW_CLOSING) packets are forwarded as before */
	if (flags & BIT(NF_FLOW_TEARDOWN))
		return NFT_OFFLOAD_STATE_CLOSING;
	if (test_bit(IPS_HW_OFFLOAD_BIT, &flow->ct->status))
		return NFT_OFFLOAD_STATE_HARDWARE;
	if (flags & BIT(NF_FLOW_PENDING))
		return NFT_OFFLOAD_STATE_PENDING;
	if (READ_ONCE(flow->hw.state[FLOW_OFFLOAD_DIR_ORIGINAL]) < 0 ||
	    READ_ONCE(flow->hw.state[FLOW_OFFLOAD_DIR_REPLY]) < 0)
		return NFT_OFFLOAD_STATE_FAILED;
	return NFT_OFFLOAD_STATE_SOFTWARE;
}

/**
 * struct find_ct - an entry that is looked for
 * @id: its id
 * @ct: the entry, once it was found
 */
struct find_ct {
	u32		id;
	struct nf_conn	*ct;
};

/* Returns 0: it is to stay. */
static int find_ct_look(struct nf_conn *ct, void *data)
{
	struct find_ct *find = data;

	if (!find->ct && nf_ct_get_id(ct) == find->id && !nf_ct_is_dying(ct) &&
	    !nf_ct_is_expired(ct) &&
	    refcount_inc_not_zero(&ct->ct_general.use))
		find->ct = ct;
	return 0;
}

/* There is no index of this: all entries are looked at. */
static struct nf_conn *find_ct_id(struct net *net, u32 id)
{
	struct find_ct find = { .id = id };
	const struct nf_ct_iter_data iter = { .net = net, .data = &find };

	nf_ct_iterate_cleanup_net(find_ct_look, &iter);
	return find.ct;
}

/**
 * nft_offload_find_ct() - the connection that a filter names
 * @net: namespace
 * @filter: filter, see nft_offload_filter_exact()
 *
 * Context: process, may sleep.
 * Return: its conntrack entry, for nf_ct_put(); NULL if there is none.
 */
struct nf_conn *nft_offload_find_ct(struct net *net,
				    const struct nft_offload_filter *filter)
{
	struct nf_conntrack_tuple_hash *hash;
	struct nf_conntrack_zone zone;
	struct nf_conntrack_tuple tuple = {
		.src.u3		= filter->saddr[0],
		.src.l3num	= filter->l3proto,
		.src.u.all	= htons(filter->sport[0]),
		.dst.u3		= filter->daddr[0],
		.dst.u.all	= htons(filter->dport[0]),
		.dst.protonum	= filter->l4proto,
	};

	if (nft_offload_filter_has(filter, NFT_OFFLOAD_FILTER_CT_ID))
		return find_ct_id(net, filter->ct_id);
	nf_ct_zone_init(&zone, filter->zone, NF_CT_DEFAULT_ZONE_DIR, 0);
	hash = nf_conntrack_find_get(net, &zone, &tuple);
	return hash ? nf_ct_tuplehash_to_ctrack(hash) : NULL;
}
