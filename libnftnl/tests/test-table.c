// SPDX-License-Identifier: GPL-2.0-or-later
/* Flowtables */
#include "sample.h"

static void *sample(void)
{
	return sample_table();
}

static void end(const void *obj)
{
	nftnl_offload_table_free(obj);
}

static int parse(const struct nlmsghdr *nlh, void *obj)
{
	return nftnl_offload_table_nlmsg_parse(nlh, obj);
}

static void build(struct nlmsghdr *nlh, const void *obj)
{
	nftnl_offload_table_nlmsg_build_payload(nlh, obj);
}

static int text(char *buf, size_t size, const void *obj, uint32_t type, uint32_t flags)
{
	return nftnl_offload_table_snprintf(buf, size, obj, type, flags);
}

static const struct object object = { sample, end, parse, build, text };

static const enum type types[] = {
	[NFTNL_OFFLOAD_TABLE_FAMILY]		= U8,
	[NFTNL_OFFLOAD_TABLE_TABLE]		= STR,
	[NFTNL_OFFLOAD_TABLE_NAME]		= STR,
	[NFTNL_OFFLOAD_TABLE_FLAGS]		= U32,
	[NFTNL_OFFLOAD_TABLE_ALLOWED]		= U8,
	[NFTNL_OFFLOAD_TABLE_FLOWS]		= U32,
	[NFTNL_OFFLOAD_TABLE_HW_FLOWS]		= U32,
	[NFTNL_OFFLOAD_TABLE_QUEUE_ADD]		= U32,
	[NFTNL_OFFLOAD_TABLE_QUEUE_DEL]		= U32,
	[NFTNL_OFFLOAD_TABLE_QUEUE_STATS]	= U32,
	[NFTNL_OFFLOAD_TABLE_HW_ADDS]		= U64,
	[NFTNL_OFFLOAD_TABLE_HW_DELS]		= U64,
	[NFTNL_OFFLOAD_TABLE_DEVICES_MORE]	= U32,
	[NFTNL_OFFLOAD_TABLE_STRICT]		= U8,
};

static void set(struct nftnl_offload_table *t, uint16_t attr)
{
	/* a wrong type is an error and changes nothing */
	int want = types[attr] == U8 ? 0 : -1;

	CHECK(nftnl_offload_table_set_u8(t, attr, 0xf1) == want);
	want = types[attr] == U32 ? 0 : -1;
	CHECK(nftnl_offload_table_set_u32(t, attr, 0xf1f2f3f4) == want);
	want = types[attr] == U64 ? 0 : -1;
	CHECK(nftnl_offload_table_set_u64(t, attr, 0xf1f2f3f4f5f6f7f8) == want);
	want = types[attr] == STR ? 0 : -1;
	CHECK(nftnl_offload_table_set_str(t, attr, "name") == want);
}

static void check_only(const struct nftnl_offload_table *t, uint16_t attr)
{
	const char *str = nftnl_offload_table_get_str(t, attr);
	unsigned int i;

	for (i = 0; i <= UINT16_MAX; i++)
		CHECK(nftnl_offload_table_is_set(t, i) == (i == attr));
	CHECK(nftnl_offload_table_get_u8(t, attr) == (types[attr] == U8 ? 0xf1 : 0));
	CHECK(nftnl_offload_table_get_u32(t, attr) ==
	      (types[attr] == U32 ? 0xf1f2f3f4 : 0));
	CHECK(nftnl_offload_table_get_u64(t, attr) ==
	      (types[attr] == U64 ? 0xf1f2f3f4f5f6f7f8 : 0));
	CHECK(types[attr] == STR ? str && !strcmp(str, "name") : !str);
	CHECK(!nftnl_offload_table_device(t, 0));
	CHECK(!nftnl_offload_table_reason(t, 0));
	CHECK(!nftnl_offload_table_errno(t, 0));
}

static void each_attribute(void)
{
	struct nftnl_offload_table *t = nftnl_offload_table_alloc();
	struct nftnl_offload_table *t2 = sample_table();
	static struct msg msg;
	struct nlmsghdr *nlh;
	unsigned int i;

	for (i = 0; i <= NFTNL_OFFLOAD_TABLE_MAX; i++) {
		set(t, i);
		check_only(t, i);
		nlh = msg_begin(&msg);
		build(nlh, t);
		CHECK(!parse(nlh, t2));
		check_only(t2, i);
		nftnl_offload_table_unset(t, i);
		CHECK(!nftnl_offload_table_is_set(t, i));
	}
	nftnl_offload_table_free(t);
	nftnl_offload_table_free(t2);
	nftnl_offload_table_free(NULL);
}

static void wrong(void)
{
	struct nftnl_offload_table *t = nftnl_offload_table_alloc();
	char str[257];

	CHECK_ERR(nftnl_offload_table_set_u8(t, __NFTNL_OFFLOAD_TABLE_MAX, 1), EINVAL);
	CHECK_ERR(nftnl_offload_table_set_u32(t, 32, 1), EINVAL);
	CHECK_ERR(nftnl_offload_table_set_u64(t, UINT16_MAX, 1), EINVAL);
	CHECK_ERR(nftnl_offload_table_set_str(t, UINT16_MAX, "1"), EINVAL);
	CHECK_ERR(nftnl_offload_table_set_str(t, NFTNL_OFFLOAD_TABLE_NAME, NULL), EINVAL);
	memset(str, 'a', 256);
	str[256] = '\0';
	CHECK_ERR(nftnl_offload_table_set_str(t, NFTNL_OFFLOAD_TABLE_NAME, str), ERANGE);
	str[255] = '\0';
	CHECK(!nftnl_offload_table_set_str(t, NFTNL_OFFLOAD_TABLE_NAME, str));
	nftnl_offload_table_free(t);
}

static void check_lists(const struct nftnl_offload_table *t)
{
	const struct nftnl_offload_device *dev;
	const struct nftnl_offload_reason *r;

	dev = nftnl_offload_table_device(t, 0);
	CHECK(dev && dev->ifindex == 3 && !dev->err && !strcmp(dev->name, "eth0"));
	dev = nftnl_offload_table_device(t, 1);
	CHECK(dev && dev->ifindex == 4 && dev->err == EOPNOTSUPP &&
	      !strcmp(dev->name, "fifteen-letters"));
	CHECK(!nftnl_offload_table_device(t, 2));
	CHECK(!nftnl_offload_table_device(t, UINT32_MAX));
	r = nftnl_offload_table_reason(t, 0);
	CHECK(r && !strcmp(r->name, "no-driver") && !r->err && r->count == 1);
	r = nftnl_offload_table_reason(t, 1);
	CHECK(r && !strcmp(r->name, "table-full") && !r->err && r->count == UINT64_MAX);
	CHECK(!nftnl_offload_table_reason(t, 2));
	r = nftnl_offload_table_errno(t, 0);
	CHECK(r && !r->name && !r->err && r->count == 2);
	r = nftnl_offload_table_errno(t, 1);
	CHECK(r && !r->name && r->err == ENOSPC && r->count == 3);
	CHECK(!nftnl_offload_table_errno(t, 2));
}

static void lists(void)
{
	struct nftnl_offload_table *t = sample_table();
	struct nftnl_offload_table *t2 = nftnl_offload_table_alloc();
	struct nftnl_offload_device dev = { .ifindex = 1 };
	struct nftnl_offload_reason reason = { .count = 1 };
	static struct msg msg;
	struct nlmsghdr *nlh = msg_begin(&msg);
	char name[65];

	check_lists(t);
	build(nlh, t);
	CHECK(!parse(nlh, t2));
	check_lists(t2);
	/* a flowtable's devices have neither side nor reason */
	CHECK(nftnl_offload_table_device(t2, 0)->side == NFTNL_OFFLOAD_SIDE_NONE);
	CHECK(!nftnl_offload_table_device(t2, 0)->reason);
	CHECK(!parse(nlh, t2));		/* and not twice */
	check_lists(t2);

	memset(dev.name, 'a', sizeof(dev.name));
	CHECK_ERR(nftnl_offload_table_add_device(t, &dev), ERANGE);
	memset(name, 'a', 64);
	name[64] = '\0';
	reason.name = name;
	CHECK_ERR(nftnl_offload_table_add_reason(t, &reason), ERANGE);
	check_lists(t);
	name[63] = '\0';
	CHECK(!nftnl_offload_table_add_reason(t, &reason));
	name[0] = 'b';
	CHECK(nftnl_offload_table_reason(t, 2)->name[0] == 'a');
	CHECK(strlen(nftnl_offload_table_reason(t, 2)->name) == 63);
	nftnl_offload_table_free(t);
	nftnl_offload_table_free(t2);
}

/* More than a nest has room for; pointers stay as more are added. */
static void many_devices(void)
{
	struct nftnl_offload_table *t = nftnl_offload_table_alloc();
	struct nftnl_offload_device dev = { .name = "fifteen-letters" };
	const struct nftnl_offload_device *first = NULL, *d;
	struct nftnl_offload_table *t2 = nftnl_offload_table_alloc();
	char *buf = calloc(1, 1 << 20);
	struct nlmsghdr *nlh = nftnl_offload_nlmsg_build_hdr(buf, 0, 0, 0, 0);
	unsigned int i;

	for (i = 0; i < 5000; i++) {
		dev.ifindex = i;
		dev.err = i;
		CHECK(!nftnl_offload_table_add_device(t, &dev));
		if (!i)
			first = nftnl_offload_table_device(t, 0);
	}
	CHECK(first == nftnl_offload_table_device(t, 0));
	build(nlh, t);
	CHECK(!parse(nlh, t2));
	for (i = 0; i < 5000; i++) {
		d = nftnl_offload_table_device(t2, i);
		CHECK(d && d->ifindex == i && d->err == i && !strcmp(d->name, dev.name));
	}
	CHECK(!nftnl_offload_table_device(t2, 5000));
	free(buf);
	nftnl_offload_table_free(t);
	nftnl_offload_table_free(t2);
}

/* Items without what tells them apart, and names that are too long */
static void odd_items(void)
{
	struct nftnl_offload_table *t = nftnl_offload_table_alloc();
	static struct msg msg;
	struct nlmsghdr *nlh = msg_begin(&msg);
	struct nlattr *list, *item;
	char name[100] = {};

	memset(name, 'a', 99);
	list = mnl_attr_nest_start(nlh, NFT_OFFLOAD_TABLE_DEVICES);
	item = mnl_attr_nest_start(nlh, NFT_OFFLOAD_TABLE_DEVICE);
	mnl_attr_put_strz(nlh, NFT_OFFLOAD_DEVICE_NAME, "no-index");
	mnl_attr_nest_end(nlh, item);
	item = mnl_attr_nest_start(nlh, NFT_OFFLOAD_TABLE_DEVICE);
	mnl_attr_put_u32(nlh, NFT_OFFLOAD_DEVICE_IFINDEX, 5);
	mnl_attr_put_strz(nlh, NFT_OFFLOAD_DEVICE_NAME, name);
	mnl_attr_nest_end(nlh, item);
	mnl_attr_nest_end(nlh, list);
	list = mnl_attr_nest_start(nlh, NFT_OFFLOAD_TABLE_REASONS);
	item = mnl_attr_nest_start(nlh, NFT_OFFLOAD_TABLE_REASON);
	mnl_attr_put_u64(nlh, NFT_OFFLOAD_REASON_COUNT, 5);
	mnl_attr_nest_end(nlh, item);
	item = mnl_attr_nest_start(nlh, NFT_OFFLOAD_TABLE_REASON);
	mnl_attr_put_strz(nlh, NFT_OFFLOAD_REASON_NAME, name);
	mnl_attr_nest_end(nlh, item);
	mnl_attr_nest_end(nlh, list);

	CHECK(!parse(nlh, t));
	CHECK(nftnl_offload_table_device(t, 0)->ifindex == 5);
	CHECK(strlen(nftnl_offload_table_device(t, 0)->name) == 15);
	CHECK(!nftnl_offload_table_device(t, 1));
	CHECK(strlen(nftnl_offload_table_reason(t, 0)->name) == 63);
	CHECK(!nftnl_offload_table_reason(t, 1));
	nftnl_offload_table_free(t);
}

static void messages(void)
{
#define IN_DEVICE	{ NFT_OFFLOAD_TABLE_DEVICES, NFT_OFFLOAD_TABLE_DEVICE }
#define IN_REASON	{ NFT_OFFLOAD_TABLE_REASONS, NFT_OFFLOAD_TABLE_REASON }
#define IN_ERRNO	{ NFT_OFFLOAD_TABLE_ERRNOS, NFT_OFFLOAD_TABLE_ERRNO }
	static const struct wire wire[] = {
		{ {}, NFT_OFFLOAD_TABLE_FAMILY, 1, 0 },
		{ {}, NFT_OFFLOAD_TABLE_TABLE, 0, 0 },
		{ {}, NFT_OFFLOAD_TABLE_NAME, 0, 0 },
		{ {}, NFT_OFFLOAD_TABLE_FLAGS, 4, 0 },
		{ {}, NFT_OFFLOAD_TABLE_ALLOWED, 1, 0 },
		{ {}, NFT_OFFLOAD_TABLE_FLOWS, 4, 0 },
		{ {}, NFT_OFFLOAD_TABLE_HW_FLOWS, 4, 0 },
		{ {}, NFT_OFFLOAD_TABLE_QUEUE_ADD, 4, 0 },
		{ {}, NFT_OFFLOAD_TABLE_QUEUE_DEL, 4, 0 },
		{ {}, NFT_OFFLOAD_TABLE_QUEUE_STATS, 4, 0 },
		{ {}, NFT_OFFLOAD_TABLE_HW_ADDS, 8, 0 },
		{ {}, NFT_OFFLOAD_TABLE_HW_DELS, 8, 0 },
		{ {}, NFT_OFFLOAD_TABLE_DEVICES_MORE, 4, 0 },
		{ {}, NFT_OFFLOAD_TABLE_STRICT, 1, 0 },
		{ IN_DEVICE, NFT_OFFLOAD_DEVICE_IFINDEX, 4, 0 },
		{ IN_DEVICE, NFT_OFFLOAD_DEVICE_NAME, 0, 0 },
		{ IN_DEVICE, NFT_OFFLOAD_DEVICE_ERRNO, 4, 0 },
		{ IN_REASON, NFT_OFFLOAD_REASON_NAME, 0, 0 },
		{ IN_REASON, NFT_OFFLOAD_REASON_ERRNO, 4, 0 },
		{ IN_REASON, NFT_OFFLOAD_REASON_COUNT, 8, 0 },
		{ IN_ERRNO, NFT_OFFLOAD_REASON_ERRNO, 4, 0 },
		{ IN_ERRNO, NFT_OFFLOAD_REASON_COUNT, 8, 0 },
	};

	check_round_trip(&object);
	check_truncated(&object);
	check_nests(&object, 9);
	check_bytes(&object);
	check_lengths(&object, wire, ARRAY_SIZE(wire));
	check_unknown(&object, 0, 0);
	check_unknown(&object, NFT_OFFLOAD_TABLE_DEVICES, 0);
	check_unknown(&object, NFT_OFFLOAD_TABLE_DEVICES, NFT_OFFLOAD_TABLE_DEVICE);
	check_unknown(&object, NFT_OFFLOAD_TABLE_REASONS, NFT_OFFLOAD_TABLE_REASON);
	check_unknown(&object, NFT_OFFLOAD_TABLE_ERRNOS, NFT_OFFLOAD_TABLE_ERRNO);
}

/* Family, names and strict, and nothing else; what is wrong writes nothing */
static void setting(void)
{
	struct nftnl_offload_table *t = sample_table(), *t2 = nftnl_offload_table_alloc();
	static const uint16_t needed[] = {
		NFTNL_OFFLOAD_TABLE_FAMILY, NFTNL_OFFLOAD_TABLE_TABLE, NFTNL_OFFLOAD_TABLE_NAME,
	};
	static struct msg msg;
	struct nlmsghdr *nlh = msg_begin(&msg);
	uint32_t empty = nlh->nlmsg_len;
	char name[256] = {};
	unsigned int i;
	bool set;

	CHECK(!nftnl_offload_table_nlmsg_build_setting(nlh, t));
	CHECK(nlh->nlmsg_len == empty + 4 * 8);
	CHECK(!parse(nlh, t2));
	for (i = 0; i <= NFTNL_OFFLOAD_TABLE_MAX; i++) {
		set = i == NFTNL_OFFLOAD_TABLE_FAMILY || i == NFTNL_OFFLOAD_TABLE_TABLE ||
		      i == NFTNL_OFFLOAD_TABLE_NAME || i == NFTNL_OFFLOAD_TABLE_STRICT;
		CHECK(nftnl_offload_table_is_set(t2, i) == set);
	}
	CHECK(nftnl_offload_table_get_u8(t2, NFTNL_OFFLOAD_TABLE_STRICT) == 1);
	CHECK(!nftnl_offload_table_device(t2, 0));

	/* the sysctl is to hold again */
	nftnl_offload_table_unset(t2, NFTNL_OFFLOAD_TABLE_STRICT);
	nlh = msg_begin(&msg);
	CHECK(!nftnl_offload_table_nlmsg_build_setting(nlh, t2));
	CHECK(nlh->nlmsg_len == empty + 3 * 8);

	/* the longest names have room */
	memset(name, 'a', 255);
	CHECK(!nftnl_offload_table_set_str(t2, NFTNL_OFFLOAD_TABLE_TABLE, name));
	CHECK(!nftnl_offload_table_set_str(t2, NFTNL_OFFLOAD_TABLE_NAME, name));
	CHECK(!nftnl_offload_table_set_u8(t2, NFTNL_OFFLOAD_TABLE_STRICT, 0));
	nlh = msg_begin(&msg);
	CHECK(!nftnl_offload_table_nlmsg_build_setting(nlh, t2));
	CHECK(nlh->nlmsg_len - empty <= 540);

	nlh = msg_begin(&msg);
	CHECK(!nftnl_offload_table_set_u8(t2, NFTNL_OFFLOAD_TABLE_STRICT, 2));
	CHECK_ERR(nftnl_offload_table_nlmsg_build_setting(nlh, t2), EINVAL);
	CHECK(!nftnl_offload_table_set_u8(t2, NFTNL_OFFLOAD_TABLE_STRICT, 1));
	CHECK(!nftnl_offload_table_set_str(t2, NFTNL_OFFLOAD_TABLE_NAME, ""));
	CHECK_ERR(nftnl_offload_table_nlmsg_build_setting(nlh, t2), EINVAL);
	for (i = 0; i < ARRAY_SIZE(needed); i++) {
		nftnl_offload_table_free(t);
		t = sample_table();
		nftnl_offload_table_unset(t, needed[i]);
		CHECK_ERR(nftnl_offload_table_nlmsg_build_setting(nlh, t), EINVAL);
	}
	CHECK(nlh->nlmsg_len == empty);
	nftnl_offload_table_free(t);
	nftnl_offload_table_free(t2);
}

static void as_text(void)
{
	struct nftnl_offload_table *t = sample_table();
	char *is = object_text(&object, t);

	CHECK(!strcmp(is, "inet t f: offload counter allowed strict devices { eth0 (3), "
		      "fifteen-letters (4) errno 95 } more-devices 7 flows 105 hardware 106 "
		      "queue-add 107 queue-del 108 queue-stats 109 "
		      "added 18446744073709551615 removed 12 reasons { no-driver 1, "
		      "table-full 18446744073709551615 } errnos { other 2, 28 3 }"));
	printf("# %s\n", is);
	free(is);
	nftnl_offload_table_free(t);
	check_text_sizes(&object);
}

static const struct test_case cases[] = {
	TEST(each_attribute),
	TEST(wrong),
	TEST(lists),
	TEST(many_devices),
	TEST(odd_items),
	TEST(messages),
	TEST(setting),
	TEST(as_text),
};

TEST_MAIN(cases)
