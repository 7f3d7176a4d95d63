/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NFT_OFFLOAD_INTERACTIVE_H
#define NFT_OFFLOAD_INTERACTIVE_H

/* Reads commands from the terminal until "quit" or the end. Returns an exit code. */
int interactive(void);

#endif
