/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _LIBNFTNL_OFFLOAD_INTERNAL_LIST_H_
#define _LIBNFTNL_OFFLOAD_INTERNAL_LIST_H_

/* The head of a list, or what makes an object an item of one. An object that is in
 * no list is a list of its own.
 */
struct nftnl_list {
	struct nftnl_list *next;
	struct nftnl_list *prev;
};

struct nftnl_list_iter {
	const struct nftnl_list *head;
	struct nftnl_list *next;
};

static inline void nftnl_list_init(struct nftnl_list *list)
{
	list->next = list->prev = list;
}

static inline bool nftnl_list_is_empty(const struct nftnl_list *head)
{
	return head->next == head;
}

#define nftnl_list_object(item, type)					\
	((type *)(void *)((char *)(item) - offsetof(type, list)))

/* The item may go away in the loop. */
#define nftnl_list_for_each_safe(item, following, head)			\
	for ((item) = (head)->next, (following) = (item)->next;		\
	     (item) != (head);						\
	     (item) = (following), (following) = (item)->next)

/* list.c */
void nftnl_list_del(struct nftnl_list *item);
void nftnl_list_add(struct nftnl_list *item, struct nftnl_list *head);
void nftnl_list_add_tail(struct nftnl_list *item, struct nftnl_list *head);
void nftnl_list_iter_init(struct nftnl_list_iter *iter, const struct nftnl_list *head);
struct nftnl_list *nftnl_list_iter_next(struct nftnl_list_iter *iter);

#endif /* _LIBNFTNL_OFFLOAD_INTERNAL_LIST_H_ */
