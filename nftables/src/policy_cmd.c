// SPDX-License-Identifier: GPL-2.0-or-later
/* Commands about policies. */
#include <errno.h>
#include "cmd.h"
#include "netlink.h"
#include "options.h"
#include "output.h"
#include "policy.h"

int policy_failed(const struct cmd *cmd, const struct nl_error *failure)
{
	/* the family answers, but does not know the request */
	if (failure->err == EOPNOTSUPP && !*failure->message && !failure->unknown) {
		error("this kernel has no policies: boot a newer one");
		return EXIT_REFUSED;
	}
	return cmd_failed(cmd, failure);
}

int cmd_policy(struct cmd *cmd)
{
	struct nl_error failure;

	if (nl_policy(cmd->op == CMD_DELETE_POLICY ? NFT_OFFLOAD_CMD_POLICY_DEL :
		      NFT_OFFLOAD_CMD_POLICY_NEW, cmd->policy, &failure) == 0)
		return EXIT_FINE;
	return policy_failed(cmd, &failure);
}

int cmd_list_policies(struct cmd *cmd)
{
	struct policies policies;
	struct nl_error failure;
	unsigned int i;
	int ret;

	output_begin();
	ret = policies_get(&policies, &failure);
	for (i = 0; i < policies.num; i++)
		output_policy(policies.policy[i], true);
	policies_free(&policies);
	if (ret) {
		output_abort();
		return policy_failed(cmd, &failure);
	}
	output_end();
	return EXIT_FINE;
}
