// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which devices have a shaper that flows would bypass?
 *
 * Theory of operation
 * ===================
 *
 * Hardware sends on its own: it bypasses the qdiscs of the port, and an ifb that
 * ingress redirects to. The fast path sends on the port at the end of the path, so
 * the port's shapers hold, and those of the devices above it are bypassed:
 *
 *	pppoe-wan  <- bypassed by the fast path and hardware	SHAPED_ABOVE
 *	   |
 *	eth0.7	   <- the same
 *	   |
 *	eth0	   <- bypassed by hardware			SHAPED_PORT
 *
 * Nothing tells of a qdisc that comes or goes. So while a policy wants to know, the
 * devices of the namespace are looked at each second, under RTNL, and what was seen is
 * kept by device. If a device has changed, all flows are asked about their devices,
 * see nf_flow_table_validate.c, and note which shapers are on their path.
 *
 * A qdisc shapes unless it is known to do no more than queue packets, or says that
 * hardware does its work. Ingress shapes if one of its filters redirects to an ifb. The
 * filters are looked at as they are dumped: drivers are not told of all actions that
 * may stand beside such a redirection, as ctinfo does.
 */
#include <linux/jump_label_ratelimit.h>
#include <linux/netdevice.h>
#include <linux/pkt_cls.h>
#include <linux/rtnetlink.h>
#include <linux/string.h>
#include <linux/tc_act/tc_mirred.h>
#include <net/net_namespace.h>
#include <net/netdev_lock.h>
#include <net/netlink.h>
#include <net/pkt_cls.h>
#include <net/rtnetlink.h>
#include <net/sch_generic.h>
#include "nf_flow_table_net.h"
#include "nf_flow_table_shaper.h"
#include "nf_flow_table_validate.h"

/* Filters of a device that are looked at, and room for one of them */
#define NF_FLOW_SHAPER_FILTERS	64
#define NF_FLOW_SHAPER_DUMP	SZ_16K

static DEFINE_STATIC_KEY_DEFERRED_FALSE(nf_flow_shapers_used, HZ);

static struct nf_flow_shapers *nf_flow_shapers_pernet(const struct net *net)
{
	return &nf_flow_table_pernet(net)->shapers;
}

/**
 * nf_flow_shaped() - which shapers are on this path?
 * @stack: devices, from that of the route down to the port
 *
 * Context: any, under RCU.
 * Return: NF_FLOW_SHAPED_* bits, none if no policy wants to know.
 */
u8 nf_flow_shaped(const struct net_device_path_stack *stack)
{
	struct nf_flow_shapers *shapers;
	u8 shaped = 0;
	int i;

	if (!static_branch_unlikely(&nf_flow_shapers_used.key))
		return 0;

	for (i = 0; i < stack->num_paths; i++) {
		const struct net_device *dev = stack->path[i].dev;

		shapers = nf_flow_shapers_pernet(dev_net(dev));
		if (!xa_load(&shapers->devs, dev->ifindex))
			continue;
		shaped |= i == stack->num_paths - 1 ? NF_FLOW_SHAPED_PORT :
						      NF_FLOW_SHAPED_ABOVE;
	}
	return shaped;
}
EXPORT_SYMBOL_GPL(nf_flow_shaped);

#ifdef CONFIG_NET_SCHED

/* Qdiscs that send as fast as the device does */
static bool nf_flow_qdisc_only_queues(const struct Qdisc *qdisc)
{
	static const char *const ids[] = {
		"noqueue", "noop", "pfifo_fast", "pfifo", "bfifo",
		"pfifo_head_drop", "fq_codel", "fq", "fq_pie", "codel", "pie",
		"sfq", "sfb", "red", "choke",
	};

	return match_string(ids, ARRAY_SIZE(ids), qdisc->ops->id) >= 0;
}

/* Most qdiscs note whether they are offloaded when they are dumped. */
static bool nf_flow_qdisc_is_offloaded(struct Qdisc *qdisc,
				       struct sk_buff *skb)
{
	struct net_device *dev = qdisc_dev(qdisc);

	if (!tc_can_offload(dev) || !dev->netdev_ops->ndo_setup_tc)
		return false;
	if (qdisc->ops->dump)
		qdisc->ops->dump(qdisc, skb);
	skb_trim(skb, 0);

	return qdisc->flags & TCQ_F_OFFLOADED;
}

static bool nf_flow_qdisc_shapes(struct Qdisc *qdisc, struct sk_buff *skb)
{
	return qdisc && !nf_flow_qdisc_only_queues(qdisc) &&
	       !nf_flow_qdisc_is_offloaded(qdisc, skb);
}

static bool nf_flow_dev_shapes(struct net_device *dev, struct sk_buff *skb)
{
	struct Qdisc *root = rtnl_dereference(dev->qdisc);
	struct netdev_queue *txq;
	unsigned int i;

	if (!root)
		return false;
	if (strcmp(root->ops->id, "mq") && strcmp(root->ops->id, "mqprio"))
		return nf_flow_qdisc_shapes(root, skb);

	for (i = 0; i < dev->num_tx_queues; i++) {
		txq = netdev_get_tx_queue(dev, i);
		if (nf_flow_qdisc_shapes(rtnl_dereference(txq->qdisc_sleeping),
					 skb))
			return true;
	}
	return false;
}

#ifdef CONFIG_NET_CLS_ACT

/* Is it "mirred egress redirect dev" of an ifb? */
static bool nf_flow_act_is_to_ifb(struct net *net, const struct nlattr *act)
{
	struct nlattr *tb[TCA_ACT_MAX + 1], *parm[TCA_MIRRED_MAX + 1];
	const struct tc_mirred *mirred;
	const struct net_device *dev;

	if (nla_parse_nested_deprecated(tb, TCA_ACT_MAX, act, NULL, NULL) ||
	    !tb[TCA_ACT_KIND] || !tb[TCA_ACT_OPTIONS] ||
	    nla_strcmp(tb[TCA_ACT_KIND], "mirred") ||
	    nla_parse_nested_deprecated(parm, TCA_MIRRED_MAX,
					tb[TCA_ACT_OPTIONS], NULL, NULL) ||
	    !parm[TCA_MIRRED_PARMS] ||
	    nla_len(parm[TCA_MIRRED_PARMS]) < sizeof(*mirred))
		return false;

	mirred = nla_data(parm[TCA_MIRRED_PARMS]);
	if (mirred->eaction != TCA_EGRESS_REDIR)
		return false;
	dev = __dev_get_by_index(net, mirred->ifindex);
	return dev && dev->rtnl_link_ops &&
	       !strcmp(dev->rtnl_link_ops->kind, "ifb");
}

/* The attribute of a classifier's options that has its actions */
static int nf_flow_cls_acts(const char *kind)
{
	static const struct {
		const char	*kind;
		int		attr;
	} acts[] = {
		{ "matchall", TCA_MATCHALL_ACT },
		{ "u32", TCA_U32_ACT },
		{ "flower", TCA_FLOWER_ACT },
		{ "basic", TCA_BASIC_ACT },
		{ "fw", TCA_FW_ACT },
		{ "bpf", TCA_BPF_ACT },
		{ "flow", TCA_FLOW_ACT },
		{ "route", TCA_ROUTE4_ACT },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(acts); i++)
		if (!strcmp(acts[i].kind, kind))
			return acts[i].attr;
	return 0;
}

static bool nf_flow_filter_is_to_ifb(const struct tcf_proto *tp,
				     const struct sk_buff *skb)
{
	int type = nf_flow_cls_acts(tp->ops->kind), rem;
	const struct nlattr *options, *acts, *act;

	options = nlmsg_find_attr((void *)skb->data, sizeof(struct tcmsg),
				  TCA_OPTIONS);
	acts = options && type ? nla_find_nested(options, type) : NULL;
	if (!acts)
		return false;
	nla_for_each_nested(act, acts, rem)
		if (nf_flow_act_is_to_ifb(tp->chain->block->net, act))
			return true;
	return false;
}

/**
 * struct nf_flow_filters - a look at filters
 * @walker: of a classifier
 * @skb: room for one filter
 * @left: filters that are looked at yet
 * @found: one redirects to an ifb
 */
struct nf_flow_filters {
	struct tcf_walker	walker;
	struct sk_buff		*skb;
	unsigned int		left;
	bool			found;
};

static int nf_flow_filter(struct tcf_proto *tp, void *filter,
			  struct tcf_walker *walker)
{
	struct nf_flow_filters *filters = container_of(walker,
						       struct nf_flow_filters,
						       walker);
	struct sk_buff *skb = filters->skb;
	struct nlmsghdr *nlh;

	nlh = nlmsg_put(skb, 0, 0, RTM_NEWTFILTER, sizeof(struct tcmsg), 0);
	if (nlh && tp->ops->dump(tp->chain->block->net, tp, filter, skb,
				 nlmsg_data(nlh), true) >= 0) {
		nlmsg_end(skb, nlh);
		filters->found = nf_flow_filter_is_to_ifb(tp, skb);
	}
	skb_trim(skb, 0);

	return filters->found || !--filters->left ? -1 : 0;
}

static bool nf_flow_block_is_to_ifb(struct tcf_block *block,
				    struct sk_buff *skb)
{
	struct nf_flow_filters filters = {
		.skb		= skb,
		.left		= NF_FLOW_SHAPER_FILTERS,
	};
	struct tcf_chain *chain;
	struct tcf_proto *tp;

	for (chain = tcf_get_next_chain(block, NULL); chain;
	     chain = tcf_get_next_chain(block, chain)) {
		for (tp = tcf_get_next_proto(chain, NULL); tp;
		     tp = tcf_get_next_proto(chain, tp)) {
			if (filters.found || !filters.left ||
			    !tp->ops->walk || !tp->ops->dump)
				continue;
			memset(&filters.walker, 0, sizeof(filters.walker));
			filters.walker.fn = nf_flow_filter;
			tp->ops->walk(tp, &filters.walker, true);
		}
	}
	return filters.found;
}

static bool nf_flow_dev_is_to_ifb(struct net_device *dev, struct sk_buff *skb)
{
	static const u32 classids[] = { TC_H_MIN_INGRESS, TC_H_MIN_EGRESS };
	struct netdev_queue *queue = dev_ingress_queue(dev);
	const struct Qdisc_class_ops *ops;
	struct tcf_block *block;
	struct Qdisc *qdisc;
	unsigned long class;
	unsigned int i;

	qdisc = queue ? rtnl_dereference(queue->qdisc_sleeping) : NULL;
	ops = qdisc ? qdisc->ops->cl_ops : NULL;
	if (!ops || !ops->tcf_block || !ops->find)
		return false;

	for (i = 0; i < ARRAY_SIZE(classids); i++) {
		class = ops->find(qdisc, TC_H_MAKE(TC_H_CLSACT, classids[i]));
		block = class ? ops->tcf_block(qdisc, class, NULL) : NULL;
		if (block && nf_flow_block_is_to_ifb(block, skb))
			return true;
	}
	return false;
}
#else
static bool nf_flow_dev_is_to_ifb(struct net_device *dev, struct sk_buff *skb)
{
	return false;
}
#endif /* CONFIG_NET_CLS_ACT */

static bool nf_flow_dev_is_shaped(struct net_device *dev, struct sk_buff *skb)
{
	bool shapes;

	netdev_lock_ops(dev);
	shapes = nf_flow_dev_shapes(dev, skb);
	netdev_unlock_ops(dev);

	return shapes || nf_flow_dev_is_to_ifb(dev, skb);
}
#else
static bool nf_flow_dev_is_shaped(struct net_device *dev, struct sk_buff *skb)
{
	return false;
}
#endif /* CONFIG_NET_SCHED */

/* Returns true if something has changed. */
static bool nf_flow_shapers_look(struct nf_flow_shapers *shapers,
				 struct sk_buff *skb)
{
	struct net_device *dev;
	bool changed = false;
	unsigned long index;
	void *entry;

	rtnl_lock();
	for_each_netdev(shapers->net, dev) {
		bool shaped = nf_flow_dev_is_shaped(dev, skb);

		if (shaped == !!xa_load(&shapers->devs, dev->ifindex))
			continue;
		if (!shaped)
			xa_erase(&shapers->devs, dev->ifindex);
		else if (xa_err(xa_store(&shapers->devs, dev->ifindex,
					 xa_mk_value(1), GFP_KERNEL)))
			continue; /* in a second */
		changed = true;
	}
	/* those whose device has gone */
	xa_for_each(&shapers->devs, index, entry)
		if (!__dev_get_by_index(shapers->net, index))
			xa_erase(&shapers->devs, index);
	rtnl_unlock();

	return changed;
}

static void nf_flow_shapers_clear(struct nf_flow_shapers *shapers)
{
	unsigned long index;
	void *entry;

	xa_for_each(&shapers->devs, index, entry)
		xa_erase(&shapers->devs, index);
}

static void nf_flow_shapers_work(struct work_struct *work)
{
	struct nf_flow_shapers *shapers = container_of(to_delayed_work(work),
						       struct nf_flow_shapers,
						       work);
	struct sk_buff *skb;

	if (!atomic_read(&shapers->users)) {
		nf_flow_shapers_clear(shapers);
		return;
	}
	skb = alloc_skb(NF_FLOW_SHAPER_DUMP, GFP_KERNEL);
	if (skb && (nf_flow_shapers_look(shapers, skb) |
		    atomic_xchg(&shapers->fresh, 0)))
		nf_flow_validate_devs(shapers->net);
	kfree_skb(skb);
	queue_delayed_work(nf_flow_gc_wq, &shapers->work, HZ);
}

/**
 * nf_flow_shapers_get() - a policy wants flows to know of shapers
 * @net: their namespace
 *
 * Context: process, may sleep. They know within a second.
 */
void nf_flow_shapers_get(struct net *net)
{
	struct nf_flow_shapers *shapers = nf_flow_shapers_pernet(net);

	static_branch_deferred_inc(&nf_flow_shapers_used);
	atomic_set(&shapers->fresh, 1);
	if (atomic_inc_return(&shapers->users) == 1)
		mod_delayed_work(nf_flow_gc_wq, &shapers->work, 0);
}

/**
 * nf_flow_shapers_put() - a policy that wanted to know of shapers goes
 * @net: namespace
 *
 * Context: process, may sleep.
 */
void nf_flow_shapers_put(struct net *net)
{
	atomic_dec(&nf_flow_shapers_pernet(net)->users);
	static_branch_slow_dec_deferred(&nf_flow_shapers_used);
}

/**
 * nf_flow_shapers_net_init() - be ready to look for shapers
 * @net: new namespace
 */
void nf_flow_shapers_net_init(struct net *net)
{
	struct nf_flow_shapers *shapers = nf_flow_shapers_pernet(net);

	shapers->net = net;
	atomic_set(&shapers->users, 0);
	atomic_set(&shapers->fresh, 0);
	xa_init(&shapers->devs);
	INIT_DELAYED_WORK(&shapers->work, nf_flow_shapers_work);
}

/**
 * nf_flow_shapers_net_exit() - do not look any more
 * @net: namespace that goes; there may be policies yet
 */
void nf_flow_shapers_net_exit(struct net *net)
{
	struct nf_flow_shapers *shapers = nf_flow_shapers_pernet(net);

	disable_delayed_work_sync(&shapers->work);
	xa_destroy(&shapers->devs);
}

/**
 * nf_flow_shapers_exit() - no namespace has such a policy any more
 */
void nf_flow_shapers_exit(void)
{
	static_key_deferred_flush(&nf_flow_shapers_used);
}
