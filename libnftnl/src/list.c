// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Lists of objects.
 */
#include "internal.h"

void nftnl_list_del(struct nftnl_list *item)
{
	item->prev->next = item->next;
	item->next->prev = item->prev;
	nftnl_list_init(item);
}

/* Out of the list that it is in, to the beginning of this one */
void nftnl_list_add(struct nftnl_list *item, struct nftnl_list *head)
{
	nftnl_list_del(item);
	item->prev = head;
	item->next = head->next;
	head->next->prev = item;
	head->next = item;
}

/* The same, to the end */
void nftnl_list_add_tail(struct nftnl_list *item, struct nftnl_list *head)
{
	nftnl_list_del(item);
	nftnl_list_add(item, head->prev);
}

void nftnl_list_iter_init(struct nftnl_list_iter *iter, const struct nftnl_list *head)
{
	iter->head = head;
	iter->next = head->next;
}

/* NULL after the last one */
struct nftnl_list *nftnl_list_iter_next(struct nftnl_list_iter *iter)
{
	struct nftnl_list *item = iter->next;

	if (item == iter->head)
		return NULL;
	iter->next = item->next;
	return item;
}
