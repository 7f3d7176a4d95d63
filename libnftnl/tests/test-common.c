// SPDX-License-Identifier: GPL-2.0-or-later
/* Headers of messages, and names of numbers */
#include "sample.h"

static void header(void)
{
	static struct msg msg;
	struct nlmsghdr *nlh;
	struct genlmsghdr *genl;

	memset(&msg, 0xff, sizeof(msg));
	nlh = nftnl_offload_nlmsg_build_hdr(msg.buf, TEST_FAMILY, NFT_OFFLOAD_CMD_TABLE_GET,
					    NLM_F_DUMP, 0x12345678);
	CHECK((char *)nlh == msg.buf);
	CHECK(nlh->nlmsg_len == 20);
	CHECK(nlh->nlmsg_type == TEST_FAMILY);
	CHECK(nlh->nlmsg_flags == (NLM_F_REQUEST | NLM_F_DUMP));
	CHECK(nlh->nlmsg_seq == 0x12345678);
	CHECK(nlh->nlmsg_pid == 0);
	genl = mnl_nlmsg_get_payload(nlh);
	CHECK(genl->cmd == NFT_OFFLOAD_CMD_TABLE_GET);
	CHECK(genl->version == 1);
	CHECK(genl->reserved == 0);
}

static void type(void)
{
	static struct msg msg;
	struct nlmsghdr *nlh;
	unsigned int i;

	for (i = 0; i <= UINT16_MAX; i++) {
		nlh = nftnl_offload_nlmsg_build_hdr(msg.buf, i, i % 256, 0, 1);
		CHECK(nftnl_offload_msg_type(nlh) == (i > GENL_ID_CTRL ? (int)(i % 256) : -1));
	}
	for (i = 0; i < nlh->nlmsg_len; i++) {
		struct nlmsghdr *cut = msg_cut(nlh, i);

		CHECK(nftnl_offload_msg_type(cut) == -1);
		free(cut);
	}
}

static void family_request(void)
{
	static struct msg msg;
	struct nlmsghdr *nlh;
	struct genlmsghdr *genl;
	struct nlattr *attr;

	memset(&msg, 0xff, sizeof(msg));
	nlh = nftnl_offload_family_nlmsg_build(msg.buf, 7);
	genl = mnl_nlmsg_get_payload(nlh);
	attr = mnl_nlmsg_get_payload_offset(nlh, GENL_HDRLEN);
	CHECK((char *)nlh == msg.buf);
	CHECK(nlh->nlmsg_type == GENL_ID_CTRL);
	CHECK(nlh->nlmsg_flags == NLM_F_REQUEST);
	CHECK(nlh->nlmsg_seq == 7);
	CHECK(genl->cmd == CTRL_CMD_GETFAMILY);
	CHECK(mnl_attr_get_type(attr) == CTRL_ATTR_FAMILY_NAME);
	CHECK(!strcmp(mnl_attr_get_str(attr), "nft_offload"));
	CHECK((char *)mnl_attr_next(attr) == (char *)nlh + nlh->nlmsg_len);
}

static void family_answer(void)
{
	struct nftnl_offload_family family;
	static struct msg msg;
	struct nlmsghdr *nlh, *cut;
	unsigned int i;

	nlh = msg_begin(&msg);
	nlh->nlmsg_type = GENL_ID_CTRL;
	sample_family(nlh, "events");
	CHECK(!nftnl_offload_family_nlmsg_parse(nlh, &family));
	CHECK(family.id == TEST_FAMILY);
	CHECK(family.events == TEST_EVENTS);

	/* cut off anywhere, it lacks the group at its end */
	for (i = 0; i < nlh->nlmsg_len; i++) {
		cut = msg_cut(nlh, i);
		memset(&family, 0xff, sizeof(family));
		CHECK_ERR(nftnl_offload_family_nlmsg_parse(cut, &family), EINVAL);
		CHECK(!family.id && !family.events);
		free(cut);
	}

	/* of the family itself, which is not what nlctrl says of it */
	nlh->nlmsg_type = TEST_FAMILY;
	CHECK_ERR(nftnl_offload_family_nlmsg_parse(nlh, &family), EINVAL);
}

static void family_group(void)
{
	static const char *const names[] = { "event", "eventss", "", "others" };
	struct nftnl_offload_family family;
	static struct msg msg;
	struct nlmsghdr *nlh;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		nlh = msg_begin(&msg);
		nlh->nlmsg_type = GENL_ID_CTRL;
		sample_family(nlh, names[i]);
		CHECK_ERR(nftnl_offload_family_nlmsg_parse(nlh, &family), EINVAL);
	}
}

static void names(void)
{
	unsigned int i;

	CHECK(!strcmp(nftnl_offload_state_str(NFT_OFFLOAD_STATE_HARDWARE), "hardware"));
	CHECK(!strcmp(nftnl_offload_event_str(NFT_OFFLOAD_EVENT_GONE), "gone"));
	CHECK(!strcmp(nftnl_offload_event_str(NFT_OFFLOAD_EVENT_PINNED), "pinned"));
	CHECK(!strcmp(nftnl_offload_cause_str(NFT_OFFLOAD_CAUSE_TABLE), "table"));
	CHECK(!strcmp(nftnl_offload_layer_str(NFT_OFFLOAD_LAYER_CLASSIC), "classic"));
	CHECK(!strcmp(nftnl_offload_side_str(NFT_OFFLOAD_SIDE_IN), "in"));
	CHECK(!strcmp(nftnl_offload_side_str(NFT_OFFLOAD_SIDE_OUT), "out"));
	CHECK(!strcmp(nftnl_offload_mark_action_str(NFT_OFFLOAD_MARK_ACTION_NEVER), "never"));
	CHECK(!strcmp(nftnl_offload_mark_action_str(NFT_OFFLOAD_MARK_ACTION_SOFTWARE),
		      "software"));
	CHECK(!strcmp(nftnl_offload_pin_str(NFT_OFFLOAD_PIN_AUTO), "auto"));
	CHECK(!strcmp(nftnl_offload_pin_str(NFT_OFFLOAD_PIN_HARDWARE), "hardware"));
	CHECK(!strcmp(nftnl_offload_pin_str(NFT_OFFLOAD_PIN_SOFTWARE), "software"));
	CHECK(!strcmp(nftnl_offload_evict_str(NFT_OFFLOAD_EVICT_NONE), "none"));
	CHECK(!strcmp(nftnl_offload_evict_str(NFT_OFFLOAD_EVICT_SLOWEST), "slowest"));
	CHECK(!strcmp(nftnl_offload_shaped_str(NFT_OFFLOAD_SHAPED_SOFTWARE), "software"));
	CHECK(!strcmp(nftnl_offload_shaped_str(NFT_OFFLOAD_SHAPED_IGNORE), "ignore"));
	CHECK(!strcmp(nftnl_offload_carry_str(NFT_OFFLOAD_CARRY_PRIORITY), "priority"));
	CHECK(!strcmp(nftnl_offload_carry_str(NFT_OFFLOAD_CARRY_DSCP), "dscp"));
	CHECK(!strcmp(nftnl_offload_carry_mode_str(NFT_OFFLOAD_CARRY_MODE_OPTIONAL),
		      "optional"));
	CHECK(!strcmp(nftnl_offload_carry_mode_str(NFT_OFFLOAD_CARRY_MODE_REQUIRED),
		      "required"));
	for (i = 0; i < 256; i++) {
		CHECK(!strcmp(nftnl_offload_state_str(i), "unknown") ==
		      (i > NFT_OFFLOAD_STATE_MAX));
		CHECK(!strcmp(nftnl_offload_event_str(i), "unknown") ==
		      (i > NFT_OFFLOAD_EVENT_PINNED));
		CHECK(!strcmp(nftnl_offload_cause_str(i), "unknown") ==
		      (i > NFT_OFFLOAD_CAUSE_POLICY || i == NFT_OFFLOAD_CAUSE_UNKNOWN));
		CHECK(!strcmp(nftnl_offload_layer_str(i), "unknown") ==
		      (i > NFT_OFFLOAD_LAYER_HARDWARE));
		CHECK(!strcmp(nftnl_offload_side_str(i), "unknown") ==
		      (i > NFT_OFFLOAD_SIDE_OUT));
		CHECK(!strcmp(nftnl_offload_mark_action_str(i), "unknown") ==
		      (i > NFT_OFFLOAD_MARK_ACTION_SOFTWARE));
		CHECK(!strcmp(nftnl_offload_pin_str(i), "unknown") ==
		      (i > NFT_OFFLOAD_PIN_SOFTWARE));
		CHECK(!strcmp(nftnl_offload_evict_str(i), "unknown") ==
		      (i > NFT_OFFLOAD_EVICT_SLOWEST));
		CHECK(!strcmp(nftnl_offload_shaped_str(i), "unknown") ==
		      (i > NFT_OFFLOAD_SHAPED_IGNORE));
		CHECK(!strcmp(nftnl_offload_carry_str(i), "unknown") ==
		      (i > NFT_OFFLOAD_CARRY_DSCP));
		CHECK(!strcmp(nftnl_offload_carry_mode_str(i), "unknown") ==
		      (i > NFT_OFFLOAD_CARRY_MODE_REQUIRED));
	}
}

static const struct test_case cases[] = {
	TEST(header),
	TEST(type),
	TEST(family_request),
	TEST(family_answer),
	TEST(family_group),
	TEST(names),
};

TEST_MAIN(cases)
