// SPDX-License-Identifier: GPL-2.0-only
/*
 * nft_offload: see the flows of flowtables, and end them.
 *
 * Theory of operation
 * ===================
 *
 * The flowtable (nf_flow_table.ko) forwards packets and talks to drivers. This
 * module is how a person looks at it: an nfnetlink subsystem whose messages are
 * in include/uapi/linux/netfilter/nft_offload.h. It is loaded when someone speaks
 * to the subsystem, or by hand.
 *
 *	nft_offload_main.c	the subsystem, load and unload
 *	nft_offload_filter.c	which flows a request is about
 *	nft_offload_flow.c	list, find, end flows
 *	nft_offload_event.c	tell what happens to flows
 *	nft_offload_table.c	list flowtables
 *	nft_offload_explain.c	why a connection is not in hardware
 *	nft_offload_expect.c	what is to be expected of it
 *	nft_offload_path.c	which devices it passes
 *
 * While someone listens to events in a network namespace, and for a while after a
 * request about flows, the namespace counts (nf_flow_table_watch.c): flows have a
 * number, an age and counters. For the rest see there.
 */
#include <linux/module.h>
#include <net/net_namespace.h>
#include "nft_offload.h"

static const struct nla_policy nft_offload_flow_policy[NFT_OFFLOAD_FLOW_MAX + 1] = {
	[NFT_OFFLOAD_FLOW_UNSPEC]	= { .strict_start_type = NFT_OFFLOAD_FLOW_PAD },
	[NFT_OFFLOAD_FLOW_FILTER]	= NLA_POLICY_NESTED(nft_offload_filter_policy),
};

/**
 * nft_offload_validate() - is a request made of nothing but what we know?
 * @info: the request; nfnetlink has looked only at attributes that it knows
 *
 * Return: 0, or a negative errno and what is wrong.
 */
int nft_offload_validate(const struct nfnl_info *info)
{
	struct nlattr *tb[NFT_OFFLOAD_FLOW_MAX + 1];

	return nlmsg_parse(info->nlh, sizeof(struct nfgenmsg), tb,
			   NFT_OFFLOAD_FLOW_MAX, nft_offload_flow_policy,
			   info->extack);
}

/* The same for a request that has no attributes */
int nft_offload_validate_empty(const struct nfnl_info *info)
{
	if (nlmsg_attrlen(info->nlh, sizeof(struct nfgenmsg)) > 0) {
		NL_SET_ERR_MSG(info->extack, "this request takes no attributes");
		return -EINVAL;
	}
	return 0;
}

static const struct nla_policy nft_offload_explain_policy[NFT_OFFLOAD_EXPLAIN_MAX + 1] = {
	[NFT_OFFLOAD_EXPLAIN_UNSPEC]	= { .strict_start_type = NFT_OFFLOAD_EXPLAIN_FILTER },
	[NFT_OFFLOAD_EXPLAIN_FILTER]	= NLA_POLICY_NESTED(nft_offload_filter_policy),
};

static int nft_offload_explain_call(struct sk_buff *skb,
				    const struct nfnl_info *info,
				    const struct nlattr * const cda[])
{
	struct nlattr *tb[NFT_OFFLOAD_EXPLAIN_MAX + 1];
	int err;

	err = nlmsg_parse(info->nlh, sizeof(struct nfgenmsg), tb,
			  NFT_OFFLOAD_EXPLAIN_MAX, nft_offload_explain_policy,
			  info->extack);
	return err ?: nft_offload_explain(skb, info, cda);
}

static const struct nfnl_callback nft_offload_cb[NFT_OFFLOAD_MSG_MAX] = {
	[NFT_OFFLOAD_MSG_FLOW_GET] = {
		.call		= nft_offload_flow_get,
		.type		= NFNL_CB_MUTEX,
		.attr_count	= NFT_OFFLOAD_FLOW_MAX,
		.policy		= nft_offload_flow_policy,
	},
	[NFT_OFFLOAD_MSG_FLOW_DEL] = {
		.call		= nft_offload_flow_del,
		.type		= NFNL_CB_MUTEX,
		.attr_count	= NFT_OFFLOAD_FLOW_MAX,
		.policy		= nft_offload_flow_policy,
	},
	[NFT_OFFLOAD_MSG_TABLE_GET] = {
		.call		= nft_offload_table_get,
		.type		= NFNL_CB_MUTEX,
	},
	[NFT_OFFLOAD_MSG_EXPLAIN] = {
		.call		= nft_offload_explain_call,
		.type		= NFNL_CB_MUTEX,
		.attr_count	= NFT_OFFLOAD_EXPLAIN_MAX,
		.policy		= nft_offload_explain_policy,
	},
};

static const struct nfnetlink_subsystem nft_offload_subsys = {
	.name		= "nft_offload",
	.subsys_id	= NFNL_SUBSYS_NFT_OFFLOAD,
	.cb_count	= NFT_OFFLOAD_MSG_MAX,
	.cb		= nft_offload_cb,
	.bind		= nft_offload_event_bind,
	.owner		= THIS_MODULE,
};

static const struct nf_flow_watcher nft_offload_watcher = {
	.event	= nft_offload_event,
	.skip	= nft_offload_skipped,
};

static void __net_exit nft_offload_net_exit(struct net *net)
{
	nft_offload_event_net_exit(net);
}

static int __net_init nft_offload_net_init(struct net *net)
{
	return nft_offload_event_net_init(net);
}

static struct pernet_operations nft_offload_net_ops = {
	.init	= nft_offload_net_init,
	.exit	= nft_offload_net_exit,
	.id	= &nft_offload_net_id,
	.size	= sizeof(struct nft_offload_net),
};

static int __init nft_offload_module_init(void)
{
	int err;

	err = register_pernet_subsys(&nft_offload_net_ops);
	if (err)
		return err;

	err = nf_flow_watch_register(&nft_offload_watcher);
	if (err)
		goto err_watch;

	err = nfnetlink_subsys_register(&nft_offload_subsys);
	if (err)
		goto err_subsys;
	/* who listened already */
	nft_offload_event_bind(0);
	return 0;

err_subsys:
	nf_flow_watch_unregister();
err_watch:
	unregister_pernet_subsys(&nft_offload_net_ops);
	return err;
}

static void __exit nft_offload_module_exit(void)
{
	nfnetlink_subsys_unregister(&nft_offload_subsys);
	nft_offload_event_exit();
	nf_flow_watch_unregister();
	unregister_pernet_subsys(&nft_offload_net_ops);
}

module_init(nft_offload_module_init);
module_exit(nft_offload_module_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Flows of nftables' flowtables: list, flush, follow");
MODULE_ALIAS_NFNL_SUBSYS(NFNL_SUBSYS_NFT_OFFLOAD);
