// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sysctls of the flowtable, per network namespace:
 *
 *	net.netfilter.nf_flow_offload_strict
 *
 * The first namespace begins with the module parameter offload_strict, others
 * with what the first has when they are made.
 */
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/sysctl.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>
#include "nf_flow_table_internal.h"

struct nf_flow_table_sysctl {
	struct ctl_table_header	*header;
	u8			strict;
};

static unsigned int nf_flow_table_sysctl_id __read_mostly;

/* sysctl.d is read before a ruleset loads the module, modprobe.d is not */
static bool offload_strict = true;
module_param(offload_strict, bool, 0444);
MODULE_PARM_DESC(offload_strict,
		 "refuse flowtables with a device that cannot offload: what net.netfilter.nf_flow_offload_strict begins with");

static const struct ctl_table nf_flow_table_sysctls[] = {
	{
		.procname	= "nf_flow_offload_strict",
		.maxlen		= sizeof(u8),
		.mode		= 0644,
		.proc_handler	= proc_dou8vec_minmax,
		.extra1		= SYSCTL_ZERO,
		.extra2		= SYSCTL_ONE,
	},
};

/**
 * nf_flow_table_strict() - is a device that cannot offload an error?
 * @net: namespace of the flowtable
 *
 * Context: any.
 * Return: the sysctl net.netfilter.nf_flow_offload_strict.
 */
bool nf_flow_table_strict(const struct net *net)
{
	const struct nf_flow_table_sysctl *sysctl;

	sysctl = net_generic(net, nf_flow_table_sysctl_id);
	return READ_ONCE(sysctl->strict);
}

static int __net_init nf_flow_table_sysctl_net_init(struct net *net)
{
	struct nf_flow_table_sysctl *sysctl;
	struct ctl_table *table;

	sysctl = net_generic(net, nf_flow_table_sysctl_id);
	sysctl->strict = net_eq(net, &init_net) ? offload_strict :
						 nf_flow_table_strict(&init_net);

	table = kmemdup(nf_flow_table_sysctls, sizeof(nf_flow_table_sysctls),
			GFP_KERNEL);
	if (!table)
		return -ENOMEM;
	table[0].data = &sysctl->strict;

	sysctl->header = register_net_sysctl_sz(net, "net/netfilter", table,
						ARRAY_SIZE(nf_flow_table_sysctls));
	if (!sysctl->header) {
		kfree(table);
		return -ENOMEM;
	}
	return 0;
}

static void __net_exit nf_flow_table_sysctl_net_exit(struct net *net)
{
	struct nf_flow_table_sysctl *sysctl;
	const struct ctl_table *table;

	sysctl = net_generic(net, nf_flow_table_sysctl_id);
	table = sysctl->header->ctl_table_arg;

	unregister_net_sysctl_table(sysctl->header);
	kfree(table);
}

static struct pernet_operations nf_flow_table_sysctl_ops = {
	.init = nf_flow_table_sysctl_net_init,
	.exit = nf_flow_table_sysctl_net_exit,
	.id = &nf_flow_table_sysctl_id,
	.size = sizeof(struct nf_flow_table_sysctl),
};

/**
 * nf_flow_table_sysctl_init() - create the sysctls, in all namespaces to come
 *	as well
 *
 * Return: 0 or -ENOMEM.
 */
int __init nf_flow_table_sysctl_init(void)
{
	return register_pernet_subsys(&nf_flow_table_sysctl_ops);
}

/**
 * nf_flow_table_sysctl_exit() - remove them
 */
void nf_flow_table_sysctl_exit(void)
{
	unregister_pernet_subsys(&nf_flow_table_sysctl_ops);
}
