#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The other direction of a flow is where routing would send its packets, not
# where those of this direction have come from: answers that come another way,
# and packets with the source address of somebody else.
#
#  host A               router               host B
# +-----------+        +-----------+        +--------------------------+
# |        a0 + ------ + p1     p2 + ------ + b0   198.18.0.9          |
# |           |        |           |        | v0   2001:db8:9::9 (lo)  |
# +-----------+        |           |        +-|------------------------+
#                      |           |          | 198.18.1.0/30
#                      |           |          | 2001:db8:8::/64
#                      |           |        +-|------------------------+
#                      |        p3 + ------ + c0  host C               |
#                      +-----------+        +--------------------------+
#
# For addresses see flow_table_lib.sh and flow_table_lib_flows.sh.
#
# shellcheck disable=SC2154 # assigned in flow_table_lib.sh or by setup_ns
# shellcheck disable=SC2317,SC2329 # ft_test calls, by name

# shellcheck source=flow_table_lib_change.sh
source "$(dirname "$0")/flow_table_lib_change.sh"

setup()
{
	ft_three_hosts && ft_far || return
	ip netns exec "$ns_c" sysctl -qw net.ipv4.ip_forward=1 \
		net.ipv6.conf.all.forwarding=1
	ip -n "$ns_c" addr flush dev lo
	ip -n "$ns_b" link add v0 up type veth peer name v0 netns "$ns_c" &&
	ip -n "$ns_c" link set v0 up &&
	ip -batch - -n "$ns_b" <<-END && ip -batch - -n "$ns_c" <<-END
	addr add 198.18.1.1/30 dev v0
	addr add 2001:db8:8::1/64 dev v0 nodad
	END
	addr add 198.18.1.2/30 dev v0
	addr add 2001:db8:8::2/64 dev v0 nodad
	route add $FT_FAR4 via 198.18.1.1
	route add $FT_FAR6 via 2001:db8:8::1
	END
}

# What host B answers goes through host C.
asymmetric()
{
	ip -batch - -n "$ns_b" <<-END
	route replace default via 198.18.1.2
	route replace ::/0 via 2001:db8:8::2
	END
}

symmetric()
{
	ip -batch - -n "$ns_b" <<-END
	route replace default via $FT_ROUTER4_B
	route replace ::/0 via $FT_ROUTER6_B
	END
}

# Usage: backup add|del: the other way to host B, should the first one fail
backup()
{
	ip -n "$ns_r" route "$1" default via $FT_C4 metric 2000 &&
	ip -n "$ns_r" route "$1" ::/0 via $FT_C6 metric 2000
}

# Usage: asymmetric_test LAYER [MATCH]
asymmetric_test()
{
	local i family FT_MATCH=$2

	ft_layer "$1" && ft_wire "$ns_b" b0 "udp dport 7778" &&
	ft_wire "$ns_c" c0 "udp dport 7778" || return
	for family in 4 6; do
		ft_start flow$family "$ns_a" udp "$(ft_address $family FAR)" \
			7778 || return
	done
	# by and by, as each packet may change what the next one meets
	for i in {1..5}; do
		for family in 4 6; do
			ft_flow_cmd flow$family run 4 400 || return
		done
		ft_nap 0.3
	done
	ft_expect "packets on the wire to B, to C" "40 0" \
		"$(ft_wired "$ns_b") $(ft_wired "$ns_c")"
}

# Usage: spoofed FAMILY LAYER: host A sends with host C's address. The first
# packets have no answer.
spoofed()
{
	ft_layer "$2" && ft_mute "$ns_b" "udp sport $FT_PORT" &&
	ft_start flow "$ns_a" udp "$(ft_address "$1" B)" $FT_PORT \
		"$(ft_address "$1" C)" &&
	ft_steady flow 200 20000
	ft_unmute "$ns_b"
	ft_wire "$ns_b" b0 "udp dport $FT_PORT" &&
	ft_wire "$ns_c" c0 "udp sport $FT_PORT" &&
	ft_steady flow 600 20000 || return
	ft_expect "packets to B, answers to C and A" "$FT_ALL $FT_ALL 0" \
		"$(ft_wired "$ns_b") $(ft_wired "$ns_c") $FT_BACK"
}

# Usage: spoof_test FAMILY LAYER
spoof_test()
{
	local ret addr

	addr=$(ft_address "$1" C)
	if [ "$1" = 4 ]; then
		ip -n "$ns_a" addr add "$addr/32" dev lo
	else
		ip -n "$ns_a" addr add "$addr/128" dev a0 nodad
	fi
	spoofed "$@"
	ret=$?
	ip -n "$ns_a" addr flush to "$addr"
	return $ret
}

ktap_print_header
ft_require
ktap_set_plan 14

setup || ktap_exit_fail_msg "cannot set up the topology"
ip -n "$ns_a" link set lo up
for layer in none hw sw; do
	for family in 4 6; do
		ft_flow_test "source of somebody else, IPv$family, $layer" \
			spoof_test $family $layer
	done
done
asymmetric
for layer in hw sw; do
	ft_flow_test "answers come another way, $layer" \
		asymmetric_test $layer "ct state established"
done
backup add
for layer in hw sw; do
	ft_flow_test "answers come by a backup route, $layer" \
		asymmetric_test $layer
	ft_flow_test "answers come by a backup route, established, $layer" \
		asymmetric_test $layer "ct state established"
done
backup del
symmetric
ft_flow_test "answers come the same way again" ft_add flow "$ns_a" udp \
	$FT_FAR4 7778
ft_flow_test "kernel has no complaints" ft_silent_test

ktap_finished
