// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A flowtable as text.
 */
#include "internal.h"
#include "table.h"

static bool has(const struct nftnl_offload_table *t, uint16_t attr)
{
	return nftnl_offload_table_is_set(t, attr);
}

static void text_flags(struct nftnl_text *text, uint32_t flags)
{
	if (flags & NFT_OFFLOAD_TABLE_FLAG_HARDWARE)
		nftnl_text_word(text, "offload");
	if (flags & NFT_OFFLOAD_TABLE_FLAG_COUNTER)
		nftnl_text_word(text, "counter");
}

static void text_u32(struct nftnl_text *text, const struct nftnl_offload_table *t,
		     const char *what, uint16_t attr)
{
	if (has(t, attr))
		nftnl_text_word(text, "%s %u", what,
				nftnl_offload_table_get_u32(t, attr));
}

static void text_u64(struct nftnl_text *text, const struct nftnl_offload_table *t,
		     const char *what, uint16_t attr)
{
	if (has(t, attr))
		nftnl_text_word(text, "%s %llu", what,
				(unsigned long long)nftnl_offload_table_get_u64(t, attr));
}

static void text_devices(struct nftnl_text *text, const struct nftnl_offload_table *t)
{
	const struct nftnl_offload_device *dev;
	unsigned int i;

	for (i = 0; (dev = nftnl_offload_table_device(t, i)); i++) {
		nftnl_text(text, i ? ", " : " devices { ");
		nftnl_text_device(text, dev);
	}
	if (i)
		nftnl_text(text, " }");
}

static void text_reasons(struct nftnl_text *text, const struct nftnl_offload_table *t)
{
	const struct nftnl_offload_reason *reason;
	unsigned int i;

	for (i = 0; (reason = nftnl_offload_table_reason(t, i)); i++) {
		nftnl_text(text, i ? ", " : " reasons { ");
		nftnl_text_str(text, reason->name);
		nftnl_text(text, " %llu", (unsigned long long)reason->count);
	}
	if (i)
		nftnl_text(text, " }");

	for (i = 0; (reason = nftnl_offload_table_errno(t, i)); i++) {
		nftnl_text(text, i ? ", " : " errnos { ");
		if (reason->err)
			nftnl_text(text, "%u", reason->err);
		else
			nftnl_text(text, "other");
		nftnl_text(text, " %llu", (unsigned long long)reason->count);
	}
	if (i)
		nftnl_text(text, " }");
}

static void text_table(struct nftnl_text *text, const struct nftnl_offload_table *t)
{
	if (has(t, NFTNL_OFFLOAD_TABLE_FAMILY))
		nftnl_text_family(text, t->family);
	if (has(t, NFTNL_OFFLOAD_TABLE_TABLE)) {
		nftnl_text_sep(text);
		nftnl_text_str(text, t->table);
	}
	if (has(t, NFTNL_OFFLOAD_TABLE_NAME)) {
		nftnl_text_sep(text);
		nftnl_text_str(text, t->name);
	}
	if (text->len)
		nftnl_text(text, ":");

	if (has(t, NFTNL_OFFLOAD_TABLE_FLAGS))
		text_flags(text, t->flags);
	if (has(t, NFTNL_OFFLOAD_TABLE_ALLOWED))
		nftnl_text_word(text, t->allowed ? "allowed" : "not-allowed");
	if (has(t, NFTNL_OFFLOAD_TABLE_STRICT))
		nftnl_text_word(text, t->strict ? "strict" : "not-strict");
	text_devices(text, t);
	text_u32(text, t, "more-devices", NFTNL_OFFLOAD_TABLE_DEVICES_MORE);
	text_u32(text, t, "flows", NFTNL_OFFLOAD_TABLE_FLOWS);
	text_u32(text, t, "hardware", NFTNL_OFFLOAD_TABLE_HW_FLOWS);
	text_u32(text, t, "queue-add", NFTNL_OFFLOAD_TABLE_QUEUE_ADD);
	text_u32(text, t, "queue-del", NFTNL_OFFLOAD_TABLE_QUEUE_DEL);
	text_u32(text, t, "queue-stats", NFTNL_OFFLOAD_TABLE_QUEUE_STATS);
	text_u64(text, t, "added", NFTNL_OFFLOAD_TABLE_HW_ADDS);
	text_u64(text, t, "removed", NFTNL_OFFLOAD_TABLE_HW_DELS);
	text_reasons(text, t);
}

int nftnl_offload_table_snprintf(char *buf, size_t size,
				 const struct nftnl_offload_table *t,
				 uint32_t type, uint32_t flags)
{
	struct nftnl_text text;

	if (nftnl_text_begin(&text, buf, size, type, flags))
		return -1;
	text_table(&text, t);
	return nftnl_text_end(&text);
}
