// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a network namespace that counts keeps, and its sysctls:
 *
 *	net.netfilter.nf_flow_acct
 *	net.netfilter.nf_flow_acct_max
 *	net.netfilter.nf_flow_acct_count
 */
#include <linux/memcontrol.h>
#include <linux/slab.h>
#include <linux/sysctl.h>
#include "nf_flow_table_acct.h"

/* Records in a namespace, 192 bytes each, unless the sysctl says otherwise */
#define NF_FLOW_ACCT_MAX	1048576

/* As INITIAL_JIFFIES: with debugging, numbers soon need more than 32 bits. */
#define NF_FLOW_ACCT_FIRST	(IS_ENABLED(CONFIG_DEBUG_NET) ? U32_MAX - 8ULL : 0)

/* The sysctl nf_flow_acct */
static int nf_flow_acct_write(const struct ctl_table *table, int write,
			      void *buffer, size_t *lenp, loff_t *ppos)
{
	struct nf_flow_acct_net *an = table->extra1;
	struct ctl_table tmp = *table;
	u8 wanted;
	int err;

	tmp.data = &wanted;
	tmp.extra1 = SYSCTL_ZERO;

	mutex_lock(&an->mutex);
	wanted = an->wanted;
	err = proc_dou8vec_minmax(&tmp, write, buffer, lenp, ppos);
	if (!err && write && wanted != an->wanted) {
		an->wanted = wanted;
		if (wanted) {
			nf_flow_acct_user(an);
			nf_flow_acct_apply(an);
		} else {
			nf_flow_acct_put(an->net, 0);
		}
	}
	mutex_unlock(&an->mutex);
	return err;
}

static const struct ctl_table nf_flow_acct_sysctls[] = {
	{
		.procname	= "nf_flow_acct",
		.maxlen		= sizeof(u8),
		.mode		= 0644,
		.proc_handler	= nf_flow_acct_write,
		.extra2		= SYSCTL_ONE,
	},
	{
		.procname	= "nf_flow_acct_max",
		.maxlen		= sizeof(unsigned int),
		.mode		= 0644,
		.proc_handler	= proc_douintvec,
	},
	{
		.procname	= "nf_flow_acct_count",
		.maxlen		= sizeof(unsigned int),
		.mode		= 0444,
		.proc_handler	= proc_douintvec,
	},
};

int nf_flow_acct_net_init(struct net *net)
{
	struct nf_flow_acct_net *an = nf_flow_acct_pernet(net);
	struct ctl_table *table;

	an->net = net;
	an->max = net_eq(net, &init_net) ? NF_FLOW_ACCT_MAX :
		  READ_ONCE(nf_flow_acct_pernet(&init_net)->max);
	an->tree = RB_ROOT;
	spin_lock_init(&an->lock);
	atomic64_set(&an->last, NF_FLOW_ACCT_FIRST);
	mutex_init(&an->mutex);
	INIT_DELAYED_WORK(&an->work, nf_flow_acct_work);

	table = kmemdup(nf_flow_acct_sysctls, sizeof(nf_flow_acct_sysctls),
			GFP_KERNEL);
	if (!table)
		return -ENOMEM;
	table[0].extra1 = an;
	table[1].data = &an->max;
	table[2].data = &an->num;
	/* a limit for others is not theirs to lift */
	if (net->user_ns != &init_user_ns)
		table[1].mode = 0444;

	an->header = register_net_sysctl_sz(net, "net/netfilter", table,
					    ARRAY_SIZE(nf_flow_acct_sysctls));
	if (!an->header) {
		kfree(table);
		return -ENOMEM;
	}
	return 0;
}

/* Flowtables may go later than we do: their flows have no record then. */
void nf_flow_acct_net_exit(struct net *net)
{
	struct nf_flow_acct_net *an = nf_flow_acct_pernet(net);
	const struct ctl_table *table = an->header->ctl_table_arg;

	unregister_net_sysctl_table(an->header);
	kfree(table);

	disable_delayed_work_sync(&an->work);
	mutex_lock(&an->mutex);
	if (an->on)
		nf_flow_acct_end(an);
	else
		mem_cgroup_put(an->memcg);
	mutex_unlock(&an->mutex);
}

int __init nf_flow_acct_init(void)
{
	nf_flow_acct_cachep = KMEM_CACHE(nf_flow_acct, SLAB_HWCACHE_ALIGN);
	return nf_flow_acct_cachep ? 0 : -ENOMEM;
}

void nf_flow_acct_exit(void)
{
	kmem_cache_destroy(nf_flow_acct_cachep);
}
