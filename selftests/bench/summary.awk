# Medians and ratios of what the scripts beside this one printed, each line led by the kernel.
function median(key,    i, j, t, k, v) {
	k = n[key]
	if (!k)
		return 0
	for (i = 1; i <= k; i++)
		v[i] = val[key, i]
	for (i = 2; i <= k; i++)
		for (j = i; j > 1 && v[j - 1] > v[j]; j--) {
			t = v[j]; v[j] = v[j - 1]; v[j - 1] = t
		}
	return k % 2 ? v[(k + 1) / 2] : (v[k / 2] + v[k / 2 + 1]) / 2
}
function spread(key,    i, lo, hi, m) {
	lo = hi = val[key, 1]
	for (i = 2; i <= n[key]; i++) {
		if (val[key, i] < lo) lo = val[key, i]
		if (val[key, i] > hi) hi = val[key, i]
	}
	m = median(key)
	return m ? 100 * (hi - lo) / m : 0
}
function add(key, v) { val[key, ++n[key]] = v }
# ns of the router for one packet: what is left after generator and hosts
function cost(kernel, mode) { return median(kernel " ns " mode) - median(kernel " ns wire") }

# the processor time of listing flows, in seconds
function listing(what) { return median("dump " what) / 1000000 }

function ratio(a, b) { return b ? sprintf("%.2f", a / b) : "-" }

$2 == "rules" { add($1 " rules", $3 * 1000000 / $4); next }
$2 == "idle" { idle[$1 " ticks"] = $4 > $6 ? $4 - $6 : 0; idle[$1 " calls"] = $5; next }
$2 == "roam" { roam[$3] = $5 / 1000; ticks[$3] = $6; next }
$2 == "#" { next }
$2 == "addend" { add($1 " addend", $4 * 1000000 / $5); next }
$2 == "obey" {
	kinds++; tries += $8; misses += $7; obeyed_flows = $4
	if ($5 >= slowest) { slowest = $5; slowest_kind = $3 }
	obeys = obeys sprintf("%s    \"%s\": { \"max_ms\": %.1f, \"median_ms\": %.1f, \"misses\": %d, \"tries\": %d, \"destroyed\": %s }",
		obeys ? ",\n" : "", $3, $5 / 1000, $6 / 1000, $7, $8, $9)
	next
}
$2 == "million-idle" { idle_cpu[$1] += $6 ? $5 / $6 / 10000 : 0; next }
$2 == "million-obeyed" { crowds = crowds sprintf("  one more, in %s, %s: at most %.1f s, median %.1f s, of %d tries\n", $3 == "hard" ? "hardware" : "software", $4 == "churn" ? "100 other changes a second" : "nothing else", $6 / 1000000, $7 / 1000000, $8); next }
$2 == "storm-obeyed" { storms = storms sprintf("  %s, %d changes a second: obeyed within %.0f ms, median %.0f ms, of %d tries; ", $3, $5, $6 / 1000, $7 / 1000, $8) "CPU @" $3 "@\n"; next }
$2 == "storm-cpu" { storm_cpu[$3] += $6 ? $5 / $6 / 10000 : 0; next }
$2 == "storm-stay" { storms = storms sprintf("  2000 flows whose route changes %d times a second, to the same: %d %% in hardware\n", $4, $5); next }
$2 == "elephants" { herds = herds sprintf("  %-7s %-7s %6d flows, %5d places: %4.1f %% of the packets in hardware, the best %d of the time %4.1f %%; %.1f flows leave in a second; processor: drivers %.2f %%, garbage collector %.2f %%\n", $3, $4, $5, $6, $8, $6, $9, $10, $11, $12); next }
$2 == "roam-tcp" { stalls = stalls sprintf("%s%s %d of %d", stalls ? ", " : "", $3, $5, $4); next }
$2 == "dump" {
	add("dump " $3, $5); add("wall " $3, $6)
	if ($7 > resident[$3]) resident[$3] = $7
	few_listed = $3 == "few" ? $4 : few_listed
	next
}
$2 == "events" {
	add("events per second " $3, $5 * 1000000 / $7); add("reader us " $3, $5 ? $8 / $5 : 0)
	missed[$3] += $4 - $5
	next
}
$1 == "uml" && $2 == "plain" { plain = $5 / $4 }
$1 == "uml" && $2 == "policed" { add("policed", plain * $4 / $5) }
$1 == "uml" && $2 == "watched" { add("watched", plain * $4 / $5) }
$2 == "storm" { storm[$3] = $5 / 1000; next }
$4 > 0 { add($1 " pps " $2, $4 * 1000000 / $5); add($1 " ns " $2, $5 * 1000 / $4); add($1 " lost " $2, 100 * ($3 - $4) / $3) }

END {
	split("wire classic software hardware", modes)
	printf "Linux %s on %s; %d rounds in turns, medians\n\n", kernel, machine, rounds
	printf "%-10s %14s %14s %10s %9s\n", "packets/s", "unpatched", "patched", "ratio", "spread %"
	printf "{\n  \"kernel\": \"%s\",\n  \"machine\": \"%s\",\n  \"rounds\": %d,\n  \"packets_per_second\": {\n", kernel, machine, rounds >json
	for (i = 1; i <= 4; i++) {
		m = modes[i]
		a = median("uml-base pps " m); b = median("uml pps " m)
		if (a)
			printf "%-10s %14.0f %14.0f %10.3f %9.1f\n", m, a, b, b / a, spread("uml pps " m)
		else
			printf "%-10s %14s %14.0f %10s %9.1f\n", m, "-", b, "-", spread("uml pps " m)
		printf "    \"%s\": { \"unpatched\": %s, \"patched\": %.0f, \"ratio\": %s, \"lost_percent\": %.3f }%s\n", m, a ? sprintf("%.0f", a) : "null", b, a ? sprintf("%.4f", b / a) : "null", median("uml lost " m), i < 4 ? "," : "" >json
	}
	printf "\nnanoseconds of the router's for one packet (generator and hosts taken off):\n"
	printf "  classic %.0f, software %.0f, hardware %.0f (the emulation's work)\n", cost("uml", "classic"), cost("uml", "software"), cost("uml", "hardware")
	printf "software flowtable, against classic forwarding: %.2f times as fast\n", cost("uml", "classic") / cost("uml", "software")
	if (counted) {
		printf "\ninstructions for one packet, generator and hosts included, as QEMU counts them:\n"
		printf "%-10s %14s %14s %10s\n", "", "unpatched", "patched", "ratio"
		printf "  },\n  \"instructions_per_packet\": {\n" >json
		for (i = 1; i <= 4; i++) {
			m = modes[i]
			a = median("qemu-base ns " m); b = median("qemu ns " m)
			printf "%-10s %14s %14.0f %10s\n", m, a ? sprintf("%.0f", a) : "-", b, a ? sprintf("%.4f", b / a) : "-"
			printf "    \"%s\": { \"unpatched\": %s, \"patched\": %.1f },\n", m, a ? sprintf("%.1f", a) : "null", b >json
		}
		a = median("qemu ns plain"); b = median("qemu ns watched")
		printf "software flowtable with nft_offload, a listener and a list: %.0f, without %.0f: %.4f times\n", b, a, b / a
		printf "the same of the router's part alone: unpatched %.0f, patched %.0f, with nft_offload %.0f\n\n", cost("qemu-base", "software"), cost("qemu", "plain"), cost("qemu", "watched")
		c = median("qemu ns policed")
		printf "software flowtable with a policy of all statements: %.0f, %.4f times; of the router's part: %.0f, %.4f times\n\n", c, c / a, cost("qemu", "policed"), cost("qemu", "policed") / cost("qemu", "plain")
		printf "    \"software_plain\": %.1f,\n    \"software_watched\": %.1f,\n    \"software_policed\": %.1f\n", a, b, c >json
	}
	printf "code that a packet of the software flowtable runs through, patched and unpatched: %s\n", same
	printf "rules added to hardware: %.0f a second, unpatched %.0f: %s times (spread %.1f %%)\n", median("uml rules"), median("uml-core rules"), ratio(median("uml rules"), median("uml-core rules")), spread("uml rules")
	printf "idle flows in hardware, for a minute: %d calls of the driver, unpatched %d: 1/%s; processor time %.2f s, unpatched %.2f s: 1/%s\n", idle["uml calls"], idle["uml-core calls"], ratio(idle["uml-core calls"], idle["uml calls"]), idle["uml ticks"] / 100, idle["uml-core ticks"] / 100, ratio(idle["uml-core ticks"], idle["uml ticks"])
	printf "a host with 100 flows moves: rules gone after %.1f ms with %d flows in the table, %.1f ms with %d: %s times\n", roam[many], many, roam[few], few, ratio(roam[many], roam[few])
	printf "10000 other hosts move in a bridge: %.0f ms with %d flows in the table, %.0f ms with %d: %s times\n", storm[many], many, storm[few], few, ratio(storm[many], storm[few])
	printf "software flowtable while nft_offload watches: %.3f times the packets/s without it (%d turns, spread %.1f %%)\n", median("watched"), n["watched"], spread("watched")
	printf "software flowtable with a policy of all statements: %.3f times the packets/s without it (%d turns, spread %.1f %%)\n", median("policed"), n["policed"], spread("policed")
	printf "\n%d flows listed, processor time; %s\n", listed, "of the kernel and the library: " sprintf("%.2f s, of them the kernel %.2f s", listing("library"), listing("kernel"))
	printf "  nft-offload list flows %.2f s, conntrack -L %.2f s: 1/%s\n", listing("list"), listing("conntrack"), ratio(listing("conntrack"), listing("list"))
	printf "  kernel and library against conntrack -L: 1/%s\n", ratio(listing("conntrack"), listing("library"))
	printf "  10 flows that a filter finds %.2f s: 1/%s of all\n", listing("filter"), ratio(listing("list"), listing("filter"))
	printf "  on the clock: all %.2f s, conntrack -L %.2f s, filtered %.2f s\n", median("wall list") / 1000000, median("wall conntrack") / 1000000, median("wall filter") / 1000000
	printf "  memory of nft-offload: %d KiB, with %d flows %d KiB\n", resident["list"], few_listed, resident["few"]
	printf "events of %d flows, two processors: added %.0f a second, %d lost; gone %.0f a second, %d lost; %.1f us of the reader for each\n", followed, median("events per second added"), missed["added"], median("events per second gone"), missed["gone"], median("reader us gone")
	printf "flows added to a software flowtable while others end, two processors: %.0f a second, unpatched %.0f: %s times (spread %.1f %%)\n", median("uml addend"), median("uml-base addend"), ratio(median("uml addend"), median("uml-base addend")), spread("uml addend")
	if (kinds)
		printf "changes of %d kinds with %d flows in hardware: obeyed within %.0f ms (%s), %d of %d tries took longer than the goal\n", kinds, obeyed_flows, slowest / 1000, slowest_kind, misses, tries
	if (crowds)
		printf "%d flows in a software flowtable that send nothing: %.1f %% of a processor, unpatched %.1f %%\n%s", listed, idle_cpu["uml"], idle_cpu["uml-base"], crowds
	if (storms) {
		for (i in storm_cpu)
			gsub("@" i "@", sprintf("%.1f %%", storm_cpu[i]), storms)
		printf "storms of changes:\n%s", storms
	}
	if (herds)
		printf "which flows get hardware, as they come (unpatched), or the fastest:\n%s", herds
	if (stalls)
		printf "moves of a host under TCP that stall: %s\n", stalls
	printf "  },\n  \"router_ns_per_packet\": { \"classic\": %.1f, \"software\": %.1f, \"hardware\": %.1f },\n", cost("uml", "classic"), cost("uml", "software"), cost("uml", "hardware") >json
	printf "  \"software_path_code\": \"%s\",\n", same >json
	printf "  \"watched_ratio\": %.4f,\n", median("watched") >json
	printf "  \"dump\": { \"flows\": %d, \"list_cpu_s\": %.3f, \"library_cpu_s\": %.3f, \"kernel_cpu_s\": %.3f, \"filter_cpu_s\": %.3f, \"conntrack_cpu_s\": %.3f, \"resident_kib\": %d, \"few\": %d, \"few_resident_kib\": %d },\n", listed, listing("list"), listing("library"), listing("kernel"), listing("filter"), listing("conntrack"), resident["list"], few_listed, resident["few"] >json
	printf "  \"events\": { \"flows\": %d, \"added_per_second\": %.0f, \"gone_per_second\": %.0f, \"lost\": %d, \"reader_us\": %.2f },\n", followed, median("events per second added"), median("events per second gone"), missed["added"] + missed["gone"], median("reader us gone") >json
	printf "  \"rules_per_second\": { \"unpatched\": %.0f, \"patched\": %.0f },\n", median("uml-core rules"), median("uml rules") >json
	printf "  \"idle_minute\": { \"unpatched_calls\": %d, \"patched_calls\": %d, \"unpatched_cpu_s\": %.2f, \"patched_cpu_s\": %.2f },\n", idle["uml-core calls"], idle["uml calls"], idle["uml-core ticks"] / 100, idle["uml ticks"] / 100 >json
	printf "  \"added_and_ended_per_second\": { \"unpatched\": %.0f, \"patched\": %.0f },\n", median("uml-base addend"), median("uml addend") >json
	if (obeys)
		printf "  \"obeyed\": {\n%s\n  },\n", obeys >json
	printf "  \"roam_ms\": { \"%d\": %.1f, \"%d\": %.1f },\n  \"storm_ms\": { \"%d\": %.0f, \"%d\": %.0f }\n}\n", few, roam[few], many, roam[many], few, storm[few], many, storm[many] >json
}
