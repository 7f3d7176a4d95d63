#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Two routers in two network namespaces, each with a switch of its own and with
# hosts of its own, all with the same names, addresses and ifindexes: neither
# knows of the other, whatever both do at the same time.
#
# For the topology, which is there twice, see flow_table_lib.sh.
#
# shellcheck disable=SC2154 # assigned in flow_table_lib.sh or by setup_ns
# shellcheck disable=SC2317 # ft_test calls these functions
# shellcheck disable=SC2119 # without arguments

source "$(dirname "$0")/flow_table_lib_flows.sh"

ROUNDS=200 # of loading and deleting
PORTS=60 # of a switch, to make the races long

# Usage: router 1|2: whose network namespaces the library works with
router()
{
	local var ns

	for var in ns_a ns_r ns_b FT_DEBUGFS; do
		ns=${var}_$1
		printf -v $var %s "${!ns}"
	done
}

two_routers_create()
{
	local i

	ft_topology_cleanup
	for i in 1 2; do
		ns_a='' ns_r='' ns_b=''
		ft_topology_create && ft_addresses && ft_servers || return
		printf -v ns_a_$i %s "$ns_a"
		printf -v ns_r_$i %s "$ns_r"
		printf -v ns_b_$i %s "$ns_b"
		printf -v FT_DEBUGFS_$i %s "$FT_DEBUGFS"
	done
}

ifindex()
{
	ip netns exec "$ns_r" cat "/sys/class/net/$1/ifindex"
}

# The very same flow in both, by ports of the same ifindex
same_ifindex_test()
{
	local i index1 hits

	for i in 1 2; do
		router $i
		ft_load p1 p2 && ft_flow_start $i "$ns_a" udp $FT_B4 $FT_PORT \
				-b $FT_A4:7000 &&
			ft_flow_cmd $i run 4 64 && ft_wait_rules 2 || return
		[ $i -eq 2 ] || index1=$(ifindex p1)
	done
	ft_expect "ifindex of p1" "$index1" "$(ifindex p1)" || return
	hits=$(ft_stat p1 hit)
	ft_flow_cmd 1 run 100 1000 &&
	ft_expect "hits of router 2" "$hits" "$(ft_stat p1 hit)" &&
	ft_flow_cmd 2 run 100 1000 &&
	ft_expect "hits of router 2" $((hits + 100)) "$(ft_stat p1 hit)"
}

flush_one_test()
{
	local i hits

	for i in 1 2; do
		router $i
		ft_load p1 p2 && ft_flow_hw $i tcp $FT_B4 || return
	done
	ip netns exec "$ns_r" nft flush ruleset
	ft_empty || return
	router 1
	hits=$(ft_stat p1 hit)
	ft_wait_rules 2 && ft_flow_cmd 1 stream 1000003 &&
	ft_flow_cmd 2 stream 1000003 || return
	[ "$(ft_stat p1 hit)" -gt "$hits" ] || ft_fail "no hits of router 1"
}

# Usage: reload ADD DELETE: again and again, each line a transaction
reload()
{
	local i out

	out=$(for ((i = 0; i < ROUNDS; i++)); do
			printf '%s\n' "$1" "$2"
		done | ip netns exec "$ns_r" nft -i 2>&1)
	[ -z "$out" ] || ft_fail "nft: $(head -n 1 <<< "$out")"
}

# Usage: at_once_test ADD DELETE: in both routers
at_once_test()
{
	local i pids=()

	for i in 1 2; do
		router $i
		reload "$@" &
		pids+=($!)
	done
	wait "${pids[0]}" && wait "${pids[1]}" && ft_silent_test
}

# One more switch for each router, with many ports
chains_test()
{
	local i id list1 list2

	for i in 1 2; do
		router $i
		id=$((RANDOM % 30000 + 32000 * i))
		ip netns exec "$ns_r" bash -c \
			"echo $id $PORTS > $FT_SYS/new_device" || return
		FT_NSIM_IDS+=("$id")
		printf -v "list$i" %s "$(ip netns exec "$ns_r" \
			ls "$FT_SYS/devices/netdevsim$id/net" | paste -sd ,)"
	done
	ft_expect "names in both" "$list1" "$list2" &&
	at_once_test "add table netdev t; add chain netdev t c { \
		type filter hook ingress devices = { $list1 } priority 1; \
		flags offload; }" "delete table netdev t"
}

flowtables_test()
{
	local i

	for i in 1 2; do
		router $i
		ip netns exec "$ns_r" nft flush ruleset
	done
	at_once_test "add table inet t; add flowtable inet t f { \
		hook ingress priority 0; devices = { p1, p2 }; \
		flags offload; }" "delete table inet t"
}

ktap_print_header
ft_require
ktap_set_plan 5

two_routers_create || ktap_exit_fail_msg "cannot set up two routers"
ft_flow_test "same flow and ifindex in both" same_ifindex_test
ft_flow_test "flush in one" flush_one_test
ft_flow_test "both reload offloaded chains" chains_test
ft_flow_test "both reload flowtables" flowtables_test
ft_flow_test "kernel has no complaints" ft_silent_test

ktap_finished
