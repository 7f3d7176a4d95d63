// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A flow: its own attributes, and those of its two directions.
 */
#include "internal.h"

#define F(_nla, _type, _field)	NFTNL_ATTR(NFT_OFFLOAD_FLOW_##_nla, _type, nftnl_flow, _field)

static const struct nftnl_attr flow_attr[] = {
	[NFTNL_FLOW_ID]			= F(ID, U64, id),
	[NFTNL_FLOW_TABLE_FAMILY]	= F(TABLE_FAMILY, U8, family),
	[NFTNL_FLOW_TABLE]		= F(TABLE, STR, table),
	[NFTNL_FLOW_FLOWTABLE]		= F(FLOWTABLE, STR, flowtable),
	[NFTNL_FLOW_L3PROTO]		= F(L3PROTO, U8, l3proto),
	[NFTNL_FLOW_L4PROTO]		= F(L4PROTO, U8, l4proto),
	[NFTNL_FLOW_STATE]		= F(STATE, U8, state),
	[NFTNL_FLOW_FLAGS]		= F(FLAGS, U32, flags),
	[NFTNL_FLOW_TIMEOUT]		= F(TIMEOUT, U32, timeout),
	[NFTNL_FLOW_AGE]		= F(AGE, U64, age),
	[NFTNL_FLOW_CT_ID]		= NFTNL_ATTR_BE(NFT_OFFLOAD_FLOW_CT_ID, U32,
							nftnl_flow, ct_id),
	[NFTNL_FLOW_CT_MARK]		= F(CT_MARK, U32, ct_mark),
	[NFTNL_FLOW_CT_ZONE]		= F(CT_ZONE, U16, ct_zone),
	[NFTNL_FLOW_EVENT]		= F(EVENT, U8, event),
	[NFTNL_FLOW_CAUSE]		= F(CAUSE, U8, cause),
	[NFTNL_FLOW_SEQ]		= F(SEQ, U32, seq),
	[NFTNL_FLOW_COUNT]		= F(COUNT, U64, count),
	[NFTNL_FLOW_PIN]		= F(PIN, U8, pin),
};

static const uint8_t flow_by_nla[] = {
	[NFT_OFFLOAD_FLOW_ID]		= NFTNL_FLOW_ID + 1,
	[NFT_OFFLOAD_FLOW_TABLE_FAMILY]	= NFTNL_FLOW_TABLE_FAMILY + 1,
	[NFT_OFFLOAD_FLOW_TABLE]	= NFTNL_FLOW_TABLE + 1,
	[NFT_OFFLOAD_FLOW_FLOWTABLE]	= NFTNL_FLOW_FLOWTABLE + 1,
	[NFT_OFFLOAD_FLOW_L3PROTO]	= NFTNL_FLOW_L3PROTO + 1,
	[NFT_OFFLOAD_FLOW_L4PROTO]	= NFTNL_FLOW_L4PROTO + 1,
	[NFT_OFFLOAD_FLOW_STATE]	= NFTNL_FLOW_STATE + 1,
	[NFT_OFFLOAD_FLOW_FLAGS]	= NFTNL_FLOW_FLAGS + 1,
	[NFT_OFFLOAD_FLOW_TIMEOUT]	= NFTNL_FLOW_TIMEOUT + 1,
	[NFT_OFFLOAD_FLOW_AGE]		= NFTNL_FLOW_AGE + 1,
	[NFT_OFFLOAD_FLOW_CT_ID]	= NFTNL_FLOW_CT_ID + 1,
	[NFT_OFFLOAD_FLOW_CT_MARK]	= NFTNL_FLOW_CT_MARK + 1,
	[NFT_OFFLOAD_FLOW_CT_ZONE]	= NFTNL_FLOW_CT_ZONE + 1,
	[NFT_OFFLOAD_FLOW_EVENT]	= NFTNL_FLOW_EVENT + 1,
	[NFT_OFFLOAD_FLOW_CAUSE]	= NFTNL_FLOW_CAUSE + 1,
	[NFT_OFFLOAD_FLOW_SEQ]		= NFTNL_FLOW_SEQ + 1,
	[NFT_OFFLOAD_FLOW_COUNT]	= NFTNL_FLOW_COUNT + 1,
	[NFT_OFFLOAD_FLOW_PIN]		= NFTNL_FLOW_PIN + 1,
};

static const struct nftnl_desc flow_desc = {
	.attr		= flow_attr,
	.num		= ARRAY_SIZE(flow_attr),
	.by_nla		= flow_by_nla,
	.num_nla	= ARRAY_SIZE(flow_by_nla),
};

/* Both directions have the same attributes, here numbered from 0. */
#define DIR(_name)		(NFTNL_FLOW_ORIG_##_name - NFTNL_FLOW_ORIG_SADDR)
#define D(_nla, _type, _field)	NFTNL_ATTR(NFT_OFFLOAD_DIR_##_nla, _type, nftnl_flow_dir, _field)

static const struct nftnl_attr dir_attr[] = {
	[DIR(SADDR)]		= D(SADDR, ADDR, saddr),
	[DIR(DADDR)]		= D(DADDR, ADDR, daddr),
	[DIR(SPORT)]		= NFTNL_ATTR_BE(NFT_OFFLOAD_DIR_SPORT, U16,
						nftnl_flow_dir, sport),
	[DIR(DPORT)]		= NFTNL_ATTR_BE(NFT_OFFLOAD_DIR_DPORT, U16,
						nftnl_flow_dir, dport),
	[DIR(IIF)]		= D(IIF, U32, iif),
	[DIR(OIF)]		= D(OIF, U32, oif),
	[DIR(ENCAP)]		= D(ENCAP, ENCAP, encap),
	[DIR(MTU)]		= D(MTU, U32, mtu),
	[DIR(SW_PACKETS)]	= D(SW_PACKETS, U64, sw_packets),
	[DIR(SW_BYTES)]		= D(SW_BYTES, U64, sw_bytes),
	[DIR(HW_PACKETS)]	= D(HW_PACKETS, U64, hw_packets),
	[DIR(HW_BYTES)]		= D(HW_BYTES, U64, hw_bytes),
	[DIR(IN_HARDWARE)]	= D(IN_HARDWARE, U8, in_hardware),
	[DIR(ERRNO)]		= D(ERRNO, U32, err),
	[DIR(REASON)]		= D(REASON, STR, reason),
	[DIR(MESSAGE)]		= D(MESSAGE, STR, message),
	[DIR(HW_AGE)]		= D(HW_AGE, U64, hw_age),
	[DIR(PRIORITY)]		= D(PRIORITY, U32, priority),
	[DIR(DSCP)]		= D(DSCP, U8, dscp),
	[DIR(NOT_CARRIED)]	= D(NOT_CARRIED, U8, not_carried),
};

static const uint8_t dir_by_nla[] = {
	[NFT_OFFLOAD_DIR_SADDR]		= DIR(SADDR) + 1,
	[NFT_OFFLOAD_DIR_DADDR]		= DIR(DADDR) + 1,
	[NFT_OFFLOAD_DIR_SPORT]		= DIR(SPORT) + 1,
	[NFT_OFFLOAD_DIR_DPORT]		= DIR(DPORT) + 1,
	[NFT_OFFLOAD_DIR_IIF]		= DIR(IIF) + 1,
	[NFT_OFFLOAD_DIR_OIF]		= DIR(OIF) + 1,
	[NFT_OFFLOAD_DIR_ENCAP]		= DIR(ENCAP) + 1,
	[NFT_OFFLOAD_DIR_MTU]		= DIR(MTU) + 1,
	[NFT_OFFLOAD_DIR_SW_PACKETS]	= DIR(SW_PACKETS) + 1,
	[NFT_OFFLOAD_DIR_SW_BYTES]	= DIR(SW_BYTES) + 1,
	[NFT_OFFLOAD_DIR_HW_PACKETS]	= DIR(HW_PACKETS) + 1,
	[NFT_OFFLOAD_DIR_HW_BYTES]	= DIR(HW_BYTES) + 1,
	[NFT_OFFLOAD_DIR_IN_HARDWARE]	= DIR(IN_HARDWARE) + 1,
	[NFT_OFFLOAD_DIR_ERRNO]		= DIR(ERRNO) + 1,
	[NFT_OFFLOAD_DIR_REASON]	= DIR(REASON) + 1,
	[NFT_OFFLOAD_DIR_MESSAGE]	= DIR(MESSAGE) + 1,
	[NFT_OFFLOAD_DIR_HW_AGE]	= DIR(HW_AGE) + 1,
	[NFT_OFFLOAD_DIR_PRIORITY]	= DIR(PRIORITY) + 1,
	[NFT_OFFLOAD_DIR_DSCP]		= DIR(DSCP) + 1,
	[NFT_OFFLOAD_DIR_NOT_CARRIED]	= DIR(NOT_CARRIED) + 1,
};

static const struct nftnl_desc dir_desc = {
	.attr		= dir_attr,
	.num		= ARRAY_SIZE(dir_attr),
	.by_nla		= dir_by_nla,
	.num_nla	= ARRAY_SIZE(dir_by_nla),
};

/* Where an attribute is: in the flow or in one of its directions */
struct place {
	const struct nftnl_desc	*desc;
	void			*obj;
	uint16_t		attr;
};

static struct place place_of(const struct nftnl_flow *f, uint16_t attr)
{
	struct nftnl_flow *flow = (struct nftnl_flow *)f;
	struct place p = { .desc = &dir_desc };

	if (attr < NFTNL_FLOW_ORIG_SADDR) {
		p.desc = &flow_desc;
		p.obj = flow;
		p.attr = attr;
	} else if (attr < NFTNL_FLOW_REPL_SADDR) {
		p.obj = &flow->dir[0];
		p.attr = attr - NFTNL_FLOW_ORIG_SADDR;
	} else {
		p.obj = &flow->dir[1];
		p.attr = attr - NFTNL_FLOW_REPL_SADDR;
	}
	return p;
}

struct nftnl_flow *nftnl_flow_alloc(void)
{
	struct nftnl_flow *f = calloc(1, sizeof(*f));

	if (f)
		nftnl_list_init(&f->list);
	return f;
}

void nftnl_flow_free(const struct nftnl_flow *f)
{
	if (!f)
		return;
	nftnl_flow_list_del((struct nftnl_flow *)f);
	free((void *)f);
}

/* What is not set need not be cleared. */
void nftnl_flow_reset(struct nftnl_flow *f)
{
	f->set = 0;
	f->dir[0].set = 0;
	f->dir[1].set = 0;
}

/* All but the list that it may be in */
void nftnl_flow_copy(struct nftnl_flow *to, const struct nftnl_flow *from)
{
	struct nftnl_list list = to->list;

	if (to == from)
		return;
	*to = *from;
	to->list = list;
}

struct nftnl_flow *nftnl_flow_clone(const struct nftnl_flow *f)
{
	struct nftnl_flow *clone = nftnl_flow_alloc();

	if (clone)
		nftnl_flow_copy(clone, f);
	return clone;
}

bool nftnl_flow_is_set(const struct nftnl_flow *f, uint16_t attr)
{
	struct place p = place_of(f, attr);

	return nftnl_attr_is_set(p.desc, p.obj, p.attr);
}

void nftnl_flow_unset(struct nftnl_flow *f, uint16_t attr)
{
	struct place p = place_of(f, attr);

	nftnl_attr_unset(p.desc, p.obj, p.attr);
}

static int flow_set(struct nftnl_flow *f, uint16_t attr, enum nftnl_type type,
		    const void *val)
{
	struct place p = place_of(f, attr);

	return nftnl_attr_set(p.desc, p.obj, p.attr, type, val);
}

int nftnl_flow_set_data(struct nftnl_flow *f, uint16_t attr, const void *data,
			uint32_t data_len)
{
	struct place p = place_of(f, attr);

	return nftnl_attr_set_data(p.desc, p.obj, p.attr, data, data_len);
}

int nftnl_flow_set_u8(struct nftnl_flow *f, uint16_t attr, uint8_t val)
{
	return flow_set(f, attr, NFTNL_TYPE_U8, &val);
}

int nftnl_flow_set_u16(struct nftnl_flow *f, uint16_t attr, uint16_t val)
{
	return flow_set(f, attr, NFTNL_TYPE_U16, &val);
}

int nftnl_flow_set_u32(struct nftnl_flow *f, uint16_t attr, uint32_t val)
{
	return flow_set(f, attr, NFTNL_TYPE_U32, &val);
}

int nftnl_flow_set_u64(struct nftnl_flow *f, uint16_t attr, uint64_t val)
{
	return flow_set(f, attr, NFTNL_TYPE_U64, &val);
}

int nftnl_flow_set_str(struct nftnl_flow *f, uint16_t attr, const char *str)
{
	struct place p = place_of(f, attr);

	return nftnl_attr_set_str(p.desc, p.obj, p.attr, str);
}

static const void *flow_get(const struct nftnl_flow *f, uint16_t attr,
			    enum nftnl_type type)
{
	struct place p = place_of(f, attr);

	return nftnl_attr_get(p.desc, p.obj, p.attr, type);
}

const void *nftnl_flow_get_data(const struct nftnl_flow *f, uint16_t attr,
				uint32_t *data_len)
{
	struct place p = place_of(f, attr);

	return nftnl_attr_get_data(p.desc, p.obj, p.attr, data_len);
}

uint8_t nftnl_flow_get_u8(const struct nftnl_flow *f, uint16_t attr)
{
	const uint8_t *val = flow_get(f, attr, NFTNL_TYPE_U8);

	return val ? *val : 0;
}

uint16_t nftnl_flow_get_u16(const struct nftnl_flow *f, uint16_t attr)
{
	const uint16_t *val = flow_get(f, attr, NFTNL_TYPE_U16);

	return val ? *val : 0;
}

uint32_t nftnl_flow_get_u32(const struct nftnl_flow *f, uint16_t attr)
{
	const uint32_t *val = flow_get(f, attr, NFTNL_TYPE_U32);

	return val ? *val : 0;
}

uint64_t nftnl_flow_get_u64(const struct nftnl_flow *f, uint16_t attr)
{
	const uint64_t *val = flow_get(f, attr, NFTNL_TYPE_U64);

	return val ? *val : 0;
}

const char *nftnl_flow_get_str(const struct nftnl_flow *f, uint16_t attr)
{
	return flow_get(f, attr, NFTNL_TYPE_STR);
}

static bool has_both(const struct nftnl_flow *f, uint16_t sw, uint16_t hw)
{
	return nftnl_flow_is_set(f, sw) && nftnl_flow_is_set(f, hw);
}

int nftnl_flow_get_total(const struct nftnl_flow *f, uint16_t dir, uint64_t *packets,
			 uint64_t *bytes)
{
	const struct nftnl_flow_dir *d = &f->dir[dir ? 1 : 0];

	if (dir && dir != NFTNL_FLOW_DIR_STEP) {
		errno = EINVAL;
		return -1;
	}
	if ((packets && !has_both(f, NFTNL_FLOW_ORIG_SW_PACKETS + dir,
				  NFTNL_FLOW_ORIG_HW_PACKETS + dir)) ||
	    (bytes && !has_both(f, NFTNL_FLOW_ORIG_SW_BYTES + dir,
				NFTNL_FLOW_ORIG_HW_BYTES + dir))) {
		errno = ENODATA;
		return -1;
	}
	if (packets)
		*packets = d->sw_packets + d->hw_packets;
	if (bytes)
		*bytes = d->sw_bytes + d->hw_bytes;
	return 0;
}

void nftnl_flow_nlmsg_build_payload(struct nlmsghdr *nlh, const struct nftnl_flow *f)
{
	static const uint16_t type[] = {
		NFT_OFFLOAD_FLOW_ORIGINAL, NFT_OFFLOAD_FLOW_REPLY,
	};
	struct nlattr *nest;
	int i;

	nftnl_attr_build(&flow_desc, f, nlh);
	for (i = 0; i < 2; i++) {
		if (!f->dir[i].set)
			continue;
		nest = mnl_attr_nest_start(nlh, type[i]);
		nftnl_attr_build(&dir_desc, &f->dir[i], nlh);
		mnl_attr_nest_end(nlh, nest);
	}
}

static int parse_dir(struct nftnl_flow_dir *dir, const struct nlattr *nest)
{
	return nftnl_attrs_parse(&dir_desc, dir, nftnl_nla_data(nest),
				 nftnl_nla_len(nest));
}

/* @payload: attributes of a flow; @f: has been reset */
static int parse_flow(const void *payload, size_t len, struct nftnl_flow *f)
{
	const struct nlattr *attr;
	int err;

	nftnl_for_each_attr(attr, payload, len) {
		switch (nftnl_nla_type(attr)) {
		case NFT_OFFLOAD_FLOW_ORIGINAL:
			err = parse_dir(&f->dir[0], attr);
			break;
		case NFT_OFFLOAD_FLOW_REPLY:
			err = parse_dir(&f->dir[1], attr);
			break;
		default:
			err = nftnl_attr_parse(&flow_desc, f, attr);
		}
		if (err)
			return -1;
	}
	return nftnl_attrs_end(payload, len, attr);
}

int nftnl_flow_parse(const void *payload, size_t len, struct nftnl_flow *f)
{
	nftnl_flow_reset(f);
	if (!parse_flow(payload, len, f))
		return 0;
	nftnl_flow_reset(f);
	return -1;
}

int nftnl_flow_nlmsg_parse(const struct nlmsghdr *nlh, struct nftnl_flow *f)
{
	const void *payload;
	size_t len;

	nftnl_flow_reset(f);
	payload = nftnl_msg_payload(nlh, &len);
	return payload ? nftnl_flow_parse(payload, len, f) : -1;
}
