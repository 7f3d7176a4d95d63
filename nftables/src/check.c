// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * check: what is wrong on this router. All is found out first, see facts.c; then each
 * check_*.c says how its subject is, and what helps. Nothing is changed.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "check.h"
#include "cmd.h"
#include "json_writer.h"
#include "line.h"
#include "names.h"
#include "options.h"
#include "output.h"

static const struct level {
	const char	*text, *json, *colour;
} levels[] = {
	[CHECK_OK]	= { "ok", "ok", "\x1b[32m" },
	[CHECK_UNKNOWN]	= { "?", "unknown", "" },
	[CHECK_WARN]	= { "WARN", "warn", "\x1b[33m" },
	[CHECK_FAIL]	= { "FAIL", "fail", "\x1b[31m" },
};

#define NUM_LEVELS	(sizeof(levels) / sizeof(levels[0]))

static unsigned int counts[NUM_LEVELS];

static void put_json(enum check_level level, const char *name, const char *subject,
		     const char *fix, const char *text)
{
	jw_line();
	jw_open(NULL, '{');
	jw_open("check", '{');
	jw_str("level", levels[level].json);
	jw_str("name", name);
	if (subject)
		jw_str("subject", subject);
	jw_str("text", text);
	if (fix)
		jw_str("do", fix);
	jw_close('}');
	jw_close('}');
}

#define TEXT_COLUMN	18
#define FIX_COLUMN	10

static void put_text(enum check_level level, const char *name, const char *subject,
		     const char *fix, const char *text)
{
	const char *colour = options.colour ? levels[level].colour : "";
	char head[32], all[2 * CHECK_TEXT];

	line_str(colour);
	snprintf(head, sizeof(head), "%-4s", levels[level].text);
	line_str(head);
	if (*colour)
		line_word("\x1b[0m");
	snprintf(head, sizeof(head), "  %-11s ", name);
	line_str(head);
	snprintf(all, sizeof(all), "%s%s%s", subject ? subject : "", subject ? ": " : "", text);
	line_wrapped(all, TEXT_COLUMN, TEXT_COLUMN);
	line_char('\n');
	if (fix) {
		line_word("      Do: ");
		line_wrapped(fix, FIX_COLUMN, FIX_COLUMN);
		line_char('\n');
	}
}

void check_line(enum check_level level, const char *name, const char *subject, const char *fix,
		const char *fmt, ...)
{
	char text[CHECK_TEXT];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	counts[level]++;
	if (options.json)
		put_json(level, name, subject, fix, text);
	else
		put_text(level, name, subject, fix, text);
}

const char *check_table_name(const struct nftnl_offload_table *table, char *buf)
{
	const char *name = nftnl_offload_table_get_str(table, NFTNL_OFFLOAD_TABLE_TABLE);
	const char *flowtable = nftnl_offload_table_get_str(table, NFTNL_OFFLOAD_TABLE_NAME);
	char family[NAME_SIZE];

	snprintf(buf, CHECK_TEXT, "%s %.200s %.200s",
		 family_name(nftnl_offload_table_get_u8(table, NFTNL_OFFLOAD_TABLE_FAMILY), family),
		 name ? name : "?", flowtable ? flowtable : "?");
	return buf;
}

const char *check_strict_fix(const struct facts *facts, const struct nftnl_offload_table *table,
			     const char *all, char *buf)
{
	char name[CHECK_TEXT];

	if (!facts->has_settings)
		snprintf(buf, CHECK_FIX, "%s", all);
	else
		snprintf(buf, CHECK_FIX,
			 "nft-offload set flowtable %s strict off, after a boot too, before the ruleset is loaded; or for all flowtables: %s",
			 table ? check_table_name(table, name) : "FAMILY TABLE NAME", all);
	return buf;
}

static void put_sum(void)
{
	line_flush();
	printf("%u ok, %u warning%s, %u failure%s", counts[CHECK_OK], counts[CHECK_WARN],
	       counts[CHECK_WARN] == 1 ? "" : "s", counts[CHECK_FAIL],
	       counts[CHECK_FAIL] == 1 ? "" : "s");
	if (counts[CHECK_UNKNOWN])
		printf(", %u not known", counts[CHECK_UNKNOWN]);
	putchar('\n');
}

int cmd_check(struct cmd *cmd)
{
	struct facts facts = { .tables = NULL };

	(void)cmd;
	memset(counts, 0, sizeof(counts));
	facts_tables(&facts);
	if (!facts.no_kernel)
		facts_settings(&facts);
	facts_machine(&facts);
	facts_rooms(&facts);
	output_begin();
	if (options.json)
		json_begin();
	check_kernel(&facts);
	check_settings(&facts);
	check_flowtables(&facts);
	check_policies(&facts);
	check_rules(&facts);
	check_routes(&facts);
	check_conntrack(&facts);
	check_rooms(&facts);
	check_reasons(&facts);
	if (options.json)
		json_end();
	else
		put_sum();
	fflush(stdout);
	facts_free(&facts);
	return counts[CHECK_FAIL] ? EXIT_REFUSED : EXIT_FINE;
}
