// SPDX-License-Identifier: GPL-2.0-or-later
/* Rules of nftables that are about flows, and how packets get there, from nf_tables itself. */
#include <endian.h>
#include <stdlib.h>
#include <string.h>
#include <arpa/inet.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include "host_ask.h"
#include "input.h"

/* A verdict map, and a chain that looks into it: its elements may lead to other chains */
struct map {
	struct map		*next;
	struct machine_rule	rule;		/* MACHINE_JUMP, without the target */
	char			name[MACHINE_NAME];
};

struct list {
	void			(*add)(const struct machine_rule *rule, void *data);
	void			*data;
	struct machine_rule	rule;		/* that is being read */
	unsigned int		kinds;		/* bits of what it has */
	char			jump[MACHINE_NAME];	/* where it leads, or "" */
	struct map		*maps;
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

static void read_nested(const struct nlattr *attr, struct attrs *attrs)
{
	memset(attrs, 0, sizeof(*attrs));
	if (attr)
		mnl_attr_parse_nested(attr, keep_attr, attrs);
}

/* The chain that a verdict leads to, or "" */
static void read_verdict(const struct nlattr *data, char *chain)
{
	struct attrs attrs;

	read_nested(data, &attrs);
	read_nested(attrs.tb[NFTA_DATA_VERDICT], &attrs);
	ask_str(attrs.tb[NFTA_VERDICT_CHAIN], chain, MACHINE_NAME);
}

static void keep_map(struct list *list, const struct nlattr *name)
{
	struct map *map = xalloc(sizeof(*map));

	map->rule = list->rule;
	ask_str(name, map->name, MACHINE_NAME);
	map->next = list->maps;
	list->maps = map;
}

static void read_expr(struct list *list, const char *name, const struct attrs *data)
{
	const struct nlattr *packets;

	if (!strcmp(name, "flow_offload") && data->tb[NFTA_FLOW_TABLE_NAME]) {
		list->kinds |= 1 << MACHINE_FLOW_ADD;
		ask_str(data->tb[NFTA_FLOW_TABLE_NAME], list->rule.target, MACHINE_NAME);
	} else if (!strcmp(name, "immediate")) {
		read_verdict(data->tb[NFTA_IMMEDIATE_DATA], list->jump);
	} else if (!strcmp(name, "lookup")) {
		if (is_u32(data->tb[NFTA_LOOKUP_DREG], NFT_REG_VERDICT))
			keep_map(list, data->tb[NFTA_LOOKUP_SET]);
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
		struct attrs expr, data;

		read_nested(elem, &expr);
		ask_str(expr.tb[NFTA_EXPR_NAME], name, sizeof(name));
		read_nested(expr.tb[NFTA_EXPR_DATA], &data);
		read_expr(list, name, &data);
	}
}

static void add_jump(const struct list *list, const struct machine_rule *from, const char *chain)
{
	struct machine_rule jump = *from;

	jump.kind = MACHINE_JUMP;
	memcpy(jump.target, chain, MACHINE_NAME);
	list->add(&jump, list->data);
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
	*list->jump = '\0';
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
	if (*list->jump)
		add_jump(list, &list->rule, list->jump);
	return MNL_CB_OK;
}

static int got_chain(const struct nlmsghdr *nlh, void *data)
{
	const struct nfgenmsg *nfg = mnl_nlmsg_get_payload(nlh);
	struct machine_rule chain = { .kind = MACHINE_FORWARD, .family = nfg->nfgen_family };
	const struct list *list = data;
	struct attrs attrs = { }, hook;

	mnl_attr_parse(nlh, sizeof(*nfg), keep_attr, &attrs);
	read_nested(attrs.tb[NFTA_CHAIN_HOOK], &hook);
	if (!is_u32(hook.tb[NFTA_HOOK_HOOKNUM], NF_INET_FORWARD))
		return MNL_CB_OK;
	ask_str(attrs.tb[NFTA_CHAIN_TABLE], chain.table, MACHINE_NAME);
	ask_str(attrs.tb[NFTA_CHAIN_NAME], chain.chain, MACHINE_NAME);
	list->add(&chain, list->data);
	return MNL_CB_OK;
}

static int got_elements(const struct nlmsghdr *nlh, void *data)
{
	const struct list *list = data;
	const struct nlattr *attr;
	char chain[MACHINE_NAME];
	struct attrs attrs = { };

	mnl_attr_parse(nlh, sizeof(struct nfgenmsg), keep_attr, &attrs);
	if (!attrs.tb[NFTA_SET_ELEM_LIST_ELEMENTS])
		return MNL_CB_OK;
	mnl_attr_for_each_nested(attr, attrs.tb[NFTA_SET_ELEM_LIST_ELEMENTS]) {
		struct attrs elem;

		read_nested(attr, &elem);
		read_verdict(elem.tb[NFTA_SET_ELEM_DATA], chain);
		if (*chain)
			add_jump(list, &list->maps->rule, chain);
	}
	return MNL_CB_OK;
}

/* A dump of one kind of object; of the elements of a map, if there is one */
static int dump(struct list *list, uint16_t type, const struct map *map, mnl_cb_t cb)
{
	struct nlmsghdr *nlh;
	struct nfgenmsg *nfg;
	char buf[ASK_SIZE];

	nlh = ask_begin(buf, NFNL_SUBSYS_NFTABLES << 8 | type, NLM_F_DUMP);
	nfg = mnl_nlmsg_put_extra_header(nlh, sizeof(*nfg));
	nfg->nfgen_family = map ? map->rule.family : NFPROTO_UNSPEC;
	if (map) {
		mnl_attr_put_strz(nlh, NFTA_SET_ELEM_LIST_TABLE, map->rule.table);
		mnl_attr_put_strz(nlh, NFTA_SET_ELEM_LIST_SET, map->name);
	}
	return ask(NETLINK_NETFILTER, nlh, cb, list);
}

int host_rules(void (*add)(const struct machine_rule *rule, void *data), void *data)
{
	struct list list = { .add = add, .data = data };
	struct map *map;
	int ret;

	ret = dump(&list, NFT_MSG_GETCHAIN, NULL, got_chain);
	if (ret == 0)
		ret = dump(&list, NFT_MSG_GETRULE, NULL, got_rule);
	for (; (map = list.maps); free(map)) {
		if (ret == 0)
			ret = dump(&list, NFT_MSG_GETSETELEM, map, got_elements);
		list.maps = map->next;
	}
	return ret;
}
