#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What the flowtable asks of drivers, and what it makes of their answers.
#
# For the topology see flow_table_lib.sh.
#
# shellcheck disable=SC2154 # assigned in flow_table_lib.sh or by setup_ns
# shellcheck disable=SC2317 # ft_test calls these functions
# shellcheck disable=SC2119 # without arguments

source "$(dirname "$0")/flow_table_lib_flows.sh"

TRACE=/sys/kernel/tracing

# Usage: knob FILE VALUE
knob()
{
	echo "$2" > "$FT_DEBUGFS/$1"
}

defaults()
{
	knob any_port 0
	knob del_delay_us 0
	knob miss_every 0
}

# -EEXIST

# A port of a switch with one table answers -EEXIST to what it has by another.
any_port_test()
{
	defaults
	knob any_port 1 && ft_ruleset && ft_flow_hw one "$1" "$2" &&
	ft_conntrack_hw || ft_fail "conntrack does not say HW_OFFLOAD" ||
		return
	ip netns exec "$ns_r" conntrack -F >/dev/null 2>&1
	ft_wait_rules 0
}

# Two flowtables, and packets make flows of that of "t"
two_flowtables()
{
	local t

	defaults
	for t in t u; do
		cat <<-END
		table inet $t { }
		delete table inet $t
		table inet $t {
			flowtable f {
				hook ingress priority 0
				devices = { p1, p2 }
				flags offload
			}
			chain forward {
				type filter hook forward priority 0
			}
		}
		END
	done | ip netns exec "$ns_r" nft -f - && use t || return
	ip netns exec "$ns_r" conntrack -F >/dev/null 2>&1
	ft_wait_rules 0
}

# Usage: use TABLE: packets make flows of its flowtable
use()
{
	ip netns exec "$ns_r" nft -f - <<-END
	flush chain inet t forward
	flush chain inet u forward
	add rule inet $1 forward meta l4proto { tcp, udp } flow add @f
	END
}

# Usage: refused_flow NAME: has had packets, and a flow was refused
refused_flow()
{
	ft_flow_cmd "$1" run 1 64 &&
		grep -q 'nf_flow_offload_fail.*err=-17 reason=conflict' \
			"$TRACE/trace"
}

hw_flow()
{
	ft_flow_cmd "$1" run 1 64 && ft_conntrack_hw
}

# The hardware takes its time to delete the rules of "t". They match the packets
# of the flow in "u", which is not in hardware before its own rules are.
conflict_test()
{
	local hits

	two_flowtables && ft_flow_hw one "$1" "$2" || return
	: >"$TRACE/trace"
	echo 1 >"$TRACE/events/nf_flow_table/nf_flow_offload_fail/enable"
	# packets go to the CPU in spite of the rules
	knob miss_every 1 && knob del_delay_us 3000000 && use u || return
	ip netns exec "$ns_r" conntrack -F >/dev/null 2>&1
	slowwait 10 refused_flow one
	echo 0 >"$TRACE/events/nf_flow_table/nf_flow_offload_fail/enable"
	grep -q 'err=-17 reason=conflict msg="netdevsim: .*another rule' \
		"$TRACE/trace" ||
		ft_fail "not refused: $(tail -n 1 "$TRACE/trace")" || return
	! ft_conntrack_hw || ft_fail "conntrack says HW_OFFLOAD" || return

	knob del_delay_us 0
	slowwait 15 hw_flow one || ft_fail "not offered again" || return
	knob miss_every 0
	ft_expect rules 2 "$(ft_entries | wc -l)" || return
	hits=$(ft_stat p1 hit)
	ft_flow_cmd one run 100 1000 &&
		ft_expect hits $((hits + 100)) "$(ft_stat p1 hit)"
}

# A full table

# Usage: calls COMMAND: so many that drivers got, and refused
calls()
{
	grep "^$1 " "$FT_DEBUGFS/calls"
}

# Usage: many_flows COUNT SECONDS: UDP flows of host A, in the background; each
# has two packets a second
many_flows()
{
	# shellcheck disable=SC2016
	ft_exec "$ns_a" bash -c '
		for ((i = 0; i < $2; i++)); do
			exec {fd}<>"/dev/udp/$1/$3" && fds+=("$fd")
		done
		while [ $SECONDS -lt "$4" ]; do
			for fd in "${fds[@]}"; do
				printf x >&"$fd"
			done
			read -rt 0.5 <> <(:)
		done' - "$1" "$2" $FT_PORT "$3" 2>/dev/null &
	MANY_PID=$!
}

full_to_the_brim()
{
	[ "$(ft_entries | wc -l)" -ge "$1" ]
}

# Usage: full_test ADDR: 50 of 250 flows fit
full_test()
{
	local ret

	MANY_PID=
	full "$1"
	ret=$?
	[ -z "$MANY_PID" ] || kill "$MANY_PID" && wait "$MANY_PID" 2>/dev/null
	return $ret
}

full()
{
	local before after port

	defaults
	ft_ruleset || return
	read -r _ _ _ before < <(calls replace)
	many_flows "$1" 250 20
	slowwait 10 full_to_the_brim 98 || ft_fail "the table is not full" ||
		return
	ft_nap 7
	read -r _ _ _ after < <(calls replace)
	echo "# refused calls: $((after - before))"
	# each of 200 flows would be offered 3 or 4 times in two directions
	[ $((after - before)) -gt 0 ] || ft_fail "none was refused" || return
	[ $((after - before)) -lt 100 ] || ft_fail "asked too often" || return

	# room is used, although additions pause
	ft_entries | sed -n 's/.* sport=\([0-9]*\) .* dport='$FT_PORT' .*/\1/p' |
		head -n 20 >"$FT_TMP/sports"
	ft_expect "flows to delete" 20 "$(wc -l <"$FT_TMP/sports")" || return
	while read -r port; do
		ip netns exec "$ns_r" conntrack -D -p udp --sport "$port"
	done <"$FT_TMP/sports" >/dev/null 2>&1
	slowwait 5 all_replaced || ft_fail "deleted flows are in hardware" ||
		return
	slowwait 3 full_to_the_brim 98 || ft_fail "room is not used"
}

all_replaced()
{
	ft_entries | grep -qvwF -f <(sed 's/^/sport=/' "$FT_TMP/sports")
}

ktap_print_header
ft_require
ktap_set_plan 6

ft_setup

ft_flow_test "two ports with one table, IPv4 UDP" any_port_test udp $FT_B4
ft_flow_test "two ports with one table, IPv6 TCP" any_port_test tcp $FT_B6
ft_flow_test "another rule has the match, IPv4" conflict_test udp $FT_B4
ft_flow_test "another rule has the match, IPv6" conflict_test udp $FT_B6

ft_topology_cleanup
if ! ft_topology_create || ! ft_table_size 100 || ! ft_addresses ||
   ! ft_servers; then
	ktap_exit_fail_msg "cannot set up the topology"
fi
ft_flow_test "full table is left alone, IPv4" full_test $FT_B4
ft_flow_test "full table is left alone, IPv6" full_test $FT_B6

ktap_finished
