// SPDX-License-Identifier: GPL-2.0-or-later
/* Lists of policies and their iterators: test-list.c has more of what they share */
#include "sample.h"

static struct nftnl_offload_policy *policy(uint32_t stack)
{
	struct nftnl_offload_policy *p = sample_policy();

	if (nftnl_offload_policy_set_u32(p, NFTNL_OFFLOAD_POLICY_STACK, stack))
		abort();
	return p;
}

/* The policies of @list have these numbers, up to a 0. */
static void check_list(const struct nftnl_offload_policy_list *list, const uint32_t *stacks)
{
	struct nftnl_offload_policy_list_iter *iter = nftnl_offload_policy_list_iter_create(list);
	struct nftnl_offload_policy *p;

	CHECK(nftnl_offload_policy_list_is_empty(list) == !*stacks);
	while ((p = nftnl_offload_policy_list_iter_next(iter))) {
		CHECK(*stacks && nftnl_offload_policy_get_u32(p, NFTNL_OFFLOAD_POLICY_STACK) ==
		      *stacks);
		if (*stacks)
			stacks++;
	}
	CHECK(!*stacks);
	CHECK(!nftnl_offload_policy_list_iter_next(iter));
	nftnl_offload_policy_list_iter_destroy(iter);
}

#define LIST(...)	(const uint32_t[]){ __VA_ARGS__, 0 }

static void add_and_del(void)
{
	struct nftnl_offload_policy_list *list = nftnl_offload_policy_list_alloc();
	struct nftnl_offload_policy_list *list2 = nftnl_offload_policy_list_alloc();
	struct nftnl_offload_policy *p1 = policy(1), *p2 = policy(2), *p3 = policy(3);

	check_list(list, LIST(0));
	nftnl_offload_policy_list_add(p1, list);
	nftnl_offload_policy_list_add(p2, list);
	nftnl_offload_policy_list_add_tail(p3, list);
	check_list(list, LIST(2, 1, 3));
	nftnl_offload_policy_list_del(p1);
	nftnl_offload_policy_list_del(p1);
	check_list(list, LIST(2, 3));
	/* one that is in it goes elsewhere, there and to another one */
	nftnl_offload_policy_list_add_tail(p2, list);
	check_list(list, LIST(3, 2));
	nftnl_offload_policy_list_add(p2, list2);
	check_list(list, LIST(3));
	check_list(list2, LIST(2));
	nftnl_offload_policy_free(p3);
	check_list(list, LIST(0));
	nftnl_offload_policy_free(p1);
	nftnl_offload_policy_list_free(list);
	nftnl_offload_policy_list_free(list2);
	nftnl_offload_policy_list_free(NULL);
	nftnl_offload_policy_list_iter_destroy(NULL);
}

/* What is parsed into one, or fails to be, leaves the list as it is. */
static void stays(void)
{
	struct nftnl_offload_policy_list *list = nftnl_offload_policy_list_alloc();
	struct nftnl_offload_policy *p = policy(1);
	static struct msg msg;
	struct nlmsghdr *nlh = msg_begin(&msg);

	nftnl_offload_policy_list_add(p, list);
	nftnl_offload_policy_list_add_tail(policy(2), list);
	mnl_attr_put_u32(nlh, NFT_OFFLOAD_POLICY_STACK, 9);
	CHECK(!nftnl_offload_policy_nlmsg_parse(nlh, p));
	check_list(list, LIST(9, 2));
	nlh->nlmsg_len--;
	CHECK_ERR(nftnl_offload_policy_nlmsg_parse(nlh, p), EINVAL);
	CHECK(!nftnl_offload_policy_set_u32(p, NFTNL_OFFLOAD_POLICY_STACK, 7));
	check_list(list, LIST(7, 2));
	nftnl_offload_policy_list_free(list);
}

static int count_to(struct nftnl_offload_policy *p, void *data)
{
	uint32_t *last = data;

	CHECK(nftnl_offload_policy_get_u32(p, NFTNL_OFFLOAD_POLICY_STACK) == ++*last);
	return *last == 3 ? -7 : 1;
}

static int free_odd(struct nftnl_offload_policy *p, void *data)
{
	(void)data;
	if (nftnl_offload_policy_get_u32(p, NFTNL_OFFLOAD_POLICY_STACK) % 2)
		nftnl_offload_policy_free(p);
	return 0;
}

static void loops(void)
{
	struct nftnl_offload_policy_list *list = nftnl_offload_policy_list_alloc();
	struct nftnl_offload_policy_list_iter *iter;
	struct nftnl_offload_policy *p;
	uint32_t last = 0;
	int i;

	CHECK(!nftnl_offload_policy_list_foreach(list, count_to, &last));
	for (i = 1; i <= 5; i++)
		nftnl_offload_policy_list_add_tail(policy(i), list);
	CHECK(nftnl_offload_policy_list_foreach(list, count_to, &last) == -7);
	CHECK(last == 3);
	CHECK(!nftnl_offload_policy_list_foreach(list, free_odd, NULL));
	check_list(list, LIST(2, 4));
	nftnl_offload_policy_list_add(policy(1), list);
	nftnl_offload_policy_list_add_tail(policy(5), list);
	iter = nftnl_offload_policy_list_iter_create(list);
	while ((p = nftnl_offload_policy_list_iter_next(iter)))
		free_odd(p, NULL);
	nftnl_offload_policy_list_iter_destroy(iter);
	check_list(list, LIST(2, 4));
	nftnl_offload_policy_list_free(list);
}

static const struct test_case cases[] = {
	TEST(add_and_del),
	TEST(stays),
	TEST(loops),
};

TEST_MAIN(cases)
