/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Test cases that print KTAP, and messages to try parsers with. */
#ifndef _TESTS_TEST_H_
#define _TESTS_TEST_H_

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <arpa/inet.h>
#include <libmnl/libmnl.h>
#include <linux/netfilter.h>
#include <linux/genetlink.h>
#include <libnftnl_offload/common.h>
#include <libnftnl_offload/flow.h>
#include <libnftnl_offload/filter.h>
#include <libnftnl_offload/table.h>
#include <libnftnl_offload/policy.h>
#include <libnftnl_offload/explain.h>
#include <libnftnl_offload/event.h>

#define ARRAY_SIZE(x)	(sizeof(x) / sizeof((x)[0]))

struct test_case {
	const char	*name;
	void		(*run)(void);
};

#define TEST(fn)	{ #fn, fn }

static bool test_failed;

#define CHECK(cond)							\
	do {								\
		if (!(cond)) {						\
			printf("# %s:%d: %s\n", __FILE__, __LINE__, #cond); \
			test_failed = true;				\
		}							\
	} while (0)

/* A call that fails with @err */
#define CHECK_ERR(call, err)						\
	do {								\
		errno = 0;						\
		CHECK((call) == -1);					\
		CHECK(errno == (err));					\
	} while (0)

static inline int test_main(const struct test_case *cases, unsigned int num)
{
	unsigned int i, failed = 0;

	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("KTAP version 1\n1..%u\n", num);
	for (i = 0; i < num; i++) {
		test_failed = false;
		cases[i].run();
		failed += test_failed;
		printf("%sok %u %s\n", test_failed ? "not " : "", i + 1,
		       cases[i].name);
	}
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

#define TEST_MAIN(cases)						\
	int main(void)							\
	{								\
		return test_main(cases, ARRAY_SIZE(cases));		\
	}

/* As the kernel may have numbered the family, and its group */
#define TEST_FAMILY	33
#define TEST_EVENTS	44

/* Room for any message of a test */
struct msg {
	char buf[65536] __attribute__((aligned(16)));
};

static inline struct nlmsghdr *msg_begin(struct msg *msg)
{
	memset(msg, 0, sizeof(*msg));
	return nftnl_offload_nlmsg_build_hdr(msg->buf, TEST_FAMILY,
					     NFT_OFFLOAD_CMD_FLOW_NEW_NTF, 0, 1);
}

/* The first @len bytes of a message, so that a byte more is none of ours */
static inline struct nlmsghdr *msg_cut(const struct nlmsghdr *nlh, size_t len)
{
	size_t size = len < sizeof(*nlh) ? sizeof(*nlh) : len;
	struct nlmsghdr *copy = malloc(size);

	if (!copy)
		abort();
	memcpy(copy, nlh, size);
	copy->nlmsg_len = len;
	return copy;
}

/**
 * struct object - what all objects can do, for tests that they share
 * @sample: one with all attributes
 * @free: end of it
 * @parse: message into it
 * @build: it into a message
 * @text: it as text
 */
struct object {
	void	*(*sample)(void);
	void	(*free)(const void *obj);
	int	(*parse)(const struct nlmsghdr *nlh, void *obj);
	void	(*build)(struct nlmsghdr *nlh, const void *obj);
	int	(*text)(char *buf, size_t size, const void *obj, uint32_t type,
			uint32_t flags);
};

static inline char *object_text(const struct object *o, const void *obj)
{
	int len = o->text(NULL, 0, obj, 0, 0);
	char *text = malloc(len + 1);

	if (!text)
		abort();
	CHECK(o->text(text, len + 1, obj, 0, 0) == len);
	CHECK(strlen(text) == (size_t)len);
	return text;
}

/* Built and parsed, it is the same: as text and as a message. */
static inline void check_round_trip(const struct object *o)
{
	static struct msg a, b;
	struct nlmsghdr *nlh = msg_begin(&a), *nlh2 = msg_begin(&b);
	void *obj = o->sample(), *obj2 = o->sample();
	char *text, *text2;

	o->build(nlh, obj);
	CHECK(!o->parse(nlh, obj2));
	o->build(nlh2, obj2);
	CHECK(nlh->nlmsg_len == nlh2->nlmsg_len);
	CHECK(!memcmp(nlh, nlh2, nlh->nlmsg_len));
	text = object_text(o, obj);
	text2 = object_text(o, obj2);
	CHECK(!strcmp(text, text2));
	free(text);
	free(text2);
	o->free(obj);
	o->free(obj2);
}

/* A message that ends too early is an error, unless it ends between attributes. */
static inline void check_truncated(const struct object *o)
{
	const size_t headers = MNL_NLMSG_HDRLEN + GENL_HDRLEN;
	static struct msg msg, empty;
	struct nlmsghdr *nlh = msg_begin(&msg), *cut, *none;
	void *obj = o->sample();
	bool whole[65536] = {};
	struct nlattr *attr;
	unsigned int len;
	int ret;

	o->build(nlh, obj);
	whole[headers] = true;
	mnl_attr_for_each(attr, nlh, GENL_HDRLEN) {
		len = (char *)attr - (char *)nlh + attr->nla_len;
		/* the padding of the last one is not needed */
		for (; len <= (size_t)((char *)mnl_attr_next(attr) - (char *)nlh); len++)
			whole[len] = true;
	}
	for (len = 0; len <= nlh->nlmsg_len; len++) {
		cut = msg_cut(nlh, len);
		errno = 0;
		ret = o->parse(cut, obj);
		CHECK(ret == (whole[len] ? 0 : -1));
		if (ret) {
			CHECK(errno == EINVAL);
			none = msg_begin(&empty);
			o->build(none, obj);
			CHECK(none->nlmsg_len == headers);
		}
		free(cut);
		if (test_failed) {
			printf("# at length %u\n", len);
			break;
		}
	}
	o->free(obj);
}

/* The last attribute of a nest says that it is longer than the nest. @nest is in
 * @nlh. Goes through the nests in it, too. Returns how many nests there were.
 */
static inline unsigned int check_nest(const struct object *o, struct nlmsghdr *nlh,
				      struct nlattr *nest, void *obj)
{
	struct nlattr *attr, *last = NULL;
	struct nlmsghdr *copy;
	unsigned int n = 1;

	mnl_attr_for_each_nested(attr, nest) {
		if (attr->nla_type & NLA_F_NESTED)
			n += check_nest(o, nlh, attr, obj);
		last = attr;
	}
	if (!last)
		return n;
	last->nla_len += 8;
	copy = msg_cut(nlh, nlh->nlmsg_len);
	last->nla_len -= 8;
	CHECK_ERR(o->parse(copy, obj), EINVAL);
	free(copy);
	return n;
}

/* @num: nests of a message with everything in it */
static inline void check_nests(const struct object *o, unsigned int num)
{
	static struct msg msg;
	struct nlmsghdr *nlh = msg_begin(&msg);
	void *obj = o->sample();
	struct nlattr *attr;
	unsigned int n = 0;

	o->build(nlh, obj);
	mnl_attr_for_each(attr, nlh, GENL_HDRLEN)
		if (attr->nla_type & NLA_F_NESTED)
			n += check_nest(o, nlh, attr, obj);
	CHECK(n == num);
	o->free(obj);
}

/* Any byte of a message may be anything: no crash, and no leak. */
static inline void check_bytes(const struct object *o)
{
	static const unsigned char values[] = { 0, 1, 3, 5, 0x7f, 0x80, 0xff };
	static struct msg msg;
	struct nlmsghdr *nlh = msg_begin(&msg), *copy;
	void *obj = o->sample();
	size_t i, v;
	char *text;

	o->build(nlh, obj);
	for (i = sizeof(*nlh); i < nlh->nlmsg_len; i++) {
		for (v = 0; v < ARRAY_SIZE(values); v++) {
			copy = msg_cut(nlh, nlh->nlmsg_len);
			((unsigned char *)copy)[i] = values[v];
			if (!o->parse(copy, obj)) {
				text = object_text(o, obj);
				free(text);
			}
			free(copy);
		}
	}
	o->free(obj);
}

/* Too small a buffer: the length is told, what fits is there, and not more. */
static inline void check_text_sizes(const struct object *o)
{
	void *obj = o->sample();
	char *text = object_text(o, obj), *buf;
	size_t size, len = strlen(text);

	for (size = 0; size <= len + 2; size++) {
		buf = malloc(size ? size : 1);
		if (!buf)
			abort();
		memset(buf, 'x', size ? size : 1);
		CHECK(o->text(buf, size, obj, 0, 0) == (int)len);
		if (!size) {
			CHECK(buf[0] == 'x');
		} else {
			CHECK(strlen(buf) == (size - 1 < len ? size - 1 : len));
			CHECK(!strncmp(buf, text, strlen(buf)));
		}
		free(buf);
	}
	CHECK_ERR(o->text(NULL, 0, obj, 1, 0), EOPNOTSUPP);
	CHECK_ERR(o->text(NULL, 0, obj, 0, 1), EOPNOTSUPP);
	free(text);
	o->free(obj);
}

/* Attributes that no kernel has yet, of any length and at any place, change
 * nothing. @nest: in this nest, and in that one in it; 0: none.
 */
static inline void check_unknown(const struct object *o, uint16_t nest,
				 uint16_t nest2)
{
	static const char data[40] = "unknown";
	static struct msg msg;
	struct nlattr *n = NULL, *n2 = NULL;
	void *obj = o->sample();
	struct nlmsghdr *nlh;
	char *before, *after;
	size_t len;

	for (len = 0; len <= sizeof(data); len++) {
		nlh = msg_begin(&msg);
		mnl_attr_put(nlh, 1000, len, data);
		o->build(nlh, obj);
		mnl_attr_put(nlh, 0x3fff, len, data);
		if (nest)
			n = mnl_attr_nest_start(nlh, nest);
		if (nest2)
			n2 = mnl_attr_nest_start(nlh, nest2);
		mnl_attr_put(nlh, 0, len, data);
		mnl_attr_put(nlh, 100, len, data);
		mnl_attr_put(nlh, 0x3fff, len, data);
		if (nest2)
			mnl_attr_nest_end(nlh, n2);
		if (nest)
			mnl_attr_nest_end(nlh, n);
		before = object_text(o, obj);
		CHECK(!o->parse(nlh, obj));
		after = object_text(o, obj);
		CHECK(!strcmp(before, after));
		free(before);
		free(after);
	}
	o->free(obj);
}

/**
 * struct wire - which lengths an attribute of a message has
 * @nest: the nests that it is in, outermost first; 0: no more
 * @type: the attribute
 * @len: its length in bytes; 0: a string, any length but 0
 * @len2: another length that it may have, 0 if there is none
 */
struct wire {
	uint16_t	nest[4];
	uint16_t	type;
	uint16_t	len;
	uint16_t	len2;
};

static inline void check_lengths(const struct object *o, const struct wire *wire,
				 unsigned int num)
{
	static const char zero[40];
	static struct msg msg;
	struct nlattr *nest[4];
	struct nlmsghdr *nlh, *cut;
	void *obj = o->sample();
	unsigned int i, j, len;
	bool good;
	int ret;

	for (i = 0; i < num; i++) {
		for (len = 0; len <= sizeof(zero); len++) {
			nlh = msg_begin(&msg);
			for (j = 0; j < 4 && wire[i].nest[j]; j++)
				nest[j] = mnl_attr_nest_start(nlh, wire[i].nest[j]);
			mnl_attr_put(nlh, wire[i].type, len, zero);
			while (j--)
				mnl_attr_nest_end(nlh, nest[j]);

			good = wire[i].len ? len == wire[i].len ||
					     (wire[i].len2 && len == wire[i].len2) :
					     len > 0;
			cut = msg_cut(nlh, nlh->nlmsg_len);
			errno = 0;
			ret = o->parse(cut, obj);
			CHECK(ret == (good ? 0 : -1));
			CHECK(good || errno == EINVAL);
			free(cut);
			if (test_failed) {
				printf("# nest %u, attribute %u, length %u\n",
				       wire[i].nest[0], wire[i].type, len);
				goto out;
			}
		}
	}
out:
	o->free(obj);
}

#endif /* _TESTS_TEST_H_ */
