// SPDX-License-Identifier: GPL-2.0-or-later
/* End the flows that a filter lets pass. The connections go on: their packets see
 * all rules again.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <libnftnl_offload/flow.h>
#include "common.h"

#define USAGE "nftnl-flow-flush all | " FILTER_USAGE

static int on_count(const struct nlmsghdr *nlh, void *data)
{
	struct nftnl_flow *f = data;

	if (nftnl_offload_msg_type(nlh) != NFT_OFFLOAD_CMD_FLOW_DEL)
		return MNL_CB_OK;
	if (nftnl_flow_nlmsg_parse(nlh, f))
		return MNL_CB_ERROR;
	printf("%llu flows ended\n",
	       (unsigned long long)nftnl_flow_get_u64(f, NFTNL_FLOW_COUNT));
	return MNL_CB_OK;
}

int main(int argc, char **argv)
{
	bool all = argc == 2 && !strcmp(argv[1], "all");
	struct nftnl_flow_filter *filter;
	char buf[MNL_SOCKET_BUFFER_SIZE];
	struct nftnl_offload_family family;
	struct nftnl_flow *flow;
	struct mnl_socket *nl;
	struct nlmsghdr *nlh;
	int ret;

	if (argc < 2) {
		fprintf(stderr, "usage: %s\n", USAGE);
		return EXIT_FAILURE;
	}
	filter = example_filter(argv + 1 + all, USAGE);
	flow = nftnl_flow_alloc();
	if (!flow) {
		perror("flow");
		return EXIT_FAILURE;
	}
	nl = example_open(&family);
	/* the acknowledgment comes when hardware has none of them any more */
	nlh = nftnl_offload_nlmsg_build_hdr(buf, family.id, NFT_OFFLOAD_CMD_FLOW_DEL,
					    NLM_F_ACK | NLM_F_ECHO, time(NULL));
	nftnl_flow_filter_nlmsg_build_payload(nlh, NFT_OFFLOAD_FLOW_FILTER, filter);
	ret = example_request(nl, nlh, on_count, flow);
	/* slow hardware: the kernel does not wait for ever, nor does this end more flows */
	nftnl_flow_filter_set_u32(filter, NFTNL_FLOW_FILTER_STATES, 0);
	while (ret && errno == ETIMEDOUT) {
		nlh = nftnl_offload_nlmsg_build_hdr(buf, family.id, NFT_OFFLOAD_CMD_FLOW_DEL,
						    NLM_F_ACK, time(NULL));
		nftnl_flow_filter_nlmsg_build_payload(nlh, NFT_OFFLOAD_FLOW_FILTER, filter);
		ret = example_request(nl, nlh, NULL, NULL);
	}

	mnl_socket_close(nl);
	nftnl_flow_free(flow);
	nftnl_flow_filter_free(filter);
	return ret ? EXIT_FAILURE : EXIT_SUCCESS;
}
