// SPDX-License-Identifier: GPL-2.0-or-later
/* Attributes of flows: set, get, and through a message */
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

/* Flow @f has attribute @attr as @value, and nothing else. */
static void check_only(const struct nftnl_flow *f, uint16_t attr, const void *value,
		       uint32_t len)
{
	const void *data;
	uint32_t data_len;
	unsigned int i;

	for (i = 0; i <= UINT16_MAX; i++)
		CHECK(nftnl_flow_is_set(f, i) == (i == attr));
	data = nftnl_flow_get_data(f, attr, &data_len);
	CHECK(data && data_len == len && !memcmp(data, value, len));
}

static void each_attribute(void)
{
	struct nftnl_flow *f = nftnl_flow_alloc(), *f2 = sample_flow();
	static struct msg msg;
	struct nlmsghdr *nlh;
	char value[256];
	unsigned int i, seed;
	uint32_t len;

	for (i = 0; i < ARRAY_SIZE(flow_attrs); i++) {
		uint16_t attr = flow_attrs[i].attr;

		for (seed = 0; seed < 2; seed++) {
			len = sample_value(&flow_attrs[i], seed, value);
			CHECK(!nftnl_flow_set_data(f, attr, value, len));
			check_only(f, attr, value, len);
			nlh = msg_begin(&msg);
			nftnl_flow_nlmsg_build_payload(nlh, f);
			CHECK(!nftnl_flow_nlmsg_parse(nlh, f2));
			check_only(f2, attr, value, len);
		}
		nftnl_flow_unset(f, attr);
		CHECK(!nftnl_flow_is_set(f, attr));
		CHECK(!nftnl_flow_get_data(f, attr, &len) && !len);
		CHECK(!nftnl_flow_get_data(f, attr, NULL));
	}
	nftnl_flow_free(f);
	nftnl_flow_free(f2);
}

static void round_trip(void)
{
	check_round_trip(&object);
}

/* Only the getter of the right type has it. */
static void types(void)
{
	struct nftnl_flow *f = sample_flow();
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(flow_attrs); i++) {
		uint16_t attr = flow_attrs[i].attr;
		enum type type = flow_attrs[i].type;
		char value[256], *str;
		uint32_t len = sample_value(&flow_attrs[i], i, value), now;
		uint64_t u64 = 0;

		if (type <= U64)
			memcpy(&u64, value, len);	/* little endian */
		str = type == STR ? value : NULL;
		if (htons(1) != 1) {
			CHECK(nftnl_flow_get_u8(f, attr) == (type == U8 ? u64 : 0));
			CHECK(nftnl_flow_get_u16(f, attr) == (type == U16 ? u64 : 0));
			CHECK(nftnl_flow_get_u32(f, attr) == (type == U32 ? u64 : 0));
			CHECK(nftnl_flow_get_u64(f, attr) == (type == U64 ? u64 : 0));
		}
		CHECK(!nftnl_flow_get_str(f, attr) == !str);
		if (str)
			CHECK(!strcmp(nftnl_flow_get_str(f, attr), str));

		if (type != U8)
			CHECK_ERR(nftnl_flow_set_u8(f, attr, 1), EINVAL);
		if (type != U16)
			CHECK_ERR(nftnl_flow_set_u16(f, attr, 1), EINVAL);
		if (type != U32)
			CHECK_ERR(nftnl_flow_set_u32(f, attr, 1), EINVAL);
		if (type != U64)
			CHECK_ERR(nftnl_flow_set_u64(f, attr, 1), EINVAL);
		if (type != STR)
			CHECK_ERR(nftnl_flow_set_str(f, attr, "1"), EINVAL);
		CHECK_ERR(nftnl_flow_set_str(f, attr, NULL), EINVAL);
		CHECK_ERR(nftnl_flow_set_data(f, attr, NULL, 4), EINVAL);
		CHECK(!memcmp(nftnl_flow_get_data(f, attr, &now), value, len));
		CHECK(now == len);
	}
	nftnl_flow_free(f);
}

static void setters(void)
{
	struct nftnl_flow *f = nftnl_flow_alloc();

	CHECK(!nftnl_flow_set_u8(f, NFTNL_FLOW_STATE, 0xfe));
	CHECK(nftnl_flow_get_u8(f, NFTNL_FLOW_STATE) == 0xfe);
	CHECK(!nftnl_flow_set_u16(f, NFTNL_FLOW_REPL_DPORT, 0xfedc));
	CHECK(nftnl_flow_get_u16(f, NFTNL_FLOW_REPL_DPORT) == 0xfedc);
	CHECK(!nftnl_flow_set_u32(f, NFTNL_FLOW_CT_ID, 0xfedcba98));
	CHECK(nftnl_flow_get_u32(f, NFTNL_FLOW_CT_ID) == 0xfedcba98);
	CHECK(!nftnl_flow_set_u64(f, NFTNL_FLOW_AGE, 0xfedcba9876543210));
	CHECK(nftnl_flow_get_u64(f, NFTNL_FLOW_AGE) == 0xfedcba9876543210);
	CHECK(!nftnl_flow_set_str(f, NFTNL_FLOW_TABLE, "filter"));
	CHECK(!strcmp(nftnl_flow_get_str(f, NFTNL_FLOW_TABLE), "filter"));
	/* part of itself */
	CHECK(!nftnl_flow_set_str(f, NFTNL_FLOW_TABLE,
				  nftnl_flow_get_str(f, NFTNL_FLOW_TABLE) + 3));
	CHECK(!strcmp(nftnl_flow_get_str(f, NFTNL_FLOW_TABLE), "ter"));
	nftnl_flow_free(f);
}

static void no_such_attribute(void)
{
	static const uint16_t attr[] = {
		__NFTNL_FLOW_MAX, 18, 31, 52, 63, 85, 96, 1000, UINT16_MAX,
	};
	struct nftnl_flow *f = nftnl_flow_alloc();
	unsigned int i;
	uint32_t len;

	for (i = 0; i < ARRAY_SIZE(attr); i++) {
		CHECK(!nftnl_flow_is_set(f, attr[i]));
		nftnl_flow_unset(f, attr[i]);
		CHECK_ERR(nftnl_flow_set_u8(f, attr[i], 1), EINVAL);
		CHECK_ERR(nftnl_flow_set_u16(f, attr[i], 1), EINVAL);
		CHECK_ERR(nftnl_flow_set_u32(f, attr[i], 1), EINVAL);
		CHECK_ERR(nftnl_flow_set_u64(f, attr[i], 1), EINVAL);
		CHECK_ERR(nftnl_flow_set_str(f, attr[i], "1"), EINVAL);
		CHECK_ERR(nftnl_flow_set_data(f, attr[i], "1", 1), EINVAL);
		CHECK(!nftnl_flow_get_u8(f, attr[i]));
		CHECK(!nftnl_flow_get_u16(f, attr[i]));
		CHECK(!nftnl_flow_get_u32(f, attr[i]));
		CHECK(!nftnl_flow_get_u64(f, attr[i]));
		CHECK(!nftnl_flow_get_str(f, attr[i]));
		len = 1;
		CHECK(!nftnl_flow_get_data(f, attr[i], &len) && !len);
	}
	nftnl_flow_free(f);
}

static void data_lengths(void)
{
	struct nftnl_flow_encap encap[NFTNL_FLOW_ENCAP_MAX + 1] = {};
	struct nftnl_flow *f = sample_flow();
	char value[256] = {}, before[256];
	unsigned int i, len;

	for (i = 0; i < ARRAY_SIZE(flow_attrs); i++) {
		const struct attr *a = &flow_attrs[i];
		uint32_t good = sample_value(a, i, before), now;

		if (a->type == STR || a->type == ENCAP)
			continue;
		for (len = 0; len < 40; len++) {
			if (len == good || (a->type == ADDR && (len == 4 || len == 16)))
				continue;
			CHECK_ERR(nftnl_flow_set_data(f, a->attr, value, len), EINVAL);
		}
		CHECK(!memcmp(nftnl_flow_get_data(f, a->attr, &now), before, good));
		CHECK(now == good);
	}
	CHECK_ERR(nftnl_flow_set_data(f, NFTNL_FLOW_ORIG_ENCAP, encap, 0), EINVAL);
	CHECK_ERR(nftnl_flow_set_data(f, NFTNL_FLOW_ORIG_ENCAP, encap, 5), EINVAL);
	CHECK_ERR(nftnl_flow_set_data(f, NFTNL_FLOW_ORIG_ENCAP, encap, sizeof(encap)),
		  EINVAL);
	CHECK(!nftnl_flow_set_data(f, NFTNL_FLOW_ORIG_ENCAP, encap,
				   sizeof(encap) - sizeof(encap[0])));
	nftnl_flow_free(f);
}

static void string_lengths(void)
{
	struct nftnl_flow *f = nftnl_flow_alloc();
	char str[300];
	unsigned int i;

	memset(str, 'a', sizeof(str));
	for (i = 0; i < ARRAY_SIZE(flow_attrs); i++) {
		uint16_t attr = flow_attrs[i].attr, max = flow_attrs[i].max;

		if (!max)
			continue;
		str[max] = '\0';
		CHECK(!nftnl_flow_set_str(f, attr, str));
		CHECK(strlen(nftnl_flow_get_str(f, attr)) == max);
		str[max] = 'a';
		str[max + 1] = '\0';
		CHECK_ERR(nftnl_flow_set_str(f, attr, str), ERANGE);
		CHECK_ERR(nftnl_flow_set_data(f, attr, str, max + 1), ERANGE);
		CHECK(strlen(nftnl_flow_get_str(f, attr)) == max);
		str[max + 1] = 'a';
		CHECK(!nftnl_flow_set_data(f, attr, "abc", 2));
		CHECK(!strcmp(nftnl_flow_get_str(f, attr), "ab"));
		CHECK(!nftnl_flow_set_str(f, attr, ""));
		CHECK(!strcmp(nftnl_flow_get_str(f, attr), ""));
	}
	nftnl_flow_free(f);
}

static void reset_and_clone(void)
{
	struct nftnl_flow *f = sample_flow(), *clone = nftnl_flow_clone(f);
	char *a = object_text(&object, f), *b = object_text(&object, clone);
	unsigned int i;

	CHECK(!strcmp(a, b));
	nftnl_flow_reset(f);
	for (i = 0; i < ARRAY_SIZE(flow_attrs); i++) {
		CHECK(!nftnl_flow_is_set(f, flow_attrs[i].attr));
		CHECK(nftnl_flow_is_set(clone, flow_attrs[i].attr));
	}
	free(a);
	free(b);
	nftnl_flow_free(f);
	nftnl_flow_free(clone);
	nftnl_flow_free(NULL);
}

/* Of either direction; what is not asked for need not be there. */
static void total(void)
{
	static const uint16_t dirs[] = { 0, NFTNL_FLOW_DIR_STEP };
	static const uint16_t wrong[] = { 1, NFTNL_FLOW_DIR_STEP - 1,
					  NFTNL_FLOW_DIR_STEP * 2, UINT16_MAX };
	struct nftnl_flow *f = nftnl_flow_alloc();
	uint64_t packets = 77, bytes = 78;
	unsigned int i;

	for (i = 0; i < 2; i++) {
		uint16_t dir = dirs[i];

		CHECK(!nftnl_flow_get_total(f, dir, NULL, NULL));
		CHECK_ERR(nftnl_flow_get_total(f, dir, &packets, &bytes), ENODATA);
		nftnl_flow_set_u64(f, NFTNL_FLOW_ORIG_SW_PACKETS + dir, 1 + dir);
		CHECK_ERR(nftnl_flow_get_total(f, dir, &packets, NULL), ENODATA);
		nftnl_flow_set_u64(f, NFTNL_FLOW_ORIG_HW_PACKETS + dir, UINT32_MAX);
		CHECK_ERR(nftnl_flow_get_total(f, dir, &packets, &bytes), ENODATA);
		nftnl_flow_set_u64(f, NFTNL_FLOW_ORIG_HW_BYTES + dir, UINT64_C(10000000000));
		CHECK_ERR(nftnl_flow_get_total(f, dir, &packets, &bytes), ENODATA);
		CHECK_ERR(nftnl_flow_get_total(f, dir, NULL, &bytes), ENODATA);
		CHECK(packets == 77 && bytes == 78);
		CHECK(!nftnl_flow_get_total(f, dir, &packets, NULL));
		CHECK(packets == UINT64_C(0x100000000) + dir && bytes == 78);
		nftnl_flow_set_u64(f, NFTNL_FLOW_ORIG_SW_BYTES + dir, 100 + dir);
		packets = 77;
		CHECK(!nftnl_flow_get_total(f, dir, NULL, &bytes));
		CHECK(packets == 77 && bytes == UINT64_C(10000000100) + dir);
		bytes = 0;
		CHECK(!nftnl_flow_get_total(f, dir, &packets, &bytes));
		CHECK(packets == UINT64_C(0x100000000) + dir && bytes == UINT64_C(10000000100) + dir);
		packets = 77;
		bytes = 78;
	}
	for (i = 0; i < ARRAY_SIZE(wrong); i++)
		CHECK_ERR(nftnl_flow_get_total(f, wrong[i], &packets, &bytes), EINVAL);
	CHECK(packets == 77 && bytes == 78);
	nftnl_flow_free(f);
}

static const struct test_case cases[] = {
	TEST(each_attribute),
	TEST(round_trip),
	TEST(types),
	TEST(setters),
	TEST(no_such_attribute),
	TEST(data_lengths),
	TEST(string_lengths),
	TEST(reset_and_clone),
	TEST(total),
};

TEST_MAIN(cases)
