// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hardware offload off and on, per network namespace:
 *
 *	net.netfilter.nf_flow_offload
 *
 * Theory of operation
 * ===================
 *
 * When it becomes 0, rules are destroyed: the flows go on in software. No new
 * ones are offered to hardware, and of those that a worker is just adding the
 * worker finds out when it is done (nf_flow_offload_recheck()). When it becomes 1,
 * flows go back as their packets come by, like any others that are in software.
 */
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/sysctl.h>
#include <net/net_namespace.h>
#include "nf_flow_table_internal.h"
#include "nf_flow_table_net.h"

/* protects the order of a value and of what is done about it */
static DEFINE_MUTEX(nf_flow_suspend_mutex);

/**
 * nf_flow_table_hw_allowed() - may flows be in hardware?
 * @net: namespace of the flowtable
 *
 * Context: any.
 * Return: the sysctl net.netfilter.nf_flow_offload.
 */
bool nf_flow_table_hw_allowed(const struct net *net)
{
	const struct nf_flow_suspend_net *suspend;

	suspend = &nf_flow_table_pernet(net)->suspend;
	return READ_ONCE(suspend->on);
}
EXPORT_SYMBOL_GPL(nf_flow_table_hw_allowed);

static void nf_flow_suspend_flow(struct nf_flowtable *flowtable,
				 struct flow_offload *flow, void *data)
{
	nf_flow_offload_remove(flowtable, flow);
}

static int nf_flow_suspend_table(struct nf_flowtable *flowtable, void *data)
{
	if (nf_flowtable_hw_offload(flowtable))
		nf_flow_table_iterate(flowtable, nf_flow_suspend_flow, NULL);
	return 0;
}

static int nf_flow_suspend_write(const struct ctl_table *table, int write,
				 void *buffer, size_t *lenp, loff_t *ppos)
{
	struct net *net = table->extra1;
	struct nf_flow_suspend_net *suspend = &nf_flow_table_pernet(net)->suspend;
	struct ctl_table tmp = *table;
	int err;
	u8 on;

	tmp.data = &on;
	tmp.extra1 = SYSCTL_ZERO;

	mutex_lock(&nf_flow_suspend_mutex);
	on = suspend->on;
	err = proc_dou8vec_minmax(&tmp, write, buffer, lenp, ppos);
	if (!err && write && on != suspend->on) {
		WRITE_ONCE(suspend->on, on);
		/* pairs with nf_flow_queue_work(), which clears NF_FLOW_PENDING
		 * and then looks at the value
		 */
		smp_mb();
		if (!on)
			nf_flow_table_for_each(net, nf_flow_suspend_table, NULL);
	}
	mutex_unlock(&nf_flow_suspend_mutex);
	return err;
}

static const struct ctl_table nf_flow_suspend_sysctls[] = {
	{
		.procname	= "nf_flow_offload",
		.maxlen		= sizeof(u8),
		.mode		= 0644,
		.proc_handler	= nf_flow_suspend_write,
		.extra2		= SYSCTL_ONE,
	},
};

int nf_flow_suspend_net_init(struct net *net)
{
	struct nf_flow_suspend_net *suspend = &nf_flow_table_pernet(net)->suspend;
	struct ctl_table *table;

	suspend->on = 1;

	table = kmemdup(nf_flow_suspend_sysctls, sizeof(nf_flow_suspend_sysctls),
			GFP_KERNEL);
	if (!table)
		return -ENOMEM;
	table[0].extra1 = net;
	/* hardware may be shared with namespaces of others */
	if (net->user_ns != &init_user_ns)
		table[0].mode = 0444;

	suspend->header = register_net_sysctl_sz(net, "net/netfilter", table,
						 ARRAY_SIZE(nf_flow_suspend_sysctls));
	if (!suspend->header) {
		kfree(table);
		return -ENOMEM;
	}
	return 0;
}

void nf_flow_suspend_net_exit(struct net *net)
{
	struct nf_flow_suspend_net *suspend = &nf_flow_table_pernet(net)->suspend;
	const struct ctl_table *table = suspend->header->ctl_table_arg;

	unregister_net_sysctl_table(suspend->header);
	kfree(table);
}
