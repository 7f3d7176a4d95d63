// SPDX-License-Identifier: GPL-2.0-or-later
/* Messages of IPFIX: one table has the fields of all templates, and where their values are. */
#include <string.h>
#include "ipfix.h"

#define VERSION_IPFIX	10
#define HEADER		16
#define SET_HEADER	4
#define SET_TEMPLATES	2
#define SET_OPTIONS	3	/* templates of them */
#define FIRST_TEMPLATE	256	/* its number, with bits of enum template added */

#define VARIABLE_LEN	65535

/* RFC 5610 */
#define TYPE_UNSIGNED64		4
#define SEMANTICS_DELTA_COUNTER	3
#define UNITS_OCTETS		2
#define UNITS_PACKETS		3

#define BIFLOW_INITIATOR	1	/* the source has begun the connection */

#define PEN_REVERSE	29305	/* RFC 5103: the other direction of a standard element */
#define PEN_OURS	32473	/* RFC 5612: for documentation, nobody's own */

enum template { WITH_V6 = 1, WITH_NAT = 2, NUM_TEMPLATES = 4 };

/* Which templates a field is in */
enum where { ALWAYS, V4, V6, NAT, NAT_V4, NAT_V6 };

static const struct field {
	uint16_t	id;
	uint16_t	len;	/* in messages: a number of as many bytes, or bytes as they are */
	uint32_t	pen;
	enum where	where;
	bool		bytes;
	size_t		offset;
} fields[] = {
#define NUMBER(_id, _pen, _where, _field)						\
	{ _id, sizeof(((struct ipfix_record *)0)->_field), _pen, _where, false,		\
	  offsetof(struct ipfix_record, _field) }
#define ADDR(_id, _len, _where, _field)							\
	{ _id, _len, 0, _where, true, offsetof(struct ipfix_record, _field) }
#define COUNT(_id, _dir, _layer)							\
	NUMBER(_id, PEN_OURS, ALWAYS, count[_dir][_layer].octets),			\
	NUMBER((_id) + 1, PEN_OURS, ALWAYS, count[_dir][_layer].packets)

	NUMBER(148, 0, ALWAYS, id),				/* flowId */
	ADDR(8, 4, V4, saddr),					/* sourceIPv4Address */
	ADDR(12, 4, V4, daddr),					/* destinationIPv4Address */
	ADDR(27, 16, V6, saddr),				/* sourceIPv6Address */
	ADDR(28, 16, V6, daddr),				/* destinationIPv6Address */
	NUMBER(7, 0, ALWAYS, sport),				/* sourceTransportPort */
	NUMBER(11, 0, ALWAYS, dport),				/* destinationTransportPort */
	NUMBER(4, 0, ALWAYS, l4proto),				/* protocolIdentifier */
	NUMBER(136, 0, ALWAYS, reason),				/* flowEndReason */
	NUMBER(239, 0, ALWAYS, direction),			/* biflowDirection */
	NUMBER(10, 0, ALWAYS, iif),				/* ingressInterface */
	NUMBER(14, 0, ALWAYS, oif),				/* egressInterface */
	NUMBER(152, 0, ALWAYS, start),				/* flowStartMilliseconds */
	NUMBER(153, 0, ALWAYS, end),				/* flowEndMilliseconds */
	NUMBER(1, 0, ALWAYS, sum[IPFIX_ORIGINAL].octets),	/* octetDeltaCount */
	NUMBER(2, 0, ALWAYS, sum[IPFIX_ORIGINAL].packets),	/* packetDeltaCount */
	NUMBER(1, PEN_REVERSE, ALWAYS, sum[IPFIX_REPLY].octets),
	NUMBER(2, PEN_REVERSE, ALWAYS, sum[IPFIX_REPLY].packets),
	ADDR(225, 4, NAT_V4, post_saddr),			/* postNATSourceIPv4Address */
	ADDR(226, 4, NAT_V4, post_daddr),			/* postNATDestinationIPv4Address */
	ADDR(281, 16, NAT_V6, post_saddr),			/* postNATSourceIPv6Address */
	ADDR(282, 16, NAT_V6, post_daddr),			/* postNATDestinationIPv6Address */
	NUMBER(227, 0, NAT, post_sport),			/* postNAPTSourceTransportPort */
	NUMBER(228, 0, NAT, post_dport),			/* postNAPTDestinationTransportPort */
	/* the manual page has a table of these */
	COUNT(1, IPFIX_ORIGINAL, IPFIX_SOFTWARE),
	COUNT(3, IPFIX_ORIGINAL, IPFIX_HARDWARE),
	COUNT(5, IPFIX_REPLY, IPFIX_SOFTWARE),
	COUNT(7, IPFIX_REPLY, IPFIX_HARDWARE),
};

#define NUM_FIELDS	(sizeof(fields) / sizeof(fields[0]))

/* Names of our elements, from number 1 on; octets and packets take turns */
static const char *const names[] = {
	"softwareOctetDeltaCount", "softwarePacketDeltaCount",
	"hardwareOctetDeltaCount", "hardwarePacketDeltaCount",
	"reverseSoftwareOctetDeltaCount", "reverseSoftwarePacketDeltaCount",
	"reverseHardwareOctetDeltaCount", "reverseHardwarePacketDeltaCount",
};

/* What is told of each: number and bytes of elements. The first two say which one it is. */
static const struct {
	uint16_t	id, len;
} type_fields[] = {
	{ 346, 4 },		/* privateEnterpriseNumber */
	{ 303, 2 },		/* informationElementId */
	{ 339, 1 },		/* informationElementDataType */
	{ 344, 1 },		/* informationElementSemantics */
	{ 345, 2 },		/* informationElementUnits */
	{ 341, VARIABLE_LEN },	/* informationElementName */
};

#define NUM_TYPE_FIELDS	(sizeof(type_fields) / sizeof(type_fields[0]))
#define NUM_TYPE_SCOPES	2
#define TYPE_TEMPLATE	(FIRST_TEMPLATE + NUM_TEMPLATES)

static bool has_field(unsigned int template, const struct field *field)
{
	bool v6 = template & WITH_V6, nat = template & WITH_NAT;

	switch (field->where) {
	case V4:
		return !v6;
	case V6:
		return v6;
	case NAT:
		return nat;
	case NAT_V4:
		return nat && !v6;
	case NAT_V6:
		return nat && v6;
	default:
		return true;
	}
}

static size_t record_size(unsigned int template)
{
	size_t i, size = 0;

	for (i = 0; i < NUM_FIELDS; i++)
		if (has_field(template, &fields[i]))
			size += fields[i].len;
	return size;
}

/* In network byte order, at any place */
static void put_number(uint8_t *to, uint64_t number, unsigned int len)
{
	while (len--) {
		to[len] = number;
		number >>= 8;
	}
}

static void add_number(struct ipfix_message *msg, uint64_t number, unsigned int len)
{
	put_number(msg->buf + msg->len, number, len);
	msg->len += len;
}

static void end_set(struct ipfix_message *msg)
{
	if (msg->set)
		put_number(msg->buf + msg->set + 2, msg->len - msg->set, 2);
	msg->set = 0;
}

static void begin_set(struct ipfix_message *msg, uint16_t id)
{
	end_set(msg);
	msg->set = msg->len;
	msg->set_id = id;
	add_number(msg, id, 2);
	add_number(msg, 0, 2);
}

void ipfix_begin(struct ipfix_message *msg, size_t size)
{
	msg->size = size;
	msg->len = HEADER;
	msg->set = 0;
	msg->records = 0;
	msg->types = 0;
}

static void put_template(struct ipfix_message *msg, unsigned int template)
{
	unsigned int i, num = 0;
	size_t count;

	add_number(msg, FIRST_TEMPLATE + template, 2);
	count = msg->len;
	add_number(msg, 0, 2);
	for (i = 0; i < NUM_FIELDS; i++) {
		if (!has_field(template, &fields[i]))
			continue;
		num++;
		add_number(msg, fields[i].id | (fields[i].pen ? 0x8000 : 0), 2);
		add_number(msg, fields[i].len, 2);
		if (fields[i].pen)
			add_number(msg, fields[i].pen, 4);
	}
	put_number(msg->buf + count, num, 2);
}

static void put_types(struct ipfix_message *msg)
{
	size_t i, len;

	begin_set(msg, SET_OPTIONS);
	add_number(msg, TYPE_TEMPLATE, 2);
	add_number(msg, NUM_TYPE_FIELDS, 2);
	add_number(msg, NUM_TYPE_SCOPES, 2);
	for (i = 0; i < NUM_TYPE_FIELDS; i++) {
		add_number(msg, type_fields[i].id, 2);
		add_number(msg, type_fields[i].len, 2);
	}
	begin_set(msg, TYPE_TEMPLATE);
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		len = strlen(names[i]);
		add_number(msg, PEN_OURS, 4);
		add_number(msg, i + 1, 2);
		add_number(msg, TYPE_UNSIGNED64, 1);
		add_number(msg, SEMANTICS_DELTA_COUNTER, 1);
		add_number(msg, i % 2 ? UNITS_PACKETS : UNITS_OCTETS, 2);
		add_number(msg, len, 1);
		memcpy(msg->buf + msg->len, names[i], len);
		msg->len += len;
		msg->types++;
	}
}

void ipfix_put_templates(struct ipfix_message *msg)
{
	unsigned int i;

	begin_set(msg, SET_TEMPLATES);
	for (i = 0; i < NUM_TEMPLATES; i++)
		put_template(msg, i);
	put_types(msg);
}

static void sum_up(struct ipfix_record *record)
{
	int dir;

	for (dir = 0; dir < IPFIX_DIRS; dir++) {
		const struct ipfix_count *count = record->count[dir];

		record->sum[dir].octets = count[IPFIX_SOFTWARE].octets +
					  count[IPFIX_HARDWARE].octets;
		record->sum[dir].packets = count[IPFIX_SOFTWARE].packets +
					   count[IPFIX_HARDWARE].packets;
	}
}

static uint64_t get_number(const void *from, unsigned int len)
{
	switch (len) {
	case 1:
		return *(const uint8_t *)from;
	case 2:
		return *(const uint16_t *)from;
	case 4:
		return *(const uint32_t *)from;
	default:
		return *(const uint64_t *)from;
	}
}

bool ipfix_put(struct ipfix_message *msg, struct ipfix_record *record)
{
	unsigned int template = (record->v6 ? WITH_V6 : 0) | (record->nat ? WITH_NAT : 0);
	uint16_t id = FIRST_TEMPLATE + template;
	bool same = msg->set && msg->set_id == id;
	const uint8_t *from;
	unsigned int i;

	if (msg->len + record_size(template) + (same ? 0 : SET_HEADER) > msg->size)
		return false;
	if (!same)
		begin_set(msg, id);
	sum_up(record);
	record->direction = BIFLOW_INITIATOR;
	for (i = 0; i < NUM_FIELDS; i++) {
		if (!has_field(template, &fields[i]))
			continue;
		from = (const uint8_t *)record + fields[i].offset;
		if (!fields[i].bytes) {
			add_number(msg, get_number(from, fields[i].len), fields[i].len);
			continue;
		}
		memcpy(msg->buf + msg->len, from, fields[i].len);
		msg->len += fields[i].len;
	}
	msg->records++;
	return true;
}

void ipfix_end(struct ipfix_message *msg, uint32_t seconds, uint32_t sequence, uint32_t domain)
{
	end_set(msg);
	put_number(msg->buf, VERSION_IPFIX, 2);
	put_number(msg->buf + 2, msg->len, 2);
	put_number(msg->buf + 4, seconds, 4);
	put_number(msg->buf + 8, sequence, 4);
	put_number(msg->buf + 12, domain, 4);
}
