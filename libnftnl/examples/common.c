// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <linux/netfilter.h>
#include "common.h"

#ifndef SOL_NETLINK
#define SOL_NETLINK	270
#endif

struct mnl_socket *example_open(struct nftnl_offload_family *family)
{
	struct mnl_socket *nl = mnl_socket_open(NETLINK_GENERIC);
	int one = 1;

	if (!nl || mnl_socket_bind(nl, 0, MNL_SOCKET_AUTOPID)) {
		perror("netlink");
		exit(EXIT_FAILURE);
	}
	/* the kernel says what is wrong, and does not send the request back */
	mnl_socket_setsockopt(nl, NETLINK_EXT_ACK, &one, sizeof(one));
	mnl_socket_setsockopt(nl, NETLINK_CAP_ACK, &one, sizeof(one));
	if (nftnl_offload_family_resolve(nl, family)) {
		if (errno == ENOENT)
			fprintf(stderr, "this kernel has no nft_offload\n");
		else
			perror("family");
		exit(EXIT_FAILURE);
	}
	return nl;
}

/* What the kernel said of an error, if it did */
static char kernel_text[256];

static int error_attr(const struct nlattr *attr, void *data)
{
	(void)data;
	if (mnl_attr_get_type(attr) == NLMSGERR_ATTR_MSG &&
	    !mnl_attr_validate(attr, MNL_TYPE_NUL_STRING))
		snprintf(kernel_text, sizeof(kernel_text), "%s", mnl_attr_get_str(attr));
	return MNL_CB_OK;
}

/* An acknowledgment, or an error with a text */
static int on_error(const struct nlmsghdr *nlh, void *data)
{
	const struct nlmsgerr *err = mnl_nlmsg_get_payload(nlh);

	(void)data;
	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(*err)) {
		errno = EBADMSG;
		return MNL_CB_ERROR;
	}
	if (!err->error)
		return MNL_CB_STOP;
	if ((nlh->nlmsg_flags & NLM_F_ACK_TLVS) && (nlh->nlmsg_flags & NLM_F_CAPPED))
		mnl_attr_parse(nlh, sizeof(*err), error_attr, NULL);
	errno = -err->error;
	return MNL_CB_ERROR;
}

/* End of a dump, which may be an error, too */
static int on_done(const struct nlmsghdr *nlh, void *data)
{
	const int *err = mnl_nlmsg_get_payload(nlh);

	(void)data;
	if (mnl_nlmsg_get_payload_len(nlh) >= sizeof(*err) && *err < 0) {
		errno = -*err;
		return MNL_CB_ERROR;
	}
	return MNL_CB_STOP;
}

static void print_error(int err)
{
	fprintf(stderr, "answer: %s%s%s\n", strerror(err), *kernel_text ? ": " : "",
		kernel_text);
}

int example_request(struct mnl_socket *nl, const struct nlmsghdr *nlh, mnl_cb_t cb,
		    void *data)
{
	static mnl_cb_t control[NLMSG_MIN_TYPE] = {
		[NLMSG_ERROR]	= on_error,
		[NLMSG_DONE]	= on_done,
	};
	static char buf[NFTNL_OFFLOAD_BUFFER_SIZE] __attribute__((aligned(NLMSG_ALIGNTO)));
	unsigned int portid = mnl_socket_get_portid(nl);
	ssize_t len;
	int ret, err;

	*kernel_text = '\0';
	if (mnl_socket_sendto(nl, nlh, nlh->nlmsg_len) < 0) {
		perror("send");
		return -1;
	}
	do {
		len = mnl_socket_recvfrom(nl, buf, sizeof(buf));
		if (len < 0) {
			perror("receive");
			return -1;
		}
		ret = mnl_cb_run2(buf, len, nlh->nlmsg_seq, portid, cb, data, control,
				  NLMSG_MIN_TYPE);
	} while (ret > MNL_CB_STOP);
	if (ret >= 0)
		return 0;
	err = errno;
	print_error(err);
	errno = err;
	return -1;
}

/* "from-to": ends @from, and returns the rest; NULL if there is none */
static char *split(char *from, char sep)
{
	char *to = strchr(from, sep);

	if (to)
		*to++ = '\0';
	return to;
}

static bool number(const char *str, uint32_t max, uint32_t *val)
{
	unsigned long long u;
	char *end;

	errno = 0;
	u = strtoull(str, &end, 0);
	*val = u;
	return *str >= '0' && *str <= '9' && !*end && !errno && u <= max;
}

static bool set_addr(struct nftnl_flow_filter *f, uint16_t attr, const char *str)
{
	int family = strchr(str, ':') ? AF_INET6 : AF_INET;
	uint8_t addr[16];

	if (inet_pton(family, str, addr) != 1)
		return false;
	nftnl_flow_filter_set_u8(f, NFTNL_FLOW_FILTER_L3PROTO,
				 family == AF_INET ? NFPROTO_IPV4 : NFPROTO_IPV6);
	return !nftnl_flow_filter_set_data(f, attr, addr, family == AF_INET ? 4 : 16);
}

static bool set_addrs(struct nftnl_flow_filter *f, uint16_t attr, char *str)
{
	char *to = split(str, '-');

	return set_addr(f, attr, str) && (!to || set_addr(f, attr + 1, to));
}

static bool set_port(struct nftnl_flow_filter *f, uint16_t attr, const char *str)
{
	uint32_t port;

	return number(str, UINT16_MAX, &port) &&
	       !nftnl_flow_filter_set_u16(f, attr, port);
}

static bool set_ports(struct nftnl_flow_filter *f, uint16_t attr, char *str)
{
	char *to = split(str, '-');

	return set_port(f, attr, str) && (!to || set_port(f, attr + 1, to));
}

static bool set_device(struct nftnl_flow_filter *f, uint16_t attr, const char *str)
{
	uint32_t index = if_nametoindex(str);

	if (!index && !number(str, INT32_MAX, &index))
		return false;
	return !nftnl_flow_filter_set_u32(f, attr, index);
}

static bool set_mark(struct nftnl_flow_filter *f, char *str)
{
	char *mask_str = split(str, '/');
	uint32_t mark, mask;

	if (!number(str, UINT32_MAX, &mark))
		return false;
	nftnl_flow_filter_set_u32(f, NFTNL_FLOW_FILTER_CT_MARK, mark);
	if (!mask_str)
		return true;
	return number(mask_str, UINT32_MAX, &mask) &&
	       !nftnl_flow_filter_set_u32(f, NFTNL_FLOW_FILTER_CT_MASK, mask);
}

static bool set_zone(struct nftnl_flow_filter *f, const char *str)
{
	uint32_t zone;

	return number(str, UINT16_MAX, &zone) &&
	       !nftnl_flow_filter_set_u16(f, NFTNL_FLOW_FILTER_CT_ZONE, zone);
}

static bool set_ct_id(struct nftnl_flow_filter *f, const char *str)
{
	uint32_t id;

	return number(str, UINT32_MAX, &id) &&
	       !nftnl_flow_filter_set_u32(f, NFTNL_FLOW_FILTER_CT_ID, id);
}

static bool set_states(struct nftnl_flow_filter *f, char *str)
{
	uint32_t states = 0;
	char *next;
	int i;

	for (; str; str = next) {
		next = split(str, ',');
		for (i = 0; i <= NFT_OFFLOAD_STATE_MAX; i++)
			if (!strcmp(str, nftnl_offload_state_str(i)))
				break;
		if (i > NFT_OFFLOAD_STATE_MAX)
			return false;
		states |= UINT32_C(1) << i;
	}
	return !nftnl_flow_filter_set_u32(f, NFTNL_FLOW_FILTER_STATES, states);
}

static bool set_family(struct nftnl_flow_filter *f, const char *str)
{
	static const struct {
		const char *name;
		uint8_t family;
	} families[] = {
		{ "inet", NFPROTO_INET }, { "ip", NFPROTO_IPV4 },
		{ "ip6", NFPROTO_IPV6 }, { "netdev", NFPROTO_NETDEV },
		{ "bridge", NFPROTO_BRIDGE },
	};
	unsigned int i;

	for (i = 0; i < sizeof(families) / sizeof(families[0]); i++)
		if (!strcmp(str, families[i].name))
			return !nftnl_flow_filter_set_u8(f, NFTNL_FLOW_FILTER_TABLE_FAMILY,
							 families[i].family);
	return false;
}

static bool set_proto(struct nftnl_flow_filter *f, const char *str)
{
	uint8_t proto;

	if (!strcmp(str, "tcp"))
		proto = IPPROTO_TCP;
	else if (!strcmp(str, "udp"))
		proto = IPPROTO_UDP;
	else if (!strcmp(str, "gre"))
		proto = IPPROTO_GRE;
	else
		return false;
	return !nftnl_flow_filter_set_u8(f, NFTNL_FLOW_FILTER_L4PROTO, proto);
}

static bool set_pair(struct nftnl_flow_filter *f, const char *what, char *val)
{
	if (!strcmp(what, "family"))
		return set_family(f, val);
	if (!strcmp(what, "table"))
		return !nftnl_flow_filter_set_str(f, NFTNL_FLOW_FILTER_TABLE, val);
	if (!strcmp(what, "flowtable"))
		return !nftnl_flow_filter_set_str(f, NFTNL_FLOW_FILTER_FLOWTABLE, val);
	if (!strcmp(what, "saddr"))
		return set_addrs(f, NFTNL_FLOW_FILTER_SADDR, val);
	if (!strcmp(what, "daddr"))
		return set_addrs(f, NFTNL_FLOW_FILTER_DADDR, val);
	if (!strcmp(what, "sport"))
		return set_ports(f, NFTNL_FLOW_FILTER_SPORT, val);
	if (!strcmp(what, "dport"))
		return set_ports(f, NFTNL_FLOW_FILTER_DPORT, val);
	if (!strcmp(what, "iif"))
		return set_device(f, NFTNL_FLOW_FILTER_IIF, val);
	if (!strcmp(what, "oif"))
		return set_device(f, NFTNL_FLOW_FILTER_OIF, val);
	if (!strcmp(what, "mark"))
		return set_mark(f, val);
	if (!strcmp(what, "zone"))
		return set_zone(f, val);
	if (!strcmp(what, "ct-id"))
		return set_ct_id(f, val);
	if (!strcmp(what, "state"))
		return set_states(f, val);
	return false;
}

struct nftnl_flow_filter *example_filter(char **argv, const char *usage)
{
	struct nftnl_flow_filter *f = nftnl_flow_filter_alloc();

	if (!f) {
		perror("filter");
		exit(EXIT_FAILURE);
	}
	for (; *argv; argv++) {
		if (set_proto(f, *argv))
			continue;
		if (!argv[1] || !set_pair(f, argv[0], argv[1])) {
			fprintf(stderr, "what is \"%s\"?\nusage: %s\n", *argv, usage);
			exit(EXIT_FAILURE);
		}
		argv++;
	}
	return f;
}
