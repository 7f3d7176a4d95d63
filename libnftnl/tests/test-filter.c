// SPDX-License-Identifier: GPL-2.0-or-later
/* Attributes of filters, and their messages */
#include "sample.h"

static void *sample(void)
{
	return sample_filter();
}

static void end(const void *obj)
{
	nftnl_flow_filter_free(obj);
}

static int parse(const struct nlmsghdr *nlh, void *obj)
{
	return nftnl_flow_filter_nlmsg_parse(nlh, NFT_OFFLOAD_FLOW_FILTER, obj);
}

static void build(struct nlmsghdr *nlh, const void *obj)
{
	nftnl_flow_filter_nlmsg_build_payload(nlh, NFT_OFFLOAD_FLOW_FILTER, obj);
}

static int text(char *buf, size_t size, const void *obj, uint32_t type, uint32_t flags)
{
	return nftnl_flow_filter_snprintf(buf, size, obj, type, flags);
}

static const struct object object = { sample, end, parse, build, text };

static void check_only(const struct nftnl_flow_filter *f, uint16_t attr,
		       const void *value, uint32_t len)
{
	const void *data;
	uint32_t data_len;
	unsigned int i;

	for (i = 0; i <= UINT16_MAX; i++)
		CHECK(nftnl_flow_filter_is_set(f, i) == (i == attr));
	data = nftnl_flow_filter_get_data(f, attr, &data_len);
	CHECK(data && data_len == len && !memcmp(data, value, len));
}

static void each_attribute(void)
{
	struct nftnl_flow_filter *f = nftnl_flow_filter_alloc(), *f2 = sample_filter();
	static struct msg msg;
	struct nlmsghdr *nlh;
	char value[256];
	unsigned int i, seed;
	uint32_t len;

	for (i = 0; i < ARRAY_SIZE(filter_attrs); i++) {
		uint16_t attr = filter_attrs[i].attr;

		for (seed = 0; seed < 2; seed++) {
			len = sample_value(&filter_attrs[i], seed, value);
			CHECK(!nftnl_flow_filter_set_data(f, attr, value, len));
			check_only(f, attr, value, len);
			nlh = msg_begin(&msg);
			build(nlh, f);
			CHECK(!parse(nlh, f2));
			check_only(f2, attr, value, len);
		}
		nftnl_flow_filter_unset(f, attr);
		CHECK(!nftnl_flow_filter_is_set(f, attr));
	}
	nftnl_flow_filter_free(f);
	nftnl_flow_filter_free(f2);
	nftnl_flow_filter_free(NULL);
}

static void types(void)
{
	struct nftnl_flow_filter *f = sample_filter();
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(filter_attrs); i++) {
		uint16_t attr = filter_attrs[i].attr;
		enum type type = filter_attrs[i].type;
		char value[256];
		uint32_t len = sample_value(&filter_attrs[i], i, value), now;
		uint64_t u64 = 0;

		if (type <= U64)
			memcpy(&u64, value, len);
		if (htons(1) != 1) {
			CHECK(nftnl_flow_filter_get_u8(f, attr) == (type == U8 ? u64 : 0));
			CHECK(nftnl_flow_filter_get_u16(f, attr) == (type == U16 ? u64 : 0));
			CHECK(nftnl_flow_filter_get_u32(f, attr) == (type == U32 ? u64 : 0));
		}
		CHECK(!nftnl_flow_filter_get_str(f, attr) == (type != STR));
		if (type != U8)
			CHECK_ERR(nftnl_flow_filter_set_u8(f, attr, 1), EINVAL);
		if (type != U16)
			CHECK_ERR(nftnl_flow_filter_set_u16(f, attr, 1), EINVAL);
		if (type != U32)
			CHECK_ERR(nftnl_flow_filter_set_u32(f, attr, 1), EINVAL);
		if (type != STR)
			CHECK_ERR(nftnl_flow_filter_set_str(f, attr, "1"), EINVAL);
		CHECK(!memcmp(nftnl_flow_filter_get_data(f, attr, &now), value, len));
		CHECK(now == len);
	}
	CHECK(!nftnl_flow_filter_set_u8(f, NFTNL_FLOW_FILTER_L4PROTO, 17));
	CHECK(nftnl_flow_filter_get_u8(f, NFTNL_FLOW_FILTER_L4PROTO) == 17);
	CHECK(!nftnl_flow_filter_set_u16(f, NFTNL_FLOW_FILTER_DPORT_TO, 0x1234));
	CHECK(nftnl_flow_filter_get_u16(f, NFTNL_FLOW_FILTER_DPORT_TO) == 0x1234);
	CHECK(!nftnl_flow_filter_set_u32(f, NFTNL_FLOW_FILTER_IIF, 0x12345678));
	CHECK(nftnl_flow_filter_get_u32(f, NFTNL_FLOW_FILTER_IIF) == 0x12345678);
	CHECK(!nftnl_flow_filter_set_str(f, NFTNL_FLOW_FILTER_TABLE, "t"));
	CHECK(!strcmp(nftnl_flow_filter_get_str(f, NFTNL_FLOW_FILTER_TABLE), "t"));
	nftnl_flow_filter_free(f);
}

static void wrong(void)
{
	struct nftnl_flow_filter *f = nftnl_flow_filter_alloc();
	static const uint16_t attr[] = { __NFTNL_FLOW_FILTER_MAX, 31, 32, UINT16_MAX };
	char str[257];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(attr); i++) {
		CHECK_ERR(nftnl_flow_filter_set_u8(f, attr[i], 1), EINVAL);
		CHECK_ERR(nftnl_flow_filter_set_u16(f, attr[i], 1), EINVAL);
		CHECK_ERR(nftnl_flow_filter_set_u32(f, attr[i], 1), EINVAL);
		CHECK_ERR(nftnl_flow_filter_set_str(f, attr[i], "1"), EINVAL);
		CHECK_ERR(nftnl_flow_filter_set_data(f, attr[i], "1", 1), EINVAL);
		nftnl_flow_filter_unset(f, attr[i]);
		CHECK(!nftnl_flow_filter_is_set(f, attr[i]));
		CHECK(!nftnl_flow_filter_get_data(f, attr[i], NULL));
	}
	memset(str, 'a', 256);
	str[256] = '\0';
	CHECK_ERR(nftnl_flow_filter_set_str(f, NFTNL_FLOW_FILTER_TABLE, str), ERANGE);
	CHECK_ERR(nftnl_flow_filter_set_str(f, NFTNL_FLOW_FILTER_FLOWTABLE, str), ERANGE);
	CHECK_ERR(nftnl_flow_filter_set_data(f, NFTNL_FLOW_FILTER_SADDR, str, 6), EINVAL);
	CHECK_ERR(nftnl_flow_filter_set_data(f, NFTNL_FLOW_FILTER_SPORT, str, 4), EINVAL);
	for (i = 0; i <= NFTNL_FLOW_FILTER_MAX; i++)
		CHECK(!nftnl_flow_filter_is_set(f, i));
	nftnl_flow_filter_free(f);
}

/* An empty filter is no attribute at all; the nest is the one that is asked for. */
static void nest(void)
{
	struct nftnl_flow_filter *f = nftnl_flow_filter_alloc();
	static struct msg msg;
	struct nlmsghdr *nlh = msg_begin(&msg);
	uint32_t len = nlh->nlmsg_len;
	struct nlattr *attr;

	nftnl_flow_filter_nlmsg_build_payload(nlh, NFT_OFFLOAD_FLOW_FILTER, f);
	CHECK(nlh->nlmsg_len == len);

	CHECK(!nftnl_flow_filter_set_u16(f, NFTNL_FLOW_FILTER_SPORT, 0x0102));
	nftnl_flow_filter_nlmsg_build_payload(nlh, NFT_OFFLOAD_EXPLAIN_FILTER, f);
	attr = mnl_nlmsg_get_payload_offset(nlh, GENL_HDRLEN);
	CHECK(attr->nla_type == (NFT_OFFLOAD_EXPLAIN_FILTER | NLA_F_NESTED));
	attr = mnl_attr_get_payload(attr);
	CHECK(mnl_attr_get_type(attr) == NFT_OFFLOAD_FILTER_SPORT);
	CHECK(!memcmp(mnl_attr_get_payload(attr), "\x01\x02", 2));

	CHECK(!nftnl_flow_filter_nlmsg_parse(nlh, NFT_OFFLOAD_EXPLAIN_FILTER, f));
	CHECK(nftnl_flow_filter_get_u16(f, NFTNL_FLOW_FILTER_SPORT) == 0x0102);
	CHECK(!nftnl_flow_filter_nlmsg_parse(nlh, NFT_OFFLOAD_FLOW_FILTER, f));
	CHECK(!nftnl_flow_filter_is_set(f, NFTNL_FLOW_FILTER_SPORT));
	nftnl_flow_filter_free(f);
}

/* as the kernel has it: a number in host byte order, after all that there was */
static void zone(void)
{
	struct nftnl_flow_filter *f = nftnl_flow_filter_alloc();
	static struct msg msg;
	struct nlmsghdr *nlh = msg_begin(&msg);
	uint16_t want = 0x0102;
	struct nlattr *attr;

	CHECK(NFTNL_FLOW_FILTER_CT_ZONE == NFTNL_FLOW_FILTER_STATES + 1);
	CHECK(!nftnl_flow_filter_set_u16(f, NFTNL_FLOW_FILTER_CT_ZONE, want));
	CHECK(nftnl_flow_filter_get_u16(f, NFTNL_FLOW_FILTER_CT_ZONE) == want);
	build(nlh, f);
	attr = mnl_nlmsg_get_payload_offset(nlh, GENL_HDRLEN);
	attr = mnl_attr_get_payload(attr);
	CHECK(mnl_attr_get_type(attr) == NFT_OFFLOAD_FILTER_CT_ZONE);
	CHECK(mnl_attr_get_payload_len(attr) == sizeof(want));
	CHECK(!memcmp(mnl_attr_get_payload(attr), &want, sizeof(want)));
	nftnl_flow_filter_free(f);
}

/* as CTA_ID: in network byte order, after all that there was */
static void ct_id(void)
{
	struct nftnl_flow_filter *f = nftnl_flow_filter_alloc();
	static struct msg msg;
	struct nlmsghdr *nlh = msg_begin(&msg);
	struct nlattr *attr;

	CHECK(NFTNL_FLOW_FILTER_CT_ID == NFTNL_FLOW_FILTER_CT_ZONE + 1);
	CHECK(!nftnl_flow_filter_set_u32(f, NFTNL_FLOW_FILTER_CT_ID, 0x81020304));
	CHECK(nftnl_flow_filter_get_u32(f, NFTNL_FLOW_FILTER_CT_ID) == 0x81020304);
	build(nlh, f);
	attr = mnl_nlmsg_get_payload_offset(nlh, GENL_HDRLEN);
	attr = mnl_attr_get_payload(attr);
	CHECK(mnl_attr_get_type(attr) == NFT_OFFLOAD_FILTER_CT_ID);
	CHECK(mnl_attr_get_payload_len(attr) == 4);
	CHECK(!memcmp(mnl_attr_get_payload(attr), "\x81\x02\x03\x04", 4));
	nftnl_flow_filter_unset(f, NFTNL_FLOW_FILTER_CT_ID);
	CHECK(!parse(nlh, f));
	CHECK(nftnl_flow_filter_get_u32(f, NFTNL_FLOW_FILTER_CT_ID) == 0x81020304);
	nftnl_flow_filter_free(f);
}

static void messages(void)
{
#define W(type, ...) { { NFT_OFFLOAD_FLOW_FILTER }, NFT_OFFLOAD_FILTER_##type, __VA_ARGS__ }
	static const struct wire wire[] = {
		W(TABLE_FAMILY, 1, 0), W(TABLE, 0, 0), W(FLOWTABLE, 0, 0),
		W(L3PROTO, 1, 0), W(L4PROTO, 1, 0), W(SADDR, 4, 16),
		W(SADDR_TO, 4, 16), W(DADDR, 4, 16), W(DADDR_TO, 4, 16),
		W(SPORT, 2, 0), W(SPORT_TO, 2, 0), W(DPORT, 2, 0),
		W(DPORT_TO, 2, 0), W(IIF, 4, 0), W(OIF, 4, 0), W(CT_MARK, 4, 0),
		W(CT_MASK, 4, 0), W(STATES, 4, 0), W(CT_ZONE, 2, 0),
		W(CT_ID, 4, 0),
	};

	check_round_trip(&object);
	check_truncated(&object);
	check_nests(&object, 1);
	check_bytes(&object);
	check_lengths(&object, wire, ARRAY_SIZE(wire));
	check_unknown(&object, 0, 0);
	check_unknown(&object, NFT_OFFLOAD_FLOW_FILTER, 0);
}

static void check_text(const struct nftnl_flow_filter *f, const char *want)
{
	char *is = object_text(&object, f);

	CHECK(!strcmp(is, want));
	if (strcmp(is, want))
		printf("# is:   %s\n# want: %s\n", is, want);
	free(is);
}

static void as_text(void)
{
	struct nftnl_flow_filter *f = nftnl_flow_filter_alloc();

	check_text(f, "all flows");
	nftnl_flow_filter_set_u8(f, NFTNL_FLOW_FILTER_TABLE_FAMILY, NFPROTO_INET);
	nftnl_flow_filter_set_str(f, NFTNL_FLOW_FILTER_TABLE, "t");
	nftnl_flow_filter_set_str(f, NFTNL_FLOW_FILTER_FLOWTABLE, "f");
	nftnl_flow_filter_set_u8(f, NFTNL_FLOW_FILTER_L3PROTO, NFPROTO_IPV4);
	nftnl_flow_filter_set_u8(f, NFTNL_FLOW_FILTER_L4PROTO, IPPROTO_TCP);
	nftnl_flow_filter_set_data(f, NFTNL_FLOW_FILTER_SADDR, "\xc0\x00\x02\x00", 4);
	nftnl_flow_filter_set_data(f, NFTNL_FLOW_FILTER_SADDR_TO, "\xc0\x00\x02\xff", 4);
	nftnl_flow_filter_set_u16(f, NFTNL_FLOW_FILTER_DPORT, 80);
	nftnl_flow_filter_set_u16(f, NFTNL_FLOW_FILTER_DPORT_TO, 443);
	nftnl_flow_filter_set_u32(f, NFTNL_FLOW_FILTER_IIF, 3);
	nftnl_flow_filter_set_u32(f, NFTNL_FLOW_FILTER_OIF, 4);
	nftnl_flow_filter_set_u32(f, NFTNL_FLOW_FILTER_CT_MARK, 0x10);
	nftnl_flow_filter_set_u32(f, NFTNL_FLOW_FILTER_CT_MASK, 0xf0);
	nftnl_flow_filter_set_u16(f, NFTNL_FLOW_FILTER_CT_ZONE, 7);
	nftnl_flow_filter_set_u32(f, NFTNL_FLOW_FILTER_CT_ID, 4000000000);
	nftnl_flow_filter_set_u32(f, NFTNL_FLOW_FILTER_STATES,
				  1 << NFT_OFFLOAD_STATE_HARDWARE |
				  1 << NFT_OFFLOAD_STATE_FAILED | 1u << 31);
	check_text(f, "family inet table t flowtable f l3proto ip l4proto tcp "
		   "saddr 192.0.2.0-192.0.2.255 dport 80-443 iif 3 oif 4 "
		   "mark 0x10 mask 0xf0 zone 7 ct-id 4000000000 "
		   "states hardware,failed,31");
	nftnl_flow_filter_free(f);
	check_text_sizes(&object);
}

static const struct test_case cases[] = {
	TEST(each_attribute),
	TEST(types),
	TEST(wrong),
	TEST(nest),
	TEST(zone),
	TEST(ct_id),
	TEST(messages),
	TEST(as_text),
};

TEST_MAIN(cases)
