// SPDX-License-Identifier: GPL-2.0-only
/*
 * What has become of the flows of a flowtable, and the names of reasons.
 *
 * Counters change when a driver is done with a flow, which is never in the way of
 * a packet; but for packets that make no flow, each CPU for itself, and only while
 * the namespace counts: see nf_flow_table_acct.c.
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
	struct nf_flow_counters *counters;
	int cpu;

	flowtable->counters = NULL;
	if (!flowtable->type || !flowtable->type->setup) /* not of nftables */
		return 0;

	counters = kzalloc_obj(*counters, GFP_KERNEL_ACCOUNT);
	if (!counters)
		return -ENOMEM;
	counters->skips = alloc_percpu_gfp(struct nf_flow_skips,
					   GFP_KERNEL_ACCOUNT);
	if (!counters->skips) {
		kfree(counters);
		return -ENOMEM;
	}
	for_each_possible_cpu(cpu)
		u64_stats_init(&per_cpu_ptr(counters->skips, cpu)->syncp);
	xa_init(&counters->devices);
	flowtable->counters = counters;
	return 0;
}

/**
 * nf_flow_counters_free() - a flowtable goes
 * @flowtable: flowtable that has no flows any more
 */
void nf_flow_counters_free(struct nf_flowtable *flowtable)
{
	struct nf_flow_counters *counters = flowtable->counters;

	if (!counters)
		return;
	xa_destroy(&counters->devices);
	free_percpu(counters->skips);
	kfree(counters);
}

/**
 * nf_flow_counters_reason() - how often was there a reason?
 * @counters: of a flowtable
 * @reason: reason
 *
 * Context: any; the caller keeps the flowtable.
 * Return: times, of flows and packets together.
 */
u64 nf_flow_counters_reason(const struct nf_flow_counters *counters,
			    enum nf_flow_reason reason)
{
	u64 times = atomic64_read(&counters->reasons[reason]), count;
	const struct nf_flow_skips *skips;
	unsigned int start;
	int cpu;

	for_each_possible_cpu(cpu) {
		skips = per_cpu_ptr(counters->skips, cpu);
		do {
			start = u64_stats_fetch_begin(&skips->syncp);
			count = u64_stats_read(&skips->count[reason]);
		} while (u64_stats_fetch_retry(&skips->syncp, start));
		times += count;
	}
	return times;
}
EXPORT_SYMBOL_GPL(nf_flow_counters_reason);

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
