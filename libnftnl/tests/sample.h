/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Objects with all attributes. */
#ifndef _TESTS_SAMPLE_H_
#define _TESTS_SAMPLE_H_

#include <linux/if_ether.h>
#include "test.h"

enum type { U8, U16, U32, U64, STR, ADDR, ENCAP };

struct attr {
	uint16_t	attr;
	enum type	type;
	uint16_t	max;	/* of a string */
};

#define DIR_ATTRS(d)							\
	{ NFTNL_FLOW_##d##_SADDR, ADDR, 0 },				\
	{ NFTNL_FLOW_##d##_DADDR, ADDR, 0 },				\
	{ NFTNL_FLOW_##d##_SPORT, U16, 0 },				\
	{ NFTNL_FLOW_##d##_DPORT, U16, 0 },				\
	{ NFTNL_FLOW_##d##_IIF, U32, 0 },				\
	{ NFTNL_FLOW_##d##_OIF, U32, 0 },				\
	{ NFTNL_FLOW_##d##_ENCAP, ENCAP, 0 },				\
	{ NFTNL_FLOW_##d##_MTU, U32, 0 },				\
	{ NFTNL_FLOW_##d##_SW_PACKETS, U64, 0 },			\
	{ NFTNL_FLOW_##d##_SW_BYTES, U64, 0 },				\
	{ NFTNL_FLOW_##d##_HW_PACKETS, U64, 0 },			\
	{ NFTNL_FLOW_##d##_HW_BYTES, U64, 0 },				\
	{ NFTNL_FLOW_##d##_IN_HARDWARE, U8, 0 },			\
	{ NFTNL_FLOW_##d##_ERRNO, U32, 0 },				\
	{ NFTNL_FLOW_##d##_REASON, STR, 63 },				\
	{ NFTNL_FLOW_##d##_MESSAGE, STR, 255 },				\
	{ NFTNL_FLOW_##d##_HW_AGE, U64, 0 },				\
	{ NFTNL_FLOW_##d##_PRIORITY, U32, 0 },				\
	{ NFTNL_FLOW_##d##_DSCP, U8, 0 },				\
	{ NFTNL_FLOW_##d##_NOT_CARRIED, U8, 0 }

static const struct attr flow_attrs[] __attribute__((unused)) = {
	{ NFTNL_FLOW_ID, U64, 0 },
	{ NFTNL_FLOW_TABLE_FAMILY, U8, 0 },
	{ NFTNL_FLOW_TABLE, STR, 255 },
	{ NFTNL_FLOW_FLOWTABLE, STR, 255 },
	{ NFTNL_FLOW_L3PROTO, U8, 0 },
	{ NFTNL_FLOW_L4PROTO, U8, 0 },
	{ NFTNL_FLOW_STATE, U8, 0 },
	{ NFTNL_FLOW_FLAGS, U32, 0 },
	{ NFTNL_FLOW_TIMEOUT, U32, 0 },
	{ NFTNL_FLOW_AGE, U64, 0 },
	{ NFTNL_FLOW_CT_ID, U32, 0 },
	{ NFTNL_FLOW_CT_MARK, U32, 0 },
	{ NFTNL_FLOW_CT_ZONE, U16, 0 },
	{ NFTNL_FLOW_EVENT, U8, 0 },
	{ NFTNL_FLOW_CAUSE, U8, 0 },
	{ NFTNL_FLOW_SEQ, U32, 0 },
	{ NFTNL_FLOW_COUNT, U64, 0 },
	{ NFTNL_FLOW_PIN, U8, 0 },
	DIR_ATTRS(ORIG),
	DIR_ATTRS(REPL),
};

static const struct attr filter_attrs[] __attribute__((unused)) = {
	{ NFTNL_FLOW_FILTER_TABLE_FAMILY, U8, 0 },
	{ NFTNL_FLOW_FILTER_TABLE, STR, 255 },
	{ NFTNL_FLOW_FILTER_FLOWTABLE, STR, 255 },
	{ NFTNL_FLOW_FILTER_L3PROTO, U8, 0 },
	{ NFTNL_FLOW_FILTER_L4PROTO, U8, 0 },
	{ NFTNL_FLOW_FILTER_SADDR, ADDR, 0 },
	{ NFTNL_FLOW_FILTER_SADDR_TO, ADDR, 0 },
	{ NFTNL_FLOW_FILTER_DADDR, ADDR, 0 },
	{ NFTNL_FLOW_FILTER_DADDR_TO, ADDR, 0 },
	{ NFTNL_FLOW_FILTER_SPORT, U16, 0 },
	{ NFTNL_FLOW_FILTER_SPORT_TO, U16, 0 },
	{ NFTNL_FLOW_FILTER_DPORT, U16, 0 },
	{ NFTNL_FLOW_FILTER_DPORT_TO, U16, 0 },
	{ NFTNL_FLOW_FILTER_IIF, U32, 0 },
	{ NFTNL_FLOW_FILTER_OIF, U32, 0 },
	{ NFTNL_FLOW_FILTER_CT_MARK, U32, 0 },
	{ NFTNL_FLOW_FILTER_CT_MASK, U32, 0 },
	{ NFTNL_FLOW_FILTER_STATES, U32, 0 },
	{ NFTNL_FLOW_FILTER_CT_ZONE, U16, 0 },
	{ NFTNL_FLOW_FILTER_CT_ID, U32, 0 },
};

/* Some value of an attribute, a different one for each @seed. Returns its length. */
static inline uint32_t sample_value(const struct attr *a, unsigned int seed, void *to)
{
	struct nftnl_flow_encap encap[] = {
		{ ETH_P_8021AD, 100 + seed % 1000 }, { ETH_P_8021Q, 7 },
		{ ETH_P_PPP_SES, 0x1234 },
	};
	uint64_t u64 = 0x1122334455667700 + seed;
	uint32_t u32 = 0x11223300 + seed;
	uint16_t u16 = 0x1100 + seed;
	uint8_t u8 = 0x11 + seed;

	switch (a->type) {
	case U8:
		memcpy(to, &u8, sizeof(u8));
		return sizeof(u8);
	case U16:
		memcpy(to, &u16, sizeof(u16));
		return sizeof(u16);
	case U32:
		memcpy(to, &u32, sizeof(u32));
		return sizeof(u32);
	case U64:
		memcpy(to, &u64, sizeof(u64));
		return sizeof(u64);
	case STR:
		return sprintf(to, "string %u", seed) + 1;
	case ADDR:
		memset(to, 0x20 + seed, 16);
		return seed % 2 ? 4 : 16;
	case ENCAP:
		memcpy(to, encap, sizeof(encap));
		return sizeof(encap);
	}
	abort();
}

static inline struct nftnl_flow *sample_flow(void)
{
	struct nftnl_flow *f = nftnl_flow_alloc();
	char value[256];
	uint32_t len;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(flow_attrs); i++) {
		len = sample_value(&flow_attrs[i], i, value);
		if (nftnl_flow_set_data(f, flow_attrs[i].attr, value, len))
			abort();
	}
	return f;
}

/* With all that is in a message: how many were lost is not. */
static inline struct nftnl_offload_event *sample_event(void)
{
	struct nftnl_offload_event *e = nftnl_offload_event_alloc();
	struct nftnl_flow *f = sample_flow();
	int err = 0;

	err |= nftnl_offload_event_set_u8(e, NFTNL_OFFLOAD_EVENT_KIND,
					  NFT_OFFLOAD_EVENT_GONE);
	err |= nftnl_offload_event_set_u8(e, NFTNL_OFFLOAD_EVENT_CAUSE,
					  NFT_OFFLOAD_CAUSE_CONNTRACK);
	err |= nftnl_offload_event_set_u32(e, NFTNL_OFFLOAD_EVENT_SEQ, 0x01020304);
	nftnl_offload_event_set_flow(e, f);
	if (err)
		abort();
	nftnl_flow_free(f);
	return e;
}

static inline struct nftnl_flow_filter *sample_filter(void)
{
	struct nftnl_flow_filter *f = nftnl_flow_filter_alloc();
	char value[256];
	uint32_t len;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(filter_attrs); i++) {
		len = sample_value(&filter_attrs[i], i, value);
		if (nftnl_flow_filter_set_data(f, filter_attrs[i].attr, value, len))
			abort();
	}
	return f;
}

static inline struct nftnl_offload_table *sample_table(void)
{
	static const struct nftnl_offload_device device[] = {
		{ .ifindex = 3, .name = "eth0" },
		{ .ifindex = 4, .name = "fifteen-letters", .err = EOPNOTSUPP },
	};
	static const struct nftnl_offload_reason reason[] = {
		{ .name = "no-driver", .count = 1 },
		{ .err = 0, .count = 2 },
		{ .name = "table-full", .count = UINT64_MAX },
		{ .err = ENOSPC, .count = 3 },
	};
	struct nftnl_offload_table *t = nftnl_offload_table_alloc();
	unsigned int i;
	int err = 0;

	err |= nftnl_offload_table_set_u8(t, NFTNL_OFFLOAD_TABLE_FAMILY, NFPROTO_INET);
	err |= nftnl_offload_table_set_str(t, NFTNL_OFFLOAD_TABLE_TABLE, "t");
	err |= nftnl_offload_table_set_str(t, NFTNL_OFFLOAD_TABLE_NAME, "f");
	err |= nftnl_offload_table_set_u32(t, NFTNL_OFFLOAD_TABLE_FLAGS,
					   NFT_OFFLOAD_TABLE_FLAG_HARDWARE |
					   NFT_OFFLOAD_TABLE_FLAG_COUNTER);
	err |= nftnl_offload_table_set_u8(t, NFTNL_OFFLOAD_TABLE_ALLOWED, 1);
	for (i = NFTNL_OFFLOAD_TABLE_FLOWS; i <= NFTNL_OFFLOAD_TABLE_QUEUE_STATS; i++)
		err |= nftnl_offload_table_set_u32(t, i, 100 + i);
	err |= nftnl_offload_table_set_u64(t, NFTNL_OFFLOAD_TABLE_HW_ADDS, UINT64_MAX);
	err |= nftnl_offload_table_set_u64(t, NFTNL_OFFLOAD_TABLE_HW_DELS, 12);
	err |= nftnl_offload_table_set_u32(t, NFTNL_OFFLOAD_TABLE_DEVICES_MORE, 7);
	err |= nftnl_offload_table_set_u8(t, NFTNL_OFFLOAD_TABLE_STRICT, 1);
	for (i = 0; i < ARRAY_SIZE(device); i++)
		err |= nftnl_offload_table_add_device(t, &device[i]);
	for (i = 0; i < ARRAY_SIZE(reason); i++)
		err |= nftnl_offload_table_add_reason(t, &reason[i]);
	if (err)
		abort();
	return t;
}

static inline struct nftnl_offload_policy *sample_policy(void)
{
	static const struct nftnl_offload_mark mark[] = {
		{ NFT_OFFLOAD_MARK_ACTION_NEVER, 0x80, 0xc0 },
		{ NFT_OFFLOAD_MARK_ACTION_SOFTWARE, 0x40, 0x40 },
		{ NFT_OFFLOAD_MARK_ACTION_SOFTWARE, 7, UINT32_MAX },
	};
	static const struct nftnl_offload_carry carry[] = {
		{ NFT_OFFLOAD_CARRY_PRIORITY, 0, 0 },
		{ NFT_OFFLOAD_CARRY_DSCP, 0xfc, 1 },
	};
	struct nftnl_offload_policy *p = nftnl_offload_policy_alloc();
	unsigned int i;
	int err = 0;

	err |= nftnl_offload_policy_set_u8(p, NFTNL_OFFLOAD_POLICY_FAMILY, NFPROTO_INET);
	err |= nftnl_offload_policy_set_str(p, NFTNL_OFFLOAD_POLICY_TABLE, "t");
	err |= nftnl_offload_policy_set_str(p, NFTNL_OFFLOAD_POLICY_NAME, "f");
	err |= nftnl_offload_policy_set_u8(p, NFTNL_OFFLOAD_POLICY_MODE,
					   NFT_OFFLOAD_POLICY_MODE_REPLACE);
	err |= nftnl_offload_policy_set_u32(p, NFTNL_OFFLOAD_POLICY_STACK, 20);
	err |= nftnl_offload_policy_set_u64(p, NFTNL_OFFLOAD_POLICY_AFTER_BYTES, 1 << 20);
	err |= nftnl_offload_policy_set_u64(p, NFTNL_OFFLOAD_POLICY_AFTER_PACKETS, UINT64_MAX);
	err |= nftnl_offload_policy_set_u32(p, NFTNL_OFFLOAD_POLICY_AFTER_RATE, 30);
	err |= nftnl_offload_policy_set_u32(p, NFTNL_OFFLOAD_POLICY_BUDGET, 4096);
	err |= nftnl_offload_policy_set_u8(p, NFTNL_OFFLOAD_POLICY_BUDGET_PER_DEVICE, 1);
	err |= nftnl_offload_policy_set_u8(p, NFTNL_OFFLOAD_POLICY_EVICT,
					   NFT_OFFLOAD_EVICT_SLOWEST);
	for (i = 0; i < ARRAY_SIZE(mark); i++)
		err |= nftnl_offload_policy_add_mark(p, &mark[i]);
	err |= nftnl_offload_policy_set_u8(p, NFTNL_OFFLOAD_POLICY_CARRY_MODE,
					   NFT_OFFLOAD_CARRY_MODE_REQUIRED);
	for (i = 0; i < ARRAY_SIZE(carry); i++)
		err |= nftnl_offload_policy_add_carry(p, &carry[i]);
	if (err)
		abort();
	return p;
}

static inline struct nftnl_offload_explain *sample_explain(void)
{
	static const struct nftnl_offload_device device[] = {
		{ .ifindex = 7, .name = "br0", .side = NFT_OFFLOAD_SIDE_IN },
		{ .ifindex = 3, .name = "lan1", .side = NFT_OFFLOAD_SIDE_IN,
		  .reason = "device-not-in-flowtable" },
		{ .ifindex = 4, .name = "fifteen-letters", .side = NFT_OFFLOAD_SIDE_OUT,
		  .reason = "unsupported", .err = EOPNOTSUPP },
		{ .ifindex = 5, .name = "eth1", .side = NFTNL_OFFLOAD_SIDE_NONE },
	};
	struct nftnl_offload_explain *e = nftnl_offload_explain_alloc();
	struct nftnl_flow *f = sample_flow();
	unsigned int i;
	int err = 0;

	err |= nftnl_offload_explain_set_u8(e, NFTNL_OFFLOAD_EXPLAIN_LAYER,
					    NFT_OFFLOAD_LAYER_SOFTWARE);
	err |= nftnl_offload_explain_set_str(e, NFTNL_OFFLOAD_EXPLAIN_REASON,
					     "no-driver");
	err |= nftnl_offload_explain_set_u32(e, NFTNL_OFFLOAD_EXPLAIN_CT_ID, 0x01020304);
	err |= nftnl_offload_explain_set_u8(e, NFTNL_OFFLOAD_EXPLAIN_EXPECT,
					    NFT_OFFLOAD_LAYER_HARDWARE);
	err |= nftnl_offload_explain_set_u8(e, NFTNL_OFFLOAD_EXPLAIN_TABLE_FAMILY,
					    NFPROTO_INET);
	err |= nftnl_offload_explain_set_str(e, NFTNL_OFFLOAD_EXPLAIN_TABLE, "t");
	err |= nftnl_offload_explain_set_str(e, NFTNL_OFFLOAD_EXPLAIN_FLOWTABLE, "f");
	for (i = 0; i < ARRAY_SIZE(device); i++)
		err |= nftnl_offload_explain_add_device(e, &device[i]);
	err |= nftnl_offload_explain_set_flow(e, f);
	if (err)
		abort();
	nftnl_flow_free(f);
	return e;
}

/* What the kernel says of the family, and of a group of this name */
static inline void sample_family(struct nlmsghdr *nlh, const char *group)
{
	struct nlattr *groups, *one;

	mnl_attr_put_strz(nlh, CTRL_ATTR_FAMILY_NAME, NFT_OFFLOAD_FAMILY_NAME);
	mnl_attr_put_u16(nlh, CTRL_ATTR_FAMILY_ID, TEST_FAMILY);
	mnl_attr_put_u32(nlh, CTRL_ATTR_VERSION, NFT_OFFLOAD_FAMILY_VERSION);
	groups = mnl_attr_nest_start(nlh, CTRL_ATTR_MCAST_GROUPS);
	one = mnl_attr_nest_start(nlh, 1);
	mnl_attr_put_u32(nlh, CTRL_ATTR_MCAST_GRP_ID, TEST_EVENTS - 1);
	mnl_attr_put_strz(nlh, CTRL_ATTR_MCAST_GRP_NAME, "more");
	mnl_attr_nest_end(nlh, one);
	one = mnl_attr_nest_start(nlh, 2);
	mnl_attr_put_u32(nlh, CTRL_ATTR_MCAST_GRP_ID, TEST_EVENTS);
	mnl_attr_put_strz(nlh, CTRL_ATTR_MCAST_GRP_NAME, group);
	mnl_attr_nest_end(nlh, one);
	mnl_attr_nest_end(nlh, groups);
}

#endif /* _TESTS_SAMPLE_H_ */
