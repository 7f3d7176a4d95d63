// SPDX-License-Identifier: GPL-2.0-or-later
/* Commands that ask the kernel once: list, flush, explain. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <libnftnl_offload/common.h>
#include <libnftnl_offload/explain.h>
#include <libnftnl_offload/filter.h>
#include <libnftnl_offload/flow.h>
#include <libnftnl_offload/table.h>
#include "cmd.h"
#include "names.h"
#include "netlink.h"
#include "options.h"
#include "output.h"

int cmd_failed(const struct cmd *cmd, const struct nl_error *failure)
{
	if (nl_error_general(failure))
		error("%s", nl_error_str(failure));
	else
		error_at(&cmd->loc, "%s", nl_error_str(failure));
	return EXIT_REFUSED;
}

static int finish(const struct cmd *cmd, int ret, const struct nl_error *failure)
{
	if (ret < 0) {
		output_abort();
		return cmd_failed(cmd, failure);
	}
	output_end();
	return EXIT_FINE;
}

struct list {
	struct listing		listing;
	struct nftnl_flow	*flow;	/* one for all of a dump */
	const struct spec	*spec;
};

static int got_flow(const struct nlmsghdr *nlh, void *data)
{
	struct list *list = data;
	struct nftnl_flow *flow = list->flow;

	if (nftnl_offload_msg_type(nlh) != NFT_OFFLOAD_CMD_FLOW_GET)
		return 0;
	nftnl_flow_reset(flow);
	if (nftnl_flow_nlmsg_parse(nlh, flow) < 0)
		return -1;
	if (spec_flow(list->spec, flow))
		listing_add(&list->listing, flow);
	return 0;
}

/* The flow of a connection of which the reply direction was given */
static int got_other_direction(const struct nlmsghdr *nlh, void *data)
{
	struct nftnl_offload_explain *explain;
	const struct nftnl_flow *flow;
	struct list *list = data;
	int ret;

	if (nftnl_offload_msg_type(nlh) != NFT_OFFLOAD_CMD_EXPLAIN)
		return 0;
	explain = nftnl_offload_explain_alloc();
	if (!explain)
		xalloc(SIZE_MAX);
	ret = nftnl_offload_explain_nlmsg_parse(nlh, explain);
	flow = ret == 0 ? nftnl_offload_explain_get_flow(explain) : NULL;
	if (flow)
		listing_add(&list->listing, flow);
	nftnl_offload_explain_free(explain);
	return ret;
}

static struct list list_begin(struct cmd *cmd)
{
	struct list list = {
		.listing = {
			.sort = cmd->sort, .limit = cmd->limit,
			.table = cmd->op == CMD_LIST_FLOWS && !options.json && !options.list_long,
		},
		.flow = nftnl_flow_alloc(),
		.spec = &cmd->spec,
	};

	if (!list.flow)
		xalloc(SIZE_MAX);
	device_names_forget();
	output_begin();
	return list;
}

int cmd_list_flows(struct cmd *cmd)
{
	struct nl_error failure;
	struct list list;
	int ret;

	if (spec_resolve(&cmd->spec) < 0)
		return EXIT_REFUSED;
	list = list_begin(cmd);
	ret = nl_request(NFT_OFFLOAD_CMD_FLOW_GET, NLM_F_DUMP, cmd->spec.filter, got_flow, &list,
			 &failure);
	nftnl_flow_free(list.flow);
	if (ret == 0 && !list.listing.seen && spec_table_exists(&cmd->spec) < 0)
		return EXIT_REFUSED;
	listing_end(&list.listing, ret < 0);
	return finish(cmd, ret, &failure);
}

int cmd_list_flow(struct cmd *cmd)
{
	struct nl_error failure, other;
	struct list list = list_begin(cmd);
	int ret;

	ret = nl_request(NFT_OFFLOAD_CMD_FLOW_GET, NLM_F_ACK, cmd->spec.filter, got_flow, &list,
			 &failure);
	nftnl_flow_free(list.flow);
	/* the kernel looks for the original direction here, and for both where it explains */
	if (ret < 0 && failure.err == ENOENT &&
	    !nftnl_flow_filter_is_set(cmd->spec.filter, NFTNL_FLOW_FILTER_CT_ID) &&
	    nl_request(NFT_OFFLOAD_CMD_EXPLAIN, NLM_F_ACK, cmd->spec.filter, got_other_direction,
		       &list, &other) == 0 && list.listing.seen)
		ret = 0;
	listing_end(&list.listing, ret < 0);
	return finish(cmd, ret, &failure);
}

int got_count(const struct nlmsghdr *nlh, void *data)
{
	int type = nftnl_offload_msg_type(nlh);
	uint64_t *count = data;
	struct nftnl_flow *flow;
	int ret;

	if (type != NFT_OFFLOAD_CMD_FLOW_DEL && type != NFT_OFFLOAD_CMD_FLOW_SET)
		return 0;
	flow = nftnl_flow_alloc();
	if (!flow)
		xalloc(SIZE_MAX);
	ret = nftnl_flow_nlmsg_parse(nlh, flow);
	if (ret == 0)
		*count = nftnl_flow_get_u64(flow, NFTNL_FLOW_COUNT);
	nftnl_flow_free(flow);
	return ret;
}

struct flush {
	struct spec		*spec;
	uint16_t		flags;
	uint64_t		count;
	struct nl_error		*failure;
};

/* What the kernel does look at, it looks at again. */
static int flush_one(uint64_t id, void *data)
{
	struct flush *flush = data;
	uint64_t one = 0;
	int ret;

	nftnl_flow_filter_set_u32(flush->spec->filter, NFTNL_FLOW_FILTER_CT_ID, id);
	ret = nl_request(NFT_OFFLOAD_CMD_FLOW_DEL, flush->flags, flush->spec->filter, got_count,
			 &one, flush->failure);
	flush->count += one;
	return ret;
}

int cmd_flush_flows(struct cmd *cmd)
{
	struct nl_error failure;
	struct flush flush = {
		.spec = &cmd->spec,
		.flags = NLM_F_ACK | (options.echo ? NLM_F_ECHO : 0),
		.failure = &failure,
	};
	int ret;

	if (spec_resolve(&cmd->spec) < 0 || spec_table_exists(&cmd->spec) < 0)
		return EXIT_REFUSED;
	if (cmd->spec.matches)
		ret = chosen_each(&cmd->spec, NFTNL_FLOW_CT_ID, flush_one, &flush, &failure);
	else
		ret = nl_request(NFT_OFFLOAD_CMD_FLOW_DEL, flush.flags, cmd->spec.filter,
				 got_count, &flush.count, &failure);
	if (ret < 0)
		return cmd_failed(cmd, &failure);
	if (options.echo) {
		output_begin();
		output_count("flushed", flush.count);
		output_end();
	}
	return EXIT_FINE;
}

static int got_traffic(const struct nlmsghdr *nlh, void *data)
{
	struct nftnl_flow *flow = data;

	if (nftnl_offload_msg_type(nlh) != NFT_OFFLOAD_CMD_FLOW_GET)
		return 0;
	nftnl_flow_reset(flow);
	if (nftnl_flow_nlmsg_parse(nlh, flow) < 0)
		return -1;
	prometheus_flow(flow);
	return 0;
}

/* What flows have forwarded, by flowtable: all of them have to be looked at */
static int add_traffic(struct nl_error *failure)
{
	struct nftnl_flow *flow = nftnl_flow_alloc();
	int ret;

	if (!flow)
		xalloc(SIZE_MAX);
	ret = nl_request(NFT_OFFLOAD_CMD_FLOW_GET, NLM_F_DUMP, NULL, got_traffic, flow, failure);
	nftnl_flow_free(flow);
	return ret;
}

/* All of them, or the one that has been named */
int cmd_list_flowtables(struct cmd *cmd)
{
	struct nl_error failure;
	int ret;

	output_begin();
	ret = spec_tables(&cmd->spec, output_table, &failure);
	if (ret == 0 &&
	    nftnl_flow_filter_is_set(cmd->spec.filter, NFTNL_FLOW_FILTER_FLOWTABLE)) {
		spec_no_table(&cmd->spec);
		return EXIT_REFUSED;
	}
	if (ret >= 0 && options.prometheus)
		ret = add_traffic(&failure);
	return finish(cmd, ret, &failure);
}
