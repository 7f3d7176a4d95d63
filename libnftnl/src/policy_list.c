// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Lists of policies.
 */
#include "internal.h"
#include "policy.h"

struct nftnl_offload_policy_list {
	struct nftnl_list head;
};

struct nftnl_offload_policy_list_iter {
	struct nftnl_list_iter iter;
};

static struct nftnl_offload_policy *object_of(struct nftnl_list *item)
{
	return nftnl_list_object(item, struct nftnl_offload_policy);
}

struct nftnl_offload_policy_list *nftnl_offload_policy_list_alloc(void)
{
	struct nftnl_offload_policy_list *list = malloc(sizeof(*list));

	if (list)
		nftnl_list_init(&list->head);
	return list;
}

void nftnl_offload_policy_list_free(struct nftnl_offload_policy_list *list)
{
	if (!list)
		return;
	while (!nftnl_list_is_empty(&list->head))
		nftnl_offload_policy_free(object_of(list->head.next));
	free(list);
}

int nftnl_offload_policy_list_is_empty(const struct nftnl_offload_policy_list *list)
{
	return nftnl_list_is_empty(&list->head);
}

void nftnl_offload_policy_list_add(struct nftnl_offload_policy *p,
				  struct nftnl_offload_policy_list *list)
{
	nftnl_list_add(&p->list, &list->head);
}

void nftnl_offload_policy_list_add_tail(struct nftnl_offload_policy *p,
				       struct nftnl_offload_policy_list *list)
{
	nftnl_list_add_tail(&p->list, &list->head);
}

void nftnl_offload_policy_list_del(struct nftnl_offload_policy *p)
{
	nftnl_list_del(&p->list);
}

int nftnl_offload_policy_list_foreach(struct nftnl_offload_policy_list *list,
				     int (*cb)(struct nftnl_offload_policy *p, void *data),
				     void *data)
{
	struct nftnl_list *item, *next;
	int ret;

	nftnl_list_for_each_safe(item, next, &list->head) {
		ret = cb(object_of(item), data);
		if (ret < 0)
			return ret;
	}
	return 0;
}

struct nftnl_offload_policy_list_iter *
nftnl_offload_policy_list_iter_create(const struct nftnl_offload_policy_list *list)
{
	struct nftnl_offload_policy_list_iter *iter = malloc(sizeof(*iter));

	if (iter)
		nftnl_list_iter_init(&iter->iter, &list->head);
	return iter;
}

struct nftnl_offload_policy *
nftnl_offload_policy_list_iter_next(struct nftnl_offload_policy_list_iter *iter)
{
	struct nftnl_list *item = nftnl_list_iter_next(&iter->iter);

	return item ? object_of(item) : NULL;
}

void nftnl_offload_policy_list_iter_destroy(const struct nftnl_offload_policy_list_iter *iter)
{
	free((void *)iter);
}
