// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which flows leave hardware for faster ones, when a budget is used up.
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
 */
#include <linux/bitops.h>
#include <linux/minmax.h>
#include <linux/moduleparam.h>
#include <linux/string.h>
#include "nf_flow_table_evict.h"

static unsigned int offload_replacements = 1000;
module_param(offload_replacements, uint, 0644);
MODULE_PARM_DESC(offload_replacements,
		 "Flows that leave hardware for faster ones, of a flowtable in a second at most (default: 1000)");

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
 *
 * Context: the garbage collector.
 */
void nf_flow_evict_waits(struct nf_flow_evict *evict, u32 rate)
{
	evict->wait[fls(rate)]++;
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

/**
 * nf_flow_evict_plan() - a pass is over: what is to be done in the next one?
 * @evict: of the flowtable
 * @free: places that no flow has
 *
 * Context: the garbage collector.
 */
void nf_flow_evict_plan(struct nf_flow_evict *evict, u32 free)
{
	u32 faster = 0, best = 0, max = READ_ONCE(offload_replacements), n;
	unsigned int floor = 0, class;

	for (class = NF_FLOW_RATES - 1; class >= 2; class--) {
		faster += evict->wait[class];
		n = min(faster > free ? faster - free : 0,
			nf_flow_evict_slower(evict, class));
		if (n > best) {
			best = n;
			floor = class;
		}
	}
	best = min(best, max);

	evict->leave = best;
	evict->quota = best;
	evict->class = 0;
	for (class = 0; evict->quota > evict->hw[class]; class++)
		evict->quota -= evict->hw[class];
	evict->class = class;
	WRITE_ONCE(evict->floor, best ? BIT(floor - 1) : 0);

	memset(evict->hw, 0, sizeof(evict->hw));
	memset(evict->wait, 0, sizeof(evict->wait));
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
	evict->leave = 0;
	WRITE_ONCE(evict->floor, 0);
}
