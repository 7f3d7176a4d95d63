// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is set for single flowtables, by name.
 *
 * A flowtable with hardware offload is refused if one of its devices cannot
 * offload, unless the sysctl net.netfilter.nf_flow_offload_strict is 0. This is
 * for a whole network namespace. A setting says it for one flowtable, and goes
 * before the sysctl.
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
#include <net/net_namespace.h>
#include <net/netns/generic.h>
#include <net/netfilter/nf_flow_setting.h>
#include <net/netfilter/nf_tables.h>
#include "nf_flow_table_internal.h"

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

/**
 * struct nf_flow_setting_net - settings of a network namespace
 * @mutex: protects what follows
 * @entries: struct nf_flow_setting_entry, oldest first
 * @num: how many
 */
struct nf_flow_setting_net {
	struct mutex		mutex; /* see above */
	struct list_head	entries;
	unsigned int		num;
};

static unsigned int nf_flow_setting_net_id __read_mostly;

static struct nf_flow_setting_net *nf_flow_setting_pernet(const struct net *net)
{
	return net_generic(net, nf_flow_setting_net_id);
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
	strict = entry ? entry->setting.strict : nf_flow_table_strict(net);
	mutex_unlock(&sn->mutex);
	return strict;
}
EXPORT_SYMBOL_GPL(nf_flow_setting_strict);

static int __net_init nf_flow_setting_net_init(struct net *net)
{
	struct nf_flow_setting_net *sn = nf_flow_setting_pernet(net);

	mutex_init(&sn->mutex);
	INIT_LIST_HEAD(&sn->entries);
	return 0;
}

static void __net_exit nf_flow_setting_net_exit(struct net *net)
{
	struct nf_flow_setting_net *sn = nf_flow_setting_pernet(net);
	struct nf_flow_setting_entry *entry, *next;

	list_for_each_entry_safe(entry, next, &sn->entries, list)
		kfree(entry);
	mutex_destroy(&sn->mutex);
}

static struct pernet_operations nf_flow_setting_net_ops = {
	.init	= nf_flow_setting_net_init,
	.exit	= nf_flow_setting_net_exit,
	.id	= &nf_flow_setting_net_id,
	.size	= sizeof(struct nf_flow_setting_net),
};

/**
 * nf_flow_setting_init() - be ready for settings, in all namespaces to come as
 *	well
 *
 * Return: 0 or -ENOMEM.
 */
int __init nf_flow_setting_init(void)
{
	return register_pernet_subsys(&nf_flow_setting_net_ops);
}

/**
 * nf_flow_setting_exit() - forget them
 */
void nf_flow_setting_exit(void)
{
	unregister_pernet_subsys(&nf_flow_setting_net_ops);
}
