/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What commands print: text, JSON or Prometheus' text format, as it was asked for. */
#ifndef NFT_OFFLOAD_OUTPUT_H
#define NFT_OFFLOAD_OUTPUT_H

#include <stdbool.h>
#include <stdint.h>

struct nftnl_flow;
struct nftnl_offload_device;
struct nftnl_offload_policy;
struct nftnl_offload_table;
struct nftnl_offload_explain;
struct steps;

/* Around what a command prints. Nothing is printed before there is something, or
 * the end.
 */
void output_begin(void);
void output_end(void);
/* The end after a failure: closes what is open */
void output_abort(void);

void output_flow(const struct nftnl_flow *flow);
void output_table(const struct nftnl_offload_table *table);
void output_setting(const char *name, int value);
void output_table_setting(const struct nftnl_offload_table *setting);
/* @notes: what it means for the namespace, as comments, in text */
void output_policy(const struct nftnl_offload_policy *policy, bool notes);
void output_count(const char *what, uint64_t flows);	/* what has been done to them */
void output_explain(const struct nftnl_offload_explain *explain, const struct steps *steps);

/* Events have no beginning and no end. @count 0: nobody knows how many. */
void output_event(const struct nftnl_flow *flow);
void output_lost(uint32_t count);

/* text.c */
void text_flow(const struct nftnl_flow *flow);
void text_table(const struct nftnl_offload_table *table);
void text_table_setting(const struct nftnl_offload_table *setting);
void text_device(const struct nftnl_offload_device *device);	/* its name, or index */
void text_event(const struct nftnl_flow *flow);

/* policy_text.c */
void text_policy(const struct nftnl_offload_policy *policy, bool notes);
void text_policy_statements(const struct nftnl_offload_policy *policy, const char *indent);

/* text_explain.c */
void text_explain(const struct nftnl_offload_explain *explain);	/* the long form */
void text_steps(const struct steps *steps);

/* json.c */
#define JSON_ROOT		"nft_offload"
#define JSON_SCHEMA_VERSION	1

void json_begin(void);
void json_end(void);
void json_flow(const struct nftnl_flow *flow);
void json_table(const struct nftnl_offload_table *table);
void json_setting(const char *name, bool value);
void json_table_setting(const struct nftnl_offload_table *setting);
void json_policy(const struct nftnl_offload_policy *policy);
void json_count(const char *what, uint64_t flows);
void json_explain(const struct nftnl_offload_explain *explain, const struct steps *steps);
void json_event(const struct nftnl_flow *flow, const char *time);	/* @time may be NULL */
void json_lost(uint32_t count);

/* prometheus.c: tables are kept until the end, as samples go by metric */
void prometheus_table(const struct nftnl_offload_table *table);
void prometheus_flow(const struct nftnl_flow *flow);	/* after its flowtable */
void prometheus_end(void);
void prometheus_drop(void);

#endif
