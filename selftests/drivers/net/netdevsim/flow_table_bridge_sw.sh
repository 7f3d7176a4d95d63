#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# flow_table_bridge.sh with the fast path in software
#
# shellcheck disable=SC2034 # it is used there

LAYER=sw
# shellcheck source=flow_table_bridge.sh
source "$(dirname "$0")/flow_table_bridge.sh"
