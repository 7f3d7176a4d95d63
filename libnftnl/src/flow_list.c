// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Lists of flows.
 */
#include "internal.h"

struct nftnl_flow_list {
	struct nftnl_list head;
};

struct nftnl_flow_list_iter {
	struct nftnl_list_iter iter;
};

static struct nftnl_flow *object_of(struct nftnl_list *item)
{
	return nftnl_list_object(item, struct nftnl_flow);
}

struct nftnl_flow_list *nftnl_flow_list_alloc(void)
{
	struct nftnl_flow_list *list = malloc(sizeof(*list));

	if (list)
		nftnl_list_init(&list->head);
	return list;
}

void nftnl_flow_list_free(struct nftnl_flow_list *list)
{
	if (!list)
		return;
	while (!nftnl_list_is_empty(&list->head))
		nftnl_flow_free(object_of(list->head.next));
	free(list);
}

int nftnl_flow_list_is_empty(const struct nftnl_flow_list *list)
{
	return nftnl_list_is_empty(&list->head);
}

void nftnl_flow_list_add(struct nftnl_flow *f, struct nftnl_flow_list *list)
{
	nftnl_list_add(&f->list, &list->head);
}

void nftnl_flow_list_add_tail(struct nftnl_flow *f, struct nftnl_flow_list *list)
{
	nftnl_list_add_tail(&f->list, &list->head);
}

void nftnl_flow_list_del(struct nftnl_flow *f)
{
	nftnl_list_del(&f->list);
}

int nftnl_flow_list_foreach(struct nftnl_flow_list *list,
			    int (*cb)(struct nftnl_flow *f, void *data), void *data)
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

struct nftnl_flow_list_iter *
nftnl_flow_list_iter_create(const struct nftnl_flow_list *list)
{
	struct nftnl_flow_list_iter *iter = malloc(sizeof(*iter));

	if (iter)
		nftnl_list_iter_init(&iter->iter, &list->head);
	return iter;
}

struct nftnl_flow *nftnl_flow_list_iter_next(struct nftnl_flow_list_iter *iter)
{
	struct nftnl_list *item = nftnl_list_iter_next(&iter->iter);

	return item ? object_of(item) : NULL;
}

void nftnl_flow_list_iter_destroy(const struct nftnl_flow_list_iter *iter)
{
	free((void *)iter);
}
