# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# For kernel.sh: records of flows have all bytes that were sent, but for those of packets that rules
# have seen, which a counter in front of "flow add" knows.
# shellcheck disable=SC2086,SC2154,SC2015,SC2317,SC2329 # as there

here=$(dirname "$(realpath "${BASH_SOURCE[0]}")")

# add_up FILE: records, packets and bytes of both directions, and the bytes by software and hardware
add_up() {
	PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$here python3 - "$1" <<-'END'
	import sys
	import ipfix
	reader = ipfix.Reader()
	left = reader.stream(open(sys.argv[1], "rb").read())
	sums = ipfix.totals(reader.records)
	both = lambda name: sums[name[0].lower() + name[1:]] + sums["reverse" + name]
	assert not left and not reader.missing, "a part of the file is missing"
	assert both("SoftwareOctetDeltaCount") + both("HardwareOctetDeltaCount") == both("OctetDeltaCount")
	print(len(reader.records), both("PacketDeltaCount"), both("OctetDeltaCount"), both("HardwareOctetDeltaCount"))
	END
}
seen_by_rules() { on_router nft list counter inet t slow | sed -n 's/.*packets \([0-9]*\) bytes \([0-9]*\).*/\1 \2/p'; }
# export_begins NAME ARGUMENT...: in the background, into $FT_TMP/NAME.ipfix
export_begins() {
	"$TOOL" -N "$ns_r" export ipfix file "$FT_TMP/$1.ipfix" "${@:2}" 2>"$FT_TMP/$1.err" &
	MONITORS+=("$!")
	FT_PIDS+=("$!")
	slowwait 5 listeners ${#MONITORS[@]} || ft_fail "nobody listens: $(<"$FT_TMP/$1.err")"
}
counting="counter slow { }
	chain slow {
		type filter hook forward priority -10
		meta l4proto udp counter name slow
	}"
# sent_is PACKETS BYTES NAME [HARDWARE]: records and rules have as many, and hardware has forwarded so
# many bytes at least
sent_is() {
	local all slow
	read -ra all < <(add_up "$FT_TMP/$3.ipfix")
	read -ra slow < <(seen_by_rules)
	ft_expect "packets and bytes, of ${all[0]} records and of rules (${slow[*]})" "$1 $2" \
		"$((all[1] + slow[0])) $((all[2] + slow[1]))" || return
	[ "${all[3]}" -ge "${4:-0}" ] || ft_fail "by hardware: ${all[3]} bytes" || return
	ft_expect "the totals it prints" "${all[0]} records ${all[1]} packets, ${all[2]} bytes; 0 records not delivered; 0 events lost" \
		"$(sed -E 's/ in [0-9]+ messages://' "$FT_TMP/$3.err")"
}
w_is_read() { [ "$(query '.[1].flow | .original, .reply | .hw.packets' list flows udp sport "${SPORT[w]}" | sort -n | head -n 1)" -ge 100 ]; }
# Two flows that end, of which one has had records before, and one that goes on
export_test() {
	udp_timeout 10 # the driver is asked early
	load "$counting" && export_begins some timeout 1 || return
	begin_hw u udp $FT_B4 && begin_hw v udp $FT_B6 && begin_hw w udp $FT_B4 || return
	ft_flow_cmd u run 500 100 && ft_flow_cmd v run 300 1000 && ft_nap 3 &&
		ft_flow_cmd u run 200 400 && ft_flow_cmd w run 100 10 || return
	nfo flush flows udp sport "${SPORT[u]}" && nfo flush flows udp sport "${SPORT[v]}" || return
	slowwait 5 flows_are 1 || ft_fail "flows are left: $(nfo list flows)" || return
	slowwait 20 w_is_read || ft_fail "the driver is not asked: $(nfo list flows)" || return
	monitors_end INT && udp_timeout 600 || return
	# each has 4 packets of 64 bytes first; 28 and 48 bytes of headers; all of it comes back
	sent_is $((2 * (3 * 4 + 500 + 300 + 200 + 100))) \
		$((2 * (2 * 4 * 92 + 4 * 112 + 500 * 128 + 300 * 1048 + 200 * 428 + 100 * 38))) some $((2 * 300 * 1048))
}
# 10,000 flows of 2 packets of 29 bytes, and their answers
export_many_test() {
	load "$counting" && export_begins many || return
	ip netns exec "$ns_a" timeout 120 "$FT_TRAFFIC" burst udp $FT_B4 $FT_PORT 10000 >"$FT_TMP/burst" 2>&1 ||
		ft_fail "burst: $(tail -n 1 "$FT_TMP/burst")" || return
	nfo flush flows
	slowwait 20 flows_are 0 || ft_fail "$LINES_OF flows are left" || return
	monitors_end INT && sent_is 40000 1160000 many 1
}
