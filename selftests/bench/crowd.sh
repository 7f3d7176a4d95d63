# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# What dump.sh and events.sh share: a router with very many flows in software, which
# pktgen puts onto one of its ports. To be sourced after flow_table_lib.sh.
#
# The router has two dummy devices for ports: what is sent is dropped, and nothing else
# in the guest has to do with a packet.
#
# shellcheck disable=SC2154 # assigned in flow_table_lib.sh or by setup_ns

CROWD_PORTS=50000 # flows to one address, by their source ports

die() { echo "${0##*/}: $*" >&2; exit 1; }

router() { ip netns exec "$ns_r" "$@"; }
pg() { router bash -c "printf '%s\n' \"\${@:2}\" | while read -r c; do echo \"\$c\" > /proc/net/pktgen/\$1 || exit; done" - "$@" || die "pktgen: $*"; }

# crowd_router FLOWS: with room for so many, which stay as long as this takes
crowd_router() {
	modprobe -a pktgen nf_conntrack nf_flow_table nft_offload dummy || die "a module is missing"
	echo 262144 >/sys/module/nf_conntrack/parameters/hashsize
	sysctl -qw net.netfilter.nf_conntrack_max=$((2 * $1 + 10000))
	setup_ns ns_r || die "no network namespace"
	ip -batch - -n "$ns_r" <<-END || die "no topology"
	link add p1 type dummy
	link add p2 type dummy
	link set p1 up address 02:00:00:00:00:01
	link set p2 up address 02:00:00:00:00:02
	addr add 192.0.2.1/24 dev p1
	addr add 198.51.100.1/24 dev p2
	neigh replace 192.0.2.2 lladdr 02:00:00:00:00:0a dev p1
	neigh replace 198.51.100.2 lladdr 02:00:00:00:00:0b dev p2
	route add 198.18.0.0/15 via 198.51.100.2
	END
	router sysctl -qw net.ipv4.ip_forward=1 net.netfilter.nf_conntrack_acct=1 \
		net.netfilter.nf_flowtable_udp_timeout=3600 net.netfilter.nf_conntrack_udp_timeout=7200 \
		net.netfilter.nf_conntrack_udp_timeout_stream=7200 || die "no sysctls"
	router nft -f - <<-END || die "no ruleset"
	table inet t {
		flowtable f {
			hook ingress priority 0
			devices = { p1, p2 }
		}
		chain forward {
			type filter hook forward priority 0
			meta l4proto { tcp, udp } flow add @f
		}
	}
	END
	pg kpktgend_0 "add_device p1"
	pg p1 "xmit_mode netif_receive" "flag !SHARED" "min_pkt_size 60" "max_pkt_size 60" "delay 0" \
		"src_min 192.0.2.2" "src_max 192.0.2.2" "dst_mac 02:00:00:00:00:01" \
		"src_mac 02:00:00:00:00:0a" "udp_src_min 10000" "udp_dst_min 9" "udp_dst_max 9"
}

# crowd FIRST FLOWS: so many flows from the number FIRST on, which is a multiple of
# CROWD_PORTS. Two packets each: one is routed, the second one makes the flow.
crowd() {
	local first=$1 end=$(($1 + $2)) n

	while [ "$first" -lt "$end" ]; do
		n=$((end - first < CROWD_PORTS ? end - first : CROWD_PORTS))
		pg p1 "dst $(crowd_addr "$first")" "udp_src_max $((10000 + n))" "count $((2 * n))"
		pg pgctrl start # returns early when others keep the machine busy
		slowwait 120 crowd_sent >/dev/null || die "pktgen: $(router cat /proc/net/pktgen/p1)"
		first=$((first + n))
	done
}

crowd_sent() { router grep -q '^Result: OK: [0-9]' /proc/net/pktgen/p1; }

# crowd_addr NUMBER: where the flow of this number goes to
crowd_addr() { echo "198.18.$(($1 / CROWD_PORTS / 250)).$(($1 / CROWD_PORTS % 250 + 1))"; }

# crowd_size: how many are in the flowtable
crowd_size() { router "$NFT_OFFLOAD" list flowtables | awk '$1 == "flows" { print $2 }'; }
crowd_has() { [ "$(crowd_size)" = "$1" ]; }
