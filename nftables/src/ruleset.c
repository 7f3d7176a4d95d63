// SPDX-License-Identifier: GPL-2.0-or-later
/* What this tool can set: sysctls, and what is set for one flowtable. */
#include <errno.h>
#include <string.h>
#include "cmd.h"
#include "flowtable_setting.h"
#include "host.h"
#include "netlink.h"
#include "options.h"
#include "output.h"
#include "policy.h"
#include "ruleset.h"

const struct setting settings[SETTING_MAX] = {
	[SETTING_OFFLOAD]	= { "offload", "nf_flow_offload" },
	[SETTING_STRICT]	= { "strict", "nf_flow_offload_strict" },
};

static int setting_failed(const struct cmd *cmd, const struct setting *setting, int err)
{
	if (err == EPERM || err == EACCES)
		error("Operation not permitted (you must be root, or have CAP_NET_ADMIN)");
	else if (err == ENOENT)
		error("this kernel has no sysctl net.netfilter.%s: try \"modprobe nf_flow_table\", or boot a kernel that has it",
		      setting->sysctl);
	else
		error_at(&cmd->loc, "net.netfilter.%s: %s", setting->sysctl, strerror(err));
	return EXIT_REFUSED;
}

static void got_table_setting(const struct nftnl_offload_table *setting, void *data)
{
	(void)data;
	output_table_setting(setting);
}

int cmd_list_settings(struct cmd *cmd)
{
	struct policies policies = { .num = 0 };
	int i, ret, values[SETTING_MAX];
	struct nl_error failure;
	unsigned int n;

	for (i = 0; i < SETTING_MAX; i++)
		if (host.sysctl_get(settings[i].sysctl, &values[i]) < 0)
			return setting_failed(cmd, &settings[i], errno);
	output_begin();
	for (i = 0; i < SETTING_MAX; i++)
		output_setting(settings[i].name, values[i]);
	ret = flowtable_settings(got_table_setting, NULL, &failure);
	if (!ret)
		ret = policies_get(&policies, &failure);
	for (n = 0; n < policies.num; n++)
		output_policy(policies.policy[n], false);
	policies_free(&policies);
	if (ret < 0) {
		output_abort();
		return cmd_failed(cmd, &failure);
	}
	output_end();
	return EXIT_FINE;
}

int cmd_set(struct cmd *cmd)
{
	if (host.sysctl_set(cmd->setting->sysctl, cmd->value) < 0)
		return setting_failed(cmd, cmd->setting, errno);
	return EXIT_FINE;
}
