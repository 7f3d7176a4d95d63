#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# nft_offload: list flows, find one, end them, with YNL's command line tool.
#
# For the topology see flow_table_lib.sh.
#
# shellcheck disable=SC2154 # assigned in flow_table_lib.sh or by setup_ns
# shellcheck disable=SC2317,SC2329 # ft_test calls, by name

# shellcheck source=flow_table_lib.sh
source "$(dirname "$0")/flow_table_lib.sh"
# shellcheck source=flow_table_lib_ynl.sh
source "$ft_dir/flow_table_lib_ynl.sh"

# Usage: flows JSON: flows that it lets pass, as JSON
flows()
{
	ft_ynl --dump flow-get --json "{\"filter\": $1}"
}

# Usage: number_of JSON: flows that the filter lets pass
number_of()
{
	flows "$1" | jq length
}

# Usage: field FILTER PATH: of the only flow
field()
{
	flows "$1" | jq -r "if length == 1 then .[0]$2 else \"\(length) flows\" end"
}

start()
{
	echo 0 >"$FT_DEBUGFS/fail_add"
	echo all >"$FT_DEBUGFS/caps"
	ft_ruleset && ft_connect_hw "$1" "$2" $FT_PORT
}

list_test()
{
	start udp $FT_B4 && ft_cmd run 10 100 || return
	ft_expect "state" hardware "$(field '{"l4proto": 17}' .state)" &&
	ft_expect "table" "inet t f" "$(field '{"l4proto": 17}' \
		' | (."table-family") + " " + .table + " " + .flowtable')" &&
	ft_expect "source" $FT_A4 "$(field '{"l4proto": 17}' .original.saddr)" &&
	ft_expect "destination of replies" $FT_A4 \
		"$(field '{"l4proto": 17}' .reply.daddr)" &&
	ft_expect "in hardware" "1 1" "$(field '{"l4proto": 17}' \
		' | "\(.original["in-hardware"]) \(.reply["in-hardware"])"')"
}

# What the fast path and hardware have forwarded is all that was sent, but for
# the packets of the classic path.
counted()
{
	local all

	all=$(field '{"l4proto": 17}' \
		'.original | .["sw-packets"] + .["hw-packets"]')
	echo "$all"
	[ "$all" -ge 500 ] && [ "$all" -le 504 ]
}

# Usage: udp_timeout S: hardware is asked for its counters well before
udp_timeout()
{
	ip netns exec "$ns_r" sysctl -qw \
		net.netfilter.nf_flowtable_udp_timeout="$1"
}

count_test()
{
	udp_timeout 10
	start udp $FT_B4 && ft_cmd run 500 100 || return
	slowwait 10 counted >/dev/null || ft_fail "packets: $(counted)" ||
		return
	udp_timeout 600 # tools take seconds in a slow guest
}

# Usage: filter_test JSON COUNT
filter_test()
{
	ft_expect "$1" "$2" "$(number_of "$1")"
}

filters_test()
{
	start udp $FT_B4 && ft_cmd run 4 100 &&
	filter_test '{}' 1 &&
	filter_test '{"l3proto": "ipv4", "saddr": "192.0.2.0", "saddr-to": "192.0.2.255"}' 1 &&
	filter_test '{"l3proto": "ipv4", "saddr": "192.0.2.3", "saddr-to": "192.0.2.255"}' 0 &&
	filter_test '{"l3proto": "ipv6"}' 0 &&
	filter_test "{\"dport\": $FT_PORT}" 1 &&
	filter_test '{"dport": 1, "dport-to": 7000}' 0 &&
	filter_test '{"table": "t"}' 1 &&
	filter_test '{"table": "other"}' 0 &&
	filter_test '{"states": ["hardware"]}' 1 &&
	filter_test '{"states": ["software", "failed"]}' 0
}

# All of them have left hardware when the answer comes.
flush_test()
{
	start udp $FT_B4 || return
	ft_ynl --do flow-del --json '{"filter": {"l4proto": 6}}' >/dev/null
	filter_test '{"states": ["hardware"]}' 1 || return
	echo 500000 >"$FT_DEBUGFS/del_delay_us"
	ft_ynl --do flow-del --json '{"filter": {"l4proto": 17}}' >/dev/null
	ft_read_entries
	echo 0 >"$FT_DEBUGFS/del_delay_us"
	ft_expect "rules in hardware" 0 ${#FT_ENTRIES[@]} &&
	ft_cmd run 10 100 && ft_wait_hw
}

# Usage: table FIELD: of the only flowtable
table()
{
	ft_ynl --dump table-get | jq -cr ".[0]$1"
}

table_test()
{
	local adds

	start udp $FT_B4 && start tcp $FT_B6 || return
	ft_expect "name" "inet t f" \
		"$(table ' | .family + " " + .table + " " + .name')" &&
	ft_expect "flags" '["hardware"]' "$(table .flags)" &&
	ft_expect "devices" "p1 p2" "$(table \
		' | [.devices.device[].name] | sort | join(" ")')" &&
	ft_expect "flows" "1 1" \
		"$(table ' | "\(.flows) \(."hw-flows")"')" || return
	adds=$(table '."hw-adds"')
	[ "$adds" -ge 1 ] || ft_fail "flows that got into hardware: $adds"
}

# A driver that refuses is counted, by errno and by reason.
refused()
{
	[ "$(table '.errnos.errno[]? | select(.errno == 28) | .count > 0')" = \
		true ] &&
	[ "$(table '.reasons.reason[]? | select(.name == "table-full") |
		.count > 0')" = true ]
}

refused_test()
{
	echo 28 >"$FT_DEBUGFS/fail_add"
	ft_ruleset && ft_client_start udp $FT_B4 $FT_PORT &&
	ft_cmd run 4 64 && slowwait 5 refused ||
		ft_fail "table: $(table)"
}

# What the driver said is known as long as the flow is not in hardware.
said()
{
	[ "$(field '{"l4proto": 17}' .original.message)" = \
		"netdevsim: flow table: this switch lacks capability udp" ]
}

# The next packets try again, when it is time for that.
in_again()
{
	ft_cmd run 4 64 && ft_hw_rules 2
}

message_test()
{
	start udp $FT_B4 && echo -udp >"$FT_DEBUGFS/caps" || return
	ft_ruleset && ft_client_start udp $FT_B4 $FT_PORT && ft_cmd run 4 64 &&
		slowwait 5 said ||
		ft_fail "flow: $(flows '{"l4proto": 17}')" || return
	ft_expect "reason" unsupported \
		"$(field '{"l4proto": 17}' .original.reason)" || return
	echo all >"$FT_DEBUGFS/caps"
	slowwait 20 in_again || ft_fail "not in hardware" || return
	ft_expect "message of a flow in hardware" null \
		"$(field '{"l4proto": 17}' .original.message)"
}

# Usage: in_zone ZONE: flows of the zone; and the one that we know
in_zone()
{
	filter_test "{\"ct-zone\": $1}" "$2" &&
	ft_expect "id of the flow in zone $1" "$3" "$(ft_ynl --do flow-get \
		--json "{\"filter\": {\"ct-zone\": $1, \"l3proto\": \"ipv4\",
			\"l4proto\": 17, \"saddr\": \"$FT_A4\",
			\"daddr\": \"$FT_B4\", \"sport\": ${FT_ANSWER_CONNECT##* },
			\"dport\": $FT_PORT}}" 2>&1 | jq .id 2>/dev/null)"
}

zone_test()
{
	start udp $FT_B4 || return
	ft_ruleset 'chain zone {
			type filter hook prerouting priority raw
			ct zone set 7
		}' && ft_connect_hw udp $FT_B4 $FT_PORT && ft_cmd run 4 64 &&
	in_zone 7 1 "$(field '{}' .id)" && in_zone 0 0 "" && in_zone 8 0 ""
}

# Off: out of hardware and none goes in; on: back again.
switch_test()
{
	start udp $FT_B4 || return
	ip netns exec "$ns_r" sysctl -qw net.netfilter.nf_flow_offload=0
	slowwait 5 ft_hw_rules 0 || ft_fail "still in hardware" || return
	ft_cmd run 50 100 && ft_hw_rules 0 || ft_fail "in hardware again" ||
		return
	ip netns exec "$ns_r" sysctl -qw net.netfilter.nf_flow_offload=1
	sleep 1.1
	ft_cmd run 4 100 && ft_wait_hw
}

# Usage: events: what has happened to the last flow, in one line
events()
{
	jq -rs '(map(.msg.id) | max) as $id | [.[].msg | select(.id == $id) |
		.event + (if .event == "gone" then "(" + .cause + ")" else "" end)] |
		join(" ")' "$FT_TMP/events" 2>/dev/null
}

# Usage: events_are WANT
events_are()
{
	[ "$(events)" = "$1" ]
}

event_test()
{
	local want="added hardware software hardware gone(flushed)" pid

	ft_exec "$ns_r" python3 -u "$FT_YNL" --spec "$FT_SPEC" --output-json \
		--subscribe nft-offload --duration 60 >"$FT_TMP/events" 2>&1 &
	pid=$!
	FT_PIDS+=("$pid")
	slowwait 20 listening || ft_fail "nobody listens" || return
	start udp $FT_B4 && ft_cmd run 20 100 || return
	ip netns exec "$ns_r" sysctl -qw net.netfilter.nf_flow_offload=0
	slowwait 5 ft_hw_rules 0 || ft_fail "still in hardware" || return
	ip netns exec "$ns_r" sysctl -qw net.netfilter.nf_flow_offload=1
	ft_nap 1.1
	ft_cmd run 4 100 && ft_wait_hw || return
	ft_ynl --do flow-del --json '{"filter": {"l4proto": 17}}' >/dev/null
	slowwait 5 events_are "$want" ||
		ft_expect "events" "$want" "$(events)" || return
	ft_expect "last counters" true "$(jq -s '.[-1].msg.original |
		."hw-packets" >= 20' "$FT_TMP/events")"
}

listening()
{
	local line

	while read -r line; do
		# protocol 12, group 10
		[[ ! $line =~ ^[0-9a-f]+\ +12\ +[0-9]+\ +00000200 ]] || return 0
	done <<<"$(ip netns exec "$ns_r" cat /proc/net/netlink)"
	false
}

unload_test()
{
	start udp $FT_B4 || return
	rmmod nft_offload || ft_fail "it cannot be unloaded" || return
	ft_assert_hw udp run 100 100 &&
	filter_test '{}' 1
}

ktap_print_header
ft_require jq python3
ktap_set_plan 11

ft_setup
ft_test "list" list_test
ft_test "counters" count_test
ft_test "filters" filters_test
ft_test "flush" flush_test
ft_test "flowtables" table_test
ft_test "refusals are counted" refused_test
ft_test "message of the driver" message_test
ft_test "conntrack zone" zone_test
ft_test "switch offload off and on" switch_test
ft_test "events" event_test
ft_test "unload and load again" unload_test

ktap_finished
