#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# nft_offload: requests that are wrong are refused with words that say what is
# wrong, and change nothing; who may ask, and who is told; datagrams of events.
#
# For the topology see flow_table_lib.sh.
#
# shellcheck disable=SC2154 # assigned in flow_table_lib.sh or by setup_ns
# shellcheck disable=SC2317,SC2329 # ft_test calls, by name

# shellcheck source=flow_table_lib.sh
source "$(dirname "$0")/flow_table_lib.sh"

# NFT_OFFLOAD_CMD_*
GET=1 FLOW_NEW_NTF=2 DEL=3 TABLE_GET=5 EXPLAIN=6
# NFT_OFFLOAD_FLOW_*: the nested filter; the same in an explain request
FILTER=2 EXPLAIN_FILTER=1
EXPLAIN_TAKES="EINVAL explain takes protocols, addresses, ports and zone, or an \
id; the device it enters by; the flowtable"

NO_FLOW="ENOENT no such flow in any flowtable"
NO_ENTRY="ENOENT no conntrack entry has this id"
LISTENERS=() # processes

# Usage: attr TYPE HEX...: an attribute, in hexadecimal
attr()
{
	local type=$1 data len
	shift

	data=$(printf %s "$@")
	len=$((${#data} / 2 + 4))
	printf %02x%02x%02x%02x%s $((len & 255)) $((len >> 8)) \
		$((type & 255)) $((type >> 8)) "$data"
	while [ $((len++ % 4)) -ne 0 ]; do
		printf 00
	done
}

# Usage: filter ATTR...: a request's attributes
filter()
{
	attr $((FILTER | 0x8000)) "$@"
}

explain()
{
	attr $((EXPLAIN_FILTER | 0x8000)) "$@"
}

# Usage: request MESSAGE [dump] HEX...
request()
{
	ip netns exec "$ns_r" "$ft_dir/ft_netlink.py" "$@"
}

# Usage: bad_test WANT MESSAGE [dump] HEX...: refused like that, and the flow
# goes on in hardware
bad_test()
{
	local want=$1
	shift

	ft_expect "answer" "$want" "$(request "$@")" && ft_hw_rules 2
}

# Usage: each_test WANT FILTER-ATTR...: in dumps, flushes, and questions
each_test()
{
	local want=$1
	shift

	bad_test "$want" $GET dump "$(filter "$@")" &&
	bad_test "$want" $DEL "$(filter "$@")" &&
	bad_test "$want" $EXPLAIN "$(explain "$@")"
}

# Usage: bare_test WANT HEX...: after the header of each of these requests
bare_test()
{
	local want=$1
	shift

	bad_test "$want" $GET dump "$@" &&
	bad_test "$want" $DEL "$@" &&
	bad_test "$want" $EXPLAIN "$@"
}

# Usage: plain_test WANT: to a filter without the flag that says what it is
plain_test()
{
	bad_test "$1" $GET dump "$(attr $FILTER "$l3")" &&
	bad_test "$1" $DEL "$(attr $FILTER "$l3")" &&
	bad_test "$1" $EXPLAIN "$(attr $EXPLAIN_FILTER "$l3")"
}

# Usage: range_test FILTER-ATTR: more than one flow, to those who want one
range_test()
{
	local want="EINVAL one flow needs protocols, addresses and ports"
	local one=("$(attr 4 02)" "$(attr 5 11)" "$(attr 6 c0000202)"
		"$(attr 8 c6336402)" "$(attr 10 0001)" "$(attr 12 0002)")

	bad_test "$want: else ask for a dump" $GET \
		"$(filter "${one[@]}" "$@")" &&
	bad_test "$EXPLAIN_TAKES" $EXPLAIN "$(explain "${one[@]}" "$@")"
}

no_capability_test()
{
	local answer

	answer=$(ip netns exec "$ns_r" setpriv --bounding-set=-net_admin \
		--inh-caps=-net_admin --reuid 65534 --clear-groups \
		"$ft_dir/ft_netlink.py" $GET dump)
	ft_expect "answer" "EPERM" "${answer%% *}"
}

# Nor does one learn of flows.
no_listener_test()
{
	local answer

	answer=$(ip netns exec "$ns_r" timeout 10 setpriv \
		--bounding-set=-net_admin --inh-caps=-net_admin --reuid 65534 \
		--clear-groups "$ft_dir/ft_netlink.py" listen 2>&1)
	ft_expect "answer" "PermissionError: [Errno 1] Operation not permitted" \
		"${answer##*$'\n'}"
}

# Usage: port NUMBER: in hexadecimal
port()
{
	printf %04x "$1"
}

# The client's flow, as a filter has it
client()
{
	printf %s "$l3" "$(attr 5 11)" "$(attr 6 c0000202)" \
		"$(attr 8 c6336402)" \
		"$(attr 10 "$(port "${FT_ANSWER_CONNECT##* }")")" \
		"$(attr 12 "$(port $FT_PORT)")"
}

# Usage: u32 NUMBER: in hexadecimal, in the order of this host
u32()
{
	python3 -c 'import struct, sys
print(struct.pack("=I", int(sys.argv[1])).hex())' "$1"
}

# The id of the client's conntrack entry, as an attribute
ct_id()
{
	local id

	id=$(ft_conntrack -p udp --sport "${FT_ANSWER_CONNECT##* }" -o id)
	attr 20 "$(printf %08x "${id##* id=}")"
}

# Usage: unseen_test FILTER-ATTR: explain does not look at it
unseen_test()
{
	bad_test "$EXPLAIN_TAKES" $EXPLAIN "$(explain "$(client)" "$@")" &&
	bad_test "$EXPLAIN_TAKES" $EXPLAIN "$(explain "$(ct_id)" "$@")"
}

# All that explain looks at
seen_test()
{
	local index

	index=$(ip netns exec "$ns_r" cat /sys/class/net/p1/ifindex)
	ft_expect "answer" "ok 1" "$(request $EXPLAIN \
		"$(explain "$(client)" "$(attr 1 01)" "$(attr 2 7400)" \
			"$(attr 3 6600)" "$(attr 19 0000)" \
			"$(attr 14 "$(u32 "$index")")")")"
}

# Usage: ct_id_test FILTER-ATTR FLOW EXPLAIN: what the two answer
ct_id_test()
{
	ft_expect "flow" "$2" "$(request $GET "$(filter "$1")")" &&
	ft_expect "explain" "$3" "$(request $EXPLAIN "$(explain "$1")")"
}

# There is one, but not here.
foreign_ct_id_test()
{
	local id

	id=$(ct_id)
	ct_id_test "$id" "ok 1" "ok 1" &&
	ns_r=$ns_a ct_id_test "$id" "$NO_FLOW" "$NO_ENTRY" &&
	ft_expect "flush there" "ok 0" \
		"$(ns_r=$ns_a request $DEL "$(filter "$id")")" &&
	ft_hw_rules 2
}

# Usage: elsewhere_test HERE THERE MESSAGE [dump] HEX...: answers on the router, and
# in the namespace of a host
elsewhere_test()
{
	local here=$1 there=$2
	shift 2

	ft_expect "here" "$here" "$(request "$@")" &&
	ft_expect "there" "$there" "$(ns_r=$ns_a request "$@")"
}

# Flows of other namespaces are nobody's business.
foreign_test()
{
	ft_expect "here" "ok 1" "$(request $GET dump)" &&
	ft_expect "there" "ok 0" "$(ip netns exec "$ns_a" \
		"$ft_dir/ft_netlink.py" $GET dump)" &&
	ft_expect "flush there" "ok 0" "$(ip netns exec "$ns_a" \
		"$ft_dir/ft_netlink.py" $DEL)" && ft_hw_rules 2
}

# Usage: listen NETNS FILE: a line for each datagram of events there, in $FT_TMP
listen()
{
	: >"$FT_TMP/$2"
	ft_exec "$1" "$ft_dir/ft_netlink.py" listen >"$FT_TMP/$2" 2>&1 &
	LISTENERS+=("$!")
	FT_PIDS+=("$!")
	slowwait 20 listening "$2" || ft_fail "nobody listens"
}

listening()
{
	[[ $(<"$FT_TMP/$1") = listening* ]]
}

listen_end()
{
	kill "${LISTENERS[@]}"
	wait "${LISTENERS[@]}" 2>/dev/null
	LISTENERS=()
}

# Usage: events FILE: how many came, and the bytes of the longest datagram
events()
{
	# shellcheck disable=SC2016 # awk knows $1
	awk '$1 + 0 > most { most = $1 + 0 }
		{ events += $2 }
		END { print events + 0, most + 0 }' "$FT_TMP/$1"
}

# Usage: came FILE COUNT: events, or more
came()
{
	local came

	read -r came _ <<<"$(events "$1")"
	[ "$came" -ge "$2" ]
}

# A flow goes, and comes again: gone, added, hardware
foreign_events_test()
{
	local status=0

	listen "$ns_r" here && listen "$ns_a" there &&
	ft_expect "flush" "ok 0" "$(request $DEL)" &&
	ft_cmd run 4 64 && ft_wait_hw || status=1
	slowwait 5 came here 3 || ft_fail "here: $(<"$FT_TMP/here")" || status=1
	ft_nap 0.3
	listen_end
	ft_expect "there" "listening" "$(<"$FT_TMP/there")" || status=1
	return $status
}

# Many events at once are told in few datagrams; readers have room for 16 KiB.
datagram_test()
{
	local out most

	listen "$ns_r" burst || return
	out=$(ip netns exec "$ns_a" "$FT_TRAFFIC" burst udp $FT_B4 $FT_PORT \
		300 2>&1) || ft_fail "burst: $out"
	slowwait 10 came burst 600 || ft_fail "new flows: $(events burst)"
	ft_expect "flush" "ok 0" "$(request $DEL)"
	slowwait 10 came burst 900 || ft_fail "all flows: $(events burst)"
	listen_end
	read -r out most <<<"$(events burst)"
	echo "# events $out, longest datagram $most"
	[[ $out -ge 900 && $most -gt 8192 && $most -le 16384 ]] ||
		ft_fail "bytes of the longest datagram: $most"
}

# A flow is ended by its address, and comes back.
flush_test()
{
	ft_expect "others" "ok 0" "$(request $DEL \
		"$(filter "$(attr 4 02)" "$(attr 6 c0000203)")")" &&
	ft_hw_rules 2 || ft_fail "another flow is gone" || return
	ft_expect "it" "ok 0" "$(request $DEL \
		"$(filter "$(attr 4 02)" "$(attr 6 c0000202)")")" &&
	ft_hw_rules 0 || ft_fail "it is still in hardware" || return
	ft_cmd run 4 64 && ft_wait_hw
}

ktap_print_header
ft_require python3 setpriv
ktap_set_plan 50

ft_setup
modprobe nft_offload
# the flow is idle meanwhile
ip netns exec "$ns_r" sysctl -qw net.netfilter.nf_flowtable_udp_timeout=300 \
	net.netfilter.nf_conntrack_udp_timeout=300 \
	net.netfilter.nf_conntrack_udp_timeout_stream=300
ft_ruleset && ft_connect_hw udp $FT_B4 $FT_PORT || ktap_exit_fail_msg "no flow"

# the client goes on through all tests
ft_client_stop() { :; }

l3=$(attr 4 02)
ft_test "command that is none" bad_test ENOTSUP 77
ft_test "command of events" bad_test ENOTSUP $FLOW_NEW_NTF
ft_test "message without header" bad_test EINVAL bare dump 00
ft_test "header with reserved bits" bad_test \
	"EINVAL genlmsghdr.reserved field is not 0" bare dump 01010100
ft_test "unknown attribute" each_test "EINVAL Unknown attribute type" \
	"$(attr 60 00000000)"
ft_test "unknown attribute beside the filter" bare_test \
	"EINVAL Unknown attribute type" "$(attr 99 00)"
ft_test "filter that is not nested" plain_test "EINVAL NLA_F_NESTED is missing"
ft_test "attribute that is cut off" bare_test \
	"EINVAL bytes leftover after parsing attributes" 08000280ff
ft_test "attribute within the filter that is cut off" each_test \
	"EINVAL bytes leftover after parsing attributes" 0800048002
ft_test "number that is too short" each_test \
	"EINVAL invalid attribute length" "$(attr 14 0100)"
ft_test "zone that is too short" each_test \
	"EINVAL invalid attribute length" "$(attr 19 01)"
ft_test "device that is none" each_test \
	"ERANGE integer out of range" "$(attr 14 00000000)"
ft_test "name that is too long" each_test \
	"EINVAL Attribute failed policy validation" \
	"$(attr 2 "$(printf '61%.0s' {1..300})" 00)"
ft_test "name without an end" each_test \
	"EINVAL Attribute failed policy validation" "$(attr 2 6161)"
ft_test "address of 5 bytes" each_test \
	"EINVAL address of another length than the layer 3 protocol has" \
	"$l3" "$(attr 6 0102030405)"
ft_test "address of 3 bytes" each_test \
	"EINVAL address of another length than the layer 3 protocol has" \
	"$l3" "$(attr 6 010203)"
ft_test "address of 17 bytes" each_test \
	"ERANGE binary attribute size out of range" \
	"$l3" "$(attr 6 0102030405060708090a0b0c0d0e0f1011)"
ft_test "address without protocol" each_test \
	"EINVAL an address needs the layer 3 protocol, too" "$(attr 6 01020304)"
ft_test "highest address alone" each_test \
	"EINVAL a highest address needs the lowest one, too" \
	"$l3" "$(attr 7 01020304)"
ft_test "addresses upside down" each_test \
	"EINVAL lowest address is above the highest one" \
	"$l3" "$(attr 6 01020305)" "$(attr 7 01020304)"
ft_test "ports upside down" each_test \
	"EINVAL lowest port is above the highest one" \
	"$(attr 12 0050)" "$(attr 13 0010)"
ft_test "protocol that is none" each_test \
	"EINVAL invalid enum value" "$(attr 4 04)"
ft_test "protocol that has no flows" each_test \
	"EINVAL layer 3 protocol is neither IPv4 nor IPv6" "$(attr 4 03)"
ft_test "family that is none" each_test \
	"EINVAL invalid enum value" "$(attr 1 04)"
ft_test "mask without mark" each_test \
	"EINVAL a mask needs the mark, too" "$(attr 17 ffffffff)"
ft_test "state that is none" each_test \
	"EINVAL reserved bit set" "$(attr 18 20000000)"
ft_test "one flow without ports" bad_test \
	"EINVAL one flow needs protocols, addresses and ports: else ask for a dump" \
	$GET "$(filter "$l3" "$(attr 6 c0000202)")"
ft_test "one flow to some addresses" range_test "$(attr 9 c6336403)"
ft_test "one flow from some ports" range_test "$(attr 11 ffff)"
ft_test "explain with all it looks at" seen_test
ft_test "explain and where it leaves" unseen_test "$(attr 15 "$(u32 1)")"
ft_test "explain and its mark" unseen_test "$(attr 16 "$(u32 1)")"
ft_test "explain and some bits of its mark" unseen_test \
	"$(attr 16 "$(u32 1)")" "$(attr 17 "$(u32 1)")"
ft_test "explain and its state" unseen_test "$(attr 18 "$(u32 1)")"
ft_test "explain by id and more" unseen_test "$(ct_id)" "$l3"
ft_test "conntrack id" ct_id_test "$(ct_id)" "ok 1" "ok 1"
ft_test "conntrack id that is none" ct_id_test "$(attr 20 00000000)" \
	"$NO_FLOW" "$NO_ENTRY"
ft_test "conntrack id that is too short" each_test \
	"EINVAL invalid attribute length" "$(attr 20 0000)"
ft_test "explain without filter" bad_test \
	"EINVAL one flow needs protocols, addresses and ports: else ask for a dump" \
	$EXPLAIN
ft_test "one flowtable" bad_test \
	ENOTSUP $TABLE_GET
ft_test "flowtables with a filter" bad_test \
	"EINVAL Unknown attribute type" \
	$TABLE_GET dump "$(filter "$l3")"
ft_test "without the capability" no_capability_test
ft_test "events without the capability" no_listener_test
ft_test "from another namespace" foreign_test
ft_test "one flow, from another namespace" elsewhere_test "ok 1" \
	"$NO_FLOW" $GET "$(filter "$(client)")"
ft_test "flowtables, from another namespace" elsewhere_test "ok 1" "ok 0" \
	$TABLE_GET dump
ft_test "conntrack id, from another namespace" foreign_ct_id_test
ft_test "events, from another namespace" foreign_events_test
ft_test "flush by address" flush_test
ft_test "datagrams of events" datagram_test

ktap_finished
