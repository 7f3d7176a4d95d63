// SPDX-License-Identifier: GPL-2.0-or-later
/* Lists of flowtables and their iterators: test-list.c has more of what they share */
#include "sample.h"

static struct nftnl_offload_table *table(uint32_t flows)
{
	struct nftnl_offload_table *t = sample_table();

	if (nftnl_offload_table_set_u32(t, NFTNL_OFFLOAD_TABLE_FLOWS, flows))
		abort();
	return t;
}

/* The flowtables of @list have these numbers, up to a 0. */
static void check_list(const struct nftnl_offload_table_list *list, const uint32_t *flows)
{
	struct nftnl_offload_table_list_iter *iter = nftnl_offload_table_list_iter_create(list);
	struct nftnl_offload_table *t;

	CHECK(nftnl_offload_table_list_is_empty(list) == !*flows);
	while ((t = nftnl_offload_table_list_iter_next(iter))) {
		CHECK(*flows && nftnl_offload_table_get_u32(t, NFTNL_OFFLOAD_TABLE_FLOWS) ==
		      *flows);
		if (*flows)
			flows++;
	}
	CHECK(!*flows);
	CHECK(!nftnl_offload_table_list_iter_next(iter));
	nftnl_offload_table_list_iter_destroy(iter);
}

#define LIST(...)	(const uint32_t[]){ __VA_ARGS__, 0 }

static void add_and_del(void)
{
	struct nftnl_offload_table_list *list = nftnl_offload_table_list_alloc();
	struct nftnl_offload_table_list *list2 = nftnl_offload_table_list_alloc();
	struct nftnl_offload_table *t1 = table(1), *t2 = table(2), *t3 = table(3);

	check_list(list, LIST(0));
	nftnl_offload_table_list_add(t1, list);
	nftnl_offload_table_list_add(t2, list);
	nftnl_offload_table_list_add_tail(t3, list);
	check_list(list, LIST(2, 1, 3));
	nftnl_offload_table_list_del(t1);
	nftnl_offload_table_list_del(t1);
	check_list(list, LIST(2, 3));
	/* one that is in it goes elsewhere, there and to another one */
	nftnl_offload_table_list_add_tail(t2, list);
	check_list(list, LIST(3, 2));
	nftnl_offload_table_list_add(t2, list2);
	check_list(list, LIST(3));
	check_list(list2, LIST(2));
	nftnl_offload_table_free(t3);
	check_list(list, LIST(0));
	nftnl_offload_table_free(t1);
	nftnl_offload_table_list_free(list);
	nftnl_offload_table_list_free(list2);
	nftnl_offload_table_list_free(NULL);
	nftnl_offload_table_list_iter_destroy(NULL);
}

/* What is parsed into one, or fails to be, leaves the list as it is. */
static void stays(void)
{
	struct nftnl_offload_table_list *list = nftnl_offload_table_list_alloc();
	struct nftnl_offload_table *t = table(1);
	static struct msg msg;
	struct nlmsghdr *nlh = msg_begin(&msg);

	nftnl_offload_table_list_add(t, list);
	nftnl_offload_table_list_add_tail(table(2), list);
	mnl_attr_put_u32(nlh, NFT_OFFLOAD_TABLE_FLOWS, 9);
	CHECK(!nftnl_offload_table_nlmsg_parse(nlh, t));
	check_list(list, LIST(9, 2));
	nlh->nlmsg_len--;
	CHECK_ERR(nftnl_offload_table_nlmsg_parse(nlh, t), EINVAL);
	CHECK(!nftnl_offload_table_set_u32(t, NFTNL_OFFLOAD_TABLE_FLOWS, 7));
	check_list(list, LIST(7, 2));
	nftnl_offload_table_list_free(list);
}

static int count_to(struct nftnl_offload_table *t, void *data)
{
	uint32_t *last = data;

	CHECK(nftnl_offload_table_get_u32(t, NFTNL_OFFLOAD_TABLE_FLOWS) == ++*last);
	return *last == 3 ? -7 : 1;
}

static int free_odd(struct nftnl_offload_table *t, void *data)
{
	(void)data;
	if (nftnl_offload_table_get_u32(t, NFTNL_OFFLOAD_TABLE_FLOWS) % 2)
		nftnl_offload_table_free(t);
	return 0;
}

static void loops(void)
{
	struct nftnl_offload_table_list *list = nftnl_offload_table_list_alloc();
	struct nftnl_offload_table_list_iter *iter;
	struct nftnl_offload_table *t;
	uint32_t last = 0;
	int i;

	CHECK(!nftnl_offload_table_list_foreach(list, count_to, &last));
	for (i = 1; i <= 5; i++)
		nftnl_offload_table_list_add_tail(table(i), list);
	CHECK(nftnl_offload_table_list_foreach(list, count_to, &last) == -7);
	CHECK(last == 3);
	CHECK(!nftnl_offload_table_list_foreach(list, free_odd, NULL));
	check_list(list, LIST(2, 4));
	nftnl_offload_table_list_add(table(1), list);
	nftnl_offload_table_list_add_tail(table(5), list);
	iter = nftnl_offload_table_list_iter_create(list);
	while ((t = nftnl_offload_table_list_iter_next(iter)))
		free_odd(t, NULL);
	nftnl_offload_table_list_iter_destroy(iter);
	check_list(list, LIST(2, 4));
	nftnl_offload_table_list_free(list);
}

static const struct test_case cases[] = {
	TEST(add_and_del),
	TEST(stays),
	TEST(loops),
};

TEST_MAIN(cases)
