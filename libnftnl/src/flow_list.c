// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Lists of flows. A flow that is in none is a list of its own.
 */
#include "internal.h"

struct nftnl_flow_list {
	struct nftnl_list head;
};

struct nftnl_flow_list_iter {
	const struct nftnl_list *head;
	struct nftnl_list *next;
};

static struct nftnl_flow *flow_of(struct nftnl_list *item)
{
	return (void *)((char *)item - offsetof(struct nftnl_flow, list));
}

static void insert(struct nftnl_list *item, struct nftnl_list *prev)
{
	item->prev = prev;
	item->next = prev->next;
	prev->next->prev = item;
	prev->next = item;
}

struct nftnl_flow_list *nftnl_flow_list_alloc(void)
{
	struct nftnl_flow_list *list = malloc(sizeof(*list));

	if (list)
		list->head.next = list->head.prev = &list->head;
	return list;
}

void nftnl_flow_list_free(struct nftnl_flow_list *list)
{
	if (!list)
		return;
	while (!nftnl_flow_list_is_empty(list))
		nftnl_flow_free(flow_of(list->head.next));
	free(list);
}

int nftnl_flow_list_is_empty(const struct nftnl_flow_list *list)
{
	return list->head.next == &list->head;
}

void nftnl_flow_list_add(struct nftnl_flow *f, struct nftnl_flow_list *list)
{
	nftnl_flow_list_del(f);
	insert(&f->list, &list->head);
}

void nftnl_flow_list_add_tail(struct nftnl_flow *f, struct nftnl_flow_list *list)
{
	nftnl_flow_list_del(f);
	insert(&f->list, list->head.prev);
}

void nftnl_flow_list_del(struct nftnl_flow *f)
{
	f->list.prev->next = f->list.next;
	f->list.next->prev = f->list.prev;
	f->list.next = f->list.prev = &f->list;
}

int nftnl_flow_list_foreach(struct nftnl_flow_list *list,
			    int (*cb)(struct nftnl_flow *f, void *data), void *data)
{
	struct nftnl_list *item, *next;
	int ret;

	for (item = list->head.next; item != &list->head; item = next) {
		next = item->next;
		ret = cb(flow_of(item), data);
		if (ret < 0)
			return ret;
	}
	return 0;
}

struct nftnl_flow_list_iter *
nftnl_flow_list_iter_create(const struct nftnl_flow_list *list)
{
	struct nftnl_flow_list_iter *iter = malloc(sizeof(*iter));

	if (iter) {
		iter->head = &list->head;
		iter->next = list->head.next;
	}
	return iter;
}

struct nftnl_flow *nftnl_flow_list_iter_next(struct nftnl_flow_list_iter *iter)
{
	struct nftnl_list *item = iter->next;

	if (item == iter->head)
		return NULL;
	iter->next = item->next;
	return flow_of(item);
}

void nftnl_flow_list_iter_destroy(const struct nftnl_flow_list_iter *iter)
{
	free((void *)iter);
}
