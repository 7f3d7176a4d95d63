#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Ports and switches: what one switch forwards between its ports, and what it
# leaves alone because it is between two switches.
#
# For the topology see flow_table_lib.sh. Host C ($ns_c) is behind
#
#	q1, the port of another switch of the router; or
#	p3, a third port of the same switch; or
#	p1, as host A is:
#
#  host A ($ns_a)        router ($ns_r)
# +-------------+       +----------------+
# |          a0 + ----- + p1          p2 + ...
# +-----------|-+       +----------------+
#  host C     | macvlan
# +-----------|-+
# |          c0 |
# +-------------+
#
# shellcheck disable=SC2154 # assigned in flow_table_lib.sh or by setup_ns
# shellcheck disable=SC2317 # ft_test calls these functions
# shellcheck disable=SC2119 # without arguments

source "$(dirname "$0")/flow_table_lib_flows.sh"

create()
{
	ft_topology_cleanup
	unset ns_c
	ft_topology_create && ft_addresses && ft_servers
}

# Usage: between PROTO SERVER: from A to C and back
between()
{
	ft_server "$ns_c" "$1" "$2" && ft_flow "$1" "$1" "$2"
}

two_switches_test()
{
	local other

	create && ft_nsim_create "$ns_r" q1 && ft_host_c q1 || return
	other=/sys/kernel/debug/netdevsim/netdevsim${FT_NSIM_IDS[-2]}/flow_table
	ft_load p1 p2 q1 && between udp $FT_C4 && between tcp $FT_C6 &&
	ft_flow_hw witness udp $FT_B4 &&
	ft_flow_sw udp p1 && ft_flow_sw tcp p1 &&
	ft_flow_cmd tcp stream 1000003 &&
	ft_expect "rules of the other switch" 0 "$(wc -l < "$other/entries")" &&
	ft_wait_rules 2 && ft_wait_rules 2 "$FT_B4"
}

third_port_test()
{
	local tx

	create && ft_port_add 2 p3 && ft_host_c p3 && ft_load p1 p2 p3 &&
	between udp $FT_C4 && between tcp $FT_C6 &&
	ft_wait_rules 2 'in=p1 .* out=p3 ' &&
	ft_wait_rules 2 'in=p3 .* out=p1 ' || return
	tx=$(ft_stat p3 tx)
	ft_flow_cmd udp run 100 1000 && ft_flow_cmd tcp stream 1000003 || return
	[ "$(ft_stat p3 tx)" -ge $((tx + 100)) ] || ft_fail "p3 sent too little"
}

hairpin_test()
{
	local hits tx

	create && setup_ns ns_c && ip -n "$ns_a" link add c0 link a0 \
		netns "$ns_c" type macvlan mode vepa &&
	ip -n "$ns_c" link set c0 up && ft_host_c_addresses p1 || return
	ip netns exec "$ns_r" sysctl -qw net.ipv4.conf.all.send_redirects=0 \
		net.ipv4.conf.p1.send_redirects=0
	ft_load p1 p2 && between udp $FT_C4 &&
		ft_wait_rules 2 'in=p1 .* out=p1 ' || return
	hits=$(ft_stat p1 hit)
	tx=$(ft_stat p1 tx)
	ft_flow_cmd udp run 100 1000 &&
	ft_expect "hits" $((hits + 200)) "$(ft_stat p1 hit)" &&
	ft_expect "sent" $((tx + 200)) "$(ft_stat p1 tx)" &&
	between tcp $FT_C4 && ft_wait_rules 4 'in=p1 .* out=p1 ' &&
	ft_flow_cmd tcp stream 1000003
}

# Rules are for packets of all protocols, as drivers compare it.
protocol_test()
{
	create && ft_load p1 p2 && ft_flow_hw flow udp $FT_B4 &&
		ft_wait_rules 2 " protocol=0x0003$"
}

ktap_print_header
ft_require
ktap_set_plan 5

ft_flow_test "two switches in one router" two_switches_test
ft_flow_test "third port of a switch" third_port_test
ft_flow_test "in and out by the same port" hairpin_test
ft_flow_test "protocol that rules are offered for" protocol_test
ft_flow_test "kernel has no complaints" ft_silent_test

ktap_finished
