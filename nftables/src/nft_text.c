// SPDX-License-Identifier: GPL-2.0-or-later
/* Rulesets of nft: words, braces and the ends of statements. */
#include <stdio.h>
#include <string.h>
#include "nft_text.h"

enum token { TOKEN_END, TOKEN_WORD, TOKEN_OPEN, TOKEN_CLOSE, TOKEN_SEPARATOR };

void nft_text_begin(struct nft_text *text, const struct input *input)
{
	memset(text, 0, sizeof(*text));
	text->input = input;
	text->loc.input = input;
	text->loc.line = 1;
}

/* 0 behind the end */
static char peek(const struct nft_text *text, size_t ahead)
{
	return text->at + ahead < text->input->len ? text->input->text[text->at + ahead] : '\0';
}

static bool at_end(const struct nft_text *text)
{
	return text->at >= text->input->len;
}

static void step(struct nft_text *text)
{
	if (peek(text, 0) == '\n') {
		text->loc.line++;
		text->loc.last = 0;
	} else {
		text->loc.last++;
	}
	text->at++;
}

static void skip_blanks(struct nft_text *text)
{
	for (; !at_end(text); step(text)) {
		if (peek(text, 0) == '#') {
			while (!at_end(text) && peek(text, 0) != '\n')
				step(text);
			return;
		}
		if (peek(text, 0) == '\\' && peek(text, 1) == '\n')
			step(text);
		else if (!strchr(" \t\r", peek(text, 0)) || !peek(text, 0))
			return;
	}
}

static bool in_word(char c)
{
	return c && !strchr(" \t\r\n;#{},\"\\()=", c);
}

/* Is there another one in this line? */
static bool more_quotes(const struct nft_text *text, size_t ahead)
{
	char c;

	while ((c = peek(text, ahead++)) && c != '\n')
		if (c == '"')
			return true;
	return false;
}

/* Behind the quotes that begin it. A backslash is nothing special to nft, but it is in our names:
 * \" ends a string if no other quotes can.
 */
static void skip_string(struct nft_text *text)
{
	for (; !at_end(text) && peek(text, 0) != '\n'; step(text)) {
		if (peek(text, 0) == '\\' && peek(text, 1) != '\n' &&
		    (peek(text, 1) != '"' || more_quotes(text, 2)))
			step(text);
		else if (peek(text, 0) == '"')
			break;
	}
	if (peek(text, 0) == '"')
		step(text);
}

/* Of all that is no word, a character is one. */
static enum token token(struct nft_text *text, struct nft_word *word)
{
	char c;

	skip_blanks(text);
	if (at_end(text))
		return TOKEN_END;
	word->begin = text->at;
	word->loc = text->loc;
	word->loc.first = text->loc.last + 1;
	c = peek(text, 0);
	step(text);
	if (c == '"') {
		skip_string(text);
	} else if (in_word(c)) {
		while (in_word(peek(text, 0)))
			step(text);
	}
	word->end = text->at;
	word->loc.last = text->loc.line == word->loc.line ? text->loc.last : word->loc.first;
	return c == '{' ? TOKEN_OPEN : c == '}' ? TOKEN_CLOSE :
	       c == ';' || c == '\n' ? TOKEN_SEPARATOR : TOKEN_WORD;
}

bool nft_text_is(const struct nft_text *text, unsigned int i, const char *word)
{
	const struct nft_word *w = &text->word[i];

	return i < text->num && w->end - w->begin == strlen(word) &&
	       !memcmp(text->input->text + w->begin, word, w->end - w->begin);
}

bool nft_text_is_one(const struct nft_text *text, unsigned int i, const char *const *words)
{
	for (; *words; words++)
		if (nft_text_is(text, i, *words))
			return true;
	return false;
}

static void name(const struct nft_text *text, unsigned int i, char *to, struct location *loc)
{
	const struct nft_word *word = &text->word[i];

	snprintf(to, NFT_NAME, "%.*s", (int)(word->end - word->begin),
		 text->input->text + word->begin);
	*loc = word->loc;
}

/* [FAMILY] TABLE, from word @i on. Returns the number of words. */
static unsigned int table_name(struct nft_text *text, unsigned int i, unsigned int num)
{
	bool family = num > 1;

	if (family)
		name(text, i, text->family, &text->family_loc);
	else
		strcpy(text->family, "ip");
	name(text, i + family, text->table, &text->table_loc);
	if (!family)
		text->family_loc = text->table_loc;
	return 1 + family;
}

/* What the braces are of that begin after the words of the statement */
static enum nft_block block_of(struct nft_text *text)
{
	static const char *const verbs[] = { "add", "create", NULL };
	enum nft_block around = text->depth ? text->block[text->depth - 1] : NFT_OTHER;
	unsigned int verb = !text->depth && nft_text_is_one(text, 0, verbs);
	unsigned int names = text->num - verb - 1, i;

	if (around == NFT_TABLE && text->num == 2 && nft_text_is(text, 0, "flowtable")) {
		name(text, 1, text->flowtable, &text->flowtable_loc);
		return NFT_FLOWTABLE;
	}
	if (text->depth || text->num < verb + 2)
		return NFT_OTHER;
	if (nft_text_is(text, verb, "table") && names <= 2) {
		table_name(text, verb + 1, names);
		return NFT_TABLE;
	}
	if (nft_text_is(text, verb, "flowtable") && (names == 2 || names == 3)) {
		i = table_name(text, verb + 1, names - 1);
		name(text, verb + 1 + i, text->flowtable, &text->flowtable_loc);
		return NFT_FLOWTABLE;
	}
	return NFT_OTHER;
}

/* Returns true if they are of a policy, in a flowtable */
static bool open_braces(struct nft_text *text)
{
	enum nft_block block = text->depth < NFT_DEPTH ? block_of(text) : NFT_OTHER;
	bool is_policy = false;

	if (text->depth && text->depth <= NFT_DEPTH && text->num == 1 &&
	    text->block[text->depth - 1] == NFT_FLOWTABLE)
		is_policy = nft_text_is(text, 0, "policy");
	if (text->depth < NFT_DEPTH)
		text->block[text->depth] = block;
	text->depth++;
	return is_policy;
}

/* Returns true if they were of a flowtable */
static bool close_braces(struct nft_text *text)
{
	if (!text->depth)
		return false;
	text->depth--;
	return text->depth < NFT_DEPTH && text->block[text->depth] == NFT_FLOWTABLE;
}

static void add_word(struct nft_text *text, const struct nft_word *word)
{
	if (text->num < NFT_WORDS)
		text->word[text->num] = *word;
	text->num++;
}

/* The end of a statement, or the beginning of its braces: is there a word about it? */
static bool tell(struct nft_text *text, bool end)
{
	bool told = text->told;

	text->told = !end;
	return !told && text->num;
}

enum nft_event nft_text_next(struct nft_text *text)
{
	bool top, is_policy;
	struct nft_word word;

	text->num = 0;
	for (;;) {
		top = !text->depth;
		switch (token(text, &word)) {
		case TOKEN_WORD:
			add_word(text, &word);
			break;
		case TOKEN_SEPARATOR:
			text->end = word.begin;
			if (top && tell(text, true))
				return NFT_STATEMENT;
			text->num = 0;
			break;
		case TOKEN_OPEN:
			text->braces = word;
			is_policy = open_braces(text);
			if (is_policy)
				return NFT_POLICY;
			if (top && tell(text, false))
				return NFT_STATEMENT;
			text->num = 0;
			break;
		case TOKEN_CLOSE:
			text->num = 0;
			text->braces = word;
			if (close_braces(text))
				return NFT_FLOWTABLE_END;
			break;
		case TOKEN_END:
			text->end = text->at;
			return top && tell(text, true) ? NFT_STATEMENT : NFT_END;
		}
	}
}

bool nft_text_skip(struct nft_text *text, struct nft_word *variable)
{
	unsigned int depth = 1;
	struct nft_word word;
	enum token kind;

	variable->end = 0;
	text->num = 0;
	while ((kind = token(text, &word)) != TOKEN_END) {
		if (kind == TOKEN_WORD && text->input->text[word.begin] == '$')
			*variable = word;
		if (kind == TOKEN_OPEN)
			depth++;
		if (kind == TOKEN_CLOSE && depth && !--depth) {
			text->depth--;
			return true;
		}
	}
	return false;
}
