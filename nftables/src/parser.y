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
#include "policy.h"
#include "ruleset.h"

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

%token <str> ADD "add" REPLACE "replace" DELETE "delete" POLICY "policy" POLICIES "policies"
%token <str> NEVER "never" SOFTWARE "software" STACK "stack" HARDWARE "hardware" AFTER "after"
%token <str> RATE "rate" BYTES "bytes" KBYTES "kbytes" MBYTES "mbytes" GBYTES "gbytes"
%token <str> PACKETS "packets" PACKETS_SECOND "packets/second" BUDGET "budget" PER "per"
%token <str> DEVICE "device" EVICT "evict" NONE "none" SLOWEST "slowest"
%token <str> AUTO "auto" SHAPED "shaped" IGNORE "ignore" CARRY "carry" PRIORITY "priority"
%token <str> DSCP "dscp" FROM "from" OPTIONAL "optional" REQUIRED "required"
%token STATEMENTS "policy in a ruleset"	/* in front of what is within its braces */

%type <str> name
%type <number> verb per_device evict shaped carry_what carry_mode mark_action byte_unit pin
%type <number> l3 l4 export_number port addr device setting switch value_or_default ct_field dir proto_port

%destructor { free($$); } <str>

%%

input		: lines
		| STATEMENTS statements
		{
			if (!p->errors)
				CHECK(policy_not_empty(policy_of(p), &@1));
			cmd_done(p, CMD_POLICY, &@1);
		}
		;

lines		: %empty
		| lines line
		;

line		: end
		| command end		{ yyerrok; }
		| error end
		{
			cmd_drop(p);
			if (p->errors >= MAX_ERRORS)
				YYABORT;
			p->skip = true;
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
		| LIST SETTINGS		{ cmd_done(p, CMD_LIST_SETTINGS, &@$); free($1); free($2); }
		| LIST POLICIES		{ cmd_done(p, CMD_LIST_POLICIES, &@$); free($1); free($2); }
		| verb POLICY its_name '{' statements '}'
		{
			struct location loc = location_join(&@1, &@3);

			free($2);
			if (!p->errors)
				CHECK(policy_not_empty(policy_of(p), &loc));
			policy_set_name(policy_of(p), spec_of(p));
			nftnl_offload_policy_set_u8(policy_of(p), NFTNL_OFFLOAD_POLICY_MODE, $1);
			cmd_done(p, CMD_POLICY, &loc);
		}
		| DELETE POLICY its_name
		{
			free($1);
			free($2);
			policy_set_name(policy_of(p), spec_of(p));
			cmd_done(p, CMD_DELETE_POLICY, &@$);
		}
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
		| SET FLOWS filter pin
		{
			cmd_of(p)->value = $4;
			cmd_done(p, CMD_SET_FLOWS, &@$);
			free($1);
			free($2);
		}
		| SET FLOWTABLE name name STRICT value_or_default
		{
			int ret = set_flowtable(p, NULL, NULL, &@3, $3, &@4, $4);

			cmd_of(p)->value = $6;

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
			int ret = set_flowtable(p, &@3, $3, &@4, $4, &@5, $5);

			cmd_of(p)->value = $7;

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

verb		: ADD			{ $$ = NFT_OFFLOAD_POLICY_MODE_ADD; free($1); }
		| REPLACE		{ $$ = NFT_OFFLOAD_POLICY_MODE_REPLACE; free($1); }
		| SET			{ $$ = NFT_OFFLOAD_POLICY_MODE_SET; free($1); }
		;

its_name	: name name
		{
			int ret = set_flowtable(p, NULL, NULL, &@1, $1, &@2, $2);

			free($1);
			free($2);
			CHECK(ret);
		}
		| name name name
		{
			int ret = set_flowtable(p, &@1, $1, &@2, $2, &@3, $3);

			free($1);
			free($2);
			free($3);
			CHECK(ret);
		}
		;

/* of a policy */
statements	: statement
		| statements end { yyerrok; } statement
		;

statement	: %empty
		| error
		{
			if (p->errors >= MAX_ERRORS)
				YYABORT;
		}
		| mark_action CT MARK WORD
		{
			int ret = policy_mark(policy_of(p), &@$, &@4, $1, $4);

			free($2);
			free($3);
			free($4);
			CHECK(ret);
		}
		| STACK WORD PACKETS
		{
			int ret = policy_number(policy_of(p), &@$, &@2,
						NFTNL_OFFLOAD_POLICY_STACK, $2, 0);

			free($1);
			free($2);
			free($3);
			CHECK(ret);
		}
		| HARDWARE AFTER WORD byte_unit
		{
			int ret = policy_number(policy_of(p), &@$, &@3,
						NFTNL_OFFLOAD_POLICY_AFTER_BYTES, $3, $4);

			free($1);
			free($2);
			free($3);
			CHECK(ret);
		}
		| HARDWARE AFTER WORD PACKETS
		{
			int ret = policy_number(policy_of(p), &@$, &@3,
						NFTNL_OFFLOAD_POLICY_AFTER_PACKETS, $3, 0);

			free($1);
			free($2);
			free($3);
			free($4);
			CHECK(ret);
		}
		| HARDWARE AFTER RATE WORD PACKETS_SECOND
		{
			int ret = policy_number(policy_of(p), &@$, &@4,
						NFTNL_OFFLOAD_POLICY_AFTER_RATE, $4, 0);

			free($1);
			free($2);
			free($3);
			free($4);
			free($5);
			CHECK(ret);
		}
		| BUDGET WORD per_device evict
		{
			int ret = policy_number(policy_of(p), &@$, &@2,
						NFTNL_OFFLOAD_POLICY_BUDGET, $2, 0);

			free($1);
			free($2);
			CHECK(ret);
			CHECK(policy_budget(policy_of(p), &@$, $3, $4));
		}
		| EVICT SLOWEST
		{
			free($1);
			free($2);
			CHECK(policy_evict(policy_of(p), &@$));
		}
		| SHAPED shaped
		{
			free($1);
			CHECK(policy_shaped(policy_of(p), &@$, $2));
		}
		| CARRY carried carry_mode
		{
			free($1);
			CHECK(policy_carry_mode(policy_of(p), &@$, $3));
		}
		;

carried		: carry
		| carried ',' carry
		;

carry		: carry_what		{ CHECK(policy_carry(policy_of(p), &@$, NULL, $1, NULL)); }
		| carry_what FROM CT MARK WORD
		{
			int ret = policy_carry(policy_of(p), &@$, &@5, $1, $5);

			free($2);
			free($3);
			free($4);
			free($5);
			CHECK(ret);
		}
		;

carry_what	: PRIORITY		{ $$ = NFT_OFFLOAD_CARRY_PRIORITY; free($1); }
		| DSCP			{ $$ = NFT_OFFLOAD_CARRY_DSCP; free($1); }
		;

carry_mode	: %empty		{ $$ = NFT_OFFLOAD_CARRY_MODE_OPTIONAL; }
		| OPTIONAL		{ $$ = NFT_OFFLOAD_CARRY_MODE_OPTIONAL; free($1); }
		| REQUIRED		{ $$ = NFT_OFFLOAD_CARRY_MODE_REQUIRED; free($1); }
		;

mark_action	: NEVER			{ $$ = NFT_OFFLOAD_MARK_ACTION_NEVER; free($1); }
		| SOFTWARE		{ $$ = NFT_OFFLOAD_MARK_ACTION_SOFTWARE; free($1); }
		;

byte_unit	: BYTES			{ $$ = 0; free($1); }
		| KBYTES		{ $$ = 10; free($1); }
		| MBYTES		{ $$ = 20; free($1); }
		| GBYTES		{ $$ = 30; free($1); }
		;

per_device	: %empty		{ $$ = false; }
		| PER DEVICE		{ $$ = true; free($1); free($2); }
		;

evict		: %empty		{ $$ = NFT_OFFLOAD_EVICT_NONE; }
		| comma EVICT NONE	{ $$ = NFT_OFFLOAD_EVICT_NONE; free($2); free($3); }
		| comma EVICT SLOWEST	{ $$ = NFT_OFFLOAD_EVICT_SLOWEST; free($2); free($3); }
		;

shaped		: SOFTWARE		{ $$ = NFT_OFFLOAD_SHAPED_SOFTWARE; free($1); }
		| IGNORE		{ $$ = NFT_OFFLOAD_SHAPED_IGNORE; free($1); }
		;

comma		: %empty
		| ','
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

pin		: HARDWARE		{ $$ = NFT_OFFLOAD_PIN_HARDWARE; free($1); }
		| SOFTWARE		{ $$ = NFT_OFFLOAD_PIN_SOFTWARE; free($1); }
		| AUTO			{ $$ = NFT_OFFLOAD_PIN_AUTO; free($1); }
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
		| DOMAIN_WORD | SINCE | ADD | REPLACE | DELETE | POLICY | POLICIES | NEVER | SOFTWARE
		| STACK | HARDWARE | AFTER | RATE | BYTES | KBYTES | MBYTES | GBYTES | PACKETS
		| PACKETS_SECOND | BUDGET | PER | DEVICE | EVICT | NONE | SLOWEST | AUTO
		| SHAPED | IGNORE | CARRY | PRIORITY | DSCP | FROM | OPTIONAL | REQUIRED
		;

%%

#define MAX_EXPECTED	6	/* in one "or" */

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
		if (expected[i] == YYSYMBOL_STATEMENTS)
			continue;
		if (many && (expected[i] == YYSYMBOL_YYEOF || expected[i] == YYSYMBOL_NEWLINE ||
			     expected[i] == YYSYMBOL_SEMICOLON))
			continue;
		used += snprintf(list + used, size - used, "%s%s", used ? many ? ", " : " or " :
				 many ? ", expecting one of: " : ", expecting ",
				 expected[i] == YYSYMBOL_WORD ? word_expected(p) :
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

static unsigned int parse(const struct input *input, const struct location *at, size_t begin,
			  size_t end, int first, struct cmd **cmds)
{
	struct parse p = {
		.input = input, .last = &p.first, .loc = *at, .begin = first, .fresh = true,
		.policy = first, .depth = !!first,
	};

	scanner_begin(&p, input->text + begin, end - begin);
	offload_parse(&p);
	scanner_end(&p);
	cmd_drop(&p);
	*cmds = p.first;
	return p.errors;
}

unsigned int cmds_parse(const struct input *input, struct cmd **cmds)
{
	struct location loc = { .input = input, .line = 1 };

	return parse(input, &loc, 0, input->len, 0, cmds);
}

static struct cmd *parse_policy(const struct input *input, const struct location *at,
				size_t begin, size_t end, int first)
{
	struct cmd *cmds;

	if (parse(input, at, begin, end, first, &cmds) == 0)
		return cmds;
	cmds_free(cmds);
	return NULL;
}

struct cmd *policy_parse(const struct input *input, const struct location *at, size_t begin,
			 size_t end)
{
	return parse_policy(input, at, begin, end, STATEMENTS);
}

struct cmd *policy_cmd_parse(const struct input *input, const struct location *at, size_t begin,
			     size_t end)
{
	return parse_policy(input, at, begin, end, 0);
}
