// SPDX-License-Identifier: GPL-2.0-or-later
/* Headers of messages, and names of numbers */
#include "test.h"

static void header(void)
{
	static struct msg msg;
	struct nlmsghdr *nlh;
	struct nfgenmsg *nfg;

	memset(&msg, 0xff, sizeof(msg));
	nlh = nftnl_offload_nlmsg_build_hdr(msg.buf, NFT_OFFLOAD_MSG_TABLE_GET,
					    AF_INET6, NLM_F_DUMP, 0x12345678);
	CHECK((char *)nlh == msg.buf);
	CHECK(nlh->nlmsg_len == 20);
	CHECK(nlh->nlmsg_type == (13 << 8 | NFT_OFFLOAD_MSG_TABLE_GET));
	CHECK(nlh->nlmsg_flags == (NLM_F_REQUEST | NLM_F_DUMP));
	CHECK(nlh->nlmsg_seq == 0x12345678);
	CHECK(nlh->nlmsg_pid == 0);
	nfg = mnl_nlmsg_get_payload(nlh);
	CHECK(nfg->nfgen_family == AF_INET6);
	CHECK(nfg->version == NFNETLINK_V0);
	CHECK(nfg->res_id == 0);
}

static void type(void)
{
	struct nlmsghdr nlh = { .nlmsg_len = sizeof(nlh) };
	unsigned int i;

	for (i = 0; i <= UINT16_MAX; i++) {
		nlh.nlmsg_type = i;
		CHECK(nftnl_offload_msg_type(&nlh) ==
		      (i / 256 == NFNL_SUBSYS_NFT_OFFLOAD ? (int)(i % 256) : -1));
	}
}

static void names(void)
{
	unsigned int i;

	CHECK(!strcmp(nftnl_offload_state_str(NFT_OFFLOAD_STATE_HARDWARE), "hardware"));
	CHECK(!strcmp(nftnl_offload_event_str(NFT_OFFLOAD_EVENT_GONE), "gone"));
	CHECK(!strcmp(nftnl_offload_cause_str(NFT_OFFLOAD_CAUSE_TABLE), "table"));
	CHECK(!strcmp(nftnl_offload_layer_str(NFT_OFFLOAD_LAYER_CLASSIC), "classic"));
	CHECK(!strcmp(nftnl_offload_side_str(NFT_OFFLOAD_SIDE_IN), "in"));
	CHECK(!strcmp(nftnl_offload_side_str(NFT_OFFLOAD_SIDE_OUT), "out"));
	for (i = 0; i < 256; i++) {
		CHECK(!strcmp(nftnl_offload_state_str(i), "unknown") ==
		      (i >= NFT_OFFLOAD_STATE_MAX));
		CHECK(!strcmp(nftnl_offload_event_str(i), "unknown") ==
		      (i > NFT_OFFLOAD_EVENT_GONE));
		CHECK(!strcmp(nftnl_offload_cause_str(i), "unknown") ==
		      (i > NFT_OFFLOAD_CAUSE_TABLE || i == NFT_OFFLOAD_CAUSE_UNKNOWN));
		CHECK(!strcmp(nftnl_offload_layer_str(i), "unknown") ==
		      (i > NFT_OFFLOAD_LAYER_HARDWARE));
		CHECK(!strcmp(nftnl_offload_side_str(i), "unknown") ==
		      (i > NFT_OFFLOAD_SIDE_OUT));
	}
}

static const struct test_case cases[] = {
	TEST(header),
	TEST(type),
	TEST(names),
};

TEST_MAIN(cases)
