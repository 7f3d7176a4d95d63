// SPDX-License-Identifier: GPL-2.0-or-later
/* The machine: netlink, devices, sysctls, network namespaces. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <sys/socket.h>
#include <libmnl/libmnl.h>
#include <linux/netlink.h>
#include "host.h"
#include "signals.h"

#define EVENT_BUFFER	(32 * 1024 * 1024)	/* for 100,000 flows that end at once */

static struct mnl_socket *sock;

static int host_netns(const char *name)
{
	char path[4096];
	int fd, ret;

	if (strchr(name, '/'))
		snprintf(path, sizeof(path), "%s", name);
	else
		snprintf(path, sizeof(path), "/run/netns/%s", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	ret = setns(fd, CLONE_NEWNET);
	close(fd);
	return ret;
}

static int host_open(void)
{
	int on = 1;

	sock = mnl_socket_open2(NETLINK_GENERIC, SOCK_CLOEXEC);
	if (!sock)
		return -1;
	/* kernels without them do well enough */
	mnl_socket_setsockopt(sock, NETLINK_EXT_ACK, &on, sizeof(on));
	mnl_socket_setsockopt(sock, NETLINK_CAP_ACK, &on, sizeof(on));
	if (mnl_socket_bind(sock, 0, MNL_SOCKET_AUTOPID) < 0) {
		int err = errno;

		mnl_socket_close(sock);
		sock = NULL;
		errno = err;
		return -1;
	}
	return 0;
}

static void host_close(void)
{
	mnl_socket_close(sock);
	sock = NULL;
}

static int host_join(unsigned int group)
{
	int size = EVENT_BUFFER, fd = mnl_socket_get_fd(sock);

	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) < 0)
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	return mnl_socket_setsockopt(sock, NETLINK_ADD_MEMBERSHIP, &group, sizeof(group));
}

static ssize_t host_send(const void *buf, size_t len)
{
	return mnl_socket_sendto(sock, buf, len);
}

static ssize_t host_recv(void *buf, size_t size)
{
	return mnl_socket_recvfrom(sock, buf, size);
}

static int host_fd(void)
{
	return mnl_socket_get_fd(sock);
}

static uint32_t host_portid(void)
{
	return mnl_socket_get_portid(sock);
}

static const char *host_device_name(unsigned int ifindex, char *name)
{
	return if_indextoname(ifindex, name);
}

static unsigned int host_device_index(const char *name)
{
	return if_nametoindex(name);
}

static int sysctl_open(const char *name, int flags)
{
	char path[128];

	snprintf(path, sizeof(path), "/proc/sys/net/netfilter/%s", name);
	return open(path, flags | O_CLOEXEC);
}

static int host_sysctl_get(const char *name, int *value)
{
	char buf[16] = "";
	int fd = sysctl_open(name, O_RDONLY);
	ssize_t len;

	if (fd < 0)
		return -1;
	len = read(fd, buf, sizeof(buf) - 1);
	close(fd);
	if (len < 0)
		return -1;
	if (sscanf(buf, "%d", value) != 1) {
		errno = EPROTO;
		return -1;
	}
	return 0;
}

static int host_sysctl_set(const char *name, int value)
{
	int fd = sysctl_open(name, O_WRONLY), ret, err;

	if (fd < 0)
		return -1;
	ret = dprintf(fd, "%d\n", value);
	err = errno;
	close(fd);
	errno = err;
	return ret < 0 ? -1 : 0;
}

static uint64_t host_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static uint64_t host_wall(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return (uint64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static bool host_wait(int fd, uint64_t ms)
{
	return wait_for(fd, -1, ms);
}

const struct host_ops host = {
	.netns		= host_netns,
	.open		= host_open,
	.close		= host_close,
	.join		= host_join,
	.send		= host_send,
	.recv		= host_recv,
	.fd		= host_fd,
	.portid		= host_portid,
	.device_name	= host_device_name,
	.device_index	= host_device_index,
	.sysctl_get	= host_sysctl_get,
	.sysctl_set	= host_sysctl_set,
	.now		= host_now,
	.wall		= host_wall,
	.wait		= host_wait,
};
