// SPDX-License-Identifier: GPL-2.0-or-later
/* Flows as text */
#include "sample.h"

static void *sample(void)
{
	return sample_flow();
}

static void end(const void *obj)
{
	nftnl_flow_free(obj);
}

static int text(char *buf, size_t size, const void *obj, uint32_t type, uint32_t flags)
{
	return nftnl_flow_snprintf(buf, size, obj, type, flags);
}

static const struct object object = {
	.sample = sample, .free = end, .text = text,
};

static void set_dir(struct nftnl_flow *f, uint16_t step, const char *saddr,
		    uint16_t sport, const char *daddr, uint16_t dport)
{
	int family = strchr(saddr, ':') ? AF_INET6 : AF_INET;
	int len = family == AF_INET6 ? 16 : 4;
	uint8_t addr[16];

	CHECK(inet_pton(family, saddr, addr) == 1);
	CHECK(!nftnl_flow_set_data(f, NFTNL_FLOW_ORIG_SADDR + step, addr, len));
	CHECK(inet_pton(family, daddr, addr) == 1);
	CHECK(!nftnl_flow_set_data(f, NFTNL_FLOW_ORIG_DADDR + step, addr, len));
	if (!sport)
		return;
	CHECK(!nftnl_flow_set_u16(f, NFTNL_FLOW_ORIG_SPORT + step, sport));
	CHECK(!nftnl_flow_set_u16(f, NFTNL_FLOW_ORIG_DPORT + step, dport));
}

static void set_table(struct nftnl_flow *f, uint8_t family, const char *table,
		      const char *flowtable)
{
	CHECK(!nftnl_flow_set_u8(f, NFTNL_FLOW_TABLE_FAMILY, family));
	CHECK(!nftnl_flow_set_str(f, NFTNL_FLOW_TABLE, table));
	CHECK(!nftnl_flow_set_str(f, NFTNL_FLOW_FLOWTABLE, flowtable));
}

static void check_text(const struct nftnl_flow *f, const char *want)
{
	char *is = object_text(&object, f);

	CHECK(!strcmp(is, want));
	if (strcmp(is, want))
		printf("# is:   %s\n# want: %s\n", is, want);
	free(is);
}

static void ipv4(void)
{
	struct nftnl_flow *f = nftnl_flow_alloc();
	struct nftnl_flow_encap encap[] = {
		{ ETH_P_8021AD, 100 }, { ETH_P_8021Q, 7 }, { ETH_P_PPP_SES, 9 },
	};
	int i;

	set_table(f, NFPROTO_INET, "t", "f");
	nftnl_flow_set_u8(f, NFTNL_FLOW_L4PROTO, IPPROTO_UDP);
	nftnl_flow_set_u8(f, NFTNL_FLOW_STATE, NFT_OFFLOAD_STATE_HARDWARE);
	nftnl_flow_set_u32(f, NFTNL_FLOW_TIMEOUT, 29999);
	nftnl_flow_set_u64(f, NFTNL_FLOW_ID, 17);
	set_dir(f, 0, "192.0.2.2", 4242, "198.51.100.2", 7777);
	set_dir(f, NFTNL_FLOW_DIR_STEP, "198.51.100.2", 7777, "192.0.2.2", 4242);
	for (i = 0; i < 2; i++) {
		uint16_t step = i ? NFTNL_FLOW_DIR_STEP : 0;

		nftnl_flow_set_u32(f, NFTNL_FLOW_ORIG_IIF + step, 3 + i);
		nftnl_flow_set_u32(f, NFTNL_FLOW_ORIG_OIF + step, 4 - i);
		nftnl_flow_set_u64(f, NFTNL_FLOW_ORIG_SW_PACKETS + step, 4);
		nftnl_flow_set_u64(f, NFTNL_FLOW_ORIG_SW_BYTES + step, 256);
		nftnl_flow_set_u64(f, NFTNL_FLOW_ORIG_HW_PACKETS + step, 100);
		nftnl_flow_set_u64(f, NFTNL_FLOW_ORIG_HW_BYTES + step, 90000);
		nftnl_flow_set_u8(f, NFTNL_FLOW_ORIG_IN_HARDWARE + step, 1);
	}
	check_text(f, "inet t f: udp 192.0.2.2:4242 -> 198.51.100.2:7777 iif 3 oif 4 "
		   "[hardware] sw 4 packets 256 bytes hw 100 packets 90000 bytes, "
		   "reply 198.51.100.2:7777 -> 192.0.2.2:4242 iif 4 oif 3 "
		   "sw 4 packets 256 bytes hw 100 packets 90000 bytes timeout 29s id 17");

	for (i = NFTNL_FLOW_REPL_SADDR; i < NFTNL_FLOW_REPL_SW_PACKETS; i++)
		nftnl_flow_unset(f, i);
	for (i = NFTNL_FLOW_ORIG_SW_PACKETS; i <= NFTNL_FLOW_ORIG_HW_BYTES; i++) {
		nftnl_flow_unset(f, i);
		nftnl_flow_unset(f, i + NFTNL_FLOW_DIR_STEP);
	}
	nftnl_flow_set_u8(f, NFTNL_FLOW_STATE, NFT_OFFLOAD_STATE_PENDING);
	nftnl_flow_set_u32(f, NFTNL_FLOW_FLAGS,
			   NFT_OFFLOAD_FLAG_SNAT | NFT_OFFLOAD_FLAG_NO_HARDWARE);
	nftnl_flow_set_u64(f, NFTNL_FLOW_AGE, 999);
	nftnl_flow_set_u32(f, NFTNL_FLOW_CT_MARK, 0x2a);
	nftnl_flow_set_u16(f, NFTNL_FLOW_CT_ZONE, 5);
	nftnl_flow_set_u32(f, NFTNL_FLOW_CT_ID, 4000000000);
	nftnl_flow_set_u32(f, NFTNL_FLOW_ORIG_MTU, 1500);
	nftnl_flow_set_data(f, NFTNL_FLOW_ORIG_ENCAP, encap, sizeof(encap));
	check_text(f, "inet t f: udp 192.0.2.2:4242 -> 198.51.100.2:7777 iif 3 oif 4 "
		   "qinq 100 vlan 7 pppoe 9 mtu 1500 [pending] in-hardware, "
		   "reply in-hardware snat no-hardware timeout 29s age 999ms "
		   "mark 0x2a zone 5 ct-id 4000000000 id 17");
	nftnl_flow_free(f);
}

static void ipv6(void)
{
	struct nftnl_flow *f = nftnl_flow_alloc();

	nftnl_flow_set_u8(f, NFTNL_FLOW_L4PROTO, IPPROTO_TCP);
	set_dir(f, 0, "2001:db8::1", 443, "2001:db8::2", 80);
	check_text(f, "tcp [2001:db8::1]:443 -> [2001:db8::2]:80");

	nftnl_flow_set_u8(f, NFTNL_FLOW_L4PROTO, IPPROTO_GRE);
	nftnl_flow_unset(f, NFTNL_FLOW_ORIG_SPORT);
	nftnl_flow_unset(f, NFTNL_FLOW_ORIG_DPORT);
	check_text(f, "gre 2001:db8::1 -> 2001:db8::2");

	nftnl_flow_set_u8(f, NFTNL_FLOW_L4PROTO, 132);
	nftnl_flow_unset(f, NFTNL_FLOW_ORIG_DADDR);
	check_text(f, "proto 132 2001:db8::1 -> ?");
	nftnl_flow_free(f);
}

static void event(void)
{
	struct nftnl_flow *f = nftnl_flow_alloc();

	set_table(f, NFPROTO_IPV4, "filter", "fast");
	nftnl_flow_set_u8(f, NFTNL_FLOW_EVENT, NFT_OFFLOAD_EVENT_GONE);
	nftnl_flow_set_u8(f, NFTNL_FLOW_CAUSE, NFT_OFFLOAD_CAUSE_TIMEOUT);
	nftnl_flow_set_u32(f, NFTNL_FLOW_SEQ, 12);
	nftnl_flow_set_u64(f, NFTNL_FLOW_ID, 5);
	check_text(f, "gone (timeout) seq 12: ip filter fast: id 5");

	nftnl_flow_set_u8(f, NFTNL_FLOW_EVENT, NFT_OFFLOAD_EVENT_FAILED);
	nftnl_flow_unset(f, NFTNL_FLOW_CAUSE);
	nftnl_flow_set_u32(f, NFTNL_FLOW_REPL_ERRNO, 95);
	nftnl_flow_set_str(f, NFTNL_FLOW_REPL_REASON, "unsupported");
	nftnl_flow_set_str(f, NFTNL_FLOW_REPL_MESSAGE, "no such match");
	check_text(f, "failed seq 12: ip filter fast:, reply refused unsupported "
		   "errno 95 \"no such match\" id 5");

	nftnl_flow_reset(f);
	nftnl_flow_set_u8(f, NFTNL_FLOW_EVENT, NFT_OFFLOAD_EVENT_PINNED);
	nftnl_flow_set_u8(f, NFTNL_FLOW_STATE, NFT_OFFLOAD_STATE_HARDWARE);
	nftnl_flow_set_u8(f, NFTNL_FLOW_PIN, NFT_OFFLOAD_PIN_SOFTWARE);
	check_text(f, "pinned: [hardware] pinned software");
	nftnl_flow_free(f);
}

static void alone(void)
{
	struct nftnl_flow *f = nftnl_flow_alloc();

	check_text(f, "");
	nftnl_flow_set_u64(f, NFTNL_FLOW_COUNT, 3);
	check_text(f, "count 3");
	nftnl_flow_reset(f);
	nftnl_flow_set_u32(f, NFTNL_FLOW_FLAGS, NFT_OFFLOAD_FLAG_DNAT);
	check_text(f, "dnat");
	nftnl_flow_reset(f);
	nftnl_flow_set_u32(f, NFTNL_FLOW_ORIG_MTU, 1400);
	check_text(f, "mtu 1400");
	nftnl_flow_free(f);
}

/* Names may have any byte, but a terminal gets none of them. */
static void names(void)
{
	struct nftnl_flow *f = nftnl_flow_alloc();

	set_table(f, NFPROTO_NETDEV, "a\nb\x1b[2J", "\xc3\xa9");
	check_text(f, "netdev a?b?[2J ??:");
	nftnl_flow_free(f);
}

static void sizes(void)
{
	check_text_sizes(&object);
}

static void to_file(void)
{
	struct nftnl_flow *f = sample_flow();
	char *want, got[8192] = {};
	FILE *fp = tmpfile();
	char str[300];
	unsigned int i;
	int len;

	/* the longest there is */
	memset(str, '?', sizeof(str));
	for (i = 0; i < ARRAY_SIZE(flow_attrs); i++) {
		if (!flow_attrs[i].max)
			continue;
		str[flow_attrs[i].max] = '\0';
		CHECK(!nftnl_flow_set_str(f, flow_attrs[i].attr, str));
		str[flow_attrs[i].max] = '?';
	}
	want = object_text(&object, f);
	CHECK(fp);
	if (fp) {
		len = nftnl_flow_fprintf(fp, f, 0, 0);
		CHECK(len == (int)strlen(want));
		CHECK_ERR(nftnl_flow_fprintf(fp, f, 1, 0), EOPNOTSUPP);
		rewind(fp);
		CHECK(fread(got, 1, sizeof(got) - 1, fp) == strlen(want));
		CHECK(!strcmp(got, want));
		fclose(fp);
	}
	free(want);
	nftnl_flow_free(f);
}

static const struct test_case cases[] = {
	TEST(ipv4),
	TEST(ipv6),
	TEST(event),
	TEST(alone),
	TEST(names),
	TEST(sizes),
	TEST(to_file),
};

TEST_MAIN(cases)
