# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# For kernel.sh: policies, what they do to flows, and rulesets with policies in them.
# shellcheck disable=SC2086,SC2154,SC2015,SC2153,SC2317,SC2329 # as there

# policies WANT: all there are, without notes
policies() { ft_expect "policies" "$1" "$(nfo list policies | grep -v '^	#')"; }
# no_policies: as after boot
no_policies() {
	local name
	while read -r name; do
		nfo delete policy $name || return
	done < <(nfo list policies | sed -n 's/^set policy \(.*\) {$/\1/p')
}
# rules: nft's, as nft has them
rules() { on_router nft list ruleset; }

all_statements='set policy inet t f {
	never ct mark 0x80/0x80
	software ct mark 0x40/0x40
	stack 20 packets
	hardware after 1 mbytes
	budget 4096 evict slowest
	shaped software
	carry priority, dscp from ct mark 0xfc00/0x10000 required
}'
policy_test() {
	local bad=0 form tool="${TOOL} -N $ns_r" more='
set policy ip6 "a b" policy {
	hardware after rate 30 packets/second
	budget 2048 per device evict none
	shaped ignore
}'
	no_policies && load || return
	nfo add policy inet t f "{ never ct mark 0x80/0x80
		software ct mark 0x40/0x40; stack 20 packets; hardware after 1 mbytes
		budget 4096, evict slowest; shaped software
		carry priority, dscp from ct mark 0xfc00/0x10000 required }" && policies "$all_statements" || bad=1
	fails 1 3 'this flowtable has a policy already' $tool add policy inet t f '{ budget 1 }' || bad=1
	fails 1 3 'this flowtable has no policy' $tool replace policy inet t g '{ budget 1 }' || bad=1
	fails 1 3 'this flowtable has no policy' $tool delete policy inet t g || bad=1
	fails 2 3 'syntax error, unexpected 0, expecting a number from 1' $tool replace policy inet t f '{ budget 0 }' || bad=1
	fails 2 3 'a DSCP has 6 bits' $tool replace policy inet t f '{ carry dscp from ct mark 0xff }' || bad=1
	policies "$all_statements" || bad=1
	# over reloads of the ruleset, by whatever program
	on_router nft flush ruleset && policies "$all_statements" && load && policies "$all_statements" || bad=1
	nfo replace policy inet t f '{ hardware after 3 packets }' &&
		policies $'set policy inet t f {\n\thardware after 3 packets\n}' || bad=1
	# what is printed loads again
	nfo -f - <<<"$all_statements$more" && policies "$all_statements$more" || bad=1
	nfo list settings >"$FT_TMP/saved" && json list settings >"$FT_TMP/saved.json" || bad=1
	for form in "-f $FT_TMP/saved" "-j -f $FT_TMP/saved.json" "-f $FT_TMP/saved"; do
		no_policies && policies "" && nfo $form && policies "$all_statements$more" || bad=1
	done
	nfo -f "$FT_TMP/saved" && policies "$all_statements$more" || bad=1
	ft_expect "JSON" "t f 2 20 1048576 4096" "$(query '.[1].policy |
		"\(.table) \(.flowtable) \(.marks | length) \(.stack) \(.hardware_after.bytes) \(.budget.flows)"' list policies)" || bad=1
	ft_expect "elsewhere" "" "$("$TOOL" -N "$ns_a" list policies)" || bad=1
	diagnose 0 && diagnosed ok policy "inet t f" && diagnosed warn policy "ip6 a b policy" || bad=1
	no_policies && policies "" || bad=1
	[ $bad -eq 0 ]
}

# policy STATEMENTS: of the flowtable, in place of the one before
policy() { nfo set policy inet t f "{ $1 }"; }
explained() { [ "$(nfo -j explain "$2" "$FT_A4:${SPORT[$1]}" "$FT_B4:$FT_PORT" | jq -r '.nft_offload[1].explain | .layer + " " + (.reason // "-")')" = "$3" ]; }
# becomes NAME LAYER-AND-REASON: of UDP to B
becomes() {
	slowwait 5 explained "$1" udp "$2" >/dev/null || explains "$2" "$1" udp $FT_B4
}
# on NAME: more packets of a flow, both ways
on() { ft_flow_cmd "$1" run 8 64; }
on_until() { on "$1" && in_state "${SPORT[$1]}" "$2"; }
# comes_to NAME STATE: while packets go on
comes_to() {
	slowwait 8 on_until "$1" "$2" >/dev/null ||
		ft_fail "flow $1 does not come to state $2: $(nfo list flows th sport "${SPORT[$1]}")"
}
marks_test() {
	no_policies && load "$marks" && policy "software ct mark 0x10/0xf0" &&
		begin u udp $FT_B4 && becomes u "software policy" && begin_hw v udp $FT_B6 &&
		has "of the flow" "reason policy" "$(nfo list flows th sport "${SPORT[u]}")" || return
	monitor policed monitor udp sport "${SPORT[u]}"
	policy "never ct mark 0x10" && on u && becomes u "classic policy" &&
		slowwait 5 grep -q "^gone .* cause policy$" "$FT_TMP/policed" ||
		ft_fail "the event: $(<"$FT_TMP/policed")" || return
	monitors_end INT && on v &&
		has "the other one" "state hardware" "$(nfo list flows th sport "${SPORT[v]}")" || return
	policy "software ct mark 0x20/0x20" && reaches v software && comes_to u hardware &&
		no_policies && comes_to v hardware || return
	[[ $(nfo list flowtables) = *"reason policy count "* ]] || ft_fail "not counted: $(nfo list flowtables)"
}
thresholds_test() {
	no_policies && load && policy "stack 12 packets" && begin u udp $FT_B4 && becomes u "classic too-early" &&
		comes_to u hardware || return
	load && policy "hardware after 40 packets" && begin v udp $FT_B4 && becomes v "software too-slow" &&
		comes_to v hardware || return
	load && policy "budget 1" && begin_hw w udp $FT_B4 && begin x udp $FT_B4 && becomes x "software budget" || return
	ft_expect "in prometheus" 1 "$(nfo -o prometheus list flowtables | grep -c '^nft_offload_reasons_total.*reason="budget"')" || return
	no_policies && comes_to x hardware
}

# with_policy STATEMENTS [RULE [MORE]]: a ruleset
with_policy() {
	cat <<-END
	flush ruleset
	table inet t {
		flowtable f {
			hook ingress priority filter
			policy { $1 }
			devices = { p1, p2 }; flags offload
		}
		chain forward {
			type filter hook forward priority filter; policy accept;
			${2-meta l4proto { tcp, udp \} flow add @f}
		}
	}
	${3-}
	END
}
script_test() {
	local bad=0 before file=$FT_TMP/ruleset tool="$TOOL -N $ns_r" one=$'set policy inet t f {\n\tstack 3 packets\n}'
	no_policies && load || return
	with_policy "stack 3 packets" >"$file"
	nfo -f "$file" && policies "$one" && before=$(rules) && [[ $before = *"flow add @f"* ]] ||
		ft_fail "a ruleset with a policy" || return
	# nft refuses
	with_policy "stack 4 packets" "meta l4proto udp flow add @g" >"$file"
	! nfo -f "$file" 2>"$FT_TMP/err" || ft_fail "no such flowtable, and loaded" || bad=1
	ft_expect "its error" "$file:10:18-28: Error: Could not process rule: No such file or directory" "$(head -n 1 "$FT_TMP/err")" || bad=1
	ft_expect "rules" "$before" "$(rules)" && policies "$one" || bad=1
	with_policy "stack 4 packets" "foo" >"$file"
	! nfo -f "$file" 2>"$FT_TMP/err" || ft_fail "foo, and loaded" || bad=1
	ft_expect "its error" "$file:10:4-4: Error: syntax error, unexpected " "$(sed -n '1s/unexpected.*/unexpected /p' "$FT_TMP/err")" || bad=1
	ft_expect "rules" "$before" "$(rules)" && policies "$one" || bad=1
	# a driver refuses a device
	on_router ip link add v0 up type veth peer v1
	with_policy "stack 4 packets" | sed 's/{ p1, p2 }/{ p1, p2, v0 }/' >"$file"
	! nfo -f "$file" 2>"$FT_TMP/err" || ft_fail "a device that cannot offload, and loaded" || bad=1
	[[ $(<"$FT_TMP/err") = "$file:"*": Error: Could not process rule: Operation not supported"* ]] ||
		ft_fail "its error: $(<"$FT_TMP/err")" || bad=1
	on_router ip link del v0
	ft_expect "rules" "$before" "$(rules)" && policies "$one" || bad=1
	# beside a ruleset of somebody else: for a flowtable that is there
	nfo -f - <<<"table inet t { flowtable f { flags offload; policy { stack 9 packets }; }; }" ||
		ft_fail "a policy for a flowtable that is there" || bad=1
	policies $'set policy inet t f {\n\tstack 9 packets\n}' && ft_expect "rules" "$before" "$(rules)" &&
		nfo -f - <<<"$one" || bad=1
	# the kernel refuses a policy; we do
	with_policy "stack 4 packets" "" $'add policy inet t new { stack 1 packets }\nreplace policy inet t none { stack 1 packets }' >"$file"
	! nfo -f "$file" 2>"$FT_TMP/err" || ft_fail "no policy to replace, and loaded" || bad=1
	ft_expect "its error" "$file:14:1-26: Error: this flowtable has no policy" "$(head -n 1 "$FT_TMP/err")" || bad=1
	ft_expect "rules" "$before" "$(rules)" && policies "$one" || bad=1
	with_policy "stack 0 packets" "" >"$file"
	! nfo -f "$file" 2>"$FT_TMP/err" || ft_fail "a bad policy, and loaded" || bad=1
	ft_expect "its error" "$file:5:16-16: Error: syntax error, unexpected 0" "$(sed -n '1s/, expecting.*//p' "$FT_TMP/err")" || bad=1
	ft_expect "rules" "$before" "$(rules)" && policies "$one" || bad=1
	# in an included file, and with a dry run
	with_policy "stack 4 packets" "" >"$FT_TMP/included" && echo "include \"$FT_TMP/included\"" >"$file"
	! nfo -f "$file" 2>"$FT_TMP/err" || ft_fail "a policy in an included file" || bad=1
	ft_expect "its error" "In file included from $file:1:1-"$'\n'"$FT_TMP/included:5:1-6: Error: a policy has to be in the file that is loaded" \
		"$(sed -n '1s/-.*/-/p; 2s/, not.*//p' "$FT_TMP/err")" || bad=1
	nfo -c -f "$FT_TMP/included" || ft_fail "-c" || bad=1
	ft_expect "rules" "$before" "$(rules)" && policies "$one" || bad=1
	# a ruleset without one leaves it alone
	on_router nft list ruleset | sed '1i flush ruleset' >"$file" && nfo -f "$file" &&
		ft_expect "rules" "$before" "$(rules)" && policies "$one" || bad=1
	# what is listed loads again
	nfo set policy bridge t f '{ budget 5 }' && { echo "flush ruleset"; nfo list ruleset; } >"$file" &&
		[[ $(<"$file") = *$'\t\tflags offload\n\t\tpolicy {\n\t\t\tstack 3 packets\n\t\t}\n\t}'* ]] ||
		ft_fail "list ruleset: $(<"$file")" || bad=1
	on_router nft flush ruleset && no_policies && nfo -f "$file" &&
		ft_expect "rules" "$before" "$(rules)" && ft_expect "all of it" "$(sed 1d "$file")" "$(nfo list ruleset)" || bad=1
	no_policies && begin_hw u udp $FT_B4 || bad=1
	[ $bad -eq 0 ]
}
