// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * An event: what has happened to a flow. In messages its attributes are among those
 * of the flow.
 */
#include "internal.h"

struct nftnl_offload_event {
	uint32_t		set;
	uint32_t		seq;
	uint32_t		lost;
	uint8_t			kind;
	uint8_t			cause;
	struct nftnl_flow	flow;
};

#define E(_nla, _type, _field)						\
	NFTNL_ATTR(NFT_OFFLOAD_FLOW_##_nla, _type, nftnl_offload_event, _field)

static const struct nftnl_attr event_attr[] = {
	[NFTNL_OFFLOAD_EVENT_KIND]	= E(EVENT, U8, kind),
	[NFTNL_OFFLOAD_EVENT_CAUSE]	= E(CAUSE, U8, cause),
	[NFTNL_OFFLOAD_EVENT_SEQ]	= E(SEQ, U32, seq),
	[NFTNL_OFFLOAD_EVENT_LOST]	= NFTNL_ATTR(0, U32, nftnl_offload_event, lost),
};

static const uint8_t event_by_nla[] = {
	[NFT_OFFLOAD_FLOW_EVENT]	= NFTNL_OFFLOAD_EVENT_KIND + 1,
	[NFT_OFFLOAD_FLOW_CAUSE]	= NFTNL_OFFLOAD_EVENT_CAUSE + 1,
	[NFT_OFFLOAD_FLOW_SEQ]		= NFTNL_OFFLOAD_EVENT_SEQ + 1,
};

static const struct nftnl_desc event_desc = {
	.attr		= event_attr,
	.num		= ARRAY_SIZE(event_attr),
	.by_nla		= event_by_nla,
	.num_nla	= ARRAY_SIZE(event_by_nla),
};

struct nftnl_offload_event *nftnl_offload_event_alloc(void)
{
	struct nftnl_offload_event *e = calloc(1, sizeof(*e));

	if (e)
		nftnl_list_init(&e->flow.list);
	return e;
}

void nftnl_offload_event_free(const struct nftnl_offload_event *e)
{
	free((void *)e);
}

bool nftnl_offload_event_is_set(const struct nftnl_offload_event *e, uint16_t attr)
{
	return nftnl_attr_is_set(&event_desc, e, attr);
}

void nftnl_offload_event_unset(struct nftnl_offload_event *e, uint16_t attr)
{
	nftnl_attr_unset(&event_desc, e, attr);
}

int nftnl_offload_event_set_data(struct nftnl_offload_event *e, uint16_t attr,
				 const void *data, uint32_t data_len)
{
	return nftnl_attr_set_data(&event_desc, e, attr, data, data_len);
}

int nftnl_offload_event_set_u8(struct nftnl_offload_event *e, uint16_t attr, uint8_t val)
{
	return nftnl_attr_set(&event_desc, e, attr, NFTNL_TYPE_U8, &val);
}

int nftnl_offload_event_set_u32(struct nftnl_offload_event *e, uint16_t attr,
				uint32_t val)
{
	return nftnl_attr_set(&event_desc, e, attr, NFTNL_TYPE_U32, &val);
}

const void *nftnl_offload_event_get_data(const struct nftnl_offload_event *e,
					 uint16_t attr, uint32_t *data_len)
{
	return nftnl_attr_get_data(&event_desc, e, attr, data_len);
}

uint8_t nftnl_offload_event_get_u8(const struct nftnl_offload_event *e, uint16_t attr)
{
	const uint8_t *val = nftnl_attr_get(&event_desc, e, attr, NFTNL_TYPE_U8);

	return val ? *val : 0;
}

uint32_t nftnl_offload_event_get_u32(const struct nftnl_offload_event *e, uint16_t attr)
{
	const uint32_t *val = nftnl_attr_get(&event_desc, e, attr, NFTNL_TYPE_U32);

	return val ? *val : 0;
}

const struct nftnl_flow *nftnl_offload_event_get_flow(const struct nftnl_offload_event *e)
{
	return &e->flow;
}

/* These are the event's. */
static void strip_flow(struct nftnl_flow *f)
{
	nftnl_flow_unset(f, NFTNL_FLOW_EVENT);
	nftnl_flow_unset(f, NFTNL_FLOW_CAUSE);
	nftnl_flow_unset(f, NFTNL_FLOW_SEQ);
}

void nftnl_offload_event_set_flow(struct nftnl_offload_event *e,
				  const struct nftnl_flow *f)
{
	if (!f) {
		nftnl_flow_reset(&e->flow);
		return;
	}
	nftnl_flow_copy(&e->flow, f);
	strip_flow(&e->flow);
}

void nftnl_offload_event_nlmsg_build_payload(struct nlmsghdr *nlh,
					     const struct nftnl_offload_event *e)
{
	nftnl_attr_build(&event_desc, e, nlh);
	nftnl_flow_nlmsg_build_payload(nlh, &e->flow);
}

static int parse_event(const struct nlmsghdr *nlh, struct nftnl_offload_event *e)
{
	int type = nftnl_offload_msg_type(nlh);
	const void *payload;
	size_t len;

	if (type != NFT_OFFLOAD_CMD_FLOW_NEW_NTF && type != NFT_OFFLOAD_CMD_FLOW_DEL_NTF) {
		errno = EINVAL;
		return -1;
	}
	payload = nftnl_msg_payload(nlh, &len);
	if (!payload || nftnl_attrs_parse(&event_desc, e, payload, len) ||
	    nftnl_flow_parse(payload, len, &e->flow))
		return -1;
	strip_flow(&e->flow);
	return 0;
}

int nftnl_offload_event_nlmsg_parse(const struct nlmsghdr *nlh,
				    struct nftnl_offload_event *e)
{
	e->set = 0;
	if (!parse_event(nlh, e))
		return 0;
	e->set = 0;
	nftnl_flow_reset(&e->flow);
	return -1;
}

uint32_t nftnl_offload_event_track(struct nftnl_offload_event *e,
				   struct nftnl_offload_event_last *last)
{
	uint32_t ahead = e->seq - last->seq;

	nftnl_offload_event_unset(e, NFTNL_OFFLOAD_EVENT_LOST);
	if (!nftnl_offload_event_is_set(e, NFTNL_OFFLOAD_EVENT_SEQ))
		return 0;
	/* numbers wrap around: half of them are after the last one, half before */
	if (last->known && ahead && ahead <= INT32_MAX)
		nftnl_offload_event_set_u32(e, NFTNL_OFFLOAD_EVENT_LOST, ahead - 1);
	last->seq = e->seq;
	last->known = true;
	return nftnl_offload_event_get_u32(e, NFTNL_OFFLOAD_EVENT_LOST);
}

static void text_event(struct nftnl_text *t, const struct nftnl_offload_event *e)
{
	if (nftnl_offload_event_is_set(e, NFTNL_OFFLOAD_EVENT_KIND))
		nftnl_text_word(t, "%s", nftnl_offload_event_str(e->kind));
	nftnl_text_flow(t, &e->flow);
	if (nftnl_offload_event_is_set(e, NFTNL_OFFLOAD_EVENT_CAUSE))
		nftnl_text_word(t, "cause %s", nftnl_offload_cause_str(e->cause));
	if (nftnl_offload_event_is_set(e, NFTNL_OFFLOAD_EVENT_SEQ))
		nftnl_text_word(t, "seq %u", e->seq);
	if (nftnl_offload_event_get_u32(e, NFTNL_OFFLOAD_EVENT_LOST))
		nftnl_text_word(t, "lost %u", e->lost);
}

int nftnl_offload_event_snprintf(char *buf, size_t size,
				 const struct nftnl_offload_event *e, uint32_t type,
				 uint32_t flags)
{
	struct nftnl_text t;

	if (nftnl_text_begin(&t, buf, size, type, flags))
		return -1;
	text_event(&t, e);
	return nftnl_text_end(&t);
}

int nftnl_offload_event_fprintf(FILE *fp, const struct nftnl_offload_event *e,
				uint32_t type, uint32_t flags)
{
	char buf[4096];

	if (nftnl_offload_event_snprintf(buf, sizeof(buf), e, type, flags) < 0)
		return -1;
	return fprintf(fp, "%s", buf);
}
