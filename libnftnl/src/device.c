// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Devices: of a flowtable, and on the way of a connection.
 */
#include "internal.h"
#include "array.h"

/* A device as it is in a message */
struct device {
	uint32_t	set;
	uint32_t	ifindex;
	uint32_t	err;
	uint8_t		side;
	char		name[sizeof(((struct nftnl_offload_device *)0)->name)];
	char		reason[NFTNL_REASON_SIZE];
};

enum { DEVICE_IFINDEX, DEVICE_NAME, DEVICE_ERRNO, DEVICE_SIDE, DEVICE_REASON };

#define D(_nla, _type, _field)	NFTNL_ATTR(NFT_OFFLOAD_DEVICE_##_nla, _type, device, _field)

static const struct nftnl_attr device_attr[] = {
	[DEVICE_IFINDEX] = D(IFINDEX, U32, ifindex),
	[DEVICE_NAME]	= D(NAME, STR, name),
	[DEVICE_ERRNO]	= D(ERRNO, U32, err),
	[DEVICE_SIDE]	= D(SIDE, U8, side),
	[DEVICE_REASON]	= D(REASON, STR, reason),
};

static const uint8_t device_by_nla[] = {
	[NFT_OFFLOAD_DEVICE_IFINDEX]	= DEVICE_IFINDEX + 1,
	[NFT_OFFLOAD_DEVICE_NAME]	= DEVICE_NAME + 1,
	[NFT_OFFLOAD_DEVICE_ERRNO]	= DEVICE_ERRNO + 1,
	[NFT_OFFLOAD_DEVICE_SIDE]	= DEVICE_SIDE + 1,
	[NFT_OFFLOAD_DEVICE_REASON]	= DEVICE_REASON + 1,
};

static const struct nftnl_desc device_desc = {
	.attr		= device_attr,
	.num		= ARRAY_SIZE(device_attr),
	.by_nla		= device_by_nla,
	.num_nla	= ARRAY_SIZE(device_by_nla),
};

/* A copy with a reason of its own; errno is ERANGE or ENOMEM. */
int nftnl_device_add(struct nftnl_array *array, const struct nftnl_offload_device *dev)
{
	struct nftnl_device item = { .device = *dev }, *added;
	size_t len = dev->reason ? strlen(dev->reason) : 0;

	if (!memchr(dev->name, '\0', sizeof(dev->name)) || len >= sizeof(item.reason)) {
		errno = ERANGE;
		return -1;
	}
	if (dev->reason)
		memcpy(item.reason, dev->reason, len + 1);
	added = nftnl_array_add(array, &item, sizeof(item));
	if (!added)
		return -1;
	if (dev->reason)
		added->device.reason = added->reason;
	return 0;
}

/* One without an index is of no use. */
int nftnl_device_parse(void *array, const struct nlattr *nest)
{
	struct nftnl_offload_device dev = {};
	struct device d = { .side = NFTNL_OFFLOAD_SIDE_NONE };

	if (nftnl_attrs_parse(&device_desc, &d, nftnl_nla_data(nest),
			      nftnl_nla_len(nest)))
		return -1;
	if (!nftnl_attr_is_set(&device_desc, &d, DEVICE_IFINDEX))
		return 0;
	dev.ifindex = d.ifindex;
	dev.err = d.err;
	dev.side = d.side;
	memcpy(dev.name, d.name, sizeof(dev.name));
	if (nftnl_attr_is_set(&device_desc, &d, DEVICE_REASON))
		dev.reason = d.reason;
	return nftnl_device_add(array, &dev);
}

/* As a flowtable has it */
void nftnl_device_build(struct nlmsghdr *nlh, const void *item)
{
	const struct nftnl_offload_device *dev = item;

	mnl_attr_put_u32(nlh, NFT_OFFLOAD_DEVICE_IFINDEX, dev->ifindex);
	mnl_attr_put_strz(nlh, NFT_OFFLOAD_DEVICE_NAME, dev->name);
	if (dev->err)
		mnl_attr_put_u32(nlh, NFT_OFFLOAD_DEVICE_ERRNO, dev->err);
}

/* As the answer to EXPLAIN has it */
void nftnl_device_build_side(struct nlmsghdr *nlh, const void *item)
{
	const struct nftnl_offload_device *dev = item;

	nftnl_device_build(nlh, dev);
	if (dev->side != NFTNL_OFFLOAD_SIDE_NONE)
		mnl_attr_put_u8(nlh, NFT_OFFLOAD_DEVICE_SIDE, dev->side);
	if (dev->reason)
		mnl_attr_put_strz(nlh, NFT_OFFLOAD_DEVICE_REASON, dev->reason);
}
