#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What the tests of the netdevsim flow table share: a router whose two ports
# belong to one emulated switch, and a host at each port.
#
#  host A ($ns_a)               router ($ns_r)                host B ($ns_b)
# +--------------+   +---------------------------------+   +----------------+
# |              |   |            routing, NAT         |   |                |
# |           a0 |   | p1          flowtable        p2 |   | b0             |
# |            + |   | +               |             + |   | +              |
# +------------|-+   +-|---------------|-------------|-+   +-|--------------+
#              |     | |  +------------v----------+  | |     |
#              +-------+--|  hardware flow table  |--+-------+
#                    |    +-----------------------+    |
#    192.0.2.2/24    | 192.0.2.1/24    198.51.100.1/24 | 198.51.100.2/24
#  2001:db8:1::2/64  | 2001:db8:1::1   2001:db8:2::1   | 2001:db8:2::2/64
#                    +---------------------------------+
#
# a0 and p1, p2 and b0 are linked netdevsim ports. What the hardware forwards
# is in ethtool -S of p1 and p2 (ft_stat); the TCP and UDP packets that got to
# the router's CPU are counted in front of everything else (ft_cpu).
#
# shellcheck disable=SC2154 # setup_ns assigns ns_a, ns_r and ns_b
# shellcheck disable=SC2034 # the tests use what is not used here
# shellcheck disable=SC2119,SC2120 # arguments are optional

ft_dir=$(dirname "$(readlink -e "${BASH_SOURCE[0]}")")
# shellcheck source=/dev/null
source "$ft_dir/../../../net/lib.sh"

# In User Mode Linux a process takes longer than most of what it is to find
# out: what is done often does without.

# Usage: ft_nap SECONDS
exec {FT_NAP}<> <(:)
ft_nap()
{
	read -rt "$1" -u "$FT_NAP" _ || :
}

# As that of lib.sh
slowwait()
{
	local end=$((${EPOCHREALTIME/[.,]/} + $1 * 1000000)) out
	shift

	until out=$("$@"); do
		if [ "${EPOCHREALTIME/[.,]/}" -gt "$end" ]; then
			echo -n "$out"
			return 1
		fi
		ft_nap 0.2
	done
	echo -n "$out"
}
# shellcheck source=/dev/null
source "$ft_dir/../../../kselftest/ktap_helpers.sh"

FT_SYS=/sys/bus/netdevsim
FT_ROUTER4_A=192.0.2.1 FT_ROUTER4_B=198.51.100.1
FT_ROUTER6_A=2001:db8:1::1 FT_ROUTER6_B=2001:db8:2::1
FT_A4=192.0.2.2 FT_B4=198.51.100.2
FT_A6=2001:db8:1::2 FT_B6=2001:db8:2::2
FT_PORT=7777 # the echo servers'
FT_TRAFFIC=$ft_dir/ft_traffic

FT_NSIM_IDS=() # netdevsim devices to remove
FT_PIDS=() # servers to end
declare -A FT_SERVER_IN # namespace: process of one of them
FT_STALE=0 # rules in hardware before the current ruleset

# Say why a test fails, as a KTAP diagnostic line, and fail.
ft_fail()
{
	echo "# $*"
	return 1
}

# Usage: ft_expect WHAT WANT GOT
ft_expect()
{
	[ "$2" = "$3" ] || ft_fail "$1: want $2, got $3"
}

# Usage: ft_require TOOL...
ft_require()
{
	local tool

	for tool in ip nft ethtool conntrack "$FT_TRAFFIC" "$@"; do
		if ! command -v "$tool" >/dev/null; then
			ktap_skip_all "$tool is not there"
			exit "$KSFT_SKIP"
		fi
	done
	modprobe netdevsim 2>/dev/null
	if [ ! -w "$FT_SYS/new_device" ]; then
		ktap_skip_all "netdevsim is not there, or no root"
		exit "$KSFT_SKIP"
	fi
}

# Usage: ft_test NAME FUNCTION [ARG...]
# The function may put into FT_XFAIL what the kernel is known not to do.
ft_test()
{
	local name=$1
	shift

	FT_XFAIL=
	if "$@"; then
		if [ -n "$FT_XFAIL" ]; then
			echo "# $FT_XFAIL"
			ktap_test_xfail "$name"
		else
			ktap_test_pass "$name"
		fi
	else
		ft_entries | sed 's/^/# in hardware: /'
		ft_conntrack | sed 's/^/# conntrack: /'
		ktap_test_fail "$name"
	fi
	ft_client_stop
}

# Topology

# Usage: ft_nsim_create NETNS NAME... : a device with a port of each NAME.
# The device's id is left in FT_ID.
ft_nsim_create()
{
	local ns=$1 try dev port
	shift

	for try in {1..20}; do
		FT_ID=$((RANDOM % 30000 + 1000))
		ip netns exec "$ns" bash -c "echo $FT_ID $# > $FT_SYS/new_device" \
			2>/dev/null && break
		[ "$try" -lt 20 ] || return
	done
	FT_NSIM_IDS+=("$FT_ID")
	! command -v udevadm >/dev/null || udevadm settle
	# shellcheck disable=SC2016
	for dev in $(ip netns exec "$ns" bash -c '
			for d in "$1"/net/*; do
				read -r port <"$d/phys_port_name"
				echo "${d##*/}:${port#p}"
			done' - "$FT_SYS/devices/netdevsim$FT_ID"); do
		port=${dev#*:}
		ip -n "$ns" link set dev "${dev%:*}" name "${!port}" up
	done
}

# Usage: ft_link NETNS DEV NETNS DEV
ft_link()
{
	local fd1 fd2 i1 i2

	exec {fd1}<"/var/run/netns/$1" {fd2}<"/var/run/netns/$3"
	i1=$(ip netns exec "$1" cat "/sys/class/net/$2/ifindex")
	i2=$(ip netns exec "$3" cat "/sys/class/net/$4/ifindex")
	echo "$fd1:$i1 $fd2:$i2" > $FT_SYS/link_device
	exec {fd1}<&- {fd2}<&-
}

# Devices and links, without addresses.
ft_topology_create()
{
	setup_ns ns_a ns_r ns_b || return
	ft_nsim_create "$ns_r" p1 p2 || return
	FT_DEBUGFS=/sys/kernel/debug/netdevsim/netdevsim$FT_ID/flow_table
	ft_nsim_create "$ns_a" a0 || return
	ft_nsim_create "$ns_b" b0 || return
	ft_link "$ns_a" a0 "$ns_r" p1 && ft_link "$ns_r" p2 "$ns_b" b0 || return
	if [ ! -r "$FT_DEBUGFS/entries" ]; then
		ktap_skip_all "netdevsim has no flow table, or no debugfs"
		exit "$KSFT_SKIP"
	fi
	ip netns exec "$ns_r" sysctl -qw net.ipv4.ip_forward=1 \
		net.ipv6.conf.all.forwarding=1 \
		net.netfilter.nf_conntrack_acct=1 \
		net.ipv4.icmp_ratelimit=0 net.ipv6.icmp.ratelimit=0
	ip netns exec "$ns_r" nft -f - <<-END
	table netdev ft_cpu {
		counter p1 { }
		counter p2 { }
		chain p1 {
			type filter hook ingress device p1 priority -500
			meta l4proto { tcp, udp } counter name p1
		}
		chain p2 {
			type filter hook ingress device p2 priority -500
			meta l4proto { tcp, udp } counter name p2
		}
	}
	END
}

# Usage: ft_link_is_up NETNS DEV
ft_link_is_up()
{
	[[ $(ip -n "$1" link show dev "$2") = *LOWER_UP* ]]
}

# Usage: ft_addresses [ROUTER_DEV_A ROUTER_DEV_B HOST_DEV_A HOST_DEV_B]
ft_addresses()
{
	local r1=${1:-p1} r2=${2:-p2} a=${3:-a0} b=${4:-b0}

	slowwait 5 ft_link_is_up "$ns_r" "$r1" &&
	slowwait 5 ft_link_is_up "$ns_r" "$r2" &&
	slowwait 5 ft_link_is_up "$ns_a" "$a" &&
	slowwait 5 ft_link_is_up "$ns_b" "$b" || return
	ip -batch - -n "$ns_r" <<-END
	addr add $FT_ROUTER4_A/24 dev $r1
	addr add $FT_ROUTER4_B/24 dev $r2
	addr add $FT_ROUTER6_A/64 dev $r1 nodad
	addr add $FT_ROUTER6_B/64 dev $r2 nodad
	END
	ip -batch - -n "$ns_a" <<-END
	addr add $FT_A4/24 dev $a
	addr add $FT_A6/64 dev $a nodad
	route add default via $FT_ROUTER4_A
	route add ::/0 via $FT_ROUTER6_A
	END
	ip -batch - -n "$ns_b" <<-END
	addr add $FT_B4/24 dev $b
	addr add $FT_B6/64 dev $b nodad
	route add default via $FT_ROUTER4_B
	route add ::/0 via $FT_ROUTER6_B
	END
}

# All of the above, and servers; without them no test makes sense.
ft_setup()
{
	if ! ft_topology_create || ! ft_addresses || ! ft_servers; then
		ktap_exit_fail_msg "cannot set up the topology"
	fi
}

ft_topology_cleanup()
{
	local id

	ft_client_stop
	[ ${#FT_PIDS[@]} -eq 0 ] || kill "${FT_PIDS[@]}" 2>/dev/null
	FT_PIDS=() FT_SERVER_IN=()
	[ -z "$ns_r" ] || ip netns exec "$ns_r" nft flush ruleset 2>/dev/null
	for id in "${FT_NSIM_IDS[@]}"; do
		echo "$id" > $FT_SYS/del_device
	done
	FT_NSIM_IDS=()
	cleanup_all_ns
	unset ns_a ns_r ns_b ns_far
}

ft_cleanup()
{
	ft_topology_cleanup
	rm -rf "$FT_TMP"
}

# Usage: ft_ruleset [CHAINS]: the flowtable, and CHAINS of NAT, anew.
# FT_FLAGS: "flags offload;" unless set; FT_COUNTER: "counter;" to count.
ft_ruleset()
{
	ip netns exec "$ns_r" nft -f - <<-END || return
	table inet t { }
	delete table inet t
	table inet t {
		flowtable f {
			hook ingress priority 0
			devices = { p1, p2 }
			${FT_FLAGS-flags offload;} $FT_COUNTER
		}
		chain forward {
			type filter hook forward priority 0
			meta l4proto { tcp, udp } flow add @f
		}
		$1
	}
	END
	ip netns exec "$ns_r" conntrack -F >/dev/null 2>&1
	ft_read_entries
	FT_STALE=${#FT_ENTRIES[@]}
}

# shellcheck source=flow_table_lib_traffic.sh
source "$ft_dir/flow_table_lib_traffic.sh"

FT_TMP=$(mktemp -d) || exit 1
FT_RUNNING=
trap ft_cleanup EXIT
trap '' PIPE # a client that has ended is no reason to end
trap 'exit 130' INT
trap 'exit 143' TERM
