// SPDX-License-Identifier: GPL-2.0-or-later
/* The route to one address, and the neighbour there. */
#include <errno.h>
#include <string.h>
#include <linux/netfilter.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>
#include "host_ask.h"

static uint32_t addr_len(uint8_t family)
{
	return family == NFPROTO_IPV4 ? 4 : 16;
}

static enum machine_route_type route_type(uint8_t type)
{
	switch (type) {
	case RTN_LOCAL:
	case RTN_ANYCAST:
	case RTN_BROADCAST:
		return MACHINE_ROUTE_LOCAL;
	case RTN_BLACKHOLE:
		return MACHINE_ROUTE_BLACKHOLE;
	case RTN_PROHIBIT:
		return MACHINE_ROUTE_PROHIBIT;
	case RTN_UNREACHABLE:
		return MACHINE_ROUTE_UNREACHABLE;
	}
	return MACHINE_ROUTE_UNICAST;
}

static void read_hops(const struct nlattr *attr, struct machine_hop *hop)
{
	const struct rtnexthop *first = mnl_attr_get_payload(attr);
	int left = mnl_attr_get_payload_len(attr);

	if (left >= (int)sizeof(*first) && !hop->oif)
		hop->oif = first->rtnh_ifindex;
}

static int got_route(const struct nlmsghdr *nlh, void *data)
{
	const struct rtmsg *rtm = mnl_nlmsg_get_payload(nlh);
	struct machine_hop *hop = data;
	const struct nlattr *attr;

	hop->type = route_type(rtm->rtm_type);
	mnl_attr_for_each(attr, nlh, sizeof(*rtm)) {
		uint16_t len = mnl_attr_get_payload_len(attr);

		switch (mnl_attr_get_type(attr)) {
		case RTA_OIF:
			if (len == sizeof(uint32_t))
				hop->oif = mnl_attr_get_u32(attr);
			break;
		case RTA_GATEWAY:
			if (len <= sizeof(hop->gateway))
				memcpy(hop->gateway, mnl_attr_get_payload(attr), len);
			break;
		case RTA_MULTIPATH:
			read_hops(attr, hop);
			break;
		}
	}
	return MNL_CB_OK;
}

int host_route(uint8_t family, const uint8_t *addr, struct machine_hop *hop)
{
	uint32_t len = addr_len(family);
	struct nlmsghdr *nlh;
	struct rtmsg *rtm;
	char buf[ASK_SIZE];

	memset(hop, 0, sizeof(*hop));
	memcpy(hop->gateway, addr, len);
	nlh = ask_begin(buf, RTM_GETROUTE, NLM_F_ACK);
	rtm = mnl_nlmsg_put_extra_header(nlh, sizeof(*rtm));
	rtm->rtm_family = family == NFPROTO_IPV4 ? AF_INET : AF_INET6;
	rtm->rtm_dst_len = len * 8;
	rtm->rtm_flags = RTM_F_FIB_MATCH;	/* the route itself, with its type */
	mnl_attr_put(nlh, RTA_DST, len, addr);
	if (ask(NETLINK_ROUTE, nlh, got_route, hop) == 0)
		return 0;
	/* IPv4 has an error where IPv6 has a type */
	switch (errno) {
	case ENETUNREACH:
		hop->type = MACHINE_ROUTE_NONE;
		return 0;
	case EHOSTUNREACH:
		hop->type = MACHINE_ROUTE_UNREACHABLE;
		return 0;
	case EACCES:
		hop->type = MACHINE_ROUTE_PROHIBIT;
		return 0;
	case EINVAL:
		hop->type = MACHINE_ROUTE_BLACKHOLE;
		return 0;
	}
	return -1;
}

static int got_neighbour(const struct nlmsghdr *nlh, void *data)
{
	const struct ndmsg *ndm = mnl_nlmsg_get_payload(nlh);
	enum machine_neighbour *state = data;

	if (ndm->ndm_state & NUD_FAILED)
		*state = MACHINE_NEIGHBOUR_FAILED;
	else if (ndm->ndm_state & (NUD_INCOMPLETE | NUD_NONE))
		*state = MACHINE_NEIGHBOUR_NONE;
	else
		*state = MACHINE_NEIGHBOUR_FINE;
	return MNL_CB_OK;
}

int host_neighbour(uint8_t family, const uint8_t *addr, uint32_t ifindex,
		   enum machine_neighbour *state)
{
	struct nlmsghdr *nlh;
	struct ndmsg *ndm;
	char buf[ASK_SIZE];

	*state = MACHINE_NEIGHBOUR_NONE;
	nlh = ask_begin(buf, RTM_GETNEIGH, NLM_F_ACK);
	ndm = mnl_nlmsg_put_extra_header(nlh, sizeof(*ndm));
	ndm->ndm_family = family == NFPROTO_IPV4 ? AF_INET : AF_INET6;
	ndm->ndm_ifindex = ifindex;
	mnl_attr_put(nlh, NDA_DST, addr_len(family), addr);
	if (ask(NETLINK_ROUTE, nlh, got_neighbour, state) == 0 || errno == ENOENT)
		return 0;
	return -1;
}
