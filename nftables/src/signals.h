/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Signals arrive only in wait_for(). */
#ifndef NFT_OFFLOAD_SIGNALS_H
#define NFT_OFFLOAD_SIGNALS_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

extern volatile sig_atomic_t interrupted;	/* SIGINT, SIGTERM, SIGHUP */
extern volatile sig_atomic_t resized;		/* SIGWINCH */
extern volatile sig_atomic_t suspended;		/* SIGTSTP */

void signals_begin(bool terminal);
void signals_end(void);

/* Waits for input of either (-1: none) or a signal, @ms at most (-1: for ever).
 * Returns bit 0 for @fd1, bit 1 for @fd2.
 */
unsigned int wait_for(int fd1, int fd2, int64_t ms);

#endif
