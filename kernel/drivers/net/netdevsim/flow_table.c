// SPDX-License-Identifier: GPL-2.0
/*
 * Flow table of the emulated switch.
 *
 * The nftables flowtable can hand established flows to hardware. A port of
 * netdevsim takes them like the port of a switch: the table belongs to the
 * nsim_dev (the ASIC) and is shared by its ports, and packets that match are
 * rewritten and leave by another port of the same switch without any part of
 * the router's stack having seen them.
 *
 *   host A                      router                      host B
 *  +-------+     link    +---------------------+   link    +-------+
 *  | peer1 | ----------- | port1   CPU   port2 | --------- | peer2 |
 *  +-------+             |   |      ^      ^   |           +-------+
 *                        |   +-miss-+      |   |
 *                        |   | punt        |   |
 *                        |   +--- table ---+   |
 *                        |         hit         |
 *                        +---------------------+
 *
 * What links to a port (/sys/bus/netdevsim/link_device) is the wire and what
 * is behind it, in any network namespace.
 *
 * Control: TC_SETUP_FT binds a callback for each flowtable that the port is
 * part of. The core offers a rule to several callbacks; the port at which the
 * packets enter takes it, the others refuse. With any_port each port takes it
 * in the name of that one, and the next one says that it is there already, as
 * drivers do whose ports share one table. nsim_ft_rule_parse() translates
 * the rule. Unbinding leaves the rules in place, as it does in real hardware:
 * the flowtable that added a rule has to destroy it. A port that goes away takes
 * with it the rules that enter or leave there.
 *
 * Data: nsim_ft_rx() is called from the receive path of the port, in front of
 * XDP, GRO and the stack. nsim_ft_parse() finds the match key; the table is a
 * hash table because every match is exact. A hit is rewritten and put into the
 * receive queue of whatever is linked to the egress port. While hw-tc-offload
 * is off at a port, nothing that enters there is a hit. Everything else
 * goes to the CPU unchanged: a miss, and what the hardware leaves to software
 * although it matches (TTL about to expire, larger than the egress MTU, TCP
 * FIN and RST) or could match (fragments, IP options). The counters of the
 * netdevice are those of the port, as in real switches: what the CPU saw of it is
 * in IFLA_OFFLOAD_XSTATS_CPU_HIT, what the hardware forwarded in ethtool -S.
 *
 * Locking: nsim_ft.lock serialises all changes and protects the knobs.
 * The data path holds rcu_read_lock(); a rule is freed a grace period after
 * it left the table, and nsim_ft_port_exit() waits for one, so neither a rule
 * nor the port it names can go away under a packet.
 */

#include <linux/debugfs.h>
#include <linux/delay.h>
#include <linux/error-injection.h>
#include <linux/jhash.h>
#include <net/gso.h>
#include <net/pkt_cls.h>

#include "flow_table.h"
#include "netdevsim.h"

const char nsim_ft_stat_names[__NSIM_FT_STAT_MAX][ETH_GSTRING_LEN] = {
	[NSIM_FT_HIT]			= "ft_hit",
	[NSIM_FT_HIT_BYTES]		= "ft_hit_bytes",
	[NSIM_FT_TX]			= "ft_tx",
	[NSIM_FT_TX_BYTES]		= "ft_tx_bytes",
	[NSIM_FT_MISS]			= "ft_miss",
	[NSIM_FT_PUNT_TTL]		= "ft_punt_ttl",
	[NSIM_FT_PUNT_FRAG]		= "ft_punt_frag",
	[NSIM_FT_PUNT_OPTIONS]		= "ft_punt_options",
	[NSIM_FT_PUNT_MTU]		= "ft_punt_mtu",
	[NSIM_FT_PUNT_TCP_FLAGS]	= "ft_punt_tcp_flags",
	[NSIM_FT_DROP]			= "ft_drop",
	[NSIM_FT_SHAPED]		= "ft_shaped",
	[NSIM_FT_CLASS]			= "ft_class_0",
	[NSIM_FT_CLASS + 1]		= "ft_class_1",
	[NSIM_FT_CLASS + 2]		= "ft_class_2",
	[NSIM_FT_CLASS + 3]		= "ft_class_3",
	[NSIM_FT_CLASS + 4]		= "ft_class_4",
	[NSIM_FT_CLASS + 5]		= "ft_class_5",
	[NSIM_FT_CLASS + 6]		= "ft_class_6",
	[NSIM_FT_CLASS + 7]		= "ft_class_7",
};

static const struct rhashtable_params nsim_ft_key_params = {
	.head_offset		= offsetof(struct nsim_ft_rule, key_node),
	.key_offset		= offsetof(struct nsim_ft_rule, key),
	.key_len		= sizeof(struct nsim_ft_key),
	.automatic_shrinking	= true,
};

static const struct rhashtable_params nsim_ft_cookie_params = {
	.head_offset		= offsetof(struct nsim_ft_rule, cookie_node),
	.key_offset		= offsetof(struct nsim_ft_rule, cookie),
	.key_len		= sizeof(unsigned long),
	.automatic_shrinking	= true,
};

static void nsim_ft_count(struct netdevsim *ns, enum nsim_ft_stat stat,
			  unsigned int n)
{
	struct nsim_ft_stats *stats = this_cpu_ptr(ns->ft_port.stats);

	u64_stats_update_begin(&stats->syncp);
	u64_stats_add(&stats->cnt[stat], n);
	u64_stats_update_end(&stats->syncp);
}

/* What the hardware forwards is in the netdevice's counters, too: in octets from
 * the IP header on when it enters, and from the Ethernet header on when it
 * leaves, as the rest of netdevsim counts.
 */
static void nsim_ft_count_rx(struct netdevsim *ns, unsigned int pkts,
			     unsigned int bytes)
{
	struct pcpu_dstats *dstats = this_cpu_ptr(ns->netdev->dstats);

	nsim_ft_count(ns, NSIM_FT_HIT, pkts);
	nsim_ft_count(ns, NSIM_FT_HIT_BYTES, bytes);

	u64_stats_update_begin(&dstats->syncp);
	u64_stats_add(&dstats->rx_packets, pkts);
	u64_stats_add(&dstats->rx_bytes, bytes);
	u64_stats_update_end(&dstats->syncp);
}

static void nsim_ft_count_tx(struct netdevsim *ns, unsigned int pkts,
			     unsigned int bytes)
{
	struct pcpu_dstats *dstats = this_cpu_ptr(ns->netdev->dstats);

	bytes += pkts * ETH_HLEN;
	nsim_ft_count(ns, NSIM_FT_TX, pkts);
	nsim_ft_count(ns, NSIM_FT_TX_BYTES, bytes);

	u64_stats_update_begin(&dstats->syncp);
	u64_stats_add(&dstats->tx_packets, pkts);
	u64_stats_add(&dstats->tx_bytes, bytes);
	u64_stats_update_end(&dstats->syncp);
}

/**
 * nsim_ft_cpu_stats() - what the CPU saw of a port
 * @ns: port
 * @stats: result: of the netdevice's counters, without what the hardware
 *	forwarded
 */
void nsim_ft_cpu_stats(struct netdevsim *ns, struct rtnl_link_stats64 *stats)
{
	u64 hw[__NSIM_FT_STAT_MAX];

	/* in this order none gets negative */
	nsim_ft_port_stats(ns, hw);
	dev_get_stats(ns->netdev, stats);
	stats->rx_packets -= hw[NSIM_FT_HIT];
	stats->rx_bytes -= hw[NSIM_FT_HIT_BYTES];
	stats->tx_packets -= hw[NSIM_FT_TX];
	stats->tx_bytes -= hw[NSIM_FT_TX_BYTES];
}

/**
 * nsim_ft_port_stats() - counters of a port
 * @ns: port
 * @data: result, one value for each enum nsim_ft_stat
 */
void nsim_ft_port_stats(struct netdevsim *ns, u64 *data)
{
	struct nsim_ft_stats *stats;
	u64 cnt[__NSIM_FT_STAT_MAX];
	unsigned int start;
	int cpu, i;

	memset(data, 0, sizeof(cnt));
	for_each_possible_cpu(cpu) {
		stats = per_cpu_ptr(ns->ft_port.stats, cpu);
		do {
			start = u64_stats_fetch_begin(&stats->syncp);
			for (i = 0; i < __NSIM_FT_STAT_MAX; i++)
				cnt[i] = u64_stats_read(&stats->cnt[i]);
		} while (u64_stats_fetch_retry(&stats->syncp, start));
		for (i = 0; i < __NSIM_FT_STAT_MAX; i++)
			data[i] += cnt[i];
	}
}

/* Control */

static void nsim_ft_rule_del(struct nsim_ft *ft, struct nsim_ft_rule *rule)
{
	struct netdevsim *in = (struct netdevsim *)rule->key.in;

	lockdep_assert_held(&ft->lock);
	rhashtable_remove_fast(&ft->keys, &rule->key_node, nsim_ft_key_params);
	rhashtable_remove_fast(&ft->cookies, &rule->cookie_node,
			       nsim_ft_cookie_params);
	list_del(&rule->list);
	ft->count--;
	WRITE_ONCE(in->ft_port.users, in->ft_port.users - 1);
	kfree_rcu(rule, rcu);
}

static struct nsim_ft_rule *nsim_ft_rule_find(struct nsim_ft *ft,
					      const struct netdevsim *in,
					      unsigned long cookie)
{
	struct nsim_ft_rule *rule;

	lockdep_assert_held(&ft->lock);
	rule = rhashtable_lookup_fast(&ft->cookies, &cookie,
				      nsim_ft_cookie_params);
	return rule && (rule->key.in == in || ft->any_port) ? rule : NULL;
}

static int nsim_ft_rule_insert(struct nsim_ft *ft, struct netdevsim *in,
			       struct nsim_ft_rule *rule,
			       struct netlink_ext_ack *extack)
{
	int err;

	lockdep_assert_held(&ft->lock);
	if (in->ft_port.dead || rule->act.out->ft_port.dead) {
		NL_SET_ERR_MSG_MOD(extack, "flow table: port is going away");
		return -ENODEV;
	}
	if (nsim_ft_rule_find(ft, in, rule->cookie)) {
		NL_SET_ERR_MSG_MOD(extack,
				   "flow table: rule is installed already");
		return -EEXIST;
	}
	if (ft->fail_add && ++ft->adds % ft->fail_every == 0) {
		NL_SET_ERR_MSG_MOD(extack,
				   "flow table: addition failed as fail_add asked");
		return -ft->fail_add;
	}
	if (ft->count >= ft->size) {
		NL_SET_ERR_MSG_FMT_MOD(extack,
				       "flow table: full, it takes %u rules",
				       ft->size);
		return -ENOSPC;
	}

	err = rhashtable_lookup_insert_fast(&ft->cookies, &rule->cookie_node,
					    nsim_ft_cookie_params);
	if (err) {
		NL_SET_ERR_MSG_MOD(extack, "flow table: cookie is in use");
		return err;
	}
	err = rhashtable_lookup_insert_fast(&ft->keys, &rule->key_node,
					    nsim_ft_key_params);
	if (err) {
		NL_SET_ERR_MSG_MOD(extack,
				   "flow table: another rule matches these packets");
		rhashtable_remove_fast(&ft->cookies, &rule->cookie_node,
				       nsim_ft_cookie_params);
		return err;
	}
	list_add_tail(&rule->list, &ft->rules);
	ft->count++;
	WRITE_ONCE(in->ft_port.users, in->ft_port.users + 1);
	return 0;
}

/* The port whose packets a rule is for: @ns, or with any_port another one of
 * the same switch. The caller has to dev_put() its netdev.
 */
static struct netdevsim *nsim_ft_ingress(struct netdevsim *ns,
					 const struct flow_cls_offload *cls)
{
	struct netdevsim *in = NULL;
	struct flow_match_meta meta;
	struct net_device *dev;

	if (READ_ONCE(ns->nsim_dev->ft->any_port) &&
	    flow_rule_match_key(cls->rule, FLOW_DISSECTOR_KEY_META)) {
		flow_rule_match_meta(cls->rule, &meta);
		dev = dev_get_by_index(dev_net(ns->netdev),
				       meta.key->ingress_ifindex);
		in = dev ? nsim_ft_port(dev) : NULL;
		if (in && in->nsim_dev == ns->nsim_dev)
			return in;
		dev_put(dev);
	}
	dev_hold(ns->netdev);
	return ns;
}

static noinline int nsim_ft_replace(struct netdevsim *ns,
				    struct flow_cls_offload *cls)
{
	struct netlink_ext_ack *extack = cls->common.extack;
	struct nsim_ft *ft = ns->nsim_dev->ft;
	struct nsim_ft_rule *rule;
	u32 delay;
	int err;

	rule = kzalloc_obj(*rule);
	if (!rule)
		return -ENOMEM;
	ns = nsim_ft_ingress(ns, cls);
	if (!tc_can_offload_extack(ns->netdev, extack)) {
		err = -EOPNOTSUPP;
		goto err_free;
	}
	rule->cookie = cls->cookie;
	rule->protocol = cls->common.protocol;
	rule->lastused = jiffies;
	rule->snap.lastused = rule->lastused;
	rule->snap_time = rule->lastused;

	err = nsim_ft_rule_parse(ns, READ_ONCE(ft->caps), cls->rule,
				 &rule->key, &rule->act, extack);
	if (err)
		goto err_free;

	/* Slow hardware takes its time in parallel, so not under the lock. */
	delay = READ_ONCE(ft->add_delay_us);
	if (delay)
		fsleep(delay);

	mutex_lock(&ft->lock);
	err = nsim_ft_rule_insert(ft, ns, rule, extack);
	mutex_unlock(&ft->lock);
	if (err)
		goto err_free;
	dev_put(ns->netdev);
	return 0;

err_free:
	dev_put(ns->netdev);
	kfree(rule);
	return err;
}
ALLOW_ERROR_INJECTION(nsim_ft_replace, ERRNO);

static int nsim_ft_destroy(struct netdevsim *ns, struct flow_cls_offload *cls)
{
	struct nsim_ft *ft = ns->nsim_dev->ft;
	struct nsim_ft_rule *rule;
	u32 delay;

	delay = READ_ONCE(ft->del_delay_us);
	if (delay)
		fsleep(delay);

	mutex_lock(&ft->lock);
	rule = nsim_ft_rule_find(ft, ns, cls->cookie);
	if (rule)
		nsim_ft_rule_del(ft, rule);
	mutex_unlock(&ft->lock);
	return rule ? 0 : -ENOENT;
}

static noinline int nsim_ft_stats(struct netdevsim *ns,
				  struct flow_cls_offload *cls)
{
	struct nsim_ft *ft = ns->nsim_dev->ft;
	struct nsim_ft_rule *rule;
	unsigned long fresh;

	mutex_lock(&ft->lock);
	rule = nsim_ft_rule_find(ft, ns, cls->cookie);
	if (!rule) {
		mutex_unlock(&ft->lock);
		return -ENOENT;
	}
	fresh = rule->snap_time + msecs_to_jiffies(ft->stats_delay_ms);
	if (time_after_eq(jiffies, fresh)) {
		rule->snap.pkts = atomic64_read(&rule->pkts);
		rule->snap.bytes = atomic64_read(&rule->bytes);
		rule->snap.lastused = READ_ONCE(rule->lastused);
		rule->snap_time = jiffies;
	}
	flow_stats_update(&cls->stats, rule->snap.bytes - rule->told.bytes,
			  rule->snap.pkts - rule->told.pkts, 0,
			  rule->snap.lastused, FLOW_ACTION_HW_STATS_DELAYED);
	rule->told.bytes = rule->snap.bytes;
	rule->told.pkts = rule->snap.pkts;
	mutex_unlock(&ft->lock);
	return 0;
}
ALLOW_ERROR_INJECTION(nsim_ft_stats, ERRNO);

static int nsim_ft_block_cb(enum tc_setup_type type, void *type_data,
			    void *cb_priv)
{
	struct flow_cls_offload *cls = type_data;
	struct netdevsim *ns = cb_priv;
	struct nsim_ft *ft = ns->nsim_dev->ft;
	enum nsim_ft_call call;
	int err;

	if (type != TC_SETUP_CLSFLOWER)
		return -EOPNOTSUPP;
	switch (cls->command) {
	case FLOW_CLS_REPLACE:
		call = NSIM_FT_CALL_REPLACE;
		err = nsim_ft_replace(ns, cls);
		break;
	case FLOW_CLS_DESTROY:
		call = NSIM_FT_CALL_DESTROY;
		err = nsim_ft_destroy(ns, cls);
		break;
	case FLOW_CLS_STATS:
		call = NSIM_FT_CALL_STATS;
		err = nsim_ft_stats(ns, cls);
		break;
	default:
		return -EOPNOTSUPP;
	}
	atomic_inc(&ft->calls[call]);
	if (err)
		atomic_inc(&ft->refused[call]);
	return err;
}

static void nsim_ft_port_use(struct netdevsim *ns, int n)
{
	struct nsim_ft *ft = ns->nsim_dev->ft;

	mutex_lock(&ft->lock);
	WRITE_ONCE(ns->ft_port.users, ns->ft_port.users + n);
	mutex_unlock(&ft->lock);
}

static noinline int nsim_ft_bind(struct netdevsim *ns,
				 struct flow_block_offload *f)
{
	struct flow_block_cb *block_cb;

	lockdep_assert_held(&ns->ft_port.lock);
	block_cb = flow_block_cb_alloc(nsim_ft_block_cb, ns, ns, NULL);
	if (IS_ERR(block_cb))
		return PTR_ERR(block_cb);
	block_cb->pppoe_pop = READ_ONCE(ns->nsim_dev->ft->caps) &
			      BIT(NSIM_FT_CAP_PPPOE);
	flow_block_cb_add(block_cb, f);
	list_add_tail(&block_cb->driver_list, &ns->ft_port.blocks);
	nsim_ft_port_use(ns, 1);
	return 0;
}
ALLOW_ERROR_INJECTION(nsim_ft_bind, ERRNO);

/**
 * nsim_ft_setup_block() - a flowtable takes in or lets go a port
 * @ns: port
 * @f: request
 *
 * A port may be part of several flowtables at a time; a ruleset that is
 * replaced by another in one transaction is the common case.
 *
 * Context: process; takes nsim_ft_port.lock.
 * Return: 0; -EOPNOTSUPP for a port without flow table; -ENOENT if @f unbinds
 * what is not bound; -ENOMEM.
 */
int nsim_ft_setup_block(struct netdevsim *ns, struct flow_block_offload *f)
{
	struct flow_block_cb *block_cb;
	int err = 0;

	if (f->binder_type != FLOW_BLOCK_BINDER_TYPE_CLSACT_INGRESS ||
	    !nsim_dev_port_is_pf(ns->nsim_dev_port)) {
		NL_SET_ERR_MSG_MOD(f->extack, "flow table: not on this port");
		return -EOPNOTSUPP;
	}

	mutex_lock(&ns->ft_port.lock);
	f->driver_block_list = &ns->ft_port.blocks;
	block_cb = flow_block_cb_lookup(f->block, nsim_ft_block_cb, ns);
	switch (f->command) {
	case FLOW_BLOCK_BIND:
		err = block_cb ? -EBUSY : nsim_ft_bind(ns, f);
		break;
	case FLOW_BLOCK_UNBIND:
		if (!block_cb) {
			err = -ENOENT;
			break;
		}
		flow_block_cb_remove(block_cb, f);
		list_del(&block_cb->driver_list);
		nsim_ft_port_use(ns, -1);
		break;
	default:
		err = -EOPNOTSUPP;
		break;
	}
	mutex_unlock(&ns->ft_port.lock);
	return err;
}

/* Data path */

static bool nsim_ft_xmit_one(struct netdevsim *out, struct sk_buff *skb,
			     const struct nsim_ft_act *act)
{
	if (!nsim_ft_push(skb, act)) {
		kfree_skb(skb);
		return false;
	}
	return nsim_hw_xmit(out, skb);
}

/* Takes the packet. Returns false if any part of it was lost. */
static bool nsim_ft_xmit(struct netdevsim *out, struct sk_buff *skb,
			 const struct nsim_ft_act *act)
{
	struct sk_buff *segs, *next;
	bool ok = true;

	if (!act->push_pppoe || !skb_is_gso(skb))
		return nsim_ft_xmit_one(out, skb, act);

	segs = skb_gso_segment(skb, 0);
	if (IS_ERR_OR_NULL(segs)) {
		kfree_skb(skb);
		return false;
	}
	consume_skb(skb);
	skb_list_walk_safe(segs, skb, next) {
		skb_mark_not_on_list(skb);
		ok &= nsim_ft_xmit_one(out, skb, act);
	}
	return ok;
}

/* Real hardware has moments when a rule is there and packets pass it by: until
 * a first packet through the CPU bound it, or while it moves in the table.
 */
static bool nsim_ft_overlooks(struct nsim_ft *ft)
{
	u32 every = READ_ONCE(ft->miss_every);

	return every && (u32)atomic_inc_return(&ft->matches) % every == 0;
}

/**
 * __nsim_ft_rx() - a packet enters a port whose flow table is in use
 * @ns: port
 * @skb: packet, skb->data behind the Ethernet header
 *
 * Context: softirq.
 * Return: true if the hardware took the packet; false if it goes to the CPU,
 * unchanged.
 */
bool __nsim_ft_rx(struct netdevsim *ns, struct sk_buff *skb)
{
	struct nsim_ft *ft = ns->nsim_dev->ft;
	struct nsim_ft_rule *rule = NULL;
	unsigned int pkts = 1, bytes, class;
	enum nsim_ft_stat stat;
	struct nsim_ft_pkt pkt;
	struct netdevsim *out;

	rcu_read_lock();
	stat = nsim_ft_parse(skb, &pkt);
	if (stat != NSIM_FT_HIT)
		goto to_cpu;

	nsim_ft_wire(skb, &pkt, &pkts, &bytes);
	pkt.key.in = ns;
	rule = rhashtable_lookup(&ft->keys, &pkt.key, nsim_ft_key_params);
	if (!rule || !tc_can_offload(ns->netdev) || nsim_ft_overlooks(ft)) {
		stat = NSIM_FT_MISS;
		goto to_cpu;
	}
	out = rule->act.out;
	stat = nsim_ft_check(skb, &pkt, &rule->act, READ_ONCE(out->netdev->mtu));
	if (stat != NSIM_FT_HIT)
		goto to_cpu;

	atomic64_add(pkts, &rule->pkts);
	atomic64_add(bytes, &rule->bytes);
	WRITE_ONCE(rule->lastused, jiffies);
	nsim_ft_count_rx(ns, pkts, bytes);

	if (!nsim_ft_rewrite(skb, &pkt, &rule->act)) {
		kfree_skb(skb);
		nsim_ft_count(ns, NSIM_FT_DROP, pkts);
	} else if (!nsim_ft_qos_send(out, rule->act.priority,
				     bytes + pkts * ETH_HLEN, &class)) {
		kfree_skb(skb);
		nsim_ft_count(out, NSIM_FT_SHAPED, pkts);
	} else if (!nsim_ft_xmit(out, skb, &rule->act)) {
		nsim_ft_count(ns, NSIM_FT_DROP, pkts);
	} else {
		nsim_ft_count_tx(out, pkts, bytes);
		nsim_ft_count(out, NSIM_FT_CLASS + class, pkts);
	}
	rcu_read_unlock();
	return true;

to_cpu:
	nsim_ft_count(ns, stat, pkts);
	rcu_read_unlock();
	return false;
}

/* Life */

static u64 nsim_ft_occ_get(void *priv)
{
	struct nsim_ft *ft = priv;

	return READ_ONCE(ft->count);
}

/**
 * nsim_ft_port_init() - give a port its part of the flow table
 * @ns: port, not registered yet
 *
 * Return: 0 or -ENOMEM.
 */
int nsim_ft_port_init(struct netdevsim *ns)
{
	mutex_init(&ns->ft_port.lock);
	INIT_LIST_HEAD(&ns->ft_port.blocks);
	nsim_ft_qos_init(ns);
	ns->ft_port.stats = netdev_alloc_pcpu_stats(struct nsim_ft_stats);
	return ns->ft_port.stats ? 0 : -ENOMEM;
}

/**
 * nsim_ft_port_exit() - take a port out of the flow table
 * @ns: port, unregistered, so that no packet enters any more
 *
 * Context: process, may sleep.
 */
void nsim_ft_port_exit(struct netdevsim *ns)
{
	struct nsim_ft *ft = ns->nsim_dev->ft;
	struct nsim_ft_rule *rule, *next;

	mutex_lock(&ft->lock);
	ns->ft_port.dead = true;
	list_for_each_entry_safe(rule, next, &ft->rules, list)
		if (rule->key.in == ns || rule->act.out == ns)
			nsim_ft_rule_del(ft, rule);
	mutex_unlock(&ft->lock);
	synchronize_net();
	free_percpu(ns->ft_port.stats);
	mutex_destroy(&ns->ft_port.lock);
}

/**
 * nsim_ft_init() - create the flow table of a switch
 * @nsim_dev: the switch, without ports yet
 *
 * The size is that of the devlink resource flow_table.
 *
 * Context: process, devlink instance locked.
 * Return: 0 or a negative errno.
 */
int nsim_ft_init(struct nsim_dev *nsim_dev)
{
	struct devlink *devlink = priv_to_devlink(nsim_dev);
	struct nsim_ft *ft;
	u64 size;
	int err;

	ft = kzalloc_obj(*ft);
	if (!ft)
		return -ENOMEM;
	ft->nsim_dev = nsim_dev;
	mutex_init(&ft->lock);
	INIT_LIST_HEAD(&ft->rules);
	ft->caps = NSIM_FT_CAPS_ALL;
	ft->profile = "default";
	ft->fail_every = 1;
	ft->devlink_size = NSIM_FT_SIZE_DEFAULT;
	if (!devl_resource_size_get(devlink, NSIM_RESOURCE_FLOW_TABLE, &size))
		ft->devlink_size = size;
	ft->size = ft->devlink_size;

	err = rhashtable_init(&ft->keys, &nsim_ft_key_params);
	if (err)
		goto err_free;
	err = rhashtable_init(&ft->cookies, &nsim_ft_cookie_params);
	if (err)
		goto err_keys;

	nsim_ft_debugfs_init(ft);
	devl_resource_occ_get_register(devlink, NSIM_RESOURCE_FLOW_TABLE,
				       nsim_ft_occ_get, ft);
	nsim_dev->ft = ft;
	return 0;

err_keys:
	rhashtable_destroy(&ft->keys);
err_free:
	mutex_destroy(&ft->lock);
	kfree(ft);
	return err;
}

/**
 * nsim_ft_exit() - free the flow table of a switch
 * @nsim_dev: the switch; all its ports are gone
 *
 * Context: process, devlink instance locked.
 */
void nsim_ft_exit(struct nsim_dev *nsim_dev)
{
	struct nsim_ft *ft = nsim_dev->ft;

	nsim_dev->ft = NULL;
	devl_resource_occ_get_unregister(priv_to_devlink(nsim_dev),
					 NSIM_RESOURCE_FLOW_TABLE);
	nsim_ft_debugfs_exit(ft);
	WARN_ON_ONCE(ft->count);
	rhashtable_destroy(&ft->cookies);
	rhashtable_destroy(&ft->keys);
	mutex_destroy(&ft->lock);
	kfree(ft);
}
