/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _COMPAT_LAYOUT_CHECK_H
#define _COMPAT_LAYOUT_CHECK_H

int nf_flow_layout_check(void);

#endif
