// SPDX-License-Identifier: GPL-2.0-or-later
/* Filters in JSON: as flows are printed, as far as that says which. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <arpa/inet.h>
#include <linux/netfilter.h>
#include "json_filter.h"
#include "match.h"
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

static int addr_text(const struct place *place, const json_t *value, char *text);

typedef int (*text_of)(const struct place *place, const json_t *value, char *text);

/* The texts of one value, or of an array of them */
static int add_texts(struct reader *r, const struct place *place, const json_t *value,
		     enum match_field field, text_of text_of)
{
	bool set = json_is_array(value) && !r->one;
	size_t i, num = set ? json_array_size(value) : 1;
	char (*texts)[TEXT_SIZE] = xalloc((num + 1) * sizeof(*texts));
	struct match_value *values = xalloc((num + 1) * sizeof(*values));
	struct spot *spots = xalloc((num + 1) * sizeof(*spots));
	struct place below = *place;
	int ret = -1;

	for (i = 0; i < num; i++) {
		if (set)
			below = place_index(place, i);
		if (text_of(&below, set ? json_array_get(value, i) : value, texts[i]) < 0)
			goto out;
		spot_init(&spots[i], &below);
		values[i].text = texts[i];
		values[i].loc = spots[i].loc;
	}
	spot_init(&spots[num], place);
	if (num)
		ret = match_add(r->spec, &spots[num].loc, field, text_of != addr_text ? -1 :
				strchr(texts[0], ':') ? NFPROTO_IPV6 : NFPROTO_IPV4, r->negate,
				values, num);
	else
		place_unexpected(place, value, "one value or more");
out:
	free(texts);
	free(values);
	free(spots);
	return ret;
}

static int l3proto_text(const struct place *place, const json_t *value, char *text)
{
	const char *name;
	int number;

	if (value_str(place, value, "ip or ip6", &name) < 0)
		return -1;
	number = family_number(name);
	if (number != NFPROTO_IPV4 && number != NFPROTO_IPV6)
		return place_unexpected(place, value, "ip or ip6");
	strcpy(text, number == NFPROTO_IPV4 ? "ipv4" : "ipv6");
	return 0;
}

static int read_l3proto(void *to, const struct place *place, const json_t *value)
{
	return add_texts(to, place, value, MATCH_NFPROTO, l3proto_text);
}

/* A number as a number, too */
static int l4proto_text(const struct place *place, const json_t *value, char *text)
{
	const char *name = json_string_value(value);
	uint32_t number;

	if (json_is_integer(value)) {
		if (value_number(place, value, 255, &number) < 0)
			return -1;
		snprintf(text, TEXT_SIZE, "%u", number);
		return 0;
	}
	if (!name || strlen(name) >= TEXT_SIZE)
		return place_unexpected(place, value, "tcp, udp, gre or a number");
	strcpy(text, name);
	return 0;
}

static int read_l4proto(void *to, const struct place *place, const json_t *value)
{
	return add_texts(to, place, value, MATCH_L4PROTO, l4proto_text);
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

static int read_saddr(void *to, const struct place *place, const json_t *value)
{
	struct reader *r = to;

	return add_texts(r, place, value, MATCH_SADDR + r->dir, addr_text);
}

static int read_daddr(void *to, const struct place *place, const json_t *value)
{
	struct reader *r = to;

	return add_texts(r, place, value, MATCH_DADDR + r->dir, addr_text);
}

static int read_host(void *to, const struct place *place, const json_t *value)
{
	return add_texts(to, place, value, MATCH_HOST, addr_text);
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

static int read_sport(void *to, const struct place *place, const json_t *value)
{
	struct reader *r = to;

	return add_texts(r, place, value, MATCH_SPORT + r->dir, port_text);
}

static int read_dport(void *to, const struct place *place, const json_t *value)
{
	struct reader *r = to;

	return add_texts(r, place, value, MATCH_DPORT + r->dir, port_text);
}

static int device_text(const struct place *place, const json_t *value, char *text)
{
	static const char wanted[] = "the name or the index of a device";
	const char *name;
	uint32_t index;

	if (json_is_integer(value)) {
		if (value_number(place, value, INT32_MAX, &index) < 0)
			return -1;
		snprintf(text, TEXT_SIZE, "%u", index);
		return 0;
	}
	if (value_str(place, value, wanted, &name) < 0)
		return -1;
	if (strlen(name) >= TEXT_SIZE)
		return place_unexpected(place, value, wanted);
	strcpy(text, name);
	return 0;
}

/* Name, or index */
static int read_device(struct reader *r, const struct place *place, const json_t *value,
		       enum spec_device which)
{
	const char *name;
	struct spot spot;
	uint32_t index;

	if (r->negate || (json_is_array(value) && !r->one))
		return add_texts(r, place, value, which == SPEC_IIF ? MATCH_IIF : MATCH_OIF,
				 device_text);
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

static int mark_text(const struct place *place, const json_t *value, char *text)
{
	static const struct json_key keys[] = {
		{ "value", read_mark_value }, { "mask", read_mark_mask }, { NULL, NULL },
	};
	struct mark mark = { .mask = UINT32_MAX };

	if (json_is_object(value)) {
		if (value_object(place, value, keys, &mark) < 0)
			return -1;
		if (!mark.have[0] || !mark.have[1])
			return place_error(place, "expecting value and mask");
	} else if (value_number(place, value, UINT32_MAX, &mark.value) < 0) {
		return -1;
	}
	snprintf(text, TEXT_SIZE, "%u/%u", mark.value, mark.mask);
	return 0;
}

static int read_mark(void *to, const struct place *place, const json_t *value)
{
	return add_texts(to, place, value, MATCH_MARK, mark_text);
}

static int zone_text(const struct place *place, const json_t *value, char *text)
{
	uint32_t zone;

	if (value_number(place, value, UINT16_MAX, &zone) < 0)
		return -1;
	snprintf(text, TEXT_SIZE, "%u", zone);
	return 0;
}

int read_zone(void *to, const struct place *place, const json_t *value)
{
	struct reader *r = to;

	r->zone = true;
	return add_texts(r, place, value, MATCH_ZONE, zone_text);
}

static int ct_id_text(const struct place *place, const json_t *value, char *text)
{
	uint32_t id;

	if (value_number(place, value, UINT32_MAX, &id) < 0)
		return -1;
	snprintf(text, TEXT_SIZE, "%u", id);
	return 0;
}

int read_ct_id(void *to, const struct place *place, const json_t *value)
{
	struct reader *r = to;

	r->id = true;
	return add_texts(r, place, value, MATCH_CT_ID, ct_id_text);
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
	if (!json_is_array(value)) {
		if (read_one_state(r, place, value) < 0)
			return -1;
	} else if (!json_array_size(value)) {
		return place_unexpected(place, value, "a state, or an array of states");
	}
	for (i = 0; i < json_array_size(value); i++) {
		below = place_index(place, i);
		if (read_one_state(r, &below, json_array_get(value, i)) < 0)
			return -1;
	}
	if (r->negate)
		spec_state_negate(r->spec);
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

static int read_reply(void *to, const struct place *place, const json_t *value)
{
	static const struct json_key keys[] = {
		{ "saddr", read_saddr }, { "daddr", read_daddr }, { "sport", read_sport },
		{ "dport", read_dport }, { NULL, NULL },
	};
	struct reader *r = to;
	int ret;

	r->dir = MATCH_REPLY_SADDR - MATCH_SADDR;
	ret = read_part(r, place, value, keys);
	r->dir = 0;
	return ret;
}

static int read_ct(void *to, const struct place *place, const json_t *value)
{
	static const struct json_key keys[] = {
		{ "id", read_ct_id }, { "mark", read_mark }, { "zone", read_zone },
		{ NULL, NULL },
	};

	return read_part(to, place, value, keys);
}

#define FLOW_KEYS \
	{ "l3proto", read_l3proto }, { "l4proto", read_l4proto }, { "state", read_state }, \
	{ "original", read_original }, { "reply", read_reply }, { "ct", read_ct }, \
	{ "host", read_host }

/* A flow must be as none of this says */
static int read_not(void *to, const struct place *place, const json_t *value)
{
	static const struct json_key keys[] = { FLOW_KEYS, { NULL, NULL } };
	struct reader *r = to;
	int ret;

	r->negate = true;
	ret = read_part(r, place, value, keys);
	r->negate = false;
	return ret;
}

int json_filter(struct cmd *cmd, const struct place *place, const json_t *value)
{
	static const struct json_key keys[] = {
		FLOWTABLE_KEYS, FLOW_KEYS, { "not", read_not }, { NULL, NULL },
	};
	struct reader r = { .spec = &cmd->spec };

	if (json_is_null(value))
		return 0;
	if (read_part(&r, place, value, keys) < 0)
		return -1;
	return set_table(&r, place);
}
