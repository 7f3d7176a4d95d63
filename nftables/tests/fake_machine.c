// SPDX-License-Identifier: GPL-2.0-or-later
/* The machine that src/machine.h is about, from the fixture. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <linux/netfilter.h>
#include "fake.h"
#include "fixture.h"
#include "machine.h"

static int fake_read(const char *path, char *buf, size_t size)
{
	unsigned int i;

	for (i = 0; i < fixture.num_files; i++) {
		if (strcmp(fixture.files[i].path, path))
			continue;
		snprintf(buf, size, "%s", fixture.files[i].text);
		return 0;
	}
	errno = ENOENT;
	return -1;
}

static int fake_links(void (*add)(const struct machine_link *link, void *data), void *data)
{
	unsigned int i;

	for (i = 0; i < fixture.num_links; i++)
		add(&fixture.links[i], data);
	return fail_if("links");
}

static int fake_routes(void (*add)(const struct machine_route *route, void *data), void *data)
{
	unsigned int i;

	for (i = 0; i < fixture.num_routes; i++)
		add(&fixture.routes[i], data);
	return fail_if("routes");
}

static int fake_rules(void (*add)(const struct machine_rule *rule, void *data), void *data)
{
	unsigned int i;

	for (i = 0; i < fixture.num_rules; i++)
		add(&fixture.rules[i], data);
	return fail_if("rules");
}

static int fake_rooms(void (*add)(const struct machine_room *room, void *data), void *data)
{
	unsigned int i;

	for (i = 0; i < fixture.num_rooms; i++)
		add(&fixture.rooms[i], data);
	return fail_if("rooms");
}

static int fake_route(uint8_t family, const uint8_t *addr, struct machine_hop *hop)
{
	uint32_t len = family == NFPROTO_IPV4 ? 4 : 16;
	unsigned int i;

	if (!fixture.num_hops) {
		errno = EPERM;
		return -1;
	}
	memset(hop, 0, sizeof(*hop));
	hop->type = MACHINE_ROUTE_NONE;
	for (i = 0; i < fixture.num_hops; i++) {
		if (memcmp(fixture.hops[i].addr, addr, len))
			continue;
		hop->type = fixture.hops[i].type;
		hop->oif = fixture.hops[i].oif;
	}
	memcpy(hop->gateway, addr, len);
	return 0;
}

static int fake_neighbour(uint8_t family, const uint8_t *addr, uint32_t ifindex,
			  enum machine_neighbour *state)
{
	uint32_t len = family == NFPROTO_IPV4 ? 4 : 16;
	unsigned int i;

	for (i = 0; i < fixture.num_hops; i++)
		if (!memcmp(fixture.hops[i].addr, addr, len) && fixture.hops[i].oif == ifindex)
			*state = fixture.hops[i].neighbour;
	return 0;
}

static int fake_driver(const char *name, struct machine_driver *driver)
{
	unsigned int i;

	memset(driver, 0, sizeof(*driver));
	for (i = 0; i < fixture.num_drivers; i++)
		if (!strcmp(fixture.drivers[i].name, name))
			*driver = fixture.drivers[i].driver;
	return 0;
}

const struct machine_ops machine = {
	.read	= fake_read,
	.links	= fake_links,
	.routes	= fake_routes,
	.route	= fake_route,
	.neighbour = fake_neighbour,
	.rules	= fake_rules,
	.rooms	= fake_rooms,
	.driver	= fake_driver,
};
