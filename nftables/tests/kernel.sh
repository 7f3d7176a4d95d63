#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# usage: kernel.sh TREE NFT-OFFLOAD [TEST...]
#
# nft-offload against the kernel it is made for, inside the test kernel; prints KTAP. Host A -
# router R - host B, R with an emulated switch: see flow_table_lib.sh of TREE, whose selftests
# have to be compiled. TEST is the name of a function without _test.
# shellcheck disable=SC2086,SC2154 # the library sets addresses and namespaces
# shellcheck disable=SC2015 # where A && B || fail, A and B are what is tested
# shellcheck disable=SC2317,SC2329 # ft_flow_test calls, by name
[ $# -ge 2 ] || { sed -n 's/^# \(usage: \)/\1/p' "$0"; exit 2; }
tests=$1/tools/testing/selftests/drivers/net/netdevsim
schema=$(dirname "$(realpath "$0")")/../../Documentation/nft-offload.schema.json
# shellcheck source=/dev/null
source "$tests/flow_table_lib_flows.sh"

TOOL=$FT_TMP/nft-offload # where anybody may run it
LIBNFTNL=$(realpath "$2") # what the library's build has, beside that of the tool
LIBNFTNL=${LIBNFTNL%/*/*}/libnftnl
cp "$2" "$TOOL" && mkdir "$FT_TMP/json" && chmod 755 "$FT_TMP" "$TOOL" || exit 1
last_port=30000
declare -A SPORT # flow: its port
MONITORS=()

# nfo ARGUMENT...: for the router, from outside
# all of each flow, not the table
nfo() { "$TOOL" -l -N "$ns_r" "$@"; }
# on_router COMMAND...
on_router() { ip netns exec "$ns_r" "$@"; }
# json ARGUMENT...: what it prints is held against the schema in the end
json() { nfo -j "$@" | tee "$FT_TMP/json/$EPOCHREALTIME-$BASHPID"; }
# query JQ ARGUMENT...
query() { json "${@:2}" | jq -r ".nft_offload | $1"; }
# lines_of COMMAND...: how many it prints, into LINES_OF
lines_of() { mapfile -t OUTPUT < <("$@"); LINES_OF=${#OUTPUT[@]}; }
# fails CODE LINES PATTERN COMMAND...: it ends so, and prints nothing but so many lines of error,
# one, or three if it shows the place
fails() {
	local code=$1 lines=$2 pattern=$3 got=0
	shift 3
	timeout 20 "$@" >"$FT_TMP/out" 2>"$FT_TMP/err" </dev/null || got=$?
	ft_expect "exit code of $*" "$code" "$got" &&
		ft_expect "output of $*" "" "$(<"$FT_TMP/out")" || return
	mapfile -t OUTPUT <"$FT_TMP/err"
	[[ ${#OUTPUT[@]} -eq $lines && ${OUTPUT[0]} =~ ^Error:\ $pattern ]] ||
		ft_fail "$*: instead of 'Error: $pattern': $(<"$FT_TMP/err")"
}

# shellcheck source=nftables/tests/kernel_explain.sh
source "$(dirname "$(realpath "$0")")/kernel_explain.sh"
# shellcheck source=nftables/tests/kernel_policy.sh
source "$(dirname "$(realpath "$0")")/kernel_policy.sh"
# shellcheck source=nftables/tests/kernel_pin.sh
source "$(dirname "$(realpath "$0")")/kernel_pin.sh"
# shellcheck source=nftables/tests/kernel_export.sh
source "$(dirname "$(realpath "$0")")/kernel_export.sh"

marks="chain marks {
		type filter hook prerouting priority 0
		ip daddr $FT_B4 ct mark set 0x10
		ip6 daddr $FT_B6 ct mark set 0x21
	}"

# load [CHAINS]: as after boot
load() {
	echo 0 >"$FT_DEBUGFS/fail_add"
	ft_ruleset "$1" &&
		on_router sysctl -qw net.netfilter.nf_flow_offload=1 net.netfilter.nf_flow_offload_strict=1
}

# begin NAME PROTO ADDR [PORT]: a flow of host A
begin() {
	local src=$FT_A4
	[[ $3 != *:* ]] || src="[$FT_A6]"
	SPORT[$1]=$((++last_port))
	ft_flow_start "$1" "$ns_a" "$2" "$3" "${4:-$FT_PORT}" -b "$src:$last_port" &&
		ft_flow_cmd "$1" run "${BEGIN:-4}" 64
}
in_state() { [[ $(nfo list flows th sport "$1") = *" state $2 "* ]]; }
reaches() { # NAME STATE
	slowwait 5 in_state "${SPORT[$1]}" "$2" >/dev/null ||
		ft_fail "flow $1 is not in state $2: $(nfo list flows th sport "${SPORT[$1]}")"
}
# begin_hw NAME PROTO ADDR [PORT]: and until it is in hardware
begin_hw() { begin "$@" && reaches "$1" hardware; }
# has WHAT WORDS TEXT
has() { [[ " $3 " = *" $2 "* ]] || ft_fail "$1: no '$2' in '$3'"; }

udp_timeout() { on_router sysctl -qw net.netfilter.nf_flowtable_udp_timeout="$1"; }

# those that ask the module
commands=("list flows" "list flowtables" "flush flows" monitor "top -b" "explain udp 192.0.2.2:1 198.51.100.2:2"
	"set flowtable inet t f strict off" "list policies" "delete policy inet t f")

no_module_test() {
	local old command bad=0
	old=$(</proc/sys/kernel/modprobe)
	[ ! -d /sys/module/nft_offload ] || rmmod nft_offload || return
	echo /bin/false >/proc/sys/kernel/modprobe
	for command in "${commands[@]}"; do
		fails 1 1 'this kernel has no nft_offload: try "modprobe nft_offload"' \
			"$TOOL" -N "$ns_r" $command || bad=1
	done
	ft_expect "settings" $'set offload on\nset strict on' "$(nfo list settings 2>&1)" || bad=1
	echo "$old" >/proc/sys/kernel/modprobe
	[ $bad -eq 0 ] || return
	ft_expect "flows" "" "$(nfo list flows)" && [ -d /sys/module/nft_offload ] ||
		ft_fail "the module is not loaded on demand"
}

list_test() {
	load && begin_hw u udp $FT_B4 && begin_hw t tcp $FT_B4 || return
	lines_of nfo list flows
	ft_expect "flows" 2 "$LINES_OF" &&
		has "oldest first" "inet t f udp ip saddr $FT_A4 sport ${SPORT[u]} ip daddr $FT_B4 dport $FT_PORT iif p1 oif p2 mtu 1500 state hardware sw" "${OUTPUT[0]}" &&
		has "reply" "reply ip saddr $FT_B4 sport $FT_PORT ip daddr $FT_A4 dport ${SPORT[u]} iif p2 oif p1 mtu 1500 sw" "${OUTPUT[0]}" &&
		has "TCP" "inet t f tcp ip saddr $FT_A4 sport ${SPORT[t]} ip daddr $FT_B4 dport $FT_PORT iif p1 oif p2 mtu 1500 state hardware sw" "${OUTPUT[1]}" &&
		ft_expect "of the emulated switch: rules of these" 4 "$(grep -cE "port=(${SPORT[u]}|${SPORT[t]}) " "$FT_DEBUGFS/entries")" ||
		return
	[[ ${OUTPUT[0]} != *not-in-hardware* && ${OUTPUT[0]} != *errno* ]] || ft_fail "${OUTPUT[0]}"
}

ipv6_test() {
	load && begin_hw u udp $FT_B6 || return
	lines_of nfo list flows
	ft_expect "flows" 1 "$LINES_OF" &&
		has "IPv6" "udp ip6 saddr $FT_A6 sport ${SPORT[u]} ip6 daddr $FT_B6 dport $FT_PORT iif p1 oif p2 mtu 1500 state hardware sw" "${OUTPUT[0]}" &&
		has "reply" "reply ip6 saddr $FT_B6 sport $FT_PORT ip6 daddr $FT_A6 dport ${SPORT[u]}" "${OUTPUT[0]}" &&
		ft_expect "one flow" "$FT_A6 hardware" "$(query '.[1].flow | "\(.original.saddr) \(.state)"' \
			list flow udp "[$FT_A6]:${SPORT[u]}" "[$FT_B6]:$FT_PORT")"
}

nat_test() {
	load "chain pre {
			type nat hook prerouting priority dstnat
			ip daddr $FT_ROUTER4_A udp dport 8080 dnat ip to $FT_B4:$FT_PORT
		}
		chain post {
			type nat hook postrouting priority srcnat
			oifname p2 udp dport $FT_PORT snat ip to $FT_ROUTER4_B:5555
		}" && begin_hw u udp $FT_ROUTER4_A 8080 || return
	lines_of nfo -n list flows
	ft_expect "flows" 1 "$LINES_OF" &&
		has "as sent" "ip saddr $FT_A4 sport ${SPORT[u]} ip daddr $FT_ROUTER4_A dport 8080" "${OUTPUT[0]}" &&
		has "as answered" "reply ip saddr $FT_B4 sport $FT_PORT ip daddr $FT_ROUTER4_B dport 5555" "${OUTPUT[0]}" &&
		has "flags" "state hardware flags snat,dnat sw" "${OUTPUT[0]}"
}

zone_test() {
	load 'chain zones {
			type filter hook prerouting priority raw
			meta l4proto udp ct zone set 7
		}' && begin_hw u udp $FT_B4 || return
	has "zone" "ct zone 7 ct id" "$(nfo list flows)" &&
		ft_expect "in JSON" 7 "$(query '.[1].flow.ct.zone' list flows)" &&
		lines_of nfo list flows ct zone 7 && ft_expect "in zone 7" 1 $LINES_OF &&
		lines_of nfo list flows ct zone 8 && ft_expect "in zone 8" 0 $LINES_OF &&
		has "one flow" "udp ip saddr $FT_A4 sport ${SPORT[u]}" \
			"$(nfo list flow udp "$FT_A4:${SPORT[u]}" "$FT_B4:$FT_PORT" ct zone 7)" &&
		explains "hardware -" u udp $FT_B4 ct zone 7 && explains "none -" u udp $FT_B4 &&
		fails 1 3 ".*no such flow in any flowtable" \
			"$TOOL" -N "$ns_r" list flow udp "$FT_A4:${SPORT[u]}" "$FT_B4:$FT_PORT"
}

# conntrack counts what is routed, the flow what is not
sums() {
	local ct all
	ct=$(ft_conntrack -p udp --orig-port-src "${SPORT[u]}" | grep -oE '(packets|bytes)=[0-9]+')
	mapfile -t ct <<<"${ct//[a-z=]/}"
	read -ra all < <(query '.[1].flow | [.original, .reply | .sw, .hw | .packets, .bytes] | join(" ")' \
		list flows th sport "${SPORT[u]}")
	echo "$((ct[0] + all[0] + all[2])) $((ct[1] + all[1] + all[3]))" \
		"$((ct[2] + all[4] + all[6])) $((ct[3] + all[5] + all[7])) hw ${all[2]} ${all[6]}"
}
# 4 packets of 64 and 500 of 100 bytes, with 28 of headers; at least the latter in hardware
all_counted() { [[ $(sums) =~ ^504\ 64368\ 504\ 64368\ hw\ 50[0-4]\ 50[0-4]$ ]]; }
counters_test() {
	udp_timeout 10 # the driver is asked early
	load && begin_hw u udp $FT_B4 && ft_flow_cmd u run 500 100 || return
	slowwait 10 all_counted || ft_fail "packets and bytes, there and back: $(sums)" || return
	udp_timeout 600
}

one_flow_test() {
	load && begin_hw u udp $FT_B4 && begin_hw t tcp $FT_B4 || return
	lines_of nfo list flow udp "$FT_A4:${SPORT[u]}" "$FT_B4:$FT_PORT"
	ft_expect "flows" 1 "$LINES_OF" && has "it" "sport ${SPORT[u]}" "${OUTPUT[0]}" &&
		has "the reply direction" "sport ${SPORT[u]}" "$(nfo list flow udp "$FT_B4:$FT_PORT" "$FT_A4:${SPORT[u]}")" &&
		fails 1 3 'no such flow in any flowtable$' \
			"$TOOL" -N "$ns_r" list flow tcp "$FT_A4:${SPORT[u]}" "$FT_B4:$FT_PORT"
}

# conntrack's id of a flow
ct_id() { on_router conntrack -L -o id -p udp --sport "${SPORT[$1]}" 2>/dev/null | sed -n 's/.* id=\([0-9]*\).*/\1/p'; }

ct_id_test() {
	local id left
	load && begin_hw u udp $FT_B4 && begin_hw v udp $FT_B4 || return
	id=$(ct_id v)
	lines_of nfo list flows ct id "$id"
	ft_expect "flows of id $id" 1 "$LINES_OF" && has "it" "sport ${SPORT[v]}" "${OUTPUT[0]}" &&
		has "one flow" "sport ${SPORT[v]}" "$(nfo list flow ct id "$id")" &&
		ft_expect "explain" "hardware $id ${SPORT[v]}" "$(query '.[1].explain |
			"\(.layer) \(.ct_id) \(.flow.original.sport)"' explain ct id "$id")" &&
		fails 1 3 'no such flow in any flowtable$' "$TOOL" -N "$ns_r" list flow ct id 1 &&
		fails 1 3 'no conntrack entry has this id$' "$TOOL" -N "$ns_r" explain ct id 1 &&
		ft_expect "flush" 1 "$(nfo -e flush flows ct id "$id")" || return
	left=$(nfo list flows state hardware)
	[[ $left = *" sport ${SPORT[u]} "* && $left != *" sport ${SPORT[v]} "* ]] ||
		ft_fail "left: $left"
}

# picks FLOWS FILTER...: just these pass, of "udp" (IPv4), "tcp" (IPv6) and "soft"
picks() {
	local want=$1 name line got=''
	shift
	lines_of nfo list flows "$@"
	for line in "${OUTPUT[@]}"; do
		for name in udp tcp soft; do
			[[ $line != *" sport ${SPORT[$name]} "*reply* ]] || got+=" $name"
		done
	done
	ft_expect "$*" "$want" "${got# }"
}
filters_test() {
	local prefix6=${FT_B6%::*}::
	load "$marks" && begin_hw udp udp $FT_B4 && begin_hw tcp tcp $FT_B6 || return
	echo 28 >"$FT_DEBUGFS/fail_add"
	begin soft tcp $FT_B4 && reaches soft failed || return
	picks "udp tcp soft" && picks "udp tcp soft" table inet t && picks "udp tcp soft" flowtable f &&
		fails 1 3 'No such table, or none with a flowtable$' "$TOOL" -N "$ns_r" list flows table inet u &&
		fails 1 3 'No such table, or none with a flowtable$' "$TOOL" -N "$ns_r" summary table ip t &&
		fails 1 3 'No such flowtable$' "$TOOL" -N "$ns_r" flush flows flowtable g &&
		picks "udp soft" ip saddr 192.0.2.0/24 && picks "udp soft" ip saddr 192.0.2.2-192.0.2.9 &&
		picks "" ip saddr 192.0.2.3-192.0.2.255 && picks "" ip saddr 192.0.3.0/24 &&
		picks "udp soft" ip daddr $FT_B4 && picks "" ip daddr $FT_A4 &&
		picks "tcp" ip6 daddr $FT_B6 && picks "tcp" ip6 daddr "$prefix6/64" && picks "" ip6 daddr $FT_A6 &&
		picks "tcp" ip6 saddr $FT_A6-2001:db8:1::ff &&
		picks "tcp soft" tcp dport $FT_PORT && picks "" tcp dport 1-7000 &&
		picks "udp" udp sport "${SPORT[udp]}" && picks "udp tcp" th sport "${SPORT[udp]}-${SPORT[tcp]}" &&
		picks "tcp soft" meta l4proto tcp && picks "udp" meta l4proto 17 && picks "" meta l4proto gre &&
		picks "udp soft" meta nfproto ipv4 && picks "tcp" meta nfproto ipv6 &&
		picks "udp tcp soft" iif p1 && picks "" iif p2 && picks "udp tcp soft" oif p2 && picks "" oif p1 &&
		picks "udp soft" ct mark 0x10 && picks "tcp" ct mark 33 && picks "tcp" ct mark 0x1/0xf && picks "" ct mark 0 &&
		picks "udp tcp" state hardware && picks "soft" state failed && picks "" state software &&
		picks "udp tcp soft" state '{' failed, hardware '}' &&
		picks "udp soft" host "$FT_A4" host $FT_B4 &&
		picks "tcp soft" meta l4proto != udp && picks "udp" th sport '{' 1, "${SPORT[udp]}" '}' &&
		picks "udp soft" ip saddr != 192.0.3.0/24 && picks "udp soft" ct reply ip daddr $FT_A4 &&
		picks "tcp" ct mark != '{' 0, 0x10 '}' && picks "udp tcp soft" iifname "p*" oifname != p1 &&
		picks "udp tcp" state != failed &&
		picks "soft" tcp dport $FT_PORT ct mark 0x10 ip saddr 192.0.2.0/24 iif p1 state failed
}

flows_are() { lines_of nfo list flows; [ "$LINES_OF" -eq "$1" ]; }
# The answer comes when the rules are gone, which takes the emulated switch a second
flush_test() {
	local before took left
	load && begin_hw u udp $FT_B4 && begin_hw t tcp $FT_B6 && begin_hw v udp $FT_B6 || return
	echo 500000 >"$FT_DEBUGFS/del_delay_us"
	before=${EPOCHREALTIME/./}
	nfo flush flows meta l4proto udp meta nfproto ipv4
	left=$(<"$FT_DEBUGFS/entries")
	took=$((${EPOCHREALTIME/./} - before))
	echo 0 >"$FT_DEBUGFS/del_delay_us"
	ft_expect "rules left, of the flow that was flushed" 0 "$(grep -c "port=${SPORT[u]} " <<<"$left")" &&
		ft_expect "of others" 4 "$(grep -cE "port=(${SPORT[t]}|${SPORT[v]}) " <<<"$left")" &&
		ft_expect "flows left" 2 "$(nfo list flows state hardware | grep -cE "sport (${SPORT[t]}|${SPORT[v]}) .*reply")" ||
		return
	[ "$took" -ge 900000 ] || ft_fail "it took $took us only" || return
	ft_flow_cmd u run 10 64 && reaches u hardware &&
		ft_expect "--echo" 2 "$(nfo -e flush flows udp dport $FT_PORT)" &&
		ft_expect "one by one" 1 "$(nfo -e flush flows tcp dport '{' $FT_PORT, 1 '}' host != "$FT_A4")" &&
		ft_expect "JSON" 0 "$(query '.[1].flushed.flows' -e flush flows)" &&
		ft_expect "nothing is left in hardware" "" "$(nfo list flows state hardware)$(<"$FT_DEBUGFS/entries")" || return
	slowwait 5 flows_are 0 || ft_fail "some are left: $(nfo list flows)"
}

# listeners N: of the events, on the router; protocol 16, group 16 ("notify") is the last they join
listeners() { [ "$(on_router grep -cE '^[0-9a-f]+ +16 +[0-9]+ +[0-9a-f]{4}[89a-f]' /proc/net/netlink)" -eq "$1" ]; }
# monitor FILE ARGUMENT...: in the background
monitor() {
	"$TOOL" -N "$ns_r" "${@:2}" >"$FT_TMP/$1" &
	MONITORS+=("$!")
	FT_PIDS+=("$!")
}
# monitors_end SIGNAL: all of them, which is no failure of theirs
monitors_end() {
	local pid status bad=0
	for pid in "${MONITORS[@]}"; do
		status=0
		kill -"$1" "$pid" && wait "$pid" || status=$?
		ft_expect "exit code of monitor after SIG$1" 0 "$status" || bad=1
	done
	MONITORS=()
	return $bad
}
# story FLOW FILE: what became of it
story() {
	local line words=''
	while read -r line; do
		[[ $line = *" sport ${SPORT[$1]} "*" reply "* ]] || continue
		words+=" ${line%% *}"
		[[ ! $line =~ \ cause\ ([a-z]+)$ ]] || words+="(${BASH_REMATCH[1]})"
	done <"$FT_TMP/$2"
	echo "${words# }"
}
story_is() { [ "$(story u all)" = "$1" ]; }
monitor_test() {
	local want="added hardware software hardware gone(flushed)" line last sum
	load && monitor all monitor && monitor json/events -j monitor &&
		monitor filtered -n monitor flows meta l4proto tcp ip6 daddr $FT_B6 || return
	slowwait 5 listeners 3 || ft_fail "nobody listens" || return
	begin_hw u udp $FT_B4 && begin_hw t tcp $FT_B6 && ft_flow_cmd u run 100 64 || return
	nfo set offload off && reaches u software && nfo set offload on && ft_nap 1.1 &&
		ft_flow_cmd u run 4 64 && reaches u hardware && nfo flush flows udp sport "${SPORT[u]}" &&
		ft_flow_stop t || return
	slowwait 5 story_is "$want" || ft_expect "events" "$want" "$(story u all)" || return
	monitors_end INT || return
	line=$(grep "^added .* sport ${SPORT[u]} " "$FT_TMP/all")
	[[ $line != *no-hardware* ]] || ft_fail "$line" || return
	ft_expect "a filter: other flows" 0 "$(grep -vc "tcp ip6 saddr $FT_A6 sport ${SPORT[t]} " "$FT_TMP/filtered")" || return
	has "a filter: its flow" "added hardware" "$(story t filtered)" || return
	# 108 packets: what conntrack does not know has been counted
	last=$(jq -rs "[.[].event | select(.type == \"gone\" and .flow.original.sport == ${SPORT[u]})] |
		.[0].flow | [.original, .reply | .sw.packets + .hw.packets, .hw.packets] | join(\" \")" "$FT_TMP/json/events")
	sum=$(ft_conntrack -p udp --orig-port-src "${SPORT[u]}" | grep -oE 'packets=[0-9]+')
	mapfile -t sum <<<"${sum//packets=/}"
	read -ra last <<<"$last"
	ft_expect "packets there and back, of the last event and conntrack" "108 108" "$((last[0] + sum[0])) $((last[2] + sum[1]))" || return
	[ "${last[1]}" -ge 100 ] || ft_fail "in hardware: ${last[*]}"
}

# A monitor ends with one line when the module goes, and keeps nothing of it.
unload_test() {
	local status=0
	load && begin_hw u udp $FT_B4 && monitor unloaded monitor 2>"$FT_TMP/words" || return
	slowwait 5 listeners 1 || ft_fail "nobody listens" || return
	timeout 20 rmmod nft_offload || ft_fail "it cannot be unloaded" || return
	wait "${MONITORS[0]}" || status=$?
	MONITORS=()
	ft_expect "exit code of monitor" 1 "$status" &&
		ft_expect "its words" "Error: nft_offload was unloaded: there are no more events" \
			"$(<"$FT_TMP/words")" || return
	ft_expect "in hardware still" 2 "$(wc -l <"$FT_DEBUGFS/entries")" &&
		[ ! -d /sys/module/nft_offload ] &&
		slowwait 5 flows_are 1 || ft_fail "after it is back: $(nfo list flows)"
}

flowtables_test() {
	load && begin_hw u udp $FT_B4 && begin_hw v udp $FT_B6 || return
	nfo list flowtables >"$FT_TMP/text"
	# the reasons are of packets that made no flow, as their connection had only begun
	ft_expect "flowtable" "table inet t { flowtable f { devices = { p1, p2 } flags offload flows 2 hardware 2 hardware added 2 deleted 0 queue add 0 delete 0 stats 0 } } " \
		"$(sed -E '/reason unconfirmed count [1-9]/d; s/p2, p1/p1, p2/' "$FT_TMP/text" | tr -s '\n\t ' ' ')" &&
		nfo flush flows ip6 daddr $FT_B6 || return
	slowwait 5 flows_are 1 || ft_fail "the flow that was flushed is there" || return
	ft_expect "JSON" "inet t f p1,p2 flows 1 hardware 1 added 2 deleted 1" \
			"$(query '.[1].flowtable | "\(.family) \(.table) \(.name) \([.devices[].name] | sort | join(",")) flows \(.flows) hardware \(.hardware.flows) added \(.hardware.added) deleted \(.hardware.deleted)"' list flowtables)"
}

refused_test() {
	local text
	load || return
	monitor failures monitor state failed
	slowwait 5 listeners 1 || ft_fail "nobody listens" || return
	echo 28 >"$FT_DEBUGFS/fail_add"
	begin u udp $FT_B4 && reaches u failed || return
	text=$(nfo list flowtables | tr -s '\n\t ' ' ')
	[[ $text =~ \ flows\ 1\ hardware\ 0\ .*\ reason\ table-full\ count\ [1-9][0-9]*\ errno\ ENOSPC\ count\ [1-9] ]] ||
		ft_fail "list flowtables: $text" || return
	text=$(nfo list flows state failed)
	has "list flows" "errno ENOSPC reason table-full message \"netdevsim: flow table: addition failed as fail_add asked\" reply" "$text" || return
	slowwait 5 grep -qE "^failed .* sport ${SPORT[u]} .* errno ENOSPC reason table-full message \"netdevsim: flow table: addition failed as fail_add asked\" reply " \
		"$FT_TMP/failures" || ft_fail "the driver's words: $(<"$FT_TMP/failures")" || return
	monitors_end TERM || return
	text=$(nfo explain udp "$FT_A4:${SPORT[u]}" "$FT_B4:$FT_PORT")
	[[ $text = "layer software reason table-full ct id "* && $text = *$'\n# table-full: '* && $text = *" iif p1 oif p2 "* ]] ||
		ft_fail "explain: $text" || return
	echo 95 >"$FT_DEBUGFS/fail_add"
	begin v udp $FT_B6 && reaches v failed &&
		ft_expect "JSON" '["ENOSPC","EOPNOTSUPP"]' "$(query '.[1].flowtable.errnos | map(select(.count > 0).errno) | sort | tojson' list flowtables)"
}

# A packet of 92 bytes each 5 ms, and its answer
fast=36800
# rates STATE: what each block of top has for a busy flow over 10 seconds, in bytes a second, from
# the first that is known on
rates() {
	awk -v src="$FT_A4:${SPORT[u]}" -v state="$1" '$1 == "udp" && $2 == src && $5 == state {
		if ($7 == "?" || ($7 == "-" && !known)) next
		known = 1
		n = $7
		scale = n ~ /k/ ? 1000 : n ~ /M/ ? 1000000 : 1
		sub(/[kM]?b.s$/, "", n)
		printf "%d ", n * scale / 8
	}' "$FT_TMP/top"
}
# rates_are NUMBER RATES: at least so many, and each as it was sent, none zero in between
rates_are() {
	local rate count=0
	for rate in ${2}; do
		[[ $rate -ge $((fast * 2 / 3)) && $rate -le $((fast * 3 / 2)) ]] || return
		count=$((count + 1))
	done
	[ $count -ge "$1" ]
}
top_test() {
	udp_timeout 10
	FT_FLAGS='' load && begin u udp $FT_B4 && reaches u software || return
	echo "steady 2000 5000" >&"${FT_FLOW_IN[u]}"
	nfo -n top --batch --interval 0.6 --count 3 udp dport $FT_PORT >"$FT_TMP/top" || return
	ft_flow_answer u steady || return
	ft_expect "blocks" 3 "$(grep -c '^nft-offload top: 1 flow, 0 in hardware, 1 in software (0 refused)$' "$FT_TMP/top")" || return
	rates_are 3 "$(rates SW)" ||
		ft_fail "software rates, of $fast: $(<"$FT_TMP/top")" || return
	load && begin_hw u udp $FT_B4 || return
	echo "steady 4500 5000" >&"${FT_FLOW_IN[u]}"
	nfo -n top -b -d 0.5 --count 9 >"$FT_TMP/top" || return
	ft_flow_answer u steady || return
	rates_are 3 "$(rates HW)" ||
		ft_fail "hardware rates, of $fast: $(<"$FT_TMP/top")" || return
	udp_timeout 600
}

# Each packet is answered, or the client complains
switch_test() {
	local hits soft
	load && begin_hw u udp $FT_B4 && ft_flow_busy u run 20 64 || return
	nfo set offload off
	reaches u software && ft_flow_goes_on u && ft_expect "rules" 0 "$(grep -c "port=${SPORT[u]} " "$FT_DEBUGFS/entries")" || return
	hits=$(ft_stat p1 hit)
	soft=$(query '.[1].flow.original.sw.packets' list flows)
	ft_flow_goes_on u || return
	ft_expect "hardware's packets while off" "$hits" "$(ft_stat p1 hit)" || return
	[ "$(query '.[1].flow.original.sw.packets' list flows)" -gt "$soft" ] || ft_fail "nothing goes by software" || return
	has "list flowtables" "offload off" "$(nfo list flowtables | tr -s '\n\t ' ' ')" || return
	nfo set offload on
	reaches u hardware || return
	hits=$(ft_stat p1 hit)
	ft_flow_goes_on u || return
	[ "$(ft_stat p1 hit)" -gt "$hits" ] || ft_fail "nothing goes by hardware again"
}

ruleset_test() {
	local values
	load && nfo set offload off && nfo set strict off || return
	nfo list settings >"$FT_TMP/saved"
	ft_expect "list settings" $'set offload off\nset strict off' "$(<"$FT_TMP/saved")" &&
		ft_expect "JSON" "false false" "$(query '[.[].setting | select(.) | .value] | join(" ")' list settings)" &&
		nfo set offload on && nfo set strict on && nfo -f "$FT_TMP/saved" || return
	values=$(on_router sysctl -n net.netfilter.nf_flow_offload net.netfilter.nf_flow_offload_strict)
	ft_expect "sysctls" $'0\n0' "$values" && nfo -f - <<<"set offload on; set strict on" &&
		ft_expect "and back" $'set offload on\nset strict on' "$(nfo list settings)"
}

# with_veth: load a flowtable with a device that cannot offload
with_veth() { ft_devices p1 p2 v0 | on_router nft -f - 2>"$FT_TMP/err"; }
refused() { ! with_veth || ft_fail "$1: a flowtable with a veth device was loaded"; }
# flowtable_settings WANT: besides the sysctls
flowtable_settings() { ft_expect "settings" "$1" "$(nfo list settings | sed 1,2d)"; }
# One flowtable may do without offload at a device, by its name, over reloads; others may not
setting_test() {
	local i bad=0
	load && on_router nft flush ruleset && on_router ip link add v0 up type veth peer v1 &&
		on_router ip link set v1 up && refused "nothing is set" &&
		nfo set flowtable inet t f strict off && nfo set flowtable t f strict on || return
	flowtable_settings $'set flowtable inet t f strict off\nset flowtable ip t f strict on' &&
		ft_expect "JSON" "inet t f false;ip t f true" "$(query '[.[].setting | select(.flowtable) |
			"\(.family) \(.table) \(.flowtable) \(.strict)"] | join(";")' list settings)" || bad=1
	for i in 1 2; do
		with_veth || ft_fail "load $i: $(<"$FT_TMP/err")" || bad=1
		has "list flowtables" "strict off" "$(nfo list flowtables | tr -s '\n\t ' ' ')" || bad=1
		on_router conntrack -F >/dev/null 2>&1
		begin_hw "u$i" udp $FT_B4 || bad=1
	done
	ft_expect "JSON of the flowtable" "false v0" "$(query '.[1].flowtable |
		"\(.strict) \(.devices[] | select(.errno) | .name)"' list flowtables)" || bad=1
	diagnose 0 && diagnosed ok strict && diagnosed warn device v0 || bad=1
	nfo list settings >"$FT_TMP/saved" && json list settings >"$FT_TMP/saved.json" &&
		nfo set flowtable inet t f strict default && nfo set flowtable ip t f strict default &&
		flowtable_settings "" && on_router nft flush ruleset && refused "the setting is gone" || bad=1
	fails 1 3 'nothing is set for this flowtable$' "$TOOL" -N "$ns_r" set flowtable inet t f strict default || bad=1
	for i in "-f $FT_TMP/saved" "-j -f $FT_TMP/saved.json"; do
		nfo $i && with_veth || ft_fail "$i: $(<"$FT_TMP/err")" || bad=1
		nfo set flowtable inet t f strict default && nfo set flowtable t f strict default || bad=1
	done
	# for this one more than the sysctl asks for
	nfo set strict off && nfo set flowtable inet t f strict on && refused "strict on" || bad=1
	ft_expect "elsewhere" "" "$("$TOOL" -N "$ns_a" list settings | grep flowtable)" || bad=1
	nfo set flowtable inet t f strict default && with_veth && nfo set strict on || bad=1
	on_router nft flush ruleset
	on_router ip link del v0
	[ $bad -eq 0 ]
}

json_input_test() {
	local out
	load && nfo set offload off && nfo set strict off && json list settings >"$FT_TMP/saved.json" &&
		nfo set offload on && nfo set strict on && nfo -j -f "$FT_TMP/saved.json" || return
	ft_expect "what was saved" $'set offload off\nset strict off' "$(nfo list settings)" &&
		nfo -j '{"nft_offload": [{"set": {"offload": true}}, {"set": {"strict": true}}]}' &&
		ft_expect "and back" $'set offload on\nset strict on' "$(nfo list settings)" &&
		begin_hw u udp $FT_B4 && begin_hw v udp $FT_B4 &&
		fails 2 1 'nft_offload\[1\]\.flush\.flows\.sprt: unknown key, expecting family ' "$TOOL" -N "$ns_r" -j \
			'{"nft_offload": [{"flush": {"flows": null}}, {"flush": {"flows": {"sprt": 1}}}]}' &&
		ft_expect "flows after an error" 2 "$(nfo list flows state hardware | wc -l)" || return
	out=$(nfo -j -e "{\"nft_offload\": [{\"flush\": {\"flows\":
		{\"original\": {\"sport\": ${SPORT[u]}}}}}]}" | jq '.nft_offload[1].flushed.flows')
	ft_expect "flushed" 1 "$out" &&
		ft_expect "left" 1 "$(nfo list flows state hardware th sport "${SPORT[v]}" | wc -l)"
}

check_test() {
	load && begin_hw u udp $FT_B4 || return
	ft_expect "-c" "" "$(timeout 20 "$TOOL" -N "$ns_r" -c "flush flows; set offload off; list flows; monitor; explain udp 192.0.2.2:1 192.0.2.3:2 iif nosuch" 2>&1 || echo "code $?")" &&
		fails 2 3 'syntax error, unexpected flow, expecting flows$' "$TOOL" -N "$ns_r" -c flush flow || return
	ft_expect "the flow" 1 "$(nfo list flows state hardware | wc -l)" &&
		ft_expect "the switch" 1 "$(on_router cat /proc/sys/net/netfilter/nf_flow_offload)"
}

# diagnosed LEVEL NAME [SUBJECT]: check has such a line
diagnosed() {
	[ -n "$(jq -r ".nft_offload[].check | select(.) | select(.level == \"$1\" and .name == \"$2\" and
		(\"${3-}\" == \"\" or .subject == \"${3-}\")) | .text" "$FT_TMP/diagnosis")" ] ||
		ft_fail "check has no '$1 $2 ${3-}': $(<"$FT_TMP/diagnosis")"
}
# diagnose CODE
diagnose() {
	local got=0
	json check >"$FT_TMP/diagnosis"
	nfo check >/dev/null || got=$?
	ft_expect "exit code of check" "$1" "$got"
}
# Each fault is seen in this kernel, not where it is not
diagnose_test() {
	local before after bad=0 name fault
	load && begin_hw u udp $FT_B4 || return
	before=$(on_router nft list ruleset; on_router sysctl net.netfilter net.ipv4.ip_forward 2>/dev/null)
	diagnose 0 || return
	after=$(on_router nft list ruleset; on_router sysctl net.netfilter net.ipv4.ip_forward 2>/dev/null)
	ft_expect "what it changes" "$(sed '/_count =/d' <<<"$before")" "$(sed '/_count =/d' <<<"$after")" || return
	for fault in kernel modules offload strict forwarding "flowtable:inet t f" device:p1 device:p2 \
		"rule:inet t f" route zone helper notrack room refused reason; do
		IFS=: read -ra name <<<"$fault"
		diagnosed ok "${name[@]}" || bad=1
	done
	[ $bad -eq 0 ] || return
	grep -q 'driver netdevsim, firmware' "$FT_TMP/diagnosis" || ft_fail "driver and firmware" || return
	nfo set offload off && on_router sysctl -qw net.ipv4.ip_forward=0 net.ipv6.conf.all.forwarding=0 \
		net.netfilter.nf_flow_offload_strict=0 net.netfilter.nf_conntrack_acct=0 &&
		on_router ip link add vain type dummy && on_router ip link add other type dummy && on_router ip link set vain up &&
		on_router ip route add 203.0.113.0/24 dev vain &&
		on_router nft -f - <<-END || bad=1
	flush ruleset
	table inet t {
		flowtable f { hook ingress priority 0; devices = { p1, p2, vain }; flags offload; }
		flowtable g { hook ingress priority 5; devices = { other }; }
		ct helper ftp { type "ftp" protocol tcp; }
		chain pre {
			type filter hook prerouting priority raw
			meta l4proto 99 notrack
			tcp dport 99 ct zone set 7
		}
		chain forward {
			type filter hook forward priority 0
			tcp dport 21 ct helper set "ftp"
			tcp dport 22 counter flow add @g
		}
	}
	END
	diagnose 1 || bad=1
	for fault in fail:offload warn:strict fail:forwarding:IPv4 warn:forwarding:IPv6 "warn:flowtable:inet t g" \
		warn:device:vain "fail:rule:inet t f" "warn:rule:inet t g" warn:accounting warn:helper warn:notrack; do
		IFS=: read -ra name <<<"$fault"
		diagnosed "${name[@]}" || bad=1
	done
	grep -q 'chain pre puts connections into zones' "$FT_TMP/diagnosis" || bad=1
	load || return
	on_router sysctl -qw net.ipv4.ip_forward=1
	diagnose 0 || bad=1
	diagnosed warn route vain || bad=1
	on_router ip link del vain
	on_router ip link del other
	on_router sysctl -qw net.ipv6.conf.all.forwarding=1 net.netfilter.nf_conntrack_acct=1
	[ $bad -eq 0 ]
}
# resize SIZE: the switch has ports of the same names then, as new
resize() {
	local host
	on_router nft flush ruleset
	for host in "$ns_a a0" "$ns_b b0"; do
		read -ra host <<<"$host"
		ip -n "${host[0]}" addr flush dev "${host[1]}"
		ip -n "${host[0]}" route del default
		ip -n "${host[0]}" -6 route del default
		ip -n "${host[0]}" neigh flush all
		ip -n "${host[0]}" -6 neigh flush all
	done 2>/dev/null
	ft_table_size "$1" && ft_addresses && load
}
# Sums of what the list has, and the rules of the emulated switch
summary_test() {
	load && begin_hw u udp $FT_B4 && begin_hw v udp $FT_B4 && begin_hw t tcp $FT_B6 || return
	ft_flow_cmd u run 100 100 || return
	ft_expect "total" "3 3 0" "$(query '.[1].summary.total | "\(.flows) \(.hardware_flows) \(.refused)"' summary)" &&
		ft_expect "path" "p1 p2 3" "$(query '.[1].summary.paths[] | "\(.iif) \(.oif) \(.flows)"' summary)" &&
		ft_expect "hosts" "$FT_A4 2 $FT_B4 2 $FT_A6 1 $FT_B6 1" "$(query '[.[1].summary.hosts | sort_by(.addr)[] | .addr, .flows] | join(" ")' summary)" &&
		ft_expect "with a filter" "1" "$(query '.[1].summary.total.flows' summary meta nfproto ipv6)" &&
		ft_expect "rules" "6 65536" "$(query '.[1].summary.rooms[] | "\(.used) \(.size)"' summary)" || return
	echo 28 >"$FT_DEBUGFS/fail_add"
	begin w udp $FT_B4 && reaches w failed &&
		ft_expect "reasons" "table-full 1" "$(query '.[1].summary.reasons[] | "\(.reason) \(.flows)"' summary)"
}

# Hardware that is full
full_test() {
	local bad=0
	resize 2 && begin_hw u udp $FT_B4 && begin v udp $FT_B6 && reaches v failed && diagnose 1 &&
		diagnosed fail room && diagnosed warn refused table-full &&
		diagnosed warn reason table-full || bad=1
	resize 65536 || return
	on_router nft flush ruleset
	diagnose 1 && diagnosed fail flowtable && return $bad
}

netns_test() {
	load && begin_hw u udp $FT_B4 || return
	ft_expect "by name" 1 "$(nfo list flows | wc -l)" &&
		ft_expect "by path" 1 "$("$TOOL" -N "/run/netns/$ns_r" -l list flows | wc -l)" &&
		ft_expect "from inside" 1 "$(on_router "$TOOL" -l list flows | wc -l)" &&
		ft_expect "host A has none" 0 "$("$TOOL" -N "$ns_a" -l list flows | wc -l)" &&
		ft_expect "flush there" 0 "$("$TOOL" -e -N "$ns_a" flush flows)" &&
		ft_expect "changes nothing here" 1 "$(nfo list flows state hardware | wc -l)" &&
		fails 1 1 'Could not go to network namespace "nosuch": No such file' "$TOOL" -N nosuch list flows
}

# code WANT ARGUMENT...
code() {
	local got=0
	nfo "${@:2}" >/dev/null 2>"$FT_TMP/err" </dev/null || got=$?
	ft_expect "exit code of ${*:2}" "$1" "$got" || return
	[ "$1" -eq 0 ] || [ -s "$FT_TMP/err" ] || ft_fail "no word about it: ${*:2}"
}
codes_test() {
	load && code 0 list flows && code 0 flush flows && code 0 list flowtables &&
		code 1 list flow udp 192.0.2.2:1 198.51.100.2:2 && code 1 list flows iif nosuch &&
		code 1 -f /nosuch && code 2 list flows state green && code 2 --nosuch && code 2 && code 2 list
}

rights_test() {
	local denied='Operation not permitted \(you must be root, or have CAP_NET_ADMIN\)$' command
	local inside=(ip netns exec "$ns_r")
	load && begin_hw u udp $FT_B4 || return
	for command in "${commands[@]}"; do
		fails 1 1 "$denied" "${inside[@]}" setpriv --bounding-set -net_admin --inh-caps -net_admin \
			"$TOOL" $command || return
	done
	for command in "list flows" "flush flows" "set offload off"; do
		fails 1 1 "$denied" "${inside[@]}" setpriv --reuid 65534 --regid 65534 --clear-groups \
			"$TOOL" $command || return
	done
	fails 1 1 "$denied" "${inside[@]}" unshare -U "$TOOL" list flows &&
		fails 1 1 "$denied" "${inside[@]}" unshare -Ur "$TOOL" flush flows || return
	# a namespace of one's own: flows are one's own, hardware is not
	ft_expect "in its own namespace" "" "$(on_router unshare -Urn "$TOOL" -l list flows 2>&1)" &&
		fails 1 1 "$denied" "${inside[@]}" unshare -Urn "$TOOL" set offload off &&
		ft_expect "nothing changed" 1 "$(nfo list flows state hardware | wc -l)"
}

prometheus_test() {
	local text labels='family="inet",table="t",flowtable="f"'
	load && begin_hw u udp $FT_B4 || return
	echo 28 >"$FT_DEBUGFS/fail_add"
	begin v udp $FT_B6 && reaches v failed || return
	text=$(nfo -o prometheus list flowtables) || return
	ft_expect "lines that are none of the format" "" \
		"$(grep -vE '^(# (HELP|TYPE) nft_offload_[a-z_]+ .+|nft_offload_[a-z_]+\{([a-z]+="[^"]*",?)+\} [0-9]+)$' <<<"$text")" || return
	for want in "flows{$labels} 2" "hardware_flows{$labels} 1" "hardware_added_total{$labels} 1" \
		"hardware_requested{$labels} 1" "device_usable{$labels,device=\"p1\"} 1"; do
		grep -qxF "nft_offload_$want" <<<"$text" || ft_fail "no '$want' in: $text" || return
	done
	grep -qE '^nft_offload_reasons_total\{.*,reason="table-full"\} [1-9]' <<<"$text" &&
		grep -qE '^nft_offload_driver_errors_total\{.*,errno="ENOSPC"\} [1-9]' <<<"$text" ||
		ft_fail "the refusal: $text"
}

# All JSON of the other tests
schema_test() {
	jq . "$FT_TMP"/json/* >/dev/null || ft_fail "jq cannot read it" || return
	python3 - "$schema" "$FT_TMP"/json/* <<-'END'
	import json, sys
	import jsonschema

	schema = json.load(open(sys.argv[1]))
	jsonschema.Draft7Validator.check_schema(schema)
	validator = jsonschema.Draft7Validator(schema)
	kinds, bad = set(), False
	for name in sys.argv[2:]:
	    text = open(name).read()
	    for part in text.splitlines() if name.endswith("/events") else [text]:
	        data = json.loads(part)
	        for entry in data.get("nft_offload", [data]):
	            kinds.update(entry)
	        for error in validator.iter_errors(data):
	            print("#", error.message[:300])
	            bad = True
	missing = {"metainfo", "flow", "flowtable", "setting", "flushed", "pinned", "explain", "event", "check", "summary", "policy"} - kinds
	if missing:
	    print("# none seen of:", *missing)
	sys.exit(bad or bool(missing))
	END
}

all=(
	no_module "without the module"
	list "list flows"
	ipv6 "list flows, IPv6"
	nat "list flows with NAT"
	zone "list flows in a zone"
	counters "counters are what was sent"
	one_flow "list one flow"
	ct_id "conntrack id"
	filters "filters"
	flush "flush flows"
	monitor "monitor"
	unload "the module is unloaded under a monitor"
	flowtables "list flowtables"
	refused "refusals of the driver"
	explain "explain"
	steps "explain in steps"
	rule_step "explain: rules, with counters, behind jumps and maps"
	top "top"
	switch "set offload off and on, no packet lost"
	ruleset "list settings, and load it"
	policy "policies: add, replace, list, load, delete"
	marks "policies: never and software, of live flows"
	thresholds "policies: stack, hardware after and budget"
	script "rulesets with policies: all or nothing"
	pin "set flows: hardware, software, auto"
	pin_rights "set flows: no rights, no pin"
	elephants "a daemon pins the fastest flows"
	setting "set flowtable strict: one with a veth device is loaded"
	json_input "commands in JSON"
	check "check only"
	diagnose "check: faults of a router"
	full "check: hardware without room"
	summary "summary"
	netns "network namespaces"
	codes "exit codes"
	rights "no rights"
	prometheus "prometheus"
	export "export ipfix: all bytes that were sent"
	export_many "export ipfix: 10,000 flows"
	schema "JSON is as the schema says"
)

chosen=("${@:3}")
if [ ${#chosen[@]} -eq 0 ]; then
	for ((i = 0; i < ${#all[@]}; i += 2)); do chosen+=("${all[i]}"); done
fi

ktap_print_header
ft_require jq python3 setpriv unshare
ktap_set_plan ${#chosen[@]}
ft_setup
modprobe -q nf_flow_table
ip netns exec "$ns_r" sysctl -qw net.netfilter.nf_flow_acct=1 # from the first packet on
udp_timeout 600 # tools take seconds in a slow guest
for ((i = 0; i < ${#all[@]}; i += 2)); do
	[[ " ${chosen[*]} " = *" ${all[i]} "* ]] || continue
	ft_flow_test "nft-offload: ${all[i + 1]}" "${all[i]}_test"
	monitors_end KILL >/dev/null 2>&1 # of a test that failed
done
ktap_finished
