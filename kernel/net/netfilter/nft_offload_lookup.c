// SPDX-License-Identifier: GPL-2.0-only
/*
 * What requests of nft_offload are about: the connection that a filter names, its
 * flow, the flows of a list, and where the packets of a flow are forwarded.
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
	if (flags & BIT(NF_FLOW_HW_ACTIVE))
		return NFT_OFFLOAD_STATE_HARDWARE;
	if (flags & BIT(NF_FLOW_PENDING))
		return NFT_OFFLOAD_STATE_PENDING;
	if (READ_ONCE(flow->hw.state[FLOW_OFFLOAD_DIR_ORIGINAL]) < 0 ||
	    READ_ONCE(flow->hw.state[FLOW_OFFLOAD_DIR_REPLY]) < 0)
		return NFT_OFFLOAD_STATE_FAILED;
	return NFT_OFFLOAD_STATE_SOFTWARE;
}

/* Of one bucket, which is locked: the entry of this id, or NULL. */
static struct nf_conn *find_ct_id_in(const struct net *net, u32 id,
				     unsigned int bucket)
{
	struct nf_conntrack_tuple_hash *hash;
	struct hlist_nulls_node *n;
	struct nf_conn *ct;

	hlist_nulls_for_each_entry(hash, n, &nf_conntrack_hash[bucket], hnnode) {
		if (NF_CT_DIRECTION(hash) != IP_CT_DIR_ORIGINAL)
			continue;
		ct = nf_ct_tuplehash_to_ctrack(hash);
		if (net_eq(nf_ct_net(ct), net) && nf_ct_get_id(ct) == id &&
		    !nf_ct_is_dying(ct) && !nf_ct_is_expired(ct) &&
		    refcount_inc_not_zero(&ct->ct_general.use))
			return ct;
	}
	return NULL;
}

/* There is no index of this: all entries are looked at, bucket by bucket, as for a
 * dump of them. One that moves, as the table is resized, may be missed.
 */
static struct nf_conn *find_ct_id(const struct net *net, u32 id)
{
	struct nf_conn *ct = NULL;
	unsigned int bucket;
	spinlock_t *lock; /* of the bucket */

	for (bucket = 0; !ct && bucket < READ_ONCE(nf_conntrack_htable_size);
	     bucket++) {
		lock = &nf_conntrack_locks[bucket % CONNTRACK_LOCKS];
		local_bh_disable();
		nf_conntrack_lock(lock);
		if (bucket < nf_conntrack_htable_size)
			ct = find_ct_id_in(net, id, bucket);
		spin_unlock(lock);
		local_bh_enable();
		cond_resched();
	}
	return ct;
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

/**
 * nft_offload_find() - find the flow of a connection
 * @ct: its conntrack entry, or NULL
 * @none: see nf_flow_acct_of()
 *
 * Context: rcu_read_lock(), which keeps the flow.
 * Return: what is known of the flow; NULL if there is none.
 */
const struct nf_flow_acct *nft_offload_find(const struct nf_conn *ct,
					    struct nf_flow_acct *none)
{
	struct nf_flowtable *flowtable;
	struct flow_offload *flow;

	flow = ct ? flow_offload_lookup_ct(ct, &flowtable) : NULL;
	if (!flow || !flowtable->counters) /* not of nftables */
		return NULL;
	return nf_flow_acct_of(flowtable, flow, none);
}

/**
 * nft_offload_list_next() - the next flow of a list
 * @net: namespace
 * @list: where the list is
 * @none: see nf_flow_list_next()
 * @n: flows so far: others run now and then
 *
 * Context: rcu_read_lock(); may sleep, and the flow before may be gone then.
 * Return: what is known of the flow; NULL at the end.
 */
const struct nf_flow_acct *nft_offload_list_next(struct net *net,
						 struct nf_flow_list *list,
						 struct nf_flow_acct *none,
						 unsigned int *n)
{
	const struct nf_flow_acct *acct;

	if (!(++*n % 1024))
		nft_offload_resched_rcu();
	while (IS_ERR(acct = nf_flow_list_next(net, list, none)))
		nft_offload_resched_rcu();
	return acct;
}
