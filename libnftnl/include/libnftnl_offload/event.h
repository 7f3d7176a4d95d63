/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _LIBNFTNL_OFFLOAD_EVENT_H_
#define _LIBNFTNL_OFFLOAD_EVENT_H_

#include <libnftnl_offload/common.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What has happened to a flow. The kernel sends it to the multicast group
 * "events", see struct nftnl_offload_family; receive into
 * NFTNL_OFFLOAD_BUFFER_SIZE bytes.
 */
enum nftnl_offload_event_attr {
	NFTNL_OFFLOAD_EVENT_KIND = 0,	/* u8, enum nft_offload_event */
	NFTNL_OFFLOAD_EVENT_CAUSE,	/* u8, enum nft_offload_cause; of removed flows */
	NFTNL_OFFLOAD_EVENT_SEQ,	/* u32, number in the network namespace; 0 follows UINT32_MAX */
	NFTNL_OFFLOAD_EVENT_LOST,	/* u32, events lost before it: nftnl_offload_event_track() */
	__NFTNL_OFFLOAD_EVENT_MAX
};
#define NFTNL_OFFLOAD_EVENT_MAX (__NFTNL_OFFLOAD_EVENT_MAX - 1)

struct nftnl_flow;
struct nftnl_offload_event;

/**
 * nftnl_offload_event_alloc() - a new, empty event
 *
 * Return: the event, for nftnl_offload_event_free(); NULL with errno ENOMEM.
 */
struct nftnl_offload_event *nftnl_offload_event_alloc(void);

/**
 * nftnl_offload_event_free() - end of an event and of its flow
 * @e: event; NULL does nothing
 */
void nftnl_offload_event_free(const struct nftnl_offload_event *e);

/**
 * nftnl_offload_event_is_set() - has the event this attribute?
 * @e: event
 * @attr: enum nftnl_offload_event_attr
 *
 * Return: true if so; false also for an attribute that does not exist.
 */
bool nftnl_offload_event_is_set(const struct nftnl_offload_event *e, uint16_t attr);

/**
 * nftnl_offload_event_unset() - take an attribute away
 * @e: event
 * @attr: enum nftnl_offload_event_attr; one that there is not does nothing
 */
void nftnl_offload_event_unset(struct nftnl_offload_event *e, uint16_t attr);

/**
 * nftnl_offload_event_set_data() - set any attribute
 * @e: event
 * @attr: enum nftnl_offload_event_attr
 * @data: what is copied: a number in host byte order
 * @data_len: its length in bytes
 *
 * Return: 0; -1 with errno EINVAL if there is no such attribute or the length
 * is wrong. The event is as before then.
 */
int nftnl_offload_event_set_data(struct nftnl_offload_event *e, uint16_t attr,
				 const void *data, uint32_t data_len);

/**
 * nftnl_offload_event_set_u8() - set a number of 8 bits
 * @e: event
 * @attr: enum nftnl_offload_event_attr, of type u8
 * @val: number
 *
 * Return: 0; -1 with errno EINVAL if the attribute is of another type. The
 * event is as before then.
 */
int nftnl_offload_event_set_u8(struct nftnl_offload_event *e, uint16_t attr, uint8_t val);

/**
 * nftnl_offload_event_set_u32() - set a number of 32 bits
 * @e: event
 * @attr: enum nftnl_offload_event_attr, of type u32
 * @val: number, in host byte order
 *
 * Return: 0; -1 with errno EINVAL if the attribute is of another type. The
 * event is as before then.
 */
int nftnl_offload_event_set_u32(struct nftnl_offload_event *e, uint16_t attr,
				uint32_t val);

/**
 * nftnl_offload_event_get_data() - any attribute
 * @e: event
 * @attr: enum nftnl_offload_event_attr
 * @data_len: set to the length in bytes; may be NULL
 *
 * Return: what set_data() takes. It belongs to @e and stays until @e is
 * changed. NULL, and a length of 0, if it is not set.
 */
const void *nftnl_offload_event_get_data(const struct nftnl_offload_event *e,
					 uint16_t attr, uint32_t *data_len);

/**
 * nftnl_offload_event_get_u8() - number of 8 bits
 * @e: event
 * @attr: enum nftnl_offload_event_attr, of type u8
 *
 * Return: the number; 0 if it is not set, or of another type.
 */
uint8_t nftnl_offload_event_get_u8(const struct nftnl_offload_event *e, uint16_t attr);

/**
 * nftnl_offload_event_get_u32() - number of 32 bits
 * @e: event
 * @attr: enum nftnl_offload_event_attr, of type u32
 *
 * Return: the number, in host byte order; 0 if it is not set, or of another
 * type.
 */
uint32_t nftnl_offload_event_get_u32(const struct nftnl_offload_event *e, uint16_t attr);

/**
 * nftnl_offload_event_get_flow() - the flow that it has happened to
 * @e: event
 *
 * The flow is as it was then; a removed flow has its last counters. Kind, cause
 * and number are attributes of the event, not of this flow.
 *
 * Return: the flow, which belongs to @e and stays until @e is changed or freed:
 * nftnl_flow_clone() keeps it longer. Never NULL: without any attributes if
 * nothing is known of it.
 */
const struct nftnl_flow *nftnl_offload_event_get_flow(const struct nftnl_offload_event *e);

/**
 * nftnl_offload_event_set_flow() - set the flow
 * @e: event
 * @f: flow, which is copied without NFTNL_FLOW_EVENT, NFTNL_FLOW_CAUSE and
 *	NFTNL_FLOW_SEQ; the caller keeps it. NULL removes the flow
 */
void nftnl_offload_event_set_flow(struct nftnl_offload_event *e,
				  const struct nftnl_flow *f);

/**
 * nftnl_offload_event_nlmsg_build_payload() - event as attributes of a message
 * @nlh: message, with room for 4096 bytes more. Its type is
 *	NFT_OFFLOAD_CMD_FLOW_DEL_NTF for a removed flow, else
 *	NFT_OFFLOAD_CMD_FLOW_NEW_NTF
 * @e: event
 *
 * The message is like those of the kernel, for tests and for tools that replay
 * events. Only what is set is in it; NFTNL_OFFLOAD_EVENT_LOST is
 * never in a message.
 */
void nftnl_offload_event_nlmsg_build_payload(struct nlmsghdr *nlh,
					     const struct nftnl_offload_event *e);

/**
 * nftnl_offload_event_nlmsg_parse() - event of a message
 * @nlh: message of type NFT_OFFLOAD_CMD_FLOW_NEW_NTF or NFT_OFFLOAD_CMD_FLOW_DEL_NTF,
 *	all of it in memory
 * @e: event that is filled
 *
 * @e loses what it had, also on failure. As in nftnl_flow_nlmsg_parse(), unknown
 * attributes are skipped, and strings that are too long are cut off. Nothing past
 * nlmsg_len is read. Nothing is allocated.
 *
 * Return: 0; -1 with errno EINVAL if the message is of another type, an
 * attribute has a wrong length or the message ends within one. @e is empty then.
 */
int nftnl_offload_event_nlmsg_parse(const struct nlmsghdr *nlh,
				    struct nftnl_offload_event *e);

/**
 * struct nftnl_offload_event_last - the last event that a listener has seen
 * @seq: its number
 * @known: an event was seen
 *
 * All zero at first, and each time the listener joins the group.
 */
struct nftnl_offload_event_last {
	uint32_t	seq;
	bool		known;
};

/**
 * nftnl_offload_event_track() - how many events were lost before this one?
 * @e: event that was just parsed
 * @last: what the listener has seen; becomes this event
 *
 * To be called for each event, in the order of arrival, and before the program
 * filters them: lost events may be of any flow.
 *
 * Sets NFTNL_OFFLOAD_EVENT_LOST of @e to the number of events between the last
 * one and this one, 0 if none was lost. It is not set where the number
 * is not known: for the first event, for one without a number, and for one whose
 * number is not after the last one, as the kernel has started again at the beginning.
 *
 * A socket whose buffer was full returns ENOBUFS once, before the events that are
 * left in it. Go on receiving: the next event says how many were lost, if there was
 * one before it (@last->known).
 *
 * Return: NFTNL_OFFLOAD_EVENT_LOST; 0 if it is not set.
 */
uint32_t nftnl_offload_event_track(struct nftnl_offload_event *e,
				   struct nftnl_offload_event_last *last);

/**
 * nftnl_offload_event_snprintf() - event as one line of text
 * @buf: where to; may be NULL if @size is 0
 * @size: of @buf in bytes
 * @e: event
 * @type: NFTNL_OFFLOAD_OUTPUT_DEFAULT
 * @flags: 0
 *
 * First what has happened, then the flow, then the cause. Writes at most @size
 * bytes, with a NUL if @size is not 0. Characters of names that cannot be printed
 * become question marks. The text is for people, and may change: programs should
 * get attributes. Names of kinds and causes are nftnl_offload_event_str() and
 * nftnl_offload_cause_str().
 *
 * Return: length of all the text, without the NUL, which may be more than @size;
 * -1 with errno EOPNOTSUPP if @type or @flags are not known.
 */
int nftnl_offload_event_snprintf(char *buf, size_t size,
				 const struct nftnl_offload_event *e, uint32_t type,
				 uint32_t flags);

/**
 * nftnl_offload_event_fprintf() - write an event as text
 * @fp: where to
 * @e: event
 * @type: NFTNL_OFFLOAD_OUTPUT_DEFAULT
 * @flags: 0
 *
 * The text is that of nftnl_offload_event_snprintf(), without a newline.
 *
 * Return: number of bytes; -1 with errno as nftnl_offload_event_snprintf() or
 * fprintf() set it.
 */
int nftnl_offload_event_fprintf(FILE *fp, const struct nftnl_offload_event *e,
				uint32_t type, uint32_t flags);

#ifdef __cplusplus
}
#endif

#endif /* _LIBNFTNL_OFFLOAD_EVENT_H_ */
