#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Flows in the flowtable, in hardware or not, with routes of several ways. When
# a way goes, its flows take another one; flows of other ways stay in hardware,
# and so do all flows when routes, rules and nexthops of others change.
#
# Hosts B and C are two providers that both lead to $FT_FAR4 and $FT_FAR6:
#
#  host A               router            host B
# +-----------+        +--------+        +-------------------------+
# |        a0 + ------ + p1  p2 + ------ + b0   198.18.0.9         |
# |           |        |        |        |      2001:db8:9::9 (lo) |
# +-----------+        |        |        +-------------------------+
#                      |        |         host C
#                      |        |        +-------------------------+
#                      |     p3 + ------ + c0   198.18.0.9         |
#                      |        |        |      2001:db8:9::9 (lo) |
#                      +--------+        +-------------------------+
#
# For addresses see flow_table_lib.sh and flow_table_lib_flows.sh.
#
# shellcheck disable=SC2154 # assigned in flow_table_lib.sh or by setup_ns
# shellcheck disable=SC2317,SC2329 # ft_test calls, by name

# shellcheck source=flow_table_lib_change.sh
source "$(dirname "$0")/flow_table_lib_change.sh"

# Usage: rule FAMILY COMMAND...
rule()
{
	ip "-$1" -n "$ns_r" rule "${@:2}"
}

# Events that concern no flow: no rule is destroyed.
unrelated_events()
{
	local family

	ft_count_destroyed
	for family in 4 6; do
		rule $family add pref 5000 fwmark 77 lookup 200
		rule $family add pref 901 iif lo lookup 102
	done
	ip -batch - -n "$ns_r" <<-END || return
	route add 192.0.2.128/25 via $FT_B4 table 200
	route add default via $FT_C4 table 200
	route add default via $FT_C6 table 200
	rule add pref 902 from 100.64.0.1 lookup 102
	route add 100.64.0.0/10 via $FT_C4
	nexthop add id 77 via $FT_C4 dev p3
	nexthop add id 76 via $FT_B4 dev p2
	nexthop add id 78 group 76/77
	nexthop replace id 77 via $FT_B4 dev p2
	route add 100.65.0.0/16 nhid 78
	nexthop replace id 78 group 76
	nexthop del id 77
	nexthop del id 76
	route add 2001:db8:64::/48 via $FT_C6
	route add 2001:db8:65::/48 nexthop via $FT_C6 nexthop via $FT_B6
	route del 2001:db8:65::/48
	rule del pref 902
	END
	sleep 1.5
	for family in 4 6; do
		rule $family del pref 5000
		rule $family del pref 901
		ip -$family -n "$ns_r" route flush table 200
	done
	ip -batch - -n "$ns_r" <<-END || return
	route del 100.64.0.0/10
	route del 2001:db8:64::/48
	END
	ft_expect_destroyed 0
}

# Usage: group_members FAMILY MEMBER...: the way to the host far away is one
# of these, 1 via B, 2 via C; with nexthop objects
group_members()
{
	local IFS=/

	ip -n "$ns_r" nexthop replace id "$1"0 group "${*:2}"
}

# Usage: path_members FAMILY MEMBER...: the same as a multipath route
path_members()
{
	local family=$1 hops=() member far
	shift

	far=$(ft_address "$family" FAR)
	for member in "$@"; do
		case $member in
		"$family"1) hops+=(nexthop via "$(ft_address "$family" B)"
				   dev p2) ;;
		"$family"2) hops+=(nexthop via "$(ft_address "$family" C)"
				   dev p3) ;;
		esac
	done
	ip -n "$ns_r" route replace "$far" "${hops[@]}"
}

# Usage: multipath_begin group|path FAMILY LAYER: flows that go to B, in
# FLOWS_B, and flows that go to C, in FLOWS_C
multipath_begin()
{
	local far i c

	far=$(ft_address "$2" FAR)
	FLOWS_B=() FLOWS_C=()
	multipath_end "$2"
	ip -n "$ns_r" nexthop add id "$2"1 via "$(ft_address "$2" B)" dev p2 &&
	ip -n "$ns_r" nexthop add id "$2"2 via "$(ft_address "$2" C)" dev p3 &&
	"$1_members" "$2" "$2"1 "$2"2 || return
	[ "$1" = path ] || ip -n "$ns_r" route add "$far" nhid "$2"0 || return
	ft_layer "$3" && ft_settle || return
	for i in {1..40}; do
		[ ${#FLOWS_B[@]} -lt 2 ] || [ ${#FLOWS_C[@]} -lt 2 ] || break
		ft_start "flow$i" "$ns_a" udp "$far" 7778 || return
		c=$(ft_arrived "$ns_c")
		ft_flow_cmd "flow$i" run 4 64 || return
		if [ "$(ft_arrived "$ns_c")" -gt "$c" ]; then
			FLOWS_C+=("flow$i")
		else
			FLOWS_B+=("flow$i")
		fi
	done
	for i in "${FLOWS_B[@]}" "${FLOWS_C[@]}"; do
		ft_wait_layer "$i" || return
	done
}

# Usage: multipath_end FAMILY
multipath_end()
{
	local n

	ip -n "$ns_r" route del "$(ft_address "$1" FAR)"
	for n in 0 1 2; do
		ip -n "$ns_r" nexthop del id "$1$n"
	done
} 2>/dev/null

# Usage: member_test group|path FAMILY LAYER: host C is no way any more
member_test()
{
	local ret

	multipath_begin "$@" && ft_goes_to B "${FLOWS_B[@]}" &&
	ft_goes_to C "${FLOWS_C[@]}" && ft_count_destroyed || return
	"$1_members" "$2" "$2"1 || return
	ft_settle
	ft_goes_to B "${FLOWS_B[@]}" "${FLOWS_C[@]}" &&
		ft_expect_destroyed $((2 * ${#FLOWS_C[@]}))
	ret=$?
	multipath_end "$2"
	return $ret
}

# Usage: unrelated_test FAMILY
unrelated_test()
{
	local ret

	multipath_begin group "$1" hw && unrelated_events &&
	ft_goes_to B "${FLOWS_B[@]}" && ft_goes_to C "${FLOWS_C[@]}"
	ret=$?
	multipath_end "$1"
	return $ret
}

ktap_print_header
ft_require
ktap_set_plan 11

if ! ft_three_hosts || ! ft_far; then
	ktap_exit_fail_msg "cannot set up the topology"
fi
ip netns exec "$ns_r" sysctl -qw net.ipv4.fib_multipath_hash_policy=1 \
	net.ipv6.fib_multipath_hash_policy=1
for family in 4 6; do
	ft_flow_test "nexthops, rules, routes of others change, IPv$family" \
		unrelated_test $family
	for layer in hw sw; do
		ft_flow_test "nexthop leaves the group, IPv$family, $layer" \
			member_test group $family $layer
		ft_flow_test "route has one way less, IPv$family, $layer" \
			member_test path $family $layer
	done
done
ft_flow_test "kernel has no complaints" ft_silent_test

ktap_finished
