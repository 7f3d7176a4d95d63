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

/* Numbers that the headers of the system may not know yet */
#ifndef NFNL_SUBSYS_NFT_OFFLOAD
#define NFNL_SUBSYS_NFT_OFFLOAD	13
#endif
#ifndef NFNLGRP_NFT_OFFLOAD
#define NFNLGRP_NFT_OFFLOAD	10
#endif

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
	uint32_t err;		/* positive errno: it cannot offload; 0: nothing is known against it */
	char name[16];
	/* in an answer to EXPLAIN only: */
	uint8_t side;		/* enum nft_offload_side, or NFTNL_OFFLOAD_SIDE_NONE */
	const char *reason;	/* why it keeps the connection from hardware; NULL: it does not */
};

/* The message did not tell the side. */
#define NFTNL_OFFLOAD_SIDE_NONE	0xff

/**
 * nftnl_offload_nlmsg_build_hdr() - begin a message
 * @buf: where to, aligned as struct nlmsghdr; attributes follow, and nothing
 *	checks its size: MNL_SOCKET_BUFFER_SIZE is enough for requests
 * @type: enum nft_offload_msg_types
 * @family: AF_UNSPEC, or what answers have
 * @flags: NLM_F_*; NLM_F_REQUEST is added
 * @seq: number that answers have, too
 *
 * Return: the message, in @buf.
 */
struct nlmsghdr *nftnl_offload_nlmsg_build_hdr(char *buf, uint16_t type, uint16_t family,
					       uint16_t flags, uint32_t seq);

/**
 * nftnl_offload_msg_type() - what is in a message?
 * @nlh: message
 *
 * Return: enum nft_offload_msg_types; -1 if it is not of this subsystem. Newer
 * kernels may have types that the enum has not.
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

#ifdef __cplusplus
}
#endif

#endif /* _LIBNFTNL_OFFLOAD_COMMON_H_ */
