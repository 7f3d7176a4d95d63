// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Sockets of libmnl with a kernel behind them that has three flows, for the examples:
 * a program that has these functions calls them instead of those of the library.
 *
 * FAKE=error: it refuses all requests, and says why. FAKE=refuse: it does not say.
 * FAKE=absent: it has no nft_offload. FAKE=slow: its hardware forgets flows slowly.
 */
#include "sample.h"

#define PORTID		77
#define EVENT_BATCH	(16 * 1024)
#define TABLE_SIZE	(32 * 1024)

static struct msg request;
static struct msg datagram;
static size_t datagram_len;
static unsigned int datagrams;
static bool joined;

struct mnl_socket *mnl_socket_open(int bus)
{
	return bus == NETLINK_GENERIC ? (struct mnl_socket *)&request : NULL;
}

int mnl_socket_bind(struct mnl_socket *nl, unsigned int groups, pid_t pid)
{
	(void)nl;
	return groups || pid ? -1 : 0;
}

int mnl_socket_close(struct mnl_socket *nl)
{
	(void)nl;
	return 0;
}

unsigned int mnl_socket_get_portid(const struct mnl_socket *nl)
{
	(void)nl;
	return PORTID;
}

int mnl_socket_setsockopt(const struct mnl_socket *nl, int type, void *buf, socklen_t len)
{
	(void)nl;
	if (type != NETLINK_ADD_MEMBERSHIP)
		return 0;
	joined = len == sizeof(int) && *(int *)buf == TEST_EVENTS;
	datagrams = 0;
	return joined ? 0 : -1;
}

ssize_t mnl_socket_sendto(const struct mnl_socket *nl, const void *req, size_t len)
{
	(void)nl;
	if (len > sizeof(request))
		abort();
	memcpy(&request, req, len);
	datagrams = 0;
	return len;
}

static struct nlmsghdr *asked(void)
{
	return (void *)request.buf;
}

/* One more message of the datagram, up to end() */
static struct nlmsghdr *begin(int type)
{
	struct nlmsghdr *nlh;

	nlh = nftnl_offload_nlmsg_build_hdr(datagram.buf + datagram_len, TEST_FAMILY, type,
					    NLM_F_MULTI, joined ? 0 : asked()->nlmsg_seq);
	nlh->nlmsg_pid = joined ? 0 : PORTID;
	return nlh;
}

static void end(const struct nlmsghdr *nlh)
{
	datagram_len += MNL_ALIGN(nlh->nlmsg_len);
}

/* The end of a dump, or an acknowledgment. @err: 0 or a negative errno */
static void done(int err, const char *text)
{
	bool dump = asked()->nlmsg_flags & NLM_F_DUMP;
	struct nlmsghdr *nlh = begin(0);
	struct nlmsgerr *answer;

	nlh->nlmsg_type = dump && !err ? NLMSG_DONE : NLMSG_ERROR;
	nlh->nlmsg_flags = NLM_F_CAPPED | (text ? NLM_F_ACK_TLVS : 0);
	nlh->nlmsg_len = MNL_NLMSG_HDRLEN;
	answer = mnl_nlmsg_put_extra_header(nlh, sizeof(*answer));
	answer->error = err;
	answer->msg = *asked();
	if (text)
		mnl_attr_put_strz(nlh, NLMSGERR_ATTR_MSG, text);
	end(nlh);
}

/* udp 192.0.2.1:1001 -> 198.51.100.1:2000, and others from 1002 and 1003 */
static struct nftnl_flow *flow(uint32_t id)
{
	struct nftnl_flow *f = nftnl_flow_alloc();

	nftnl_flow_set_u8(f, NFTNL_FLOW_TABLE_FAMILY, NFPROTO_INET);
	nftnl_flow_set_str(f, NFTNL_FLOW_TABLE, "t");
	nftnl_flow_set_str(f, NFTNL_FLOW_FLOWTABLE, id == 3 ? "g" : "f");
	nftnl_flow_set_u8(f, NFTNL_FLOW_L3PROTO, NFPROTO_IPV4);
	nftnl_flow_set_u8(f, NFTNL_FLOW_L4PROTO, IPPROTO_UDP);
	nftnl_flow_set_data(f, NFTNL_FLOW_ORIG_SADDR, "\xc0\x00\x02\x01", 4);
	nftnl_flow_set_data(f, NFTNL_FLOW_ORIG_DADDR, "\xc6\x33\x64\x01", 4);
	nftnl_flow_set_u16(f, NFTNL_FLOW_ORIG_SPORT, 1000 + id);
	nftnl_flow_set_u16(f, NFTNL_FLOW_ORIG_DPORT, 2000);
	nftnl_flow_set_u32(f, NFTNL_FLOW_ORIG_IIF, 3);
	nftnl_flow_set_u32(f, NFTNL_FLOW_ORIG_OIF, 4);
	nftnl_flow_set_u8(f, NFTNL_FLOW_STATE, id - 1);
	nftnl_flow_set_u32(f, NFTNL_FLOW_CT_MARK, 0x10 * id);
	nftnl_flow_set_u16(f, NFTNL_FLOW_CT_ZONE, 10 * id);
	nftnl_flow_set_u32(f, NFTNL_FLOW_CT_ID, 100 * id);
	return f;
}

/* Those that the filter of the request lets pass. Returns how many. */
static unsigned int flows(bool send)
{
	struct nftnl_flow_filter *filter = nftnl_flow_filter_alloc();
	struct nlmsghdr *nlh;
	struct nftnl_flow *f;
	unsigned int id, n = 0;

	if (nftnl_flow_filter_nlmsg_parse(asked(), NFT_OFFLOAD_FLOW_FILTER, filter))
		abort();
	for (id = 1; id <= 3; id++) {
		f = flow(id);
		if (nftnl_flow_filter_match(filter, f)) {
			n++;
			if (send) {
				nlh = begin(NFT_OFFLOAD_CMD_FLOW_GET);
				nftnl_flow_nlmsg_build_payload(nlh, f);
				end(nlh);
			}
		}
		nftnl_flow_free(f);
	}
	nftnl_flow_filter_free(filter);
	return n;
}

static void flushed(void)
{
	struct nlmsghdr *nlh = begin(NFT_OFFLOAD_CMD_FLOW_DEL);

	if (!(asked()->nlmsg_flags & NLM_F_ECHO))
		return;
	mnl_attr_put_u64(nlh, NFT_OFFLOAD_FLOW_COUNT, flows(false));
	end(nlh);
}

/* With as many devices as the kernel ever sends */
static void table(void)
{
	struct nlmsghdr *nlh = begin(NFT_OFFLOAD_CMD_TABLE_GET);
	struct nftnl_offload_table *t = sample_table();
	struct nftnl_offload_device dev = { .ifindex = 10 };

	for (; dev.ifindex < 10 + (TABLE_SIZE - 1024) / 44; dev.ifindex++) {
		snprintf(dev.name, sizeof(dev.name), "d%u", dev.ifindex);
		if (nftnl_offload_table_add_device(t, &dev))
			abort();
	}
	nftnl_offload_table_nlmsg_build_payload(nlh, t);
	end(nlh);
	nftnl_offload_table_free(t);
}

/* It tells the id or the port that it was asked for. */
static void explain(void)
{
	static const struct nftnl_offload_device device[] = {
		{ .ifindex = 3, .name = "lan", .side = NFT_OFFLOAD_SIDE_IN },
		{ .ifindex = 4, .name = "wan", .side = NFT_OFFLOAD_SIDE_OUT,
		  .reason = "no-driver" },
	};
	struct nlmsghdr *nlh = begin(NFT_OFFLOAD_CMD_EXPLAIN);
	struct nftnl_flow_filter *filter = nftnl_flow_filter_alloc();
	struct nftnl_offload_explain *e = nftnl_offload_explain_alloc();
	struct nftnl_flow *f;
	uint32_t id;

	if (nftnl_flow_filter_nlmsg_parse(asked(), NFT_OFFLOAD_EXPLAIN_FILTER, filter))
		abort();
	id = nftnl_flow_filter_get_u16(filter, NFTNL_FLOW_FILTER_SPORT) - 1000;
	if (nftnl_flow_filter_is_set(filter, NFTNL_FLOW_FILTER_CT_ID))
		id = nftnl_flow_filter_get_u32(filter, NFTNL_FLOW_FILTER_CT_ID) / 100;
	f = flow(id);
	nftnl_offload_explain_set_u8(e, NFTNL_OFFLOAD_EXPLAIN_LAYER,
				     NFT_OFFLOAD_LAYER_SOFTWARE);
	nftnl_offload_explain_set_str(e, NFTNL_OFFLOAD_EXPLAIN_REASON, "no-driver");
	nftnl_offload_explain_set_str(e, NFTNL_OFFLOAD_EXPLAIN_FLOWTABLE, "f");
	nftnl_offload_explain_add_device(e, &device[0]);
	nftnl_offload_explain_add_device(e, &device[1]);
	nftnl_offload_explain_set_flow(e, f);
	nftnl_offload_explain_nlmsg_build_payload(nlh, e);
	end(nlh);
	nftnl_flow_free(f);
	nftnl_flow_filter_free(filter);
	nftnl_offload_explain_free(e);
}

static void event(uint32_t seq, uint8_t kind, uint32_t id)
{
	bool gone = kind == NFT_OFFLOAD_EVENT_GONE;
	struct nftnl_offload_event *e = nftnl_offload_event_alloc();
	struct nftnl_flow *f = flow(id);
	struct nlmsghdr *nlh;

	nlh = begin(gone ? NFT_OFFLOAD_CMD_FLOW_DEL_NTF :
			  NFT_OFFLOAD_CMD_FLOW_NEW_NTF);
	nftnl_offload_event_set_u8(e, NFTNL_OFFLOAD_EVENT_KIND, kind);
	if (gone)
		nftnl_offload_event_set_u8(e, NFTNL_OFFLOAD_EVENT_CAUSE,
					   NFT_OFFLOAD_CAUSE_FLUSHED);
	nftnl_offload_event_set_u32(e, NFTNL_OFFLOAD_EVENT_SEQ, seq);
	nftnl_offload_event_set_flow(e, f);
	nftnl_offload_event_nlmsg_build_payload(nlh, e);
	end(nlh);
	nftnl_flow_free(f);
	nftnl_offload_event_free(e);
}

/* Numbers of events wrap around. Returns 0, or an errno */
static int events(unsigned int n)
{
	uint32_t seq;

	switch (n) {
	case 0:
	case 2:
		return ENOBUFS;
	case 1:
		event(UINT32_MAX, NFT_OFFLOAD_EVENT_ADDED, 1);
		return 0;
	case 3:
		for (seq = 3; seq < 80; seq++)
			event(seq, NFT_OFFLOAD_EVENT_HARDWARE, 2);
		event(seq, NFT_OFFLOAD_EVENT_GONE, 1);
		/* more than a page or two, and not more than there ever is */
		if (datagram_len <= EVENT_BATCH / 2 || datagram_len > EVENT_BATCH)
			abort();
		return 0;
	default:
		return EIO;
	}
}

/* What the kernel says of families has no acknowledgment, unless it is asked for. */
static void family(bool absent)
{
	struct nlmsghdr *nlh;

	if (absent) {
		done(-ENOENT, NULL);
		return;
	}
	nlh = begin(0);
	nlh->nlmsg_type = GENL_ID_CTRL;
	nlh->nlmsg_flags = 0;
	sample_family(nlh, NFT_OFFLOAD_MCGRP_EVENTS);
	end(nlh);
}

/* The first answer to a flush says that the hardware is slow. */
static void slow(void)
{
	static bool told;
	struct nftnl_flow_filter *filter = nftnl_flow_filter_alloc();

	if (nftnl_flow_filter_nlmsg_parse(asked(), NFT_OFFLOAD_FLOW_FILTER, filter))
		abort();
	if (told && (!nftnl_flow_filter_is_set(filter, NFTNL_FLOW_FILTER_STATES) ||
		     nftnl_flow_filter_get_u32(filter, NFTNL_FLOW_FILTER_STATES)))
		abort();
	flushed();
	done(told ? 0 : -ETIMEDOUT, NULL);
	told = true;
	nftnl_flow_filter_free(filter);
}

static void answer(void)
{
	const char *fake = getenv("FAKE");

	if (asked()->nlmsg_type == GENL_ID_CTRL) {
		family(fake && !strcmp(fake, "absent"));
		return;
	}
	/* the kernel would answer nothing, or too little, at times */
	if (!(asked()->nlmsg_flags & (NLM_F_ACK | NLM_F_DUMP)))
		abort();
	if (fake && !strcmp(fake, "slow")) {
		slow();
		return;
	}
	if (fake) {
		done(-EINVAL, !strcmp(fake, "error") ? "no such thing" : NULL);
		return;
	}
	switch (nftnl_offload_msg_type(asked())) {
	case NFT_OFFLOAD_CMD_FLOW_GET:
		flows(true);
		break;
	case NFT_OFFLOAD_CMD_FLOW_DEL:
		flushed();
		break;
	case NFT_OFFLOAD_CMD_FLOW_SET:
		break;
	case NFT_OFFLOAD_CMD_TABLE_GET:
		table();
		break;
	case NFT_OFFLOAD_CMD_EXPLAIN:
		explain();
		break;
	default:
		abort();
	}
	done(0, NULL);
}

ssize_t mnl_socket_recvfrom(const struct mnl_socket *nl, void *buf, size_t size)
{
	int err = 0;

	(void)nl;
	memset(&datagram, 0, sizeof(datagram));
	datagram_len = 0;
	if (joined)
		err = events(datagrams++);
	else
		answer();
	if (!err && datagram_len > size)
		err = ENOSPC;
	if (err) {
		errno = err;
		return -1;
	}
	memcpy(buf, datagram.buf, datagram_len);
	return datagram_len;
}
