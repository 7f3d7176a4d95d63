// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A flowtable: its attributes, devices and counters of reasons.
 */
#include "internal.h"
#include "table.h"

struct nftnl_offload_table *nftnl_offload_table_alloc(void)
{
	struct nftnl_offload_table *t = calloc(1, sizeof(*t));

	if (t)
		nftnl_list_init(&t->list);
	return t;
}

void nftnl_table_reset(struct nftnl_offload_table *t)
{
	t->set = 0;
	nftnl_array_free(&t->devices);
	nftnl_array_free(&t->reasons);
	nftnl_array_free(&t->errnos);
}

void nftnl_offload_table_free(const struct nftnl_offload_table *t)
{
	if (!t)
		return;
	nftnl_offload_table_list_del((struct nftnl_offload_table *)t);
	nftnl_table_reset((struct nftnl_offload_table *)t);
	free((void *)t);
}

bool nftnl_offload_table_is_set(const struct nftnl_offload_table *t, uint16_t attr)
{
	return nftnl_attr_is_set(&nftnl_table_desc, t, attr);
}

void nftnl_offload_table_unset(struct nftnl_offload_table *t, uint16_t attr)
{
	nftnl_attr_unset(&nftnl_table_desc, t, attr);
}

int nftnl_offload_table_set_u8(struct nftnl_offload_table *t, uint16_t attr,
			       uint8_t val)
{
	return nftnl_attr_set(&nftnl_table_desc, t, attr, NFTNL_TYPE_U8, &val);
}

int nftnl_offload_table_set_u32(struct nftnl_offload_table *t, uint16_t attr,
				uint32_t val)
{
	return nftnl_attr_set(&nftnl_table_desc, t, attr, NFTNL_TYPE_U32, &val);
}

int nftnl_offload_table_set_u64(struct nftnl_offload_table *t, uint16_t attr,
				uint64_t val)
{
	return nftnl_attr_set(&nftnl_table_desc, t, attr, NFTNL_TYPE_U64, &val);
}

int nftnl_offload_table_set_str(struct nftnl_offload_table *t, uint16_t attr,
				const char *str)
{
	return nftnl_attr_set_str(&nftnl_table_desc, t, attr, str);
}

uint8_t nftnl_offload_table_get_u8(const struct nftnl_offload_table *t, uint16_t attr)
{
	const uint8_t *val = nftnl_attr_get(&nftnl_table_desc, t, attr,
					    NFTNL_TYPE_U8);

	return val ? *val : 0;
}

uint32_t nftnl_offload_table_get_u32(const struct nftnl_offload_table *t, uint16_t attr)
{
	const uint32_t *val = nftnl_attr_get(&nftnl_table_desc, t, attr,
					     NFTNL_TYPE_U32);

	return val ? *val : 0;
}

uint64_t nftnl_offload_table_get_u64(const struct nftnl_offload_table *t, uint16_t attr)
{
	const uint64_t *val = nftnl_attr_get(&nftnl_table_desc, t, attr,
					     NFTNL_TYPE_U64);

	return val ? *val : 0;
}

const char *nftnl_offload_table_get_str(const struct nftnl_offload_table *t,
					uint16_t attr)
{
	return nftnl_attr_get(&nftnl_table_desc, t, attr, NFTNL_TYPE_STR);
}

const struct nftnl_offload_device *
nftnl_offload_table_device(const struct nftnl_offload_table *t, unsigned int i)
{
	return nftnl_array_get(&t->devices, i);
}

const struct nftnl_offload_reason *
nftnl_offload_table_reason(const struct nftnl_offload_table *t, unsigned int i)
{
	return nftnl_array_get(&t->reasons, i);
}

const struct nftnl_offload_reason *
nftnl_offload_table_errno(const struct nftnl_offload_table *t, unsigned int i)
{
	return nftnl_array_get(&t->errnos, i);
}

int nftnl_offload_table_add_device(struct nftnl_offload_table *t,
				   const struct nftnl_offload_device *dev)
{
	return nftnl_device_add(&t->devices, dev);
}

int nftnl_offload_table_add_reason(struct nftnl_offload_table *t,
				   const struct nftnl_offload_reason *reason)
{
	struct nftnl_reason item = { .reason = *reason }, *added;
	size_t len;

	if (!reason->name)
		return nftnl_array_add(&t->errnos, &item, sizeof(item)) ? 0 : -1;

	len = strlen(reason->name);
	if (len >= sizeof(item.name)) {
		errno = ERANGE;
		return -1;
	}
	memcpy(item.name, reason->name, len + 1);
	item.reason.err = 0;
	added = nftnl_array_add(&t->reasons, &item, sizeof(item));
	if (!added)
		return -1;
	added->reason.name = added->name;
	return 0;
}
