// SPDX-License-Identifier: GPL-2.0-or-later
/* Print what happens to the flows that a filter lets pass, until interrupted. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <libnftnl_offload/flow.h>
#include "common.h"

struct monitor {
	struct nftnl_flow_filter	*filter;
	struct nftnl_flow		*flow;
	uint32_t			seq;
	bool				begun;
};

/* Events have numbers, from which one sees how many were lost. */
static void check_seq(struct monitor *m)
{
	uint32_t seq = nftnl_flow_get_u32(m->flow, NFTNL_FLOW_SEQ);

	if (m->begun && seq != m->seq + 1)
		fprintf(stderr, "%u events lost\n", seq - m->seq - 1);
	m->seq = seq;
	m->begun = true;
}

static int on_event(const struct nlmsghdr *nlh, void *data)
{
	struct monitor *m = data;
	int type = nftnl_offload_msg_type(nlh);

	if (type != NFT_OFFLOAD_MSG_FLOW_NEW && type != NFT_OFFLOAD_MSG_FLOW_DEL)
		return MNL_CB_OK;
	if (nftnl_flow_nlmsg_parse(nlh, m->flow))
		return MNL_CB_ERROR;
	check_seq(m);
	if (nftnl_flow_filter_match(m->filter, m->flow)) {
		nftnl_flow_fprintf(stdout, m->flow, NFTNL_OFFLOAD_OUTPUT_DEFAULT, 0);
		printf("\n");
		fflush(stdout);
	}
	return MNL_CB_OK;
}

int main(int argc, char **argv)
{
	static char buf[65536] __attribute__((aligned(NLMSG_ALIGNTO)));
	int group = NFNLGRP_NFT_OFFLOAD;
	struct monitor m = {};
	struct mnl_socket *nl;
	ssize_t len;

	(void)argc;
	m.filter = example_filter(argv + 1, "nftnl-flow-monitor " FILTER_USAGE);
	m.flow = nftnl_flow_alloc();
	if (!m.flow) {
		perror("flow");
		return EXIT_FAILURE;
	}
	nl = example_open();
	if (mnl_socket_setsockopt(nl, NETLINK_ADD_MEMBERSHIP, &group, sizeof(group))) {
		perror("membership");
		return EXIT_FAILURE;
	}
	for (;;) {
		len = mnl_socket_recvfrom(nl, buf, sizeof(buf));
		/* too slow: some are lost, and the numbers tell how many */
		if (len < 0 && (errno == ENOBUFS || errno == EINTR))
			continue;
		if (len < 0 || mnl_cb_run(buf, len, 0, 0, on_event, &m) < 0)
			break;
	}
	perror("receive");
	mnl_socket_close(nl);
	nftnl_flow_free(m.flow);
	nftnl_flow_filter_free(m.filter);
	return EXIT_FAILURE;
}
