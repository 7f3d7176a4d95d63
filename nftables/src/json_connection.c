// SPDX-License-Identifier: GPL-2.0-or-later
/* One connection in JSON: by what its packets have, or by the id of its conntrack entry; and one
 * flowtable.
 */
#include <stdio.h>
#include <string.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include "json_filter.h"
#include "names.h"

static int read_its_l4proto(void *to, const struct place *place, const json_t *value)
{
	struct reader *r = to;
	const char *name;

	if (value_str(place, value, "tcp, udp or gre", &name) < 0)
		return -1;
	r->l4proto = l4proto_number(name);
	return r->l4proto < 0 ? place_unexpected(place, value, "tcp, udp or gre") : 0;
}

static int read_its_addr(struct reader *r, const struct place *place, const json_t *value,
			 enum spec_addr which)
{
	uint8_t addr[16];

	if (check_addr(place, value, false, &r->addr[which]) < 0)
		return -1;
	if (inet_pton(strchr(r->addr[which], ':') ? AF_INET6 : AF_INET, r->addr[which],
		      addr) != 1)
		return place_unexpected(place, value, "an address");
	return 0;
}

static int read_its_saddr(void *to, const struct place *place, const json_t *value)
{
	return read_its_addr(to, place, value, SPEC_SADDR);
}

static int read_its_daddr(void *to, const struct place *place, const json_t *value)
{
	return read_its_addr(to, place, value, SPEC_DADDR);
}

static int read_its_port(struct reader *r, const struct place *place, const json_t *value,
			 enum spec_port which)
{
	uint32_t port;

	if (value_number(place, value, UINT16_MAX, &port) < 0)
		return -1;
	r->port[which] = port;
	return 0;
}

static int read_its_sport(void *to, const struct place *place, const json_t *value)
{
	return read_its_port(to, place, value, SPEC_SPORT);
}

static int read_its_dport(void *to, const struct place *place, const json_t *value)
{
	return read_its_port(to, place, value, SPEC_DPORT);
}

#define ITS_KEYS \
	{ "saddr", read_its_saddr }, { "daddr", read_its_daddr }, \
	{ "sport", read_its_sport }, { "dport", read_its_dport }

static int read_its_ends(void *to, const struct place *place, const json_t *value)
{
	static const struct json_key keys[] = { ITS_KEYS, { NULL, NULL } };

	return read_part(to, place, value, keys);
}

/* For explain */
static int read_its_ends_and_iif(void *to, const struct place *place, const json_t *value)
{
	static const struct json_key keys[] = { ITS_KEYS, { "iif", read_iif }, { NULL, NULL } };

	return read_part(to, place, value, keys);
}

static int read_its_ct(void *to, const struct place *place, const json_t *value)
{
	static const struct json_key keys[] = {
		{ "id", read_ct_id }, { "zone", read_zone }, { NULL, NULL },
	};

	return read_part(to, place, value, keys);
}

/* As the text has it: ADDRESS:PORT, [ADDRESS]:PORT, or ADDRESS for gre */
static void endpoint_text(const struct reader *r, int i, char *text)
{
	if (r->l4proto == IPPROTO_GRE)
		snprintf(text, TEXT_SIZE, "%s", r->addr[i]);
	else
		snprintf(text, TEXT_SIZE, strchr(r->addr[i], ':') ? "[%s]:%d" : "%s:%d",
			 r->addr[i], r->port[i]);
}

static int set_connection(const struct reader *r, const struct place *place)
{
	bool any = r->port[0] >= 0 || r->port[1] >= 0;
	bool both = r->port[0] >= 0 && r->port[1] >= 0;
	char src[TEXT_SIZE], dst[TEXT_SIZE];
	struct spot spot;

	if (r->l4proto == IPPROTO_GRE && any)
		return place_error(place, "gre has no ports");
	if (r->l4proto < 0 || !r->addr[0] || !r->addr[1] ||
	    (r->l4proto != IPPROTO_GRE && !both))
		return place_error(place, "a connection has l4proto, and in original saddr, daddr and, but for gre, sport and dport; or in ct an id");
	endpoint_text(r, 0, src);
	endpoint_text(r, 1, dst);
	spot_init(&spot, place);
	return spec_connection(r->spec, r->l4proto, &spot.loc, src, &spot.loc, dst);
}

static int set_its_id_or_ends(const struct reader *r, const struct place *place)
{
	if (!r->id)
		return set_connection(r, place);
	if (r->zone || r->l4proto >= 0 || r->addr[0] || r->addr[1] || r->port[0] >= 0 ||
	    r->port[1] >= 0)
		return place_error(place, "an id of conntrack takes the place of l4proto, addresses, ports and zone");
	return 0;
}

int json_connection(struct cmd *cmd, const struct place *place, const json_t *value,
		    bool explain)
{
	static const struct json_key flow_keys[] = {
		{ "l4proto", read_its_l4proto }, { "original", read_its_ends },
		{ "ct", read_its_ct }, { NULL, NULL },
	};
	static const struct json_key explain_keys[] = {
		FLOWTABLE_KEYS,
		{ "l4proto", read_its_l4proto }, { "original", read_its_ends_and_iif },
		{ "ct", read_its_ct }, { NULL, NULL },
	};
	struct reader r = { .spec = &cmd->spec, .l4proto = -1, .port = { -1, -1 }, .one = true };

	if (value_object(place, value, explain ? explain_keys : flow_keys, &r) < 0 ||
	    set_its_id_or_ends(&r, place) < 0)
		return -1;
	return set_table(&r, place);
}

int json_flowtable(struct cmd *cmd, const struct place *place, const json_t *value)
{
	static const struct json_key keys[] = { FLOWTABLE_KEYS, { NULL, NULL } };
	struct reader r = { .spec = &cmd->spec, .l4proto = -1, .port = { -1, -1 }, .one = true };

	if (value_object(place, value, keys, &r) < 0)
		return -1;
	if (json_object_size(value) != 3)
		return place_error(place, "a flowtable has family, table and flowtable");
	return set_table(&r, place);
}

static int read_its_strict(void *to, const struct place *place, const json_t *value)
{
	struct reader *r = to;

	r->strict = VALUE_DEFAULT;
	if (json_is_null(value))
		return 0;
	if (!json_is_boolean(value))
		return place_unexpected(place, value, "true, false or null");
	r->strict = json_is_true(value);
	return 0;
}

int json_flowtable_setting(struct cmd *cmd, const struct place *place, const json_t *value)
{
	static const struct json_key keys[] = {
		FLOWTABLE_KEYS, { "strict", read_its_strict }, { NULL, NULL },
	};
	struct reader r = { .spec = &cmd->spec };

	cmd->op = CMD_SET_FLOWTABLE;
	if (value_object(place, value, keys, &r) < 0)
		return -1;
	if (json_object_size(value) != 4)
		return place_error(place, "a setting of a flowtable has family, table, flowtable and strict");
	cmd->value = r.strict;
	return set_table(&r, place);
}
