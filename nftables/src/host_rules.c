// SPDX-License-Identifier: GPL-2.0-or-later
/* Rules of nftables that are about flows, from nf_tables itself. */
#include <string.h>
#include <arpa/inet.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include "host_ask.h"

struct list {
	void			(*add)(const struct machine_rule *rule, void *data);
	void			*data;
	struct machine_rule	rule;		/* that is being read */
	unsigned int		kinds;		/* bits of what it has */
};

struct attrs {
	const struct nlattr	*tb[32];
};

static int keep_attr(const struct nlattr *attr, void *data)
{
	struct attrs *attrs = data;
	uint16_t type = mnl_attr_get_type(attr);

	if (type < sizeof(attrs->tb) / sizeof(attrs->tb[0]))
		attrs->tb[type] = attr;
	return MNL_CB_OK;
}

static bool is_u32(const struct nlattr *attr, uint32_t value)
{
	return attr && mnl_attr_get_payload_len(attr) == sizeof(uint32_t) &&
	       ntohl(mnl_attr_get_u32(attr)) == value;
}

static void read_expr(struct list *list, const char *name, const struct attrs *data)
{
	const struct nlattr *packets;

	if (!strcmp(name, "flow_offload") && data->tb[NFTA_FLOW_TABLE_NAME]) {
		list->kinds |= 1 << MACHINE_FLOW_ADD;
		ask_str(data->tb[NFTA_FLOW_TABLE_NAME], list->rule.flowtable, MACHINE_NAME);
	} else if (!strcmp(name, "counter")) {
		packets = data->tb[NFTA_COUNTER_PACKETS];
		if (packets && mnl_attr_get_payload_len(packets) == sizeof(uint64_t)) {
			list->rule.counted = true;
			list->rule.packets = be64toh(mnl_attr_get_u64(packets));
		}
	} else if (!strcmp(name, "objref")) {
		if (is_u32(data->tb[NFTA_OBJREF_IMM_TYPE], NFT_OBJECT_CT_HELPER))
			list->kinds |= 1 << MACHINE_HELPER;
	} else if (!strcmp(name, "ct")) {
		if (data->tb[NFTA_CT_SREG] && is_u32(data->tb[NFTA_CT_KEY], NFT_CT_ZONE))
			list->kinds |= 1 << MACHINE_ZONE;
	} else if (!strcmp(name, "notrack")) {
		list->kinds |= 1 << MACHINE_NOTRACK;
	}
}

static void read_exprs(struct list *list, const struct nlattr *exprs)
{
	const struct nlattr *elem;
	char name[32];

	mnl_attr_for_each_nested(elem, exprs) {
		struct attrs expr = { }, data = { };

		mnl_attr_parse_nested(elem, keep_attr, &expr);
		ask_str(expr.tb[NFTA_EXPR_NAME], name, sizeof(name));
		if (expr.tb[NFTA_EXPR_DATA])
			mnl_attr_parse_nested(expr.tb[NFTA_EXPR_DATA], keep_attr, &data);
		read_expr(list, name, &data);
	}
}

static int got_rule(const struct nlmsghdr *nlh, void *data)
{
	const struct nfgenmsg *nfg = mnl_nlmsg_get_payload(nlh);
	struct list *list = data;
	struct attrs attrs = { };
	int kind;

	mnl_attr_parse(nlh, sizeof(*nfg), keep_attr, &attrs);
	if (!attrs.tb[NFTA_RULE_EXPRESSIONS])
		return MNL_CB_OK;
	memset(&list->rule, 0, sizeof(list->rule));
	list->kinds = 0;
	list->rule.family = nfg->nfgen_family;
	ask_str(attrs.tb[NFTA_RULE_TABLE], list->rule.table, MACHINE_NAME);
	ask_str(attrs.tb[NFTA_RULE_CHAIN], list->rule.chain, MACHINE_NAME);
	read_exprs(list, attrs.tb[NFTA_RULE_EXPRESSIONS]);
	for (kind = MACHINE_FLOW_ADD; kind <= MACHINE_NOTRACK; kind++) {
		if (!(list->kinds & 1 << kind))
			continue;
		list->rule.kind = kind;
		list->add(&list->rule, list->data);
	}
	return MNL_CB_OK;
}

int host_rules(void (*add)(const struct machine_rule *rule, void *data), void *data)
{
	struct list list = { .add = add, .data = data };
	struct nlmsghdr *nlh;
	struct nfgenmsg *nfg;
	char buf[ASK_SIZE];

	nlh = ask_begin(buf, NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_GETRULE, NLM_F_DUMP);
	nfg = mnl_nlmsg_put_extra_header(nlh, sizeof(*nfg));
	nfg->nfgen_family = NFPROTO_UNSPEC;
	return ask(NETLINK_NETFILTER, nlh, got_rule, &list);
}
