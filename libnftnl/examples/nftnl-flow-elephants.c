// SPDX-License-Identifier: GPL-2.0-or-later
/* Elephants first, decided outside the kernel: each INTERVAL milliseconds, the fastest
 * PLACES flows that a filter lets pass are pinned to hardware, all others to software.
 * A flow that has a place is taken to be twice as fast, so that those that are alike do
 * not change places all the time. Ends after ROUNDS, and ends the pins.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <libnftnl_offload/flow.h>
#include "common.h"

#define USAGE "nftnl-flow-elephants PLACES INTERVAL ROUNDS " FILTER_USAGE

struct known {
	uint64_t	id, packets, rate, weight;
	uint8_t		pin;
};

struct daemon {
	struct nftnl_offload_family	family;
	struct mnl_socket		*nl;
	struct nftnl_flow_filter	*filter;
	struct nftnl_flow		*flow;	/* the same one for each message */
	struct known			*now, *old; /* by id, as lists have them */
	size_t				num_now, num_old, at;
	uint32_t			seq;
};

static int on_flow(const struct nlmsghdr *nlh, void *data)
{
	struct daemon *d = data;
	uint64_t there, back;
	struct known *k;

	if (nftnl_flow_nlmsg_parse(nlh, d->flow) ||
	    !nftnl_flow_is_set(d->flow, NFTNL_FLOW_ID) ||
	    nftnl_flow_get_total(d->flow, 0, &there, NULL) ||
	    nftnl_flow_get_total(d->flow, NFTNL_FLOW_DIR_STEP, &back, NULL))
		return MNL_CB_OK;
	if (!(d->num_now & (d->num_now - 1))) {
		d->now = realloc(d->now, (d->num_now ? 2 * d->num_now : 1) * sizeof(*d->now));
		if (!d->now)
			return MNL_CB_ERROR;
	}
	k = &d->now[d->num_now++];
	k->id = nftnl_flow_get_u64(d->flow, NFTNL_FLOW_ID);
	k->pin = nftnl_flow_get_u8(d->flow, NFTNL_FLOW_PIN);
	k->packets = there + back;
	while (d->at < d->num_old && d->old[d->at].id < k->id)
		d->at++;
	k->rate = 0;
	if (d->at < d->num_old && d->old[d->at].id == k->id) {
		/* hardware tells of packets now and then: a mean bridges the time between */
		k->rate = (k->packets - d->old[d->at].packets + d->old[d->at].rate + 1) / 2;
	}
	k->weight = k->pin == NFT_OFFLOAD_PIN_HARDWARE ? 2 * k->rate : k->rate;
	return MNL_CB_OK;
}

static struct nlmsghdr *request(struct daemon *d, char *buf, uint8_t cmd, uint16_t flags)
{
	return nftnl_offload_nlmsg_build_hdr(buf, d->family.id, cmd, flags, ++d->seq);
}

/* A flow that has ended meanwhile is none to pin. */
static int pin(struct daemon *d, const struct known *k, uint8_t to)
{
	char buf[MNL_SOCKET_BUFFER_SIZE];
	struct nlmsghdr *nlh;

	if (k->pin == to)
		return 0;
	nlh = request(d, buf, NFT_OFFLOAD_CMD_FLOW_SET, NLM_F_ACK);
	nftnl_flow_reset(d->flow);
	nftnl_flow_set_u64(d->flow, NFTNL_FLOW_ID, k->id);
	nftnl_flow_set_u8(d->flow, NFTNL_FLOW_PIN, to);
	nftnl_flow_nlmsg_build_payload(nlh, d->flow);
	printf("%llu %s, rate %llu\n", (unsigned long long)k->id, nftnl_offload_pin_str(to),
	       (unsigned long long)k->rate);
	return example_request(d->nl, nlh, NULL, NULL) && errno != ENOENT ? -1 : 0;
}

static int faster(const void *one, const void *other)
{
	const struct known *a = *(struct known *const *)one, *b = *(struct known *const *)other;

	return (b->weight > a->weight) - (b->weight < a->weight);
}

static int decide(struct daemon *d, size_t places)
{
	struct known **order = malloc((d->num_now + 1) * sizeof(*order));
	size_t i;
	int ret = order ? 0 : -1;

	for (i = 0; order && i < d->num_now; i++)
		order[i] = &d->now[i];
	if (order)
		qsort(order, d->num_now, sizeof(*order), faster);
	for (i = d->num_now; i-- > 0 && !ret;) /* those that leave first make room */
		ret = pin(d, order[i], i < places && order[i]->rate ? NFT_OFFLOAD_PIN_HARDWARE :
					NFT_OFFLOAD_PIN_SOFTWARE);
	free(order);
	fflush(stdout);
	return ret;
}

int main(int argc, char **argv)
{
	struct daemon d = {};
	char buf[MNL_SOCKET_BUFFER_SIZE];
	struct nlmsghdr *nlh;
	long i, number[4];
	int ret;

	for (i = 1; i < 4; i++)
		number[i] = i < argc ? atol(argv[i]) : 0;
	if (number[1] < 1 || number[2] < 1 || number[3] < 1) {
		fprintf(stderr, "usage: %s\n", USAGE);
		return EXIT_FAILURE;
	}
	d.filter = example_filter(argv + 4, USAGE);
	d.nl = example_open(&d.family);
	d.flow = nftnl_flow_alloc();
	ret = !d.flow;
	for (i = 0; i < number[3] && !ret; i++) {
		free(d.old);
		d.old = d.now;
		d.num_old = d.num_now;
		d.now = NULL;
		d.num_now = d.at = 0;
		nlh = request(&d, buf, NFT_OFFLOAD_CMD_FLOW_GET, NLM_F_DUMP);
		nftnl_flow_filter_nlmsg_build_payload(nlh, NFT_OFFLOAD_FLOW_FILTER, d.filter);
		ret = example_request(d.nl, nlh, on_flow, &d) || decide(&d, number[1]);
		usleep(number[2] * 1000);
	}
	nlh = request(&d, buf, NFT_OFFLOAD_CMD_FLOW_SET, NLM_F_ACK);
	nftnl_flow_filter_nlmsg_build_payload(nlh, NFT_OFFLOAD_FLOW_FILTER, d.filter);
	mnl_attr_put_u8(nlh, NFT_OFFLOAD_FLOW_PIN, NFT_OFFLOAD_PIN_AUTO);
	ret = example_request(d.nl, nlh, NULL, NULL) || ret;
	mnl_socket_close(d.nl);
	nftnl_flow_filter_free(d.filter);
	nftnl_flow_free(d.flow);
	free(d.now);
	free(d.old);
	return ret ? EXIT_FAILURE : EXIT_SUCCESS;
}
