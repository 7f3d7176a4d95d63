#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Part of flow_table_lib.sh: what the router knows of its flows, and traffic
# with every byte verified.
#
# shellcheck disable=SC2154 # flow_table_lib.sh and setup_ns assign these
# shellcheck disable=SC2034,SC2153 # the tests use these; coproc assigns
# shellcheck disable=SC2119,SC2120 # arguments are optional

# What the router knows

ft_entries()
{
	[ ! -r "$FT_DEBUGFS/entries" ] || cat "$FT_DEBUGFS/entries"
}

# Into FT_ENTRIES, without a process, which takes far longer than this
ft_read_entries()
{
	FT_ENTRIES=()
	[ ! -r "$FT_DEBUGFS/entries" ] ||
		mapfile -t FT_ENTRIES <"$FT_DEBUGFS/entries"
}

ft_conntrack()
{
	ip netns exec "$ns_r" conntrack -L "$@" 2>/dev/null
}

# Usage: ft_stat PORT NAME: NAME without ft_
ft_stat()
{
	local name value

	while read -r name value; do
		[ "$name" != "ft_$2:" ] || echo "$value"
	done <<<"$(ip netns exec "$ns_r" ethtool -S "$1")"
}

# Usage: ft_cpu PORT: TCP and UDP packets that the CPU got from this port
ft_cpu()
{
	ip netns exec "$ns_r" nft list counter netdev ft_cpu "$1" |
		awk '$1 == "packets" { print $2 }'
}

# Usage: ft_mib NETNS PATTERN: the sum of these SNMP counters, into FT_MIB. They
# are read where a server of ours runs, again without a process.
ft_mib()
{
	local net=/proc/${FT_SERVER_IN[$1]:?no server in $1}/net line lines names values i

	FT_MIB=0
	mapfile -t lines <<<"$(<"$net/snmp")"$'\n'"$(<"$net/netstat")"
	for ((line = 0; line < ${#lines[@]}; line += 2)); do
		read -ra names <<<"${lines[line]}"
		read -ra values <<<"${lines[line + 1]}"
		for i in "${!names[@]}"; do
			# shellcheck disable=SC2053
			[[ ${names[0]%:}${names[i]} != $2 ]] ||
				FT_MIB=$((FT_MIB + values[i]))
		done
	done
	while read -r names values; do
		# shellcheck disable=SC2053
		[[ $names != $2 ]] || FT_MIB=$((FT_MIB + values))
	done <"$net/snmp6"
}

# Usage: ft_hw_rules N
ft_hw_rules()
{
	ft_read_entries
	[ $((${#FT_ENTRIES[@]} - FT_STALE)) -eq "$1" ]
}

ft_conntrack_hw()
{
	[[ $(ft_conntrack) = *HW_OFFLOAD* ]]
}

# Usage: ft_wait_hw [RULES]: until the flow is in hardware, both directions of
# it unless told
ft_wait_hw()
{
	if ! slowwait 5 ft_hw_rules "${1:-2}" || ! slowwait 5 ft_conntrack_hw; then
		ft_fail "not in hardware"
	fi
}

# Traffic

# Usage: ft_exec NETNS COMMAND...: instead of this shell, for the background
ft_exec()
{
	exec ip netns exec "$@"
}

# Usage: ft_server NETNS tcp|udp ADDR [PORT]
ft_server()
{
	local log=$FT_TMP/server-$2-$3

	: >"$log"
	ft_exec "$1" "$FT_TRAFFIC" server "$2" "$3" "${4:-$FT_PORT}" \
		>"$log" 2>&1 &
	FT_PIDS+=("$!")
	FT_SERVER_IN[$1]=$!
	slowwait 5 ft_ready "$log" || ft_fail "server: $(<"$log")"
}

ft_ready()
{
	[[ $(<"$1") = *ready* ]]
}

# All four servers on host B, and one on host A
ft_servers()
{
	ft_server "$ns_a" udp "$FT_A4" 9 &&
		ft_server "$ns_b" udp "$FT_B4" && ft_server "$ns_b" udp "$FT_B6" &&
		ft_server "$ns_b" tcp "$FT_B4" && ft_server "$ns_b" tcp "$FT_B6"
}

# Usage: ft_peer tcp|udp ADDR: the last peer that the server there saw
ft_peer()
{
	local word peer last

	while read -r word peer; do
		[ "$word" != peer ] || last=$peer
	done <"$FT_TMP/server-$1-$2"
	echo "$last"
}

# Usage: ft_client_start tcp|udp ADDR PORT [-b SRC[:PORT]]
ft_client_start()
{
	ft_client_stop
	coproc FT_CLIENT {
		exec ip netns exec "$ns_a" "$FT_TRAFFIC" client "$@" 2>&1
	}
	FT_CLIENT_IN=${FT_CLIENT[1]}
	FT_CLIENT_OUT=${FT_CLIENT[0]}
	FT_RUNNING=$FT_CLIENT_PID
	ft_answer connect || return
	FT_ANSWER_CONNECT=$FT_ANSWER
}

ft_client_stop()
{
	[ -n "$FT_RUNNING" ] || return 0
	kill "$FT_RUNNING" 2>/dev/null
	wait "$FT_RUNNING" 2>/dev/null
	FT_RUNNING=
}

ft_answer()
{
	FT_ANSWER=
	read -r -t 20 FT_ANSWER <&"$FT_CLIENT_OUT"
	[ "${FT_ANSWER%% *}" = ok ] || ft_fail "client: $1: $FT_ANSWER"
}

# Usage: ft_cmd COMMAND: tell the client, and see that all is well
ft_cmd()
{
	{ echo "$*" >&"$FT_CLIENT_IN"; } 2>/dev/null ||
		ft_fail "client: $*: it has ended" || return
	ft_answer "$*"
}

# Usage: ft_connect_hw tcp|udp ADDR PORT [RULES]: start a client and get its
# flow into hardware
ft_connect_hw()
{
	ft_client_start "$1" "$2" "$3" && ft_cmd run 4 64 && ft_wait_hw "$4"
}

# TCP segments of host A and of the server's host, which is B unless $ns_far
# says otherwise, into FT_SEGMENTS
ft_segments()
{
	ft_mib "$ns_a" 'Tcp@(Out|Retrans)Segs'
	FT_SEGMENTS=$FT_MIB
	ft_mib "${ns_far:-$ns_b}" 'Tcp@(Out|Retrans)Segs'
	FT_SEGMENTS+=" $FT_MIB"
}

# Usage: ft_snapshot tcp|udp ARRAY: hits and packets to the CPU of both ports,
# and the segments. With TCP, when late acknowledgements are out.
ft_snapshot()
{
	local last='' try=0 name value counters=()

	ft_segments
	while [[ $1 = tcp && $FT_SEGMENTS != "$last" ]]; do
		[ $((try++)) -lt 25 ] ||
			ft_fail "counters do not come to rest" || return
		last=$FT_SEGMENTS
		ft_nap 0.2
		ft_segments
	done
	while read -r name value _; do
		case $name in
		ft_hit:|packets) counters+=("$value") ;;
		esac
	done <<<"$(ip netns exec "$ns_r" sh -c 'ethtool -S p1; ethtool -S p2
			nft list counters table netdev ft_cpu')"
	read -ra "$2" <<<"${counters[*]} $FT_SEGMENTS"
}

# Usage: ft_assert_hw tcp|udp COMMAND: every packet of what the client does
# now, either way, is forwarded in hardware, and the CPU sees none of them.
ft_assert_hw()
{
	local proto=$1 before after want_a want_b
	shift

	ft_snapshot "$proto" before && ft_cmd "$@" &&
		ft_snapshot "$proto" after || return
	if [ "$proto" = tcp ]; then
		want_a=$((after[4] - before[4]))
		want_b=$((after[5] - before[5]))
	else
		want_a=$2
		want_b=$2
	fi
	ft_expect "hits from A and B, packets to the CPU from A and B" \
		"$want_a $want_b 0 0" "$((after[0] - before[0])) $((after[1] -
		before[1])) $((after[2] - before[2])) $((after[3] -
		before[3]))" &&
	[ "$want_a" -gt 0 ] && [ "$want_b" -gt 0 ]
}

# No packet was found damaged by a host.
ft_assert_checksums()
{
	local ns

	for ns in "$ns_a" "$ns_b" $ns_far; do
		ft_mib "$ns" '*InCsumErrors'
		ft_expect "checksum errors in $ns" 0 "$FT_MIB" || return
	done
}
