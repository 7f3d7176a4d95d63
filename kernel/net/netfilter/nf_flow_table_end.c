// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a flowtable does when a connection is deleted
 *
 * A flow does not outlive its connection: when an entry of conntrack is deleted,
 * by conntrack -D or -F or as an address is gone, wants its packets to meet the
 * ruleset again, and the last event of the connection to have all its packets.
 * The garbage collector would notice within a second.
 *
 * Conntrack calls nf_flow_end_ct() for an offloaded connection. The flow is torn
 * down, so that the fast path does not find it any more, and its rules go to the
 * front of the queue to the drivers. Who can sleep lets conntrack wait until the
 * drivers have destroyed them, and have told what these have counted, before the
 * entry is deleted. NF_FLOW_ENDING marks flows that are waited for, conntrack
 * counts them.
 *
 * The connection keeps IPS_OFFLOAD meanwhile, which keeps it from being offloaded
 * once more.
 */

#include <linux/rcupdate.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_core.h>
#include "nf_flow_table_internal.h"

/**
 * nf_flow_end_done() - tell that a flow is out of hardware, if it is
 * @flow: flow that a worker is done with, or that has left its flowtable
 *
 * Context: any but hard interrupts; the caller keeps @flow, by RCU or else.
 */
void nf_flow_end_done(struct flow_offload *flow)
{
	if (likely(!test_bit(NF_FLOW_ENDING, &flow->flags)) ||
	    flow_offload_in_hw(flow) ||
	    !test_and_clear_bit(NF_FLOW_ENDING, &flow->flags))
		return;

	nf_ct_offload_end_is_done(nf_ct_net(flow->ct));
}

static void nf_flow_end_ct(struct nf_conn *ct)
{
	struct nf_flowtable *flowtable;
	struct flow_offload *flow;

	flow = flow_offload_lookup_ct(ct, &flowtable);
	if (!flow)
		return;

	flow_offload_end(flow);
	if (!nf_flowtable_hw_offload(flowtable))
		return;

	if (!test_and_set_bit(NF_FLOW_ENDING, &flow->flags))
		nf_ct_offload_end_begins(nf_ct_net(ct));
	/* Whoever takes the flow out of hardware, or frees it, either sees the
	 * bit, or is seen to have done so. Who has NF_FLOW_PENDING looks for the
	 * bit afterwards.
	 */
	smp_mb__after_atomic();
	nf_flow_offload_remove(flowtable, flow);
	if (!flow_offload_in_hw(flow) && nf_flow_queue_cancel(flowtable, flow))
		clear_bit_unlock(NF_FLOW_PENDING, &flow->flags);
	if (!test_bit(NF_FLOW_PENDING, &flow->flags) ||
	    test_bit(NF_FLOW_FREED, &flow->flags))
		nf_flow_end_done(flow);
}

static const struct nf_ct_offload_hook nf_flow_end_hook = {
	.end	= nf_flow_end_ct,
};

void nf_flow_end_init(void)
{
	rcu_assign_pointer(nf_ct_offload_hook, &nf_flow_end_hook);
}

void nf_flow_end_exit(void)
{
	RCU_INIT_POINTER(nf_ct_offload_hook, NULL);
	synchronize_rcu();
}
