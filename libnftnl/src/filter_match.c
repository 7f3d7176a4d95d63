// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Does a filter let a flow pass? As nft_offload_filter_match() of the kernel has
 * it. What a filter says of an attribute that the flow lacks is not so, with three
 * exceptions: ports of GRE are 0, a kernel without marks looks at none, and in one
 * without zones all are 0.
 */
#include "internal.h"
#include "filter.h"

static bool has(const struct nftnl_flow_filter *f, uint16_t attr)
{
	return nftnl_flow_filter_is_set(f, attr);
}

static bool match_u8(const struct nftnl_flow_filter *f, uint16_t attr,
		     const struct nftnl_flow *flow, uint16_t flow_attr)
{
	return !has(f, attr) ||
	       (nftnl_flow_is_set(flow, flow_attr) &&
		nftnl_flow_filter_get_u8(f, attr) ==
		nftnl_flow_get_u8(flow, flow_attr));
}

static bool match_u32(const struct nftnl_flow_filter *f, uint16_t attr,
		      const struct nftnl_flow *flow, uint16_t flow_attr)
{
	return !has(f, attr) ||
	       (nftnl_flow_is_set(flow, flow_attr) &&
		nftnl_flow_filter_get_u32(f, attr) ==
		nftnl_flow_get_u32(flow, flow_attr));
}

static bool match_str(const struct nftnl_flow_filter *f, uint16_t attr,
		      const struct nftnl_flow *flow, uint16_t flow_attr)
{
	return !has(f, attr) ||
	       (nftnl_flow_is_set(flow, flow_attr) &&
		!strcmp(nftnl_flow_filter_get_str(f, attr),
			nftnl_flow_get_str(flow, flow_attr)));
}

/* The highest address is the attribute after the lowest one. */
static bool match_addr(const struct nftnl_flow_filter *f, uint16_t attr,
		       const struct nftnl_flow *flow, uint16_t flow_attr)
{
	uint32_t len, len_from, len_to;
	const void *addr, *from, *to;

	if (!has(f, attr))
		return true;

	addr = nftnl_flow_get_data(flow, flow_attr, &len);
	from = nftnl_flow_filter_get_data(f, attr, &len_from);
	to = nftnl_flow_filter_get_data(f, attr + 1, &len_to);
	if (!to) {
		to = from;
		len_to = len_from;
	}
	if (!addr || len != len_from || len != len_to)
		return false;
	return memcmp(addr, from, len) >= 0 && memcmp(addr, to, len) <= 0;
}

static bool match_port(const struct nftnl_flow_filter *f, uint16_t attr,
		       const struct nftnl_flow *flow, uint16_t flow_attr)
{
	uint16_t port, from, to;

	if (!has(f, attr))
		return true;
	port = nftnl_flow_get_u16(flow, flow_attr);
	from = nftnl_flow_filter_get_u16(f, attr);
	to = has(f, attr + 1) ? nftnl_flow_filter_get_u16(f, attr + 1) : from;
	return port >= from && port <= to;
}

static bool match_mark(const struct nftnl_flow_filter *f,
		       const struct nftnl_flow *flow)
{
	uint32_t mask = has(f, NFTNL_FLOW_FILTER_CT_MASK) ? f->mask : UINT32_MAX;

	if (!has(f, NFTNL_FLOW_FILTER_CT_MARK) ||
	    !nftnl_flow_is_set(flow, NFTNL_FLOW_CT_MARK))
		return true;
	return !((flow->ct_mark ^ f->mark) & mask);
}

static bool match_zone(const struct nftnl_flow_filter *f,
		       const struct nftnl_flow *flow)
{
	return !has(f, NFTNL_FLOW_FILTER_CT_ZONE) ||
	       f->zone == nftnl_flow_get_u16(flow, NFTNL_FLOW_CT_ZONE);
}

static bool match_state(const struct nftnl_flow_filter *f,
			const struct nftnl_flow *flow)
{
	if (!has(f, NFTNL_FLOW_FILTER_STATES))
		return true;
	return nftnl_flow_is_set(flow, NFTNL_FLOW_STATE) && flow->state < 32 &&
	       (f->states & UINT32_C(1) << flow->state);
}

bool nftnl_flow_filter_match(const struct nftnl_flow_filter *f,
			     const struct nftnl_flow *flow)
{
	if (!f->set)
		return true;
	return match_u8(f, NFTNL_FLOW_FILTER_L3PROTO, flow, NFTNL_FLOW_L3PROTO) &&
	       match_u8(f, NFTNL_FLOW_FILTER_L4PROTO, flow, NFTNL_FLOW_L4PROTO) &&
	       match_addr(f, NFTNL_FLOW_FILTER_SADDR, flow, NFTNL_FLOW_ORIG_SADDR) &&
	       match_addr(f, NFTNL_FLOW_FILTER_DADDR, flow, NFTNL_FLOW_ORIG_DADDR) &&
	       match_port(f, NFTNL_FLOW_FILTER_SPORT, flow, NFTNL_FLOW_ORIG_SPORT) &&
	       match_port(f, NFTNL_FLOW_FILTER_DPORT, flow, NFTNL_FLOW_ORIG_DPORT) &&
	       match_u32(f, NFTNL_FLOW_FILTER_IIF, flow, NFTNL_FLOW_ORIG_IIF) &&
	       match_u32(f, NFTNL_FLOW_FILTER_OIF, flow, NFTNL_FLOW_ORIG_OIF) &&
	       match_u32(f, NFTNL_FLOW_FILTER_CT_ID, flow, NFTNL_FLOW_CT_ID) &&
	       match_mark(f, flow) &&
	       match_zone(f, flow) &&
	       match_state(f, flow) &&
	       match_u8(f, NFTNL_FLOW_FILTER_TABLE_FAMILY, flow,
			NFTNL_FLOW_TABLE_FAMILY) &&
	       match_str(f, NFTNL_FLOW_FILTER_TABLE, flow, NFTNL_FLOW_TABLE) &&
	       match_str(f, NFTNL_FLOW_FILTER_FLOWTABLE, flow,
			 NFTNL_FLOW_FLOWTABLE);
}
