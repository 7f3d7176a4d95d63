// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How long does a dump of all flows take, without printing them?
 *
 * usage: bench-dump [drop]
 *
 * Asks the kernel of this network namespace. With "drop", messages are received and not
 * looked at: the rest is what the library takes. Prints how many flows there were and the
 * processor time, kernel and library, in microseconds.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <libmnl/libmnl.h>
#include <libnftnl_offload/common.h>
#include <libnftnl_offload/flow.h>

#define BUFFER	(256 * 1024)

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

static void fail(const char *what)
{
	perror(what);
	exit(EXIT_FAILURE);
}

/* Returns false at the end of the dump. */
static bool handle(const void *buf, int len, struct nftnl_flow *flow, unsigned long *flows)
{
	const struct nlmsghdr *nlh = buf;

	for (; mnl_nlmsg_ok(nlh, len); nlh = mnl_nlmsg_next(nlh, &len)) {
		if (nlh->nlmsg_type == NLMSG_DONE)
			return false;
		if (nlh->nlmsg_type == NLMSG_ERROR) {
			fprintf(stderr, "the kernel refuses\n");
			exit(EXIT_FAILURE);
		}
		if (flow && nftnl_flow_nlmsg_parse(nlh, flow) < 0)
			fail("parse");
		++*flows;
	}
	return true;
}

int main(int argc, char **argv)
{
	struct nftnl_flow *flow = nftnl_flow_alloc();
	char request[MNL_NLMSG_HDRLEN + 64] = "";
	char *buf = malloc(BUFFER);
	struct nftnl_offload_family family;
	unsigned long flows = 0;
	struct mnl_socket *nl;
	struct nlmsghdr *nlh;
	double begin;
	ssize_t len;

	if (!flow || !buf)
		fail("memory");
	nl = mnl_socket_open(NETLINK_GENERIC);
	if (!nl || mnl_socket_bind(nl, 0, MNL_SOCKET_AUTOPID) < 0)
		fail("socket");
	if (nftnl_offload_family_resolve(nl, &family) < 0)
		fail("nft_offload");
	nlh = nftnl_offload_nlmsg_build_hdr(request, family.id, NFT_OFFLOAD_CMD_FLOW_GET,
					    NLM_F_DUMP, 1);
	begin = seconds();
	if (mnl_socket_sendto(nl, nlh, nlh->nlmsg_len) < 0)
		fail("send");
	do {
		len = mnl_socket_recvfrom(nl, buf, BUFFER);
		if (len < 0)
			fail("receive");
	} while (handle(buf, len, argc > 1 && !strcmp(argv[1], "drop") ? NULL : flow, &flows));
	printf("%lu %.0f\n", flows, (seconds() - begin) * 1e6);
	mnl_socket_close(nl);
	nftnl_flow_free(flow);
	free(buf);
	return EXIT_SUCCESS;
}
