// SPDX-License-Identifier: GPL-2.0-or-later
/* Commands that ask the kernel once: list, flush, explain. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <libnftnl_offload/common.h>
#include <libnftnl_offload/explain.h>
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
	listing_add(&list->listing, flow);
	return 0;
}

static int list_matching(struct cmd *cmd, uint16_t flags)
{
	struct list list = {
		.listing = {
			.sort = cmd->sort, .limit = cmd->limit,
			.table = cmd->op == CMD_LIST_FLOWS && !options.json && !options.list_long,
		},
	};
	struct nl_error failure;
	int ret;

	if (spec_resolve(&cmd->spec) < 0)
		return EXIT_REFUSED;
	list.flow = nftnl_flow_alloc();
	if (!list.flow)
		xalloc(SIZE_MAX);
	device_names_forget();
	output_begin();
	ret = nl_request(NFT_OFFLOAD_CMD_FLOW_GET, flags, cmd->spec.filter, got_flow, &list,
			 &failure);
	nftnl_flow_free(list.flow);
	listing_end(&list.listing, ret < 0);
	return finish(cmd, ret, &failure);
}

int cmd_list_flows(struct cmd *cmd)
{
	return list_matching(cmd, NLM_F_DUMP);
}

int cmd_list_flow(struct cmd *cmd)
{
	return list_matching(cmd, NLM_F_ACK);
}

static int got_count(const struct nlmsghdr *nlh, void *data)
{
	uint64_t *count = data;
	struct nftnl_flow *flow;
	int ret;

	if (nftnl_offload_msg_type(nlh) != NFT_OFFLOAD_CMD_FLOW_DEL)
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

int cmd_flush_flows(struct cmd *cmd)
{
	uint16_t flags = NLM_F_ACK | (options.echo ? NLM_F_ECHO : 0);
	struct nl_error failure;
	uint64_t count = 0;
	int ret;

	if (spec_resolve(&cmd->spec) < 0)
		return EXIT_REFUSED;
	ret = nl_request(NFT_OFFLOAD_CMD_FLOW_DEL, flags, cmd->spec.filter, got_count, &count,
			 &failure);
	if (ret < 0)
		return cmd_failed(cmd, &failure);
	if (options.echo) {
		output_begin();
		output_count(count);
		output_end();
	}
	return EXIT_FINE;
}

static int got_table(const struct nlmsghdr *nlh, void *data)
{
	struct nftnl_offload_table *table;
	int ret;

	(void)data;
	if (nftnl_offload_msg_type(nlh) != NFT_OFFLOAD_CMD_TABLE_GET)
		return 0;
	table = nftnl_offload_table_alloc();
	if (!table)
		xalloc(SIZE_MAX);
	ret = nftnl_offload_table_nlmsg_parse(nlh, table);
	if (ret == 0)
		output_table(table);
	nftnl_offload_table_free(table);
	return ret;
}

int cmd_list_flowtables(struct cmd *cmd)
{
	struct nl_error failure;
	int ret;

	output_begin();
	ret = nl_request(NFT_OFFLOAD_CMD_TABLE_GET, NLM_F_DUMP, NULL, got_table, NULL, &failure);
	return finish(cmd, ret, &failure);
}

static int got_explain(const struct nlmsghdr *nlh, void *data)
{
	struct nftnl_offload_explain *explain;
	int ret;

	(void)data;
	if (nftnl_offload_msg_type(nlh) != NFT_OFFLOAD_CMD_EXPLAIN)
		return 0;
	explain = nftnl_offload_explain_alloc();
	if (!explain)
		xalloc(SIZE_MAX);
	ret = nftnl_offload_explain_nlmsg_parse(nlh, explain);
	if (ret == 0)
		output_explain(explain);
	nftnl_offload_explain_free(explain);
	return ret;
}

int cmd_explain(struct cmd *cmd)
{
	struct nl_error failure;
	int ret;

	if (spec_resolve(&cmd->spec) < 0)
		return EXIT_REFUSED;
	device_names_forget();
	output_begin();
	ret = nl_request(NFT_OFFLOAD_CMD_EXPLAIN, NLM_F_ACK, cmd->spec.filter, got_explain, NULL,
			 &failure);
	return finish(cmd, ret, &failure);
}
