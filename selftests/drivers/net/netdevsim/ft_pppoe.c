// SPDX-License-Identifier: GPL-2.0
/*
 * One end of a PPPoE session without discovery, LCP and IPCP.
 *
 *	ft_pppoe DEV MAC SID
 *
 * makes a ppp interface of session SID (1..65535) with the peer MAC behind
 * the Ethernet device DEV, writes its name, and keeps it until killed.
 */

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <linux/if_ether.h>
#include <linux/if_pppox.h>
#include <linux/ppp-ioctl.h>
#include <linux/ppp_defs.h>

#define PPP_MAJOR	108

static void die(const char *what)
{
	fprintf(stderr, "ft_pppoe: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void wrong(const char *what, const char *arg)
{
	fprintf(stderr,
		"ft_pppoe: '%s' is no %s\nusage: ft_pppoe DEV MAC SID\n", arg,
		what);
	exit(2);
}

static int open_ppp(void)
{
	char node[] = "/tmp/ft_pppoe.XXXXXX";
	int fd;

	fd = open("/dev/ppp", O_RDWR);
	if (fd >= 0 || errno != ENOENT)
		return fd;
	if (!mkdtemp(node) || rmdir(node) ||
	    mknod(node, S_IFCHR | 0600, makedev(PPP_MAJOR, 0)))
		return -1;
	fd = open(node, O_RDWR);
	unlink(node);
	return fd;
}

static void pass(int fd, int protocol)
{
	struct npioctl np = { .protocol = protocol, .mode = NPMODE_PASS };

	if (ioctl(fd, PPPIOCSNPMODE, &np))
		die("PPPIOCSNPMODE");
}

int main(int argc, char **argv)
{
	struct sockaddr_pppox sp = {
		.sa_family = AF_PPPOX,
		.sa_protocol = PX_PROTO_OE,
	};
	unsigned char *mac = sp.sa_addr.pppoe.remote;
	struct sockaddr_storage ss = {};
	int sock, channel, unit, chan, num = -1;
	unsigned long sid;
	char *end;

	if (argc != 4) {
		fprintf(stderr, "usage: ft_pppoe DEV MAC SID\n");
		return 2;
	}
	if (!if_nametoindex(argv[1]))
		wrong("network device", argv[1]);
	if (sscanf(argv[2], "%hhx:%hhx:%hhx:%hhx:%hhx:%hhx", &mac[0], &mac[1],
		   &mac[2], &mac[3], &mac[4], &mac[5]) != ETH_ALEN)
		wrong("MAC address", argv[2]);
	sid = strtoul(argv[3], &end, 0);
	if (*end || !sid || sid > 65535)
		wrong("session id", argv[3]);
	sp.sa_addr.pppoe.sid = htons(sid);
	snprintf(sp.sa_addr.pppoe.dev, sizeof(sp.sa_addr.pppoe.dev), "%s",
		 argv[1]);

	sock = socket(AF_PPPOX, SOCK_STREAM, PX_PROTO_OE);
	if (sock < 0)
		die("PPPoE socket");
	memcpy(&ss, &sp, sizeof(sp));
	if (connect(sock, (void *)&ss, sizeof(sp)))
		die("PPPoE connect");
	if (ioctl(sock, PPPIOCGCHAN, &chan))
		die("PPPIOCGCHAN");
	channel = open_ppp();
	unit = open_ppp();
	if (channel < 0 || unit < 0)
		die("/dev/ppp");
	if (ioctl(channel, PPPIOCATTCHAN, &chan))
		die("PPPIOCATTCHAN");
	if (ioctl(unit, PPPIOCNEWUNIT, &num))
		die("PPPIOCNEWUNIT");
	if (ioctl(channel, PPPIOCCONNECT, &num))
		die("PPPIOCCONNECT");
	pass(unit, PPP_IP);
	pass(unit, PPP_IPV6);
	printf("ppp%d\n", num);
	fflush(stdout);
	for (;;)
		pause();
}
