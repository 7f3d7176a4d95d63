#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What the emulated hardware must not forward although the flow is in its
# table goes to the router's CPU, which does what a router does; and what only
# looks like it (large GSO packets) stays in hardware.
#
# For the topology see flow_table_lib.sh.
#
# shellcheck disable=SC2154 # assigned in flow_table_lib.sh or by setup_ns
# shellcheck disable=SC2119,SC2317 # arguments are optional; ft_test calls

# shellcheck source=flow_table_lib.sh
source "$(dirname "$0")/flow_table_lib.sh"

# Usage: start tcp|udp FAMILY: a flow in hardware
start()
{
	local server=FT_B$2

	ft_ruleset && ft_connect_hw "$1" "${!server}" $FT_PORT
}

# Usage: punts PORT REASON WANT COMMAND...: the command makes WANT packets that
# enter at PORT leave hardware for REASON
punts()
{
	local port=$1 reason=$2 want=$3 before
	shift 3

	before=$(ft_stat "$port" "punt_$reason")
	ft_cmd "$@" &&
	ft_expect "$port: packets to the CPU, $reason" "$want" \
		$(($(ft_stat "$port" "punt_$reason") - before))
}

# Usage: icmp_error ICMP4 ICMP6 FAMILY: the last error was this, of the router
icmp_error()
{
	local want=$1 router=FT_ROUTER$3_A

	[ "$3" = 4 ] || want=$2
	ft_expect "ICMP error" "$want from ${!router}" "${FT_ANSWER#ok * }"
}

still_in_hardware()
{
	ft_assert_hw udp run 20 100
}

# Usage: count_ttl TTL: count at host B what arrives with this TTL
count_ttl()
{
	ip netns exec "$ns_b" nft -f - <<-END
	table inet ttl { }
	delete table inet ttl
	table inet ttl {
		counter seen { }
		chain input {
			type filter hook input priority 0
			udp dport $FT_PORT ip ttl $1 counter name seen
			udp dport $FT_PORT ip6 hoplimit $1 counter name seen
		}
	}
	END
}

ttl_decrement_test()
{
	start udp "$1" && count_ttl 41 && ft_cmd ttl 42 &&
	ft_assert_hw udp run 50 100 || return
	ft_expect "packets with TTL 41 at the server" 50 \
		"$(ip netns exec "$ns_b" nft list counter inet ttl seen |
			awk '$1 == "packets" { print $2 }')"
}

ttl_test()
{
	start udp "$1" && ft_cmd ttl 2 && still_in_hardware &&
	ft_cmd ttl 1 &&
	punts p1 ttl 1 expect-error EHOSTUNREACH &&
	icmp_error "type 11 code 0 mtu 0" "type 3 code 0 mtu 0" "$1" &&
	ft_cmd ttl 64 && still_in_hardware
}

frag_test()
{
	local before

	start udp "$1" && ft_cmd mtu-discover 0 || return
	before=$(ft_stat p2 punt_frag)
	punts p1 frag 30 run 10 4000 &&
	ft_expect "p2: packets to the CPU, frag" 30 \
		$(($(ft_stat p2 punt_frag) - before)) &&
	still_in_hardware
}

options_test()
{
	start udp "$1" && ft_cmd options "$2" &&
	punts p1 options 10 run 10 100 &&
	ft_cmd options none && still_in_hardware
}

mtu_error()
{
	icmp_error "type 3 code 4 mtu 1280" "type 2 code 0 mtu 1280" "$1"
}

# The egress port has a small MTU from the start.
mtu_test()
{
	ip -n "$ns_r" link set p2 mtu 1280
	start udp "$1" && ft_cmd mtu-discover 1 &&
	punts p1 mtu 1 expect-error EMSGSIZE 1400 && mtu_error "$1" &&
	still_in_hardware
}

in_hardware_again()
{
	ft_cmd run 4 64 >/dev/null && ft_hw_rules 2
}

# The MTU of the egress port shrinks while the flow is in hardware.
mtu_lowered_test()
{
	start udp "$1" && ft_assert_hw udp run 20 1400 &&
		ft_cmd mtu-discover 1 || return
	ip -n "$ns_r" link set p2 mtu 1280
	slowwait 5 ft_hw_rules 0 || ft_fail "rules with the old MTU" || return
	ft_cmd expect-error EMSGSIZE 1400 && mtu_error "$1" || return
	slowwait 10 in_hardware_again || ft_fail "not in hardware again"
}

# Usage: with_mtu TEST FAMILY
with_mtu()
{
	local ret

	"$@"
	ret=$?
	ip -n "$ns_r" link set p2 mtu 1500
	ip -n "$ns_a" route flush cache
	ip -n "$ns_a" -6 route flush cache
	return $ret
}

tx_packets()
{
	ip netns exec "$1" cat "/sys/class/net/$2/statistics/tx_packets"
}

tso_test()
{
	local packets segs

	start tcp 4 || return
	packets=$(tx_packets "$ns_a" a0)
	ft_mib "$ns_a" TcpOutSegs
	segs=$FT_MIB
	ft_assert_hw tcp stream 2000003 || return
	packets=$(($(tx_packets "$ns_a" a0) - packets))
	ft_mib "$ns_a" TcpOutSegs
	segs=$((FT_MIB - segs))
	[ $((packets * 2)) -lt $segs ] ||
		ft_fail "no TSO: $segs segments in $packets packets"
}

udp_gso_test()
{
	start udp "$1" && ft_cmd gso 20 && ft_assert_hw udp run 400 1001
}

tcp_has_ended()
{
	ft_conntrack -p tcp
	! ft_conntrack -p tcp | grep -qE "OFFLOAD|ESTABLISHED"
}

# Usage: tcp_end_test FAMILY COMMAND PORT...: it sends FIN or RST into PORTs
tcp_end_test()
{
	local before=() port ct family=$1 cmd=$2
	shift 2

	start tcp "$family" && ft_cmd run 10 1000 || return
	for port in "$@"; do
		before+=("$(ft_stat "$port" punt_tcp_flags)")
	done
	ft_cmd "$cmd" || return
	for port in "$@"; do
		ft_expect "$port: packets to the CPU, tcp_flags" \
			$((before[0] + 1)) \
			"$(ft_stat "$port" punt_tcp_flags)" || return
		before=("${before[@]:1}")
	done
	slowwait 5 ft_hw_rules 0 || ft_fail "still in hardware" || return
	ct=$(slowwait 20 tcp_has_ended) || ft_fail "conntrack: $ct"
}

# Usage: with_tcp_timeout COMMAND...: what has ended is gone soon
with_tcp_timeout()
{
	local name=net.netfilter.nf_flowtable_tcp_timeout ret

	ip netns exec "$ns_r" sysctl -qw $name=6
	"$@"
	ret=$?
	ip netns exec "$ns_r" sysctl -qw $name=30
	return $ret
}

ktap_print_header
ft_require
ktap_set_plan 20

ft_setup

for family in 4 6; do
	ft_test "TTL is decremented, IPv$family" ttl_decrement_test $family
	ft_test "TTL expires, IPv$family" ttl_test $family
	ft_test "fragments, IPv$family" frag_test $family
	ft_test "larger than the MTU, IPv$family" with_mtu mtu_test $family
	ft_test "larger than a lowered MTU, IPv$family" \
		with_mtu mtu_lowered_test $family
	ft_test "UDP GSO, IPv$family" udp_gso_test $family
	ft_test "FIN, IPv$family" with_tcp_timeout \
		tcp_end_test $family close p1 p2
	ft_test "RST, IPv$family" with_tcp_timeout \
		tcp_end_test $family reset p1
done
ft_test "IP options" options_test 4 nop
ft_test "IPv6 hop-by-hop options" options_test 6 hop
ft_test "IPv6 destination options" options_test 6 dst
ft_test "TSO" tso_test

ktap_finished
