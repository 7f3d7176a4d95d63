// SPDX-License-Identifier: GPL-2.0-or-later
/* Which flows a filter lets pass */
#include "sample.h"

static struct nftnl_flow *flow;
static struct nftnl_flow_filter *filter;

/* udp 192.0.2.10:1000 -> 198.51.100.20:2000, answers to another address */
static void begin(void)
{
	flow = nftnl_flow_alloc();
	filter = nftnl_flow_filter_alloc();
	nftnl_flow_set_u8(flow, NFTNL_FLOW_TABLE_FAMILY, NFPROTO_INET);
	nftnl_flow_set_str(flow, NFTNL_FLOW_TABLE, "t");
	nftnl_flow_set_str(flow, NFTNL_FLOW_FLOWTABLE, "f");
	nftnl_flow_set_u8(flow, NFTNL_FLOW_L3PROTO, NFPROTO_IPV4);
	nftnl_flow_set_u8(flow, NFTNL_FLOW_L4PROTO, IPPROTO_UDP);
	nftnl_flow_set_u8(flow, NFTNL_FLOW_STATE, NFT_OFFLOAD_STATE_HARDWARE);
	nftnl_flow_set_u32(flow, NFTNL_FLOW_CT_MARK, 0xab);
	nftnl_flow_set_data(flow, NFTNL_FLOW_ORIG_SADDR, "\xc0\x00\x02\x0a", 4);
	nftnl_flow_set_data(flow, NFTNL_FLOW_ORIG_DADDR, "\xc6\x33\x64\x14", 4);
	nftnl_flow_set_u16(flow, NFTNL_FLOW_ORIG_SPORT, 1000);
	nftnl_flow_set_u16(flow, NFTNL_FLOW_ORIG_DPORT, 2000);
	nftnl_flow_set_u32(flow, NFTNL_FLOW_ORIG_IIF, 3);
	nftnl_flow_set_u32(flow, NFTNL_FLOW_ORIG_OIF, 4);
	nftnl_flow_set_data(flow, NFTNL_FLOW_REPL_SADDR, "\xc6\x33\x64\x14", 4);
	nftnl_flow_set_data(flow, NFTNL_FLOW_REPL_DADDR, "\x0a\x00\x00\x01", 4);
	nftnl_flow_set_u16(flow, NFTNL_FLOW_REPL_SPORT, 2000);
	nftnl_flow_set_u16(flow, NFTNL_FLOW_REPL_DPORT, 3000);
	nftnl_flow_set_u32(flow, NFTNL_FLOW_REPL_IIF, 4);
	nftnl_flow_set_u32(flow, NFTNL_FLOW_REPL_OIF, 3);
}

static void end(void)
{
	nftnl_flow_free(flow);
	nftnl_flow_filter_free(filter);
}

static bool match(void)
{
	return nftnl_flow_filter_match(filter, flow);
}

/* The flow does not pass without the attribute that the filter is about. */
static void check_needed(uint16_t attr)
{
	struct nftnl_flow *whole = nftnl_flow_clone(flow);

	CHECK(match());
	nftnl_flow_unset(flow, attr);
	CHECK(!match());
	nftnl_flow_free(flow);
	flow = whole;
}

static void empty(void)
{
	struct nftnl_flow *none = nftnl_flow_alloc();

	begin();
	CHECK(match());
	CHECK(nftnl_flow_filter_match(filter, none));
	nftnl_flow_free(none);
	end();
}

static void numbers(void)
{
	static const struct {
		uint16_t attr, flow_attr;
		enum type type;
		uint32_t good, bad;
	} c[] = {
		{ NFTNL_FLOW_FILTER_TABLE_FAMILY, NFTNL_FLOW_TABLE_FAMILY, U8,
		  NFPROTO_INET, NFPROTO_IPV4 },
		{ NFTNL_FLOW_FILTER_L3PROTO, NFTNL_FLOW_L3PROTO, U8,
		  NFPROTO_IPV4, NFPROTO_IPV6 },
		{ NFTNL_FLOW_FILTER_L4PROTO, NFTNL_FLOW_L4PROTO, U8,
		  IPPROTO_UDP, IPPROTO_TCP },
		{ NFTNL_FLOW_FILTER_IIF, NFTNL_FLOW_ORIG_IIF, U32, 3, 4 },
		{ NFTNL_FLOW_FILTER_OIF, NFTNL_FLOW_ORIG_OIF, U32, 4, 3 },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(c); i++) {
		begin();
		if (c[i].type == U8)
			nftnl_flow_filter_set_u8(filter, c[i].attr, c[i].good);
		else
			nftnl_flow_filter_set_u32(filter, c[i].attr, c[i].good);
		check_needed(c[i].flow_attr);
		if (c[i].type == U8)
			nftnl_flow_filter_set_u8(filter, c[i].attr, c[i].bad);
		else
			nftnl_flow_filter_set_u32(filter, c[i].attr, c[i].bad);
		CHECK(!match());
		end();
	}
}

static void names(void)
{
	static const struct {
		uint16_t attr, flow_attr;
		const char *good;
	} c[] = {
		{ NFTNL_FLOW_FILTER_TABLE, NFTNL_FLOW_TABLE, "t" },
		{ NFTNL_FLOW_FILTER_FLOWTABLE, NFTNL_FLOW_FLOWTABLE, "f" },
	};
	static const char *const bad[] = { "", "x", "tt", "ff" };
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(c); i++) {
		begin();
		nftnl_flow_filter_set_str(filter, c[i].attr, c[i].good);
		check_needed(c[i].flow_attr);
		for (j = 0; j < ARRAY_SIZE(bad); j++) {
			nftnl_flow_filter_set_str(filter, c[i].attr, bad[j]);
			CHECK(!match());
		}
		end();
	}
}

static void addresses(void)
{
	/* source: 192.0.2.10. NULL: not set */
	static const struct {
		const char *from, *to;
		bool match;
	} c[] = {
		{ "\xc0\x00\x02\x0a", NULL, true },
		{ "\xc0\x00\x02\x09", NULL, false },
		{ "\xc0\x00\x02\x0b", NULL, false },
		{ "\x0a\x02\x00\xc0", NULL, false },
		{ "\xc0\x00\x02\x00", "\xc0\x00\x02\xff", true },
		{ "\xc0\x00\x02\x0a", "\xc0\x00\x02\x0a", true },
		{ "\xc0\x00\x02\x0a", "\xc0\x00\x02\x0b", true },
		{ "\xc0\x00\x02\x09", "\xc0\x00\x02\x0a", true },
		{ "\xc0\x00\x02\x0b", "\xc0\x00\x02\xff", false },
		{ "\xc0\x00\x02\x00", "\xc0\x00\x02\x09", false },
		/* in the byte order of the network */
		{ "\x01\xff\xff\xff", "\xff\x00\x00\x00", true },
		{ "\xc1\x00\x00\x00", "\xff\xff\xff\xff", false },
		/* no address is in a range that is empty */
		{ "\xff\xff\xff\xff", "\x00\x00\x00\x00", false },
		/* a highest one without a lowest one is not looked at */
		{ NULL, "\x00\x00\x00\x00", true },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(c); i++) {
		begin();
		if (c[i].from)
			nftnl_flow_filter_set_data(filter, NFTNL_FLOW_FILTER_SADDR,
						   c[i].from, 4);
		if (c[i].to)
			nftnl_flow_filter_set_data(filter, NFTNL_FLOW_FILTER_SADDR_TO,
						   c[i].to, 4);
		CHECK(match() == c[i].match);
		if (match() != c[i].match)
			printf("# case %u\n", i);
		end();
	}

	/* of the original direction: not of the answers */
	begin();
	nftnl_flow_filter_set_data(filter, NFTNL_FLOW_FILTER_DADDR,
				   "\xc6\x33\x64\x14", 4);
	check_needed(NFTNL_FLOW_ORIG_DADDR);
	nftnl_flow_filter_set_data(filter, NFTNL_FLOW_FILTER_DADDR,
				   "\x0a\x00\x00\x01", 4);
	CHECK(!match());
	end();

	/* of another length */
	begin();
	nftnl_flow_filter_set_data(filter, NFTNL_FLOW_FILTER_SADDR,
				   "\xc0\x00\x02\x0a\0\0\0\0\0\0\0\0\0\0\0\0", 16);
	CHECK(!match());
	nftnl_flow_filter_set_data(filter, NFTNL_FLOW_FILTER_SADDR,
				   "\xc0\x00\x02\x0a", 4);
	CHECK(match());
	nftnl_flow_filter_set_data(filter, NFTNL_FLOW_FILTER_SADDR_TO,
				   "\xff\xff\xff\xff\0\0\0\0\0\0\0\0\0\0\0\0", 16);
	CHECK(!match());
	end();
}

static void ipv6(void)
{
	uint8_t addr[16] = { 0x20, 0x01, 0x0d, 0xb8, [15] = 5 };

	begin();
	nftnl_flow_set_data(flow, NFTNL_FLOW_ORIG_SADDR, addr, 16);
	nftnl_flow_filter_set_data(filter, NFTNL_FLOW_FILTER_SADDR, addr, 16);
	CHECK(match());
	addr[15] = 6;
	nftnl_flow_filter_set_data(filter, NFTNL_FLOW_FILTER_SADDR, addr, 16);
	CHECK(!match());
	addr[15] = 4;
	nftnl_flow_filter_set_data(filter, NFTNL_FLOW_FILTER_SADDR, addr, 16);
	CHECK(!match());
	addr[15] = 5;
	nftnl_flow_filter_set_data(filter, NFTNL_FLOW_FILTER_SADDR_TO, addr, 16);
	CHECK(match());
	end();
}

static void ports(void)
{
	/* source: 1000; -1: not set */
	static const struct {
		int from, to;
		bool match;
	} c[] = {
		{ 1000, -1, true }, { 999, -1, false }, { 1001, -1, false },
		{ 0, 65535, true }, { 1000, 1000, true }, { 1000, 1001, true },
		{ 999, 1000, true }, { 1001, 65535, false }, { 0, 999, false },
		{ 2000, 500, false }, { -1, 5, true },
		/* 1000 is 0x03e8: numbers, not bytes in the order of the host */
		{ 0x02ff, 0x0400, true }, { 0x04e7, 0x04e9, false },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(c); i++) {
		begin();
		if (c[i].from >= 0)
			nftnl_flow_filter_set_u16(filter, NFTNL_FLOW_FILTER_SPORT,
						  c[i].from);
		if (c[i].to >= 0)
			nftnl_flow_filter_set_u16(filter, NFTNL_FLOW_FILTER_SPORT_TO,
						  c[i].to);
		CHECK(match() == c[i].match);
		if (match() != c[i].match)
			printf("# case %u\n", i);
		end();
	}

	begin();
	nftnl_flow_filter_set_u16(filter, NFTNL_FLOW_FILTER_DPORT, 2000);
	check_needed(NFTNL_FLOW_ORIG_DPORT);
	nftnl_flow_filter_set_u16(filter, NFTNL_FLOW_FILTER_DPORT, 3000);
	CHECK(!match());
	/* GRE has none */
	nftnl_flow_unset(flow, NFTNL_FLOW_ORIG_DPORT);
	nftnl_flow_filter_set_u16(filter, NFTNL_FLOW_FILTER_DPORT, 0);
	CHECK(match());
	end();
}

static void marks(void)
{
	/* mark: 0xab; -1: not set */
	static const struct {
		int64_t mark, mask;
		bool match;
	} c[] = {
		{ 0xab, -1, true }, { 0xaa, -1, false }, { 0, -1, false },
		{ 0xab, 0xff, true }, { 0xa0, 0xf0, true }, { 0xb0, 0xf0, false },
		{ 0xffa0, 0xf0, true }, { 0x1234, 0, true }, { -1, 0xff, true },
		{ 0x800000ab, -1, false }, { 0x800000ab, 0x7fffffff, true },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(c); i++) {
		begin();
		if (c[i].mark >= 0)
			nftnl_flow_filter_set_u32(filter, NFTNL_FLOW_FILTER_CT_MARK,
						  c[i].mark);
		if (c[i].mask >= 0)
			nftnl_flow_filter_set_u32(filter, NFTNL_FLOW_FILTER_CT_MASK,
						  c[i].mask);
		CHECK(match() == c[i].match);
		if (match() != c[i].match)
			printf("# case %u\n", i);
		/* a kernel without marks */
		nftnl_flow_unset(flow, NFTNL_FLOW_CT_MARK);
		CHECK(match());
		end();
	}
}

static void zones(void)
{
	/* zone of the flow, -1: not set */
	static const struct {
		int32_t flow;
		uint16_t zone;
		bool match;
	} c[] = {
		{ 7, 7, true }, { 7, 8, false }, { 7, 0, false }, { 7, 0x0700, false },
		{ 0, 0, true }, { 0, 7, false }, { 65535, 65535, true },
		/* a kernel without zones */
		{ -1, 0, true }, { -1, 7, false },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(c); i++) {
		begin();
		if (c[i].flow >= 0)
			nftnl_flow_set_u16(flow, NFTNL_FLOW_CT_ZONE, c[i].flow);
		CHECK(match());
		nftnl_flow_filter_set_u16(filter, NFTNL_FLOW_FILTER_CT_ZONE, c[i].zone);
		CHECK(match() == c[i].match);
		if (match() != c[i].match)
			printf("# case %u\n", i);
		end();
	}
}

static void ids(void)
{
	begin();
	nftnl_flow_filter_set_u32(filter, NFTNL_FLOW_FILTER_CT_ID, 0);
	CHECK(!match());
	nftnl_flow_set_u32(flow, NFTNL_FLOW_CT_ID, 0x81020304);
	CHECK(!match());
	nftnl_flow_filter_set_u32(filter, NFTNL_FLOW_FILTER_CT_ID, 0x04030281);
	CHECK(!match());
	nftnl_flow_filter_set_u32(filter, NFTNL_FLOW_FILTER_CT_ID, 0x81020304);
	check_needed(NFTNL_FLOW_CT_ID);
	end();
}

static void states(void)
{
	unsigned int state, bit;

	begin();
	for (state = 0; state < 256; state++) {
		nftnl_flow_set_u8(flow, NFTNL_FLOW_STATE, state);
		for (bit = 0; bit < 32; bit++) {
			nftnl_flow_filter_set_u32(filter, NFTNL_FLOW_FILTER_STATES,
						  UINT32_C(1) << bit);
			CHECK(match() == (state == bit));
		}
		nftnl_flow_filter_set_u32(filter, NFTNL_FLOW_FILTER_STATES, 0);
		CHECK(!match());
		nftnl_flow_filter_set_u32(filter, NFTNL_FLOW_FILTER_STATES, UINT32_MAX);
		CHECK(match() == (state < 32));
	}
	nftnl_flow_set_u8(flow, NFTNL_FLOW_STATE, 0);
	check_needed(NFTNL_FLOW_STATE);
	end();
}

/* All of it must be so. */
static void together(void)
{
	begin();
	nftnl_flow_filter_set_u8(filter, NFTNL_FLOW_FILTER_L4PROTO, IPPROTO_UDP);
	nftnl_flow_filter_set_u16(filter, NFTNL_FLOW_FILTER_SPORT, 1000);
	nftnl_flow_filter_set_str(filter, NFTNL_FLOW_FILTER_FLOWTABLE, "f");
	CHECK(match());
	nftnl_flow_filter_set_str(filter, NFTNL_FLOW_FILTER_FLOWTABLE, "g");
	CHECK(!match());
	nftnl_flow_filter_set_str(filter, NFTNL_FLOW_FILTER_FLOWTABLE, "f");
	nftnl_flow_filter_set_u16(filter, NFTNL_FLOW_FILTER_SPORT, 1001);
	CHECK(!match());
	end();
}

static const struct test_case cases[] = {
	TEST(empty),
	TEST(numbers),
	TEST(names),
	TEST(addresses),
	TEST(ipv6),
	TEST(ports),
	TEST(marks),
	TEST(zones),
	TEST(ids),
	TEST(states),
	TEST(together),
};

TEST_MAIN(cases)
