// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Attributes of messages into objects.
 *
 * Nothing is read past the length of the message, and nothing is written but the
 * object. Attributes that are not known are skipped: the kernel may be newer.
 */
#include "internal.h"

static int bad(void)
{
	errno = EINVAL;
	return -1;
}

/* A loop over @len bytes of attributes ended at @attr. Were all of them whole? */
int nftnl_attrs_end(const void *payload, size_t len, const struct nlattr *attr)
{
	if ((uintptr_t)attr - (uintptr_t)payload < len)
		return bad();
	return 0;
}

/* Attributes of a message; NULL if it has no room for its headers */
const void *nftnl_msg_payload(const struct nlmsghdr *nlh, size_t *len)
{
	const size_t headers = MNL_NLMSG_HDRLEN + GENL_HDRLEN;

	if (nlh->nlmsg_len < headers) {
		bad();
		return NULL;
	}
	*len = nlh->nlmsg_len - headers;
	return (const char *)nlh + headers;
}

/* @parse for each attribute of type @type */
static int attrs_each(const void *payload, size_t len, int type,
		      nftnl_parse_fn *parse, void *obj)
{
	const struct nlattr *attr;

	nftnl_for_each_attr(attr, payload, len) {
		if (type != NFTNL_NLA_ANY && nftnl_nla_type(attr) != type)
			continue;
		if (parse(obj, attr))
			return -1;
	}
	return nftnl_attrs_end(payload, len, attr);
}

int nftnl_msg_each(const struct nlmsghdr *nlh, int type,
		   nftnl_parse_fn *parse, void *obj)
{
	const void *payload;
	size_t len;

	payload = nftnl_msg_payload(nlh, &len);
	return payload ? attrs_each(payload, len, type, parse, obj) : -1;
}

int nftnl_nest_each(const struct nlattr *nest, int type,
		    nftnl_parse_fn *parse, void *obj)
{
	return attrs_each(nftnl_nla_data(nest), nftnl_nla_len(nest), type, parse, obj);
}

/* Number @attr has @size bytes, in network byte order if @swap. */
static int parse_number(void *to, const struct nlattr *attr, size_t size,
			bool swap)
{
	const void *from = nftnl_nla_data(attr);
	uint32_t u32;
	uint16_t u16;

	if (nftnl_nla_len(attr) != size)
		return bad();
	/* for each size apart, as copies of a size the compiler knows are fast */
	switch (size) {
	case 1:
		memcpy(to, from, 1);
		break;
	case 2:
		memcpy(&u16, from, sizeof(u16));
		if (swap)
			u16 = ntohs(u16);
		memcpy(to, &u16, sizeof(u16));
		break;
	case 4:
		memcpy(&u32, from, sizeof(u32));
		if (swap)
			u32 = ntohl(u32);
		memcpy(to, &u32, sizeof(u32));
		break;
	default:
		memcpy(to, from, sizeof(uint64_t));
	}
	return 0;
}

int nftnl_parse_u16(uint16_t *to, const struct nlattr *attr)
{
	return parse_number(to, attr, sizeof(*to), false);
}

int nftnl_parse_u32(uint32_t *to, const struct nlattr *attr)
{
	return parse_number(to, attr, sizeof(*to), false);
}

/* What is too long, and comes from a newer kernel therefore, is cut off. */
static int parse_str(char *to, const struct nlattr *attr, size_t size)
{
	const char *str = nftnl_nla_data(attr);
	size_t len = nftnl_nla_len(attr);

	if (!len)
		return bad();
	len = strnlen(str, len < size ? len : size - 1);
	memcpy(to, str, len);
	to[len] = '\0';
	return 0;
}

static int parse_addr(struct nftnl_addr *addr, const struct nlattr *attr)
{
	uint16_t len = nftnl_nla_len(attr);

	if (len != 4 && len != 16)
		return bad();
	if (len == 4)
		memcpy(addr->bytes, nftnl_nla_data(attr), 4);
	else
		memcpy(addr->bytes, nftnl_nla_data(attr), 16);
	addr->len = len;
	return 0;
}

static int parse_tag(struct nftnl_flow_encap *tag, const struct nlattr *nest)
{
	const void *payload = nftnl_nla_data(nest);
	uint16_t len = nftnl_nla_len(nest);
	const struct nlattr *attr;
	int err = 0;

	memset(tag, 0, sizeof(*tag));
	nftnl_for_each_attr(attr, payload, len) {
		switch (nftnl_nla_type(attr)) {
		case NFT_OFFLOAD_ENCAP_PROTO:
			err = parse_number(&tag->proto, attr, sizeof(tag->proto),
					   true);
			break;
		case NFT_OFFLOAD_ENCAP_ID:
			err = parse_number(&tag->id, attr, sizeof(tag->id), false);
			break;
		}
		if (err)
			return err;
	}
	return nftnl_attrs_end(payload, len, attr);
}

/* The inner ones of more than there is room for are cut off. */
static int add_tag(void *obj, const struct nlattr *nest)
{
	struct nftnl_encap *encap = obj;
	struct nftnl_flow_encap tag;

	if (parse_tag(&tag, nest))
		return -1;
	if (encap->num < NFTNL_FLOW_ENCAP_MAX)
		encap->tag[encap->num++] = tag;
	return 0;
}

static int parse_encap(struct nftnl_encap *encap, const struct nlattr *nest)
{
	encap->num = 0;
	return nftnl_nest_each(nest, NFT_OFFLOAD_ENCAP_TAG, add_tag, encap);
}

/* Attribute of a message into the object, if it is known */
int nftnl_attr_parse(const struct nftnl_desc *desc, void *obj,
		     const struct nlattr *attr)
{
	uint16_t type = nftnl_nla_type(attr);
	const struct nftnl_attr *a;
	uint8_t num;
	void *place;
	int err;

	if (type >= desc->num_nla || !desc->by_nla[type])
		return 0;
	num = desc->by_nla[type] - 1;
	a = &desc->attr[num];
	place = (char *)obj + a->offset;

	switch (a->type) {
	case NFTNL_TYPE_STR:
		err = parse_str(place, attr, a->size);
		break;
	case NFTNL_TYPE_ADDR:
		err = parse_addr(place, attr);
		break;
	case NFTNL_TYPE_ENCAP:
		err = parse_encap(place, attr);
		break;
	default:
		err = parse_number(place, attr, a->size, a->swap);
	}
	if (!err)
		*(uint32_t *)obj |= UINT32_C(1) << num;
	return err;
}

/* All of a nest or a message */
int nftnl_attrs_parse(const struct nftnl_desc *desc, void *obj,
		      const void *payload, size_t len)
{
	const struct nlattr *attr;

	nftnl_for_each_attr(attr, payload, len)
		if (nftnl_attr_parse(desc, obj, attr))
			return -1;
	return nftnl_attrs_end(payload, len, attr);
}
