// SPDX-License-Identifier: GPL-2.0-or-later
/* Commands, as they were read. */
#include <stdlib.h>
#include <libnftnl_offload/policy.h>
#include "cmd.h"

struct cmd *cmd_alloc(void)
{
	struct cmd *cmd = xalloc(sizeof(*cmd));

	spec_init(&cmd->spec);
	export_init(&cmd->export);
	return cmd;
}

void cmds_free(struct cmd *cmds)
{
	struct cmd *next;

	for (; cmds; cmds = next) {
		next = cmds->next;
		spec_free(&cmds->spec);
		export_free(&cmds->export);
		nftnl_offload_policy_free(cmds->policy);
		free((char *)cmds->loc.path);
		free(cmds);
	}
}
