// SPDX-License-Identifier: GPL-2.0-or-later
/* Lines of a fixture about the machine beside nft_offload. */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include "fixture.h"

static void add_file(char **w)
{
	struct fixture_file *entry = &fixture.files[fixture.num_files++];

	snprintf(entry->path, sizeof(entry->path), "%s", w[0]);
	snprintf(entry->text, sizeof(entry->text), "%s", w[1]);
}

static void add_link(char **w, unsigned int n)
{
	struct machine_link *link = &fixture.links[fixture.num_links++];
	unsigned int i;

	link->ifindex = fixture_number(w[0]);
	snprintf(link->name, sizeof(link->name), "%s", w[1]);
	link->up = link->carrier = true;
	for (i = 2; i < n; i++) {
		char *value = fixture_cut(w[i], '=');

		if (!strcmp(w[i], "up"))
			link->up = fixture_number(value);
		else if (!strcmp(w[i], "carrier"))
			link->carrier = fixture_number(value);
		else if (!strcmp(w[i], "special"))
			link->special = fixture_number(value);
		else if (!strcmp(w[i], "lower"))
			link->lower = fixture_number(value);
		else if (!strcmp(w[i], "master"))
			link->master = fixture_number(value);
		else
			fixture_bad(w[i]);
	}
}

static void add_route(char **w)
{
	struct machine_route *route = &fixture.routes[fixture.num_routes++];

	route->family = *w[0] == '4' ? AF_INET : AF_INET6;
	route->oif = fixture_number(w[1]);
}

static int word_number(const char *word, const char *const *words, int num)
{
	int i;

	for (i = 0; i < num; i++)
		if (!strcmp(words[i], word))
			return i;
	fixture_bad(word);
	return -1;
}

static void add_rule(char **w)
{
	static const char *const kinds[] = {
		"add", "helper", "zone", "notrack", "jump", "forward",
	};
	struct machine_rule *rule = &fixture.rules[fixture.num_rules++];

	rule->kind = word_number(w[0], kinds, 6);
	rule->family = fixture_number(w[1]);
	snprintf(rule->table, sizeof(rule->table), "%s", w[2]);
	snprintf(rule->chain, sizeof(rule->chain), "%s", w[3]);
	snprintf(rule->target, sizeof(rule->target), "%s", w[4]);
	rule->counted = strcmp(w[5], "-");
	rule->packets = rule->counted ? fixture_number(w[5]) : 0;
}

static void add_hop(char **w)
{
	static const char *const types[] = {
		"unicast", "local", "blackhole", "prohibit", "unreachable",
	};
	static const char *const states[] = { "fine", "none", "failed" };
	struct fixture_hop *hop = &fixture.hops[fixture.num_hops++];

	if (inet_pton(strchr(w[0], ':') ? AF_INET6 : AF_INET, w[0], hop->addr) != 1)
		fixture_bad(w[0]);
	hop->type = word_number(w[1], types, 5);
	hop->oif = fixture_number(w[2]);
	hop->neighbour = word_number(w[3], states, 3);
}

static void add_driver(char **w)
{
	static const char *const states[] = { "unknown", "off", "on", "fixed" };
	struct fixture_driver *entry = &fixture.drivers[fixture.num_drivers++];

	snprintf(entry->name, sizeof(entry->name), "%s", w[0]);
	snprintf(entry->driver.driver, sizeof(entry->driver.driver), "%s", w[1]);
	snprintf(entry->driver.firmware, sizeof(entry->driver.firmware), "%s", w[2]);
	entry->driver.hw_tc = word_number(w[3], states, 4);
}

static void add_room(char **w)
{
	struct machine_room *room = &fixture.rooms[fixture.num_rooms++];

	snprintf(room->device, sizeof(room->device), "%s", w[0]);
	snprintf(room->name, sizeof(room->name), "%s", w[1]);
	room->size = fixture_number(w[2]);
	room->counted = strcmp(w[3], "-");
	room->used = room->counted ? fixture_number(w[3]) : 0;
}

bool fixture_machine(char **w, unsigned int n)
{
	if (!strcmp(w[0], "file") && n == 3)
		add_file(w + 1);
	else if (!strcmp(w[0], "link") && n > 2)
		add_link(w + 1, n - 1);
	else if (!strcmp(w[0], "route") && n == 3)
		add_route(w + 1);
	else if (!strcmp(w[0], "rule") && n == 7)
		add_rule(w + 1);
	else if (!strcmp(w[0], "hop") && n == 5)
		add_hop(w + 1);
	else if (!strcmp(w[0], "driver") && n == 5)
		add_driver(w + 1);
	else if (!strcmp(w[0], "room") && n == 5)
		add_room(w + 1);
	else
		return false;
	return true;
}
