// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lists of all flows of a network namespace that counts: those with a number first,
 * from the tree of nf_flow_table_acct.c, then others, from a walk over the
 * flowtables.
 */
#include <linux/err.h>
#include <linux/module.h>
#include <net/netfilter/nf_conntrack.h>
#include "nf_flow_table_acct.h"

/* Flows that a walk looks at in one RCU section */
#define NF_FLOW_LIST_BATCH	256

/* The next flow that has none; NULL at the end, an error after a batch of others. */
struct flow_offload *nf_flow_acct_without(const struct net *net,
					  struct nf_flow_walk *walk,
					  struct nf_flowtable **flowtable)
{
	struct flow_offload *flow;
	unsigned int n;

	for (n = 0; n < NF_FLOW_LIST_BATCH; n++) {
		flow = nf_flow_walk_next(net, walk, flowtable);
		if (IS_ERR_OR_NULL(flow))
			return flow;
		if (flow->type == NF_FLOW_OFFLOAD_ROUTE &&
		    !READ_ONCE(flow->acct))
			return flow;
	}
	return ERR_PTR(-EAGAIN);
}

/**
 * nf_flow_acct_of() - what is known of a flow
 * @flowtable: its flowtable
 * @flow: the flow
 * @none: what to fill in if it is not counted
 *
 * Context: rcu_read_lock(), which keeps the flow.
 * Return: its record, or @none, which has @id 0, and neither counters nor an age.
 */
const struct nf_flow_acct *nf_flow_acct_of(struct nf_flowtable *flowtable,
					   struct flow_offload *flow,
					   struct nf_flow_acct *none)
{
	const struct nf_flow_acct *acct = READ_ONCE(flow->acct);

	if (acct)
		return acct;

	memset(none, 0, sizeof(*none));
	none->flow = flow;
	none->flowtable = flowtable;
	none->ct_id = nf_ct_get_id(flow->ct);
	return none;
}
EXPORT_SYMBOL_GPL(nf_flow_acct_of);

/**
 * nf_flow_list_begin() - begin a list of all flows
 * @net: a namespace that counts, from now to the end of the list
 * @list: set to the beginning
 */
void nf_flow_list_begin(struct net *net, struct nf_flow_list *list)
{
	memset(list, 0, sizeof(*list));
	list->last = atomic64_read(&nf_flow_acct_pernet(net)->last);
}
EXPORT_SYMBOL_GPL(nf_flow_list_begin);

static struct nf_flow_acct *nf_flow_acct_from(struct nf_flow_acct_net *an,
					      u64 id)
{
	struct nf_flow_acct *acct, *found = NULL;
	struct rb_node *node;

	spin_lock_bh(&an->lock);
	node = an->tree.rb_node;
	while (node) {
		acct = rb_entry(node, struct nf_flow_acct, node);
		if (acct->id >= id)
			found = acct;
		if (acct->id == id)
			break;
		node = acct->id > id ? node->rb_left : node->rb_right;
	}
	spin_unlock_bh(&an->lock);
	return found;
}

/**
 * nf_flow_acct_by_id() - find a flow by its number
 * @net: its namespace
 * @id: number
 *
 * Context: rcu_read_lock(), which keeps the flow.
 * Return: the flow; %NULL if there is none.
 */
const struct nf_flow_acct *nf_flow_acct_by_id(struct net *net, u64 id)
{
	const struct nf_flow_acct *acct;

	acct = nf_flow_acct_from(nf_flow_acct_pernet(net), id);
	return acct && acct->id == id ? acct : NULL;
}
EXPORT_SYMBOL_GPL(nf_flow_acct_by_id);

/**
 * nf_flow_list_next() - the next flow of a list
 * @net: its namespace
 * @list: where it is; a copy from before the call is where it was
 * @none: see nf_flow_acct_of()
 *
 * Flows that are counted come first, oldest first, each one once. Others follow in
 * no order, and some may come twice, if the hash table grows or shrinks meanwhile.
 *
 * Context: rcu_read_lock(), which keeps the flow.
 * Return: the flow; %NULL at the end; -EAGAIN, as an ERR_PTR(): the caller may let
 * others run, and goes on.
 */
const struct nf_flow_acct *nf_flow_list_next(struct net *net,
					     struct nf_flow_list *list,
					     struct nf_flow_acct *none)
{
	struct nf_flow_acct_net *an = nf_flow_acct_pernet(net);
	const struct nf_flow_acct *acct;
	struct nf_flowtable *flowtable;
	struct flow_offload *flow;

	if (list->next <= list->last) {
		acct = nf_flow_acct_from(an, list->next);
		if (acct && acct->id <= list->last) {
			list->next = acct->id + 1;
			return acct;
		}
		list->next = list->last + 1;
	}
	if (!READ_ONCE(an->missed))
		return NULL;

	flow = nf_flow_acct_without(net, &list->walk, &flowtable);
	if (IS_ERR_OR_NULL(flow))
		return ERR_CAST(flow);

	acct = nf_flow_acct_of(flowtable, flow, none);
	/* it got one just now, and a number that comes after all of this list */
	return acct == none ? none : ERR_PTR(-EAGAIN);
}
EXPORT_SYMBOL_GPL(nf_flow_list_next);
