// SPDX-License-Identifier: GPL-2.0-or-later
/* Which words may come next in a command, for -i. completion/nft-offload has the same for bash. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include "complete.h"
#include "facts.h"
#include "names.h"

#define CONDITIONS	"table flowtable host ip ip6 tcp udp th meta iif oif iifname oifname ct"
#define FILTER		CONDITIONS " state"

/* What may come after a word, whatever the command is */
static const struct {
	const char *after, *words;
} completions[] = {
	{ "sort", "bytes packets age rate" },
	{ "limit", "" },
	{ "export", "ipfix" }, { "ipfix", "udp tcp file" }, { "file", "" }, { "timeout", "" },
	{ "templates", "" }, { "domain", "" }, { "since", "flow start" },
	{ "set", "offload strict flowtable policy flows" },
	{ "add", "policy" }, { "replace", "policy" }, { "delete", "policy" },
	{ "offload", "on off" },
	{ "strict", "on off" },
	{ "table", "ip ip6 inet bridge netdev" },
	{ "ip", "saddr daddr" },
	{ "ip6", "saddr daddr" },
	{ "tcp", "sport dport" },
	{ "udp", "sport dport" },
	{ "th", "sport dport" },
	{ "meta", "l4proto nfproto" },
	{ "l4proto", "tcp udp gre" },
	{ "nfproto", "ipv4 ipv6" },
	{ "ct", "mark zone id original reply" },
	{ "original", "ip ip6 proto-src proto-dst" },
	{ "reply", "ip ip6 proto-src proto-dst" },
	{ "state", "software hardware pending failed closing" },
	{ "host", "" }, { "saddr", "" }, { "daddr", "" }, { "sport", "" }, { "dport", "" },
	{ "proto-src", "" }, { "proto-dst", "" }, { "mark", "" }, { "zone", "" }, { "id", "" },
};

#define MAX_WORDS	64
#define WORD_SIZE	64

struct words {
	char		word[MAX_WORDS][WORD_SIZE];
	unsigned int	num;
};

static char names[4096];	/* what this kernel has */

static void add_name(const char *name)
{
	size_t len = strlen(names);

	/* those that need quotes are left to the user */
	if (!name || !*name || strpbrk(name, " \t\"\\;{},#"))
		return;
	snprintf(names + len, sizeof(names) - len, "%s%s", len ? " " : "", name);
	if (len + strlen(name) + 1 >= sizeof(names))
		names[len] = '\0';
}

static const char *devices(void)
{
	struct facts facts = { .links = NULL };
	unsigned int i;

	*names = '\0';
	facts_links(&facts);
	for (i = 0; i < facts.num_links; i++)
		add_name(facts.links[i].name);
	facts_free(&facts);
	return names;
}

/* Tables of a family, or with @attr flowtables of a table; NULL: of any */
static const char *tables(uint16_t attr, const char *family, const char *table_name)
{
	int number = family ? family_number(family) : -1;
	struct facts facts = { .tables = NULL };
	const struct nftnl_offload_table *table;
	const char *name;
	unsigned int i;

	*names = '\0';
	facts_tables(&facts);
	for (i = 0; i < facts.num_tables; i++) {
		table = facts.tables[i];
		name = nftnl_offload_table_get_str(table, NFTNL_OFFLOAD_TABLE_TABLE);
		if (family &&
		    nftnl_offload_table_get_u8(table, NFTNL_OFFLOAD_TABLE_FAMILY) != number)
			continue;
		if (table_name && (!name || strcmp(name, table_name)))
			continue;
		add_name(nftnl_offload_table_get_str(table, attr));
	}
	facts_free(&facts);
	return names;
}

/* Where the last command of a line begins. Semicolons within braces separate no commands. */
static const char *last_command(const char *line, const char *end)
{
	const char *p, *begin = line;
	int depth = 0;

	for (p = line; p < end; p++) {
		depth += (*p == '{') - (*p == '}');
		if (*p == ';' && depth <= 0)
			begin = p + 1;
	}
	return begin;
}

/* The words of the last command of a line */
static void split(const char *line, int start, struct words *words)
{
	const char *end = line + start, *p = last_command(line, end), *word;

	words->num = 0;
	while (p < end && words->num < MAX_WORDS) {
		for (; p < end && strchr(" \t", *p); p++)
			;
		for (word = p; p < end && !strchr(" \t", *p); p++)
			;
		if (p > word)
			snprintf(words->word[words->num++], WORD_SIZE, "%.*s", (int)(p - word),
				 word);
	}
}

static bool is(const struct words *words, unsigned int i, const char *word)
{
	return i < words->num && !strcmp(words->word[i], word);
}

/* In a set, and after != and ==, the same may come as after the word in front of it */
static void drop_set(struct words *words)
{
	unsigned int i;

	for (i = words->num; i && !strchr(words->word[i - 1], '}'); i--)
		if (is(words, i - 1, "{"))
			words->num = i - 1;
	if (is(words, words->num - 1, "!=") || is(words, words->num - 1, "=="))
		words->num--;
}

#define FAMILIES	"ip ip6 inet bridge netdev"

/* Of set flowtable [FAMILY] TABLE NAME strict: where there is a family, all is a word later */
static const char *setting_words(const struct words *words)
{
	const char *first = words->num > 2 ? words->word[2] : "";
	bool family = family_number(first) >= 0;
	const char *last = words->word[words->num - 1];

	switch (words->num - family) {
	case 2:
		return family ? tables(NFTNL_OFFLOAD_TABLE_TABLE, first, NULL) : FAMILIES;
	case 3:
		return tables(NFTNL_OFFLOAD_TABLE_NAME, family ? first : "ip", last);
	case 4:
		return "strict";
	case 5:
		return "on off default";
	}
	return "";
}

static bool is_policy(const struct words *words)
{
	return is(words, 1, "policy") && (is(words, 0, "add") || is(words, 0, "replace") ||
					  is(words, 0, "set") || is(words, 0, "delete"));
}

/* Of a policy, by the last statement: the words of that, and how many */
static const char *statement_words(const char (*word)[WORD_SIZE], unsigned int num)
{
	static const struct {
		const char	*after, *words;
	} next[] = {
		{ "never", "ct" }, { "software", "ct" }, { "ct", "mark" }, { "mark", "" },
		{ "stack", "" }, { "hardware", "after" }, { "after", "rate" }, { "rate", "" },
		{ "budget", "" }, { "per", "device" }, { "device", "evict" },
		{ "evict", "none slowest" }, { "shaped", "software ignore" },
		{ "carry", "priority dscp" }, { "priority", "from optional required }" },
		{ "dscp", "from optional required }" }, { "from", "ct" },
		{ "optional", "}" }, { "required", "}" },
	};
	size_t i;

	if (num == 2 && !strcmp(word[0], "shaped"))
		return "}";
	if (!num)
		return "never software stack hardware budget evict shaped carry }";
	if (num == 1 && !strcmp(word[0], "evict"))
		return "slowest";
	for (i = 0; i < sizeof(next) / sizeof(next[0]); i++)
		if (!strcmp(word[num - 1], next[i].after))
			return next[i].words;
	if (!strcmp(word[0], "stack") && num == 2)
		return "packets";
	if (!strcmp(word[0], "hardware") && num == 3)
		return "bytes kbytes mbytes gbytes packets";
	if (!strcmp(word[0], "hardware") && num == 4 && !strcmp(word[2], "rate"))
		return "packets/second";
	if (!strcmp(word[0], "carry"))
		return word[num - 1][strlen(word[num - 1]) - 1] == ',' ?
		       "priority dscp" : "optional required }";
	return !strcmp(word[0], "budget") && num == 2 ? "per evict" : "}";
}

/* Of add policy [FAMILY] TABLE NAME { STATEMENT; ... } */
static const char *policy_words(const struct words *words)
{
	const char *first = words->num > 2 ? words->word[2] : "";
	bool family = family_number(first) >= 0;
	unsigned int braces = 0, begin, i;

	while (braces < words->num && !is(words, braces, "{"))
		braces++;
	if (braces == words->num)
		return words->num - family != 4 ? setting_words(words) :
		       is(words, 0, "delete") ? "" : "{";
	if (strchr(words->word[words->num - 1], '}'))
		return "";
	begin = braces + 1;
	for (i = begin; i < words->num; i++)
		if (words->word[i][strlen(words->word[i]) - 1] == ';')
			begin = i + 1;
	return statement_words(&words->word[begin], words->num - begin);
}

/* Names of this kernel, or NULL */
static const char *find_names(const struct words *words)
{
	const char *last = words->word[words->num - 1];

	if (!strcmp(last, "iif") || !strcmp(last, "oif") || !strcmp(last, "iifname") ||
	    !strcmp(last, "oifname"))
		return devices();
	if (is(words, 0, "set") && is(words, 1, "flowtable"))
		return setting_words(words);
	if (is(words, 0, "list") && is(words, 1, "flowtable")) {
		if (words->num == 2)
			return FAMILIES;
		if (words->num == 3)
			return tables(NFTNL_OFFLOAD_TABLE_TABLE, last, NULL);
		return words->num > 4 ? "" :
		       tables(NFTNL_OFFLOAD_TABLE_NAME, words->word[2], last);
	}
	if (!strcmp(last, "flowtable"))
		return tables(NFTNL_OFFLOAD_TABLE_NAME, NULL, NULL);
	if (words->num > 1 && is(words, words->num - 2, "table"))
		return tables(NFTNL_OFFLOAD_TABLE_TABLE, last, NULL);
	return NULL;
}

/* Of one connection, which begins with its protocol and two ends, or with ct id and a number.
 * @explain: what it is asked for may come behind it.
 */
static const char *connection_words(const struct words *words, unsigned int first, bool explain)
{
	bool id = is(words, first, "ct");

	if (words->num == first)
		return "tcp udp gre ct";
	if (words->num < first + 3)
		return id && words->num == first + 1 ? "id" : "";
	if (is(words, words->num - 1, "ct"))
		return "zone";
	if (is(words, words->num - 1, "zone"))
		return "";
	if (is(words, words->num - 1, "table"))
		return "ip ip6 inet bridge netdev";
	if (explain)
		return id ? "table flowtable iif" : "table flowtable iif ct";
	return id ? "" : "ct";
}

/* By the command */
static const char *command_words(const struct words *words)
{
	if (!words->num)
		return "list flush monitor explain top summary export check set add replace delete help quit";
	if (is(words, 0, "list"))
		return words->num == 1 ? "flows flow flowtables flowtable settings policies ruleset" :
		       is(words, 1, "flows") ? FILTER " sort limit" : "";
	if (is(words, 0, "flush"))
		return words->num == 1 ? "flows" : FILTER;
	if (is(words, 0, "set") && is(words, 1, "flows"))
		return FILTER " hardware software auto";
	if (is(words, 0, "monitor"))
		return words->num == 1 ? "flows " FILTER : FILTER;
	if (is(words, 0, "summary"))
		return FILTER " limit";
	if (is(words, 0, "export"))
		return CONDITIONS " timeout templates domain limit since";
	if (is(words, 0, "top"))
		return FILTER;
	return is(words, 0, "help") && words->num == 1 ? "reasons" : "";
}

const char *complete_words(const char *line, int start)
{
	static struct words words;
	const char *found;
	size_t i;

	split(line, start, &words);
	if (is_policy(&words))
		return policy_words(&words);
	if (words.num)
		drop_set(&words);
	found = words.num ? find_names(&words) : NULL;
	if (found)
		return found;
	/* a host or a file */
	if (is(&words, 0, "export") && words.num == 3)
		return "";
	if (is(&words, 0, "explain"))
		return connection_words(&words, 1, true);
	if (is(&words, 0, "list") && is(&words, 1, "flow"))
		return connection_words(&words, 2, false);
	for (i = 0; words.num && i < sizeof(completions) / sizeof(completions[0]); i++)
		if (is(&words, words.num - 1, completions[i].after))
			return completions[i].words;
	return command_words(&words);
}
