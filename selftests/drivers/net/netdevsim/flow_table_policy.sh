#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Flows in the flowtable, in hardware or not, and policy routing: rules by mark,
# source, port and device. Packets go where routing would send them now; flows
# that a change does not concern stay in hardware. Each test has flows of IPv4
# and of IPv6.
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

A4_2=192.0.2.3 A6_2=2001:db8:1::3 # host A has these, too

# Marks belong to connections, and choose a table.
MARKS='chain pre {
	type filter hook prerouting priority mangle
	meta mark set ct mark
	meta mark 0 iifname "p1" udp dport 7779 meta mark set 1
	ct mark set meta mark
}'

setup()
{
	local family

	ft_three_hosts && ft_far 7778 7779 && ip -batch - -n "$ns_r" <<-END
	route add default via $FT_B4 table 101
	route add default via $FT_B6 table 101
	route add default via $FT_C4 table 102
	route add default via $FT_C6 table 102
	END
	for family in 4 6; do
		rule $family add pref 500 lookup main suppress_prefixlength 0
		rule $family add pref 1001 fwmark 1 lookup 101
	done
	ip -batch - -n "$ns_a" <<-END
	addr add $A4_2/24 dev a0
	addr add $A6_2/64 dev a0 nodad
	END
}

# Usage: rule FAMILY COMMAND...
rule()
{
	ip "-$1" -n "$ns_r" rule "${@:2}"
}

# Usage: change KIND FAMILY: flows of host A to port 7779, from its second
# address, go to host C now
change()
{
	local a=A$2_2

	case $1 in
	mark) rule "$2" add pref 900 fwmark 1 lookup 102 ;;
	table) ip -n "$ns_r" route replace default \
		via "$(ft_address "$2" C)" table 101 ;;
	from) rule "$2" add pref 900 from "${!a}" lookup 102 ;;
	dport) rule "$2" add pref 900 ipproto udp dport 7779 lookup 102 ;;
	iif) rule "$2" add pref 900 iif p1 lookup 102 ;;
	esac
}

# Usage: change_back KIND
change_back()
{
	local family

	for family in 4 6; do
		if [ "$1" = table ]; then
			ip -n "$ns_r" route replace default \
				via "$(ft_address $family B)" table 101
		else
			rule $family del pref 900 2>/dev/null
		fi
	done
}

# Usage: rule_flows KIND LAYER: flows that the change concerns are there, and
# others
rule_flows()
{
	local family far a

	ft_layer "$2" "$MARKS" && ft_settle || return
	for family in 4 6; do
		far=$(ft_address $family FAR) a=A${family}_2
		ft_add flow$family "$ns_a" udp "$far" 7779 "${!a}" \
			' out=p2 ' || return
		if [ "$1" = iif ]; then
			ft_add other$family "$ns_c" udp \
				"$(ft_address $family B)" $FT_PORT
		else
			ft_add other$family "$ns_a" udp "$far" 7778 \
				"$(ft_address $family A)"
		fi || return
	done
	ft_goes_to B flow4 flow6 && others_go_on "$1"
}

# Usage: others_go_on KIND
others_go_on()
{
	if [ "$1" = iif ]; then
		ft_flow_cmd other4 run 20 400 && ft_flow_cmd other6 run 20 400
	else
		ft_goes_to B other4 other6
	fi
}

# Usage: rule_changes KIND LAYER
rule_changes()
{
	rule_flows "$@" && ft_count_destroyed || return
	change "$1" 4 && change "$1" 6 || return
	ft_settle
	ft_goes_to C flow4 flow6 && others_go_on "$1" &&
	ft_wait_layer flow4 ' out=p3 ' && ft_wait_layer flow6 ' out=p3 ' &&
	ft_expect_destroyed 4 || return
	ft_goes_to C flow4 flow6 && change_back "$1" || return
	ft_settle
	ft_goes_to B flow4 flow6
}

# Usage: rule_test KIND LAYER
rule_test()
{
	local ret

	rule_changes "$@"
	ret=$?
	change_back "$1"
	return $ret
}

# Usage: port_is_bridged LAYER: what comes by p1 is the bridge's now, which the
# rule is not for
port_is_bridged()
{
	local family

	ft_layer "$1" && change iif 4 && change iif 6 && ft_settle || return
	for family in 4 6; do
		ft_add flow$family "$ns_a" udp "$(ft_address $family FAR)" \
			7778 "" ' out=p3 ' || return
	done
	ft_goes_to C flow4 flow6 || return
	ip -n "$ns_r" link add br0 up type bridge &&
	ip -n "$ns_r" link set p1 master br0 || return
	ft_settle
	ft_goes_to B flow4 flow6
}

# Usage: port_test LAYER
port_test()
{
	local ret

	port_is_bridged "$1"
	ret=$?
	ip -n "$ns_r" link del br0 2>/dev/null
	change_back iif
	return $ret
}

# Usage: answers COUNT: of 20 packets of the flow so many are answered
answers()
{
	ft_steady_start flow4 200 10000 && ft_steady_end flow4 &&
	ft_expect "answers" "$1" "$((FT_BACK * 20 / FT_ALL))"
}

# Usage: conf SWITCH VALUE: of p2
conf()
{
	ip netns exec "$ns_r" sysctl -qw "net.ipv4.conf.p2.$1=$2"
}

# Usage: answers_pass LAYER: from the provider of the mark, while there is
# another way to it without the mark
answers_pass()
{
	ip netns exec "$ns_r" sysctl -qw net.ipv4.conf.all.rp_filter=0 &&
	conf rp_filter 0 && ft_layer "$1" "$MARKS" &&
	ip -n "$ns_r" route replace default via $FT_C4 && ft_settle || return
	ft_add flow4 "$ns_a" udp $FT_FAR4 7779 "" ' out=p2 ' &&
	answers 20 && conf rp_filter 1 || return
	ft_settle
	answers 0 && conf src_valid_mark 1 || return
	ft_settle
	answers 20
}

# Usage: filter_test LAYER
filter_test()
{
	local ret

	answers_pass "$1"
	ret=$?
	conf rp_filter 0
	conf src_valid_mark 0
	ip -n "$ns_r" route replace default via $FT_B4
	return $ret
}

# Usage: other_way LAYER: answers have the mark of the connection, which leads
# them to host C; the flow may not be added before that shows
other_way()
{
	ft_layer "$1" "$MARKS" && rule 4 add pref 400 fwmark 1 iif p2 lookup 102 &&
	ft_settle && ft_mute "$ns_b" "udp sport 7779" &&
	ft_start flow4 "$ns_a" udp $FT_FAR4 7779 && ft_steady flow4 100 10000 &&
	ft_unmute "$ns_b" && answers 0
}

# Usage: other_way_test LAYER
other_way_test()
{
	local ret

	other_way "$1"
	ret=$?
	ft_unmute "$ns_b" 2>/dev/null
	rule 4 del pref 400 2>/dev/null
	return $ret
}

ktap_print_header
ft_require
ktap_set_plan 17

setup || ktap_exit_fail_msg "cannot set up the topology"
for layer in hw sw; do
	ft_flow_test "another table for a mark, $layer" rule_test mark $layer
	ft_flow_test "another route in the table of a mark, $layer" \
		rule_test table $layer
	ft_flow_test "rule for a source, $layer" rule_test from $layer
	ft_flow_test "rule for a port, $layer" rule_test dport $layer
	ft_flow_test "rule for a device, $layer" rule_test iif $layer
	ft_flow_test "rule for a device that joins a bridge, $layer" \
		port_test $layer
	ft_flow_test "reverse path filter of a device, $layer" \
		filter_test $layer
	ft_flow_test "rule for the mark of answers to come, $layer" \
		other_way_test $layer
done
ft_flow_test "kernel has no complaints" ft_silent_test

ktap_finished
