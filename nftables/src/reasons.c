// SPDX-License-Identifier: GPL-2.0-or-later
/* Reasons of the kernel: what they mean and what helps. The manual page has the same,
 * see tests/testcases/manual.nft-offload.
 */
#include <stdio.h>
#include <string.h>
#include "names.h"

static const struct reason {
	const char	*name, *text, *remedy;
	bool		waits;		/* normal at the beginning of a connection */
} reasons[] = {
	{ "none",
	  "nothing is known against it",
	  NULL, false },
	{ "xfrm",
	  "its packets come, or leave, through IPsec",
	  "leave it: IPsec needs each packet", false },
	{ "ip-options",
	  "its packets have IPv4 options",
	  "leave it, or have the sender set no options", false },
	{ "no-conntrack",
	  "its packets are not tracked",
	  "remove the \"notrack\" rule that matches it", false },
	{ "tcp-state",
	  "it is not established yet, or about to close",
	  "wait for the handshake; rules with \"flow add\" need no \"ct state\"", true },
	{ "gre-nat-or-key",
	  "GRE with NAT, or of version 1",
	  "exempt it from NAT, or use GRE of version 0", false },
	{ "protocol",
	  "it is neither TCP, UDP nor GRE",
	  "leave it: flowtables take TCP, UDP and GRE", false },
	{ "helper",
	  "a conntrack helper looks at its payload",
	  "remove the \"ct helper\" rule that matches it, if the protocol does without", false },
	{ "sequence-adjustment",
	  "its TCP sequence numbers are changed",
	  "remove the helper or SYNPROXY that changes them", false },
	{ "unconfirmed",
	  "it is being set up: flows are added from the second packet on",
	  "wait for its next packet; a rule with \"flow add\" must match established connections, too", true },
	{ "policy",
	  "the policy of its flowtable keeps its ct mark out",
	  "leave it, if that is meant; else see \"nft-offload list policies\", and which rule sets the ct mark", false },
	{ "too-early",
	  "the policy of its flowtable has its first packets see all rules",
	  "wait; \"stack\" in \"nft-offload list policies\" says for how many packets", true },
	{ "local",
	  "to or from this machine itself: not forwarded",
	  "leave it: only forwarded connections become flows", false },
	{ "no-route",
	  "there is no route, there or back",
	  "see \"ip route get ADDRESS\" for both ends, \"ip link\", and \"sysctl net.ipv4.ip_forward\" (net.ipv6.conf.all.forwarding)", false },
	{ "asymmetric",
	  "the reply direction leaves by another device than the original direction came in by",
	  "make the routes symmetric, see \"ip route get ADDRESS\" for both ends", false },
	{ "policy-routing",
	  "a routing rule sends it where its addresses, ports and mark alone do not, or the mark of the reply direction is not known yet",
	  "let routing rules select by address, port or mark, see \"ip rule\"", false },
	{ "neighbour",
	  "the link layer address of the next hop is not known yet",
	  "wait, or see \"ip neigh\": the host may be down", true },
	{ "path",
	  "a device on its path cannot be bypassed",
	  "find the device with \"nft-offload -l explain\"; ports of a bridge have to forward, and tunnels stay in software", false },
	{ "device-not-in-flowtable",
	  "the device at the end of its path is not in the flowtable",
	  "add the device to \"devices\" of the flowtable", false },
	{ "no-memory",
	  "out of memory",
	  "free memory, see \"free\" and \"dmesg\"", false },
	{ "dying",
	  "its conntrack entry is being destroyed",
	  "leave it: a new connection gets a new flow", true },
	{ "duplicate",
	  "another flow has these addresses and ports",
	  "give each zone a flowtable of its own, or other addresses", false },
	{ "tunnel",
	  "tunnels stay in software",
	  "leave it: hardware takes no tunnels of a flowtable", false },
	{ "mtu",
	  "the MTU of the path is less than that of the port, which is all that hardware knows",
	  "set the MTU of the route and of the device to the same value", false },
	{ "too-slow",
	  "the policy of its flowtable wants more traffic of it before it goes to hardware",
	  "wait, or lower \"hardware after\" of the policy, see \"nft-offload list policies\"", true },
	{ "budget",
	  "as many flows are in hardware as the policy of its flowtable allows",
	  "raise \"budget\" of the policy, or have it evict the slowest flow, see \"nft-offload list policies\"", false },
	{ "not-expressible",
	  "the flow cannot be described to a driver",
	  "leave it in software", false },
	{ "no-driver",
	  "no device of the flowtable offloads",
	  "see \"ethtool -k DEVICE | grep hw-tc-offload\", and switch it on with \"ethtool -K DEVICE hw-tc-offload on\"", false },
	{ "unsupported",
	  "no driver can do what the flow needs",
	  "see the driver's message, and the limits of the hardware", false },
	{ "table-full",
	  "the hardware has no room",
	  "flush flows that need no hardware, or narrow the rules with \"flow add\"", false },
	{ "conflict",
	  "another rule in hardware matches the same packets",
	  "see which with \"tc filter show\", or in another flowtable of the device", false },
	{ "driver",
	  "the driver failed, see its error",
	  "see the driver's message, and \"dmesg\"", false },
	{ "other-direction",
	  "it was removed from hardware, as the other direction is not there",
	  "see the reason of the other direction", false },
	{ "switched-off",
	  "hardware offload is switched off",
	  "nft-offload set offload on", false },
	{ "no-offload-flag",
	  "the flowtable has no \"flags offload\"",
	  "add \"flags offload;\" to the flowtable", false },
	{ "pinned",
	  "a program or a person has pinned it to software",
	  "leave it, if that is meant; else end the pin with \"nft-offload set flows FILTER auto\"", false },
	{ "shaped",
	  "it would bypass a shaper on its path, and the policy of its flowtable says \"shaped software\"",
	  "leave it, if the shaper is to hold; else remove the shaper, see \"tc qdisc\" and \"tc filter show dev DEVICE ingress\"", false },
	{ "not-learned",
	  "the policy of its flowtable says \"carry\", and no packet of this direction has met the rule with \"flow add\" since: it takes the slow path",
	  "wait for a packet; if that is long ago, let the rule match both directions, or carry \"from ct mark\"", true },
	{ "not-carried",
	  "hardware does not carry the priority or DSCP that the policy of its flowtable requires",
	  "see the driver's message; say \"optional\", if it may be lost in hardware", false },
};

#define NUM_REASONS	(sizeof(reasons) / sizeof(reasons[0]))

static const struct reason *find(const char *name)
{
	size_t i;

	for (i = 0; i < NUM_REASONS; i++)
		if (!strcmp(reasons[i].name, name))
			return &reasons[i];
	return NULL;
}

const char *reason_text(const char *name)
{
	const struct reason *reason = find(name);

	return reason ? reason->text : NULL;
}

const char *reason_remedy(const char *name)
{
	const struct reason *reason = find(name);

	return reason ? reason->remedy : NULL;
}

bool reason_waits(const char *name)
{
	const struct reason *reason = find(name);

	return reason && reason->waits;
}

void reasons_print(void)
{
	size_t i;

	for (i = 0; i < NUM_REASONS; i++)
		if (reasons[i].remedy)
			printf("%s%s\n  %s\n  Do: %s\n", reasons[i].name,
			       reasons[i].waits ? " (waiting)" : "", reasons[i].text,
			       reasons[i].remedy);
}
