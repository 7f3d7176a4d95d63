#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# usage: roam_tcp.sh LIB ROAMS
#
# Inside a test kernel with the emulated switch: a host of a bridge moves to the bridge's
# other port, ROAMS times, while it answers requests over CONNECTIONS (1) of TCP, on each one
# after the other. It is heard at the new port, then deaf at the old one at once. How many
# times does TCP have to wait for its retransmission timer? By classic forwarding, with a
# software flowtable, and with hardware, where connections are in hardware at each move.
#
# Prints "roam-tcp classic|software|hardware ROAMS STALLS CONNECTIONS REQUESTS": STALLS are
# moves after which an answer took longer than 150 ms.
#
#                    +----------- router ----------+          B
#      A             |                   +- br0 -+ |     +----------+
#   +------+         |                   |    p2 +-+-----+ b0       |
#   |   a0 +---------+ p1                |    p3 +-+-----+ c0  lo   |
#   +------+         |                   +-------+ |     +----------+
#  192.0.2.2         |  192.0.2.1   198.51.100.1   |     198.51.100.2
#                    +-----------------------------+
# shellcheck disable=SC2154 # assigned in flow_table_lib.sh or by setup_ns
set -o pipefail
here=$(dirname "$0")
# shellcheck source=many.sh
source "$here/many.sh" "$1"
roams=$2

host=02:00:00:00:00:0b router=02:00:00:00:00:01
modprobe -a netdevsim nf_conntrack || die "netdevsim or nf_conntrack is missing"
ft_topology_create || die "no topology"
ip netns exec "$ns_r" nft delete table netdev ft_cpu
if ! ft_port_add 2 p3 || ! ft_nsim_create "$ns_b" c0 || ! ft_link "$ns_r" p3 "$ns_b" c0; then die "no port p3"; fi
ip netns exec "$ns_b" sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.all.arp_ignore=8
ip -batch - -n "$ns_b" <<-END || die "no host B"
	link set b0 down
	link set c0 down
	link set b0 address $host
	link set c0 address $host
	link set b0 up
	link set c0 up
	link set lo up
	addr add $FT_B4/32 dev lo
	neigh replace $FT_ROUTER4_B lladdr $router dev b0
	neigh replace $FT_ROUTER4_B lladdr $router dev c0
END
ip -batch - -n "$ns_r" <<-END || die "no router"
	link add br0 address $router type bridge
	link set p2 master br0
	link set p3 master br0
	link set br0 up
	addr add $FT_ROUTER4_A/24 dev p1
	addr add $FT_ROUTER4_B/24 dev br0
	neigh replace $FT_A4 lladdr $(mac "$ns_a" a0) dev p1
	neigh replace $FT_B4 lladdr $host dev br0
END
ip -batch - -n "$ns_a" <<-END || die "no host A"
	addr add $FT_A4/24 dev a0
	route add default via $FT_ROUTER4_A
	neigh replace $FT_ROUTER4_A lladdr $(mac "$ns_r" p1) dev a0
END
for way in classic software hardware; do
	case $way in
	classic) echo flush ruleset ;;
	software) ft_devices p1 p2 p3 | grep -v offload ;;
	hardware) ft_devices p1 p2 p3 ;;
	esac | ip netns exec "$ns_r" nft -f - || die "no ruleset"
	ip netns exec "$ns_r" conntrack -F >/dev/null 2>&1
	python3 "$here/roam_tcp.py" $way "$roams" "$ns_a" "$ns_r" "$ns_b" || die "$way failed"
done
