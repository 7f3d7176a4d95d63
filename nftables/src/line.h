/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Text that goes to stdout in the end, without printf(), which takes most of the time
 * where flows are listed. Before stdout is written to otherwise: line_flush().
 */
#ifndef NFT_OFFLOAD_LINE_H
#define NFT_OFFLOAD_LINE_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define LINE_ROOM	4096

extern char line_text[LINE_ROOM];
extern size_t line_used;

void line_flush(void);
void line_long(const char *bytes, size_t len);
void line_number(uint64_t number);
void line_hex(uint32_t number);
void line_ip(const uint8_t *addr);
void line_quoted(const char *str);
void line_name(const char *name);	/* as it can be read again */
/* Columns of the terminal that stdout is; 0: it is none, lines have no end */
size_t line_columns(void);
/* As line_text_safe(), behind @at columns of a line. Where the terminal has no room for a word,
 * a line begins, with @indent spaces.
 */
void line_wrapped(const char *str, size_t at, size_t indent);
/* What a terminal might obey, and what is not UTF-8, becomes a question mark */
void line_text_safe(const char *str);

static inline void line_bytes(const char *bytes, size_t len)
{
	if (len > LINE_ROOM - line_used) {
		line_long(bytes, len);
		return;
	}
	memcpy(line_text + line_used, bytes, len);
	line_used += len;
}

static inline void line_char(char c)
{
	line_bytes(&c, 1);
}

static inline void line_str(const char *str)
{
	line_bytes(str, strlen(str));
}

/* A string that is known to the compiler */
#define line_word(str)	line_bytes("" str, sizeof(str) - 1)

#endif
