// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The generic netlink family: which number the kernel has given to it.
 */
#include <time.h>
#include "internal.h"

#define EVENTS	NFT_OFFLOAD_MCGRP_EVENTS

struct nlmsghdr *nftnl_offload_family_nlmsg_build(char *buf, uint32_t seq)
{
	struct nlmsghdr *nlh;

	nlh = nftnl_offload_nlmsg_build_hdr(buf, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 0, seq);
	mnl_attr_put_strz(nlh, CTRL_ATTR_FAMILY_NAME, NFT_OFFLOAD_FAMILY_NAME);
	return nlh;
}

/* A group, as it comes: its name may be before its number, or after it. */
struct group {
	uint32_t	id;
	bool		events;
};

static int parse_group_attr(void *obj, const struct nlattr *attr)
{
	struct group *group = obj;

	switch (nftnl_nla_type(attr)) {
	case CTRL_ATTR_MCAST_GRP_ID:
		return nftnl_parse_u32(&group->id, attr);
	case CTRL_ATTR_MCAST_GRP_NAME:
		group->events = nftnl_nla_len(attr) >= sizeof(EVENTS) &&
				!memcmp(nftnl_nla_data(attr), EVENTS, sizeof(EVENTS));
	}
	return 0;
}

static int parse_group(void *obj, const struct nlattr *nest)
{
	struct nftnl_offload_family *family = obj;
	struct group group = {};

	if (nftnl_nest_each(nest, NFTNL_NLA_ANY, parse_group_attr, &group))
		return -1;
	if (group.events)
		family->events = group.id;
	return 0;
}

static int parse_attr(void *obj, const struct nlattr *attr)
{
	struct nftnl_offload_family *family = obj;

	switch (nftnl_nla_type(attr)) {
	case CTRL_ATTR_FAMILY_ID:
		return nftnl_parse_u16(&family->id, attr);
	case CTRL_ATTR_MCAST_GROUPS:
		return nftnl_nest_each(attr, NFTNL_NLA_ANY, parse_group, family);
	}
	return 0;
}

int nftnl_offload_family_nlmsg_parse(const struct nlmsghdr *nlh,
				     struct nftnl_offload_family *family)
{
	memset(family, 0, sizeof(*family));
	if (nlh->nlmsg_type == GENL_ID_CTRL &&
	    !nftnl_msg_each(nlh, NFTNL_NLA_ANY, parse_attr, family) &&
	    family->id && family->events)
		return 0;
	memset(family, 0, sizeof(*family));
	errno = EINVAL;
	return -1;
}

/* The answer, or an error */
static int parse_answer(const struct nlmsghdr *nlh, struct nftnl_offload_family *family)
{
	const struct nlmsgerr *err = mnl_nlmsg_get_payload(nlh);

	if (nlh->nlmsg_type != NLMSG_ERROR)
		return nftnl_offload_family_nlmsg_parse(nlh, family);
	errno = EINVAL;
	if (mnl_nlmsg_get_payload_len(nlh) >= sizeof(*err) && err->error < 0)
		errno = -err->error;
	return -1;
}

int nftnl_offload_family_resolve(struct mnl_socket *nl,
				 struct nftnl_offload_family *family)
{
	char buf[NFTNL_OFFLOAD_BUFFER_SIZE] __attribute__((aligned(NLMSG_ALIGNTO)));
	uint32_t seq = time(NULL), portid = mnl_socket_get_portid(nl);
	const struct nlmsghdr *nlh;
	ssize_t len;
	int left;

	memset(family, 0, sizeof(*family));
	nlh = nftnl_offload_family_nlmsg_build(buf, seq);
	if (mnl_socket_sendto(nl, nlh, nlh->nlmsg_len) < 0)
		return -1;
	for (;;) {
		len = mnl_socket_recvfrom(nl, buf, sizeof(buf));
		if (len < 0)
			return -1;
		nlh = (const void *)buf;
		for (left = len; mnl_nlmsg_ok(nlh, left); nlh = mnl_nlmsg_next(nlh, &left))
			if (nlh->nlmsg_seq == seq && nlh->nlmsg_pid == portid)
				return parse_answer(nlh, family);
	}
}
