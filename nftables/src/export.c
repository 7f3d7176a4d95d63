// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * export: records of flows for a collector, until interrupted.
 *
 * Flows that end are told by events. Lists have those that go on, and say what has become of
 * flows whose events are lost.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <libnftnl_offload/common.h>
#include <libnftnl_offload/filter.h>
#include <libnftnl_offload/flow.h>
#include "cmd.h"
#include "collector.h"
#include "events.h"
#include "host.h"
#include "ipfix.h"
#include "ipfix_flows.h"
#include "netlink.h"
#include "options.h"
#include "signals.h"

#define DATAGRAM	1400	/* bytes of a message over UDP */
#define FLUSH_TIME	1000	/* milliseconds that a record may wait */
#define RESYNC_TIME	1000	/* from a lost event to the list that it takes */
#define LISTS		4	/* in the time of the active timeout */
#define DEFAULT_LIMIT	262144	/* flows that are kept, about 120 bytes each */

struct export {
	const struct cmd	*cmd;
	struct collector	*collector;
	struct ipfix_flows	flows;
	struct ipfix_message	msg;
	struct events		events;
	struct nftnl_flow	*flow;		/* of a list */
	uint64_t		begun;		/* when the message got its first record */
	uint64_t		next_list, next_templates;
	uint64_t		resync;		/* when; 0: none is needed */
	uint32_t		sequence;	/* records of this session */
	uint64_t		records, messages, octets, packets;
	uint64_t		lost_events, lost_new;
	bool			full_said;
	int			err;		/* of the file */
};

static size_t message_size(const struct export *export)
{
	return export->cmd->export.kind == COLLECTOR_UDP ? DATAGRAM : IPFIX_MAX;
}

static void send_message(struct export *export, struct ipfix_message *msg)
{
	ipfix_end(msg, host.wall() / 1000, export->sequence,
		  export->cmd->export.number[EXPORT_DOMAIN]);
	export->sequence += msg->records + msg->types;
	export->messages++;
	if (collector_send(export->collector, msg->buf, msg->len, msg->records) < 0)
		export->err = errno;
}

/* Before the first record of a session; over UDP again and again, and before @records if the
 * last ones were missed
 */
static void send_templates(struct export *export, bool records)
{
	static struct ipfix_message msg;
	uint64_t now = host.now();
	bool udp = export->cmd->export.kind == COLLECTOR_UDP;
	bool begins = collector_begins(export->collector);
	bool missed = records && collector_missed(export->collector);

	if (begins)
		export->sequence = 0;
	else if (!udp || (!missed && now < export->next_templates))
		return;
	export->next_templates = now + export->cmd->export.number[EXPORT_TEMPLATES] * 1000;
	ipfix_begin(&msg, message_size(export));
	ipfix_put_templates(&msg);
	send_message(export, &msg);
}

static void flush_records(struct export *export)
{
	collector_work(export->collector, host.now());
	send_templates(export, export->msg.records);
	if (!export->msg.records)
		return;
	send_message(export, &export->msg);
	ipfix_begin(&export->msg, message_size(export));
}

static void write_record(struct export *export, struct ipfix_record *record)
{
	int dir;

	if (!ipfix_put(&export->msg, record)) {
		flush_records(export);
		ipfix_put(&export->msg, record);
	}
	if (export->msg.records == 1)
		export->begun = host.now();
	export->records++;
	for (dir = 0; dir < IPFIX_DIRS; dir++) {
		export->octets += record->sum[dir].octets;
		export->packets += record->sum[dir].packets;
	}
}

/* The list that it takes comes a little later: there may be more of them */
static void lost_events(struct export *export, uint32_t lost)
{
	export->flows.lost = true;
	export->lost_events += lost;
	export->lost_new += lost;
	if (!export->resync)
		export->resync = host.now() + RESYNC_TIME;
}

static bool is_meant(const struct export *export, const struct nftnl_flow *flow)
{
	return nftnl_flow_filter_match(export->cmd->spec.filter, flow) &&
	       spec_flow(&export->cmd->spec, flow);
}

static int got_event(const struct nlmsghdr *nlh, void *data)
{
	struct export *export = data;
	const struct nftnl_flow *flow = export->events.flow;
	struct ipfix_record record;
	uint32_t lost;

	if (!events_read(&export->events, nlh, &lost))
		return 0;
	if (lost)
		lost_events(export, lost);
	if (nftnl_flow_get_u8(flow, NFTNL_FLOW_EVENT) != NFT_OFFLOAD_EVENT_GONE)
		return 0;
	/* what has begun is ended, even if the filter would not let it pass any more */
	if ((ipfix_flow_known(&export->flows, flow) || is_meant(export, flow)) &&
	    ipfix_flow_gone(&export->flows, flow, host.wall(), &record))
		write_record(export, &record);
	return 0;
}

static int got_flow(const struct nlmsghdr *nlh, void *data)
{
	struct export *export = data;
	struct ipfix_record record;

	if (nftnl_offload_msg_type(nlh) != NFT_OFFLOAD_CMD_FLOW_GET)
		return 0;
	nftnl_flow_reset(export->flow);
	if (nftnl_flow_nlmsg_parse(nlh, export->flow) < 0)
		return -1;
	if (spec_flow(&export->cmd->spec, export->flow) &&
	    ipfix_flow_listed(&export->flows, export->flow, host.wall(), &record))
		write_record(export, &record);
	return 0;
}

static int list_flows(struct export *export, enum ipfix_list list, struct nl_error *failure)
{
	int ret;

	ipfix_flows_begin(&export->flows, list);
	ret = nl_request(NFT_OFFLOAD_CMD_FLOW_GET, NLM_F_DUMP, export->cmd->spec.filter,
			 got_flow, export, failure);
	ipfix_flows_end(&export->flows, ret == 0);
	if (nl_events_overrun())
		lost_events(export, 0);
	if (export->flows.full && !export->full_said) {
		fprintf(stderr, "# more than %" PRIu64
			" long flows: the others get one record, at their end\n",
			export->flows.limit);
		export->full_said = true;
	}
	return ret;
}

static void say_lost(struct export *export)
{
	if (export->lost_new)
		fprintf(stderr, "# %" PRIu64 " events lost: flows are listed anew\n",
			export->lost_new);
	else
		fputs("# events lost: flows are listed anew\n", stderr);
	export->lost_new = 0;
	export->resync = 0;
}

/* Returns -1 if a list has failed */
static int do_what_is_due(struct export *export, struct nl_error *failure)
{
	uint64_t now = host.now();
	int ret = 0;

	if ((export->resync && now >= export->resync) || now >= export->next_list) {
		if (export->resync)
			say_lost(export);
		export->next_list = now + export->flows.timeout / LISTS;
		ret = list_flows(export, IPFIX_LIST_ACTIVE, failure);
	}
	collector_work(export->collector, host.now());
	send_templates(export, false);
	if (export->msg.records && now >= export->begun + FLUSH_TIME)
		flush_records(export);
	return ret;
}

static void sooner(int64_t *ms, uint64_t now, uint64_t when)
{
	int64_t wait = when > now ? when - now : 0;

	if (*ms < 0 || wait < *ms)
		*ms = wait;
}

static int64_t time_left(const struct export *export)
{
	uint64_t now = host.now();
	int64_t ms = collector_wait(export->collector, now);

	sooner(&ms, now, export->next_list);
	if (export->resync)
		sooner(&ms, now, export->resync);
	if (export->cmd->export.kind == COLLECTOR_UDP)
		sooner(&ms, now, export->next_templates);
	if (export->msg.records)
		sooner(&ms, now, export->begun + FLUSH_TIME);
	return ms;
}

static int run(struct export *export, struct nl_error *failure)
{
	int err;

	while (!interrupted && !export->err) {
		if (do_what_is_due(export, failure) < 0)
			return -1;
		err = nl_events_next(got_event, export, time_left(export));
		if (err == ENOBUFS) {
			lost_events(export, 0);
		} else if (err && err != EINTR && err != EAGAIN) {
			*failure = (struct nl_error){ .err = err };
			return -1;
		}
	}
	return 0;
}

static void say_totals(const struct export *export)
{
	fprintf(stderr, "%" PRIu64 " records in %" PRIu64 " messages: %" PRIu64 " packets, %"
		PRIu64 " bytes; %" PRIu64 " records not delivered; %" PRIu64 " events lost\n",
		export->records, export->messages, export->packets, export->octets,
		collector_lost(export->collector), export->lost_events);
	if (export->flows.unseen)
		fprintf(stderr, "%" PRIu64 " flows ended unseen: their last packets are in no record\n",
			export->flows.unseen);
	if (export->flows.uncounted)
		fprintf(stderr, "%" PRIu64 " flows ended that the kernel had not counted\n",
			export->flows.uncounted);
}

/* Records of all that is still there, as far as the kernel answers */
static int finish(struct export *export, bool failed, struct nl_error *failure)
{
	int ret = 0;

	if (!failed && !export->err)
		ret = list_flows(export, IPFIX_LIST_LAST, failure);
	if (!export->err)
		flush_records(export);
	if (collector_close(export->collector) < 0 && !export->err)
		export->err = errno;
	if (export->resync)
		fprintf(stderr, "# %" PRIu64 " events lost\n", export->lost_new);
	say_totals(export);
	return ret;
}

static int export_flows(struct export *export)
{
	const struct export_spec *spec = &export->cmd->export;
	struct nl_error failure;
	bool failed;

	failed = spec->since_start && list_flows(export, IPFIX_LIST_BASE, &failure) < 0;
	failed = failed || run(export, &failure) < 0;
	failed |= finish(export, failed, &failure) < 0;
	if (export->err) {
		error("Could not write \"%s\": %s", spec->target, strerror(export->err));
		return EXIT_REFUSED;
	}
	return failed ? cmd_failed(export->cmd, &failure) : EXIT_FINE;
}

static int open_collector(struct export *export)
{
	const struct export_spec *spec = &export->cmd->export;
	const char *why;

	export->collector = collector_open(spec->kind, spec->name, spec->target, spec->port,
					   host.now(), &why);
	if (export->collector)
		return 0;
	if (spec->kind == COLLECTOR_FILE)
		error_at(&spec->loc, "Could not open file \"%s\": %s", spec->target, why);
	else
		error_at(&spec->loc, "Could not reach \"%s\": %s", spec->target, why);
	return -1;
}

static int start(struct export *export)
{
	const struct cmd *cmd = export->cmd;
	struct nl_error failure;
	int ret;

	nl_events_listen(got_event, export);
	if (nl_events_join(&failure) < 0)
		ret = cmd_failed(cmd, &failure);
	else if (open_collector(export) < 0)
		ret = EXIT_REFUSED;
	else
		ret = export_flows(export);
	nl_events_listen(NULL, NULL);
	nl_close();
	if (export->collector)
		collector_free(export->collector);
	return ret;
}

int cmd_export(struct cmd *cmd)
{
	static struct export export;
	int ret;

	if (spec_resolve(&cmd->spec) < 0)
		return EXIT_REFUSED;
	memset(&export, 0, sizeof(export));
	export.cmd = cmd;
	export.flow = nftnl_flow_alloc();
	if (!export.flow)
		xalloc(SIZE_MAX);
	events_init(&export.events);
	ipfix_flows_init(&export.flows, cmd->limit ? cmd->limit : DEFAULT_LIMIT,
			 cmd->export.number[EXPORT_TIMEOUT] * 1000);
	ipfix_begin(&export.msg, message_size(&export));
	signals_begin(false);
	ret = start(&export);
	signals_end();
	ipfix_flows_free(&export.flows);
	events_free(&export.events);
	nftnl_flow_free(export.flow);
	return ret;
}
