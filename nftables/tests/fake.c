// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A machine with nft_offload, emulated: answers requests with what the library
 * builds from the file in $FIXTURE, and writes what it was asked to $REQUESTS, in
 * bytes too if there is $REQUEST_BYTES.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <libmnl/libmnl.h>
#include <libnftnl_offload/explain.h>
#include <libnftnl_offload/filter.h>
#include "fake.h"
#include "fake_policy.h"
#include "fixture.h"
#include "host.h"
#include "signals.h"

struct request request;
bool joined;
unsigned int dumps;
uint64_t waited = BEGINNING;
FILE *requests;

void load(void)
{
	static bool loaded;
	const char *path = getenv("FIXTURE"), *log = getenv("REQUESTS");

	if (loaded)
		return;
	loaded = true;
	if (path)
		fixture_load(path);
	if (log)
		requests = fopen(log, "a");
}

const struct fixture_fail *find_fail(const char *what)
{
	unsigned int i;

	for (i = 0; i < fixture.num_fails; i++)
		if (!strcmp(fixture.fails[i].what, what))
			return &fixture.fails[i];
	return NULL;
}

int fail_if(const char *what)
{
	const struct fixture_fail *fail = find_fail(what);

	if (!fail)
		return 0;
	errno = fail->err;
	return -1;
}

static int fake_netns(const char *name)
{
	load();
	if (requests)
		fprintf(requests, "netns %s\n", name);
	return fail_if("netns");
}

static int fake_open(void)
{
	load();
	return fail_if("open");
}

static void fake_close(void)
{
	joined = false;
}

static int fake_join(unsigned int group)
{
	if (requests)
		fprintf(requests, "join %u\n", group);
	joined = true;
	return fail_if("join");
}

static ssize_t fake_send(const void *buf, size_t len)
{
	const struct nlmsghdr *nlh = buf;

	if (len > sizeof(request.raw) || !(nlh->nlmsg_flags & NLM_F_REQUEST)) {
		errno = EINVAL;
		return -1;
	}
	memcpy(request.raw, buf, len);
	request.len = len;
	request.type = nlh->nlmsg_type == FAMILY ? nftnl_offload_msg_type(nlh) : FAMILY_GET;
	request.dump = (nlh->nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP;
	request.echo = nlh->nlmsg_flags & NLM_F_ECHO;
	request.seq = nlh->nlmsg_seq;
	request.next = request.sent = 0;
	request.done = false;
	if (request.filter)
		nftnl_flow_filter_free(request.filter);
	request.filter = nftnl_flow_filter_alloc();
	request.refused = NULL;
	request.err = 0;
	if (request.type == NFT_OFFLOAD_CMD_TABLE_SET)
		fake_set_table(nlh);
	if (is_policy(request.type))
		ask_policy(nlh);
	if (request.type == FAMILY_GET || request.type == NFT_OFFLOAD_CMD_TABLE_SET ||
	    is_policy(request.type))
		return len;
	nftnl_flow_filter_nlmsg_parse(nlh, request.type == NFT_OFFLOAD_CMD_EXPLAIN ?
				      NFT_OFFLOAD_EXPLAIN_FILTER : NFT_OFFLOAD_FLOW_FILTER,
				      request.filter);
	log_request(nlh);
	/* one flow is looked for in zone 0, if nothing else is said */
	if (request.type == NFT_OFFLOAD_CMD_FLOW_GET && !request.dump &&
	    !nftnl_flow_filter_is_set(request.filter, NFTNL_FLOW_FILTER_CT_ID) &&
	    !nftnl_flow_filter_is_set(request.filter, NFTNL_FLOW_FILTER_CT_ZONE))
		nftnl_flow_filter_set_u16(request.filter, NFTNL_FLOW_FILTER_CT_ZONE, 0);
	if (request.dump && request.type == NFT_OFFLOAD_CMD_FLOW_GET)
		dumps++;
	return len;
}

static ssize_t fake_recv(void *to, size_t size)
{
	char *buf = to;
	size_t len = 0, one;

	if (request.done || !request.seq)
		return joined ? next_events(buf) : (errno = EAGAIN, -1);
	if (size < BATCH + ROOM) {
		errno = ENOSPC;
		return -1;
	}
	if (!request.next)
		len += NLMSG_ALIGN(put_stale(buf));
	if (!request.next && joined && request.dump && request.type == NFT_OFFLOAD_CMD_FLOW_GET)
		len += events_within(buf + len);
	while (len < BATCH) {
		one = put_next(buf + len);
		if (!one) {
			len += NLMSG_ALIGN(put_end(buf + len));
			request.done = true;
			end_within();
			break;
		}
		len += NLMSG_ALIGN(one);
	}
	return len;
}

static int fake_fd(void)
{
	return -1;
}

static uint32_t fake_portid(void)
{
	return PORTID;
}

static const char *fake_device_name(unsigned int ifindex, char *name)
{
	unsigned int i;

	for (i = 0; i < fixture.num_devices; i++)
		if (fixture.devices[i].ifindex == ifindex)
			return memcpy(name, fixture.devices[i].name, IFNAMSIZ);
	errno = ENXIO;
	return NULL;
}

static unsigned int fake_device_index(const char *name)
{
	unsigned int i;

	load();
	for (i = 0; i < fixture.num_devices; i++)
		if (!strcmp(fixture.devices[i].name, name))
			return fixture.devices[i].ifindex;
	return 0;
}

static struct fixture_sysctl *find_sysctl(const char *name)
{
	unsigned int i;

	load();
	for (i = 0; i < fixture.num_sysctls; i++)
		if (!strcmp(fixture.sysctls[i].name, name))
			return &fixture.sysctls[i];
	errno = ENOENT;
	return NULL;
}

static int fake_sysctl_get(const char *name, int *value)
{
	const struct fixture_sysctl *sysctl = find_sysctl(name);

	if (!sysctl)
		return -1;
	*value = sysctl->value;
	return 0;
}

static int fake_sysctl_set(const char *name, int value)
{
	struct fixture_sysctl *sysctl = find_sysctl(name);

	if (!sysctl || fail_if("sysctl") < 0)
		return -1;
	if (requests)
		fprintf(requests, "sysctl %s=%d\n", name, value);
	sysctl->value = value;
	return 0;
}

static bool fake_wait(int fd, uint64_t ms)
{
	if (!fixture.virtual)
		return wait_for(fd, -1, fixture.clock ? 1 : ms);
	waited += ms;
	return false;
}

uint64_t fake_now(void)
{
	static uint64_t seconds;
	struct timespec ts;

	if (fixture.virtual)
		return waited;
	if (fixture.clock)
		return ++seconds * 1000;
	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* Of a virtual clock, it was 1,700,000,000 seconds after 1970 when it began */
static uint64_t fake_wall(void)
{
	struct timespec ts;

	if (fixture.virtual)
		return 1700000000000 + waited;
	clock_gettime(CLOCK_REALTIME, &ts);
	return (uint64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static void unload(void) __attribute__((destructor));
static void unload(void)
{
	fixture_free();
	fake_policy_free();
	free_answer();
	if (request.filter)
		nftnl_flow_filter_free(request.filter);
	if (requests)
		fclose(requests);
}

const struct host_ops host = {
	.netns		= fake_netns,
	.open		= fake_open,
	.close		= fake_close,
	.join		= fake_join,
	.send		= fake_send,
	.recv		= fake_recv,
	.fd		= fake_fd,
	.portid		= fake_portid,
	.device_name	= fake_device_name,
	.device_index	= fake_device_index,
	.sysctl_get	= fake_sysctl_get,
	.sysctl_set	= fake_sysctl_set,
	.now		= fake_now,
	.wall		= fake_wall,
	.wait		= fake_wait,
};
