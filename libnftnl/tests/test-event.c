// SPDX-License-Identifier: GPL-2.0-or-later
/* Events: attributes, messages, text, and how many were lost */
#include "sample.h"

static void *sample(void)
{
	return sample_event();
}

static void end(const void *obj)
{
	nftnl_offload_event_free(obj);
}

static int parse(const struct nlmsghdr *nlh, void *obj)
{
	return nftnl_offload_event_nlmsg_parse(nlh, obj);
}

static void build(struct nlmsghdr *nlh, const void *obj)
{
	nftnl_offload_event_nlmsg_build_payload(nlh, obj);
}

static int text(char *buf, size_t size, const void *obj, uint32_t type, uint32_t flags)
{
	return nftnl_offload_event_snprintf(buf, size, obj, type, flags);
}

static const struct object object = { sample, end, parse, build, text };

static const struct attr attrs[] = {
	{ NFTNL_OFFLOAD_EVENT_KIND, U8, 0 },
	{ NFTNL_OFFLOAD_EVENT_CAUSE, U8, 0 },
	{ NFTNL_OFFLOAD_EVENT_SEQ, U32, 0 },
	{ NFTNL_OFFLOAD_EVENT_LOST, U32, 0 },
};

static void check_only(const struct nftnl_offload_event *e, int attr)
{
	int i;

	for (i = 0; i <= UINT8_MAX; i++)
		CHECK(nftnl_offload_event_is_set(e, i) == (i == attr));
}

static void each_attribute(void)
{
	struct nftnl_offload_event *e = nftnl_offload_event_alloc();
	struct nftnl_offload_event *e2 = sample_event();
	static struct msg msg;
	struct nlmsghdr *nlh;
	char value[256];
	const void *data;
	uint32_t len, now;
	unsigned int i;

	check_only(e, -1);
	for (i = 0; i < ARRAY_SIZE(attrs); i++) {
		uint16_t attr = attrs[i].attr;

		len = sample_value(&attrs[i], i, value);
		CHECK(!nftnl_offload_event_set_data(e, attr, value, len));
		check_only(e, attr);
		data = nftnl_offload_event_get_data(e, attr, &now);
		CHECK(now == len && data && !memcmp(data, value, len));
		nlh = msg_begin(&msg);
		len = nlh->nlmsg_len;
		build(nlh, e);
		CHECK((nlh->nlmsg_len == len) == (attr == NFTNL_OFFLOAD_EVENT_LOST));
		CHECK(!parse(nlh, e2));
		/* of what was lost, messages know nothing */
		check_only(e2, attr == NFTNL_OFFLOAD_EVENT_LOST ? -1 : attr);
		nftnl_offload_event_unset(e, attr);
		check_only(e, -1);
		CHECK(!nftnl_offload_event_get_data(e, attr, &now) && !now);
	}
	nftnl_offload_event_free(e);
	nftnl_offload_event_free(e2);
	nftnl_offload_event_free(NULL);
}

static void types(void)
{
	struct nftnl_offload_event *e = nftnl_offload_event_alloc();
	unsigned int i;

	CHECK(!nftnl_offload_event_set_u8(e, NFTNL_OFFLOAD_EVENT_KIND, 3));
	CHECK(!nftnl_offload_event_set_u8(e, NFTNL_OFFLOAD_EVENT_CAUSE, 200));
	CHECK(!nftnl_offload_event_set_u32(e, NFTNL_OFFLOAD_EVENT_SEQ, 0x81020304));
	CHECK(!nftnl_offload_event_set_u32(e, NFTNL_OFFLOAD_EVENT_LOST, UINT32_MAX));
	CHECK(nftnl_offload_event_get_u8(e, NFTNL_OFFLOAD_EVENT_KIND) == 3);
	CHECK(nftnl_offload_event_get_u8(e, NFTNL_OFFLOAD_EVENT_CAUSE) == 200);
	CHECK(nftnl_offload_event_get_u32(e, NFTNL_OFFLOAD_EVENT_SEQ) == 0x81020304);
	CHECK(nftnl_offload_event_get_u32(e, NFTNL_OFFLOAD_EVENT_LOST) == UINT32_MAX);
	for (i = 0; i < ARRAY_SIZE(attrs); i++) {
		uint16_t attr = attrs[i].attr;

		if (attrs[i].type == U8) {
			CHECK_ERR(nftnl_offload_event_set_u32(e, attr, 1), EINVAL);
			CHECK_ERR(nftnl_offload_event_set_data(e, attr, "abcd", 4), EINVAL);
			CHECK(!nftnl_offload_event_get_u32(e, attr));
		} else {
			CHECK_ERR(nftnl_offload_event_set_u8(e, attr, 1), EINVAL);
			CHECK_ERR(nftnl_offload_event_set_data(e, attr, "a", 1), EINVAL);
			CHECK_ERR(nftnl_offload_event_set_data(e, attr, "abcdefgh", 8), EINVAL);
			CHECK(!nftnl_offload_event_get_u8(e, attr));
		}
		CHECK_ERR(nftnl_offload_event_set_data(e, attr, NULL, 0), EINVAL);
	}
	/* as before */
	CHECK(nftnl_offload_event_get_u8(e, NFTNL_OFFLOAD_EVENT_KIND) == 3);
	CHECK(nftnl_offload_event_get_u32(e, NFTNL_OFFLOAD_EVENT_SEQ) == 0x81020304);
	nftnl_offload_event_free(e);
}

static void no_such_attribute(void)
{
	static const uint16_t attr[] = { __NFTNL_OFFLOAD_EVENT_MAX, 31, 32, UINT16_MAX };
	struct nftnl_offload_event *e = sample_event();
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(attr); i++) {
		CHECK_ERR(nftnl_offload_event_set_u8(e, attr[i], 1), EINVAL);
		CHECK_ERR(nftnl_offload_event_set_u32(e, attr[i], 1), EINVAL);
		CHECK_ERR(nftnl_offload_event_set_data(e, attr[i], "a", 1), EINVAL);
		nftnl_offload_event_unset(e, attr[i]);
		CHECK(!nftnl_offload_event_is_set(e, attr[i]));
		CHECK(!nftnl_offload_event_get_data(e, attr[i], NULL));
		CHECK(!nftnl_offload_event_get_u8(e, attr[i]));
		CHECK(!nftnl_offload_event_get_u32(e, attr[i]));
	}
	nftnl_offload_event_free(e);
}

/* There always is one, which is a copy, and lacks what belongs to the event. */
static void flow(void)
{
	struct nftnl_offload_event *e = nftnl_offload_event_alloc();
	struct nftnl_flow_list *list = nftnl_flow_list_alloc();
	struct nftnl_flow *f = nftnl_flow_alloc();
	const struct nftnl_flow *got = nftnl_offload_event_get_flow(e);
	int i;

	CHECK(got);
	for (i = 0; i <= NFTNL_FLOW_MAX; i++)
		CHECK(!nftnl_flow_is_set(got, i));
	nftnl_flow_list_add(f, list);
	nftnl_flow_set_u64(f, NFTNL_FLOW_ID, 5);
	nftnl_flow_set_u8(f, NFTNL_FLOW_EVENT, 1);
	nftnl_flow_set_u8(f, NFTNL_FLOW_CAUSE, 1);
	nftnl_flow_set_u32(f, NFTNL_FLOW_SEQ, 1);
	nftnl_offload_event_set_u8(e, NFTNL_OFFLOAD_EVENT_KIND, NFT_OFFLOAD_EVENT_GONE);
	nftnl_offload_event_set_flow(e, f);
	nftnl_flow_set_u64(f, NFTNL_FLOW_ID, 6);
	CHECK(nftnl_flow_is_set(f, NFTNL_FLOW_SEQ));
	nftnl_flow_list_free(list);

	got = nftnl_offload_event_get_flow(e);
	for (i = 0; i <= NFTNL_FLOW_MAX; i++)
		CHECK(nftnl_flow_is_set(got, i) == (i == NFTNL_FLOW_ID));
	CHECK(nftnl_flow_get_u64(got, NFTNL_FLOW_ID) == 5);
	check_only(e, NFTNL_OFFLOAD_EVENT_KIND);
	CHECK(nftnl_offload_event_get_u8(e, NFTNL_OFFLOAD_EVENT_KIND) ==
	      NFT_OFFLOAD_EVENT_GONE);
	nftnl_offload_event_set_flow(e, got);
	CHECK(nftnl_flow_get_u64(nftnl_offload_event_get_flow(e), NFTNL_FLOW_ID) == 5);
	nftnl_offload_event_set_flow(e, NULL);
	CHECK(!nftnl_flow_is_set(nftnl_offload_event_get_flow(e), NFTNL_FLOW_ID));
	check_only(e, NFTNL_OFFLOAD_EVENT_KIND);
	nftnl_offload_event_free(e);
}

/* What a parser of flows takes from the message, the event has. */
static void of_a_flow(void)
{
	struct nftnl_offload_event *e = nftnl_offload_event_alloc();
	struct nftnl_flow *f = sample_flow();
	static struct msg msg, msg2;
	struct nlmsghdr *nlh = msg_begin(&msg), *nlh2 = msg_begin(&msg2);

	nftnl_flow_nlmsg_build_payload(nlh, f);
	CHECK(!parse(nlh, e));
	CHECK(nftnl_offload_event_get_u8(e, NFTNL_OFFLOAD_EVENT_KIND) ==
	      nftnl_flow_get_u8(f, NFTNL_FLOW_EVENT));
	CHECK(nftnl_offload_event_get_u8(e, NFTNL_OFFLOAD_EVENT_CAUSE) ==
	      nftnl_flow_get_u8(f, NFTNL_FLOW_CAUSE));
	CHECK(nftnl_offload_event_get_u32(e, NFTNL_OFFLOAD_EVENT_SEQ) ==
	      nftnl_flow_get_u32(f, NFTNL_FLOW_SEQ));
	nftnl_flow_unset(f, NFTNL_FLOW_EVENT);
	nftnl_flow_unset(f, NFTNL_FLOW_CAUSE);
	nftnl_flow_unset(f, NFTNL_FLOW_SEQ);
	nlh = msg_begin(&msg);
	nftnl_flow_nlmsg_build_payload(nlh, f);
	nftnl_flow_nlmsg_build_payload(nlh2, nftnl_offload_event_get_flow(e));
	CHECK(nlh->nlmsg_len == nlh2->nlmsg_len);
	CHECK(!memcmp(nlh, nlh2, nlh->nlmsg_len));
	/* an answer with the flow is no event */
	CHECK(!parse(nlh, e));
	check_only(e, -1);
	CHECK(nftnl_flow_is_set(nftnl_offload_event_get_flow(e), NFTNL_FLOW_ID));
	nftnl_flow_free(f);
	nftnl_offload_event_free(e);
}

static void message_types(void)
{
	struct nftnl_offload_event *e;
	static struct msg msg;
	struct nlmsghdr *nlh;
	unsigned int i;
	bool good;

	for (i = 0; i <= UINT8_MAX; i++) {
		good = i == NFT_OFFLOAD_CMD_FLOW_NEW_NTF ||
		       i == NFT_OFFLOAD_CMD_FLOW_DEL_NTF;
		e = sample_event();
		nlh = msg_begin(&msg);
		build(nlh, e);
		((struct genlmsghdr *)mnl_nlmsg_get_payload(nlh))->cmd = i;
		errno = 0;
		CHECK(parse(nlh, e) == (good ? 0 : -1));
		CHECK(good || errno == EINVAL);
		CHECK(nftnl_offload_event_is_set(e, NFTNL_OFFLOAD_EVENT_KIND) == good);
		CHECK(nftnl_flow_is_set(nftnl_offload_event_get_flow(e), NFTNL_FLOW_ID) == good);
		nftnl_offload_event_free(e);
	}
}

static void messages(void)
{
	static const struct wire wire[] = {
		{ {}, NFT_OFFLOAD_FLOW_EVENT, 1, 0 },
		{ {}, NFT_OFFLOAD_FLOW_CAUSE, 1, 0 },
		{ {}, NFT_OFFLOAD_FLOW_SEQ, 4, 0 },
		{ {}, NFT_OFFLOAD_FLOW_ID, 8, 0 },
		{ { NFT_OFFLOAD_FLOW_REPLY }, NFT_OFFLOAD_DIR_HW_BYTES, 8, 0 },
	};

	check_round_trip(&object);
	check_truncated(&object);
	check_nests(&object, 10);
	check_bytes(&object);
	check_lengths(&object, wire, ARRAY_SIZE(wire));
	check_unknown(&object, 0, 0);
	check_unknown(&object, NFT_OFFLOAD_FLOW_ORIGINAL, 0);
}

static void lost(void)
{
	/* seq: -1: not set; lost: -1: not known */
	static const struct {
		int64_t seq;
		int64_t lost;
		bool known;
		uint32_t last;
	} c[] = {
		{ -1, -1, false, 0 },
		{ 5, -1, true, 5 }, { 6, 0, true, 6 }, { 8, 1, true, 8 },
		{ 108, 99, true, 108 }, { -1, -1, true, 108 }, { 109, 0, true, 109 },
		/* the same again, and numbers that begin anew */
		{ 109, -1, true, 109 }, { 110, 0, true, 110 }, { 1, -1, true, 1 },
		{ 2, 0, true, 2 },
		/* half of all at once, and more, which is what was before it */
		{ 0x80000001, 0x7ffffffe, true, 0x80000001 },
		{ 1, -1, true, 1 },
		/* wrap around */
		{ 0x7ffffff0, 0x7fffffee, true, 0x7ffffff0 },
		{ 0xffffffef, 0x7ffffffe, true, 0xffffffef },
		{ 0xfffffffe, 14, true, 0xfffffffe }, { 0xffffffff, 0, true, 0xffffffff },
		{ 0, 0, true, 0 }, { 1, 0, true, 1 }, { 0xffffffff, -1, true, 0xffffffff },
		{ 2, 2, true, 2 },
	};
	struct nftnl_offload_event_last last = {};
	struct nftnl_offload_event *e = nftnl_offload_event_alloc();
	unsigned int i;
	uint32_t ret;

	for (i = 0; i < ARRAY_SIZE(c); i++) {
		/* of another listener */
		nftnl_offload_event_set_u32(e, NFTNL_OFFLOAD_EVENT_LOST, 77);
		nftnl_offload_event_unset(e, NFTNL_OFFLOAD_EVENT_SEQ);
		if (c[i].seq >= 0)
			nftnl_offload_event_set_u32(e, NFTNL_OFFLOAD_EVENT_SEQ, c[i].seq);
		ret = nftnl_offload_event_track(e, &last);
		CHECK(ret == (c[i].lost < 0 ? 0 : c[i].lost));
		CHECK(ret == nftnl_offload_event_get_u32(e, NFTNL_OFFLOAD_EVENT_LOST));
		CHECK(nftnl_offload_event_is_set(e, NFTNL_OFFLOAD_EVENT_LOST) ==
		      (c[i].lost >= 0));
		CHECK(last.known == c[i].known);
		CHECK(!last.known || last.seq == c[i].last);
		if (test_failed) {
			printf("# case %u: %u\n", i, ret);
			break;
		}
	}
	nftnl_offload_event_free(e);
}

static void check_text(const struct nftnl_offload_event *e, const char *want)
{
	char *is = object_text(&object, e), buf[4096];
	FILE *fp = tmpfile();

	CHECK(!strcmp(is, want));
	if (strcmp(is, want))
		printf("# is:   %s\n# want: %s\n", is, want);
	CHECK(nftnl_offload_event_fprintf(fp, e, 0, 0) == (int)strlen(is));
	rewind(fp);
	CHECK(fread(buf, 1, sizeof(buf), fp) == strlen(is));
	CHECK(!memcmp(buf, is, strlen(is)));
	fclose(fp);
	free(is);
}

static void as_text(void)
{
	struct nftnl_offload_event *e = nftnl_offload_event_alloc();
	struct nftnl_flow *f = nftnl_flow_alloc();

	check_text(e, "");
	nftnl_offload_event_set_u8(e, NFTNL_OFFLOAD_EVENT_KIND, NFT_OFFLOAD_EVENT_ADDED);
	check_text(e, "added");
	nftnl_flow_set_str(f, NFTNL_FLOW_TABLE, "t");
	nftnl_flow_set_str(f, NFTNL_FLOW_FLOWTABLE, "f\n");
	nftnl_flow_set_u8(f, NFTNL_FLOW_L4PROTO, IPPROTO_UDP);
	nftnl_offload_event_set_flow(e, f);
	check_text(e, "added t f?: udp");
	nftnl_offload_event_set_u8(e, NFTNL_OFFLOAD_EVENT_KIND, NFT_OFFLOAD_EVENT_GONE);
	nftnl_offload_event_set_u8(e, NFTNL_OFFLOAD_EVENT_CAUSE, NFT_OFFLOAD_CAUSE_TIMEOUT);
	nftnl_offload_event_set_u32(e, NFTNL_OFFLOAD_EVENT_SEQ, 4000000000);
	nftnl_offload_event_set_u32(e, NFTNL_OFFLOAD_EVENT_LOST, 0);
	check_text(e, "gone t f?: udp cause timeout seq 4000000000");
	nftnl_offload_event_set_u32(e, NFTNL_OFFLOAD_EVENT_LOST, 3000000000);
	check_text(e, "gone t f?: udp cause timeout seq 4000000000 lost 3000000000");
	nftnl_offload_event_set_u8(e, NFTNL_OFFLOAD_EVENT_KIND, 99);
	nftnl_offload_event_set_u8(e, NFTNL_OFFLOAD_EVENT_CAUSE, 99);
	nftnl_offload_event_unset(e, NFTNL_OFFLOAD_EVENT_SEQ);
	nftnl_offload_event_unset(e, NFTNL_OFFLOAD_EVENT_LOST);
	check_text(e, "unknown t f?: udp cause unknown");
	CHECK_ERR(nftnl_offload_event_fprintf(stdout, e, 1, 0), EOPNOTSUPP);
	nftnl_flow_free(f);
	nftnl_offload_event_free(e);
	check_text_sizes(&object);
}

static const struct test_case cases[] = {
	TEST(each_attribute),
	TEST(types),
	TEST(no_such_attribute),
	TEST(flow),
	TEST(of_a_flow),
	TEST(message_types),
	TEST(messages),
	TEST(lost),
	TEST(as_text),
};

TEST_MAIN(cases)
