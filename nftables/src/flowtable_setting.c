// SPDX-License-Identifier: GPL-2.0-or-later
/* What is set for one flowtable, by its name: it need not be there. */
#include <errno.h>
#include <libnftnl_offload/common.h>
#include <libnftnl_offload/filter.h>
#include <libnftnl_offload/table.h>
#include "cmd.h"
#include "flowtable_setting.h"
#include "netlink.h"
#include "options.h"

struct walk {
	void	(*got)(const struct nftnl_offload_table *setting, void *data);
	void	*data;
};

static struct nftnl_offload_table *setting_alloc(void)
{
	struct nftnl_offload_table *setting = nftnl_offload_table_alloc();

	return setting ? setting : xalloc(SIZE_MAX);
}

static int got_setting(const struct nlmsghdr *nlh, void *data)
{
	struct nftnl_offload_table *setting;
	const struct walk *walk = data;
	int ret;

	if (nftnl_offload_msg_type(nlh) != NFT_OFFLOAD_CMD_SETTING_GET)
		return 0;
	setting = setting_alloc();
	ret = nftnl_offload_table_nlmsg_parse(nlh, setting);
	if (ret == 0)
		walk->got(setting, walk->data);
	nftnl_offload_table_free(setting);
	return ret;
}

int flowtable_settings(void (*got)(const struct nftnl_offload_table *setting, void *data),
		       void *data, struct nl_error *failure)
{
	struct walk walk = { .got = got, .data = data };
	int ret = nl_request(NFT_OFFLOAD_CMD_SETTING_GET, NLM_F_DUMP, NULL, got_setting, &walk,
			     failure);

	return ret < 0 && nl_error_missing(failure) ? 1 : ret;
}

static struct nftnl_offload_table *setting_of(const struct cmd *cmd)
{
	const struct nftnl_flow_filter *filter = cmd->spec.filter;
	struct nftnl_offload_table *setting = setting_alloc();

	nftnl_offload_table_set_u8(setting, NFTNL_OFFLOAD_TABLE_FAMILY,
				   nftnl_flow_filter_get_u8(filter,
							    NFTNL_FLOW_FILTER_TABLE_FAMILY));
	nftnl_offload_table_set_str(setting, NFTNL_OFFLOAD_TABLE_TABLE,
				    nftnl_flow_filter_get_str(filter, NFTNL_FLOW_FILTER_TABLE));
	nftnl_offload_table_set_str(setting, NFTNL_OFFLOAD_TABLE_NAME,
				    nftnl_flow_filter_get_str(filter,
							      NFTNL_FLOW_FILTER_FLOWTABLE));
	if (cmd->value != VALUE_DEFAULT)
		nftnl_offload_table_set_u8(setting, NFTNL_OFFLOAD_TABLE_STRICT, cmd->value);
	return setting;
}

int cmd_set_flowtable(struct cmd *cmd)
{
	struct nftnl_offload_table *setting = setting_of(cmd);
	struct nl_error failure;
	int ret = nl_set_table(setting, &failure);

	nftnl_offload_table_free(setting);
	if (ret == 0)
		return EXIT_FINE;
	/* the family answers, but does not know the request */
	if (failure.err == EOPNOTSUPP && !*failure.message) {
		error("this kernel sets nothing for one flowtable: boot a newer one, or see \"set strict off\", which is for all of them");
		return EXIT_REFUSED;
	}
	return cmd_failed(cmd, &failure);
}
