# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash
# shellcheck disable=SC2154 # config_get sets variables
# What /etc/init.d/nft-offload does; it has functions of rc.common, UCI and procd.

RUN=$ROOT/var/run/nft-offload
STATE=$ROOT/var/run/fw4.state
SYSFS=$ROOT/sys/class/net
# shellcheck source=value.sh
. "$SHARE/value.sh"
# shellcheck source=setting.sh
. "$SHARE/setting.sh"
# shellcheck source=policy.sh
. "$SHARE/policy.sh"
# shellcheck source=ruleset.sh
. "$SHARE/ruleset.sh"
# shellcheck source=export.sh
. "$SHARE/export.sh"

# tell_tool WHAT FILE: commands
tell_tool() {
	local said

	said=$(nft-offload -f "$2" 2>&1) || {
		problem "$1: $(shown "${said%%
*}")"
		return 1
	}
}

# service_begin: reads the configuration; fails if there is none that can be read
service_begin() {
	mkdir -p "$RUN"
	: >"$RUN/problems.new"
	config_load nft-offload || {
		problem "/etc/config/nft-offload cannot be read: nothing is changed"
		service_end
		return 1
	}
}

service_end() { mv "$RUN/problems.new" "$RUN/problems"; }

# reset_config: functions of UCI then find no section
# shellcheck disable=SC2034 # theirs
reset_config() { CONFIG_SECTIONS=; }

# service_on: all that the configuration says. Settings come first: without "strict off" the
# firewall could refuse pft.
service_on() {
	settings on
	ruleset on
	policies
	exporters
}

# service_off: as if it had not been started; the switches stay as they are
service_off() {
	# as if no section were there
	reset_config
	policies
	ruleset off
	settings off
}
