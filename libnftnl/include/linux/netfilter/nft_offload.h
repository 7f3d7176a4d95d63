/* SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause) */
/* Do not edit directly, auto-generated from: */
/*	Documentation/netlink/specs/nft_offload.yaml */
/* YNL-GEN uapi header */
/* To regenerate run: tools/net/ynl/ynl-regen.sh */

#ifndef _UAPI_LINUX_NETFILTER_NFT_OFFLOAD_H
#define _UAPI_LINUX_NETFILTER_NFT_OFFLOAD_H

#define NFT_OFFLOAD_FAMILY_NAME		"nft_offload"
#define NFT_OFFLOAD_FAMILY_VERSION	1

/**
 * enum nft_offload_state - where the packets of a flow are forwarded
 * @NFT_OFFLOAD_STATE_SOFTWARE: by the flowtable's fast path
 * @NFT_OFFLOAD_STATE_PENDING: the same, and commands for drivers are queued
 * @NFT_OFFLOAD_STATE_HARDWARE: by hardware, in all directions that the flow
 *   needs
 * @NFT_OFFLOAD_STATE_FAILED: by the fast path, as hardware refused the flow
 * @NFT_OFFLOAD_STATE_CLOSING: packets take the slow path again, and the flow
 *   is being torn down
 */
enum nft_offload_state {
	NFT_OFFLOAD_STATE_SOFTWARE,
	NFT_OFFLOAD_STATE_PENDING,
	NFT_OFFLOAD_STATE_HARDWARE,
	NFT_OFFLOAD_STATE_FAILED,
	NFT_OFFLOAD_STATE_CLOSING,

	/* private: */
	__NFT_OFFLOAD_STATE_MAX,
	NFT_OFFLOAD_STATE_MAX = (__NFT_OFFLOAD_STATE_MAX - 1)
};

/**
 * enum nft_offload_event - what an event tells
 * @NFT_OFFLOAD_EVENT_ADDED: the flow is in its flowtable
 * @NFT_OFFLOAD_EVENT_HARDWARE: it is in hardware
 * @NFT_OFFLOAD_EVENT_FAILED: hardware refused it, see errno, reason and
 *   message
 * @NFT_OFFLOAD_EVENT_SOFTWARE: it is no longer in hardware, the fast path
 *   forwards it
 * @NFT_OFFLOAD_EVENT_GONE: it was removed from the flowtable; with its last
 *   counters and the cause
 * @NFT_OFFLOAD_EVENT_PINNED: it was pinned with flow-set, see pin; without
 *   pin, its pin has ended
 */
enum nft_offload_event {
	NFT_OFFLOAD_EVENT_ADDED,
	NFT_OFFLOAD_EVENT_HARDWARE,
	NFT_OFFLOAD_EVENT_FAILED,
	NFT_OFFLOAD_EVENT_SOFTWARE,
	NFT_OFFLOAD_EVENT_GONE,
	NFT_OFFLOAD_EVENT_PINNED,
};

/**
 * enum nft_offload_cause - why a flow is gone
 * @NFT_OFFLOAD_CAUSE_UNKNOWN: not recorded
 * @NFT_OFFLOAD_CAUSE_TIMEOUT: no packet for too long
 * @NFT_OFFLOAD_CAUSE_CLOSED: TCP FIN or RST
 * @NFT_OFFLOAD_CAUSE_CONNTRACK: its conntrack entry was deleted
 * @NFT_OFFLOAD_CAUSE_PATH: a route, neighbour or device changed
 * @NFT_OFFLOAD_CAUSE_FLUSHED: an administrator flushed it, with flow-del
 * @NFT_OFFLOAD_CAUSE_TABLE: flowtable removed
 * @NFT_OFFLOAD_CAUSE_POLICY: the policy of its flowtable excludes it
 */
enum nft_offload_cause {
	NFT_OFFLOAD_CAUSE_UNKNOWN,
	NFT_OFFLOAD_CAUSE_TIMEOUT,
	NFT_OFFLOAD_CAUSE_CLOSED,
	NFT_OFFLOAD_CAUSE_CONNTRACK,
	NFT_OFFLOAD_CAUSE_PATH,
	NFT_OFFLOAD_CAUSE_FLUSHED,
	NFT_OFFLOAD_CAUSE_TABLE,
	NFT_OFFLOAD_CAUSE_POLICY,
};

/**
 * enum nft_offload_layer - where a connection is forwarded
 * @NFT_OFFLOAD_LAYER_NONE: there is no such connection
 * @NFT_OFFLOAD_LAYER_CLASSIC: by the slow path: routing, with all rules
 * @NFT_OFFLOAD_LAYER_SOFTWARE: by the flowtable's fast path
 * @NFT_OFFLOAD_LAYER_HARDWARE: by hardware
 */
enum nft_offload_layer {
	NFT_OFFLOAD_LAYER_NONE,
	NFT_OFFLOAD_LAYER_CLASSIC,
	NFT_OFFLOAD_LAYER_SOFTWARE,
	NFT_OFFLOAD_LAYER_HARDWARE,
};

/**
 * enum nft_offload_side - where a connection passes a device
 * @NFT_OFFLOAD_SIDE_IN: packets of the original direction come in by it, those
 *   of the reply direction leave by it
 * @NFT_OFFLOAD_SIDE_OUT: the other way round
 */
enum nft_offload_side {
	NFT_OFFLOAD_SIDE_IN,
	NFT_OFFLOAD_SIDE_OUT,
};

/**
 * enum nft_offload_table_flags - how a flowtable was made
 * @NFT_OFFLOAD_TABLE_FLAG_HARDWARE: "flags offload"
 * @NFT_OFFLOAD_TABLE_FLAG_COUNTER: "counter"
 */
enum nft_offload_table_flags {
	NFT_OFFLOAD_TABLE_FLAG_HARDWARE = 1,
	NFT_OFFLOAD_TABLE_FLAG_COUNTER = 2,
};

/**
 * enum nft_offload_flow_flags - what is done with packets of a flow
 * @NFT_OFFLOAD_FLAG_SNAT: source is translated
 * @NFT_OFFLOAD_FLAG_DNAT: destination is translated
 * @NFT_OFFLOAD_FLAG_NO_HARDWARE: never offered to hardware
 */
enum nft_offload_flow_flags {
	NFT_OFFLOAD_FLAG_SNAT = 1,
	NFT_OFFLOAD_FLAG_DNAT = 2,
	NFT_OFFLOAD_FLAG_NO_HARDWARE = 4,
};

/**
 * enum nft_offload_mark_action - what becomes of connections with a mark
 * @NFT_OFFLOAD_MARK_ACTION_NEVER: they stay in the slow path: all packets see
 *   all rules
 * @NFT_OFFLOAD_MARK_ACTION_SOFTWARE: the fast path forwards them, and hardware
 *   does not
 */
enum nft_offload_mark_action {
	NFT_OFFLOAD_MARK_ACTION_NEVER,
	NFT_OFFLOAD_MARK_ACTION_SOFTWARE,
};

/**
 * enum nft_offload_shaped - what becomes of flows that would bypass a shaper
 * @NFT_OFFLOAD_SHAPED_SOFTWARE: they stay out of hardware, or out of the
 *   flowtable if the shaper is on a device that the fast path bypasses as well
 * @NFT_OFFLOAD_SHAPED_IGNORE: nothing, as without this
 */
enum nft_offload_shaped {
	NFT_OFFLOAD_SHAPED_SOFTWARE,
	NFT_OFFLOAD_SHAPED_IGNORE,
};

/**
 * enum nft_offload_carry - what rules give to packets, and the fast path and
 *   hardware keep
 * @NFT_OFFLOAD_CARRY_PRIORITY: the priority of packets, by which qdiscs and
 *   egress-qos-map of VLANs go
 * @NFT_OFFLOAD_CARRY_DSCP: the DSCP in their IP header, if rules rewrite it
 */
enum nft_offload_carry {
	NFT_OFFLOAD_CARRY_PRIORITY,
	NFT_OFFLOAD_CARRY_DSCP,
};

/**
 * enum nft_offload_carry_mode - what becomes of flows whose driver refuses
 *   what they are to carry
 * @NFT_OFFLOAD_CARRY_MODE_OPTIONAL: they are in hardware without it
 * @NFT_OFFLOAD_CARRY_MODE_REQUIRED: they stay in software
 */
enum nft_offload_carry_mode {
	NFT_OFFLOAD_CARRY_MODE_OPTIONAL,
	NFT_OFFLOAD_CARRY_MODE_REQUIRED,
};

/**
 * enum nft_offload_evict - which flow leaves hardware when as many are there
 *   as may be
 * @NFT_OFFLOAD_EVICT_NONE: none, new ones stay in software
 * @NFT_OFFLOAD_EVICT_SLOWEST: the slowest, for one that is twice as fast
 */
enum nft_offload_evict {
	NFT_OFFLOAD_EVICT_NONE,
	NFT_OFFLOAD_EVICT_SLOWEST,
};

/**
 * enum nft_offload_policy_mode - what to do if the flowtable has a policy
 *   already, or has none
 * @NFT_OFFLOAD_POLICY_MODE_SET: replace the one that is there, if any
 * @NFT_OFFLOAD_POLICY_MODE_ADD: it is an error if there is one
 * @NFT_OFFLOAD_POLICY_MODE_REPLACE: it is an error if there is none
 */
enum nft_offload_policy_mode {
	NFT_OFFLOAD_POLICY_MODE_SET,
	NFT_OFFLOAD_POLICY_MODE_ADD,
	NFT_OFFLOAD_POLICY_MODE_REPLACE,
};

/**
 * enum nft_offload_pin - where a flow is to be forwarded
 * @NFT_OFFLOAD_PIN_AUTO: the policy of its flowtable decides, and the drivers
 * @NFT_OFFLOAD_PIN_HARDWARE: in hardware: it neither waits for traffic or for
 *   a place of the budget, nor leaves for a faster one. Marks of the policy go
 *   before
 * @NFT_OFFLOAD_PIN_SOFTWARE: by the fast path
 */
enum nft_offload_pin {
	NFT_OFFLOAD_PIN_AUTO,
	NFT_OFFLOAD_PIN_HARDWARE,
	NFT_OFFLOAD_PIN_SOFTWARE,
};

enum {
	NFT_OFFLOAD_FLOW_PAD = 1,
	NFT_OFFLOAD_FLOW_FILTER,
	NFT_OFFLOAD_FLOW_ID,
	NFT_OFFLOAD_FLOW_TABLE_FAMILY,
	NFT_OFFLOAD_FLOW_TABLE,
	NFT_OFFLOAD_FLOW_FLOWTABLE,
	NFT_OFFLOAD_FLOW_L3PROTO,
	NFT_OFFLOAD_FLOW_L4PROTO,
	NFT_OFFLOAD_FLOW_STATE,
	NFT_OFFLOAD_FLOW_FLAGS,
	NFT_OFFLOAD_FLOW_ORIGINAL,
	NFT_OFFLOAD_FLOW_REPLY,
	NFT_OFFLOAD_FLOW_TIMEOUT,
	NFT_OFFLOAD_FLOW_AGE,
	NFT_OFFLOAD_FLOW_CT_ID,
	NFT_OFFLOAD_FLOW_CT_MARK,
	NFT_OFFLOAD_FLOW_CT_ZONE,
	NFT_OFFLOAD_FLOW_EVENT,
	NFT_OFFLOAD_FLOW_CAUSE,
	NFT_OFFLOAD_FLOW_SEQ,
	NFT_OFFLOAD_FLOW_COUNT,
	NFT_OFFLOAD_FLOW_PIN,

	__NFT_OFFLOAD_FLOW_MAX,
	NFT_OFFLOAD_FLOW_MAX = (__NFT_OFFLOAD_FLOW_MAX - 1)
};

enum {
	NFT_OFFLOAD_DIR_PAD = 1,
	NFT_OFFLOAD_DIR_SADDR,
	NFT_OFFLOAD_DIR_DADDR,
	NFT_OFFLOAD_DIR_SPORT,
	NFT_OFFLOAD_DIR_DPORT,
	NFT_OFFLOAD_DIR_IIF,
	NFT_OFFLOAD_DIR_OIF,
	NFT_OFFLOAD_DIR_ENCAP,
	NFT_OFFLOAD_DIR_MTU,
	NFT_OFFLOAD_DIR_SW_PACKETS,
	NFT_OFFLOAD_DIR_SW_BYTES,
	NFT_OFFLOAD_DIR_HW_PACKETS,
	NFT_OFFLOAD_DIR_HW_BYTES,
	NFT_OFFLOAD_DIR_IN_HARDWARE,
	NFT_OFFLOAD_DIR_ERRNO,
	NFT_OFFLOAD_DIR_REASON,
	NFT_OFFLOAD_DIR_MESSAGE,
	NFT_OFFLOAD_DIR_HW_AGE,
	NFT_OFFLOAD_DIR_PRIORITY,
	NFT_OFFLOAD_DIR_DSCP,
	NFT_OFFLOAD_DIR_NOT_CARRIED,

	__NFT_OFFLOAD_DIR_MAX,
	NFT_OFFLOAD_DIR_MAX = (__NFT_OFFLOAD_DIR_MAX - 1)
};

enum {
	NFT_OFFLOAD_ENCAP_TAG = 1,
	NFT_OFFLOAD_ENCAP_PROTO,
	NFT_OFFLOAD_ENCAP_ID,

	__NFT_OFFLOAD_ENCAP_MAX,
	NFT_OFFLOAD_ENCAP_MAX = (__NFT_OFFLOAD_ENCAP_MAX - 1)
};

enum {
	NFT_OFFLOAD_FILTER_TABLE_FAMILY = 1,
	NFT_OFFLOAD_FILTER_TABLE,
	NFT_OFFLOAD_FILTER_FLOWTABLE,
	NFT_OFFLOAD_FILTER_L3PROTO,
	NFT_OFFLOAD_FILTER_L4PROTO,
	NFT_OFFLOAD_FILTER_SADDR,
	NFT_OFFLOAD_FILTER_SADDR_TO,
	NFT_OFFLOAD_FILTER_DADDR,
	NFT_OFFLOAD_FILTER_DADDR_TO,
	NFT_OFFLOAD_FILTER_SPORT,
	NFT_OFFLOAD_FILTER_SPORT_TO,
	NFT_OFFLOAD_FILTER_DPORT,
	NFT_OFFLOAD_FILTER_DPORT_TO,
	NFT_OFFLOAD_FILTER_IIF,
	NFT_OFFLOAD_FILTER_OIF,
	NFT_OFFLOAD_FILTER_CT_MARK,
	NFT_OFFLOAD_FILTER_CT_MASK,
	NFT_OFFLOAD_FILTER_STATES,
	NFT_OFFLOAD_FILTER_CT_ZONE,
	NFT_OFFLOAD_FILTER_CT_ID,

	__NFT_OFFLOAD_FILTER_MAX,
	NFT_OFFLOAD_FILTER_MAX = (__NFT_OFFLOAD_FILTER_MAX - 1)
};

enum {
	NFT_OFFLOAD_TABLE_PAD = 1,
	NFT_OFFLOAD_TABLE_FAMILY,
	NFT_OFFLOAD_TABLE_TABLE,
	NFT_OFFLOAD_TABLE_NAME,
	NFT_OFFLOAD_TABLE_FLAGS,
	NFT_OFFLOAD_TABLE_ALLOWED,
	NFT_OFFLOAD_TABLE_DEVICES,
	NFT_OFFLOAD_TABLE_DEVICE,
	NFT_OFFLOAD_TABLE_FLOWS,
	NFT_OFFLOAD_TABLE_HW_FLOWS,
	NFT_OFFLOAD_TABLE_QUEUE_ADD,
	NFT_OFFLOAD_TABLE_QUEUE_DEL,
	NFT_OFFLOAD_TABLE_QUEUE_STATS,
	NFT_OFFLOAD_TABLE_HW_ADDS,
	NFT_OFFLOAD_TABLE_HW_DELS,
	NFT_OFFLOAD_TABLE_REASONS,
	NFT_OFFLOAD_TABLE_REASON,
	NFT_OFFLOAD_TABLE_ERRNOS,
	NFT_OFFLOAD_TABLE_ERRNO,
	NFT_OFFLOAD_TABLE_DEVICES_MORE,
	NFT_OFFLOAD_TABLE_STRICT,

	__NFT_OFFLOAD_TABLE_MAX,
	NFT_OFFLOAD_TABLE_MAX = (__NFT_OFFLOAD_TABLE_MAX - 1)
};

enum {
	NFT_OFFLOAD_DEVICE_IFINDEX = 1,
	NFT_OFFLOAD_DEVICE_NAME,
	NFT_OFFLOAD_DEVICE_ERRNO,
	NFT_OFFLOAD_DEVICE_SIDE,
	NFT_OFFLOAD_DEVICE_REASON,

	__NFT_OFFLOAD_DEVICE_MAX,
	NFT_OFFLOAD_DEVICE_MAX = (__NFT_OFFLOAD_DEVICE_MAX - 1)
};

enum {
	NFT_OFFLOAD_REASON_PAD = 1,
	NFT_OFFLOAD_REASON_NAME,
	NFT_OFFLOAD_REASON_ERRNO,
	NFT_OFFLOAD_REASON_COUNT,

	__NFT_OFFLOAD_REASON_MAX,
	NFT_OFFLOAD_REASON_MAX = (__NFT_OFFLOAD_REASON_MAX - 1)
};

enum {
	NFT_OFFLOAD_EXPLAIN_FILTER = 1,
	NFT_OFFLOAD_EXPLAIN_LAYER,
	NFT_OFFLOAD_EXPLAIN_REASON,
	NFT_OFFLOAD_EXPLAIN_FLOW,
	NFT_OFFLOAD_EXPLAIN_CT_ID,
	NFT_OFFLOAD_EXPLAIN_EXPECT,
	NFT_OFFLOAD_EXPLAIN_TABLE_FAMILY,
	NFT_OFFLOAD_EXPLAIN_TABLE,
	NFT_OFFLOAD_EXPLAIN_FLOWTABLE,
	NFT_OFFLOAD_EXPLAIN_DEVICES,
	NFT_OFFLOAD_EXPLAIN_DEVICE,

	__NFT_OFFLOAD_EXPLAIN_MAX,
	NFT_OFFLOAD_EXPLAIN_MAX = (__NFT_OFFLOAD_EXPLAIN_MAX - 1)
};

enum {
	NFT_OFFLOAD_POLICY_PAD = 1,
	NFT_OFFLOAD_POLICY_FAMILY,
	NFT_OFFLOAD_POLICY_TABLE,
	NFT_OFFLOAD_POLICY_NAME,
	NFT_OFFLOAD_POLICY_MODE,
	NFT_OFFLOAD_POLICY_MARK,
	NFT_OFFLOAD_POLICY_STACK,
	NFT_OFFLOAD_POLICY_AFTER_BYTES,
	NFT_OFFLOAD_POLICY_AFTER_PACKETS,
	NFT_OFFLOAD_POLICY_AFTER_RATE,
	NFT_OFFLOAD_POLICY_BUDGET,
	NFT_OFFLOAD_POLICY_BUDGET_PER_DEVICE,
	NFT_OFFLOAD_POLICY_EVICT,
	NFT_OFFLOAD_POLICY_SHAPED,
	NFT_OFFLOAD_POLICY_CARRY,
	NFT_OFFLOAD_POLICY_CARRY_MODE,

	__NFT_OFFLOAD_POLICY_MAX,
	NFT_OFFLOAD_POLICY_MAX = (__NFT_OFFLOAD_POLICY_MAX - 1)
};

enum {
	NFT_OFFLOAD_CARRY_WHAT = 1,
	NFT_OFFLOAD_CARRY_MASK,
	NFT_OFFLOAD_CARRY_STATE,

	__NFT_OFFLOAD_CARRY_MAX,
	NFT_OFFLOAD_CARRY_MAX = (__NFT_OFFLOAD_CARRY_MAX - 1)
};

enum {
	NFT_OFFLOAD_MARK_ACTION = 1,
	NFT_OFFLOAD_MARK_VALUE,
	NFT_OFFLOAD_MARK_MASK,

	__NFT_OFFLOAD_MARK_MAX,
	NFT_OFFLOAD_MARK_MAX = (__NFT_OFFLOAD_MARK_MAX - 1)
};

enum {
	NFT_OFFLOAD_CMD_FLOW_GET = 1,
	NFT_OFFLOAD_CMD_FLOW_NEW_NTF,
	NFT_OFFLOAD_CMD_FLOW_DEL,
	NFT_OFFLOAD_CMD_FLOW_DEL_NTF,
	NFT_OFFLOAD_CMD_TABLE_GET,
	NFT_OFFLOAD_CMD_EXPLAIN,
	NFT_OFFLOAD_CMD_TABLE_SET,
	NFT_OFFLOAD_CMD_SETTING_GET,
	NFT_OFFLOAD_CMD_POLICY_NEW,
	NFT_OFFLOAD_CMD_POLICY_GET,
	NFT_OFFLOAD_CMD_POLICY_DEL,
	NFT_OFFLOAD_CMD_FLOW_SET,

	__NFT_OFFLOAD_CMD_MAX,
	NFT_OFFLOAD_CMD_MAX = (__NFT_OFFLOAD_CMD_MAX - 1)
};

#define NFT_OFFLOAD_MCGRP_EVENTS	"events"

#endif /* _UAPI_LINUX_NETFILTER_NFT_OFFLOAD_H */
