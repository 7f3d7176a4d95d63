/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _LIBNFTNL_OFFLOAD_TABLE_H_
#define _LIBNFTNL_OFFLOAD_TABLE_H_

#include <libnftnl_offload/common.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A flowtable with its counters, which are since it was made */
enum nftnl_offload_table_attr {
	NFTNL_OFFLOAD_TABLE_FAMILY = 0,		/* u8, NFPROTO_* */
	NFTNL_OFFLOAD_TABLE_TABLE,		/* string */
	NFTNL_OFFLOAD_TABLE_NAME,		/* string */
	NFTNL_OFFLOAD_TABLE_FLAGS,		/* u32, NFT_OFFLOAD_TABLE_FLAG_* */
	NFTNL_OFFLOAD_TABLE_ALLOWED,		/* u8, 0 or 1 */
	NFTNL_OFFLOAD_TABLE_FLOWS,		/* u32 */
	NFTNL_OFFLOAD_TABLE_HW_FLOWS,		/* u32 */
	NFTNL_OFFLOAD_TABLE_QUEUE_ADD,		/* u32 */
	NFTNL_OFFLOAD_TABLE_QUEUE_DEL,		/* u32 */
	NFTNL_OFFLOAD_TABLE_QUEUE_STATS,	/* u32 */
	NFTNL_OFFLOAD_TABLE_HW_ADDS,		/* u64 */
	NFTNL_OFFLOAD_TABLE_HW_DELS,		/* u64 */
	NFTNL_OFFLOAD_TABLE_DEVICES_MORE,	/* u32, that the message had no room for */
	NFTNL_OFFLOAD_TABLE_STRICT,		/* u8, 1: a device that cannot offload is an error */
	__NFTNL_OFFLOAD_TABLE_MAX
};
#define NFTNL_OFFLOAD_TABLE_MAX (__NFTNL_OFFLOAD_TABLE_MAX - 1)

struct nftnl_offload_reason {
	const char *name;	/* NULL: it is an error number */
	uint32_t err;		/* positive errno; 0: one without a counter of its own */
	uint64_t count;
};

struct nftnl_offload_table;

/**
 * nftnl_offload_table_alloc() - a new, empty flowtable
 *
 * Return: the flowtable, for nftnl_offload_table_free(); NULL with errno
 * ENOMEM.
 */
struct nftnl_offload_table *nftnl_offload_table_alloc(void);

/**
 * nftnl_offload_table_free() - end of a flowtable
 * @t: flowtable; NULL does nothing
 *
 * A flowtable that is in a list is taken out of it first.
 */
void nftnl_offload_table_free(const struct nftnl_offload_table *t);

/**
 * nftnl_offload_table_is_set() - has the flowtable this attribute?
 * @t: flowtable
 * @attr: enum nftnl_offload_table_attr
 *
 * Return: true if so; false also for an attribute that does not exist.
 */
bool nftnl_offload_table_is_set(const struct nftnl_offload_table *t, uint16_t attr);

/**
 * nftnl_offload_table_unset() - take an attribute away
 * @t: flowtable
 * @attr: enum nftnl_offload_table_attr; one that there is not does nothing
 */
void nftnl_offload_table_unset(struct nftnl_offload_table *t, uint16_t attr);

/**
 * nftnl_offload_table_set_u8() - set a number of 8 bits
 * @t: flowtable
 * @attr: enum nftnl_offload_table_attr, of type u8
 * @val: number, in host byte order and in the unit of the attribute
 *
 * Return: 0; -1 with errno EINVAL if the attribute is of another type. The
 * flowtable is as before then.
 */
int nftnl_offload_table_set_u8(struct nftnl_offload_table *t, uint16_t attr, uint8_t val);

/**
 * nftnl_offload_table_set_u32() - set a number of 32 bits
 * @t: flowtable
 * @attr: enum nftnl_offload_table_attr, of type u32
 * @val: number, in host byte order and in the unit of the attribute
 *
 * Return: 0; -1 with errno EINVAL if the attribute is of another type. The
 * flowtable is as before then.
 */
int nftnl_offload_table_set_u32(struct nftnl_offload_table *t, uint16_t attr,
				uint32_t val);

/**
 * nftnl_offload_table_set_u64() - set a number of 64 bits
 * @t: flowtable
 * @attr: enum nftnl_offload_table_attr, of type u64
 * @val: number, in host byte order and in the unit of the attribute
 *
 * Return: 0; -1 with errno EINVAL if the attribute is of another type. The
 * flowtable is as before then.
 */
int nftnl_offload_table_set_u64(struct nftnl_offload_table *t, uint16_t attr,
				uint64_t val);

/**
 * nftnl_offload_table_set_str() - set a string
 * @t: flowtable
 * @attr: enum nftnl_offload_table_attr, of type string
 * @str: string, which is copied
 *
 * Return: 0; -1 with errno EINVAL if the attribute is not a string or @str is
 * NULL, with ERANGE if @str is too long (255 bytes). The flowtable is as before
 * then.
 */
int nftnl_offload_table_set_str(struct nftnl_offload_table *t, uint16_t attr,
				const char *str);

/**
 * nftnl_offload_table_get_u8() - number of 8 bits
 * @t: flowtable
 * @attr: enum nftnl_offload_table_attr, of type u8
 *
 * Return: the number, in host byte order; 0 if it is not set, or of another
 * type.
 */
uint8_t nftnl_offload_table_get_u8(const struct nftnl_offload_table *t, uint16_t attr);

/**
 * nftnl_offload_table_get_u32() - number of 32 bits
 * @t: flowtable
 * @attr: enum nftnl_offload_table_attr, of type u32
 *
 * Return: the number, in host byte order; 0 if it is not set, or of another
 * type.
 */
uint32_t nftnl_offload_table_get_u32(const struct nftnl_offload_table *t, uint16_t attr);

/**
 * nftnl_offload_table_get_u64() - number of 64 bits
 * @t: flowtable
 * @attr: enum nftnl_offload_table_attr, of type u64
 *
 * Return: the number, in host byte order; 0 if it is not set, or of another
 * type.
 */
uint64_t nftnl_offload_table_get_u64(const struct nftnl_offload_table *t, uint16_t attr);

/**
 * nftnl_offload_table_get_str() - string
 * @t: flowtable
 * @attr: enum nftnl_offload_table_attr, of type string
 *
 * Return: the string, which belongs to @t and stays until @t is changed; NULL
 * if it is not set, or of another type.
 */
const char *nftnl_offload_table_get_str(const struct nftnl_offload_table *t,
					uint16_t attr);

/**
 * nftnl_offload_table_device() - one device of several
 * @t: flowtable
 * @i: from 0
 *
 * Return: the device, which belongs to @t and stays until @t is parsed into or
 * freed; NULL after the last one.
 */
const struct nftnl_offload_device *
nftnl_offload_table_device(const struct nftnl_offload_table *t, unsigned int i);

/**
 * nftnl_offload_table_reason() - one reason of several
 * @t: flowtable
 * @i: from 0
 *
 * Why flows are not in hardware, or packets made no flow, with how often that
 * was.
 *
 * Return: the reason, which belongs to @t and stays until @t is parsed into or
 * freed; NULL after the last one.
 */
const struct nftnl_offload_reason *
nftnl_offload_table_reason(const struct nftnl_offload_table *t, unsigned int i);

/**
 * nftnl_offload_table_errno() - one error of drivers of several
 * @t: flowtable
 * @i: from 0
 *
 * Return: the error, without a name, which belongs to @t and stays until @t is
 * parsed into or freed; NULL after the last one.
 */
const struct nftnl_offload_reason *
nftnl_offload_table_errno(const struct nftnl_offload_table *t, unsigned int i);

/**
 * nftnl_offload_table_add_device() - add a device
 * @t: flowtable
 * @dev: device, which is copied; its name has a NUL. Messages of flowtables have
 *	no side and no reason
 *
 * Return: 0; -1 with errno ERANGE if the name has no NUL or the reason is longer
 * than 63 bytes, or ENOMEM.
 */
int nftnl_offload_table_add_device(struct nftnl_offload_table *t,
				   const struct nftnl_offload_device *dev);

/**
 * nftnl_offload_table_add_reason() - add a reason or an error
 * @t: flowtable
 * @reason: what is copied. With a name it becomes a reason, without one an
 *	error
 *
 * Return: 0; -1 with errno ERANGE if the name is longer than 63 bytes, or
 * ENOMEM.
 */
int nftnl_offload_table_add_reason(struct nftnl_offload_table *t,
				   const struct nftnl_offload_reason *reason);

/**
 * nftnl_offload_table_nlmsg_build_payload() - flowtable as attributes of a message
 * @nlh: message, with room for 1024 bytes, 44 for each device and 88 for each
 *	reason and error
 * @t: flowtable
 *
 * The message is like those of the kernel, for tests.
 */
void nftnl_offload_table_nlmsg_build_payload(struct nlmsghdr *nlh,
					     const struct nftnl_offload_table *t);

/**
 * nftnl_offload_table_nlmsg_build_setting() - what is to hold for a flowtable, as
 *	attributes of a message
 * @nlh: message of type NFT_OFFLOAD_CMD_TABLE_SET, with room for 540 bytes
 * @t: flowtable: its family, table and name, and what is to be set; all else is
 *	not looked at, and not changed
 *
 * With NFTNL_OFFLOAD_TABLE_STRICT 1, such a flowtable is refused if one of its
 * devices cannot offload; with 0, flows of these devices stay in software. Without
 * it, the kernel forgets what was set, and the sysctl
 * net.netfilter.nf_flow_offload_strict holds again. The flowtable need not be there.
 * What the kernel has been told before is listed by NFT_OFFLOAD_CMD_SETTING_GET, see
 * nftnl_offload_table_nlmsg_parse().
 *
 * Return: 0; -1 with errno EINVAL if family, table or name is missing or empty, or
 * strict is neither 0 nor 1. @nlh is as before then.
 */
int nftnl_offload_table_nlmsg_build_setting(struct nlmsghdr *nlh,
					    const struct nftnl_offload_table *t);

/**
 * nftnl_offload_table_nlmsg_parse() - flowtable, or what is set for one, of a message
 * @nlh: message of type NFT_OFFLOAD_CMD_TABLE_GET or NFT_OFFLOAD_CMD_SETTING_GET,
 *	all of it in memory. The latter has family, table, name and strict only
 * @t: flowtable that is filled; it stays in its list
 *
 * @t loses what it had, also on failure. Unknown attributes are skipped. Strings
 * that are too long are cut off. Nothing past nlmsg_len is read. Devices without
 * an index, and reasons with neither name nor number, are skipped.
 *
 * Return: 0; -1 with errno EINVAL if an attribute has a wrong length or the
 * message ends within one, or ENOMEM. @t is empty then.
 */
int nftnl_offload_table_nlmsg_parse(const struct nlmsghdr *nlh,
				    struct nftnl_offload_table *t);

/**
 * nftnl_offload_table_snprintf() - flowtable as one line of text
 * @buf: where to; may be NULL if @size is 0
 * @size: of @buf in bytes
 * @t: flowtable
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
int nftnl_offload_table_snprintf(char *buf, size_t size,
				 const struct nftnl_offload_table *t, uint32_t type, uint32_t flags);

struct nftnl_offload_table_list;

/**
 * nftnl_offload_table_list_alloc() - a new, empty list
 *
 * Return: the list, for nftnl_offload_table_list_free(); NULL with errno
 * ENOMEM.
 */
struct nftnl_offload_table_list *nftnl_offload_table_list_alloc(void);

/**
 * nftnl_offload_table_list_free() - end of a list and of all flowtables in it
 * @list: list; NULL does nothing
 */
void nftnl_offload_table_list_free(struct nftnl_offload_table_list *list);

/**
 * nftnl_offload_table_list_is_empty() - is there no flowtable in a list?
 * @list: list
 *
 * Return: 1 if there is none, else 0.
 */
int nftnl_offload_table_list_is_empty(const struct nftnl_offload_table_list *list);

/**
 * nftnl_offload_table_list_add() - put a flowtable at the beginning of a list
 * @t: flowtable, which now belongs to the list; if it is in another list, it is
 *	taken out of that
 * @list: list
 */
void nftnl_offload_table_list_add(struct nftnl_offload_table *t,
				  struct nftnl_offload_table_list *list);

/**
 * nftnl_offload_table_list_add_tail() - put a flowtable at the end of a list
 * @t: flowtable, which now belongs to the list; if it is in another list, it is
 *	taken out of that
 * @list: list
 */
void nftnl_offload_table_list_add_tail(struct nftnl_offload_table *t,
				       struct nftnl_offload_table_list *list);

/**
 * nftnl_offload_table_list_del() - take a flowtable out of its list
 * @t: flowtable, which now belongs to the caller; one that is in no list stays
 *	as it is
 */
void nftnl_offload_table_list_del(struct nftnl_offload_table *t);

/**
 * nftnl_offload_table_list_foreach() - call a function for each flowtable
 * @list: list
 * @cb: called with a flowtable, which it may take out of the list and free, and
 *	no other; a negative value ends the loop
 * @data: passed to @cb
 *
 * Return: the negative value that @cb returned; 0 if there was none.
 */
int nftnl_offload_table_list_foreach(struct nftnl_offload_table_list *list,
				     int (*cb)(struct nftnl_offload_table *t, void *data),
				     void *data);

struct nftnl_offload_table_list_iter;

/**
 * nftnl_offload_table_list_iter_create() - begin to go through a list
 * @list: list, which must outlive the iterator
 *
 * Return: the iterator, for nftnl_offload_table_list_iter_destroy(); NULL with
 * errno ENOMEM.
 */
struct nftnl_offload_table_list_iter *
nftnl_offload_table_list_iter_create(const struct nftnl_offload_table_list *list);

/**
 * nftnl_offload_table_list_iter_next() - next flowtable of a list
 * @iter: iterator
 *
 * What it returned last may be taken out of the list and freed; what it returns
 * next must not.
 *
 * Return: the flowtable, which belongs to the list; NULL after the last one.
 */
struct nftnl_offload_table *
nftnl_offload_table_list_iter_next(struct nftnl_offload_table_list_iter *iter);

/**
 * nftnl_offload_table_list_iter_destroy() - end of an iterator
 * @iter: iterator; NULL does nothing. The list stays
 */
void nftnl_offload_table_list_iter_destroy(const struct nftnl_offload_table_list_iter *iter);

#ifdef __cplusplus
}
#endif

#endif /* _LIBNFTNL_OFFLOAD_TABLE_H_ */
