// SPDX-License-Identifier: GPL-2.0-only
/*
 * Explain of nft_offload: where a connection is forwarded, and why not in
 * hardware.
 *
 * Why a packet makes no flow is known when it meets the rule that adds flows, and
 * not before: so the last reasons are kept, for as many connections as there is
 * room. Of a connection that met no such rule, conntrack may tell what would
 * happen.
 */
#include <linux/hash.h>
#include <net/netns/generic.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_core.h>
#include <net/netfilter/nf_conntrack_extend.h>
#include <net/netfilter/nf_conntrack_zones.h>
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

/* Of a connection that is not in a flowtable */
static enum nf_flow_reason explain_classic(struct net *net,
					   const struct nf_conn *ct)
{
	u32 ct_id = nf_ct_get_id(ct);
	const struct nft_offload_skip *skip = skip_of(net, ct_id);

	if (READ_ONCE(skip->ct_id) == ct_id)
		return READ_ONCE(skip->reason);

	switch (nf_ct_protonum(ct)) {
	case IPPROTO_TCP:
		if (!nf_conntrack_tcp_established(ct))
			return NF_FLOW_REASON_TCP_STATE;
		break;
	case IPPROTO_UDP:
	case IPPROTO_GRE:
		break;
	default:
		return NF_FLOW_REASON_PROTOCOL;
	}
	if (nf_ct_ext_exist(ct, NF_CT_EXT_HELPER))
		return NF_FLOW_REASON_HELPER;
	if (ct->status & (IPS_SEQ_ADJUST | IPS_NAT_CLASH))
		return NF_FLOW_REASON_SEQ_ADJUST;
	return NF_FLOW_REASON_NONE;
}

/* Of a flow that is not in hardware */
static enum nf_flow_reason explain_software(const struct nf_flow_watch *watch)
{
	const struct flow_offload *flow = watch->flow;
	int dir, state;

	if (!nf_flowtable_hw_offload(watch->flowtable))
		return NF_FLOW_REASON_NOT_WANTED;
	if (!nf_flow_table_hw_allowed(read_pnet(&watch->flowtable->net)))
		return NF_FLOW_REASON_SWITCHED_OFF;
	if (!test_bit(NF_FLOW_HW, &flow->flags))
		return NF_FLOW_REASON_TUNNEL;
	for (dir = 0; dir < FLOW_OFFLOAD_DIR_MAX; dir++) {
		state = READ_ONCE(flow->hw.state[dir]);
		if (state < 0)
			return nf_flow_reason_driver(state);
	}
	return NF_FLOW_REASON_NONE;
}

static int fill_flow(struct sk_buff *skb, const struct nf_flow_watch *watch)
{
	struct nlattr *nest;

	nest = nla_nest_start(skb, NFT_OFFLOAD_EXPLAIN_FLOW);
	if (!nest || nft_offload_fill_flow(skb, watch, NULL,
					   ktime_get_coarse_boottime_ns()))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int fill_explain(struct sk_buff *skb, struct net *net,
			const struct nf_conn *ct)
{
	enum nft_offload_layer layer = NFT_OFFLOAD_LAYER_CLASSIC;
	enum nf_flow_reason reason = NF_FLOW_REASON_NONE;
	const struct nf_flow_watch *watch;

	if (!ct)
		return nla_put_u8(skb, NFT_OFFLOAD_EXPLAIN_LAYER,
				  NFT_OFFLOAD_LAYER_NONE);

	watch = nf_flow_watch_find(ct);
	if (!watch) {
		reason = explain_classic(net, ct);
	} else {
		switch (nft_offload_state(watch->flow)) {
		case NFT_OFFLOAD_STATE_HARDWARE:
			layer = NFT_OFFLOAD_LAYER_HARDWARE;
			break;
		case NFT_OFFLOAD_STATE_CLOSING:
			break;
		default:
			layer = NFT_OFFLOAD_LAYER_SOFTWARE;
			reason = explain_software(watch);
		}
	}

	if (nla_put_u8(skb, NFT_OFFLOAD_EXPLAIN_LAYER, layer) ||
	    nla_put_be32(skb, NFT_OFFLOAD_EXPLAIN_CT_ID,
			 (__force __be32)nf_ct_get_id(ct)) ||
	    (reason && nla_put_string(skb, NFT_OFFLOAD_EXPLAIN_REASON,
				      nf_flow_reason_name(reason))) ||
	    (watch && fill_flow(skb, watch)))
		return -EMSGSIZE;
	return 0;
}

/**
 * nft_offload_find_ct() - the connection that a filter names
 * @net: namespace
 * @filter: filter, see nft_offload_filter_exact()
 *
 * Return: its conntrack entry, for nf_ct_put(); NULL if there is none.
 */
struct nf_conn *nft_offload_find_ct(struct net *net,
				    const struct nft_offload_filter *filter)
{
	struct nf_conntrack_tuple_hash *hash;
	struct nf_conntrack_tuple tuple = {
		.src.u3		= filter->saddr[0],
		.src.l3num	= filter->l3proto,
		.src.u.all	= htons(filter->sport[0]),
		.dst.u3		= filter->daddr[0],
		.dst.u.all	= htons(filter->dport[0]),
		.dst.protonum	= filter->l4proto,
	};

	hash = nf_conntrack_find_get(net, &nf_ct_zone_dflt, &tuple);
	return hash ? nf_ct_tuplehash_to_ctrack(hash) : NULL;
}

int nft_offload_explain(struct sk_buff *skb, const struct nfnl_info *info,
			const struct nlattr * const cda[])
{
	u32 portid = NETLINK_CB(skb).portid;
	struct nft_offload_filter *filter;
	struct sk_buff *answer = NULL;
	struct nlmsghdr *nlh;
	struct nf_conn *ct;
	int err;

	filter = nft_offload_filter_parse(cda[NFT_OFFLOAD_EXPLAIN_FILTER],
					  info->extack);
	if (IS_ERR(filter))
		return PTR_ERR(filter);
	err = nft_offload_filter_exact(filter, info->extack);
	if (err)
		goto out;

	err = -ENOMEM;
	answer = nlmsg_new(NLMSG_GOODSIZE, GFP_KERNEL);
	if (!answer)
		goto out;

	ct = nft_offload_find_ct(info->net, filter);
	err = -EMSGSIZE;
	nlh = nft_offload_put_header(answer, portid, info->nlh->nlmsg_seq,
				     NFT_OFFLOAD_MSG_EXPLAIN, 0,
				     filter->l3proto);
	if (nlh) {
		rcu_read_lock();
		err = fill_explain(answer, info->net, ct);
		rcu_read_unlock();
		nlmsg_end(answer, nlh);
	}
	if (ct)
		nf_ct_put(ct);
out:
	kfree(filter);
	if (err) {
		kfree_skb(answer);
		return err;
	}
	return nfnetlink_unicast(answer, info->net, portid);
}
