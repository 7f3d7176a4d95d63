# SPDX-License-Identifier: GPL-2.0-or-later
# In place of OpenWrt's: builds here, installs each package into $(OUT)/PACKAGE, and what other
# packages compile with into $(OUT)/dev.
PKG_BUILD_DIR := $(BUILD_DIR)/$(PKG_NAME)-$(PKG_VERSION)
PKG_INSTALL_DIR := $(PKG_BUILD_DIR)/ipkg-install
.PHONY: all built
.DEFAULT_GOAL := all
$(if $(PKG_VERSION),,$(error no PKG_VERSION))

built:
	$(Build/Prepare)
	$(Build/Configure)
	$(Build/Compile)
	$(call Build/InstallDev,$(OUT)/dev)

define BuildPackage
$(if $(Package/$(1)),,$(error no Package/$(1)))
all: package-$(1)
.PHONY: package-$(1)
package-$(1): built
	$$(call Package/$(1)/install,$$(OUT)/$(1))
endef
