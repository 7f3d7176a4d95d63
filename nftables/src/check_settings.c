// SPDX-License-Identifier: GPL-2.0-or-later
/* check: the switches of hardware offload, and forwarding. */
#include <string.h>
#include "check.h"

#define SYSCTL		"/proc/sys/net/netfilter/"
#define PARAMETER	"/sys/module/nf_flow_table/parameters/offload_strict"
#define SURVIVES	"echo \"options nf_flow_table offload_strict=0\" > /etc/modprobe.d/nf_flow_table.conf"

static void check_offload(void)
{
	int allowed = facts_number(SYSCTL "nf_flow_offload");

	if (allowed < 0)
		check_line(CHECK_FAIL, "offload", NULL,
			   "modprobe nf_flow_table, or boot a kernel that has the series",
			   "there is no sysctl net.netfilter.nf_flow_offload");
	else if (!allowed)
		check_line(CHECK_FAIL, "offload", NULL, "nft-offload set offload on",
			   "hardware offload is switched off (net.netfilter.nf_flow_offload=0)");
	else
		check_line(CHECK_OK, "offload", NULL, NULL, "hardware offload is allowed");
}

/* A device that a flowtable has, or might have, and that cannot offload */
static bool some_cannot(const struct facts *facts, char *name)
{
	const struct nftnl_offload_device *device;
	struct machine_driver driver;
	const struct machine_link *link;
	unsigned int i, j;

	for (i = 0; i < facts->num_tables; i++) {
		for (j = 0; (device = nftnl_offload_table_device(facts->tables[i], j)); j++) {
			memcpy(name, device->name, IFNAMSIZ);
			if (device->err)
				return true;
		}
	}
	if (facts->num_tables || facts->no_kernel)
		return false;
	for (i = 0; i < facts->num_routes; i++) {
		link = facts_link(facts, facts->routes[i].oif);
		if (!link || link->special || machine.driver(link->name, &driver) < 0)
			continue;
		memcpy(name, link->name, IFNAMSIZ);
		if (driver.hw_tc == MACHINE_FIXED_OFF || driver.hw_tc == MACHINE_OFF)
			return true;
	}
	return false;
}

static void check_strict(const struct facts *facts)
{
	int strict = facts_number(SYSCTL "nf_flow_offload_strict"), parameter;
	char name[IFNAMSIZ];

	if (strict < 0) {
		check_line(CHECK_UNKNOWN, "strict", NULL, NULL,
			   "there is no sysctl net.netfilter.nf_flow_offload_strict");
		return;
	}
	parameter = facts_number(PARAMETER);
	if (strict && some_cannot(facts, name))
		check_line(CHECK_WARN, "strict", NULL,
			   "nft-offload set strict off, and over a boot: " SURVIVES,
			   "%s cannot offload: a ruleset that has it in a flowtable with \"flags offload\" is refused",
			   name);
	else if (!strict && parameter > 0)
		check_line(CHECK_WARN, "strict", NULL, SURVIVES,
			   "off, but on again after a boot: a ruleset with a device that cannot offload is refused then");
	else
		check_line(CHECK_OK, "strict", NULL, NULL, "%s",
			   strict ? "a device without offload has the ruleset refused; there is none" :
				    "flows of devices without offload are in software");
}

static void check_forwarding(const char *family, const char *path, const char *fix,
			     enum check_level off)
{
	int on = facts_number(path);

	if (on > 0)
		check_line(CHECK_OK, "forwarding", family, NULL, "on");
	else if (on == 0)
		check_line(off, "forwarding", family, fix, "off: nothing is forwarded");
	else
		check_line(CHECK_UNKNOWN, "forwarding", family, NULL, "this kernel has none");
}

void check_settings(const struct facts *facts)
{
	check_offload();
	check_strict(facts);
	check_forwarding("IPv4", "/proc/sys/net/ipv4/ip_forward",
			 "sysctl -w net.ipv4.ip_forward=1, and over a boot in /etc/sysctl.d",
			 CHECK_FAIL);
	check_forwarding("IPv6", "/proc/sys/net/ipv6/conf/all/forwarding",
			 "sysctl -w net.ipv6.conf.all.forwarding=1, and over a boot in /etc/sysctl.d",
			 CHECK_WARN);
}
