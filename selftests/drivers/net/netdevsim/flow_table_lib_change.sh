#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# On top of flow_table_lib_flows.sh, for tests of what changes around flows in
# the flowtable, in hardware or not: which way packets go before and after.
#
# Each test may be run with a flowtable in hardware, with one in software, and
# without one, which is how packets have to go.
#
# shellcheck disable=SC2154 # assigned in flow_table_lib.sh or by setup_ns
# shellcheck disable=SC2034 # the tests use what is not used here
# shellcheck disable=SC2119,SC2120 # with or without arguments

source "$(dirname "${BASH_SOURCE[0]}")/flow_table_lib_flows.sh"

# A host that is behind host B as well as behind host C
FT_FAR4=198.18.0.9 FT_FAR6=2001:db8:9::9

declare -A FT_SPORT # of each flow
FT_NEXT_SPORT=40000
FT_LAYER=

# Usage: ft_address 4|6 NAME: $FT_NAME4 or $FT_NAME6
ft_address()
{
	local var=FT_$2$1

	echo "${!var}"
}

# Usage: ft_destroyed: how many rules drivers have destroyed
ft_destroyed()
{
	local name count refused

	while read -r name count _ refused; do
		[ "$name" != destroy ] || echo $((count - refused))
	done <"$FT_DEBUGFS/calls"
}

# Rules are counted from now on.
ft_count_destroyed()
{
	FT_DESTROYED=$(ft_destroyed)
}

# Usage: ft_expect_destroyed COUNT: so many rules since then, in layer hw
ft_expect_destroyed()
{
	[ "$FT_LAYER" != hw ] || ft_expect "rules destroyed" "$1" \
		$(($(ft_destroyed) - FT_DESTROYED))
}

# Usage: ft_mac NETNS DEV
ft_mac()
{
	ip netns exec "$1" cat "/sys/class/net/$2/address"
}

# Usage: ft_layer hw|sw|none [CHAINS [DEV...]]: the ruleset anew, with a
# flowtable of these devices (p1, p2, p3). FT_MATCH: of which packets flows are.
ft_layer()
{
	local IFS=, chains=$2 flags='' devices

	FT_LAYER=$1
	shift $(($# < 2 ? $# : 2))
	[ $# -gt 0 ] || set -- p1 p2 p3
	devices=$*
	[ "$FT_LAYER" != hw ] || flags='flags offload;'
	{
		echo "flush ruleset; table inet t { $chains"
		[ "$FT_LAYER" = none ] || echo "
			flowtable f {
				hook ingress priority 0
				devices = { $devices }
				$flags
			}
			chain forward {
				type filter hook forward priority 0
				meta l4proto { tcp, udp } $FT_MATCH flow add @f
			}"
		echo "}"
	} | ip netns exec "$ns_r" nft -f - || return
	ip netns exec "$ns_r" conntrack -F >/dev/null 2>&1
	ft_empty
}

# Usage: ft_start NAME NETNS udp|tcp ADDR PORT [SRC]: a flow of that host, with
# a source port of its own
ft_start()
{
	local bind=${6:-0.0.0.0}

	[[ $4 != *:* ]] || bind="[${6:-::}]"
	FT_SPORT[$1]=$((FT_NEXT_SPORT++))
	ft_flow_start "$1" "$2" "$3" "$4" "$5" -b "$bind:${FT_SPORT[$1]}"
}

# Usage: ft_in_software NAME: conntrack says so
ft_in_software()
{
	local family

	for family in ipv4 ipv6; do
		ft_conntrack -f $family |
			grep -q "sport=${FT_SPORT[$1]} .*\[OFFLOAD\]" && return
	done
	return 1
}

# Usage: ft_rules NAME COUNT [PATTERN]: so many rules of that flow match
ft_rules()
{
	ft_hw "$2" "port=${FT_SPORT[$1]} .*$3"
}

# Usage: ft_settles NAME [PATTERN]: it is answered, and in the current layer; in
# hardware one of its rules is like that
ft_settles()
{
	ft_flow_cmd "$1" run 4 64 >/dev/null || return
	case $FT_LAYER in
	hw) ft_rules "$1" 2 && { [ -z "$2" ] || ft_rules "$1" 1 "$2"; } ;;
	sw) ft_in_software "$1" ;;
	esac
}

# Usage: ft_wait_layer NAME [PATTERN]
ft_wait_layer()
{
	slowwait 10 ft_settles "$@" ||
		ft_fail "flow $1 is not in layer $FT_LAYER${2:+,$2}"
}

# Usage: ft_add NAME NETNS udp|tcp ADDR PORT [SRC [PATTERN]]: a flow in the
# current layer
ft_add()
{
	ft_start "${@:1:6}" && ft_wait_layer "$1" "$7"
}

# What has changed is obeyed from now on.
ft_settle()
{
	if [ "$KSFT_MACHINE_SLOW" = yes ]; then
		ft_nap 2
	else
		ft_nap 0.5
	fi
}

# Usage: ft_arrived NETNS: UDP packets that a server has read there
ft_arrived()
{
	ft_mib "$1" 'Udp*InDatagrams'
	echo "$FT_MIB"
}

# Usage: ft_goes_to B|C NAME...: all packets of these flows do, and are answered
ft_goes_to()
{
	local to=$1 want="0 0" b c name
	shift

	b=$(ft_arrived "$ns_b") c=$(ft_arrived "$ns_c")
	for name in "$@"; do
		ft_flow_cmd "$name" run 20 400 || return
	done
	[ "$to" = C ] || want="$((20 * $#)) 0"
	[ "$to" = B ] || want="0 $((20 * $#))"
	ft_expect "packets to host B and C" "$want" \
		"$(($(ft_arrived "$ns_b") - b)) $(($(ft_arrived "$ns_c") - c))"
}

# Usage: ft_far [PORT...]: $FT_FAR4 and $FT_FAR6, with servers at these ports
# (7778), are behind host B and behind host C; the router's way is via B
ft_far()
{
	local ns addr port

	[ $# -gt 0 ] || set -- 7778
	for ns in "$ns_b" "$ns_c"; do
		ip -batch - -n "$ns" <<-END || return
		link set lo up
		addr add $FT_FAR4/32 dev lo
		addr add $FT_FAR6/128 dev lo nodad
		END
		for addr in $FT_FAR4 $FT_FAR6; do
			for port in "$@"; do
				ft_server "$ns" udp "$addr" "$port" || return
			done
		done
	done
	ip -batch - -n "$ns_r" <<-END
	route add default via $FT_B4
	route add default via $FT_B6
	END
}

# Usage: ft_wire NETNS DEV MATCH: count what comes to this port of a host
ft_wire()
{
	ip netns exec "$1" nft -f - <<-END
	table netdev wire { }
	delete table netdev wire
	table netdev wire {
		counter c { }
		chain in {
			type filter hook ingress device $2 priority 0
			$3 counter name c
		}
	}
	END
}

# Usage: ft_wired NETNS
ft_wired()
{
	ip netns exec "$1" nft list counter netdev wire c |
		awk '$1 == "packets" { print $2 }'
}

# Usage: ft_steady_start NAME MS US: a packet each so many microseconds
ft_steady_start()
{
	echo "steady $2 $3" >&"${FT_FLOW_IN[$1]}"
}

# Usage: ft_steady_end NAME: of FT_ALL packets FT_BACK were answered
ft_steady_end()
{
	local answer

	read -r -t 30 answer <&"${FT_FLOW_OUT[$1]}"
	[[ $answer =~ ^ok\ ([0-9]+)\ of\ ([0-9]+)\ packets ]] ||
		ft_fail "flow $1: steady: $answer" || return
	FT_BACK=${BASH_REMATCH[1]} FT_ALL=${BASH_REMATCH[2]}
}

# Usage: ft_steady NAME MS US
ft_steady()
{
	ft_steady_start "$@" && ft_steady_end "$1"
}

# Usage: ft_mute NETNS [MATCH]: what a host sends does not leave it
ft_mute()
{
	ip netns exec "$1" nft -f - <<-END
	table inet mute {
		chain out {
			type filter hook output priority 0
			$2 drop
		}
	}
	END
}

# Usage: ft_unmute NETNS
ft_unmute()
{
	ip netns exec "$1" nft delete table inet mute
}
