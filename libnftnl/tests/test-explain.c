// SPDX-License-Identifier: GPL-2.0-or-later
/* Answers of explain */
#include "sample.h"

static void *sample(void)
{
	return sample_explain();
}

static void end(const void *obj)
{
	nftnl_offload_explain_free(obj);
}

static int parse(const struct nlmsghdr *nlh, void *obj)
{
	return nftnl_offload_explain_nlmsg_parse(nlh, obj);
}

static void build(struct nlmsghdr *nlh, const void *obj)
{
	nftnl_offload_explain_nlmsg_build_payload(nlh, obj);
}

static int text(char *buf, size_t size, const void *obj, uint32_t type, uint32_t flags)
{
	return nftnl_offload_explain_snprintf(buf, size, obj, type, flags);
}

static const struct object object = { sample, end, parse, build, text };

static void attributes(void)
{
	struct nftnl_offload_explain *e = nftnl_offload_explain_alloc();
	struct nftnl_offload_explain *e2 = sample_explain();
	static struct msg msg;
	struct nlmsghdr *nlh = msg_begin(&msg);
	struct nlattr *attr;
	unsigned int i;
	char str[65];

	CHECK_ERR(nftnl_offload_explain_set_u32(e, NFTNL_OFFLOAD_EXPLAIN_LAYER, 1), EINVAL);
	CHECK_ERR(nftnl_offload_explain_set_str(e, NFTNL_OFFLOAD_EXPLAIN_LAYER, ""), EINVAL);
	CHECK_ERR(nftnl_offload_explain_set_u8(e, NFTNL_OFFLOAD_EXPLAIN_REASON, 1), EINVAL);
	CHECK_ERR(nftnl_offload_explain_set_u8(e, NFTNL_OFFLOAD_EXPLAIN_CT_ID, 1), EINVAL);
	CHECK_ERR(nftnl_offload_explain_set_u8(e, __NFTNL_OFFLOAD_EXPLAIN_MAX, 1), EINVAL);
	memset(str, 'a', 64);
	str[64] = '\0';
	CHECK_ERR(nftnl_offload_explain_set_str(e, NFTNL_OFFLOAD_EXPLAIN_REASON, str), ERANGE);
	for (i = 0; i <= UINT16_MAX; i++)
		CHECK(!nftnl_offload_explain_is_set(e, i));

	CHECK(!nftnl_offload_explain_set_u8(e, NFTNL_OFFLOAD_EXPLAIN_LAYER, 3));
	CHECK(!nftnl_offload_explain_set_str(e, NFTNL_OFFLOAD_EXPLAIN_REASON, "helper"));
	CHECK(!nftnl_offload_explain_set_u32(e, NFTNL_OFFLOAD_EXPLAIN_CT_ID, 0x01020304));
	build(nlh, e);
	CHECK(!parse(nlh, e2));
	CHECK(nftnl_offload_explain_get_u8(e2, NFTNL_OFFLOAD_EXPLAIN_LAYER) == 3);
	CHECK(!strcmp(nftnl_offload_explain_get_str(e2, NFTNL_OFFLOAD_EXPLAIN_REASON),
		      "helper"));
	CHECK(nftnl_offload_explain_get_u32(e2, NFTNL_OFFLOAD_EXPLAIN_CT_ID) == 0x01020304);
	CHECK(!nftnl_offload_explain_get_u32(e2, NFTNL_OFFLOAD_EXPLAIN_LAYER));
	CHECK(!nftnl_offload_explain_get_str(e2, NFTNL_OFFLOAD_EXPLAIN_LAYER));
	CHECK(!nftnl_offload_explain_get_u8(e2, NFTNL_OFFLOAD_EXPLAIN_CT_ID));
	CHECK(!nftnl_offload_explain_get_flow(e2));
	mnl_attr_for_each(attr, nlh, sizeof(struct nfgenmsg))
		if (mnl_attr_get_type(attr) == NFT_OFFLOAD_EXPLAIN_CT_ID)
			CHECK(!memcmp(mnl_attr_get_payload(attr), "\1\2\3\4", 4));

	for (i = 0; i <= NFTNL_OFFLOAD_EXPLAIN_MAX; i++) {
		CHECK(nftnl_offload_explain_is_set(e, i));
		nftnl_offload_explain_unset(e, i);
		CHECK(!nftnl_offload_explain_is_set(e, i));
	}
	nftnl_offload_explain_free(e);
	nftnl_offload_explain_free(e2);
	nftnl_offload_explain_free(NULL);
}

static void flow(void)
{
	struct nftnl_offload_explain *e = nftnl_offload_explain_alloc();
	struct nftnl_flow *f = nftnl_flow_alloc();
	const struct nftnl_flow *got;
	static struct msg msg;
	struct nlmsghdr *nlh = msg_begin(&msg);

	CHECK(!nftnl_offload_explain_get_flow(e));
	CHECK(!nftnl_flow_set_u64(f, NFTNL_FLOW_ID, 5));
	CHECK(!nftnl_offload_explain_set_flow(e, f));
	nftnl_flow_set_u64(f, NFTNL_FLOW_ID, 6);
	got = nftnl_offload_explain_get_flow(e);
	CHECK(got && nftnl_flow_get_u64(got, NFTNL_FLOW_ID) == 5);
	/* of itself */
	CHECK(!nftnl_offload_explain_set_flow(e, got));
	build(nlh, e);
	CHECK(!nftnl_offload_explain_set_flow(e, NULL));
	CHECK(!nftnl_offload_explain_get_flow(e));
	CHECK(!parse(nlh, e));
	got = nftnl_offload_explain_get_flow(e);
	CHECK(got && nftnl_flow_get_u64(got, NFTNL_FLOW_ID) == 5);
	/* the flow of before is gone */
	CHECK(!parse(msg_begin(&msg), e));
	CHECK(!nftnl_offload_explain_get_flow(e));
	nftnl_flow_free(f);
	nftnl_offload_explain_free(e);
}

static void messages(void)
{
	static const struct wire wire[] = {
		{ {}, NFT_OFFLOAD_EXPLAIN_LAYER, 1, 0 },
		{ {}, NFT_OFFLOAD_EXPLAIN_REASON, 0, 0 },
		{ {}, NFT_OFFLOAD_EXPLAIN_CT_ID, 4, 0 },
		{ { NFT_OFFLOAD_EXPLAIN_FLOW }, NFT_OFFLOAD_FLOW_ID, 8, 0 },
		{ { NFT_OFFLOAD_EXPLAIN_FLOW, NFT_OFFLOAD_FLOW_REPLY },
		  NFT_OFFLOAD_DIR_SADDR, 4, 16 },
	};

	check_round_trip(&object);
	check_truncated(&object);
	check_nests(&object, 11);
	check_bytes(&object);
	check_lengths(&object, wire, ARRAY_SIZE(wire));
	check_unknown(&object, 0, 0);
}

static void as_text(void)
{
	struct nftnl_offload_explain *e = nftnl_offload_explain_alloc();
	struct nftnl_flow *f = nftnl_flow_alloc();
	char *is;

	nftnl_offload_explain_set_u8(e, NFTNL_OFFLOAD_EXPLAIN_LAYER,
				     NFT_OFFLOAD_LAYER_SOFTWARE);
	nftnl_offload_explain_set_str(e, NFTNL_OFFLOAD_EXPLAIN_REASON, "no-driver");
	nftnl_offload_explain_set_u32(e, NFTNL_OFFLOAD_EXPLAIN_CT_ID, 12);
	nftnl_flow_set_u64(f, NFTNL_FLOW_ID, 5);
	nftnl_offload_explain_set_flow(e, f);
	is = object_text(&object, e);
	CHECK(!strcmp(is, "layer software reason no-driver ct-id 12 flow id 5"));
	free(is);
	nftnl_flow_free(f);
	nftnl_offload_explain_free(e);
	check_text_sizes(&object);
}

static const struct test_case cases[] = {
	TEST(attributes),
	TEST(flow),
	TEST(messages),
	TEST(as_text),
};

TEST_MAIN(cases)
