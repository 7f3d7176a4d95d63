# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash
# shellcheck disable=SC2154 # config_get sets variables
# Sections "global" and "flowtable": switches.

# flowtable SECTION: what is set for one flowtable
flowtable() {
	local family table flowtable strict

	flowtable_of "$1" flowtable || return 0
	config_get strict "$1" strict default
	one_of "$strict" on off default || {
		problem "flowtable $1: strict '$(shown "$strict")': should be on, off or default; it is left out"
		return 0
	}
	strict "$family" "$table" "$flowtable" "$strict"
}

# strict FAMILY TABLE FLOWTABLE VALUE: the last one holds
strict() {
	grep -vF "set flowtable $1 $2 $3 " "$RUN/settings.new" >"$RUN/settings.rest"
	printf 'set flowtable %s %s %s strict %s\n' "$1" "$2" "$3" "$4" >>"$RUN/settings.rest"
	mv "$RUN/settings.rest" "$RUN/settings.new"
}

# switch OPTION: of the section "global"
switch() {
	local value

	config_get value global "$1"
	case $value in
	'') ;;
	1 | on | true | yes | enabled) printf 'set %s on\n' "$1" ;;
	0 | off | false | no | disabled) printf 'set %s off\n' "$1" ;;
	*) problem "global: $1 '$(shown "$value")': should be 1 or 0; it stays as it is" ;;
	esac >>"$RUN/settings.new"
}

# settings: switches, and what is set for flowtables; what was set before and is not any more
# becomes the default again
settings() {
	local family table name rest

	: >"$RUN/settings.new"
	if [ -e "$RUN/settings" ]; then
		# shellcheck disable=SC2034 # rest: of the line
		sed -n 's/^set flowtable //p' "$RUN/settings" | while read -r family table name rest; do
			strict "$family" "$table" "$name" default
		done
	fi
	if [ "$1" = on ]; then
		switch offload
		switch strict
		config_foreach flowtable flowtable
		pft_strict
	fi
	settings_apply
}

# settings_apply: "default" is an error where nothing is set, so it is asked for where it is
settings_apply() {
	local line

	nft-offload list settings 2>/dev/null >"$RUN/settings.now"
	while read -r line; do
		case $line in
		*' strict default')
			grep -qF -- "${line% default} " "$RUN/settings.now" || continue ;;
		esac
		printf '%s\n' "$line"
	done <"$RUN/settings.new" >"$RUN/settings"
	rm -f "$RUN/settings.new" "$RUN/settings.now"
	[ ! -s "$RUN/settings" ] || tell_tool settings "$RUN/settings"
}
