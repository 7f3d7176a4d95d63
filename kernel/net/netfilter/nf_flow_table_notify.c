// SPDX-License-Identifier: GPL-2.0-only
/*
 * What happens to flows that are counted, for the module nft_offload.
 *
 * One notifier is called, under RCU, for namespaces that count. What a driver says
 * when it refuses a direction is kept beside the counters, charged like them.
 */
#include <linux/memcontrol.h>
#include <linux/module.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <net/netfilter/nf_conntrack.h>
#include "nf_flow_table_acct.h"

static const struct nf_flow_notifier __rcu *nf_flow_notifier;

/* Only one worker at a time has to do with a flow, and a flow is not freed
 * meanwhile; when the record ends, workers have been told before.
 */
void nf_flow_acct_set_failure(struct nf_flow_acct *acct,
			      enum flow_offload_tuple_dir dir,
			      struct nf_flow_failure *failure)
{
	failure = unrcu_pointer(xchg(&acct->count[dir].failure,
				     RCU_INITIALIZER(failure)));
	if (failure)
		kfree_rcu(failure, rcu);
}

/* A driver asked again often says the same again. */
static void nf_flow_acct_failed(struct nf_flow_acct *acct,
				enum flow_offload_tuple_dir dir, int err,
				enum nf_flow_reason reason, const char *msg)
{
	struct nf_flow_failure *failure = rcu_dereference(acct->count[dir].failure);
	struct nf_flow_acct_net *an = nf_flow_acct_pernet_of(acct);
	size_t len = msg ? strlen(msg) : 0;
	struct mem_cgroup *old;

	if (failure && failure->reason == reason &&
	    !strcmp(failure->msg, msg ?: ""))
		return;

	failure = NULL;
	if (len || reason != nf_flow_reason_driver(err)) {
		old = set_active_memcg(READ_ONCE(an->memcg));
		failure = kzalloc_flex(*failure, msg, len + 1,
				       GFP_NOWAIT | __GFP_ACCOUNT);
		set_active_memcg(old);
		if (failure) {
			failure->reason = reason;
			memcpy(failure->msg, msg ?: "", len);
		}
	}
	nf_flow_acct_set_failure(acct, dir, failure);
}

/* See nf_flow_notify(). */
void __nf_flow_notify(struct flow_offload *flow, enum nf_flow_event event,
		      enum flow_offload_tuple_dir dir, int err,
		      enum nf_flow_reason reason, const char *msg)
{
	const struct nf_flow_notifier *notifier;
	struct net *net = nf_ct_net(flow->ct);
	struct nf_flow_acct *acct;

	if (flow->type != NF_FLOW_OFFLOAD_ROUTE)
		return;

	rcu_read_lock();
	notifier = rcu_dereference(nf_flow_notifier);
	acct = READ_ONCE(flow->acct);
	if (acct && event == NF_FLOW_EVENT_FAILED)
		nf_flow_acct_failed(acct, dir, err, reason, msg);
	if (notifier && READ_ONCE(nf_flow_acct_pernet(net)->on))
		notifier->event(net, acct, event, dir, err, reason, msg);
	rcu_read_unlock();
}

/* See nf_flow_notify_skip(). */
void __nf_flow_notify_skip(struct nf_flowtable *flowtable,
			   const struct nf_conn *ct, enum nf_flow_reason reason)
{
	struct net *net = read_pnet(&flowtable->net);
	const struct nf_flow_notifier *notifier;

	if (!READ_ONCE(nf_flow_acct_pernet(net)->on))
		return;

	nf_flow_count_skip(flowtable, reason);
	rcu_read_lock();
	notifier = rcu_dereference(nf_flow_notifier);
	if (notifier && ct)
		notifier->skip(net, ct, reason);
	rcu_read_unlock();
}
EXPORT_SYMBOL_GPL(__nf_flow_notify_skip);

/**
 * nf_flow_notifier_register() - tell of what happens to flows that are counted
 * @notifier: what to call, until nf_flow_notifier_unregister()
 *
 * Context: a module's init function.
 * Return: 0, or -EBUSY if there is one already.
 */
int nf_flow_notifier_register(const struct nf_flow_notifier *notifier)
{
	if (rcu_access_pointer(nf_flow_notifier))
		return -EBUSY;

	rcu_assign_pointer(nf_flow_notifier, notifier);
	return 0;
}
EXPORT_SYMBOL_GPL(nf_flow_notifier_register);

/**
 * nf_flow_notifier_unregister() - tell no longer
 *
 * Once this returns, the notifier is not called any more.
 *
 * Context: process, may sleep.
 */
void nf_flow_notifier_unregister(void)
{
	RCU_INIT_POINTER(nf_flow_notifier, NULL);
	synchronize_rcu();
}
EXPORT_SYMBOL_GPL(nf_flow_notifier_unregister);
