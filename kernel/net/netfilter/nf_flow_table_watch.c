// SPDX-License-Identifier: GPL-2.0-only
/*
 * Flows with a number, an age and counters.
 *
 * Theory of operation
 * ===================
 *
 * A flowtable is made to find the flow of a packet, and nothing else: it does not
 * count, and flows move when its hash table grows, so that a walk which stops and
 * goes on may meet one twice. A list of flows needs more. While a network
 * namespace counts, each flow of it has a struct nf_flow_watch: numbers rise, and
 * a tree of the namespace finds the next flow after a number. A list that stops
 * and goes on later has each flow that is there all the time exactly once.
 *
 *	struct flow_offload            struct nf_flow_watch       tree by id
 *	+------------+  watch    flow  +-----------+
 *	|            | --------------> |  id 4711  | <------------ 4711
 *	|            | <-------------- |  counters |
 *	+------------+                 +-----------+
 *
 * Who switches it on
 * ------------------
 *
 * A namespace counts while it has users: nf_flow_watch_get() and
 * nf_flow_watch_put(). They are its sysctl nf_flow_acct, listeners of events, and
 * lists of flows, for a while longer than a list takes. Without a user in
 * any namespace, all that is left of this is a pointer in struct flow_offload that
 * is NULL, and a static key.
 *
 * What it takes
 * -------------
 *
 * Memory is charged to the cgroup of the first user, and there are no more
 * than nf_flow_acct_max watches in a namespace. A flow for which there is no memory
 * or no room is forwarded and offloaded like any other. It has no number, and a
 * list has it after the others: see nf_flow_table_walk.c. When the next user comes,
 * it gets a watch if there is room by then.
 *
 * Lifetime
 * --------
 *
 * With a watch in the tree, found under RCU, there is its flow: a flow that is
 * freed takes its watch out of the tree first. Flows get a watch when they are
 * added, or from a walk over the flowtables; and lose it when they are freed, or
 * the namespace counts no longer. flow->watch is exchanged atomically, so that
 * exactly one of those that take it away frees it. Only the walk may meet a flow
 * that is being freed: NF_FLOW_FREED is set before its watch is taken away, and
 * looked at after one was given to it.
 */
#include <linux/ktime.h>
#include <linux/memcontrol.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/rbtree.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/sysctl.h>
#include <linux/workqueue.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_flow_watch.h>

/* Watches in a namespace, 192 bytes each, unless the sysctl says otherwise */
#define NF_FLOW_WATCH_MAX	1048576

/* Flows that the walk looks at in one RCU section */
#define NF_FLOW_WATCH_BATCH	256

/* As INITIAL_JIFFIES: with debugging, numbers soon need more than 32 bits. */
#define NF_FLOW_WATCH_FIRST	(IS_ENABLED(CONFIG_DEBUG_NET) ? U32_MAX - 8ULL : 0)

/**
 * struct nf_flow_watch_net - watches of a network namespace
 * @net: the namespace
 * @lock: protects @tree, @youngest, and writing @num and @last
 * @tree: struct nf_flow_watch by number
 * @youngest: the last one in @tree, or NULL
 * @num: of watches in @tree: the sysctl
 * @max: how many there may be: the sysctl
 * @last: number given last
 * @on: flows get a watch when they are added; written under @mutex
 * @there: there may be watches; written under @mutex
 * @missed: a flow has none for want of memory or room
 * @memcg: pays, while @on or @users; NULL: none does
 * @users: how many
 * @until: get_jiffies_64() until when it counts at least without users
 * @mutex: protects the start, the end and the walk; and @wanted
 * @work: starts, or ends, what @users and @until say
 * @wanted: the sysctl nf_flow_acct, which is one of @users
 * @header: of the sysctls
 */
struct nf_flow_watch_net {
	struct net		*net;
	spinlock_t		lock; /* see above */
	struct rb_root		tree;
	struct rb_node		*youngest;
	unsigned int		num;
	unsigned int		max;
	atomic64_t		last;
	bool			on;
	bool			there;
	bool			missed;
	struct mem_cgroup	*memcg;
	atomic_t		users;
	atomic64_t		until;
	struct mutex		mutex; /* see above */
	struct delayed_work	work;
	u8			wanted;
	struct ctl_table_header	*header;
};

static unsigned int nf_flow_watch_net_id __read_mostly;
static struct kmem_cache *nf_flow_watch_cachep __read_mostly;
static const struct nf_flow_watcher __rcu *nf_flow_watcher;

DEFINE_STATIC_KEY_FALSE(nf_flow_watched);
EXPORT_SYMBOL_GPL(nf_flow_watched);

static struct nf_flow_watch_net *nf_flow_watch_pernet(const struct net *net)
{
	return net_generic(net, nf_flow_watch_net_id);
}

static struct nf_flow_watch_net *
nf_flow_watch_pernet_of(const struct nf_flow_watch *watch)
{
	return nf_flow_watch_pernet(read_pnet(&watch->flowtable->net));
}

static bool nf_flow_watch_room(const struct nf_flow_watch_net *wn)
{
	return READ_ONCE(wn->num) < READ_ONCE(wn->max);
}

static struct nf_flow_watch *nf_flow_watch_alloc(struct nf_flow_watch_net *wn,
						 gfp_t gfp)
{
	struct nf_flow_watch *watch = NULL;
	struct mem_cgroup *old;

	if (nf_flow_watch_room(wn)) {
		old = set_active_memcg(READ_ONCE(wn->memcg));
		watch = kmem_cache_zalloc(nf_flow_watch_cachep,
					  gfp | __GFP_ACCOUNT | __GFP_NOWARN);
		set_active_memcg(old);
	}
	if (!watch)
		WRITE_ONCE(wn->missed, true);
	return watch;
}

static void nf_flow_watch_insert(struct nf_flow_watch_net *wn,
				 struct nf_flow_watch *watch,
				 struct nf_flowtable *flowtable,
				 struct flow_offload *flow)
{
	struct rb_node **link;

	watch->flow = flow;
	watch->flowtable = flowtable;
	watch->ct_id = nf_ct_get_id(flow->ct);
	watch->born = ktime_get_coarse_boottime_ns();

	spin_lock_bh(&wn->lock);
	watch->id = atomic64_inc_return(&wn->last);
	link = wn->youngest ? &wn->youngest->rb_right : &wn->tree.rb_node;
	rb_link_node(&watch->node, wn->youngest, link);
	rb_insert_color(&watch->node, &wn->tree);
	wn->youngest = &watch->node;
	WRITE_ONCE(wn->num, wn->num + 1);
	spin_unlock_bh(&wn->lock);
}

/* Only one worker at a time has to do with a flow, and a flow is not freed
 * meanwhile; when the watch ends, workers have been told before.
 */
static void nf_flow_watch_trouble(struct nf_flow_watch *watch,
				  enum flow_offload_tuple_dir dir,
				  struct nf_flow_trouble *trouble)
{
	trouble = unrcu_pointer(xchg(&watch->count[dir].trouble,
				     RCU_INITIALIZER(trouble)));
	if (trouble)
		kfree_rcu(trouble, rcu);
}

/* A driver asked again often says the same again. */
static void nf_flow_watch_failed(struct nf_flow_watch *watch,
				 enum flow_offload_tuple_dir dir, int err,
				 enum nf_flow_reason reason, const char *msg)
{
	struct nf_flow_trouble *trouble = rcu_dereference(watch->count[dir].trouble);
	struct nf_flow_watch_net *wn = nf_flow_watch_pernet_of(watch);
	size_t len = msg ? strlen(msg) : 0;
	struct mem_cgroup *old;

	if (trouble && trouble->reason == reason &&
	    !strcmp(trouble->msg, msg ?: ""))
		return;

	trouble = NULL;
	if (len || reason != nf_flow_reason_driver(err)) {
		old = set_active_memcg(READ_ONCE(wn->memcg));
		trouble = kzalloc_flex(*trouble, msg, len + 1,
				       GFP_ATOMIC | __GFP_ACCOUNT);
		set_active_memcg(old);
		if (trouble) {
			trouble->reason = reason;
			memcpy(trouble->msg, msg ?: "", len);
		}
	}
	nf_flow_watch_trouble(watch, dir, trouble);
}

static void nf_flow_watch_release(struct nf_flow_watch *watch)
{
	struct nf_flow_watch_net *wn = nf_flow_watch_pernet_of(watch);
	int dir;

	for (dir = 0; dir < FLOW_OFFLOAD_DIR_MAX; dir++)
		nf_flow_watch_trouble(watch, dir, NULL);

	spin_lock_bh(&wn->lock);
	if (wn->youngest == &watch->node)
		wn->youngest = rb_prev(&watch->node);
	rb_erase(&watch->node, &wn->tree);
	WRITE_ONCE(wn->num, wn->num - 1);
	spin_unlock_bh(&wn->lock);
	kfree_rcu(watch, rcu);
}

/* The flow is not in the flowtable yet: nothing else knows it. */
void __nf_flow_watch_add(struct nf_flowtable *flowtable,
			 struct flow_offload *flow)
{
	struct nf_flow_watch_net *wn;
	struct nf_flow_watch *watch;

	wn = nf_flow_watch_pernet(read_pnet(&flowtable->net));
	if (!READ_ONCE(wn->on))
		return;

	watch = nf_flow_watch_alloc(wn, GFP_ATOMIC);
	if (watch)
		nf_flow_watch_insert(wn, watch, flowtable, flow);
	flow->watch = watch;
}

/* Take the watch away, if there is one. */
static struct nf_flow_watch *nf_flow_watch_take(struct flow_offload *flow)
{
	return READ_ONCE(flow->watch) ? xchg(&flow->watch, NULL) : NULL;
}

/* Why is it leaving? Who tears a flow down may have said so; else it shows. */
static enum nf_flow_cause nf_flow_watch_why(const struct flow_offload *flow)
{
	if (nf_ct_is_dying(flow->ct))
		return NF_FLOW_CAUSE_CONNTRACK;
	if (test_bit(NF_FLOW_CLOSING, &flow->flags))
		return NF_FLOW_CAUSE_CLOSED;
	if (nf_flow_timeout_delta(flow->timeout) <= 0)
		return NF_FLOW_CAUSE_TIMEOUT;
	return NF_FLOW_CAUSE_PATH;
}

/**
 * nf_flow_watch_cause() - say why a flow is about to go
 * @flow: flow that the caller tears down
 * @cause: why
 *
 * The first to say it is right.
 *
 * Context: any; RCU keeps @flow.
 */
void nf_flow_watch_cause(struct flow_offload *flow, enum nf_flow_cause cause)
{
	struct nf_flow_watch *watch;

	if (!static_branch_unlikely(&nf_flow_watched))
		return;
	rcu_read_lock();
	watch = READ_ONCE(flow->watch);
	if (watch)
		cmpxchg(&watch->cause, NF_FLOW_CAUSE_UNKNOWN, cause);
	rcu_read_unlock();
}
EXPORT_SYMBOL_GPL(nf_flow_watch_cause);

/* See nf_flow_watch_event(). */
void __nf_flow_watch_event(struct flow_offload *flow, enum nf_flow_event event,
			   enum flow_offload_tuple_dir dir, int err,
			   enum nf_flow_reason reason, const char *msg)
{
	const struct nf_flow_watcher *watcher;
	struct net *net = nf_ct_net(flow->ct);
	struct nf_flow_watch *watch;

	if (flow->type != NF_FLOW_OFFLOAD_ROUTE)
		return;

	rcu_read_lock();
	watcher = rcu_dereference(nf_flow_watcher);
	watch = READ_ONCE(flow->watch);
	if (watch && event == NF_FLOW_EVENT_FAILED)
		nf_flow_watch_failed(watch, dir, err, reason, msg);
	if (watcher && READ_ONCE(nf_flow_watch_pernet(net)->on))
		watcher->event(net, watch, event, dir, err, reason, msg);
	rcu_read_unlock();
}

/* See nf_flow_watch_skip(). */
void __nf_flow_watch_skip(struct nf_flowtable *flowtable,
			  const struct nf_conn *ct, enum nf_flow_reason reason)
{
	struct net *net = read_pnet(&flowtable->net);
	const struct nf_flow_watcher *watcher;

	if (!READ_ONCE(nf_flow_watch_pernet(net)->on))
		return;

	nf_flow_count_skip(flowtable, reason);
	rcu_read_lock();
	watcher = rcu_dereference(nf_flow_watcher);
	if (watcher && ct)
		watcher->skip(net, ct, reason);
	rcu_read_unlock();
}
EXPORT_SYMBOL_GPL(__nf_flow_watch_skip);

/**
 * nf_flow_watch_del() - a flow did not get into its flowtable
 * @flow: flow that is not in the flowtable yet
 *
 * Context: any but hard interrupts.
 */
void nf_flow_watch_del(struct flow_offload *flow)
{
	struct nf_flow_watch *watch;

	rcu_read_lock(); /* nf_flow_watch_end() waits */
	watch = nf_flow_watch_take(flow);
	if (watch)
		nf_flow_watch_release(watch);
	rcu_read_unlock();
}

/**
 * nf_flow_watch_free() - a flow is about to be freed
 * @flow: flow that has left its flowtable, or was never in it
 *
 * Context: any but hard interrupts.
 */
void nf_flow_watch_free(struct flow_offload *flow)
{
	set_bit(NF_FLOW_FREED, &flow->flags);
	/* pairs with the cmpxchg() in nf_flow_watch_give() */
	smp_mb__after_atomic();
	if (!READ_ONCE(flow->watch))
		return;

	nf_flow_watch_cause(flow, nf_flow_watch_why(flow));
	nf_flow_watch_event(flow, NF_FLOW_EVENT_GONE, 0, 0, NF_FLOW_REASON_NONE,
			    NULL);
	nf_flow_watch_del(flow);
}

/* A flow that has none */
static void nf_flow_watch_give(struct nf_flow_watch_net *wn,
			       struct nf_flowtable *flowtable,
			       struct flow_offload *flow,
			       struct nf_flow_watch *watch)
{
	nf_flow_watch_insert(wn, watch, flowtable, flow);
	if (cmpxchg(&flow->watch, NULL, watch)) {
		nf_flow_watch_release(watch);
		return;
	}
	/* cmpxchg() is a full barrier */
	if (test_bit(NF_FLOW_FREED, &flow->flags))
		nf_flow_watch_del(flow);
}

/* The next flow that has none; NULL at the end, an error after a batch of others. */
static struct flow_offload *nf_flow_watch_without(const struct net *net,
						  struct nf_flow_walk *walk,
						  struct nf_flowtable **flowtable)
{
	struct flow_offload *flow;
	unsigned int n;

	for (n = 0; n < NF_FLOW_WATCH_BATCH; n++) {
		flow = nf_flow_walk_next(net, walk, flowtable);
		if (IS_ERR_OR_NULL(flow))
			return flow;
		if (flow->type == NF_FLOW_OFFLOAD_ROUTE &&
		    !READ_ONCE(flow->watch))
			return flow;
	}
	return ERR_PTR(-EAGAIN);
}

/* Give a watch to all flows without one, while there is memory and room. */
static void nf_flow_watch_fill(struct nf_flow_watch_net *wn)
{
	struct nf_flow_watch *spare = NULL;
	struct nf_flow_walk walk = {};
	struct nf_flowtable *flowtable;
	struct flow_offload *flow;

	WRITE_ONCE(wn->missed, false);
	do {
		if (!spare)
			spare = nf_flow_watch_alloc(wn, GFP_KERNEL);
		if (!spare)
			return;
		cond_resched();
		if (fatal_signal_pending(current)) {
			WRITE_ONCE(wn->missed, true);
			break;
		}

		rcu_read_lock();
		flow = nf_flow_watch_without(wn->net, &walk, &flowtable);
		if (!IS_ERR_OR_NULL(flow) &&
		    !test_bit(NF_FLOW_TEARDOWN, &flow->flags)) {
			nf_flow_watch_give(wn, flowtable, flow, spare);
			spare = NULL;
		}
		rcu_read_unlock();
	} while (flow);
	kmem_cache_free(nf_flow_watch_cachep, spare);
}

/* Take their watches from all flows. */
static void nf_flow_watch_drop(struct nf_flow_watch_net *wn)
{
	struct nf_flow_watch *watch;
	unsigned int n = 0;
	struct rb_node *node;

	rcu_read_lock();
	for (;;) {
		spin_lock_bh(&wn->lock);
		node = wn->youngest;
		spin_unlock_bh(&wn->lock);
		if (!node)
			break;
		watch = rb_entry(node, struct nf_flow_watch, node);
		/* if it is being freed, that takes it out */
		if (cmpxchg(&watch->flow->watch, watch, NULL) == watch)
			nf_flow_watch_release(watch);
		if (++n % NF_FLOW_WATCH_BATCH)
			continue;
		rcu_read_unlock();
		cond_resched();
		rcu_read_lock();
	}
	rcu_read_unlock();
}

static void nf_flow_watch_begin(struct nf_flow_watch_net *wn)
{
	if (!wn->memcg)
		WRITE_ONCE(wn->memcg, get_mem_cgroup_from_mm(NULL));
	WRITE_ONCE(wn->there, true);
	WRITE_ONCE(wn->on, true);
	static_branch_inc(&nf_flow_watched);
	/* from now on flows get a watch when they are added */
	synchronize_rcu();
	WRITE_ONCE(wn->missed, true);
}

static void nf_flow_watch_end(struct nf_flow_watch_net *wn)
{
	WRITE_ONCE(wn->on, false);
	/* nothing is about to give a watch to a flow, or to charge for one */
	synchronize_rcu();

	nf_flow_watch_drop(wn);
	static_branch_dec(&nf_flow_watched);
	/* flows that are just being freed, and lists that have found one */
	synchronize_rcu();
	WRITE_ONCE(wn->there, false);
	mem_cgroup_put(wn->memcg);
	WRITE_ONCE(wn->memcg, NULL);
}

/* Do what users want. */
static void nf_flow_watch_apply(struct nf_flow_watch_net *wn)
{
	u64 until = atomic64_read(&wn->until);

	lockdep_assert_held(&wn->mutex);

	if (atomic_read(&wn->users)) {
		if (!wn->on)
			nf_flow_watch_begin(wn);
		if (READ_ONCE(wn->missed) && nf_flow_watch_room(wn))
			nf_flow_watch_fill(wn);
	} else if (wn->on && time_after_eq64(get_jiffies_64(), until)) {
		nf_flow_watch_end(wn);
	}
}

static void nf_flow_watch_work(struct work_struct *work)
{
	struct nf_flow_watch_net *wn = container_of(to_delayed_work(work),
						    struct nf_flow_watch_net,
						    work);

	mutex_lock(&wn->mutex);
	nf_flow_watch_apply(wn);
	mutex_unlock(&wn->mutex);
}

/* One more user. The cgroup of the first one pays. */
static void nf_flow_watch_user(struct nf_flow_watch_net *wn)
{
	struct mem_cgroup *memcg;

	if (!READ_ONCE(wn->memcg)) {
		memcg = get_mem_cgroup_from_mm(NULL);
		if (cmpxchg(&wn->memcg, NULL, memcg))
			mem_cgroup_put(memcg);
	}
	atomic_inc(&wn->users);
}

/**
 * nf_flow_watch_get() - have a namespace count its flows
 * @net: the namespace
 * @wait: wait until all flows are counted that can be
 *
 * The cgroup of the first user pays for it.
 *
 * Context: process, may sleep.
 */
void nf_flow_watch_get(struct net *net, bool wait)
{
	struct nf_flow_watch_net *wn = nf_flow_watch_pernet(net);

	nf_flow_watch_user(wn);
	if (!wait) {
		mod_delayed_work(system_dfl_wq, &wn->work, 0);
		return;
	}
	mutex_lock(&wn->mutex);
	nf_flow_watch_apply(wn);
	mutex_unlock(&wn->mutex);
}
EXPORT_SYMBOL_GPL(nf_flow_watch_get);

/**
 * nf_flow_watch_put() - have a namespace count no longer
 * @net: the namespace, after nf_flow_watch_get()
 * @linger: seconds for which it goes on, even without another user
 *
 * It is one second at least: users that come and go do not have the code patched,
 * and all flows walked over, each time.
 *
 * Context: any but hard interrupts.
 */
void nf_flow_watch_put(struct net *net, unsigned int linger)
{
	struct nf_flow_watch_net *wn = nf_flow_watch_pernet(net);
	u64 was = atomic64_read(&wn->until), now = get_jiffies_64();
	u64 until = now + (u64)max(linger, 1U) * HZ;

	if (time_after64(until, was))
		atomic64_set(&wn->until, until);
	if (atomic_dec_and_test(&wn->users))
		mod_delayed_work(system_dfl_wq, &wn->work,
				 max(until, was) - now);
}
EXPORT_SYMBOL_GPL(nf_flow_watch_put);

/**
 * nf_flow_watch_memcg() - which cgroup pays for counting?
 * @net: a namespace that counts
 *
 * Context: RCU, which keeps the cgroup.
 * Return: cgroup, for set_active_memcg(), or NULL.
 */
struct mem_cgroup *nf_flow_watch_memcg(const struct net *net)
{
	return READ_ONCE(nf_flow_watch_pernet(net)->memcg);
}
EXPORT_SYMBOL_GPL(nf_flow_watch_memcg);

/**
 * nf_flow_watch_sync() - wait until nothing looks at a flowtable any more
 * @flowtable: flowtable, all of whose flows are freed
 *
 * Who walks over flows, under RCU, may look at the flowtable of one that is being
 * freed.
 *
 * Context: process, may sleep.
 */
void nf_flow_watch_sync(struct nf_flowtable *flowtable)
{
	if (READ_ONCE(nf_flow_watch_pernet(read_pnet(&flowtable->net))->there))
		synchronize_rcu();
}

/**
 * nf_flow_watch_register() - tell of what happens to flows that are counted
 * @watcher: what to call, until nf_flow_watch_unregister()
 *
 * Context: a module's init function.
 * Return: 0, or -EBUSY if there is one already.
 */
int nf_flow_watch_register(const struct nf_flow_watcher *watcher)
{
	if (rcu_access_pointer(nf_flow_watcher))
		return -EBUSY;

	rcu_assign_pointer(nf_flow_watcher, watcher);
	return 0;
}
EXPORT_SYMBOL_GPL(nf_flow_watch_register);

/**
 * nf_flow_watch_unregister() - tell no longer
 *
 * Once this returns, the watcher is not called any more.
 *
 * Context: process, may sleep.
 */
void nf_flow_watch_unregister(void)
{
	RCU_INIT_POINTER(nf_flow_watcher, NULL);
	synchronize_rcu();
}
EXPORT_SYMBOL_GPL(nf_flow_watch_unregister);

/**
 * nf_flow_watch_of() - what is known of a flow
 * @flowtable: its flowtable
 * @flow: the flow
 * @none: what to fill in if it is not counted
 *
 * Context: rcu_read_lock(), which keeps the flow.
 * Return: its watch, or @none, which has @id 0, and neither counters nor an age.
 */
const struct nf_flow_watch *nf_flow_watch_of(struct nf_flowtable *flowtable,
					     struct flow_offload *flow,
					     struct nf_flow_watch *none)
{
	const struct nf_flow_watch *watch = READ_ONCE(flow->watch);

	if (watch)
		return watch;

	memset(none, 0, sizeof(*none));
	none->flow = flow;
	none->flowtable = flowtable;
	none->ct_id = nf_ct_get_id(flow->ct);
	return none;
}
EXPORT_SYMBOL_GPL(nf_flow_watch_of);

/**
 * nf_flow_list_begin() - begin a list of all flows
 * @net: a namespace that counts, from now to the end of the list
 * @list: set to the beginning
 */
void nf_flow_list_begin(struct net *net, struct nf_flow_list *list)
{
	memset(list, 0, sizeof(*list));
	list->last = atomic64_read(&nf_flow_watch_pernet(net)->last);
}
EXPORT_SYMBOL_GPL(nf_flow_list_begin);

static struct nf_flow_watch *nf_flow_watch_from(struct nf_flow_watch_net *wn,
						u64 id)
{
	struct nf_flow_watch *watch, *found = NULL;
	struct rb_node *node;

	spin_lock_bh(&wn->lock);
	node = wn->tree.rb_node;
	while (node) {
		watch = rb_entry(node, struct nf_flow_watch, node);
		if (watch->id >= id)
			found = watch;
		if (watch->id == id)
			break;
		node = watch->id > id ? node->rb_left : node->rb_right;
	}
	spin_unlock_bh(&wn->lock);
	return found;
}

/**
 * nf_flow_list_next() - the next flow of a list
 * @net: its namespace
 * @list: where it is; a copy from before the call is where it was
 * @none: see nf_flow_watch_of()
 *
 * Flows that are counted come first, oldest first, each one once. Others follow in
 * no order, and some may come twice, if the hash table grows or shrinks meanwhile.
 *
 * Context: rcu_read_lock(), which keeps the flow.
 * Return: the flow; %NULL at the end; -EAGAIN, as an ERR_PTR(): the caller may let
 * others run, and goes on.
 */
const struct nf_flow_watch *nf_flow_list_next(struct net *net,
					      struct nf_flow_list *list,
					      struct nf_flow_watch *none)
{
	struct nf_flow_watch_net *wn = nf_flow_watch_pernet(net);
	const struct nf_flow_watch *watch;
	struct nf_flowtable *flowtable;
	struct flow_offload *flow;

	if (list->next <= list->last) {
		watch = nf_flow_watch_from(wn, list->next);
		if (watch && watch->id <= list->last) {
			list->next = watch->id + 1;
			return watch;
		}
		list->next = list->last + 1;
	}
	if (!READ_ONCE(wn->missed))
		return NULL;

	flow = nf_flow_watch_without(net, &list->walk, &flowtable);
	if (IS_ERR_OR_NULL(flow))
		return ERR_CAST(flow);

	watch = nf_flow_watch_of(flowtable, flow, none);
	/* it got one just now, and a number that comes after all of this list */
	return watch == none ? none : ERR_PTR(-EAGAIN);
}
EXPORT_SYMBOL_GPL(nf_flow_list_next);

/* The sysctl nf_flow_acct */
static int nf_flow_watch_write(const struct ctl_table *table, int write,
			       void *buffer, size_t *lenp, loff_t *ppos)
{
	struct nf_flow_watch_net *wn = table->extra1;
	struct ctl_table tmp = *table;
	u8 wanted;
	int err;

	tmp.data = &wanted;
	tmp.extra1 = SYSCTL_ZERO;

	mutex_lock(&wn->mutex);
	wanted = wn->wanted;
	err = proc_dou8vec_minmax(&tmp, write, buffer, lenp, ppos);
	if (!err && write && wanted != wn->wanted) {
		wn->wanted = wanted;
		if (wanted) {
			nf_flow_watch_user(wn);
			nf_flow_watch_apply(wn);
		} else {
			nf_flow_watch_put(wn->net, 0);
		}
	}
	mutex_unlock(&wn->mutex);
	return err;
}

static const struct ctl_table nf_flow_watch_sysctls[] = {
	{
		.procname	= "nf_flow_acct",
		.maxlen		= sizeof(u8),
		.mode		= 0644,
		.proc_handler	= nf_flow_watch_write,
		.extra2		= SYSCTL_ONE,
	},
	{
		.procname	= "nf_flow_acct_max",
		.maxlen		= sizeof(unsigned int),
		.mode		= 0644,
		.proc_handler	= proc_douintvec,
	},
	{
		.procname	= "nf_flow_acct_count",
		.maxlen		= sizeof(unsigned int),
		.mode		= 0444,
		.proc_handler	= proc_douintvec,
	},
};

static int __net_init nf_flow_watch_net_init(struct net *net)
{
	struct nf_flow_watch_net *wn = nf_flow_watch_pernet(net);
	struct ctl_table *table;

	wn->net = net;
	wn->max = net_eq(net, &init_net) ? NF_FLOW_WATCH_MAX :
		  READ_ONCE(nf_flow_watch_pernet(&init_net)->max);
	wn->tree = RB_ROOT;
	spin_lock_init(&wn->lock);
	atomic64_set(&wn->last, NF_FLOW_WATCH_FIRST);
	mutex_init(&wn->mutex);
	INIT_DELAYED_WORK(&wn->work, nf_flow_watch_work);

	table = kmemdup(nf_flow_watch_sysctls, sizeof(nf_flow_watch_sysctls),
			GFP_KERNEL);
	if (!table)
		return -ENOMEM;
	table[0].extra1 = wn;
	table[1].data = &wn->max;
	table[2].data = &wn->num;
	/* a limit for others is not theirs to lift */
	if (net->user_ns != &init_user_ns)
		table[1].mode = 0444;

	wn->header = register_net_sysctl_sz(net, "net/netfilter", table,
					    ARRAY_SIZE(nf_flow_watch_sysctls));
	if (!wn->header) {
		kfree(table);
		return -ENOMEM;
	}
	return 0;
}

/* Flowtables may go later than we do: their flows have no watch then. */
static void __net_exit nf_flow_watch_net_exit(struct net *net)
{
	struct nf_flow_watch_net *wn = nf_flow_watch_pernet(net);
	const struct ctl_table *table = wn->header->ctl_table_arg;

	unregister_net_sysctl_table(wn->header);
	kfree(table);

	disable_delayed_work_sync(&wn->work);
	mutex_lock(&wn->mutex);
	if (wn->on)
		nf_flow_watch_end(wn);
	else
		mem_cgroup_put(wn->memcg);
	mutex_unlock(&wn->mutex);
}

static struct pernet_operations nf_flow_watch_net_ops = {
	.init = nf_flow_watch_net_init,
	.exit = nf_flow_watch_net_exit,
	.id = &nf_flow_watch_net_id,
	.size = sizeof(struct nf_flow_watch_net),
};

int __init nf_flow_watch_init(void)
{
	int err;

	nf_flow_watch_cachep = KMEM_CACHE(nf_flow_watch, SLAB_HWCACHE_ALIGN);
	if (!nf_flow_watch_cachep)
		return -ENOMEM;

	err = register_pernet_subsys(&nf_flow_watch_net_ops);
	if (err)
		kmem_cache_destroy(nf_flow_watch_cachep);
	return err;
}

void nf_flow_watch_exit(void)
{
	unregister_pernet_subsys(&nf_flow_watch_net_ops);
	kmem_cache_destroy(nf_flow_watch_cachep);
}
