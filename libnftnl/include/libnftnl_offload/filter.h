/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _LIBNFTNL_OFFLOAD_FILTER_H_
#define _LIBNFTNL_OFFLOAD_FILTER_H_

#include <libnftnl_offload/common.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Which flows: those that are as all attributes say that are set. Addresses,
 * ports and devices are those of the original direction.
 */
enum nftnl_flow_filter_attr {
	NFTNL_FLOW_FILTER_TABLE_FAMILY = 0,	/* u8, NFPROTO_* */
	NFTNL_FLOW_FILTER_TABLE,		/* string */
	NFTNL_FLOW_FILTER_FLOWTABLE,		/* string */
	NFTNL_FLOW_FILTER_L3PROTO,		/* u8, NFPROTO_IPV4 or NFPROTO_IPV6; needed for addresses */
	NFTNL_FLOW_FILTER_L4PROTO,		/* u8, IPPROTO_* */
	NFTNL_FLOW_FILTER_SADDR,		/* 4 or 16 bytes: lowest */
	NFTNL_FLOW_FILTER_SADDR_TO,		/* 4 or 16 bytes: highest */
	NFTNL_FLOW_FILTER_DADDR,
	NFTNL_FLOW_FILTER_DADDR_TO,
	NFTNL_FLOW_FILTER_SPORT,		/* u16, host byte order: lowest */
	NFTNL_FLOW_FILTER_SPORT_TO,		/* u16: highest */
	NFTNL_FLOW_FILTER_DPORT,
	NFTNL_FLOW_FILTER_DPORT_TO,
	NFTNL_FLOW_FILTER_IIF,			/* u32, index */
	NFTNL_FLOW_FILTER_OIF,			/* u32, index */
	NFTNL_FLOW_FILTER_CT_MARK,		/* u32 */
	NFTNL_FLOW_FILTER_CT_MASK,		/* u32 */
	NFTNL_FLOW_FILTER_STATES,		/* u32, a bit for each enum nft_offload_state */
	NFTNL_FLOW_FILTER_CT_ZONE,		/* u16; to find one connection: 0 if not set */
	NFTNL_FLOW_FILTER_CT_ID,		/* u32, host byte order: as conntrack -o id has it */
	__NFTNL_FLOW_FILTER_MAX
};
#define NFTNL_FLOW_FILTER_MAX (__NFTNL_FLOW_FILTER_MAX - 1)

struct nftnl_flow;
struct nftnl_flow_filter;

/**
 * nftnl_flow_filter_alloc() - a new, empty filter
 *
 * Return: the filter, for nftnl_flow_filter_free(); NULL with errno ENOMEM.
 */
struct nftnl_flow_filter *nftnl_flow_filter_alloc(void);

/**
 * nftnl_flow_filter_free() - end of a filter
 * @f: filter; NULL does nothing
 */
void nftnl_flow_filter_free(const struct nftnl_flow_filter *f);

/**
 * nftnl_flow_filter_is_set() - has the filter this attribute?
 * @f: filter
 * @attr: enum nftnl_flow_filter_attr
 *
 * Return: true if so; false also for an attribute that does not exist.
 */
bool nftnl_flow_filter_is_set(const struct nftnl_flow_filter *f, uint16_t attr);

/**
 * nftnl_flow_filter_unset() - take an attribute away
 * @f: filter
 * @attr: enum nftnl_flow_filter_attr; one that there is not does nothing
 */
void nftnl_flow_filter_unset(struct nftnl_flow_filter *f, uint16_t attr);

/**
 * nftnl_flow_filter_set_data() - set any attribute
 * @f: filter
 * @attr: enum nftnl_flow_filter_attr
 * @data: what is copied: an address in network byte order, a number in host
 *	byte order, a string with or without its NUL
 * @data_len: its length in bytes
 *
 * Return: 0; -1 with errno EINVAL if there is no such attribute or the length
 * is wrong, with ERANGE if a string is too long. The filter is as before then.
 */
int nftnl_flow_filter_set_data(struct nftnl_flow_filter *f, uint16_t attr,
			       const void *data, uint32_t data_len);

/**
 * nftnl_flow_filter_set_u8() - set a number of 8 bits
 * @f: filter
 * @attr: enum nftnl_flow_filter_attr, of type u8
 * @val: number, in host byte order and in the unit of the attribute
 *
 * Return: 0; -1 with errno EINVAL if the attribute is of another type. The
 * filter is as before then.
 */
int nftnl_flow_filter_set_u8(struct nftnl_flow_filter *f, uint16_t attr, uint8_t val);

/**
 * nftnl_flow_filter_set_u16() - set a number of 16 bits
 * @f: filter
 * @attr: enum nftnl_flow_filter_attr, of type u16
 * @val: number, in host byte order and in the unit of the attribute
 *
 * Return: 0; -1 with errno EINVAL if the attribute is of another type. The
 * filter is as before then.
 */
int nftnl_flow_filter_set_u16(struct nftnl_flow_filter *f, uint16_t attr, uint16_t val);

/**
 * nftnl_flow_filter_set_u32() - set a number of 32 bits
 * @f: filter
 * @attr: enum nftnl_flow_filter_attr, of type u32
 * @val: number, in host byte order and in the unit of the attribute
 *
 * Return: 0; -1 with errno EINVAL if the attribute is of another type. The
 * filter is as before then.
 */
int nftnl_flow_filter_set_u32(struct nftnl_flow_filter *f, uint16_t attr, uint32_t val);

/**
 * nftnl_flow_filter_set_str() - set a string
 * @f: filter
 * @attr: enum nftnl_flow_filter_attr, of type string
 * @str: string, which is copied
 *
 * Return: 0; -1 with errno EINVAL if the attribute is not a string or @str is
 * NULL, with ERANGE if @str is too long (255 bytes). The filter is as before
 * then.
 */
int nftnl_flow_filter_set_str(struct nftnl_flow_filter *f, uint16_t attr,
			      const char *str);

/**
 * nftnl_flow_filter_get_data() - any attribute
 * @f: filter
 * @attr: enum nftnl_flow_filter_attr
 * @data_len: set to the length in bytes, for strings with the NUL; may be NULL
 *
 * Return: what set_data() takes. It belongs to @f and stays until @f is
 * changed. NULL, and a length of 0, if it is not set.
 */
const void *nftnl_flow_filter_get_data(const struct nftnl_flow_filter *f, uint16_t attr,
				       uint32_t *data_len);

/**
 * nftnl_flow_filter_get_u8() - number of 8 bits
 * @f: filter
 * @attr: enum nftnl_flow_filter_attr, of type u8
 *
 * Return: the number, in host byte order; 0 if it is not set, or of another
 * type.
 */
uint8_t nftnl_flow_filter_get_u8(const struct nftnl_flow_filter *f, uint16_t attr);

/**
 * nftnl_flow_filter_get_u16() - number of 16 bits
 * @f: filter
 * @attr: enum nftnl_flow_filter_attr, of type u16
 *
 * Return: the number, in host byte order; 0 if it is not set, or of another
 * type.
 */
uint16_t nftnl_flow_filter_get_u16(const struct nftnl_flow_filter *f, uint16_t attr);

/**
 * nftnl_flow_filter_get_u32() - number of 32 bits
 * @f: filter
 * @attr: enum nftnl_flow_filter_attr, of type u32
 *
 * Return: the number, in host byte order; 0 if it is not set, or of another
 * type.
 */
uint32_t nftnl_flow_filter_get_u32(const struct nftnl_flow_filter *f, uint16_t attr);

/**
 * nftnl_flow_filter_get_str() - string
 * @f: filter
 * @attr: enum nftnl_flow_filter_attr, of type string
 *
 * Return: the string, which belongs to @f and stays until @f is changed; NULL
 * if it is not set, or of another type.
 */
const char *nftnl_flow_filter_get_str(const struct nftnl_flow_filter *f, uint16_t attr);

/**
 * nftnl_flow_filter_nlmsg_build_payload() - filter as an attribute of a request
 * @nlh: message, with room for 1024 bytes more
 * @type: the nest: NFT_OFFLOAD_FLOW_FILTER or NFT_OFFLOAD_EXPLAIN_FILTER
 * @f: filter
 *
 * An empty filter adds nothing: all flows. The kernel refuses filters with an
 * address without the layer 3 protocol, a highest value without the lowest, or
 * a mask without the mark.
 */
void nftnl_flow_filter_nlmsg_build_payload(struct nlmsghdr *nlh, uint16_t type,
					   const struct nftnl_flow_filter *f);

/**
 * nftnl_flow_filter_match() - does a flow match a filter?
 * @f: filter
 * @flow: flow, such as an event has it
 *
 * As the kernel has it, which has no filters for events: addresses and ports
 * are those of the original direction. A flow that lacks an attribute that the
 * filter is about does not pass, except that missing ports (GRE) and a missing
 * zone (kernel without zones) are 0, and that a missing mark is not looked at
 * (kernel without marks). What the kernel would refuse in a filter is ignored
 * here.
 *
 * Return: true if so.
 */
bool nftnl_flow_filter_match(const struct nftnl_flow_filter *f,
			     const struct nftnl_flow *flow);

/**
 * nftnl_flow_filter_nlmsg_parse() - filter of a request
 * @nlh: message, all of it in memory
 * @type: the nest: NFT_OFFLOAD_FLOW_FILTER or NFT_OFFLOAD_EXPLAIN_FILTER
 * @f: filter that is filled; it stays empty if there is no such nest
 *
 * @f loses what it had, also on failure. Unknown attributes are skipped. Strings
 * that are too long are cut off. Nothing past nlmsg_len is read.
 *
 * Return: 0; -1 with errno EINVAL if an attribute has a wrong length or the
 * message ends within one. @f is empty then.
 */
int nftnl_flow_filter_nlmsg_parse(const struct nlmsghdr *nlh, uint16_t type,
				  struct nftnl_flow_filter *f);

/**
 * nftnl_flow_filter_snprintf() - filter as one line of text
 * @buf: where to; may be NULL if @size is 0
 * @size: of @buf in bytes
 * @f: filter
 * @type: NFTNL_OFFLOAD_OUTPUT_DEFAULT
 * @flags: 0
 *
 * Writes at most @size bytes, with a NUL if @size is not 0. Characters of names
 * that cannot be printed become question marks. The text is for people, and may
 * change: programs should get attributes.
 *
 * Return: length of all the text, without the NUL, which may be more than @size;
 * -1 with errno EOPNOTSUPP if @type or @flags are not known.
 */
int nftnl_flow_filter_snprintf(char *buf, size_t size, const struct nftnl_flow_filter *f,
			       uint32_t type, uint32_t flags);

#ifdef __cplusplus
}
#endif

#endif /* _LIBNFTNL_OFFLOAD_FILTER_H_ */
