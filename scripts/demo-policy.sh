# shellcheck shell=bash disable=SC2086,SC2154 # demo-guest has the rest
# What "make demo" shows of policies, for demo-guest: a DPI engine, an elephant, a shaper,
# and a DSCP that rules rewrite.

# policy TEXT...: of the flowtable, as one would type it there
policy() {
	router "nft-offload delete policy inet t f 2>/dev/null; nft-offload add policy inet t f '{ $* }'"
	expect '^$' "$out"
}
rule() { ip netns exec "$ns_r" nft "$@" || expect ok "nft $*"; }
hits() { ft_stat p1 hit; }

# wait_until SECONDS TEST...
wait_until() {
	local end=$((SECONDS + $1))

	shift
	until "$@"; do
		[ $SECONDS -lt $end ] || return
		sleep 0.2
	done
}

dpi() {
	local pid before

	say "A DPI engine (nDPI) on the router: the first 20 packets of a connection are its"
	policy "stack 20 packets"
	ft_exec "$ns_b" "$ft_dir/ft_talk.py" serve 1 >"$FT_TMP/serve" &
	FT_PIDS+=($!)
	wait_until 10 grep -q ready "$FT_TMP/serve"
	ip netns exec "$ns_r" ndpiReader -i p1 -d -v 2 >"$FT_TMP/ndpi" 2>&1 &
	pid=$!
	wait_until 10 grep -q "Capturing live" "$FT_TMP/ndpi"
	before=$(hits)
	ip netns exec "$ns_a" "$ft_dir/ft_talk.py" talk 1 $FT_B4
	sleep 0.5
	kill -INT $pid
	wait $pid
	out=$(sed -nE 's/.*TCP .*:(70[0-9]+) .*\[proto: [0-9.]+\/([A-Za-z]+).*/port \1: \2/p' "$FT_TMP/ndpi" | sort -u)
	show <<<"$out"
	echo "  and after that, hardware forwarded $(($(hits) - before)) packets of these connections"
	expect "HTTP"$'\n'".*SMTP"$'\n'".*SSH"$'\n'".*TLS" "$out"
	[ $(($(hits) - before)) -ge 60 ] || expect '60 packets' "$(($(hits) - before))"
}

elephant_is_in() { grep -q "port=30022 " "$FT_DEBUGFS/entries" && ! grep -q "port=30021 " "$FT_DEBUGFS/entries"; }

elephant() {
	local pid

	say "Room for one flow in hardware: a mouse has it, until an elephant comes"
	policy "budget 1 evict slowest"
	ip netns exec "$ns_a" "$FT_TRAFFIC" client udp $FT_B4 $FT_PORT -b $FT_A4:30021 \
		< <(while sleep 0.2 && echo run 1 64; do :; done 2>/dev/null) >/dev/null 2>&1 &
	pid=$!
	wait_until 8 in_hardware 30021 || expect 'the mouse' 'not in hardware'
	router "nft-offload list flows meta l4proto udp"
	expect ":30021 .* HW " "$out"
	ft_client_start udp $FT_B4 $FT_PORT -b $FT_A4:30022
	local end=$((SECONDS + 20))
	until elephant_is_in || [ $SECONDS -ge $end ]; do ft_cmd run 500 1000; done
	router "nft-offload list flows meta l4proto udp"
	expect ":30022 .* HW " "$out"
	expect ":30021 .* SW" "$out"
	ft_client_stop
	kill $pid
	wait $pid 2>/dev/null
}

# measure BYTES: kbit/s of the client's TCP flow, into kbits
measure() {
	local begin=${EPOCHREALTIME/[.,]/}

	ft_cmd stream "$1"
	kbits=$(($1 * 8000 / (${EPOCHREALTIME/[.,]/} - begin)))
}

shaper() {
	local free

	say "A shaper of 2 Mbit/s at p2, as SQM sets one up"
	router "nft-offload delete policy inet t f"
	ft_client_start tcp $FT_B4 $FT_PORT -b $FT_A4:30031
	ft_cmd run 8 64
	busywait 5000 in_hardware 30031 >/dev/null
	router "tc qdisc add dev p2 root cake bandwidth 2mbit"
	measure 2000000
	free=$kbits
	echo "  hardware offload without a policy: $free kbit/s"
	policy "shaped software"
	sleep 2.5
	measure 400000
	echo "  with the policy: $kbits kbit/s"
	router "nft-offload list flows tcp sport 30031"
	expect "SW" "$out"
	if [ "$free" -le 4000 ] || [ "$kbits" -ge 2300 ]; then
		expect 'more than 4000, less than 2300' "$free, $kbits"
	fi
	ip netns exec "$ns_r" tc qdisc del dev p2 root
	ft_client_stop
}

dscp() {
	local n

	say "Rules give a DSCP: packets in hardware have it as well"
	policy "carry dscp"
	rule add chain inet t qos '{ type filter hook forward priority -10; }'
	rule add rule inet t qos iifname p1 udp dport $FT_PORT ip dscp set af41
	ip netns exec "$ns_b" nft -f - <<-END
	table inet seen {
		counter af41 { }
		chain in {
			type filter hook prerouting priority -300
			ip dscp af41 counter name af41
		}
	}
	END
	flow_hw 30041 || expect 'in hardware' 'the flow did not get there'
	router "nft-offload -l list flows udp sport 30041"
	expect "dscp af41" "$out"
	ip netns exec "$ns_b" nft reset counter inet seen af41 >/dev/null
	n=$(hits)
	ft_cmd run 500 1000
	n=$(($(hits) - n))
	out=$(ip netns exec "$ns_b" nft list counter inet seen af41 | awk '$1 == "packets" { print $2 }')
	echo "  500 packets, $n of them in hardware: $out came with af41"
	expect '^500$' "$out"
	ft_client_stop
	router "nft-offload delete policy inet t f"
}

policies() {
	dpi
	elephant
	shaper
	dscp
	echo
}
