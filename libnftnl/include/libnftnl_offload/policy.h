/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _LIBNFTNL_OFFLOAD_POLICY_H_
#define _LIBNFTNL_OFFLOAD_POLICY_H_

#include <libnftnl_offload/common.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Policy of a flowtable, by name: which of its flows are in hardware. A statement that
 * is not set restricts nothing.
 */
enum nftnl_offload_policy_attr {
	NFTNL_OFFLOAD_POLICY_FAMILY = 0,	/* u8, NFPROTO_* */
	NFTNL_OFFLOAD_POLICY_TABLE,		/* string */
	NFTNL_OFFLOAD_POLICY_NAME,		/* string */
	NFTNL_OFFLOAD_POLICY_MODE,		/* u8, enum nft_offload_policy_mode, in requests */
	NFTNL_OFFLOAD_POLICY_STACK,		/* u32, packets */
	NFTNL_OFFLOAD_POLICY_AFTER_BYTES,	/* u64; one of these three at most */
	NFTNL_OFFLOAD_POLICY_AFTER_PACKETS,	/* u64 */
	NFTNL_OFFLOAD_POLICY_AFTER_RATE,	/* u32, packets a second */
	NFTNL_OFFLOAD_POLICY_BUDGET,		/* u32, flows */
	NFTNL_OFFLOAD_POLICY_BUDGET_PER_DEVICE,	/* u8, 0 or 1 */
	NFTNL_OFFLOAD_POLICY_EVICT,		/* u8, enum nft_offload_evict */
	NFTNL_OFFLOAD_POLICY_SHAPED,		/* u8, enum nft_offload_shaped */
	NFTNL_OFFLOAD_POLICY_CARRY_MODE,	/* u8, enum nft_offload_carry_mode */
	__NFTNL_OFFLOAD_POLICY_MAX
};
#define NFTNL_OFFLOAD_POLICY_MAX (__NFTNL_OFFLOAD_POLICY_MAX - 1)

/* Connections with this mark. The kernel takes 16 at most in one policy; if several
 * match a connection, "never" goes before "software".
 */
struct nftnl_offload_mark {
	uint8_t action;		/* enum nft_offload_mark_action */
	uint32_t value;		/* no bits but those of the mask */
	uint32_t mask;		/* not 0 */
};

/* What flows carry. The kernel takes one of each; without any, no
 * NFTNL_OFFLOAD_POLICY_CARRY_MODE.
 */
struct nftnl_offload_carry {
	uint8_t what;		/* enum nft_offload_carry */
	uint32_t mask;		/* bits of the connection's mark that are the value, shifted to
				 * the right; 0: each direction has what its packets had when
				 * they met the rule that adds flows
				 */
	uint32_t state;		/* with a mask: bits that say, if any of them is set in the
				 * mark, that there is a value; 0: there always is
				 */
};

struct nftnl_offload_policy;

/**
 * nftnl_offload_policy_alloc() - a new, empty policy
 *
 * Return: the policy, for nftnl_offload_policy_free(); NULL with errno
 * ENOMEM.
 */
struct nftnl_offload_policy *nftnl_offload_policy_alloc(void);

/**
 * nftnl_offload_policy_free() - end of a policy
 * @p: policy; NULL does nothing
 *
 * A policy that is in a list is taken out of it first.
 */
void nftnl_offload_policy_free(const struct nftnl_offload_policy *p);

/**
 * nftnl_offload_policy_is_set() - has the policy this attribute?
 * @p: policy
 * @attr: enum nftnl_offload_policy_attr
 *
 * Return: true if so; false also for an attribute that does not exist.
 */
bool nftnl_offload_policy_is_set(const struct nftnl_offload_policy *p, uint16_t attr);

/**
 * nftnl_offload_policy_unset() - take an attribute away
 * @p: policy
 * @attr: enum nftnl_offload_policy_attr; one that there is not does nothing
 */
void nftnl_offload_policy_unset(struct nftnl_offload_policy *p, uint16_t attr);

/**
 * nftnl_offload_policy_set_u8() - set a number of 8 bits
 * @p: policy
 * @attr: enum nftnl_offload_policy_attr, of type u8
 * @val: number, in host byte order and in the unit of the attribute
 *
 * Return: 0; -1 with errno EINVAL if the attribute is of another type. The
 * policy is as before then.
 */
int nftnl_offload_policy_set_u8(struct nftnl_offload_policy *p, uint16_t attr, uint8_t val);

/**
 * nftnl_offload_policy_set_u32() - set a number of 32 bits
 * @p: policy
 * @attr: enum nftnl_offload_policy_attr, of type u32
 * @val: number, in host byte order and in the unit of the attribute
 *
 * Return: 0; -1 with errno EINVAL if the attribute is of another type. The
 * policy is as before then.
 */
int nftnl_offload_policy_set_u32(struct nftnl_offload_policy *p, uint16_t attr,
				 uint32_t val);

/**
 * nftnl_offload_policy_set_u64() - set a number of 64 bits
 * @p: policy
 * @attr: enum nftnl_offload_policy_attr, of type u64
 * @val: number, in host byte order and in the unit of the attribute
 *
 * Return: 0; -1 with errno EINVAL if the attribute is of another type. The
 * policy is as before then.
 */
int nftnl_offload_policy_set_u64(struct nftnl_offload_policy *p, uint16_t attr,
				 uint64_t val);

/**
 * nftnl_offload_policy_set_str() - set a string
 * @p: policy
 * @attr: enum nftnl_offload_policy_attr, of type string
 * @str: string, which is copied
 *
 * Return: 0; -1 with errno EINVAL if the attribute is not a string or @str is
 * NULL, with ERANGE if @str is too long (255 bytes). The policy is as before
 * then.
 */
int nftnl_offload_policy_set_str(struct nftnl_offload_policy *p, uint16_t attr,
				 const char *str);

/**
 * nftnl_offload_policy_get_u8() - number of 8 bits
 * @p: policy
 * @attr: enum nftnl_offload_policy_attr, of type u8
 *
 * Return: the number, in host byte order; 0 if it is not set, or of another
 * type.
 */
uint8_t nftnl_offload_policy_get_u8(const struct nftnl_offload_policy *p, uint16_t attr);

/**
 * nftnl_offload_policy_get_u32() - number of 32 bits
 * @p: policy
 * @attr: enum nftnl_offload_policy_attr, of type u32
 *
 * Return: the number, in host byte order; 0 if it is not set, or of another
 * type.
 */
uint32_t nftnl_offload_policy_get_u32(const struct nftnl_offload_policy *p, uint16_t attr);

/**
 * nftnl_offload_policy_get_u64() - number of 64 bits
 * @p: policy
 * @attr: enum nftnl_offload_policy_attr, of type u64
 *
 * Return: the number, in host byte order; 0 if it is not set, or of another
 * type.
 */
uint64_t nftnl_offload_policy_get_u64(const struct nftnl_offload_policy *p, uint16_t attr);

/**
 * nftnl_offload_policy_get_str() - string
 * @p: policy
 * @attr: enum nftnl_offload_policy_attr, of type string
 *
 * Return: the string, which belongs to @p and stays until @p is changed; NULL
 * if it is not set, or of another type.
 */
const char *nftnl_offload_policy_get_str(const struct nftnl_offload_policy *p,
					uint16_t attr);

/**
 * nftnl_offload_policy_mark() - one mark of several
 * @p: policy
 * @i: from 0
 *
 * Return: the mark, which belongs to @p and stays until @p is parsed into or
 * freed; NULL after the last one.
 */
const struct nftnl_offload_mark *
nftnl_offload_policy_mark(const struct nftnl_offload_policy *p, unsigned int i);

/**
 * nftnl_offload_policy_add_mark() - add a statement about a mark
 * @p: policy
 * @mark: mark, which is copied. What the kernel would not take is taken here
 *
 * Return: 0; -1 with errno ENOMEM.
 */
int nftnl_offload_policy_add_mark(struct nftnl_offload_policy *p,
				  const struct nftnl_offload_mark *mark);

/**
 * nftnl_offload_policy_carry() - one of what flows carry
 * @p: policy
 * @i: from 0
 *
 * Return: what is carried, which belongs to @p and stays until @p is parsed into or
 * freed; NULL after the last one.
 */
const struct nftnl_offload_carry *
nftnl_offload_policy_carry(const struct nftnl_offload_policy *p, unsigned int i);

/**
 * nftnl_offload_policy_add_carry() - add something that flows carry
 * @p: policy
 * @carry: what, which is copied. What the kernel would not take is taken here
 *
 * Return: 0; -1 with errno ENOMEM.
 */
int nftnl_offload_policy_add_carry(struct nftnl_offload_policy *p,
				   const struct nftnl_offload_carry *carry);

/**
 * nftnl_offload_policy_nlmsg_build_payload() - policy as attributes of a message
 * @nlh: message, with room for 640 bytes and 28 for each mark and for
 *	each of what is carried. Of type NFT_OFFLOAD_CMD_POLICY_NEW, it gives the flowtable of this name the policy
 * @p: policy
 *
 * The flowtable need not be there. The kernel takes all of the policy or nothing: it
 * replaces what the flowtable had, if NFTNL_OFFLOAD_POLICY_MODE is not set or
 * NFT_OFFLOAD_POLICY_MODE_SET; with NFT_OFFLOAD_POLICY_MODE_ADD it answers EEXIST if
 * there is a policy, with NFT_OFFLOAD_POLICY_MODE_REPLACE ENOENT if there is none.
 * Of what it does not take it names the attribute and the reason.
 */
void nftnl_offload_policy_nlmsg_build_payload(struct nlmsghdr *nlh,
					      const struct nftnl_offload_policy *p);

/**
 * nftnl_offload_policy_nlmsg_build_name() - which flowtable, as attributes of a message
 * @nlh: message of type NFT_OFFLOAD_CMD_POLICY_DEL, or NFT_OFFLOAD_CMD_POLICY_GET that
 *	is no dump, with room for 532 bytes
 * @p: policy: its family, table and name; all else is not looked at
 *
 * Return: 0; -1 with errno EINVAL if family, table or name is missing or empty. @nlh is
 * as before then.
 */
int nftnl_offload_policy_nlmsg_build_name(struct nlmsghdr *nlh,
					  const struct nftnl_offload_policy *p);

/**
 * nftnl_offload_policy_nlmsg_parse() - policy of a message
 * @nlh: message of type NFT_OFFLOAD_CMD_POLICY_GET, all of it in memory
 * @p: policy that is filled; it stays in its list
 *
 * @p loses what it had, also on failure. Unknown attributes are skipped. Strings
 * that are too long are cut off. Nothing past nlmsg_len is read. Marks without an
 * action or a value are skipped; one without a mask has all bits in it. What is carried
 * without saying what is skipped.
 *
 * Return: 0; -1 with errno EINVAL if an attribute has a wrong length or the
 * message ends within one, or ENOMEM. @p is empty then.
 */
int nftnl_offload_policy_nlmsg_parse(const struct nlmsghdr *nlh,
				     struct nftnl_offload_policy *p);

/**
 * nftnl_offload_policy_snprintf() - policy as one line of text
 * @buf: where to; may be NULL if @size is 0
 * @size: of @buf in bytes
 * @p: policy
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
int nftnl_offload_policy_snprintf(char *buf, size_t size,
				  const struct nftnl_offload_policy *p, uint32_t type,
				  uint32_t flags);

struct nftnl_offload_policy_list;

/**
 * nftnl_offload_policy_list_alloc() - a new, empty list
 *
 * Return: the list, for nftnl_offload_policy_list_free(); NULL with errno
 * ENOMEM.
 */
struct nftnl_offload_policy_list *nftnl_offload_policy_list_alloc(void);

/**
 * nftnl_offload_policy_list_free() - end of a list and of all policies in it
 * @list: list; NULL does nothing
 */
void nftnl_offload_policy_list_free(struct nftnl_offload_policy_list *list);

/**
 * nftnl_offload_policy_list_is_empty() - is there no policy in a list?
 * @list: list
 *
 * Return: 1 if there is none, else 0.
 */
int nftnl_offload_policy_list_is_empty(const struct nftnl_offload_policy_list *list);

/**
 * nftnl_offload_policy_list_add() - put a policy at the beginning of a list
 * @p: policy, which now belongs to the list; if it is in another list, it is
 *	taken out of that
 * @list: list
 */
void nftnl_offload_policy_list_add(struct nftnl_offload_policy *p,
				  struct nftnl_offload_policy_list *list);

/**
 * nftnl_offload_policy_list_add_tail() - put a policy at the end of a list
 * @p: policy, which now belongs to the list; if it is in another list, it is
 *	taken out of that
 * @list: list
 */
void nftnl_offload_policy_list_add_tail(struct nftnl_offload_policy *p,
				       struct nftnl_offload_policy_list *list);

/**
 * nftnl_offload_policy_list_del() - take a policy out of its list
 * @p: policy, which now belongs to the caller; one that is in no list stays
 *	as it is
 */
void nftnl_offload_policy_list_del(struct nftnl_offload_policy *p);

/**
 * nftnl_offload_policy_list_foreach() - call a function for each policy
 * @list: list
 * @cb: called with a policy, which it may take out of the list and free, and
 *	no other; a negative value ends the loop
 * @data: passed to @cb
 *
 * Return: the negative value that @cb returned; 0 if there was none.
 */
int nftnl_offload_policy_list_foreach(struct nftnl_offload_policy_list *list,
				     int (*cb)(struct nftnl_offload_policy *p, void *data),
				     void *data);

struct nftnl_offload_policy_list_iter;

/**
 * nftnl_offload_policy_list_iter_create() - begin to go through a list
 * @list: list, which must outlive the iterator
 *
 * Return: the iterator, for nftnl_offload_policy_list_iter_destroy(); NULL with
 * errno ENOMEM.
 */
struct nftnl_offload_policy_list_iter *
nftnl_offload_policy_list_iter_create(const struct nftnl_offload_policy_list *list);

/**
 * nftnl_offload_policy_list_iter_next() - next policy of a list
 * @iter: iterator
 *
 * What it returned last may be taken out of the list and freed; what it returns
 * next must not.
 *
 * Return: the policy, which belongs to the list; NULL after the last one.
 */
struct nftnl_offload_policy *
nftnl_offload_policy_list_iter_next(struct nftnl_offload_policy_list_iter *iter);

/**
 * nftnl_offload_policy_list_iter_destroy() - end of an iterator
 * @iter: iterator; NULL does nothing. The list stays
 */
void nftnl_offload_policy_list_iter_destroy(const struct nftnl_offload_policy_list_iter *iter);

#ifdef __cplusplus
}
#endif

#endif /* _LIBNFTNL_OFFLOAD_POLICY_H_ */
