// SPDX-License-Identifier: GPL-2.0-only
/*
 * Policies of flowtables, by name.
 *
 * Theory of operation
 * ===================
 *
 * A policy says which flows of a flowtable may be in hardware, and which
 * connections in the flowtable at all. Like a setting (nf_flow_table_setting.c) it
 * belongs to the names of a flowtable: it may be there before it, and stays when
 * a ruleset is flushed and loaded again.
 *
 *	list of the namespace           flowtable
 *	+-------------------+           +--------------+
 *	| inet t f, marks,  | <-------- | check        |
 *	| budget, ...       |  policy   |              |
 *	+-------------------+           +--------------+
 *
 * A flowtable that is made looks for its policy; a policy that is given looks for
 * its flowtable. Both do so with the mutex of the namespace held, so that neither
 * misses the other. Packets and the garbage collector find the policy under RCU.
 * A policy never changes: another one takes its place, and is obeyed in whole from
 * then on. Without a policy in any namespace, a static key is off.
 */
#include <linux/list.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/netlink.h>
#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <net/net_namespace.h>
#include <net/netfilter/nf_conntrack_acct.h>
#include <net/netfilter/nf_flow_policy.h>
#include <net/netfilter/nf_flow_table.h>
#include <net/netfilter/nf_flow_acct.h>
#include <net/netfilter/nf_tables.h>
#include "nf_flow_table_carry.h"
#include "nf_flow_table_internal.h"
#include "nf_flow_table_shaper.h"
#include "nf_flow_table_validate.h"

/* Policies in a network namespace, charged to the task that makes them */
#define NF_FLOW_POLICY_MAX	1024

/* Whoever makes and deletes policies in turns has the code patched once. */
DEFINE_STATIC_KEY_DEFERRED_FALSE(nf_flow_policed, HZ);
DEFINE_STATIC_KEY_DEFERRED_FALSE(nf_flow_carried, HZ);

static struct nf_flow_policy_net *nf_flow_policy_pernet(const struct net *net)
{
	return &nf_flow_table_pernet(net)->policy;
}

static struct nf_flow_policy *
nf_flow_policy_find(const struct nf_flow_policy_net *pn, u8 family,
		    const char *table, const char *name)
{
	struct nf_flow_policy *policy;

	lockdep_assert_held(&pn->mutex);

	list_for_each_entry(policy, &pn->policies, list)
		if (policy->family == family &&
		    !strcmp(policy->table, table) &&
		    !strcmp(policy->name, name))
			return policy;
	return NULL;
}

/* Does the flowtable have these names? Those of others than nftables have none. */
static bool nf_flow_policy_is_for(const struct nf_flow_policy *policy,
				  const struct nf_flowtable *flowtable)
{
	const struct nft_flowtable *ft = container_of(flowtable,
						      struct nft_flowtable,
						      data);

	return flowtable->counters && ft->table->family == policy->family &&
	       !strcmp(ft->table->name, policy->table) &&
	       !strcmp(ft->name, policy->name);
}

/**
 * struct nf_flow_policy_change - a policy that comes, or goes
 * @old: the one that goes, or NULL
 * @new: the one that comes, or NULL
 */
struct nf_flow_policy_change {
	const struct nf_flow_policy	*old;
	const struct nf_flow_policy	*new;
};

static int nf_flow_policy_change_table(struct nf_flowtable *flowtable,
				       void *data)
{
	const struct nf_flow_policy_change *change = data;

	if (!nf_flow_policy_is_for(change->new ?: change->old, flowtable))
		return 0;
	rcu_assign_pointer(flowtable->check->policy, change->new);
	if (change->old && change->old->carries) {
		/* a worker that is busy with a flow clears NF_FLOW_PENDING, and
		 * sees this in nf_flow_offload_recheck(); or we see what it did
		 */
		smp_mb();
		nf_flow_carry_changed(flowtable);
	}
	return 0;
}

/* There may be two flowtables of this name, if one is about to be freed. */
static void nf_flow_policy_apply(struct net *net,
				 const struct nf_flow_policy *old,
				 const struct nf_flow_policy *new)
{
	struct nf_flow_policy_change change = { .old = old, .new = new };

	nf_flow_table_for_each(net, nf_flow_policy_change_table, &change);
}

/* Does it need the counters of flows? */
static bool nf_flow_policy_counts(const struct nf_flow_policy *policy)
{
	return policy->after_bytes || policy->after_packets ||
	       policy->after_rate || policy->evict_slowest;
}

/* What a policy needs while it is there. Conntrack's accounting stays on: rules may
 * have come to need it, too.
 */
static int nf_flow_policy_start(struct net *net, struct nf_flow_policy *policy)
{
	struct nf_flow_policy_net *pn = nf_flow_policy_pernet(net);

	if (policy->stack && !pn->early) {
		pn->early = kvcalloc(BIT(NF_FLOW_POLICY_EARLY_BITS),
				     sizeof(*pn->early), GFP_KERNEL_ACCOUNT);
		if (!pn->early)
			return -ENOMEM;
	}
	policy->early = pn->early;
	if (policy->stack || nf_flow_policy_counts(policy))
		nf_ct_set_acct(net, true);
	if (nf_flow_policy_counts(policy))
		nf_flow_acct_get(net, false);
	if (policy->shaping == NF_FLOW_SHAPING_SOFTWARE)
		nf_flow_shapers_get(net);
	static_branch_deferred_inc(&nf_flow_policed);
	if (policy->carries)
		static_branch_deferred_inc(&nf_flow_carried);
	return 0;
}

static void nf_flow_policy_stop(struct net *net,
				const struct nf_flow_policy *policy)
{
	if (policy->carries)
		static_branch_slow_dec_deferred(&nf_flow_carried);
	static_branch_slow_dec_deferred(&nf_flow_policed);
	if (nf_flow_policy_counts(policy))
		nf_flow_acct_put(net, 0);
	if (policy->shaping == NF_FLOW_SHAPING_SOFTWARE)
		nf_flow_shapers_put(net);
}

/**
 * nf_flow_policy_alloc() - a new policy, without statements
 * @family: NFPROTO_* of the table
 * @table: name of the table, which is copied
 * @name: name of the flowtable, which is copied
 *
 * Context: process, may sleep.
 * Return: the policy, for nf_flow_policy_set() or kfree(); NULL without memory.
 */
struct nf_flow_policy *nf_flow_policy_alloc(u8 family, const char *table,
					    const char *name)
{
	size_t table_size = strlen(table) + 1, name_size = strlen(name) + 1;
	struct nf_flow_policy *policy;

	policy = kzalloc(struct_size(policy, names, table_size + name_size),
			 GFP_KERNEL_ACCOUNT);
	if (!policy)
		return NULL;

	policy->family = family;
	policy->table = memcpy(policy->names, table, table_size);
	policy->name = memcpy(policy->names + table_size, name, name_size);
	return policy;
}
EXPORT_SYMBOL_GPL(nf_flow_policy_alloc);

/**
 * nf_flow_policy_set() - give a flowtable a policy
 * @net: network namespace of the flowtable
 * @policy: policy; on success, it belongs to the namespace from now on
 * @mode: what to do if the flowtable has one, or has none
 * @extack: for the reason of an error
 *
 * Context: process, may sleep.
 * Return: 0; -EEXIST or -ENOENT, as @mode says; -ENOSPC: the namespace has as
 * many as it may have; -ENOMEM.
 */
int nf_flow_policy_set(struct net *net, struct nf_flow_policy *policy,
		       enum nf_flow_policy_mode mode,
		       struct netlink_ext_ack *extack)
{
	struct nf_flow_policy_net *pn = nf_flow_policy_pernet(net);
	struct nf_flow_policy *old;
	int err = 0;

	mutex_lock(&pn->mutex);
	old = nf_flow_policy_find(pn, policy->family, policy->table,
				  policy->name);
	if (old && mode == NF_FLOW_POLICY_ADD) {
		NL_SET_ERR_MSG(extack,
			       "this flowtable has a policy already: replace it");
		err = -EEXIST;
	} else if (!old && mode == NF_FLOW_POLICY_REPLACE) {
		NL_SET_ERR_MSG(extack, "this flowtable has no policy");
		err = -ENOENT;
	} else if (!old && pn->num == NF_FLOW_POLICY_MAX) {
		NL_SET_ERR_MSG_FMT(extack,
				   "there are %u policies, and may be no more: delete some",
				   pn->num);
		err = -ENOSPC;
	}
	if (!err)
		err = nf_flow_policy_start(net, policy);
	if (err)
		goto out;

	policy->version = ++pn->last_version;
	if (old) {
		policy->id = old->id;
		list_replace(&old->list, &policy->list);
	} else {
		policy->id = policy->version;
		list_add_tail(&policy->list, &pn->policies);
		pn->num++;
	}
	nf_flow_policy_apply(net, old, policy);
	if (old) {
		nf_flow_policy_stop(net, old);
		kfree_rcu(old, rcu);
	}
out:
	mutex_unlock(&pn->mutex);
	return err;
}
EXPORT_SYMBOL_GPL(nf_flow_policy_set);

static int nf_flow_policy_missing(struct netlink_ext_ack *extack)
{
	NL_SET_ERR_MSG(extack, "this flowtable has no policy");
	return -ENOENT;
}

/**
 * nf_flow_policy_del() - take the policy of a flowtable away
 * @net: network namespace of the flowtable
 * @family: NFPROTO_* of its table
 * @table: name of its table
 * @name: its name
 * @extack: for the reason of an error
 *
 * Context: process, may sleep.
 * Return: 0; -ENOENT: it has none.
 */
int nf_flow_policy_del(struct net *net, u8 family, const char *table,
		       const char *name, struct netlink_ext_ack *extack)
{
	struct nf_flow_policy_net *pn = nf_flow_policy_pernet(net);
	struct nf_flow_policy *policy;

	mutex_lock(&pn->mutex);
	policy = nf_flow_policy_find(pn, family, table, name);
	if (policy) {
		nf_flow_policy_apply(net, policy, NULL);
		list_del(&policy->list);
		pn->num--;
		nf_flow_policy_stop(net, policy);
		kfree_rcu(policy, rcu);
	}
	mutex_unlock(&pn->mutex);
	return policy ? 0 : nf_flow_policy_missing(extack);
}
EXPORT_SYMBOL_GPL(nf_flow_policy_del);

/**
 * nf_flow_policy_get() - call a function for the policy of a flowtable
 * @net: network namespace of the flowtable
 * @family: NFPROTO_* of its table
 * @table: name of its table
 * @name: its name
 * @fn: function, which must not change policies
 * @data: for @fn
 * @extack: for the reason of an error
 *
 * Context: process, may sleep.
 * Return: what @fn returned; -ENOENT: it has none.
 */
int nf_flow_policy_get(struct net *net, u8 family, const char *table,
		       const char *name,
		       int (*fn)(const struct nf_flow_policy *policy,
				 void *data),
		       void *data, struct netlink_ext_ack *extack)
{
	struct nf_flow_policy_net *pn = nf_flow_policy_pernet(net);
	const struct nf_flow_policy *policy;
	int err = 0;

	mutex_lock(&pn->mutex);
	policy = nf_flow_policy_find(pn, family, table, name);
	if (policy)
		err = fn(policy, data);
	mutex_unlock(&pn->mutex);
	return policy ? err : nf_flow_policy_missing(extack);
}
EXPORT_SYMBOL_GPL(nf_flow_policy_get);

/**
 * nf_flow_policy_for_each() - call a function for each policy, oldest first
 * @net: network namespace
 * @after: number; policies up to this one are left out
 * @fn: function, which must not change policies; not 0 ends the walk
 * @data: for @fn
 *
 * A policy keeps its place, and its number, when another one takes its place.
 *
 * Context: process, may sleep.
 * Return: 0, or what @fn returned.
 */
int nf_flow_policy_for_each(struct net *net, u64 after,
			    int (*fn)(const struct nf_flow_policy *policy,
				      void *data),
			    void *data)
{
	struct nf_flow_policy_net *pn = nf_flow_policy_pernet(net);
	const struct nf_flow_policy *policy;
	int err = 0;

	mutex_lock(&pn->mutex);
	list_for_each_entry(policy, &pn->policies, list) {
		if (policy->id <= after)
			continue;
		err = fn(policy, data);
		if (err)
			break;
	}
	mutex_unlock(&pn->mutex);
	return err;
}
EXPORT_SYMBOL_GPL(nf_flow_policy_for_each);

/**
 * nf_flow_policy_expect() - which marks would match, were there a flow?
 * @net: network namespace
 * @family: NFPROTO_* of a table
 * @table: name of the table
 * @name: name of a flowtable
 * @ct: connection
 *
 * Context: process, may sleep.
 * Return: what would become of it.
 */
enum nf_flow_marked nf_flow_policy_expect(struct net *net, u8 family,
					  const char *table, const char *name,
					  const struct nf_conn *ct)
{
	struct nf_flow_policy_net *pn = nf_flow_policy_pernet(net);
	enum nf_flow_marked marked = NF_FLOW_MARKED_NONE;
	const struct nf_flow_policy *policy;

	if (!nf_flow_is_policed())
		return NF_FLOW_MARKED_NONE;

	mutex_lock(&pn->mutex);
	policy = nf_flow_policy_find(pn, family, table, name);
	if (policy)
		marked = nf_flow_policy_marked(policy, ct);
	mutex_unlock(&pn->mutex);
	return marked;
}
EXPORT_SYMBOL_GPL(nf_flow_policy_expect);

/**
 * nf_flow_policy_shaping() - would a flow have to respect shapers?
 * @net: network namespace
 * @family: NFPROTO_* of a table
 * @table: name of the table
 * @name: name of a flowtable
 *
 * Context: process, may sleep.
 * Return: true if the policy says so.
 */
bool nf_flow_policy_shaping(struct net *net, u8 family, const char *table,
			    const char *name)
{
	struct nf_flow_policy_net *pn = nf_flow_policy_pernet(net);
	const struct nf_flow_policy *policy;
	bool shaping;

	if (!nf_flow_is_policed())
		return false;

	mutex_lock(&pn->mutex);
	policy = nf_flow_policy_find(pn, family, table, name);
	shaping = policy && policy->shaping == NF_FLOW_SHAPING_SOFTWARE;
	mutex_unlock(&pn->mutex);
	return shaping;
}
EXPORT_SYMBOL_GPL(nf_flow_policy_shaping);

/**
 * nf_flow_policy_kept() - why is a direction not in hardware?
 * @flowtable: flowtable
 * @flow: flow of it
 * @dir: direction that is not in hardware
 *
 * Context: any; RCU keeps @flow.
 * Return: the reason that its pin or the policy has for it, or
 * %NF_FLOW_REASON_NONE.
 */
enum nf_flow_reason nf_flow_policy_kept(const struct nf_flowtable *flowtable,
					const struct flow_offload *flow,
					int dir)
{
	enum nf_flow_reason reason = NF_FLOW_REASON_NONE;

	if (nf_flow_is_policed() &&
	    rcu_access_pointer(flowtable->check->policy))
		reason = READ_ONCE(flow->kept);
	if (!reason && nf_flow_carry_waits(flowtable, flow, dir))
		reason = NF_FLOW_REASON_NOT_LEARNED;
	/* marks go before pins */
	if (reason != NF_FLOW_REASON_POLICY &&
	    READ_ONCE(flow->pin) == NF_FLOW_PIN_SOFTWARE)
		reason = NF_FLOW_REASON_PINNED;
	return reason;
}
EXPORT_SYMBOL_GPL(nf_flow_policy_kept);

/**
 * nf_flow_policy_bind() - a flowtable is made: has it a policy?
 * @flowtable: flowtable, which nf_flow_table_for_each() finds by now
 *
 * Context: process, may sleep.
 */
void nf_flow_policy_bind(struct nf_flowtable *flowtable)
{
	const struct nft_flowtable *ft = container_of(flowtable,
						      struct nft_flowtable,
						      data);
	struct nf_flow_policy_net *pn;

	if (!flowtable->counters) /* not of nftables */
		return;

	pn = nf_flow_policy_pernet(read_pnet(&flowtable->net));
	mutex_lock(&pn->mutex);
	rcu_assign_pointer(flowtable->check->policy,
			   nf_flow_policy_find(pn, ft->table->family,
					       ft->table->name, ft->name));
	mutex_unlock(&pn->mutex);
}

void nf_flow_policy_net_init(struct net *net)
{
	struct nf_flow_policy_net *pn = nf_flow_policy_pernet(net);

	mutex_init(&pn->mutex);
	INIT_LIST_HEAD(&pn->policies);
}

/* Flowtables may go later than we do. */
void nf_flow_policy_net_exit(struct net *net)
{
	struct nf_flow_policy_net *pn = nf_flow_policy_pernet(net);
	struct nf_flow_policy *policy, *next;

	mutex_lock(&pn->mutex);
	list_for_each_entry_safe(policy, next, &pn->policies, list) {
		nf_flow_policy_apply(net, policy, NULL);
		nf_flow_policy_stop(net, policy);
		kfree_rcu(policy, rcu);
	}
	mutex_unlock(&pn->mutex);
	mutex_destroy(&pn->mutex);
	if (pn->early)
		kvfree_rcu_mightsleep(pn->early);
}

/**
 * nf_flow_policy_exit() - no namespace has a policy any more
 */
void nf_flow_policy_exit(void)
{
	static_key_deferred_flush(&nf_flow_policed);
	static_key_deferred_flush(&nf_flow_carried);
	nf_flow_shapers_exit();
}
