#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What happens around flows in hardware: neighbours, routes, bridge ports and
# devices change. The flows concerned leave hardware, go on by the new path and
# get in again; others stay.
#
# For the topology see flow_table_lib.sh and flow_table_lib_flows.sh.
#
# shellcheck disable=SC2154 # assigned in flow_table_lib.sh or by setup_ns
# shellcheck disable=SC2317 # ft_test calls

# shellcheck source=flow_table_lib_flows.sh
source "$(dirname "$0")/flow_table_lib_flows.sh"

MAC=02:00:00:00:00:0b
FAR4=10.9.9.9 FAR6=2001:db8:9::9

# Usage: address 4|6 NAME: $FT_NAME4 or $FT_NAME6
address()
{
	local var=FT_$2$1

	echo "${!var}"
}

calls()
{
	awk -v cmd="$1" '$1 == cmd { print $2 }' "$FT_DEBUGFS/calls"
}

mac_of()
{
	ip netns exec "$1" cat "/sys/class/net/$2/address"
}

# Usage: goes_on NAME COUNT PATTERN: answered, and in hardware like that
goes_on()
{
	ft_flow_cmd "$1" run 4 64 >/dev/null && ft_hw "$2" "$3"
}

# Usage: relearns NAME COUNT PATTERN: after at most one second of nothing
relearns()
{
	slowwait 1 ft_hw 0 "$4" || ft_fail "old rules are there: $4" || return
	ft_flow_cmd "$1" run 40 1000 || return
	slowwait 10 goes_on "$1" "$2" "$3" ||
		ft_fail "not in hardware again: $3"
}

# Frames to $MAC are for host B, and no others, if there is one argument.
only_mac()
{
	ip netns exec "$ns_b" nft -f - <<-END
	table netdev mac { }
	delete table netdev mac
	table netdev mac {
		chain b0 {
			type filter hook ingress device b0 priority 0
			ether daddr $MAC meta pkttype set host
			${1:+ether daddr $(mac_of "$ns_b" b0) drop}
		}
	}
	END
}

neigh_test()
{
	local b old

	b=$(address "$1" B) old=$(mac_of "$ns_b" b0)
	ft_load p1 p2 p3 && only_mac &&
	ip -n "$ns_r" neigh replace "$b" lladdr "$old" dev p2 nud permanent &&
	ft_flow_hw flow udp "$b" &&
	ft_wait_rules 1 "eth_dst=$old " && only_mac alone &&
	ip -n "$ns_r" neigh replace "$b" lladdr $MAC dev p2 nud permanent &&
	relearns flow 1 "eth_dst=$MAC " "eth_dst=$old "
}

# What neigh_test() has left
neigh_end()
{
	ip -n "$ns_r" neigh flush nud permanent
	ip netns exec "$ns_b" nft flush ruleset
}

# Usage: unreachable_test FAMILY ERROR: a route for the host itself
unreachable_test()
{
	local b

	b=$(address "$1" B)
	ft_load p1 p2 p3 && ft_flow_hw flow udp "$b" &&
	ip -n "$ns_r" route add unreachable "$b" || return
	slowwait 1 ft_hw 0 '^' || ft_fail "rules in spite of the route" ||
		return
	ft_flow_cmd flow expect-error "$2" &&
	ip -n "$ns_r" route del unreachable "$b" &&
	ft_flow_cmd flow run 4 64 && slowwait 10 goes_on flow 2 '^'
}

# Host B and host C both have $FAR4 and $FAR6.
far()
{
	local ns

	for ns in "$ns_b" "$ns_c"; do
		ip -n "$ns" link set lo up
		ip -n "$ns" addr add $FAR4/32 dev lo &&
		ip -n "$ns" addr add $FAR6/128 dev lo nodad || return
		far_server "$ns" $FAR4 && far_server "$ns" $FAR6 || return
	done
}

far_server()
{
	ip netns exec "$1" "$FT_TRAFFIC" server udp "$2" 7778 >/dev/null &
	FT_PIDS+=("$!")
}

# Usage: failover_test ADDR VIA_B VIA_C: a route to another gateway
failover_test()
{
	ft_load p1 p2 p3 &&
	ip -n "$ns_r" route replace "$1" via "$2" dev p2 &&
	ft_flow_hw flow udp "$1" 7778 && ft_wait_rules 1 ' out=p2 ' &&
	ip -n "$ns_r" route replace "$1" via "$3" dev p3 || return
	relearns flow 1 ' out=p3 ' ' out=p2 '
}

# Usage: nexthop_test ADDR VIA_B VIA_C ID: the same with a nexthop object
nexthop_test()
{
	ft_load p1 p2 p3 && ip -n "$ns_r" route del "$1" &&
	ip -n "$ns_r" nexthop add id "$4" via "$2" dev p2 &&
	ip -n "$ns_r" route add "$1" nhid "$4" &&
	ft_flow_hw flow udp "$1" 7778 && ft_wait_rules 1 ' out=p2 ' &&
	ip -n "$ns_r" nexthop replace id "$4" via "$3" dev p3 || return
	relearns flow 1 ' out=p3 ' ' out=p2 '
}

# Whatever happens to others, and to what does not matter
unconcerned_test()
{
	local destroyed

	ft_load p1 p2 p3 && ft_flow_hw udp udp $FT_B4 &&
	ft_flow_hw tcp tcp $FT_B6 || return
	destroyed=$(calls destroy)
	ip -batch - -n "$ns_r" <<-END || return
	route add 100.64.0.0/10 via $FT_B4
	route replace default via $FT_C4
	route replace default via $FT_B4
	route del default
	route add 2001:db8:64::/48 via $FT_B6
	route add default via $FT_C6
	route del default via $FT_C6
	rule add from 100.64.0.1 lookup 77
	rule del from 100.64.0.1 lookup 77
	neigh replace 198.51.100.77 lladdr $MAC dev p2
	neigh replace 198.51.100.77 lladdr 02:00:00:00:00:0c dev p2
	link add dummy0 up type dummy
	link add link p2 name p2.77 up type vlan id 77
	link del p2.77
	link del dummy0
	END
	sleep 2
	ft_expect "rules destroyed" "$destroyed" "$(calls destroy)" &&
		ft_expect "rules" 4 "$(ft_entries | wc -l)" || return
	ip -n "$ns_r" route del 100.64.0.0/10
	ip -n "$ns_r" route del 2001:db8:64::/48
}

# p2 and p3 are ports of a bridge. Host C is a place where host B may be next.
roam_setup()
{
	local mac

	ft_three_hosts || return
	mac=$(mac_of "$ns_b" b0)
	ip -batch - -n "$ns_r" <<-END || return
	addr flush dev p2
	addr flush dev p3
	link add br0 up type bridge
	link set p2 master br0
	link set p3 master br0
	addr add $FT_ROUTER4_B/24 dev br0
	addr add $FT_ROUTER6_B/64 dev br0 nodad
	END
	ip -batch - -n "$ns_c" <<-END || return
	link set c0 down
	link set c0 address $mac
	addr flush dev c0
	addr add $FT_B4/24 dev c0
	addr add $FT_B6/64 dev c0 nodad
	END
	ip netns exec "$ns_c" sysctl -qw net.ipv6.conf.c0.keep_addr_on_down=1 \
		net.ipv6.ip_nonlocal_bind=1 \
		net.ipv4.ip_nonlocal_bind=1
	for addr in $FT_B4 $FT_B6; do
		ip netns exec "$ns_c" "$FT_TRAFFIC" server udp "$addr" \
			$FT_PORT >/dev/null &
		FT_PIDS+=("$!")
	done
}

roam_test()
{
	roam_setup && ft_load p1 p2 p3 && ft_flow_hw four udp $FT_B4 &&
	ft_flow_hw six udp $FT_B6 && ft_wait_rules 2 ' out=p2 ' || return
	# host B is silent
	ip netns exec "$ns_b" sysctl -qw net.ipv6.conf.b0.disable_ipv6=1
	ip -n "$ns_b" addr flush dev b0
	ip -batch - -n "$ns_c" <<-END
	link set c0 up
	addr replace $FT_B6/64 dev c0 nodad
	route replace default via $FT_ROUTER4_B
	route replace ::/0 via $FT_ROUTER6_B dev c0
	END
	relearns four 1 ' ipv4 .* out=p3 ' ' out=p2 ' &&
	relearns six 1 ' ipv6 .* out=p3 ' ' out=p2 '
}

# Another host of the bridge comes and goes, where the flows do not go.
roam_others_test()
{
	local destroyed i

	destroyed=$(calls destroy)
	for i in {10..40}; do
		bridge -n "$ns_r" fdb replace "02:00:00:00:01:$i" dev p2 master
		bridge -n "$ns_r" fdb replace "02:00:00:00:01:$i" dev p3 master
		bridge -n "$ns_r" fdb del "02:00:00:00:01:$i" dev p3 master
	done
	sleep 1
	ft_expect "rules destroyed" "$destroyed" "$(calls destroy)"
}

# Usage: device_down_test DEVICE: it is above a port
device_down_test()
{
	ft_flow four udp $FT_B4 && slowwait 10 goes_on four 2 '^' &&
	ip -n "$ns_r" link set "$1" down || return
	slowwait 1 ft_hw 0 '^' || ft_fail "rules without $1"
}

bridge_down_test()
{
	ft_load p1 p2 p3 && device_down_test br0
}

vlan_setup()
{
	ft_flow_stop
	ft_topology_cleanup
	ft_topology_create || return
	ip -n "$ns_r" link add link p2 name p2.20 up type vlan id 20 &&
	ip -n "$ns_b" link add link b0 name b0.20 up type vlan id 20 &&
	ft_addresses p1 p2.20 a0 b0.20 && ft_servers && ft_load p1 p2
}

vlan_down_test()
{
	vlan_setup && device_down_test p2.20
}

# The router's own link layer address
router_address_test()
{
	local old

	ft_three_hosts && ft_load p1 p2 p3 && ft_flow_hw flow udp $FT_B4 ||
		return
	old=$(mac_of "$ns_r" p2)
	ip -n "$ns_r" link set p2 down && ip -batch - -n "$ns_r" <<-END
	link set p2 address 02:00:00:00:00:02
	link set p2 up
	END
	relearns flow 1 "eth_src=02:00:00:00:00:02 " "eth_src=$old "
}

ktap_print_header
ft_require bridge
ktap_set_plan 15

if ! ft_three_hosts || ! far; then
	ktap_exit_fail_msg "cannot set up the topology"
fi
for family in 4 6; do
	ft_flow_test "neighbour has another address, IPv$family" \
		neigh_test $family
	neigh_end
done
ft_flow_test "route does not let it through, IPv4" \
	unreachable_test 4 EHOSTUNREACH
ft_flow_test "route does not let it through, IPv6" \
	unreachable_test 6 ENETUNREACH
ft_flow_test "route to another gateway, IPv4" \
	failover_test $FAR4 $FT_B4 $FT_C4
ft_flow_test "route to another gateway, IPv6" \
	failover_test $FAR6 $FT_B6 $FT_C6
ft_flow_test "nexthop is another gateway, IPv4" \
	nexthop_test $FAR4 $FT_B4 $FT_C4 4
ft_flow_test "nexthop is another gateway, IPv6" \
	nexthop_test $FAR6 $FT_B6 $FT_C6 6
ft_flow_test "others change" unconcerned_test
ft_flow_test "host roams to another port of a bridge" roam_test
ft_flow_test "other hosts of the bridge roam" roam_others_test
ft_flow_test "bridge goes down" bridge_down_test
ft_flow_test "VLAN device goes down" vlan_down_test
ft_flow_test "router has another address" router_address_test
ft_flow_test "kernel has no complaints" ft_expect complaints 0 \
	"$(ft_complaints)"

ktap_finished
