/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _LIBNFTNL_OFFLOAD_COMMON_H_
#define _LIBNFTNL_OFFLOAD_COMMON_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>
#include <linux/netlink.h>
#include <linux/netfilter/nft_offload.h>

#ifdef __cplusplus
extern "C" {
#endif

struct mnl_socket;

/* Bytes to receive into: enough for each datagram of the kernel. Batches of events
 * have up to 16 KiB, and one flowtable of a dump up to 32 KiB: libmnl's
 * MNL_SOCKET_BUFFER_SIZE, a page or 8 KiB, would cut them off. For requests that is
 * enough.
 */
#define NFTNL_OFFLOAD_BUFFER_SIZE	65536

enum nftnl_offload_output {
	NFTNL_OFFLOAD_OUTPUT_DEFAULT = 0,	/* one line of text */
};

/* A device of a flowtable, or one that a connection passes */
struct nftnl_offload_device {
	uint32_t ifindex;
	uint32_t err;		/* positive errno: it cannot offload; 0: no error is known */
	char name[16];
	/* in an answer to EXPLAIN only: */
	uint8_t side;		/* enum nft_offload_side, or NFTNL_OFFLOAD_SIDE_NONE */
	const char *reason;	/* why it keeps the connection from hardware, or NULL */
};

/* The message has no side */
#define NFTNL_OFFLOAD_SIDE_NONE	0xff

/**
 * struct nftnl_offload_family - the generic netlink family "nft_offload"
 *
 * The kernel gives these numbers to the family when its module is loaded, and may
 * give it others when the module is loaded again. A request with an old number fails
 * with ENOENT then, and the membership of the group has ended.
 *
 * @id: nlmsg_type of requests, answers and events
 * @events: multicast group of events, for NETLINK_ADD_MEMBERSHIP
 */
struct nftnl_offload_family {
	uint16_t id;
	uint32_t events;
};

/**
 * nftnl_offload_family_resolve() - ask the kernel for the numbers of the family
 * @nl: socket of NETLINK_GENERIC, bound; the caller keeps it. It must be in no
 *	multicast group, and must not wait for an answer
 * @family: answer, memory of the caller; all of it 0 on failure
 *
 * To be called once for each socket. The kernel loads the module if there is one.
 * Needs no privilege, unlike requests to the family. Blocks until the kernel has
 * answered, or mnl_socket_recvfrom() fails.
 *
 * Return: 0; -1 with errno: that of mnl_socket_recvfrom() or
 * mnl_socket_sendto(); ENOENT if this kernel has no nft_offload, nor a module of this
 * name; EINVAL if the answer is invalid.
 */
int nftnl_offload_family_resolve(struct mnl_socket *nl,
				 struct nftnl_offload_family *family);

/**
 * nftnl_offload_family_nlmsg_build() - the request of nftnl_offload_family_resolve()
 * @buf: where to, aligned as struct nlmsghdr, MNL_SOCKET_BUFFER_SIZE bytes
 * @seq: number that the answer has, too
 *
 * For those with an event loop of their own. The answer is one message, or an
 * error, ENOENT as above.
 *
 * Return: the message, in @buf.
 */
struct nlmsghdr *nftnl_offload_family_nlmsg_build(char *buf, uint32_t seq);

/**
 * nftnl_offload_family_nlmsg_parse() - read its answer
 * @nlh: message, all of it in memory
 * @family: answer; all of it 0 on failure
 *
 * Return: 0; -1 with errno EINVAL if it is another message, or lacks something.
 */
int nftnl_offload_family_nlmsg_parse(const struct nlmsghdr *nlh,
				     struct nftnl_offload_family *family);

/**
 * nftnl_offload_nlmsg_build_hdr() - begin a message
 * @buf: where to, aligned as struct nlmsghdr; attributes follow, and nothing
 *	checks its size: MNL_SOCKET_BUFFER_SIZE is enough for requests
 * @family: id of struct nftnl_offload_family
 * @cmd: NFT_OFFLOAD_CMD_*
 * @flags: NLM_F_*; NLM_F_REQUEST is added
 * @seq: number that answers have, too
 *
 * Return: the message, in @buf.
 */
struct nlmsghdr *nftnl_offload_nlmsg_build_hdr(char *buf, uint16_t family, uint8_t cmd,
					       uint16_t flags, uint32_t seq);

/**
 * nftnl_offload_msg_type() - what is in a message?
 * @nlh: message
 *
 * If the socket is used for other families, too, check nlmsg_type first: it is the id
 * of struct nftnl_offload_family.
 *
 * Return: NFT_OFFLOAD_CMD_*; -1 for errors and other messages of netlink itself, and
 * for one that is too short. Newer kernels may have other values.
 */
int nftnl_offload_msg_type(const struct nlmsghdr *nlh);

/**
 * nftnl_offload_state_str() - name of a state
 * @state: enum nft_offload_state
 *
 * Return: the name, a constant; "unknown" for one that the library does not
 * know.
 */
const char *nftnl_offload_state_str(uint8_t state);

/**
 * nftnl_offload_event_str() - name of an event
 * @event: enum nft_offload_event
 *
 * Return: the name, a constant; "unknown" for one that the library does not
 * know.
 */
const char *nftnl_offload_event_str(uint8_t event);

/**
 * nftnl_offload_cause_str() - name of a cause
 * @cause: enum nft_offload_cause
 *
 * Return: the name, a constant; "unknown" for one that the library does not
 * know.
 */
const char *nftnl_offload_cause_str(uint8_t cause);

/**
 * nftnl_offload_layer_str() - name of a layer
 * @layer: enum nft_offload_layer
 *
 * Return: the name, a constant; "unknown" for one that the library does not
 * know.
 */
const char *nftnl_offload_layer_str(uint8_t layer);

/**
 * nftnl_offload_side_str() - name of a side
 * @side: enum nft_offload_side
 *
 * Return: the name, a constant: "in" or "out"; "unknown" for one that the library
 * does not know.
 */
const char *nftnl_offload_side_str(uint8_t side);

/**
 * nftnl_offload_mark_action_str() - name of what becomes of a mark's connections
 * @action: enum nft_offload_mark_action
 *
 * Return: the name, a constant; "unknown" for one that the library does not
 * know.
 */
const char *nftnl_offload_mark_action_str(uint8_t action);

/**
 * nftnl_offload_evict_str() - name of how room is made in hardware
 * @evict: enum nft_offload_evict
 *
 * Return: the name, a constant; "unknown" for one that the library does not
 * know.
 */
const char *nftnl_offload_evict_str(uint8_t evict);

/**
 * nftnl_offload_pin_str() - name of where someone wants a flow to be forwarded
 * @pin: enum nft_offload_pin
 *
 * Return: the name, a constant; "unknown" for one that the library does not
 * know.
 */
const char *nftnl_offload_pin_str(uint8_t pin);

/**
 * nftnl_offload_shaped_str() - name of what becomes of flows with a shaper on their path
 * @shaped: enum nft_offload_shaped
 *
 * Return: the name, a constant; "unknown" for one that the library does not
 * know.
 */
const char *nftnl_offload_shaped_str(uint8_t shaped);

/**
 * nftnl_offload_carry_str() - name of what flows carry
 * @what: enum nft_offload_carry
 *
 * Return: the name, a constant; "unknown" for one that the library does not
 * know.
 */
const char *nftnl_offload_carry_str(uint8_t what);

/**
 * nftnl_offload_carry_mode_str() - name of what becomes of flows whose driver refuses
 *	what they are to carry
 * @mode: enum nft_offload_carry_mode
 *
 * Return: the name, a constant; "unknown" for one that the library does not
 * know.
 */
const char *nftnl_offload_carry_mode_str(uint8_t mode);

#ifdef __cplusplus
}
#endif

#endif /* _LIBNFTNL_OFFLOAD_COMMON_H_ */
