// SPDX-License-Identifier: GPL-2.0-or-later
/* Flows and flowtables as JSON, see Documentation/nft-offload.schema.json. */
#include <stdio.h>
#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/netfilter.h>
#include <libnftnl_offload/explain.h>
#include <libnftnl_offload/flow.h>
#include <libnftnl_offload/policy.h>
#include <libnftnl_offload/table.h>
#include "explain.h"
#include "json_writer.h"
#include "names.h"
#include "options.h"
#include "output.h"

void json_begin(void)
{
	jw_open(NULL, '{');
	jw_open(JSON_ROOT, '[');
	jw_open(NULL, '{');
	jw_open("metainfo", '{');
	jw_str("version", VERSION);
	jw_u64("json_schema_version", JSON_SCHEMA_VERSION);
	jw_close('}');
	jw_close('}');
}

void json_end(void)
{
	jw_close(']');
	jw_close('}');
}

static void begin(const char *what)
{
	jw_line();
	jw_open(NULL, '{');
	jw_open(what, '{');
}

static void end(void)
{
	jw_close('}');
	jw_close('}');
}

static void write_device(const char *key, uint32_t ifindex)
{
	if (options.numeric)
		jw_u64(key, ifindex);
	else
		jw_str(key, device_name(ifindex));
}

static void write_addr(const struct nftnl_flow *flow, const char *key, uint16_t attr)
{
	char buf[INET6_ADDRSTRLEN];
	const void *addr;
	uint32_t len = 0;

	addr = nftnl_flow_get_data(flow, attr, &len);
	if (addr)
		jw_str(key, addr_str(addr, len, buf));
}

static void write_u16(const struct nftnl_flow *flow, const char *key, uint16_t attr)
{
	if (nftnl_flow_is_set(flow, attr))
		jw_u64(key, nftnl_flow_get_u16(flow, attr));
}

static void write_u32(const struct nftnl_flow *flow, const char *key, uint16_t attr)
{
	if (nftnl_flow_is_set(flow, attr))
		jw_u64(key, nftnl_flow_get_u32(flow, attr));
}

static void write_u64(const struct nftnl_flow *flow, const char *key, uint16_t attr)
{
	if (nftnl_flow_is_set(flow, attr))
		jw_u64(key, nftnl_flow_get_u64(flow, attr));
}

static void write_str(const struct nftnl_flow *flow, const char *key, uint16_t attr)
{
	if (nftnl_flow_is_set(flow, attr))
		jw_str(key, nftnl_flow_get_str(flow, attr));
}

static void write_encap(const struct nftnl_flow *flow, uint16_t attr)
{
	const struct nftnl_flow_encap *encap;
	uint32_t i, len = 0;
	char buf[8];

	encap = nftnl_flow_get_data(flow, attr, &len);
	if (!encap || len < sizeof(*encap))
		return;
	jw_open("encap", '[');
	for (i = 0; i < len / sizeof(*encap); i++) {
		jw_open(NULL, '{');
		switch (encap[i].proto) {
		case ETH_P_8021Q:
			jw_str("type", "vlan");
			break;
		case ETH_P_8021AD:
			jw_str("type", "8021ad");
			break;
		case ETH_P_PPP_SES:
			jw_str("type", "pppoe");
			break;
		default:
			snprintf(buf, sizeof(buf), "0x%04x", encap[i].proto);
			jw_str("type", buf);
		}
		jw_u64("id", encap[i].id);
		jw_close('}');
	}
	jw_close(']');
}

/* Software and hardware together */
static void write_total(const struct nftnl_flow *flow, uint16_t step)
{
	uint64_t packets, bytes;

	if (nftnl_flow_get_total(flow, step, &packets, &bytes) < 0)
		return;
	jw_u64("packets", packets);
	jw_u64("bytes", bytes);
}

/* Of a flow that is not counted there is nothing to say. */
static void write_count(const struct nftnl_flow *flow, const char *key, uint16_t packets,
			uint16_t bytes, uint16_t age)
{
	if (!nftnl_flow_is_set(flow, packets))
		return;
	jw_open(key, '{');
	write_u64(flow, "packets", packets);
	write_u64(flow, "bytes", bytes);
	if (age)
		write_u64(flow, "age", age);
	jw_close('}');
}

static void write_carried(const struct nftnl_flow *flow, uint16_t step)
{
	uint8_t not_carried = nftnl_flow_get_u8(flow, NFTNL_FLOW_ORIG_NOT_CARRIED + step);
	char buf[NAME_SIZE];
	unsigned int i;

	write_u32(flow, "priority", NFTNL_FLOW_ORIG_PRIORITY + step);
	if (nftnl_flow_is_set(flow, NFTNL_FLOW_ORIG_DSCP + step))
		jw_str("dscp", dscp_name(nftnl_flow_get_u8(flow, NFTNL_FLOW_ORIG_DSCP + step),
					 buf));
	if (!not_carried)
		return;
	jw_open("not_carried", '[');
	for (i = 0; i < 8; i++)
		if (not_carried & 1U << i)
			jw_str(NULL, nftnl_offload_carry_str(i));
	jw_close(']');
}

static void write_dir(const struct nftnl_flow *flow, const char *key, uint16_t step)
{
	char buf[NAME_SIZE];

	jw_open(key, '{');
	write_addr(flow, "saddr", NFTNL_FLOW_ORIG_SADDR + step);
	write_addr(flow, "daddr", NFTNL_FLOW_ORIG_DADDR + step);
	write_u16(flow, "sport", NFTNL_FLOW_ORIG_SPORT + step);
	write_u16(flow, "dport", NFTNL_FLOW_ORIG_DPORT + step);
	if (nftnl_flow_is_set(flow, NFTNL_FLOW_ORIG_IIF + step))
		write_device("iif", nftnl_flow_get_u32(flow, NFTNL_FLOW_ORIG_IIF + step));
	if (nftnl_flow_is_set(flow, NFTNL_FLOW_ORIG_OIF + step))
		write_device("oif", nftnl_flow_get_u32(flow, NFTNL_FLOW_ORIG_OIF + step));
	write_encap(flow, NFTNL_FLOW_ORIG_ENCAP + step);
	write_u32(flow, "mtu", NFTNL_FLOW_ORIG_MTU + step);
	write_carried(flow, step);
	write_total(flow, step);
	write_count(flow, "sw", NFTNL_FLOW_ORIG_SW_PACKETS + step,
		    NFTNL_FLOW_ORIG_SW_BYTES + step, 0);
	write_count(flow, "hw", NFTNL_FLOW_ORIG_HW_PACKETS + step,
		    NFTNL_FLOW_ORIG_HW_BYTES + step, NFTNL_FLOW_ORIG_HW_AGE + step);
	if (nftnl_flow_is_set(flow, NFTNL_FLOW_ORIG_IN_HARDWARE + step))
		jw_bool("in_hardware",
			nftnl_flow_get_u8(flow, NFTNL_FLOW_ORIG_IN_HARDWARE + step));
	if (nftnl_flow_is_set(flow, NFTNL_FLOW_ORIG_ERRNO + step))
		jw_str("errno", errno_name(nftnl_flow_get_u32(flow, NFTNL_FLOW_ORIG_ERRNO + step),
					   buf));
	write_str(flow, "reason", NFTNL_FLOW_ORIG_REASON + step);
	write_str(flow, "message", NFTNL_FLOW_ORIG_MESSAGE + step);
	jw_close('}');
}

static void write_flags(uint32_t flags)
{
	jw_open("flags", '[');
	if (flags & NFT_OFFLOAD_FLAG_SNAT)
		jw_str(NULL, "snat");
	if (flags & NFT_OFFLOAD_FLAG_DNAT)
		jw_str(NULL, "dnat");
	if (flags & NFT_OFFLOAD_FLAG_NO_HARDWARE)
		jw_str(NULL, "no-hardware");
	jw_close(']');
}

static void write_flow(const struct nftnl_flow *flow)
{
	char buf[NAME_SIZE];

	jw_open("flow", '{');
	write_u64(flow, "id", NFTNL_FLOW_ID);
	jw_str("family", family_name(nftnl_flow_get_u8(flow, NFTNL_FLOW_TABLE_FAMILY), buf));
	write_str(flow, "table", NFTNL_FLOW_TABLE);
	write_str(flow, "flowtable", NFTNL_FLOW_FLOWTABLE);
	jw_str("l3proto", family_name(nftnl_flow_get_u8(flow, NFTNL_FLOW_L3PROTO), buf));
	jw_str("l4proto", l4proto_name(nftnl_flow_get_u8(flow, NFTNL_FLOW_L4PROTO), buf));
	jw_str("state", nftnl_offload_state_str(nftnl_flow_get_u8(flow, NFTNL_FLOW_STATE)));
	if (nftnl_flow_is_set(flow, NFTNL_FLOW_PIN))
		jw_str("pin", nftnl_offload_pin_str(nftnl_flow_get_u8(flow, NFTNL_FLOW_PIN)));
	write_flags(nftnl_flow_get_u32(flow, NFTNL_FLOW_FLAGS));
	write_dir(flow, "original", 0);
	write_dir(flow, "reply", NFTNL_FLOW_DIR_STEP);
	write_u32(flow, "timeout", NFTNL_FLOW_TIMEOUT);
	write_u64(flow, "age", NFTNL_FLOW_AGE);
	jw_open("ct", '{');
	write_u32(flow, "id", NFTNL_FLOW_CT_ID);
	write_u32(flow, "mark", NFTNL_FLOW_CT_MARK);
	write_u16(flow, "zone", NFTNL_FLOW_CT_ZONE);
	jw_close('}');
	jw_close('}');
}

void json_flow(const struct nftnl_flow *flow)
{
	jw_line();
	jw_open(NULL, '{');
	write_flow(flow);
	jw_close('}');
}

void json_event(const struct nftnl_flow *flow, const char *time)
{
	jw_open(NULL, '{');
	jw_open("event", '{');
	if (time)
		jw_str("time", time);
	jw_str("type", nftnl_offload_event_str(nftnl_flow_get_u8(flow, NFTNL_FLOW_EVENT)));
	write_u32(flow, "seq", NFTNL_FLOW_SEQ);
	if (nftnl_flow_is_set(flow, NFTNL_FLOW_CAUSE))
		jw_str("cause", nftnl_offload_cause_str(nftnl_flow_get_u8(flow, NFTNL_FLOW_CAUSE)));
	write_flow(flow);
	end();
}

void json_lost(uint32_t count)
{
	jw_open(NULL, '{');
	jw_open("lost", '{');
	if (count)
		jw_u64("events", count);
	else
		jw_null("events");
	end();
}

static void write_reason(const struct nftnl_offload_reason *reason)
{
	char buf[NAME_SIZE];

	jw_open(NULL, '{');
	if (reason->name)
		jw_str("reason", reason->name);
	else
		jw_str("errno", reason->err ? errno_name(reason->err, buf) : "other");
	jw_u64("count", reason->count);
	jw_close('}');
}

static void write_device_of(const struct nftnl_offload_device *device)
{
	char buf[NAME_SIZE];

	jw_u64("ifindex", device->ifindex);
	jw_str("name", device->name);
	if (device->err)
		jw_str("errno", errno_name(device->err, buf));
}

static void write_devices(const struct nftnl_offload_table *table)
{
	const struct nftnl_offload_device *device;
	unsigned int i;

	jw_open("devices", '[');
	for (i = 0; (device = nftnl_offload_table_device(table, i)); i++) {
		jw_open(NULL, '{');
		write_device_of(device);
		jw_close('}');
	}
	jw_close(']');
}

void json_table(const struct nftnl_offload_table *table)
{
	uint32_t flags = nftnl_offload_table_get_u32(table, NFTNL_OFFLOAD_TABLE_FLAGS);
	const struct nftnl_offload_reason *reason;
	const char *name;
	char buf[NAME_SIZE];
	unsigned int i;

	begin("flowtable");
	jw_str("family", family_name(nftnl_offload_table_get_u8(table, NFTNL_OFFLOAD_TABLE_FAMILY),
				     buf));
	name = nftnl_offload_table_get_str(table, NFTNL_OFFLOAD_TABLE_TABLE);
	jw_str("table", name ? name : "");
	name = nftnl_offload_table_get_str(table, NFTNL_OFFLOAD_TABLE_NAME);
	jw_str("name", name ? name : "");
	jw_open("flags", '[');
	if (flags & NFT_OFFLOAD_TABLE_FLAG_HARDWARE)
		jw_str(NULL, "offload");
	if (flags & NFT_OFFLOAD_TABLE_FLAG_COUNTER)
		jw_str(NULL, "counter");
	jw_close(']');
	jw_bool("allowed", nftnl_offload_table_get_u8(table, NFTNL_OFFLOAD_TABLE_ALLOWED));
	if (nftnl_offload_table_is_set(table, NFTNL_OFFLOAD_TABLE_STRICT))
		jw_bool("strict",
			nftnl_offload_table_get_u8(table, NFTNL_OFFLOAD_TABLE_STRICT));
	write_devices(table);
	if (nftnl_offload_table_is_set(table, NFTNL_OFFLOAD_TABLE_DEVICES_MORE))
		jw_u64("devices_more",
		       nftnl_offload_table_get_u32(table, NFTNL_OFFLOAD_TABLE_DEVICES_MORE));
	jw_u64("flows", nftnl_offload_table_get_u32(table, NFTNL_OFFLOAD_TABLE_FLOWS));
	jw_open("hardware", '{');
	jw_u64("flows", nftnl_offload_table_get_u32(table, NFTNL_OFFLOAD_TABLE_HW_FLOWS));
	jw_u64("added", nftnl_offload_table_get_u64(table, NFTNL_OFFLOAD_TABLE_HW_ADDS));
	jw_u64("deleted", nftnl_offload_table_get_u64(table, NFTNL_OFFLOAD_TABLE_HW_DELS));
	jw_close('}');
	jw_open("queue", '{');
	jw_u64("add", nftnl_offload_table_get_u32(table, NFTNL_OFFLOAD_TABLE_QUEUE_ADD));
	jw_u64("delete", nftnl_offload_table_get_u32(table, NFTNL_OFFLOAD_TABLE_QUEUE_DEL));
	jw_u64("stats", nftnl_offload_table_get_u32(table, NFTNL_OFFLOAD_TABLE_QUEUE_STATS));
	jw_close('}');
	jw_open("reasons", '[');
	for (i = 0; (reason = nftnl_offload_table_reason(table, i)); i++)
		write_reason(reason);
	jw_close(']');
	jw_open("errnos", '[');
	for (i = 0; (reason = nftnl_offload_table_errno(table, i)); i++)
		write_reason(reason);
	jw_close(']');
	end();
}

void json_setting(const char *name, bool value)
{
	begin("setting");
	jw_str("name", name);
	jw_bool("value", value);
	end();
}

void json_table_setting(const struct nftnl_offload_table *setting)
{
	const char *table = nftnl_offload_table_get_str(setting, NFTNL_OFFLOAD_TABLE_TABLE);
	const char *name = nftnl_offload_table_get_str(setting, NFTNL_OFFLOAD_TABLE_NAME);
	char buf[NAME_SIZE];

	begin("setting");
	jw_str("family", family_name(nftnl_offload_table_get_u8(setting,
								NFTNL_OFFLOAD_TABLE_FAMILY), buf));
	jw_str("table", table ? table : "");
	jw_str("flowtable", name ? name : "");
	jw_bool("strict", nftnl_offload_table_get_u8(setting, NFTNL_OFFLOAD_TABLE_STRICT));
	end();
}

static void write_marks(const struct nftnl_offload_policy *policy)
{
	const struct nftnl_offload_mark *mark;
	unsigned int i;

	if (!nftnl_offload_policy_mark(policy, 0))
		return;
	jw_open("marks", '[');
	for (i = 0; (mark = nftnl_offload_policy_mark(policy, i)); i++) {
		jw_open(NULL, '{');
		jw_str("action", nftnl_offload_mark_action_str(mark->action));
		jw_u64("value", mark->value);
		jw_u64("mask", mark->mask);
		jw_close('}');
	}
	jw_close(']');
}

static void write_after(const struct nftnl_offload_policy *policy)
{
	static const struct {
		uint16_t	attr;
		const char	*key;
	} keys[] = {
		{ NFTNL_OFFLOAD_POLICY_AFTER_BYTES, "bytes" },
		{ NFTNL_OFFLOAD_POLICY_AFTER_PACKETS, "packets" },
		{ NFTNL_OFFLOAD_POLICY_AFTER_RATE, "rate" },
	};
	uint64_t value;
	int i;

	for (i = 0; i < 3; i++) {
		if (!nftnl_offload_policy_is_set(policy, keys[i].attr))
			continue;
		/* one of them is of the right type, the other one is 0 */
		value = nftnl_offload_policy_get_u64(policy, keys[i].attr);
		jw_open("hardware_after", '{');
		jw_u64(keys[i].key, value ? value :
		       nftnl_offload_policy_get_u32(policy, keys[i].attr));
		jw_close('}');
	}
}

static void write_budget(const struct nftnl_offload_policy *policy)
{
	const char *evict = nftnl_offload_evict_str(nftnl_offload_policy_get_u8(policy,
								NFTNL_OFFLOAD_POLICY_EVICT));

	if (!nftnl_offload_policy_is_set(policy, NFTNL_OFFLOAD_POLICY_BUDGET)) {
		if (nftnl_offload_policy_is_set(policy, NFTNL_OFFLOAD_POLICY_EVICT))
			jw_str("evict", evict);
		return;
	}
	jw_open("budget", '{');
	jw_u64("flows", nftnl_offload_policy_get_u32(policy, NFTNL_OFFLOAD_POLICY_BUDGET));
	jw_bool("per_device",
		nftnl_offload_policy_get_u8(policy, NFTNL_OFFLOAD_POLICY_BUDGET_PER_DEVICE));
	jw_str("evict", evict);
	jw_close('}');
}

static void write_carry(const struct nftnl_offload_policy *policy)
{
	const struct nftnl_offload_carry *carry;
	unsigned int i;

	if (!nftnl_offload_policy_carry(policy, 0))
		return;
	jw_open("carry", '{');
	for (i = 0; (carry = nftnl_offload_policy_carry(policy, i)); i++) {
		jw_open(nftnl_offload_carry_str(carry->what), '{');
		if (carry->mask)
			jw_u64("mask", carry->mask);
		if (carry->state)
			jw_u64("state", carry->state);
		jw_close('}');
	}
	jw_str("mode", nftnl_offload_carry_mode_str(nftnl_offload_policy_get_u8(policy,
						NFTNL_OFFLOAD_POLICY_CARRY_MODE)));
	jw_close('}');
}

void json_policy(const struct nftnl_offload_policy *policy)
{
	const char *table = nftnl_offload_policy_get_str(policy, NFTNL_OFFLOAD_POLICY_TABLE);
	const char *name = nftnl_offload_policy_get_str(policy, NFTNL_OFFLOAD_POLICY_NAME);
	char buf[NAME_SIZE];

	begin("policy");
	jw_str("family", family_name(nftnl_offload_policy_get_u8(policy,
							NFTNL_OFFLOAD_POLICY_FAMILY), buf));
	jw_str("table", table ? table : "");
	jw_str("flowtable", name ? name : "");
	write_marks(policy);
	if (nftnl_offload_policy_is_set(policy, NFTNL_OFFLOAD_POLICY_STACK))
		jw_u64("stack", nftnl_offload_policy_get_u32(policy, NFTNL_OFFLOAD_POLICY_STACK));
	write_after(policy);
	write_budget(policy);
	if (nftnl_offload_policy_is_set(policy, NFTNL_OFFLOAD_POLICY_SHAPED))
		jw_str("shaped", nftnl_offload_shaped_str(nftnl_offload_policy_get_u8(policy,
						NFTNL_OFFLOAD_POLICY_SHAPED)));
	write_carry(policy);
	end();
}

void json_count(const char *what, uint64_t flows)
{
	begin(what);
	jw_u64("flows", flows);
	end();
}

static void write_reason_text(const char *reason)
{
	if (!reason)
		return;
	jw_str("reason", reason);
	if (reason_text(reason))
		jw_str("text", reason_text(reason));
	if (reason_waits(reason))
		jw_bool("waiting", true);
	if (reason_remedy(reason))
		jw_str("do", reason_remedy(reason));
}

/* Devices that a connection passes */
static void write_way(const struct nftnl_offload_explain *explain)
{
	const struct nftnl_offload_device *device;
	unsigned int i;

	if (!nftnl_offload_explain_device(explain, 0))
		return;
	jw_open("devices", '[');
	for (i = 0; (device = nftnl_offload_explain_device(explain, i)); i++) {
		jw_open(NULL, '{');
		jw_str("side", nftnl_offload_side_str(device->side));
		write_device_of(device);
		write_reason_text(device->reason);
		jw_close('}');
	}
	jw_close(']');
}

static void write_layer(const struct nftnl_offload_explain *explain, const char *key,
			uint16_t attr)
{
	jw_str(key, nftnl_offload_layer_str(nftnl_offload_explain_get_u8(explain, attr)));
}

static void write_flowtable(const struct nftnl_offload_explain *explain)
{
	const char *table = nftnl_offload_explain_get_str(explain, NFTNL_OFFLOAD_EXPLAIN_TABLE);
	const char *name = nftnl_offload_explain_get_str(explain, NFTNL_OFFLOAD_EXPLAIN_FLOWTABLE);
	uint8_t family = nftnl_offload_explain_get_u8(explain, NFTNL_OFFLOAD_EXPLAIN_TABLE_FAMILY);
	char buf[NAME_SIZE];

	if (!table || !name)
		return;
	jw_str("family", family_name(family, buf));
	jw_str("table", table);
	jw_str("flowtable", name);
}

static void write_steps(const struct steps *steps)
{
	int i;

	jw_str("verdict", steps->verdict);
	jw_open("steps", '[');
	for (i = 0; i < NUM_STEPS; i++) {
		jw_open(NULL, '{');
		jw_str("name", step_names[i]);
		jw_str("level", step_levels[steps->steps[i].level]);
		jw_str("text", steps->steps[i].text);
		if (*steps->steps[i].fix)
			jw_str("do", steps->steps[i].fix);
		jw_close('}');
	}
	jw_close(']');
}

void json_explain(const struct nftnl_offload_explain *explain, const struct steps *steps)
{
	const struct nftnl_flow *flow = nftnl_offload_explain_get_flow(explain);

	begin("explain");
	write_layer(explain, "layer", NFTNL_OFFLOAD_EXPLAIN_LAYER);
	if (nftnl_offload_explain_is_set(explain, NFTNL_OFFLOAD_EXPLAIN_EXPECT))
		write_layer(explain, "expect", NFTNL_OFFLOAD_EXPLAIN_EXPECT);
	write_reason_text(nftnl_offload_explain_get_str(explain, NFTNL_OFFLOAD_EXPLAIN_REASON));
	if (nftnl_offload_explain_is_set(explain, NFTNL_OFFLOAD_EXPLAIN_CT_ID))
		jw_u64("ct_id", nftnl_offload_explain_get_u32(explain, NFTNL_OFFLOAD_EXPLAIN_CT_ID));
	write_flowtable(explain);
	write_way(explain);
	write_steps(steps);
	if (flow)
		write_flow(flow);
	end();
}
