// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * explain in steps. The kernel names the first reason; it belongs to one step. Those
 * before it are fine as far as the answer shows it, those behind it were not looked at.
 * Rules are none of the kernel's answer: they are looked at here.
 */
#include <stdio.h>
#include <string.h>
#include <libnftnl_offload/filter.h>
#include <libnftnl_offload/flow.h>
#include "explain.h"
#include "names.h"
#include "rules.h"

const char *const step_names[NUM_STEPS] = {
	"route", "neighbour", "conntrack", "rule", "flowtable", "devices", "driver",
};

const char *const step_levels[] = { "ok", "wait", "wrong", "unknown" };

/* Reasons of each step; those of the driver are all others */
static const struct {
	const char	*reason;
	enum step_name	step;
} reason_steps[] = {
	{ "no-route", STEP_ROUTE }, { "local", STEP_ROUTE }, { "asymmetric", STEP_ROUTE },
	{ "policy-routing", STEP_ROUTE }, { "xfrm", STEP_ROUTE },
	{ "neighbour", STEP_NEIGHBOUR },
	{ "ip-options", STEP_CONNTRACK }, { "no-conntrack", STEP_CONNTRACK },
	{ "tcp-state", STEP_CONNTRACK }, { "gre-nat-or-key", STEP_CONNTRACK },
	{ "protocol", STEP_CONNTRACK }, { "helper", STEP_CONNTRACK },
	{ "sequence-adjustment", STEP_CONNTRACK }, { "unconfirmed", STEP_CONNTRACK },
	{ "dying", STEP_CONNTRACK }, { "no-memory", STEP_FLOWTABLE },
	{ "duplicate", STEP_FLOWTABLE }, { "switched-off", STEP_FLOWTABLE },
	{ "no-offload-flag", STEP_FLOWTABLE }, { "policy", STEP_FLOWTABLE },
	{ "too-early", STEP_FLOWTABLE }, { "too-slow", STEP_FLOWTABLE },
	{ "budget", STEP_FLOWTABLE }, { "pinned", STEP_FLOWTABLE },
	{ "not-learned", STEP_FLOWTABLE },
	{ "shaped", STEP_DEVICES },
	{ "path", STEP_DEVICES }, { "device-not-in-flowtable", STEP_DEVICES },
	{ "tunnel", STEP_DEVICES }, { "mtu", STEP_DEVICES },
};

static enum step_name step_of(const char *reason)
{
	size_t i;

	for (i = 0; i < sizeof(reason_steps) / sizeof(reason_steps[0]); i++)
		if (!strcmp(reason_steps[i].reason, reason))
			return reason_steps[i].step;
	return STEP_DRIVER;
}

static void set(struct step *step, enum step_level level, const char *text)
{
	step->level = level;
	snprintf(step->text, sizeof(step->text), "%s", text);
}

static const char *str(const struct nftnl_offload_explain *explain, uint16_t attr)
{
	return nftnl_offload_explain_get_str(explain, attr);
}

static uint8_t layer_of(const struct nftnl_offload_explain *explain)
{
	return nftnl_offload_explain_get_u8(explain, NFTNL_OFFLOAD_EXPLAIN_LAYER);
}

static uint8_t expect_of(const struct nftnl_offload_explain *explain)
{
	return nftnl_offload_explain_get_u8(explain, NFTNL_OFFLOAD_EXPLAIN_EXPECT);
}

static bool has_way_out(const struct nftnl_offload_explain *explain)
{
	const struct nftnl_offload_device *device;
	unsigned int i;

	for (i = 0; (device = nftnl_offload_explain_device(explain, i)); i++)
		if (device->side == NFT_OFFLOAD_SIDE_OUT)
			return true;
	return false;
}

/* in lan1, br0; out wan */
static void list_devices(const struct nftnl_offload_explain *explain, char *buf, size_t size)
{
	const struct nftnl_offload_device *device;
	unsigned int i, side = UINT32_MAX;
	size_t used = 0;

	*buf = '\0';
	for (i = 0; (device = nftnl_offload_explain_device(explain, i)) && used < size; i++) {
		if (device->side != side)
			used += snprintf(buf + used, size - used, "%s%s ", used ? "; " : "",
					 nftnl_offload_side_str(device->side));
		else
			used += snprintf(buf + used, size - used, ", ");
		side = device->side;
		if (used < size)
			used += snprintf(buf + used, size - used, "%s", *device->name ?
					 device->name : device_name(device->ifindex));
	}
}

static bool no_flowtable(const struct facts *facts)
{
	return !facts->no_kernel && !facts->num_tables;
}

/* As far as the answer shows it */
static void set_fine(const struct nftnl_offload_explain *explain, const struct facts *facts,
		     struct step *steps)
{
	const char *table = str(explain, NFTNL_OFFLOAD_EXPLAIN_TABLE);
	const char *name = str(explain, NFTNL_OFFLOAD_EXPLAIN_FLOWTABLE);
	uint8_t layer = layer_of(explain);
	const char *reason = str(explain, NFTNL_OFFLOAD_EXPLAIN_REASON);
	bool is_flow = nftnl_offload_explain_get_flow(explain);
	char text[STEP_TEXT], family[NAME_SIZE];

	if (is_flow || has_way_out(explain)) {
		list_devices(explain, text, sizeof(text));
		set(&steps[STEP_ROUTE], STEP_OK, *text ? text : "it is forwarded");
		if (!reason || step_of(reason) >= STEP_DEVICES || is_flow)
			set(&steps[STEP_DEVICES], STEP_OK, "all of them can be bypassed");
	}
	if (is_flow)
		set(&steps[STEP_NEIGHBOUR], STEP_OK, "both ends have answered");
	if (nftnl_offload_explain_is_set(explain, NFTNL_OFFLOAD_EXPLAIN_CT_ID)) {
		snprintf(text, sizeof(text), "id %u",
			 nftnl_offload_explain_get_u32(explain, NFTNL_OFFLOAD_EXPLAIN_CT_ID));
		set(&steps[STEP_CONNTRACK], STEP_OK, text);
	} else if (layer == NFT_OFFLOAD_LAYER_NONE) {
		set(&steps[STEP_CONNTRACK], STEP_OK,
		    "no such connection; rules with NAT were not consulted");
	}
	if (table && name) {
		snprintf(text, sizeof(text), "%s %.200s %.200s",
			 family_name(nftnl_offload_explain_get_u8(explain,
				     NFTNL_OFFLOAD_EXPLAIN_TABLE_FAMILY), family), table, name);
		set(&steps[STEP_FLOWTABLE], STEP_OK, text);
	} else if (no_flowtable(facts)) {
		set(&steps[STEP_FLOWTABLE], STEP_WRONG, "there is none");
		strcpy(steps[STEP_FLOWTABLE].fix, "make a flowtable, see \"nft-offload check\"");
	}
	if (layer == NFT_OFFLOAD_LAYER_HARDWARE)
		set(&steps[STEP_DRIVER], STEP_OK, "the flow is in hardware");
	else if (is_flow && layer == NFT_OFFLOAD_LAYER_SOFTWARE && !reason)
		set(&steps[STEP_DRIVER], STEP_WAIT, "the driver has not answered yet");
	else if (!is_flow && expect_of(explain) == NFT_OFFLOAD_LAYER_HARDWARE)
		set(&steps[STEP_DRIVER], STEP_OK, "the devices offload");
}

/* The connection has passed the stack, and nothing is known against it until the rule */
static bool missed_rule(const struct nftnl_offload_explain *explain)
{
	const char *reason = str(explain, NFTNL_OFFLOAD_EXPLAIN_REASON);
	enum step_name step;

	if (layer_of(explain) != NFT_OFFLOAD_LAYER_CLASSIC ||
	    nftnl_offload_explain_get_flow(explain))
		return false;
	if (!reason)
		return true;
	step = step_of(reason);
	return (step == STEP_DRIVER && reason_text(reason)) || !strcmp(reason, "no-offload-flag") ||
	       !strcmp(reason, "switched-off");
}

/* Rules with "flow add" for the flowtable that the answer is about, or for any */
static void look_at_rules(const struct nftnl_offload_explain *explain, const struct facts *facts,
			  struct step *step)
{
	const char *name = str(explain, NFTNL_OFFLOAD_EXPLAIN_FLOWTABLE), *text;
	bool matched = nftnl_offload_explain_get_flow(explain), missed = missed_rule(explain);
	struct rules rules = { .num = 0 };

	if (!facts->rules_err)
		rules_find(facts,
			   nftnl_offload_explain_get_u8(explain, NFTNL_OFFLOAD_EXPLAIN_TABLE_FAMILY),
			   str(explain, NFTNL_OFFLOAD_EXPLAIN_TABLE), name, &rules);
	if (matched || (rules.num && missed)) {
		text = matched ? "one with \"flow add\" has matched" :
		       "no rule with \"flow add\" has matched this connection since its first packet";
		step->level = matched ? STEP_OK : STEP_WRONG;
		snprintf(step->text, sizeof(step->text), "%s%s%s", text, *rules.each ? "; " : "",
			 rules.each);
		if (missed)
			strcpy(step->fix,
			       "put the rule before those that accept established connections; it has to match established connections");
	} else if (facts->rules_err) {
		set(step, STEP_UNKNOWN, "not looked at: rules cannot be read");
	} else if (rules.num) {
		set(step, STEP_OK, rules.text);
	} else {
		set(step, STEP_WRONG, *rules.text ? rules.text :
		    "no rule with \"flow add\" is about this flowtable");
		rules_fix(&rules, name, step->fix, sizeof(step->fix));
	}
}

/* The driver's own words, of either direction */
static const char *message_of(const struct nftnl_offload_explain *explain)
{
	const struct nftnl_flow *flow = nftnl_offload_explain_get_flow(explain);
	const char *message = flow ? nftnl_flow_get_str(flow, NFTNL_FLOW_ORIG_MESSAGE) : NULL;

	if (flow && !message)
		message = nftnl_flow_get_str(flow, NFTNL_FLOW_REPL_MESSAGE);
	return message;
}

/* The device that has this reason */
static const char *device_of(const struct nftnl_offload_explain *explain, const char *reason)
{
	const struct nftnl_offload_device *device;
	unsigned int i;

	for (i = 0; (device = nftnl_offload_explain_device(explain, i)); i++)
		if (device->reason && !strcmp(device->reason, reason))
			return *device->name ? device->name : device_name(device->ifindex);
	return NULL;
}

static void set_reason(const struct nftnl_offload_explain *explain, const char *reason,
		       struct step *step)
{
	const char *text = reason_text(reason), *fix = reason_remedy(reason);
	const char *device = device_of(explain, reason), *message = message_of(explain);

	step->level = reason_waits(reason) ? STEP_WAIT : STEP_WRONG;
	snprintf(step->text, sizeof(step->text), "%s%s%s%s%s%s%s%s", device ? device : "",
		 device ? ": " : "", reason, text ? ": " : "", text ? text : "",
		 message ? "; the driver: \"" : "", message ? message : "", message ? "\"" : "");
	snprintf(step->fix, sizeof(step->fix), "%s", fix ? fix : "");
}

/* The device that was asked for is not the one that the route to the source leads to */
static void look_at_iif(const struct nftnl_offload_explain *explain, const struct spec *spec,
			struct step *step)
{
	const char *back = device_of(explain, "asymmetric"), *iif;

	if (!back || layer_of(explain) != NFT_OFFLOAD_LAYER_NONE ||
	    !nftnl_flow_filter_is_set(spec->filter, NFTNL_FLOW_FILTER_IIF))
		return;
	iif = device_name(nftnl_flow_filter_get_u32(spec->filter, NFTNL_FLOW_FILTER_IIF));
	snprintf(step->text, sizeof(step->text),
		 "asymmetric: its packets would come in by %.15s, but the reply direction would leave by %.15s",
		 iif, back);
	snprintf(step->fix, sizeof(step->fix),
		 "say \"iif %.15s\", if that is meant; else make the routes symmetric, see \"ip route get ADDRESS\" for both ends",
		 back);
}

/* What the kernel calls no-route, and neighbours of connections that may never get an answer */
static void look_at_place(const struct nftnl_offload_explain *explain, const struct facts *facts,
			  const struct spec *spec, struct step *steps)
{
	const char *reason = str(explain, NFTNL_OFFLOAD_EXPLAIN_REASON);
	uint8_t family = nftnl_flow_filter_get_u8(spec->filter, NFTNL_FLOW_FILTER_L3PROTO);
	static const uint16_t ends[] = { NFTNL_FLOW_FILTER_DADDR, NFTNL_FLOW_FILTER_SADDR };
	bool no_route = reason && !strcmp(reason, "no-route");
	const void *addr;
	int i;

	if (nftnl_offload_explain_get_flow(explain) ||
	    (reason && !no_route && step_of(reason) <= STEP_CONNTRACK))
		return;
	for (i = 0; i < 2; i++) {
		addr = nftnl_flow_filter_get_data(spec->filter, ends[i], NULL);
		if (!addr)
			continue;
		if (no_route && explain_route(facts, family, addr, &steps[STEP_ROUTE]))
			return;
		if (!no_route && explain_neighbour(facts, family, addr, &steps[STEP_NEIGHBOUR]))
			return;
	}
}

static void set_verdict(const struct nftnl_offload_explain *explain, struct steps *all)
{
	static const char *const now[] = {
		[NFT_OFFLOAD_LAYER_CLASSIC]	= "forwarded by routing, with all rules",
		[NFT_OFFLOAD_LAYER_SOFTWARE]	= "forwarded in software, by the flowtable",
		[NFT_OFFLOAD_LAYER_HARDWARE]	= "forwarded by hardware",
	};
	static const char *const later[] = {
		[NFT_OFFLOAD_LAYER_NONE]	= "it would not be forwarded",
		[NFT_OFFLOAD_LAYER_CLASSIC]	= "it would be forwarded by routing",
		[NFT_OFFLOAD_LAYER_SOFTWARE]	= "it would be forwarded in software, by the flowtable",
		[NFT_OFFLOAD_LAYER_HARDWARE]	= "it would be forwarded by hardware",
	};
	uint8_t layer = layer_of(explain);
	uint8_t expect = expect_of(explain);
	const char *reason = str(explain, NFTNL_OFFLOAD_EXPLAIN_REASON);
	bool local = reason && !strcmp(reason, "local");
	size_t len;

	if (reason && !strcmp(reason, "no-route"))
		expect = NFT_OFFLOAD_LAYER_NONE;
	/* what is expected is so if a rule adds the connection */
	if (expect > NFT_OFFLOAD_LAYER_CLASSIC && all->steps[STEP_RULE].level == STEP_WRONG)
		expect = NFT_OFFLOAD_LAYER_CLASSIC;
	if (layer > NFT_OFFLOAD_LAYER_HARDWARE || expect > NFT_OFFLOAD_LAYER_HARDWARE)
		strcpy(all->verdict, "forwarded in a way that this program does not know");
	else if (local)
		strcpy(all->verdict, layer ? "not forwarded: it ends at this machine" :
		       "no such connection; it would end at this machine");
	else if (layer != NFT_OFFLOAD_LAYER_NONE)
		strcpy(all->verdict, now[layer]);
	else
		snprintf(all->verdict, sizeof(all->verdict), "no such connection%s%s",
			 nftnl_offload_explain_is_set(explain, NFTNL_OFFLOAD_EXPLAIN_EXPECT) ?
			 "; " : "",
			 nftnl_offload_explain_is_set(explain, NFTNL_OFFLOAD_EXPLAIN_EXPECT) ?
			 later[expect] : "");
	if (local || all->first < 0)
		return;
	len = strlen(all->verdict);
	snprintf(all->verdict + len, sizeof(all->verdict) - len, "; %s: see %s",
		 all->steps[all->first].level == STEP_WAIT ? "it waits" : "what is wrong",
		 step_names[all->first]);
}

void explain_steps(const struct nftnl_offload_explain *explain, const struct facts *facts,
		   const struct spec *spec, struct steps *all)
{
	const char *reason = str(explain, NFTNL_OFFLOAD_EXPLAIN_REASON);
	struct step *steps = all->steps;
	int i;

	memset(all, 0, sizeof(*all));
	for (i = 0; i < NUM_STEPS; i++)
		set(&steps[i], STEP_UNKNOWN, "not looked at");
	set_fine(explain, facts, steps);
	look_at_rules(explain, facts, &steps[STEP_RULE]);
	if (reason)
		set_reason(explain, reason, &steps[step_of(reason)]);
	if (reason && !strcmp(reason, "asymmetric"))
		look_at_iif(explain, spec, &steps[STEP_ROUTE]);
	if (steps[STEP_FLOWTABLE].level == STEP_WRONG && no_flowtable(facts)) {
		set(&steps[STEP_RULE], STEP_UNKNOWN, "not looked at: there is no flowtable");
		set(&steps[STEP_DEVICES], STEP_UNKNOWN, "not looked at: there is no flowtable");
	}
	look_at_place(explain, facts, spec, steps);
	all->first = -1;
	for (i = NUM_STEPS - 1; i >= 0; i--)
		if (steps[i].level == STEP_WRONG || steps[i].level == STEP_WAIT)
			all->first = i;
	set_verdict(explain, all);
}
