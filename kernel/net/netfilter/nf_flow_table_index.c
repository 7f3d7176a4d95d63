// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which flows take which way.
 *
 * Theory of operation
 * ===================
 *
 * Packets of most flows in a flowtable with hardware offload, and those of
 * flows through a bridge or PPPoE in any, bypass the stack on an egress path
 * that was found out once (FLOW_OFFLOAD_XMIT_DIRECT): the next hop's link layer
 * address, and the devices down to the port. When the neighbour, the bridge's
 * forwarding database, a route or a device changes, the flows that depend on it
 * have to leave the flowtable, they and no others. Their next packets take the
 * stack, which knows, and find a new path. So:
 *
 *	flow --way--> destination --> path
 *
 * A path is a next hop with its link layer address and the devices to it, hashed
 * by all three. A destination is an address that some flows' packets go to by a
 * path; a tree keeps them in the order of their addresses, because a route
 * concerns a range of these. A way is one direction of a flow.
 *
 * What happens comes from notifiers, see nf_flow_table_event.c, often in
 * contexts that cannot wait. They only put paths and destinations that may be
 * concerned on lists. A worker looks up the neighbour, the bridge or the route
 * again, and ends the flows if there is another answer; an event that changes
 * nothing for a flow does not end it. A path is also looked up once when it is
 * new: something may have happened since a packet learned it and before it got
 * here. Routes are announced before they are in place: their destinations are
 * looked at soon after that, and once more a second later.
 *
 * Everything here is protected by one lock. Lookups are done without it, with a
 * reference to what is looked up.
 */
#include <linux/error-injection.h>
#include <linux/etherdevice.h>
#include <linux/hashtable.h>
#include <linux/jhash.h>
#include <linux/list.h>
#include <linux/rbtree.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>
#include <net/ip.h>
#include <net/ip6_fib.h>
#include <net/neighbour.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_flow_table.h>
#include "nf_flow_table_index.h"

#define NF_FLOW_INDEX_BITS	10
/* Flows ended, or destinations marked, with the lock held */
#define NF_FLOW_INDEX_BATCH	64
/* After this a route that was announced is in place. */
#define NF_FLOW_ROUTE_DELAY	msecs_to_jiffies(10)

struct nf_flow_path;

struct nf_flow_path_dev {
	struct hlist_node	node;
	struct nf_flow_path	*path;
	int			ifindex;
};

/**
 * struct nf_flow_path - a way out of the router that flows share
 * @by_nexthop: in nf_flow_paths
 * @by_ha: in nf_flow_paths_ha
 * @todo: in nf_flow_check_paths
 * @dests: destinations
 * @flowtable: flowtable of all its flows
 * @net: its namespace
 * @users: destinations, and whoever looks it up
 * @dead: on no hash any more
 * @key: what is known of it
 * @devs: @key.devs, hashed
 */
struct nf_flow_path {
	struct hlist_node	by_nexthop;
	struct hlist_node	by_ha;
	struct list_head	todo;
	struct list_head	dests;
	struct nf_flowtable	*flowtable;
	struct net		*net;
	unsigned int		users;
	bool			dead;
	struct nf_flow_path_key	key;
	struct nf_flow_path_dev	devs[NF_FLOW_PATH_DEVS];
};

/**
 * struct nf_flow_dest - an address that packets go to by a path
 * @node: in nf_flow_dests
 * @list: in path->dests
 * @todo: in nf_flow_check_dests or, if it is dead, in nf_flow_dead_dests
 * @ways: of flows
 * @path: the path
 * @users: ways, and whoever looks it up
 * @dead: its flows end, it is not in the tree any more
 * @family: AF_INET or AF_INET6
 * @addr: the address, in network byte order
 */
struct nf_flow_dest {
	struct rb_node		node;
	struct list_head	list;
	struct list_head	todo;
	struct list_head	ways;
	struct nf_flow_path	*path;
	unsigned int		users;
	bool			dead;
	u8			family;
	u8			addr[sizeof(struct in6_addr)];
};

/**
 * struct nf_flow_way - one direction of a flow
 * @list: in dest->ways
 * @dest: where it goes; NULL if the flow was ended
 * @flow: the flow
 * @dir: the direction
 */
struct nf_flow_way {
	struct list_head	list;
	struct nf_flow_dest	*dest;
	struct flow_offload	*flow;
	u8			dir;
};

/* A route that comes or goes */
struct nf_flow_route_event {
	struct list_head	list;
	const struct net	*net;
	unsigned long		due;
	bool			again;
	u8			family;
	u8			first[sizeof(struct in6_addr)];
	u8			last[sizeof(struct in6_addr)];
};

/* Protects all that follows, paths, destinations and ways. */
static DEFINE_SPINLOCK(nf_flow_index_lock);
static DEFINE_HASHTABLE(nf_flow_paths, NF_FLOW_INDEX_BITS);
static DEFINE_HASHTABLE(nf_flow_paths_ha, NF_FLOW_INDEX_BITS);
static DEFINE_HASHTABLE(nf_flow_paths_dev, NF_FLOW_INDEX_BITS);
static struct rb_root nf_flow_dests = RB_ROOT;
static LIST_HEAD(nf_flow_check_paths);
static LIST_HEAD(nf_flow_check_dests);
static LIST_HEAD(nf_flow_dead_dests);
static LIST_HEAD(nf_flow_route_events);
static unsigned int nf_flow_n_paths;
static bool nf_flow_route_any; /* a route got lost, look at all */

static void nf_flow_index_work(struct work_struct *work);
static DECLARE_WORK(nf_flow_index_worker, nf_flow_index_work);
static void nf_flow_route_work(struct work_struct *work);
static DECLARE_DELAYED_WORK(nf_flow_route_worker, nf_flow_route_work);
static struct workqueue_struct *nf_flow_index_wq;

static u32 nf_flow_hash_nexthop(int ifindex, const void *nexthop, u32 len)
{
	return jhash(nexthop, len, ifindex);
}

static u32 nf_flow_hash_ha(const u8 *ha)
{
	return jhash(ha, ETH_ALEN, 0);
}

/* Paths */

static u32 nf_flow_path_hash(const struct nf_flow_path_key *key)
{
	return nf_flow_hash_nexthop(key->ifindex, key->nexthop,
				    key->tbl ? key->tbl->key_len : 0);
}

static struct nf_flow_path *
nf_flow_path_find(const struct nf_flowtable *flowtable,
		  const struct nf_flow_path_key *key)
{
	struct nf_flow_path *path;

	hash_for_each_possible(nf_flow_paths, path, by_nexthop,
			       nf_flow_path_hash(key)) {
		if (path->flowtable == flowtable &&
		    !memcmp(&path->key, key, sizeof(*key)))
			return path;
	}
	return NULL;
}

static void nf_flow_path_check(struct nf_flow_path *path)
{
	if (list_empty(&path->todo)) {
		list_add_tail(&path->todo, &nf_flow_check_paths);
		queue_work(nf_flow_index_wq, &nf_flow_index_worker);
	}
}

static struct nf_flow_path *
nf_flow_path_new(struct nf_flowtable *flowtable,
		 const struct nf_flow_path_key *key)
{
	struct nf_flow_path *path;
	unsigned int i;

	path = kzalloc_obj(*path, GFP_ATOMIC);
	if (!path)
		return NULL;

	path->flowtable = flowtable;
	path->net = read_pnet(&flowtable->net);
	path->key = *key;
	INIT_LIST_HEAD(&path->todo);
	INIT_LIST_HEAD(&path->dests);
	hash_add(nf_flow_paths, &path->by_nexthop, nf_flow_path_hash(key));
	if (key->bridged)
		hash_add(nf_flow_paths_ha, &path->by_ha,
			 nf_flow_hash_ha(key->ha));
	for (i = 0; i < key->n_devs; i++) {
		path->devs[i].path = path;
		path->devs[i].ifindex = key->devs[i];
		hash_add(nf_flow_paths_dev, &path->devs[i].node, key->devs[i]);
	}
	WRITE_ONCE(nf_flow_n_paths, nf_flow_n_paths + 1);
	nf_flow_path_check(path);
	return path;
}

static void nf_flow_path_unhash(struct nf_flow_path *path)
{
	unsigned int i;

	if (path->dead)
		return;
	path->dead = true;
	list_del_init(&path->todo);
	hash_del(&path->by_nexthop);
	if (path->key.bridged)
		hash_del(&path->by_ha);
	for (i = 0; i < path->key.n_devs; i++)
		hash_del(&path->devs[i].node);
	WRITE_ONCE(nf_flow_n_paths, nf_flow_n_paths - 1);
}

static void nf_flow_path_put(struct nf_flow_path *path)
{
	if (--path->users)
		return;
	nf_flow_path_unhash(path);
	kfree(path);
}

/* Destinations */

static int nf_flow_dest_cmp(const struct nf_flow_dest *dest,
			    const struct net *net, u8 family, const u8 *addr,
			    const struct nf_flow_path *path)
{
	if (dest->path->net != net)
		return (unsigned long)dest->path->net < (unsigned long)net ?
		       -1 : 1;
	if (dest->family != family)
		return dest->family < family ? -1 : 1;

	return memcmp(dest->addr, addr, sizeof(dest->addr)) ?:
	       ((unsigned long)dest->path > (unsigned long)path) -
	       ((unsigned long)dest->path < (unsigned long)path);
}

/* The first that is not before */
static struct nf_flow_dest *
nf_flow_dest_from(const struct net *net, u8 family, const u8 *addr,
		  const struct nf_flow_path *path)
{
	struct rb_node *node = nf_flow_dests.rb_node;
	struct nf_flow_dest *dest, *found = NULL;

	while (node) {
		dest = rb_entry(node, struct nf_flow_dest, node);
		if (nf_flow_dest_cmp(dest, net, family, addr, path) < 0) {
			node = node->rb_right;
		} else {
			found = dest;
			node = node->rb_left;
		}
	}
	return found;
}

static bool nf_flow_dest_in(const struct nf_flow_dest *dest,
			    const struct nf_flow_route_event *event)
{
	return dest && dest->path->net == event->net &&
	       dest->family == event->family &&
	       memcmp(dest->addr, event->last, sizeof(dest->addr)) <= 0;
}

/* The one of a flow, which has a reference to it then; new if need be */
static struct nf_flow_dest *nf_flow_dest_get(struct nf_flow_path *path,
					     u8 family, const u8 *addr)
{
	struct rb_node **link = &nf_flow_dests.rb_node, *parent = NULL;
	struct nf_flow_dest *dest;
	int cmp;

	while (*link) {
		parent = *link;
		dest = rb_entry(parent, struct nf_flow_dest, node);
		cmp = nf_flow_dest_cmp(dest, path->net, family, addr, path);
		if (!cmp) {
			dest->users++;
			return dest;
		}
		link = cmp < 0 ? &parent->rb_right : &parent->rb_left;
	}

	dest = kzalloc_obj(*dest, GFP_ATOMIC);
	if (!dest)
		return NULL;

	dest->path = path;
	path->users++;
	dest->users = 1;
	dest->family = family;
	memcpy(dest->addr, addr, sizeof(dest->addr));
	INIT_LIST_HEAD(&dest->todo);
	INIT_LIST_HEAD(&dest->ways);
	list_add(&dest->list, &path->dests);
	rb_link_node(&dest->node, parent, link);
	rb_insert_color(&dest->node, &nf_flow_dests);
	return dest;
}

static void nf_flow_dest_put(struct nf_flow_dest *dest)
{
	if (--dest->users)
		return;
	if (!dest->dead)
		rb_erase(&dest->node, &nf_flow_dests);
	list_del(&dest->todo);
	list_del(&dest->list);
	nf_flow_path_put(dest->path);
	kfree(dest);
}

/* Its flows end, the worker sees to it. */
static void nf_flow_dest_kill(struct nf_flow_dest *dest)
{
	if (dest->dead)
		return;
	dest->dead = true;
	rb_erase(&dest->node, &nf_flow_dests);
	list_move_tail(&dest->todo, &nf_flow_dead_dests);
	queue_work(nf_flow_index_wq, &nf_flow_index_worker);
}

static void nf_flow_path_kill(struct nf_flow_path *path)
{
	struct nf_flow_dest *dest;

	nf_flow_path_unhash(path);
	list_for_each_entry(dest, &path->dests, list)
		nf_flow_dest_kill(dest);
}

/* Flows */

static int nf_flow_way_add(struct nf_flowtable *flowtable,
			   struct flow_offload *flow,
			   const struct nf_flow_path_key *key, u8 dir)
{
	const struct nf_conntrack_tuple *tuple;
	struct nf_flow_path *path;
	struct nf_flow_dest *dest;
	struct nf_flow_way *way;

	way = kzalloc_obj(*way, GFP_ATOMIC);
	if (!way)
		return -ENOMEM;

	path = nf_flow_path_find(flowtable, key) ?:
	       nf_flow_path_new(flowtable, key);
	if (!path)
		goto err_path;

	/* NAT may have changed where packets say they go */
	tuple = &flow->ct->tuplehash[!dir].tuple;
	path->users++;
	dest = nf_flow_dest_get(path, nf_ct_l3num(flow->ct) == NFPROTO_IPV6 ?
				AF_INET6 : AF_INET, (const u8 *)&tuple->src.u3);
	nf_flow_path_put(path);
	if (!dest)
		goto err_path;

	way->flow = flow;
	way->dir = dir;
	way->dest = dest;
	list_add(&way->list, &dest->ways);
	flow->tuplehash[dir].tuple.way = way;
	flow->tuplehash[dir].tuple.has_way = 1;
	return 0;

err_path:
	kfree(way);
	return -ENOMEM;
}

/**
 * nf_flow_index_add() - from now on events end the flow that concern it
 * @flowtable: flowtable
 * @flow: flow, not in @flowtable yet
 * @route: how its packets go
 *
 * A direction that does not bypass the stack's view of neighbours and routes is
 * left out: its packets are checked one by one.
 *
 * Context: softirq or bottom halves off.
 * Return: 0; -ENOMEM; -EAGAIN if @route is out of date already. After an error
 * flow_offload_free() takes back what was done.
 */
int nf_flow_index_add(struct nf_flowtable *flowtable, struct flow_offload *flow,
		      const struct nf_flow_route *route)
{
	struct dst_entry *dst;
	int dir, err = 0;
	u32 cookie;

	for (dir = 0; dir < FLOW_OFFLOAD_DIR_MAX && !err; dir++) {
		if (route->tuple[dir].xmit_type != FLOW_OFFLOAD_XMIT_DIRECT ||
		    route->tuple[!dir].in.num_tuns)
			continue;

		spin_lock_bh(&nf_flow_index_lock);
		err = nf_flow_way_add(flowtable, flow, &route->tuple[dir].path,
				      dir);
		spin_unlock_bh(&nf_flow_index_lock);
		if (err < 0)
			break;

		/* what happens to it from now on we are told */
		dst = route->tuple[dir].dst;
		cookie = nf_ct_l3num(flow->ct) == NFPROTO_IPV6 ?
			 rt6_get_cookie(dst_rt6_info(dst)) : 0;
		if (!dst_check(dst, cookie))
			err = -EAGAIN;
	}
	return err;
}
EXPORT_SYMBOL_GPL(nf_flow_index_add);
ALLOW_ERROR_INJECTION(nf_flow_index_add, ERRNO);

/**
 * nf_flow_index_del() - a flow goes away
 * @flow: flow
 *
 * Context: any but hard interrupts.
 */
void nf_flow_index_del(struct flow_offload *flow)
{
	struct nf_flow_way *way;
	int dir;

	for (dir = 0; dir < FLOW_OFFLOAD_DIR_MAX; dir++) {
		/* stays: packets that have found the flow may look at it */
		if (!flow->tuplehash[dir].tuple.has_way)
			continue;

		way = flow->tuplehash[dir].tuple.way;
		spin_lock_bh(&nf_flow_index_lock);
		if (way->dest) {
			list_del(&way->list);
			nf_flow_dest_put(way->dest);
		}
		spin_unlock_bh(&nf_flow_index_lock);
		kfree(way);
	}
}

/**
 * nf_flow_index_flush() - wait for lookups
 *
 * Call it when the flows of a flowtable are gone, and before its namespace is.
 *
 * Context: process, may sleep.
 */
void nf_flow_index_flush(void)
{
	flush_work(&nf_flow_index_worker);
}

/* Work */

/* Some of its flows. */
static void nf_flow_dest_end(struct nf_flow_dest *dest)
{
	struct nf_flowtable *flowtable = dest->path->flowtable;
	struct nf_flow_way *way, *next;
	int n = 0;

	dest->users++;
	list_for_each_entry_safe(way, next, &dest->ways, list) {
		if (n++ == NF_FLOW_INDEX_BATCH)
			break;
		list_del(&way->list);
		way->dest = NULL;
		flow_offload_teardown(way->flow);
		nf_flow_offload_unload(flowtable, way->flow);
		nf_flow_dest_put(dest);
	}
	if (list_empty(&dest->ways))
		list_del_init(&dest->todo);
	nf_flow_dest_put(dest);
}

/* A packet of one of its flows, as the routing code would see it. */
static void nf_flow_dest_flowi(const struct nf_flow_dest *dest,
			       struct flowi *fl)
{
	const struct nf_flow_way *way;
	const struct nf_conntrack_tuple *tuple;

	memset(fl, 0, sizeof(*fl));
	way = list_first_entry(&dest->ways, struct nf_flow_way, list);
	tuple = &way->flow->ct->tuplehash[way->dir].tuple;
	if (dest->family == AF_INET) {
		memcpy(&fl->u.ip4.daddr, dest->addr, sizeof(fl->u.ip4.daddr));
		fl->u.ip4.saddr = tuple->src.u3.ip;
		fl->u.ip4.flowi4_flags = FLOWI_FLAG_ANYSRC;
	} else {
		memcpy(&fl->u.ip6.daddr, dest->addr, sizeof(fl->u.ip6.daddr));
		fl->u.ip6.saddr = tuple->src.u3.in6;
		fl->u.ip6.flowi6_flags = FLOWI_FLAG_ANYSRC;
	}
	fl->flowi_proto = tuple->dst.protonum;
	fl->u.__fl_common.flowic_mark = 0;
}

static void nf_flow_path_look(struct nf_flow_path *path)
{
	bool valid;

	list_del_init(&path->todo);
	path->users++;
	spin_unlock_bh(&nf_flow_index_lock);
	valid = nf_flow_path_is_valid(path->net, &path->key);
	spin_lock_bh(&nf_flow_index_lock);
	if (!valid)
		nf_flow_path_kill(path);
	nf_flow_path_put(path);
}

static void nf_flow_dest_look(struct nf_flow_dest *dest)
{
	struct flowi fl;
	bool valid;

	list_del_init(&dest->todo);
	nf_flow_dest_flowi(dest, &fl);
	dest->users++;
	spin_unlock_bh(&nf_flow_index_lock);
	valid = nf_flow_route_is_valid(dest->path->net, &dest->path->key,
				       dest->family, &fl);
	spin_lock_bh(&nf_flow_index_lock);
	if (!valid)
		nf_flow_dest_kill(dest);
	nf_flow_dest_put(dest);
}

static void nf_flow_index_work(struct work_struct *work)
{
	struct nf_flow_path *path;
	struct nf_flow_dest *dest;

	spin_lock_bh(&nf_flow_index_lock);
	for (;;) {
		dest = list_first_entry_or_null(&nf_flow_dead_dests,
						struct nf_flow_dest, todo);
		if (dest) {
			nf_flow_dest_end(dest);
			goto next;
		}
		path = list_first_entry_or_null(&nf_flow_check_paths,
						struct nf_flow_path, todo);
		if (path) {
			nf_flow_path_look(path);
			goto next;
		}
		dest = list_first_entry_or_null(&nf_flow_check_dests,
						struct nf_flow_dest, todo);
		if (!dest)
			break;
		nf_flow_dest_look(dest);
next:
		spin_unlock_bh(&nf_flow_index_lock);
		cond_resched();
		spin_lock_bh(&nf_flow_index_lock);
	}
	spin_unlock_bh(&nf_flow_index_lock);
}

/* Events */

/**
 * nf_flow_index_empty() - is there nothing that could be concerned?
 *
 * Return: true if there are no paths.
 */
bool nf_flow_index_empty(void)
{
	return !READ_ONCE(nf_flow_n_paths);
}

/**
 * nf_flow_index_neigh() - a neighbour has changed
 * @net: namespace
 * @n: the neighbour
 * @ha: its link layer address; NULL if it is not known any more
 */
void nf_flow_index_neigh(const struct net *net, const struct neighbour *n,
			 const u8 *ha)
{
	const struct nf_flow_path_key *key;
	struct nf_flow_path *path;
	u32 hash;

	hash = nf_flow_hash_nexthop(n->dev->ifindex, n->primary_key,
				    n->tbl->key_len);
	spin_lock_bh(&nf_flow_index_lock);
	hash_for_each_possible(nf_flow_paths, path, by_nexthop, hash) {
		key = &path->key;
		if (path->net == net && key->ifindex == n->dev->ifindex &&
		    key->tbl == n->tbl &&
		    !memcmp(key->nexthop, n->primary_key, n->tbl->key_len) &&
		    (!ha || !ether_addr_equal(key->neigh_ha, ha)))
			nf_flow_path_check(path);
	}
	spin_unlock_bh(&nf_flow_index_lock);
}

/**
 * nf_flow_index_fdb() - a bridge has learned or forgotten a host
 * @net: namespace
 * @addr: the host's link layer address
 * @ifindex: port where it is; 0 if it was forgotten
 */
void nf_flow_index_fdb(const struct net *net, const u8 *addr, int ifindex)
{
	struct nf_flow_path *path;
	unsigned int i;

	spin_lock_bh(&nf_flow_index_lock);
	hash_for_each_possible(nf_flow_paths_ha, path, by_ha,
			       nf_flow_hash_ha(addr)) {
		if (path->net != net ||
		    !ether_addr_equal_unaligned(path->key.ha, addr))
			continue;
		for (i = 0; i < path->key.n_devs; i++)
			if (path->key.devs[i] == ifindex)
				break;
		if (i == path->key.n_devs)
			nf_flow_path_check(path);
	}
	spin_unlock_bh(&nf_flow_index_lock);
}

/**
 * nf_flow_index_dev() - a device is not what it was
 * @net: namespace
 * @ifindex: the device, through which no flow goes on
 */
void nf_flow_index_dev(const struct net *net, int ifindex)
{
	struct nf_flow_path_dev *dev;

	spin_lock_bh(&nf_flow_index_lock);
again:
	hash_for_each_possible(nf_flow_paths_dev, dev, node, ifindex) {
		if (dev->ifindex == ifindex && dev->path->net == net) {
			/* takes it off this list, more than once perhaps */
			nf_flow_path_kill(dev->path);
			goto again;
		}
	}
	spin_unlock_bh(&nf_flow_index_lock);
}

/**
 * nf_flow_index_route() - a route comes or goes
 * @net: namespace
 * @family: AF_INET or AF_INET6
 * @addr: its destination
 * @plen: length of its prefix; 0: any destination is concerned
 */
void nf_flow_index_route(const struct net *net, u8 family, const void *addr,
			 unsigned int plen)
{
	unsigned int i, len = family == AF_INET ? 4 : 16;
	struct nf_flow_route_event *event, *old;
	struct nf_flow_route_event key = {
		.net = net,
		.family = family,
	};

	for (i = 0; i < len; i++, plen -= min(plen, 8)) {
		u8 mask = 0xff00 >> min(plen, 8);

		key.first[i] = ((const u8 *)addr)[i] & mask;
		key.last[i] = key.first[i] | (u8)~mask;
	}

	spin_lock_bh(&nf_flow_index_lock);
	if (!nf_flow_dest_in(nf_flow_dest_from(net, family, key.first, NULL),
			     &key))
		goto unlock;

	list_for_each_entry(old, &nf_flow_route_events, list) {
		if (!old->again && old->net == net && old->family == family &&
		    !memcmp(old->first, key.first, sizeof(key.first)) &&
		    !memcmp(old->last, key.last, sizeof(key.last)))
			goto later;
	}
	event = kmemdup(&key, sizeof(key), GFP_ATOMIC);
	if (event) {
		event->due = jiffies + NF_FLOW_ROUTE_DELAY;
		list_add_tail(&event->list, &nf_flow_route_events);
	} else {
		nf_flow_route_any = true;
	}
later:
	mod_delayed_work(nf_flow_index_wq, &nf_flow_route_worker,
			 NF_FLOW_ROUTE_DELAY);
unlock:
	spin_unlock_bh(&nf_flow_index_lock);
}

/* Have its destinations looked at. */
static void nf_flow_route_mark(const struct nf_flow_route_event *event)
{
	struct nf_flow_dest *dest;
	unsigned int n = 0;
	u8 addr[sizeof(dest->addr)];

	dest = nf_flow_dest_from(event->net, event->family, event->first, NULL);
	while (nf_flow_dest_in(dest, event)) {
		if (list_empty(&dest->todo))
			list_add_tail(&dest->todo, &nf_flow_check_dests);

		if (++n % NF_FLOW_INDEX_BATCH) {
			dest = rb_entry_safe(rb_next(&dest->node),
					     struct nf_flow_dest, node);
			continue;
		}
		/* on with the next address, some of this may be new */
		memcpy(addr, dest->addr, sizeof(addr));
		spin_unlock_bh(&nf_flow_index_lock);
		cond_resched();
		spin_lock_bh(&nf_flow_index_lock);
		dest = nf_flow_dest_from(event->net, event->family, addr,
					 (void *)ULONG_MAX);
	}
}

static void nf_flow_route_mark_all(void)
{
	struct nf_flow_dest *dest;
	struct rb_node *node;

	for (node = rb_first(&nf_flow_dests); node; node = rb_next(node)) {
		dest = rb_entry(node, struct nf_flow_dest, node);
		if (list_empty(&dest->todo))
			list_add_tail(&dest->todo, &nf_flow_check_dests);
	}
}

/* The first event that is due; else how long it is till then, in *wait. */
static struct nf_flow_route_event *nf_flow_route_due(long *wait)
{
	struct nf_flow_route_event *event;
	long left;

	*wait = MAX_JIFFY_OFFSET;
	list_for_each_entry(event, &nf_flow_route_events, list) {
		left = event->due - jiffies;
		if (left <= 0)
			return event;
		*wait = min(*wait, left);
	}
	return NULL;
}

static void nf_flow_route_work(struct work_struct *work)
{
	struct nf_flow_route_event *event;
	long wait;

	spin_lock_bh(&nf_flow_index_lock);
	if (nf_flow_route_any) {
		nf_flow_route_any = false;
		nf_flow_route_mark_all();
	}
	while ((event = nf_flow_route_due(&wait))) {
		list_del(&event->list);
		nf_flow_route_mark(event);
		if (event->again) {
			kfree(event);
		} else {
			event->again = true;
			event->due = jiffies + HZ;
			list_add_tail(&event->list, &nf_flow_route_events);
		}
	}
	if (wait != MAX_JIFFY_OFFSET)
		mod_delayed_work(nf_flow_index_wq, &nf_flow_route_worker, wait);
	queue_work(nf_flow_index_wq, &nf_flow_index_worker);
	spin_unlock_bh(&nf_flow_index_lock);
}

/**
 * nf_flow_index_forget() - a namespace goes away
 * @net: namespace without flowtables
 */
void nf_flow_index_forget(const struct net *net)
{
	struct nf_flow_route_event *event, *next;

	spin_lock_bh(&nf_flow_index_lock);
	list_for_each_entry_safe(event, next, &nf_flow_route_events, list) {
		if (event->net == net) {
			list_del(&event->list);
			kfree(event);
		}
	}
	spin_unlock_bh(&nf_flow_index_lock);
}

int __init nf_flow_index_init(void)
{
	nf_flow_index_wq = alloc_workqueue("nf_ft_index", WQ_UNBOUND, 0);
	return nf_flow_index_wq ? 0 : -ENOMEM;
}

void nf_flow_index_exit(void)
{
	cancel_delayed_work_sync(&nf_flow_route_worker);
	destroy_workqueue(nf_flow_index_wq);
}
