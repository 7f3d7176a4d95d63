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
#	PPPoE, VLAN	p2.20 - ppp0
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

setup_pppoe_in_vlan()
{
	vlan "$ns_r" p2 20 && vlan "$ns_b" b0 20 &&
	pppoe "$ns_r" p2.20 "$ns_b" b0.20 &&
	pppoe "$ns_b" b0.20 "$ns_r" p2.20 || return
	devs="p1 ppp0 a0 ppp0"
}

setup_vlan_and_pppoe()
{
	vlan "$ns_r" p1 10 && vlan "$ns_a" a0 10 && setup_pppoe || return
	devs="p1.10 ppp0 a0.10 ppp0"
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

# Usage: lacking_test CAPABILITY: half of what a flow needs is nothing
lacking_test()
{
	create pppoe && echo "-$1" > "$FT_DEBUGFS/caps" &&
	ft_client_start udp $FT_B4 $FT_PORT && ft_cmd run 50 1000 || return
	sleep 1
	ft_cmd run 50 1000 && ft_expect "rules" 0 "$(ft_entries | wc -l)" &&
	! ft_conntrack_hw || ft_fail "conntrack says HW_OFFLOAD"
}

# What the hardware says when it takes part is what it is asked for.
unannounced_test()
{
	create pppoe && echo -pppoe > "$FT_DEBUGFS/caps" && ft_ruleset &&
	echo all > "$FT_DEBUGFS/caps" &&
	ft_client_start udp $FT_B4 $FT_PORT && ft_cmd run 50 1000 || return
	sleep 1
	ft_cmd run 50 1000 && ft_expect "rules" 0 "$(ft_entries | wc -l)"
}

ktap_print_header
ft_require bridge "$FT_PPPOE"
ktap_set_plan 23

for kind in vlan_one_side vlan_both_sides 8021ad qinq bridge \
	    bridge_untagged bridge_tagged pppoe pppoe_in_vlan vlan_and_pppoe; do
	ft_test "${kind//_/ } IPv4 udp" udp4_test $kind
	ft_test "${kind//_/ } IPv6 tcp" tcp6_test
done
for cap in pppoe pppoe_push; do
	ft_test "hardware without $cap" lacking_test $cap
done
ft_test "driver that does not know PPPOE_POP" unannounced_test

ktap_finished
