// SPDX-License-Identifier: GPL-2.0-or-later
/* Text on its way to stdout. */
#include <stdio.h>
#include "line.h"

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
