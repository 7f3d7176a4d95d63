// SPDX-License-Identifier: GPL-2.0-or-later
/* What commands print, in the format that was asked for. */
#include <inttypes.h>
#include <stdio.h>
#include <time.h>
#include "options.h"
#include "output.h"

static bool begun;

static void begin(void)
{
	if (options.json && !begun)
		json_begin();
	begun = true;
}

void output_begin(void)
{
	begun = false;
}

void output_end(void)
{
	begin();
	if (options.json)
		json_end();
	else if (options.prometheus)
		prometheus_end();
	fflush(stdout);
}

void output_abort(void)
{
	if (options.json && begun)
		json_end();
	if (options.prometheus)
		prometheus_drop();
	fflush(stdout);
}

void output_flow(const struct nftnl_flow *flow)
{
	begin();
	if (options.json)
		json_flow(flow);
	else
		text_flow(flow);
}

void output_table(const struct nftnl_offload_table *table)
{
	begin();
	if (options.prometheus)
		prometheus_table(table);
	else if (options.json)
		json_table(table);
	else
		text_table(table);
}

void output_setting(const char *name, int value)
{
	begin();
	if (options.json)
		json_setting(name, value);
	else
		printf("set %s %s\n", name, value ? "on" : "off");
}

void output_table_setting(const struct nftnl_offload_table *setting)
{
	begin();
	if (options.json)
		json_table_setting(setting);
	else
		text_table_setting(setting);
}

void output_policy(const struct nftnl_offload_policy *policy, bool notes)
{
	begin();
	if (options.json)
		json_policy(policy);
	else
		text_policy(policy, notes);
}

void output_count(const char *what, uint64_t flows)
{
	begin();
	if (options.json)
		json_count(what, flows);
	else
		printf("%" PRIu64 "\n", flows);
}

void output_explain(const struct nftnl_offload_explain *explain, const struct steps *steps)
{
	begin();
	if (options.json)
		json_explain(explain, steps);
	else if (options.list_long)
		text_explain(explain);
	else
		text_steps(steps);
}

/* When this program has it, in the local time */
static const char *time_text(char *buf, size_t size)
{
	struct timespec now;
	struct tm tm;
	size_t len;

	clock_gettime(CLOCK_REALTIME, &now);
	localtime_r(&now.tv_sec, &tm);
	len = strftime(buf, size, "%Y-%m-%dT%H:%M:%S", &tm);
	len += snprintf(buf + len, size - len, ".%03ld", now.tv_nsec / 1000000);
	strftime(buf + len, size - len, "%z", &tm);
	return buf;
}

void output_event(const struct nftnl_flow *flow)
{
	char time[64];

	if (options.timestamp && !options.json)
		printf("%s ", time_text(time, sizeof(time)));
	if (options.json)
		json_event(flow, options.timestamp ? time_text(time, sizeof(time)) : NULL);
	else
		text_event(flow);
}

void output_lost(uint32_t count)
{
	if (options.json)
		json_lost(count);
	else if (count)
		printf("# %" PRIu32 " events lost\n", count);
	else
		puts("# events lost");
}
