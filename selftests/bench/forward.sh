#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# usage: forward.sh LIB COUNT [NFT_OFFLOAD]
#
# Inside a test kernel with one processor: how many packets a second go from host A over
# the router to host B, by classic forwarding, the software flowtable and the emulated
# hardware, and with no router at all (wire), which is what the packet generator and the
# two hosts cost. LIB is flow_table_lib.sh of the patched tree; the kernel may be the
# unpatched one, where the hardware is missing from the output.
#
# With NFT_OFFLOAD also the software flowtable without the module nft_offload (plain), with
# it, a listener and a list of flows (watched), and with a policy that has all statements,
# while rules set priority and DSCP (policed), in TURNS turns (10) and COUNT packets in all
# of each, as they differ by less than one boot from the next.
#
# Prints "MODE PACKETS-SENT PACKETS-DELIVERED MICROSECONDS" for each.
set -o pipefail
count=$2 tool=${3-}
TURNS=${TURNS:-10}
# shellcheck source=/dev/null
source "$1"

die() { echo "forward.sh: $*" >&2; exit 1; }

# pg FILE COMMAND: tell pktgen of host A
pg() { ip netns exec "$ns_a" bash -c "echo '$2' > /proc/net/pktgen/$1" || die "pktgen: $1: $2"; }

delivered() {
	ip netns exec "$ns_b" nft list counter netdev sink seen |
		awk '$1 == "packets" { print $2 }'
}

# generate COUNT: one UDP flow of small packets; sets USECS
generate() {
	pg a0@0 "count $1"
	pg pgctrl start
	USECS=$(ip netns exec "$ns_a" sed -n 's/^Result: OK: \([0-9]*\)(.*/\1/p' /proc/net/pktgen/a0@0)
	[ -n "$USECS" ] || die "pktgen sent nothing"
}

# measure MODE DST-MAC [PACKETS]
measure() {
	local before after count=${3:-$count}

	pg kpktgend_0 rem_device_all
	pg kpktgend_0 "add_device a0@0"
	pg a0@0 "min_pkt_size 60"
	pg a0@0 "max_pkt_size 60"
	pg a0@0 "delay 0"
	pg a0@0 "clone_skb 0"
	pg a0@0 "src_min $FT_A4"
	pg a0@0 "src_max $FT_A4"
	pg a0@0 "dst $FT_B4"
	pg a0@0 "dst_mac $2"
	pg a0@0 "udp_src_min 9"
	pg a0@0 "udp_src_max 9"
	pg a0@0 "udp_dst_min 9"
	pg a0@0 "udp_dst_max 9"
	generate 2000 # the flow takes its way
	if [ "$1" = hardware ]; then
		slowwait 5 ft_hw_rules 2 || die "the flow did not reach the hardware"
		generate 2000
	fi
	before=$(delivered)
	generate "$count"
	sleep 0.2
	after=$(delivered)
	echo "$1 $count $((after - before)) $USECS"
}

watch() {
	modprobe nft_offload || die "no module nft_offload"
	ip netns exec "$ns_r" "$tool" monitor >/dev/null &
	listener=$!
	[ -n "$(ip netns exec "$ns_r" "$tool" -l list flows udp dport 9)" ] || die "the flow is not listed"
}

watch_no_more() {
	kill "$listener"
	wait "$listener" 2>/dev/null
	slowwait 5 rmmod nft_offload || die "nft_offload stays"
}

police() {
	ip netns exec "$ns_r" nft -f - <<-END
	add chain inet t qos { type filter hook forward priority -10; }
	add rule inet t qos ip dscp set af41 meta priority set 1:6
	END
	modprobe nft_offload || die "no module nft_offload"
	ip netns exec "$ns_r" "$tool" add policy inet t f "{
		never ct mark 0x80/0x80
		software ct mark 0x40/0x40
		stack 20 packets
		hardware after 1 mbytes
		budget 4096 evict slowest
		shaped software
		carry priority, dscp optional
	}" || die "no policy"
}

police_no_more() {
	ip netns exec "$ns_r" "$tool" delete policy inet t f &&
		ip netns exec "$ns_r" nft delete chain inet t qos || die "the policy stays"
	slowwait 5 rmmod nft_offload || die "nft_offload stays"
	sleep 2 # static keys are switched off later
}

sink() {
	ip netns exec "$ns_b" nft -f - <<-END
	table netdev sink {
		counter seen { }
		chain b0 {
			type filter hook ingress device b0 priority -500
			udp dport 9 counter name seen drop
		}
	}
	END
}

mac() { ip netns exec "$1" cat "/sys/class/net/$2/address"; }

modprobe -a netdevsim pktgen || die "netdevsim or pktgen is missing"
setup_ns ns_a ns_r ns_b || die "no network namespaces"

# without a router
ft_nsim_create "$ns_a" a0 && ft_nsim_create "$ns_b" b0 && ft_link "$ns_a" a0 "$ns_b" b0 || die "no devices"
sink
ip -n "$ns_a" addr add $FT_A4/24 dev a0
measure wire "$(mac "$ns_b" b0)"
pg kpktgend_0 rem_device_all
for id in "${FT_NSIM_IDS[@]}"; do echo "$id" >$FT_SYS/del_device; done
ip netns exec "$ns_b" nft flush ruleset
FT_NSIM_IDS=()

# with one
ft_nsim_create "$ns_r" p1 p2 || die "no switch"
FT_DEBUGFS=/sys/kernel/debug/netdevsim/netdevsim$FT_ID/flow_table
ft_nsim_create "$ns_a" a0 && ft_nsim_create "$ns_b" b0 || die "no hosts"
ft_link "$ns_a" a0 "$ns_r" p1 && ft_link "$ns_r" p2 "$ns_b" b0 || die "no links"
ip netns exec "$ns_r" sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
ft_addresses
ip -n "$ns_r" neigh replace $FT_B4 lladdr "$(mac "$ns_b" b0)" dev p2
ip -n "$ns_r" neigh replace $FT_A4 lladdr "$(mac "$ns_a" a0)" dev p1
sink

ip netns exec "$ns_r" nft -f - <<END
table inet t {
	chain forward {
		type filter hook forward priority 0
		ct state established,new accept
	}
}
END
measure classic "$(mac "$ns_r" p1)"
FT_FLAGS='' ft_ruleset
measure software "$(mac "$ns_r" p1)"
if [ -n "$tool" ]; then
	for ((i = 0; i < TURNS; i++)); do
		measure plain "$(mac "$ns_r" p1)" $((count / TURNS))
		watch
		measure watched "$(mac "$ns_r" p1)" $((count / TURNS))
		watch_no_more
		police
		measure policed "$(mac "$ns_r" p1)" $((count / TURNS))
		police_no_more
	done
fi
if [ -r "$FT_DEBUGFS/entries" ]; then
	ft_ruleset
	measure hardware "$(mac "$ns_r" p1)"
fi
pg kpktgend_0 rem_device_all
