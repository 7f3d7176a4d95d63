/* SPDX-License-Identifier: GPL-2.0 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM nf_flow_table

#if !defined(_TRACE_NF_FLOW_TABLE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _TRACE_NF_FLOW_TABLE_H

#include <linux/tracepoint.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_flow_reason.h>
#include <net/netfilter/nf_flow_table.h>

#define NF_FLOW_REASON_NAMES						\
	EM(NF_FLOW_REASON_NONE, "none")					\
	EM(NF_FLOW_REASON_XFRM, "xfrm")					\
	EM(NF_FLOW_REASON_IP_OPTIONS, "ip-options")			\
	EM(NF_FLOW_REASON_NO_CONNTRACK, "no-conntrack")			\
	EM(NF_FLOW_REASON_TCP_STATE, "tcp-state")			\
	EM(NF_FLOW_REASON_GRE_KEY, "gre-nat-or-key")			\
	EM(NF_FLOW_REASON_PROTOCOL, "protocol")				\
	EM(NF_FLOW_REASON_HELPER, "helper")				\
	EM(NF_FLOW_REASON_SEQ_ADJUST, "sequence-adjustment")		\
	EM(NF_FLOW_REASON_UNCONFIRMED, "unconfirmed")			\
	EM(NF_FLOW_REASON_POLICY, "policy")				\
	EM(NF_FLOW_REASON_TOO_EARLY, "too-early")			\
	EM(NF_FLOW_REASON_LOCAL, "local")				\
	EM(NF_FLOW_REASON_NO_ROUTE, "no-route")				\
	EM(NF_FLOW_REASON_ASYMMETRIC, "asymmetric")			\
	EM(NF_FLOW_REASON_ROUTE_KEY, "policy-routing")			\
	EM(NF_FLOW_REASON_NEIGHBOUR, "neighbour")			\
	EM(NF_FLOW_REASON_PATH, "path")					\
	EM(NF_FLOW_REASON_DEVICE, "device-not-in-flowtable")		\
	EM(NF_FLOW_REASON_NO_MEMORY, "no-memory")			\
	EM(NF_FLOW_REASON_DYING, "dying")				\
	EM(NF_FLOW_REASON_DUPLICATE, "duplicate")			\
	EM(NF_FLOW_REASON_TUNNEL, "tunnel")				\
	EM(NF_FLOW_REASON_MTU, "mtu")					\
	EM(NF_FLOW_REASON_TOO_SLOW, "too-slow")				\
	EM(NF_FLOW_REASON_BUDGET, "budget")				\
	EM(NF_FLOW_REASON_NOT_EXPRESSIBLE, "not-expressible")		\
	EM(NF_FLOW_REASON_NO_DRIVER, "no-driver")			\
	EM(NF_FLOW_REASON_UNSUPPORTED, "unsupported")			\
	EM(NF_FLOW_REASON_TABLE_FULL, "table-full")			\
	EM(NF_FLOW_REASON_CONFLICT, "conflict")				\
	EM(NF_FLOW_REASON_DRIVER, "driver")				\
	EM(NF_FLOW_REASON_OTHER_DIRECTION, "other-direction")		\
	EM(NF_FLOW_REASON_SWITCHED_OFF, "switched-off")			\
	EM(NF_FLOW_REASON_NOT_WANTED, "no-offload-flag")		\
	EM(NF_FLOW_REASON_PINNED, "pinned")				\
	EM(NF_FLOW_REASON_SHAPED, "shaped")				\
	EM(NF_FLOW_REASON_NOT_LEARNED, "not-learned")			\
	EMe(NF_FLOW_REASON_NOT_CARRIED, "not-carried")

#undef EM
#undef EMe
#define EM(val, name)	TRACE_DEFINE_ENUM(val);
#define EMe(val, name)	TRACE_DEFINE_ENUM(val);
NF_FLOW_REASON_NAMES

#undef EM
#undef EMe
#define EM(val, name)	{ val, name },
#define EMe(val, name)	{ val, name }
#define show_nf_flow_reason(val) __print_symbolic(val, NF_FLOW_REASON_NAMES)

/* One direction as its packets look when they enter. */
#define NF_FLOW_TRACE_TUPLE						\
	__field(u8,	l3proto)					\
	__field(u8,	l4proto)					\
	__field(u8,	dir)						\
	__field(u16,	sport)						\
	__field(u16,	dport)						\
	__field(int,	iif)						\
	__array(u8,	src, sizeof(struct sockaddr_in6))		\
	__array(u8,	dst, sizeof(struct sockaddr_in6))

#ifndef _TRACE_NF_FLOW_TABLE_ONCE
#define _TRACE_NF_FLOW_TABLE_ONCE
static inline void nf_flow_trace_addr(u8 *to, u8 l3proto, const void *addr,
				      __be16 port)
{
	struct sockaddr_in6 *sin6 = (void *)to;
	struct sockaddr_in *sin = (void *)to;

	memset(to, 0, sizeof(*sin6));
	if (l3proto == AF_INET) {
		sin->sin_family = AF_INET;
		sin->sin_port = port;
		memcpy(&sin->sin_addr, addr, sizeof(sin->sin_addr));
	} else {
		sin6->sin6_family = AF_INET6;
		sin6->sin6_port = port;
		memcpy(&sin6->sin6_addr, addr, sizeof(sin6->sin6_addr));
	}
}
#endif

#define NF_FLOW_TRACE_ASSIGN(tuple)					\
	__entry->l3proto = (tuple)->l3proto;				\
	__entry->l4proto = (tuple)->l4proto;				\
	__entry->dir = (tuple)->dir;					\
	__entry->sport = ntohs((tuple)->src_port);			\
	__entry->dport = ntohs((tuple)->dst_port);			\
	__entry->iif = (tuple)->iifidx;					\
	nf_flow_trace_addr(__entry->src, (tuple)->l3proto,		\
			   &(tuple)->src_v6, (tuple)->src_port);	\
	nf_flow_trace_addr(__entry->dst, (tuple)->l3proto,		\
			   &(tuple)->dst_v6, (tuple)->dst_port)

#define NF_FLOW_TRACE_FMT	"%s proto=%u src=%pISpc dst=%pISpc iif=%d"
#define NF_FLOW_TRACE_ARGS						\
	__entry->dir ? "reply" : "original", __entry->l4proto,		\
	__entry->src, __entry->dst, __entry->iif

DECLARE_EVENT_CLASS(nf_flow_offload_dir,
	TP_PROTO(const struct flow_offload *flow,
		 enum flow_offload_tuple_dir dir),
	TP_ARGS(flow, dir),
	TP_STRUCT__entry(
		__field(const void *, flow)
		NF_FLOW_TRACE_TUPLE
	),
	TP_fast_assign(
		__entry->flow = flow;
		NF_FLOW_TRACE_ASSIGN(&flow->tuplehash[dir].tuple);
	),
	TP_printk("flow=%p " NF_FLOW_TRACE_FMT, __entry->flow,
		  NF_FLOW_TRACE_ARGS)
);

/* a driver took the rule */
DEFINE_EVENT(nf_flow_offload_dir, nf_flow_offload_add,
	TP_PROTO(const struct flow_offload *flow,
		 enum flow_offload_tuple_dir dir),
	TP_ARGS(flow, dir)
);

/* the rule was destroyed */
DEFINE_EVENT(nf_flow_offload_dir, nf_flow_offload_del,
	TP_PROTO(const struct flow_offload *flow,
		 enum flow_offload_tuple_dir dir),
	TP_ARGS(flow, dir)
);

/* the driver was asked for the packets since the last time */
TRACE_EVENT(nf_flow_offload_stats,
	TP_PROTO(const struct flow_offload *flow,
		 enum flow_offload_tuple_dir dir,
		 const struct flow_stats *stats),
	TP_ARGS(flow, dir, stats),
	TP_STRUCT__entry(
		__field(const void *, flow)
		NF_FLOW_TRACE_TUPLE
		__field(u64, packets)
		__field(u64, bytes)
	),
	TP_fast_assign(
		__entry->flow = flow;
		NF_FLOW_TRACE_ASSIGN(&flow->tuplehash[dir].tuple);
		__entry->packets = stats->pkts;
		__entry->bytes = stats->bytes;
	),
	TP_printk("flow=%p " NF_FLOW_TRACE_FMT " packets=%llu bytes=%llu",
		  __entry->flow, NF_FLOW_TRACE_ARGS, __entry->packets,
		  __entry->bytes)
);

/* one direction did not get into hardware */
TRACE_EVENT(nf_flow_offload_fail,
	TP_PROTO(const struct flow_offload *flow,
		 enum flow_offload_tuple_dir dir, int err,
		 enum nf_flow_reason reason, const char *msg),
	TP_ARGS(flow, dir, err, reason, msg),
	TP_STRUCT__entry(
		__field(const void *, flow)
		NF_FLOW_TRACE_TUPLE
		__field(int, err)
		__field(u8, reason)
		__string(msg, msg ?: "")
	),
	TP_fast_assign(
		__entry->flow = flow;
		NF_FLOW_TRACE_ASSIGN(&flow->tuplehash[dir].tuple);
		__entry->err = err;
		__entry->reason = reason;
		__assign_str(msg);
	),
	TP_printk("flow=%p " NF_FLOW_TRACE_FMT " err=%d reason=%s msg=\"%s\"",
		  __entry->flow, NF_FLOW_TRACE_ARGS, __entry->err,
		  show_nf_flow_reason(__entry->reason), __get_str(msg))
);

/* a connection did not get into the flowtable, or its flow is not offered */
TRACE_EVENT(nf_flow_offload_skip,
	TP_PROTO(const struct nf_conn *ct, enum nf_flow_reason reason),
	TP_ARGS(ct, reason),
	TP_STRUCT__entry(
		__field(const void *, ct)
		__field(u8, l4proto)
		__field(u8, reason)
		__array(u8, src, sizeof(struct sockaddr_in6))
		__array(u8, dst, sizeof(struct sockaddr_in6))
	),
	TP_fast_assign(
		const struct nf_conntrack_tuple *tuple;

		__entry->ct = ct;
		__entry->reason = reason;
		if (ct) {
			tuple = &ct->tuplehash[IP_CT_DIR_ORIGINAL].tuple;
			__entry->l4proto = tuple->dst.protonum;
			nf_flow_trace_addr(__entry->src, tuple->src.l3num,
					   &tuple->src.u3, tuple->src.u.all);
			nf_flow_trace_addr(__entry->dst, tuple->src.l3num,
					   &tuple->dst.u3, tuple->dst.u.all);
		} else {
			__entry->l4proto = 0;
			memset(__entry->src, 0, sizeof(struct sockaddr_in6));
			memset(__entry->dst, 0, sizeof(struct sockaddr_in6));
		}
	),
	TP_printk("ct=%p proto=%u src=%pISpc dst=%pISpc reason=%s",
		  __entry->ct, __entry->l4proto, __entry->src, __entry->dst,
		  show_nf_flow_reason(__entry->reason))
);

#endif /* _TRACE_NF_FLOW_TABLE_H */

/* This part must be outside protection */
#include <trace/define_trace.h>
