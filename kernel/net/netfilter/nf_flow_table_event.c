// SPDX-License-Identifier: GPL-2.0-only
/*
 * What happens to neighbours, bridges, routes and devices, as far as flows
 * that bypass the stack are concerned: notifiers, which tell the index of flows
 * (nf_flow_table_index.c), and lookups that tell whether a path is still the
 * right one.
 *
 *	neighbour	NETEVENT_NEIGH_UPDATE
 *	bridge		SWITCHDEV_FDB_{ADD,DEL}_TO_DEVICE, switch or not
 *	route		FIB_EVENT_*, nexthop objects
 *	device		NETDEV_DOWN, or another address, MTU or master
 *
 * Most of these mean nothing to any flow: that is found out with a look into a
 * hash or a tree, without a walk of any kind.
 */
#include <linux/etherdevice.h>
#include <linux/netdevice.h>
#include <net/fib_notifier.h>
#include <net/fib_rules.h>
#include <net/ip_fib.h>
#include <net/ip6_fib.h>
#include <net/neighbour.h>
#include <net/netevent.h>
#include <net/netns/generic.h>
#include <net/nexthop.h>
#include <net/switchdev.h>
#include <net/netfilter/nf_flow_table.h>
#include "nf_flow_table_index.h"

struct nf_flow_event_net {
	struct net		*net;
	struct notifier_block	fib;
	struct notifier_block	nexthop;
};

static unsigned int nf_flow_event_net_id __read_mostly;

/* Lookups */

static bool nf_flow_neigh_is_valid(struct net_device *dev,
				   const struct nf_flow_path_key *key)
{
	unsigned char ha[MAX_ADDR_LEN];
	struct neighbour *n;
	bool valid;

	n = neigh_lookup(key->tbl, key->nexthop, dev);
	if (!n)
		return false;

	neigh_ha_snapshot(ha, n, dev);
	valid = (READ_ONCE(n->nud_state) & NUD_VALID) &&
		ether_addr_equal_unaligned(ha, key->neigh_ha);
	neigh_release(n);
	return valid;
}

static bool nf_flow_stack_is_valid(struct net_device *dev,
				   const struct nf_flow_path_key *key)
{
	struct net_device_path_ctx ctx = {
		.dev = dev,
		.ether_type = key->ether_type,
		.ieee80211 = true,
	};
	struct net_device_path_stack stack;
	bool valid = false;
	int i;

	ether_addr_copy(ctx.daddr, key->neigh_ha);
	if (dev_fill_forward_path(&ctx, &stack) < 0)
		return false;

	if (stack.num_paths == key->n_devs) {
		for (i = 0; i < stack.num_paths; i++)
			if (stack.path[i].dev->ifindex != key->devs[i])
				break;
		valid = i == stack.num_paths &&
			ether_addr_equal_unaligned(ctx.daddr, key->ha);
	}
	dev_fill_forward_path_release(&stack);
	return valid;
}

/**
 * nf_flow_path_is_valid() - would packets still take this path?
 * @net: namespace
 * @key: the path
 *
 * Context: process.
 * Return: true if the neighbour has the same address, which is found at the same
 * port.
 */
bool nf_flow_path_is_valid(struct net *net, const struct nf_flow_path_key *key)
{
	struct net_device *dev;
	bool valid;

	rcu_read_lock();
	dev = dev_get_by_index_rcu(net, key->ifindex);
	valid = dev && (!key->tbl || nf_flow_neigh_is_valid(dev, key)) &&
		nf_flow_stack_is_valid(dev, key);
	rcu_read_unlock();

	return valid;
}

/**
 * nf_flow_route_is_valid() - would packets still go to this next hop?
 * @net: namespace
 * @key: path by the next hop
 * @family: AF_INET or AF_INET6
 * @fl: a packet
 *
 * Context: process.
 * Return: true if its route has the same next hop and device.
 */
bool nf_flow_route_is_valid(struct net *net, const struct nf_flow_path_key *key,
			    u8 family, struct flowi *fl)
{
	const void *daddr = family == AF_INET ? (void *)&fl->u.ip4.daddr :
						(void *)&fl->u.ip6.daddr;
	struct dst_entry *dst = NULL;
	struct neighbour *n;
	bool valid = false;

	local_bh_disable();
	rcu_read_lock();
	nf_route(net, &dst, fl, false, family);
	if (!dst)
		goto unlock;

	if (!dst->error && dst->dev->ifindex == key->ifindex) {
		valid = true;
		n = key->tbl ? dst_neigh_lookup(dst, daddr) : NULL;
		if (!IS_ERR_OR_NULL(n)) {
			valid = n->tbl == key->tbl &&
				!memcmp(n->primary_key, key->nexthop,
					key->tbl->key_len);
			neigh_release(n);
		}
	}
	dst_release(dst);
unlock:
	rcu_read_unlock();
	local_bh_enable();

	return valid;
}

/* Notifiers */

static int nf_flow_netevent(struct notifier_block *nb, unsigned long event,
			    void *ptr)
{
	unsigned char ha[MAX_ADDR_LEN];
	struct neighbour *n = ptr;
	bool valid;

	if (event != NETEVENT_NEIGH_UPDATE || nf_flow_index_empty() ||
	    n->dev->addr_len != ETH_ALEN)
		return NOTIFY_DONE;

	neigh_ha_snapshot(ha, n, n->dev);
	valid = READ_ONCE(n->nud_state) & NUD_VALID;
	nf_flow_index_neigh(dev_net(n->dev), n, valid ? ha : NULL);

	return NOTIFY_DONE;
}

static struct notifier_block nf_flow_netevent_nb = {
	.notifier_call = nf_flow_netevent,
};

static int nf_flow_switchdev_event(struct notifier_block *nb,
				   unsigned long event, void *ptr)
{
	struct net_device *dev = switchdev_notifier_info_to_dev(ptr);
	struct switchdev_notifier_fdb_info *fdb = ptr;

	if (nf_flow_index_empty())
		return NOTIFY_DONE;

	switch (event) {
	case SWITCHDEV_FDB_ADD_TO_DEVICE:
		nf_flow_index_fdb(dev_net(dev), fdb->addr, dev->ifindex);
		break;
	case SWITCHDEV_FDB_DEL_TO_DEVICE:
		nf_flow_index_fdb(dev_net(dev), fdb->addr, 0);
		break;
	}
	return NOTIFY_DONE;
}

static struct notifier_block nf_flow_switchdev_nb = {
	.notifier_call = nf_flow_switchdev_event,
};

static int nf_flow_netdev_event(struct notifier_block *nb, unsigned long event,
				void *ptr)
{
	struct net_device *dev = netdev_notifier_info_to_dev(ptr);

	if (nf_flow_index_empty())
		return NOTIFY_DONE;

	switch (event) {
	case NETDEV_CHANGEUPPER:
		/* a VLAN device above, say, changes nothing */
		if (!((struct netdev_notifier_changeupper_info *)ptr)->master)
			break;
		fallthrough;
	case NETDEV_DOWN:
	case NETDEV_UNREGISTER:
	case NETDEV_CHANGEADDR:
	case NETDEV_CHANGEMTU:
		nf_flow_index_dev(dev_net(dev), dev->ifindex);
		break;
	}
	return NOTIFY_DONE;
}

static struct notifier_block nf_flow_netdev_nb = {
	.notifier_call = nf_flow_netdev_event,
};

static void nf_flow_fib_entry(const struct net *net,
			      struct fib_notifier_info *info)
{
	if (info->family == AF_INET) {
		struct fib_entry_notifier_info *fen;
		__be32 addr;

		fen = container_of(info, struct fib_entry_notifier_info, info);
		addr = htonl(fen->dst);
		nf_flow_index_route(net, AF_INET, &addr, fen->dst_len);
	} else if (IS_ENABLED(CONFIG_IPV6) && info->family == AF_INET6) {
		struct fib6_entry_notifier_info *fen6;

		fen6 = container_of(info, struct fib6_entry_notifier_info,
				    info);
		nf_flow_index_route(net, AF_INET6, &fen6->rt->fib6_dst.addr,
				    fen6->rt->fib6_dst.plen);
	}
}

static int nf_flow_fib_event(struct notifier_block *nb, unsigned long event,
			     void *ptr)
{
	struct nf_flow_event_net *event_net;
	struct fib_notifier_info *info = ptr;

	if (nf_flow_index_empty())
		return NOTIFY_DONE;

	event_net = container_of(nb, struct nf_flow_event_net, fib);
	switch (event) {
	case FIB_EVENT_ENTRY_REPLACE:
	case FIB_EVENT_ENTRY_APPEND:
	case FIB_EVENT_ENTRY_ADD:
	case FIB_EVENT_ENTRY_DEL:
		nf_flow_fib_entry(event_net->net, info);
		break;
	case FIB_EVENT_RULE_ADD:
	case FIB_EVENT_RULE_DEL:
	case FIB_EVENT_NH_ADD:
	case FIB_EVENT_NH_DEL:
		if (info->family == AF_INET || info->family == AF_INET6)
			nf_flow_index_route(event_net->net, info->family,
					    &in6addr_any, 0);
		break;
	}
	return NOTIFY_DONE;
}

static int nf_flow_nexthop_event(struct notifier_block *nb,
				 unsigned long event, void *ptr)
{
	struct nf_flow_event_net *event_net;

	if (nf_flow_index_empty())
		return NOTIFY_DONE;

	event_net = container_of(nb, struct nf_flow_event_net, nexthop);
	nf_flow_index_route(event_net->net, AF_INET, &in6addr_any, 0);
	nf_flow_index_route(event_net->net, AF_INET6, &in6addr_any, 0);

	return NOTIFY_DONE;
}

static int __net_init nf_flow_event_net_init(struct net *net)
{
	struct nf_flow_event_net *event_net;
	int err;

	event_net = net_generic(net, nf_flow_event_net_id);
	event_net->net = net;
	event_net->fib.notifier_call = nf_flow_fib_event;
	event_net->nexthop.notifier_call = nf_flow_nexthop_event;

	err = register_fib_notifier(net, &event_net->fib, NULL, NULL);
	if (err)
		return err;
	err = register_nexthop_notifier(net, &event_net->nexthop, NULL);
	if (err)
		unregister_fib_notifier(net, &event_net->fib);
	return err;
}

static void __net_exit nf_flow_event_net_exit(struct net *net)
{
	struct nf_flow_event_net *event_net;

	event_net = net_generic(net, nf_flow_event_net_id);
	unregister_nexthop_notifier(net, &event_net->nexthop);
	unregister_fib_notifier(net, &event_net->fib);
	nf_flow_index_forget(net);
}

static struct pernet_operations nf_flow_event_net_ops = {
	.init = nf_flow_event_net_init,
	.exit = nf_flow_event_net_exit,
	.id = &nf_flow_event_net_id,
	.size = sizeof(struct nf_flow_event_net),
};

/**
 * nf_flow_event_init() - listen
 *
 * Return: 0 or an error.
 */
int __init nf_flow_event_init(void)
{
	int err;

	err = nf_flow_index_init();
	if (err)
		return err;
	err = register_pernet_subsys(&nf_flow_event_net_ops);
	if (err)
		goto err_pernet;
	err = register_netevent_notifier(&nf_flow_netevent_nb);
	if (err)
		goto err_netevent;
	err = register_switchdev_notifier(&nf_flow_switchdev_nb);
	if (err)
		goto err_switchdev;
	err = register_netdevice_notifier(&nf_flow_netdev_nb);
	if (err)
		goto err_netdev;
	return 0;

err_netdev:
	unregister_switchdev_notifier(&nf_flow_switchdev_nb);
err_switchdev:
	unregister_netevent_notifier(&nf_flow_netevent_nb);
err_netevent:
	unregister_pernet_subsys(&nf_flow_event_net_ops);
err_pernet:
	nf_flow_index_exit();
	return err;
}

/**
 * nf_flow_event_exit() - listen no more
 */
void nf_flow_event_exit(void)
{
	unregister_netdevice_notifier(&nf_flow_netdev_nb);
	unregister_switchdev_notifier(&nf_flow_switchdev_nb);
	unregister_netevent_notifier(&nf_flow_netevent_nb);
	unregister_pernet_subsys(&nf_flow_event_net_ops);
	nf_flow_index_exit();
}
