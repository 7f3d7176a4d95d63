#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What the emulated hardware counts arrives in conntrack, and decides how long
# a flow stays in hardware.
#
# For the topology see flow_table_lib.sh.
#
# shellcheck disable=SC2154 # assigned in flow_table_lib.sh or by setup_ns
# shellcheck disable=SC2119,SC2317 # arguments are optional; ft_test calls

# shellcheck source=flow_table_lib.sh
source "$(dirname "$0")/flow_table_lib.sh"

FT_COUNTER="counter;"

udp_timeout()
{
	ip netns exec "$ns_r" sysctl -qw net.netfilter.nf_flowtable_udp_timeout="$1"
}

# Packets and bytes of the flow, then of its replies
ct_counters()
{
	local p='packets=\([0-9]*\) bytes=\([0-9]*\)'

	ft_conntrack -p "$1" | sed -n "s/.*$p.*$p.*/\1 \2 \3 \4/p"
}

ct_counters_are()
{
	local counters

	counters=$(ct_counters "$1")
	echo "$counters"
	[ "$counters" = "$2" ]
}

# Usage: start PROTO FAMILY
start()
{
	local server=FT_B$2

	ft_ruleset && ft_connect_hw "$1" "${!server}" $FT_PORT
}

# Usage: udp_want FAMILY HEADER: what conntrack must count for 4 packets of 64
# bytes and 500 of 1000, headers of layer 3 and 4 included
udp_want()
{
	local bytes=$((4 * (64 + $1) + 500 * (1000 + $1)))

	echo "504 $bytes 504 $bytes"
}

# Usage: udp_counters_test FAMILY HEADER
udp_counters_test()
{
	local got want

	want=$(udp_want "$2")
	start udp "$1" && ft_assert_hw udp run 500 1000 || return
	got=$(slowwait 8 ct_counters_are udp "$want") ||
		ft_expect "conntrack counters" "$want" "$got"
}

# Packets of TCP: all segments that each host sent.
tcp_counters_test()
{
	local before after got want

	ft_snapshot tcp before && start tcp "$1" &&
	ft_cmd stream 1000003 && ft_snapshot tcp after || return
	want="$((after[4] - before[4])) $((after[5] - before[5]))"
	got=$(slowwait 8 tcp_packets_are "$want") ||
		ft_expect "conntrack packets" "$want" "$got"
}

tcp_packets_are()
{
	local ct

	read -ra ct < <(ct_counters tcp)
	echo "${ct[0]} ${ct[2]}"
	[ "${ct[0]} ${ct[2]}" = "$1" ]
}

# The hardware's counters may be older than the packets.
stats_delay_test()
{
	local want got

	want=$(udp_want 28)
	echo 3600000 >"$FT_DEBUGFS/stats_delay_ms"
	start udp 4 && ft_assert_hw udp run 500 1000 || return
	slowwait 10 idle_for 2500 || ft_fail "flow is not idle" || return
	got=$(ct_counters udp)
	[ "${got%% *}" -lt 10 ] ||
		ft_fail "conntrack knows too early: $got" || return
	echo 0 >"$FT_DEBUGFS/stats_delay_ms"
	got=$(slowwait 8 ct_counters_are udp "$want") ||
		ft_expect "conntrack counters" "$want" "$got"
}

# Usage: idle_for MS: no rule was used for so long
idle_for()
{
	awk -v ms="$1" '
		match($0, / used_ms=[0-9]+/) {
			rules++
			if (substr($0, RSTART + 9, RLENGTH - 9) + 0 < ms)
				used++
		}
		END { exit used || !rules }' "$FT_DEBUGFS/entries"
}

# An idle flow leaves hardware, but not before its time.
idle_test()
{
	udp_timeout 6
	start udp 4 && ft_cmd run 10 100 &&
	slowwait 6 idle_for 2500 ||
		ft_fail "left hardware before its time" || return
	slowwait 15 ft_hw_rules 0 || ft_fail "still in hardware" || return
	! ft_conntrack_hw || ft_fail "conntrack: still in hardware"
}

# A flow that is used stays in hardware, without help from the CPU.
busy_test()
{
	local before after packets=0 end

	udp_timeout 5
	start udp "$1" && ft_snapshot udp before || return
	end=$((SECONDS + 12))
	while [ $SECONDS -lt $end ]; do
		ft_cmd run 20 100 || return
		packets=$((packets + 20))
	done
	ft_snapshot udp after
	ft_expect "hits of packets from A" $packets \
		$((after[0] - before[0])) &&
	ft_expect "hits of packets from B" $packets \
		$((after[1] - before[1])) &&
	ft_expect "packets to the CPU" 0 \
		$((after[2] - before[2] + after[3] - before[3]))
}

# A flow that comes back is put into hardware again.
again_test()
{
	udp_timeout 2
	start udp "$1" && slowwait 10 ft_hw_rules 0 &&
	ft_cmd run 4 64 && ft_wait_hw && ft_assert_hw udp run 100 100
}

# Usage: with_timeouts TEST...
with_timeouts()
{
	local ret

	udp_timeout 10
	"$@"
	ret=$?
	udp_timeout 30
	echo 0 >"$FT_DEBUGFS/stats_delay_ms"
	return $ret
}

# For both ports: packets received and sent, of the port and of these what the CPU
# saw
link_counters()
{
	local port

	for port in p1 p2; do
		ip netns exec "$ns_r" ip -j -s link show dev $port
		ip netns exec "$ns_r" ip -j stats show dev $port group offload \
			subgroup cpu_hit
	done | jq -r '.[0].stats64 | .rx.packets, .tx.packets'
}

# Usage: port_counters_test PROTO FAMILY
port_counters_test()
{
	local before after i

	start "$1" "$2" || return
	mapfile -t before < <(link_counters)
	ft_assert_hw "$1" run 500 1000 || return
	mapfile -t after < <(link_counters)
	ft_expect "counters" 8 ${#after[@]} || return
	# the hosts send neighbour solicitations now and then
	for i in 0 1 4 5; do
		[ $((after[i] - before[i])) -ge 500 ] ||
			ft_fail "port: ${before[*]}, then ${after[*]}" || return
	done
	for i in 2 3 6 7; do
		[ $((after[i] - before[i])) -le 20 ] ||
			ft_fail "CPU: ${before[*]}, then ${after[*]}" || return
	done
}

ktap_print_header
ft_require jq
ktap_set_plan 12

ft_setup
ip netns exec "$ns_r" sysctl -qw net.netfilter.nf_flowtable_tcp_timeout=10

for family in 4 6; do
	ft_test "UDP packets and bytes, IPv$family" with_timeouts \
		udp_counters_test $family $((family == 4 ? 28 : 48))
	ft_test "TCP packets, IPv$family" with_timeouts \
		tcp_counters_test $family
	ft_test "busy flow stays in hardware, IPv$family" with_timeouts \
		busy_test $family
	ft_test "flow comes back to hardware, IPv$family" with_timeouts \
		again_test $family
	ft_test "a port counts what hardware forwards, IPv$family" \
		with_timeouts port_counters_test udp $family
done
ft_test "idle flow leaves hardware" with_timeouts idle_test
ft_test "late statistics" with_timeouts stats_delay_test

ktap_finished
