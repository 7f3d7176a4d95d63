// SPDX-License-Identifier: GPL-2.0-only
/*
 * EXPLAIN of nft_offload: where a connection is forwarded, and why not in
 * hardware.
 *
 * Of a connection that made no flow, the last reason is known if it met a rule that
 * adds flows lately, see nft_offload_skip.c. Of others, conntrack may tell what
 * would happen, and of any the devices on its way, see nft_offload_expect.c: are
 * both ends in one flowtable, and does that one offload to both of them?
 */
#include <linux/netdevice.h>
#include <linux/slab.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_acct.h>
#include <net/netfilter/nf_conntrack_core.h>
#include <net/netfilter/nf_conntrack_extend.h>
#include <net/netfilter/nf_flow_policy.h>
#include "nft_offload.h"

/* More than a flow, and the devices of two ways */
#define EXPLAIN_SIZE	(8 * 1024)

static bool explain_protocol(u8 l4proto)
{
	return l4proto == IPPROTO_TCP || l4proto == IPPROTO_UDP ||
	       l4proto == IPPROTO_GRE;
}

/* Has the connection had more than its first packet? */
static bool explain_had_more(const struct nf_conn *ct)
{
	const struct nf_conn_acct *acct;

	if (test_bit(IPS_SEEN_REPLY_BIT, &ct->status))
		return true;
	acct = nf_conn_acct_find(ct);
	return acct && atomic64_read(&acct->counter[IP_CT_DIR_ORIGINAL].packets) > 1;
}

/* Of a connection that is not in a flowtable */
static enum nf_flow_reason explain_classic(struct net *net,
					   const struct nf_conn *ct)
{
	enum nf_flow_reason last;

	last = nft_offload_skip_reason(net, ct);
	/* only the first packet met a rule: that it was the first is no reason now */
	if (last == NF_FLOW_REASON_UNCONFIRMED && explain_had_more(ct))
		last = NF_FLOW_REASON_NONE;
	/* this one shows, and may be over */
	if (last && last != NF_FLOW_REASON_TCP_STATE)
		return last;

	if (!explain_protocol(nf_ct_protonum(ct)))
		return NF_FLOW_REASON_PROTOCOL;
	if (nf_ct_protonum(ct) == IPPROTO_TCP &&
	    !nf_conntrack_tcp_established(ct))
		return NF_FLOW_REASON_TCP_STATE;
	if (nf_ct_ext_exist(ct, NF_CT_EXT_HELPER))
		return NF_FLOW_REASON_HELPER;
	if (ct->status & (IPS_SEQ_ADJUST | IPS_NAT_CLASH))
		return NF_FLOW_REASON_SEQ_ADJUST;
	return NF_FLOW_REASON_NONE;
}

/* What was refused, and why? The error says less. */
static enum nf_flow_reason explain_refused(const struct nf_flow_acct *acct)
{
	const struct nf_flow_failure *failure;
	int dir, state;

	for (dir = 0; dir < FLOW_OFFLOAD_DIR_MAX; dir++) {
		state = READ_ONCE(acct->flow->hw.state[dir]);
		if (state >= 0)
			continue;
		failure = rcu_dereference(acct->count[dir].failure);
		return failure ? failure->reason : nf_flow_reason_driver(state);
	}
	return NF_FLOW_REASON_NONE;
}

/* Of a flow that is not in hardware */
static enum nf_flow_reason explain_software(const struct nf_flow_acct *acct)
{
	enum nf_flow_reason reason;

	if (!nf_flowtable_hw_offload(acct->flowtable))
		return NF_FLOW_REASON_NOT_WANTED;
	if (!nf_flow_table_hw_allowed(read_pnet(&acct->flowtable->net)))
		return NF_FLOW_REASON_SWITCHED_OFF;
	if (!test_bit(NF_FLOW_HW, &acct->flow->flags))
		return nf_flow_offload_unsupported(acct->flow);
	if (test_bit(NF_FLOW_CLOSING, &acct->flow->flags))
		return NF_FLOW_REASON_TCP_STATE;
	reason = nf_flow_policy_kept(acct->flowtable, acct->flow,
				     FLOW_OFFLOAD_DIR_ORIGINAL);
	/* the other direction need not wait for this one */
	if (reason == NF_FLOW_REASON_NOT_LEARNED)
		return explain_refused(acct) ?: reason;
	return reason ?: explain_refused(acct);
}

static int fill_flow(struct sk_buff *skb, const struct nf_flow_acct *acct)
{
	struct nlattr *nest;

	nest = nla_nest_start(skb, NFT_OFFLOAD_EXPLAIN_FLOW);
	if (!nest || nft_offload_fill_flow(skb, acct, NULL,
					   ktime_get_coarse_boottime_ns()))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/* Of a connection that is in no flowtable */
static int fill_expect(struct sk_buff *skb, struct net *net,
		       const struct nft_offload_filter *filter,
		       const struct nf_conn *ct,
		       const struct nft_offload_expect *expect)
{
	enum nf_flow_reason reason = NF_FLOW_REASON_NONE, later;
	enum nft_offload_layer layer;

	layer = nft_offload_expect_layer(net, expect, &later);
	if (ct)
		reason = explain_classic(net, ct);
	else if (!explain_protocol(filter->l4proto))
		reason = NF_FLOW_REASON_PROTOCOL;

	/* these do not pass */
	if (reason == NF_FLOW_REASON_PROTOCOL ||
	    reason == NF_FLOW_REASON_GRE_KEY ||
	    reason == NF_FLOW_REASON_HELPER ||
	    reason == NF_FLOW_REASON_SEQ_ADJUST)
		layer = NFT_OFFLOAD_LAYER_CLASSIC;
	if (!reason)
		reason = later;

	if (nla_put_u8(skb, NFT_OFFLOAD_EXPLAIN_LAYER,
		       ct ? NFT_OFFLOAD_LAYER_CLASSIC :
			    NFT_OFFLOAD_LAYER_NONE) ||
	    nla_put_u8(skb, NFT_OFFLOAD_EXPLAIN_EXPECT, layer) ||
	    (reason && nla_put_string(skb, NFT_OFFLOAD_EXPLAIN_REASON,
				      nf_flow_reason_name(reason))))
		return -EMSGSIZE;
	return 0;
}

/* Of a flow */
static int fill_now(struct sk_buff *skb, const struct nf_flow_acct *acct)
{
	enum nft_offload_layer layer = NFT_OFFLOAD_LAYER_SOFTWARE;
	enum nf_flow_reason reason = NF_FLOW_REASON_NONE;

	switch (nft_offload_state(acct->flow)) {
	case NFT_OFFLOAD_STATE_HARDWARE:
		layer = NFT_OFFLOAD_LAYER_HARDWARE;
		break;
	case NFT_OFFLOAD_STATE_CLOSING:
		layer = NFT_OFFLOAD_LAYER_CLASSIC;
		break;
	default:
		reason = explain_software(acct);
	}
	if (nla_put_u8(skb, NFT_OFFLOAD_EXPLAIN_LAYER, layer) ||
	    (reason && nla_put_string(skb, NFT_OFFLOAD_EXPLAIN_REASON,
				      nf_flow_reason_name(reason))))
		return -EMSGSIZE;
	return fill_flow(skb, acct);
}

static int fill_explain(struct sk_buff *skb, struct net *net,
			const struct nft_offload_filter *filter,
			const struct nf_conn *ct,
			const struct nft_offload_expect *expect)
{
	const struct nf_flow_acct *acct;
	struct nf_flow_acct none;
	int err;

	rcu_read_lock();
	acct = nft_offload_find(ct, &none);
	err = acct ? fill_now(skb, acct) :
		      fill_expect(skb, net, filter, ct, expect);
	rcu_read_unlock();
	if (!err && ct)
		err = nla_put_be32(skb, NFT_OFFLOAD_EXPLAIN_CT_ID,
				   (__force __be32)nf_ct_get_id(ct));
	return err ?: nft_offload_expect_fill(skb, expect);
}

/* What this looks at: for all else, the answer would be wrong. */
static int explain_check(const struct nft_offload_filter *filter,
			 struct netlink_ext_ack *extack)
{
	static const u32 tuple = BIT(NFT_OFFLOAD_FILTER_L3PROTO) |
				 BIT(NFT_OFFLOAD_FILTER_L4PROTO) |
				 BIT(NFT_OFFLOAD_FILTER_SADDR) |
				 BIT(NFT_OFFLOAD_FILTER_DADDR) |
				 BIT(NFT_OFFLOAD_FILTER_SPORT) |
				 BIT(NFT_OFFLOAD_FILTER_DPORT) |
				 BIT(NFT_OFFLOAD_FILTER_CT_ZONE);
	static const u32 both = BIT(NFT_OFFLOAD_FILTER_TABLE_FAMILY) |
				BIT(NFT_OFFLOAD_FILTER_TABLE) |
				BIT(NFT_OFFLOAD_FILTER_FLOWTABLE) |
				BIT(NFT_OFFLOAD_FILTER_IIF);
	u32 id = BIT(NFT_OFFLOAD_FILTER_CT_ID);

	if (filter->have & ~(both | (filter->have & id ? id : tuple))) {
		NL_SET_ERR_MSG(extack,
			       "explain takes protocols, addresses, ports and zone, or an id; the device it enters by; the flowtable");
		return -EINVAL;
	}
	return nft_offload_filter_exact(filter, extack);
}

/* The entry says what the request need not. */
static void explain_complete(struct nft_offload_filter *filter,
			     const struct nf_conn *ct)
{
	const struct nf_conntrack_tuple *tuple;

	tuple = &ct->tuplehash[IP_CT_DIR_ORIGINAL].tuple;
	filter->l3proto = tuple->src.l3num;
	filter->l4proto = tuple->dst.protonum;
	filter->saddr[0] = tuple->src.u3;
	filter->daddr[0] = tuple->dst.u3;
	filter->sport[0] = ntohs(tuple->src.u.all);
	filter->dport[0] = ntohs(tuple->dst.u.all);
}

static bool explain_has_dev(struct net *net, u32 ifindex)
{
	bool there;

	rcu_read_lock();
	there = dev_get_by_index_rcu(net, ifindex);
	rcu_read_unlock();
	return there;
}

int nft_offload_nl_explain_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct net *net = genl_info_net(info);
	struct nft_offload_filter *filter;
	struct nft_offload_expect *expect;
	struct sk_buff *answer = NULL;
	struct nf_conn *ct;
	void *hdr;
	int err;

	filter = nft_offload_filter_parse(info->attrs[NFT_OFFLOAD_EXPLAIN_FILTER],
					  info->extack);
	if (IS_ERR(filter))
		return PTR_ERR(filter);
	err = explain_check(filter, info->extack);
	if (err)
		goto out;

	err = -ENODEV;
	if (filter->iif && !explain_has_dev(net, filter->iif)) {
		NL_SET_ERR_MSG(info->extack, "no device has this index");
		goto out;
	}

	/* what is told of it now may not be all: the next answer knows more */
	nf_flow_acct_get(net, true);
	nf_flow_acct_put(net, NFT_OFFLOAD_LINGER);
	ct = nft_offload_find_ct(net, filter);
	if (nft_offload_filter_has(filter, NFT_OFFLOAD_FILTER_CT_ID)) {
		if (!ct) {
			NL_SET_ERR_MSG(info->extack,
				       "no conntrack entry has this id");
			err = -ENOENT;
			goto out;
		}
		explain_complete(filter, ct);
	}
	expect = nft_offload_expect_alloc(net, filter, ct);
	err = -ENOMEM;
	answer = genlmsg_new(EXPLAIN_SIZE, GFP_KERNEL);
	if (!expect || !answer)
		goto out_put;
	err = nft_offload_expect_check(expect, info->extack);
	if (err)
		goto out_put;

	hdr = genlmsg_iput(answer, info);
	err = hdr ? fill_explain(answer, net, filter, ct, expect) : -EMSGSIZE;
	if (!err)
		genlmsg_end(answer, hdr);
out_put:
	kfree(expect);
	if (ct)
		nf_ct_put(ct);
out:
	kfree(filter);
	if (err) {
		nlmsg_free(answer);
		return err;
	}
	return genlmsg_reply(answer, info);
}
