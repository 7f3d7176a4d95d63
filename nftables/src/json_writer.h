/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes JSON as it goes. Commas and strings are right. Keys are NULL in arrays. */
#ifndef NFT_OFFLOAD_JSON_WRITER_H
#define NFT_OFFLOAD_JSON_WRITER_H

#include <stdbool.h>
#include <stdint.h>

void jw_open(const char *key, char bracket);	/* { or [ */
void jw_close(char bracket);			/* } or ]; the last one ends the line */
void jw_line(void);				/* what comes next begins a line */
void jw_str(const char *key, const char *value);
void jw_u64(const char *key, uint64_t value);
void jw_bool(const char *key, bool value);
void jw_null(const char *key);

#endif
