// SPDX-License-Identifier: GPL-2.0-only
/*
 * What has become of the flows of a flowtable, and the names of reasons.
 *
 * Counters change when a driver is done with a flow, which is never in the way of
 * a packet. What packets are about is counted only while someone watches: see
 * nf_flow_table_watch.c.
 */
#include <linux/slab.h>
#include <net/netfilter/nf_flow_counters.h>
#include <net/netfilter/nf_tables.h>
#include <trace/events/nf_flow_table.h>

/**
 * nf_flow_counters_init() - count for a new flowtable
 * @flowtable: flowtable; those of others than nftables are not counted for
 *
 * Context: process, may sleep.
 * Return: 0 or -ENOMEM.
 */
int nf_flow_counters_init(struct nf_flowtable *flowtable)
{
	flowtable->counters = NULL;
	if (!flowtable->type || !flowtable->type->setup) /* not of nftables */
		return 0;

	flowtable->counters = kzalloc_obj(*flowtable->counters,
					  GFP_KERNEL_ACCOUNT);
	if (!flowtable->counters)
		return -ENOMEM;
	xa_init(&flowtable->counters->software);
	return 0;
}

/**
 * nf_flow_counters_free() - a flowtable goes
 * @flowtable: flowtable that has no flows any more
 */
void nf_flow_counters_free(struct nf_flowtable *flowtable)
{
	if (flowtable->counters)
		xa_destroy(&flowtable->counters->software);
	kfree(flowtable->counters);
}

#undef EM
#undef EMe
#define EM(val, name)	{ val, name },
#define EMe(val, name)	{ val, name }

/**
 * nf_flow_reason_name() - as users see it, here and in traces
 * @reason: reason
 *
 * Return: the name.
 */
const char *nf_flow_reason_name(enum nf_flow_reason reason)
{
	/* in the order of the enum */
	static const struct trace_print_flags names[] = { NF_FLOW_REASON_NAMES };

	BUILD_BUG_ON(ARRAY_SIZE(names) != __NF_FLOW_REASON_MAX);
	return reason < ARRAY_SIZE(names) ? names[reason].name : "unknown";
}
EXPORT_SYMBOL_GPL(nf_flow_reason_name);
