// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pins: someone outside the kernel says where a flow is to be forwarded.
 *
 *	hardware	the policy lets it wait for nothing, and takes no place from
 *			it; its place counts in the budget
 *	software	it is not in hardware
 *	auto		the policy decides, as for all flows at first
 *
 * A pin is a byte of the flow, and ends with it. Marks of a policy go before pins.
 * nf_flow_table_admit.c obeys them.
 */
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_flow_acct.h>
#include <net/netfilter/nf_flow_counters.h>
#include <net/netfilter/nf_flow_policy.h>
#include <net/netfilter/nf_flow_table.h>
#include <trace/events/nf_flow_table.h>
#include "nf_flow_table_internal.h"

static void nf_flow_pin_software(struct nf_flowtable *flowtable,
				 struct flow_offload *flow)
{
	trace_nf_flow_offload_skip(flow->ct, NF_FLOW_REASON_PINNED);
	nf_flow_count_reason(flowtable, NF_FLOW_REASON_PINNED);
	nf_flow_offload_remove(flowtable, flow);
}

/* A flow that was never offered cannot be in hardware. */
static void nf_flow_pin_offer(struct nf_flowtable *flowtable,
			      struct flow_offload *flow)
{
	if (nf_flowtable_hw_offload(flowtable) && !flow_offload_in_hw(flow) &&
	    test_bit(NF_FLOW_HW, &flow->flags) &&
	    !test_bit(NF_FLOW_CLOSING, &flow->flags))
		nf_flow_offload_refresh(flowtable, flow, true);
}

/**
 * nf_flow_pin_set() - pin a flow, or end its pin
 * @flowtable: flowtable
 * @flow: flow of @flowtable, which is not torn down
 * @pin: where it is to be forwarded
 *
 * It goes there soon, and not before this returns: drivers are asked by workers.
 *
 * Context: process, under RCU, which keeps @flow.
 */
void nf_flow_pin_set(struct nf_flowtable *flowtable,
		     struct flow_offload *flow, enum nf_flow_pin pin)
{
	if (READ_ONCE(flow->pin) == pin)
		return;

	WRITE_ONCE(flow->pin, pin);
	/* A worker that is busy with the flow clears NF_FLOW_PENDING, and sees the
	 * pin in nf_flow_offload_recheck(); or we see what the worker has done.
	 */
	smp_mb();
	nf_flow_notify(flow, NF_FLOW_EVENT_PINNED, 0, 0, NF_FLOW_REASON_NONE,
		       NULL);
	if (pin == NF_FLOW_PIN_SOFTWARE)
		nf_flow_pin_software(flowtable, flow);
	else
		nf_flow_pin_offer(flowtable, flow);
}
EXPORT_SYMBOL_GPL(nf_flow_pin_set);
