// SPDX-License-Identifier: GPL-2.0-or-later
/* Sizes of hardware flow tables, where a driver tells them as devlink resources. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <linux/devlink.h>
#include <linux/genetlink.h>
#include "host_ask.h"
#include "input.h"

#define MAX_DEVICES	64

struct device {
	char	bus[32], name[32];
};

struct list {
	void		(*add)(const struct machine_room *room, void *data);
	void		*data;
	uint16_t	family;
	struct device	devices[MAX_DEVICES];
	unsigned int	num;
	unsigned int	current;	/* of which resources are being read */
};

static int got_family(const struct nlmsghdr *nlh, void *data)
{
	struct list *list = data;
	const struct nlattr *attr;

	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr))
		if (mnl_attr_get_type(attr) == CTRL_ATTR_FAMILY_ID &&
		    mnl_attr_get_payload_len(attr) == sizeof(uint16_t))
			list->family = mnl_attr_get_u16(attr);
	return MNL_CB_OK;
}

static struct nlmsghdr *begin(char *buf, uint16_t family, uint8_t cmd, uint16_t flags)
{
	struct nlmsghdr *nlh = ask_begin(buf, family, flags);
	struct genlmsghdr *genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));

	genl->cmd = cmd;
	genl->version = 1;
	return nlh;
}

static int got_device(const struct nlmsghdr *nlh, void *data)
{
	struct list *list = data;
	const struct nlattr *attr;
	struct device device = { "", "" };

	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr)) {
		if (mnl_attr_get_type(attr) == DEVLINK_ATTR_BUS_NAME)
			ask_str(attr, device.bus, sizeof(device.bus));
		if (mnl_attr_get_type(attr) == DEVLINK_ATTR_DEV_NAME)
			ask_str(attr, device.name, sizeof(device.name));
	}
	if (list->num < MAX_DEVICES)
		list->devices[list->num++] = device;
	return MNL_CB_OK;
}

static uint64_t u64_of(const struct nlattr *attr)
{
	return mnl_attr_get_payload_len(attr) == sizeof(uint64_t) ? mnl_attr_get_u64(attr) : 0;
}

static void read_resources(struct list *list, const struct nlattr *nest);

static void read_resource(struct list *list, const struct nlattr *nest)
{
	const struct device *device = &list->devices[list->current];
	struct machine_room room = { .size = 0 };
	const struct nlattr *attr;

	mnl_attr_for_each_nested(attr, nest) {
		switch (mnl_attr_get_type(attr)) {
		case DEVLINK_ATTR_RESOURCE_NAME:
			ask_str(attr, room.name, sizeof(room.name));
			break;
		case DEVLINK_ATTR_RESOURCE_SIZE:
			room.size = u64_of(attr);
			break;
		case DEVLINK_ATTR_RESOURCE_OCC:
			room.counted = true;
			room.used = u64_of(attr);
			break;
		case DEVLINK_ATTR_RESOURCE_LIST:
			read_resources(list, attr);
			break;
		}
	}
	if (!strstr(room.name, "flow"))
		return;
	snprintf(room.device, sizeof(room.device), "%.31s/%.31s", device->bus, device->name);
	list->add(&room, list->data);
}

static void read_resources(struct list *list, const struct nlattr *nest)
{
	const struct nlattr *attr;

	mnl_attr_for_each_nested(attr, nest)
		if (mnl_attr_get_type(attr) == DEVLINK_ATTR_RESOURCE)
			read_resource(list, attr);
}

static int got_resources(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *attr;

	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr))
		if (mnl_attr_get_type(attr) == DEVLINK_ATTR_RESOURCE_LIST)
			read_resources(data, attr);
	return MNL_CB_OK;
}

static int ask_devices(struct list *list)
{
	const struct device *device;
	struct nlmsghdr *nlh;
	char buf[ASK_SIZE];

	nlh = begin(buf, list->family, DEVLINK_CMD_GET, NLM_F_DUMP);
	if (ask(NETLINK_GENERIC, nlh, got_device, list) < 0)
		return -1;
	for (list->current = 0; list->current < list->num; list->current++) {
		device = &list->devices[list->current];
		nlh = begin(buf, list->family, DEVLINK_CMD_RESOURCE_DUMP, 0);
		mnl_attr_put_strz(nlh, DEVLINK_ATTR_BUS_NAME, device->bus);
		mnl_attr_put_strz(nlh, DEVLINK_ATTR_DEV_NAME, device->name);
		/* most have no resources */
		if (ask(NETLINK_GENERIC, nlh, got_resources, list) < 0 && errno != EOPNOTSUPP &&
		    errno != ENODEV)
			return -1;
	}
	return 0;
}

int host_rooms(void (*add)(const struct machine_room *room, void *data), void *data)
{
	struct list *list = xalloc(sizeof(*list));
	struct nlmsghdr *nlh;
	char buf[ASK_SIZE];
	int ret, err;

	list->add = add;
	list->data = data;
	nlh = begin(buf, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, NLM_F_ACK);
	mnl_attr_put_strz(nlh, CTRL_ATTR_FAMILY_NAME, DEVLINK_GENL_NAME);
	ret = ask(NETLINK_GENERIC, nlh, got_family, list);
	if (ret == 0)
		ret = ask_devices(list);
	else if (errno == ENOENT)	/* a kernel without devlink has no resources */
		ret = 0;
	err = errno;
	free(list);
	errno = err;
	return ret;
}
