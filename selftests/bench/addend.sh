#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# usage: addend.sh LIB SECONDS
#
# Inside a test kernel with two processors: how many flows a second can be added to a software
# flowtable, while as many end? Each processor has a packet generator and two ports of its own.
# A flow is two packets: one is routed, the second one adds the flow. It ends a second later.
# Nothing else of the series is needed: the kernel may be the unpatched one.
#
# Prints "addend CPUS ADDED MICROSECONDS PACKETS LEFT": ADDED flows while the generators were at
# work, for about SECONDS; PACKETS that they sent, which is two for each flow if none is lost;
# LEFT are those that had not ended then.
# shellcheck disable=SC2154 # assigned in flow_table_lib.sh or by setup_ns
set -o pipefail
here=$(dirname "$0")
# shellcheck source=/dev/null
source "$1"
# shellcheck source=crowd.sh
source "$here/crowd.sh"
seconds=$2
cpus=$(nproc)
FLOWS=2000000 # connections at a time, at most

added() { router nft list counter inet t added | awk '$1 == "packets" { print $2 }'; }
offloaded() { router conntrack -L 2>/dev/null | grep -c OFFLOAD; }

modprobe -a pktgen nf_conntrack nf_flow_table dummy || die "a module is missing"
echo 524288 >/sys/module/nf_conntrack/parameters/hashsize
sysctl -qw net.netfilter.nf_conntrack_max=$FLOWS
setup_ns ns_r || die "no network namespace"
router sysctl -qw net.ipv4.ip_forward=1 net.netfilter.nf_flowtable_udp_timeout=1 \
	net.netfilter.nf_conntrack_udp_timeout=1 net.netfilter.nf_conntrack_udp_timeout_stream=1 || die "no sysctls"
devices=''
for ((i = 0; i < cpus; i++)); do
	devices+=${devices:+, }"p${i}in, p${i}out"
	ip -batch - -n "$ns_r" <<-END || die "no ports"
		link add p${i}in address 02:00:00:00:00:0$i type dummy
		link add p${i}out type dummy
		link set p${i}in up
		link set p${i}out up
		addr add 192.168.$i.1/24 dev p${i}in
		addr add 192.168.1$i.1/24 dev p${i}out
		neigh replace 192.168.$i.2 lladdr 02:00:00:00:01:0$i dev p${i}in
		neigh replace 192.168.1$i.2 lladdr 02:00:00:00:02:0$i dev p${i}out
		route add 10.$((64 * i)).0.0/10 via 192.168.1$i.2
	END
	pg "kpktgend_$i" "add_device p${i}in"
	# so many flows under way, of which each gets another address after two packets
	pg "p${i}in" "xmit_mode netif_receive" "flag !SHARED" "flag IPDST_RND" "flag FLOW_SEQ" "flows 64" "flowlen 2" \
		"min_pkt_size 60" "max_pkt_size 60" "delay 0" "count 0" "src_min 192.168.$i.2" "src_max 192.168.$i.2" \
		"dst_min 10.$((64 * i)).0.1" "dst_max 10.$((64 * i + 63)).255.254" "dst_mac 02:00:00:00:00:0$i" \
		"src_mac 02:00:00:00:01:0$i" "udp_src_min 9" "udp_src_max 9" "udp_dst_min 9" "udp_dst_max 9"
done
router nft -f - <<END || die "no ruleset"
table inet t {
	counter added { }
	flowtable f {
		hook ingress priority 0
		devices = { $devices }
	}
	chain forward {
		type filter hook forward priority 0
		meta l4proto udp flow add @f counter name added
	}
}
END
router bash -c 'echo start >/proc/net/pktgen/pgctrl' &
ft_nap "$seconds"
pg pgctrl stop
wait
for ((i = 0; i < cpus; i++)); do router cat "/proc/net/pktgen/p${i}in"; done >"$FT_TMP/result"
read -r us sent < <(awk '$1 == "pkts-sofar:" { n += $2 }
	/^Result: OK:/ { t = $3 + 0; us = t > us ? t : us }
	END { print us, n }' "$FT_TMP/result")
[ "${us:-0}" -gt 0 ] || die "pktgen: $(grep Result "$FT_TMP/result")"
echo "addend $cpus $(added) $us $sent $(offloaded)"
trap - EXIT # what is left goes with the guest, which is faster
