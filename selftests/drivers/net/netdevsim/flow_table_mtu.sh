#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Flows in the flowtable, in hardware or not, and the MTU of their route: a
# packet that is too large for it gets an ICMP error as answer, others go on.
# Hardware knows the MTU of its port only, so a flow whose route has a smaller
# one stays out of it.
#
# For the topology see flow_table_lib.sh.
#
# shellcheck disable=SC2154 # assigned in flow_table_lib.sh or by setup_ns
# shellcheck disable=SC2317,SC2329 # ft_test calls, by name

# shellcheck source=flow_table_lib_change.sh
source "$(dirname "$0")/flow_table_lib_change.sh"

FT_PPPOE=$ft_dir/ft_pppoe
TRACE=/sys/kernel/tracing
SMALL=1300 # of routes

# Usage: route FAMILY HOST [OPTION...]: to this host, or its gateway
route()
{
	local dev=p2

	[ "$2" = B ] || dev=p1
	ip -n "$ns_r" route replace "$(ft_address "$1" "$2")" dev $dev "${@:3}"
}

# Usage: small FAMILY HOST: its route has a small MTU. IPv6 heeds it in
# forwarding if it is locked.
small()
{
	if [ "$1" = 6 ]; then
		route "$@" mtu lock $SMALL
	else
		route "$@" mtu $SMALL
	fi
}

# Usage: routes_end: as at first
routes_end()
{
	local family host

	for family in 4 6; do
		for host in A B; do
			ip -n "$ns_r" route del "$(ft_address $family $host)"
		done
	done
	for host in "$ns_a" "$ns_b"; do
		ip -n "$host" route flush cache
		ip -6 -n "$host" route flush cache
	done
} 2>/dev/null

# Usage: too_large NAME LEN: answered with an ICMP error, that says why
too_large()
{
	ft_flow_cmd "$1" expect-error EMSGSIZE "$2"
}

# Usage: large_goes NAME: whatever the host knows of the path
large_goes()
{
	ft_flow_cmd "$1" mtu-discover probe && ft_flow_cmd "$1" run 20 1400
}

# Usage: no_rules NAME: also after it had time
no_rules()
{
	local i

	[ "$FT_LAYER" = hw ] || return 0
	for i in 1 2 3; do
		ft_flow_cmd "$1" run 20 400 && ft_rules "$1" 0 ||
			ft_fail "it is in hardware" || return
		ft_nap 0.5
	done
}

# Usage: shrink FAMILY LAYER: the MTU of the route, and grow again
shrink()
{
	local b i

	b=$(ft_address "$1" B)
	ft_layer "$2" '' p1 p2 && route "$1" B &&
	ft_add flow "$ns_a" udp "$b" $FT_PORT &&
	ft_add other "$ns_a" udp "$(ft_address $((10 - $1)) B)" $FT_PORT &&
	large_goes flow && ft_count_destroyed && small "$1" B || return
	ft_settle
	ft_expect_destroyed 2 || return
	for i in 1 2 3 4 5; do
		too_large flow 1400 || return
	done
	ft_flow_cmd flow run 20 1200 && no_rules flow && too_large flow 1400 &&
	ft_expect_destroyed 2 && route "$1" B || return
	ft_settle
	large_goes flow && ft_wait_layer flow && large_goes flow
}

# Usage: shrink_test FAMILY LAYER
shrink_test()
{
	local ret

	shrink "$@"
	ret=$?
	routes_end
	return $ret
}

# Usage: small_begin FAMILY LAYER HOST: it is small at the beginning, of one
# direction
small_begin()
{
	: >$TRACE/trace
	ft_layer "$2" '' p1 p2 && small "$1" "$3" &&
	ft_start flow "$ns_a" udp "$(ft_address "$1" B)" $FT_PORT &&
	ft_flow_cmd flow mtu-discover probe &&
	ft_flow_cmd flow run 4 64 && no_rules flow || return
	[ "$3" != B ] || too_large flow 1400 || return
	[ "$2" != hw ] ||
		grep -q ":${FT_SPORT[flow]} .*reason=mtu" $TRACE/trace ||
		ft_fail "the trace has no reason=mtu"
}

# Usage: small_test FAMILY LAYER HOST
small_test()
{
	local ret

	small_begin "$@"
	ret=$?
	routes_end
	return $ret
}

# Usage: tcp_test FAMILY LAYER: TCP finds the new MTU by itself
tcp_test()
{
	local ret

	ft_layer "$2" '' p1 p2 && route "$1" B &&
	ft_start flow "$ns_a" tcp "$(ft_address "$1" B)" $FT_PORT &&
	ft_wait_layer flow && ft_flow_cmd flow stream 300000 &&
	small "$1" B && ft_settle &&
	ft_flow_cmd flow stream 300000 && no_rules flow
	ret=$?
	routes_end
	return $ret
}

# Usage: pppoe NETNS DEV PEER_NETNS PEER_DEV
pppoe()
{
	local log=$FT_TMP/pppoe-$1

	: >"$log"
	ip netns exec "$1" "$FT_PPPOE" "$2" "$(ft_mac "$3" "$4")" 4660 \
		>"$log" 2>&1 &
	FT_PIDS+=("$!")
	slowwait 5 grep -q ^ppp0 "$log" || ft_fail "PPPoE: $(<"$log")" ||
		return
	ip -n "$1" link set ppp0 up mtu 1492
}

# An MTU of 1492 and the header of PPPoE fit into the port's 1500.
pppoe_test()
{
	ft_flow_stop
	ft_topology_cleanup
	ft_topology_create && pppoe "$ns_r" p2 "$ns_b" b0 &&
	pppoe "$ns_b" b0 "$ns_r" p2 && ft_addresses p1 ppp0 a0 ppp0 &&
	ft_servers && ft_layer hw '' p1 p2 &&
	ft_add four "$ns_a" udp $FT_B4 $FT_PORT &&
	ft_add six "$ns_a" udp $FT_B6 $FT_PORT &&
	ft_flow_cmd four run 20 1464 && ft_flow_cmd six run 20 1444 &&
	ft_rules four 2 && ft_rules six 2
}

ktap_print_header
ft_require "$FT_PPPOE"
modprobe nf_flow_table 2>/dev/null
[ -d $TRACE/events/nf_flow_table ] || mount -t tracefs tracefs $TRACE \
	2>/dev/null
[ -d $TRACE/events/nf_flow_table ] ||
	ktap_skip_all "no tracepoints of nf_flow_table"
ktap_set_plan 12

ft_setup
for event in skip fail; do
	echo 1 >$TRACE/events/nf_flow_table/nf_flow_offload_$event/enable
done
for family in 4 6; do
	for layer in hw sw; do
		ft_flow_test "route's MTU shrinks, IPv$family, $layer" \
			shrink_test $family $layer
	done
	ft_flow_test "route's MTU is small, IPv$family" \
		small_test $family hw B
	ft_flow_test "MTU of the route back is small, IPv$family" \
		small_test $family hw A
	ft_flow_test "route's MTU shrinks, TCP over IPv$family" \
		tcp_test $family hw
done
for event in skip fail; do
	echo 0 >$TRACE/events/nf_flow_table/nf_flow_offload_$event/enable
done
ft_flow_test "PPPoE's MTU is not too small" pppoe_test
ft_flow_test "kernel has no complaints" ft_silent_test

ktap_finished
