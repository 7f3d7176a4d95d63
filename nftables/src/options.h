/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NFT_OFFLOAD_OPTIONS_H
#define NFT_OFFLOAD_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#ifndef VERSION
#define VERSION "0"
#endif

/* Exit codes */
enum {
	EXIT_FINE	= 0,
	EXIT_REFUSED	= 1,	/* refused or failed */
	EXIT_USAGE	= 2,	/* bad option, or not a command */
};

struct options {
	bool		json;
	bool		numeric;	/* indices of devices */
	bool		resolve;	/* names of services and hosts */
	bool		echo;
	bool		timestamp;	/* of events */
	bool		list_long;	/* all of a flow */
	bool		colour;
	bool		check;
	bool		interactive;
	bool		prometheus;
	bool		batch;
	uint64_t	interval;	/* milliseconds */
	uint64_t	count;		/* 0: no end */
	uint64_t	watch;		/* milliseconds; 0: once */
	const char	*file;
	const char	*netns;
};

extern struct options options;

#endif
