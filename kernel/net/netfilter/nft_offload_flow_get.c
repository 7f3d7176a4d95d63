// SPDX-License-Identifier: GPL-2.0-only
/*
 * FLOW_GET of nft_offload: list flows, or find one.
 *
 * A dump goes by the numbers of flows. Between two messages it keeps nothing but
 * where it was, so that flows and flowtables may go meanwhile. Flows that are not
 * counted come last, and have neither a number, nor an age, nor counters.
 */
#include <linux/slab.h>
#include <net/netfilter/nf_conntrack.h>
#include "nft_offload.h"

/* Returns 0, or -EMSGSIZE with nothing of the flow in @skb. Under RCU. */
static int put_flow(struct sk_buff *skb, const struct genl_info *info,
		    int flags, const struct nf_flow_acct *acct, u64 now)
{
	void *hdr = __genlmsg_iput(skb, info, flags);

	if (!hdr)
		return -EMSGSIZE;
	if (nft_offload_fill_flow(skb, acct, NULL, now)) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return 0;
}

/**
 * struct flow_dump - where a dump is, in struct netlink_callback
 * @filter: flows that are wanted
 * @list: where the list is
 */
struct flow_dump {
	struct nft_offload_filter	*filter;
	struct nf_flow_list		list;
};

int nft_offload_nl_flow_get_start(struct netlink_callback *cb)
{
	const struct genl_info *info = genl_info_dump(cb);
	struct flow_dump *dump = (struct flow_dump *)cb->ctx;

	NL_ASSERT_CTX_FITS(struct flow_dump);
	dump->filter = nft_offload_filter_parse(info->attrs[NFT_OFFLOAD_FLOW_FILTER],
						info->extack);
	if (IS_ERR(dump->filter))
		return PTR_ERR(dump->filter);
	nf_flow_acct_get(genl_info_net(info), true);
	nf_flow_list_begin(genl_info_net(info), &dump->list);
	return 0;
}

int nft_offload_nl_flow_get_done(struct netlink_callback *cb)
{
	struct flow_dump *dump = (struct flow_dump *)cb->ctx;

	nf_flow_acct_put(sock_net(cb->skb->sk), NFT_OFFLOAD_LINGER);
	kfree(dump->filter);
	return 0;
}

int nft_offload_nl_flow_get_dumpit(struct sk_buff *skb,
				   struct netlink_callback *cb)
{
	const struct genl_info *info = genl_info_dump(cb);
	struct flow_dump *dump = (struct flow_dump *)cb->ctx;
	u64 now = ktime_get_coarse_boottime_ns();
	struct net *net = genl_info_net(info);
	const struct nf_flow_acct *acct;
	struct nf_flow_list list;
	struct nf_flow_acct none;
	unsigned int n = 0;

	rcu_read_lock();
	for (list = dump->list;
	     (acct = nft_offload_list_next(net, &list, &none, &n));
	     dump->list = list) {
		if (nft_offload_filter_match(dump->filter, acct) &&
		    put_flow(skb, info, NLM_F_MULTI, acct, now))
			break;
	}
	rcu_read_unlock();
	return skb->len;
}

static int get_one(struct genl_info *info,
		   const struct nft_offload_filter *filter)
{
	struct net *net = genl_info_net(info);
	const struct nf_flow_acct *acct;
	struct nf_flow_acct none;
	struct sk_buff *skb;
	struct nf_conn *ct;
	int err = -ENOENT;

	skb = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_KERNEL);
	if (!skb)
		return -ENOMEM;

	nf_flow_acct_get(net, true);
	nf_flow_acct_put(net, NFT_OFFLOAD_LINGER);
	ct = nft_offload_find_ct(net, filter);
	rcu_read_lock();
	acct = nft_offload_find(ct, &none);
	if (acct && nft_offload_filter_match(filter, acct))
		err = put_flow(skb, info, 0, acct,
			       ktime_get_coarse_boottime_ns());
	rcu_read_unlock();
	if (ct)
		nf_ct_put(ct);
	if (!err)
		return genlmsg_reply(skb, info);

	if (err == -ENOENT)
		NL_SET_ERR_MSG(info->extack, "no such flow in any flowtable");
	nlmsg_free(skb);
	return err;
}

int nft_offload_nl_flow_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct nft_offload_filter *filter;
	int err;

	filter = nft_offload_filter_parse(info->attrs[NFT_OFFLOAD_FLOW_FILTER],
					  info->extack);
	if (IS_ERR(filter))
		return PTR_ERR(filter);
	err = nft_offload_filter_exact(filter, info->extack) ?:
	      get_one(info, filter);
	kfree(filter);
	return err;
}
