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

static const struct {
	enum type	type;
	uint16_t	max;	/* of a string */
	uint16_t	nla;
	const char	*wire;
} attrs[] = {
	[NFTNL_OFFLOAD_EXPLAIN_LAYER]	= { U8, 0, NFT_OFFLOAD_EXPLAIN_LAYER, "\xf1" },
	[NFTNL_OFFLOAD_EXPLAIN_REASON]	= { STR, 63, NFT_OFFLOAD_EXPLAIN_REASON, "name" },
	/* in the byte order of the network */
	[NFTNL_OFFLOAD_EXPLAIN_CT_ID]	= { U32, 0, NFT_OFFLOAD_EXPLAIN_CT_ID,
					    "\xf1\xf2\xf3\xf4" },
	[NFTNL_OFFLOAD_EXPLAIN_EXPECT]	= { U8, 0, NFT_OFFLOAD_EXPLAIN_EXPECT, "\xf1" },
	[NFTNL_OFFLOAD_EXPLAIN_TABLE_FAMILY] = { U8, 0, NFT_OFFLOAD_EXPLAIN_TABLE_FAMILY,
						 "\xf1" },
	[NFTNL_OFFLOAD_EXPLAIN_TABLE]	= { STR, 255, NFT_OFFLOAD_EXPLAIN_TABLE, "name" },
	[NFTNL_OFFLOAD_EXPLAIN_FLOWTABLE] = { STR, 255, NFT_OFFLOAD_EXPLAIN_FLOWTABLE,
					      "name" },
};

/* A wrong type is an error and changes nothing. */
static void set(struct nftnl_offload_explain *e, uint16_t attr)
{
	int want = attrs[attr].type == U8 ? 0 : -1;

	CHECK(nftnl_offload_explain_set_u8(e, attr, 0xf1) == want);
	want = attrs[attr].type == U32 ? 0 : -1;
	CHECK(nftnl_offload_explain_set_u32(e, attr, 0xf1f2f3f4) == want);
	want = attrs[attr].type == STR ? 0 : -1;
	CHECK(nftnl_offload_explain_set_str(e, attr, "name") == want);
}

static void check_only(const struct nftnl_offload_explain *e, uint16_t attr)
{
	const char *str = nftnl_offload_explain_get_str(e, attr);
	enum type type = attrs[attr].type;
	unsigned int i;

	for (i = 0; i <= UINT16_MAX; i++)
		CHECK(nftnl_offload_explain_is_set(e, i) == (i == attr));
	CHECK(nftnl_offload_explain_get_u8(e, attr) == (type == U8 ? 0xf1 : 0));
	CHECK(nftnl_offload_explain_get_u32(e, attr) == (type == U32 ? 0xf1f2f3f4 : 0));
	CHECK(type == STR ? str && !strcmp(str, "name") : !str);
	CHECK(!nftnl_offload_explain_get_flow(e));
	CHECK(!nftnl_offload_explain_device(e, 0));
}

static void check_wire(struct nlmsghdr *nlh, uint16_t attr)
{
	const struct nlattr *nla = mnl_nlmsg_get_payload_offset(nlh, GENL_HDRLEN);
	uint16_t len = mnl_attr_get_payload_len(nla);

	CHECK(mnl_attr_get_type(nla) == attrs[attr].nla);
	CHECK(len == strlen(attrs[attr].wire) + (attrs[attr].type == STR));
	CHECK(!memcmp(mnl_attr_get_payload(nla), attrs[attr].wire, len));
}

static void each_attribute(void)
{
	struct nftnl_offload_explain *e = nftnl_offload_explain_alloc();
	struct nftnl_offload_explain *e2 = sample_explain();
	static struct msg msg;
	struct nlmsghdr *nlh;
	unsigned int i;
	char str[257];

	CHECK(ARRAY_SIZE(attrs) == NFTNL_OFFLOAD_EXPLAIN_MAX + 1);
	memset(str, 'a', 256);
	for (i = 0; i <= NFTNL_OFFLOAD_EXPLAIN_MAX; i++) {
		set(e, i);
		check_only(e, i);
		nlh = msg_begin(&msg);
		build(nlh, e);
		check_wire(nlh, i);
		CHECK(!parse(nlh, e2));
		check_only(e2, i);
		if (attrs[i].type == STR) {
			str[attrs[i].max] = '\0';
			CHECK(!nftnl_offload_explain_set_str(e2, i, str));
			str[attrs[i].max] = 'a';
			str[attrs[i].max + 1] = '\0';
			CHECK_ERR(nftnl_offload_explain_set_str(e, i, str), ERANGE);
			str[attrs[i].max + 1] = 'a';
			CHECK_ERR(nftnl_offload_explain_set_str(e, i, NULL), EINVAL);
			check_only(e, i);
		}
		nftnl_offload_explain_unset(e, i);
		CHECK(!nftnl_offload_explain_is_set(e, i));
	}
	CHECK_ERR(nftnl_offload_explain_set_u8(e, __NFTNL_OFFLOAD_EXPLAIN_MAX, 1), EINVAL);
	CHECK_ERR(nftnl_offload_explain_set_u32(e, 32, 1), EINVAL);
	CHECK_ERR(nftnl_offload_explain_set_str(e, UINT16_MAX, "1"), EINVAL);
	nftnl_offload_explain_free(e);
	nftnl_offload_explain_free(e2);
	nftnl_offload_explain_free(NULL);
}

/* The enum grows at its end: numbers that programs were built with stay. */
static void numbers(void)
{
	CHECK(NFTNL_OFFLOAD_EXPLAIN_LAYER == 0);
	CHECK(NFTNL_OFFLOAD_EXPLAIN_REASON == 1);
	CHECK(NFTNL_OFFLOAD_EXPLAIN_CT_ID == 2);
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

static void check_devices(const struct nftnl_offload_explain *e)
{
	const struct nftnl_offload_device *dev;

	dev = nftnl_offload_explain_device(e, 0);
	CHECK(dev && dev->ifindex == 7 && !strcmp(dev->name, "br0") &&
	      dev->side == NFT_OFFLOAD_SIDE_IN && !dev->reason && !dev->err);
	dev = nftnl_offload_explain_device(e, 1);
	CHECK(dev && dev->ifindex == 3 && !strcmp(dev->name, "lan1") &&
	      dev->side == NFT_OFFLOAD_SIDE_IN && !dev->err && dev->reason &&
	      !strcmp(dev->reason, "device-not-in-flowtable"));
	dev = nftnl_offload_explain_device(e, 2);
	CHECK(dev && dev->ifindex == 4 && !strcmp(dev->name, "fifteen-letters") &&
	      dev->side == NFT_OFFLOAD_SIDE_OUT && dev->err == EOPNOTSUPP && dev->reason &&
	      !strcmp(dev->reason, "unsupported"));
	dev = nftnl_offload_explain_device(e, 3);
	CHECK(dev && dev->ifindex == 5 && !strcmp(dev->name, "eth1") &&
	      dev->side == NFTNL_OFFLOAD_SIDE_NONE && !dev->reason && !dev->err);
	CHECK(!nftnl_offload_explain_device(e, 4));
	CHECK(!nftnl_offload_explain_device(e, UINT32_MAX));
}

static void devices(void)
{
	struct nftnl_offload_explain *e = sample_explain();
	struct nftnl_offload_explain *e2 = nftnl_offload_explain_alloc();
	struct nftnl_offload_device dev = { .ifindex = 1 };
	static struct msg msg;
	struct nlmsghdr *nlh = msg_begin(&msg);
	char reason[65];

	check_devices(e);
	build(nlh, e);
	CHECK(!parse(nlh, e2));
	check_devices(e2);
	CHECK(!parse(nlh, e2));		/* and not twice */
	check_devices(e2);
	CHECK(!parse(msg_begin(&msg), e2));
	CHECK(!nftnl_offload_explain_device(e2, 0));

	memset(dev.name, 'a', sizeof(dev.name));
	CHECK_ERR(nftnl_offload_explain_add_device(e, &dev), ERANGE);
	dev.name[15] = '\0';
	memset(reason, 'a', 64);
	reason[64] = '\0';
	dev.reason = reason;
	CHECK_ERR(nftnl_offload_explain_add_device(e, &dev), ERANGE);
	check_devices(e);
	reason[63] = '\0';
	CHECK(!nftnl_offload_explain_add_device(e, &dev));
	reason[0] = 'b';
	CHECK(nftnl_offload_explain_device(e, 4)->reason[0] == 'a');
	CHECK(strlen(nftnl_offload_explain_device(e, 4)->reason) == 63);
	nftnl_offload_explain_free(e);
	nftnl_offload_explain_free(e2);
}

/* Without an index, with strings that are too long, and in two nests */
static void odd_devices(void)
{
	struct nftnl_offload_explain *e = nftnl_offload_explain_alloc();
	const struct nftnl_offload_device *dev;
	static struct msg msg;
	struct nlmsghdr *nlh = msg_begin(&msg);
	struct nlattr *list, *item;
	char str[100] = {};
	int i;

	memset(str, 'a', 99);
	for (i = 0; i < 2; i++) {
		list = mnl_attr_nest_start(nlh, NFT_OFFLOAD_EXPLAIN_DEVICES);
		item = mnl_attr_nest_start(nlh, NFT_OFFLOAD_EXPLAIN_DEVICE);
		mnl_attr_put_strz(nlh, NFT_OFFLOAD_DEVICE_NAME, "no-index");
		mnl_attr_nest_end(nlh, item);
		item = mnl_attr_nest_start(nlh, NFT_OFFLOAD_EXPLAIN_DEVICE);
		mnl_attr_put_u32(nlh, NFT_OFFLOAD_DEVICE_IFINDEX, 5 + i);
		mnl_attr_put_strz(nlh, NFT_OFFLOAD_DEVICE_NAME, str);
		mnl_attr_put_strz(nlh, NFT_OFFLOAD_DEVICE_REASON, str);
		mnl_attr_put_u8(nlh, NFT_OFFLOAD_DEVICE_SIDE, 77);
		mnl_attr_nest_end(nlh, item);
		mnl_attr_nest_end(nlh, list);
	}
	CHECK(!parse(nlh, e));
	for (i = 0; i < 2; i++) {
		dev = nftnl_offload_explain_device(e, i);
		CHECK(dev && dev->ifindex == 5u + i && dev->side == 77 &&
		      strlen(dev->name) == 15 && dev->reason &&
		      strlen(dev->reason) == 63);
	}
	CHECK(!nftnl_offload_explain_device(e, 2));
	nftnl_offload_explain_free(e);
}

static void messages(void)
{
#define IN_DEVICE	{ NFT_OFFLOAD_EXPLAIN_DEVICES, NFT_OFFLOAD_EXPLAIN_DEVICE }
	static const struct wire wire[] = {
		{ {}, NFT_OFFLOAD_EXPLAIN_LAYER, 1, 0 },
		{ {}, NFT_OFFLOAD_EXPLAIN_REASON, 0, 0 },
		{ {}, NFT_OFFLOAD_EXPLAIN_CT_ID, 4, 0 },
		{ {}, NFT_OFFLOAD_EXPLAIN_EXPECT, 1, 0 },
		{ {}, NFT_OFFLOAD_EXPLAIN_TABLE_FAMILY, 1, 0 },
		{ {}, NFT_OFFLOAD_EXPLAIN_TABLE, 0, 0 },
		{ {}, NFT_OFFLOAD_EXPLAIN_FLOWTABLE, 0, 0 },
		{ IN_DEVICE, NFT_OFFLOAD_DEVICE_IFINDEX, 4, 0 },
		{ IN_DEVICE, NFT_OFFLOAD_DEVICE_NAME, 0, 0 },
		{ IN_DEVICE, NFT_OFFLOAD_DEVICE_ERRNO, 4, 0 },
		{ IN_DEVICE, NFT_OFFLOAD_DEVICE_SIDE, 1, 0 },
		{ IN_DEVICE, NFT_OFFLOAD_DEVICE_REASON, 0, 0 },
		{ { NFT_OFFLOAD_EXPLAIN_FLOW }, NFT_OFFLOAD_FLOW_ID, 8, 0 },
		{ { NFT_OFFLOAD_EXPLAIN_FLOW, NFT_OFFLOAD_FLOW_REPLY },
		  NFT_OFFLOAD_DIR_SADDR, 4, 16 },
	};

	check_round_trip(&object);
	check_truncated(&object);
	check_nests(&object, 16);
	check_bytes(&object);
	check_lengths(&object, wire, ARRAY_SIZE(wire));
	check_unknown(&object, 0, 0);
	check_unknown(&object, NFT_OFFLOAD_EXPLAIN_DEVICES, 0);
	check_unknown(&object, NFT_OFFLOAD_EXPLAIN_DEVICES, NFT_OFFLOAD_EXPLAIN_DEVICE);
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

	e = sample_explain();
	nftnl_offload_explain_set_flow(e, NULL);
	is = object_text(&object, e);
	CHECK(!strcmp(is, "layer software expect hardware reason no-driver ct-id 16909060 "
		      "flowtable inet t f devices { in br0 (7), "
		      "in lan1 (3) reason device-not-in-flowtable, "
		      "out fifteen-letters (4) errno 95 reason unsupported, eth1 (5) }"));
	printf("# %s\n", is);
	free(is);
	nftnl_offload_explain_free(e);
	check_text_sizes(&object);
}

static const struct test_case cases[] = {
	TEST(each_attribute),
	TEST(numbers),
	TEST(flow),
	TEST(devices),
	TEST(odd_devices),
	TEST(messages),
	TEST(as_text),
};

TEST_MAIN(cases)
