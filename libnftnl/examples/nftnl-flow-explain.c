// SPDX-License-Identifier: GPL-2.0-or-later
/* Where is a connection forwarded, or would be, and why not in hardware? */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <libnftnl_offload/explain.h>
#include <libnftnl_offload/flow.h>
#include "common.h"

#define USAGE "nftnl-flow-explain ct-id ID |\n" \
	"\ttcp|udp|gre saddr ADDR daddr ADDR [sport PORT dport PORT] [iif DEVICE] [zone ZONE]"

static void print_layer(const struct nftnl_offload_explain *e, const char *what,
			uint16_t attr)
{
	if (nftnl_offload_explain_is_set(e, attr))
		printf("%s: %s\n", what,
		       nftnl_offload_layer_str(nftnl_offload_explain_get_u8(e, attr)));
}

static void print_devices(const struct nftnl_offload_explain *e)
{
	const struct nftnl_offload_device *dev;
	unsigned int i;

	for (i = 0; (dev = nftnl_offload_explain_device(e, i)); i++) {
		printf("%s: %s", nftnl_offload_side_str(dev->side), dev->name);
		if (dev->reason)
			printf(" (%s)", dev->reason);
		printf("\n");
	}
}

static int on_answer(const struct nlmsghdr *nlh, void *data)
{
	struct nftnl_offload_explain *e = data;
	const struct nftnl_flow *flow;
	const char *reason, *flowtable;

	if (nftnl_offload_msg_type(nlh) != NFT_OFFLOAD_CMD_EXPLAIN)
		return MNL_CB_OK;
	if (nftnl_offload_explain_nlmsg_parse(nlh, e))
		return MNL_CB_ERROR;

	print_layer(e, "layer", NFTNL_OFFLOAD_EXPLAIN_LAYER);
	print_layer(e, "expected, if a rule adds it to a flowtable", NFTNL_OFFLOAD_EXPLAIN_EXPECT);
	reason = nftnl_offload_explain_get_str(e, NFTNL_OFFLOAD_EXPLAIN_REASON);
	if (reason)
		printf("reason: %s\n", reason);
	flowtable = nftnl_offload_explain_get_str(e, NFTNL_OFFLOAD_EXPLAIN_FLOWTABLE);
	if (flowtable)
		printf("flowtable: %s\n", flowtable);
	print_devices(e);
	flow = nftnl_offload_explain_get_flow(e);
	if (flow) {
		printf("flow: ");
		nftnl_flow_fprintf(stdout, flow, NFTNL_OFFLOAD_OUTPUT_DEFAULT, 0);
		printf("\n");
	}
	return MNL_CB_OK;
}

int main(int argc, char **argv)
{
	struct nftnl_offload_explain *e;
	struct nftnl_flow_filter *filter;
	char buf[MNL_SOCKET_BUFFER_SIZE];
	struct nftnl_offload_family family;
	struct mnl_socket *nl;
	struct nlmsghdr *nlh;
	int ret;

	if (argc < 2) {
		fprintf(stderr, "usage: %s\n", USAGE);
		return EXIT_FAILURE;
	}
	filter = example_filter(argv + 1, USAGE);
	e = nftnl_offload_explain_alloc();
	if (!e) {
		perror("explain");
		return EXIT_FAILURE;
	}
	nl = example_open(&family);
	nlh = nftnl_offload_nlmsg_build_hdr(buf, family.id, NFT_OFFLOAD_CMD_EXPLAIN,
					    NLM_F_ACK, time(NULL));
	nftnl_flow_filter_nlmsg_build_payload(nlh, NFT_OFFLOAD_EXPLAIN_FILTER, filter);
	ret = example_request(nl, nlh, on_answer, e);

	mnl_socket_close(nl);
	nftnl_offload_explain_free(e);
	nftnl_flow_filter_free(filter);
	return ret ? EXIT_FAILURE : EXIT_SUCCESS;
}
