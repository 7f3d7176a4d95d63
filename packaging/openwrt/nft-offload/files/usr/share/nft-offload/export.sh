# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash
# shellcheck disable=SC2154 # config_get sets variables
# Sections "export": processes that send records of flows to collectors.

# collector SECTION: prints HOST:PORT
collector() {
	local host port

	config_get host "$1" host
	is_host "$host" || {
		problem "export $1: host '$(shown "$host")' is no name or address; it is left out"
		return 1
	}
	config_get port "$1" port 4739
	is_number "$port" 65535 || {
		problem "export $1: port '$(shown "$port")': should be from 1 to 65535; it is left out"
		return 1
	}
	case $host in
	*:*) printf '[%s]:%s\n' "$host" "$port" ;;
	*) printf '%s:%s\n' "$host" "$port" ;;
	esac
}

# export_options SECTION: prints words
export_options() {
	local option value since

	config_get since "$1" since start
	one_of "$since" flow start || {
		problem "export $1: since '$(shown "$since")': should be flow or start; it is left out"
		return 1
	}
	printf 'since %s' "$since"
	for option in timeout templates domain limit; do
		config_get value "$1" "$option"
		[ -n "$value" ] || continue
		is_number "$value" || [ "$option $value" = 'domain 0' ] || {
			problem "export $1: $option '$(shown "$value")' is no number from 1 on; it is left out"
			return 1
		}
		printf ' %s %s' "$option" "$value"
	done
	config_get value "$1" filter
	is_filter "$value" || {
		problem "export $1: filter '$(shown "$value")' has characters of no filter; it is left out"
		return 1
	}
	[ -z "$value" ] || printf ' %s' "$value"
	echo
}

# exporter SECTION: an instance for procd. The tool has a look at the words first: a command
# that it refuses would be started again and again.
exporter() {
	local enabled protocol to options said

	config_get_bool enabled "$1" enabled 0
	[ "$enabled" -eq 1 ] || return 0
	config_get protocol "$1" protocol udp
	one_of "$protocol" udp tcp || {
		problem "export $1: protocol '$(shown "$protocol")': should be udp or tcp; it is left out"
		return 0
	}
	to=$(collector "$1") && options=$(export_options "$1") || return 0
	said=$(nft-offload -c "export ipfix $protocol $to $options" 2>&1) || {
		problem "export $1: $(shown "${said%%
*}"); it is left out"
		return 0
	}
	procd_open_instance "export-$1"
	set -f
	# shellcheck disable=SC2086 # words of the tool's language
	procd_set_param command /usr/sbin/nft-offload export ipfix "$protocol" "$to" $options
	set +f
	procd_set_param respawn
	procd_set_param stderr 1
	procd_close_instance
}

exporters() { config_foreach exporter export; }
