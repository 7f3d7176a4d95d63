# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# What rules.sh, idle.sh and roam.sh share: the emulated switch, and many UDP flows that
# pktgen of host A starts. To be sourced with flow_table_lib.sh as argument.
#
# shellcheck disable=SC2154 # assigned in flow_table_lib.sh or by setup_ns

# shellcheck source=/dev/null
source "$1"

die() { echo "${0##*/}: $*" >&2; exit 1; }
pg() { ip netns exec "$ns_a" bash -c "echo '$2' > /proc/net/pktgen/$1" || die "pktgen: $1: $2"; }
mac() { ip netns exec "$1" cat "/sys/class/net/$2/address"; }

# calls add|destroy|stats...: how often the driver was called so far
calls() { awk -v cmd="$1" '$1 == cmd { print $2 }' "$FT_DEBUGFS/calls"; }

occupied() {
	ip netns exec "$ns_r" devlink resource show "netdevsim/netdevsim$switch" |
		awk '$2 == "flow_table" { for (i = 1; i < NF; i++) if ($i == "occ") print $(i + 1) }'
}
has_rules() { [ "$(occupied)" -ge "$1" ]; }

# cpu: ticks of the guest's processors that were not idle
cpu() { awk '$1 == "cpu" { print $2 + $3 + $4 + $7 + $8 }' /proc/stat; }

# room RULES: make the switch's table that large, which gives it new ports
room() {
	local i dev

	ip netns exec "$ns_r" devlink resource set "netdevsim/netdevsim$switch" path flow_table size "$1" &&
		ip netns exec "$ns_r" devlink dev reload "netdevsim/netdevsim$switch" >/dev/null || die "no room for $1 rules"
	for i in 1 2; do
		# shellcheck disable=SC2016 # for the shell there
		dev=$(ip netns exec "$ns_r" bash -c 'grep -lx "p$2" "$1"/net/*/phys_port_name' - "$FT_SYS/devices/netdevsim$switch" "$i")
		dev=${dev%/*}
		ip -n "$ns_r" link set dev "${dev##*/}" name "p$i" up || die "no port $i"
	done
	if ! ft_link "$ns_a" a0 "$ns_r" p1 || ! ft_link "$ns_r" p2 "$ns_b" b0; then die "no links"; fi
}

# topology [RULES]: with room for so many rules in hardware
topology() {
	modprobe -a netdevsim pktgen nf_conntrack || die "netdevsim, pktgen or nf_conntrack is missing"
	# for all namespaces, and too small for this in a guest with little memory
	echo 65536 >/sys/module/nf_conntrack/parameters/hashsize
	sysctl -qw net.netfilter.nf_conntrack_max=1000000
	ft_topology_create || die "no topology"
	ip netns exec "$ns_r" nft delete table netdev ft_cpu
	switch=${FT_DEBUGFS%/flow_table}
	switch=${switch##*netdevsim}
	[ $# -eq 0 ] || room "$1"
	ft_addresses || die "no addresses"
	# a flow leaves by this timeout, too
	ip netns exec "$ns_r" sysctl -qw net.netfilter.nf_conntrack_udp_timeout=7200 \
		net.netfilter.nf_conntrack_udp_timeout_stream=7200 || die "no sysctls"
	ip -n "$ns_r" neigh replace "$FT_B4" lladdr "$(mac "$ns_b" b0)" dev p2
	ip -n "$ns_r" neigh replace "$FT_A4" lladdr "$(mac "$ns_a" a0)" dev p1
	ip netns exec "$ns_b" nft -f - <<-END
	table netdev sink {
		chain b0 {
			type filter hook ingress device b0 priority -500
			udp dport 9 drop
		}
	}
	END
}

# fill FLOWS ADDR [FIRST-PORT]: so many flows to ADDR, four packets each
fill() {
	local c first=${3:-10000}

	pg kpktgend_0 rem_device_all
	pg kpktgend_0 "add_device a0@0"
	for c in "min_pkt_size 60" "max_pkt_size 60" "delay 0" "clone_skb 0" "src_min $FT_A4" \
		"src_max $FT_A4" "dst $2" "udp_dst_min 9" "udp_dst_max 9" "udp_src_min $first" \
		"udp_src_max $((first + $1))" "count $((4 * $1))" "dst_mac $(mac "$ns_r" p1)"; do
		pg a0@0 "$c"
	done
	pg pgctrl start
	pg kpktgend_0 rem_device_all
}
