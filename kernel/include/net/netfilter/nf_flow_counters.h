/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What has become of the flows of a flowtable: nf_flow_table_counters.c
 */
#ifndef _NF_FLOW_COUNTERS_H
#define _NF_FLOW_COUNTERS_H

#include <linux/atomic.h>
#include <linux/percpu.h>
#include <linux/u64_stats_sync.h>
#include <linux/xarray.h>
#include <net/netfilter/nf_flow_reason.h>
#include <net/netfilter/nf_flow_table.h>

/* Counted apart: error numbers that drivers are likely to return */
#define NF_FLOW_ERRNO_MAX	133

/**
 * struct nf_flow_skips - packets that met a rule that adds flows, and made none
 * @syncp: for 32-bit machines
 * @count: by enum nf_flow_reason
 *
 * There is one for each CPU.
 */
struct nf_flow_skips {
	struct u64_stats_sync	syncp;
	u64_stats_t		count[__NF_FLOW_REASON_MAX];
};

/**
 * struct nf_flow_counters - what has become of the flows of a flowtable
 * @id: number of the flowtable, greater than that of any older one
 * @hw_flows: in hardware now
 * @hw_adds: that got into hardware
 * @hw_dels: that left it
 * @reasons: times that a flow did not get into hardware, by enum nf_flow_reason
 * @skips: packets that made no flow, while the namespace counts
 * @errnos: the same for errors of drivers, by number; [0] is for all others
 * @devices: by ifindex, devices of the flowtable: 0, or the errno of one that
 *	cannot offload but is tolerated, as xa_mk_value()
 */
struct nf_flow_counters {
	u64		id;
	atomic_t	hw_flows;
	atomic64_t	hw_adds;
	atomic64_t	hw_dels;
	atomic64_t	reasons[__NF_FLOW_REASON_MAX];
	struct nf_flow_skips __percpu *skips;
	atomic64_t	errnos[NF_FLOW_ERRNO_MAX + 1];
	struct xarray	devices;
};

int nf_flow_counters_init(struct nf_flowtable *flowtable);
void nf_flow_counters_free(struct nf_flowtable *flowtable);
u64 nf_flow_counters_reason(const struct nf_flow_counters *counters,
			    enum nf_flow_reason reason);

static inline void nf_flow_count_hw(struct nf_flowtable *flowtable, int n)
{
	struct nf_flow_counters *counters = flowtable->counters;

	if (!counters)
		return;
	atomic_add(n, &counters->hw_flows);
	atomic64_inc(n > 0 ? &counters->hw_adds : &counters->hw_dels);
}

static inline void nf_flow_count_reason(struct nf_flowtable *flowtable,
					enum nf_flow_reason reason)
{
	struct nf_flow_counters *counters = flowtable->counters;

	if (counters)
		atomic64_inc(&counters->reasons[reason]);
}

/* A packet made no flow. With bottom halves disabled. */
static inline void nf_flow_count_skip(struct nf_flowtable *flowtable,
				      enum nf_flow_reason reason)
{
	struct nf_flow_counters *counters = flowtable->counters;
	struct nf_flow_skips *skips;

	if (!counters)
		return;
	skips = this_cpu_ptr(counters->skips);
	u64_stats_update_begin(&skips->syncp);
	u64_stats_inc(&skips->count[reason]);
	u64_stats_update_end(&skips->syncp);
}

/* @err: negative errno of a driver */
static inline void nf_flow_count_errno(struct nf_flowtable *flowtable, int err)
{
	struct nf_flow_counters *counters = flowtable->counters;

	if (counters)
		atomic64_inc(&counters->errnos[-err <= NF_FLOW_ERRNO_MAX ?
					       -err : 0]);
}

const char *nf_flow_reason_name(enum nf_flow_reason reason);

#endif /* _NF_FLOW_COUNTERS_H */
