# SPDX-License-Identifier: GPL-2.0-or-later
# What of OpenWrt's rules.mk the Makefiles of the feed use, for this machine. OUT= is where it
# all goes.
INCLUDE_DIR := $(TOPDIR)/include
INSTALL_DIR := install -d -m 0755
INSTALL_BIN := install -m 0755
INSTALL_DATA := install -m 0644
INSTALL_CONF := install -m 0600
CP := cp -fpR
TARGET_CC := cc
TARGET_AR := ar
TARGET_CFLAGS := -O0
TARGET_CPPFLAGS :=
TARGET_LDFLAGS :=
BUILD_DIR := $(OUT)/build
