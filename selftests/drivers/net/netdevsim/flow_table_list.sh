#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# nft_offload: list flows, find one, end them, follow them, with YNL's command line
# tool.
#
# For the topology see flow_table_lib.sh.
#
# shellcheck disable=SC2154 # assigned in flow_table_lib.sh or by setup_ns
# shellcheck disable=SC2317,SC2329 # ft_test calls, by name

# shellcheck source=flow_table_lib.sh
source "$(dirname "$0")/flow_table_lib.sh"
# shellcheck source=flow_table_lib_ynl.sh
source "$ft_dir/flow_table_lib_ynl.sh"

FT_WILDCARD=$ft_dir/ft_wildcard
LISTENER= # process

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

# Usage: acct 0|1: does conntrack count packets of new connections?
acct()
{
	ip netns exec "$ns_r" sysctl -qw net.netfilter.nf_conntrack_acct="$1"
}

# Packets and bytes of the flow and of its replies, in software, then in hardware
counters()
{
	field '{"l4proto": 17}' ' | [.original, .reply] | [
		map(.["sw-packets"], .["sw-bytes"]),
		map(.["hw-packets"], .["hw-bytes"])] | flatten | join(" ")'
}

# Usage: all_counted sw|hw: 500 packets of 1000 bytes each way, and some of 64 that
# came first, but for those that made the flow; and headers. Of hardware, all hits;
# the other one has forwarded some of those that came first.
all_counted()
{
	local counters here=0 there=4 i

	read -ra counters <<<"$(counters)"
	echo "${counters[*]}"
	[ "${#counters[@]}" -eq 8 ] || return
	[ "$1" = sw ] || here=4 there=0
	for i in 0 2; do
		((counters[there + i] <= 4)) &&
		((counters[here + i] >= 500 && counters[here + i] <= 504)) &&
		((counters[here + i + 1] == 500 * 1028 +
			(counters[here + i] - 500) * 92)) || return
	done
	[ "$1" = sw ] || [ "${counters[4]} ${counters[6]}" = \
		"$(($(ft_stat p1 hit) - HITS1)) $(($(ft_stat p2 hit) - HITS2))" ]
}

# Usage: no_acct_run sw|hw
no_acct_run()
{
	local got

	if [ "$1" = hw ]; then
		HITS1=$(ft_stat p1 hit) HITS2=$(ft_stat p2 hit)
		start udp $FT_B4 || return
	else
		FT_FLAGS='' ft_ruleset &&
		ft_client_start udp $FT_B4 $FT_PORT && ft_cmd run 4 64 || return
	fi
	ft_cmd run 500 1000 || return
	got=$(slowwait 15 all_counted "$1") ||
		ft_fail "counters: $got" || return
	[[ $(ft_conntrack -p udp) != *packets=* ]] ||
		ft_fail "conntrack counts: $(ft_conntrack -p udp)"
}

# Usage: no_acct_test sw|hw: a flow counts what conntrack does not
no_acct_test()
{
	local status=0

	acct 0
	udp_timeout 20
	no_acct_run "$1" || status=1
	udp_timeout 600
	acct 1
	return $status
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

# Usage: explained FILTER PATH
explained()
{
	ft_ynl --do explain --json "{\"filter\": $1}" 2>&1 | jq -r "$2"
}

# Of some flows, the one that conntrack -o id says it is
ct_id_test()
{
	local id port out

	start udp $FT_B4 || return
	port=${FT_ANSWER_CONNECT##* }
	out=$(ip netns exec "$ns_a" "$FT_TRAFFIC" burst udp $FT_B4 $FT_PORT 3 \
		2>&1) || ft_fail "burst: $out" || return
	filter_test '{}' 4 || return
	id=$(ft_conntrack -p udp --sport "$port" -o id)
	id="{\"ct-id\": ${id##* id=}}"
	ft_expect "listed" "$port" "$(field "$id" .original.sport)" &&
	ft_expect "found" "$port" "$(ft_ynl --do flow-get --json \
		"{\"filter\": $id}" 2>&1 | jq .original.sport)" &&
	ft_expect "explained" "hardware $port" "$(explained "$id" \
		'"\(.layer) \(.flow.original.sport)"')" || return
	ft_ynl --do flow-del --json "{\"filter\": $id}" >/dev/null
	slowwait 5 filter_test '{}' 3 >/dev/null || filter_test '{}' 3 || return
	filter_test "$id" 0 && filter_test "{\"sport\": $port}" 0 &&
	ft_expect "explained later" classic "$(explained "$id" .layer)"
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

# Usage: write_switch VALUE: what the kernel says
write_switch()
{
	# shellcheck disable=SC2016 # the inner shell knows $1
	ip netns exec "$ns_r" bash -c \
		'echo "$1" >/proc/sys/net/netfilter/nf_flow_offload' - "$1" 2>&1
}

# Usage: refuses RULES VALUE...: and keeps those rules and the value
refuses()
{
	local rules=$1 value was said
	shift

	was=$(ip netns exec "$ns_r" sysctl -n net.netfilter.nf_flow_offload)
	for value in "$@"; do
		said=$(write_switch "$value")
		[[ $said = *"Invalid argument"* ]] ||
			ft_fail "'$value': '$said'" || return
		ft_expect "value after '$value'" "$was" "$(ip netns exec \
			"$ns_r" sysctl -n net.netfilter.nf_flow_offload)" ||
			return
		ft_hw_rules "$rules" || ft_fail "rules after '$value'" || return
	done
}

bad_switch_test()
{
	local bad=(2 -1 256 4294967297 on "") status

	start udp $FT_B4 && refuses 2 "${bad[@]}" || return
	write_switch 0
	slowwait 5 ft_hw_rules 0 && ft_cmd run 4 64 && refuses 0 "${bad[@]}"
	status=$?
	write_switch 1
	return $status
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

# All events from now on
listen()
{
	[ -z "$LISTENER" ] || return 0
	ft_exec "$ns_r" python3 -u "$FT_YNL" --spec "$FT_SPEC" --output-json \
		--subscribe events --duration 600 >"$FT_TMP/events" 2>&1 &
	LISTENER=$!
	FT_PIDS+=("$LISTENER")
	slowwait 20 listening || ft_fail "nobody listens"
}

event_test()
{
	local want="added hardware software hardware gone(flushed)"

	listen && start udp $FT_B4 && ft_cmd run 20 100 || return
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

# Usage: is_gone CAUSE: the last flow
is_gone()
{
	[[ $(events) = "added "*" gone($1)" ]]
}

# Usage: gone_test CAUSE tcp|udp COMMAND...: it ends a flow in hardware, whose last
# event has the cause
gone_test()
{
	local cause=$1 proto=$2
	shift 2

	listen && start "$proto" $FT_B4 && "$@" || return
	slowwait 20 is_gone "$cause" ||
		ft_fail "events: $(events), not gone($cause)"
}

timeout_test()
{
	local status

	udp_timeout 6
	gone_test timeout udp true
	status=$?
	udp_timeout 600
	return $status
}

# Usage: closed_test close|reset: its packets go on in software, until there were
# none for a while
closed_test()
{
	local status

	ip netns exec "$ns_r" sysctl -qw net.netfilter.nf_flowtable_tcp_timeout=6
	gone_test closed tcp ft_cmd "$1"
	status=$?
	ip netns exec "$ns_r" sysctl -qw net.netfilter.nf_flowtable_tcp_timeout=30
	return $status
}

delete_entry()
{
	ip netns exec "$ns_r" conntrack -D -p udp >/dev/null 2>&1
}

# Usage: path_test CHANGE BACK: what ip(8) does on the router
path_test()
{
	local change back status

	read -ra change <<<"$1"
	read -ra back <<<"$2"
	gone_test path udp ip -n "$ns_r" "${change[@]}"
	status=$?
	ip -n "$ns_r" "${back[@]}"
	return $status
}

down_test()
{
	local status

	path_test "link set p2 down" "link set p2 up"
	status=$?
	ip -n "$ns_r" addr replace $FT_ROUTER6_B/64 dev p2 nodad
	slowwait 5 ft_link_is_up "$ns_r" p2
	return $status
}

# Usage: table_gone_test COMMANDS: of nft, on the router
table_gone_test()
{
	gone_test table udp ip netns exec "$ns_r" nft "$1"
}

listening()
{
	local line

	while read -r line; do
		# protocol 16, one of the first groups
		[[ ! $line =~ ^[0-9a-f]+\ +16\ +[0-9]+\ +0*[1-9a-f] ]] || return 0
	done <<<"$(ip netns exec "$ns_r" cat /proc/net/netlink)"
	false
}

unload_test()
{
	start udp $FT_B4 || return
	rmmod nft_offload || ft_fail "it cannot be unloaded" || return
	ft_assert_hw udp run 100 100 || return
	[ ! -d /sys/module/nft_offload ] || ft_fail "it is there" || return
	# who asks for it by its name loads it
	ft_expect "dump" "ok 1" "$(ip netns exec "$ns_r" \
		"$ft_dir/ft_netlink.py" 1 dump)" && filter_test '{}' 1
}

MANY=1500

# Usage: many LINE: for each of the devices many1..., whose number is N there
many()
{
	local n

	for ((n = 1; n <= MANY; n++)); do
		echo "${1//N/$n}"
	done | ip -batch - -n "$ns_r"
}

# Flowtables take wildcards since NFTA_DEVICE_PREFIX
wildcards()
{
	local uapi=$FT_TREE/include/uapi/linux/netfilter/nf_tables.h

	[ ! -e "$uapi" ] || grep -q NFTA_DEVICE_PREFIX "$uapi"
}

# A flowtable of all of them
many_load()
{
	ip netns exec "$ns_r" sysctl -qw net.netfilter.nf_flow_offload_strict=0 &&
	ip netns exec "$ns_r" nft add table inet many &&
	ip netns exec "$ns_r" "$FT_WILDCARD" many f many
}

many_run()
{
	local listed more flags

	many_load || ft_fail "the kernel refuses it" || return
	many "link add manyN type dummy" || ft_fail "no devices" || return
	read -r listed more flags <<<"$(ft_ynl --dump table-get | jq -r '
		.[] | select(.table == "many") | "\(.devices.device | length
			) \(."devices-more" // 0) \(.flags | join(" "))"')"
	ft_expect "all devices" $MANY $((listed + more)) &&
	ft_expect "flags" hardware "$flags" || return
	[ "$listed" -gt 500 ] && [ "$more" -gt 0 ] ||
		ft_fail "devices: $listed, and $more more"
}

# More devices than a message has room for
many_devices_test()
{
	local status=0

	if ! wildcards; then
		FT_XFAIL="the kernel has no flowtables of wildcards"
		return 0
	fi
	start udp $FT_B4 && many_run || status=1
	ip netns exec "$ns_r" nft delete table inet many
	many "link del manyN" || ft_fail "devices stay" || status=1
	ip netns exec "$ns_r" sysctl -qw net.netfilter.nf_flow_offload_strict=1
	ft_expect "others" "t" "$(ft_ynl --dump table-get |
		jq -r 'map(.table) | join(" ")')" || status=1
	return $status
}

ktap_print_header
ft_require jq python3 "$FT_WILDCARD"
ktap_set_plan 25

ft_setup
ft_acct 1
# YNL asks for the numbers of all families there are, which loads none
modprobe nft_offload
ft_test "list" list_test
ft_test "counters" count_test
ft_test "counters of software, without those of conntrack" no_acct_test sw
ft_test "counters of hardware, without those of conntrack" no_acct_test hw
ft_test "filters" filters_test
ft_test "flush" flush_test
ft_test "flowtables" table_test
ft_test "refusals are counted" refused_test
ft_test "message of the driver" message_test
ft_test "conntrack zone" zone_test
ft_test "conntrack id" ct_id_test
ft_test "switch offload off and on" switch_test
ft_test "flowtable of very many devices" many_devices_test
ft_test "switch that gets neither 0 nor 1" bad_switch_test
ft_test "events" event_test
ft_test "gone: timeout" timeout_test
ft_test "gone: TCP is closed" closed_test close
ft_test "gone: TCP is reset" closed_test reset
ft_test "gone: conntrack entry is deleted" gone_test conntrack udp \
	delete_entry
ft_test "gone: neighbour has another address" path_test \
	"neigh replace $FT_B4 lladdr 02:00:00:00:00:0b dev p2" \
	"neigh del $FT_B4 dev p2"
ft_test "gone: route has changed" path_test \
	"route add unreachable $FT_B4" "route del unreachable $FT_B4"
ft_test "gone: device goes down" down_test
ft_test "gone: flowtable is deleted" table_gone_test \
	"flush chain inet t forward; delete flowtable inet t f"
ft_test "gone: table is deleted" table_gone_test "delete table inet t"
ft_test "unload and load again" unload_test

ktap_finished
