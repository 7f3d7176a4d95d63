// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A flow as text.
 */
#include <linux/if_ether.h>
#include "internal.h"

static bool has(const struct nftnl_flow *f, uint16_t attr)
{
	return nftnl_flow_is_set(f, attr);
}

static uint16_t step(int dir)
{
	return dir ? NFTNL_FLOW_DIR_STEP : 0;
}

static void text_end_point(struct nftnl_text *t, const struct nftnl_flow *f,
			   uint16_t addr, uint16_t port)
{
	const void *data;
	uint32_t len;

	data = nftnl_flow_get_data(f, addr, &len);
	nftnl_text_addr(t, data, len, has(f, port));
	if (has(f, port))
		nftnl_text(t, ":%u", nftnl_flow_get_u16(f, port));
}

static void text_encap(struct nftnl_text *t, const struct nftnl_flow *f,
		       uint16_t attr)
{
	const struct nftnl_flow_encap *encap;
	uint32_t i, len;

	encap = nftnl_flow_get_data(f, attr, &len);
	for (i = 0; i < len / sizeof(*encap); i++) {
		switch (encap[i].proto) {
		case ETH_P_8021Q:
			nftnl_text_word(t, "vlan");
			break;
		case ETH_P_8021AD:
			nftnl_text_word(t, "qinq");
			break;
		case ETH_P_PPP_SES:
			nftnl_text_word(t, "pppoe");
			break;
		default:
			nftnl_text_word(t, "encap 0x%04x", encap[i].proto);
		}
		nftnl_text_word(t, "%u", encap[i].id);
	}
}

static void text_count(struct nftnl_text *t, const struct nftnl_flow *f,
		       const char *name, uint16_t packets, uint16_t bytes)
{
	if (!has(f, packets) && !has(f, bytes))
		return;
	nftnl_text_word(t, "%s %llu packets %llu bytes", name,
		   (unsigned long long)nftnl_flow_get_u64(f, packets),
		   (unsigned long long)nftnl_flow_get_u64(f, bytes));
}

static void text_trouble(struct nftnl_text *t, const struct nftnl_flow *f, int dir)
{
	uint16_t err = NFTNL_FLOW_ORIG_ERRNO + step(dir);
	uint16_t reason = NFTNL_FLOW_ORIG_REASON + step(dir);
	uint16_t message = NFTNL_FLOW_ORIG_MESSAGE + step(dir);

	if (has(f, reason)) {
		nftnl_text_word(t, "refused ");
		nftnl_text_str(t, nftnl_flow_get_str(f, reason));
	}
	if (has(f, err))
		nftnl_text_word(t, "errno %u", nftnl_flow_get_u32(f, err));
	if (has(f, message)) {
		nftnl_text_word(t, "\"");
		nftnl_text_str(t, nftnl_flow_get_str(f, message));
		nftnl_text(t, "\"");
	}
}

static void text_path(struct nftnl_text *t, const struct nftnl_flow *f, int dir)
{
	uint16_t s = step(dir);

	if (has(f, NFTNL_FLOW_ORIG_SADDR + s) || has(f, NFTNL_FLOW_ORIG_DADDR + s)) {
		nftnl_text_sep(t);
		text_end_point(t, f, NFTNL_FLOW_ORIG_SADDR + s,
			       NFTNL_FLOW_ORIG_SPORT + s);
		nftnl_text_word(t, "-> ");
		text_end_point(t, f, NFTNL_FLOW_ORIG_DADDR + s,
			       NFTNL_FLOW_ORIG_DPORT + s);
	}
	if (has(f, NFTNL_FLOW_ORIG_IIF + s))
		nftnl_text_word(t, "iif %u",
			   nftnl_flow_get_u32(f, NFTNL_FLOW_ORIG_IIF + s));
	if (has(f, NFTNL_FLOW_ORIG_OIF + s))
		nftnl_text_word(t, "oif %u",
			   nftnl_flow_get_u32(f, NFTNL_FLOW_ORIG_OIF + s));
	text_encap(t, f, NFTNL_FLOW_ORIG_ENCAP + s);
	if (has(f, NFTNL_FLOW_ORIG_MTU + s))
		nftnl_text_word(t, "mtu %u",
			   nftnl_flow_get_u32(f, NFTNL_FLOW_ORIG_MTU + s));
}

static void text_carried(struct nftnl_text *t, const struct nftnl_flow *f, int dir)
{
	uint16_t not_carried = NFTNL_FLOW_ORIG_NOT_CARRIED + step(dir);
	uint16_t priority = NFTNL_FLOW_ORIG_PRIORITY + step(dir);
	uint16_t dscp = NFTNL_FLOW_ORIG_DSCP + step(dir);
	unsigned int i;

	if (has(f, priority))
		nftnl_text_word(t, "priority 0x%x", nftnl_flow_get_u32(f, priority));
	if (has(f, dscp))
		nftnl_text_word(t, "dscp 0x%02x", nftnl_flow_get_u8(f, dscp));
	for (i = 0; i < 8; i++)
		if (nftnl_flow_get_u8(f, not_carried) & 1U << i)
			nftnl_text_word(t, "hardware-without-%s",
					nftnl_offload_carry_str(i));
}

static void text_counts(struct nftnl_text *t, const struct nftnl_flow *f, int dir)
{
	uint16_t s = step(dir);

	/* a state of hardware says so already */
	if (nftnl_flow_get_u8(f, NFTNL_FLOW_ORIG_IN_HARDWARE + s) &&
	    nftnl_flow_get_u8(f, NFTNL_FLOW_STATE) != NFT_OFFLOAD_STATE_HARDWARE)
		nftnl_text_word(t, "in-hardware");
	text_carried(t, f, dir);
	text_count(t, f, "sw", NFTNL_FLOW_ORIG_SW_PACKETS + s,
		   NFTNL_FLOW_ORIG_SW_BYTES + s);
	text_count(t, f, "hw", NFTNL_FLOW_ORIG_HW_PACKETS + s,
		   NFTNL_FLOW_ORIG_HW_BYTES + s);
	text_trouble(t, f, dir);
}

/* "inet t f: ", and what has happened before it */
static void text_head(struct nftnl_text *t, const struct nftnl_flow *f)
{
	if (has(f, NFTNL_FLOW_EVENT)) {
		nftnl_text(t, "%s", nftnl_offload_event_str(f->event));
		if (has(f, NFTNL_FLOW_CAUSE))
			nftnl_text_word(t, "(%s)", nftnl_offload_cause_str(f->cause));
		if (has(f, NFTNL_FLOW_SEQ))
			nftnl_text_word(t, "seq %u", f->seq);
		nftnl_text(t, ":");
	}
	if (!has(f, NFTNL_FLOW_TABLE_FAMILY) && !has(f, NFTNL_FLOW_TABLE) &&
	    !has(f, NFTNL_FLOW_FLOWTABLE))
		return;
	if (has(f, NFTNL_FLOW_TABLE_FAMILY)) {
		nftnl_text_sep(t);
		nftnl_text_family(t, f->family);
	}
	if (has(f, NFTNL_FLOW_TABLE)) {
		nftnl_text_sep(t);
		nftnl_text_str(t, f->table);
	}
	if (has(f, NFTNL_FLOW_FLOWTABLE)) {
		nftnl_text_sep(t);
		nftnl_text_str(t, f->flowtable);
	}
	nftnl_text(t, ":");
}

static void text_time(struct nftnl_text *t, const char *name, uint64_t ms)
{
	nftnl_text_sep(t);
	if (ms < 1000)
		nftnl_text(t, "%s %llums", name, (unsigned long long)ms);
	else
		nftnl_text(t, "%s %llus", name, (unsigned long long)ms / 1000);
}

static void text_flags(struct nftnl_text *t, uint32_t flags)
{
	if (flags & NFT_OFFLOAD_FLAG_SNAT)
		nftnl_text_word(t, "snat");
	if (flags & NFT_OFFLOAD_FLAG_DNAT)
		nftnl_text_word(t, "dnat");
	if (flags & NFT_OFFLOAD_FLAG_NO_HARDWARE)
		nftnl_text_word(t, "no-hardware");
}

static void text_tail(struct nftnl_text *t, const struct nftnl_flow *f)
{
	if (has(f, NFTNL_FLOW_TIMEOUT))
		text_time(t, "timeout", f->timeout);
	if (has(f, NFTNL_FLOW_AGE))
		text_time(t, "age", f->age);
	if (has(f, NFTNL_FLOW_CT_MARK) && f->ct_mark)
		nftnl_text_word(t, "mark 0x%x", f->ct_mark);
	if (has(f, NFTNL_FLOW_CT_ZONE) && f->ct_zone)
		nftnl_text_word(t, "zone %u", f->ct_zone);
	if (has(f, NFTNL_FLOW_CT_ID))
		nftnl_text_word(t, "ct-id %u", f->ct_id);
	if (has(f, NFTNL_FLOW_ID))
		nftnl_text_word(t, "id %llu", (unsigned long long)f->id);
	if (has(f, NFTNL_FLOW_COUNT)) {
		nftnl_text_sep(t);
		nftnl_text(t, "count %llu", (unsigned long long)f->count);
	}
}

void nftnl_text_flow(struct nftnl_text *t, const struct nftnl_flow *f)
{
	text_head(t, f);
	if (has(f, NFTNL_FLOW_L4PROTO)) {
		nftnl_text_sep(t);
		nftnl_text_proto(t, f->l4proto);
	}
	text_path(t, f, 0);
	if (has(f, NFTNL_FLOW_STATE)) {
		nftnl_text_sep(t);
		nftnl_text(t, "[%s]", nftnl_offload_state_str(f->state));
	}
	if (has(f, NFTNL_FLOW_PIN))
		nftnl_text_word(t, "pinned %s", nftnl_offload_pin_str(f->pin));
	text_counts(t, f, 0);
	if (f->dir[1].set) {
		nftnl_text(t, ", reply");
		text_path(t, f, 1);
		text_counts(t, f, 1);
	}
	if (has(f, NFTNL_FLOW_FLAGS))
		text_flags(t, f->flags);
	text_tail(t, f);
}

int nftnl_flow_snprintf(char *buf, size_t size, const struct nftnl_flow *f,
			uint32_t type, uint32_t flags)
{
	struct nftnl_text t;

	if (nftnl_text_begin(&t, buf, size, type, flags))
		return -1;
	nftnl_text_flow(&t, f);
	return nftnl_text_end(&t);
}

int nftnl_flow_fprintf(FILE *fp, const struct nftnl_flow *f, uint32_t type,
		       uint32_t flags)
{
	char buf[4096];
	int len;

	len = nftnl_flow_snprintf(buf, sizeof(buf), f, type, flags);
	if (len < 0)
		return -1;
	return fprintf(fp, "%s", buf);
}
