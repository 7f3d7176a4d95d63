/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where messages go: UDP, TCP or a file. A collector that is not there, or too slow, costs
 * the records of messages that it does not take. They are counted.
 */
#ifndef NFT_OFFLOAD_COLLECTOR_H
#define NFT_OFFLOAD_COLLECTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum collector_kind { COLLECTOR_UDP, COLLECTOR_TCP, COLLECTOR_FILE };

struct collector;

/**
 * collector_open() - a place for messages
 * @name: for what is said
 * @target: host, or path
 * @port: of a host
 * @now: milliseconds
 * @why: text of a failure
 *
 * A host that refuses a connection is no failure: it is tried again.
 *
 * Return: the collector, or NULL.
 */
struct collector *collector_open(enum collector_kind kind, const char *name, const char *target,
				 uint16_t port, uint64_t now, const char **why);

/* Connects, and sends what waits. @now: milliseconds. */
void collector_work(struct collector *collector, uint64_t now);

/* True once for each connection that begins: templates have to come first */
bool collector_begins(struct collector *collector);

/* True once if the collector has not got what was sent: templates are due */
bool collector_missed(struct collector *collector);

/* Sends a message with @records. Returns -1 with errno set if the file cannot be written. */
int collector_send(struct collector *collector, const void *msg, size_t len, uint32_t records);

/* Milliseconds until it has to work again; -1: not by itself */
int64_t collector_wait(const struct collector *collector, uint64_t now);

/* Waits some seconds for what is not sent yet, and closes. Returns -1 with errno set if the
 * file could not be written.
 */
int collector_close(struct collector *collector);

/* Records that were not delivered, as far as it knows */
uint64_t collector_lost(const struct collector *collector);
void collector_free(struct collector *collector);

#endif
