// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Lists of what an object has several of.
 */
#include "internal.h"
#include "array.h"

/* The length of a nest is a __u16. One that is as long as this is ended, and
 * another one is begun.
 */
#define NEST_FULL	60000

void nftnl_array_free(struct nftnl_array *array)
{
	unsigned int i;

	for (i = 0; i < array->num; i++)
		free(array->item[i]);
	free(array->item);
	memset(array, 0, sizeof(*array));
}

/* A copy of @size bytes of @item becomes the last one. */
void *nftnl_array_add(struct nftnl_array *array, const void *item, size_t size)
{
	unsigned int room = array->room ? array->room * 2 : 8;
	void *copy, **bigger;

	if (array->num == array->room) {
		bigger = realloc(array->item, room * sizeof(*bigger));
		if (!bigger)
			return NULL;
		array->item = bigger;
		array->room = room;
	}
	copy = malloc(size);
	if (!copy)
		return NULL;
	memcpy(copy, item, size);
	array->item[array->num++] = copy;
	return copy;
}

const void *nftnl_array_get(const struct nftnl_array *array, unsigned int i)
{
	return i < array->num ? array->item[i] : NULL;
}

/* A nest @type, or more of them, with a nest @item for each item */
void nftnl_array_build(struct nlmsghdr *nlh, const struct nftnl_array *array,
		       uint16_t type, uint16_t item,
		       void (*build)(struct nlmsghdr *nlh, const void *item))
{
	struct nlattr *list = NULL, *nest;
	unsigned int i;

	for (i = 0; i < array->num; i++) {
		if (!list)
			list = mnl_attr_nest_start(nlh, type);
		nest = mnl_attr_nest_start(nlh, item);
		build(nlh, array->item[i]);
		mnl_attr_nest_end(nlh, nest);
		if ((char *)mnl_nlmsg_get_payload_tail(nlh) - (char *)list >= NEST_FULL) {
			mnl_attr_nest_end(nlh, list);
			list = NULL;
		}
	}
	if (list)
		mnl_attr_nest_end(nlh, list);
}
