#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Hardware that takes its time: many flows at once keep a bounded number of
# kernel threads busy, all of them get in, and nobody waits for a driver who has
# nothing to do with it.
#
# For the topology see flow_table_lib.sh. The flows are UDP sockets of host
# A, whose packets the echo server on host B answers.
#
# shellcheck disable=SC2154 # assigned in flow_table_lib.sh or by setup_ns
# shellcheck disable=SC2119,SC2317 # arguments are optional; ft_test calls

# shellcheck source=flow_table_lib.sh
source "$(dirname "$0")/flow_table_lib.sh"

# Usage: knob FILE VALUE
knob()
{
	echo "$2" > "$FT_DEBUGFS/$1"
}

# Usage: calls COMMAND
calls()
{
	awk -v cmd="$1" '$1 == cmd { print $2 }' "$FT_DEBUGFS/calls"
}

# Usage: burst COUNT: flows, of two packets each way
burst()
{
	local out

	out=$(ip netns exec "$ns_a" "$FT_TRAFFIC" burst udp $FT_B4 $FT_PORT \
		"$1" 2>&1) || ft_fail "burst: $out"
}

kworkers()
{
	cat /proc/[0-9]*/comm 2>/dev/null | grep -c '^kworker'
}

# Usage: queued add|del|stats
queued()
{
	# shellcheck disable=SC2016
	ip netns exec "$ns_r" awk -v name="wq_$1" '
		NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) n = i; next }
		$n < 0 { neg = 1 }
		{ sum += $n }
		END { print neg ? "negative" : sum + 0 }' \
		/proc/net/stat/nf_flowtable
}

none_queued()
{
	[ "$(queued add)" = 0 ] && [ "$(queued del)" = 0 ] &&
		[ "$(queued stats)" = 0 ]
}

# /proc/net/stat/nf_flowtable, to the letter: programs read it
format_test()
{
	local lines line n

	knob add_delay_us 500000 && ft_ruleset && burst 50 || return
	mapfile -t lines <<<"$(ip netns exec "$ns_r" \
		cat /proc/net/stat/nf_flowtable)"
	knob add_delay_us 0
	ft_expect "header" "wq_add   wq_del   wq_stats" "${lines[0]}" || return
	for line in "${lines[@]:1}"; do
		read -ra n <<<"$line"
		# shellcheck disable=SC2059 # a number for each
		ft_expect "line" \
			"$(printf '%8d %8d %8d' "${n[@]}" 2>/dev/null)" "$line" ||
			return
	done
	ft_expect "lines of CPUs" "$(possible_cpus)" $((${#lines[@]} - 1)) ||
		return
	slowwait 20 none_queued || ft_fail "the queue does not get empty"
}

possible_cpus()
{
	local IFS=, range cpus=0

	for range in $(</sys/devices/system/cpu/possible); do
		cpus=$((cpus + ${range#*-} - ${range%-*} + 1))
	done
	echo $cpus
}

burst_test()
{
	local before most=0 end n

	knob add_delay_us 500000 && ft_ruleset || return
	before=$(kworkers)
	burst 200 || return
	end=$((SECONDS + 2))
	while [ $SECONDS -lt $end ]; do
		n=$(kworkers)
		[ "$n" -le "$most" ] || most=$n
	done
	n=$(queued add)
	[ "$n" != negative ] && [ "$n" -gt 100 ] ||
		ft_fail "additions queued: $n" || return
	knob add_delay_us 0
	slowwait 20 ft_hw_rules 400 ||
		ft_fail "rules: $(ft_entries | wc -l) instead of 400" || return
	[ "$most" -le $((before + 2 * $(nproc) + 4)) ] ||
		ft_fail "$most kworkers, $before before the burst" || return
	slowwait 5 none_queued || ft_fail "the queue does not get empty"
}

# Usage: quick COMMAND...: takes less than a second
quick()
{
	local start=${EPOCHREALTIME/./} took

	"$@" || ft_fail "failed: $*" || return
	took=$((${EPOCHREALTIME/./} - start))
	[ $took -lt 1000000 ] || ft_fail "took $((took / 1000)) ms: $*"
}

# Usage: down_test NETNS: another device there goes down meanwhile
down_test()
{
	local ns=$1 ret

	knob add_delay_us 2000000 && ft_ruleset && burst 8 || return
	ip -n "$ns" link add dummy0 up type dummy || return
	quick ip -n "$ns" link set dummy0 down
	ret=$?
	ip -n "$ns" link del dummy0
	return $ret
}

# What waits in the queue does not have to be added first to get out of it.
flush_test()
{
	local start=$SECONDS

	knob add_delay_us 500000 && ft_ruleset && burst 100 || return
	ip netns exec "$ns_r" nft flush ruleset || return
	[ $((SECONDS - start)) -lt 15 ] ||
		ft_fail "took $((SECONDS - start)) s" || return
	ft_expect rules 0 "$(ft_entries | wc -l)"
}

# Flows that end while they wait
ended_test()
{
	local replace

	knob add_delay_us 1000000 && ft_ruleset && burst 50 || return
	ip netns exec "$ns_r" conntrack -F >/dev/null 2>&1
	replace=$(calls replace)
	slowwait 20 none_queued || ft_fail "still queued" || return
	# those that workers had taken up, at two ports and both directions
	[ "$(calls replace)" -le $((replace + 4 * $(nproc) + 4)) ] ||
		ft_fail "added although the flow had ended" || return
	slowwait 10 ft_hw_rules 0 || ft_fail "rules of flows that ended"
}

# Rules that are there are asked about while others wait.
stats_test()
{
	local ret

	knob add_delay_us 0 && ft_ruleset || return
	ip netns exec "$ns_r" sysctl -qw net.netfilter.nf_flowtable_udp_timeout=4
	ft_connect_hw udp $FT_B4 $FT_PORT || return
	knob add_delay_us 200000 && burst 60 || return
	busy 8
	ret=$?
	ip netns exec "$ns_r" sysctl -qw net.netfilter.nf_flowtable_udp_timeout=30
	return $ret
}

# Forwarding is switched off while rules take their time to be destroyed: those
# that packets use do not wait for those that no packet meets.
first_test()
{
	local before end ret=0

	ft_ruleset && burst 200 || return
	ft_client_start udp $FT_B4 $FT_PORT -b $FT_A4:45000 &&
		ft_cmd run 4 64 || return
	slowwait 20 ft_hw_rules 402 || ft_fail "not in hardware" || return
	slowwait 40 others_idle || ft_fail "flows are not idle" || return
	before=$(calls destroy)
	knob del_delay_us 20000
	ip netns exec "$ns_r" sysctl -qw net.ipv4.ip_forward=0
	slowwait 30 no_rule_of 45000 || ret=1
	before=$(($(calls destroy) - before))
	knob del_delay_us 0
	ip netns exec "$ns_r" sysctl -qw net.ipv4.ip_forward=1
	[ $ret = 0 ] || ft_fail "it stays in hardware" || return
	# each rule is offered to both ports
	[ $before -le 30 ] ||
		ft_fail "$before of 804 calls of the driver before it is gone"
}

no_rule_of()
{
	! ft_entries | grep -q "port=$1"
}

# The driver is asked about the client's flow, and not about others.
others_idle()
{
	local before i

	before=$(calls stats)
	for i in {1..20}; do
		ft_cmd run 1 64 || return
		sleep 0.2
	done
	[ $(($(calls stats) - before)) -le 20 ]
}

# Usage: busy SECONDS: the client's flow stays in hardware
busy()
{
	local end=$((SECONDS + $1)) cpu

	cpu=$(ft_cpu_of_client)
	while [ $SECONDS -lt $end ]; do
		ft_cmd run 1 1000 || return
		sleep 0.2
	done
	ft_expect "large packets to the CPU" "$cpu" "$(ft_cpu_of_client)"
}

ft_cpu_of_client()
{
	ip netns exec "$ns_r" nft list counter netdev ft_large p1 |
		awk '$1 == "packets" { print $2 }'
}

ktap_print_header
ft_require
ktap_set_plan 8

ft_setup
ip netns exec "$ns_r" nft -f - <<END || ktap_exit_fail_msg "no counter"
table netdev ft_large {
	counter p1 { }
	chain p1 {
		type filter hook ingress device p1 priority -400
		meta length > 1000 counter name p1
	}
}
END

ft_test "format of the counters" format_test
ft_test "burst of flows, bounded number of threads" burst_test
ft_test "flow that is used is kept during a burst" stats_test
ip -n "$ns_b" link set lo up
ft_test "link down in another namespace does not wait" down_test "$ns_b"
ft_test "link down of another device does not wait" down_test "$ns_r"
ft_test "flows that end in the queue are not added" ended_test
ft_test "flush does not wait for the queue" flush_test
knob add_delay_us 0
ft_test "rules in use are destroyed first" first_test

ktap_finished
