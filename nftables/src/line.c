// SPDX-License-Identifier: GPL-2.0-or-later
/* Text on its way to stdout. */
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>
#include <sys/ioctl.h>
#include "line.h"
#include "names.h"

char line_text[LINE_ROOM];
size_t line_used;

void line_flush(void)
{
	fwrite(line_text, 1, line_used, stdout);
	line_used = 0;
}

/* What has no room */
void line_long(const char *bytes, size_t len)
{
	line_flush();
	if (len > LINE_ROOM)
		fwrite(bytes, 1, len, stdout);
	else
		line_bytes(bytes, len);
}

void line_number(uint64_t number)
{
	char digits[20], *p = digits + sizeof(digits);

	do {
		*--p = '0' + number % 10;
		number /= 10;
	} while (number);
	line_bytes(p, digits + sizeof(digits) - p);
}

void line_hex(uint32_t number)
{
	char digits[8], *p = digits + sizeof(digits);

	do {
		*--p = "0123456789abcdef"[number % 16];
		number /= 16;
	} while (number);
	line_bytes(p, digits + sizeof(digits) - p);
}

void line_ip(const uint8_t *addr)
{
	char buf[16], *p = buf;
	int i;

	for (i = 0; i < 4; i++) {
		if (addr[i] >= 100)
			*p++ = '0' + addr[i] / 100;
		if (addr[i] >= 10)
			*p++ = '0' + addr[i] / 10 % 10;
		*p++ = '0' + addr[i] % 10;
		*p++ = '.';
	}
	line_bytes(buf, p - 1 - buf);
}

/* Length of the character, 0 if it cannot be printed: control characters, up to U+009F */
static unsigned int printable(const char *str)
{
	unsigned int len = utf8_len(str);

	if (len > 1)
		return (unsigned char)str[0] != 0xc2 || (unsigned char)str[1] >= 0xa0 ? len : 0;
	return len && isprint((unsigned char)*str) ? 1 : 0;
}

/* One character. Returns its length. */
static unsigned int put_safe(const char *str)
{
	unsigned int len = printable(str);

	if (!len) {
		line_char('?');
		return 1;
	}
	line_bytes(str, len);
	return len;
}

void line_text_safe(const char *str)
{
	while (*str)
		str += put_safe(str);
}

size_t line_columns(void)
{
	struct winsize size;

	if (!isatty(STDOUT_FILENO) || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0)
		return 0;
	return size.ws_col;
}

/* Columns of the word that @str begins with */
static size_t word_width(const char *str)
{
	unsigned int len;
	size_t width;

	for (width = 0; *str && *str != ' '; width++) {
		len = printable(str);
		str += len ? len : 1;
	}
	return width;
}

static size_t begin_line(size_t indent)
{
	size_t i;

	line_char('\n');
	for (i = 0; i < indent; i++)
		line_char(' ');
	return indent;
}

void line_wrapped(const char *str, size_t at, size_t indent)
{
	size_t columns = line_columns();
	bool first = true;

	if (!columns) {
		line_text_safe(str);
		return;
	}
	/* in a tiny window */
	if (indent > columns / 2)
		indent = columns / 2;
	for (; *str; first = false) {
		if (at > indent && at + !first + word_width(str) > columns) {
			at = begin_line(indent);
		} else if (!first) {
			line_char(' ');
			at++;
		}
		for (; *str && *str != ' '; at++) {
			if (at >= columns)
				at = begin_line(indent);
			str += put_safe(str);
		}
		str += *str == ' ';
	}
}

void line_quoted(const char *str)
{
	unsigned int len;

	line_char('"');
	for (; *str; str += len) {
		len = printable(str);
		if (len) {
			if (*str == '"' || *str == '\\')
				line_char('\\');
			line_bytes(str, len);
		} else {
			len = 1;
			line_word("\\x");
			line_char("0123456789abcdef"[(unsigned char)*str / 16]);
			line_char("0123456789abcdef"[(unsigned char)*str % 16]);
		}
	}
	line_char('"');
}

static bool is_plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       (c && strchr("_-./:@+", c));
}

void line_name(const char *name)
{
	const char *p = name;

	while (is_plain(*p))
		p++;
	if (*p || !*name)
		line_quoted(name);
	else
		line_bytes(name, p - name);
}
