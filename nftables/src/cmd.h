/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Commands, as they were read. */
#ifndef NFT_OFFLOAD_CMD_H
#define NFT_OFFLOAD_CMD_H

#include "export.h"
#include "input.h"
#include "listing.h"
#include "spec.h"

enum cmd_op {
	CMD_LIST_FLOWS,
	CMD_LIST_FLOW,
	CMD_LIST_FLOWTABLES,
	CMD_LIST_RULESET,
	CMD_FLUSH_FLOWS,
	CMD_MONITOR,
	CMD_EXPLAIN,
	CMD_TOP,
	CMD_SET,
	CMD_SET_FLOWTABLE,
	CMD_HELP,
	CMD_CHECK,
	CMD_SUMMARY,
	CMD_EXPORT,
	CMD_LIST_SETTINGS,
	CMD_LIST_POLICIES,
	CMD_POLICY,
	CMD_DELETE_POLICY,
	CMD_SET_FLOWS,
};

struct cmd {
	struct cmd		*next;
	enum cmd_op		op;
	struct location		loc;
	struct spec		spec;
	const struct setting	*setting;	/* CMD_SET */
	int			value;		/* and of CMD_SET_FLOWTABLE, or VALUE_DEFAULT;
						 * enum nft_offload_pin of CMD_SET_FLOWS */
	enum list_sort		sort;		/* CMD_LIST_FLOWS, the limit of CMD_SUMMARY and CMD_EXPORT, too */
	uint64_t		limit;
	bool			reasons;	/* CMD_HELP */
	struct export_spec	export;		/* CMD_EXPORT */
	struct nftnl_offload_policy *policy;	/* CMD_POLICY, CMD_DELETE_POLICY */
};

#define VALUE_DEFAULT	(-1)	/* nothing is to be set for it */

#define MAX_ERRORS	10	/* then it reads no further */

/* Reads all commands of @input. Returns the number of errors, which it has said. */
unsigned int cmds_parse(const struct input *input, struct cmd **cmds);
/* The same of JSON */
unsigned int json_cmds_parse(const struct input *input, struct cmd **cmds);

/* Reads what is within the braces of a policy, the bytes of @input up to @end from a place on,
 * where @at ends. Returns a CMD_POLICY without the name of a flowtable, or NULL after saying what
 * is wrong.
 */
struct cmd *policy_parse(const struct input *input, const struct location *at, size_t begin,
			 size_t end);
/* The same for one command about a policy, which begins at @at */
struct cmd *policy_cmd_parse(const struct input *input, const struct location *at, size_t begin,
			     size_t end);

struct cmd *cmd_alloc(void);
void cmds_free(struct cmd *cmds);

/* Reads and runs. Returns an exit code. */
int cmds_run(const struct input *input);

/* The commands. Each returns an exit code. */
int cmd_list_flows(struct cmd *cmd);
int cmd_list_flow(struct cmd *cmd);
int cmd_flush_flows(struct cmd *cmd);
int cmd_list_flowtables(struct cmd *cmd);
int cmd_list_ruleset(struct cmd *cmd);
int cmd_list_settings(struct cmd *cmd);
int cmd_list_policies(struct cmd *cmd);
int cmd_policy(struct cmd *cmd);
int cmd_set(struct cmd *cmd);
int cmd_set_flowtable(struct cmd *cmd);
int cmd_set_flows(struct cmd *cmd);
int cmd_explain(struct cmd *cmd);
int cmd_monitor(struct cmd *cmd);
int cmd_top(struct cmd *cmd);
int cmd_help(struct cmd *cmd);
int cmd_check(struct cmd *cmd);
int cmd_summary(struct cmd *cmd);
int cmd_export(struct cmd *cmd);

struct nl_error;
struct nlmsghdr;
/* The answer of the kernel to a command about flows: how many, in @data, an uint64_t */
int got_count(const struct nlmsghdr *nlh, void *data);
/* chosen.c: call @fn for flows of @spec one by one, with their NFTNL_FLOW_ID or NFTNL_FLOW_CT_ID,
 * until it returns something else than 0; returns that, or -1, and then @failure says why
 */
int chosen_each(const struct spec *spec, uint16_t attr, int (*fn)(uint64_t id, void *data),
		void *data, struct nl_error *failure);
/* Says what the kernel did not like about @cmd. Returns EXIT_REFUSED. */
int cmd_failed(const struct cmd *cmd, const struct nl_error *error);
int policy_failed(const struct cmd *cmd, const struct nl_error *error);

#endif
