/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The generic netlink family nft_offload: its number and that of its group, which
 * the kernel has given to them, and its commands and attributes.
 */
#ifndef _FT_GENL_H
#define _FT_GENL_H

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/genetlink.h>
#include <linux/netlink.h>

/* linux/netfilter/nft_offload.h, younger than the headers of many distributions */
enum {
	FLOW_GET = 1, FLOW_NEW_NTF, FLOW_DEL, FLOW_DEL_NTF, TABLE_GET, EXPLAIN,
	TABLE_SET, SETTING_GET, POLICY_NEW, POLICY_GET, POLICY_DEL,
};

struct ft_genl {
	uint16_t family;
	uint32_t group;
};

static inline const struct nlattr *ft_genl_attr(const char *data, ssize_t len,
						int type)
{
	const struct nlattr *nla;

	for (; len >= NLA_HDRLEN; len -= NLA_ALIGN(nla->nla_len)) {
		nla = (const void *)data;
		if (nla->nla_len < NLA_HDRLEN || nla->nla_len > len)
			break;
		if (!type || (nla->nla_type & NLA_TYPE_MASK) == type)
			return nla;
		data += NLA_ALIGN(nla->nla_len);
	}
	return NULL;
}

/* Its only group is the first one. Returns 0; -1 with errno: ENOENT if there is no
 * such family.
 */
static inline int ft_genl_find(struct ft_genl *genl)
{
	struct {
		struct nlmsghdr nlh;
		struct genlmsghdr genl;
		struct nlattr nla;
		char name[sizeof("nft_offload")];
	} request = {
		.nlh.nlmsg_len = sizeof(request),
		.nlh.nlmsg_type = GENL_ID_CTRL,
		.nlh.nlmsg_flags = NLM_F_REQUEST,
		.genl.cmd = CTRL_CMD_GETFAMILY,
		.nla.nla_len = NLA_HDRLEN + sizeof(request.name),
		.nla.nla_type = CTRL_ATTR_FAMILY_NAME,
		.name = "nft_offload",
	};
	const int headers = NLMSG_HDRLEN + GENL_HDRLEN;
	uint32_t data[2048];
	const struct nlmsghdr *nlh = (void *)data;
	const struct nlattr *nla;
	ssize_t len = -1;
	int fd, error;

	fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
	if (fd < 0)
		return -1;
	if (send(fd, &request, sizeof(request), 0) == sizeof(request))
		len = recv(fd, data, sizeof(data), 0);
	error = errno;
	close(fd);
	errno = error;
	if (len < headers)
		return -1;
	if (nlh->nlmsg_type == NLMSG_ERROR) {
		memcpy(&error, NLMSG_DATA(nlh), sizeof(error));
		errno = -error;
		return -1;
	}
	errno = EPROTO;
	nla = ft_genl_attr((const char *)nlh + headers, len - headers,
			   CTRL_ATTR_FAMILY_ID);
	if (!nla)
		return -1;
	memcpy(&genl->family, nla + 1, sizeof(genl->family));
	nla = ft_genl_attr((const char *)nlh + headers, len - headers,
			   CTRL_ATTR_MCAST_GROUPS);
	if (nla)
		nla = ft_genl_attr((char *)(nla + 1), nla->nla_len - NLA_HDRLEN, 0);
	if (nla)
		nla = ft_genl_attr((char *)(nla + 1), nla->nla_len - NLA_HDRLEN,
				   CTRL_ATTR_MCAST_GRP_ID);
	if (!nla)
		return -1;
	memcpy(&genl->group, nla + 1, sizeof(genl->group));
	return 0;
}

#endif /* _FT_GENL_H */
