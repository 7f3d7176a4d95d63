// SPDX-License-Identifier: GPL-2.0-only
/*
 * Walks over all flows of a network namespace that stop and go on.
 *
 * Nothing is held between two steps: neither a lock nor a reference. A walk
 * remembers the number of the flowtable, the hash table in it by its seed, the
 * bucket, and the address of the last flow, which it compares and does not follow.
 * What has gone in the meantime costs a part of the way: if the flow has, its
 * bucket begins again, if the hash table has, the flowtable does. So each flow that
 * is there all the time is met, and some are met twice.
 *
 * While a hash table grows or shrinks, flows move from its bucket table to the
 * next one, the last of a bucket first: a walk goes through both, in this order.
 */
#include <linux/err.h>
#include <linux/rhashtable.h>
#include <net/netfilter/nf_flow_counters.h>
#include <net/netfilter/nf_flow_acct.h>
#include "nf_flow_table_internal.h"

/* Buckets without a flow that one step passes */
#define NF_FLOW_WALK_EMPTY	256

static u32 walk_seed(const struct bucket_table *tbl)
{
	return tbl->hash_rnd | 1;
}

/* Where the walk is; or the first one, and the walk is at its beginning. */
static struct bucket_table *walk_buckets(struct nf_flow_walk *walk,
					 struct rhashtable *ht)
{
	struct bucket_table *first = rcu_dereference(ht->tbl), *tbl;

	for (tbl = first; tbl; tbl = rcu_dereference(tbl->future_tbl))
		if (walk_seed(tbl) == walk->seed)
			return tbl;

	walk->seed = first ? walk_seed(first) : 0;
	walk->bucket = 0;
	walk->flow = NULL;
	return first;
}

/* The flow after the last one; NULL if there is none in this bucket. */
static struct flow_offload *walk_bucket(const struct nf_flow_walk *walk,
					struct bucket_table *tbl)
{
	struct flow_offload_tuple_rhash *tuplehash;
	struct flow_offload *flow, *first = NULL;
	bool past = !walk->flow;
	struct rhash_head *pos;

	rht_for_each_entry_rcu(tuplehash, pos, tbl, walk->bucket, node) {
		if (tuplehash->tuple.dir != FLOW_OFFLOAD_DIR_ORIGINAL)
			continue;
		flow = container_of(tuplehash, struct flow_offload,
				    tuplehash[FLOW_OFFLOAD_DIR_ORIGINAL]);
		if (past)
			return flow;
		first = first ?: flow;
		past = flow == walk->flow;
	}
	return past ? NULL : first;
}

/**
 * nf_flow_walk_next() - go to the next flow
 * @net: namespace
 * @walk: where the walk is; all 0 at the beginning
 * @flowtable: set to the flowtable of the flow
 *
 * Only flowtables of nftables are looked at. See above for what is met.
 *
 * Context: rcu_read_lock(), which keeps flow and flowtable.
 * Return: the flow; %NULL at the end; -EAGAIN, as an ERR_PTR(), after some buckets
 * without a flow: the caller may let others run.
 */
struct flow_offload *nf_flow_walk_next(const struct net *net,
				       struct nf_flow_walk *walk,
				       struct nf_flowtable **flowtable)
{
	struct flow_offload *flow;
	struct bucket_table *tbl;
	unsigned int empty = 0;

	while ((*flowtable = nf_flow_table_find(net, ~walk->table))) {
		if ((*flowtable)->counters->id != ~walk->table) {
			walk->table = ~(*flowtable)->counters->id;
			walk->seed = 0;
		}
		tbl = walk_buckets(walk, &(*flowtable)->rhashtable);
		for (; tbl && walk->bucket < tbl->size; walk->bucket++) {
			flow = walk_bucket(walk, tbl);
			walk->flow = flow;
			if (flow)
				return flow;
			if (++empty > NF_FLOW_WALK_EMPTY)
				return ERR_PTR(-EAGAIN);
		}

		tbl = tbl ? rcu_dereference(tbl->future_tbl) : NULL;
		if (tbl)
			walk->seed = walk_seed(tbl);
		else
			walk->table++; /* its complement goes down */
		walk->bucket = 0;
		walk->flow = NULL;
	}
	return NULL;
}
