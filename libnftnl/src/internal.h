/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shared by the files of the library, not installed. */
#ifndef _LIBNFTNL_OFFLOAD_INTERNAL_H_
#define _LIBNFTNL_OFFLOAD_INTERNAL_H_

#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <arpa/inet.h>
#include <libmnl/libmnl.h>
#include <linux/netfilter.h>
#include <linux/genetlink.h>

#include <libnftnl_offload/common.h>
#include <libnftnl_offload/flow.h>
#include <libnftnl_offload/filter.h>
#include <libnftnl_offload/table.h>
#include <libnftnl_offload/policy.h>
#include <libnftnl_offload/explain.h>
#include <libnftnl_offload/event.h>

#include "list.h"

#define ARRAY_SIZE(x)	(sizeof(x) / sizeof((x)[0]))

/* Longest strings, with the NUL */
#define NFTNL_NAME_SIZE		256	/* tables and flowtables */
#define NFTNL_REASON_SIZE	64
#define NFTNL_MESSAGE_SIZE	256

/* How an attribute is kept in an object, and in which type it is set and got */
enum nftnl_type {
	NFTNL_TYPE_NONE,	/* no such attribute */
	NFTNL_TYPE_U8,
	NFTNL_TYPE_U16,
	NFTNL_TYPE_U32,
	NFTNL_TYPE_U64,
	NFTNL_TYPE_STR,		/* char [size] */
	NFTNL_TYPE_ADDR,	/* struct nftnl_addr */
	NFTNL_TYPE_ENCAP,	/* struct nftnl_encap */
};

struct nftnl_addr {
	uint8_t		bytes[16] __attribute__((aligned(8)));
	uint32_t	len;	/* 4 or 16 */
};

struct nftnl_encap {
	uint32_t		num;
	struct nftnl_flow_encap	tag[NFTNL_FLOW_ENCAP_MAX];
};

/**
 * struct nftnl_attr - an attribute of an object
 * @nla: its type in a message; 0: it is in none
 * @offset: where it is in the object
 * @size: of its place in the object
 * @type: enum nftnl_type
 * @swap: network byte order in messages
 */
struct nftnl_attr {
	uint16_t	nla;
	uint16_t	offset;
	uint16_t	size;
	uint8_t		type;
	bool		swap;
};

/**
 * struct nftnl_desc - all attributes of an object
 *
 * An object begins with an uint32_t that has a bit for each attribute that is
 * set. What an attribute has in the object counts only then.
 *
 * @attr: by the number in the API
 * @num: how many, at most 32
 * @by_nla: by the type in a message: number in the API plus 1; 0: unknown
 * @num_nla: how many
 */
struct nftnl_desc {
	const struct nftnl_attr	*attr;
	const uint8_t		*by_nla;
	uint16_t		num;
	uint16_t		num_nla;
};

#define NFTNL_ATTR(_nla, _type, _struct, _field)			\
	{								\
		.nla	= (_nla),					\
		.type	= NFTNL_TYPE_##_type,				\
		.offset	= offsetof(struct _struct, _field),		\
		.size	= sizeof(((struct _struct *)0)->_field),	\
	}
#define NFTNL_ATTR_BE(_nla, _type, _struct, _field)			\
	{								\
		.nla	= (_nla),					\
		.type	= NFTNL_TYPE_##_type,				\
		.offset	= offsetof(struct _struct, _field),		\
		.size	= sizeof(((struct _struct *)0)->_field),	\
		.swap	= true,						\
	}

/* attr.c */
void nftnl_attr_unset(const struct nftnl_desc *desc, void *obj, uint16_t attr);
int nftnl_attr_set(const struct nftnl_desc *desc, void *obj, uint16_t attr,
		   enum nftnl_type type, const void *val);
int nftnl_attr_set_str(const struct nftnl_desc *desc, void *obj, uint16_t attr,
		       const char *str);
int nftnl_attr_set_data(const struct nftnl_desc *desc, void *obj, uint16_t attr,
			const void *data, uint32_t len);
const void *nftnl_attr_get_data(const struct nftnl_desc *desc, const void *obj,
				uint16_t attr, uint32_t *len);
void nftnl_attr_build(const struct nftnl_desc *desc, const void *obj,
		      struct nlmsghdr *nlh);

/* Inline: who prints a flow asks for each of its attributes. */
static inline const struct nftnl_attr *nftnl_attr_find(const struct nftnl_desc *desc,
						       uint16_t attr)
{
	if (attr >= desc->num || desc->attr[attr].type == NFTNL_TYPE_NONE)
		return NULL;
	return &desc->attr[attr];
}

static inline bool nftnl_attr_is_set(const struct nftnl_desc *desc, const void *obj,
				     uint16_t attr)
{
	return nftnl_attr_find(desc, attr) &&
	       (*(const uint32_t *)obj & UINT32_C(1) << attr);
}

/* NULL if it is not set, or of another type */
static inline const void *nftnl_attr_get(const struct nftnl_desc *desc, const void *obj,
					 uint16_t attr, enum nftnl_type type)
{
	if (!nftnl_attr_is_set(desc, obj, attr) || desc->attr[attr].type != type)
		return NULL;
	return (const char *)obj + desc->attr[attr].offset;
}

/*
 * Attributes of messages, as libmnl has it in mnl_attr_*(), but inline: a dump has
 * some forty for each flow, and calls into another library take most of the time.
 */
static inline bool nftnl_nla_ok(const struct nlattr *attr, const char *end)
{
	ptrdiff_t len = end - (const char *)attr;

	return len >= (ptrdiff_t)sizeof(*attr) &&
	       attr->nla_len >= sizeof(*attr) && attr->nla_len <= len;
}

static inline const struct nlattr *nftnl_nla_next(const struct nlattr *attr)
{
	return (const void *)((const char *)attr + MNL_ALIGN(attr->nla_len));
}

static inline uint16_t nftnl_nla_type(const struct nlattr *attr)
{
	return attr->nla_type & NLA_TYPE_MASK;
}

static inline const void *nftnl_nla_data(const struct nlattr *attr)
{
	return (const char *)attr + MNL_ATTR_HDRLEN;
}

static inline uint16_t nftnl_nla_len(const struct nlattr *attr)
{
	return attr->nla_len - MNL_ATTR_HDRLEN;
}

/* Attributes in @len bytes of @payload. See nftnl_attrs_end() for what ended it. */
#define nftnl_for_each_attr(attr, payload, len)				\
	for ((attr) = (payload);					\
	     nftnl_nla_ok(attr, (const char *)(payload) + (len));	\
	     (attr) = nftnl_nla_next(attr))

/* parse.c */
int nftnl_attr_parse(const struct nftnl_desc *desc, void *obj,
		     const struct nlattr *nla);
int nftnl_attrs_parse(const struct nftnl_desc *desc, void *obj,
		      const void *payload, size_t len);
int nftnl_parse_u16(uint16_t *to, const struct nlattr *attr);
int nftnl_parse_u32(uint32_t *to, const struct nlattr *attr);
int nftnl_attrs_end(const void *payload, size_t len, const struct nlattr *nla);
const void *nftnl_msg_payload(const struct nlmsghdr *nlh, size_t *len);

/* An attribute into @obj. Returns 0; -1 with errno, which ends the loop. */
typedef int nftnl_parse_fn(void *obj, const struct nlattr *attr);

/* Attributes of type @type of a message or a nest */
#define NFTNL_NLA_ANY	(-1)
int nftnl_msg_each(const struct nlmsghdr *nlh, int type,
		   nftnl_parse_fn *parse, void *obj);
int nftnl_nest_each(const struct nlattr *nest, int type,
		    nftnl_parse_fn *parse, void *obj);

/* flow.c */
struct nftnl_flow_dir {
	uint32_t		set;
	uint32_t		iif;
	uint32_t		oif;
	uint32_t		mtu;
	uint64_t		sw_packets;
	uint64_t		sw_bytes;
	uint64_t		hw_packets;
	uint64_t		hw_bytes;
	uint64_t		hw_age;
	struct nftnl_addr	saddr;
	struct nftnl_addr	daddr;
	uint32_t		err;
	uint16_t		sport;
	uint16_t		dport;
	uint32_t		priority;
	uint8_t			in_hardware;
	uint8_t			dscp;
	uint8_t			not_carried;
	struct nftnl_encap	encap;
	char			reason[NFTNL_REASON_SIZE];
	char			message[NFTNL_MESSAGE_SIZE];
};

struct nftnl_flow {
	uint32_t		set;
	uint32_t		flags;
	uint64_t		id;
	uint64_t		age;
	uint64_t		count;
	uint32_t		timeout;
	uint32_t		ct_id;
	uint32_t		ct_mark;
	uint32_t		seq;
	uint16_t		ct_zone;
	uint8_t			family;
	uint8_t			l3proto;
	uint8_t			l4proto;
	uint8_t			state;
	uint8_t			event;
	uint8_t			cause;
	uint8_t			pin;
	struct nftnl_list	list;
	struct nftnl_flow_dir	dir[2];		/* original, reply */
	char			table[NFTNL_NAME_SIZE];
	char			flowtable[NFTNL_NAME_SIZE];
};

void nftnl_flow_copy(struct nftnl_flow *to, const struct nftnl_flow *from);
int nftnl_flow_parse(const void *payload, size_t len, struct nftnl_flow *f);

/* text.c */

/**
 * struct nftnl_text - text that is being written
 * @buf: where to, with a NUL at its end
 * @size: of @buf; may be 0
 * @len: of all the text, also of what had no room
 */
struct nftnl_text {
	char	*buf;
	size_t	size;
	size_t	len;
};

int nftnl_text_begin(struct nftnl_text *t, char *buf, size_t size,
		     uint32_t type, uint32_t flags);
int nftnl_text_end(const struct nftnl_text *t);
void nftnl_text(struct nftnl_text *t, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void nftnl_text_sep(struct nftnl_text *t);
void nftnl_text_word(struct nftnl_text *t, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void nftnl_text_str(struct nftnl_text *t, const char *str);
void nftnl_text_addr(struct nftnl_text *t, const void *addr, uint32_t len,
		     bool bracket);
void nftnl_text_proto(struct nftnl_text *t, uint8_t l4proto);
void nftnl_text_family(struct nftnl_text *t, uint8_t family);
void nftnl_text_device(struct nftnl_text *t, const struct nftnl_offload_device *dev);
void nftnl_text_flow(struct nftnl_text *t, const struct nftnl_flow *f);

#endif /* _LIBNFTNL_OFFLOAD_INTERNAL_H_ */
