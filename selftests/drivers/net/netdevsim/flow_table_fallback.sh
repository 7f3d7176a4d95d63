#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A device without hardware offload in a flowtable that wants it: an error that
# names the device, or with net.netfilter.nf_flow_offload_strict=0 no error, and
# its flows in software.
#
# For the topology see flow_table_lib_flows.sh, but p3 and c0 are a veth pair.
#
# shellcheck disable=SC2154 # assigned in flow_table_lib.sh or by setup_ns
# shellcheck disable=SC2119,SC2317 # arguments are optional; ft_test calls

# shellcheck source=flow_table_lib_flows.sh
source "$(dirname "$0")/flow_table_lib_flows.sh"

FT_WILDCARD=$ft_dir/ft_wildcard
STRICT=/proc/sys/net/netfilter/nf_flow_offload_strict
TRACE=/sys/kernel/tracing
EXTACK=$TRACE/events/netlink/netlink_extack

# Usage: strict 0|1
strict()
{
	ip netns exec "$ns_r" sysctl -qw net.netfilter.nf_flow_offload_strict="$1"
}

veth()
{
	ip -n "$ns_r" link add p3 up type veth peer c0 netns "$ns_c" &&
	ip -n "$ns_c" link set c0 up && ft_host_c_addresses p3
}

# Usage: notices: how often the kernel told about p3
notices()
{
	dmesg | grep -c "p3: no hardware offload, .*(flowtable f)"
}

default_test()
{
	ft_expect "strict" 1 "$(ip netns exec "$ns_b" \
		sysctl -n net.netfilter.nf_flow_offload_strict)"
}

refused_test()
{
	local out

	strict 1
	ft_load p1 p2 || return
	echo > $TRACE/trace
	echo 1 > $EXTACK/enable
	! out=$(ft_devices p1 p2 p3 | ip netns exec "$ns_r" nft -f - 2>&1) ||
		ft_fail "it was loaded" || return
	echo 0 > $EXTACK/enable
	grep -q "msg=p3 cannot offload, see sysctl" $TRACE/trace ||
		ft_fail "no extack names p3; nft: $out" || return
	dmesg | grep -q "p3: no hardware offload, flowtable f is refused" ||
		ft_fail "the kernel log does not name p3" || return
	# the flowtable from before is there and works
	ft_flow_hw udp udp $FT_B4
}

# Usage: far_test PROTO ADDR: flows of host C, in software but in the flowtable
far_test()
{
	local src=$FT_C4

	[ "$3" = ipv4 ] || src=$FT_C6
	ft_flow_start far "$ns_c" "$1" "$2" $FT_PORT &&
	ft_flow_cmd far run 4 64 || return
	slowwait 5 in_flowtable "$1" ||
		ft_fail "flow of host C is not in the flowtable" || return
	ft_flow_cmd far run 200 1000 || return
	! ft_conntrack -p "$1" -f "$3" -s "$src" | grep -q HW_OFFLOAD ||
		ft_fail "conntrack says HW_OFFLOAD" || return
	ft_expect "rules of host C" 0 "$(ft_entries | grep -c "$FT_C4\|$FT_C6")"
}

in_flowtable()
{
	ft_conntrack -p "$1" | grep -q OFFLOAD
}

lenient_test()
{
	local before

	strict 0
	before=$(notices)
	ft_load p1 p2 p3 || return
	ft_expect "notices" $((before + 1)) "$(notices)" || return
	far_test udp $FT_B4 ipv4 && far_test tcp $FT_B6 ipv6 &&
	ft_flow_hw near udp $FT_B6 && ft_flow_hw near2 tcp $FT_B4 &&
	ft_flow_cmd near2 stream 1000003 &&
	ft_expect "notices" $((before + 1)) "$(notices)"
}

reload_test()
{
	local i

	strict 0
	for i in 1 2 3; do
		ft_load p3 p2 p1 && ft_flow_hw "udp$i" udp $FT_B4 || return
	done
	ip netns exec "$ns_r" nft flush ruleset && ft_empty
}

# The device goes, and another of this name comes.
later_test()
{
	strict 0
	ft_load p1 p2 p3 && ft_flow_hw near udp $FT_B4 || return
	ip -n "$ns_r" link del p3 && ft_flow_cmd near run 100 100 &&
	ft_hw 2 "$FT_B4" || ft_fail "flows of others left hardware" || return
	veth || ft_fail "p3 cannot come back" || return
	far_test udp $FT_B4 ipv4 && ft_flow_cmd near run 100 100
}

# Usage: wildcard: a flowtable of all devices p...
wildcard()
{
	ft_devices p1 | sed '/^flowtable f/,/^}/d; /flow add/d' |
		ip netns exec "$ns_r" nft -f - &&
	ip netns exec "$ns_r" "$FT_WILDCARD" t f p &&
	ip netns exec "$ns_r" nft \
		add rule inet t forward meta l4proto '{ tcp, udp }' flow add @f
}

# Devices by the beginning of their names, and one that comes later
wildcard_test()
{
	strict 0
	wildcard || ft_fail "the kernel refuses it" || return
	ip netns exec "$ns_r" conntrack -F 2>/dev/null
	ft_flow_hw near udp $FT_B4 && far_test udp $FT_B4 ipv4 || return
	ip -n "$ns_r" link del p3 && veth ||
		ft_fail "p3 cannot come back" || return
	ft_flow_cmd near run 100 100 && ft_hw 2 "$FT_B4" ||
		ft_fail "flows of others left hardware" || return
	ip -n "$ns_r" link add p4 type dummy && ip -n "$ns_r" link del p4 ||
		ft_fail "p4 cannot come" || return
	far_test udp $FT_B4 ipv4 && ft_flow_cmd near run 100 100
}

wildcard_refused_test()
{
	strict 1
	echo > $TRACE/trace
	echo 1 > $EXTACK/enable
	! wildcard 2>/dev/null || ft_fail "it was loaded" || return
	echo 0 > $EXTACK/enable
	grep -q "msg=p3 cannot offload, see sysctl" $TRACE/trace ||
		ft_fail "no extack names p3"
}

own_test()
{
	strict 0
	ft_expect "strict elsewhere" 1 "$(ip netns exec "$ns_b" \
		sysctl -n net.netfilter.nf_flow_offload_strict)"
}

inherit_test()
{
	local was value ret=0

	was=$(<"$STRICT")
	for value in 0 1; do
		echo $value >"$STRICT" && setup_ns ns_new || return
		ft_expect "strict in a new namespace" $value \
			"$(ip netns exec "$ns_new" cat "$STRICT")" || ret=1
		cleanup_ns "$ns_new"
	done
	echo "$was" >"$STRICT"
	return $ret
}

badinput_test()
{
	local was value said

	for was in 1 0; do
		strict $was
		for value in 2 -1 256 4294967297 on ""; do
			# shellcheck disable=SC2016 # the inner shell knows $1
			said=$(ip netns exec "$ns_r" bash -c 'echo "$1" >"$2"' \
				- "$value" "$STRICT" 2>&1)
			[[ $said = *"Invalid argument"* ]] ||
				ft_fail "'$value': '$said'" || return
			ft_expect "strict after '$value'" $was "$(ip netns exec \
				"$ns_r" cat "$STRICT")" || return
		done
	done
}

ktap_print_header
ft_require "$FT_WILDCARD"
[ -d $EXTACK ] || mount -t tracefs tracefs $TRACE 2>/dev/null
[ -d $EXTACK ] || ktap_exit_fail_msg "no tracepoint netlink_extack"
modprobe nf_flow_table 2>/dev/null
# Flowtables take wildcards since NFTA_DEVICE_PREFIX
WILDCARDS=1
UAPI=$ft_dir/../../../../../../include/uapi/linux/netfilter/nf_tables.h
[ ! -e "$UAPI" ] || grep -q NFTA_DEVICE_PREFIX "$UAPI" || WILDCARDS=
ktap_set_plan $((8 + (${#WILDCARDS} * 2)))

ft_setup
if ! setup_ns ns_c || ! veth; then
	ktap_exit_fail_msg "no host C"
fi
ft_flow_test "strict is the default" default_test
ft_flow_test "strict: refused, the error names the device" refused_test
ft_flow_test "not strict: its flows in software, others in hardware" lenient_test
ft_flow_test "not strict: reload" reload_test
ft_flow_test "not strict: device comes back" later_test
if [ -n "$WILDCARDS" ]; then
	ft_flow_test "not strict: devices by wildcard" wildcard_test
	ft_flow_test "strict: wildcard refused, the error names the device" \
		wildcard_refused_test
fi
ft_flow_test "each namespace has its own" own_test
ft_flow_test "a new namespace begins with what the first one has" inherit_test
ft_flow_test "values that are none" badinput_test

ktap_finished
