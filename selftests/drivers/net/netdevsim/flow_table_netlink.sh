#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# nft_offload: requests that are wrong are refused with words that say what is
# wrong, and change nothing; and who may ask.
#
# For the topology see flow_table_lib.sh.
#
# shellcheck disable=SC2154 # assigned in flow_table_lib.sh or by setup_ns
# shellcheck disable=SC2317,SC2329 # ft_test calls, by name

# shellcheck source=flow_table_lib.sh
source "$(dirname "$0")/flow_table_lib.sh"

# enum nft_offload_msg_types
GET=1 DEL=2 TABLE_GET=4 EXPLAIN=5
# enum nft_offload_flow_attrs: the nested filter; the same in an explain request
FILTER=2 EXPLAIN_FILTER=1
NFGEN=00000000

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

	bad_test "$want" $GET dump $NFGEN "$(filter "$@")" &&
	bad_test "$want" $DEL $NFGEN "$(filter "$@")" &&
	bad_test "$want" $EXPLAIN $NFGEN "$(explain "$@")"
}

# Usage: bare_test WANT HEX...: after the header of each of these requests
bare_test()
{
	local want=$1
	shift

	bad_test "$want" $GET dump $NFGEN "$@" &&
	bad_test "$want" $DEL $NFGEN "$@" &&
	bad_test "$want" $EXPLAIN $NFGEN "$@"
}

# Usage: plain_test WANT: to a filter without the flag that says what it is
plain_test()
{
	bad_test "$1" $GET dump $NFGEN "$(attr $FILTER "$l3")" &&
	bad_test "$1" $DEL $NFGEN "$(attr $FILTER "$l3")" &&
	bad_test "$1" $EXPLAIN $NFGEN "$(attr $EXPLAIN_FILTER "$l3")"
}

# Usage: range_test FILTER-ATTR: more than one flow, to those who want one
range_test()
{
	local want="EINVAL one flow needs protocols, addresses and ports"
	local one=("$(attr 4 02)" "$(attr 5 11)" "$(attr 6 c0000202)"
		"$(attr 8 c6336402)" "$(attr 10 0001)" "$(attr 12 0002)")

	bad_test "$want: else ask for a dump" $GET $NFGEN \
		"$(filter "${one[@]}" "$@")" &&
	bad_test "$want: else ask for a dump" $EXPLAIN $NFGEN \
		"$(explain "${one[@]}" "$@")"
}

no_capability_test()
{
	local answer

	answer=$(ip netns exec "$ns_r" setpriv --bounding-set=-net_admin \
		--inh-caps=-net_admin --reuid 65534 --clear-groups \
		"$ft_dir/ft_netlink.py" $GET dump $NFGEN)
	ft_expect "answer" "EPERM" "${answer%% *}"
}

# Flows of other namespaces are nobody's business.
foreign_test()
{
	ft_expect "here" "ok 1" "$(request $GET dump $NFGEN)" &&
	ft_expect "there" "ok 0" "$(ip netns exec "$ns_a" \
		"$ft_dir/ft_netlink.py" $GET dump $NFGEN)" &&
	ft_expect "flush there" "ok 0" "$(ip netns exec "$ns_a" \
		"$ft_dir/ft_netlink.py" $DEL $NFGEN)" && ft_hw_rules 2
}

# A flow is ended by its address, and comes back.
flush_test()
{
	ft_expect "others" "ok 0" "$(request $DEL $NFGEN \
		"$(filter "$(attr 4 02)" "$(attr 6 c0000203)")")" &&
	ft_hw_rules 2 || ft_fail "another flow is gone" || return
	ft_expect "it" "ok 0" "$(request $DEL $NFGEN \
		"$(filter "$(attr 4 02)" "$(attr 6 c0000202)")")" &&
	ft_hw_rules 0 || ft_fail "it is still in hardware" || return
	ft_cmd run 4 64 && ft_wait_hw
}

ktap_print_header
ft_require python3 setpriv
ktap_set_plan 31

ft_setup
modprobe nft_offload
ft_ruleset && ft_connect_hw udp $FT_B4 $FT_PORT || ktap_exit_fail_msg "no flow"

# the client goes on through all tests
ft_client_stop() { :; }

l3=$(attr 4 02)
ft_test "message that is none" bad_test EINVAL 77 $NFGEN
ft_test "message of answers" bad_test EINVAL 0 $NFGEN
ft_test "message without header is ignored" bad_test "ok 0" $GET dump 00
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
	"ERANGE binary attribute size out of range" "$l3" "$(attr 6 010203)"
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
	"EINVAL layer 3 protocol is neither IPv4 nor IPv6" "$(attr 4 03)"
ft_test "mask without mark" each_test \
	"EINVAL a mask needs the mark, too" "$(attr 17 ffffffff)"
ft_test "state that is none" each_test \
	"EINVAL reserved bit set" "$(attr 18 20000000)"
ft_test "one flow without ports" bad_test \
	"EINVAL one flow needs protocols, addresses and ports: else ask for a dump" \
	$GET $NFGEN "$(filter "$l3" "$(attr 6 c0000202)")"
ft_test "one flow to some addresses" range_test "$(attr 9 c6336403)"
ft_test "one flow from some ports" range_test "$(attr 11 0003)"
ft_test "explain without filter" bad_test \
	"EINVAL one flow needs protocols, addresses and ports: else ask for a dump" \
	$EXPLAIN $NFGEN
ft_test "one flowtable" bad_test \
	"ENOTSUP flowtables come as a dump only" $TABLE_GET $NFGEN
ft_test "flowtables with a filter" bad_test \
	"EINVAL this request takes no attributes" \
	$TABLE_GET dump $NFGEN "$(filter "$l3")"
ft_test "without the capability" no_capability_test
ft_test "from another namespace" foreign_test
ft_test "flush by address" flush_test

ktap_finished
