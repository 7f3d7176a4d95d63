// SPDX-License-Identifier: GPL-2.0
/*
 * Offload of act_ct
 *
 * A flower rule with the action ct names the flowtable of its zone. The driver adds
 * a callback to this flowtable with the first such rule of a port, and takes it back
 * with the last. Connections of the zone come to the callback as rules, one for each
 * direction, with the action ct_metadata.
 *
 * Such a rule says what is known of a connection. What becomes of its packets say
 * the flower rules, which netdevsim does not run: nothing is forwarded here.
 *
 * In debugfs, for each port:
 *
 *	ct_rules	of each direction: how many there are, and how often the
 *			port was asked to take one
 *	ct_refuse	direction that is refused: 0 none, 1 original, 2 reply
 */
#include <linux/debugfs.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/xarray.h>
#include <net/netfilter/nf_flow_table.h>
#include <net/pkt_cls.h>

#include "netdevsim.h"

/**
 * struct nsim_ct_zone - the flowtable of a zone that a port has a callback in
 * @list: in nsim_ct.zones
 * @ns: the port
 * @flowtable: the flowtable
 * @users: flower rules that name it
 * @rules: direction of each rule, by cookie
 */
struct nsim_ct_zone {
	struct list_head	list;
	struct netdevsim	*ns;
	struct nf_flowtable	*flowtable;
	unsigned int		users;
	struct xarray		rules;
};

/* A flower rule with the action ct */
struct nsim_ct_flower {
	struct list_head	list;
	struct nsim_ct_zone	*zone;
	unsigned long		cookie;
};

static int nsim_ct_rule_add(struct nsim_ct_zone *zone,
			    const struct flow_cls_offload *cls)
{
	const struct flow_action_entry *entry;
	struct nsim_ct *ct = &zone->ns->ct;
	int i, err, dir = 1;

	flow_action_for_each(i, entry, &cls->rule->action)
		if (entry->id == FLOW_ACTION_CT_METADATA)
			dir = !entry->ct_metadata.orig_dir;

	atomic_inc(&ct->asked[dir]);
	if (READ_ONCE(ct->refuse) == dir + 1) {
		NL_SET_ERR_MSG_MOD(cls->common.extack,
				   "this direction is refused");
		return -EOPNOTSUPP;
	}
	err = xa_insert(&zone->rules, cls->cookie, xa_mk_value(dir), GFP_KERNEL);
	if (!err)
		atomic_inc(&ct->rules[dir]);
	/* a refresh changes nothing */
	return err == -EBUSY ? 0 : err;
}

static int nsim_ct_rule_del(struct nsim_ct_zone *zone, unsigned long cookie)
{
	void *dir = xa_erase(&zone->rules, cookie);

	if (!dir)
		return -ENOENT;
	atomic_dec(&zone->ns->ct.rules[xa_to_value(dir)]);
	return 0;
}

static int nsim_ct_zone_cb(enum tc_setup_type type, void *type_data,
			   void *cb_priv)
{
	struct flow_cls_offload *cls = type_data;
	struct nsim_ct_zone *zone = cb_priv;

	if (type != TC_SETUP_CLSFLOWER)
		return -EOPNOTSUPP;
	switch (cls->command) {
	case FLOW_CLS_REPLACE:
		return nsim_ct_rule_add(zone, cls);
	case FLOW_CLS_DESTROY:
		return nsim_ct_rule_del(zone, cls->cookie);
	case FLOW_CLS_STATS:
		return xa_load(&zone->rules, cls->cookie) ? 0 : -ENOENT;
	default:
		return -EOPNOTSUPP;
	}
}

static struct nsim_ct_zone *nsim_ct_zone_get(struct netdevsim *ns,
					     struct nf_flowtable *flowtable)
{
	struct nsim_ct_zone *zone;
	int err;

	list_for_each_entry(zone, &ns->ct.zones, list) {
		if (zone->flowtable == flowtable) {
			zone->users++;
			return zone;
		}
	}

	zone = kzalloc_obj(*zone);
	if (!zone)
		return ERR_PTR(-ENOMEM);
	zone->ns = ns;
	zone->flowtable = flowtable;
	zone->users = 1;
	xa_init(&zone->rules);
	err = nf_flow_table_offload_add_cb(flowtable, nsim_ct_zone_cb, zone);
	if (err) {
		kfree(zone);
		return ERR_PTR(err);
	}
	list_add(&zone->list, &ns->ct.zones);
	return zone;
}

static void nsim_ct_zone_put(struct nsim_ct_zone *zone)
{
	unsigned long cookie;
	void *dir;

	if (--zone->users)
		return;
	list_del(&zone->list);
	/* the callback is not called any more once this returns */
	nf_flow_table_offload_del_cb(zone->flowtable, nsim_ct_zone_cb, zone);
	xa_for_each(&zone->rules, cookie, dir)
		nsim_ct_rule_del(zone, cookie);
	xa_destroy(&zone->rules);
	kfree(zone);
}

static int nsim_ct_flower_add(struct netdevsim *ns,
			      struct nf_flowtable *flowtable,
			      unsigned long cookie)
{
	struct nsim_ct_flower *flower;
	struct nsim_ct_zone *zone;

	flower = kzalloc_obj(*flower);
	if (!flower)
		return -ENOMEM;
	zone = nsim_ct_zone_get(ns, flowtable);
	if (IS_ERR(zone)) {
		kfree(flower);
		return PTR_ERR(zone);
	}
	flower->zone = zone;
	flower->cookie = cookie;
	list_add(&flower->list, &ns->ct.flowers);
	return 0;
}

static void nsim_ct_flower_del(struct netdevsim *ns, unsigned long cookie)
{
	struct nsim_ct_flower *flower, *next;

	list_for_each_entry_safe(flower, next, &ns->ct.flowers, list) {
		if (flower->cookie != cookie)
			continue;
		list_del(&flower->list);
		nsim_ct_zone_put(flower->zone);
		kfree(flower);
	}
}

/**
 * nsim_ct_flower() - a flower rule of a port comes or goes
 * @ns: port
 * @cls: request
 *
 * Rules go before their port does.
 *
 * Context: process, may sleep; takes nsim_ct.lock.
 * Return: 0 or a negative errno.
 */
int nsim_ct_flower(struct netdevsim *ns, const struct flow_cls_offload *cls)
{
	const struct flow_action_entry *entry;
	int i, err = 0;

	/* nf_tables asks for statistics under RCU */
	if (cls->command != FLOW_CLS_REPLACE &&
	    cls->command != FLOW_CLS_DESTROY)
		return 0;

	mutex_lock(&ns->ct.lock);
	if (cls->command == FLOW_CLS_REPLACE) {
		flow_action_for_each(i, entry, &cls->rule->action) {
			if (entry->id == FLOW_ACTION_CT &&
			    entry->ct.flow_table && !err)
				err = nsim_ct_flower_add(ns,
							 entry->ct.flow_table,
							 cls->cookie);
		}
	}
	if (err || cls->command == FLOW_CLS_DESTROY)
		nsim_ct_flower_del(ns, cls->cookie);
	mutex_unlock(&ns->ct.lock);
	return err;
}

static int nsim_ct_rules_show(struct seq_file *m, void *unused)
{
	const struct netdevsim *ns = m->private;
	int dir;

	for (dir = 0; dir < 2; dir++)
		seq_printf(m, "%s %d asked %d\n", dir ? "reply" : "original",
			   atomic_read(&ns->ct.rules[dir]),
			   atomic_read(&ns->ct.asked[dir]));
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(nsim_ct_rules);

static int nsim_ct_refuse_get(void *data, u64 *val)
{
	const struct netdevsim *ns = data;

	*val = READ_ONCE(ns->ct.refuse);
	return 0;
}

static int nsim_ct_refuse_set(void *data, u64 val)
{
	struct netdevsim *ns = data;

	if (val > 2) {
		netdev_err(ns->netdev,
			   "ct_refuse: %llu refused, want 0 (none), 1 (original) or 2 (reply)\n",
			   val);
		return -EINVAL;
	}
	WRITE_ONCE(ns->ct.refuse, val);
	return 0;
}
DEFINE_DEBUGFS_ATTRIBUTE(nsim_ct_refuse_fops, nsim_ct_refuse_get,
			 nsim_ct_refuse_set, "%llu\n");

/**
 * nsim_ct_init() - prepare a port for rules with the action ct
 * @ns: port, not registered yet
 */
void nsim_ct_init(struct netdevsim *ns)
{
	mutex_init(&ns->ct.lock);
	INIT_LIST_HEAD(&ns->ct.zones);
	INIT_LIST_HEAD(&ns->ct.flowers);
}

/**
 * nsim_ct_debugfs_init() - create the files of a port
 * @ns: port
 */
void nsim_ct_debugfs_init(struct netdevsim *ns)
{
	struct dentry *ddir = ns->nsim_dev_port->ddir;

	ns->ct.rules_dfs = debugfs_create_file("ct_rules", 0400, ddir, ns,
					       &nsim_ct_rules_fops);
	ns->ct.refuse_dfs = debugfs_create_file("ct_refuse", 0600, ddir, ns,
						&nsim_ct_refuse_fops);
}

/**
 * nsim_ct_debugfs_exit() - remove them
 * @ns: port
 *
 * Context: process, waits for those who have them open.
 */
void nsim_ct_debugfs_exit(struct netdevsim *ns)
{
	debugfs_remove(ns->ct.refuse_dfs);
	debugfs_remove(ns->ct.rules_dfs);
}
