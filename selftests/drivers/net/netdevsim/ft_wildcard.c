// SPDX-License-Identifier: GPL-2.0
/*
 * A flowtable whose devices are given by the beginning of their names:
 *
 *	ft_wildcard TABLE FLOWTABLE PREFIX
 *
 * adds it to TABLE of family inet, with "flags offload", at hook ingress and
 * priority 0. (nft knows this from 1.1.6 on.) Ends with 1 and says why if the
 * kernel refuses.
 */

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <libmnl/libmnl.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>

/* younger than the headers of many distributions */
#define DEVICE_PREFIX	2	/* NFTA_DEVICE_PREFIX */

static struct nlmsghdr *put_header(void *buf, int type, int flags, int family,
				   int res_id, unsigned int seq)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct nfgenmsg *nfg;

	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = NLM_F_REQUEST | flags;
	nlh->nlmsg_seq = seq;
	nfg = mnl_nlmsg_put_extra_header(nlh, sizeof(*nfg));
	nfg->nfgen_family = family;
	nfg->version = NFNETLINK_V0;
	nfg->res_id = htons(res_id);
	return nlh;
}

static void put_flowtable(struct nlmsghdr *nlh, char *argv[])
{
	struct nlattr *hook, *devs;

	mnl_attr_put_strz(nlh, NFTA_FLOWTABLE_TABLE, argv[1]);
	mnl_attr_put_strz(nlh, NFTA_FLOWTABLE_NAME, argv[2]);
	mnl_attr_put_u32(nlh, NFTA_FLOWTABLE_FLAGS, htonl(1)); /* offload */
	hook = mnl_attr_nest_start(nlh, NFTA_FLOWTABLE_HOOK);
	mnl_attr_put_u32(nlh, NFTA_FLOWTABLE_HOOK_NUM,
			 htonl(NF_NETDEV_INGRESS));
	mnl_attr_put_u32(nlh, NFTA_FLOWTABLE_HOOK_PRIORITY, htonl(0));
	devs = mnl_attr_nest_start(nlh, NFTA_FLOWTABLE_HOOK_DEVS);
	mnl_attr_put_strz(nlh, DEVICE_PREFIX, argv[3]);
	mnl_attr_nest_end(nlh, devs);
	mnl_attr_nest_end(nlh, hook);
}

int main(int argc, char *argv[])
{
	unsigned int seq = time(NULL), portid;
	char buf[8192];
	struct mnl_nlmsg_batch *batch;
	struct mnl_socket *nl;
	int ret;

	if (argc != 4) {
		fprintf(stderr, "usage: ft_wildcard TABLE FLOWTABLE PREFIX\n");
		return 2;
	}
	nl = mnl_socket_open(NETLINK_NETFILTER);
	if (!nl || mnl_socket_bind(nl, 0, MNL_SOCKET_AUTOPID) < 0) {
		perror("ft_wildcard: netlink");
		return 2;
	}
	portid = mnl_socket_get_portid(nl);

	batch = mnl_nlmsg_batch_start(buf, sizeof(buf) / 2);
	put_header(mnl_nlmsg_batch_current(batch), NFNL_MSG_BATCH_BEGIN, 0,
		   AF_UNSPEC, NFNL_SUBSYS_NFTABLES, seq);
	mnl_nlmsg_batch_next(batch);
	put_flowtable(put_header(mnl_nlmsg_batch_current(batch),
				 NFNL_SUBSYS_NFTABLES << 8 |
				 NFT_MSG_NEWFLOWTABLE,
				 NLM_F_CREATE | NLM_F_ACK, NFPROTO_INET, 0,
				 seq + 1), argv);
	mnl_nlmsg_batch_next(batch);
	put_header(mnl_nlmsg_batch_current(batch), NFNL_MSG_BATCH_END, 0,
		   AF_UNSPEC, NFNL_SUBSYS_NFTABLES, seq + 2);
	mnl_nlmsg_batch_next(batch);

	if (mnl_socket_sendto(nl, mnl_nlmsg_batch_head(batch),
			      mnl_nlmsg_batch_size(batch)) < 0) {
		perror("ft_wildcard: send");
		return 2;
	}
	do {
		ret = mnl_socket_recvfrom(nl, buf, sizeof(buf));
		if (ret > 0)
			ret = mnl_cb_run(buf, ret, seq + 1, portid, NULL, NULL);
	} while (ret > 0);
	if (ret < 0) {
		fprintf(stderr, "ft_wildcard: %s\n", strerror(errno));
		return 1;
	}
	return 0;
}
