// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sysctls of the flowtable, per network namespace:
 *
 *	net.netfilter.nf_flow_offload_strict
 */
#include <linux/slab.h>
#include <linux/sysctl.h>
#include <net/net_namespace.h>
#include <net/netfilter/nf_flow_table.h>

static const struct ctl_table nf_flow_table_sysctls[] = {
	{
		.procname	= "nf_flow_offload_strict",
		.data		= &init_net.ft.sysctl_strict,
		.maxlen		= sizeof(u8),
		.mode		= 0644,
		.proc_handler	= proc_dou8vec_minmax,
		.extra1		= SYSCTL_ZERO,
		.extra2		= SYSCTL_ONE,
	},
};

/**
 * nf_flow_table_init_sysctl() - create the sysctls of a network namespace
 * @net: the namespace
 *
 * Return: 0 or -ENOMEM.
 */
int nf_flow_table_init_sysctl(struct net *net)
{
	struct ctl_table *table;

	net->ft.sysctl_strict = 1;

	table = kmemdup(nf_flow_table_sysctls, sizeof(nf_flow_table_sysctls),
			GFP_KERNEL);
	if (!table)
		return -ENOMEM;
	table[0].data = &net->ft.sysctl_strict;

	net->ft.sysctl_hdr = register_net_sysctl_sz(net, "net/netfilter", table,
						    ARRAY_SIZE(nf_flow_table_sysctls));
	if (!net->ft.sysctl_hdr) {
		kfree(table);
		return -ENOMEM;
	}
	return 0;
}

/**
 * nf_flow_table_fini_sysctl() - remove them
 * @net: the namespace
 */
void nf_flow_table_fini_sysctl(struct net *net)
{
	const struct ctl_table *table = net->ft.sysctl_hdr->ctl_table_arg;

	unregister_net_sysctl_table(net->ft.sysctl_hdr);
	kfree(table);
}
