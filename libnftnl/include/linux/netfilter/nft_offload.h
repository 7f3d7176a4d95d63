/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * Flows of flowtables, in software and in hardware: list, flush, follow.
 *
 * nfnetlink subsystem NFNL_SUBSYS_NFT_OFFLOAD, events to NFNLGRP_NFT_OFFLOAD.
 * All of it needs CAP_NET_ADMIN in the user namespace of the network namespace,
 * and is about this network namespace only. An attribute that the kernel does
 * not know is an error. Numbers are in host byte order, but for those said to be
 * __be16 or __be32.
 *
 * Several events come in one datagram, of 16 KiB at most; what a dump sends in one
 * has 32 KiB at most.
 */
#ifndef _UAPI_NFT_OFFLOAD_H
#define _UAPI_NFT_OFFLOAD_H

/**
 * enum nft_offload_msg_types - messages
 *
 * @NFT_OFFLOAD_MSG_FLOW_NEW: a flow (enum nft_offload_flow_attrs): answer to
 *	FLOW_GET, and event
 * @NFT_OFFLOAD_MSG_FLOW_GET: with NLM_F_DUMP the flows that
 *	%NFT_OFFLOAD_FLOW_FILTER lets pass, oldest first; without, the one flow
 *	with the addresses, ports and protocol, or the conntrack id, of the filter
 * @NFT_OFFLOAD_MSG_FLOW_DEL: end the flows that %NFT_OFFLOAD_FLOW_FILTER lets
 *	pass. The answer, if NLM_F_ECHO asks for it, has %NFT_OFFLOAD_FLOW_COUNT;
 *	it and the acknowledgment come when the flows have left hardware. Event: a
 *	flow is gone
 * @NFT_OFFLOAD_MSG_TABLE_NEW: a flowtable (enum nft_offload_table_attrs): answer
 *	to TABLE_GET
 * @NFT_OFFLOAD_MSG_TABLE_GET: flowtables, all of them: NLM_F_DUMP only
 * @NFT_OFFLOAD_MSG_EXPLAIN: what becomes of a connection, or would become of it
 *	(enum nft_offload_explain_attrs): with the addresses, ports and protocol
 *	of either direction of it, or the id of its conntrack entry, in
 *	%NFT_OFFLOAD_EXPLAIN_FILTER. The answer has the same type
 * @NFT_OFFLOAD_MSG_MAX: number of messages
 */
enum nft_offload_msg_types {
	NFT_OFFLOAD_MSG_FLOW_NEW,
	NFT_OFFLOAD_MSG_FLOW_GET,
	NFT_OFFLOAD_MSG_FLOW_DEL,
	NFT_OFFLOAD_MSG_TABLE_NEW,
	NFT_OFFLOAD_MSG_TABLE_GET,
	NFT_OFFLOAD_MSG_EXPLAIN,
	NFT_OFFLOAD_MSG_MAX,
};

/**
 * enum nft_offload_state - where the packets of a flow are forwarded
 *
 * @NFT_OFFLOAD_STATE_SOFTWARE: by the flowtable's fast path
 * @NFT_OFFLOAD_STATE_PENDING: the same, and drivers have something to do
 * @NFT_OFFLOAD_STATE_HARDWARE: by hardware, in all directions that the flow needs
 * @NFT_OFFLOAD_STATE_FAILED: by the fast path, as hardware refused the flow
 * @NFT_OFFLOAD_STATE_CLOSING: packets see the classic path again, and the flow
 *	is about to go
 * @NFT_OFFLOAD_STATE_MAX: number of states
 */
enum nft_offload_state {
	NFT_OFFLOAD_STATE_SOFTWARE,
	NFT_OFFLOAD_STATE_PENDING,
	NFT_OFFLOAD_STATE_HARDWARE,
	NFT_OFFLOAD_STATE_FAILED,
	NFT_OFFLOAD_STATE_CLOSING,
	NFT_OFFLOAD_STATE_MAX,
};

/**
 * enum nft_offload_event - what an event tells
 *
 * @NFT_OFFLOAD_EVENT_ADDED: the flow is in its flowtable
 * @NFT_OFFLOAD_EVENT_HARDWARE: it is in hardware
 * @NFT_OFFLOAD_EVENT_FAILED: it was refused, see %NFT_OFFLOAD_DIR_ERRNO,
 *	%NFT_OFFLOAD_DIR_REASON and %NFT_OFFLOAD_DIR_MESSAGE
 * @NFT_OFFLOAD_EVENT_SOFTWARE: it has left hardware, and goes on in software
 * @NFT_OFFLOAD_EVENT_GONE: it has left the flowtable, with its last counters
 *	and %NFT_OFFLOAD_FLOW_CAUSE
 */
enum nft_offload_event {
	NFT_OFFLOAD_EVENT_ADDED,
	NFT_OFFLOAD_EVENT_HARDWARE,
	NFT_OFFLOAD_EVENT_FAILED,
	NFT_OFFLOAD_EVENT_SOFTWARE,
	NFT_OFFLOAD_EVENT_GONE,
};

/**
 * enum nft_offload_cause - why a flow is gone
 *
 * @NFT_OFFLOAD_CAUSE_UNKNOWN: not recorded
 * @NFT_OFFLOAD_CAUSE_TIMEOUT: no packet for too long
 * @NFT_OFFLOAD_CAUSE_CLOSED: TCP FIN or RST
 * @NFT_OFFLOAD_CAUSE_CONNTRACK: its conntrack entry was deleted
 * @NFT_OFFLOAD_CAUSE_PATH: a route, neighbour or device on its way has changed
 * @NFT_OFFLOAD_CAUSE_FLUSHED: FLOW_DEL
 * @NFT_OFFLOAD_CAUSE_TABLE: its flowtable goes
 */
enum nft_offload_cause {
	NFT_OFFLOAD_CAUSE_UNKNOWN,
	NFT_OFFLOAD_CAUSE_TIMEOUT,
	NFT_OFFLOAD_CAUSE_CLOSED,
	NFT_OFFLOAD_CAUSE_CONNTRACK,
	NFT_OFFLOAD_CAUSE_PATH,
	NFT_OFFLOAD_CAUSE_FLUSHED,
	NFT_OFFLOAD_CAUSE_TABLE,
};

#define NFT_OFFLOAD_FLAG_SNAT		(1 << 0) /* source is translated */
#define NFT_OFFLOAD_FLAG_DNAT		(1 << 1) /* destination is translated */
#define NFT_OFFLOAD_FLAG_NO_HARDWARE	(1 << 2) /* never offered to hardware */

/**
 * enum nft_offload_flow_attrs - a flow
 *
 * @NFT_OFFLOAD_FLOW_UNSPEC: none
 * @NFT_OFFLOAD_FLOW_PAD: for alignment
 * @NFT_OFFLOAD_FLOW_FILTER: in requests: which flows (nested, enum
 *	nft_offload_filter_attrs)
 * @NFT_OFFLOAD_FLOW_ID: number of the flow, which no other of this namespace has
 *	(u64); younger flows have greater ones
 * @NFT_OFFLOAD_FLOW_TABLE_FAMILY: family of the table (u8, NFPROTO_*)
 * @NFT_OFFLOAD_FLOW_TABLE: name of the table (string)
 * @NFT_OFFLOAD_FLOW_FLOWTABLE: name of the flowtable (string)
 * @NFT_OFFLOAD_FLOW_L3PROTO: NFPROTO_IPV4 or NFPROTO_IPV6 (u8)
 * @NFT_OFFLOAD_FLOW_L4PROTO: IPPROTO_* (u8)
 * @NFT_OFFLOAD_FLOW_STATE: enum nft_offload_state (u8)
 * @NFT_OFFLOAD_FLOW_FLAGS: NFT_OFFLOAD_FLAG_* (u32)
 * @NFT_OFFLOAD_FLOW_ORIGINAL: packets of who began the connection (nested, enum
 *	nft_offload_dir_attrs)
 * @NFT_OFFLOAD_FLOW_REPLY: the answers (nested, the same)
 * @NFT_OFFLOAD_FLOW_TIMEOUT: it is gone then without more packets (u32,
 *	milliseconds)
 * @NFT_OFFLOAD_FLOW_AGE: since it was added, or since nft_offload was loaded
 *	(u64, milliseconds)
 * @NFT_OFFLOAD_FLOW_CT_ID: id of the conntrack entry, as in CTA_ID (__be32)
 * @NFT_OFFLOAD_FLOW_CT_MARK: mark of the conntrack entry (u32)
 * @NFT_OFFLOAD_FLOW_CT_ZONE: zone of the conntrack entry (u16)
 * @NFT_OFFLOAD_FLOW_EVENT: in events: enum nft_offload_event (u8)
 * @NFT_OFFLOAD_FLOW_CAUSE: in events: enum nft_offload_cause (u8)
 * @NFT_OFFLOAD_FLOW_SEQ: in events: number of the event in this namespace (u32);
 *	those missing in between were lost
 * @NFT_OFFLOAD_FLOW_COUNT: in the answer to FLOW_DEL: flows that were ended (u64)
 */
enum nft_offload_flow_attrs {
	NFT_OFFLOAD_FLOW_UNSPEC,
	NFT_OFFLOAD_FLOW_PAD,
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
	/* private: */
	__NFT_OFFLOAD_FLOW_MAX,
};

#define NFT_OFFLOAD_FLOW_MAX (__NFT_OFFLOAD_FLOW_MAX - 1)

/**
 * enum nft_offload_dir_attrs - one direction of a flow, as its packets come in
 *
 * @NFT_OFFLOAD_DIR_UNSPEC: none
 * @NFT_OFFLOAD_DIR_PAD: for alignment
 * @NFT_OFFLOAD_DIR_SADDR: source address (4 or 16 bytes)
 * @NFT_OFFLOAD_DIR_DADDR: destination address (4 or 16 bytes)
 * @NFT_OFFLOAD_DIR_SPORT: source port (__be16)
 * @NFT_OFFLOAD_DIR_DPORT: destination port (__be16)
 * @NFT_OFFLOAD_DIR_IIF: index of the device it enters by (u32)
 * @NFT_OFFLOAD_DIR_OIF: index of the device it leaves by (u32)
 * @NFT_OFFLOAD_DIR_ENCAP: headers in front of IP, outermost first (nested, one
 *	%NFT_OFFLOAD_ENCAP_TAG each)
 * @NFT_OFFLOAD_DIR_MTU: larger packets take the classic path (u32, bytes)
 * @NFT_OFFLOAD_DIR_SW_PACKETS: forwarded by the fast path (u64)
 * @NFT_OFFLOAD_DIR_SW_BYTES: of them, from the IP header on (u64)
 * @NFT_OFFLOAD_DIR_HW_PACKETS: forwarded by hardware, as far as known (u64)
 * @NFT_OFFLOAD_DIR_HW_BYTES: of them, as the driver counts (u64)
 * @NFT_OFFLOAD_DIR_IN_HARDWARE: there is a rule in hardware (u8, 0 or 1)
 * @NFT_OFFLOAD_DIR_ERRNO: why not, if it was refused (u32, positive errno)
 * @NFT_OFFLOAD_DIR_REASON: the same as a name (string)
 * @NFT_OFFLOAD_DIR_MESSAGE: what the driver said, if it said something (string)
 * @NFT_OFFLOAD_DIR_HW_AGE: time since the driver last reported HW_PACKETS and
 *	HW_BYTES; not there if it never has (u64, milliseconds)
 */
enum nft_offload_dir_attrs {
	NFT_OFFLOAD_DIR_UNSPEC,
	NFT_OFFLOAD_DIR_PAD,
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
	/* private: */
	__NFT_OFFLOAD_DIR_MAX,
};

#define NFT_OFFLOAD_DIR_MAX (__NFT_OFFLOAD_DIR_MAX - 1)

/**
 * enum nft_offload_encap_attrs - a header in front of IP
 *
 * @NFT_OFFLOAD_ENCAP_UNSPEC: none
 * @NFT_OFFLOAD_ENCAP_TAG: one header (nested, the two below)
 * @NFT_OFFLOAD_ENCAP_PROTO: ETH_P_8021Q, ETH_P_8021AD or ETH_P_PPP_SES (__be16)
 * @NFT_OFFLOAD_ENCAP_ID: VLAN or session (u16)
 */
enum nft_offload_encap_attrs {
	NFT_OFFLOAD_ENCAP_UNSPEC,
	NFT_OFFLOAD_ENCAP_TAG,
	NFT_OFFLOAD_ENCAP_PROTO,
	NFT_OFFLOAD_ENCAP_ID,
	/* private: */
	__NFT_OFFLOAD_ENCAP_MAX,
};

#define NFT_OFFLOAD_ENCAP_MAX (__NFT_OFFLOAD_ENCAP_MAX - 1)

/**
 * enum nft_offload_filter_attrs - which flows
 *
 * A flow passes if it is as all attributes that are there say. Addresses, ports
 * and devices are those of packets of who began the connection.
 *
 * @NFT_OFFLOAD_FILTER_UNSPEC: none
 * @NFT_OFFLOAD_FILTER_TABLE_FAMILY: family of the table (u8, NFPROTO_*)
 * @NFT_OFFLOAD_FILTER_TABLE: name of the table (string)
 * @NFT_OFFLOAD_FILTER_FLOWTABLE: name of the flowtable (string)
 * @NFT_OFFLOAD_FILTER_L3PROTO: NFPROTO_IPV4 or NFPROTO_IPV6 (u8)
 * @NFT_OFFLOAD_FILTER_L4PROTO: IPPROTO_* (u8)
 * @NFT_OFFLOAD_FILTER_SADDR: lowest source address (4 or 16 bytes, as
 *	@NFT_OFFLOAD_FILTER_L3PROTO has it)
 * @NFT_OFFLOAD_FILTER_SADDR_TO: highest source address; not there: the lowest
 * @NFT_OFFLOAD_FILTER_DADDR: lowest destination address
 * @NFT_OFFLOAD_FILTER_DADDR_TO: highest destination address; not there: the
 *	lowest
 * @NFT_OFFLOAD_FILTER_SPORT: lowest source port (__be16)
 * @NFT_OFFLOAD_FILTER_SPORT_TO: highest source port; not there: the lowest
 * @NFT_OFFLOAD_FILTER_DPORT: lowest destination port (__be16)
 * @NFT_OFFLOAD_FILTER_DPORT_TO: highest destination port; not there: the lowest
 * @NFT_OFFLOAD_FILTER_IIF: index of the device it enters by (u32)
 * @NFT_OFFLOAD_FILTER_OIF: index of the device it leaves by (u32)
 * @NFT_OFFLOAD_FILTER_CT_MARK: mark of the conntrack entry (u32)
 * @NFT_OFFLOAD_FILTER_CT_MASK: bits of the mark to look at (u32); not there: all
 * @NFT_OFFLOAD_FILTER_STATES: a bit for each enum nft_offload_state (u32)
 * @NFT_OFFLOAD_FILTER_CT_ZONE: zone of the conntrack entry (u16). Where it is to
 *	be found by addresses and ports, in FLOW_GET of one flow and in EXPLAIN:
 *	if not there, 0
 * @NFT_OFFLOAD_FILTER_CT_ID: id of the conntrack entry, as in CTA_ID (__be32). In
 *	FLOW_GET of one flow and in EXPLAIN, it does instead of protocols, addresses
 *	and ports
 */
enum nft_offload_filter_attrs {
	NFT_OFFLOAD_FILTER_UNSPEC,
	NFT_OFFLOAD_FILTER_TABLE_FAMILY,
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
	/* private: */
	__NFT_OFFLOAD_FILTER_MAX,
};

#define NFT_OFFLOAD_FILTER_MAX (__NFT_OFFLOAD_FILTER_MAX - 1)

#define NFT_OFFLOAD_TABLE_FLAG_HARDWARE	(1 << 0) /* "flags offload" */
#define NFT_OFFLOAD_TABLE_FLAG_COUNTER	(1 << 1) /* "counter" */

/**
 * enum nft_offload_table_attrs - a flowtable
 *
 * Counters are since the flowtable was made.
 *
 * @NFT_OFFLOAD_TABLE_UNSPEC: none
 * @NFT_OFFLOAD_TABLE_PAD: for alignment
 * @NFT_OFFLOAD_TABLE_FAMILY: family of the table (u8, NFPROTO_*)
 * @NFT_OFFLOAD_TABLE_TABLE: name of the table (string)
 * @NFT_OFFLOAD_TABLE_NAME: name of the flowtable (string)
 * @NFT_OFFLOAD_TABLE_FLAGS: NFT_OFFLOAD_TABLE_FLAG_* (u32)
 * @NFT_OFFLOAD_TABLE_ALLOWED: the sysctl net.netfilter.nf_flow_offload (u8)
 * @NFT_OFFLOAD_TABLE_DEVICES: nested, one %NFT_OFFLOAD_TABLE_DEVICE each
 * @NFT_OFFLOAD_TABLE_DEVICE: a device of it (nested, enum
 *	nft_offload_device_attrs)
 * @NFT_OFFLOAD_TABLE_FLOWS: flows in it (u32)
 * @NFT_OFFLOAD_TABLE_HW_FLOWS: of them, in hardware (u32)
 * @NFT_OFFLOAD_TABLE_QUEUE_ADD: to be added to hardware, or just being (u32)
 * @NFT_OFFLOAD_TABLE_QUEUE_DEL: the same, to be removed (u32)
 * @NFT_OFFLOAD_TABLE_QUEUE_STATS: the same, to be asked for counters (u32)
 * @NFT_OFFLOAD_TABLE_HW_ADDS: flows that got into hardware (u64)
 * @NFT_OFFLOAD_TABLE_HW_DELS: flows that left it (u64)
 * @NFT_OFFLOAD_TABLE_REASONS: nested, one %NFT_OFFLOAD_TABLE_REASON for each that
 *	there was
 * @NFT_OFFLOAD_TABLE_REASON: why a flow did not get into hardware, or a packet
 *	made no flow (nested, enum nft_offload_reason_attrs)
 * @NFT_OFFLOAD_TABLE_ERRNOS: nested, one %NFT_OFFLOAD_TABLE_ERRNO for each that
 *	there was
 * @NFT_OFFLOAD_TABLE_ERRNO: error of a driver (nested, enum
 *	nft_offload_reason_attrs)
 * @NFT_OFFLOAD_TABLE_DEVICES_MORE: devices that %NFT_OFFLOAD_TABLE_DEVICES had no
 *	room for, if there are any (u32)
 */
enum nft_offload_table_attrs {
	NFT_OFFLOAD_TABLE_UNSPEC,
	NFT_OFFLOAD_TABLE_PAD,
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
	/* private: */
	__NFT_OFFLOAD_TABLE_MAX,
};

#define NFT_OFFLOAD_TABLE_MAX (__NFT_OFFLOAD_TABLE_MAX - 1)

/**
 * enum nft_offload_device_attrs - a device of a flowtable
 *
 * @NFT_OFFLOAD_DEVICE_UNSPEC: none
 * @NFT_OFFLOAD_DEVICE_IFINDEX: its index (u32)
 * @NFT_OFFLOAD_DEVICE_NAME: its name (string)
 * @NFT_OFFLOAD_DEVICE_ERRNO: it cannot offload, and with
 *	net.netfilter.nf_flow_offload_strict=0 need not (u32, positive errno)
 * @NFT_OFFLOAD_DEVICE_SIDE: in the answer to EXPLAIN: enum nft_offload_side (u8)
 * @NFT_OFFLOAD_DEVICE_REASON: the same: why this device keeps the connection from
 *	hardware; not there if it does not (string)
 */
enum nft_offload_device_attrs {
	NFT_OFFLOAD_DEVICE_UNSPEC,
	NFT_OFFLOAD_DEVICE_IFINDEX,
	NFT_OFFLOAD_DEVICE_NAME,
	NFT_OFFLOAD_DEVICE_ERRNO,
	NFT_OFFLOAD_DEVICE_SIDE,
	NFT_OFFLOAD_DEVICE_REASON,
	/* private: */
	__NFT_OFFLOAD_DEVICE_MAX,
};

#define NFT_OFFLOAD_DEVICE_MAX (__NFT_OFFLOAD_DEVICE_MAX - 1)

/**
 * enum nft_offload_reason_attrs - how often
 *
 * @NFT_OFFLOAD_REASON_UNSPEC: none
 * @NFT_OFFLOAD_REASON_PAD: for alignment
 * @NFT_OFFLOAD_REASON_NAME: name of the reason (string)
 * @NFT_OFFLOAD_REASON_ERRNO: or error (u32, positive errno; 0: one that has no
 *	counter of its own)
 * @NFT_OFFLOAD_REASON_COUNT: times (u64)
 */
enum nft_offload_reason_attrs {
	NFT_OFFLOAD_REASON_UNSPEC,
	NFT_OFFLOAD_REASON_PAD,
	NFT_OFFLOAD_REASON_NAME,
	NFT_OFFLOAD_REASON_ERRNO,
	NFT_OFFLOAD_REASON_COUNT,
	/* private: */
	__NFT_OFFLOAD_REASON_MAX,
};

#define NFT_OFFLOAD_REASON_MAX (__NFT_OFFLOAD_REASON_MAX - 1)

/**
 * enum nft_offload_layer - where a connection is forwarded
 *
 * @NFT_OFFLOAD_LAYER_NONE: there is no such connection
 * @NFT_OFFLOAD_LAYER_CLASSIC: by routing, with all rules
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
 *
 * @NFT_OFFLOAD_SIDE_IN: packets of who began the connection come in by it, and the
 *	answers leave by it
 * @NFT_OFFLOAD_SIDE_OUT: the other way round
 */
enum nft_offload_side {
	NFT_OFFLOAD_SIDE_IN,
	NFT_OFFLOAD_SIDE_OUT,
};

/**
 * enum nft_offload_explain_attrs - what becomes of a connection
 *
 * Of a connection that is in no flowtable, @NFT_OFFLOAD_EXPLAIN_EXPECT says what
 * would become of it: by the routes, neighbours and devices of now, without
 * translation if there is no conntrack entry that tells it, and if a rule adds
 * it to the flowtable that suits its devices best. Neither rules nor policies of
 * IPsec are looked at.
 *
 * @NFT_OFFLOAD_EXPLAIN_UNSPEC: none
 * @NFT_OFFLOAD_EXPLAIN_FILTER: which connection (nested, enum
 *	nft_offload_filter_attrs): protocols, addresses, ports and zone, or its id.
 *	If %NFT_OFFLOAD_FILTER_IIF is there, it begins at this device, or at one
 *	below or above; else where its answers go. Table and flowtable say which
 *	flowtable to look at. Others are refused
 * @NFT_OFFLOAD_EXPLAIN_LAYER: enum nft_offload_layer (u8)
 * @NFT_OFFLOAD_EXPLAIN_REASON: the first reason why it is not in hardware, or
 *	would not get there; not there if there is none, or none that is known
 *	(string)
 * @NFT_OFFLOAD_EXPLAIN_FLOW: the flow, if there is one (nested, enum
 *	nft_offload_flow_attrs)
 * @NFT_OFFLOAD_EXPLAIN_CT_ID: id of the conntrack entry, if there is one
 *	(__be32)
 * @NFT_OFFLOAD_EXPLAIN_EXPECT: not there if there is a flow: enum
 *	nft_offload_layer that its packets would get to (u8)
 * @NFT_OFFLOAD_EXPLAIN_TABLE_FAMILY: of the flowtable that this is about, if there
 *	is one: family of the table (u8, NFPROTO_*)
 * @NFT_OFFLOAD_EXPLAIN_TABLE: name of the table (string)
 * @NFT_OFFLOAD_EXPLAIN_FLOWTABLE: name of the flowtable (string)
 * @NFT_OFFLOAD_EXPLAIN_DEVICES: devices that packets of who began the connection
 *	pass, in this order (nested, one %NFT_OFFLOAD_EXPLAIN_DEVICE each)
 * @NFT_OFFLOAD_EXPLAIN_DEVICE: one of them (nested, enum
 *	nft_offload_device_attrs)
 */
enum nft_offload_explain_attrs {
	NFT_OFFLOAD_EXPLAIN_UNSPEC,
	NFT_OFFLOAD_EXPLAIN_FILTER,
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
	/* private: */
	__NFT_OFFLOAD_EXPLAIN_MAX,
};

#define NFT_OFFLOAD_EXPLAIN_MAX (__NFT_OFFLOAD_EXPLAIN_MAX - 1)

#endif /* _UAPI_NFT_OFFLOAD_H */
