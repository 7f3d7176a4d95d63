// SPDX-License-Identifier: GPL-2.0-or-later
/* Files of /proc and /sys, and one question over netlink. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <linux/netlink.h>
#include "host_ask.h"
#include "input.h"

#define ANSWER_SIZE	(64 * 1024)

struct nlmsghdr *ask_begin(char *buf, uint16_t type, uint16_t flags)
{
	struct nlmsghdr *nlh;

	memset(buf, 0, ASK_SIZE);
	nlh = mnl_nlmsg_put_header(buf);
	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = NLM_F_REQUEST | flags;
	nlh->nlmsg_seq = time(NULL);
	return nlh;
}

static int receive(struct mnl_socket *sock, unsigned int seq, mnl_cb_t cb, void *data)
{
	static char *answer;
	ssize_t len;
	int ret;

	if (!answer)
		answer = xalloc(ANSWER_SIZE);
	do {
		len = mnl_socket_recvfrom(sock, answer, ANSWER_SIZE);
		if (len < 0)
			return -1;
		ret = mnl_cb_run(answer, len, seq, mnl_socket_get_portid(sock), cb, data);
	} while (ret > MNL_CB_STOP);
	return ret;
}

int ask(int protocol, struct nlmsghdr *nlh, mnl_cb_t cb, void *data)
{
	struct mnl_socket *sock = mnl_socket_open2(protocol, SOCK_CLOEXEC);
	int ret = -1, err, on = 1;

	if (!sock)
		return -1;
	/* the kernel filters routes by table then; older ones do not, nor need they */
	mnl_socket_setsockopt(sock, NETLINK_GET_STRICT_CHK, &on, sizeof(on));
	if (mnl_socket_bind(sock, 0, MNL_SOCKET_AUTOPID) == 0 &&
	    mnl_socket_sendto(sock, nlh, nlh->nlmsg_len) >= 0)
		ret = receive(sock, nlh->nlmsg_seq, cb, data);
	err = errno;
	mnl_socket_close(sock);
	errno = err;
	return ret;
}

void ask_str(const struct nlattr *attr, char *buf, size_t size)
{
	size_t len = attr ? strnlen(mnl_attr_get_payload(attr), mnl_attr_get_payload_len(attr)) : 0;

	if (len >= size)
		len = size - 1;
	if (len)
		memcpy(buf, mnl_attr_get_payload(attr), len);
	buf[len] = '\0';
}

static int host_read(const char *path, char *buf, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), err;
	size_t used = 0;
	ssize_t len = 0;

	*buf = '\0';
	if (fd < 0)
		return -1;
	while (used < size - 1 && (len = read(fd, buf + used, size - 1 - used)) > 0)
		used += len;
	err = errno;
	close(fd);
	errno = err;
	if (len < 0)
		return -1;
	if (used && buf[used - 1] == '\n')
		used--;
	buf[used] = '\0';
	return 0;
}

const struct machine_ops machine = {
	.read	= host_read,
	.links	= host_links,
	.routes	= host_routes,
	.route	= host_route,
	.neighbour = host_neighbour,
	.rules	= host_rules,
	.rooms	= host_rooms,
	.driver	= host_driver,
};
