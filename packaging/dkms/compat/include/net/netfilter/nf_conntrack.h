/* SPDX-License-Identifier: GPL-2.0 */
#include_next <net/netfilter/nf_conntrack.h>

/* A conntrack that does not tell the flowtable of connections that it deletes: the
 * hook is never called, and the garbage collector finds dead connections within a
 * second.
 */
#if !defined(_COMPAT_NF_CONNTRACK_H) && !defined(HAVE_CT_OFFLOAD_HOOK)
#define _COMPAT_NF_CONNTRACK_H

struct nf_ct_offload_hook {
	void (*end)(struct nf_conn *ct);
};

static const struct nf_ct_offload_hook __rcu *nf_ct_offload_hook __maybe_unused;

static inline void nf_ct_offload_end_begins(struct net *net)
{
}

static inline void nf_ct_offload_end_is_done(struct net *net)
{
}
#endif
