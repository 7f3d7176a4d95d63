/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Messages of IPFIX (RFC 7011): templates, and records of flows with both directions (RFC 5103).
 * Nothing is sent from here.
 */
#ifndef NFT_OFFLOAD_IPFIX_H
#define NFT_OFFLOAD_IPFIX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* flowEndReason */
enum ipfix_reason {
	IPFIX_IDLE		= 1,
	IPFIX_ACTIVE		= 2,	/* it goes on */
	IPFIX_END		= 3,	/* TCP has closed it */
	IPFIX_FORCED		= 4,
};

enum { IPFIX_ORIGINAL, IPFIX_REPLY, IPFIX_DIRS };
enum { IPFIX_SOFTWARE, IPFIX_HARDWARE, IPFIX_LAYERS };

struct ipfix_count {
	uint64_t	octets;
	uint64_t	packets;
};

struct ipfix_record {
	uint64_t		id;
	bool			v6;
	bool			nat;	/* the post_* differ */
	uint8_t			saddr[16], daddr[16], post_saddr[16], post_daddr[16];
	uint16_t		sport, dport, post_sport, post_dport;
	uint8_t			l4proto;
	uint8_t			reason;
	uint8_t			direction;	/* ipfix_put() sets it */
	uint32_t		iif, oif;
	uint64_t		start, end;	/* milliseconds since 1970 */
	struct ipfix_count	count[IPFIX_DIRS][IPFIX_LAYERS];
	struct ipfix_count	sum[IPFIX_DIRS];	/* ipfix_put() adds it up */
};

#define IPFIX_MAX	16384	/* bytes of a message, at most */

struct ipfix_message {
	uint8_t		buf[IPFIX_MAX];
	size_t		size;		/* that it may have */
	size_t		len;
	size_t		set;		/* where the last set begins; 0: none */
	uint16_t	set_id;
	uint32_t	records;	/* of flows */
	uint32_t	types;		/* other data records */
};

/* An empty message of @size bytes at most */
void ipfix_begin(struct ipfix_message *msg, size_t size);
/* And what the elements are that no registry has (RFC 5610) */
void ipfix_put_templates(struct ipfix_message *msg);
/* Returns false, and puts nothing, if there is no room */
bool ipfix_put(struct ipfix_message *msg, struct ipfix_record *record);
/* @seconds: now, since 1970. @sequence: data records before this message. */
void ipfix_end(struct ipfix_message *msg, uint32_t seconds, uint32_t sequence, uint32_t domain);

#endif
