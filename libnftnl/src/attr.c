// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Attributes of objects: set, get and build, as the tables of the objects say.
 */
#include "internal.h"

static void mark(void *obj, uint16_t attr)
{
	*(uint32_t *)obj |= UINT32_C(1) << attr;
}

static int fail(int err)
{
	errno = err;
	return -1;
}

void nftnl_attr_unset(const struct nftnl_desc *desc, void *obj, uint16_t attr)
{
	if (nftnl_attr_find(desc, attr))
		*(uint32_t *)obj &= ~(UINT32_C(1) << attr);
}

/* Numbers: @type must be that of the attribute. */
int nftnl_attr_set(const struct nftnl_desc *desc, void *obj, uint16_t attr,
		   enum nftnl_type type, const void *val)
{
	const struct nftnl_attr *a = nftnl_attr_find(desc, attr);

	if (!a || a->type != type)
		return fail(EINVAL);
	memmove((char *)obj + a->offset, val, a->size);
	mark(obj, attr);
	return 0;
}

static int set_chars(const struct nftnl_attr *a, void *obj, uint16_t attr,
		     const char *str, size_t len)
{
	char *to = (char *)obj + a->offset;

	if (len >= a->size)
		return fail(ERANGE);
	memmove(to, str, len);
	to[len] = '\0';
	mark(obj, attr);
	return 0;
}

int nftnl_attr_set_str(const struct nftnl_desc *desc, void *obj, uint16_t attr,
		       const char *str)
{
	const struct nftnl_attr *a = nftnl_attr_find(desc, attr);

	if (!a || a->type != NFTNL_TYPE_STR || !str)
		return fail(EINVAL);
	return set_chars(a, obj, attr, str, strlen(str));
}

static int set_addr(const struct nftnl_attr *a, void *obj, uint16_t attr,
		    const void *data, uint32_t len)
{
	struct nftnl_addr *addr = (void *)((char *)obj + a->offset);

	if (len != 4 && len != 16)
		return fail(EINVAL);
	memmove(addr->bytes, data, len);
	addr->len = len;
	mark(obj, attr);
	return 0;
}

static int set_encap(const struct nftnl_attr *a, void *obj, uint16_t attr,
		     const void *data, uint32_t len)
{
	struct nftnl_encap *encap = (void *)((char *)obj + a->offset);

	if (!len || len % sizeof(encap->tag[0]) || len > sizeof(encap->tag))
		return fail(EINVAL);
	memmove(encap->tag, data, len);
	encap->num = len / sizeof(encap->tag[0]);
	mark(obj, attr);
	return 0;
}

/* Any attribute. Numbers are in host byte order, strings may have a NUL. */
int nftnl_attr_set_data(const struct nftnl_desc *desc, void *obj, uint16_t attr,
			const void *data, uint32_t len)
{
	const struct nftnl_attr *a = nftnl_attr_find(desc, attr);

	if (!a || !data)
		return fail(EINVAL);

	switch (a->type) {
	case NFTNL_TYPE_STR:
		return set_chars(a, obj, attr, data, strnlen(data, len));
	case NFTNL_TYPE_ADDR:
		return set_addr(a, obj, attr, data, len);
	case NFTNL_TYPE_ENCAP:
		return set_encap(a, obj, attr, data, len);
	default:
		if (len != a->size)
			return fail(EINVAL);
		return nftnl_attr_set(desc, obj, attr, a->type, data);
	}
}

const void *nftnl_attr_get_data(const struct nftnl_desc *desc, const void *obj,
				uint16_t attr, uint32_t *len)
{
	const struct nftnl_addr *addr;
	const struct nftnl_encap *encap;
	const struct nftnl_attr *a;
	const void *place;
	uint32_t none;

	if (!len)
		len = &none;
	*len = 0;
	if (!nftnl_attr_is_set(desc, obj, attr))
		return NULL;

	a = &desc->attr[attr];
	place = (const char *)obj + a->offset;
	switch (a->type) {
	case NFTNL_TYPE_STR:
		*len = strlen(place) + 1;
		return place;
	case NFTNL_TYPE_ADDR:
		addr = place;
		*len = addr->len;
		return addr->bytes;
	case NFTNL_TYPE_ENCAP:
		encap = place;
		*len = encap->num * sizeof(encap->tag[0]);
		return encap->tag;
	default:
		*len = a->size;
		return place;
	}
}

static void build_encap(struct nlmsghdr *nlh, uint16_t nla,
			const struct nftnl_encap *encap)
{
	struct nlattr *list, *tag;
	uint32_t i;

	list = mnl_attr_nest_start(nlh, nla);
	for (i = 0; i < encap->num; i++) {
		tag = mnl_attr_nest_start(nlh, NFT_OFFLOAD_ENCAP_TAG);
		mnl_attr_put_u16(nlh, NFT_OFFLOAD_ENCAP_PROTO,
				 htons(encap->tag[i].proto));
		mnl_attr_put_u16(nlh, NFT_OFFLOAD_ENCAP_ID, encap->tag[i].id);
		mnl_attr_nest_end(nlh, tag);
	}
	mnl_attr_nest_end(nlh, list);
}

static void build_one(struct nlmsghdr *nlh, const struct nftnl_attr *a,
		      const void *place)
{
	const struct nftnl_addr *addr;
	uint16_t u16;
	uint32_t u32;

	switch (a->type) {
	case NFTNL_TYPE_U16:
		memcpy(&u16, place, sizeof(u16));
		mnl_attr_put_u16(nlh, a->nla, a->swap ? htons(u16) : u16);
		break;
	case NFTNL_TYPE_U32:
		memcpy(&u32, place, sizeof(u32));
		mnl_attr_put_u32(nlh, a->nla, a->swap ? htonl(u32) : u32);
		break;
	case NFTNL_TYPE_STR:
		mnl_attr_put_strz(nlh, a->nla, place);
		break;
	case NFTNL_TYPE_ADDR:
		addr = place;
		mnl_attr_put(nlh, a->nla, addr->len, addr->bytes);
		break;
	case NFTNL_TYPE_ENCAP:
		build_encap(nlh, a->nla, place);
		break;
	default:
		mnl_attr_put(nlh, a->nla, a->size, place);
	}
}

/* All that are set, but for those that are in no message */
void nftnl_attr_build(const struct nftnl_desc *desc, const void *obj,
		      struct nlmsghdr *nlh)
{
	uint16_t i;

	for (i = 0; i < desc->num; i++)
		if (nftnl_attr_is_set(desc, obj, i) && desc->attr[i].nla)
			build_one(nlh, &desc->attr[i],
				  (const char *)obj + desc->attr[i].offset);
}
