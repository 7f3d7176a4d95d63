// SPDX-License-Identifier: GPL-2.0-or-later
/* check: devices that routes lead to, and that are in no flowtable. */
#include <stdio.h>
#include <string.h>
#include "check.h"

#define MAX_DEPTH	8	/* a VLAN on a bridge of VLANs on bonds ... */

static bool is_listed(const struct facts *facts, uint32_t ifindex)
{
	const struct nftnl_offload_device *device;
	unsigned int i, j;

	for (i = 0; i < facts->num_tables; i++) {
		if (nftnl_offload_table_is_set(facts->tables[i], NFTNL_OFFLOAD_TABLE_DEVICES_MORE))
			return true;	/* it may be one of those not told */
		for (j = 0; (device = nftnl_offload_table_device(facts->tables[i], j)); j++)
			if (device->ifindex == ifindex)
				return true;
	}
	return false;
}

/* It, a device below it, or a port of it */
static bool is_covered(const struct facts *facts, const struct machine_link *link, int depth)
{
	const struct machine_link *other;
	unsigned int i;

	if (is_listed(facts, link->ifindex))
		return true;
	if (depth == MAX_DEPTH)
		return false;
	for (i = 0; i < facts->num_links; i++) {
		other = &facts->links[i];
		if ((other->master == link->ifindex || other->ifindex == link->lower) &&
		    is_covered(facts, other, depth + 1))
			return true;
	}
	return false;
}

static bool is_routed(const struct facts *facts, uint32_t ifindex)
{
	unsigned int i;

	for (i = 0; i < facts->num_routes; i++)
		if (facts->routes[i].oif == ifindex)
			return true;
	return false;
}

static void check_link(const struct facts *facts, const struct machine_link *link)
{
	char name[CHECK_TEXT], fix[CHECK_TEXT + 128];

	check_table_name(facts->tables[0], name);
	snprintf(fix, sizeof(fix),
		 "nft \"add flowtable %s { devices = { %.15s }; }\", or leave it, if no traffic should be offloaded there",
		 name, link->name);
	check_line(CHECK_WARN, "route", link->name, fix,
		   "has routes, and is in no flowtable: its traffic takes the slow path");
}

void check_routes(const struct facts *facts)
{
	const struct machine_link *link;
	unsigned int i, bad = 0, num = 0;

	if (facts->links_err || facts->routes_err) {
		check_line(CHECK_UNKNOWN, "route", NULL, NULL, "routes cannot be read: %s",
			   strerror(facts->links_err ? facts->links_err : facts->routes_err));
		return;
	}
	for (i = 0; i < facts->num_links; i++) {
		link = &facts->links[i];
		if (link->special || !link->up || !is_routed(facts, link->ifindex))
			continue;
		num++;
		if (!facts->num_tables || is_covered(facts, link, 0))
			continue;
		bad++;
		check_link(facts, link);
	}
	if (!num)
		check_line(CHECK_FAIL, "route", NULL, "see \"ip route\", \"ip -6 route\" and \"ip link\"",
			   "no route leads out of this machine");
	else if (!bad && facts->num_tables)
		check_line(CHECK_OK, "route", NULL, NULL,
			   "devices with routes are in flowtables, or pass through them: %u", num);
}
