// SPDX-License-Identifier: GPL-2.0-or-later
/* Filters in JSON: as flows are printed, as far as that says which. */
#include <stdio.h>
#include <string.h>
#include <arpa/inet.h>
#include <linux/netfilter.h>
#include "json_filter.h"
#include "names.h"

int read_family(void *to, const struct place *place, const json_t *value)
{
	static const char wanted[] = "ip, ip6, inet, bridge or netdev";
	struct reader *r = to;

	if (value_str(place, value, wanted, &r->family) < 0)
		return -1;
	return family_number(r->family) < 0 ? place_unexpected(place, value, wanted) : 0;
}

int read_table(void *to, const struct place *place, const json_t *value)
{
	struct reader *r = to;

	return value_str(place, value, "the name of a table", &r->table);
}

int read_flowtable(void *to, const struct place *place, const json_t *value)
{
	struct reader *r = to;
	const char *name;
	struct spot spot;

	if (value_str(place, value, "the name of a flowtable", &name) < 0)
		return -1;
	spot_init(&spot, place);
	return spec_flowtable(r->spec, &spot.loc, name);
}

int set_table(const struct reader *r, const struct place *place)
{
	struct place table = place_key(place, "table");
	struct spot spot;

	if (!r->family != !r->table)
		return place_error(place, "family and table come together");
	if (!r->table)
		return 0;
	spot_init(&spot, &table);
	return spec_table(r->spec, &spot.loc, &spot.loc, r->family, r->table);
}

static int read_l3proto(void *to, const struct place *place, const json_t *value)
{
	struct reader *r = to;
	const char *name;
	struct spot spot;
	int number;

	if (value_str(place, value, "ip or ip6", &name) < 0)
		return -1;
	number = family_number(name);
	if (number != NFPROTO_IPV4 && number != NFPROTO_IPV6)
		return place_unexpected(place, value, "ip or ip6");
	spot_init(&spot, place);
	return spec_nfproto(r->spec, &spot.loc, &spot.loc,
			    number == NFPROTO_IPV4 ? "ipv4" : "ipv6");
}

/* A number as a number, too */
static int read_l4proto(void *to, const struct place *place, const json_t *value)
{
	const char *name = json_string_value(value);
	char buf[NAME_SIZE];
	struct reader *r = to;
	struct spot spot;
	uint32_t number;

	if (json_is_integer(value)) {
		if (value_number(place, value, 255, &number) < 0)
			return -1;
		snprintf(buf, sizeof(buf), "%u", number);
		name = buf;
	}
	if (!name)
		return place_unexpected(place, value, "tcp, udp, gre or a number");
	spot_init(&spot, place);
	return spec_l4proto(r->spec, &spot.loc, &spot.loc, name);
}

int check_addr(const struct place *place, const json_t *value, bool prefix, const char **str)
{
	const char *wanted = prefix ? "an address, a prefix or an object with a range" :
				      "an address";

	if (value_str(place, value, wanted, str) < 0)
		return -1;
	if (strlen(*str) >= INET6_ADDRSTRLEN + 4 || strchr(*str, '-') ||
	    (!prefix && strchr(*str, '/')))
		return place_unexpected(place, value, wanted);
	return 0;
}

static int addr_text(const struct place *place, const json_t *value, char *text)
{
	struct place range = place_key(place, "range"), low = place_index(&range, 0),
		     high = place_index(&range, 1);
	const json_t *ends[2];
	const char *from, *to;
	int ret;

	ret = value_range(place, value, &ends[0], &ends[1]);
	if (ret < 0)
		return -1;
	if (ret > 0) {
		if (check_addr(place, value, true, &from) < 0)
			return -1;
		strcpy(text, from);
		return 0;
	}
	if (check_addr(&low, ends[0], false, &from) < 0 ||
	    check_addr(&high, ends[1], false, &to) < 0)
		return -1;
	snprintf(text, TEXT_SIZE, "%s-%s", from, to);
	return 0;
}

static int read_addr(struct reader *r, const struct place *place, const json_t *value,
		     enum spec_addr which)
{
	char text[TEXT_SIZE];
	struct spot spot;

	if (addr_text(place, value, text) < 0)
		return -1;
	spot_init(&spot, place);
	return spec_addr(r->spec, &spot.loc, &spot.loc,
			 strchr(text, ':') ? NFPROTO_IPV6 : NFPROTO_IPV4, which, text);
}

static int read_saddr(void *to, const struct place *place, const json_t *value)
{
	return read_addr(to, place, value, SPEC_SADDR);
}

static int read_daddr(void *to, const struct place *place, const json_t *value)
{
	return read_addr(to, place, value, SPEC_DADDR);
}

static int port_text(const struct place *place, const json_t *value, char *text)
{
	struct place range = place_key(place, "range"), low = place_index(&range, 0),
		     high = place_index(&range, 1);
	const json_t *ends[2];
	uint32_t from, to;
	int ret;

	ret = value_range(place, value, &ends[0], &ends[1]);
	if (ret < 0)
		return -1;
	if (ret > 0) {
		if (json_is_object(value))
			return place_unexpected(place, value, "a port or an object with a range");
		if (value_number(place, value, UINT16_MAX, &from) < 0)
			return -1;
		snprintf(text, TEXT_SIZE, "%u", from);
		return 0;
	}
	if (value_number(&low, ends[0], UINT16_MAX, &from) < 0 ||
	    value_number(&high, ends[1], UINT16_MAX, &to) < 0)
		return -1;
	snprintf(text, TEXT_SIZE, "%u-%u", from, to);
	return 0;
}

static int read_port(struct reader *r, const struct place *place, const json_t *value,
		     enum spec_port which)
{
	char text[TEXT_SIZE];
	struct spot spot;

	if (port_text(place, value, text) < 0)
		return -1;
	spot_init(&spot, place);
	return spec_port(r->spec, &spot.loc, &spot.loc, -1, which, text);
}

static int read_sport(void *to, const struct place *place, const json_t *value)
{
	return read_port(to, place, value, SPEC_SPORT);
}

static int read_dport(void *to, const struct place *place, const json_t *value)
{
	return read_port(to, place, value, SPEC_DPORT);
}

/* Name, or index */
static int read_device(struct reader *r, const struct place *place, const json_t *value,
		       enum spec_device which)
{
	const char *name;
	struct spot spot;
	uint32_t index;

	spot_init(&spot, place);
	if (json_is_integer(value)) {
		if (value_number(place, value, INT32_MAX, &index) < 0)
			return -1;
		if (!index)
			return place_unexpected(place, value, "an index from 1 on");
		return spec_device_index(r->spec, &spot.loc, which, index);
	}
	if (value_str(place, value, "the name or the index of a device", &name) < 0)
		return -1;
	return spec_device(r->spec, &spot.loc, &spot.loc, which, name);
}

int read_iif(void *to, const struct place *place, const json_t *value)
{
	return read_device(to, place, value, SPEC_IIF);
}

static int read_oif(void *to, const struct place *place, const json_t *value)
{
	return read_device(to, place, value, SPEC_OIF);
}

struct mark {
	bool		have[2];
	uint32_t	value, mask;
};

static int read_mark_value(void *to, const struct place *place, const json_t *value)
{
	struct mark *mark = to;

	mark->have[0] = true;
	return value_number(place, value, UINT32_MAX, &mark->value);
}

static int read_mark_mask(void *to, const struct place *place, const json_t *value)
{
	struct mark *mark = to;

	mark->have[1] = true;
	return value_number(place, value, UINT32_MAX, &mark->mask);
}

static int read_mark(void *to, const struct place *place, const json_t *value)
{
	static const struct json_key keys[] = {
		{ "value", read_mark_value }, { "mask", read_mark_mask }, { NULL, NULL },
	};
	struct mark mark = { .mask = UINT32_MAX };
	struct reader *r = to;
	char text[TEXT_SIZE];
	struct spot spot;

	if (json_is_object(value)) {
		if (value_object(place, value, keys, &mark) < 0)
			return -1;
		if (!mark.have[0] || !mark.have[1])
			return place_error(place, "expecting value and mask");
	} else if (value_number(place, value, UINT32_MAX, &mark.value) < 0) {
		return -1;
	}
	snprintf(text, sizeof(text), "%u/%u", mark.value, mark.mask);
	spot_init(&spot, place);
	return spec_mark(r->spec, &spot.loc, &spot.loc, text);
}

int read_zone(void *to, const struct place *place, const json_t *value)
{
	struct reader *r = to;
	char text[TEXT_SIZE];
	struct spot spot;
	uint32_t zone;

	if (value_number(place, value, UINT16_MAX, &zone) < 0)
		return -1;
	r->zone = true;
	snprintf(text, sizeof(text), "%u", zone);
	spot_init(&spot, place);
	return spec_zone(r->spec, &spot.loc, &spot.loc, text);
}

int read_ct_id(void *to, const struct place *place, const json_t *value)
{
	struct reader *r = to;
	char text[TEXT_SIZE];
	struct spot spot;
	uint32_t id;

	if (value_number(place, value, UINT32_MAX, &id) < 0)
		return -1;
	r->id = true;
	snprintf(text, sizeof(text), "%u", id);
	spot_init(&spot, place);
	return spec_ct_id(r->spec, &spot.loc, &spot.loc, text);
}

static int read_one_state(struct reader *r, const struct place *place, const json_t *value)
{
	static const char wanted[] = "software, hardware, pending, failed or closing";
	const char *name;
	struct spot spot;

	if (value_str(place, value, wanted, &name) < 0)
		return -1;
	spot_init(&spot, place);
	return spec_state(r->spec, &spot.loc, name);
}

/* One, or an array of them */
static int read_state(void *to, const struct place *place, const json_t *value)
{
	struct reader *r = to;
	struct place below;
	struct spot spot;
	size_t i;

	spot_init(&spot, place);
	if (spec_state_begin(r->spec, &spot.loc) < 0)
		return -1;
	if (!json_is_array(value))
		return read_one_state(r, place, value);
	if (!json_array_size(value))
		return place_unexpected(place, value, "a state, or an array of states");
	for (i = 0; i < json_array_size(value); i++) {
		below = place_index(place, i);
		if (read_one_state(r, &below, json_array_get(value, i)) < 0)
			return -1;
	}
	return 0;
}

int read_part(void *to, const struct place *place, const json_t *value,
	      const struct json_key *keys)
{
	if (json_is_object(value) && !json_object_size(value))
		return place_unexpected(place, value, "one key or more");
	return value_object(place, value, keys, to);
}

static int read_original(void *to, const struct place *place, const json_t *value)
{
	static const struct json_key keys[] = {
		{ "saddr", read_saddr }, { "daddr", read_daddr }, { "sport", read_sport },
		{ "dport", read_dport }, { "iif", read_iif }, { "oif", read_oif },
		{ NULL, NULL },
	};

	return read_part(to, place, value, keys);
}

static int read_ct(void *to, const struct place *place, const json_t *value)
{
	static const struct json_key keys[] = {
		{ "id", read_ct_id }, { "mark", read_mark }, { "zone", read_zone },
		{ NULL, NULL },
	};

	return read_part(to, place, value, keys);
}

int json_filter(struct cmd *cmd, const struct place *place, const json_t *value)
{
	static const struct json_key keys[] = {
		FLOWTABLE_KEYS,
		{ "l3proto", read_l3proto }, { "l4proto", read_l4proto },
		{ "state", read_state }, { "original", read_original }, { "ct", read_ct },
		{ NULL, NULL },
	};
	struct reader r = { .spec = &cmd->spec };

	if (json_is_null(value))
		return 0;
	if (read_part(&r, place, value, keys) < 0)
		return -1;
	return set_table(&r, place);
}
