/* SPDX-License-Identifier: GPL-2.0-or-later */
/* check: what was found on this router, and what each check_*.c says about it. */
#ifndef NFT_OFFLOAD_CHECK_H
#define NFT_OFFLOAD_CHECK_H

#include <libnftnl_offload/table.h>
#include "facts.h"
#include "machine.h"
#include "netlink.h"

enum check_level {
	CHECK_OK,
	CHECK_UNKNOWN,	/* nobody tells */
	CHECK_WARN,	/* some connections stay out of hardware; may be as it should be */
	CHECK_FAIL,	/* what should be in hardware is not, or nothing is forwarded */
};

/**
 * check_line() - one line
 * @level: how it is
 * @name: what it is about; a stable name for JSON
 * @subject: which of several, or NULL
 * @fix: what helps, or NULL
 * @fmt: how it is, in words
 */
void check_line(enum check_level level, const char *name, const char *subject, const char *fix,
		const char *fmt, ...) __attribute__((format(printf, 5, 6)));

/* Each prints one line or more */
void check_kernel(const struct facts *facts);
void check_settings(const struct facts *facts);		/* switches, forwarding */
void check_flowtables(const struct facts *facts);	/* and their devices */
void check_policies(const struct facts *facts);
void check_rules(const struct facts *facts);
void check_routes(const struct facts *facts);
void check_conntrack(const struct facts *facts);
void check_rooms(const struct facts *facts);		/* size and occupancy of hardware */
void check_reasons(const struct facts *facts);

#define CHECK_TEXT	512

/* FAMILY TABLE FLOWTABLE, as nft wants them */
const char *check_table_name(const struct nftnl_offload_table *table, char *buf);

#define CHECK_FIX	1024

/* What helps where a device that cannot offload is refused: the setting of @table, NULL for one
 * that is not known, if this kernel has such settings; then @all, for all flowtables.
 */
const char *check_strict_fix(const struct facts *facts, const struct nftnl_offload_table *table,
			     const char *all, char *buf);

#endif
