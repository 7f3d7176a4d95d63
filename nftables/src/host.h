/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * All that is asked of the machine. The tool is linked with host.c. The test
 * program is linked with an emulation instead, tests/fake.c.
 */
#ifndef NFT_OFFLOAD_HOST_H
#define NFT_OFFLOAD_HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <net/if.h>
#include <sys/types.h>

/* Functions return -1 and set errno on failure, where nothing else is said. */
struct host_ops {
	int		(*netns)(const char *name);	/* go to a network namespace */
	int		(*open)(void);			/* netlink socket */
	void		(*close)(void);
	int		(*join)(unsigned int group);	/* events, with much room for them */
	ssize_t		(*send)(const void *buf, size_t len);
	ssize_t		(*recv)(void *buf, size_t size);
	int		(*fd)(void);			/* to poll; -1: recv waits itself */
	uint32_t	(*portid)(void);
	const char	*(*device_name)(unsigned int ifindex, char *name);	/* or NULL */
	unsigned int	(*device_index)(const char *name);			/* or 0 */
	int		(*sysctl_get)(const char *name, int *value);
	int		(*sysctl_set)(const char *name, int value);
	uint64_t	(*now)(void);			/* milliseconds, never back */
	uint64_t	(*wall)(void);			/* milliseconds since 1970 */
	/* Waits for input (-1: none) or a signal, @ms at most. Is there input? */
	bool		(*wait)(int fd, uint64_t ms);
};

extern const struct host_ops host;

#endif
