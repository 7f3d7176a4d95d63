#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# usage: fw4.sh TREE NFT-OFFLOAD
#
# What the init script makes, loaded by nft beside a ruleset of firewall4's shape, with reloads
# under traffic; inside the test kernel. Host A (LAN) - router R - host B (WAN), R with an emulated
# switch: see flow_table_lib.sh of TREE, whose selftests have to be compiled. KTAP.
# shellcheck disable=SC2015,SC2086 # A and B are what is tested; no names with spaces
# shellcheck disable=SC2154 # the library sets addresses and namespaces
# shellcheck disable=SC2317,SC2329 # ft_flow_test calls, by name
[ $# -eq 2 ] || { sed -n 's/^# \(usage: \)/\1/p' "$0"; exit 2; }
tests=$1/tools/testing/selftests/drivers/net/netdevsim
tool=$(realpath "$2")
guest=$(dirname "$(realpath "$0")")
files=$(realpath "$guest/../../nft-offload/files")
# shellcheck source=/dev/null
source "$tests/flow_table_lib_flows.sh"

export NFT_OFFLOAD_ROOT=$FT_TMP/root NFTABLES_D=$files/usr/share/nftables.d
mkdir -p "$NFT_OFFLOAD_ROOT"/{bin,usr/share,var/run/nft-offload,etc/config}
ln -s /sys "$NFT_OFFLOAD_ROOT/sys"
ln -s "$files/usr/share/nft-offload" "$NFT_OFFLOAD_ROOT/usr/share/nft-offload"
ln -s "$tool" "$guest/fw4" "$guest/../bin/uci" "$NFT_OFFLOAD_ROOT/bin"
# where the files of the package look
ln -sfn "$NFT_OFFLOAD_ROOT/var/run/nft-offload" /run/nft-offload || exit
PATH=$NFT_OFFLOAD_ROOT/bin:$PATH

on_router() { ip netns exec "$ns_r" "$@"; }
service() { on_router busybox ash "$guest/../stub/rc.common" "$files/etc/init.d/nft-offload" "$1" >/dev/null; }
problems() { cat "$NFT_OFFLOAD_ROOT/var/run/nft-offload/problems"; }
no_problems() { ft_expect "problems" "" "$(problems)"; }

# config ENABLED DEVICE...: UCI
config() {
	local dev
	{
		echo "config global 'global'"
		printf "config pft 'pft'\n\toption enabled '%s'\n" "$1"
		for dev in "${@:2}"; do printf "\tlist device '%s'\n" "$dev"; done
	} >"$NFT_OFFLOAD_ROOT/etc/config/nft-offload"
}

# boot ENABLED DEVICE...: the service first, then the firewall
boot() {
	service stop
	on_router nft flush ruleset
	rm -f "$NFT_OFFLOAD_ROOT"/{var/run/fw4.state,flow_offloading,var/run/nft-offload/*}
	config "$@" && service start && no_problems && on_router fw4 start &&
		on_router conntrack -F >/dev/null 2>&1
	slowwait 5 ft_hw 0 ^
}

# has WHAT: of the table fw4
has() { on_router nft list "$1" inet fw4 "$2" 2>/dev/null; }

pft_test() {
	boot 1 p1 p2 || return
	[[ $(has flowtable pft) == *"flags offload"* ]] || ft_fail "no flowtable with flags offload" || return
	[[ $(has chain lans) == *"flow add @pft"* ]] || ft_fail "no chain lans" || return
	ft_flow_hw u udp $FT_B4 && ft_flow_hw t tcp $FT_B4 && ft_flow_hw six udp $FT_B6
}

# Flows stay in hardware, not a packet of them meets the CPU
reload_test() {
	local i before
	boot 1 p1 p2 && ft_flow_hw u udp $FT_B4 && ft_flow_hw t tcp $FT_B4 || return
	ft_flow_busy t stream 1000000 || return
	before=$(hits)
	udp_cpu >/dev/null
	for i in 1 2 3 4 5; do
		on_router fw4 reload && ft_flow_cmd u run 100 1000 && ft_flow_goes_on t ||
			ft_fail "reload $i" || return
		[ "$(udp_cpu)" -eq 0 ] || ft_fail "reload $i: $(udp_cpu) packets met the CPU" || return
		has flowtable pft >/dev/null && [[ $(has chain lans) == *"flow add"* ]] ||
			ft_fail "reload $i: pft or lans is gone" || return
	done
	[ "$(hits)" -gt $((before + 500)) ] || ft_fail "they are not in hardware" || return
	ft_flow_hw new udp $FT_B4
}
hits() { ft_stat p1 hit; }
# UDP packets of IPv4 that met the forward hook since the counter was made
udp_cpu() {
	if ! on_router nft list table inet count >/dev/null 2>&1; then
		on_router nft 'table inet count { chain c { type filter hook forward priority -300; meta l4proto udp counter; }; }'
	fi
	on_router nft list table inet count | sed -n 's/.*counter packets \([0-9]*\).*/\1/p'
}

# fw4 restart deletes the table: both are there again, flows come back
restart_test() {
	boot 1 p1 p2 && ft_flow_hw u udp $FT_B4 && on_router fw4 restart || return
	has flowtable pft >/dev/null || ft_fail "pft is gone" || return
	slowwait 10 hw_again u || ft_fail "not in hardware again"
}
hw_again() { ft_flow_cmd "$1" run 10 1000 && ft_hw 2 ^; }

# another configuration under traffic; nothing is lost
change_test() {
	boot 1 p1 p2 && ft_flow_hw t tcp $FT_B4 && ft_flow_busy t stream 1000000 || return
	config 1 p1 && service reload && no_problems || return
	[[ $(has flowtable pft) == *'devices = { p1 }'* ]] || ft_fail "pft: $(has flowtable pft)" || return
	ft_flow_goes_on t || return
	config 1 p2 p1 && service reload && no_problems || return
	[[ $(has flowtable pft) == *'devices = { p1, p2 }'* ]] || ft_fail "pft: $(has flowtable pft)" || return
	ft_flow_goes_on t && ft_flow_hw new udp $FT_B4
}

off_test() {
	boot 1 p1 p2 && ft_flow_hw t tcp $FT_B4 && ft_flow_busy t stream 1000000 || return
	config 0 && service reload && no_problems || return
	! has flowtable pft >/dev/null || ft_fail "pft is still there" || return
	! has chain lans >/dev/null || ft_fail "lans is still there" || return
	ft_wait_rules 0 && ft_flow_goes_on t || return
	on_router fw4 reload && config 1 p1 p2 && service reload && no_problems &&
		has flowtable pft >/dev/null || ft_fail "pft did not come back" || return
	service stop && ! has flowtable pft >/dev/null || ft_fail "stop leaves pft behind"
}

# a device without offload is no reason to refuse the firewall
veth_test() {
	on_router ip link add v0 up type veth peer v1 || return
	boot 1 p1 v0 p2 && ft_flow_hw u udp $FT_B4 || return
	[[ $(has flowtable pft) == *v0* ]] || ft_fail "v0 is left out" || return
	# it goes, and comes back
	on_router ip link del v0 && service devices && no_problems && on_router fw4 reload || return
	[[ $(has flowtable pft) != *v0* && $(has chain forward) == *"jump lans"* ]] ||
		ft_fail "the firewall was not loaded: $(has flowtable pft)" || return
	on_router ip link add v0 up type veth peer v1 && service devices && no_problems || return
	[[ $(has flowtable pft) == *v0* ]] || ft_fail "v0 did not come back" || return
	on_router ip link del v0
}

# its own flowtable: a device can be in one of the two
own_test() {
	local said
	boot 1 p1 p2 || return
	echo 1 >"$NFT_OFFLOAD_ROOT/flow_offloading"
	said=$(on_router fw4 print | on_router nft -c -f - 2>&1) && ft_fail "nft takes both" && return 1
	[[ $said == *"File exists"* ]] || ft_fail "nft says: $said" || return
	# the reload of the firewall fails, then that of the service finds out why
	on_router fw4 reload 2>/dev/null
	service reload
	[[ $(problems) == *"has a flowtable of its own"* ]] || ft_fail "problems: $(problems)" || return
	has flowtable ft >/dev/null && ! has flowtable pft >/dev/null ||
		ft_fail "ft and pft: $(on_router nft list flowtables)" || return
	ft_flow_hw u udp $FT_B4
}

# ft is left alone: what is set for it holds over reloads
set_test() {
	on_router ip link add v0 up type veth peer v1 || return
	boot 0 || return
	printf "config flowtable\n\toption strict 'off'\n" >>"$NFT_OFFLOAD_ROOT/etc/config/nft-offload"
	service reload && no_problems || return
	echo 1 >"$NFT_OFFLOAD_ROOT/flow_offloading"
	on_router fw4 reload && ft_flow_hw u udp $FT_B4 && on_router fw4 reload && ft_flow_hw w udp $FT_B4 || return
	ft_expect "settings" "set flowtable inet fw4 ft strict off" \
		"$(on_router nft-offload list settings | grep flowtable)" || return
	on_router ip link del v0
}

# a policy is attached to ft by its name, and holds over reloads
policy_test() {
	local i
	boot 0 || return
	printf "config policy\n\tlist software '0x40/0x40'\n" >>"$NFT_OFFLOAD_ROOT/etc/config/nft-offload"
	echo 1 >"$NFT_OFFLOAD_ROOT/flow_offloading"
	on_router nft 'table inet marks { chain c { type filter hook prerouting priority -150; meta l4proto udp ct mark set 0x40; }; }' &&
		service reload && no_problems || return
	for i in 1 2; do
		on_router fw4 reload && ft_flow_hw "t$i" tcp $FT_B4 && ft_flow "u$i" udp $FT_B4 && ft_flow_sw "u$i" ||
			ft_fail "reload $i" || return
	done
	[[ $(on_router nft-offload list policies) == *"inet fw4 ft"*"software ct mark 0x40/0x40"* ]] ||
		ft_fail "policies: $(on_router nft-offload list policies)" || return
	service stop && ft_expect "policies" "" "$(on_router nft-offload list policies)"
}

# what nft refuses does not reach the firewall
refused_test() {
	boot 0 || return
	# of this name there is something else already
	on_router nft add chain inet fw4 lans '{ type filter hook output priority 5; }' || return
	config 1 p1 p2
	service reload
	[[ $(problems) == *"pft: nft refuses it: "* ]] || ft_fail "problems: $(problems)" || return
	on_router fw4 reload && [[ $(has chain forward) == *forward_lan* ]] || ft_fail "the firewall is not loaded"
}

ktap_print_header
ft_require busybox
modprobe nft_offload
ktap_set_plan 11
ft_setup
ft_flow_test "flowtable pft and chain lans" pft_test
ft_flow_test "fw4 reload: flows stay in hardware" reload_test
ft_flow_test "fw4 restart" restart_test
ft_flow_test "another configuration" change_test
ft_flow_test "switched off" off_test
ft_flow_test "a device that cannot offload, and goes" veth_test
ft_flow_test "the firewall's own flowtable" own_test
ft_flow_test "a setting of the firewall's flowtable" set_test
ft_flow_test "a policy of the firewall's flowtable" policy_test
ft_flow_test "a chain of that name" refused_test
ft_flow_test "kernel has no complaints" ft_silent_test
ktap_finished
