/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _NF_FLOW_TABLE_PROBE_H
#define _NF_FLOW_TABLE_PROBE_H

#include <linux/netfilter.h>
#include <linux/types.h>
#include <net/netfilter/nf_flow_table.h>

/* Older kernels have these elsewhere, or not at all: the series for such a kernel
 * defines them first.
 */
#ifndef nf_flow_dst_cookie
static inline u32 *nf_flow_dst_cookie(struct flow_offload_tuple *tuple)
{
	return &tuple->dst_cookie;
}
#endif
#ifndef nf_flow_force_forwarding
#define nf_flow_force_forwarding(idev)	READ_ONCE((idev)->cnf.force_forwarding)
#endif

struct neighbour;
struct nf_conn;

/**
 * struct nf_flow_hop - next hop of a route
 * @dev: the route's device
 * @family: of @addr: AF_INET or AF_INET6
 * @addr: gateway, or the destination itself if there is none
 */
struct nf_flow_hop {
	struct net_device	*dev;
	u8			family;
	union nf_inet_addr	addr;
};

/**
 * struct nf_flow_ends - packets of one direction, when they are routed
 * @saddr: source, as it comes in
 * @daddr: destination, as it goes out
 * @saddr_out: source, as it goes out
 * @sport: port of @saddr
 * @dport: port of @daddr
 * @sport_out: port of @saddr_out
 * @l3proto: NFPROTO_IPV4 or NFPROTO_IPV6
 * @l4proto: IPPROTO_*
 */
struct nf_flow_ends {
	const union nf_inet_addr	*saddr;
	const union nf_inet_addr	*daddr;
	const union nf_inet_addr	*saddr_out;
	__be16				sport;
	__be16				dport;
	__be16				sport_out;
	u8				l3proto;
	u8				l4proto;
};

/* nf_flow_table_probe.c: what would the stack do with a packet? */
int nf_flow_probe_init(void);
void nf_flow_probe_exit(void);
bool nf_flow_has_rules(const struct net *net, u8 l3proto);
bool nf_flow_has_policies(const struct net *net);
bool nf_flow_has_snat(const struct nf_flow_ends *ends);
void nf_flow_ends_ct(struct nf_flow_ends *ends, const struct nf_conn *ct,
		     enum ip_conntrack_dir dir);
void nf_flow_ends_flow(struct nf_flow_ends *ends,
		       const struct flow_offload *flow, int dir);
void nf_flow_hop_init(struct nf_flow_hop *hop, const struct dst_entry *dst,
		      const struct nf_flow_ends *ends);
u32 nf_flow_nexthop_hash(const struct nf_flow_hop *hop);
struct neighbour *nf_flow_hop_neigh(const struct nf_flow_hop *hop);
struct dst_entry *nf_flow_probe(struct net *net,
				const struct nf_flow_ends *ends, int iif,
				const struct flow_offload_path *path,
				bool secure, u32 nexthop,
				struct nf_flow_hop *hop);

#endif /* _NF_FLOW_TABLE_PROBE_H */
