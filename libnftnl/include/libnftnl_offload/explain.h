/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _LIBNFTNL_OFFLOAD_EXPLAIN_H_
#define _LIBNFTNL_OFFLOAD_EXPLAIN_H_

#include <libnftnl_offload/common.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Where a connection is forwarded, or would be, and why not in hardware */
enum nftnl_offload_explain_attr {
	NFTNL_OFFLOAD_EXPLAIN_LAYER = 0,	/* u8, enum nft_offload_layer */
	NFTNL_OFFLOAD_EXPLAIN_REASON,		/* string */
	NFTNL_OFFLOAD_EXPLAIN_CT_ID,		/* u32, as conntrack -L -o id prints it */
	NFTNL_OFFLOAD_EXPLAIN_EXPECT,		/* u8, enum nft_offload_layer; if there is no flow */
	NFTNL_OFFLOAD_EXPLAIN_TABLE_FAMILY,	/* u8, NFPROTO_*, of the flowtable this is about */
	NFTNL_OFFLOAD_EXPLAIN_TABLE,		/* string */
	NFTNL_OFFLOAD_EXPLAIN_FLOWTABLE,	/* string */
	__NFTNL_OFFLOAD_EXPLAIN_MAX
};
#define NFTNL_OFFLOAD_EXPLAIN_MAX (__NFTNL_OFFLOAD_EXPLAIN_MAX - 1)

struct nftnl_flow;
struct nftnl_offload_explain;

/**
 * nftnl_offload_explain_alloc() - a new, empty answer
 *
 * Return: the answer, for nftnl_offload_explain_free(); NULL with errno ENOMEM.
 */
struct nftnl_offload_explain *nftnl_offload_explain_alloc(void);

/**
 * nftnl_offload_explain_free() - end of an answer
 * @e: answer; NULL does nothing
 */
void nftnl_offload_explain_free(const struct nftnl_offload_explain *e);

/**
 * nftnl_offload_explain_is_set() - has the answer this attribute?
 * @e: answer
 * @attr: enum nftnl_offload_explain_attr
 *
 * Return: true if so; false also for an attribute that does not exist.
 */
bool nftnl_offload_explain_is_set(const struct nftnl_offload_explain *e, uint16_t attr);

/**
 * nftnl_offload_explain_unset() - take an attribute away
 * @e: answer
 * @attr: enum nftnl_offload_explain_attr; one that there is not does nothing
 */
void nftnl_offload_explain_unset(struct nftnl_offload_explain *e, uint16_t attr);

/**
 * nftnl_offload_explain_set_u8() - set a number of 8 bits
 * @e: answer
 * @attr: enum nftnl_offload_explain_attr, of type u8
 * @val: number, in host byte order and in the unit of the attribute
 *
 * Return: 0; -1 with errno EINVAL if the attribute is of another type. The
 * answer is as before then.
 */
int nftnl_offload_explain_set_u8(struct nftnl_offload_explain *e, uint16_t attr,
				 uint8_t val);

/**
 * nftnl_offload_explain_set_u32() - set a number of 32 bits
 * @e: answer
 * @attr: enum nftnl_offload_explain_attr, of type u32
 * @val: number, in host byte order and in the unit of the attribute
 *
 * Return: 0; -1 with errno EINVAL if the attribute is of another type. The
 * answer is as before then.
 */
int nftnl_offload_explain_set_u32(struct nftnl_offload_explain *e, uint16_t attr,
				  uint32_t val);

/**
 * nftnl_offload_explain_set_str() - set a string
 * @e: answer
 * @attr: enum nftnl_offload_explain_attr, of type string
 * @str: string, which is copied
 *
 * Return: 0; -1 with errno EINVAL if the attribute is not a string or @str is
 * NULL, with ERANGE if @str is too long (63 bytes, names of tables and
 * flowtables 255). The answer is as before then.
 */
int nftnl_offload_explain_set_str(struct nftnl_offload_explain *e, uint16_t attr,
				  const char *str);

/**
 * nftnl_offload_explain_get_u8() - number of 8 bits
 * @e: answer
 * @attr: enum nftnl_offload_explain_attr, of type u8
 *
 * Return: the number, in host byte order; 0 if it is not set, or of another
 * type.
 */
uint8_t nftnl_offload_explain_get_u8(const struct nftnl_offload_explain *e,
				     uint16_t attr);

/**
 * nftnl_offload_explain_get_u32() - number of 32 bits
 * @e: answer
 * @attr: enum nftnl_offload_explain_attr, of type u32
 *
 * Return: the number, in host byte order; 0 if it is not set, or of another
 * type.
 */
uint32_t nftnl_offload_explain_get_u32(const struct nftnl_offload_explain *e,
				       uint16_t attr);

/**
 * nftnl_offload_explain_get_str() - string
 * @e: answer
 * @attr: enum nftnl_offload_explain_attr, of type string
 *
 * Return: the string, which belongs to @e and stays until @e is changed; NULL
 * if it is not set, or of another type.
 */
const char *nftnl_offload_explain_get_str(const struct nftnl_offload_explain *e,
					  uint16_t attr);

/**
 * nftnl_offload_explain_get_flow() - flow of the connection
 * @e: answer
 *
 * Return: the flow, which belongs to @e and stays until @e is changed; NULL if
 * there is none.
 */
const struct nftnl_flow *nftnl_offload_explain_get_flow(const struct nftnl_offload_explain *e);

/**
 * nftnl_offload_explain_set_flow() - set the flow of the connection
 * @e: answer
 * @f: flow, which is copied; NULL takes it away
 *
 * Return: 0.
 */
int nftnl_offload_explain_set_flow(struct nftnl_offload_explain *e,
				   const struct nftnl_flow *f);

/**
 * nftnl_offload_explain_device() - one device of several
 * @e: answer
 * @i: from 0
 *
 * Devices that packets of the original direction pass, in this order.
 *
 * Return: the device, which belongs to @e and stays until @e is parsed into or
 * freed; NULL after the last one.
 */
const struct nftnl_offload_device *
nftnl_offload_explain_device(const struct nftnl_offload_explain *e, unsigned int i);

/**
 * nftnl_offload_explain_add_device() - add a device
 * @e: answer
 * @dev: device, which is copied, with its reason; its name has a NUL
 *
 * Return: 0; -1 with errno ERANGE if the name has no NUL or the reason is longer
 * than 63 bytes, or ENOMEM.
 */
int nftnl_offload_explain_add_device(struct nftnl_offload_explain *e,
				     const struct nftnl_offload_device *dev);

/**
 * nftnl_offload_explain_nlmsg_build_payload() - answer as attributes of a message
 * @nlh: message, with room for 4096 bytes, and 128 for each device
 * @e: answer
 *
 * The message is like those of the kernel, for tests. Requests have a filter
 * instead: see nftnl_flow_filter_nlmsg_build_payload().
 */
void nftnl_offload_explain_nlmsg_build_payload(struct nlmsghdr *nlh,
					       const struct nftnl_offload_explain *e);

/**
 * nftnl_offload_explain_nlmsg_parse() - answer of a message
 * @nlh: message of type NFT_OFFLOAD_CMD_EXPLAIN, all of it in memory
 * @e: answer that is filled
 *
 * @e loses what it had, also on failure. Unknown attributes are skipped. Strings
 * that are too long are cut off. Nothing past nlmsg_len is read. Devices without
 * an index are skipped.
 *
 * Return: 0; -1 with errno EINVAL if an attribute has a wrong length or the
 * message ends within one, or ENOMEM. @e is empty then.
 */
int nftnl_offload_explain_nlmsg_parse(const struct nlmsghdr *nlh,
				      struct nftnl_offload_explain *e);

/**
 * nftnl_offload_explain_snprintf() - answer as one line of text
 * @buf: where to; may be NULL if @size is 0
 * @size: of @buf in bytes
 * @e: answer
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
int nftnl_offload_explain_snprintf(char *buf, size_t size,
				   const struct nftnl_offload_explain *e, uint32_t type, uint32_t flags);

#ifdef __cplusplus
}
#endif

#endif /* _LIBNFTNL_OFFLOAD_EXPLAIN_H_ */
