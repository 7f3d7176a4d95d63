// SPDX-License-Identifier: GPL-2.0-or-later
/* Finds out what "check" and "summary" look at. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "facts.h"
#include "flowtable_setting.h"
#include "input.h"

/* Room for one more in an array that grows by doubling */
static void *more(void *array, unsigned int num, size_t size)
{
	if (num & (num - 1))
		return array;
	array = realloc(array, (num ? 2 * num : 1) * size);
	return array ? array : xalloc(SIZE_MAX);
}

static int got_table(const struct nlmsghdr *nlh, void *data)
{
	struct facts *facts = data;
	struct nftnl_offload_table *table;

	if (nftnl_offload_msg_type(nlh) != NFT_OFFLOAD_CMD_TABLE_GET)
		return 0;
	table = nftnl_offload_table_alloc();
	if (!table)
		xalloc(SIZE_MAX);
	if (nftnl_offload_table_nlmsg_parse(nlh, table) < 0) {
		nftnl_offload_table_free(table);
		return -1;
	}
	facts->tables = more(facts->tables, facts->num_tables, sizeof(*facts->tables));
	facts->tables[facts->num_tables++] = table;
	return 0;
}

void facts_tables(struct facts *facts)
{
	facts->no_kernel = nl_request(NFT_OFFLOAD_CMD_TABLE_GET, NLM_F_DUMP, NULL, got_table,
				      facts, &facts->failure) < 0;
}

static void add_setting(const struct nftnl_offload_table *setting, void *data)
{
	struct nftnl_offload_table *copy = nftnl_offload_table_alloc();
	struct facts *facts = data;
	uint16_t i;

	if (!copy)
		xalloc(SIZE_MAX);
	nftnl_offload_table_set_u8(copy, NFTNL_OFFLOAD_TABLE_FAMILY,
				   nftnl_offload_table_get_u8(setting,
							      NFTNL_OFFLOAD_TABLE_FAMILY));
	for (i = NFTNL_OFFLOAD_TABLE_TABLE; i <= NFTNL_OFFLOAD_TABLE_NAME; i++)
		nftnl_offload_table_set_str(copy, i, nftnl_offload_table_get_str(setting, i));
	nftnl_offload_table_set_u8(copy, NFTNL_OFFLOAD_TABLE_STRICT,
				   nftnl_offload_table_get_u8(setting,
							      NFTNL_OFFLOAD_TABLE_STRICT));
	facts->settings = more(facts->settings, facts->num_settings, sizeof(*facts->settings));
	facts->settings[facts->num_settings++] = copy;
}

void facts_settings(struct facts *facts)
{
	struct nl_error failure;

	facts->has_settings = flowtable_settings(add_setting, facts, &failure) == 0;
}

static void add_link(const struct machine_link *link, void *data)
{
	struct facts *facts = data;

	facts->links = more(facts->links, facts->num_links, sizeof(*link));
	facts->links[facts->num_links++] = *link;
}

static bool has_route(const struct facts *facts, const struct machine_route *route)
{
	unsigned int i;

	for (i = 0; i < facts->num_routes; i++)
		if (facts->routes[i].oif == route->oif &&
		    facts->routes[i].family == route->family)
			return true;
	return false;
}

/* One a device and family is enough: a router may have a million routes */
static void add_route(const struct machine_route *route, void *data)
{
	struct facts *facts = data;

	if (has_route(facts, route))
		return;
	facts->routes = more(facts->routes, facts->num_routes, sizeof(*route));
	facts->routes[facts->num_routes++] = *route;
}

static void add_rule(const struct machine_rule *rule, void *data)
{
	struct facts *facts = data;

	facts->rules = more(facts->rules, facts->num_rules, sizeof(*rule));
	facts->rules[facts->num_rules++] = *rule;
}

static void add_room(const struct machine_room *room, void *data)
{
	struct facts *facts = data;

	facts->rooms = more(facts->rooms, facts->num_rooms, sizeof(*room));
	facts->rooms[facts->num_rooms++] = *room;
}

void facts_links(struct facts *facts)
{
	facts->links_err = machine.links(add_link, facts) < 0 ? errno : 0;
}

void facts_rules(struct facts *facts)
{
	facts->rules_err = machine.rules(add_rule, facts) < 0 ? errno : 0;
}

void facts_machine(struct facts *facts)
{
	facts_links(facts);
	facts_rules(facts);
	facts->routes_err = machine.routes(add_route, facts) < 0 ? errno : 0;
}

void facts_rooms(struct facts *facts)
{
	facts->rooms_err = machine.rooms(add_room, facts) < 0 ? errno : 0;
}

void facts_free(struct facts *facts)
{
	unsigned int i;

	for (i = 0; i < facts->num_tables; i++)
		nftnl_offload_table_free(facts->tables[i]);
	for (i = 0; i < facts->num_settings; i++)
		nftnl_offload_table_free(facts->settings[i]);
	free(facts->tables);
	free(facts->settings);
	free(facts->links);
	free(facts->routes);
	free(facts->rules);
	free(facts->rooms);
}

const struct machine_link *facts_link(const struct facts *facts, uint32_t ifindex)
{
	unsigned int i;

	for (i = 0; i < facts->num_links; i++)
		if (facts->links[i].ifindex == ifindex)
			return &facts->links[i];
	return NULL;
}

bool facts_strict(const struct nftnl_offload_table *table)
{
	if (nftnl_offload_table_is_set(table, NFTNL_OFFLOAD_TABLE_STRICT))
		return nftnl_offload_table_get_u8(table, NFTNL_OFFLOAD_TABLE_STRICT);
	return facts_number("/proc/sys/net/netfilter/nf_flow_offload_strict") > 0;
}

int facts_number(const char *path)
{
	char buf[16];

	if (machine.read(path, buf, sizeof(buf)) < 0)
		return -1;
	if (*buf == 'Y' || *buf == 'N')
		return *buf == 'Y';
	return atoi(buf);
}
