// SPDX-License-Identifier: GPL-2.0-or-later
/* List the flows that a filter lets pass. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <libnftnl_offload/flow.h>
#include "common.h"

static int on_flow(const struct nlmsghdr *nlh, void *data)
{
	struct nftnl_flow *f = data;	/* the same one for each message */

	if (nftnl_offload_msg_type(nlh) != NFT_OFFLOAD_CMD_FLOW_GET)
		return MNL_CB_OK;
	if (nftnl_flow_nlmsg_parse(nlh, f))
		return MNL_CB_ERROR;
	nftnl_flow_fprintf(stdout, f, NFTNL_OFFLOAD_OUTPUT_DEFAULT, 0);
	printf("\n");
	return MNL_CB_OK;
}

int main(int argc, char **argv)
{
	struct nftnl_flow_filter *filter;
	char buf[MNL_SOCKET_BUFFER_SIZE];
	struct nftnl_offload_family family;
	struct nftnl_flow *flow;
	struct mnl_socket *nl;
	struct nlmsghdr *nlh;
	int ret;

	(void)argc;
	filter = example_filter(argv + 1, "nftnl-flow-list " FILTER_USAGE);
	flow = nftnl_flow_alloc();
	if (!flow) {
		perror("flow");
		return EXIT_FAILURE;
	}
	nl = example_open(&family);
	nlh = nftnl_offload_nlmsg_build_hdr(buf, family.id, NFT_OFFLOAD_CMD_FLOW_GET,
					    NLM_F_DUMP, time(NULL));
	nftnl_flow_filter_nlmsg_build_payload(nlh, NFT_OFFLOAD_FLOW_FILTER, filter);
	ret = example_request(nl, nlh, on_flow, flow);

	mnl_socket_close(nl);
	nftnl_flow_free(flow);
	nftnl_flow_filter_free(filter);
	return ret ? EXIT_FAILURE : EXIT_SUCCESS;
}
