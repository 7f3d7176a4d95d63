// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is set for a network namespace, and for single flowtables, by name.
 *
 * A flowtable with hardware offload is refused if one of its devices cannot
 * offload, unless the sysctl net.netfilter.nf_flow_offload_strict is 0. This is
 * for a whole network namespace: the first one begins with the module parameter
 * offload_strict, others with what the first has when they are made. A setting
 * says it for one flowtable, and goes before the sysctl.
 *
 * Settings belong to the names of a flowtable. So they may be there before it,
 * and stay when a ruleset is flushed and loaded again. They hold for devices that
 * join a flowtable from then on.
 */
#include <linux/list.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/netlink.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysctl.h>
#include <net/net_namespace.h>
#include <net/netfilter/nf_flow_setting.h>
#include <net/netfilter/nf_tables.h>
#include "nf_flow_table_net.h"

/* Settings in a network namespace, charged to the task that makes them */
#define NF_FLOW_SETTING_MAX	1024

/**
 * struct nf_flow_setting_entry - a setting that is kept
 * @list: in the list of its namespace
 * @setting: the setting; its names are in @names
 * @names: name of the table and of the flowtable, each with its end
 */
struct nf_flow_setting_entry {
	struct list_head	list;
	struct nf_flow_setting	setting;
	char			names[];
};

/* sysctl.d is read before a ruleset loads the module, modprobe.d is not */
static bool offload_strict = true;
module_param(offload_strict, bool, 0444);
MODULE_PARM_DESC(offload_strict,
		 "refuse flowtables with a device that cannot offload: what net.netfilter.nf_flow_offload_strict begins with");

static struct nf_flow_setting_net *nf_flow_setting_pernet(const struct net *net)
{
	return &nf_flow_table_pernet(net)->setting;
}

static struct nf_flow_setting_entry *
nf_flow_setting_find(const struct nf_flow_setting_net *sn, u8 family,
		     const char *table, const char *name)
{
	struct nf_flow_setting_entry *entry;

	lockdep_assert_held(&sn->mutex);

	list_for_each_entry(entry, &sn->entries, list)
		if (entry->setting.family == family &&
		    !strcmp(entry->setting.table, table) &&
		    !strcmp(entry->setting.name, name))
			return entry;
	return NULL;
}

static struct nf_flow_setting_entry *
nf_flow_setting_alloc(const struct nf_flow_setting *setting)
{
	size_t table = strlen(setting->table) + 1;
	size_t name = strlen(setting->name) + 1;
	struct nf_flow_setting_entry *entry;

	entry = kzalloc(struct_size(entry, names, table + name),
			GFP_KERNEL_ACCOUNT);
	if (!entry)
		return NULL;

	entry->setting = *setting;
	entry->setting.table = memcpy(entry->names, setting->table, table);
	entry->setting.name = memcpy(entry->names + table, setting->name, name);
	return entry;
}

/**
 * nf_flow_setting_set() - set what is to hold for a flowtable
 * @net: network namespace of the flowtable
 * @setting: setting, which is copied
 * @extack: for the reason of an error
 *
 * Context: process, may sleep.
 * Return: 0; -ENOMEM; -ENOSPC: the namespace has as many as it may have.
 */
int nf_flow_setting_set(struct net *net, const struct nf_flow_setting *setting,
			struct netlink_ext_ack *extack)
{
	struct nf_flow_setting_net *sn = nf_flow_setting_pernet(net);
	struct nf_flow_setting_entry *entry;
	int err = 0;

	mutex_lock(&sn->mutex);
	entry = nf_flow_setting_find(sn, setting->family, setting->table,
				     setting->name);
	if (entry) {
		entry->setting.strict = setting->strict;
		goto out;
	}
	if (sn->num == NF_FLOW_SETTING_MAX) {
		NL_SET_ERR_MSG_FMT(extack,
				   "there are %u settings, and may be no more: delete some",
				   sn->num);
		err = -ENOSPC;
		goto out;
	}
	entry = nf_flow_setting_alloc(setting);
	if (!entry) {
		err = -ENOMEM;
		goto out;
	}
	list_add_tail(&entry->list, &sn->entries);
	sn->num++;
out:
	mutex_unlock(&sn->mutex);
	return err;
}
EXPORT_SYMBOL_GPL(nf_flow_setting_set);

/**
 * nf_flow_setting_del() - the sysctl is to hold for a flowtable again
 * @net: network namespace of the flowtable
 * @setting: its names; @setting->strict is not looked at
 * @extack: for the reason of an error
 *
 * Context: process, may sleep.
 * Return: 0; -ENOENT: there is no such setting.
 */
int nf_flow_setting_del(struct net *net, const struct nf_flow_setting *setting,
			struct netlink_ext_ack *extack)
{
	struct nf_flow_setting_net *sn = nf_flow_setting_pernet(net);
	struct nf_flow_setting_entry *entry;

	mutex_lock(&sn->mutex);
	entry = nf_flow_setting_find(sn, setting->family, setting->table,
				     setting->name);
	if (entry) {
		list_del(&entry->list);
		sn->num--;
	}
	mutex_unlock(&sn->mutex);
	if (!entry) {
		NL_SET_ERR_MSG(extack, "nothing is set for this flowtable");
		return -ENOENT;
	}
	kfree(entry);
	return 0;
}
EXPORT_SYMBOL_GPL(nf_flow_setting_del);

/**
 * nf_flow_setting_for_each() - call a function for each setting, oldest first
 * @net: network namespace
 * @fn: function, which must not change settings; not 0 ends the walk
 * @data: for @fn
 *
 * Context: process, may sleep.
 * Return: 0, or what @fn returned.
 */
int nf_flow_setting_for_each(struct net *net,
			     int (*fn)(const struct nf_flow_setting *setting,
				       void *data),
			     void *data)
{
	struct nf_flow_setting_net *sn = nf_flow_setting_pernet(net);
	struct nf_flow_setting_entry *entry;
	int err = 0;

	mutex_lock(&sn->mutex);
	list_for_each_entry(entry, &sn->entries, list) {
		err = fn(&entry->setting, data);
		if (err)
			break;
	}
	mutex_unlock(&sn->mutex);
	return err;
}
EXPORT_SYMBOL_GPL(nf_flow_setting_for_each);

/**
 * nf_flow_setting_strict() - is a device that cannot offload an error?
 * @ft: flowtable that it is to join
 *
 * Context: process, may sleep.
 * Return: what is set for @ft, else the sysctl.
 */
bool nf_flow_setting_strict(const struct nft_flowtable *ft)
{
	const struct net *net = read_pnet(&ft->data.net);
	struct nf_flow_setting_net *sn = nf_flow_setting_pernet(net);
	const struct nf_flow_setting_entry *entry;
	bool strict;

	mutex_lock(&sn->mutex);
	entry = nf_flow_setting_find(sn, ft->table->family, ft->table->name,
				     ft->name);
	strict = entry ? entry->setting.strict : READ_ONCE(sn->strict);
	mutex_unlock(&sn->mutex);
	return strict;
}
EXPORT_SYMBOL_GPL(nf_flow_setting_strict);

static const struct ctl_table nf_flow_setting_sysctls[] = {
	{
		.procname	= "nf_flow_offload_strict",
		.maxlen		= sizeof(u8),
		.mode		= 0644,
		.proc_handler	= proc_dou8vec_minmax,
		.extra1		= SYSCTL_ZERO,
		.extra2		= SYSCTL_ONE,
	},
};

static int nf_flow_setting_sysctl_init(struct net *net)
{
	struct nf_flow_setting_net *sn = nf_flow_setting_pernet(net);
	struct ctl_table *table;

	if (!IS_ENABLED(CONFIG_SYSCTL))
		return 0;

	table = kmemdup(nf_flow_setting_sysctls,
			sizeof(nf_flow_setting_sysctls), GFP_KERNEL);
	if (!table)
		return -ENOMEM;
	table[0].data = &sn->strict;

	sn->header = register_net_sysctl_sz(net, "net/netfilter", table,
					    ARRAY_SIZE(nf_flow_setting_sysctls));
	if (!sn->header) {
		kfree(table);
		return -ENOMEM;
	}
	return 0;
}

static void nf_flow_setting_sysctl_exit(struct net *net)
{
	struct nf_flow_setting_net *sn = nf_flow_setting_pernet(net);
	const struct ctl_table *table;

	if (!IS_ENABLED(CONFIG_SYSCTL))
		return;

	table = sn->header->ctl_table_arg;
	unregister_net_sysctl_table(sn->header);
	kfree(table);
}

int nf_flow_setting_net_init(struct net *net)
{
	struct nf_flow_setting_net *sn = nf_flow_setting_pernet(net);

	mutex_init(&sn->mutex);
	INIT_LIST_HEAD(&sn->entries);
	sn->strict = net_eq(net, &init_net) ? offload_strict :
		     READ_ONCE(nf_flow_setting_pernet(&init_net)->strict);
	return nf_flow_setting_sysctl_init(net);
}

void nf_flow_setting_net_exit(struct net *net)
{
	struct nf_flow_setting_net *sn = nf_flow_setting_pernet(net);
	struct nf_flow_setting_entry *entry, *next;

	nf_flow_setting_sysctl_exit(net);
	list_for_each_entry_safe(entry, next, &sn->entries, list)
		kfree(entry);
	mutex_destroy(&sn->mutex);
}
