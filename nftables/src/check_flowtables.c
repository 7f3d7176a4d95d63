// SPDX-License-Identifier: GPL-2.0-or-later
/* check: flowtables, and what their devices can do. */
#include <stdio.h>
#include "check.h"
#include "names.h"

static const char example[] =
	"nft add table inet t, nft \"add flowtable inet t f { hook ingress priority 0; devices = { LAN, WAN }; flags offload; }\", and a rule with \"flow add @f\" in a forward chain";

static bool wants_hardware(const struct nftnl_offload_table *table)
{
	return nftnl_offload_table_get_u32(table, NFTNL_OFFLOAD_TABLE_FLAGS) &
	       NFT_OFFLOAD_TABLE_FLAG_HARDWARE;
}

/* Driver and firmware, as far as they are told */
static const char *driver_text(const struct machine_driver *driver, char *buf, size_t size)
{
	snprintf(buf, size, "%s%s%s%s", *driver->driver ? "driver " : "driver not known",
		 driver->driver, *driver->firmware ? ", firmware " : "", driver->firmware);
	return buf;
}

static void check_refusal(const struct facts *facts, const struct nftnl_offload_table *table,
			  const struct nftnl_offload_device *device, const char *driver,
			  enum machine_switch hw_tc)
{
	char fix[CHECK_FIX], buf[NAME_SIZE];
	const char *err = errno_name(device->err, buf);

	if (hw_tc == MACHINE_OFF) {
		snprintf(fix, sizeof(fix),
			 "ethtool -K %.15s hw-tc-offload on, and load the ruleset again",
			 device->name);
		check_line(CHECK_FAIL, "device", device->name, fix,
			   "cannot offload (%s): hw-tc-offload is off; %s", err, driver);
		return;
	}
	/* where it is refused when it is loaded again, they cannot be left there */
	if (facts_strict(table))
		check_strict_fix(facts, table,
				 "nft-offload set strict off; or use a device whose driver offloads flowtables",
				 fix);
	else
		snprintf(fix, sizeof(fix),
			 "leave its flows in software, or use a device whose driver offloads flowtables");
	check_line(CHECK_WARN, "device", device->name, fix,
		   "cannot offload (%s)%s; %s", err,
		   hw_tc == MACHINE_FIXED_OFF ? ", has no hw-tc-offload" : "", driver);
}

/* Some drivers look at hw-tc-offload when a flow comes. Where there are flows in hardware,
 * those of this flowtable do not.
 */
static bool may_refuse(const struct nftnl_offload_table *table, enum machine_switch hw_tc)
{
	return hw_tc == MACHINE_OFF &&
	       !nftnl_offload_table_get_u32(table, NFTNL_OFFLOAD_TABLE_HW_FLOWS);
}

static void check_device(const struct facts *facts, const struct nftnl_offload_table *table,
			 const struct nftnl_offload_device *device)
{
	const struct machine_link *link = facts_link(facts, device->ifindex);
	struct machine_driver driver = { "", "", MACHINE_UNKNOWN };
	bool hardware = wants_hardware(table);
	char text[128], fix[128];

	machine.driver(device->name, &driver);
	driver_text(&driver, text, sizeof(text));
	if (hardware && device->err) {
		check_refusal(facts, table, device, text, driver.hw_tc);
	} else if (hardware && may_refuse(table, driver.hw_tc)) {
		snprintf(fix, sizeof(fix), "ethtool -K %.15s hw-tc-offload on", device->name);
		check_line(CHECK_WARN, "device", device->name, fix,
			   "hw-tc-offload is off: the driver may refuse flows; %s", text);
	} else if (link && (!link->up || !link->carrier)) {
		snprintf(fix, sizeof(fix), link->up ? "see the cable, and the other end" :
			 "ip link set %.15s up", device->name);
		check_line(CHECK_WARN, "device", device->name, fix, "%s; %s",
			   link->up ? "has no carrier" : "is down", text);
	} else {
		check_line(CHECK_OK, "device", device->name, NULL, "%s; %s",
			   hardware ? "offloads" : "not asked to offload", text);
	}
}

/* The devices that offload; all of them: how many were asked */
static unsigned int count_devices(const struct nftnl_offload_table *table, unsigned int *all)
{
	const struct nftnl_offload_device *device;
	unsigned int able = 0, i;

	for (i = 0; (device = nftnl_offload_table_device(table, i)); i++)
		able += !device->err;
	*all = i;
	return able;
}

static void check_flowtable(const struct facts *facts, const struct nftnl_offload_table *table)
{
	bool hardware = wants_hardware(table);
	const struct nftnl_offload_device *device;
	unsigned int i, all, able = count_devices(table, &all);
	char name[CHECK_TEXT];

	check_table_name(table, name);
	if (!all)
		check_line(CHECK_FAIL, "flowtable", name, "add \"devices = { LAN, WAN };\" to it",
			   "has no device");
	else if (!hardware)
		check_line(CHECK_WARN, "flowtable", name, "add \"flags offload;\" to it",
			   "software only: it has no \"flags offload\"");
	else if (!able)
		check_line(CHECK_FAIL, "flowtable", name, "see its devices below",
			   "none of its devices can offload");
	else
		check_line(CHECK_OK, "flowtable", name, NULL,
			   "%u flow%s, %u in hardware; %u of %u devices offload%s",
			   nftnl_offload_table_get_u32(table, NFTNL_OFFLOAD_TABLE_FLOWS),
			   nftnl_offload_table_get_u32(table, NFTNL_OFFLOAD_TABLE_FLOWS) == 1 ?
			   "" : "s",
			   nftnl_offload_table_get_u32(table, NFTNL_OFFLOAD_TABLE_HW_FLOWS),
			   able, all, able == 1 ? "s" : "");
	for (i = 0; (device = nftnl_offload_table_device(table, i)); i++)
		check_device(facts, table, device);
}

void check_flowtables(const struct facts *facts)
{
	unsigned int i;

	if (facts->no_kernel)
		check_line(CHECK_UNKNOWN, "flowtable", NULL, NULL, "not known, as nft_offload does not answer");
	else if (!facts->num_tables)
		check_line(CHECK_FAIL, "flowtable", NULL, example, "there is none");
	for (i = 0; i < facts->num_tables; i++)
		check_flowtable(facts, facts->tables[i]);
}
