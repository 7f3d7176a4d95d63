// SPDX-License-Identifier: GPL-2.0-only
/*
 * nft_offload: see the flows of flowtables, and end them.
 *
 * Theory of operation
 * ===================
 *
 * The flowtable (nf_flow_table.ko) forwards packets and talks to drivers. This
 * module is how a person looks at it: a generic netlink family whose messages are
 * in Documentation/netlink/specs/nft_offload.yaml. It is loaded when a program asks
 * for the family, or by hand. Requests may run at the same time.
 *
 * Each file calls those below it only:
 *
 *	nft_offload_main.c	the family, load and unload
 *	nft_offload_nl_gen.c	which requests there are, and what is valid in them
 *	nft_offload_flow_get.c	FLOW_GET: list flows, find one
 *	nft_offload_flow_del.c	FLOW_DEL: end flows
 *	nft_offload_table_get.c	TABLE_GET: list flowtables
 *	nft_offload_flow_set.c	FLOW_SET: pin flows to hardware or software
 *	nft_offload_setting.c	TABLE_SET, SETTING_GET: what is set by name
 *	nft_offload_policy.c	POLICY_NEW, _GET, _DEL: which flows go to hardware
 *	nft_offload_explain.c	EXPLAIN: why a connection is not in hardware
 *	nft_offload_event.c	tell what happens to flows
 *	nft_offload_expect.c	what is to be expected of a connection
 *	nft_offload_path.c	which devices it passes
 *	nft_offload_skip.c	why it made no flow
 *	nft_offload_fill.c	attributes of flows and flowtables
 *	nft_offload_filter.c	which flows a request is about
 *	nft_offload_lookup.c	the connection it names, the state of a flow
 *
 * While a socket listens to events in a network namespace, and for a while after a
 * request about flows, the namespace counts (nf_flow_table_acct.c): flows have a
 * number, an age and counters. For the rest see there.
 */
#include <linux/module.h>
#include <net/net_namespace.h>
#include "nft_offload.h"

static const struct genl_multicast_group nft_offload_nl_mcgrps[] = {
	[NFT_OFFLOAD_NLGRP_EVENTS] = {
		.name	= NFT_OFFLOAD_MCGRP_EVENTS,
		.flags	= GENL_MCAST_CAP_NET_ADMIN,
	},
};

/* All requests are validated strictly: .resv_start_op is 0 */
struct genl_family nft_offload_nl_family __ro_after_init = {
	.name		= NFT_OFFLOAD_FAMILY_NAME,
	.version	= NFT_OFFLOAD_FAMILY_VERSION,
	.netnsok	= true,
	.parallel_ops	= true,
	.module		= THIS_MODULE,
	.split_ops	= nft_offload_nl_ops,
	.n_split_ops	= ARRAY_SIZE(nft_offload_nl_ops),
	.mcgrps		= nft_offload_nl_mcgrps,
	.n_mcgrps	= ARRAY_SIZE(nft_offload_nl_mcgrps),
	.bind		= nft_offload_event_bind,
};

static const struct nf_flow_notifier nft_offload_notifier = {
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

	err = nf_flow_notifier_register(&nft_offload_notifier);
	if (err)
		goto err_acct;

	err = genl_register_family(&nft_offload_nl_family);
	if (err)
		goto err_family;
	nft_offload_event_start();
	return 0;

err_family:
	nf_flow_notifier_unregister();
err_acct:
	unregister_pernet_subsys(&nft_offload_net_ops);
	return err;
}

static void __exit nft_offload_module_exit(void)
{
	nft_offload_event_stop();
	genl_unregister_family(&nft_offload_nl_family);
	nft_offload_event_exit();
	nf_flow_notifier_unregister();
	unregister_pernet_subsys(&nft_offload_net_ops);
}

module_init(nft_offload_module_init);
module_exit(nft_offload_module_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Flows of nftables' flowtables: list, flush, follow");
MODULE_ALIAS_GENL_FAMILY(NFT_OFFLOAD_FAMILY_NAME);
