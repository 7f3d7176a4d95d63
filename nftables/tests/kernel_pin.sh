# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# For kernel.sh: flows that are pinned, by people and by a daemon.
# shellcheck disable=SC2086,SC2154,SC2015,SC2153,SC2317,SC2329 # as there

# places NAME...: which of these flows are in hardware
places() {
	local name there=""
	for name in "$@"; do
		! in_state "${SPORT[$name]}" hardware || there+="$name "
	done
	echo "$there"
}
placed() { [ "$(places "${@:2}")" = "$1" ]; }

pin_test() {
	load && begin_hw u udp $FT_B4 && begin_hw t tcp $FT_B4 || return
	ft_expect "how many" 1 "$(nfo -e set flows udp dport $FT_PORT software)" && reaches u software || return
	has "listed" "state software pin software" "$(nfo list flows th sport "${SPORT[u]}")" &&
		has "reason" "reason pinned" "$(nfo list flows th sport "${SPORT[u]}")" &&
		ft_expect "in JSON" "software" "$(query '.[1].flow.pin' list flows th sport "${SPORT[u]}")" &&
		ft_expect "the other one" "null" "$(query '.[1].flow.pin' list flows th sport "${SPORT[t]}")" &&
		ft_expect "how many, in JSON" 2 "$(query '.[1].pinned.flows' -e set flows hardware)" &&
		ft_flow_cmd u run 4 64 && reaches u hardware &&
		has "listed" "state hardware pin hardware" "$(nfo list flows th sport "${SPORT[u]}")" &&
		ft_expect "a set, one by one" 2 "$(nfo -e set flows th dport "{ $FT_PORT, 1 }" auto)" &&
		ft_expect "none has a pin" "" "$(nfo list flows | grep ' pin ')" &&
		fails 2 3 "syntax error, unexpected slow, expecting .*hardware, auto" "$TOOL" -N "$ns_r" set flows slow &&
		fails 1 3 "No such flowtable" "$TOOL" -N "$ns_r" set flows flowtable none software
}

pin_rights_test() {
	load && begin_hw u udp $FT_B4 || return
	fails 1 1 "Operation not permitted" ip netns exec "$ns_r" setpriv --bounding-set=-net_admin \
		--inh-caps=-net_admin --reuid 65534 --clear-groups "$TOOL" set flows software &&
		ft_flow_cmd u run 20 64 && in_state "${SPORT[u]}" hardware || ft_fail "it has left hardware"
}

# A daemon that gives two places to the fastest
elephants_test() {
	local name daemon elephants=$FT_TMP/elephants
	cp "$LIBNFTNL/examples/nftnl-flow-elephants" "$elephants" || return
	load && for name in m1 m2 m3 e1 e2; do begin $name udp $FT_B4 || return; done
	for name in m1 m2 m3; do echo "steady 30000 200000" >&"${FT_FLOW_IN[$name]}"; done
	for name in e1 e2; do echo "steady 30000 10000" >&"${FT_FLOW_IN[$name]}"; done
	LD_LIBRARY_PATH=$LIBNFTNL ip netns exec "$ns_r" "$elephants" 2 1000 16 udp >"$FT_TMP/pins" 2>&1 &
	daemon=$!
	slowwait 14 placed "e1 e2 " m1 m2 m3 e1 e2 >/dev/null ||
		ft_fail "in hardware: $(places m1 m2 m3 e1 e2); $(cat "$FT_TMP/pins")" || return
	wait $daemon || ft_fail "the daemon: $(cat "$FT_TMP/pins")" || return
	# all may go there when it has ended
	for name in m1 m2 m3 e1 e2; do ft_flow_answer $name steady || return; done
	for name in m1 m2 m3 e1 e2; do ft_flow_cmd $name run 4 64 || return; done
	slowwait 5 placed "m1 m2 m3 e1 e2 " m1 m2 m3 e1 e2 >/dev/null || ft_fail "pins have not ended"
}
