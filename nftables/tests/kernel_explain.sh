# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# For kernel.sh: what becomes of a connection, and why.
# shellcheck disable=SC2086,SC2154,SC2015,SC2317,SC2329 # as there

# explains WANT NAME PROTO ADDR [iif DEVICE]: layer and reason
explains() {
	local want=$1 name=$2 proto=$3 src=$FT_A4 dst=$4
	shift 4
	[[ $dst != *:* ]] || src="[$FT_A6]" dst="[$dst]"
	ft_expect "explain $name" "$want" "$(query '.[1].explain | .layer + " " + (.reason // "-")' \
		explain "$proto" "$src:${SPORT[$name]}" "$dst:$FT_PORT" "$@")"
}
# a connection that is not there yet
expects() {
	ft_expect "devices" $'layer none expect hardware
flowtable inet t f
in p1
out p2' "$(nfo explain udp "$FT_A4:1" "$FT_B4:$FT_PORT" iif p1 | sed '/^#/d; /^Do: /d')" &&
		ft_expect "to the router" $'layer none expect classic reason local
flowtable inet t f
in p1' "$(nfo explain udp "$FT_A4:1" "$FT_ROUTER4_B:1" | sed '/^#/d; /^Do: /d')" &&
		ft_expect "in JSON" "hardware f p1 p2" "$(json explain udp "$FT_A4:1" "$FT_B4:$FT_PORT" |
			jq -r '.. | objects | select(.expect) | [.expect, .flowtable, .devices[].name] | join(" ")')"
}
explain_test() {
	local text
	load && begin_hw u udp $FT_B4 && begin_hw t tcp $FT_B6 || return
	ft_expect "steps" "forwarded by hardware" "$("$TOOL" -N "$ns_r" explain udp "$FT_A4:${SPORT[u]}" "$FT_B4:$FT_PORT" | grep -vE '^ok')" || return
	explains "hardware -" u udp $FT_B4 && explains "hardware -" t tcp $FT_B6 &&
		explains "hardware -" u udp $FT_B4 iif p1 &&
		explains "hardware -" u udp $FT_B4 table inet t flowtable f &&
		fails 1 3 'the connection is in another flowtable$' "$TOOL" -N "$ns_r" \
			explain udp "$FT_A4:${SPORT[u]}" "$FT_B4:$FT_PORT" flowtable g &&
		fails 1 3 'no such flowtable, or none for this protocol$' "$TOOL" -N "$ns_r" \
			explain udp "$FT_A4:1" "$FT_B4:$FT_PORT" table inet other || return
	text=$(nfo explain udp "$FT_B4:$FT_PORT" "$FT_A4:${SPORT[u]}")
	[[ $text = "layer hardware ct id "*" iif p1 oif p2 "*" reply "*" iif p2 oif p1 "* ]] ||
		ft_fail "either direction, and devices: $text" || return
	SPORT[none]=1
	explains "none -" none udp $FT_B4 && expects || return
	nfo set offload off && reaches u software && explains "software switched-off" u udp $FT_B4 || return
	FT_FLAGS='' load && begin s udp $FT_B4 && reaches s software &&
		explains "software no-offload-flag" s udp $FT_B4 || return
	# the way there, but not the way back
	load && on_router nft -f - <<-END && begin c udp $FT_B4 && explains "classic device-not-in-flowtable" c udp $FT_B4
	flush ruleset
	table inet t {
		flowtable f { hook ingress priority 0; devices = { p2 }; flags offload; }
		chain forward { type filter hook forward priority 0; meta l4proto udp flow add @f; }
	}
	END
}

# steps VERDICT STEP ARGUMENT...: the first line, and the first step that is not right
steps() {
	local text
	text=$("$TOOL" -N "$ns_r" explain "${@:3}" | sed -nE '1p; /^(wait |WRONG)/{ p; q; }')
	ft_expect "explain ${*:3}" "$1"$'\n'"$2" "$text"
}
steps_test() {
	local pair=("$FT_A4:9" "$FT_B4:$FT_PORT") bad=0 none="no such connection; it would not be forwarded; what is wrong: see route"
	load "chain post {
			type nat hook postrouting priority srcnat
			oifname p2 udp sport 40000-49999 masquerade
		}" && begin_hw u udp $FT_B4 || return
	on_router sysctl -qw net.ipv4.ip_forward=0
	steps "$none" "WRONG route     forwarding of IPv4 is off" udp "${pair[@]}" || bad=1
	on_router sysctl -qw net.ipv4.ip_forward=1
	for kind in "blackhole:a blackhole route drops packets to" "prohibit:a prohibit route rejects packets to" \
		"unreachable:an unreachable route rejects packets to"; do
		on_router ip route add "${kind%%:*}" 203.0.113.0/24
		steps "$none" "WRONG route     ${kind#*:} 203.0.113.7" \
			udp "$FT_A4:9" 203.0.113.7:9 || bad=1
		on_router ip route del 203.0.113.0/24
	done
	steps "$none" "WRONG route     there is no route to 203.0.113.7" udp "$FT_A4:9" 203.0.113.7:9 || bad=1
	steps "$none" "WRONG route     224.0.0.9 is a multicast address" udp "$FT_A4:9" 224.0.0.9:9 || bad=1
	steps "no such connection; it would be forwarded by hardware; it waits: see neighbour" \
		"wait  neighbour the link layer address of 198.51.100.77 is not known yet" \
		udp "$FT_A4:9" 198.51.100.77:9 || bad=1
	# behind NAT
	SPORT[m]=40009
	ft_flow_start m "$ns_a" udp $FT_B4 $FT_PORT -b $FT_A4:40009 && ft_flow_cmd m run 4 64 && reaches m hardware || return
	local port
	port=$(query '.[1].flow.reply.dport' list flows th sport 40009)
	for pair in "$FT_A4:40009 $FT_B4:$FT_PORT" "$FT_B4:$FT_PORT $FT_ROUTER4_B:$port" \
		"$FT_ROUTER4_B:$port $FT_B4:$FT_PORT" "$FT_B4:$FT_PORT $FT_A4:40009"; do
		ft_expect "$pair" "forwarded by hardware" "$("$TOOL" -N "$ns_r" explain udp $pair | head -n 1)" || bad=1
	done
	# no rule that adds it
	on_router nft flush chain inet t forward
	# its flow is there until the garbage collector comes by
	nfo flush flows && ft_nap 2 && ft_flow_cmd u run 4 64 || return
	steps "forwarded by routing, with all rules; what is wrong: see rule" \
		"WRONG rule      no rule with \"flow add\" is about this flowtable" \
		udp "$FT_A4:${SPORT[u]}" "$FT_B4:$FT_PORT" || bad=1
	on_router nft add rule inet t forward tcp dport 1 flow add @f
	steps "forwarded by routing, with all rules; what is wrong: see rule" \
		"WRONG rule      no rule with \"flow add\" has matched this connection since its first packet" \
		udp "$FT_A4:${SPORT[u]}" "$FT_B4:$FT_PORT" || bad=1
	# the source is not behind p2
	steps "no such connection; it would be forwarded by routing; what is wrong: see route" \
		"WRONG route     asymmetric: its packets would come in by p2, but the reply direction would leave by p1" \
		udp "$FT_A4:9" "$FT_B4:$FT_PORT" iif p2 || bad=1
	on_router nft flush ruleset
	steps "forwarded by routing, with all rules; what is wrong: see flowtable" "WRONG flowtable there is none" \
		udp "$FT_A4:${SPORT[u]}" "$FT_B4:$FT_PORT" || bad=1
	return $bad
}

# chains FORWARD LAN: what both have, with a flow that no rule of theirs has matched yet
chains() {
	on_router nft -f - <<-END
	flush ruleset
	table inet t {
		flowtable f { hook ingress priority 0; devices = { p1, p2 }; flags offload; }
		chain lan { $2; }
		chain other { jump lan; }
		chain forward { type filter hook forward priority 0; $1; }
	}
	END
}
# rule_step WANT: what explain says of rules, for the connection u
rule_step() {
	ft_expect "rule" "$1" "$("$TOOL" -N "$ns_r" explain udp "$FT_A4:${SPORT[u]}" "$FT_B4:$FT_PORT" |
		sed -nE 's/^(ok|WRONG) +rule +//p')"
}
rule_step_test() {
	local name text lead missed='no rule with "flow add" has matched this connection since its first packet' bad=0
	local add="udp dport $FT_PORT counter flow add @f" none="tcp dport 1 counter flow add @f"
	load && begin u udp $FT_B4 && chains "" "$none" && nfo flush flows && ft_nap 2 && ft_flow_cmd u run 4 64 || return
	rule_step '"flow add" is in chain lan, and no forward chain leads there' || bad=1
	for lead in "jump lan" "goto other" "ct state vmap { established : jump other, new : jump lan }" \
		"meta l4proto vmap { tcp : drop, udp : goto lan }"; do
		chains "$lead" "$none"
		rule_step "$missed; packets since load: chain lan 0" || bad=1
	done
	chains "tcp dport 2 flow add @f; jump other" "$none"
	rule_step "$missed; packets since load: chain lan 0, chain forward not counted" || bad=1
	chains "udp dport vmap { $FT_PORT : goto lan }" "$add"
	ft_flow_cmd u run 4 64 && reaches u hardware || return
	[[ $("$TOOL" -N "$ns_r" explain udp "$FT_A4:${SPORT[u]}" "$FT_B4:$FT_PORT") =~ \
		ok\ +rule\ +'one with "flow add" has matched; packets since load: chain lan '[1-9] ]] ||
		ft_fail "counted: $("$TOOL" -N "$ns_r" explain udp "$FT_A4:${SPORT[u]}" "$FT_B4:$FT_PORT")" || bad=1
	# a rule that takes first packets only; on a slow machine the second one may be new, too
	for name in n1 n2 n3; do
		chains "ct state new $add" "$none" && BEGIN=1 begin $name udp $FT_B4 && ft_flow_cmd $name run 20 64 || continue
		text=$("$TOOL" -N "$ns_r" explain udp "$FT_A4:${SPORT[$name]}" "$FT_B4:$FT_PORT" | sed -nE '/^(WRONG|wait)/{ s/ +/ /g; p; }')
		[ -z "$text" ] || break
	done
	ft_expect "ct state new" "WRONG rule $missed; packets since load: chain forward 1" "$text" || bad=1
	name=$(query '.[1].explain.ct_id' explain udp "$FT_A4:${SPORT[$name]}" "$FT_B4:$FT_PORT")
	ft_expect "ct state new, by id" "null WRONG rule $missed; packets since load: chain forward 1" \
		"$(query '.[1].explain.reason' explain ct id "$name") $("$TOOL" -N "$ns_r" explain ct id "$name" |
			sed -nE '/^(WRONG|wait)/{ s/ +/ /g; p; }')" || bad=1
	# an explicit map, and its elements that come later
	chains "" "$none"
	on_router nft -f - <<-END
	add map inet t m { type inet_proto : verdict; }
	add rule inet t forward meta l4proto vmap @m
	END
	diagnose 1 && diagnosed fail rule "inet t f" || bad=1
	on_router nft add element inet t m '{ udp : goto other }'
	diagnose 0 && diagnosed warn rule "inet t f" || bad=1
	return $bad
}
