#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Translated packets whose checksum is not there yet: left to the sender's
# hardware (alone, or with segmentation), or left out.
#
# Nobody verifies a checksum that is left to hardware. So host B, at port p2 of
# flow_table_lib.sh's topology, forwards to one more host over a device without
# checksum offload: there the checksum is completed from what the emulated
# switch made of it, and the server's host verifies it.
#
#   host B                        server ($ns_far)
#  +-----------------------+     +------------------------------------+
#  | b0   routing       b1 | --- | f0  203.0.113.130, 2001:db8:4::130 |
#  +-----------------------+     +------------------------------------+
#
# shellcheck disable=SC2154 # assigned in flow_table_lib.sh or by setup_ns
# shellcheck disable=SC2119,SC2317 # arguments are optional; ft_test calls

# shellcheck source=flow_table_lib.sh
source "$(dirname "$0")/flow_table_lib.sh"

FAR4=203.0.113.130 FAR6=2001:db8:4::130
PORT=8080

nat="chain post {
	type nat hook postrouting priority 100
	oifname p2 meta nfproto ipv4 meta l4proto { tcp, udp } \
		masquerade to :20000-20999
	oifname p2 meta nfproto ipv6 meta l4proto { tcp, udp } \
		masquerade to :20000-20999
}
chain pre {
	type nat hook prerouting priority -100
	tcp dport $PORT redirect_to
	udp dport $PORT redirect_to
}"
nat=${nat//redirect_to/dnat to :$FT_PORT}

setup_far()
{
	setup_ns ns_far || return
	ip -n "$ns_b" link add b1 up type veth peer name f0 netns "$ns_far"
	ip -n "$ns_far" link set f0 up
	slowwait 5 ft_link_is_up "$ns_b" b1 || return
	ip -n "$ns_b" addr add 203.0.113.129/25 dev b1
	ip -n "$ns_b" addr add 2001:db8:4::129/64 dev b1 nodad
	ip -n "$ns_far" addr add $FAR4/25 dev f0
	ip -n "$ns_far" addr add $FAR6/64 dev f0 nodad
	ip -n "$ns_far" route add default via 203.0.113.129
	ip -n "$ns_far" route add ::/0 via 2001:db8:4::129
	ip -n "$ns_r" route add 203.0.113.128/25 via $FT_B4
	ip -n "$ns_r" route add 2001:db8:4::/64 via $FT_B6
	ip netns exec "$ns_b" sysctl -qw net.ipv4.ip_forward=1 \
		net.ipv6.conf.all.forwarding=1
	ip netns exec "$ns_b" ethtool -K b1 tx off >/dev/null
	ft_server "$ns_a" udp $FT_A4 9 && ft_server "$ns_b" udp $FT_B4 9 &&
	ft_server "$ns_far" udp $FAR4 && ft_server "$ns_far" udp $FAR6 &&
	ft_server "$ns_far" tcp $FAR4 && ft_server "$ns_far" tcp $FAR6
}

# Usage: start PROTO FAMILY
start()
{
	local server=FAR$2

	ft_ruleset "$nat" && ft_connect_hw "$1" "${!server}" $PORT
}

udp_test()
{
	start udp "$1" && ft_assert_hw udp run 100 999 && ft_assert_checksums
}

tcp_test()
{
	start tcp "$1" && ft_assert_hw tcp stream 1000003 &&
		ft_assert_checksums
}

# A UDP checksum that the sender left out stays out.
nocheck_test()
{
	start udp "$1" && ft_cmd nocheck 1 || return
	ip netns exec "$ns_far" nft -f - <<-END
	table inet nocheck { }
	delete table inet nocheck
	table inet nocheck {
		counter seen { }
		chain input {
			type filter hook input priority 0
			udp dport $FT_PORT udp checksum 0 counter name seen
		}
	}
	END
	ft_assert_hw udp run 100 999 && ft_assert_checksums &&
	ft_expect "packets without checksum at the server" 100 \
		"$(ip netns exec "$ns_far" nft list counter inet nocheck seen |
			awk '$1 == "packets" { print $2 }')"
}

ktap_print_header
ft_require
ktap_set_plan 6

if ! ft_topology_create || ! ft_addresses || ! setup_far; then
	ktap_exit_fail_msg "cannot set up the topology"
fi

for family in 4 6; do
	ft_test "checksum left to hardware, UDP, IPv$family" udp_test $family
	ft_test "checksum left to hardware, TCP, IPv$family" tcp_test $family
	ft_test "no checksum, UDP, IPv$family" nocheck_test $family
done

ktap_finished
