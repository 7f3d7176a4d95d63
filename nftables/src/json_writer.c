// SPDX-License-Identifier: GPL-2.0-or-later
/* Writes JSON as it goes. */
#include <inttypes.h>
#include <stdio.h>
#include "json_writer.h"
#include "names.h"

static bool comma;	/* before what comes next */
static bool line;	/* which begins a line */
static unsigned int depth;

/* What is not UTF-8 becomes U+FFFD */
static void write_string(const char *str)
{
	unsigned int len;

	putchar('"');
	for (; *str; str += len) {
		len = utf8_len(str);
		if (!len) {
			fputs("\\ufffd", stdout);
			len = 1;
		} else if (len > 1) {
			fwrite(str, 1, len, stdout);
		} else if (*str == '"' || *str == '\\') {
			printf("\\%c", *str);
		} else if ((unsigned char)*str < ' ' || *str == 0x7f) {
			printf("\\u%04x", (unsigned char)*str);
		} else {
			putchar(*str);
		}
	}
	putchar('"');
}

static void write_key(const char *key)
{
	if (comma)
		fputs(line ? ",\n" : ", ", stdout);
	comma = true;
	line = false;
	if (key) {
		write_string(key);
		fputs(": ", stdout);
	}
}

void jw_open(const char *key, char bracket)
{
	write_key(key);
	putchar(bracket);
	comma = false;
	depth++;
}

void jw_close(char bracket)
{
	putchar(bracket);
	comma = --depth > 0;
	if (!depth)
		putchar('\n');
}

void jw_line(void)
{
	line = true;
}

void jw_str(const char *key, const char *value)
{
	write_key(key);
	write_string(value);
}

void jw_u64(const char *key, uint64_t value)
{
	write_key(key);
	printf("%" PRIu64, value);
}

void jw_bool(const char *key, bool value)
{
	write_key(key);
	fputs(value ? "true" : "false", stdout);
}

void jw_null(const char *key)
{
	write_key(key);
	fputs("null", stdout);
}
