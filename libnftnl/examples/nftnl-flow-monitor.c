// SPDX-License-Identifier: GPL-2.0-or-later
/* Print what happens to the flows that a filter lets pass, until interrupted. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <libnftnl_offload/event.h>
#include "common.h"

struct monitor {
	struct nftnl_flow_filter	*filter;
	struct nftnl_offload_event	*event;	/* the same one for each message */
	struct nftnl_offload_event_last	last;
};

static int on_event(const struct nlmsghdr *nlh, void *data)
{
	struct monitor *m = data;
	int type = nftnl_offload_msg_type(nlh);
	uint32_t lost;

	if (type != NFT_OFFLOAD_CMD_FLOW_NEW_NTF && type != NFT_OFFLOAD_CMD_FLOW_DEL_NTF)
		return MNL_CB_OK;
	if (nftnl_offload_event_nlmsg_parse(nlh, m->event))
		return MNL_CB_ERROR;
	/* before the filter: those that are lost may be of any flow */
	lost = nftnl_offload_event_track(m->event, &m->last);
	if (lost)
		fprintf(stderr, "%u events lost\n", lost);
	if (nftnl_flow_filter_match(m->filter, nftnl_offload_event_get_flow(m->event))) {
		nftnl_offload_event_fprintf(stdout, m->event, NFTNL_OFFLOAD_OUTPUT_DEFAULT, 0);
		printf("\n");
		fflush(stdout);
	}
	return MNL_CB_OK;
}

static void follow(struct mnl_socket *nl, struct monitor *m)
{
	static char buf[NFTNL_OFFLOAD_BUFFER_SIZE] __attribute__((aligned(NLMSG_ALIGNTO)));
	ssize_t len;

	for (;;) {
		len = mnl_socket_recvfrom(nl, buf, sizeof(buf));
		if (len < 0 && errno == EINTR)
			continue;
		/* too slow: the next event tells how many are lost, unless it is the first */
		if (len < 0 && errno == ENOBUFS) {
			if (!m->last.known)
				fprintf(stderr, "events lost\n");
			continue;
		}
		if (len < 0 || mnl_cb_run(buf, len, 0, 0, on_event, m) < 0)
			return;
	}
}

int main(int argc, char **argv)
{
	struct nftnl_offload_family family;
	struct monitor m = {};
	struct mnl_socket *nl;

	(void)argc;
	m.filter = example_filter(argv + 1, "nftnl-flow-monitor " FILTER_USAGE);
	m.event = nftnl_offload_event_alloc();
	if (!m.event) {
		perror("event");
		return EXIT_FAILURE;
	}
	nl = example_open(&family);
	if (mnl_socket_setsockopt(nl, NETLINK_ADD_MEMBERSHIP, &family.events,
				  sizeof(family.events))) {
		perror("membership");
		return EXIT_FAILURE;
	}
	follow(nl, &m);
	perror("receive");
	mnl_socket_close(nl);
	nftnl_offload_event_free(m.event);
	nftnl_flow_filter_free(m.filter);
	return EXIT_FAILURE;
}
