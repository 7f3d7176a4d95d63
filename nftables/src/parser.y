/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Commands, in nft's words. */
%code requires {
#include "parse.h"
}

%code {
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <netinet/in.h>
#include <linux/netfilter.h>
#include "match.h"
#include "ruleset.h"
#include "value.h"

#define YYLLOC_DEFAULT(to, from, n)						\
	do {									\
		if (n)								\
			(to) = location_join(&YYRHSLOC(from, 1), &YYRHSLOC(from, n)); \
		else								\
			(to) = YYRHSLOC(from, 0);				\
	} while (0)

/* What fails has said so. The rest of the command is skipped. */
#define CHECK(ret)								\
	do {									\
		if ((ret) < 0) {						\
			p->errors++;						\
			YYERROR;						\
		}								\
	} while (0)

static struct cmd *cmd_of(struct parse *p);
static struct spec *spec_of(struct parse *p);
static void cmd_done(struct parse *p, enum cmd_op op, const struct location *loc);
static void cmd_drop(struct parse *p);
static void values_begin(struct parse *p, bool negate);
static int values_add(struct parse *p, const struct location *loc, char *text);
static int add_match(struct parse *p, const struct location *loc, int field, int proto);
static int set_topic(struct parse *p, const struct location *loc, const char *value);
static int set_flowtable(struct parse *p, const struct location *family_loc, const char *family,
			 const struct location *table_loc, const char *table,
			 const struct location *name_loc, const char *name, int value);
static int set_sort(struct parse *p, const struct location *loc,
		    const struct location *value_loc, const char *value);
static int set_limit(struct parse *p, const struct location *loc,
		     const struct location *value_loc, const char *value);
static void offload_error(const struct location *loc, struct parse *p, const char *msg);
}

%code provides {
int offload_lex(OFFLOAD_STYPE *value, struct location *loc, struct parse *p);
}

%define api.pure full
%define api.prefix {offload_}
%define api.location.type {struct location}
%define parse.error custom
%define parse.lac full
%locations
%param { struct parse *p }
%expect 0

%union {
	char	*str;
	int	number;
}

%token NEWLINE "end of file or newline" SEMICOLON "semicolon" JUNK "junk"
%token <str> WORD "string"
%token <str> LIST "list" FLUSH "flush" MONITOR "monitor" EXPLAIN "explain" TOP "top"
%token <str> SET "set" HELP "help" FLOWS "flows" FLOW "flow" FLOWTABLES "flowtables"
%token <str> RULESET "ruleset" TABLE "table" FLOWTABLE "flowtable" IP "ip" IP6 "ip6"
%token <str> SADDR "saddr" DADDR "daddr" TCP "tcp" UDP "udp" GRE "gre" TH "th"
%token <str> SPORT "sport" DPORT "dport" META "meta" L4PROTO "l4proto" NFPROTO "nfproto"
%token <str> IIF "iif" OIF "oif" CT "ct" MARK "mark" ZONE "zone" ID "id"
%token <str> SORT "sort" LIMIT "limit" SETTINGS "settings" CHECK_WORD "check"
%token <str> SUMMARY "summary" HOST "host" IIFNAME "iifname" OIFNAME "oifname"
%token <str> ORIGINAL "original" REPLY "reply" PROTO_SRC "proto-src" PROTO_DST "proto-dst"
%token EQ "==" NE "!="
%token <str> STATE "state" OFFLOAD "offload" STRICT "strict" ON "on" OFF "off"
%token <str> DEFAULT "default" EXPORT "export" IPFIX "ipfix" FILE_WORD "file"
%token <str> TIMEOUT "timeout" TEMPLATES "templates" DOMAIN_WORD "domain" SINCE "since"

%type <str> name
%type <number> l3 l4 export_number port addr device setting switch value_or_default ct_field dir proto_port

%destructor { free($$); } <str>

%%

input		: %empty
		| input line
		;

line		: end
		| command end
		| error end
		{
			cmd_drop(p);
			if (p->errors >= MAX_ERRORS)
				YYABORT;
			yyerrok;
		}
		;

end		: NEWLINE
		| SEMICOLON
		;

command		: LIST FLOWS listing	{ cmd_done(p, CMD_LIST_FLOWS, &@$); free($1); free($2); }
		| LIST FLOW connection	{ cmd_done(p, CMD_LIST_FLOW, &@$); free($1); free($2); }
		| LIST FLOW connection zone
					{ cmd_done(p, CMD_LIST_FLOW, &@$); free($1); free($2); }
		| LIST FLOW ct_id	{ cmd_done(p, CMD_LIST_FLOW, &@$); free($1); free($2); }
		| LIST FLOWTABLES	{ cmd_done(p, CMD_LIST_FLOWTABLES, &@$); free($1); free($2); }
		| LIST FLOWTABLE name name name
		{
			struct location table = location_join(&@3, &@4);
			int ret = spec_table(spec_of(p), &table, &@3, $3, $4);

			if (ret == 0)
				ret = spec_flowtable(spec_of(p), &@5, $5);
			free($1);
			free($2);
			free($3);
			free($4);
			free($5);
			CHECK(ret);
			cmd_done(p, CMD_LIST_FLOWTABLES, &@$);
		}
		| LIST RULESET		{ cmd_done(p, CMD_LIST_RULESET, &@$); free($1); free($2); }
		| LIST SETTINGS		{ cmd_done(p, CMD_LIST_RULESET, &@$); free($1); free($2); }
		| FLUSH FLOWS filter	{ cmd_done(p, CMD_FLUSH_FLOWS, &@$); free($1); free($2); }
		| MONITOR filter	{ cmd_done(p, CMD_MONITOR, &@$); free($1); }
		| MONITOR FLOWS filter	{ cmd_done(p, CMD_MONITOR, &@$); free($1); free($2); }
		| EXPLAIN connection wheres_zone
					{ cmd_done(p, CMD_EXPLAIN, &@$); free($1); }
		| EXPLAIN ct_id wheres	{ cmd_done(p, CMD_EXPLAIN, &@$); free($1); }
		| TOP filter		{ cmd_done(p, CMD_TOP, &@$); free($1); }
		| SUMMARY summary	{ cmd_done(p, CMD_SUMMARY, &@$); free($1); }
		| EXPORT IPFIX exporter exports
					{ cmd_done(p, CMD_EXPORT, &@$); free($1); free($2); }
		| CHECK_WORD		{ cmd_done(p, CMD_CHECK, &@$); free($1); }
		| HELP			{ cmd_done(p, CMD_HELP, &@$); free($1); }
		| HELP name
		{
			int ret = set_topic(p, &@2, $2);

			free($1);
			free($2);
			CHECK(ret);
			cmd_done(p, CMD_HELP, &@$);
		}
		| SET setting switch
		{
			cmd_of(p)->setting = &settings[$2];
			cmd_of(p)->value = $3;
			cmd_done(p, CMD_SET, &@$);
			free($1);
		}
		| SET FLOWTABLE name name STRICT value_or_default
		{
			int ret = set_flowtable(p, NULL, "ip", &@3, $3, &@4, $4, $6);

			free($1);
			free($2);
			free($3);
			free($4);
			free($5);
			CHECK(ret);
			cmd_done(p, CMD_SET_FLOWTABLE, &@$);
		}
		| SET FLOWTABLE name name name STRICT value_or_default
		{
			int ret = set_flowtable(p, &@3, $3, &@4, $4, &@5, $5, $7);

			free($1);
			free($2);
			free($3);
			free($4);
			free($5);
			free($6);
			CHECK(ret);
			cmd_done(p, CMD_SET_FLOWTABLE, &@$);
		}
		;

setting		: OFFLOAD		{ $$ = SETTING_OFFLOAD; free($1); }
		| STRICT		{ $$ = SETTING_STRICT; free($1); }
		;

switch		: ON			{ $$ = 1; free($1); }
		| OFF			{ $$ = 0; free($1); }
		;

value_or_default : switch
		| DEFAULT		{ $$ = VALUE_DEFAULT; free($1); }
		;

connection	: l4 name name
		{
			int ret = spec_connection(spec_of(p), $1, &@2, $2, &@3, $3);

			free($2);
			free($3);
			CHECK(ret);
		}
		| GRE name name
		{
			int ret = spec_connection(spec_of(p), IPPROTO_GRE, &@2, $2, &@3, $3);

			free($1);
			free($2);
			free($3);
			CHECK(ret);
		}
		;

/* For explain. An id takes the place of a zone. */
wheres_zone	: %empty
		| wheres_zone where
		| wheres_zone zone
		;

wheres		: %empty
		| wheres where
		;

where		: iif
		| table
		| flowtable
		;

iif		: IIF name
		{
			int ret = spec_device(spec_of(p), &@$, &@2, SPEC_IIF, $2);

			free($1);
			free($2);
			CHECK(ret);
		}
		;

table		: TABLE name name
		{
			int ret = spec_table(spec_of(p), &@$, &@2, $2, $3);

			free($1);
			free($2);
			free($3);
			CHECK(ret);
		}
		;

flowtable	: FLOWTABLE name
		{
			int ret = spec_flowtable(spec_of(p), &@$, $2);

			free($1);
			free($2);
			CHECK(ret);
		}
		;

zone		: CT ZONE name
		{
			int ret = spec_zone(spec_of(p), &@$, &@3, $3);

			free($1);
			free($2);
			free($3);
			CHECK(ret);
		}
		;

ct_id		: CT ID name
		{
			int ret = spec_ct_id(spec_of(p), &@$, &@3, $3);

			free($1);
			free($2);
			free($3);
			CHECK(ret);
		}
		;

listing		: %empty
		| listing match
		| listing SORT name
		{
			struct location loc = location_join(&@2, &@3);
			int ret = set_sort(p, &loc, &@3, $3);

			free($2);
			free($3);
			CHECK(ret);
		}
		| listing limit
		;

summary		: %empty
		| summary match
		| summary limit
		;

limit		: LIMIT name
		{
			int ret = set_limit(p, &@$, &@2, $2);

			free($1);
			free($2);
			CHECK(ret);
		}
		;

exporter	: l4 name
		{
			int ret = export_target(&cmd_of(p)->export, $1 == IPPROTO_TCP ?
						COLLECTOR_TCP : COLLECTOR_UDP, &@2, $2);

			free($2);
			CHECK(ret);
		}
		| FILE_WORD name
		{
			int ret = export_target(&cmd_of(p)->export, COLLECTOR_FILE, &@2, $2);

			free($1);
			free($2);
			CHECK(ret);
		}
		;

exports		: %empty
		| exports match
		| exports limit
		| exports export_number name
		{
			struct location loc = location_join(&@2, &@3);
			int ret = export_number(&cmd_of(p)->export, $2, &loc, &@3, $3);

			free($3);
			CHECK(ret);
		}
		| exports SINCE name
		{
			struct location loc = location_join(&@2, &@3);
			int ret = export_since(&cmd_of(p)->export, &loc, &@3, $3);

			free($2);
			free($3);
			CHECK(ret);
		}
		;

export_number	: TIMEOUT		{ $$ = EXPORT_TIMEOUT; free($1); }
		| TEMPLATES		{ $$ = EXPORT_TEMPLATES; free($1); }
		| DOMAIN_WORD		{ $$ = EXPORT_DOMAIN; free($1); }
		;

filter		: %empty
		| filter match
		;

match		: table
		| flowtable
		| l3 addr values	{ CHECK(add_match(p, &@$, $2, $1)); }
		| l4 port values	{ CHECK(add_match(p, &@$, $2, $1)); }
		| TH port values	{ free($1); CHECK(add_match(p, &@$, $2, -1)); }
		| HOST values		{ free($1); CHECK(add_match(p, &@$, MATCH_HOST, -1)); }
		| META L4PROTO values
		{
			free($1);
			free($2);
			CHECK(add_match(p, &@$, MATCH_L4PROTO, -1));
		}
		| META NFPROTO values
		{
			free($1);
			free($2);
			CHECK(add_match(p, &@$, MATCH_NFPROTO, -1));
		}
		| device values		{ CHECK(add_match(p, &@$, $1, -1)); }
		| CT ct_field values	{ free($1); CHECK(add_match(p, &@$, $2, -1)); }
		| CT dir l3 addr values
		{
			free($1);
			CHECK(add_match(p, &@$, $4 + $2, $3));
		}
		| CT dir proto_port values
		{
			free($1);
			CHECK(add_match(p, &@$, $3 + $2, -1));
		}
		| state_begin states
		| state_begin NE states	{ spec_state_negate(spec_of(p)); }
		;

/* One, or a set of them; what they must not be */
values		: relation value
		| relation '{' value_list '}'
		| relation '{' value_list ',' '}'
		;

relation	: %empty		{ values_begin(p, false); }
		| EQ			{ values_begin(p, false); }
		| NE			{ values_begin(p, true); }
		;

value_list	: value
		| value_list ',' value
		;

value		: name			{ CHECK(values_add(p, &@1, $1)); }
		;

ct_field	: MARK			{ $$ = MATCH_MARK; free($1); }
		| ZONE			{ $$ = MATCH_ZONE; free($1); }
		| ID			{ $$ = MATCH_CT_ID; free($1); }
		;

/* What to add to the field of the original direction */
dir		: ORIGINAL		{ $$ = 0; free($1); }
		| REPLY			{ $$ = MATCH_REPLY_SADDR - MATCH_SADDR; free($1); }
		;

proto_port	: PROTO_SRC		{ $$ = MATCH_SPORT; free($1); }
		| PROTO_DST		{ $$ = MATCH_DPORT; free($1); }
		;

state_begin	: STATE
		{
			free($1);
			CHECK(spec_state_begin(spec_of(p), &@$));
		}
		;

states		: state
		| '{' state_list '}'
		| '{' state_list ',' '}'
		;

state_list	: state
		| state_list ',' state
		;

state		: name
		{
			int ret = spec_state(spec_of(p), &@1, $1);

			free($1);
			CHECK(ret);
		}
		;

l3		: IP			{ $$ = NFPROTO_IPV4; free($1); }
		| IP6			{ $$ = NFPROTO_IPV6; free($1); }
		;

l4		: TCP			{ $$ = IPPROTO_TCP; free($1); }
		| UDP			{ $$ = IPPROTO_UDP; free($1); }
		;

addr		: SADDR			{ $$ = MATCH_SADDR; free($1); }
		| DADDR			{ $$ = MATCH_DADDR; free($1); }
		;

port		: SPORT			{ $$ = MATCH_SPORT; free($1); }
		| DPORT			{ $$ = MATCH_DPORT; free($1); }
		;

device		: IIF			{ $$ = MATCH_IIF; free($1); }
		| OIF			{ $$ = MATCH_OIF; free($1); }
		| IIFNAME		{ $$ = MATCH_IIFNAME; free($1); }
		| OIFNAME		{ $$ = MATCH_OIFNAME; free($1); }
		;

/* A table may be named as a command is. */
name		: WORD | LIST | FLUSH | MONITOR | EXPLAIN | TOP | SET | HELP | FLOWS | FLOW
		| FLOWTABLES | RULESET | TABLE | FLOWTABLE | IP | IP6 | SADDR | DADDR | TCP
		| UDP | GRE | TH | SPORT | DPORT | META | L4PROTO | NFPROTO | IIF | OIF | CT
		| MARK | ZONE | ID | SORT | LIMIT | SETTINGS | STATE | OFFLOAD | STRICT | ON | OFF
		| CHECK_WORD | SUMMARY | HOST | IIFNAME | OIFNAME | ORIGINAL | REPLY | PROTO_SRC
		| PROTO_DST | DEFAULT | EXPORT | IPFIX | FILE_WORD | TIMEOUT | TEMPLATES
		| DOMAIN_WORD | SINCE
		;

%%

static struct cmd *cmd_of(struct parse *p)
{
	if (!p->cmd)
		p->cmd = cmd_alloc();
	return p->cmd;
}

static struct spec *spec_of(struct parse *p)
{
	return &cmd_of(p)->spec;
}

static void cmd_done(struct parse *p, enum cmd_op op, const struct location *loc)
{
	struct cmd *cmd = cmd_of(p);

	cmd->op = op;
	cmd->loc = *loc;
	*p->last = cmd;
	p->last = &cmd->next;
	p->cmd = NULL;
}

static void values_clear(struct parse *p)
{
	while (p->num_values)
		free((char *)p->values[--p->num_values].text);
}

static void values_begin(struct parse *p, bool negate)
{
	values_clear(p);
	p->negate = negate;
}

/* Takes @text */
static int values_add(struct parse *p, const struct location *loc, char *text)
{
	if (p->num_values == MAX_VALUES) {
		error_at(loc, "a set has at most %d elements", MAX_VALUES);
		free(text);
		return -1;
	}
	p->values[p->num_values].text = text;
	p->values[p->num_values++].loc = *loc;
	return 0;
}

static int add_match(struct parse *p, const struct location *loc, int field, int proto)
{
	int ret = match_add(spec_of(p), loc, field, proto, p->negate, p->values, p->num_values);

	values_clear(p);
	return ret;
}

static void cmd_drop(struct parse *p)
{
	values_clear(p);
	cmds_free(p->cmd);
	p->cmd = NULL;
}

static int set_sort(struct parse *p, const struct location *loc,
		    const struct location *value_loc, const char *value)
{
	struct cmd *cmd = cmd_of(p);
	int sort = list_sort_number(value);

	if (cmd->sort) {
		error_at(loc, "You can specify \"sort\" only once");
		return -1;
	}
	if (sort < 0) {
		error_at(value_loc,
			 "syntax error, unexpected %s, expecting bytes, packets, age or rate",
			 value);
		return -1;
	}
	cmd->sort = sort;
	return 0;
}

static int set_limit(struct parse *p, const struct location *loc,
		     const struct location *value_loc, const char *value)
{
	struct cmd *cmd = cmd_of(p);

	if (cmd->limit) {
		error_at(loc, "You can specify \"limit\" only once");
		return -1;
	}
	if (number_parse(value, UINT32_MAX, &cmd->limit) < 0 || !cmd->limit) {
		error_at(value_loc, "syntax error, unexpected %s, expecting a number from 1 on",
			 value);
		return -1;
	}
	return 0;
}

static int set_flowtable(struct parse *p, const struct location *family_loc, const char *family,
			 const struct location *table_loc, const char *table,
			 const struct location *name_loc, const char *name, int value)
{
	cmd_of(p)->value = value;
	if (spec_table(spec_of(p), table_loc, family_loc, family, table) < 0)
		return -1;
	return spec_flowtable(spec_of(p), name_loc, name);
}

static int set_topic(struct parse *p, const struct location *loc, const char *value)
{
	if (strcmp(value, "reasons")) {
		error_at(loc, "syntax error, unexpected %s, expecting reasons", value);
		return -1;
	}
	cmd_of(p)->reasons = true;
	return 0;
}

/* The text of a token, as far as it fits */
static const char *token_text(const struct location *loc, char *buf, size_t size)
{
	const char *line = loc->input->text, *end = line + loc->input->len;
	unsigned int i, len = loc->last - loc->first + 1;

	for (i = 1; i < loc->line; i++)
		line = (const char *)memchr(line, '\n', end - line) + 1;
	line += loc->first - 1;
	if (line >= end)
		return "end of file";
	if (*line == '\n')
		return "newline";
	if (*line == ';')
		return "semicolon";
	if (len >= size)
		len = size - 1;
	memcpy(buf, line, len);
	buf[len] = '\0';
	for (i = 0; i < len; i++)
		if ((unsigned char)buf[i] < ' ')
			buf[i] = '?';
	return buf;
}

#define MAX_EXPECTED	6	/* in one "or" */

/* What a word has to be that may be any, by the tokens before it */
static const char *word_expected(const struct parse *p)
{
	static const struct {
		int		after;
		const char	*text;
	} texts[] = {
		{ SADDR, "an address, prefix or range" }, { DADDR, "an address, prefix or range" },
		{ SPORT, "a port, service or range" }, { DPORT, "a port, service or range" },
		{ PROTO_SRC, "a port, service or range" }, { PROTO_DST, "a port, service or range" },
		{ HOST, "an address, prefix or range" }, { L4PROTO, "tcp, udp, gre or a number" },
		{ NFPROTO, "ipv4 or ipv6" }, { IIF, "a device" }, { OIF, "a device" },
		{ IIFNAME, "a device" }, { OIFNAME, "a device" }, { MARK, "a mark, or MARK/MASK" },
		{ ZONE, "a zone from 0 to 65535" }, { ID, "the id of a conntrack entry" },
		{ TABLE, "ip, ip6, inet, bridge or netdev" }, { FLOWTABLE, "a flowtable" },
		{ STATE, "software, hardware, pending, failed or closing" },
		{ HELP, "reasons" }, { SORT, "bytes, packets, age or rate" }, { LIMIT, "a number from 1 on" },
		{ TCP, "ADDRESS:PORT or [ADDRESS]:PORT" },
		{ UDP, "ADDRESS:PORT or [ADDRESS]:PORT" }, { GRE, "an address" },
		{ FILE_WORD, "a file" }, { TIMEOUT, "seconds from 1 to 86400" },
		{ TEMPLATES, "seconds from 1 to 86400" },
		{ DOMAIN_WORD, "a number up to 4294967295" }, { SINCE, "flow or start" },
	};
	const int *before = p->kinds + 1;	/* of the unexpected one */
	int after = *before;
	size_t i;

	if (before[1] == IPFIX && after != FILE_WORD)
		return "HOST:PORT or [ADDRESS]:PORT";
	/* the family may be missing here */
	if (before[0] == FLOWTABLE && before[1] == SET)
		return "a family or a table";
	if (before[1] == FLOWTABLE && before[2] == SET)
		return "a table or a flowtable";
	if (before[2] == FLOWTABLE && before[3] == SET)
		return "a flowtable or strict";
	/* a family, then names, which may be words of the language */
	if (before[1] == TABLE || (before[1] == FLOWTABLE && before[2] == LIST))
		return "a table";
	if (before[2] == FLOWTABLE && before[3] == LIST)
		return "a flowtable";
	if (after == FLOWTABLE && before[1] == LIST)
		after = TABLE;
	else if (after == NE || after == EQ)
		after = before[1];
	else if (after == '{')
		after = before[1] == NE || before[1] == EQ ? before[2] : before[1];
	else if (before[1] == TCP || before[1] == UDP || before[1] == GRE)
		after = before[1];
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (texts[i].after == after)
			return texts[i].text;
	return "a value";
}

/* What may come: a word, one of a few, or a longer list, without the end of the command */
static void put_expected(const struct parse *p, const yysymbol_kind_t *expected, int n,
			 char *list, size_t size)
{
	bool many = n > MAX_EXPECTED;
	size_t used = 0;
	int i;

	*list = '\0';
	for (i = 0; i < n; i++) {
		if (expected[i] == YYSYMBOL_WORD && many) {
			snprintf(list, size, ", expecting %s", word_expected(p));
			return;
		}
	}
	for (i = 0; i < n && used < size; i++) {
		if (many && (expected[i] == YYSYMBOL_YYEOF || expected[i] == YYSYMBOL_NEWLINE ||
			     expected[i] == YYSYMBOL_SEMICOLON))
			continue;
		used += snprintf(list + used, size - used, "%s%s", used ? many ? ", " : " or " :
				 many ? ", expecting one of: " : ", expecting ",
				 yysymbol_name(expected[i]));
	}
}

static int yyreport_syntax_error(const yypcontext_t *ctx, struct parse *p)
{
	yysymbol_kind_t expected[YYNTOKENS];
	int n = yypcontext_expected_tokens(ctx, expected, YYNTOKENS);
	const struct location *loc = yypcontext_location(ctx);
	char text[64], list[512];

	put_expected(p, expected, n, list, sizeof(list));
	p->errors++;
	error_at(loc, "syntax error, unexpected %s%s",
		 token_text(loc, text, sizeof(text)), list);
	return 0;
}

static void offload_error(const struct location *loc, struct parse *p, const char *msg)
{
	p->errors++;
	error_at(loc, "%s", msg);
}

unsigned int cmds_parse(const struct input *input, struct cmd **cmds)
{
	struct parse p = { .input = input, .last = &p.first };

	scanner_begin(&p);
	offload_parse(&p);
	scanner_end(&p);
	cmd_drop(&p);
	*cmds = p.first;
	return p.errors;
}
