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
 *	states, VLANs of a bridge,	all flows through bridges are looked for.
 *	more events than the ring holds
 *	devices				the next generation.
 *	a flow's own route is obsolete	by a packet of it in the fast path, which goes
 *					to the stack then, or the garbage collector
 *
 *	nf_flow_table_event.c          flowtable              flow
 *	nf_flow_net_work() --kick--> gc_work ----------> nf_flow_validate()
 *
 * A pass over a flowtable takes its time from a budget of the namespace, which is
 * filled at a fifteenth of the time that goes by. A pass that only looks for what
 * the ring names, or for bridges, has half of that on top for its own, and waits for no other. So
 * some events are obeyed at once, and in a storm of events all passes together
 * take no more than a tenth of a processor, each for all that happened since the
 * one before.
 *
 * A flow that is added while something happens may have asked too early, and may
 * be missed by a pass: it compares the number of events before and after.
 */
#include <linux/etherdevice.h>
#include <linux/spinlock.h>
#include <net/ip.h>
#include <net/ip6_route.h>
#include <net/neighbour.h>
#include <net/netfilter/nf_conntrack.h>
#include "nf_flow_table_validate.h"
#include "nf_flow_table_internal.h"

#define NF_FLOW_PASS_COST	(20 * NSEC_PER_USEC) /* besides flows */

/* One flow, one direction */

/* Readers go the other way round: with the new cookie they see the new route. */
static void nf_flow_take_dst(struct flow_offload_tuple *tuple,
			     struct dst_entry *dst)
{
	struct dst_entry *old = tuple->dst_cache;

	WRITE_ONCE(tuple->dst_cache, dst);
	smp_wmb(); /* pairs with smp_rmb() in nf_flow_dst_check() */
	WRITE_ONCE(*nf_flow_dst_cookie(tuple), tuple->l3proto == NFPROTO_IPV6 ?
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
static bool nf_flow_validate_path(struct nf_flow_check *check,
				  struct flow_offload *flow, int dir,
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
	WRITE_ONCE(flow->path[dir].vlan, path.vlan);
	if (flow->path[dir].shaped != path.shaped) {
		flow->path[dir].shaped = path.shaped;
		/* where a policy wants the flow is looked at next */
		WRITE_ONCE(check->gc_due, jiffies);
	}

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
 * that of another member of the group, which may have another MTU: flows in the
 * fast path that go by a route keep their own then, while it is valid.
 */
static bool nf_flow_validate_route(struct nf_flow_check *check,
				   struct flow_offload *flow, int dir,
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
	    !nf_flow_validate_path(check, flow, dir, hop, &tun_dst)) {
		dst_release(tun_dst);
		return false;
	}
	nf_flow_hop_init(&own, *dst, ends);
	if (tun_dst)
		swap(*dst, tun_dst);
	dst_release(tun_dst);

	if (nf_flow_nexthop_hash(&own) != nexthop) {
		if (tuple->xmit_type != FLOW_OFFLOAD_XMIT_DIRECT)
			return nf_flow_dst_check(tuple) &&
			       nf_flow_mtu(tuple, tuple->dst_cache) == tuple->mtu;
	} else if (nf_flow_mtu(tuple, *dst) != tuple->mtu) {
		return false;
	}
	nf_flow_take_dst(tuple, *dst);
	*dst = NULL;

	return true;
}

static bool nf_flow_validate_dir(struct nf_flowtable *flowtable,
				 struct flow_offload *flow, int dir, bool devs)
{
	struct net *net = read_pnet(&flowtable->net);
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
		ok = nf_flow_validate_route(flowtable->check, flow, dir, &ends,
					    &hop, devs, &dst);
	dst_release(dst);

	return ok;
}

/* Flows */

/**
 * struct nf_flow_pass - what a pass over a flowtable looks for
 * @gen: generation
 * @dev_gen: flows of an older one are asked about more than routes
 * @all: all flows
 * @bridged: all flows through a bridge
 * @only: no others than these and those of @name
 * @n: names in @name
 * @name: hashes of next hops and hosts
 * @mask: bits by the lowest 6 bits of each name
 */
struct nf_flow_pass {
	u32		gen;
	u32		dev_gen;
	bool		all;
	bool		bridged;
	bool		only;
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

static bool nf_flow_is_named(const struct nf_flow_pass *pass,
			     const struct flow_offload *flow)
{
	const struct flow_offload_path *path;
	const u8 *host;
	int dir;

	if (pass->all)
		return true;
	if (!pass->n && !pass->bridged)
		return false;
	for (dir = 0; dir < FLOW_OFFLOAD_DIR_MAX; dir++) {
		path = &flow->path[dir];
		host = flow->tuplehash[dir].tuple.out.h_dest;
		if (nf_flow_pass_names(pass, path->nexthop) ||
		    (path->bridged &&
		     (pass->bridged ||
		      nf_flow_pass_names(pass, nf_flow_host_hash(host)))))
			return true;
	}
	return false;
}

static void nf_flow_validate(struct nf_flowtable *flowtable,
			     struct flow_offload *flow, void *data)
{
	const struct nf_flow_pass *pass = data;
	bool devs;

	if (flow->type != NF_FLOW_OFFLOAD_ROUTE ||
	    test_bit(NF_FLOW_TEARDOWN, &flow->flags))
		return;
	devs = nf_flow_is_named(pass, flow);
	if (!devs && (pass->only || READ_ONCE(flow->gen) == pass->gen))
		return;
	if ((s32)(READ_ONCE(flow->gen) - pass->dev_gen) < 0)
		devs = true;

	local_bh_disable();
	if (nf_flow_validate_dir(flowtable, flow, FLOW_OFFLOAD_DIR_ORIGINAL,
				 devs) &&
	    nf_flow_validate_dir(flowtable, flow, FLOW_OFFLOAD_DIR_REPLY,
				 devs)) {
		WRITE_ONCE(flow->gen, pass->gen);
	} else {
		flow_offload_teardown(flow);
		nf_flow_offload_remove(flowtable, flow);
	}
	local_bh_enable();
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
	enum nf_flow_budget kind;
	struct nf_flow_pass pass = {};
	struct nf_flow_net *fn;
	u64 ran = 0;
	bool due;
	u32 i;

	if (!flowtable->type->hook)
		return false;

	fn = nf_flow_net(read_pnet(&flowtable->net));
	spin_lock_bh(&fn->lock);
	nf_flow_budget_fill(fn);
	pass.gen = fn->gen;
	pass.dev_gen = fn->dev_gen;
	pass.n = fn->head - check->tail;
	pass.bridged = fn->bridges != check->bridges;
	due = check->gen != pass.gen || READ_ONCE(check->stale);
	if (pass.n > NF_FLOW_RING) {
		/* lost: all that these may have named */
		pass.bridged = true;
		pass.all = fn->neighs != check->neighs;
		pass.n = 0;
		due = true;
	}
	kind = due && fn->budget[NF_FLOW_BUDGET_ALL] > 0 ?
	       NF_FLOW_BUDGET_ALL : NF_FLOW_BUDGET_NAMED;
	pass.only = kind == NF_FLOW_BUDGET_NAMED;
	if (pass.only && ((!pass.n && !pass.bridged) ||
			  fn->budget[kind] <= 0)) {
		due = due || pass.n || pass.bridged;
		spin_unlock_bh(&fn->lock);
		return due;
	}
	for (i = 0; i < pass.n; i++) {
		pass.name[i] = fn->ring[(check->tail + i) % NF_FLOW_RING];
		pass.mask |= BIT_ULL(pass.name[i] % 64);
	}
	check->tail = fn->head;
	check->neighs = fn->neighs;
	check->bridges = fn->bridges;
	if (!pass.only) {
		due = false;
		check->gen = pass.gen;
		WRITE_ONCE(check->stale, false);
	}
	spin_unlock_bh(&fn->lock);

	__nf_flow_table_iterate(flowtable, nf_flow_validate, &pass, &ran);

	spin_lock_bh(&fn->lock);
	fn->budget[kind] -= ran + NF_FLOW_PASS_COST;
	if (!pass.only)
		fn->pass = ran;
	spin_unlock_bh(&fn->lock);

	return due;
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
