// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A policy as text.
 */
#include "internal.h"
#include "policy.h"

static bool has(const struct nftnl_offload_policy *p, uint16_t attr)
{
	return nftnl_offload_policy_is_set(p, attr);
}

static void text_name(struct nftnl_text *text, const struct nftnl_offload_policy *p)
{
	if (has(p, NFTNL_OFFLOAD_POLICY_FAMILY))
		nftnl_text_family(text, p->family);
	if (has(p, NFTNL_OFFLOAD_POLICY_TABLE)) {
		nftnl_text_sep(text);
		nftnl_text_str(text, p->table);
	}
	if (has(p, NFTNL_OFFLOAD_POLICY_NAME)) {
		nftnl_text_sep(text);
		nftnl_text_str(text, p->name);
	}
	if (text->len)
		nftnl_text(text, ":");
}

static void text_mark(struct nftnl_text *text, const struct nftnl_offload_mark *mark)
{
	nftnl_text_word(text, "%s ct mark 0x%x/0x%x",
			nftnl_offload_mark_action_str(mark->action), mark->value,
			mark->mask);
}

static void text_hardware(struct nftnl_text *text, const struct nftnl_offload_policy *p)
{
	if (has(p, NFTNL_OFFLOAD_POLICY_AFTER_BYTES))
		nftnl_text_word(text, "hardware after %llu bytes",
				(unsigned long long)p->after_bytes);
	if (has(p, NFTNL_OFFLOAD_POLICY_AFTER_PACKETS))
		nftnl_text_word(text, "hardware after %llu packets",
				(unsigned long long)p->after_packets);
	if (has(p, NFTNL_OFFLOAD_POLICY_AFTER_RATE))
		nftnl_text_word(text, "hardware after rate %u packets/second",
				p->after_rate);
}

static void text_budget(struct nftnl_text *text, const struct nftnl_offload_policy *p)
{
	if (has(p, NFTNL_OFFLOAD_POLICY_BUDGET))
		nftnl_text_word(text, "budget %u", p->budget);
	if (has(p, NFTNL_OFFLOAD_POLICY_BUDGET_PER_DEVICE))
		nftnl_text_word(text, p->budget_per_device ? "per device" : "for all devices");
	if (has(p, NFTNL_OFFLOAD_POLICY_EVICT))
		nftnl_text_word(text, "evict %s", nftnl_offload_evict_str(p->evict));
}

static void text_carry(struct nftnl_text *text, const struct nftnl_offload_policy *p)
{
	const struct nftnl_offload_carry *carry;
	unsigned int i;

	for (i = 0; (carry = nftnl_offload_policy_carry(p, i)); i++) {
		nftnl_text_word(text, "carry %s", nftnl_offload_carry_str(carry->what));
		if (carry->mask || carry->state)
			nftnl_text_word(text, "from ct mark 0x%x/0x%x", carry->mask,
					carry->state);
	}
	if (has(p, NFTNL_OFFLOAD_POLICY_CARRY_MODE))
		nftnl_text_word(text, "%s", nftnl_offload_carry_mode_str(p->carry_mode));
}

static void text_policy(struct nftnl_text *text, const struct nftnl_offload_policy *p)
{
	const struct nftnl_offload_mark *mark;
	unsigned int i;

	text_name(text, p);
	if (has(p, NFTNL_OFFLOAD_POLICY_MODE))
		nftnl_text_word(text, "mode %u", p->mode);
	for (i = 0; (mark = nftnl_offload_policy_mark(p, i)); i++)
		text_mark(text, mark);
	if (has(p, NFTNL_OFFLOAD_POLICY_STACK))
		nftnl_text_word(text, "stack %u packets", p->stack);
	text_hardware(text, p);
	text_budget(text, p);
	if (has(p, NFTNL_OFFLOAD_POLICY_SHAPED))
		nftnl_text_word(text, "shaped %s", nftnl_offload_shaped_str(p->shaped));
	text_carry(text, p);
}

int nftnl_offload_policy_snprintf(char *buf, size_t size,
				  const struct nftnl_offload_policy *p,
				  uint32_t type, uint32_t flags)
{
	struct nftnl_text text;

	if (nftnl_text_begin(&text, buf, size, type, flags))
		return -1;
	text_policy(&text, p);
	return nftnl_text_end(&text);
}
