/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Commands, in nft's words. */
%code requires {
#include "parse.h"
}

%code {
#include <stdlib.h>
#include <string.h>
#include <netinet/in.h>
#include <linux/netfilter.h>
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
static int set_topic(struct parse *p, const struct location *loc, const char *value);
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
%token <str> SUMMARY "summary"
%token <str> STATE "state" OFFLOAD "offload" STRICT "strict" ON "on" OFF "off"

%type <str> name
%type <number> l3 l4 port addr device setting switch

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
		;

setting		: OFFLOAD		{ $$ = SETTING_OFFLOAD; free($1); }
		| STRICT		{ $$ = SETTING_STRICT; free($1); }
		;

switch		: ON			{ $$ = 1; free($1); }
		| OFF			{ $$ = 0; free($1); }
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

filter		: %empty
		| filter match
		;

match		: table
		| flowtable
		| l3 addr name
		{
			int ret = spec_addr(spec_of(p), &@$, &@3, $1, $2, $3);

			free($3);
			CHECK(ret);
		}
		| l4 port name
		{
			int ret = spec_port(spec_of(p), &@$, &@3, $1, $2, $3);

			free($3);
			CHECK(ret);
		}
		| TH port name
		{
			int ret = spec_port(spec_of(p), &@$, &@3, -1, $2, $3);

			free($1);
			free($3);
			CHECK(ret);
		}
		| META L4PROTO name
		{
			int ret = spec_l4proto(spec_of(p), &@$, &@3, $3);

			free($1);
			free($2);
			free($3);
			CHECK(ret);
		}
		| META NFPROTO name
		{
			int ret = spec_nfproto(spec_of(p), &@$, &@3, $3);

			free($1);
			free($2);
			free($3);
			CHECK(ret);
		}
		| device name
		{
			int ret = spec_device(spec_of(p), &@$, &@2, $1, $2);

			free($2);
			CHECK(ret);
		}
		| CT MARK name
		{
			int ret = spec_mark(spec_of(p), &@$, &@3, $3);

			free($1);
			free($2);
			free($3);
			CHECK(ret);
		}
		| zone
		| ct_id
		| state_begin states
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

addr		: SADDR			{ $$ = SPEC_SADDR; free($1); }
		| DADDR			{ $$ = SPEC_DADDR; free($1); }
		;

port		: SPORT			{ $$ = SPEC_SPORT; free($1); }
		| DPORT			{ $$ = SPEC_DPORT; free($1); }
		;

device		: IIF			{ $$ = SPEC_IIF; free($1); }
		| OIF			{ $$ = SPEC_OIF; free($1); }
		;

/* A table may be named as a command is. */
name		: WORD | LIST | FLUSH | MONITOR | EXPLAIN | TOP | SET | HELP | FLOWS | FLOW
		| FLOWTABLES | RULESET | TABLE | FLOWTABLE | IP | IP6 | SADDR | DADDR | TCP
		| UDP | GRE | TH | SPORT | DPORT | META | L4PROTO | NFPROTO | IIF | OIF | CT
		| MARK | ZONE | ID | SORT | LIMIT | SETTINGS | STATE | OFFLOAD | STRICT | ON | OFF
		| CHECK_WORD | SUMMARY
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

static void cmd_drop(struct parse *p)
{
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

#define MAX_EXPECTED	6

static int yyreport_syntax_error(const yypcontext_t *ctx, struct parse *p)
{
	yysymbol_kind_t expected[YYNTOKENS];
	int i, n = yypcontext_expected_tokens(ctx, expected, YYNTOKENS);
	const struct location *loc = yypcontext_location(ctx);
	char text[64], list[256] = "";

	for (i = 0; i < n; i++)
		if (expected[i] == YYSYMBOL_WORD)
			break;
	if (i < n && n > MAX_EXPECTED) {	/* any name */
		strcpy(list, ", expecting string");
	} else if (n > 0 && n <= MAX_EXPECTED) {
		for (i = 0; i < n; i++) {
			strcat(list, i ? " or " : ", expecting ");
			strcat(list, yysymbol_name(expected[i]));
		}
	}
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
