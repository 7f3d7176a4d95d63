#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# usage: obey.sh LIB FLOWS TRIES [KIND...]
#
# Inside a test kernel with the emulated switch: FLOWS are in hardware, and one more, the
# probe, which sends a packet each millisecond. Something happens that its packets have to
# obey: for how long do packets go where they went before? The probe alone is concerned,
# but by what concerns all, as forwarding does. TRIES times for each KIND, all of obey.py
# unless told. After each try it is undone, and another flow is the probe, which is elsewhere
# in the table.
#
# Prints "obey KIND FLOWS MAX-MICROSECONDS P50-MICROSECONDS MISSES TRIES DESTROYED":
# MICROSECONDS from when the command has returned to the last packet that went wrong, 0 if
# there was none; MISSES are tries that took longer than LIMIT_MS (100; 250 with more than
# 10000 flows); a try ends after GIVE_UP_MS (2000). DESTROYED is how many rules the driver
# destroyed in a try, on average: the probe has one or two. Between a try and the next one is
# PAUSE_MS (1000; 5000 with more than 10000 flows), and up to half as much more or less: in a
# storm of events there is less time for each.
#
# WAY=classic: without a flowtable, which says what there is to obey. WAY=software: one
# without offload. FLOWS is 0 then.
#
#      A            router              B     p3 - C, another gateway
#   +------+     +-----------+      +------+  p4 - D, p5 - E: ports of br0, VLAN 10
#   |   a0 +-----+ p1     p2 +------+ b0   |
#   +------+     +-----------+      +------+
# shellcheck disable=SC2154 # assigned in flow_table_lib.sh or by setup_ns
set -o pipefail
here=$(dirname "$0")
# shellcheck source=many.sh
source "$here/many.sh" "$1"
flows=$2 tries=$3
shift 3
export WAY=${WAY:-hardware}
PART=30000 # flows to one address, by their source ports

sink() { # NETNS DEV: nobody answers
	ip netns exec "$1" nft -f - <<-END || die "no sink at $2"
	table netdev sink {
		chain in {
			type filter hook ingress device $2 priority -500
			meta l4proto udp drop
		}
	}
	END
}

host() { # NETNS DEV PORT: one more, at a port of the switch
	if ! ft_nsim_create "$1" "$2" || ! ft_link "$ns_r" "$3" "$1" "$2"; then die "no host at $3"; fi
	sink "$1" "$2"
}

all_flows() { fill_many "$flows" $PART 198.51.100 100; }

modprobe -a xfrm_user vrf 2>/dev/null
topology $((2 * flows + 1000))
setup_ns ns_c ns_d ns_e || die "no network namespaces"
for i in 3 4 5; do ft_port_add $((i - 1)) p$i || die "no port $i"; done
host "$ns_c" c0 p3
host "$ns_d" d0 p4
host "$ns_e" e0 p5
ft_host_c_addresses p3
# these speak when they are told to
for ns in "$ns_d" "$ns_e"; do ip netns exec "$ns" sysctl -qw net.ipv6.conf.all.disable_ipv6=1; done
ip netns exec "$ns_r" sysctl -qw net.netfilter.nf_flowtable_udp_timeout=3600 \
	net.ipv4.conf.all.send_redirects=0 net.ipv4.conf.all.rp_filter=0 net.ipv6.conf.all.keep_addr_on_down=1
{
	case $WAY in
	hardware) ft_devices p1 p2 p3 p4 p5 ;;
	software) ft_devices p1 p2 p3 p4 p5 | grep -v offload ;;
	esac
	cat <<-END
	table inet marks {
		chain pre {
			type filter hook prerouting priority mangle
			udp sport 41000-41999 meta mark set 7
		}
	}
	END
} | ip netns exec "$ns_r" nft -f - || die "no ruleset"
for ((i = 0; i * PART < flows; i++)); do
	ip -n "$ns_b" addr add 198.51.100.$((100 + i))/24 dev b0
	ip -n "$ns_r" neigh replace 198.51.100.$((100 + i)) lladdr "$(mac "$ns_b" b0)" dev p2
done
all_flows
trap - EXIT # what is left goes with the guest, which is faster
hosts=("$ns_a" "$ns_r" "$ns_b" "$ns_c" "$ns_d" "$ns_e")
coproc PROBE { exec python3 "$here/obey.py" "$flows" "$tries" "$FT_DEBUGFS" "${hosts[@]}" "$@"; }
# shellcheck disable=SC2153 # coproc assigns
pid=$PROBE_PID
exec {from}<&"${PROBE[0]}" {to}>&"${PROBE[1]}"
while read -r -u "$from" line; do
	if [ "$line" = fill ]; then
		all_flows
		echo filled >&"$to"
	else
		echo "$line"
	fi
done
wait "$pid"
