// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What becomes of a connection, as text.
 */
#include "internal.h"

static bool has(const struct nftnl_offload_explain *e, uint16_t attr)
{
	return nftnl_offload_explain_is_set(e, attr);
}

static void text_layer(struct nftnl_text *t, const struct nftnl_offload_explain *e,
		       const char *what, uint16_t attr)
{
	if (has(e, attr))
		nftnl_text_word(t, "%s %s", what,
				nftnl_offload_layer_str(nftnl_offload_explain_get_u8(e, attr)));
}

static void text_str(struct nftnl_text *t, const struct nftnl_offload_explain *e,
		     uint16_t attr)
{
	if (!has(e, attr))
		return;
	nftnl_text_sep(t);
	nftnl_text_str(t, nftnl_offload_explain_get_str(e, attr));
}

static void text_flowtable(struct nftnl_text *t, const struct nftnl_offload_explain *e)
{
	if (!has(e, NFTNL_OFFLOAD_EXPLAIN_TABLE_FAMILY) &&
	    !has(e, NFTNL_OFFLOAD_EXPLAIN_TABLE) &&
	    !has(e, NFTNL_OFFLOAD_EXPLAIN_FLOWTABLE))
		return;
	nftnl_text_word(t, "flowtable");
	if (has(e, NFTNL_OFFLOAD_EXPLAIN_TABLE_FAMILY)) {
		nftnl_text_sep(t);
		nftnl_text_family(t, nftnl_offload_explain_get_u8(e,
						NFTNL_OFFLOAD_EXPLAIN_TABLE_FAMILY));
	}
	text_str(t, e, NFTNL_OFFLOAD_EXPLAIN_TABLE);
	text_str(t, e, NFTNL_OFFLOAD_EXPLAIN_FLOWTABLE);
}

static void text_devices(struct nftnl_text *t, const struct nftnl_offload_explain *e)
{
	const struct nftnl_offload_device *dev;
	unsigned int i;

	for (i = 0; (dev = nftnl_offload_explain_device(e, i)); i++) {
		if (i)
			nftnl_text(t, ", ");
		else
			nftnl_text_word(t, "devices { ");
		if (dev->side != NFTNL_OFFLOAD_SIDE_NONE)
			nftnl_text(t, "%s ", nftnl_offload_side_str(dev->side));
		nftnl_text_device(t, dev);
		if (dev->reason) {
			nftnl_text_word(t, "reason ");
			nftnl_text_str(t, dev->reason);
		}
	}
	if (i)
		nftnl_text(t, " }");
}

int nftnl_offload_explain_snprintf(char *buf, size_t size,
				   const struct nftnl_offload_explain *e,
				   uint32_t type, uint32_t flags)
{
	const struct nftnl_flow *flow = nftnl_offload_explain_get_flow(e);
	struct nftnl_text t;

	if (nftnl_text_begin(&t, buf, size, type, flags))
		return -1;
	text_layer(&t, e, "layer", NFTNL_OFFLOAD_EXPLAIN_LAYER);
	text_layer(&t, e, "expect", NFTNL_OFFLOAD_EXPLAIN_EXPECT);
	if (has(e, NFTNL_OFFLOAD_EXPLAIN_REASON)) {
		nftnl_text_word(&t, "reason");
		text_str(&t, e, NFTNL_OFFLOAD_EXPLAIN_REASON);
	}
	if (has(e, NFTNL_OFFLOAD_EXPLAIN_CT_ID))
		nftnl_text_word(&t, "ct-id %u",
				nftnl_offload_explain_get_u32(e, NFTNL_OFFLOAD_EXPLAIN_CT_ID));
	text_flowtable(&t, e);
	text_devices(&t, e);
	if (flow) {
		nftnl_text_word(&t, "flow");
		nftnl_text_flow(&t, flow);
	}
	return nftnl_text_end(&t);
}
