// SPDX-License-Identifier: GPL-2.0-or-later
/* What becomes of a connection, as text: the steps, and with --long what the kernel says. */
#include <string.h>
#include <libnftnl_offload/explain.h>
#include <libnftnl_offload/flow.h>
#include "explain.h"
#include "line.h"
#include "names.h"
#include "options.h"
#include "output.h"

static const char *const layers[] = {
	[NFT_OFFLOAD_LAYER_NONE]	= "there is no such connection",
	[NFT_OFFLOAD_LAYER_CLASSIC]	= "forwarded by routing, with all rules",
	[NFT_OFFLOAD_LAYER_SOFTWARE]	= "forwarded by the flowtable's fast path",
	[NFT_OFFLOAD_LAYER_HARDWARE]	= "forwarded by hardware",
};

static const char *const expected[] = {
	[NFT_OFFLOAD_LAYER_NONE]	= "its packets would not be forwarded",
	[NFT_OFFLOAD_LAYER_CLASSIC]	= "no flowtable would take it now: its packets would be forwarded by routing",
	[NFT_OFFLOAD_LAYER_SOFTWARE]	= "once a rule adds it to the flowtable, its packets would be forwarded by the fast path",
	[NFT_OFFLOAD_LAYER_HARDWARE]	= "once a rule adds it to the flowtable, its packets would be forwarded by hardware",
};

static bool has(const struct nftnl_offload_explain *explain, uint16_t attr)
{
	return nftnl_offload_explain_is_set(explain, attr);
}

static void put_layer(const struct nftnl_offload_explain *explain, uint16_t attr)
{
	line_str(nftnl_offload_layer_str(nftnl_offload_explain_get_u8(explain, attr)));
}

static void put_reason(const char *reason)
{
	if (!reason)
		return;
	line_word(" reason ");
	line_name(reason);
}

static void put_layer_text(const struct nftnl_offload_explain *explain, uint16_t attr,
			   const char *const *texts)
{
	uint8_t layer = nftnl_offload_explain_get_u8(explain, attr);

	if (!has(explain, attr) || layer > NFT_OFFLOAD_LAYER_HARDWARE)
		return;
	line_word("# ");
	line_str(texts[layer]);
	line_char('\n');
}

static void put_reason_text(const char *reason)
{
	const char *text = reason ? reason_text(reason) : NULL;

	if (!text)
		return;
	line_word("# ");
	line_str(reason);
	if (reason_waits(reason))
		line_word(" (waiting)");
	line_word(": ");
	line_str(text);
	line_char('\n');
}

/* What the driver said of the flow, in either direction */
static void put_message(const struct nftnl_flow *flow)
{
	const char *message;

	if (!flow)
		return;
	message = nftnl_flow_get_str(flow, NFTNL_FLOW_ORIG_MESSAGE);
	if (!message)
		message = nftnl_flow_get_str(flow, NFTNL_FLOW_REPL_MESSAGE);
	if (!message)
		return;
	line_word("# the driver: ");
	line_quoted(message);
	line_char('\n');
}

static void put_remedy(const char *reason)
{
	const char *remedy = reason ? reason_remedy(reason) : NULL;

	if (!remedy)
		return;
	line_word("Do: ");
	line_str(remedy);
	line_char('\n');
}

/* Has the answer itself, or a device before this one, the same reason? */
static bool is_told(const struct nftnl_offload_explain *explain, unsigned int num,
		    const char *reason)
{
	const char *other = nftnl_offload_explain_get_str(explain, NFTNL_OFFLOAD_EXPLAIN_REASON);
	unsigned int i;

	if (other && !strcmp(other, reason))
		return true;
	for (i = 0; i < num; i++) {
		other = nftnl_offload_explain_device(explain, i)->reason;
		if (other && !strcmp(other, reason))
			return true;
	}
	return false;
}

static void put_texts(const struct nftnl_offload_explain *explain)
{
	const char *reason = nftnl_offload_explain_get_str(explain, NFTNL_OFFLOAD_EXPLAIN_REASON);
	uint8_t layer = nftnl_offload_explain_get_u8(explain, NFTNL_OFFLOAD_EXPLAIN_LAYER);
	bool is_local = reason && !strcmp(reason, "local");
	const struct nftnl_offload_device *device;
	unsigned int i;

	/* of what is not forwarded, no word about how it is */
	if (!is_local || layer == NFT_OFFLOAD_LAYER_NONE)
		put_layer_text(explain, NFTNL_OFFLOAD_EXPLAIN_LAYER, layers);
	if (!is_local)
		put_layer_text(explain, NFTNL_OFFLOAD_EXPLAIN_EXPECT, expected);
	put_reason_text(reason);
	for (i = 0; (device = nftnl_offload_explain_device(explain, i)); i++)
		if (device->reason && !is_told(explain, i, device->reason))
			put_reason_text(device->reason);
}

static void put_flowtable(const struct nftnl_offload_explain *explain)
{
	const char *table = nftnl_offload_explain_get_str(explain, NFTNL_OFFLOAD_EXPLAIN_TABLE);
	const char *name = nftnl_offload_explain_get_str(explain, NFTNL_OFFLOAD_EXPLAIN_FLOWTABLE);
	uint8_t family = nftnl_offload_explain_get_u8(explain, NFTNL_OFFLOAD_EXPLAIN_TABLE_FAMILY);
	char buf[NAME_SIZE];

	if (!table || !name)
		return;
	line_word("flowtable ");
	line_str(family_name(family, buf));
	line_char(' ');
	line_name(table);
	line_char(' ');
	line_name(name);
	line_char('\n');
}

static void put_devices(const struct nftnl_offload_explain *explain)
{
	const struct nftnl_offload_device *device;
	char buf[NAME_SIZE];
	unsigned int i;

	for (i = 0; (device = nftnl_offload_explain_device(explain, i)); i++) {
		line_str(nftnl_offload_side_str(device->side));
		line_char(' ');
		text_device(device);
		put_reason(device->reason);
		if (device->err) {
			line_word(" errno ");
			line_str(errno_name(device->err, buf));
		}
		line_char('\n');
	}
}

void text_explain(const struct nftnl_offload_explain *explain)
{
	const struct nftnl_flow *flow = nftnl_offload_explain_get_flow(explain);

	line_word("layer ");
	put_layer(explain, NFTNL_OFFLOAD_EXPLAIN_LAYER);
	if (has(explain, NFTNL_OFFLOAD_EXPLAIN_EXPECT)) {
		line_word(" expect ");
		put_layer(explain, NFTNL_OFFLOAD_EXPLAIN_EXPECT);
	}
	put_reason(nftnl_offload_explain_get_str(explain, NFTNL_OFFLOAD_EXPLAIN_REASON));
	if (has(explain, NFTNL_OFFLOAD_EXPLAIN_CT_ID)) {
		line_word(" ct id ");
		line_number(nftnl_offload_explain_get_u32(explain, NFTNL_OFFLOAD_EXPLAIN_CT_ID));
	}
	line_char('\n');
	put_texts(explain);
	put_message(flow);
	put_remedy(nftnl_offload_explain_get_str(explain, NFTNL_OFFLOAD_EXPLAIN_REASON));
	put_flowtable(explain);
	put_devices(explain);
	line_flush();
	if (flow)
		text_flow(flow);
}

static const struct {
	const char	*text, *colour;
} levels[] = {
	[STEP_OK]	= { "ok   ", "\x1b[32m" },
	[STEP_WAIT]	= { "wait ", "\x1b[33m" },
	[STEP_WRONG]	= { "WRONG", "\x1b[31m" },
	[STEP_UNKNOWN]	= { "?    ", "" },
};

#define TEXT_COLUMN	16
#define FIX_COLUMN	4

static void put_step(const struct step *step, const char *name, bool is_first)
{
	const char *colour = options.colour ? levels[step->level].colour : "";
	size_t pad;

	line_str(colour);
	line_str(levels[step->level].text);
	if (*colour)
		line_word("\x1b[0m");
	line_char(' ');
	line_str(name);
	for (pad = strlen(name); pad < 10; pad++)
		line_char(' ');
	line_wrapped(step->text, TEXT_COLUMN, TEXT_COLUMN);
	line_char('\n');
	if (!is_first || !*step->fix)
		return;
	line_word("Do: ");
	line_wrapped(step->fix, FIX_COLUMN, FIX_COLUMN);
	line_char('\n');
}

/* What helps is told of the first that is wrong: the others may go with it */
void text_steps(const struct steps *steps)
{
	int i;

	line_wrapped(steps->verdict, 0, 2);
	line_char('\n');
	for (i = 0; i < NUM_STEPS; i++)
		put_step(&steps->steps[i], step_names[i], i == steps->first);
	line_flush();
}
