/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the files of ft_traffic share: ft_traffic.c has the client and main(),
 * ft_traffic_server.c the servers and the burst, ft_traffic_lib.c the rest.
 */
#ifndef _FT_TRAFFIC_H
#define _FT_TRAFFIC_H

#include <netinet/udp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#ifndef UDP_SEGMENT
#define UDP_SEGMENT		103
#endif
#ifndef UDP_NO_CHECK6_TX
#define UDP_NO_CHECK6_TX	101
#define UDP_NO_CHECK6_RX	102
#endif

#define TIMEOUT_MS	5000

void die(const char *fmt, ...);
void answer(const char *fmt, ...);
long long now_us(void);
void fill(char *to, uint64_t pos, size_t len);
void parse_addr(const char *addr, const char *port, bool tcp,
		struct sockaddr_storage *ss, socklen_t *len);
const char *name_of(const struct sockaddr_storage *ss, socklen_t len);
int set_int(int fd, int level, int name, int val);
int new_socket(const struct sockaddr_storage *ss, bool tcp);

void server(bool tcp, const char *addr, const char *port);
int burst(const char *addr, const char *port, const char *count);

#endif /* _FT_TRAFFIC_H */
