// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A policy: its statements, and what flowtable it is for.
 */
#include "internal.h"
#include "policy.h"

struct nftnl_offload_policy *nftnl_offload_policy_alloc(void)
{
	struct nftnl_offload_policy *p = calloc(1, sizeof(*p));

	if (p)
		nftnl_list_init(&p->list);
	return p;
}

void nftnl_policy_reset(struct nftnl_offload_policy *p)
{
	p->set = 0;
	nftnl_array_free(&p->marks);
	nftnl_array_free(&p->carry);
}

void nftnl_offload_policy_free(const struct nftnl_offload_policy *p)
{
	if (!p)
		return;
	nftnl_offload_policy_list_del((struct nftnl_offload_policy *)p);
	nftnl_policy_reset((struct nftnl_offload_policy *)p);
	free((void *)p);
}

bool nftnl_offload_policy_is_set(const struct nftnl_offload_policy *p, uint16_t attr)
{
	return nftnl_attr_is_set(&nftnl_policy_desc, p, attr);
}

void nftnl_offload_policy_unset(struct nftnl_offload_policy *p, uint16_t attr)
{
	nftnl_attr_unset(&nftnl_policy_desc, p, attr);
}

int nftnl_offload_policy_set_u8(struct nftnl_offload_policy *p, uint16_t attr,
				uint8_t val)
{
	return nftnl_attr_set(&nftnl_policy_desc, p, attr, NFTNL_TYPE_U8, &val);
}

int nftnl_offload_policy_set_u32(struct nftnl_offload_policy *p, uint16_t attr,
				 uint32_t val)
{
	return nftnl_attr_set(&nftnl_policy_desc, p, attr, NFTNL_TYPE_U32, &val);
}

int nftnl_offload_policy_set_u64(struct nftnl_offload_policy *p, uint16_t attr,
				 uint64_t val)
{
	return nftnl_attr_set(&nftnl_policy_desc, p, attr, NFTNL_TYPE_U64, &val);
}

int nftnl_offload_policy_set_str(struct nftnl_offload_policy *p, uint16_t attr,
				 const char *str)
{
	return nftnl_attr_set_str(&nftnl_policy_desc, p, attr, str);
}

uint8_t nftnl_offload_policy_get_u8(const struct nftnl_offload_policy *p, uint16_t attr)
{
	const uint8_t *val = nftnl_attr_get(&nftnl_policy_desc, p, attr,
					    NFTNL_TYPE_U8);

	return val ? *val : 0;
}

uint32_t nftnl_offload_policy_get_u32(const struct nftnl_offload_policy *p,
				      uint16_t attr)
{
	const uint32_t *val = nftnl_attr_get(&nftnl_policy_desc, p, attr,
					     NFTNL_TYPE_U32);

	return val ? *val : 0;
}

uint64_t nftnl_offload_policy_get_u64(const struct nftnl_offload_policy *p,
				      uint16_t attr)
{
	const uint64_t *val = nftnl_attr_get(&nftnl_policy_desc, p, attr,
					     NFTNL_TYPE_U64);

	return val ? *val : 0;
}

const char *nftnl_offload_policy_get_str(const struct nftnl_offload_policy *p,
					 uint16_t attr)
{
	return nftnl_attr_get(&nftnl_policy_desc, p, attr, NFTNL_TYPE_STR);
}

const struct nftnl_offload_mark *
nftnl_offload_policy_mark(const struct nftnl_offload_policy *p, unsigned int i)
{
	return nftnl_array_get(&p->marks, i);
}

int nftnl_offload_policy_add_mark(struct nftnl_offload_policy *p,
				  const struct nftnl_offload_mark *mark)
{
	return nftnl_array_add(&p->marks, mark, sizeof(*mark)) ? 0 : -1;
}

const struct nftnl_offload_carry *
nftnl_offload_policy_carry(const struct nftnl_offload_policy *p, unsigned int i)
{
	return nftnl_array_get(&p->carry, i);
}

int nftnl_offload_policy_add_carry(struct nftnl_offload_policy *p,
				   const struct nftnl_offload_carry *carry)
{
	return nftnl_array_add(&p->carry, carry, sizeof(*carry)) ? 0 : -1;
}
