// SPDX-License-Identifier: GPL-2.0-or-later
/* Links and routes, from rtnetlink. */
#include <string.h>
#include <arpa/inet.h>
#include <net/if_arp.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include "host_ask.h"

struct list {
	void	(*add_link)(const struct machine_link *link, void *data);
	void	(*add_route)(const struct machine_route *route, void *data);
	void	*data;
};

struct linkinfo {
	const struct nlattr	*kind;
};

static int find_kind(const struct nlattr *attr, void *data)
{
	struct linkinfo *info = data;

	if (mnl_attr_get_type(attr) == IFLA_INFO_KIND)
		info->kind = attr;
	return MNL_CB_OK;
}

/* IFLA_LINK of others is no device below: of veth it is the other end */
static bool has_lower(const struct nlattr *linkinfo)
{
	static const char *const kinds[] = { "vlan", "macvlan", "ipvlan", "macsec" };
	struct linkinfo info = { .kind = NULL };
	char kind[16];
	size_t i;

	mnl_attr_parse_nested(linkinfo, find_kind, &info);
	ask_str(info.kind, kind, sizeof(kind));
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (!strcmp(kind, kinds[i]))
			return true;
	return false;
}

static int got_link(const struct nlmsghdr *nlh, void *data)
{
	const struct ifinfomsg *ifi = mnl_nlmsg_get_payload(nlh);
	const struct list *list = data;
	struct machine_link link = {
		.ifindex = ifi->ifi_index,
		.up = ifi->ifi_flags & IFF_UP,
		.carrier = ifi->ifi_flags & IFF_RUNNING,
		.noarp = ifi->ifi_flags & IFF_NOARP,
		.special = ifi->ifi_flags & IFF_LOOPBACK || ifi->ifi_type == ARPHRD_PPP,
	};
	const struct nlattr *attr;
	uint32_t lower = 0;
	bool is_upper = false;

	mnl_attr_for_each(attr, nlh, sizeof(*ifi)) {
		switch (mnl_attr_get_type(attr)) {
		case IFLA_IFNAME:
			ask_str(attr, link.name, sizeof(link.name));
			break;
		case IFLA_MASTER:
			if (mnl_attr_get_payload_len(attr) == sizeof(uint32_t))
				link.master = mnl_attr_get_u32(attr);
			break;
		case IFLA_LINK:
			if (mnl_attr_get_payload_len(attr) == sizeof(uint32_t))
				lower = mnl_attr_get_u32(attr);
			break;
		case IFLA_LINKINFO:
			is_upper = has_lower(attr);
			break;
		}
	}
	if (is_upper)
		link.lower = lower;
	list->add_link(&link, list->data);
	return MNL_CB_OK;
}

int host_links(void (*add)(const struct machine_link *link, void *data), void *data)
{
	struct list list = { .add_link = add, .data = data };
	struct nlmsghdr *nlh;
	char buf[ASK_SIZE];

	nlh = ask_begin(buf, RTM_GETLINK, NLM_F_DUMP);
	mnl_nlmsg_put_extra_header(nlh, sizeof(struct ifinfomsg));
	return ask(NETLINK_ROUTE, nlh, got_link, &list);
}

static bool is_link_local(uint8_t family, const struct nlattr *dst)
{
	const uint8_t *addr = dst ? mnl_attr_get_payload(dst) : NULL;

	return family == AF_INET6 && addr && mnl_attr_get_payload_len(dst) == 16 &&
	       ((addr[0] == 0xfe && (addr[1] & 0xc0) == 0x80) || addr[0] == 0xff);
}

static void add_hops(const struct nlattr *attr, struct machine_route *route,
		     const struct list *list)
{
	const struct rtnexthop *hop = mnl_attr_get_payload(attr);
	int left = mnl_attr_get_payload_len(attr);

	while (left >= (int)sizeof(*hop) && hop->rtnh_len >= sizeof(*hop) &&
	       hop->rtnh_len <= left) {
		route->oif = hop->rtnh_ifindex;
		list->add_route(route, list->data);
		left -= RTNH_ALIGN(hop->rtnh_len);
		hop = RTNH_NEXT(hop);
	}
}

static int got_route(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *attr, *dst = NULL, *hops = NULL, *oif = NULL;
	const struct rtmsg *rtm = mnl_nlmsg_get_payload(nlh);
	struct machine_route route = { .family = rtm->rtm_family };
	const struct list *list = data;

	if (rtm->rtm_type != RTN_UNICAST || rtm->rtm_table == RT_TABLE_LOCAL ||
	    rtm->rtm_flags & RTM_F_CLONED)
		return MNL_CB_OK;
	mnl_attr_for_each(attr, nlh, sizeof(*rtm)) {
		switch (mnl_attr_get_type(attr)) {
		case RTA_DST:
			dst = attr;
			break;
		case RTA_OIF:
			oif = attr;
			break;
		case RTA_MULTIPATH:
			hops = attr;
			break;
		}
	}
	if (is_link_local(rtm->rtm_family, dst))
		return MNL_CB_OK;
	if (hops) {
		add_hops(hops, &route, list);
	} else if (oif && mnl_attr_get_payload_len(oif) == sizeof(uint32_t)) {
		route.oif = mnl_attr_get_u32(oif);
		list->add_route(&route, list->data);
	}
	return MNL_CB_OK;
}

int host_routes(void (*add)(const struct machine_route *route, void *data), void *data)
{
	static const uint8_t families[] = { AF_INET, AF_INET6 };
	struct list list = { .add_route = add, .data = data };
	struct nlmsghdr *nlh;
	struct rtmsg *rtm;
	char buf[ASK_SIZE];
	size_t i;

	for (i = 0; i < sizeof(families); i++) {
		nlh = ask_begin(buf, RTM_GETROUTE, NLM_F_DUMP);
		rtm = mnl_nlmsg_put_extra_header(nlh, sizeof(*rtm));
		rtm->rtm_family = families[i];
		if (ask(NETLINK_ROUTE, nlh, got_route, &list) < 0)
			return -1;
	}
	return 0;
}
