// SPDX-License-Identifier: GPL-2.0-or-later
/* Policies */
#include "sample.h"

static void *sample(void)
{
	return sample_policy();
}

static void end(const void *obj)
{
	nftnl_offload_policy_free(obj);
}

static int parse(const struct nlmsghdr *nlh, void *obj)
{
	return nftnl_offload_policy_nlmsg_parse(nlh, obj);
}

static void build(struct nlmsghdr *nlh, const void *obj)
{
	nftnl_offload_policy_nlmsg_build_payload(nlh, obj);
}

static int text(char *buf, size_t size, const void *obj, uint32_t type, uint32_t flags)
{
	return nftnl_offload_policy_snprintf(buf, size, obj, type, flags);
}

static const struct object object = { sample, end, parse, build, text };

static const enum type types[] = {
	[NFTNL_OFFLOAD_POLICY_FAMILY]		= U8,
	[NFTNL_OFFLOAD_POLICY_TABLE]		= STR,
	[NFTNL_OFFLOAD_POLICY_NAME]		= STR,
	[NFTNL_OFFLOAD_POLICY_MODE]		= U8,
	[NFTNL_OFFLOAD_POLICY_STACK]		= U32,
	[NFTNL_OFFLOAD_POLICY_AFTER_BYTES]	= U64,
	[NFTNL_OFFLOAD_POLICY_AFTER_PACKETS]	= U64,
	[NFTNL_OFFLOAD_POLICY_AFTER_RATE]	= U32,
	[NFTNL_OFFLOAD_POLICY_BUDGET]		= U32,
	[NFTNL_OFFLOAD_POLICY_BUDGET_PER_DEVICE] = U8,
	[NFTNL_OFFLOAD_POLICY_EVICT]		= U8,
	[NFTNL_OFFLOAD_POLICY_SHAPED]		= U8,
	[NFTNL_OFFLOAD_POLICY_CARRY_MODE]	= U8,
};

static void set(struct nftnl_offload_policy *p, uint16_t attr)
{
	/* a wrong type is an error and changes nothing */
	int want = types[attr] == U8 ? 0 : -1;

	CHECK(nftnl_offload_policy_set_u8(p, attr, 0xf1) == want);
	want = types[attr] == U32 ? 0 : -1;
	CHECK(nftnl_offload_policy_set_u32(p, attr, 0xf1f2f3f4) == want);
	want = types[attr] == U64 ? 0 : -1;
	CHECK(nftnl_offload_policy_set_u64(p, attr, 0xf1f2f3f4f5f6f7f8) == want);
	want = types[attr] == STR ? 0 : -1;
	CHECK(nftnl_offload_policy_set_str(p, attr, "name") == want);
}

static void check_only(const struct nftnl_offload_policy *p, uint16_t attr)
{
	const char *str = nftnl_offload_policy_get_str(p, attr);
	unsigned int i;

	for (i = 0; i <= UINT16_MAX; i++)
		CHECK(nftnl_offload_policy_is_set(p, i) == (i == attr));
	CHECK(nftnl_offload_policy_get_u8(p, attr) == (types[attr] == U8 ? 0xf1 : 0));
	CHECK(nftnl_offload_policy_get_u32(p, attr) ==
	      (types[attr] == U32 ? 0xf1f2f3f4 : 0));
	CHECK(nftnl_offload_policy_get_u64(p, attr) ==
	      (types[attr] == U64 ? 0xf1f2f3f4f5f6f7f8 : 0));
	CHECK(types[attr] == STR ? str && !strcmp(str, "name") : !str);
	CHECK(!nftnl_offload_policy_mark(p, 0));
	CHECK(!nftnl_offload_policy_carry(p, 0));
}

static void each_attribute(void)
{
	struct nftnl_offload_policy *p = nftnl_offload_policy_alloc();
	struct nftnl_offload_policy *p2 = sample_policy();
	static struct msg msg;
	struct nlmsghdr *nlh;
	unsigned int i;

	for (i = 0; i <= NFTNL_OFFLOAD_POLICY_MAX; i++) {
		set(p, i);
		check_only(p, i);
		nlh = msg_begin(&msg);
		build(nlh, p);
		CHECK(!parse(nlh, p2));
		check_only(p2, i);
		nftnl_offload_policy_unset(p, i);
		CHECK(!nftnl_offload_policy_is_set(p, i));
	}
	nftnl_offload_policy_free(p);
	nftnl_offload_policy_free(p2);
	nftnl_offload_policy_free(NULL);
}

static void wrong(void)
{
	struct nftnl_offload_policy *p = nftnl_offload_policy_alloc();
	char str[257];

	CHECK_ERR(nftnl_offload_policy_set_u8(p, __NFTNL_OFFLOAD_POLICY_MAX, 1), EINVAL);
	CHECK_ERR(nftnl_offload_policy_set_u32(p, 32, 1), EINVAL);
	CHECK_ERR(nftnl_offload_policy_set_u64(p, UINT16_MAX, 1), EINVAL);
	CHECK_ERR(nftnl_offload_policy_set_str(p, UINT16_MAX, "1"), EINVAL);
	CHECK_ERR(nftnl_offload_policy_set_str(p, NFTNL_OFFLOAD_POLICY_NAME, NULL), EINVAL);
	memset(str, 'a', 256);
	str[256] = '\0';
	CHECK_ERR(nftnl_offload_policy_set_str(p, NFTNL_OFFLOAD_POLICY_NAME, str), ERANGE);
	str[255] = '\0';
	CHECK(!nftnl_offload_policy_set_str(p, NFTNL_OFFLOAD_POLICY_NAME, str));
	nftnl_offload_policy_free(p);
}

static bool mark_is(const struct nftnl_offload_policy *p, unsigned int i, uint8_t action,
		    uint32_t value, uint32_t mask)
{
	const struct nftnl_offload_mark *mark = nftnl_offload_policy_mark(p, i);

	return mark && mark->action == action && mark->value == value && mark->mask == mask;
}

static void marks(void)
{
	struct nftnl_offload_policy *p = sample_policy(), *p2 = nftnl_offload_policy_alloc();
	struct nftnl_offload_mark mark = { 1, 0, 0xff };
	static struct msg msg;
	struct nlmsghdr *nlh = msg_begin(&msg);
	unsigned int i;

	build(nlh, p);
	CHECK(!parse(nlh, p2));
	CHECK(!parse(nlh, p2));		/* and not twice */
	CHECK(mark_is(p2, 0, NFT_OFFLOAD_MARK_ACTION_NEVER, 0x80, 0xc0));
	CHECK(mark_is(p2, 1, NFT_OFFLOAD_MARK_ACTION_SOFTWARE, 0x40, 0x40));
	CHECK(mark_is(p2, 2, NFT_OFFLOAD_MARK_ACTION_SOFTWARE, 7, UINT32_MAX));
	CHECK(!nftnl_offload_policy_mark(p2, 3));
	CHECK(!nftnl_offload_policy_mark(p2, UINT32_MAX));
	nftnl_offload_policy_free(p2);

	/* more than any kernel takes */
	p2 = nftnl_offload_policy_alloc();
	for (mark.value = 0; mark.value < 100; mark.value++)
		CHECK(!nftnl_offload_policy_add_mark(p2, &mark));
	nlh = msg_begin(&msg);
	build(nlh, p2);
	CHECK(!parse(nlh, p));
	for (i = 0; i < 100; i++)
		CHECK(mark_is(p, i, 1, i, 0xff));
	CHECK(!nftnl_offload_policy_mark(p, 100));
	nftnl_offload_policy_free(p);
	nftnl_offload_policy_free(p2);
}

/* Marks without what makes them one; without a mask, all bits count */
static void odd_marks(void)
{
	struct nftnl_offload_policy *p = nftnl_offload_policy_alloc();
	static struct msg msg;
	struct nlmsghdr *nlh = msg_begin(&msg);
	struct nlattr *nest;

	nest = mnl_attr_nest_start(nlh, NFT_OFFLOAD_POLICY_MARK);
	mnl_attr_put_u8(nlh, NFT_OFFLOAD_MARK_ACTION, 0);
	mnl_attr_put_u32(nlh, NFT_OFFLOAD_MARK_MASK, 1);
	mnl_attr_nest_end(nlh, nest);
	nest = mnl_attr_nest_start(nlh, NFT_OFFLOAD_POLICY_MARK);
	mnl_attr_put_u32(nlh, NFT_OFFLOAD_MARK_VALUE, 1);
	mnl_attr_nest_end(nlh, nest);
	nest = mnl_attr_nest_start(nlh, NFT_OFFLOAD_POLICY_MARK);
	mnl_attr_nest_end(nlh, nest);
	nest = mnl_attr_nest_start(nlh, NFT_OFFLOAD_POLICY_MARK);
	mnl_attr_put_u8(nlh, NFT_OFFLOAD_MARK_ACTION, 1);
	mnl_attr_put_u32(nlh, NFT_OFFLOAD_MARK_VALUE, 9);
	mnl_attr_nest_end(nlh, nest);

	CHECK(!parse(nlh, p));
	CHECK(mark_is(p, 0, 1, 9, UINT32_MAX));
	CHECK(!nftnl_offload_policy_mark(p, 1));
	nftnl_offload_policy_free(p);
}

static bool carry_is(const struct nftnl_offload_policy *p, unsigned int i, uint8_t what,
		     uint32_t mask, uint32_t state)
{
	const struct nftnl_offload_carry *carry = nftnl_offload_policy_carry(p, i);

	return carry && carry->what == what && carry->mask == mask && carry->state == state;
}

/* One that does not say what is none */
static void carried(void)
{
	struct nftnl_offload_policy *p = sample_policy(), *p2 = nftnl_offload_policy_alloc();
	static struct msg msg;
	struct nlmsghdr *nlh = msg_begin(&msg);
	struct nlattr *nest;

	build(nlh, p);
	nest = mnl_attr_nest_start(nlh, NFT_OFFLOAD_POLICY_CARRY);
	mnl_attr_put_u32(nlh, NFT_OFFLOAD_CARRY_MASK, 1);
	mnl_attr_nest_end(nlh, nest);
	CHECK(!parse(nlh, p2));
	CHECK(!parse(nlh, p2));		/* and not twice */
	CHECK(carry_is(p2, 0, NFT_OFFLOAD_CARRY_PRIORITY, 0, 0));
	CHECK(carry_is(p2, 1, NFT_OFFLOAD_CARRY_DSCP, 0xfc, 1));
	CHECK(!nftnl_offload_policy_carry(p2, 2));
	CHECK(!nftnl_offload_policy_carry(p2, UINT32_MAX));
	nftnl_offload_policy_free(p);
	nftnl_offload_policy_free(p2);
}

static void messages(void)
{
#define IN_MARK	{ NFT_OFFLOAD_POLICY_MARK }
#define IN_CARRY { NFT_OFFLOAD_POLICY_CARRY }
	static const struct wire wire[] = {
		{ {}, NFT_OFFLOAD_POLICY_FAMILY, 1, 0 },
		{ {}, NFT_OFFLOAD_POLICY_TABLE, 0, 0 },
		{ {}, NFT_OFFLOAD_POLICY_NAME, 0, 0 },
		{ {}, NFT_OFFLOAD_POLICY_MODE, 1, 0 },
		{ {}, NFT_OFFLOAD_POLICY_STACK, 4, 0 },
		{ {}, NFT_OFFLOAD_POLICY_AFTER_BYTES, 8, 0 },
		{ {}, NFT_OFFLOAD_POLICY_AFTER_PACKETS, 8, 0 },
		{ {}, NFT_OFFLOAD_POLICY_AFTER_RATE, 4, 0 },
		{ {}, NFT_OFFLOAD_POLICY_BUDGET, 4, 0 },
		{ {}, NFT_OFFLOAD_POLICY_BUDGET_PER_DEVICE, 1, 0 },
		{ {}, NFT_OFFLOAD_POLICY_EVICT, 1, 0 },
		{ IN_MARK, NFT_OFFLOAD_MARK_ACTION, 1, 0 },
		{ IN_MARK, NFT_OFFLOAD_MARK_VALUE, 4, 0 },
		{ IN_MARK, NFT_OFFLOAD_MARK_MASK, 4, 0 },
		{ {}, NFT_OFFLOAD_POLICY_CARRY_MODE, 1, 0 },
		{ IN_CARRY, NFT_OFFLOAD_CARRY_WHAT, 1, 0 },
		{ IN_CARRY, NFT_OFFLOAD_CARRY_MASK, 4, 0 },
		{ IN_CARRY, NFT_OFFLOAD_CARRY_STATE, 4, 0 },
	};

	check_round_trip(&object);
	check_truncated(&object);
	check_nests(&object, 5);
	check_bytes(&object);
	check_lengths(&object, wire, ARRAY_SIZE(wire));
	check_unknown(&object, 0, 0);
	check_unknown(&object, NFT_OFFLOAD_POLICY_MARK, 0);
	check_unknown(&object, NFT_OFFLOAD_POLICY_CARRY, 0);
}

/* Family and names, and nothing else; what is wrong writes nothing */
static void name_only(void)
{
	struct nftnl_offload_policy *p = sample_policy(), *p2 = nftnl_offload_policy_alloc();
	static struct msg msg;
	struct nlmsghdr *nlh = msg_begin(&msg);
	uint32_t empty = nlh->nlmsg_len;
	char name[256] = {};
	unsigned int i;

	CHECK(!nftnl_offload_policy_nlmsg_build_name(nlh, p));
	CHECK(nlh->nlmsg_len == empty + 3 * 8);
	CHECK(!parse(nlh, p2));
	for (i = 0; i <= NFTNL_OFFLOAD_POLICY_MAX; i++)
		CHECK(nftnl_offload_policy_is_set(p2, i) == (i <= NFTNL_OFFLOAD_POLICY_NAME));
	CHECK(!nftnl_offload_policy_mark(p2, 0));

	/* the longest names have room, in all messages */
	memset(name, 'a', 255);
	CHECK(!nftnl_offload_policy_set_str(p, NFTNL_OFFLOAD_POLICY_TABLE, name));
	CHECK(!nftnl_offload_policy_set_str(p, NFTNL_OFFLOAD_POLICY_NAME, name));
	nlh = msg_begin(&msg);
	CHECK(!nftnl_offload_policy_nlmsg_build_name(nlh, p));
	CHECK(nlh->nlmsg_len - empty <= 532);
	nlh = msg_begin(&msg);
	build(nlh, p);
	CHECK(nlh->nlmsg_len - empty <= 640 + 5 * 28);

	nlh = msg_begin(&msg);
	CHECK(!nftnl_offload_policy_set_str(p, NFTNL_OFFLOAD_POLICY_NAME, ""));
	CHECK_ERR(nftnl_offload_policy_nlmsg_build_name(nlh, p), EINVAL);
	for (i = NFTNL_OFFLOAD_POLICY_FAMILY; i <= NFTNL_OFFLOAD_POLICY_NAME; i++) {
		nftnl_offload_policy_free(p);
		p = sample_policy();
		nftnl_offload_policy_unset(p, i);
		CHECK_ERR(nftnl_offload_policy_nlmsg_build_name(nlh, p), EINVAL);
	}
	CHECK(nlh->nlmsg_len == empty);
	nftnl_offload_policy_free(p);
	nftnl_offload_policy_free(p2);
}

static void as_text(void)
{
	struct nftnl_offload_policy *p = sample_policy();
	char *is = object_text(&object, p);

	CHECK(!strcmp(is, "inet t f: mode 2 never ct mark 0x80/0xc0 software ct mark 0x40/0x40 "
		      "software ct mark 0x7/0xffffffff stack 20 packets "
		      "hardware after 1048576 bytes "
		      "hardware after 18446744073709551615 packets "
		      "hardware after rate 30 packets/second "
		      "budget 4096 per device evict slowest carry priority "
		      "carry dscp from ct mark 0xfc/0x1 required"));
	printf("# %s\n", is);
	free(is);
	nftnl_offload_policy_free(p);
	check_text_sizes(&object);
}

static const struct test_case cases[] = {
	TEST(each_attribute),
	TEST(wrong),
	TEST(marks),
	TEST(odd_marks),
	TEST(carried),
	TEST(messages),
	TEST(name_only),
	TEST(as_text),
};

TEST_MAIN(cases)
