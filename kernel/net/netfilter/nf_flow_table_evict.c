// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which flows leave hardware for faster ones, when a budget is used up, or when drivers
 * say that hardware is full.
 *
 * The garbage collector looks at all flows each second anyway. Meanwhile it counts
 * flows in hardware, and those that wait for a place, by class of their rates: class
 * 0 for none, class c for 2^(c-1) to 2^c - 1 packets a second. What was counted in
 * one pass is applied in the next, so there are no lists of flows, and no other walk.
 *
 *	class		0   1   2   3   4   5   6   7
 *	in hardware	4   2   .   3   1   .   .   .
 *	waiting		9   5   .   .   .   2   1   .
 *	                <-- leave       floor ^
 *
 * A flow of class c is at least twice as fast as any of class c - 2. Among all
 * classes, the floor is the one by which most flows change places; as many leave as
 * are at or above it, the slowest first. Flows below the floor take no place then.
 *
 * Drivers take their time: how many may change places is limited, in number and by the
 * time that the last ones took. A budget of each device has a count of its own for each.
 */
#include <linux/bitops.h>
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/moduleparam.h>
#include <linux/string.h>
#include "nf_flow_table_evict.h"

static unsigned int offload_replacements = 1000;
module_param(offload_replacements, uint, 0644);
MODULE_PARM_DESC(offload_replacements,
		 "Flows that leave hardware for faster ones, of a flowtable in a second at most (default: 1000)");

static unsigned int offload_replacing = 10;
module_param(offload_replacing, uint, 0644);
MODULE_PARM_DESC(offload_replacing,
		 "Time that drivers may take for this, in milliseconds of a second (default: 10)");

/**
 * nf_flow_evict_in_hw() - count a flow in hardware
 * @evict: of its flowtable
 * @rate: packets a second
 *
 * Context: the garbage collector.
 * Return: true if it is to make room.
 */
bool nf_flow_evict_in_hw(struct nf_flow_evict *evict, u32 rate)
{
	u32 class = fls(rate);

	if (evict->leave && class <= evict->class &&
	    (class < evict->class || evict->quota)) {
		evict->leave--;
		if (class == evict->class)
			evict->quota--;
		return true;
	}
	evict->hw[class]++;
	return false;
}

/**
 * nf_flow_evict_waits() - count a flow that waits for a place
 * @evict: of its flowtable
 * @rate: packets a second
 * @refused: by a driver, as hardware is full
 *
 * Context: the garbage collector.
 */
void nf_flow_evict_waits(struct nf_flow_evict *evict, u32 rate, bool refused)
{
	evict->wait[fls(rate)]++;
	evict->refused += refused;
}

/* Flows that may leave for those of class @floor and above */
static u32 nf_flow_evict_slower(const struct nf_flow_evict *evict,
				unsigned int floor)
{
	unsigned int class;
	u32 n = 0;

	for (class = 0; class + 2 <= floor; class++)
		n += evict->hw[class];
	return n;
}

/* The floor by which most flows change places, and how many do */
static u32 nf_flow_evict_best(const struct nf_flow_evict *evict, u32 free,
			      unsigned int *floor)
{
	u32 faster = 0, best = 0, n;
	unsigned int class;

	for (class = NF_FLOW_RATES - 1; class >= 2; class--) {
		faster += evict->wait[class];
		n = min(faster > free ? faster - free : 0,
			nf_flow_evict_slower(evict, class));
		if (n > best) {
			best = n;
			*floor = class;
		}
	}
	return best;
}

/* No flow leaves: the highest floor that is of use for as many as there are places.
 * Else the first packet takes a place, whatever its flow is.
 */
static unsigned int nf_flow_evict_floor(const struct nf_flow_evict *evict,
					u32 free)
{
	unsigned int class;
	u32 faster = 0;

	for (class = NF_FLOW_RATES - 1; class; class--) {
		faster += evict->wait[class];
		if (faster && faster >= free)
			return class;
	}
	return 0;
}

/* How many places are free in hardware is not known: the floor is that of the fastest
 * flows, and comes down until drivers refuse again.
 */
static unsigned int nf_flow_evict_guess(struct nf_flow_evict *evict)
{
	unsigned int floor = nf_flow_evict_floor(evict, 1);

	evict->lower = evict->refused ? 0 : evict->lower + 1;
	return floor > evict->lower ? floor - evict->lower : 0;
}

/**
 * nf_flow_evict_plan() - a pass is over: what is to be done in the next one?
 * @evict: of the flowtable, or of a device
 * @free: places that no flow has; negative: that flows have and should not
 * @known: it is known how many are free, not only that drivers refuse flows
 * @max: flows that may change places
 *
 * Context: the garbage collector.
 * Return: how many are to.
 */
u32 nf_flow_evict_plan(struct nf_flow_evict *evict, s64 free, bool known,
		       u32 max)
{
	unsigned int floor = 0, class;
	u32 n = 0, leave;

	if (free >= 0)
		n = min(nf_flow_evict_best(evict, free, &floor), max);
	if (!n && free >= 0)
		floor = known ? nf_flow_evict_floor(evict, free) :
				nf_flow_evict_guess(evict);
	leave = free < 0 ? -free : n;

	evict->leave = leave;
	evict->quota = leave;
	for (class = 0; class < NF_FLOW_RATES - 1 &&
	     evict->quota > evict->hw[class]; class++)
		evict->quota -= evict->hw[class];
	evict->class = class;
	WRITE_ONCE(evict->floor, floor ? BIT(floor - 1) : 0);

	memset(evict->hw, 0, sizeof(evict->hw));
	memset(evict->wait, 0, sizeof(evict->wait));
	evict->refused = 0;
	return n;
}

/**
 * nf_flow_evict_stop() - no flow makes room any more
 * @evict: of the flowtable
 *
 * Context: the garbage collector.
 */
void nf_flow_evict_stop(struct nf_flow_evict *evict)
{
	memset(evict->hw, 0, sizeof(evict->hw));
	memset(evict->wait, 0, sizeof(evict->wait));
	evict->refused = 0;
	evict->lower = 0;
	evict->leave = 0;
	WRITE_ONCE(evict->floor, 0);
}

/**
 * nf_flow_replace_max() - how many flows may change places until the next pass?
 * @replace: what the last ones took
 *
 * Not more than the parameters say: neither in number, nor in time. What took longer
 * than it should is saved up for.
 *
 * Context: the garbage collector, once in a pass.
 * Return: number.
 */
u32 nf_flow_replace_max(struct nf_flow_replace *replace)
{
	u32 share = min(READ_ONCE(offload_replacing), MSEC_PER_SEC);
	u64 full = (u64)share * NSEC_PER_MSEC, now = ktime_get_ns(), cost;
	u32 max = READ_ONCE(offload_replacements), num;
	s64 spent;

	spent = atomic64_xchg(&replace->ns, 0);
	num = atomic_xchg(&replace->num, 0);
	if (num) {
		cost = max(div_u64(spent, num), 1);
		replace->cost = replace->cost ? (replace->cost + cost) / 2 :
						cost;
	}
	replace->credit += div_u64(min(now - replace->when, NSEC_PER_SEC) *
				   share, MSEC_PER_SEC);
	replace->credit = min_t(s64, replace->credit - spent, full);
	replace->when = now;

	if (replace->credit <= 0)
		return 0;
	if (replace->cost)
		max = min_t(u64, max, div64_u64(replace->credit,
						replace->cost));
	return max;
}

/**
 * nf_flow_evict_of() - the flows of a device
 * @devices: by ifindex
 * @ifindex: of the device that original packets come in by
 *
 * Context: the garbage collector, under RCU.
 * Return: what is known of them; NULL without memory.
 */
struct nf_flow_evict *nf_flow_evict_of(struct xarray *devices,
				       unsigned long ifindex)
{
	struct nf_flow_evict *evict = xa_load(devices, ifindex);

	if (evict)
		return evict;
	evict = kzalloc_obj(*evict, GFP_ATOMIC | __GFP_NOWARN);
	if (evict && xa_err(xa_store(devices, ifindex, evict, GFP_ATOMIC))) {
		kfree(evict);
		evict = NULL;
	}
	return evict;
}
