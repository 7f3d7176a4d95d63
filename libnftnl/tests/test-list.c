// SPDX-License-Identifier: GPL-2.0-or-later
/* Lists of flows and their iterators */
#include "sample.h"

static struct nftnl_flow *flow(uint64_t id)
{
	struct nftnl_flow *f = nftnl_flow_alloc();

	if (!f || nftnl_flow_set_u64(f, NFTNL_FLOW_ID, id))
		abort();
	return f;
}

/* The flows of @list have these numbers, up to a 0. */
static void check_ids(const struct nftnl_flow_list *list, const uint64_t *id)
{
	struct nftnl_flow_list_iter *iter = nftnl_flow_list_iter_create(list);
	struct nftnl_flow *f;

	CHECK(nftnl_flow_list_is_empty(list) == !*id);
	while ((f = nftnl_flow_list_iter_next(iter))) {
		CHECK(*id && nftnl_flow_get_u64(f, NFTNL_FLOW_ID) == *id);
		if (*id)
			id++;
	}
	CHECK(!*id);
	CHECK(!nftnl_flow_list_iter_next(iter));
	nftnl_flow_list_iter_destroy(iter);
}

#define IDS(...)	(const uint64_t[]){ __VA_ARGS__, 0 }

static void add_and_del(void)
{
	struct nftnl_flow_list *list = nftnl_flow_list_alloc();
	struct nftnl_flow *f1 = flow(1), *f2 = flow(2), *f3 = flow(3);

	check_ids(list, IDS(0));
	nftnl_flow_list_add(f1, list);
	check_ids(list, IDS(1));
	nftnl_flow_list_add(f2, list);
	check_ids(list, IDS(2, 1));
	nftnl_flow_list_add_tail(f3, list);
	check_ids(list, IDS(2, 1, 3));
	nftnl_flow_list_del(f1);
	check_ids(list, IDS(2, 3));
	nftnl_flow_list_del(f1);
	check_ids(list, IDS(2, 3));
	/* one that is in it goes elsewhere */
	nftnl_flow_list_add_tail(f2, list);
	check_ids(list, IDS(3, 2));
	nftnl_flow_free(f3);
	check_ids(list, IDS(2));
	nftnl_flow_free(f1);
	nftnl_flow_list_free(list);
	nftnl_flow_list_free(NULL);
	nftnl_flow_list_iter_destroy(NULL);
}

static void two_lists(void)
{
	struct nftnl_flow_list *a = nftnl_flow_list_alloc();
	struct nftnl_flow_list *b = nftnl_flow_list_alloc();
	struct nftnl_flow *f = flow(1);

	nftnl_flow_list_add(f, a);
	nftnl_flow_list_add(f, b);
	check_ids(a, IDS(0));
	check_ids(b, IDS(1));
	nftnl_flow_list_free(a);
	nftnl_flow_list_free(b);
}

/* Parse, reset and clone leave the lists as they are. */
static void stays(void)
{
	struct nftnl_flow_list *list = nftnl_flow_list_alloc();
	struct nftnl_flow *f = flow(1), *clone;
	struct nftnl_offload_explain *e = nftnl_offload_explain_alloc();
	static struct msg msg;
	struct nlmsghdr *nlh = msg_begin(&msg);

	nftnl_flow_list_add(f, list);
	clone = nftnl_flow_clone(f);
	check_ids(list, IDS(1));
	nftnl_flow_list_add_tail(clone, list);
	check_ids(list, IDS(1, 1));
	nftnl_offload_explain_set_flow(e, f);
	check_ids(list, IDS(1, 1));
	nftnl_offload_explain_free(e);
	nftnl_flow_reset(f);
	CHECK(!nftnl_flow_set_u64(f, NFTNL_FLOW_ID, 7));
	check_ids(list, IDS(7, 1));
	mnl_attr_put_u64(nlh, NFT_OFFLOAD_FLOW_ID, 9);
	CHECK(!nftnl_flow_nlmsg_parse(nlh, f));
	check_ids(list, IDS(9, 1));
	nftnl_flow_list_free(list);
}

static int count_to(struct nftnl_flow *f, void *data)
{
	uint64_t *last = data;

	CHECK(nftnl_flow_get_u64(f, NFTNL_FLOW_ID) == ++*last);
	return *last == 3 ? -7 : 1;
}

static int free_odd(struct nftnl_flow *f, void *data)
{
	(void)data;
	if (nftnl_flow_get_u64(f, NFTNL_FLOW_ID) % 2)
		nftnl_flow_free(f);
	return 0;
}

static void foreach(void)
{
	struct nftnl_flow_list *list = nftnl_flow_list_alloc();
	uint64_t last = 0;
	int i;

	CHECK(!nftnl_flow_list_foreach(list, count_to, &last));
	for (i = 1; i <= 5; i++)
		nftnl_flow_list_add_tail(flow(i), list);
	CHECK(nftnl_flow_list_foreach(list, count_to, &last) == -7);
	CHECK(last == 3);
	CHECK(!nftnl_flow_list_foreach(list, free_odd, NULL));
	check_ids(list, IDS(2, 4));
	nftnl_flow_list_free(list);
}

static void free_while_iterating(void)
{
	struct nftnl_flow_list *list = nftnl_flow_list_alloc();
	struct nftnl_flow_list_iter *iter;
	struct nftnl_flow *f;
	int i;

	for (i = 1; i <= 5; i++)
		nftnl_flow_list_add_tail(flow(i), list);
	iter = nftnl_flow_list_iter_create(list);
	while ((f = nftnl_flow_list_iter_next(iter)))
		free_odd(f, NULL);
	nftnl_flow_list_iter_destroy(iter);
	check_ids(list, IDS(2, 4));
	nftnl_flow_list_free(list);
}

static const struct test_case cases[] = {
	TEST(add_and_del),
	TEST(two_lists),
	TEST(stays),
	TEST(foreach),
	TEST(free_while_iterating),
};

TEST_MAIN(cases)
