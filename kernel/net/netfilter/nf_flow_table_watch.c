// SPDX-License-Identifier: GPL-2.0-only
/*
 * Flows with a number, an age and counters.
 *
 * Theory of operation
 * ===================
 *
 * A flowtable is made to find the flow of a packet, and nothing else: it cannot
 * say where a walk over all flows has stopped, as flows move when the hash table
 * grows, and it does not count. Someone who lists flows needs both. While there
 * is such a watcher (the module nft_offload), each flow has a struct
 * nf_flow_watch: numbers rise, and an xarray of each network namespace finds the
 * next flow after a number. A walk that stops and goes on later sees each flow
 * that is there all the time exactly once.
 *
 *	struct flow_offload            struct nf_flow_watch       xarray
 *	+------------+  watch    flow  +-----------+
 *	|            | --------------> |  id 4711  | <------------ [4711]
 *	|            | <-------------- |  counters |
 *	+------------+                 +-----------+
 *
 * A hash table finds the flow of a connection.
 *
 * Without a watcher, all that is left of this is a pointer in struct
 * flow_offload that is NULL, and static keys.
 *
 * Lifetime
 * --------
 *
 * Whoever finds a watch in the xarray, under RCU, finds its flow: a flow that is
 * freed takes its watch out of the xarray first. Flows get a watch when they are
 * added, or, if they are older than the watcher, from a walk over the flowtables;
 * and lose it when they are freed, or the watcher goes. flow->watch is exchanged
 * atomically, so that exactly one of those who take it away frees it. Only the
 * walk may meet a flow that is being freed: NF_FLOW_FREED is set before its watch
 * is taken away, and looked at after one was given to it.
 */
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/rhashtable.h>
#include <linux/slab.h>
#include <linux/xarray.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_flow_watch.h>

/**
 * struct nf_flow_watch_net - watches of a network namespace
 * @flows: struct nf_flow_watch by number; its lock protects @last
 * @last: number given last
 */
struct nf_flow_watch_net {
	struct xarray	flows;
	unsigned long	last;
};

static unsigned int nf_flow_watch_net_id __read_mostly;

/* Watches of all namespaces; there as long as there is one of them */
static struct rhashtable nf_flow_watch_table;

static const struct rhashtable_params nf_flow_watch_params = {
	.head_offset		= offsetof(struct nf_flow_watch, node),
	.key_offset		= offsetof(struct nf_flow_watch, ct),
	.key_len		= sizeof(struct nf_conn *),
	.automatic_shrinking	= true,
};

/* protects the start and the end of the watch */
static DEFINE_MUTEX(nf_flow_watch_mutex);
static const struct nf_flow_watcher __rcu *nf_flow_watcher;
/* there may be watches: until the last of them is gone */
static bool nf_flow_watch_there;

DEFINE_STATIC_KEY_FALSE(nf_flow_watched);
EXPORT_SYMBOL_GPL(nf_flow_watched);

static struct nf_flow_watch_net *nf_flow_watch_pernet(const struct net *net)
{
	return net_generic(net, nf_flow_watch_net_id);
}

static struct net *nf_flow_watch_net(const struct nf_flow_watch *watch)
{
	return read_pnet(&watch->flowtable->net);
}

static struct nf_flow_watch *nf_flow_watch_alloc(struct nf_flowtable *flowtable,
						 struct flow_offload *flow)
{
	struct nf_flow_watch_net *wn;
	struct nf_flow_watch *watch;
	int err;

	watch = kzalloc_obj(*watch, GFP_ATOMIC);
	if (!watch)
		return NULL;

	watch->flow = flow;
	watch->flowtable = flowtable;
	watch->ct = flow->ct;
	watch->ct_id = nf_ct_get_id(flow->ct);
	watch->born = ktime_get_coarse_boottime_ns();

	wn = nf_flow_watch_pernet(read_pnet(&flowtable->net));
	xa_lock_bh(&wn->flows);
	watch->id = ++wn->last;
	err = __xa_insert(&wn->flows, watch->id, watch, GFP_ATOMIC);
	xa_unlock_bh(&wn->flows);
	if (err)
		goto err_free;

	err = rhashtable_insert_fast(&nf_flow_watch_table, &watch->node,
				     nf_flow_watch_params);
	if (err)
		goto err_erase;
	return watch;

err_erase:
	xa_erase_bh(&wn->flows, watch->id);
	/* someone on a walk may have found it */
	kfree_rcu(watch, rcu);
	return NULL;
err_free:
	kfree(watch);
	return NULL;
}

/* Only one worker at a time has to do with a flow, and a flow is not freed
 * meanwhile; when the watch ends, workers have been told before.
 */
static void nf_flow_watch_trouble(struct nf_flow_watch *watch,
				  enum flow_offload_tuple_dir dir,
				  struct nf_flow_trouble *trouble)
{
	trouble = unrcu_pointer(xchg(&watch->trouble[dir],
				     RCU_INITIALIZER(trouble)));
	if (trouble)
		kfree_rcu(trouble, rcu);
}

/* A driver asked again often says the same again. */
static void nf_flow_watch_failed(struct nf_flow_watch *watch,
				 enum flow_offload_tuple_dir dir, int err,
				 enum nf_flow_reason reason, const char *msg)
{
	struct nf_flow_trouble *trouble = rcu_dereference(watch->trouble[dir]);
	size_t len = msg ? strlen(msg) : 0;

	if (trouble && trouble->reason == reason &&
	    !strcmp(trouble->msg, msg ?: ""))
		return;

	trouble = NULL;
	if (len || reason != nf_flow_reason_driver(err)) {
		trouble = kzalloc_flex(*trouble, msg, len + 1, GFP_ATOMIC);
		if (trouble) {
			trouble->reason = reason;
			memcpy(trouble->msg, msg ?: "", len);
		}
	}
	nf_flow_watch_trouble(watch, dir, trouble);
}

static void nf_flow_watch_release(struct nf_flow_watch *watch)
{
	int dir;

	for (dir = 0; dir < FLOW_OFFLOAD_DIR_MAX; dir++)
		nf_flow_watch_trouble(watch, dir, NULL);
	rhashtable_remove_fast(&nf_flow_watch_table, &watch->node,
			       nf_flow_watch_params);
	xa_erase_bh(&nf_flow_watch_pernet(nf_flow_watch_net(watch))->flows,
		    watch->id);
	kfree_rcu(watch, rcu);
}

/* The flow is not in the flowtable yet: no one else knows it. */
int __nf_flow_watch_add(struct nf_flowtable *flowtable,
			struct flow_offload *flow)
{
	flow->watch = nf_flow_watch_alloc(flowtable, flow);
	return flow->watch ? 0 : -ENOMEM;
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
	struct nf_flow_watch *watch;

	rcu_read_lock();
	watcher = rcu_dereference(nf_flow_watcher);
	watch = READ_ONCE(flow->watch);
	if (watcher && watch) {
		if (event == NF_FLOW_EVENT_FAILED)
			nf_flow_watch_failed(watch, dir, err, reason, msg);
		watcher->event(nf_flow_watch_net(watch), watch, event, dir, err,
			       reason, msg);
	}
	rcu_read_unlock();
}

/* See nf_flow_watch_skip(). */
void __nf_flow_watch_skip(struct nf_flowtable *flowtable,
			  const struct nf_conn *ct, enum nf_flow_reason reason)
{
	const struct nf_flow_watcher *watcher;

	nf_flow_count_reason(flowtable, reason);
	rcu_read_lock();
	watcher = rcu_dereference(nf_flow_watcher);
	if (watcher && ct)
		watcher->skip(read_pnet(&flowtable->net), ct, reason);
	rcu_read_unlock();
}
EXPORT_SYMBOL_GPL(__nf_flow_watch_skip);

/**
 * nf_flow_watch_del() - a flow did not get into its flowtable
 * @flow: flow that no one else knows
 *
 * Context: any but hard interrupts.
 */
void nf_flow_watch_del(struct flow_offload *flow)
{
	struct nf_flow_watch *watch;

	rcu_read_lock(); /* nf_flow_watch_stop() waits */
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
	/* pairs with the cmpxchg() in nf_flow_watch_old() */
	smp_mb__after_atomic();
	if (!READ_ONCE(flow->watch))
		return;

	nf_flow_watch_cause(flow, nf_flow_watch_why(flow));
	nf_flow_watch_event(flow, NF_FLOW_EVENT_GONE, 0, 0, NF_FLOW_REASON_NONE,
			    NULL);
	nf_flow_watch_del(flow);
}

/* A flow that was there before the watcher */
static void nf_flow_watch_old(struct nf_flowtable *flowtable,
			      struct flow_offload *flow, void *data)
{
	struct nf_flow_watch *watch;
	int *err = data;

	if (flow->type != NF_FLOW_OFFLOAD_ROUTE || READ_ONCE(flow->watch) ||
	    test_bit(NF_FLOW_TEARDOWN, &flow->flags))
		return;

	watch = nf_flow_watch_alloc(flowtable, flow);
	if (!watch) {
		*err = -ENOMEM;
		return;
	}
	if (cmpxchg(&flow->watch, NULL, watch)) {
		nf_flow_watch_release(watch);
		return;
	}
	/* cmpxchg() is a full barrier */
	if (test_bit(NF_FLOW_FREED, &flow->flags))
		nf_flow_watch_del(flow);
}

static int nf_flow_watch_table_old(struct nf_flowtable *flowtable, void *data)
{
	nf_flow_table_iterate(flowtable, nf_flow_watch_old, data);
	return 0;
}

/* All watches, also those of namespaces that are just going, and so in no list of
 * namespaces any more. A walk that stops on its way may miss some, as it takes away
 * what it finds: the last one finds nothing.
 */
static void nf_flow_watch_drop(void)
{
	struct rhashtable_iter iter;
	struct nf_flow_watch *watch;
	unsigned int n;

	do {
		n = 0;
		rhashtable_walk_enter(&nf_flow_watch_table, &iter);
		rhashtable_walk_start(&iter);
		while ((watch = rhashtable_walk_next(&iter))) {
			if (IS_ERR(watch)) /* resized: it begins again */
				continue;
			if (cmpxchg(&watch->flow->watch, watch, NULL) == watch)
				nf_flow_watch_release(watch);
			if (!(++n % 1024)) {
				rhashtable_walk_stop(&iter);
				cond_resched();
				rhashtable_walk_start(&iter);
			}
		}
		rhashtable_walk_stop(&iter);
		rhashtable_walk_exit(&iter);
		cond_resched();
	} while (n);
}

/**
 * nf_flow_watch_sync() - no one looks at a flowtable any more
 *
 * Who walks over flows, under RCU, may look at the flowtable of one that is being
 * freed. Called when all flows of a flowtable are.
 *
 * Context: process, may sleep.
 */
void nf_flow_watch_sync(void)
{
	if (READ_ONCE(nf_flow_watch_there))
		synchronize_rcu();
}

/**
 * nf_flow_watch_stop() - the watcher goes
 *
 * Once this returns, it is not called any more.
 *
 * Context: process, may sleep.
 */
void nf_flow_watch_stop(void)
{
	mutex_lock(&nf_flow_watch_mutex);
	RCU_INIT_POINTER(nf_flow_watcher, NULL);
	static_branch_disable(&nf_flow_watched);
	/* no one is about to give a watch to a flow, or to use the watcher */
	synchronize_rcu();

	nf_flow_watch_drop();
	/* flows that are just being freed */
	synchronize_rcu();
	WRITE_ONCE(nf_flow_watch_there, false);
	rhashtable_destroy(&nf_flow_watch_table);
	mutex_unlock(&nf_flow_watch_mutex);
}
EXPORT_SYMBOL_GPL(nf_flow_watch_stop);

/**
 * nf_flow_watch_start() - watch all flows of nftables, in all namespaces
 * @watcher: what to call; until nf_flow_watch_stop()
 *
 * Context: process, may sleep.
 * Return: 0, -EBUSY if someone watches them already, -ENOMEM.
 */
int nf_flow_watch_start(const struct nf_flow_watcher *watcher)
{
	int err = 0;

	mutex_lock(&nf_flow_watch_mutex);
	if (rcu_access_pointer(nf_flow_watcher)) {
		mutex_unlock(&nf_flow_watch_mutex);
		return -EBUSY;
	}
	err = rhashtable_init(&nf_flow_watch_table, &nf_flow_watch_params);
	if (err) {
		mutex_unlock(&nf_flow_watch_mutex);
		return err;
	}
	WRITE_ONCE(nf_flow_watch_there, true);
	rcu_assign_pointer(nf_flow_watcher, watcher);
	static_branch_enable(&nf_flow_watched);
	/* from now on flows get a watch when they are added */
	synchronize_rcu();
	nf_flow_table_for_each(NULL, nf_flow_watch_table_old, &err);
	mutex_unlock(&nf_flow_watch_mutex);

	if (err)
		nf_flow_watch_stop();
	return err;
}
EXPORT_SYMBOL_GPL(nf_flow_watch_start);

/**
 * nf_flow_watch_next() - find the next flow of a walk
 * @net: namespace
 * @id: number to start from; of the flow that was found
 * @last: number to stop after
 *
 * Context: rcu_read_lock(), which keeps the flow.
 * Return: the flow with the lowest number from @id to @last, NULL if there is
 * none.
 */
struct nf_flow_watch *nf_flow_watch_next(struct net *net, unsigned long *id,
					 unsigned long last)
{
	return xa_find(&nf_flow_watch_pernet(net)->flows, id, last, XA_PRESENT);
}
EXPORT_SYMBOL_GPL(nf_flow_watch_next);

/**
 * nf_flow_watch_find() - find the flow of a connection
 * @ct: its conntrack entry
 *
 * Context: rcu_read_lock(), which keeps the flow.
 * Return: the flow, NULL if there is none.
 */
struct nf_flow_watch *nf_flow_watch_find(const struct nf_conn *ct)
{
	return rhashtable_lookup(&nf_flow_watch_table, &ct,
				 nf_flow_watch_params);
}
EXPORT_SYMBOL_GPL(nf_flow_watch_find);

/**
 * nf_flow_watch_last() - number of the youngest flow
 * @net: namespace
 *
 * Return: the number; flows added from now on have a greater one.
 */
unsigned long nf_flow_watch_last(struct net *net)
{
	return READ_ONCE(nf_flow_watch_pernet(net)->last);
}
EXPORT_SYMBOL_GPL(nf_flow_watch_last);

static int __net_init nf_flow_watch_net_init(struct net *net)
{
	struct nf_flow_watch_net *wn = nf_flow_watch_pernet(net);

	/* in a packet's way, and in that of the garbage collector */
	xa_init_flags(&wn->flows, XA_FLAGS_LOCK_BH);
	return 0;
}

/* Without an exit: flowtables may go later than we do, and take their flows out
 * of the xarray, which is empty then.
 */
static struct pernet_operations nf_flow_watch_net_ops = {
	.init = nf_flow_watch_net_init,
	.id = &nf_flow_watch_net_id,
	.size = sizeof(struct nf_flow_watch_net),
};

int __init nf_flow_watch_init(void)
{
	return register_pernet_subsys(&nf_flow_watch_net_ops);
}

void nf_flow_watch_exit(void)
{
	unregister_pernet_subsys(&nf_flow_watch_net_ops);
}
