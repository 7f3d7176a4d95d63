// SPDX-License-Identifier: GPL-2.0-or-later
/* Driver, firmware, and the feature hw-tc-offload of a device. */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include "host_ask.h"
#include "input.h"

static int call(int fd, const char *name, void *data)
{
	struct ifreq ifr = { .ifr_data = data };

	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", name);
	return ioctl(fd, SIOCETHTOOL, &ifr);
}

static void read_names(int fd, const char *name, struct machine_driver *driver)
{
	struct ethtool_drvinfo info = { .cmd = ETHTOOL_GDRVINFO };
	size_t len;

	if (call(fd, name, &info) < 0)
		return;
	snprintf(driver->driver, sizeof(driver->driver), "%.31s", info.driver);
	if (strncmp(info.fw_version, "N/A", 3))
		snprintf(driver->firmware, sizeof(driver->firmware), "%.31s", info.fw_version);
	/* versions that come from devlink end with a space, some with a newline */
	len = strlen(driver->firmware);
	while (len && isspace((unsigned char)driver->firmware[len - 1]))
		driver->firmware[--len] = '\0';
}

static uint32_t num_features(int fd, const char *name)
{
	struct {
		struct ethtool_sset_info	info;
		uint32_t			len;
	} set = { .info = { .cmd = ETHTOOL_GSSET_INFO, .sset_mask = 1ULL << ETH_SS_FEATURES } };

	if (call(fd, name, &set) < 0 || !set.info.sset_mask || set.len > 4096)
		return 0;
	return set.len;
}

/* The number of the feature; @num if there is none of this name */
static uint32_t find_feature(int fd, const char *name, const char *feature, uint32_t num)
{
	struct ethtool_gstrings *strings = xalloc(sizeof(*strings) + num * ETH_GSTRING_LEN);
	uint32_t i = num;

	strings->cmd = ETHTOOL_GSTRINGS;
	strings->string_set = ETH_SS_FEATURES;
	strings->len = num;
	if (call(fd, name, strings) == 0)
		for (i = 0; i < num; i++)
			if (!strncmp((char *)strings->data + i * ETH_GSTRING_LEN, feature,
				     ETH_GSTRING_LEN))
				break;
	free(strings);
	return i;
}

static enum machine_switch read_feature(int fd, const char *name, const char *feature)
{
	uint32_t num = num_features(fd, name), blocks = (num + 31) / 32, i, bit;
	enum machine_switch state = MACHINE_UNKNOWN;
	struct ethtool_gfeatures *features;

	i = num ? find_feature(fd, name, feature, num) : 0;
	if (i == num)
		return MACHINE_UNKNOWN;
	features = xalloc(sizeof(*features) + blocks * sizeof(features->features[0]));
	features->cmd = ETHTOOL_GFEATURES;
	features->size = blocks;
	if (call(fd, name, features) == 0) {
		bit = 1U << i % 32;
		i /= 32;
		if (features->features[i].active & bit)
			state = MACHINE_ON;
		else if (features->features[i].available & bit &&
			 !(features->features[i].never_changed & bit))
			state = MACHINE_OFF;
		else
			state = MACHINE_FIXED_OFF;
	}
	free(features);
	return state;
}

int host_driver(const char *name, struct machine_driver *driver)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	memset(driver, 0, sizeof(*driver));
	if (fd < 0)
		return -1;
	read_names(fd, name, driver);
	driver->hw_tc = read_feature(fd, name, "hw-tc-offload");
	close(fd);
	return 0;
}
