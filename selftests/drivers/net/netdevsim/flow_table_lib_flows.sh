#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# On top of flow_table_lib.sh: several clients at a time, which may work in the
# background, and a third host behind a port of the router.
#
#  router ($ns_r)                                host C ($ns_c)
# ---------------------+                        +------------------+
#                   p3 + ---------------------- + c0               |
#   203.0.113.1/24     |                        | 203.0.113.2/24   |
#   2001:db8:3::1/64   |                        | 2001:db8:3::2/64 |
# ---------------------+                        +------------------+
#
# shellcheck disable=SC2154 # assigned in flow_table_lib.sh or by setup_ns
# shellcheck disable=SC2119,SC2120 # with or without arguments

source "$(dirname "${BASH_SOURCE[0]}")/flow_table_lib.sh"

FT_C4=203.0.113.2 FT_C6=2001:db8:3::2
FT_ROUTER4_C=203.0.113.1 FT_ROUTER6_C=2001:db8:3::1

declare -A FT_FLOW_PID FT_FLOW_IN FT_FLOW_OUT

# Usage: ft_flow_start NAME NETNS tcp|udp ADDR PORT [-b SRC[:PORT]]
ft_flow_start()
{
	local name=$1 ns=$2 fifo=$FT_TMP/$1.fifo in out
	shift 2

	ft_flow_stop "$name"
	mkfifo "$fifo.in" "$fifo.out" || return
	exec {in}<>"$fifo.in" {out}<>"$fifo.out"
	rm "$fifo.in" "$fifo.out"
	ft_exec "$ns" "$FT_TRAFFIC" client "$@" <&"$in" >&"$out" 2>&1 &
	FT_FLOW_PID[$name]=$!
	FT_FLOW_IN[$name]=$in
	FT_FLOW_OUT[$name]=$out
	ft_flow_answer "$name" connect
}

# Usage: ft_flow_answer NAME COMMAND: to the oldest command without answer
ft_flow_answer()
{
	local answer

	read -r -t 20 answer <&"${FT_FLOW_OUT[$1]}"
	[ "${answer%% *}" = ok ] || ft_fail "flow $1: $2: $answer"
}

# Usage: ft_flow_cmd NAME COMMAND
ft_flow_cmd()
{
	echo "${*:2}" >&"${FT_FLOW_IN[$1]}"
	ft_flow_answer "$1" "${*:2}"
}

# Usage: ft_flow_busy NAME COMMAND: this command again and again, as long as no
# test lasts; with pauses, which leave others something of the processor
ft_flow_busy()
{
	yes "${*:2}"$'\n'"pause 50" 2>/dev/null | head -n 2000 \
		>&"${FT_FLOW_IN[$1]}"
	ft_flow_answer "$1" "${*:2}"
}

# Usage: ft_flow_fine NAME: is still at work, and was answered well so far
ft_flow_fine()
{
	local i answer

	kill -0 "${FT_FLOW_PID[$1]}" 2>/dev/null ||
		ft_fail "flow $1 has ended" || return
	for i in {1..1999}; do
		read -r -t 0 <&"${FT_FLOW_OUT[$1]}" || return 0
		read -r answer <&"${FT_FLOW_OUT[$1]}"
		[ "${answer%% *}" = ok ] ||
			ft_fail "flow $1: answer $i: $answer" || return
	done
	ft_fail "flow $1 was done before the test"
}

# Usage: ft_flow_goes_on NAME: one more answer from now on
ft_flow_goes_on()
{
	ft_flow_fine "$1" && ft_flow_answer "$1" "going on" && ft_flow_fine "$1"
}

# Usage: ft_flow_stop [NAME...]: all unless told
ft_flow_stop()
{
	local name in out

	[ $# -gt 0 ] || set -- "${!FT_FLOW_PID[@]}"
	for name in "$@"; do
		[ -n "${FT_FLOW_PID[$name]}" ] || continue
		kill "${FT_FLOW_PID[$name]}" 2>/dev/null
		wait "${FT_FLOW_PID[$name]}" 2>/dev/null
		in=${FT_FLOW_IN[$name]}
		out=${FT_FLOW_OUT[$name]}
		exec {in}>&- {out}>&-
		unset "FT_FLOW_PID[$name]"
	done
}

# Usage: ft_flow_test NAME FUNCTION [ARG...]: ft_test, for tests with flows
ft_flow_test()
{
	ft_test "$@"
	ft_flow_stop
}

# Usage: ft_hw COUNT PATTERN: so many rules in hardware match
ft_hw()
{
	local entry count=0

	ft_read_entries
	for entry in "${FT_ENTRIES[@]}"; do
		[[ ! $entry =~ $2 ]] || count=$((count + 1))
	done
	[ $count -eq "$1" ]
}

# Usage: ft_wait_rules COUNT [PATTERN]
ft_wait_rules()
{
	slowwait 5 ft_hw "$1" "${2-^}" ||
		ft_fail "rules in hardware, of kind '$2': want $1"
}

# Usage: ft_empty [PATTERN]: no rule of that kind is in hardware now
ft_empty()
{
	ft_hw 0 "${1-^}" ||
		ft_fail "still in hardware, of kind '$1'; rules: ${#FT_ENTRIES[@]}"
}

# The next ones: flows of host A, of which one has sent a little.

# Usage: ft_flow NAME PROTO ADDR [PORT]
ft_flow()
{
	ft_flow_start "$1" "$ns_a" "$2" "$3" "${4:-$FT_PORT}" &&
		ft_flow_cmd "$1" run 4 64
}

# Usage: ft_flow_hw NAME PROTO ADDR [PORT]: it gets into hardware
ft_flow_hw()
{
	local rules hits

	ft_read_entries
	rules=${#FT_ENTRIES[@]}
	ft_flow "$@" && ft_wait_rules $((rules + 2)) || return
	hits=$(ft_stat p1 hit)
	ft_flow_cmd "$1" run 20 1000 || return
	[ "$(ft_stat p1 hit)" -gt "$hits" ] ||
		ft_fail "flow $1 has rules but no hits"
}

# Usage: ft_flow_sw NAME [PORT...]: hardware does not know this flow at these
# ports, p1 and p2 unless told
ft_flow_sw()
{
	local name=$1 port try now
	local -A hits misses
	shift

	[ $# -gt 0 ] || set -- p1 p2
	# a TCP flow in hardware may have an acknowledgment to send yet
	for try in 1 2 3; do
		for port in "$@"; do
			hits[$port]=$(ft_stat "$port" hit)
			misses[$port]=$(ft_stat "$port" miss)
		done
		ft_flow_cmd "$name" run 100 1000 || return
		for port in "$@"; do
			now=$(ft_stat "$port" hit)
			[ "$now" -eq "${hits[$port]}" ] || break
		done
		[ "$now" -ne "${hits[$port]}" ] || break
		[ "$try" -lt 3 ] || ft_expect "hits at $port" \
			"${hits[$port]}" "$now" || return
		ft_nap 0.3
	done
	for port in "$@"; do
		# TCP may have sent larger packets than was asked for
		[ "$(ft_stat "$port" miss)" -ge $((misses[$port] + 50)) ] ||
			ft_fail "too few misses at $port" || return
	done
}

# Usage: ft_table_size SIZE: room for so many rules. The ports are new ones then.
ft_table_size()
{
	local devlink port dev

	devlink=netdevsim/$(basename "${FT_DEBUGFS%/*}")
	devlink -N "$ns_r" resource set "$devlink" path flow_table size "$1" &&
	devlink -N "$ns_r" dev reload "$devlink" >/dev/null || return
	for port in p1 p2; do
		# shellcheck disable=SC2016
		dev=$(ip netns exec "$ns_r" bash -c '
			grep -lx "$1" /sys/class/net/*/phys_port_name \
				2>/dev/null' - $port)
		dev=${dev#/sys/class/net/}
		ip -n "$ns_r" link set dev "${dev%%/*}" name $port up || return
	done
	ft_link "$ns_a" a0 "$ns_r" p1 && ft_link "$ns_r" p2 "$ns_b" b0
}

# Usage: ft_port_add INDEX NAME: one more port of the router's switch
ft_port_add()
{
	local dev sys

	sys=$FT_SYS/devices/$(basename "$(dirname "$FT_DEBUGFS")")
	echo "$1" > "$sys/new_port" || return
	# shellcheck disable=SC2016
	dev=$(ip netns exec "$ns_r" bash -c '
		for dev in "$1"/net/*; do
			[ "$(cat "$dev/phys_port_name")" != "$2" ] ||
				echo "${dev##*/}"
		done' - "$sys" p$(($1 + 1)))
	ip -n "$ns_r" link set dev "$dev" name "$2" up
}

# Usage: ft_host_c PORT: host C, and the router's addresses there
ft_host_c()
{
	setup_ns ns_c && ft_nsim_create "$ns_c" c0 &&
		ft_link "$ns_r" "$1" "$ns_c" c0 && ft_host_c_addresses "$1"
}

# Usage: ft_host_c_addresses PORT
ft_host_c_addresses()
{
	ip -batch - -n "$ns_r" <<-END
	addr add $FT_ROUTER4_C/24 dev $1
	addr add $FT_ROUTER6_C/64 dev $1 nodad
	END
	ip -batch - -n "$ns_c" <<-END
	addr add $FT_C4/24 dev c0
	addr add $FT_C6/64 dev c0 nodad
	route add default via $FT_ROUTER4_C
	route add default via $FT_ROUTER6_C
	END
}

# Usage: ft_devices DEV...: a ruleset whose flowtable has these
ft_devices()
{
	local IFS=, devices
	devices=$*

	cat <<-END
	flush ruleset
	table inet t {
		flowtable f {
			hook ingress priority 0
			devices = { $devices }
			flags offload
		}
		chain forward {
			type filter hook forward priority 0
			meta l4proto { tcp, udp } flow add @f
		}
	}
	END
}

# Usage: ft_load DEV...
ft_load()
{
	ft_devices "$@" | ip netns exec "$ns_r" nft -f - || return
	ip netns exec "$ns_r" conntrack -F >/dev/null 2>&1
	ft_empty
}

# Usage: ft_complaints: what the kernel complained about since it booted
ft_complaints()
{
	dmesg | grep -cE -e 'WARNING: |BUG: |Oops|INFO: (task|rcu)|refcount_t: ' \
		-e 'unregister_netdevice: waiting'
}

# The next ones: three hosts, with traffic in the background.

# Devices, addresses, servers; p1, p2 and p3 are ports of one switch
ft_three_hosts()
{
	ft_flow_stop
	ft_topology_cleanup
	unset ns_c
	ft_topology_create && ft_addresses && ft_servers &&
		ft_port_add 2 p3 && ft_host_c p3
}

# Load the ruleset and have busy flows in hardware: "tcp" and "udp" from A to
# B, and "far" from C to B
ft_traffic_start()
{
	ft_load p1 p2 p3 &&
	ft_flow_start tcp "$ns_a" tcp $FT_B4 $FT_PORT &&
	ft_flow_start udp "$ns_a" udp $FT_B6 $FT_PORT &&
	ft_flow_start far "$ns_c" udp $FT_B4 $FT_PORT &&
	ft_flow_busy tcp stream 1000000 && ft_flow_busy udp run 200 1000 &&
	ft_flow_busy far run 200 1000 && ft_wait_rules 6
}

# The traffic goes on, with nothing lost
ft_traffic_goes_on()
{
	ft_flow_goes_on tcp && ft_flow_goes_on udp && ft_flow_goes_on far
}

ft_no_conntrack()
{
	[ "$(ip netns exec "$ns_r" conntrack -C)" -eq 0 ]
}

# End the traffic: no rule, no conntrack entry and no complaint is left
ft_traffic_end()
{
	ft_flow_stop
	ip netns exec "$ns_r" nft flush ruleset &&
	ft_empty || return
	ip netns exec "$ns_r" conntrack -F >/dev/null 2>&1
	slowwait 5 ft_no_conntrack ||
		ft_fail "conntrack entries are left" || return
	ft_silent_test
}

# No flowtable is left that needs the modules
ft_modules_test()
{
	local module

	for module in nft_flow_offload nf_flow_table_inet nf_flow_table; do
		[ -d "/sys/module/$module" ] || continue
		ft_expect "users of $module" 0 \
			"$(cat "/sys/module/$module/refcnt")" &&
		modprobe -r "$module" || ft_fail "cannot remove $module" ||
			return
	done
}

# Those that were built in cannot be removed
ft_have_modules()
{
	[ -e /sys/module/nf_flow_table/refcnt ] &&
		[ -e /sys/module/nft_flow_offload/refcnt ]
}

trap 'ft_flow_stop; ft_cleanup' EXIT
FT_COMPLAINTS=$(ft_complaints)

ft_silent_test()
{
	ft_expect "complaints of the kernel" "$FT_COMPLAINTS" "$(ft_complaints)"
}
