#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# nft_offload, asked while what it is asked about comes and goes: dumps whose
# flowtable, namespace or module goes, flows that are flushed as fast as they are
# added, the module unloaded under load, a listener that does not read, and events
# that come faster than they are sent.
#
# FT_RACE_COUNT: how many flushes race how many new flows (10000, in a slow
# kernel, which KSFT_MACHINE_SLOW=yes tells, 1000).
#
# For the topology see flow_table_lib.sh and flow_table_lib_flows.sh.
#
# shellcheck disable=SC2154 # assigned in flow_table_lib.sh or by setup_ns
# shellcheck disable=SC2317,SC2329 # ft_test calls, by name
# shellcheck disable=SC2016 # awk knows $1

# shellcheck source=flow_table_lib_flows.sh
source "$(dirname "$0")/flow_table_lib_flows.sh"

RACE=$ft_dir/ft_race
COUNT=10000
[ "$KSFT_MACHINE_SLOW" != yes ] || COUNT=1000
COUNT=${FT_RACE_COUNT:-$COUNT}
FLOWS=$((COUNT / 10)) # in a dump
EVENT_ROOM=/sys/module/nft_offload/parameters/event_batches
TABLES=110 # with long names: three messages of the kernel
LONG=$(printf '%0250d' 0)
# NFT_OFFLOAD_CMD_*
GET=1

# Usage: ask_start: someone who asks, in the router
ask_start()
{
	ask_stop
	coproc FT_ASK { exec ip netns exec "$ns_r" "$RACE" ask 2>&1; }
	ASK_IN=${FT_ASK[1]}
	ASK_OUT=${FT_ASK[0]}
	ASK_PID=$FT_ASK_PID
	FT_PIDS+=("$ASK_PID")
}

ask_stop()
{
	[ -n "$ASK_PID" ] || return 0
	kill "$ASK_PID" 2>/dev/null
	wait "$ASK_PID" 2>/dev/null
	ASK_PID=
}

# Usage: ask COMMAND: the answer, without "ok", in $ASKED
ask()
{
	ASKED=
	echo "$*" >&"$ASK_IN"
	read -r -t 30 ASKED <&"$ASK_OUT"
	[ "${ASKED%% *}" = ok ] || ft_fail "$*: $ASKED" || return
	ASKED=${ASKED#ok}
	ASKED=${ASKED# }
}

# Usage: asked NAME: the number after this word in $ASKED
asked()
{
	[[ " $ASKED " =~ " $1 "(-?[0-9]+)" " ]] && echo "${BASH_REMATCH[1]}"
}

# Usage: new_flows ADDR COUNT
new_flows()
{
	ip netns exec "$ns_a" "$FT_TRAFFIC" burst udp "$1" $FT_PORT "$2" \
		>"$FT_TMP/burst" 2>&1 || ft_fail "burst: $(<"$FT_TMP/burst")"
}

# Usage: request MESSAGE [dump] HEX...
request()
{
	ip netns exec "$ns_r" "$ft_dir/ft_netlink.py" "$@"
}

# Usage: flush_flows all|ipv4: once
flush_flows()
{
	ip netns exec "$ns_r" "$RACE" flush "$1" 1 1 </dev/null \
		>"$FT_TMP/flush" 2>&1 || ft_fail "flush: $(<"$FT_TMP/flush")"
}

# Usage: flushes_start ipv4|any COUNT PROCESSES: so many or more
flushes_start()
{
	ft_exec "$ns_r" "$RACE" flush "$@" on >"$FT_TMP/flushes" 2>&1 &
	FLUSH_PID=$!
	FT_PIDS+=("$!")
}

# What they say goes to $ASKED.
flushes_stop()
{
	kill "$FLUSH_PID" && wait "$FLUSH_PID"
	ASKED=$(<"$FT_TMP/flushes")
	echo "# flushes: $ASKED"
	[[ $ASKED = ok\ * ]]
}

no_table()
{
	ip netns exec "$ns_r" nft delete table inet t
}

# The same one again, with some flows
same_table()
{
	no_table && ft_ruleset && new_flows $FT_B4 200
}

# Usage: part_of N: a dump was begun, and one part of N read
part_of()
{
	ask part || return
	[[ $ASKED -gt 0 && $ASKED -lt $1 ]] ||
		ft_fail "flows in the first message: $ASKED"
}

# Usage: dump_ends MOST: without an error, and with no more than MOST
dump_ends()
{
	ask rest || return
	echo "# dump: $ASKED"
	ft_expect "end of the dump" 0 "$(asked end)" &&
	ft_expect "told twice, or out of order" 0 "$(asked wrong)" || return
	[ "${ASKED%% *}" -le "$1" ] || ft_fail "dumped: $ASKED"
}

# Usage: dump_test MEANWHILE: when a flowtable goes, all flows of it that were
# not told yet are gone; and those of the next one came too late.
dump_test()
{
	ft_ruleset && new_flows $FT_B4 $FLOWS && ask_start &&
	ask dump flows && part_of $FLOWS && "$1" || return
	slowwait 5 ft_empty >/dev/null || [ "$1" = same_table ] ||
		ft_fail "rules are left" || return
	dump_ends 100 && ft_silent_test
}

# Flowtables without devices
tables()
{
	local i

	{
		echo "table inet t$LONG {"
		for ((i = 0; i < TABLES; i++)); do
			echo "flowtable f$i${LONG:4} { hook ingress priority 0; }"
		done
		echo "}"
	} | ip netns exec "$ns_r" nft -f -
}

no_ruleset()
{
	ip netns exec "$ns_r" nft flush ruleset
}

# The same with flowtables
tables_test()
{
	no_ruleset && tables && ask_start && ask dump tables &&
	part_of $TABLES && no_ruleset && tables && dump_ends $((TABLES - 5)) &&
	no_ruleset && ft_silent_test
}

# New flows, and flushes of them, until $FT_TMP/churn is gone
churn()
{
	while [ -e "$FT_TMP/churn" ]; do
		new_flows $FT_B4 100 && flush_flows ipv4 || return
	done
}

# Usage: dump_counts: one dump, in three goes; all that stay are told, once
dump_counts()
{
	ask dump flows && part_of $FLOWS && ft_nap 0.2 && ask part &&
	ft_nap 0.2 && dump_ends 1000000 &&
	ft_expect "flows that stay" $FLOWS "$(asked ipv6)"
}

# Flows of IPv6 stay, while those of IPv4 come and go
once_test()
{
	local n others=0 pid

	ft_ruleset && new_flows $FT_B6 $FLOWS && ask_start || return
	touch "$FT_TMP/churn"
	churn &
	pid=$!
	for n in {1..6}; do
		dump_counts || break
		others=$((others + $(asked ipv4)))
	done
	rm "$FT_TMP/churn"
	wait $pid || return
	ft_expect "dumps" 6 "$n" && ft_expect "end" 0 "$(asked end)" || return
	[ $others -gt 0 ] || ft_fail "none of the others was told"
}

# No one has a flow any more, and all events are out.
none_listed()
{
	[ "$(request $GET dump)" = "ok 0" ]
}

# All are gone: who asks, hardware and conntrack agree.
no_flows()
{
	flush_flows all && ft_empty || return
	ip netns exec "$ns_r" conntrack -F >/dev/null 2>&1
	slowwait 5 ft_no_conntrack || ft_fail "conntrack entries are left" ||
		return
	slowwait 5 none_listed || ft_fail "a flow is listed"
}

# The number of a new flow, which gets into hardware, in $NUMBER
flow_number()
{
	ft_flow_start one "$ns_a" udp $FT_B4 $FT_PORT &&
	ft_flow_cmd one run 4 64 && ft_wait_rules 2 && ask dump flows &&
	ask rest && ft_expect "flows" 1 "${ASKED%% *}" || return
	NUMBER=$(asked last)
	ft_flow_stop one
}

some_conntrack()
{
	[ "$(ip netns exec "$ns_r" conntrack -C)" -gt 10 ]
}

# Usage: flush_race: into $ASKED what the flushes say
flush_race()
{
	local pids=() pid status=0

	new_flows $FT_B4 $((COUNT / 2)) &
	pids+=("$!")
	new_flows $FT_B6 $((COUNT / 2)) &
	pids+=("$!")
	slowwait 5 some_conntrack || return
	flushes_start any "$COUNT" 8 # as each waits for the driver
	for pid in "${pids[@]}"; do
		wait "$pid" || status=1
	done
	flushes_stop && return $status
}

flush_test()
{
	local number

	ft_ruleset && ask_start && flow_number && no_flows || return
	number=$NUMBER
	flush_race && ft_expect "refused" 0 "$(asked refused)" || return
	[ "$(asked ok)" -ge "$COUNT" ] || ft_fail "too few flushes" || return
	[ "$(asked flows)" -gt $((COUNT / 2)) ] ||
		ft_fail "the flushes came before or after the flows" || return
	no_flows && flow_number && no_flows || return
	[ "$NUMBER" -gt $((number + COUNT)) ] ||
		ft_fail "new flows: $((NUMBER - number - 1))" || return
	ft_silent_test
}

# Who asks keeps the module.
busy_test()
{
	ft_ruleset && new_flows $FT_B4 $FLOWS && ask_start &&
	ask dump flows && part_of $FLOWS || return
	! rmmod nft_offload 2>/dev/null ||
		ft_fail "unloaded while someone reads" || return
	dump_ends $FLOWS && ft_expect "flows" $FLOWS "${ASKED%% *}" || return
	rmmod nft_offload || ft_fail "it cannot be unloaded"
}

# Dumps, until $FT_TMP/dumps is gone; they may be refused while the module goes.
dumps()
{
	while [ -e "$FT_TMP/dumps" ]; do
		request $GET dump
	done >/dev/null 2>&1
}

# Usage: unload_race SECONDS COUNT: so long and so often, while flows come and go,
# are listed, followed, and flushed from a driver that takes its time
unload_race()
{
	local pid unload

	touch "$FT_TMP/dumps"
	dumps &
	pid=$!
	flushes_start ipv4 10 2
	ft_exec "$ns_r" "$RACE" unload "$@" >"$FT_TMP/unload" 2>&1 &
	unload=$!
	while kill -0 $unload 2>/dev/null; do
		new_flows $FT_B4 20 || break
	done
	wait $unload
	flushes_stop || return
	rm "$FT_TMP/dumps"
	wait $pid
	ASKED=$(<"$FT_TMP/unload")
	echo "# unload: $ASKED"
}

unload_test()
{
	ft_ruleset && new_flows $FT_B6 $FLOWS && ask_start && ask listen 0 &&
	ft_flow_start tcp "$ns_a" tcp $FT_B4 $FT_PORT &&
	ft_flow_start udp "$ns_a" udp $FT_B6 $FT_PORT &&
	ft_flow_busy tcp stream 20000 && ft_flow_busy udp run 20 1000 ||
		return
	echo 500 >"$FT_DEBUGFS/del_delay_us"
	unload_race 5 5 || return
	echo 0 >"$FT_DEBUGFS/del_delay_us"
	[ "$(asked unloaded)" -ge 5 ] || ft_fail "hardly ever unloaded" ||
		return
	ft_flow_goes_on tcp && ft_flow_goes_on udp || return
	ft_flow_stop
	no_flows && flow_number && no_flows && ft_silent_test
}

# Usage: events LISTENER: adds to SEEN and LOST what it reads
events()
{
	ask events "$1" || return
	SEEN[$1]=$((SEEN[$1] + ${ASKED%% *}))
	LOST[$1]=$((LOST[$1] + $(asked lost)))
	FULL[$1]=$((FULL[$1] + $(asked full)))
}

# Usage: listeners: memory that listeners have filled and events that the kernel
# dropped there, one listener a line, the one with less memory first
listeners()
{
	ip netns exec "$ns_r" awk '$2 == 16 && $4 !~ /^0+$/ {
		print $5, $9 }' /proc/net/netlink | sort -n
}

# Listener 0 has no room for what it does not read, and finds out how much that
# was; listener 1 has all.
slow_reader_test()
{
	local -A SEEN LOST FULL
	local room used drops

	room=$(sysctl -n net.core.rmem_default)
	ft_ruleset && ask_start && ask listen 0 0 &&
	ask listen 1 100000000 && new_flows $FT_B4 $((FLOWS * 2)) || return
	flush_flows all && slowwait 10 none_listed || return
	read -r used drops <<<"$(listeners)"
	[ "$drops" -gt 0 ] || ft_fail "nothing was dropped" || return
	[ "$used" -le $((room * 2)) ] || ft_fail "$used bytes are queued" ||
		return
	events 0 && events 1 || return
	[ "${FULL[0]}" -gt 0 ] || ft_fail "no one told that there is no room" ||
		return
	flow_number && flush_flows all && slowwait 5 none_listed &&
	events 0 && events 1 || return
	echo "# read ${SEEN[0]}, lost ${LOST[0]} of ${SEEN[1]}"
	ft_expect "lost by who has room" "0 0" "${LOST[1]} ${FULL[1]}" &&
	ft_expect "read and lost" "${SEEN[1]}" $((SEEN[0] + LOST[0])) || return
	[[ ${LOST[0]} -gt 0 && ${SEEN[1]} -gt $((FLOWS * 4)) ]] ||
		ft_fail "too few events" || return
	LOST[0]=0 FULL[0]=0 SEEN[0]=0
	flow_number && flush_flows all && slowwait 5 none_listed &&
	events 0 || return
	ft_expect "lost later" "0 0" "${LOST[0]} ${FULL[0]}" || return
	[ "${SEEN[0]}" -ge 3 ] || ft_fail "events later: ${SEEN[0]}"
}

# Usage: event_room BATCHES: that many batches of events may wait
event_room()
{
	echo "$1" >"$EVENT_ROOM"
}

# Flows end faster than their events are sent. Who has all the room at its socket
# then is told of less than has happened, and that it was less.
bounded_test()
{
	local -A SEEN LOST FULL
	local short bad

	for bad in -1 4294967296 many ""; do
		! event_room "$bad" 2>/dev/null ||
			ft_fail "took '$bad'" || return
	done
	ft_expect "room as before" 0 "$(<"$EVENT_ROOM")" &&
	ft_ruleset && ask_start && ask listen 0 100000000 &&
	new_flows $FT_B4 $((FLOWS * 2)) && event_room 1 && flush_flows all &&
	slowwait 10 none_listed && flow_number && flush_flows all &&
	slowwait 5 none_listed && events 0 || return
	short=${LOST[0]}
	echo "# read ${SEEN[0]}, lost $short"
	ft_expect "no room at the socket" 0 "${FULL[0]}" || return
	[ "$short" -gt 0 ] || ft_fail "all of it was sent" || return
	[ $((SEEN[0] + short)) -ge $((FLOWS * 4)) ] ||
		ft_fail "too few events" || return
	event_room 0 && new_flows $FT_B4 $((FLOWS * 2)) && flush_flows all &&
	slowwait 10 none_listed && events 0 || return
	ft_expect "lost later" "$short 0" "${LOST[0]} ${FULL[0]}"
}

modules_gone()
{
	modprobe -qr nft_flow_offload nf_flow_table_inet nf_flow_table
	[ ! -e /sys/module/nf_flow_table ]
}

# The namespace of who asks stays as long as it; then all goes at once, with the
# dump, flows that a driver takes its time to remove, and the module.
netns_test()
{
	ft_ruleset && new_flows $FT_B4 $FLOWS && ask_start &&
	ask dump flows && part_of $FLOWS || return
	ip netns del "$ns_r"
	dump_ends $FLOWS && ft_expect "flows" $FLOWS "${ASKED%% *}" &&
	ask dump flows && part_of $FLOWS || return
	echo 1000 >"$FT_DEBUGFS/del_delay_us"
	ask_stop
	"$RACE" unload 2 1 >"$FT_TMP/unload" 2>&1
	echo "# $(<"$FT_TMP/unload")"
	slowwait 10 modules_gone || ft_fail "a flowtable is left" || return
	ft_silent_test
}

# Usage: race_test NAME FUNCTION [ARG...]: ft_test, which need not show thousands
# of flows
race_test()
{
	local name=$1
	shift

	ft_test "$name" race_run "$@"
}

race_run()
{
	"$@" && return
	[ -e "/run/netns/$ns_r" ] || return
	[ ! -w "$FT_DEBUGFS/del_delay_us" ] || echo 0 >"$FT_DEBUGFS/del_delay_us"
	[ ! -w "$EVENT_ROOM" ] || event_room 0
	ft_flow_stop
	ft_empty
	no_ruleset
	ip netns exec "$ns_r" conntrack -F >/dev/null 2>&1
	return 1
}

ktap_print_header
ft_require python3 "$RACE"
if ! modprobe nft_offload 2>/dev/null; then
	ktap_skip_all "nft_offload is not there"
	exit "$KSFT_SKIP"
fi
ktap_set_plan 10

ft_setup
sysctl -qw net.netfilter.nf_conntrack_max=$((COUNT * 4))
ip netns exec "$ns_r" sysctl -qw net.netfilter.nf_flowtable_udp_timeout=600 \
	net.netfilter.nf_flow_acct=1
race_test "the table goes while its flows are dumped" dump_test no_table
race_test "and another one of the same name comes" dump_test same_table
race_test "flowtables go while they are dumped, and come again" tables_test
race_test "flows that stay are told once" once_test
race_test "$COUNT flushes race $COUNT new flows" flush_test
race_test "events that are not read" slow_reader_test
race_test "events that are not sent" bounded_test
race_test "a dump keeps the module" busy_test
race_test "unload under load" unload_test
race_test "a namespace and the module go while flows are dumped" netns_test

ktap_finished
