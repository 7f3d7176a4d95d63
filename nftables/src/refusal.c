// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Refusals of hardware that monitor has told already. The kernel has an event for each
 * direction, and tries again: one line is enough until the reason changes, or something
 * else becomes of the flow. A table of fixed size knows the flows; where two share a place,
 * one is told again.
 */
#include <stdint.h>
#include <string.h>
#include <libnftnl_offload/flow.h>
#include "refusal.h"

#define SLOTS	4096

static struct {
	uint64_t	id;
	uint32_t	why;	/* 0: none */
} slots[SLOTS];

static uint32_t hash(uint32_t h, const char *text)
{
	for (; text && *text; text++)
		h = (h ^ (unsigned char)*text) * 16777619u;
	return h;
}

static uint32_t why_of(const struct nftnl_flow *flow, uint16_t step)
{
	uint32_t err = nftnl_flow_get_u32(flow, NFTNL_FLOW_ORIG_ERRNO + step);
	const char *reason = nftnl_flow_get_str(flow, NFTNL_FLOW_ORIG_REASON + step);

	return err || reason ? hash(2166136261u ^ err, reason) | 1 : 0;
}

/* Both directions are refused for the same reason, as a rule: one of them has it first */
static uint32_t why(const struct nftnl_flow *flow)
{
	uint32_t original = why_of(flow, 0), reply = why_of(flow, NFTNL_FLOW_DIR_STEP);

	if (!original || !reply || original == reply)
		return original ? original : reply;
	return (original ^ (reply << 1)) | 1;
}

bool refusal_repeated(const struct nftnl_flow *flow)
{
	uint64_t id = nftnl_flow_get_u64(flow, NFTNL_FLOW_ID);
	bool failed = nftnl_flow_get_u8(flow, NFTNL_FLOW_EVENT) == NFT_OFFLOAD_EVENT_FAILED;
	uint32_t now = failed ? why(flow) : 0;
	bool same = slots[id % SLOTS].id == id && slots[id % SLOTS].why == now;

	if (!failed && slots[id % SLOTS].id != id)
		return false;
	slots[id % SLOTS].id = id;
	slots[id % SLOTS].why = now;
	return failed && now && same;
}
