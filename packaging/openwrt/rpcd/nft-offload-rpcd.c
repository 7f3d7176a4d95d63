// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The backend of the page for LuCI: a plugin of rpcd, which is a program that rpcd
 * runs with "list", or with "call METHOD" and the arguments as JSON on its
 * standard input. It prints JSON. It only reads: what people change is in UCI.
 *
 * Each method runs the tool, with a list of words and never through a shell, and
 * takes apart what "nft-offload -j" prints. What goes wrong is told as
 * {"error": TEXT}, as rpcd passes on nothing but the output; the exit status is 1
 * then, for others.
 */
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <jansson.h>
#include "child.h"

#define PROBLEMS	"/var/run/nft-offload/problems"
#define INPUT_SIZE	65536
#define MAX_FLOWS	5000
#define HOSTS		"8"

struct method {
	const char	*name;
	/* of the arguments, as rpcd wants to see them: examples */
	const char	*signature;
	/* the answer, or NULL when it was told what is wrong */
	json_t		*(*run)(json_t *args);
};

/* Prints what is wrong, for rpcd */
static json_t *fail(const char *text)
{
	json_t *answer = json_pack("{s:s}", "error", text);

	if (!answer) /* not UTF-8 */
		answer = json_pack("{s:s}", "error", "nft-offload has failed");
	json_dumpf(answer, stdout, JSON_COMPACT);
	putchar('\n');
	json_decref(answer);
	return NULL;
}

/* The first line of what the tool says of an error, without "Error: " */
static json_t *fail_as(struct child_output *output)
{
	static const char prefix[] = "Error: ";
	char *text = output->err;

	text[strcspn(text, "\n")] = '\0';
	if (!strncmp(text, prefix, strlen(prefix)))
		text += strlen(prefix);
	return fail(*text ? text : "nft-offload has failed");
}

/*
 * The entries of what the tool has printed, a document for each command. Numbers
 * that jansson has no integer for become floating point, which JavaScript makes of
 * them anyway.
 */
static json_t *parse(const char *text, size_t len, size_t flags)
{
	json_t *all = json_array(), *document, *entries;
	json_error_t error;

	while (len) {
		document = json_loadb(text, len, flags | JSON_DISABLE_EOF_CHECK, &error);
		entries = json_object_get(document, "nft_offload");
		if (!json_is_array(entries)) {
			json_decref(document);
			json_decref(all);
			if (!document && json_error_code(&error) == json_error_numeric_overflow &&
			    !flags)
				return parse(text, len, JSON_DECODE_INT_AS_REAL);
			return NULL;
		}
		json_array_extend(all, entries);
		json_decref(document);
		text += error.position;
		len -= error.position;
		while (len && (*text == '\n' || *text == ' ')) {
			text++;
			len--;
		}
	}
	return all;
}

/*
 * Runs the tool, and returns the entries of its JSON. An exit status of 1 with
 * such entries is no failure if may_end_1 says so.
 */
static json_t *ask(const char *const *words, bool may_end_1)
{
	struct child_output output;
	json_t *entries = NULL;
	int status;

	status = child_run(words, &output);
	if (status < 0) {
		fail(child_strerror(status));
	} else if (status && !(status == 1 && may_end_1 && output.out_len)) {
		fail_as(&output);
	} else {
		entries = parse(output.out, output.out_len, 0);
		if (!entries)
			fail("nft-offload has printed no JSON");
	}
	child_free(&output);
	return entries;
}

/* All entries with this key, as an array of what is behind it */
static json_t *pick(json_t *entries, const char *key)
{
	json_t *array = json_array(), *entry, *value;
	size_t i;

	json_array_foreach(entries, i, entry) {
		value = json_object_get(entry, key);
		if (value)
			json_array_append(array, value);
	}
	return array;
}

/* What the init script could not do, one a line */
static json_t *problems(void)
{
	const char *root = getenv("NFT_OFFLOAD_ROOT");
	json_t *array = json_array();
	char path[PATH_MAX], line[512];
	FILE *file;

	snprintf(path, sizeof(path), "%s" PROBLEMS, root ? root : "");
	file = fopen(path, "r");
	if (!file)
		return array;
	while (fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		json_array_append_new(array, json_string(line));
	}
	fclose(file);
	return array;
}

static json_t *run_status(json_t *args)
{
	static const char *const words[] = {
		"nft-offload", "-j", "summary limit " HOSTS "; list flowtables; list settings", NULL
	};
	json_t *entries = ask(words, false), *answer, *summaries;

	(void)args;
	if (!entries)
		return NULL;
	summaries = pick(entries, "summary");
	answer = json_pack("{s:O?, s:o, s:o, s:o}",
			   "summary", json_array_get(summaries, 0),
			   "flowtables", pick(entries, "flowtable"),
			   "settings", pick(entries, "setting"),
			   "problems", problems());
	json_decref(summaries);
	json_decref(entries);
	return answer;
}

static json_t *run_check(json_t *args)
{
	static const char *const words[] = { "nft-offload", "-j", "check", NULL };
	json_t *entries = ask(words, true), *answer;

	(void)args;
	if (!entries)
		return NULL;
	answer = json_pack("{s:o}", "checks", pick(entries, "check"));
	json_decref(entries);
	return answer;
}

/* One of the words, or NULL after it was told what is wrong */
static const char *one_of(json_t *args, const char *key, const char *usual,
			  const char *const *words)
{
	const char *value = json_string_value(json_object_get(args, key));
	char text[128];
	unsigned int i;

	if (!value)
		return usual;
	for (i = 0; words[i]; i++)
		if (!strcmp(value, words[i]))
			return words[i];
	snprintf(text, sizeof(text), "unknown %s", key);
	fail(text);
	return NULL;
}

static json_t *run_flows(json_t *args)
{
	static const char *const sorts[] = { "bytes", "packets", "age", "rate", NULL };
	static const char *const states[] = {
		"any", "software", "hardware", "pending", "failed", "closing", NULL
	};
	json_t *wanted = json_object_get(args, "limit"), *entries, *answer;
	const char *sort, *state, *words[] = { "nft-offload", "-j", NULL, NULL };
	json_int_t limit = wanted ? json_integer_value(wanted) : 100;
	char command[128];

	sort = one_of(args, "sort", "bytes", sorts);
	state = sort ? one_of(args, "state", "any", states) : NULL;
	if (!state)
		return NULL;
	if (limit < 1 || limit > MAX_FLOWS)
		return fail("limit: should be from 1 to 5000");
	snprintf(command, sizeof(command), "list flows %s%s sort %s limit %d",
		 strcmp(state, "any") ? "state " : "", strcmp(state, "any") ? state : "",
		 sort, (int)limit);
	words[2] = command;
	entries = ask(words, false);
	if (!entries)
		return NULL;
	answer = json_pack("{s:o}", "flows", pick(entries, "flow"));
	json_decref(entries);
	return answer;
}

/* The arguments are handed over as JSON, so that none can become another command */
static json_t *run_explain(json_t *args)
{
	const char *words[] = { "nft-offload", "-j", NULL, NULL };
	json_t *command, *entries, *answer, *found;
	json_t *l4proto = json_object_get(args, "l4proto");
	char *text;

	json_incref(l4proto);
	json_object_del(args, "l4proto");
	command = json_pack("{s:[{s:{s:o*, s:O}}]}", "nft_offload", "explain",
			    "l4proto", l4proto, "original", args);
	text = json_dumps(command, JSON_COMPACT);
	json_decref(command);
	if (!text)
		return fail("out of memory");
	words[2] = text;
	entries = ask(words, false);
	free(text);
	if (!entries)
		return NULL;
	found = pick(entries, "explain");
	answer = json_pack("{s:O?}", "explain", json_array_get(found, 0));
	json_decref(found);
	json_decref(entries);
	return answer;
}

static const struct method methods[] = {
	{ "status", "{}", run_status },
	{ "check", "{}", run_check },
	{ "flows", "{\"limit\": 32, \"sort\": \"bytes\", \"state\": \"any\"}", run_flows },
	{
		"explain",
		"{\"l4proto\": \"tcp\", \"saddr\": \"192.0.2.1\", \"sport\": 32,"
		" \"daddr\": \"192.0.2.2\", \"dport\": 32, \"iif\": \"lan1\"}",
		run_explain
	},
};

#define METHODS	(sizeof(methods) / sizeof(methods[0]))

static int list(void)
{
	unsigned int i;

	putchar('{');
	for (i = 0; i < METHODS; i++)
		printf("%s\"%s\": %s", i ? ", " : "", methods[i].name, methods[i].signature);
	puts("}");
	return 0;
}

/* What rpcd hands over; nothing at all is no arguments */
static json_t *read_args(void)
{
	static char input[INPUT_SIZE];
	json_error_t error;
	json_t *args;
	size_t len;

	len = fread(input, 1, sizeof(input), stdin);
	if (len == sizeof(input))
		return fail("the arguments are too long");
	if (strspn(input, " \t\r\n") == len)
		return json_object();
	args = json_loadb(input, len, JSON_REJECT_DUPLICATES, &error);
	if (!args)
		return fail("the arguments are no JSON");
	if (!json_is_object(args)) {
		json_decref(args);
		return fail("the arguments are no JSON object");
	}
	json_object_del(args, "ubus_rpc_session");
	return args;
}

/* Names and types are those of the signature */
static bool fits(const struct method *method, json_t *args)
{
	json_t *signature = json_loads(method->signature, 0, NULL), *value, *example;
	bool fits = true;
	const char *key;
	char text[128];

	json_object_foreach(args, key, value) {
		example = json_object_get(signature, key);
		if (!example)
			snprintf(text, sizeof(text), "unknown argument %.60s", key);
		else if (json_typeof(value) != json_typeof(example))
			snprintf(text, sizeof(text), "%s: should be a %s", key,
				 json_is_string(example) ? "string" : "whole number");
		else
			continue;
		fail(text);
		fits = false;
		break;
	}
	json_decref(signature);
	return fits;
}

static int call(const char *name)
{
	json_t *args, *answer = NULL;
	unsigned int i;

	for (i = 0; i < METHODS && strcmp(name, methods[i].name); i++)
		;
	if (i == METHODS) {
		fail("unknown method");
		return 1;
	}
	args = read_args();
	if (args && fits(&methods[i], args))
		answer = methods[i].run(args);
	json_decref(args);
	if (!answer)
		return 1;
	json_dumpf(answer, stdout, JSON_COMPACT);
	putchar('\n');
	json_decref(answer);
	return fflush(stdout) ? 1 : 0;
}

int main(int argc, char *argv[])
{
	if (argc == 2 && !strcmp(argv[1], "list"))
		return list();
	if (argc == 3 && !strcmp(argv[1], "call"))
		return call(argv[2]);
	fputs("usage: nft-offload list | call METHOD <ARGUMENTS.json\n", stderr);
	return 2;
}
