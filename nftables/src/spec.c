// SPDX-License-Identifier: GPL-2.0-or-later
/* Which flows a command is about: from nft's words to a filter of the library. */
#include <stdlib.h>
#include <string.h>
#include <netinet/in.h>
#include <linux/netfilter.h>
#include <libnftnl_offload/filter.h>
#include <libnftnl_offload/flow.h>
#include <libnftnl_offload/table.h>
#include "host.h"
#include "match.h"
#include "names.h"
#include "netlink.h"
#include "spec.h"
#include "value.h"

enum {
	SEEN_TABLE, SEEN_FLOWTABLE, SEEN_NFPROTO, SEEN_SADDR, SEEN_DADDR, SEEN_L4PROTO,
	SEEN_SPORT, SEEN_DPORT, SEEN_IIF, SEEN_OIF, SEEN_MARK, SEEN_ZONE,
	SEEN_STATE, SEEN_CT_ID,
};

static const char *const seen_names[] = {
	"table", "flowtable", "meta nfproto", "saddr", "daddr", "meta l4proto",
	"sport", "dport", "iif", "oif", "ct mark", "ct zone", "state", "ct id",
};

void spec_init(struct spec *spec)
{
	memset(spec, 0, sizeof(*spec));
	spec->filter = nftnl_flow_filter_alloc();
	if (!spec->filter)
		xalloc(SIZE_MAX);
	spec->l4proto = -1;
}

void spec_free(struct spec *spec)
{
	nftnl_flow_filter_free(spec->filter);
	free(spec->device[SPEC_IIF]);
	free(spec->device[SPEC_OIF]);
	free((char *)spec->device_loc[SPEC_IIF].path);
	free((char *)spec->device_loc[SPEC_OIF].path);
	free((char *)spec->table_loc.path);
	match_free(spec->matches);
}

static int once(struct spec *spec, const struct location *loc, unsigned int what)
{
	if (spec->seen & (1u << what)) {
		error_at(loc, "You can specify \"%s\" only once", seen_names[what]);
		return -1;
	}
	spec->seen |= 1u << what;
	return 0;
}

static int set_l3proto(struct spec *spec, const struct location *loc, int l3proto)
{
	char one[NAME_SIZE], other[NAME_SIZE];

	if (spec->l3proto && spec->l3proto != l3proto) {
		error_at(loc, "conflicting protocols specified: %s vs. %s",
			 family_name(spec->l3proto, one), family_name(l3proto, other));
		return -1;
	}
	spec->l3proto = l3proto;
	return 0;
}

static int set_l4proto(struct spec *spec, const struct location *loc, int l4proto)
{
	char one[NAME_SIZE], other[NAME_SIZE];

	if (spec->l4proto >= 0 && spec->l4proto != l4proto) {
		error_at(loc, "conflicting protocols specified: %s vs. %s",
			 l4proto_name(spec->l4proto, one), l4proto_name(l4proto, other));
		return -1;
	}
	spec->l4proto = l4proto;
	nftnl_flow_filter_set_u8(spec->filter, NFTNL_FLOW_FILTER_L4PROTO, l4proto);
	return 0;
}

static int no_ports(const struct spec *spec, const struct location *loc)
{
	if (spec->ports && spec->l4proto == IPPROTO_GRE) {
		error_at(loc, "gre has no ports");
		return -1;
	}
	return 0;
}

static void keep_table_loc(struct spec *spec, const struct location *loc)
{
	free((char *)spec->table_loc.path);
	spec->table_loc = *loc;
	if (loc->path)
		spec->table_loc.path = xstrdup(loc->path);
}

static int set_name(const struct location *loc, struct spec *spec, uint16_t attr,
		    const char *name)
{
	keep_table_loc(spec, loc);
	if (!*name || strlen(name) > 255) {
		error_at(loc, "a name has 1 to 255 characters");
		return -1;
	}
	nftnl_flow_filter_set_str(spec->filter, attr, name);
	return 0;
}

int spec_table(struct spec *spec, const struct location *loc, const struct location *family_loc,
	       const char *family, const char *name)
{
	int number = family_number(family);

	if (once(spec, loc, SEEN_TABLE) < 0)
		return -1;
	if (number < 0) {
		error_at(family_loc,
			 "syntax error, unexpected %s, expecting ip, ip6, inet, bridge or netdev",
			 family);
		return -1;
	}
	/* only flows of this protocol get into such a table */
	if ((number == NFPROTO_IPV4 || number == NFPROTO_IPV6) &&
	    set_l3proto(spec, loc, number) < 0)
		return -1;
	nftnl_flow_filter_set_u8(spec->filter, NFTNL_FLOW_FILTER_TABLE_FAMILY, number);
	return set_name(loc, spec, NFTNL_FLOW_FILTER_TABLE, name);
}

int spec_flowtable(struct spec *spec, const struct location *loc, const char *name)
{
	if (once(spec, loc, SEEN_FLOWTABLE) < 0)
		return -1;
	return set_name(loc, spec, NFTNL_FLOW_FILTER_FLOWTABLE, name);
}

int spec_nfproto(struct spec *spec, const struct location *loc, const struct location *value_loc,
		 const char *value)
{
	int l3proto;

	if (once(spec, loc, SEEN_NFPROTO) < 0)
		return -1;
	if (!strcmp(value, "ipv4")) {
		l3proto = NFPROTO_IPV4;
	} else if (!strcmp(value, "ipv6")) {
		l3proto = NFPROTO_IPV6;
	} else {
		error_at(value_loc, "syntax error, unexpected %s, expecting ipv4 or ipv6", value);
		return -1;
	}
	if (set_l3proto(spec, loc, l3proto) < 0)
		return -1;
	nftnl_flow_filter_set_u8(spec->filter, NFTNL_FLOW_FILTER_L3PROTO, l3proto);
	return 0;
}

int spec_addr(struct spec *spec, const struct location *loc, const struct location *value_loc,
	      int l3proto, enum spec_addr which, const char *value)
{
	uint16_t attr = which == SPEC_SADDR ? NFTNL_FLOW_FILTER_SADDR : NFTNL_FLOW_FILTER_DADDR;
	struct addr_range range;

	if (once(spec, loc, which == SPEC_SADDR ? SEEN_SADDR : SEEN_DADDR) < 0 ||
	    set_l3proto(spec, loc, l3proto) < 0 ||
	    addr_range_parse(value_loc, l3proto, value, &range) < 0)
		return -1;
	nftnl_flow_filter_set_u8(spec->filter, NFTNL_FLOW_FILTER_L3PROTO, l3proto);
	nftnl_flow_filter_set_data(spec->filter, attr, range.from, range.len);
	if (memcmp(range.from, range.to, range.len))
		nftnl_flow_filter_set_data(spec->filter, attr + 1, range.to, range.len);
	return 0;
}

int spec_l4proto(struct spec *spec, const struct location *loc, const struct location *value_loc,
		 const char *value)
{
	int l4proto = l4proto_number(value);
	uint64_t number;

	if (once(spec, loc, SEEN_L4PROTO) < 0)
		return -1;
	if (l4proto < 0) {
		if (number_parse(value, 255, &number) < 0) {
			error_at(value_loc,
				 "syntax error, unexpected %s, expecting tcp, udp, gre or a number",
				 value);
			return -1;
		}
		l4proto = number;
	}
	if (set_l4proto(spec, loc, l4proto) < 0)
		return -1;
	return no_ports(spec, loc);
}

int spec_port(struct spec *spec, const struct location *loc, const struct location *value_loc,
	      int l4proto, enum spec_port which, const char *value)
{
	uint16_t attr = which == SPEC_SPORT ? NFTNL_FLOW_FILTER_SPORT : NFTNL_FLOW_FILTER_DPORT;
	struct port_range range;

	if (once(spec, loc, which == SPEC_SPORT ? SEEN_SPORT : SEEN_DPORT) < 0 ||
	    (l4proto >= 0 && set_l4proto(spec, loc, l4proto) < 0))
		return -1;
	spec->ports = true;
	if (no_ports(spec, loc) < 0 ||
	    port_range_parse(value_loc, l4proto, value, &range) < 0)
		return -1;
	nftnl_flow_filter_set_u16(spec->filter, attr, range.from);
	if (range.to != range.from)
		nftnl_flow_filter_set_u16(spec->filter, attr + 1, range.to);
	return 0;
}

int spec_device(struct spec *spec, const struct location *loc, const struct location *value_loc,
		enum spec_device which, const char *name)
{
	if (once(spec, loc, which == SPEC_IIF ? SEEN_IIF : SEEN_OIF) < 0)
		return -1;
	spec->device[which] = xstrdup(name);
	spec->device_loc[which] = *value_loc;
	if (value_loc->path)
		spec->device_loc[which].path = xstrdup(value_loc->path);
	return 0;
}

static void set_index(struct spec *spec, enum spec_device which, uint32_t index)
{
	nftnl_flow_filter_set_u32(spec->filter, which == SPEC_IIF ? NFTNL_FLOW_FILTER_IIF :
				  NFTNL_FLOW_FILTER_OIF, index);
}

int spec_device_index(struct spec *spec, const struct location *loc, enum spec_device which,
		      uint32_t index)
{
	if (once(spec, loc, which == SPEC_IIF ? SEEN_IIF : SEEN_OIF) < 0)
		return -1;
	set_index(spec, which, index);
	return 0;
}

int spec_mark(struct spec *spec, const struct location *loc, const struct location *value_loc,
	      const char *value)
{
	uint32_t mark, mask;

	if (once(spec, loc, SEEN_MARK) < 0 || mark_parse(value_loc, value, &mark, &mask) < 0)
		return -1;
	nftnl_flow_filter_set_u32(spec->filter, NFTNL_FLOW_FILTER_CT_MARK, mark);
	if (mask != UINT32_MAX)
		nftnl_flow_filter_set_u32(spec->filter, NFTNL_FLOW_FILTER_CT_MASK, mask);
	return 0;
}

int spec_zone(struct spec *spec, const struct location *loc, const struct location *value_loc,
	      const char *value)
{
	uint64_t zone;

	if (once(spec, loc, SEEN_ZONE) < 0)
		return -1;
	if (number_parse(value, UINT16_MAX, &zone) < 0) {
		error_at(value_loc, "syntax error, unexpected %s, expecting a zone from 0 to 65535",
			 value);
		return -1;
	}
	nftnl_flow_filter_set_u16(spec->filter, NFTNL_FLOW_FILTER_CT_ZONE, zone);
	return 0;
}

int spec_ct_id(struct spec *spec, const struct location *loc, const struct location *value_loc,
	       const char *value)
{
	uint64_t id;

	if (once(spec, loc, SEEN_CT_ID) < 0)
		return -1;
	if (number_parse(value, UINT32_MAX, &id) < 0) {
		error_at(value_loc, "syntax error, unexpected %s, expecting the id of a conntrack entry",
			 value);
		return -1;
	}
	nftnl_flow_filter_set_u32(spec->filter, NFTNL_FLOW_FILTER_CT_ID, id);
	return 0;
}

int spec_state_begin(struct spec *spec, const struct location *loc)
{
	return once(spec, loc, SEEN_STATE);
}

int spec_state(struct spec *spec, const struct location *loc, const char *name)
{
	static const char *const names[NFT_OFFLOAD_STATE_MAX + 1] = {
		[NFT_OFFLOAD_STATE_SOFTWARE]	= "software",
		[NFT_OFFLOAD_STATE_PENDING]	= "pending",
		[NFT_OFFLOAD_STATE_HARDWARE]	= "hardware",
		[NFT_OFFLOAD_STATE_FAILED]	= "failed",
		[NFT_OFFLOAD_STATE_CLOSING]	= "closing",
	};
	uint32_t states = 0;
	unsigned int i;

	for (i = 0; i <= NFT_OFFLOAD_STATE_MAX; i++)
		if (!strcmp(names[i], name))
			break;
	if (i > NFT_OFFLOAD_STATE_MAX) {
		error_at(loc, "syntax error, unexpected %s, expecting software, hardware, pending, failed or closing",
			 name);
		return -1;
	}
	if (nftnl_flow_filter_is_set(spec->filter, NFTNL_FLOW_FILTER_STATES))
		states = nftnl_flow_filter_get_u32(spec->filter, NFTNL_FLOW_FILTER_STATES);
	nftnl_flow_filter_set_u32(spec->filter, NFTNL_FLOW_FILTER_STATES, states | 1u << i);
	return 0;
}

int spec_connection(struct spec *spec, int l4proto, const struct location *src_loc,
		    const char *src, const struct location *dst_loc, const char *dst)
{
	uint8_t saddr[16], daddr[16];
	uint16_t sport = 0, dport = 0;
	int l3proto, other;
	uint32_t len;

	l3proto = endpoint_parse(src_loc, l4proto, src, saddr, &sport);
	if (l3proto < 0)
		return -1;
	other = endpoint_parse(dst_loc, l4proto, dst, daddr, &dport);
	if (other < 0 || set_l3proto(spec, dst_loc, l3proto) < 0 ||
	    set_l3proto(spec, dst_loc, other) < 0 || set_l4proto(spec, dst_loc, l4proto) < 0)
		return -1;
	len = l3proto == NFPROTO_IPV4 ? 4 : 16;
	nftnl_flow_filter_set_u8(spec->filter, NFTNL_FLOW_FILTER_L3PROTO, l3proto);
	nftnl_flow_filter_set_data(spec->filter, NFTNL_FLOW_FILTER_SADDR, saddr, len);
	nftnl_flow_filter_set_data(spec->filter, NFTNL_FLOW_FILTER_DADDR, daddr, len);
	if (l4proto != IPPROTO_GRE) {
		nftnl_flow_filter_set_u16(spec->filter, NFTNL_FLOW_FILTER_SPORT, sport);
		nftnl_flow_filter_set_u16(spec->filter, NFTNL_FLOW_FILTER_DPORT, dport);
	}
	return 0;
}

static int resolve(struct spec *spec, enum spec_device which)
{
	uint64_t number;
	uint32_t index;

	if (!spec->device[which])
		return 0;
	index = host.device_index(spec->device[which]);
	if (!index && number_parse(spec->device[which], INT32_MAX, &number) == 0)
		index = number;
	if (!index) {
		error_at(&spec->device_loc[which], "Interface does not exist");
		return -1;
	}
	set_index(spec, which, index);
	return 0;
}

int spec_resolve(struct spec *spec)
{
	if (resolve(spec, SPEC_IIF) < 0 || resolve(spec, SPEC_OIF) < 0)
		return -1;
	return match_resolve(spec->matches);
}

void spec_state_negate(struct spec *spec)
{
	uint32_t states = nftnl_flow_filter_get_u32(spec->filter, NFTNL_FLOW_FILTER_STATES);

	nftnl_flow_filter_set_u32(spec->filter, NFTNL_FLOW_FILTER_STATES,
				  ~states & ((1u << (NFT_OFFLOAD_STATE_MAX + 1)) - 1));
}

int spec_imply_l3proto(struct spec *spec, const struct location *loc, int l3proto)
{
	if (set_l3proto(spec, loc, l3proto) < 0)
		return -1;
	nftnl_flow_filter_set_u8(spec->filter, NFTNL_FLOW_FILTER_L3PROTO, l3proto);
	return 0;
}

int spec_imply_ports(struct spec *spec, const struct location *loc, int l4proto)
{
	if (l4proto >= 0 && set_l4proto(spec, loc, l4proto) < 0)
		return -1;
	spec->ports = true;
	return no_ports(spec, loc);
}

bool spec_flow(const struct spec *spec, const struct nftnl_flow *flow)
{
	return !spec->matches || match_flow(spec->matches, flow);
}

static bool is_named(const struct spec *spec, const struct nftnl_offload_table *table,
		     uint16_t attr, uint16_t table_attr)
{
	const char *wanted = nftnl_flow_filter_get_str(spec->filter, attr);
	const char *name = nftnl_offload_table_get_str(table, table_attr);

	return !wanted || (name && !strcmp(wanted, name));
}

bool spec_flowtable_matches(const struct spec *spec, const struct nftnl_offload_table *table)
{
	return is_named(spec, table, NFTNL_FLOW_FILTER_TABLE, NFTNL_OFFLOAD_TABLE_TABLE) &&
	       is_named(spec, table, NFTNL_FLOW_FILTER_FLOWTABLE, NFTNL_OFFLOAD_TABLE_NAME) &&
	       (!nftnl_flow_filter_is_set(spec->filter, NFTNL_FLOW_FILTER_TABLE_FAMILY) ||
		nftnl_flow_filter_get_u8(spec->filter, NFTNL_FLOW_FILTER_TABLE_FAMILY) ==
		nftnl_offload_table_get_u8(table, NFTNL_OFFLOAD_TABLE_FAMILY));
}

struct search {
	const struct spec	*spec;
	void			(*got)(const struct nftnl_offload_table *table);
	int			num;
};

static int got_table(const struct nlmsghdr *nlh, void *data)
{
	struct nftnl_offload_table *table;
	struct search *search = data;
	int ret;

	if (nftnl_offload_msg_type(nlh) != NFT_OFFLOAD_CMD_TABLE_GET)
		return 0;
	table = nftnl_offload_table_alloc();
	if (!table)
		xalloc(SIZE_MAX);
	ret = nftnl_offload_table_nlmsg_parse(nlh, table);
	if (ret == 0 && spec_flowtable_matches(search->spec, table)) {
		search->num++;
		if (search->got)
			search->got(table);
	}
	nftnl_offload_table_free(table);
	return ret;
}

int spec_tables(const struct spec *spec, void (*got)(const struct nftnl_offload_table *table),
		struct nl_error *failure)
{
	struct search search = { .spec = spec, .got = got };
	int ret = nl_request(NFT_OFFLOAD_CMD_TABLE_GET, NLM_F_DUMP, NULL, got_table, &search,
			     failure);

	return ret < 0 ? ret : search.num;
}

void spec_no_table(const struct spec *spec)
{
	error_at(&spec->table_loc, "%s",
		 nftnl_flow_filter_is_set(spec->filter, NFTNL_FLOW_FILTER_FLOWTABLE) ?
		 "No such flowtable" : "No such table, or none with a flowtable");
}

int spec_table_exists(const struct spec *spec)
{
	struct nl_error failure;
	int num;

	if (!nftnl_flow_filter_is_set(spec->filter, NFTNL_FLOW_FILTER_TABLE) &&
	    !nftnl_flow_filter_is_set(spec->filter, NFTNL_FLOW_FILTER_FLOWTABLE))
		return 0;
	num = spec_tables(spec, NULL, &failure);
	if (num < 0)
		error("%s", nl_error_str(&failure));
	if (num)
		return num < 0 ? -1 : 0;
	spec_no_table(spec);
	return -1;
}
