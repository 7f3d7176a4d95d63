// SPDX-License-Identifier: GPL-2.0-or-later
/* Messages of flows: of newer kernels, and broken ones */
#include "sample.h"

static void *sample(void)
{
	return sample_flow();
}

static void end(const void *obj)
{
	nftnl_flow_free(obj);
}

static int parse(const struct nlmsghdr *nlh, void *obj)
{
	return nftnl_flow_nlmsg_parse(nlh, obj);
}

static void build(struct nlmsghdr *nlh, const void *obj)
{
	nftnl_flow_nlmsg_build_payload(nlh, obj);
}

static int text(char *buf, size_t size, const void *obj, uint32_t type, uint32_t flags)
{
	return nftnl_flow_snprintf(buf, size, obj, type, flags);
}

static const struct object object = { sample, end, parse, build, text };

static void truncated(void)
{
	check_truncated(&object);
	check_nests(&object, 10);
}

static void any_byte(void)
{
	check_bytes(&object);
}

static void unknown(void)
{
	check_unknown(&object, 0, 0);
	check_unknown(&object, NFT_OFFLOAD_FLOW_ORIGINAL, 0);
	check_unknown(&object, NFT_OFFLOAD_FLOW_REPLY, 0);
	/* filters are of requests */
	check_unknown(&object, NFT_OFFLOAD_FLOW_FILTER, 0);
}

#define DIR_WIRE(d)							\
	{ { d }, NFT_OFFLOAD_DIR_SADDR, 4, 16 },			\
	{ { d }, NFT_OFFLOAD_DIR_DADDR, 4, 16 },			\
	{ { d }, NFT_OFFLOAD_DIR_SPORT, 2, 0 },				\
	{ { d }, NFT_OFFLOAD_DIR_DPORT, 2, 0 },				\
	{ { d }, NFT_OFFLOAD_DIR_IIF, 4, 0 },				\
	{ { d }, NFT_OFFLOAD_DIR_OIF, 4, 0 },				\
	{ { d }, NFT_OFFLOAD_DIR_MTU, 4, 0 },				\
	{ { d }, NFT_OFFLOAD_DIR_SW_PACKETS, 8, 0 },			\
	{ { d }, NFT_OFFLOAD_DIR_SW_BYTES, 8, 0 },			\
	{ { d }, NFT_OFFLOAD_DIR_HW_PACKETS, 8, 0 },			\
	{ { d }, NFT_OFFLOAD_DIR_HW_BYTES, 8, 0 },			\
	{ { d }, NFT_OFFLOAD_DIR_HW_AGE, 8, 0 },			\
	{ { d }, NFT_OFFLOAD_DIR_PRIORITY, 4, 0 },			\
	{ { d }, NFT_OFFLOAD_DIR_DSCP, 1, 0 },				\
	{ { d }, NFT_OFFLOAD_DIR_NOT_CARRIED, 1, 0 },			\
	{ { d }, NFT_OFFLOAD_DIR_IN_HARDWARE, 1, 0 },			\
	{ { d }, NFT_OFFLOAD_DIR_ERRNO, 4, 0 },				\
	{ { d }, NFT_OFFLOAD_DIR_REASON, 0, 0 },			\
	{ { d }, NFT_OFFLOAD_DIR_MESSAGE, 0, 0 },			\
	{ { d, NFT_OFFLOAD_DIR_ENCAP, NFT_OFFLOAD_ENCAP_TAG },		\
	  NFT_OFFLOAD_ENCAP_PROTO, 2, 0 },				\
	{ { d, NFT_OFFLOAD_DIR_ENCAP, NFT_OFFLOAD_ENCAP_TAG },		\
	  NFT_OFFLOAD_ENCAP_ID, 2, 0 }

static void lengths(void)
{
	static const struct wire wire[] = {
		{ {}, NFT_OFFLOAD_FLOW_ID, 8, 0 },
		{ {}, NFT_OFFLOAD_FLOW_TABLE_FAMILY, 1, 0 },
		{ {}, NFT_OFFLOAD_FLOW_TABLE, 0, 0 },
		{ {}, NFT_OFFLOAD_FLOW_FLOWTABLE, 0, 0 },
		{ {}, NFT_OFFLOAD_FLOW_L3PROTO, 1, 0 },
		{ {}, NFT_OFFLOAD_FLOW_L4PROTO, 1, 0 },
		{ {}, NFT_OFFLOAD_FLOW_STATE, 1, 0 },
		{ {}, NFT_OFFLOAD_FLOW_FLAGS, 4, 0 },
		{ {}, NFT_OFFLOAD_FLOW_TIMEOUT, 4, 0 },
		{ {}, NFT_OFFLOAD_FLOW_AGE, 8, 0 },
		{ {}, NFT_OFFLOAD_FLOW_CT_ID, 4, 0 },
		{ {}, NFT_OFFLOAD_FLOW_CT_MARK, 4, 0 },
		{ {}, NFT_OFFLOAD_FLOW_CT_ZONE, 2, 0 },
		{ {}, NFT_OFFLOAD_FLOW_EVENT, 1, 0 },
		{ {}, NFT_OFFLOAD_FLOW_CAUSE, 1, 0 },
		{ {}, NFT_OFFLOAD_FLOW_SEQ, 4, 0 },
		{ {}, NFT_OFFLOAD_FLOW_COUNT, 8, 0 },
		{ {}, NFT_OFFLOAD_FLOW_PIN, 1, 0 },
		DIR_WIRE(NFT_OFFLOAD_FLOW_ORIGINAL),
		DIR_WIRE(NFT_OFFLOAD_FLOW_REPLY),
	};

	check_lengths(&object, wire, ARRAY_SIZE(wire));
}

/* Byte order, as a message of the kernel has it, with its attributes for
 * alignment
 */
static void of_the_kernel(void)
{
	static const uint8_t addr[16] = { 0x20, 1, 0xd, 0xb8, 1 };
	static struct msg msg;
	struct nftnl_flow *f = nftnl_flow_alloc();
	struct nlmsghdr *nlh = msg_begin(&msg);
	const struct nftnl_flow_encap *encap;
	struct nlattr *dir, *list, *tag;
	uint32_t len;

	mnl_attr_put(nlh, NFT_OFFLOAD_FLOW_PAD, 0, NULL);
	mnl_attr_put_u64(nlh, NFT_OFFLOAD_FLOW_ID, 0x0102030405060708);
	mnl_attr_put(nlh, NFT_OFFLOAD_FLOW_CT_ID, 4, "\x01\x02\x03\x04");
	mnl_attr_put_u16(nlh, NFT_OFFLOAD_FLOW_CT_ZONE, 0x0102);
	mnl_attr_put_str(nlh, NFT_OFFLOAD_FLOW_TABLE, "no NUL at its end");
	dir = mnl_attr_nest_start(nlh, NFT_OFFLOAD_FLOW_ORIGINAL);
	mnl_attr_put(nlh, NFT_OFFLOAD_DIR_SADDR, 16, addr);
	mnl_attr_put(nlh, NFT_OFFLOAD_DIR_SPORT, 2, "\x01\x02");
	mnl_attr_put(nlh, NFT_OFFLOAD_DIR_PAD, 0, NULL);
	list = mnl_attr_nest_start(nlh, NFT_OFFLOAD_DIR_ENCAP);
	tag = mnl_attr_nest_start(nlh, NFT_OFFLOAD_ENCAP_TAG);
	mnl_attr_put(nlh, NFT_OFFLOAD_ENCAP_PROTO, 2, "\x81\x00");
	mnl_attr_put_u16(nlh, NFT_OFFLOAD_ENCAP_ID, 0x0102);
	mnl_attr_put_u16(nlh, 77, 1);
	mnl_attr_nest_end(nlh, tag);
	mnl_attr_put_u16(nlh, 78, 1);
	mnl_attr_nest_end(nlh, list);
	mnl_attr_nest_end(nlh, dir);

	CHECK(!nftnl_flow_nlmsg_parse(nlh, f));
	CHECK(nftnl_flow_get_u64(f, NFTNL_FLOW_ID) == 0x0102030405060708);
	CHECK(nftnl_flow_get_u32(f, NFTNL_FLOW_CT_ID) == 0x01020304);
	CHECK(nftnl_flow_get_u16(f, NFTNL_FLOW_CT_ZONE) == 0x0102);
	CHECK(!strcmp(nftnl_flow_get_str(f, NFTNL_FLOW_TABLE), "no NUL at its end"));
	CHECK(!memcmp(nftnl_flow_get_data(f, NFTNL_FLOW_ORIG_SADDR, &len), addr, 16));
	CHECK(len == 16);
	CHECK(nftnl_flow_get_u16(f, NFTNL_FLOW_ORIG_SPORT) == 0x0102);
	encap = nftnl_flow_get_data(f, NFTNL_FLOW_ORIG_ENCAP, &len);
	CHECK(len == sizeof(*encap));
	CHECK(encap->proto == ETH_P_8021Q && encap->id == 0x0102);
	CHECK(!nftnl_flow_is_set(f, NFTNL_FLOW_REPL_SPORT));
	nftnl_flow_free(f);
}

/* What is too long is cut off, and what is behind it is not touched. */
static void long_strings(void)
{
	static struct msg msg;
	struct nftnl_flow *f = nftnl_flow_alloc();
	struct nlmsghdr *nlh = msg_begin(&msg);
	struct nlattr *dir;
	char str[1000];

	memset(str, 'a', sizeof(str) - 1);
	str[sizeof(str) - 1] = '\0';
	mnl_attr_put_strz(nlh, NFT_OFFLOAD_FLOW_TABLE, str);
	mnl_attr_put_strz(nlh, NFT_OFFLOAD_FLOW_FLOWTABLE, "f");
	dir = mnl_attr_nest_start(nlh, NFT_OFFLOAD_FLOW_REPLY);
	mnl_attr_put_strz(nlh, NFT_OFFLOAD_DIR_MESSAGE, "m");
	mnl_attr_put_strz(nlh, NFT_OFFLOAD_DIR_REASON, str);
	mnl_attr_nest_end(nlh, dir);

	CHECK(!nftnl_flow_nlmsg_parse(nlh, f));
	CHECK(strlen(nftnl_flow_get_str(f, NFTNL_FLOW_TABLE)) == 255);
	CHECK(!strcmp(nftnl_flow_get_str(f, NFTNL_FLOW_FLOWTABLE), "f"));
	CHECK(strlen(nftnl_flow_get_str(f, NFTNL_FLOW_REPL_REASON)) == 63);
	CHECK(!strcmp(nftnl_flow_get_str(f, NFTNL_FLOW_REPL_MESSAGE), "m"));
	nftnl_flow_free(f);
}

static void many_headers(void)
{
	static struct msg msg;
	struct nftnl_flow *f = nftnl_flow_alloc();
	struct nlmsghdr *nlh = msg_begin(&msg);
	const struct nftnl_flow_encap *encap;
	struct nlattr *dir, *list, *tag;
	uint32_t i, len;

	dir = mnl_attr_nest_start(nlh, NFT_OFFLOAD_FLOW_REPLY);
	list = mnl_attr_nest_start(nlh, NFT_OFFLOAD_DIR_ENCAP);
	for (i = 0; i < 100; i++) {
		tag = mnl_attr_nest_start(nlh, NFT_OFFLOAD_ENCAP_TAG);
		mnl_attr_put_u16(nlh, NFT_OFFLOAD_ENCAP_PROTO, htons(ETH_P_8021Q));
		mnl_attr_put_u16(nlh, NFT_OFFLOAD_ENCAP_ID, i);
		mnl_attr_nest_end(nlh, tag);
	}
	mnl_attr_nest_end(nlh, list);
	mnl_attr_nest_end(nlh, dir);

	CHECK(!nftnl_flow_nlmsg_parse(nlh, f));
	encap = nftnl_flow_get_data(f, NFTNL_FLOW_REPL_ENCAP, &len);
	CHECK(len == NFTNL_FLOW_ENCAP_MAX * sizeof(*encap));
	CHECK(encap[0].id == 0 && encap[NFTNL_FLOW_ENCAP_MAX - 1].id ==
	      NFTNL_FLOW_ENCAP_MAX - 1);
	CHECK(!nftnl_flow_is_set(f, NFTNL_FLOW_REPL_MTU));
	nftnl_flow_free(f);
}

static const struct test_case cases[] = {
	TEST(truncated),
	TEST(any_byte),
	TEST(unknown),
	TEST(lengths),
	TEST(of_the_kernel),
	TEST(long_strings),
	TEST(many_headers),
};

TEST_MAIN(cases)
