// SPDX-License-Identifier: GPL-2.0-only
/*
 * FLOW_SET of nft_offload: pin flows to hardware or to software.
 *
 * The answer does not wait for drivers: whoever pins thousands of flows a second
 * listens to events. A flow is found by its number, or by a filter that names one
 * connection, without a walk over the others.
 */
#include <linux/slab.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_flow_policy.h>
#include "nft_offload.h"

/* Returns true if the flow has the pin now. */
static bool set_pin(const struct nf_flow_acct *acct, enum nf_flow_pin pin)
{
	if (test_bit(NF_FLOW_TEARDOWN, &acct->flow->flags))
		return false;
	nf_flow_pin_set(acct->flowtable, acct->flow, pin);
	return true;
}

static u64 set_all(struct net *net, const struct nft_offload_filter *filter,
		   enum nf_flow_pin pin)
{
	const struct nf_flow_acct *acct;
	struct nf_flow_list list;
	struct nf_flow_acct none;
	unsigned int n = 0;
	u64 count = 0;

	nf_flow_list_begin(net, &list);
	rcu_read_lock();
	while ((acct = nft_offload_list_next(net, &list, &none, &n)))
		if (nft_offload_filter_match(filter, acct))
			count += set_pin(acct, pin);
	rcu_read_unlock();
	return count;
}

/* Of the connection that the filter names */
static u64 set_named(struct net *net, const struct nft_offload_filter *filter,
		     enum nf_flow_pin pin)
{
	const struct nf_flow_acct *acct;
	struct nf_flow_acct none;
	struct nf_conn *ct;
	u64 count = 0;

	ct = nft_offload_find_ct(net, filter);
	if (!ct)
		return 0;
	rcu_read_lock();
	acct = nft_offload_find(ct, &none);
	if (acct && nft_offload_filter_match(filter, acct))
		count = set_pin(acct, pin);
	rcu_read_unlock();
	nf_ct_put(ct);
	return count;
}

/* Without a zone, connections of any zone match; and an id without the rest is found
 * in flows sooner than in conntrack.
 */
static bool set_is_named(const struct nft_offload_filter *filter)
{
	return (!IS_ENABLED(CONFIG_NF_CONNTRACK_ZONES) ||
		nft_offload_filter_has(filter, NFT_OFFLOAD_FILTER_CT_ZONE)) &&
	       !nft_offload_filter_has(filter, NFT_OFFLOAD_FILTER_CT_ID) &&
	       !nft_offload_filter_exact(filter, NULL);
}

static int set_filtered(struct net *net, struct genl_info *info,
			enum nf_flow_pin pin, u64 *count)
{
	struct nft_offload_filter *filter;

	filter = nft_offload_filter_parse(info->attrs[NFT_OFFLOAD_FLOW_FILTER],
					  info->extack);
	if (IS_ERR(filter))
		return PTR_ERR(filter);
	*count = set_is_named(filter) ? set_named(net, filter, pin) :
					set_all(net, filter, pin);
	kfree(filter);
	return 0;
}

static int set_numbered(struct net *net, struct genl_info *info,
			enum nf_flow_pin pin, u64 *count)
{
	const struct nf_flow_acct *acct;

	if (info->attrs[NFT_OFFLOAD_FLOW_FILTER]) {
		NL_SET_ERR_MSG_ATTR(info->extack,
				    info->attrs[NFT_OFFLOAD_FLOW_FILTER],
				    "there is an id: a filter makes no sense");
		return -EINVAL;
	}

	rcu_read_lock();
	acct = nf_flow_acct_by_id(net, nla_get_u64(info->attrs[NFT_OFFLOAD_FLOW_ID]));
	*count = acct ? set_pin(acct, pin) : 0;
	rcu_read_unlock();
	if (*count)
		return 0;
	NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[NFT_OFFLOAD_FLOW_ID],
			    "there is no flow with this id");
	return -ENOENT;
}

int nft_offload_nl_flow_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct net *net = genl_info_net(info);
	enum nf_flow_pin pin;
	u64 count = 0;
	int err;

	BUILD_BUG_ON((int)NF_FLOW_PIN_SOFTWARE != NFT_OFFLOAD_PIN_SOFTWARE);

	if (GENL_REQ_ATTR_CHECK(info, NFT_OFFLOAD_FLOW_PIN)) {
		NL_SET_ERR_MSG(info->extack,
			       "where are the flows to be: hardware, software or auto?");
		return -EINVAL;
	}
	pin = nla_get_u8(info->attrs[NFT_OFFLOAD_FLOW_PIN]);

	nf_flow_acct_get(net, true);
	nf_flow_acct_put(net, NFT_OFFLOAD_LINGER);
	err = info->attrs[NFT_OFFLOAD_FLOW_ID] ?
	      set_numbered(net, info, pin, &count) :
	      set_filtered(net, info, pin, &count);
	if (!err && info->nlhdr->nlmsg_flags & NLM_F_ECHO)
		err = nft_offload_reply_count(info, count);
	return err;
}
