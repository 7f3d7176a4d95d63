#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Flows with VLANs, a bridge or PPPoE at the router, forwarded by the emulated
# hardware: tags and headers on the wire are right, because the hosts see only
# what comes with the right ones.
#
# For the topology see flow_table_lib.sh; what is between the ports and the
# routing differs:
#
#	VLAN		p1.10	| p1.10, p2.20
#	QinQ		p1.100 (802.1ad) - p1.100.10
#	bridge		p1 - br0
#	bridge, VLANs	p1 - br0 (VLAN 10, at p1 untagged or tagged) - br0.10
#	PPPoE		p2 - ppp0
#
# shellcheck disable=SC2154 # assigned in flow_table_lib.sh or by setup_ns
# shellcheck disable=SC2119,SC2317 # arguments are optional; ft_test calls

# shellcheck source=flow_table_lib.sh
source "$(dirname "$0")/flow_table_lib.sh"

FT_PPPOE=$ft_dir/ft_pppoe
SID=4660

# Usage: vlan NETNS DEV ID [PROTOCOL]
vlan()
{
	ip -n "$1" link add link "$2" name "$2.$3" mtu 1500 up type vlan \
		proto "${4:-802.1Q}" id "$3"
}

# Each of these sets up what its name says and assigns the devices with the
# addresses to $devs: of the router towards A and B, of the hosts A and B.

setup_vlan_one_side()
{
	vlan "$ns_r" p1 10 && vlan "$ns_a" a0 10 || return
	devs="p1.10 p2 a0.10 b0"
}

setup_vlan_both_sides()
{
	vlan "$ns_r" p1 10 && vlan "$ns_a" a0 10 &&
	vlan "$ns_r" p2 20 && vlan "$ns_b" b0 20 || return
	devs="p1.10 p2.20 a0.10 b0.20"
}

setup_8021ad()
{
	vlan "$ns_r" p1 100 802.1ad && vlan "$ns_a" a0 100 802.1ad || return
	devs="p1.100 p2 a0.100 b0"
}

setup_qinq()
{
	# a link has room for one tag
	ip -n "$ns_r" link set p1 mtu 1504 &&
	ip -n "$ns_a" link set a0 mtu 1504 &&
	setup_8021ad && vlan "$ns_r" p1.100 10 && vlan "$ns_a" a0.100 10 ||
		return
	devs="p1.100.10 p2 a0.100.10 b0"
}

setup_bridge()
{
	ip -n "$ns_r" link add br0 up type bridge "$@" &&
	ip -n "$ns_r" link set p1 master br0 || return
	devs="br0 p2 a0 b0"
}

# Usage: setup_bridge_vlan [OPTIONS of VLAN 10 at p1]
setup_bridge_vlan()
{
	setup_bridge vlan_filtering 1 vlan_default_pvid 0 || return
	# shellcheck disable=SC2086
	bridge -n "$ns_r" vlan add dev p1 vid 10 $1 &&
	bridge -n "$ns_r" vlan add dev br0 vid 10 self &&
	vlan "$ns_r" br0 10 || return
	devs="br0.10 p2 a0 b0"
}

setup_bridge_untagged()
{
	setup_bridge_vlan "pvid untagged"
}

setup_bridge_tagged()
{
	setup_bridge_vlan && vlan "$ns_a" a0 10 || return
	devs="br0.10 p2 a0.10 b0"
}

# Usage: pppoe NETNS DEV PEER_NETNS PEER_DEV
pppoe()
{
	local mac log=$FT_TMP/pppoe-$1

	mac=$(ip netns exec "$3" cat "/sys/class/net/$4/address")
	ip netns exec "$1" "$FT_PPPOE" "$2" "$mac" $SID >"$log" 2>&1 &
	FT_PIDS+=("$!")
	slowwait 5 grep -q ^ppp0 "$log" || ft_fail "PPPoE: $(cat "$log")" ||
		return
	ip -n "$1" link set ppp0 up mtu 1492
}

setup_pppoe()
{
	pppoe "$ns_r" p2 "$ns_b" b0 && pppoe "$ns_b" b0 "$ns_r" p2 || return
	devs="p1 ppp0 a0 ppp0"
}

# Usage: create SETUP
create()
{
	ft_topology_cleanup
	ft_topology_create && "setup_$1" || return
	# shellcheck disable=SC2086
	ft_addresses $devs && ft_servers && ft_ruleset
}

# All in hardware.

udp4_test()
{
	create "$1" && ft_connect_hw udp $FT_B4 $FT_PORT &&
		ft_assert_hw udp run 200 1400
}

tcp6_test()
{
	ft_ruleset && ft_connect_hw tcp $FT_B6 $FT_PORT &&
		ft_assert_hw tcp stream 1000003
}

# Usage: pppoe_test tcp|udp SERVER PACKETS COMMAND...: what goes to B gets its
# PPPoE header in hardware. The core has no words for a PPPoE header to match:
# what comes from B goes through the CPU. PACKETS are sent each way, and TCP's.
pppoe_test()
{
	local proto=$1 addr=$2 packets=$3 before after misses want
	shift 3

	ft_client_start "$proto" "$addr" $FT_PORT && ft_cmd run 4 64 || return
	slowwait 5 grep -q " push=pppoe:$SID " "$FT_DEBUGFS/entries" ||
		ft_fail "no rule that pushes PPPoE" || return
	ft_snapshot "$proto" before || return
	misses=$(ft_stat p2 miss)
	ft_cmd "$@" && ft_snapshot "$proto" after || return
	misses=$(($(ft_stat p2 miss) - misses))
	want=$((packets + after[5] - before[5]))
	ft_expect "hits of packets to the PPPoE side" \
		$((packets + after[4] - before[4])) \
		$((after[0] - before[0])) &&
	ft_expect "packets to the PPPoE side to the CPU" 0 \
		$((after[2] - before[2])) &&
	ft_expect "hits of packets from the PPPoE side" 0 \
		$((after[1] - before[1])) || return
	# IPv6 on the PPPoE side has something to say now and then
	[ $misses -ge $want ] ||
		ft_fail "$misses of $want packets from the PPPoE side to the CPU"
}

pppoe_udp4_test()
{
	create pppoe && pppoe_test udp $FT_B4 200 run 200 1400
}

ktap_print_header
ft_require bridge "$FT_PPPOE"
ktap_set_plan 16

for kind in vlan_one_side vlan_both_sides 8021ad qinq bridge \
	    bridge_untagged bridge_tagged; do
	ft_test "${kind//_/ } IPv4 udp" udp4_test $kind
	ft_test "${kind//_/ } IPv6 tcp" tcp6_test
done
ft_test "pppoe IPv4 udp" pppoe_udp4_test
ft_test "pppoe IPv6 tcp" pppoe_test tcp $FT_B6 0 stream 300007

ktap_finished
