// SPDX-License-Identifier: GPL-2.0-or-later
/* Requests to the kernel's nft_offload, and its answers and events. */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <libnftnl_offload/common.h>
#include <libnftnl_offload/filter.h>
#include <libnftnl_offload/policy.h>
#include <libnftnl_offload/table.h>
#include "host.h"
#include "input.h"
#include "netlink.h"
#include "signals.h"

#define REQUEST_SIZE	8192
#define ANSWER_SIZE	(256 * 1024)

static bool is_open;
static uint32_t sequence;
static struct nftnl_offload_family family;

/* Events that come between the messages of an answer */
static nl_message listener;
static void *listener_data;
static bool overrun;

static char *answer_buffer(void)
{
	static char *buf;

	if (!buf)
		buf = xalloc(ANSWER_SIZE);
	return buf;
}

static int nl_fail(struct nl_error *error, int err)
{
	error->err = err;
	error->unknown = NULL;
	error->message[0] = '\0';
	return -1;
}

void nl_close(void)
{
	if (is_open)
		host.close();
	is_open = false;
}

static int find_message(const struct nlattr *attr, void *data)
{
	struct nl_error *error = data;

	if (mnl_attr_get_type(attr) == NLMSGERR_ATTR_MSG &&
	    mnl_attr_validate(attr, MNL_TYPE_NUL_STRING) == 0)
		snprintf(error->message, sizeof(error->message), "%s",
			 mnl_attr_get_str(attr));
	return MNL_CB_OK;
}

/* Of NLMSG_ERROR and NLMSG_DONE, whose attributes begin at @offset */
static void parse_extack(const struct nlmsghdr *nlh, size_t offset, struct nl_error *error)
{
	error->message[0] = '\0';
	if (nlh->nlmsg_flags & NLM_F_ACK_TLVS &&
	    nlh->nlmsg_len >= NLMSG_HDRLEN + MNL_ALIGN(offset))
		mnl_attr_parse(nlh, offset, find_message, error);
}

static int parse_error(const struct nlmsghdr *nlh, struct nl_error *error)
{
	const struct nlmsgerr *err = mnl_nlmsg_get_payload(nlh);
	size_t offset = sizeof(*err);

	if (nlh->nlmsg_len < mnl_nlmsg_size(sizeof(*err)))
		return nl_fail(error, EPROTO);
	if (!err->error)
		return 0;
	if (!(nlh->nlmsg_flags & NLM_F_CAPPED) && err->msg.nlmsg_len > NLMSG_HDRLEN)
		offset += MNL_ALIGN(err->msg.nlmsg_len) - NLMSG_HDRLEN;
	nl_fail(error, -err->error);
	parse_extack(nlh, offset, error);
	return -1;
}

static int parse_done(const struct nlmsghdr *nlh, struct nl_error *error)
{
	int err;

	if (nlh->nlmsg_len < mnl_nlmsg_size(sizeof(err)))
		return 0;
	memcpy(&err, mnl_nlmsg_get_payload(nlh), sizeof(err));
	if (err >= 0)
		return 0;
	nl_fail(error, -err);
	parse_extack(nlh, sizeof(err), error);
	return -1;
}

static bool is_ours(const struct nlmsghdr *nlh)
{
	return nlh->nlmsg_seq == sequence && nlh->nlmsg_pid == host.portid();
}

static const char *message_name(const struct nlmsghdr *nlh)
{
	switch (nftnl_offload_msg_type(nlh)) {
	case NFT_OFFLOAD_CMD_FLOW_GET:
		return "a flow";
	case NFT_OFFLOAD_CMD_FLOW_DEL:
	case NFT_OFFLOAD_CMD_FLOW_SET:
		return "the number of flows";
	case NFT_OFFLOAD_CMD_TABLE_GET:
		return "a flowtable";
	case NFT_OFFLOAD_CMD_EXPLAIN:
		return "an explanation";
	case NFT_OFFLOAD_CMD_SETTING_GET:
		return "a setting";
	case NFT_OFFLOAD_CMD_POLICY_GET:
		return "a policy";
	}
	return "a message";
}

static void hear(const struct nlmsghdr *nlh)
{
	if (listener && nlh->nlmsg_type == family.id && nlh->nlmsg_pid != host.portid())
		listener(nlh, listener_data);
}

/* Returns 1 to go on, 0 at the end, -1 */
static int handle(char *buf, ssize_t len, nl_message message, void *data,
		  const char **unknown, struct nl_error *error)
{
	const struct nlmsghdr *nlh = (void *)buf;
	int left = len;

	for (; mnl_nlmsg_ok(nlh, left); nlh = mnl_nlmsg_next(nlh, &left)) {
		if (!is_ours(nlh)) {
			hear(nlh);
			continue;
		}
		if (nlh->nlmsg_type == NLMSG_ERROR)
			return parse_error(nlh, error);
		if (nlh->nlmsg_type == NLMSG_DONE)
			return parse_done(nlh, error);
		if (nlh->nlmsg_type == NLMSG_OVERRUN)
			return nl_fail(error, ENOBUFS);
		if (nlh->nlmsg_type >= NLMSG_MIN_TYPE && message && message(nlh, data) < 0)
			*unknown = message_name(nlh);
	}
	return 1;
}

static int nl_receive(nl_message message, void *data, struct nl_error *error)
{
	const char *unknown = NULL;
	ssize_t len;
	int ret;

	do {
		len = host.recv(answer_buffer(), ANSWER_SIZE);
		if (len < 0 && errno == EINTR && !interrupted) {
			ret = 1;
			continue;
		}
		/* events are lost, the answer is not */
		if (len < 0 && errno == ENOBUFS && listener) {
			overrun = true;
			ret = 1;
			continue;
		}
		if (len < 0)
			return nl_fail(error, errno);
		ret = handle(answer_buffer(), len, message, data, &unknown, error);
	} while (ret > 0);
	if (!ret && unknown) {
		nl_fail(error, EBADMSG);
		error->unknown = unknown;
		ret = -1;
	}
	return ret;
}

static int got_family(const struct nlmsghdr *nlh, void *data)
{
	(void)data;
	return nftnl_offload_family_nlmsg_parse(nlh, &family);
}

/* A socket that knows the number of the family, which loads the module, too */
static int nl_open(struct nl_error *error)
{
	char buf[REQUEST_SIZE] = "";
	struct nlmsghdr *nlh;

	if (is_open)
		return 0;
	if (host.open() < 0)
		return nl_fail(error, errno);
	is_open = true;
	if (!sequence)
		sequence = time(NULL);
	nlh = nftnl_offload_family_nlmsg_build(buf, ++sequence);
	nlh->nlmsg_flags |= NLM_F_ACK;
	if (host.send(nlh, nlh->nlmsg_len) < 0)
		nl_fail(error, errno);
	else if (nl_receive(got_family, NULL, error) == 0)
		return 0;
	nl_close();
	return -1;
}

static int request(uint8_t cmd, uint16_t flags, const struct nftnl_flow_filter *filter,
		   nl_message message, void *data, struct nl_error *error)
{
	char buf[REQUEST_SIZE] = "";
	struct nlmsghdr *nlh;

	nlh = nftnl_offload_nlmsg_build_hdr(buf, family.id, cmd, flags, ++sequence);
	if (filter)
		nftnl_flow_filter_nlmsg_build_payload(nlh, cmd == NFT_OFFLOAD_CMD_EXPLAIN ?
						      NFT_OFFLOAD_EXPLAIN_FILTER :
						      NFT_OFFLOAD_FLOW_FILTER, filter);
	if (host.send(nlh, nlh->nlmsg_len) < 0)
		return nl_fail(error, errno);
	return nl_receive(message, data, error);
}

/* Flows that are ended leave slow hardware one by one: the kernel waits some seconds */
static int wait_for_hardware(struct nl_error *error)
{
	struct nftnl_flow_filter *none = nftnl_flow_filter_alloc();
	int ret;

	if (!none)
		xalloc(SIZE_MAX);
	nftnl_flow_filter_set_u32(none, NFTNL_FLOW_FILTER_STATES, 0);
	do {
		ret = request(NFT_OFFLOAD_CMD_FLOW_DEL, NLM_F_ACK, none, NULL, NULL, error);
	} while (ret < 0 && error->err == ETIMEDOUT && !interrupted);
	nftnl_flow_filter_free(none);
	return ret;
}

int nl_request(uint8_t cmd, uint16_t flags, const struct nftnl_flow_filter *filter,
	       nl_message message, void *data, struct nl_error *error)
{
	int ret;

	if (nl_open(error) < 0)
		return -1;
	ret = request(cmd, flags, filter, message, data, error);
	if (ret < 0 && cmd == NFT_OFFLOAD_CMD_FLOW_DEL && error->err == ETIMEDOUT)
		return wait_for_hardware(error);
	return ret;
}

int nl_set_flows(const struct nftnl_flow_filter *filter, uint8_t pin, uint16_t flags,
		 nl_message message, void *data, struct nl_error *error)
{
	char buf[REQUEST_SIZE] = "";
	struct nlmsghdr *nlh;

	if (nl_open(error) < 0)
		return -1;
	nlh = nftnl_offload_nlmsg_build_hdr(buf, family.id, NFT_OFFLOAD_CMD_FLOW_SET, flags,
					    ++sequence);
	nftnl_flow_filter_nlmsg_build_payload(nlh, NFT_OFFLOAD_FLOW_FILTER, filter);
	mnl_attr_put_u8(nlh, NFT_OFFLOAD_FLOW_PIN, pin);
	if (host.send(nlh, nlh->nlmsg_len) < 0)
		return nl_fail(error, errno);
	return nl_receive(message, data, error);
}

int nl_set_flow(uint64_t id, uint8_t pin, struct nl_error *error)
{
	char buf[REQUEST_SIZE] = "";
	struct nlmsghdr *nlh;

	if (nl_open(error) < 0)
		return -1;
	nlh = nftnl_offload_nlmsg_build_hdr(buf, family.id, NFT_OFFLOAD_CMD_FLOW_SET, NLM_F_ACK,
					    ++sequence);
	mnl_attr_put_u64(nlh, NFT_OFFLOAD_FLOW_ID, id);
	mnl_attr_put_u8(nlh, NFT_OFFLOAD_FLOW_PIN, pin);
	if (host.send(nlh, nlh->nlmsg_len) < 0)
		return nl_fail(error, errno);
	return nl_receive(NULL, NULL, error);
}

int nl_set_table(const struct nftnl_offload_table *table, struct nl_error *error)
{
	char buf[REQUEST_SIZE] = "";
	struct nlmsghdr *nlh;

	if (nl_open(error) < 0)
		return -1;
	nlh = nftnl_offload_nlmsg_build_hdr(buf, family.id, NFT_OFFLOAD_CMD_TABLE_SET, NLM_F_ACK,
					    ++sequence);
	if (nftnl_offload_table_nlmsg_build_setting(nlh, table) < 0 ||
	    host.send(nlh, nlh->nlmsg_len) < 0)
		return nl_fail(error, errno);
	return nl_receive(NULL, NULL, error);
}

int nl_policy(uint8_t cmd, const struct nftnl_offload_policy *policy, struct nl_error *error)
{
	char buf[REQUEST_SIZE] = "";
	struct nlmsghdr *nlh;
	int ret = 0;

	if (nl_open(error) < 0)
		return -1;
	nlh = nftnl_offload_nlmsg_build_hdr(buf, family.id, cmd, NLM_F_ACK, ++sequence);
	if (cmd == NFT_OFFLOAD_CMD_POLICY_DEL)
		ret = nftnl_offload_policy_nlmsg_build_name(nlh, policy);
	else
		nftnl_offload_policy_nlmsg_build_payload(nlh, policy);
	if (ret < 0 || host.send(nlh, nlh->nlmsg_len) < 0)
		return nl_fail(error, errno);
	return nl_receive(NULL, NULL, error);
}

bool nl_error_missing(const struct nl_error *error)
{
	return nl_error_general(error) && !error->unknown && error->err != EPERM &&
	       error->err != ESHUTDOWN;
}

bool nl_error_general(const struct nl_error *error)
{
	if (error->unknown)
		return true;
	switch (error->err) {
	case EPERM:
	case EPROTONOSUPPORT:
	case EAFNOSUPPORT:
	case ENOPROTOOPT:
		return true;
	case ESHUTDOWN:
		return true;
	case ENOENT:	/* no such family, or no longer */
	case EOPNOTSUPP:
		return !error->message[0];
	}
	return false;
}

const char *nl_error_str(const struct nl_error *error)
{
	static char unknown[128];

	if (error->unknown) {
		snprintf(unknown, sizeof(unknown),
			 "%s that the kernel sent was not understood: is the kernel newer than nft-offload?",
			 error->unknown);
		return unknown;
	}
	if (error->err == EPERM)
		return "Operation not permitted (you must be root, or have CAP_NET_ADMIN)";
	if (error->err == ESHUTDOWN)
		return "nft_offload was unloaded: there are no more events";
	if (nl_error_general(error))
		return "this kernel has no nft_offload: try \"modprobe nft_offload\", or boot a kernel that has it";
	if (error->message[0])
		return error->message;
	return strerror(error->err);
}

int nl_events_join(struct nl_error *error)
{
	if (nl_open(error) < 0)
		return -1;
	/* the other group tells of families that go */
	if (host.join(family.events) < 0 || host.join(GENL_ID_CTRL) < 0)
		return nl_fail(error, errno);
	return 0;
}

void nl_events_listen(nl_message message, void *data)
{
	listener = message;
	listener_data = data;
	overrun = false;
}

bool nl_events_overrun(void)
{
	bool ret = overrun;

	overrun = false;
	return ret;
}

bool nl_events_waiting(void)
{
	struct pollfd poll_fd = { .fd = host.fd(), .events = POLLIN };

	return poll_fd.fd >= 0 && poll(&poll_fd, 1, 0) > 0;
}

static int find_id(const struct nlattr *attr, void *data)
{
	if (mnl_attr_get_type(attr) == CTRL_ATTR_FAMILY_ID &&
	    mnl_attr_validate(attr, MNL_TYPE_U16) == 0)
		*(uint16_t *)data = mnl_attr_get_u16(attr);
	return MNL_CB_OK;
}

static bool is_our_end(const struct nlmsghdr *nlh)
{
	const struct genlmsghdr *genl = mnl_nlmsg_get_payload(nlh);
	uint16_t id = 0;

	if (nlh->nlmsg_type != GENL_ID_CTRL || nlh->nlmsg_len < NLMSG_HDRLEN + GENL_HDRLEN ||
	    genl->cmd != CTRL_CMD_DELFAMILY)
		return false;
	mnl_attr_parse(nlh, GENL_HDRLEN, find_id, &id);
	return id == family.id;
}

int nl_events_next(nl_message message, void *data, int64_t ms)
{
	const struct nlmsghdr *nlh;
	ssize_t len;
	int left;

	if (host.fd() >= 0 && !wait_for(host.fd(), -1, ms))
		return interrupted ? EINTR : EAGAIN;
	len = host.recv(answer_buffer(), ANSWER_SIZE);
	if (len < 0)
		return errno;
	nlh = (void *)answer_buffer();
	for (left = len; mnl_nlmsg_ok(nlh, left); nlh = mnl_nlmsg_next(nlh, &left)) {
		if (is_our_end(nlh))
			return ESHUTDOWN;
		if (nlh->nlmsg_type == family.id)
			message(nlh, data);
	}
	return 0;
}
