// SPDX-License-Identifier: GPL-2.0-or-later
/* summary: sums of all flows, once or again and again. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <libnftnl_offload/flow.h>
#include "cmd.h"
#include "host.h"
#include "names.h"
#include "options.h"
#include "output.h"
#include "row.h"
#include "signals.h"
#include "summary.h"

#define DEFAULT_HOSTS	10
#define MAX_HOSTS	(1 << 18)	/* 20 MB */
#define MAX_PATHS	(1 << 16)
#define MAX_REASONS	256

struct collect {
	struct summary		*summary;
	const struct spec	*spec;
	struct nftnl_flow	*flow;	/* one for all of a dump */
};

static uint64_t total(const struct nftnl_flow *flow, uint16_t attr)
{
	return nftnl_flow_get_u64(flow, attr) +
	       nftnl_flow_get_u64(flow, attr + NFTNL_FLOW_DIR_STEP);
}

static void add_host(struct tally *hosts, const uint8_t *addr, uint8_t len,
		     const struct sums *sums)
{
	struct host_key key;

	memset(&key, 0, sizeof(key));
	memcpy(key.addr, addr, len);
	key.len = len;
	tally_add(hosts, &key, sizeof(key), sums);
}

static void add(struct summary *summary, const struct nftnl_flow *flow)
{
	struct path_key path;
	struct sums sums;
	struct row row;

	row_set(&row, flow);
	sums.flows = 1;
	sums.hardware = row.state == NFT_OFFLOAD_STATE_HARDWARE;
	sums.refused = row.state == NFT_OFFLOAD_STATE_FAILED;
	sums.sw_bytes = total(flow, NFTNL_FLOW_ORIG_SW_BYTES);
	sums.hw_bytes = total(flow, NFTNL_FLOW_ORIG_HW_BYTES);
	sums_add(&summary->total, &sums);
	path.iif = row.iif;
	path.oif = row.oif;
	tally_add(&summary->paths, &path, sizeof(path), &sums);
	add_host(&summary->hosts, row.saddr, row.addr_len, &sums);
	if (memcmp(row.saddr, row.daddr, sizeof(row.saddr)))
		add_host(&summary->hosts, row.daddr, row.addr_len, &sums);
	if (*row.reason && !sums.hardware)
		tally_add(&summary->reasons, row.reason, strlen(row.reason), &sums);
}

static int got_flow(const struct nlmsghdr *nlh, void *data)
{
	struct collect *collect = data;

	if (nftnl_offload_msg_type(nlh) != NFT_OFFLOAD_CMD_FLOW_GET)
		return 0;
	nftnl_flow_reset(collect->flow);
	if (nftnl_flow_nlmsg_parse(nlh, collect->flow) < 0)
		return -1;
	if (spec_flow(collect->spec, collect->flow))
		add(collect->summary, collect->flow);
	return 0;
}

static int look(struct cmd *cmd, struct summary *summary, struct nl_error *failure)
{
	struct collect collect = {
		.summary = summary, .spec = &cmd->spec, .flow = nftnl_flow_alloc(),
	};
	int ret;

	if (!collect.flow)
		xalloc(SIZE_MAX);
	summary->limit = cmd->limit ? cmd->limit : DEFAULT_HOSTS;
	summary->paths.max = MAX_PATHS;
	summary->hosts.max = MAX_HOSTS;
	summary->reasons.max = MAX_REASONS;
	ret = nl_request(NFT_OFFLOAD_CMD_FLOW_GET, NLM_F_DUMP, cmd->spec.filter, got_flow,
			 &collect, failure);
	nftnl_flow_free(collect.flow);
	facts_rooms(&summary->facts);
	tally_sort(&summary->paths);
	tally_sort(&summary->hosts);
	tally_sort(&summary->reasons);
	return ret;
}

static int print_once(struct cmd *cmd, bool again)
{
	struct summary summary = { .limit = 0 };
	struct nl_error failure;
	int ret;

	device_names_forget();
	ret = look(cmd, &summary, &failure);
	if (ret == 0 && !summary.total.flows && spec_table_exists(&cmd->spec) < 0) {
		facts_free(&summary.facts);
		return EXIT_REFUSED;
	}
	if (ret == 0) {
		if (options.json)
			summary_json(&summary);
		else if (options.watch && isatty(STDOUT_FILENO))
			fputs("\x1b[H\x1b[J", stdout);
		else if (again)
			putchar('\n');
		if (!options.json)
			summary_text(&summary);
		fflush(stdout);
	}
	tally_free(&summary.paths);
	tally_free(&summary.hosts);
	tally_free(&summary.reasons);
	facts_free(&summary.facts);
	return ret < 0 ? cmd_failed(cmd, &failure) : EXIT_FINE;
}

int cmd_summary(struct cmd *cmd)
{
	uint64_t done = 0;
	int ret;

	if (spec_resolve(&cmd->spec) < 0)
		return EXIT_REFUSED;
	if (!options.watch)
		return print_once(cmd, false);
	signals_begin(false);
	do {
		ret = print_once(cmd, done);
		if (++done == options.count || ret || ferror(stdout))
			break;
		host.wait(-1, options.watch);
	} while (!interrupted);
	signals_end();
	return ret;
}
