#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# usage: rules.sh LIB FLOWS
#
# Inside a test kernel with the emulated switch: how fast FLOWS new flows get into
# hardware. Prints "rules RULES MICROSECONDS", from the first packet to the last rule.
set -o pipefail
flows=$2
# shellcheck source=/dev/null
source "$1"

die() { echo "rules.sh: $*" >&2; exit 1; }
pg() { ip netns exec "$ns_a" bash -c "echo '$2' > /proc/net/pktgen/$1" || die "pktgen: $1: $2"; }
occupied() {
	ip netns exec "$ns_r" devlink resource show "netdevsim/netdevsim$switch" |
		awk '$2 == "flow_table" { for (i = 1; i < NF; i++) if ($i == "occ") print $(i + 1) }'
}
all_in() { [ "$(occupied)" -eq $((2 * flows)) ]; }

modprobe -a netdevsim pktgen || die "netdevsim or pktgen is missing"
ft_topology_create && ft_addresses || die "no topology"
ip netns exec "$ns_r" nft delete table netdev ft_cpu
switch=${FT_DEBUGFS%/flow_table}
switch=${switch##*netdevsim}
ip -n "$ns_r" neigh replace $FT_B4 lladdr "$(ip netns exec "$ns_b" cat /sys/class/net/b0/address)" dev p2
ip -n "$ns_r" neigh replace $FT_A4 lladdr "$(ip netns exec "$ns_a" cat /sys/class/net/a0/address)" dev p1
ip netns exec "$ns_b" nft -f - <<END
table netdev sink {
	chain b0 {
		type filter hook ingress device b0 priority -500
		udp dport 9 drop
	}
}
END
ft_ruleset || die "no ruleset"
pg kpktgend_0 rem_device_all
pg kpktgend_0 "add_device a0@0"
for c in "min_pkt_size 60" "max_pkt_size 60" "delay 0" "clone_skb 0" "src_min $FT_A4" \
	"src_max $FT_A4" "dst $FT_B4" "udp_dst_min 9" "udp_dst_max 9" "udp_src_min 10000" \
	"udp_src_max $((10000 + flows))" "count $((4 * flows))" \
	"dst_mac $(ip netns exec "$ns_r" cat /sys/class/net/p1/address)"; do
	pg a0@0 "$c"
done
start=${EPOCHREALTIME/./}
pg pgctrl start
busywait 60000 all_in >/dev/null || die "only $(occupied) of $((2 * flows)) rules got in"
echo "rules $((2 * flows)) $((${EPOCHREALTIME/./} - start))"
pg kpktgend_0 rem_device_all
