/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What newer kernels have and this one lacks, for the flowtable, nft_offload and
 * netdevsim. Each definition depends on whether it is there, as it may come with
 * an update of this kernel; net/netfilter/Makefile looks for members of structures.
 */
#ifndef _COMPAT_NF_FLOW_H
#define _COMPAT_NF_FLOW_H

#include <linux/ktime.h>
#include <linux/netlink.h>
#include <net/flow.h>
#include <net/ip.h>
#include <net/netlink.h>

#ifdef NF_FLOW_NO_FORCE_FORWARDING
#define nf_flow_force_forwarding(idev)	((void)(idev), 0)
#endif

#ifdef NF_FLOW_NO_FLOWI4_DSCP
#define flowi4_dscp			flowi4_tos
#define ip4h_dscp(iph)			((iph)->tos & INET_DSCP_MASK)
#endif

#ifndef us_to_ktime
#define us_to_ktime(us)			ns_to_ktime((u64)(us) * NSEC_PER_USEC)
#endif

#ifndef NLA_POLICY_MAX_LEN
#define NLA_POLICY_MAX_LEN(_len)	NLA_POLICY_MAX(NLA_BINARY, _len)
#endif

#ifndef NL_ASSERT_CTX_FITS
#define NL_ASSERT_CTX_FITS(type_name)	NL_ASSERT_DUMP_CTX_FITS(type_name)
#endif

#ifndef nla_get_u8_default
static inline u8 nf_nla_get_u8_default(const struct nlattr *nla, u8 def)
{
	return nla ? nla_get_u8(nla) : def;
}

#define nla_get_u8_default	nf_nla_get_u8_default
#endif

#ifndef nla_get_u16_default
static inline u16 nf_nla_get_u16_default(const struct nlattr *nla, u16 def)
{
	return nla ? nla_get_u16(nla) : def;
}

#define nla_get_u16_default	nf_nla_get_u16_default
#endif

#ifndef nla_get_u32_default
static inline u32 nf_nla_get_u32_default(const struct nlattr *nla, u32 def)
{
	return nla ? nla_get_u32(nla) : def;
}

#define nla_get_u32_default	nf_nla_get_u32_default
#endif

#endif
