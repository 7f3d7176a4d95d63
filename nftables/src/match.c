// SPDX-License-Identifier: GPL-2.0-or-later
/* Conditions on flows that a filter of the kernel does not have. */
#include <stdlib.h>
#include <string.h>
#include <netinet/in.h>
#include <linux/netfilter.h>
#include <libnftnl_offload/flow.h>
#include "host.h"
#include "match.h"
#include "names.h"
#include "spec.h"
#include "value.h"

#define MAX_ATTRS	4

enum match_type { TYPE_ADDR, TYPE_NUMBER, TYPE_DEVICE, TYPE_NAME };

/* One attribute of these has to be so */
static const struct field {
	enum match_type	type;
	uint16_t	attrs[MAX_ATTRS];
	unsigned int	num;
} fields[] = {
	[MATCH_SADDR]		= { TYPE_ADDR, { NFTNL_FLOW_ORIG_SADDR }, 1 },
	[MATCH_DADDR]		= { TYPE_ADDR, { NFTNL_FLOW_ORIG_DADDR }, 1 },
	[MATCH_SPORT]		= { TYPE_NUMBER, { NFTNL_FLOW_ORIG_SPORT }, 1 },
	[MATCH_DPORT]		= { TYPE_NUMBER, { NFTNL_FLOW_ORIG_DPORT }, 1 },
	[MATCH_REPLY_SADDR]	= { TYPE_ADDR, { NFTNL_FLOW_REPL_SADDR }, 1 },
	[MATCH_REPLY_DADDR]	= { TYPE_ADDR, { NFTNL_FLOW_REPL_DADDR }, 1 },
	[MATCH_REPLY_SPORT]	= { TYPE_NUMBER, { NFTNL_FLOW_REPL_SPORT }, 1 },
	[MATCH_REPLY_DPORT]	= { TYPE_NUMBER, { NFTNL_FLOW_REPL_DPORT }, 1 },
	[MATCH_HOST]		= { TYPE_ADDR, { NFTNL_FLOW_ORIG_SADDR, NFTNL_FLOW_ORIG_DADDR,
						 NFTNL_FLOW_REPL_SADDR, NFTNL_FLOW_REPL_DADDR }, 4 },
	[MATCH_L4PROTO]		= { TYPE_NUMBER, { NFTNL_FLOW_L4PROTO }, 1 },
	[MATCH_NFPROTO]		= { TYPE_NUMBER, { NFTNL_FLOW_L3PROTO }, 1 },
	[MATCH_MARK]		= { TYPE_NUMBER, { NFTNL_FLOW_CT_MARK }, 1 },
	[MATCH_ZONE]		= { TYPE_NUMBER, { NFTNL_FLOW_CT_ZONE }, 1 },
	[MATCH_CT_ID]		= { TYPE_NUMBER, { NFTNL_FLOW_CT_ID }, 1 },
	[MATCH_IIF]		= { TYPE_DEVICE, { NFTNL_FLOW_ORIG_IIF }, 1 },
	[MATCH_OIF]		= { TYPE_DEVICE, { NFTNL_FLOW_ORIG_OIF }, 1 },
	[MATCH_IIFNAME]		= { TYPE_NAME, { NFTNL_FLOW_ORIG_IIF }, 1 },
	[MATCH_OIFNAME]		= { TYPE_NAME, { NFTNL_FLOW_ORIG_OIF }, 1 },
};

struct element {
	struct addr_range	addr;
	uint32_t		from, to, mask;
	char			*name;	/* of a device */
	struct location		loc;
};

struct match {
	struct match		*next;
	const struct field	*field;
	bool			negate;
	unsigned int		num;
	struct element		elements[];
};

static int set_number(struct element *element, const struct match_value *value, uint64_t max,
		      const char *wanted)
{
	uint64_t number;

	if (number_parse(value->text, max, &number) < 0) {
		error_at(&value->loc, "syntax error, unexpected %s, expecting %s", value->text, wanted);
		return -1;
	}
	element->from = element->to = number;
	return 0;
}

static int set_nfproto(struct element *element, const struct match_value *value)
{
	if (strcmp(value->text, "ipv4") && strcmp(value->text, "ipv6")) {
		error_at(&value->loc, "syntax error, unexpected %s, expecting ipv4 or ipv6",
			 value->text);
		return -1;
	}
	element->from = element->to = value->text[3] == '4' ? NFPROTO_IPV4 : NFPROTO_IPV6;
	return 0;
}

static int set_port(struct element *element, const struct match_value *value, int l4proto)
{
	struct port_range range;

	if (port_range_parse(&value->loc, l4proto, value->text, &range) < 0)
		return -1;
	element->from = range.from;
	element->to = range.to;
	return 0;
}

static int set_mark(struct element *element, const struct match_value *value)
{
	if (mark_parse(&value->loc, value->text, &element->from, &element->mask) < 0)
		return -1;
	element->to = element->from;
	return 0;
}

static int set_element(struct element *element, const struct match_value *value,
		       enum match_field field, int proto)
{
	int l4proto = l4proto_number(value->text);

	element->mask = UINT32_MAX;
	element->loc = value->loc;
	if (value->loc.path)
		element->loc.path = xstrdup(value->loc.path);
	switch (field) {
	case MATCH_HOST:
		proto = strchr(value->text, ':') ? NFPROTO_IPV6 : NFPROTO_IPV4;
		/* fall through */
	case MATCH_SADDR:
	case MATCH_DADDR:
	case MATCH_REPLY_SADDR:
	case MATCH_REPLY_DADDR:
		return addr_range_parse(&value->loc, proto, value->text, &element->addr);
	case MATCH_SPORT:
	case MATCH_DPORT:
	case MATCH_REPLY_SPORT:
	case MATCH_REPLY_DPORT:
		return set_port(element, value, proto);
	case MATCH_L4PROTO:
		if (l4proto < 0)
			return set_number(element, value, 255, "tcp, udp, gre or a number");
		element->from = element->to = l4proto;
		return 0;
	case MATCH_NFPROTO:
		return set_nfproto(element, value);
	case MATCH_MARK:
		return set_mark(element, value);
	case MATCH_ZONE:
		return set_number(element, value, UINT16_MAX, "a zone from 0 to 65535");
	case MATCH_CT_ID:
		return set_number(element, value, UINT32_MAX, "the id of a conntrack entry");
	case MATCH_IIF:
	case MATCH_OIF:
	case MATCH_IIFNAME:
	case MATCH_OIFNAME:
		element->name = xstrdup(value->text);
		return 0;
	}
	return -1;
}

/* What the kernel can look at: 1 if it is not this */
static int leave_to_kernel(struct spec *spec, const struct location *loc, enum match_field field,
			   int proto, const struct match_value *value)
{
	switch (field) {
	case MATCH_SADDR:
	case MATCH_DADDR:
		return spec_addr(spec, loc, &value->loc, proto,
				 field == MATCH_SADDR ? SPEC_SADDR : SPEC_DADDR, value->text);
	case MATCH_SPORT:
	case MATCH_DPORT:
		return spec_port(spec, loc, &value->loc, proto,
				 field == MATCH_SPORT ? SPEC_SPORT : SPEC_DPORT, value->text);
	case MATCH_L4PROTO:
		return spec_l4proto(spec, loc, &value->loc, value->text);
	case MATCH_NFPROTO:
		return spec_nfproto(spec, loc, &value->loc, value->text);
	case MATCH_MARK:
		return spec_mark(spec, loc, &value->loc, value->text);
	case MATCH_ZONE:
		return spec_zone(spec, loc, &value->loc, value->text);
	case MATCH_CT_ID:
		return spec_ct_id(spec, loc, &value->loc, value->text);
	case MATCH_IIF:
	case MATCH_OIF:
		return spec_device(spec, loc, &value->loc,
				   field == MATCH_IIF ? SPEC_IIF : SPEC_OIF, value->text);
	default:
		return 1;
	}
}

/* What the words in front of the values say: "tcp dport != 80" is about TCP only */
static int imply_proto(struct spec *spec, const struct location *loc, enum match_field field,
		       int proto)
{
	switch (field) {
	case MATCH_SADDR:
	case MATCH_DADDR:
	case MATCH_REPLY_SADDR:
	case MATCH_REPLY_DADDR:
		return spec_imply_l3proto(spec, loc, proto);
	case MATCH_SPORT:
	case MATCH_DPORT:
		return spec_imply_ports(spec, loc, proto);
	default:
		return 0;
	}
}

int match_add(struct spec *spec, const struct location *loc, enum match_field field, int proto,
	      bool negate, const struct match_value *values, unsigned int num)
{
	struct match *match, **last = &spec->matches;
	unsigned int i;
	int ret;

	if (num == 1 && !negate) {
		ret = leave_to_kernel(spec, loc, field, proto, &values[0]);
		if (ret <= 0)
			return ret;
	}
	if (imply_proto(spec, loc, field, proto) < 0)
		return -1;
	match = xalloc(sizeof(*match) + num * sizeof(match->elements[0]));
	match->field = &fields[field];
	match->negate = negate;
	while (*last)
		last = &(*last)->next;
	*last = match;
	for (i = 0; i < num; i++) {
		match->num++;
		if (set_element(&match->elements[i], &values[i], field, proto) < 0)
			return -1;
	}
	return 0;
}

int match_resolve(struct match *matches)
{
	struct match *match;
	uint64_t number;
	unsigned int i;

	for (match = matches; match; match = match->next) {
		if (match->field->type != TYPE_DEVICE)
			continue;
		for (i = 0; i < match->num; i++) {
			struct element *element = &match->elements[i];

			element->from = host.device_index(element->name);
			if (!element->from && number_parse(element->name, INT32_MAX, &number) == 0)
				element->from = number;
			if (!element->from) {
				error_at(&element->loc, "Interface does not exist");
				return -1;
			}
			element->to = element->from;
		}
	}
	return 0;
}

static bool in_addr(const struct element *element, const struct nftnl_flow *flow, uint16_t attr)
{
	uint32_t len = 0;
	const void *addr = nftnl_flow_get_data(flow, attr, &len);

	return addr && len == element->addr.len && memcmp(addr, element->addr.from, len) >= 0 &&
	       memcmp(addr, element->addr.to, len) <= 0;
}

/* A name, or how it begins, with a * at the end */
static bool in_name(const char *pattern, uint32_t ifindex)
{
	const char *name = ifindex ? device_name(ifindex) : "";
	size_t len = strlen(pattern);

	if (len && pattern[len - 1] == '*')
		return !strncmp(name, pattern, len - 1);
	return !strcmp(name, pattern);
}

static uint32_t number_of(const struct nftnl_flow *flow, uint16_t attr)
{
	switch (attr) {
	case NFTNL_FLOW_L3PROTO:
	case NFTNL_FLOW_L4PROTO:
		return nftnl_flow_get_u8(flow, attr);
	case NFTNL_FLOW_ORIG_SPORT:
	case NFTNL_FLOW_ORIG_DPORT:
	case NFTNL_FLOW_REPL_SPORT:
	case NFTNL_FLOW_REPL_DPORT:
	case NFTNL_FLOW_CT_ZONE:
		return nftnl_flow_get_u16(flow, attr);
	}
	return nftnl_flow_get_u32(flow, attr);
}

static bool is_in(const struct element *element, enum match_type type,
		  const struct nftnl_flow *flow, uint16_t attr)
{
	uint32_t number;

	if (type == TYPE_ADDR)
		return in_addr(element, flow, attr);
	number = number_of(flow, attr);
	if (type == TYPE_NAME)
		return in_name(element->name, number);
	number &= element->mask;
	return number >= element->from && number <= element->to;
}

static bool match_one(const struct match *match, const struct nftnl_flow *flow)
{
	unsigned int i, j;

	for (i = 0; i < match->num; i++)
		for (j = 0; j < match->field->num; j++)
			if (is_in(&match->elements[i], match->field->type, flow,
				  match->field->attrs[j]))
				return !match->negate;
	return match->negate;
}

bool match_flow(const struct match *matches, const struct nftnl_flow *flow)
{
	const struct match *match;

	for (match = matches; match; match = match->next)
		if (!match_one(match, flow))
			return false;
	return true;
}

void match_free(struct match *matches)
{
	struct match *next;
	unsigned int i;

	for (; matches; matches = next) {
		next = matches->next;
		for (i = 0; i < matches->num; i++) {
			free(matches->elements[i].name);
			free((char *)matches->elements[i].loc.path);
		}
		free(matches);
	}
}
