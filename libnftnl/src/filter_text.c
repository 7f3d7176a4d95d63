// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A filter as text.
 */
#include "internal.h"
#include "filter.h"

static bool has(const struct nftnl_flow_filter *f, uint16_t attr)
{
	return nftnl_flow_filter_is_set(f, attr);
}

static void text_name(struct nftnl_text *t, const struct nftnl_flow_filter *f,
		      const char *what, uint16_t attr)
{
	if (!has(f, attr))
		return;
	nftnl_text_word(t, "%s ", what);
	nftnl_text_str(t, nftnl_flow_filter_get_str(f, attr));
}

static void text_addr(struct nftnl_text *t, const struct nftnl_flow_filter *f,
		      const char *what, uint16_t attr)
{
	const void *from, *to;
	uint32_t len;

	if (!has(f, attr) && !has(f, attr + 1))
		return;
	nftnl_text_word(t, "%s ", what);
	from = nftnl_flow_filter_get_data(f, attr, &len);
	if (from)
		nftnl_text_addr(t, from, len, false);
	to = nftnl_flow_filter_get_data(f, attr + 1, &len);
	if (to) {
		nftnl_text(t, "-");
		nftnl_text_addr(t, to, len, false);
	}
}

static void text_port(struct nftnl_text *t, const struct nftnl_flow_filter *f,
		      const char *what, uint16_t attr)
{
	if (!has(f, attr) && !has(f, attr + 1))
		return;
	nftnl_text_word(t, "%s ", what);
	if (has(f, attr))
		nftnl_text(t, "%u", nftnl_flow_filter_get_u16(f, attr));
	if (has(f, attr + 1))
		nftnl_text(t, "-%u", nftnl_flow_filter_get_u16(f, attr + 1));
}

static void text_states(struct nftnl_text *t, uint32_t states)
{
	const char *sep = "";
	int i;

	nftnl_text_word(t, "states ");
	if (!states)
		nftnl_text(t, "none");
	for (i = 0; i < 32; i++) {
		if (!(states & UINT32_C(1) << i))
			continue;
		if (i <= NFT_OFFLOAD_STATE_MAX)
			nftnl_text(t, "%s%s", sep, nftnl_offload_state_str(i));
		else
			nftnl_text(t, "%s%d", sep, i);
		sep = ",";
	}
}

static void text_filter(struct nftnl_text *t, const struct nftnl_flow_filter *f)
{
	if (has(f, NFTNL_FLOW_FILTER_TABLE_FAMILY)) {
		nftnl_text_word(t, "family ");
		nftnl_text_family(t, f->family);
	}
	text_name(t, f, "table", NFTNL_FLOW_FILTER_TABLE);
	text_name(t, f, "flowtable", NFTNL_FLOW_FILTER_FLOWTABLE);
	if (has(f, NFTNL_FLOW_FILTER_L3PROTO)) {
		nftnl_text_word(t, "l3proto ");
		nftnl_text_family(t, f->l3proto);
	}
	if (has(f, NFTNL_FLOW_FILTER_L4PROTO)) {
		nftnl_text_word(t, "l4proto ");
		nftnl_text_proto(t, f->l4proto);
	}
	text_addr(t, f, "saddr", NFTNL_FLOW_FILTER_SADDR);
	text_addr(t, f, "daddr", NFTNL_FLOW_FILTER_DADDR);
	text_port(t, f, "sport", NFTNL_FLOW_FILTER_SPORT);
	text_port(t, f, "dport", NFTNL_FLOW_FILTER_DPORT);
	if (has(f, NFTNL_FLOW_FILTER_IIF))
		nftnl_text_word(t, "iif %u", f->iif);
	if (has(f, NFTNL_FLOW_FILTER_OIF))
		nftnl_text_word(t, "oif %u", f->oif);
	if (has(f, NFTNL_FLOW_FILTER_CT_MARK))
		nftnl_text_word(t, "mark 0x%x", f->mark);
	if (has(f, NFTNL_FLOW_FILTER_CT_MASK))
		nftnl_text_word(t, "mask 0x%x", f->mask);
	if (has(f, NFTNL_FLOW_FILTER_CT_ZONE))
		nftnl_text_word(t, "zone %u", f->zone);
	if (has(f, NFTNL_FLOW_FILTER_CT_ID))
		nftnl_text_word(t, "ct-id %u", f->ct_id);
	if (has(f, NFTNL_FLOW_FILTER_STATES))
		text_states(t, f->states);
}

int nftnl_flow_filter_snprintf(char *buf, size_t size,
			       const struct nftnl_flow_filter *f, uint32_t type,
			       uint32_t flags)
{
	struct nftnl_text t;

	if (nftnl_text_begin(&t, buf, size, type, flags))
		return -1;
	if (f->set)
		text_filter(&t, f);
	else
		nftnl_text(&t, "all flows");
	return nftnl_text_end(&t);
}
