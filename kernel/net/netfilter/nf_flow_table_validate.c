// SPDX-License-Identifier: GPL-2.0-only
/*
 * Flows do what the stack would do now.
 *
 * Theory of operation
 * ===================
 *
 * A flow remembers what the stack did with its packets when it was added: which
 * route, next hop, link layer address, devices down to the port, MTU. When any of
 * this may have changed the question is asked again, in full, of the functions
 * that the stack uses for a packet (nf_flow_table_probe.c, nf_flow_path_fill()). If
 * the answer is the same, the flow stays and takes over the new route; else it is
 * torn down, its rules are destroyed, and its next packets take the stack.
 *
 * The garbage collector looks at each flow anyway, and so does this. Each flow is
 * stamped with the generation of its namespace that it was validated in:
 *
 *	routes, rules, nexthops, IPsec	words that the kernel changes after each of
 *	policies, forwarding switches	these. They are polled while there are flows,
 *					so events cost nothing, and an event is seen
 *					when it is in place. Another word, another
 *					generation.
 *	neighbours, bridges' hosts	notifiers leave a hash of the next hop or of
 *					the host's address in a ring. Who has seen
 *					less than all of it looks for these.
 *	devices, states of a bridge,	the next generation.
 *	more events than the ring holds
 *	a flow's own route is obsolete	by a packet of it in the fast path, which goes
 *					to the stack then, or the garbage collector
 *
 *	   words, ring                 flowtable              flow
 *	nf_flow_net_work() --kick--> gc_work ----------> nf_flow_validate()
 *
 * A pass over a flowtable takes its time from a budget of the namespace, which is
 * filled at a thirteenth of the time that goes by. So some events are obeyed at
 * once, and in a storm of events passes take less than a tenth of a processor,
 * each for all that happened since the one before.
 *
 * A flow that is added while something happens may have asked too early, and may
 * be missed by a pass: it compares the number of events before and after.
 */
#include <linux/etherdevice.h>
#include <linux/inetdevice.h>
#include <linux/jhash.h>
#include <linux/ktime.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>
#include <net/ip.h>
#include <net/ip6_fib.h>
#include <net/ip6_route.h>
#include <net/neighbour.h>
#include <net/netevent.h>
#include <net/netns/generic.h>
#include <net/switchdev.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_flow_table.h>
#include "nf_flow_table_validate.h"

#define NF_FLOW_RING		32
#define NF_FLOW_POLL		msecs_to_jiffies(20)
#define NF_FLOW_BUDGET_SHARE	13
#define NF_FLOW_BUDGET_MAX	(200LL * NSEC_PER_MSEC)	/* or two passes */
#define NF_FLOW_PASS_COST	(20 * NSEC_PER_USEC) /* besides flows */

/* Of a flow that is to be asked about everything */
#define NF_FLOW_GEN_OLD(gen)	((gen) - (U32_MAX >> 2))

enum {
	NF_FLOW_WORD_RT4,
	NF_FLOW_WORD_RP_FILTER,
	NF_FLOW_WORD_NEXTHOP,
	NF_FLOW_WORD_RT6,
	NF_FLOW_WORD_RT6_DEL,
	NF_FLOW_WORD_FORWARD6,
	NF_FLOW_WORD_XFRM_OUT,
	NF_FLOW_WORD_XFRM_FWD,
	NF_FLOW_WORDS,
};

/**
 * struct nf_flow_net - what may concern the flows of a namespace
 * @net: the namespace
 * @work: polls @word, kicks flowtables
 * @polling: @work is queued, or about to be; else events are of no interest
 * @kicked: flowtables are to be looked at
 * @gen: generation, what a flow is to be stamped with
 * @dev_gen: the last one that was about more than routes
 * @events: changes of @gen and @head
 * @word: as they were polled last
 * @idle: polls since flows were looked for
 * @lock: protects what follows
 * @head: entries that the ring ever had
 * @ring: the last of them
 * @all: the next generation is due
 * @budget: time for passes, ns; negative after a long one
 * @pass: time that the last one took, ns
 * @filled: when @budget was filled
 */
struct nf_flow_net {
	struct net		*net;
	struct delayed_work	work;
	bool			polling;
	bool			kicked;
	u32			gen;
	u32			dev_gen;
	u32			events;
	u32			word[NF_FLOW_WORDS];
	unsigned int		idle;
	spinlock_t		lock; /* see above */
	u32			head;
	u32			ring[NF_FLOW_RING];
	bool			all;
	s64			budget;
	s64			pass;
	u64			filled;
};

static unsigned int nf_flow_net_id __read_mostly;

/* Garbage collectors of flowtables and polls of namespaces */
struct workqueue_struct *nf_flow_gc_wq __read_mostly;

static struct nf_flow_net *nf_flow_net(const struct net *net)
{
	return net_generic(net, nf_flow_net_id);
}

/* One flow, one direction */

/* Readers go the other way round: with the new cookie they see the new route. */
static void nf_flow_take_dst(struct flow_offload_tuple *tuple,
			     struct dst_entry *dst)
{
	struct dst_entry *old = tuple->dst_cache;

	WRITE_ONCE(tuple->dst_cache, dst);
	smp_wmb(); /* pairs with smp_rmb() in nf_flow_dst_check() */
	WRITE_ONCE(tuple->dst_cookie, tuple->l3proto == NFPROTO_IPV6 ?
		   rt6_get_cookie(dst_rt6_info(dst)) : 0);
	dst_release(old);
}

static u16 nf_flow_mtu(const struct flow_offload_tuple *tuple,
		       struct dst_entry *dst)
{
	return tuple->l3proto == NFPROTO_IPV6 ?
	       ip6_dst_mtu_maybe_forward(dst, true) :
	       ip_dst_mtu_maybe_forward(dst, true);
}

/* The way from the next hop's device to the port. The packets of a tunnel take
 * the route of the outer ones, which is found on the way.
 */
static bool nf_flow_validate_path(struct flow_offload *flow, int dir,
				  const struct nf_flow_hop *hop,
				  struct dst_entry **tun_dst)
{
	struct net_device_path_stack stack;
	struct flow_offload_path path;
	unsigned char ha[ETH_ALEN];
	int i;

	if (nf_flow_path_fill(hop, flow->tuplehash[dir].tuple.l3proto, false,
			      &stack, ha, &path) < 0)
		return false;

	for (i = 0; i < stack.num_paths; i++)
		if (stack.path[i].type == DEV_PATH_TUN && !*tun_dst)
			*tun_dst = dst_clone(stack.path[i].tun.dst);
	dev_fill_forward_path_release(&stack);

	return path.hash == flow->path[dir].hash;
}

/* Is this @dst, which is another one each time, still the flow's? */
static bool nf_flow_validate_xfrm(const struct flow_offload *flow, int dir,
				  const struct dst_entry *dst)
{
	const struct flow_offload_tuple *tuple = &flow->tuplehash[dir].tuple;

	return tuple->xmit_type == FLOW_OFFLOAD_XMIT_XFRM && dst_xfrm(dst) &&
	       dst->dev->ifindex == flow->path[dir].ifindex &&
	       nf_flow_dst_check(tuple);
}

/* Which way does a packet of the flow take, and is it the flow's? What is below the
 * route is known if nothing happened there. Then the route is taken over. It may be
 * that of another member of the group, which may have another MTU; flows in the
 * fast path that go by a route take no other.
 */
static bool nf_flow_validate_route(struct flow_offload *flow, int dir,
				   const struct nf_flow_ends *ends,
				   const struct nf_flow_hop *hop, bool devs,
				   struct dst_entry **dst)
{
	struct flow_offload_tuple *tuple = &flow->tuplehash[dir].tuple;
	u32 nexthop = flow->path[dir].nexthop;
	struct dst_entry *tun_dst = NULL;
	struct nf_flow_hop own;

	if (tuple->xmit_type == FLOW_OFFLOAD_XMIT_XFRM ||
	    hop->dev->ifindex != flow->path[dir].ifindex ||
	    nf_flow_nexthop_hash(hop) != nexthop)
		return false;

	if ((devs || flow->tuplehash[!dir].tuple.tun_num) &&
	    !nf_flow_validate_path(flow, dir, hop, &tun_dst)) {
		dst_release(tun_dst);
		return false;
	}
	nf_flow_hop_init(&own, *dst, ends);
	if (tun_dst)
		swap(*dst, tun_dst);
	dst_release(tun_dst);

	if (nf_flow_nexthop_hash(&own) != nexthop) {
		if (tuple->xmit_type != FLOW_OFFLOAD_XMIT_DIRECT)
			return false;
	} else if (nf_flow_mtu(tuple, *dst) != tuple->mtu) {
		return false;
	}
	nf_flow_take_dst(tuple, *dst);
	*dst = NULL;

	return true;
}

static bool nf_flow_validate_dir(struct net *net, struct flow_offload *flow,
				 int dir, bool devs)
{
	const struct flow_offload_path *path = &flow->path[dir];
	struct nf_flow_ends ends;
	struct nf_flow_hop hop;
	struct dst_entry *dst;
	bool secure, ok;

	secure = flow->tuplehash[!dir].tuple.xmit_type ==
		 FLOW_OFFLOAD_XMIT_XFRM;
	nf_flow_ends_flow(&ends, flow, dir);
	dst = nf_flow_probe(net, &ends, flow->path[!dir].ifindex, path, secure,
			    path->nexthop, &hop);
	if (!dst || dst->flags & DST_XFRM_QUEUE)
		ok = false;
	else if (dst_xfrm(dst))
		ok = nf_flow_validate_xfrm(flow, dir, dst);
	else
		ok = nf_flow_validate_route(flow, dir, &ends, &hop, devs, &dst);
	dst_release(dst);

	return ok;
}

/* Flows */

/**
 * struct nf_flow_pass - what a pass over a flowtable looks for
 * @gen: generation
 * @dev_gen: flows of an older one are asked about more than routes
 * @all: all flows
 * @n: names in @name
 * @name: hashes of next hops and hosts
 * @mask: bits by the lowest 6 bits of each name
 */
struct nf_flow_pass {
	u32		gen;
	u32		dev_gen;
	bool		all;
	unsigned int	n;
	u32		name[NF_FLOW_RING];
	u64		mask;
};

static bool nf_flow_pass_names(const struct nf_flow_pass *pass, u32 name)
{
	unsigned int i;

	if (!(pass->mask & BIT_ULL(name % 64)))
		return false;
	for (i = 0; i < pass->n; i++)
		if (pass->name[i] == name)
			return true;
	return false;
}

static u32 nf_flow_host_hash(const u8 *addr)
{
	return jhash(addr, ETH_ALEN, 0);
}

static bool nf_flow_is_named(const struct nf_flow_pass *pass,
			     const struct flow_offload *flow)
{
	const struct flow_offload_path *path;
	const u8 *host;
	int dir;

	for (dir = 0; pass->n && dir < FLOW_OFFLOAD_DIR_MAX; dir++) {
		path = &flow->path[dir];
		host = flow->tuplehash[dir].tuple.out.h_dest;
		if (nf_flow_pass_names(pass, path->nexthop) ||
		    (path->bridged &&
		     nf_flow_pass_names(pass, nf_flow_host_hash(host))))
			return true;
	}
	return false;
}

static void nf_flow_validate(struct nf_flowtable *flowtable,
			     struct flow_offload *flow, void *data)
{
	struct net *net = read_pnet(&flowtable->net);
	const struct nf_flow_pass *pass = data;
	bool devs;

	if (flow->type != NF_FLOW_OFFLOAD_ROUTE ||
	    test_bit(NF_FLOW_TEARDOWN, &flow->flags))
		return;
	devs = pass->all || nf_flow_is_named(pass, flow) ||
	       (s32)(READ_ONCE(flow->gen) - pass->dev_gen) < 0;
	if (!devs && READ_ONCE(flow->gen) == pass->gen)
		return;

	local_bh_disable();
	if (nf_flow_validate_dir(net, flow, FLOW_OFFLOAD_DIR_ORIGINAL, devs) &&
	    nf_flow_validate_dir(net, flow, FLOW_OFFLOAD_DIR_REPLY, devs)) {
		WRITE_ONCE(flow->gen, pass->gen);
	} else {
		flow_offload_teardown(flow);
		nf_flow_offload_unload(flowtable, flow);
	}
	local_bh_enable();
}

static void nf_flow_budget_fill(struct nf_flow_net *fn)
{
	u64 now = ktime_get_ns();

	lockdep_assert_held(&fn->lock);
	fn->budget += div_u64(now - fn->filled, NF_FLOW_BUDGET_SHARE);
	fn->budget = min_t(s64, fn->budget,
			   max(NF_FLOW_BUDGET_MAX, 2 * fn->pass));
	fn->filled = now;
}

/**
 * nf_flow_validate_table() - end flows that do what the stack would not
 * @flowtable: flowtable
 *
 * Context: its garbage collector.
 * Return: true if there is something to look at, and no time for that now.
 */
bool nf_flow_validate_table(struct nf_flowtable *flowtable)
{
	struct nf_flow_check *check = flowtable->check;
	struct nf_flow_pass pass = {};
	struct nf_flow_net *fn;
	u64 ran = 0;
	u32 i;

	if (!flowtable->type->hook)
		return false;

	fn = nf_flow_net(read_pnet(&flowtable->net));
	spin_lock_bh(&fn->lock);
	pass.gen = fn->gen;
	pass.dev_gen = fn->dev_gen;
	pass.n = fn->head - check->tail;
	if (!pass.n && check->gen == pass.gen && !READ_ONCE(check->stale)) {
		spin_unlock_bh(&fn->lock);
		return false;
	}
	nf_flow_budget_fill(fn);
	if (fn->budget <= 0) {
		spin_unlock_bh(&fn->lock);
		return true;
	}
	if (pass.n > NF_FLOW_RING) {
		pass.all = true;
		pass.n = 0;
	}
	for (i = 0; i < pass.n; i++) {
		pass.name[i] = fn->ring[(check->tail + i) % NF_FLOW_RING];
		pass.mask |= BIT_ULL(pass.name[i] % 64);
	}
	check->tail = fn->head;
	check->gen = pass.gen;
	WRITE_ONCE(check->stale, false);
	spin_unlock_bh(&fn->lock);

	__nf_flow_table_iterate(flowtable, nf_flow_validate, &pass, &ran);

	spin_lock_bh(&fn->lock);
	fn->budget -= ran + NF_FLOW_PASS_COST;
	fn->pass = ran;
	spin_unlock_bh(&fn->lock);

	return false;
}

/* Packets of @dir were forwarded without the stack, which would have used the
 * neighbour entry of where they go to, and had bridges refresh that of where they
 * come from. Returns false if they would not be forwarded like that.
 */
static bool nf_flow_touch_dir(struct flow_offload *flow, int dir)
{
	const struct dst_entry *dst = flow->tuplehash[dir].tuple.dst_cache;
	struct net_device_path_stack stack;
	struct flow_offload_path path;
	unsigned char ha[ETH_ALEN];
	struct nf_flow_ends ends;
	struct nf_flow_hop hop;
	struct neighbour *n;

	if (READ_ONCE(dst->obsolete) == DST_OBSOLETE_DEAD ||
	    READ_ONCE(dst->obsolete) == DST_OBSOLETE_KILL)
		return false;

	if (flow->tuplehash[dir].tuple.xmit_type == FLOW_OFFLOAD_XMIT_DIRECT) {
		nf_flow_ends_flow(&ends, flow, dir);
		nf_flow_hop_init(&hop, dst, &ends);
		if (nf_flow_nexthop_hash(&hop) == flow->path[dir].nexthop &&
		    hop.dev->type == ARPHRD_ETHER) {
			n = nf_flow_hop_neigh(&hop);
			if (!n || !(READ_ONCE(n->nud_state) & NUD_VALID))
				return false;
			neigh_event_send(n, NULL);
		}
	}
	if (flow->path[!dir].bridged) {
		nf_flow_ends_flow(&ends, flow, !dir);
		nf_flow_hop_init(&hop, flow->tuplehash[!dir].tuple.dst_cache,
				 &ends);
		if (nf_flow_nexthop_hash(&hop) == flow->path[!dir].nexthop &&
		    !nf_flow_path_fill(&hop, ends.l3proto, true, &stack, ha,
				       &path))
			dev_fill_forward_path_release(&stack);
	}
	return true;
}

/**
 * nf_flow_validate_gc() - what the garbage collector does for a flow each second
 * @flowtable: flowtable
 * @flow: flow of @flowtable
 *
 * Context: process, rcu_read_lock() held.
 */
void nf_flow_validate_gc(struct nf_flowtable *flowtable,
			 struct flow_offload *flow)
{
	struct nf_flow_check *check = flowtable->check;
	int dir;

	if (flow->type != NF_FLOW_OFFLOAD_ROUTE ||
	    test_bit(NF_FLOW_TEARDOWN, &flow->flags))
		return;

	if (READ_ONCE(flow->gen) != check->gen)
		WRITE_ONCE(check->stale, true);
	for (dir = 0; dir < FLOW_OFFLOAD_DIR_MAX; dir++) {
		if (!test_bit(NF_FLOW_SEEN + dir, &flow->flags))
			continue;
		clear_bit(NF_FLOW_SEEN + dir, &flow->flags);
		if (!nf_flow_touch_dir(flow, dir)) {
			WRITE_ONCE(flow->gen, NF_FLOW_GEN_OLD(check->gen));
			WRITE_ONCE(check->stale, true);
		}
	}
}

/* Namespaces */

/* Have flowtables looked at, at once if there is time for it. */
static void nf_flow_net_kick(struct nf_flow_net *fn)
{
	if (READ_ONCE(fn->kicked))
		return;
	WRITE_ONCE(fn->kicked, true);
	if (READ_ONCE(fn->budget) > 0)
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

static void nf_flow_net_poll(struct nf_flow_net *fn)
{
	u32 word[NF_FLOW_WORDS] = {};

	nf_flow_net_words(fn->net, word);
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
		mod_delayed_work(nf_flow_gc_wq, &flowtable->gc_work, 0);
	return 0;
}

static void nf_flow_net_work(struct work_struct *work)
{
	struct nf_flow_net *fn = container_of(to_delayed_work(work),
					      struct nf_flow_net, work);
	struct nf_flow_net_tables tables = {};

	nf_flow_net_poll(fn);
	tables.kick = READ_ONCE(fn->kicked) && READ_ONCE(fn->budget) > 0;
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

static void nf_flow_event(const struct net *net, bool all, u32 name)
{
	struct nf_flow_net *fn = nf_flow_net(net);

	if (!READ_ONCE(fn->polling))
		return;

	spin_lock_bh(&fn->lock);
	if (all)
		fn->all = true;
	else
		fn->ring[fn->head++ % NF_FLOW_RING] = name;
	WRITE_ONCE(fn->events, fn->events + 1);
	spin_unlock_bh(&fn->lock);
	nf_flow_net_kick(fn);
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
	nf_flow_event(dev_net(n->dev), false, nf_flow_nexthop_hash(&hop));

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
		nf_flow_event(dev_net(dev), false, nf_flow_host_hash(fdb->addr));
		break;
	case SWITCHDEV_BRIDGE_FORWARDING:
		nf_flow_event(dev_net(dev), true, 0);
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
	case NETDEV_DOWN:
	case NETDEV_UNREGISTER:
	case NETDEV_CHANGEADDR:
	case NETDEV_CHANGEMTU:
	case NETDEV_CHANGEUPPER:
		nf_flow_event(dev_net(netdev_notifier_info_to_dev(ptr)), true,
			      0);
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
	flowtable->check->gc_due = jiffies + HZ;
	return 0;
}

void nf_flow_check_free(struct nf_flowtable *flowtable)
{
	kfree(flowtable->check);
}

static int __net_init nf_flow_validate_net_init(struct net *net)
{
	struct nf_flow_net *fn = nf_flow_net(net);

	fn->net = net;
	fn->filled = ktime_get_ns();
	fn->budget = NF_FLOW_BUDGET_MAX;
	spin_lock_init(&fn->lock);
	INIT_DELAYED_WORK(&fn->work, nf_flow_net_work);
	return 0;
}

static void __net_exit nf_flow_validate_net_exit(struct net *net)
{
	disable_delayed_work_sync(&nf_flow_net(net)->work);
}

static struct pernet_operations nf_flow_validate_net_ops = {
	.init = nf_flow_validate_net_init,
	.exit = nf_flow_validate_net_exit,
	.id = &nf_flow_net_id,
	.size = sizeof(struct nf_flow_net),
};

int __init nf_flow_validate_init(void)
{
	int err;

	nf_flow_gc_wq = alloc_workqueue("nf_ft_path", WQ_UNBOUND | WQ_SYSFS, 0);
	if (!nf_flow_gc_wq)
		return -ENOMEM;
	err = register_pernet_subsys(&nf_flow_validate_net_ops);
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
	unregister_pernet_subsys(&nf_flow_validate_net_ops);
err_pernet:
	destroy_workqueue(nf_flow_gc_wq);
	return err;
}

void nf_flow_validate_exit(void)
{
	unregister_netdevice_notifier(&nf_flow_netdev_nb);
	unregister_switchdev_notifier(&nf_flow_switchdev_nb);
	unregister_netevent_notifier(&nf_flow_netevent_nb);
	unregister_pernet_subsys(&nf_flow_validate_net_ops);
	destroy_workqueue(nf_flow_gc_wq);
}
