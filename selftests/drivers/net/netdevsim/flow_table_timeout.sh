#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Connections that were offloaded have the timeouts that they would have had
# without a flowtable, in each state, of a timeout policy if there is one; and a
# connection that is deleted is out of the fast path at once.
#
# A router without a flowtable shows what is right. For the topology see
# flow_table_lib.sh, for the connections ft_timeout.py.
#
# shellcheck disable=SC2154 # assigned in flow_table_lib.sh or by setup_ns
# shellcheck disable=SC2119,SC2317,SC2329 # ft_test calls, by name

# shellcheck source=flow_table_lib.sh
source "$(dirname "$0")/flow_table_lib.sh"

# What the kernel's log has had before is none of this test's
ft_silent_test()
{
	! dmesg | grep -E 'WARNING:|BUG:|Oops' | sed 's/^/# /' | grep .
}

BLAST_PORT=40123

# The name of each connection, by its port on host B, and whether it can be in
# hardware until its end. GRE has no ports.
STATES=(4001:udp-stream 4002:udp-stream-ipv6 4003:udp-answered 4004:udp-silent
	4007:udp-answered-late 4005:udp-policy-longer 4006:udp-policy-shorter gre:gre-answered
	5001:tcp-open 5002:tcp-half-closed 5003:tcp-ended 5004:tcp-reset
	5005:tcp-policy 5006:tcp-policy-half-closed)
declare -A LINE # plane and port: of conntrack -L
declare -A LEFT # plane and port: seconds that conntrack says are left, or "-"

policies()
{
	ip netns exec "$ns_r" nft -f - <<-END
	table inet life {
		ct timeout longer {
			protocol udp
			l3proto ip
			policy = { unreplied : 200, replied : 400 }
		}
		ct timeout shorter {
			protocol udp
			l3proto ip
			policy = { unreplied : 2, replied : 2 }
		}
		ct timeout stream {
			protocol tcp
			l3proto ip
			policy = { established : 100, fin_wait : 310, close_wait : 300 }
		}
		chain pre {
			type filter hook prerouting priority filter
			udp dport 4005 ct timeout set "longer"
			udp dport 4006 ct timeout set "shorter"
			tcp dport { 5005, 5006 } ct timeout set "stream"
		}
	}
	END
}

# Usage: ruleset PLANE
ruleset()
{
	if [ "$1" = classic ]; then
		ip netns exec "$ns_r" nft add table inet t
		ip netns exec "$ns_r" nft delete table inet t
		ip netns exec "$ns_r" conntrack -F >/dev/null 2>&1
		return
	fi
	FT_FLAGS="flags offload;"
	[ "$1" = hardware ] || FT_FLAGS=
	ft_ruleset && ip netns exec "$ns_r" nft add rule inet t forward \
		ip protocol gre flow add @f
}

tell()
{
	echo "$1" >&"${FT_CONNECTIONS[1]}"
	read -r -t 20 answer <&"${FT_CONNECTIONS[0]}" && [ "$answer" = ok ] ||
		ft_fail "connections: $1: $answer"
}

# All of GRE and UDP that have talked, and of TCP
all_in_hw()
{
	[ "$(ft_conntrack | grep -c HW_OFFLOAD)" -ge $((${#STATES[@]} - 3)) ]
}

# Usage: read_left PLANE
read_left()
{
	local line state port

	for state in "${STATES[@]}"; do
		LEFT[$1-${state%:*}]=-
	done
	while read -r line; do
		[[ $line =~ ^[a-z]+\ +[0-9]+\ +([0-9]+)\ .*$ ]] || continue
		port=gre
		[[ ! $line =~ dport=([0-9]+) ]] || port=${BASH_REMATCH[1]}
		[[ $line =~ ^[a-z]+\ +[0-9]+\ +([0-9]+)\  ]]
		LINE[$1-$port]=$line
		LEFT[$1-$port]=${BASH_REMATCH[1]}
	done < <(ft_conntrack; ft_conntrack -f ipv6)
}

# Usage: plane PLANE: have all connections, and wait until they have left the
# flowtable; GRE takes 30 s.
plane()
{
	local answer

	ruleset "$1" || return
	coproc FT_CONNECTIONS {
		exec ip netns exec "$ns_r" "$ft_dir/ft_timeout.py" "$ns_a" "$ns_b" 2>&1
	}
	# shellcheck disable=SC2153
	FT_PIDS+=("$FT_CONNECTIONS_PID")
	read -r -t 20 answer <&"${FT_CONNECTIONS[0]}"
	[ "$answer" = up ] || ft_fail "connections: $answer" || return
	# past the two seconds that make a stream
	for _ in 1 2 3 4 5; do
		tell traffic || return
		ft_nap 0.5
	done
	if [ "$1" = hardware ] && ! slowwait 10 all_in_hw; then
		ft_fail "not in hardware" || return
	fi
	tell close || return
	ft_nap 8
	read_left "$1"
	ft_nap 26
	local gre
	gre=$(ft_conntrack -p gre)
	[[ ! $gre =~ ^gre\ +47\ +([0-9]+)\  ]] || LEFT[$1-gre]=${BASH_REMATCH[1]}
	echo quit >&"${FT_CONNECTIONS[1]}"
	kill "$FT_CONNECTIONS_PID" 2>/dev/null
	wait "$FT_CONNECTIONS_PID" 2>/dev/null
	true
}

# Usage: left_test PLANE PORT: what is gone has 0 seconds left
left_test()
{
	local want=${LEFT[classic-$2]/-/0} got=${LEFT[$1-$2]/-/0} within=3

	[ "$KSFT_MACHINE_SLOW" != yes ] || within=8
	if [ $((got - want)) -gt $within ] || [ $((want - got)) -gt $within ]; then
		ft_fail "seconds left: want $want, got $got"
	fi
}

# Usage: assured_test PLANE: what was answered by packets that conntrack has not
# seen is as good as any other
assured_test()
{
	[[ ${LINE[$1-4007]} = *ASSURED* && ${LINE[$1-4007]} != *UNREPLIED* ]] ||
		ft_fail "${LINE[$1-4007]}"
}

# Usage: delete_test PLANE COMMAND...: nothing passes once it has returned
delete_test()
{
	local plane=$1 before
	shift

	ruleset "$plane" && ft_client_start udp "$FT_B4" $FT_PORT -b "$FT_A4:$BLAST_PORT" &&
		ft_cmd run 4 64 || return
	[ "$plane" = software ] || ft_wait_hw || return
	ip netns exec "$ns_r" nft insert rule inet t forward udp dport $FT_PORT drop
	ip netns exec "$ns_r" "$@" >/dev/null 2>&1 ||
		ft_fail "$* failed" || return
	ft_mib "$ns_b" 'UdpInDatagrams'
	before=$FT_MIB
	ft_blast 200 || return
	ft_mib "$ns_b" 'UdpInDatagrams'
	ft_expect "packets that passed" 0 $((FT_MIB - before))
}

# Usage: ft_blast COUNT: packets of the client's connection, nobody answers
ft_blast()
{
	ft_client_stop
	ip netns exec "$ns_a" python3 -c '
import socket, sys, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("'$FT_A4'", int(sys.argv[1])))
for _ in range(int(sys.argv[2])):
    s.sendto(b"data", ("'$FT_B4'", '$FT_PORT'))
    time.sleep(0.002)' "$BLAST_PORT" "$1"
}

ktap_print_header
ft_require python3
ktap_set_plan $((2 * ${#STATES[@]} + 9))
ft_setup
ip netns exec "$ns_r" sysctl -qw net.netfilter.nf_flowtable_udp_timeout=4 \
	net.netfilter.nf_flowtable_tcp_timeout=4
policies || ktap_exit_fail_msg "no timeout policies"

plane classic || ktap_exit_fail_msg "no connections without a flowtable"
for p in software hardware; do
	ft_test "connections, $p" plane $p
	for s in "${STATES[@]}"; do
		ft_test "timeout of ${s#*:}, $p" left_test $p "${s%:*}"
	done
	ft_test "an answer in the fast path is one, $p" assured_test $p
done
for p in software hardware; do
	ft_test "conntrack -D ends a flow, $p" delete_test $p conntrack -D -s "$FT_A4"
	ft_test "conntrack -F ends a flow, $p" delete_test $p conntrack -F
done
ft_test "kernel has no complaints" ft_silent_test

ktap_finished
