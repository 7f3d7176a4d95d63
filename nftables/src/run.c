// SPDX-License-Identifier: GPL-2.0-or-later
/* Reads commands and runs them, one after the other. */
#include <stdio.h>
#include <string.h>
#include <libnftnl_offload/filter.h>
#include "cmd.h"
#include "names.h"
#include "options.h"
#include "ruleset.h"

static int (*const functions[])(struct cmd *cmd) = {
	[CMD_LIST_FLOWS]	= cmd_list_flows,
	[CMD_LIST_FLOW]		= cmd_list_flow,
	[CMD_LIST_FLOWTABLES]	= cmd_list_flowtables,
	[CMD_LIST_RULESET]	= cmd_list_ruleset,
	[CMD_FLUSH_FLOWS]	= cmd_flush_flows,
	[CMD_MONITOR]		= cmd_monitor,
	[CMD_EXPLAIN]		= cmd_explain,
	[CMD_TOP]		= cmd_top,
	[CMD_SET]		= cmd_set,
	[CMD_SET_FLOWTABLE]	= cmd_set_flowtable,
	[CMD_HELP]		= cmd_help,
	[CMD_CHECK]		= cmd_check,
	[CMD_SUMMARY]		= cmd_summary,
	[CMD_EXPORT]		= cmd_export,
	[CMD_LIST_SETTINGS]	= cmd_list_settings,
	[CMD_LIST_POLICIES]	= cmd_list_policies,
	[CMD_POLICY]		= cmd_policy,
	[CMD_DELETE_POLICY]	= cmd_policy,
	[CMD_SET_FLOWS]		= cmd_set_flows,
};

/* A flow is followed until it ends, whatever state it comes to */
static int export_check(const struct cmd *cmd)
{
	if (!nftnl_flow_filter_is_set(cmd->spec.filter, NFTNL_FLOW_FILTER_STATES))
		return 0;
	error_at(&cmd->loc, "export takes flows of all states: \"state\" is no filter for it");
	return -1;
}

/* Options that some commands have no use for */
static int check_options(const struct cmd *cmd)
{
	static bool listed;

	if (options.prometheus && cmd->op != CMD_LIST_FLOWTABLES) {
		error_at(&cmd->loc, "prometheus is a format of \"list flowtables\" only");
		return -1;
	}
	if (options.prometheus && listed) {
		error_at(&cmd->loc, "prometheus output is of one \"list flowtables\": it has each metric once");
		return -1;
	}
	listed = true;
	if (options.watch && cmd->op != CMD_SUMMARY) {
		error_at(&cmd->loc, "--watch is an option of \"summary\" only");
		return -1;
	}
	if (options.json && (cmd->op == CMD_TOP || cmd->op == CMD_EXPORT)) {
		error_at(&cmd->loc, "%s has no JSON output", cmd->op == CMD_TOP ? "top" : "export");
		return -1;
	}
	if (options.json && cmd->op == CMD_LIST_RULESET) {
		error_at(&cmd->loc, NO_JSON_RULESET);
		return -1;
	}
	return cmd->op == CMD_EXPORT ? export_check(cmd) : 0;
}

/* With --json, commands may be JSON. No other command begins like this. */
static bool is_json(const struct input *input)
{
	const char *p = input->text, *end = p + input->len;

	while (p < end && *p && strchr(" \t\r\n", *p))
		p++;
	return options.json && p < end && (*p == '{' || *p == '[');
}

#ifndef HAVE_JANSSON
unsigned int json_cmds_parse(const struct input *input, struct cmd **cmds)
{
	(void)input;
	*cmds = NULL;
	error("commands in JSON need a nft-offload that is built with jansson");
	return 1;
}
#endif

static int run(struct cmd *cmds)
{
	struct cmd *cmd;
	int ret;

	for (cmd = cmds; cmd; cmd = cmd->next)
		if (check_options(cmd) < 0)
			return EXIT_USAGE;
	if (options.check)
		return EXIT_FINE;
	for (cmd = cmds; cmd; cmd = cmd->next) {
		ret = functions[cmd->op](cmd);
		if (ret)
			return ret;
	}
	return EXIT_FINE;
}

int cmds_run(const struct input *input)
{
	unsigned int errors;
	struct cmd *cmds;
	int ret = EXIT_USAGE;

	errors = is_json(input) ? json_cmds_parse(input, &cmds) : cmds_parse(input, &cmds);
	if (!errors)
		ret = run(cmds);
	cmds_free(cmds);
	return ret;
}

int cmd_help(struct cmd *cmd)
{
	if (cmd->reasons) {
		reasons_print();
		return EXIT_FINE;
	}
	fputs("list flows [FILTER] [sort { bytes | packets | age | rate }] [limit N]\n"
	      "list flow { tcp | udp } ADDRESS:PORT ADDRESS:PORT [ct zone ZONE]\n"
	      "list flow gre ADDRESS ADDRESS [ct zone ZONE]\n"
	      "list flow ct id ID\n"
	      "list flowtables\n"
	      "list flowtable FAMILY TABLE NAME\n"
	      "list settings\n"
	      "list policies\n"
	      "list ruleset\n"
	      "flush flows [FILTER]\n"
	      "monitor [flows] [FILTER]\n"
	      "explain { tcp | udp } ADDRESS:PORT ADDRESS:PORT [ct zone ZONE] [WHERE]\n"
	      "explain gre ADDRESS ADDRESS [ct zone ZONE] [WHERE]\n"
	      "explain ct id ID [WHERE]\n"
	      "top [FILTER]\n"
	      "summary [FILTER] [limit N]\n"
	      "export ipfix { udp | tcp } HOST:PORT [EXPORT] [FILTER]\n"
	      "export ipfix file PATH [EXPORT] [FILTER]\n"
	      "check\n"
	      "set { offload | strict } { on | off }\n"
	      "set flows [FILTER] { hardware | software | auto }\n"
	      "set flowtable [FAMILY] TABLE NAME strict { on | off | default }\n"
	      "add policy [FAMILY] TABLE FLOWTABLE { STATEMENT; ... }\n"
	      "replace policy [FAMILY] TABLE FLOWTABLE { STATEMENT; ... }\n"
	      "set policy [FAMILY] TABLE FLOWTABLE { STATEMENT; ... }\n"
	      "delete policy [FAMILY] TABLE FLOWTABLE\n"
	      "help [reasons]\n"
	      "\n"
	      "STATEMENT, in any order:\n"
	      "  { never | software } ct mark MARK[/MASK]    stack N packets\n"
	      "  hardware after N { bytes | kbytes | mbytes | gbytes | packets }\n"
	      "  hardware after rate N packets/second\n"
	      "  budget N [per device] [evict { none | slowest }]    evict slowest\n"
	      "  shaped { software | ignore }\n"
	      "  carry CARRIED [, CARRIED] [optional | required]\n"
	      "\n"
	      "CARRIED:\n"
	      "  { priority | dscp } [from ct mark MASK[/STATE]]\n"
	      "\n"
	      "WHERE, in any order:\n"
	      "  iif DEVICE    table FAMILY NAME    flowtable NAME\n"
	      "\n"
	      "EXPORT, in any order:\n"
	      "  timeout SECONDS    templates SECONDS    domain NUMBER    limit FLOWS\n"
	      "  since { flow | start }\n"
	      "\n"
	      "FILTER, in any order; each value may be a set, { A, B }, after != too:\n"
	      "  table FAMILY NAME    flowtable NAME\n"
	      "  { ip | ip6 } { saddr | daddr } { ADDRESS | PREFIX | ADDRESS-ADDRESS }\n"
	      "  { tcp | udp | th } { sport | dport } { PORT | SERVICE | PORT-PORT }\n"
	      "  host { ADDRESS | PREFIX | ADDRESS-ADDRESS }\n"
	      "  ct { original | reply } { ip | ip6 } { saddr | daddr } ADDRESS\n"
	      "  ct { original | reply } { proto-src | proto-dst } PORT\n"
	      "  meta l4proto { tcp | udp | gre | NUMBER }    meta nfproto { ipv4 | ipv6 }\n"
	      "  { iif | oif } DEVICE    { iifname | oifname } NAME\n"
	      "  ct mark MARK[/MASK]    ct zone ZONE    ct id ID\n"
	      "  state { software | hardware | pending | failed | closing }\n",
	      stdout);
	return EXIT_FINE;
}
