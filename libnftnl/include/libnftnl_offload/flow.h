/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _LIBNFTNL_OFFLOAD_FLOW_H_
#define _LIBNFTNL_OFFLOAD_FLOW_H_

#include <libnftnl_offload/common.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Attributes of a flow, with the type in which they are set and got. New ones are
 * added at the end.
 */
enum nftnl_flow_attr {
	NFTNL_FLOW_ID = 0,		/* u64 */
	NFTNL_FLOW_TABLE_FAMILY,	/* u8, NFPROTO_* */
	NFTNL_FLOW_TABLE,		/* string */
	NFTNL_FLOW_FLOWTABLE,		/* string */
	NFTNL_FLOW_L3PROTO,		/* u8, NFPROTO_IPV4 or NFPROTO_IPV6 */
	NFTNL_FLOW_L4PROTO,		/* u8, IPPROTO_* */
	NFTNL_FLOW_STATE,		/* u8, enum nft_offload_state */
	NFTNL_FLOW_FLAGS,		/* u32, NFT_OFFLOAD_FLAG_* */
	NFTNL_FLOW_TIMEOUT,		/* u32, milliseconds */
	NFTNL_FLOW_AGE,			/* u64, milliseconds */
	NFTNL_FLOW_CT_ID,		/* u32, as conntrack -L -o id prints it */
	NFTNL_FLOW_CT_MARK,		/* u32 */
	NFTNL_FLOW_CT_ZONE,		/* u16 */
	NFTNL_FLOW_EVENT,		/* u8, enum nft_offload_event; see event.h, too */
	NFTNL_FLOW_CAUSE,		/* u8, enum nft_offload_cause */
	NFTNL_FLOW_SEQ,			/* u32 */
	NFTNL_FLOW_COUNT,		/* u64, answer to FLOW_DEL and FLOW_SET */
	NFTNL_FLOW_PIN,			/* u8, enum nft_offload_pin; missing: auto */
	/* of the original direction; add NFTNL_FLOW_DIR_STEP for replies */
	NFTNL_FLOW_ORIG_SADDR = 32,	/* 4 or 16 bytes */
	NFTNL_FLOW_ORIG_DADDR,		/* 4 or 16 bytes */
	NFTNL_FLOW_ORIG_SPORT,		/* u16, host byte order */
	NFTNL_FLOW_ORIG_DPORT,		/* u16, host byte order */
	NFTNL_FLOW_ORIG_IIF,		/* u32 */
	NFTNL_FLOW_ORIG_OIF,		/* u32 */
	NFTNL_FLOW_ORIG_ENCAP,		/* array of struct nftnl_flow_encap, outermost first */
	NFTNL_FLOW_ORIG_MTU,		/* u32, bytes */
	NFTNL_FLOW_ORIG_SW_PACKETS,	/* u64 */
	NFTNL_FLOW_ORIG_SW_BYTES,	/* u64 */
	NFTNL_FLOW_ORIG_HW_PACKETS,	/* u64 */
	NFTNL_FLOW_ORIG_HW_BYTES,	/* u64 */
	NFTNL_FLOW_ORIG_IN_HARDWARE,	/* u8, 0 or 1 */
	NFTNL_FLOW_ORIG_ERRNO,		/* u32, positive errno */
	NFTNL_FLOW_ORIG_REASON,		/* string */
	NFTNL_FLOW_ORIG_MESSAGE,	/* string */
	NFTNL_FLOW_ORIG_HW_AGE,		/* u64, milliseconds since the driver last counted */
	NFTNL_FLOW_ORIG_PRIORITY,	/* u32, that packets are given */
	NFTNL_FLOW_ORIG_DSCP,		/* u8, the same: 0 to 63 */
	NFTNL_FLOW_ORIG_NOT_CARRIED,	/* u8, bits of enum nft_offload_carry: hardware does not */
	NFTNL_FLOW_REPL_SADDR = 64,
	NFTNL_FLOW_REPL_DADDR,
	NFTNL_FLOW_REPL_SPORT,
	NFTNL_FLOW_REPL_DPORT,
	NFTNL_FLOW_REPL_IIF,
	NFTNL_FLOW_REPL_OIF,
	NFTNL_FLOW_REPL_ENCAP,
	NFTNL_FLOW_REPL_MTU,
	NFTNL_FLOW_REPL_SW_PACKETS,
	NFTNL_FLOW_REPL_SW_BYTES,
	NFTNL_FLOW_REPL_HW_PACKETS,
	NFTNL_FLOW_REPL_HW_BYTES,
	NFTNL_FLOW_REPL_IN_HARDWARE,
	NFTNL_FLOW_REPL_ERRNO,
	NFTNL_FLOW_REPL_REASON,
	NFTNL_FLOW_REPL_MESSAGE,
	NFTNL_FLOW_REPL_HW_AGE,
	NFTNL_FLOW_REPL_PRIORITY,
	NFTNL_FLOW_REPL_DSCP,
	NFTNL_FLOW_REPL_NOT_CARRIED,
	__NFTNL_FLOW_MAX
};
#define NFTNL_FLOW_MAX (__NFTNL_FLOW_MAX - 1)
#define NFTNL_FLOW_DIR_STEP (NFTNL_FLOW_REPL_SADDR - NFTNL_FLOW_ORIG_SADDR)

/* A header in front of IP */
struct nftnl_flow_encap {
	uint16_t proto;	/* ETH_P_8021Q, ETH_P_8021AD or ETH_P_PPP_SES, host byte order */
	uint16_t id;	/* VLAN or session */
};

/* Headers that there is room for; tunnels have 2 at most today */
#define NFTNL_FLOW_ENCAP_MAX	8

struct nftnl_flow;

/**
 * nftnl_flow_alloc() - a new, empty flow
 *
 * Return: the flow, for nftnl_flow_free(); NULL with errno ENOMEM.
 */
struct nftnl_flow *nftnl_flow_alloc(void);

/**
 * nftnl_flow_free() - end of a flow
 * @f: flow; NULL does nothing
 *
 * A flow that is in a list is taken out of it first.
 */
void nftnl_flow_free(const struct nftnl_flow *f);

/**
 * nftnl_flow_reset() - take all attributes away
 * @f: flow
 *
 * It is cheap: one flow can be used for all messages of a dump. The flow stays in its
 * list.
 */
void nftnl_flow_reset(struct nftnl_flow *f);

/**
 * nftnl_flow_clone() - copy of a flow
 * @f: flow
 *
 * The copy is in no list.
 *
 * Return: the copy, for nftnl_flow_free(); NULL with errno ENOMEM.
 */
struct nftnl_flow *nftnl_flow_clone(const struct nftnl_flow *f);

/**
 * nftnl_flow_is_set() - has the flow this attribute?
 * @f: flow
 * @attr: enum nftnl_flow_attr
 *
 * Return: true if so; false also for an attribute that does not exist.
 */
bool nftnl_flow_is_set(const struct nftnl_flow *f, uint16_t attr);

/**
 * nftnl_flow_unset() - take an attribute away
 * @f: flow
 * @attr: enum nftnl_flow_attr; one that there is not does nothing
 */
void nftnl_flow_unset(struct nftnl_flow *f, uint16_t attr);

/**
 * nftnl_flow_set_data() - set any attribute
 * @f: flow
 * @attr: enum nftnl_flow_attr
 * @data: what is copied: an address in network byte order, a number in host
 *	byte order, a string with or without its NUL, an array of struct
 *	nftnl_flow_encap
 * @data_len: its length in bytes
 *
 * Return: 0; -1 with errno EINVAL if there is no such attribute or the length
 * is wrong, with ERANGE if a string is too long. The flow is as before then.
 */
int nftnl_flow_set_data(struct nftnl_flow *f, uint16_t attr, const void *data,
			uint32_t data_len);

/**
 * nftnl_flow_set_u8() - set a number of 8 bits
 * @f: flow
 * @attr: enum nftnl_flow_attr, of type u8
 * @val: number, in host byte order and in the unit of the attribute
 *
 * Return: 0; -1 with errno EINVAL if the attribute is of another type. The flow
 * is as before then.
 */
int nftnl_flow_set_u8(struct nftnl_flow *f, uint16_t attr, uint8_t val);

/**
 * nftnl_flow_set_u16() - set a number of 16 bits
 * @f: flow
 * @attr: enum nftnl_flow_attr, of type u16
 * @val: number, in host byte order and in the unit of the attribute
 *
 * Return: 0; -1 with errno EINVAL if the attribute is of another type. The flow
 * is as before then.
 */
int nftnl_flow_set_u16(struct nftnl_flow *f, uint16_t attr, uint16_t val);

/**
 * nftnl_flow_set_u32() - set a number of 32 bits
 * @f: flow
 * @attr: enum nftnl_flow_attr, of type u32
 * @val: number, in host byte order and in the unit of the attribute
 *
 * Return: 0; -1 with errno EINVAL if the attribute is of another type. The flow
 * is as before then.
 */
int nftnl_flow_set_u32(struct nftnl_flow *f, uint16_t attr, uint32_t val);

/**
 * nftnl_flow_set_u64() - set a number of 64 bits
 * @f: flow
 * @attr: enum nftnl_flow_attr, of type u64
 * @val: number, in host byte order and in the unit of the attribute
 *
 * Return: 0; -1 with errno EINVAL if the attribute is of another type. The flow
 * is as before then.
 */
int nftnl_flow_set_u64(struct nftnl_flow *f, uint16_t attr, uint64_t val);

/**
 * nftnl_flow_set_str() - set a string
 * @f: flow
 * @attr: enum nftnl_flow_attr, of type string
 * @str: string, which is copied
 *
 * Return: 0; -1 with errno EINVAL if the attribute is not a string or @str is
 * NULL, with ERANGE if @str is too long (names: 255 bytes, reasons: 63,
 * messages: 255). The flow is as before then.
 */
int nftnl_flow_set_str(struct nftnl_flow *f, uint16_t attr, const char *str);

/**
 * nftnl_flow_get_data() - any attribute
 * @f: flow
 * @attr: enum nftnl_flow_attr
 * @data_len: set to the length in bytes, for strings with the NUL; may be NULL
 *
 * Return: what set_data() takes. It belongs to @f and stays until @f is
 * changed. NULL, and a length of 0, if it is not set.
 */
const void *nftnl_flow_get_data(const struct nftnl_flow *f, uint16_t attr,
				uint32_t *data_len);

/**
 * nftnl_flow_get_u8() - number of 8 bits
 * @f: flow
 * @attr: enum nftnl_flow_attr, of type u8
 *
 * Return: the number, in host byte order; 0 if it is not set, or of another
 * type.
 */
uint8_t nftnl_flow_get_u8(const struct nftnl_flow *f, uint16_t attr);

/**
 * nftnl_flow_get_u16() - number of 16 bits
 * @f: flow
 * @attr: enum nftnl_flow_attr, of type u16
 *
 * Return: the number, in host byte order; 0 if it is not set, or of another
 * type.
 */
uint16_t nftnl_flow_get_u16(const struct nftnl_flow *f, uint16_t attr);

/**
 * nftnl_flow_get_u32() - number of 32 bits
 * @f: flow
 * @attr: enum nftnl_flow_attr, of type u32
 *
 * Return: the number, in host byte order; 0 if it is not set, or of another
 * type.
 */
uint32_t nftnl_flow_get_u32(const struct nftnl_flow *f, uint16_t attr);

/**
 * nftnl_flow_get_u64() - number of 64 bits
 * @f: flow
 * @attr: enum nftnl_flow_attr, of type u64
 *
 * Return: the number, in host byte order; 0 if it is not set, or of another
 * type.
 */
uint64_t nftnl_flow_get_u64(const struct nftnl_flow *f, uint16_t attr);

/**
 * nftnl_flow_get_str() - string
 * @f: flow
 * @attr: enum nftnl_flow_attr, of type string
 *
 * Return: the string, which belongs to @f and stays until @f is changed; NULL
 * if it is not set, or of another type.
 */
const char *nftnl_flow_get_str(const struct nftnl_flow *f, uint16_t attr);

/**
 * nftnl_flow_get_total() - what a flow has forwarded, in software and hardware
 * @f: flow
 * @dir: 0 for the original direction, NFTNL_FLOW_DIR_STEP for replies
 * @packets: set to the packets of this direction; may be NULL
 * @bytes: set to their bytes; may be NULL. Software counts from the IP header on,
 *	hardware as its driver does
 *
 * Packets that were routed, before there was this flow or after it, are not
 * counted here: conntrack has them in its counters.
 *
 * Return: 0; -1 with errno EINVAL if there is no such direction, with ENODATA if
 * a counter that is asked for is not set, of software or of hardware. @packets
 * and @bytes are as before then.
 */
int nftnl_flow_get_total(const struct nftnl_flow *f, uint16_t dir, uint64_t *packets,
			 uint64_t *bytes);

/**
 * nftnl_flow_nlmsg_build_payload() - flow as attributes of a message
 * @nlh: message, with room for 4096 bytes more
 * @f: flow
 *
 * The message is like those of the kernel, for tests and for tools that replay
 * events. Only what is set is in it: a flow with NFTNL_FLOW_ID and NFTNL_FLOW_PIN,
 * and nothing else, makes a request of NFT_OFFLOAD_CMD_FLOW_SET.
 */
void nftnl_flow_nlmsg_build_payload(struct nlmsghdr *nlh, const struct nftnl_flow *f);

/**
 * nftnl_flow_nlmsg_parse() - flow of a message
 * @nlh: message of type NFT_OFFLOAD_CMD_FLOW_GET, NFT_OFFLOAD_CMD_FLOW_DEL,
 *	NFT_OFFLOAD_CMD_FLOW_SET, NFT_OFFLOAD_CMD_FLOW_NEW_NTF or NFT_OFFLOAD_CMD_FLOW_DEL_NTF, all of it in
 *	memory
 * @f: flow that is filled; it stays in its list
 *
 * @f loses what it had, also on failure. Unknown attributes, and headers after the
 * first NFTNL_FLOW_ENCAP_MAX, are skipped. Strings that are too long are cut off.
 * Nothing past nlmsg_len is read. Nothing is allocated.
 *
 * Return: 0; -1 with errno EINVAL if an attribute has a wrong length or the
 * message ends within one. @f is empty then.
 */
int nftnl_flow_nlmsg_parse(const struct nlmsghdr *nlh, struct nftnl_flow *f);

/**
 * nftnl_flow_snprintf() - flow as one line of text
 * @buf: where to; may be NULL if @size is 0
 * @size: of @buf in bytes
 * @f: flow
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
int nftnl_flow_snprintf(char *buf, size_t size, const struct nftnl_flow *f, uint32_t type,
			uint32_t flags);

/**
 * nftnl_flow_fprintf() - write a flow as text
 * @fp: where to
 * @f: flow
 * @type: NFTNL_OFFLOAD_OUTPUT_DEFAULT
 * @flags: 0
 *
 * The text is that of nftnl_flow_snprintf(), without a newline.
 *
 * Return: number of bytes; -1 with errno as nftnl_flow_snprintf() or fprintf()
 * set it.
 */
int nftnl_flow_fprintf(FILE *fp, const struct nftnl_flow *f, uint32_t type,
		       uint32_t flags);

struct nftnl_flow_list;

/**
 * nftnl_flow_list_alloc() - a new, empty list
 *
 * Return: the list, for nftnl_flow_list_free(); NULL with errno ENOMEM.
 */
struct nftnl_flow_list *nftnl_flow_list_alloc(void);

/**
 * nftnl_flow_list_free() - end of a list and of all flows in it
 * @list: list; NULL does nothing
 */
void nftnl_flow_list_free(struct nftnl_flow_list *list);

/**
 * nftnl_flow_list_is_empty() - is there no flow in a list?
 * @list: list
 *
 * Return: 1 if there is none, else 0.
 */
int nftnl_flow_list_is_empty(const struct nftnl_flow_list *list);

/**
 * nftnl_flow_list_add() - put a flow at the beginning of a list
 * @f: flow, which now belongs to the list; if it is in another list, it is
 *	taken out of that
 * @list: list
 */
void nftnl_flow_list_add(struct nftnl_flow *f, struct nftnl_flow_list *list);

/**
 * nftnl_flow_list_add_tail() - put a flow at the end of a list
 * @f: flow, which now belongs to the list; if it is in another list, it is
 *	taken out of that
 * @list: list
 */
void nftnl_flow_list_add_tail(struct nftnl_flow *f, struct nftnl_flow_list *list);

/**
 * nftnl_flow_list_del() - take a flow out of its list
 * @f: flow, which now belongs to the caller; one that is in no list stays as it
 *	is
 */
void nftnl_flow_list_del(struct nftnl_flow *f);

/**
 * nftnl_flow_list_foreach() - call a function for each flow of a list
 * @list: list
 * @cb: called with a flow, which it may take out of the list and free, and no
 *	other; a negative value ends the loop
 * @data: passed to @cb
 *
 * Return: the negative value that @cb returned; 0 if there was none.
 */
int nftnl_flow_list_foreach(struct nftnl_flow_list *list,
			    int (*cb)(struct nftnl_flow *f, void *data), void *data);

struct nftnl_flow_list_iter;

/**
 * nftnl_flow_list_iter_create() - begin to go through a list
 * @list: list, which must outlive the iterator
 *
 * Return: the iterator, for nftnl_flow_list_iter_destroy(); NULL with errno
 * ENOMEM.
 */
struct nftnl_flow_list_iter *nftnl_flow_list_iter_create(const struct nftnl_flow_list *list);

/**
 * nftnl_flow_list_iter_next() - next flow of a list
 * @iter: iterator
 *
 * What it returned last may be taken out of the list and freed; what it returns
 * next must not.
 *
 * Return: the flow, which belongs to the list; NULL after the last one.
 */
struct nftnl_flow *nftnl_flow_list_iter_next(struct nftnl_flow_list_iter *iter);

/**
 * nftnl_flow_list_iter_destroy() - end of an iterator
 * @iter: iterator; NULL does nothing. The list stays
 */
void nftnl_flow_list_iter_destroy(const struct nftnl_flow_list_iter *iter);

#ifdef __cplusplus
}
#endif

#endif /* _LIBNFTNL_OFFLOAD_FLOW_H_ */
