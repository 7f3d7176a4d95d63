# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash
# shellcheck disable=SC2154 # config_get sets variables
# Section "pft": a flowtable and a chain of ours in the table of fw4. The files that
# /usr/share/nftables.d includes are written to $RUN, so that fw4 makes both again whenever it loads
# its ruleset. A file that nft refuses would keep the whole firewall out: so each is tried first.

# ports DEVICE: itself, or the ports and devices below it that packets enter by
ports() {
	local lower below=

	if [ -d "$SYSFS/$1/brif" ]; then
		for lower in "$SYSFS/$1/brif/"*; do
			[ ! -e "$lower" ] || ports "${lower##*/}"
		done
		return 0
	fi
	# a port of a switch is above its conduit, which hardware finds by itself
	if ! grep -qx 'DEVTYPE=dsa' "$SYSFS/$1/uevent" 2>/dev/null; then
		for lower in "$SYSFS/$1/lower_"*; do
			[ -e "$lower" ] || continue
			below=1
			ports "${lower##*/lower_}"
		done
	fi
	[ -n "$below" ] || printf '%s\n' "$1"
}

# pft_device DEVICE: of the list
pft_device() {
	if ! is_device "$1"; then
		problem "pft: device '$(shown "$1")' is no name of a device; it is left out"
	elif [ ! -e "$SYSFS/$1" ]; then
		# not there yet: the hotplug script comes back when it is
		logger -t nft-offload -p daemon.notice -- "pft: there is no device $1 now"
	else
		ports "$1"
	fi
}

pft_devices() {
	local list device

	config_get list pft device
	while read -r device; do
		[ -z "$device" ] || pft_device "$device"
	done <<-END | sort -u
		$(words "$list")
	END
}

# pft_wanted: is it switched on, and may it be?
pft_wanted() {
	local enabled offloading

	config_get_bool enabled pft enabled 0
	[ "$enabled" -eq 1 ] || return
	offloading=$(uci -q get firewall.@defaults[0].flow_offloading)
	case $offloading in
	1 | on | true | yes | enabled)
		problem "pft: the firewall has a flowtable of its own, as its option flow_offloading is on; a device can be in one of them only: switch one of them off"
		return 1 ;;
	esac
}

# pft_strict: devices that cannot offload stay in software
pft_strict() {
	local enabled

	config_get_bool enabled pft enabled 0
	[ "$enabled" -ne 1 ] || strict inet fw4 pft off
}

# pft_table DEVICES HARDWARE COUNTER: what table-pre includes
pft_table() {
	local name list=''

	for name in $1; do
		list="$list${list:+, }\"$name\""
	done
	printf 'flowtable pft {\n\thook ingress priority 0;\n\tdevices = { %s };\n' "$list"
	[ "$3" -ne 1 ] || printf '\tcounter;\n'
	[ "$2" -ne 1 ] || printf '\tflags offload;\n'
	printf '}\nchain lans {\n\tmeta l4proto { tcp, udp } flow add @pft\n}\n'
}

pft_loaded() { nft list flowtable inet fw4 pft >/dev/null 2>&1; }
lans_loaded() { nft list chain inet fw4 lans >/dev/null 2>&1; }

# takes FILE: nft takes it, beside what is loaded, but for what it is going to replace
takes() {
	{
		echo 'table inet fw4'
		! lans_loaded || echo 'flush chain inet fw4 lans'
		! pft_loaded || echo 'delete flowtable inet fw4 pft'
		printf 'table inet fw4 {\n%s\n}\n' "$(cat "$1")"
	} | nft -c -f - 2>"$RUN/nft.errors"
}

# why: the first line of what nft said last
why() { shown "$(sed -n '1s/^.*Error: *//p' "$RUN/nft.errors")"; }

# pft_write FILE: what fw4 is to load; empty if there is nothing
pft_write() {
	local devices hardware counter

	: >"$1"
	pft_wanted || return 0
	devices=$(pft_devices)
	[ -n "$devices" ] || {
		problem "pft: none of its devices is there"
		return 0
	}
	config_get_bool hardware pft hardware 1
	config_get_bool counter pft counter 1
	pft_table "$devices" "$hardware" "$counter" >"$1"
	! cmp -s "$1" "$RUN/table-pre.nft" || return 0
	! takes "$1" || return 0
	[ "$hardware" -ne 1 ] || {
		problem "pft: no hardware offload: $(why)"
		pft_table "$devices" 0 "$counter" >"$1"
		! takes "$1" || return 0
	}
	problem "pft: nft refuses it: $(why)"
	: >"$1"
}

# replaced: deletes what is loaded, in the transaction in which fw4 loads what comes instead
replaced() {
	! lans_loaded || echo 'delete chain inet fw4 lans'
	! pft_loaded || echo 'delete flowtable inet fw4 pft'
}

# reload_firewall: if it is loaded; what is loaded of ours is replaced. Fails if nft refuses it,
# which the exit status of fw4 does not tell.
reload_firewall() {
	[ -e "$STATE" ] || return 0
	replaced >"$RUN/ruleset-pre.nft"
	fw4 -q reload 2>"$RUN/nft.errors"
	rm -f "$RUN/ruleset-pre.nft"
	! grep -q 'Error: ' "$RUN/nft.errors" || return
	[ ! -e "$RUN/table-pre.nft" ] || pft_loaded
}

# install_file FILE NAME: it is there as a whole, or not at all
install_file() {
	if [ -s "$1" ]; then
		mv "$1" "$RUN/$2"
	else
		rm -f "$1" "$RUN/$2"
	fi
}

# pft_install FILE: what is jumped to is there first, and goes last
pft_install() {
	if [ -s "$1" ]; then
		install_file "$1" table-pre.nft
		echo 'jump lans' >"$RUN/forward.new"
		install_file "$RUN/forward.new" forward.nft
	else
		rm -f "$RUN/forward.nft"
		install_file "$1" table-pre.nft
	fi
}

# ruleset on|off: the files, and if they differ from those there were, the firewall once more
ruleset() {
	: >"$RUN/table-pre.new"
	[ "$1" = off ] || pft_write "$RUN/table-pre.new"
	if cmp -s "$RUN/table-pre.new" "$RUN/table-pre.nft" ||
	   { [ ! -s "$RUN/table-pre.new" ] && [ ! -e "$RUN/table-pre.nft" ]; }; then
		rm -f "$RUN/table-pre.new"
		return 0
	fi
	pft_install "$RUN/table-pre.new"
	reload_firewall || {
		problem "pft: the firewall was not loaded with it: $(why)"
		: >"$RUN/table-pre.new"
		pft_install "$RUN/table-pre.new"
		reload_firewall || problem "pft: the firewall was not loaded without it either: $(why)"
	}
}
