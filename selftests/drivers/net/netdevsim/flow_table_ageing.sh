#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What flows in the flowtable do, in hardware or not, is traffic of the host
# that sends it, for the ageing of a bridge's entries; not of the host that it
# is sent to.
#
#  host A                router                      host B
# +-----------+         +-------------------+       +-------------------+
# |        a0 + ------- + p1, VLAN 10       |       |                   |
# |           |         |   br0, br0.10, p2 + ----- + b0                |
# +-----------+         +-------------------+       +-------------------+
#
# br0.10 has the addresses that p1 has in flow_table_lib.sh.
#
# shellcheck disable=SC2154 # assigned in flow_table_lib.sh or by setup_ns
# shellcheck disable=SC2317,SC2329 # ft_test calls, by name

# shellcheck source=flow_table_lib_change.sh
source "$(dirname "$0")/flow_table_lib_change.sh"

setup()
{
	ft_topology_create || return
	ip netns exec "$ns_r" bash -c "
		ip link add br0 up type bridge vlan_filtering 1 \\
			vlan_default_pvid 0 mcast_snooping 0
		ip link set p1 master br0
		bridge vlan add dev p1 vid 10 pvid untagged
		bridge vlan add dev br0 vid 10 self
		ip link add link br0 name br0.10 up type vlan id 10" &&
	ft_addresses br0.10 p2 && ft_servers
}

# Host A is known at p1.
has_entry()
{
	bridge -n "$ns_r" fdb show brport p1 dynamic |
		grep -q "^$MAC_A vlan 10 " ||
		ft_fail "the bridge does not know host A"
}

has_no_entry()
{
	! has_entry >/dev/null || ft_fail "the bridge still knows host A"
}

# Neighbours that need no packets
permanent()
{
	ip -n "$ns_r" neigh replace $FT_A4 lladdr "$MAC_A" dev br0.10 \
		nud permanent &&
	ip -n "$ns_a" neigh replace $FT_ROUTER4_A \
		lladdr "$(ft_mac "$ns_r" br0.10)" dev a0 nud permanent
}

# Usage: ageing_time SECONDS
ageing_time()
{
	ip -n "$ns_r" link set br0 type bridge ageing_time "${1}00"
}

# Packets that were forwarded outside of the flowtable are counted.
SLOW='counter slow { }
	chain slow {
		type filter hook forward priority 1
		meta l4proto udp counter name slow
	}'

slow()
{
	ip netns exec "$ns_r" nft list counter inet t slow |
		awk '$1 == "packets" { print $2 }'
}

# Usage: ageing_test LAYER: what host A sends keeps its entry, so nothing
# happens to the flow
ageing_test()
{
	local ret before

	ft_layer "$1" "$SLOW" p1 p2 &&
	ft_add there "$ns_a" udp $FT_B4 $FT_PORT && ageing_time 5 &&
	ft_settle && ft_flow_cmd there run 4 64 && ft_count_destroyed &&
	before=$(slow) && ft_steady there 11000 50000 &&
	ft_expect "answers" "$FT_ALL" "$FT_BACK" &&
	ft_expect_destroyed 0 && has_entry &&
	ft_expect "packets on the slow path" "$before" "$(slow)"
	ret=$?
	ageing_time 300
	return $ret
}

# Usage: silent LAYER: what others send to a silent host does not keep its
# entry; it is sent to all ports then
silent()
{
	local sent=0 answers=0 i

	ft_layer "$1" '' p1 p2 && ft_add to "$ns_b" udp $FT_A4 9 &&
	ft_mute "$ns_a" && ft_wire "$ns_a" a0 "udp dport 9" && has_entry &&
	ageing_time 5 || return
	# hardware tells of packets of before with the next ones
	for i in {1..11}; do
		ft_steady to 800 20000 || return
		sent=$((sent + FT_ALL)) answers=$((answers + FT_BACK))
		! has_no_entry >/dev/null || break
	done
	has_no_entry && ft_steady to 200 10000 &&
	ft_expect "packets to A, answers" "$((sent + FT_ALL)) 0" \
		"$(ft_wired "$ns_a") $((answers + FT_BACK))"
}

# Usage: silent_test LAYER
silent_test()
{
	local ret

	silent "$1"
	ret=$?
	ageing_time 300
	ft_unmute "$ns_a"
	return $ret
}

ktap_print_header
ft_require bridge
ktap_set_plan 5

setup || ktap_exit_fail_msg "cannot set up the topology"
MAC_A=$(ft_mac "$ns_a" a0)
permanent || ktap_exit_fail_msg "cannot set neighbours"
# hardware is asked about flows each tenth of it
ip netns exec "$ns_r" sysctl -qw net.netfilter.nf_flowtable_udp_timeout=10
for layer in hw sw; do
	ft_flow_test "host that sends does not age, $layer" ageing_test $layer
	ft_flow_test "silent host ages, $layer" silent_test $layer
done
ft_flow_test "kernel has no complaints" ft_silent_test

ktap_finished
