# SPDX-License-Identifier: GPL-2.0-or-later
# In place of LuCI's: a page is installed from where it lies.
.DEFAULT_GOAL := all
all:
	$(INSTALL_DIR) $(OUT)/$(PKG_NAME)/www
	$(CP) htdocs/* $(OUT)/$(PKG_NAME)/www/
	$(CP) root/* $(OUT)/$(PKG_NAME)/
