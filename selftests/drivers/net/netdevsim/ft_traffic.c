// SPDX-License-Identifier: GPL-2.0
/*
 * Traffic for the flow table tests: an echo server, and a client that does as
 * it is told and compares every byte that comes back.
 *
 *	ft_traffic server tcp|udp ADDR PORT
 *
 * runs until killed. It writes "ready", and for each new peer a line
 * "peer ADDR PORT" with the address as this end sees it.
 *
 *	ft_traffic client tcp|udp ADDR PORT [-b SRC[:PORT]]
 *
 * (an IPv6 SRC with a port: [SRC]:PORT) reads commands from stdin, one a line,
 * and answers the connect and each command with one line: "ok ..." or
 * "error: ...". No command waits for longer than 5 s without progress.
 *
 *	run COUNT LEN		send COUNT packets of LEN bytes, at most 8 (gso:
 *				one batch more) of them unanswered
 *	steady MS US		UDP: for MS a packet each US, whether or not they
 *				are answered; tells how many were, and the longest
 *				time without an answer
 *	stream BYTES		TCP: BYTES there and back as fast as it goes, at
 *				most 128 KiB under way
 *	drain			TCP: read what of the echo is still missing
 *	ttl N			TTL or hop limit
 *	mtu-discover 0|1|probe	may be fragmented | not | not, and believe no
 *				path MTU
 *	options none|nop|hop|dst  IPv4 NOPs, IPv6 hop-by-hop or destination
 *				options
 *	tos N			TOS or traffic class
 *	nocheck 0|1		UDP: send without checksum
 *	gso N			UDP: hand N packets at a time to the kernel; 0: one
 *	expect-error NAME [LEN]	send one packet of LEN (64) bytes and wait for
 *				the error NAME that an ICMP message causes
 *	pause MS		nothing for so long
 *	close			TCP: FIN, and wait for that of the other end
 *	reset			TCP: RST
 *	quit
 *
 *	ft_traffic burst udp ADDR PORT COUNT
 *
 * opens COUNT sockets, sends a packet from each and a second one when the first
 * was answered, and ends when all were answered.
 */

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/errqueue.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "ft_traffic.h"

#define WINDOW		8
#define WINDOW_MAX	128
#define STEADY_LEN	64
#define STREAM_CHUNK	65536	/* two of them fit into netdevsim's rings */
#define LEN_MAX		65507

struct header {
	uint32_t run;
	uint32_t seq;
};

static char buf[1 << 17], want[1 << 17];

/* Client */

static struct client {
	int fd;
	bool tcp, v6;
	uint32_t run;
	unsigned int gso;
	uint64_t tx, rx;	/* TCP: bytes of the stream sent and verified */
} cl = { .fd = -1 };

/* Returns the error that ICMP caused, 0 for none yet, and describes it. */
static int read_error(char *text, size_t size)
{
	struct iovec iov = { buf, sizeof(buf) };
	char control[512], from[64] = "? ?";
	struct sock_extended_err *see = NULL;
	struct sockaddr_storage ss = {};
	struct msghdr msg = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof(control),
	};
	struct cmsghdr *cmsg;

	if (recvmsg(cl.fd, &msg, MSG_ERRQUEUE | MSG_DONTWAIT) < 0)
		return 0;
	for (cmsg = CMSG_FIRSTHDR(&msg); cmsg; cmsg = CMSG_NXTHDR(&msg, cmsg))
		if ((cmsg->cmsg_level == SOL_IP &&
		     cmsg->cmsg_type == IP_RECVERR) ||
		    (cmsg->cmsg_level == SOL_IPV6 &&
		     cmsg->cmsg_type == IPV6_RECVERR))
			see = (void *)CMSG_DATA(cmsg);
	if (!see || (see->ee_origin != SO_EE_ORIGIN_ICMP &&
		     see->ee_origin != SO_EE_ORIGIN_ICMP6))
		return 0;
	memcpy(&ss, SO_EE_OFFENDER(see), cl.v6 ? sizeof(struct sockaddr_in6) :
					       sizeof(struct sockaddr_in));
	snprintf(from, sizeof(from), "%s", name_of(&ss, sizeof(ss)));
	*strchr(from, ' ') = '\0';
	snprintf(text, size, "type %u code %u mtu %u from %s", see->ee_type,
		 see->ee_code, see->ee_info, from);
	return see->ee_errno;
}

/* TCP goes on after these */
static bool soft(int err)
{
	return err == EAGAIN || (cl.tcp && (err == EHOSTUNREACH ||
					    err == ENETUNREACH ||
					    err == EMSGSIZE));
}

/* Returns NULL, or what is wrong. */
static const char *wait_for(short events, const char *what)
{
	long long end = now_us() + TIMEOUT_MS * 1000LL;
	static char text[128];
	char icmp[128];

	do {
		struct pollfd pfd = { .fd = cl.fd, .events = events };
		socklen_t len = sizeof(int);
		int err = 0, n;

		n = poll(&pfd, 1, TIMEOUT_MS);
		if (n < 0)
			return strerror(errno);
		if (pfd.revents & events)
			return NULL;
		if (!n)
			break;
		getsockopt(cl.fd, SOL_SOCKET, SO_ERROR, &err, &len);
		if (err && !soft(err))
			return strerror(err);
		if (!read_error(icmp, sizeof(icmp)) && !err)
			return "connection has ended";
	} while (now_us() < end);
	snprintf(text, sizeof(text), "timeout: %s", what);
	return text;
}

static void run_udp(unsigned long count, size_t len)
{
	unsigned long sent = 0, got = 0, batch, window, slot, i;
	static long long stamp[WINDOW_MAX];
	static bool out[WINDOW_MAX];
	long long rtt, rttmax = 0;
	struct header h;
	const char *bad;
	ssize_t n;

	batch = cl.gso ? cl.gso : 1;
	window = batch > WINDOW ? batch : WINDOW;
	if (len < sizeof(h) || len > LEN_MAX) {
		answer("error: length %zu is not in %zu..%d", len, sizeof(h),
		       LEN_MAX);
		return;
	}
	if (batch * len > LEN_MAX) {
		answer("error: %lu times %zu bytes are more than %d", batch,
		       len, LEN_MAX);
		return;
	}
	memset(out, 0, sizeof(out));
	set_int(cl.fd, IPPROTO_UDP, UDP_SEGMENT, cl.gso ? len : 0);
	cl.run++;
	while (got < count) {
		while (sent < count && sent + batch <= got + window) {
			if (batch > count - sent)
				batch = count - sent;
			for (i = 0; i < batch; i++) {
				if (out[(sent + i) % WINDOW_MAX])
					break;
				h = (struct header){ cl.run, sent + i };
				fill(buf + i * len, (uint64_t)h.seq << 16, len);
				memcpy(buf + i * len, &h, sizeof(h));
			}
			if (i < batch)
				break;
			n = send(cl.fd, buf, batch * len, 0);
			if (n < 0 && errno == EAGAIN)
				break;
			if (n < 0) {
				answer("error: send: %s", strerror(errno));
				return;
			}
			for (i = 0; i < batch; i++) {
				out[(sent + i) % WINDOW_MAX] = true;
				stamp[(sent + i) % WINDOW_MAX] = now_us();
			}
			sent += batch;
		}
		bad = wait_for(POLLIN, "no reply");
		if (bad)
			goto bad;
		n = recv(cl.fd, buf, sizeof(buf), 0);
		if (n < 0) {
			bad = strerror(errno);
			goto bad;
		}
		memcpy(&h, buf, sizeof(h));
		if ((size_t)n >= sizeof(h) && h.run < cl.run)
			continue;	/* came too late for its own run */
		slot = h.seq % WINDOW_MAX;
		if ((size_t)n != len || h.run != cl.run || h.seq >= sent ||
		    !out[slot]) {
			answer("error: reply %lu: %zd bytes, run %u, number %u: not asked for",
			       got, n, h.run, h.seq);
			return;
		}
		fill(want, (uint64_t)h.seq << 16, len);
		memcpy(want, &h, sizeof(h));
		if (memcmp(buf, want, len)) {
			answer("error: reply %u of %zu bytes differs", h.seq,
			       len);
			return;
		}
		out[slot] = false;
		rtt = now_us() - stamp[slot];
		rttmax = rtt > rttmax ? rtt : rttmax;
		got++;
	}
	answer("ok %lu packets %llu bytes %lld us", count,
	       (unsigned long long)count * len, rttmax);
	return;

bad:
	answer("error: %s: %lu of %lu packets came back, %lu were sent", bad,
	       got, count, sent);
}

/* Answers of this run. Returns how many, -1 if one is damaged. */
static int steady_read(uint32_t sent)
{
	struct header h;
	char icmp[128];
	int got = 0;
	ssize_t n;

	while (read_error(icmp, sizeof(icmp)))
		;
	for (;;) {
		n = recv(cl.fd, buf, sizeof(buf), 0);
		if (n < 0)
			return got;	/* an error of ICMP's is a packet lost */
		memcpy(&h, buf, sizeof(h));
		if ((size_t)n >= sizeof(h) && h.run < cl.run)
			continue;
		fill(want, (uint64_t)h.seq << 16, STEADY_LEN);
		memcpy(want, &h, sizeof(h));
		if (n != STEADY_LEN || h.run != cl.run || h.seq >= sent ||
		    memcmp(buf, want, STEADY_LEN))
			return -1;
		got++;
	}
}

static void steady_udp(unsigned long ms, unsigned long us)
{
	long long now = now_us(), end = now + ms * 1000LL, next = now;
	long long last = now, gap = 0, stop;
	unsigned long got = 0;
	struct header h = {};
	int n;

	if (!ms || ms > 60000 || !us || us > 1000000) {
		answer("error: steady: want 1..60000 ms and 1..1000000 us");
		return;
	}
	set_int(cl.fd, IPPROTO_UDP, UDP_SEGMENT, 0);
	h.run = ++cl.run;
	/* the last answers get some time, too */
	for (stop = end + 200000; now < stop && (now < end || got < h.seq);
	     now = now_us()) {
		struct pollfd pfd = { .fd = cl.fd, .events = POLLIN };
		struct timespec ts = { .tv_nsec = 10000000 };

		if (now < end && now >= next) {
			fill(buf, (uint64_t)h.seq << 16, STEADY_LEN);
			memcpy(buf, &h, sizeof(h));
			send(cl.fd, buf, STEADY_LEN, 0);
			h.seq++;
			next += us;
		}
		now = now_us();
		if (now < end) {
			ts.tv_sec = next > now ? (next - now) / 1000000 : 0;
			ts.tv_nsec = next > now ? (next - now) % 1000000 * 1000 : 0;
		}
		ppoll(&pfd, 1, &ts, NULL);
		n = steady_read(h.seq);
		if (n < 0) {
			answer("error: steady: a reply differs");
			return;
		}
		if (!n)
			continue;
		got += n;
		now = now_us();
		gap = now - last > gap ? now - last : gap;
		last = now;
	}
	if (got < h.seq && end - last > gap)
		gap = end - last;
	answer("ok %lu of %u packets, gap %lld us", got, h.seq, gap);
}

/* Read what there is of the echo. Returns NULL, or what is wrong. */
static const char *read_tcp(void)
{
	static char text[128];
	ssize_t n, i;

	n = recv(cl.fd, buf, sizeof(buf), 0);
	if (n < 0)
		return soft(errno) ? NULL : strerror(errno);
	if (!n)
		return "the other end has closed";
	if ((uint64_t)n > cl.tx - cl.rx)
		return "more came back than was sent";
	fill(want, cl.rx, n);
	if (memcmp(buf, want, n)) {
		for (i = 0; buf[i] == want[i]; i++)
			;
		snprintf(text, sizeof(text), "byte %llu of the stream differs",
			 (unsigned long long)cl.rx + i);
		return text;
	}
	cl.rx += n;
	return NULL;
}

/* Send up to @end, in pieces of @chunk of which @window may be unanswered. */
static const char *pump_tcp(uint64_t end, size_t chunk, uint64_t window,
			    long long *rttmax)
{
	uint64_t mark = 0, sent_end = cl.tx;
	long long since = 0;
	const char *bad;
	size_t len;
	ssize_t n;

	while (cl.rx < end) {
		if (cl.tx == sent_end && sent_end < end &&
		    cl.tx - cl.rx < window) {
			sent_end += chunk;
			if (sent_end > end)
				sent_end = end;
		}
		if (cl.tx < sent_end) {
			len = sent_end - cl.tx;
			fill(buf, cl.tx, len);
			n = send(cl.fd, buf, len, MSG_NOSIGNAL);
			if (n < 0 && !soft(errno))
				return strerror(errno);
			if (n > 0)
				cl.tx += n;
			if (!since && cl.tx == sent_end) {
				since = now_us();
				mark = cl.tx;
			}
			if (n > 0 && cl.tx - cl.rx < window && cl.tx < end)
				continue;
		}
		bad = wait_for(cl.tx < sent_end ? POLLIN | POLLOUT : POLLIN,
			       "no echo");
		bad = bad ? bad : read_tcp();
		if (bad)
			return bad;
		if (since && cl.rx >= mark) {
			since = now_us() - since;
			*rttmax = since > *rttmax ? since : *rttmax;
			since = 0;
		}
	}
	return NULL;
}

static void run_tcp(unsigned long count, size_t len)
{
	uint64_t start = cl.tx;
	long long rttmax = 0;
	const char *bad;

	if (!len || len > sizeof(buf)) {
		answer("error: length %zu is not in 1..%zu", len, sizeof(buf));
		return;
	}
	bad = pump_tcp(cl.tx + (uint64_t)count * len, len,
		       (uint64_t)WINDOW * len, &rttmax);
	if (bad)
		answer("error: %s: %lld of %llu bytes came back, %llu were sent",
		       bad, (long long)(cl.rx - start),
		       (unsigned long long)count * len,
		       (unsigned long long)(cl.tx - start));
	else
		answer("ok %lu packets %llu bytes %lld us", count,
		       (unsigned long long)count * len, rttmax);
}

static void stream_tcp(unsigned long long bytes)
{
	uint64_t start = cl.tx;
	long long rttmax = 0;
	const char *bad;

	bad = pump_tcp(cl.tx + bytes, STREAM_CHUNK, STREAM_CHUNK + 1, &rttmax);
	if (bad)
		answer("error: %s: %lld of %llu bytes came back", bad,
		       (long long)(cl.rx - start), bytes);
	else
		answer("ok %llu bytes", bytes);
}

static void expect_error(const char *name, size_t len)
{
	struct header h = { 0, 0 };
	char text[128];
	long long end;
	ssize_t n;
	int err;

	if (len < sizeof(h) || len > LEN_MAX) {
		answer("error: length %zu is not in %zu..%d", len, sizeof(h),
		       LEN_MAX);
		return;
	}
	while (read_error(text, sizeof(text)))
		;
	fill(buf, cl.tcp ? cl.tx : 0, len);
	if (!cl.tcp) {
		memcpy(buf, &h, sizeof(h));
		set_int(cl.fd, IPPROTO_UDP, UDP_SEGMENT, 0);
	}
	n = send(cl.fd, buf, len, MSG_NOSIGNAL);
	if (n != (ssize_t)len) {
		answer("error: send: %s",
		       n < 0 ? strerror(errno) : "not all of it");
		return;
	}
	if (cl.tcp)
		cl.tx += n;
	end = now_us() + TIMEOUT_MS * 1000LL;
	while (now_us() < end) {
		struct pollfd pfd = { .fd = cl.fd };
		socklen_t olen = sizeof(err);

		poll(&pfd, 1, 100);
		err = read_error(text, sizeof(text));
		if (!err)
			continue;
		if (strcmp(strerrorname_np(err), name))
			answer("error: %s instead of %s: %s",
			       strerrorname_np(err), name, text);
		else
			answer("ok %s %s", name, text);
		getsockopt(cl.fd, SOL_SOCKET, SO_ERROR, &err, &olen);
		return;
	}
	answer("error: timeout: no ICMP error");
}

static void close_tcp(void)
{
	const char *bad;
	ssize_t n;

	shutdown(cl.fd, SHUT_WR);
	do {
		bad = wait_for(POLLIN, "the other end does not close");
		if (bad) {
			answer("error: %s", bad);
			return;
		}
		n = recv(cl.fd, buf, sizeof(buf), 0);
	} while (n > 0);
	if (n < 0)
		answer("error: %s", strerror(errno));
	else
		answer("ok closed");
	close(cl.fd);
	cl.fd = -1;
}

static void reset_tcp(void)
{
	struct linger linger = { .l_onoff = 1 };

	setsockopt(cl.fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger));
	close(cl.fd);
	cl.fd = -1;
	answer("ok reset");
}

static int set_options(const char *what)
{
	static const unsigned char nop[] = { 1, 1, 1, 1 };
	/* next header, length, PadN of 4 bytes */
	static const unsigned char padn[] = { 0, 0, 1, 4, 0, 0, 0, 0 };

	if (!strcmp(what, "none")) {
		if (!cl.v6)
			return setsockopt(cl.fd, SOL_IP, IP_OPTIONS, NULL, 0);
		if (setsockopt(cl.fd, SOL_IPV6, IPV6_HOPOPTS, NULL, 0))
			return -1;
		return setsockopt(cl.fd, SOL_IPV6, IPV6_DSTOPTS, NULL, 0);
	}
	if (!strcmp(what, "nop") && !cl.v6)
		return setsockopt(cl.fd, SOL_IP, IP_OPTIONS, nop, sizeof(nop));
	if (!strcmp(what, "hop") && cl.v6)
		return setsockopt(cl.fd, SOL_IPV6, IPV6_HOPOPTS, padn,
				  sizeof(padn));
	if (!strcmp(what, "dst") && cl.v6)
		return setsockopt(cl.fd, SOL_IPV6, IPV6_DSTOPTS, padn,
				  sizeof(padn));
	errno = EINVAL;
	return -1;
}

static int set_mtu_discover(const char *what)
{
	int val;

	if (!strcmp(what, "0")) {
		val = cl.v6 ? IPV6_PMTUDISC_DONT : IP_PMTUDISC_DONT;
	} else if (!strcmp(what, "1")) {
		val = cl.v6 ? IPV6_PMTUDISC_DO : IP_PMTUDISC_DO;
	} else if (!strcmp(what, "probe")) {
		val = cl.v6 ? IPV6_PMTUDISC_PROBE : IP_PMTUDISC_PROBE;
	} else {
		errno = EINVAL;
		return -1;
	}
	return cl.v6 ? set_int(cl.fd, SOL_IPV6, IPV6_MTU_DISCOVER, val) :
		       set_int(cl.fd, SOL_IP, IP_MTU_DISCOVER, val);
}

/* Commands that set something, with one argument. Returns false if none. */
static bool command_set(const char *cmd, const char *arg)
{
	char *end;
	long val;
	int ret;

	val = strtol(arg, &end, 0);
	if (!strcmp(cmd, "options")) {
		ret = set_options(arg);
	} else if (!strcmp(cmd, "mtu-discover")) {
		ret = set_mtu_discover(arg);
	} else if (!strcmp(cmd, "ttl") || !strcmp(cmd, "tos") ||
		   !strcmp(cmd, "nocheck") || !strcmp(cmd, "gso")) {
		if (*end || end == arg || val < 0 || val > 255) {
			answer("error: %s: '%s' is no number in 0..255", cmd,
			       arg);
			return true;
		}
		if (!strcmp(cmd, "ttl"))
			ret = cl.v6 ? set_int(cl.fd, SOL_IPV6,
					      IPV6_UNICAST_HOPS, val) :
				      set_int(cl.fd, SOL_IP, IP_TTL, val);
		else if (!strcmp(cmd, "tos"))
			ret = cl.v6 ? set_int(cl.fd, SOL_IPV6, IPV6_TCLASS,
					      val) :
				      set_int(cl.fd, SOL_IP, IP_TOS, val);
		else if (cl.tcp)
			ret = (errno = EPROTOTYPE, -1);
		else if (!strcmp(cmd, "nocheck"))
			ret = cl.v6 ? set_int(cl.fd, IPPROTO_UDP,
					      UDP_NO_CHECK6_TX, !!val) :
				      set_int(cl.fd, SOL_SOCKET, SO_NO_CHECK,
					      !!val);
		else if (val > WINDOW_MAX / 2)
			ret = (errno = ERANGE, -1);
		else
			ret = (cl.gso = val, 0);
	} else {
		return false;
	}
	if (ret)
		answer("error: %s %s: %s", cmd, arg, strerror(errno));
	else
		answer("ok %s %s", cmd, arg);
	return true;
}

static bool parse_number(const char *cmd, const char *arg, unsigned long *val)
{
	char *end;

	if (arg) {
		*val = strtoul(arg, &end, 0);
		if (*arg >= '0' && *arg <= '9' && !*end)
			return true;
	}
	answer("error: %s: '%s' is no number", cmd, arg ? arg : "");
	return false;
}

/* Returns false when the client has to end. */
static bool do_command(char *line)
{
	char *cmd, *arg1, *arg2;
	unsigned long n, len;
	long long rtt = 0;
	const char *bad;

	cmd = strtok(line, " \t\n");
	arg1 = strtok(NULL, " \t\n");
	arg2 = strtok(NULL, " \t\n");
	if (!cmd) {
		answer("error: no command");
	} else if (!strcmp(cmd, "quit")) {
		answer("ok quit");
		return false;
	} else if (cl.fd < 0) {
		answer("error: %s: the connection is closed", cmd);
	} else if (arg1 && command_set(cmd, arg1)) {
		;
	} else if (!strcmp(cmd, "run")) {
		if (!parse_number(cmd, arg1, &n) || !parse_number(cmd, arg2, &len))
			return true;
		if (cl.tcp)
			run_tcp(n, len);
		else
			run_udp(n, len);
	} else if (!cl.tcp && !strcmp(cmd, "steady")) {
		if (parse_number(cmd, arg1, &n) && parse_number(cmd, arg2, &len))
			steady_udp(n, len);
	} else if (!strcmp(cmd, "pause")) {
		if (!parse_number(cmd, arg1, &n))
			return true;
		if (n > TIMEOUT_MS) {
			answer("error: pause: more than %d ms", TIMEOUT_MS);
			return true;
		}
		usleep(n * 1000);
		answer("ok %lu ms", n);
	} else if (!strcmp(cmd, "expect-error") && arg1) {
		len = 64;
		if (!arg2 || parse_number(cmd, arg2, &len))
			expect_error(arg1, len);
	} else if (cl.tcp && !strcmp(cmd, "stream")) {
		if (parse_number(cmd, arg1, &n))
			stream_tcp(n);
	} else if (cl.tcp && !strcmp(cmd, "drain")) {
		bad = pump_tcp(cl.tx, 1, 1, &rtt);
		if (bad)
			answer("error: %s", bad);
		else
			answer("ok drained");
	} else if (cl.tcp && !strcmp(cmd, "close")) {
		close_tcp();
	} else if (cl.tcp && !strcmp(cmd, "reset")) {
		reset_tcp();
	} else if (!strcmp(cmd, "close")) {
		close(cl.fd);
		cl.fd = -1;
		answer("ok closed");
	} else {
		answer("error: %s: no such command for %s", cmd,
		       cl.tcp ? "tcp" : "udp");
	}
	return true;
}

static void bind_to(const char *where)
{
	char addr[80], *port = NULL, *host = addr, *p;
	struct sockaddr_storage ss;
	socklen_t len;

	snprintf(addr, sizeof(addr), "%s", where);
	if (*addr == '[') {
		host++;
		p = strchr(host, ']');
		if (!p || (p[1] && p[1] != ':'))
			die("-b %s: want [ADDR]:PORT", where);
		*p = '\0';
		port = p[1] ? p + 2 : NULL;
	} else {
		p = strchr(addr, ':');
		if (p && p == strrchr(addr, ':')) {
			*p = '\0';
			port = p + 1;
		}
	}
	parse_addr(host, port ? port : "0", cl.tcp, &ss, &len);
	if (bind(cl.fd, (void *)&ss, len))
		die("bind to %s: %s", where, strerror(errno));
}

static int client(bool tcp, const char *addr, const char *port,
		  const char *from)
{
	struct sockaddr_storage ss, me;
	socklen_t len, melen = sizeof(me);
	const char *bad = NULL;
	char line[256];
	int err;

	parse_addr(addr, port, tcp, &ss, &len);
	cl.tcp = tcp;
	cl.v6 = ss.ss_family == AF_INET6;
	cl.fd = new_socket(&ss, tcp);
	if (from)
		bind_to(from);
	fcntl(cl.fd, F_SETFL, O_NONBLOCK);
	if (cl.v6)
		set_int(cl.fd, SOL_IPV6, IPV6_RECVERR, 1);
	else
		set_int(cl.fd, SOL_IP, IP_RECVERR, 1);
	if (connect(cl.fd, (void *)&ss, len)) {
		err = errno;
		if (err != EINPROGRESS)
			bad = strerror(err);
		else
			bad = wait_for(POLLOUT, "no answer");
		len = sizeof(err);
		if (!bad && !getsockopt(cl.fd, SOL_SOCKET, SO_ERROR, &err,
					&len) && err)
			bad = strerror(err);
	}
	if (bad) {
		answer("error: connect to %s port %s: %s", addr, port, bad);
		return 1;
	}
	getsockname(cl.fd, (void *)&me, &melen);
	answer("ok connected from %s", name_of(&me, melen));
	while (fgets(line, sizeof(line), stdin))
		if (!do_command(line))
			return 0;
	return 0;
}

int main(int argc, char **argv)
{
	const char *usage =
		"usage: ft_traffic server tcp|udp ADDR PORT\n"
		"       ft_traffic client tcp|udp ADDR PORT [-b SRC[:PORT]]\n"
		"       ft_traffic burst udp ADDR PORT COUNT";
	const char *from = NULL;
	bool tcp;

	signal(SIGPIPE, SIG_IGN);
	if (argc < 5)
		die("arguments missing\n%s", usage);
	tcp = !strcmp(argv[2], "tcp");
	if (!tcp && strcmp(argv[2], "udp"))
		die("'%s' is neither tcp nor udp\n%s", argv[2], usage);
	if (!strcmp(argv[1], "server")) {
		if (argc > 5)
			die("'%s' is too much\n%s", argv[5], usage);
		server(tcp, argv[3], argv[4]);
	} else if (!strcmp(argv[1], "burst")) {
		if (tcp || argc != 6)
			die("want udp, and COUNT as last argument\n%s", usage);
		return burst(argv[3], argv[4], argv[5]);
	} else if (strcmp(argv[1], "client")) {
		die("'%s' is none of server, client and burst\n%s", argv[1],
		    usage);
	}
	if (argc > 5) {
		if (strcmp(argv[5], "-b") || argc != 7)
			die("want -b SRC[:PORT] instead of '%s'\n%s", argv[5],
			    usage);
		from = argv[6];
	}
	return client(tcp, argv[3], argv[4], from);
}
