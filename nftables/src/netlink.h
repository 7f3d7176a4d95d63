/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Requests to the kernel's nft_offload, and its answers and events. */
#ifndef NFT_OFFLOAD_NETLINK_H
#define NFT_OFFLOAD_NETLINK_H

#include <stdbool.h>
#include <stdint.h>
#include <linux/netlink.h>

struct nftnl_flow_filter;
struct nftnl_offload_policy;
struct nftnl_offload_table;

/* What the kernel did not like, or sent */
struct nl_error {
	int		err;		/* positive errno */
	const char	*unknown;	/* what this program did not understand, or NULL */
	char		message[256];	/* the kernel's own words, or "" */
};

/* Called for each message of an answer. The message is gone afterwards. Returns
 * what is negative if it does not understand the message: the request fails then,
 * after the whole answer.
 */
typedef int (*nl_message)(const struct nlmsghdr *nlh, void *data);

/**
 * nl_request() - ask, and wait for the whole answer
 * @cmd: NFT_OFFLOAD_CMD_*
 * @flags: NLM_F_DUMP or NLM_F_ACK, and more
 * @filter: may be NULL
 *
 * Flows that are to be ended have left hardware when it returns, however long that
 * takes, unless a signal comes.
 *
 * Return: 0, or -1 with @error filled.
 */
int nl_request(uint8_t cmd, uint16_t flags, const struct nftnl_flow_filter *filter,
	       nl_message message, void *data, struct nl_error *error);

/* Pins the flows that match @filter, see enum nft_offload_pin. @flags and the rest as in
 * nl_request().
 */
int nl_set_flows(const struct nftnl_flow_filter *filter, uint8_t pin, uint16_t flags,
		 nl_message message, void *data, struct nl_error *error);
/* The same for one flow, by its number */
int nl_set_flow(uint64_t id, uint8_t pin, struct nl_error *error);

/* Sets what @table has: family, table, name and, unless that is to be forgotten, strict.
 * Returns 0, or -1 with @error filled.
 */
int nl_set_table(const struct nftnl_offload_table *table, struct nl_error *error);

/* Gives a flowtable @policy, or with NFT_OFFLOAD_CMD_POLICY_DEL takes the one away that it has.
 * Returns 0, or -1 with @error filled.
 */
int nl_policy(uint8_t cmd, const struct nftnl_offload_policy *policy, struct nl_error *error);

/* The kernel has no nft_offload, or not this request */
bool nl_error_missing(const struct nl_error *error);

/* Says what has failed, in one line or with the place: true if it needs no place */
bool nl_error_general(const struct nl_error *error);
const char *nl_error_str(const struct nl_error *error);

/* Events. next() hands over what there is, and waits @ms at most, -1: for ever. Returns 0,
 * or a positive errno: ENOBUFS is that events are lost, EINTR that a signal came, EAGAIN that
 * none came, ESHUTDOWN that no more come, as the module was unloaded.
 */
int nl_events_join(struct nl_error *error);
int nl_events_next(nl_message message, void *data, int64_t ms);
/* Events that come while nl_request() waits for an answer go to @message, too. NULL: they
 * are dropped. overrun() tells, once, that some of them were lost.
 */
void nl_events_listen(nl_message message, void *data);
bool nl_events_overrun(void);
bool nl_events_waiting(void);	/* nl_events_next() need not wait */
void nl_close(void);

#endif
