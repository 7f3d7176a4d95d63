// SPDX-License-Identifier: GPL-2.0-or-later
/* summary as JSON, see Documentation/nft-offload.schema.json. */
#include <arpa/inet.h>
#include "json_writer.h"
#include "names.h"
#include "options.h"
#include "output.h"
#include "summary.h"

static void write_sums(const struct sums *sums)
{
	jw_u64("flows", sums->flows);
	jw_u64("hardware_flows", sums->hardware);
	jw_u64("refused", sums->refused);
	jw_u64("sw_bytes", sums->sw_bytes);
	jw_u64("hw_bytes", sums->hw_bytes);
}

static void write_device(const char *key, uint32_t ifindex)
{
	if (options.numeric)
		jw_u64(key, ifindex);
	else
		jw_str(key, device_name(ifindex));
}

static void write_paths(const struct tally *paths)
{
	const struct path_key *key;
	uint32_t i;

	jw_open("paths", '[');
	for (i = 0; i < paths->num; i++) {
		key = (const void *)paths->entries[i].key;
		jw_open(NULL, '{');
		write_device("iif", key->iif);
		write_device("oif", key->oif);
		write_sums(&paths->entries[i].sums);
		jw_close('}');
	}
	jw_close(']');
}

static void write_hosts(const struct tally *hosts, uint64_t limit)
{
	const struct host_key *key;
	char buf[INET6_ADDRSTRLEN];
	uint32_t i;

	jw_open("hosts", '[');
	for (i = 0; i < hosts->num && i < limit; i++) {
		key = (const void *)hosts->entries[i].key;
		jw_open(NULL, '{');
		jw_str("addr", addr_str(key->addr, key->len, buf));
		write_sums(&hosts->entries[i].sums);
		jw_close('}');
	}
	jw_close(']');
	if (hosts->num > limit)
		jw_u64("hosts_more", hosts->num - limit);
	if (hosts->dropped)
		jw_u64("hosts_dropped", hosts->dropped);
}

static void write_reasons(const struct tally *reasons)
{
	uint32_t i;

	jw_open("reasons", '[');
	for (i = 0; i < reasons->num; i++) {
		jw_open(NULL, '{');
		jw_str("reason", (const char *)reasons->entries[i].key);
		jw_u64("flows", reasons->entries[i].sums.flows);
		jw_close('}');
	}
	jw_close(']');
}

static void write_rooms(const struct facts *facts)
{
	unsigned int i;

	jw_open("rooms", '[');
	for (i = 0; i < facts->num_rooms; i++) {
		jw_open(NULL, '{');
		jw_str("device", facts->rooms[i].device);
		jw_str("name", facts->rooms[i].name);
		jw_u64("size", facts->rooms[i].size);
		if (facts->rooms[i].counted)
			jw_u64("used", facts->rooms[i].used);
		jw_close('}');
	}
	jw_close(']');
}

void summary_json(const struct summary *summary)
{
	json_begin();
	jw_line();
	jw_open(NULL, '{');
	jw_open("summary", '{');
	jw_open("total", '{');
	write_sums(&summary->total);
	jw_close('}');
	write_paths(&summary->paths);
	write_hosts(&summary->hosts, summary->limit);
	write_reasons(&summary->reasons);
	write_rooms(&summary->facts);
	jw_close('}');
	jw_close('}');
	json_end();
}
