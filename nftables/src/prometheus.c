// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Flowtables in Prometheus' text format, for the textfile collector of node_exporter.
 *
 * Samples of a metric have to be together, so flowtables are kept until all are
 * there. There are few of them.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <libnftnl_offload/flow.h>
#include <libnftnl_offload/table.h>
#include "input.h"
#include "names.h"
#include "output.h"

struct entry {
	struct entry			*next;
	struct nftnl_offload_table	*table;
	/* of the flows that it has now: software, hardware */
	uint64_t			packets[2], bytes[2];
};

static struct entry *entries, **last = &entries;

void prometheus_drop(void)
{
	struct entry *next;

	for (; entries; entries = next) {
		next = entries->next;
		nftnl_offload_table_free(entries->table);
		free(entries);
	}
	last = &entries;
}

/* The library has no copy: the numbers and strings one by one */
static struct nftnl_offload_table *clone(const struct nftnl_offload_table *table)
{
	struct nftnl_offload_table *copy = nftnl_offload_table_alloc();
	const struct nftnl_offload_device *device;
	const struct nftnl_offload_reason *reason;
	unsigned int i;

	if (!copy)
		xalloc(SIZE_MAX);
	for (i = 0; i <= NFTNL_OFFLOAD_TABLE_MAX; i++) {
		if (!nftnl_offload_table_is_set(table, i))
			continue;
		switch (i) {
		case NFTNL_OFFLOAD_TABLE_FAMILY:
		case NFTNL_OFFLOAD_TABLE_ALLOWED:
			nftnl_offload_table_set_u8(copy, i, nftnl_offload_table_get_u8(table, i));
			break;
		case NFTNL_OFFLOAD_TABLE_TABLE:
		case NFTNL_OFFLOAD_TABLE_NAME:
			nftnl_offload_table_set_str(copy, i, nftnl_offload_table_get_str(table, i));
			break;
		case NFTNL_OFFLOAD_TABLE_HW_ADDS:
		case NFTNL_OFFLOAD_TABLE_HW_DELS:
			nftnl_offload_table_set_u64(copy, i, nftnl_offload_table_get_u64(table, i));
			break;
		default:
			nftnl_offload_table_set_u32(copy, i, nftnl_offload_table_get_u32(table, i));
		}
	}
	for (i = 0; (device = nftnl_offload_table_device(table, i)); i++)
		nftnl_offload_table_add_device(copy, device);
	for (i = 0; (reason = nftnl_offload_table_reason(table, i)); i++)
		nftnl_offload_table_add_reason(copy, reason);
	for (i = 0; (reason = nftnl_offload_table_errno(table, i)); i++)
		nftnl_offload_table_add_reason(copy, reason);
	return copy;
}

void prometheus_table(const struct nftnl_offload_table *table)
{
	struct entry *entry = xalloc(sizeof(*entry));

	entry->table = clone(table);
	*last = entry;
	last = &entry->next;
}

static bool same_str(const char *one, const char *other)
{
	return one && other && !strcmp(one, other);
}

static struct entry *find_entry(const struct nftnl_flow *flow)
{
	struct entry *entry;

	for (entry = entries; entry; entry = entry->next)
		if (nftnl_offload_table_get_u8(entry->table, NFTNL_OFFLOAD_TABLE_FAMILY) ==
		    nftnl_flow_get_u8(flow, NFTNL_FLOW_TABLE_FAMILY) &&
		    same_str(nftnl_offload_table_get_str(entry->table, NFTNL_OFFLOAD_TABLE_NAME),
			     nftnl_flow_get_str(flow, NFTNL_FLOW_FLOWTABLE)) &&
		    same_str(nftnl_offload_table_get_str(entry->table, NFTNL_OFFLOAD_TABLE_TABLE),
			     nftnl_flow_get_str(flow, NFTNL_FLOW_TABLE)))
			return entry;
	return NULL;
}

void prometheus_flow(const struct nftnl_flow *flow)
{
	struct entry *entry = find_entry(flow);
	uint16_t dir;

	if (!entry)	/* it was made meanwhile */
		return;
	for (dir = 0; dir < 2; dir++) {
		uint16_t step = dir * NFTNL_FLOW_DIR_STEP;

		entry->packets[0] += nftnl_flow_get_u64(flow, NFTNL_FLOW_ORIG_SW_PACKETS + step);
		entry->bytes[0] += nftnl_flow_get_u64(flow, NFTNL_FLOW_ORIG_SW_BYTES + step);
		entry->packets[1] += nftnl_flow_get_u64(flow, NFTNL_FLOW_ORIG_HW_PACKETS + step);
		entry->bytes[1] += nftnl_flow_get_u64(flow, NFTNL_FLOW_ORIG_HW_BYTES + step);
	}
}

/* UTF-8, with backslash, quote and newline escaped */
static void print_label(const char *name, const char *value)
{
	unsigned int len;

	printf("%s=\"", name);
	for (; *value; value += len) {
		len = utf8_len(value);
		if (!len) {
			fputs("\xef\xbf\xbd", stdout);
			len = 1;
		} else if (*value == '\n') {
			fputs("\\n", stdout);
		} else {
			if (*value == '\\' || *value == '"')
				putchar('\\');
			fwrite(value, 1, len, stdout);
		}
	}
	putchar('"');
}

static void print_head(const char *metric, const char *type, const char *help)
{
	printf("# HELP %s %s\n# TYPE %s %s\n", metric, help, metric, type);
}

static void print_sample(const char *metric, const struct nftnl_offload_table *table,
			 const char *label, const char *value, uint64_t number)
{
	char buf[NAME_SIZE];
	const char *name;

	printf("%s{", metric);
	print_label("family", family_name(nftnl_offload_table_get_u8(table,
							NFTNL_OFFLOAD_TABLE_FAMILY), buf));
	putchar(',');
	name = nftnl_offload_table_get_str(table, NFTNL_OFFLOAD_TABLE_TABLE);
	print_label("table", name ? name : "");
	putchar(',');
	name = nftnl_offload_table_get_str(table, NFTNL_OFFLOAD_TABLE_NAME);
	print_label("flowtable", name ? name : "");
	if (label) {
		putchar(',');
		print_label(label, value);
	}
	printf("} %" PRIu64 "\n", number);
}

static const struct metric {
	const char	*name, *type, *help;
	uint16_t	attr;
	uint32_t	flag;		/* a bit of it: 0 or 1 */
	const char	*queue;
} metrics[] = {
	{ "nft_offload_flows", "gauge", "Flows in the flowtable.",
	  NFTNL_OFFLOAD_TABLE_FLOWS, 0, NULL },
	{ "nft_offload_hardware_flows", "gauge", "Flows in hardware.",
	  NFTNL_OFFLOAD_TABLE_HW_FLOWS, 0, NULL },
	{ "nft_offload_hardware_requested", "gauge", "Whether the flowtable has \"flags offload\".",
	  NFTNL_OFFLOAD_TABLE_FLAGS, NFT_OFFLOAD_TABLE_FLAG_HARDWARE, NULL },
	{ "nft_offload_hardware_allowed", "gauge", "Sysctl net.netfilter.nf_flow_offload.",
	  NFTNL_OFFLOAD_TABLE_ALLOWED, 0, NULL },
	{ "nft_offload_hardware_added_total", "counter", "Flows that got into hardware.",
	  NFTNL_OFFLOAD_TABLE_HW_ADDS, 0, NULL },
	{ "nft_offload_hardware_deleted_total", "counter", "Flows that left hardware.",
	  NFTNL_OFFLOAD_TABLE_HW_DELS, 0, NULL },
	{ "nft_offload_queue_length", "gauge", "Flows that wait for a driver.",
	  NFTNL_OFFLOAD_TABLE_QUEUE_ADD, 0, "add" },
	{ NULL, NULL, NULL, NFTNL_OFFLOAD_TABLE_QUEUE_DEL, 0, "delete" },
	{ NULL, NULL, NULL, NFTNL_OFFLOAD_TABLE_QUEUE_STATS, 0, "stats" },
};

static uint64_t table_number(const struct nftnl_offload_table *table, const struct metric *metric)
{
	switch (metric->attr) {
	case NFTNL_OFFLOAD_TABLE_ALLOWED:
		return nftnl_offload_table_get_u8(table, metric->attr);
	case NFTNL_OFFLOAD_TABLE_HW_ADDS:
	case NFTNL_OFFLOAD_TABLE_HW_DELS:
		return nftnl_offload_table_get_u64(table, metric->attr);
	case NFTNL_OFFLOAD_TABLE_FLAGS:
		return !!(nftnl_offload_table_get_u32(table, metric->attr) & metric->flag);
	}
	return nftnl_offload_table_get_u32(table, metric->attr);
}

static void print_metrics(void)
{
	const struct metric *metric = metrics;
	const char *name = NULL;
	const struct entry *entry;
	size_t i;

	for (i = 0; i < sizeof(metrics) / sizeof(metrics[0]); i++, metric++) {
		if (metric->name) {
			name = metric->name;
			print_head(name, metric->type, metric->help);
		}
		for (entry = entries; entry; entry = entry->next)
			print_sample(name, entry->table, metric->queue ? "queue" : NULL,
				     metric->queue, table_number(entry->table, metric));
	}
}

static void print_traffic(void)
{
	static const char *const layers[] = { "software", "hardware" };
	const struct entry *entry;
	int i;

	print_head("nft_offload_packets", "gauge",
		   "Packets of the flows there are now, both directions.");
	for (entry = entries; entry; entry = entry->next)
		for (i = 0; i < 2; i++)
			print_sample("nft_offload_packets", entry->table, "layer", layers[i],
				     entry->packets[i]);
	print_head("nft_offload_bytes", "gauge",
		   "Bytes of the flows there are now, both directions.");
	for (entry = entries; entry; entry = entry->next)
		for (i = 0; i < 2; i++)
			print_sample("nft_offload_bytes", entry->table, "layer", layers[i],
				     entry->bytes[i]);
}

static void print_lists(void)
{
	const struct nftnl_offload_device *device;
	const struct nftnl_offload_reason *reason;
	const struct entry *entry;
	char buf[NAME_SIZE];
	unsigned int i;

	print_head("nft_offload_device_usable", "gauge",
		   "Whether nothing is known against offload by the device.");
	for (entry = entries; entry; entry = entry->next)
		for (i = 0; (device = nftnl_offload_table_device(entry->table, i)); i++)
			print_sample("nft_offload_device_usable", entry->table, "device",
				     device->name, !device->err);
	print_head("nft_offload_reasons_total", "counter",
		   "Why a flow did not get into hardware, or a packet made no flow.");
	for (entry = entries; entry; entry = entry->next)
		for (i = 0; (reason = nftnl_offload_table_reason(entry->table, i)); i++)
			print_sample("nft_offload_reasons_total", entry->table, "reason",
				     reason->name ? reason->name : "?", reason->count);
	print_head("nft_offload_driver_errors_total", "counter", "Errors of drivers.");
	for (entry = entries; entry; entry = entry->next)
		for (i = 0; (reason = nftnl_offload_table_errno(entry->table, i)); i++)
			print_sample("nft_offload_driver_errors_total", entry->table, "errno",
				     reason->err ? errno_name(reason->err, buf) : "other",
				     reason->count);
}

void prometheus_end(void)
{
	print_metrics();
	print_traffic();
	print_lists();
	prometheus_drop();
}
