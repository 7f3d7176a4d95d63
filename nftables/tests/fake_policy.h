/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Policies of the emulated kernel */
#ifndef NFT_OFFLOAD_FAKE_POLICY_H
#define NFT_OFFLOAD_FAKE_POLICY_H

#include <stdbool.h>
#include <stdio.h>
#include <libmnl/libmnl.h>

void fake_policy_load(char **words, unsigned int n, void (*bad)(const char *what));
void fake_policy_free(void);
void fake_policy_request(const struct nlmsghdr *nlh, FILE *log);
void fake_policy_change(void);
bool fake_policy_put(struct nlmsghdr *nlh, unsigned int i);
int fake_policy_error(const char **message);

#endif
