// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Headers of messages, and names of numbers.
 */
#include "internal.h"

struct nlmsghdr *nftnl_offload_nlmsg_build_hdr(char *buf, uint16_t family, uint8_t cmd,
					       uint16_t flags, uint32_t seq)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct genlmsghdr *genl;

	nlh->nlmsg_type = family;
	nlh->nlmsg_flags = NLM_F_REQUEST | flags;
	nlh->nlmsg_seq = seq;

	genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));
	genl->cmd = cmd;
	genl->version = NFT_OFFLOAD_FAMILY_VERSION;
	genl->reserved = 0;
	return nlh;
}

int nftnl_offload_msg_type(const struct nlmsghdr *nlh)
{
	const struct genlmsghdr *genl = mnl_nlmsg_get_payload(nlh);

	if (nlh->nlmsg_type <= GENL_ID_CTRL ||
	    nlh->nlmsg_len < MNL_NLMSG_HDRLEN + GENL_HDRLEN)
		return -1;
	return genl->cmd;
}

static const char *name(const char *const *names, size_t num, uint8_t i)
{
	return i < num && names[i] ? names[i] : "unknown";
}

const char *nftnl_offload_state_str(uint8_t state)
{
	static const char *const names[] = {
		[NFT_OFFLOAD_STATE_SOFTWARE]	= "software",
		[NFT_OFFLOAD_STATE_PENDING]	= "pending",
		[NFT_OFFLOAD_STATE_HARDWARE]	= "hardware",
		[NFT_OFFLOAD_STATE_FAILED]	= "failed",
		[NFT_OFFLOAD_STATE_CLOSING]	= "closing",
	};

	return name(names, ARRAY_SIZE(names), state);
}

const char *nftnl_offload_event_str(uint8_t event)
{
	static const char *const names[] = {
		[NFT_OFFLOAD_EVENT_ADDED]	= "added",
		[NFT_OFFLOAD_EVENT_HARDWARE]	= "hardware",
		[NFT_OFFLOAD_EVENT_FAILED]	= "failed",
		[NFT_OFFLOAD_EVENT_SOFTWARE]	= "software",
		[NFT_OFFLOAD_EVENT_GONE]	= "gone",
		[NFT_OFFLOAD_EVENT_PINNED]	= "pinned",
	};

	return name(names, ARRAY_SIZE(names), event);
}

const char *nftnl_offload_cause_str(uint8_t cause)
{
	static const char *const names[] = {
		[NFT_OFFLOAD_CAUSE_UNKNOWN]	= "unknown",
		[NFT_OFFLOAD_CAUSE_TIMEOUT]	= "timeout",
		[NFT_OFFLOAD_CAUSE_CLOSED]	= "closed",
		[NFT_OFFLOAD_CAUSE_CONNTRACK]	= "conntrack",
		[NFT_OFFLOAD_CAUSE_PATH]	= "path",
		[NFT_OFFLOAD_CAUSE_FLUSHED]	= "flushed",
		[NFT_OFFLOAD_CAUSE_TABLE]	= "table",
		[NFT_OFFLOAD_CAUSE_POLICY]	= "policy",
	};

	return name(names, ARRAY_SIZE(names), cause);
}

const char *nftnl_offload_layer_str(uint8_t layer)
{
	static const char *const names[] = {
		[NFT_OFFLOAD_LAYER_NONE]	= "none",
		[NFT_OFFLOAD_LAYER_CLASSIC]	= "classic",
		[NFT_OFFLOAD_LAYER_SOFTWARE]	= "software",
		[NFT_OFFLOAD_LAYER_HARDWARE]	= "hardware",
	};

	return name(names, ARRAY_SIZE(names), layer);
}

const char *nftnl_offload_side_str(uint8_t side)
{
	static const char *const names[] = {
		[NFT_OFFLOAD_SIDE_IN]	= "in",
		[NFT_OFFLOAD_SIDE_OUT]	= "out",
	};

	return name(names, ARRAY_SIZE(names), side);
}

const char *nftnl_offload_mark_action_str(uint8_t action)
{
	static const char *const names[] = {
		[NFT_OFFLOAD_MARK_ACTION_NEVER]		= "never",
		[NFT_OFFLOAD_MARK_ACTION_SOFTWARE]	= "software",
	};

	return name(names, ARRAY_SIZE(names), action);
}

const char *nftnl_offload_shaped_str(uint8_t shaped)
{
	static const char *const names[] = {
		[NFT_OFFLOAD_SHAPED_SOFTWARE]	= "software",
		[NFT_OFFLOAD_SHAPED_IGNORE]	= "ignore",
	};

	return name(names, ARRAY_SIZE(names), shaped);
}

const char *nftnl_offload_carry_str(uint8_t what)
{
	static const char *const names[] = {
		[NFT_OFFLOAD_CARRY_PRIORITY]	= "priority",
		[NFT_OFFLOAD_CARRY_DSCP]	= "dscp",
	};

	return name(names, ARRAY_SIZE(names), what);
}

const char *nftnl_offload_carry_mode_str(uint8_t mode)
{
	static const char *const names[] = {
		[NFT_OFFLOAD_CARRY_MODE_OPTIONAL]	= "optional",
		[NFT_OFFLOAD_CARRY_MODE_REQUIRED]	= "required",
	};

	return name(names, ARRAY_SIZE(names), mode);
}

const char *nftnl_offload_evict_str(uint8_t evict)
{
	static const char *const names[] = {
		[NFT_OFFLOAD_EVICT_NONE]	= "none",
		[NFT_OFFLOAD_EVICT_SLOWEST]	= "slowest",
	};

	return name(names, ARRAY_SIZE(names), evict);
}

const char *nftnl_offload_pin_str(uint8_t pin)
{
	static const char *const names[] = {
		[NFT_OFFLOAD_PIN_AUTO]		= "auto",
		[NFT_OFFLOAD_PIN_HARDWARE]	= "hardware",
		[NFT_OFFLOAD_PIN_SOFTWARE]	= "software",
	};

	return name(names, ARRAY_SIZE(names), pin);
}
