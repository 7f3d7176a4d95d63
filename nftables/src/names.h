/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names for numbers, and the other way round. */
#ifndef NFT_OFFLOAD_NAMES_H
#define NFT_OFFLOAD_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NAME_SIZE	64	/* a buffer for those that take one */

/* nft's names of NFPROTO_* */
const char *family_name(uint8_t family, char *buf);
int family_number(const char *name);	/* or -1 */

/* tcp, udp, gre; else the number */
const char *l4proto_name(uint8_t l4proto, char *buf);
int l4proto_number(const char *name);	/* or -1 */

/* Service of a port, NULL if it has none. /etc/services is read once. */
const char *service_name(uint8_t l4proto, uint16_t port);
int service_number(const char *name, int l4proto);	/* or -1; @l4proto -1: any */

/* ENOSPC, else the number */
const char *errno_name(uint32_t err, char *buf);

/* cs0 to cs7, af11 to af43, ef; else the number */
const char *dscp_name(uint8_t dscp, char *buf);

/* Device; its index if it is gone. The result holds until the next call but one. */
const char *device_name(uint32_t ifindex);
void device_names_forget(void);

/* What a reason means, or NULL */
const char *reason_text(const char *name);
/* What helps, or NULL */
const char *reason_remedy(const char *name);
/* Is it normal at the beginning of a connection? */
bool reason_waits(const char *name);
void reasons_print(void);

/* IPv4 or IPv6, by the length */
const char *addr_str(const void *addr, uint32_t len, char *buf);

/* Length of the UTF-8 character at @s, 0 if it is none */
unsigned int utf8_len(const char *s);

#endif
