// SPDX-License-Identifier: GPL-2.0-only
/*
 * When may the stack do something else with packets of flows?
 *
 * Namespaces with flows poll the words that the kernel changes when routes,
 * rules, nexthops, IPsec policies or forwarding switches have changed; notifiers
 * tell of neighbours, bridges and devices. Either has the garbage collectors of
 * the flowtables look at flows, see nf_flow_table_validate.c.
 */
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/inetdevice.h>
#include <linux/jhash.h>
#include <linux/ktime.h>
#include <linux/slab.h>
#include <net/ip.h>
#include <net/ip6_fib.h>
#include <net/ip6_route.h>
#include <net/neighbour.h>
#include <net/netevent.h>
#include <net/netns/generic.h>
#include <net/route.h>
#include <net/switchdev.h>
#include "nf_flow_table_validate.h"
#include "nf_flow_table_internal.h"

#define NF_FLOW_POLL		msecs_to_jiffies(20)
#define NF_FLOW_POLL_DEVS	msecs_to_jiffies(80)
/* Parts of the time that goes by; what only looks for names has half of it on
 * top, so that both together are a tenth.
 */
#define NF_FLOW_BUDGET_SHARE	15
#define NF_FLOW_BUDGET_FULL	(200LL * NSEC_PER_MSEC)	/* or two passes */

/* Garbage collectors of flowtables and polls of namespaces */
struct workqueue_struct *nf_flow_gc_wq __read_mostly;

/**
 * nf_flow_host_hash() - a name for a host of a bridge
 * @addr: link layer address
 *
 * Return: the name.
 */
u32 nf_flow_host_hash(const u8 *addr)
{
	return jhash(addr, ETH_ALEN, 0);
}

/**
 * nf_flow_budget_fill() - time for passes has come
 * @fn: namespace; the caller holds its lock
 */
void nf_flow_budget_fill(struct nf_flow_net *fn)
{
	s64 full = max(NF_FLOW_BUDGET_FULL, 2 * fn->pass);
	u64 now = ktime_get_ns();
	s64 new = div_u64(now - fn->filled, NF_FLOW_BUDGET_SHARE);
	s64 *budget = fn->budget;

	lockdep_assert_held(&fn->lock);
	budget[NF_FLOW_BUDGET_ALL] = min(budget[NF_FLOW_BUDGET_ALL] + new,
					 full);
	budget[NF_FLOW_BUDGET_NAMED] = min(budget[NF_FLOW_BUDGET_NAMED] +
					   new / 2, full);
	fn->filled = now;
}

static bool nf_flow_net_has_budget(const struct nf_flow_net *fn)
{
	return READ_ONCE(fn->budget[NF_FLOW_BUDGET_ALL]) > 0 ||
	       READ_ONCE(fn->budget[NF_FLOW_BUDGET_NAMED]) > 0;
}

/* Have flowtables looked at, at once if there is time for it. */
static void nf_flow_net_kick(struct nf_flow_net *fn)
{
	if (READ_ONCE(fn->kicked))
		return;
	WRITE_ONCE(fn->kicked, true);
	if (nf_flow_net_has_budget(fn))
		mod_delayed_work(nf_flow_gc_wq, &fn->work, 0);
}

static void nf_flow_net_start(struct nf_flow_net *fn)
{
	WRITE_ONCE(fn->polling, true);
	queue_delayed_work(nf_flow_gc_wq, &fn->work, NF_FLOW_POLL);
}

/* These change when what they stand for is in place. */
static void nf_flow_net_words(const struct net *net, u32 *word)
{
	word[NF_FLOW_WORD_RT4] = rt_genid_ipv4(net);
	word[NF_FLOW_WORD_RP_FILTER] = IPV4_DEVCONF_ALL_RO(net, RP_FILTER);
	word[NF_FLOW_WORD_NEXTHOP] = READ_ONCE(net->nexthop.seq);
#if IS_ENABLED(CONFIG_IPV6)
	word[NF_FLOW_WORD_RT6] = atomic_read(&net->ipv6.fib6_sernum);
	word[NF_FLOW_WORD_RT6_DEL] =
		READ_ONCE(net->ipv6.rt6_stats->fib_discarded_routes);
	word[NF_FLOW_WORD_FORWARD6] =
		READ_ONCE(net->ipv6.devconf_all->forwarding);
#endif
#ifdef CONFIG_XFRM
	word[NF_FLOW_WORD_XFRM_OUT] =
		READ_ONCE(net->xfrm.policy_count[XFRM_POLICY_OUT]);
	word[NF_FLOW_WORD_XFRM_FWD] =
		READ_ONCE(net->xfrm.policy_count[XFRM_POLICY_FWD]);
#endif
}

/* The switches of devices that a packet's way depends on and whose changes
 * nothing tells of. All devices are looked at, so this is done less often.
 */
static u32 nf_flow_net_devs(const struct net *net)
{
	const struct in_device *in_dev;
	const struct inet6_dev *idev;
	const struct net_device *dev;
	u32 bits, hash = 0;

	rcu_read_lock();
	for_each_netdev_rcu(net, dev) {
		bits = 0;
		in_dev = __in_dev_get_rcu(dev);
		if (in_dev)
			bits = IN_DEV_RPFILTER(in_dev) |
			       !!IN_DEV_SRC_VMARK(in_dev) << 2;
		idev = IS_ENABLED(CONFIG_IPV6) ? __in6_dev_get(dev) : NULL;
		if (idev)
			bits |= !!nf_flow_force_forwarding(idev) << 3 |
				!!READ_ONCE(idev->cnf.disable_policy) << 4;
		if (bits)
			hash = jhash_2words(dev->ifindex, bits, hash);
	}
	rcu_read_unlock();

	return hash;
}

static void nf_flow_net_poll(struct nf_flow_net *fn)
{
	u32 word[NF_FLOW_WORDS] = {};

	nf_flow_net_words(fn->net, word);
	word[NF_FLOW_WORD_DEVS] = fn->word[NF_FLOW_WORD_DEVS];
	if (time_after_eq(jiffies, fn->devs_due)) {
		fn->devs_due = jiffies + NF_FLOW_POLL_DEVS;
		word[NF_FLOW_WORD_DEVS] = nf_flow_net_devs(fn->net);
	}
	spin_lock_bh(&fn->lock);
	if (fn->all || memcmp(word, fn->word, sizeof(word))) {
		memcpy(fn->word, word, sizeof(word));
		WRITE_ONCE(fn->gen, fn->gen + 1);
		if (fn->all)
			fn->dev_gen = fn->gen;
		fn->all = false;
		WRITE_ONCE(fn->events, fn->events + 1);
		WRITE_ONCE(fn->kicked, true);
	}
	nf_flow_budget_fill(fn);
	spin_unlock_bh(&fn->lock);
}

struct nf_flow_net_tables {
	bool	kick;
	bool	flows;
};

static int nf_flow_net_table(struct nf_flowtable *flowtable, void *data)
{
	struct nf_flow_net_tables *tables = data;

	if (!flowtable->type->hook)
		return 0;
	if (atomic_read(&flowtable->rhashtable.nelems))
		tables->flows = true;
	if (tables->kick)
		mod_delayed_work(nf_flow_gc_wq, &flowtable->check->gc_work, 0);
	return 0;
}

static void nf_flow_net_work(struct work_struct *work)
{
	struct nf_flow_net *fn = container_of(to_delayed_work(work),
					      struct nf_flow_net, work);
	struct nf_flow_net_tables tables = {};

	nf_flow_net_poll(fn);
	tables.kick = READ_ONCE(fn->kicked) && nf_flow_net_has_budget(fn);
	if (!tables.kick && ++fn->idle < HZ / NF_FLOW_POLL)
		goto again;

	fn->idle = 0;
	if (tables.kick)
		WRITE_ONCE(fn->kicked, false);
	nf_flow_table_for_each(fn->net, nf_flow_net_table, &tables);
	if (tables.flows)
		goto again;

	/* a flow that is added now sees it, or is seen */
	WRITE_ONCE(fn->polling, false);
	smp_mb(); /* as in nf_flow_validate_added() */
	nf_flow_table_for_each(fn->net, nf_flow_net_table, &tables);
	if (!tables.flows)
		return;
	WRITE_ONCE(fn->polling, true);
again:
	queue_delayed_work(nf_flow_gc_wq, &fn->work, NF_FLOW_POLL);
}

/**
 * nf_flow_validate_begin() - a flow is about to be added
 * @net: namespace
 * @route: what will be asked about it
 *
 * Context: softirq or bottom halves off, before the first question.
 */
void nf_flow_validate_begin(const struct net *net, struct nf_flow_route *route)
{
	struct nf_flow_net *fn = nf_flow_net(net);

	if (unlikely(!READ_ONCE(fn->polling)))
		nf_flow_net_start(fn);
	route->events = READ_ONCE(fn->events);
	route->gen = READ_ONCE(fn->gen);
	smp_rmb(); /* what is asked is at least as new */
}

/**
 * nf_flow_validate_added() - a flow has been added
 * @flowtable: flowtable
 * @flow: flow, which may have left it already
 * @route: what was asked
 *
 * Context: softirq or bottom halves off, rcu_read_lock() held since
 * nf_flow_validate_begin().
 */
void nf_flow_validate_added(struct nf_flowtable *flowtable,
			    struct flow_offload *flow,
			    const struct nf_flow_route *route)
{
	struct nf_flow_net *fn = nf_flow_net(read_pnet(&flowtable->net));

	smp_mb(); /* a pass sees the flow, or we see why there is one */
	if (unlikely(!READ_ONCE(fn->polling)))
		nf_flow_net_start(fn);
	if (unlikely(READ_ONCE(fn->events) != route->events))
		nf_flow_validate_kick(flowtable, flow);
}
EXPORT_SYMBOL_GPL(nf_flow_validate_added);

/**
 * nf_flow_validate_kick() - a packet has met a route that is no more
 * @flowtable: flowtable
 * @flow: flow of the packet
 *
 * Context: any but hard interrupts, rcu_read_lock() held.
 */
void nf_flow_validate_kick(struct nf_flowtable *flowtable,
			   struct flow_offload *flow)
{
	struct nf_flow_net *fn = nf_flow_net(read_pnet(&flowtable->net));
	u32 old = NF_FLOW_GEN_OLD(READ_ONCE(fn->gen));

	if ((s32)(READ_ONCE(flow->gen) - old) > 0)
		WRITE_ONCE(flow->gen, old);
	if (!READ_ONCE(flowtable->check->stale))
		WRITE_ONCE(flowtable->check->stale, true);
	nf_flow_net_kick(fn);
}

/* Events */

enum nf_flow_about {
	NF_FLOW_ABOUT_ALL,
	NF_FLOW_ABOUT_NEIGH,
	NF_FLOW_ABOUT_HOST,
	NF_FLOW_ABOUT_BRIDGE,
};

static void nf_flow_event(const struct net *net, enum nf_flow_about about,
			  u32 name)
{
	struct nf_flow_net *fn = nf_flow_net(net);

	if (!READ_ONCE(fn->polling))
		return;

	spin_lock_bh(&fn->lock);
	switch (about) {
	case NF_FLOW_ABOUT_ALL:
		fn->all = true;
		break;
	case NF_FLOW_ABOUT_BRIDGE:
		fn->bridges++;
		break;
	case NF_FLOW_ABOUT_NEIGH:
		fn->neighs++;
		fallthrough;
	case NF_FLOW_ABOUT_HOST:
		fn->ring[fn->head++ % NF_FLOW_RING] = name;
		break;
	}
	WRITE_ONCE(fn->events, fn->events + 1);
	spin_unlock_bh(&fn->lock);
	nf_flow_net_kick(fn);
}

/**
 * nf_flow_validate_devs() - devices of flows have changed in a way that no event
 *	tells of
 * @net: their namespace
 *
 * Context: any but hard interrupts.
 */
void nf_flow_validate_devs(const struct net *net)
{
	nf_flow_event(net, NF_FLOW_ABOUT_ALL, 0);
}

static int nf_flow_netevent(struct notifier_block *nb, unsigned long event,
			    void *ptr)
{
	const struct neighbour *n = ptr;
	struct nf_flow_hop hop;

	if (event != NETEVENT_NEIGH_UPDATE ||
	    n->tbl->key_len > sizeof(hop.addr))
		return NOTIFY_DONE;

	hop.dev = n->dev;
	hop.family = n->tbl->family;
	memcpy(&hop.addr, n->primary_key, n->tbl->key_len);
	nf_flow_event(dev_net(n->dev), NF_FLOW_ABOUT_NEIGH,
		      nf_flow_nexthop_hash(&hop));

	return NOTIFY_DONE;
}

static struct notifier_block nf_flow_netevent_nb = {
	.notifier_call = nf_flow_netevent,
};

static int nf_flow_switchdev_event(struct notifier_block *nb,
				   unsigned long event, void *ptr)
{
	struct net_device *dev = switchdev_notifier_info_to_dev(ptr);
	const struct switchdev_notifier_fdb_info *fdb = ptr;

	switch (event) {
	case SWITCHDEV_FDB_ADD_TO_DEVICE:
	case SWITCHDEV_FDB_DEL_TO_DEVICE:
		nf_flow_event(dev_net(dev), NF_FLOW_ABOUT_HOST,
			      nf_flow_host_hash(fdb->addr));
		break;
	case SWITCHDEV_BRIDGE_FORWARDING:
		nf_flow_event(dev_net(dev), NF_FLOW_ABOUT_BRIDGE, 0);
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
	switch (event) {
	case NETDEV_CHANGE:
		/* its egress-qos-map, perhaps */
		if (!is_vlan_dev(netdev_notifier_info_to_dev(ptr)))
			break;
		fallthrough;
	case NETDEV_DOWN:
	case NETDEV_UNREGISTER:
	case NETDEV_CHANGEADDR:
	case NETDEV_CHANGEMTU:
	case NETDEV_CHANGEUPPER:
		nf_flow_event(dev_net(netdev_notifier_info_to_dev(ptr)),
			      NF_FLOW_ABOUT_ALL, 0);
		break;
	}
	return NOTIFY_DONE;
}

static struct notifier_block nf_flow_netdev_nb = {
	.notifier_call = nf_flow_netdev_event,
};

/* Life */

int nf_flow_check_init(struct nf_flowtable *flowtable)
{
	flowtable->check = kzalloc_obj(*flowtable->check);
	if (!flowtable->check)
		return -ENOMEM;
	flowtable->check->flowtable = flowtable;
	flowtable->check->gc_due = jiffies + HZ;
	xa_init(&flowtable->check->dev_places);
	xa_init(&flowtable->check->dev_evict);
	return 0;
}

void nf_flow_check_free(struct nf_flowtable *flowtable)
{
	xa_destroy(&flowtable->check->dev_places);
	nf_flow_evict_free(&flowtable->check->dev_evict);
	kfree(flowtable->check);
}

void nf_flow_event_net_init(struct net *net)
{
	struct nf_flow_net *fn = nf_flow_net(net);

	fn->net = net;
	fn->devs_due = jiffies;
	fn->filled = ktime_get_ns();
	fn->budget[NF_FLOW_BUDGET_ALL] = NF_FLOW_BUDGET_FULL;
	fn->budget[NF_FLOW_BUDGET_NAMED] = NF_FLOW_BUDGET_FULL;
	spin_lock_init(&fn->lock);
	INIT_DELAYED_WORK(&fn->work, nf_flow_net_work);
}

void nf_flow_event_net_exit(struct net *net)
{
	disable_delayed_work_sync(&nf_flow_net(net)->work);
}

int __init nf_flow_gc_init(void)
{
	nf_flow_gc_wq = alloc_workqueue("nf_ft_path", WQ_UNBOUND | WQ_SYSFS, 0);
	return nf_flow_gc_wq ? 0 : -ENOMEM;
}

void nf_flow_gc_exit(void)
{
	destroy_workqueue(nf_flow_gc_wq);
}

int __init nf_flow_event_init(void)
{
	int err;

	err = register_netevent_notifier(&nf_flow_netevent_nb);
	if (err)
		return err;
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
	return err;
}

void nf_flow_event_exit(void)
{
	unregister_netdevice_notifier(&nf_flow_netdev_nb);
	unregister_switchdev_notifier(&nf_flow_switchdev_nb);
	unregister_netevent_notifier(&nf_flow_netevent_nb);
}
