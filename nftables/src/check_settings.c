// SPDX-License-Identifier: GPL-2.0-or-later
/* check: the switches of hardware offload, and forwarding. */
#include <stdio.h>
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

#define STRICT_OFF	"nft-offload set strict off, and over a boot: " SURVIVES

/* A device that a flowtable has, and that is refused when that is loaded again */
static const struct nftnl_offload_table *find_refused(const struct facts *facts, char *name)
{
	const struct nftnl_offload_device *device;
	unsigned int i, j;

	for (i = 0; i < facts->num_tables; i++) {
		if (!facts_strict(facts->tables[i]))
			continue;
		for (j = 0; (device = nftnl_offload_table_device(facts->tables[i], j)); j++) {
			memcpy(name, device->name, IFNAMSIZ);
			if (device->err)
				return facts->tables[i];
		}
	}
	return NULL;
}

/* How many flowtables are set so, and the first of them */
static unsigned int count_settings(const struct facts *facts, bool strict,
				   const struct nftnl_offload_table **first)
{
	unsigned int i, num = 0;

	for (i = 0; i < facts->num_settings; i++)
		if (facts_strict(facts->settings[i]) == strict && !num++)
			*first = facts->settings[i];
	return num;
}

/* Where there is no flowtable: a device that one would have, and that cannot offload. A ruleset
 * whose flowtable may do without offload is not refused for it.
 */
static bool some_would_be(const struct facts *facts, char *name)
{
	const struct nftnl_offload_table *allowed;
	struct machine_driver driver;
	const struct machine_link *link;
	unsigned int i;

	if (facts->num_tables || facts->no_kernel || count_settings(facts, false, &allowed))
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

static void strict_is_fine(const struct facts *facts, bool strict)
{
	const struct nftnl_offload_table *other = NULL;
	char name[CHECK_TEXT], but[CHECK_TEXT + 32] = "";
	unsigned int num = count_settings(facts, !strict, &other);

	if (num)
		snprintf(but, sizeof(but), "%s%s%s",
			 strict ? ", but for " : "; they are refused for ",
			 check_table_name(other, name), num > 1 ? " and more" : "");
	if (strict)
		check_line(CHECK_OK, "strict", NULL, NULL,
			   "a device without offload has the ruleset refused%s%s", but,
			   num ? "" : "; there is none");
	else
		check_line(CHECK_OK, "strict", NULL, NULL,
			   "flows of devices without offload are in software%s", but);
}

static void check_strict(const struct facts *facts)
{
	int strict = facts_number(SYSCTL "nf_flow_offload_strict"), parameter;
	const struct nftnl_offload_table *table;
	char name[IFNAMSIZ], fix[CHECK_FIX], subject[CHECK_TEXT];

	if (strict < 0) {
		check_line(CHECK_UNKNOWN, "strict", NULL, NULL,
			   "there is no sysctl net.netfilter.nf_flow_offload_strict");
		return;
	}
	parameter = facts_number(PARAMETER);
	table = find_refused(facts, name);
	if (table && !strict) {
		snprintf(fix, sizeof(fix), "nft-offload set flowtable %s strict default",
			 check_table_name(table, subject));
		check_line(CHECK_WARN, "strict", NULL, fix,
			   "%s cannot offload: a ruleset that has it in flowtable %s is refused, as is set for that",
			   name, subject);
	} else if (table || (strict && some_would_be(facts, name))) {
		check_line(CHECK_WARN, "strict", NULL,
			   check_strict_fix(facts, table, STRICT_OFF, fix),
			   "%s cannot offload: a ruleset that has it in a flowtable with \"flags offload\" is refused",
			   name);
	} else if (!strict && parameter > 0) {
		check_line(CHECK_WARN, "strict", NULL, SURVIVES,
			   "off, but on again after a boot: a ruleset with a device that cannot offload is refused then");
	} else {
		strict_is_fine(facts, strict);
	}
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
