/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Why a connection is not in the flowtable, or a flow not in hardware.
 */
#ifndef _NF_FLOW_REASON_H
#define _NF_FLOW_REASON_H

/**
 * enum nf_flow_reason - why a flow is where it is
 *
 * In the order of the checks: of the packet that meets "flow add", and from
 * %NF_FLOW_REASON_TUNNEL on of the flow on its way to hardware. The names that
 * users see are in trace/events/nf_flow_table.h.
 *
 * @NF_FLOW_REASON_NONE: there is none, all is well
 * @NF_FLOW_REASON_XFRM: IPsec: packets came, or leave, by it
 * @NF_FLOW_REASON_IP_OPTIONS: the packet has IPv4 options
 * @NF_FLOW_REASON_NO_CONNTRACK: the packet is not tracked
 * @NF_FLOW_REASON_TCP_STATE: not established yet, or about to close
 * @NF_FLOW_REASON_GRE_KEY: GRE with NAT, or of version 1
 * @NF_FLOW_REASON_PROTOCOL: neither TCP, UDP nor GRE
 * @NF_FLOW_REASON_HELPER: a conntrack helper looks at the payload
 * @NF_FLOW_REASON_SEQ_ADJUST: TCP sequence numbers are changed
 * @NF_FLOW_REASON_UNCONFIRMED: first packet of the connection
 * @NF_FLOW_REASON_POLICY: the policy excludes the mark of the connection; also of
 *	flows on their way to hardware
 * @NF_FLOW_REASON_TOO_EARLY: the policy wants more packets in the slow path
 * @NF_FLOW_REASON_LOCAL: to or from this machine: not forwarded
 * @NF_FLOW_REASON_NO_ROUTE: no route back
 * @NF_FLOW_REASON_ASYMMETRIC: the route back is by another device
 * @NF_FLOW_REASON_ROUTE_KEY: routed by what a flow does not remember
 * @NF_FLOW_REASON_NEIGHBOUR: the next hop's address is not known yet
 * @NF_FLOW_REASON_PATH: a device on the way cannot be bypassed
 * @NF_FLOW_REASON_DEVICE: the device at the end is not in the flowtable
 * @NF_FLOW_REASON_NO_MEMORY: out of memory
 * @NF_FLOW_REASON_DYING: the connection is about to go
 * @NF_FLOW_REASON_DUPLICATE: another flow has these addresses and ports
 * @NF_FLOW_REASON_TUNNEL: not to hardware: tunnels are software's
 * @NF_FLOW_REASON_MTU: not to hardware: the path's MTU is below the port's
 * @NF_FLOW_REASON_TOO_SLOW: not to hardware yet: the policy wants more traffic
 * @NF_FLOW_REASON_BUDGET: as many flows are in hardware as the policy allows
 * @NF_FLOW_REASON_NOT_EXPRESSIBLE: the core has no words for this flow
 * @NF_FLOW_REASON_NO_DRIVER: no device of the flowtable offloads
 * @NF_FLOW_REASON_UNSUPPORTED: no driver can do what the flow needs
 * @NF_FLOW_REASON_TABLE_FULL: the hardware has no room
 * @NF_FLOW_REASON_CONFLICT: another rule in hardware has the same match
 * @NF_FLOW_REASON_DRIVER: the driver failed otherwise, see its error
 * @NF_FLOW_REASON_OTHER_DIRECTION: taken out, the other direction is not in
 * @NF_FLOW_REASON_SWITCHED_OFF: net.netfilter.nf_flow_offload is 0
 * @NF_FLOW_REASON_NOT_WANTED: the flowtable has no "flags offload"
 * @NF_FLOW_REASON_PINNED: someone has pinned the flow to software
 * @NF_FLOW_REASON_SHAPED: the flow would bypass a shaper: not to hardware, or not to
 *	the flowtable
 * @NF_FLOW_REASON_NOT_LEARNED: the policy carries what rules give to packets, and no
 *	packet has met "flow add" since: this direction takes the slow path
 * @NF_FLOW_REASON_NOT_CARRIED: hardware does not carry what the policy requires
 * @__NF_FLOW_REASON_MAX: number of reasons
 */
enum nf_flow_reason {
	NF_FLOW_REASON_NONE,
	NF_FLOW_REASON_XFRM,
	NF_FLOW_REASON_IP_OPTIONS,
	NF_FLOW_REASON_NO_CONNTRACK,
	NF_FLOW_REASON_TCP_STATE,
	NF_FLOW_REASON_GRE_KEY,
	NF_FLOW_REASON_PROTOCOL,
	NF_FLOW_REASON_HELPER,
	NF_FLOW_REASON_SEQ_ADJUST,
	NF_FLOW_REASON_UNCONFIRMED,
	NF_FLOW_REASON_POLICY,
	NF_FLOW_REASON_TOO_EARLY,
	NF_FLOW_REASON_LOCAL,
	NF_FLOW_REASON_NO_ROUTE,
	NF_FLOW_REASON_ASYMMETRIC,
	NF_FLOW_REASON_ROUTE_KEY,
	NF_FLOW_REASON_NEIGHBOUR,
	NF_FLOW_REASON_PATH,
	NF_FLOW_REASON_DEVICE,
	NF_FLOW_REASON_NO_MEMORY,
	NF_FLOW_REASON_DYING,
	NF_FLOW_REASON_DUPLICATE,
	NF_FLOW_REASON_TUNNEL,
	NF_FLOW_REASON_MTU,
	NF_FLOW_REASON_TOO_SLOW,
	NF_FLOW_REASON_BUDGET,
	NF_FLOW_REASON_NOT_EXPRESSIBLE,
	NF_FLOW_REASON_NO_DRIVER,
	NF_FLOW_REASON_UNSUPPORTED,
	NF_FLOW_REASON_TABLE_FULL,
	NF_FLOW_REASON_CONFLICT,
	NF_FLOW_REASON_DRIVER,
	NF_FLOW_REASON_OTHER_DIRECTION,
	NF_FLOW_REASON_SWITCHED_OFF,
	NF_FLOW_REASON_NOT_WANTED,
	NF_FLOW_REASON_PINNED,
	NF_FLOW_REASON_SHAPED,
	NF_FLOW_REASON_NOT_LEARNED,
	NF_FLOW_REASON_NOT_CARRIED,
	__NF_FLOW_REASON_MAX,
};

/**
 * nf_flow_reason_path() - name an error of nft_flow_route()
 * @err: negative errno
 *
 * Return: the reason.
 */
static inline enum nf_flow_reason nf_flow_reason_path(int err)
{
	switch (err) {
	case -EHOSTUNREACH:
		return NF_FLOW_REASON_NEIGHBOUR;
	case -EOPNOTSUPP:
		return NF_FLOW_REASON_PATH;
	case -EXDEV:
		return NF_FLOW_REASON_DEVICE;
	case -EREMOTE:
		return NF_FLOW_REASON_ASYMMETRIC;
	case -ENOKEY:
		return NF_FLOW_REASON_ROUTE_KEY;
	default:
		return NF_FLOW_REASON_NO_ROUTE;
	}
}

/**
 * nf_flow_reason_driver() - name an error of a driver
 * @err: negative errno
 *
 * Return: the reason.
 */
static inline enum nf_flow_reason nf_flow_reason_driver(int err)
{
	switch (err) {
	case -ENODEV:
		return NF_FLOW_REASON_NO_DRIVER;
	case -EOPNOTSUPP:
		return NF_FLOW_REASON_UNSUPPORTED;
	case -ENOSPC:
		return NF_FLOW_REASON_TABLE_FULL;
	case -EEXIST:
		return NF_FLOW_REASON_CONFLICT;
	case -ENOMEM:
		return NF_FLOW_REASON_NO_MEMORY;
	default:
		return NF_FLOW_REASON_DRIVER;
	}
}

#endif /* _NF_FLOW_REASON_H */
