// SPDX-License-Identifier: GPL-2.0-or-later
/* Syntax errors: what was there, and what a word has to be that may be any. */
#include <string.h>
#include "parse.h"
#include "parser.h"

/* The text of a token, as far as it fits */
const char *token_text(const struct location *loc, char *buf, size_t size)
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

/* What a word has to be that may be any, by the tokens before it */
const char *word_expected(const struct parse *p)
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
		{ AFTER, "a number" }, { RATE, "a number from 1 to 1000000000" },
		{ STACK, "a number from 1 to 1000000" }, { BUDGET, "a number from 1 to 16777216" },
		{ DOMAIN_WORD, "a number up to 4294967295" }, { SINCE, "flow or start" },
	};
	const int *before = p->kinds + 1;	/* of the unexpected one */
	int after = *before;
	size_t i;

	if (before[1] == IPFIX && after != FILE_WORD)
		return "HOST:PORT or [ADDRESS]:PORT";
	/* the family may be missing here */
	if (before[0] == POLICY)
		return "a family or a table";
	if (before[1] == POLICY)
		return "a table or a flowtable";
	if (before[2] == POLICY)
		return before[3] == DELETE ? "a flowtable" : "a flowtable or {";
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
