// SPDX-License-Identifier: GPL-2.0-or-later
/* explain: routes and neighbours of both ends, where the kernel's answer says little. */
#include <stdio.h>
#include <string.h>
#include <linux/netfilter.h>
#include "explain.h"
#include "names.h"

static uint32_t addr_len(uint8_t family)
{
	return family == NFPROTO_IPV4 ? 4 : 16;
}

static bool is_multicast(uint8_t family, const uint8_t *addr)
{
	return family == NFPROTO_IPV4 ? (addr[0] & 0xf0) == 0xe0 : addr[0] == 0xff;
}

static bool found(struct step *step, const char *fix, const char *text, const char *what)
{
	step->level = STEP_WRONG;
	snprintf(step->text, sizeof(step->text), text, what);
	snprintf(step->fix, sizeof(step->fix), "%s", fix);
	return true;
}

static bool is_off(uint8_t family)
{
	return facts_number(family == NFPROTO_IPV4 ? "/proc/sys/net/ipv4/ip_forward" :
			    "/proc/sys/net/ipv6/conf/all/forwarding") == 0;
}

bool explain_route(const struct facts *facts, uint8_t family, const uint8_t *addr,
		   struct step *step)
{
	const struct machine_link *link;
	struct machine_hop hop;
	char name[64], fix[128];

	addr_str(addr, addr_len(family), name);
	if (is_multicast(family, addr))
		return found(step, "leave it: flowtables take unicast only",
			     "%s is a multicast address", name);
	if (is_off(family))
		return found(step, family == NFPROTO_IPV4 ? "sysctl -w net.ipv4.ip_forward=1" :
			     "sysctl -w net.ipv6.conf.all.forwarding=1",
			     "forwarding of %s is off", family == NFPROTO_IPV4 ? "IPv4" : "IPv6");
	if (machine.route(family, addr, &hop) < 0)
		return false;
	snprintf(fix, sizeof(fix), "see \"ip route get %s\", and remove this route or add a better one",
		 name);
	switch (hop.type) {
	case MACHINE_ROUTE_BLACKHOLE:
		return found(step, fix, "a blackhole route drops packets to %s", name);
	case MACHINE_ROUTE_PROHIBIT:
		return found(step, fix, "a prohibit route rejects packets to %s", name);
	case MACHINE_ROUTE_UNREACHABLE:
		return found(step, fix, "an unreachable route rejects packets to %s", name);
	case MACHINE_ROUTE_NONE:
		snprintf(fix, sizeof(fix), "ip route add %s via GATEWAY, or see \"ip route\" and \"ip rule\"",
			 name);
		return found(step, fix, "there is no route to %s", name);
	case MACHINE_ROUTE_LOCAL:
		return found(step, "leave it: only forwarded connections become flows",
			     "%s is an address of this machine", name);
	case MACHINE_ROUTE_UNICAST:
		break;
	}
	link = facts_link(facts, hop.oif);
	if (!link || (link->up && link->carrier))
		return false;
	snprintf(fix, sizeof(fix), link->up ? "see the cable, and the other end" :
		 "ip link set %.15s up", link->name);
	return found(step, fix, link->up ? "%s, the device of its route, has no carrier" :
		     "%s, the device of its route, is down", link->name);
}

bool explain_neighbour(const struct facts *facts, uint8_t family, const uint8_t *addr,
		       struct step *step)
{
	const struct machine_link *link;
	char name[64], fix[STEP_TEXT];
	enum machine_neighbour state;
	struct machine_hop hop;

	if (machine.route(family, addr, &hop) < 0 || hop.type != MACHINE_ROUTE_UNICAST)
		return false;
	link = facts_link(facts, hop.oif);
	if (!link || link->special || link->noarp)
		return false;
	if (machine.neighbour(family, hop.gateway, hop.oif, &state) < 0 ||
	    state == MACHINE_NEIGHBOUR_FINE)
		return false;
	addr_str(hop.gateway, addr_len(family), name);
	snprintf(fix, sizeof(fix), "see \"ip neigh show %s dev %.15s\": is the host up?", name,
		 link->name);
	if (state == MACHINE_NEIGHBOUR_FAILED)
		return found(step, fix, "%s does not answer: its link layer address is not known",
			     name);
	found(step, "wait: the kernel asks for it when the first packet comes",
	      "the link layer address of %s is not known yet", name);
	step->level = STEP_WAIT;
	return true;
}
