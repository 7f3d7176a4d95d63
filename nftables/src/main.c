// SPDX-License-Identifier: GPL-2.0-or-later
/* nft-offload: flows of nftables' flowtables, in software and in hardware. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "cmd.h"
#include "host.h"
#include "interactive.h"
#include "netlink.h"
#include "options.h"
#include "script.h"

#define DEFAULT_INTERVAL	2000
#define OUTPUT_SIZE		(64 * 1024)

struct options options = { .interval = DEFAULT_INTERVAL };

static const char usage[] =
	"Usage: nft-offload [ options ] [ commands ]\n"
	"\n"
	"Input:\n"
	"  -f, --file FILE         read commands, or a ruleset, from a file, - is standard input\n"
	"  -i, --interactive       read commands from the terminal\n"
	"  -c, --check             check commands, do not run them\n"
	"  -N, --netns NAME        network namespace: a name of ip-netns, or a path\n"
	"Output:\n"
	"  -j, --json              print JSON, and accept commands in JSON\n"
	"  -l, --long              with \"list flows\": all of each flow, in nft's words;\n"
	"                          with \"explain\": the kernel's answer\n"
	"      --color WHEN        colours in tables: auto, always or never\n"
	"  -n, --numeric           print indices of devices, not their names\n"
	"  -r, --resolve           print names of services and, in tables, of hosts\n"
	"  -e, --echo              print the number of flows that were flushed or pinned\n"
	"  -t, --timestamp         with \"monitor\": print the time of each event\n"
	"  -o, --output prometheus with \"list flowtables\": for node_exporter\n"
	"summary:\n"
	"      --watch SECONDS     repeat at this interval\n"
	"top:\n"
	"  -b, --batch             print blocks, without a screen and keys\n"
	"  -d, --interval SECONDS  time between two screens, default 2\n"
	"      --count N           end after N screens or blocks, also with --watch\n"
	"\n"
	"  -h, --help              print this; \"nft-offload help\" prints the commands\n"
	"  -V, --version           print the version\n";

enum { OPT_COUNT = 256, OPT_COLOUR, OPT_WATCH };

static const struct option long_options[] = {
	{ "file", required_argument, NULL, 'f' },
	{ "interactive", no_argument, NULL, 'i' },
	{ "check", no_argument, NULL, 'c' },
	{ "netns", required_argument, NULL, 'N' },
	{ "json", no_argument, NULL, 'j' },
	{ "numeric", no_argument, NULL, 'n' },
	{ "resolve", no_argument, NULL, 'r' },
	{ "long", no_argument, NULL, 'l' },
	{ "color", required_argument, NULL, OPT_COLOUR },
	{ "echo", no_argument, NULL, 'e' },
	{ "timestamp", no_argument, NULL, 't' },
	{ "output", required_argument, NULL, 'o' },
	{ "batch", no_argument, NULL, 'b' },
	{ "interval", required_argument, NULL, 'd' },
	{ "count", required_argument, NULL, OPT_COUNT },
	{ "watch", required_argument, NULL, OPT_WATCH },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ NULL, 0, NULL, 0 },
};

static int usage_error(const char *what, const char *value)
{
	error("%s \"%s\", see nft-offload --help", what, value);
	return EXIT_USAGE;
}

static int parse_interval(const char *text, uint64_t *interval)
{
	char *end;
	double seconds = strtod(text, &end);

	if (end == text || *end || !(seconds >= 0.1 && seconds <= 86400))
		return usage_error("an interval has 0.1 to 86400 seconds, not", text);
	*interval = seconds * 1000 + 0.5;
	return EXIT_FINE;
}

static int parse_count(const char *text)
{
	char *end;

	errno = 0;
	options.count = strtoull(text, &end, 10);
	if (end == text || *end || errno || *text == '-' || !options.count)
		return usage_error("a count is a number from 1 on, not", text);
	return EXIT_FINE;
}

enum { COLOUR_AUTO, COLOUR_ALWAYS, COLOUR_NEVER };
static int colour = COLOUR_AUTO;

static int parse_colour(const char *text)
{
	if (!strcmp(text, "auto"))
		colour = COLOUR_AUTO;
	else if (!strcmp(text, "always"))
		colour = COLOUR_ALWAYS;
	else if (!strcmp(text, "never"))
		colour = COLOUR_NEVER;
	else
		return usage_error("colours are auto, always or never, not", text);
	return EXIT_FINE;
}

static bool with_colour(void)
{
	const char *no = getenv("NO_COLOR");

	return colour == COLOUR_ALWAYS ||
	       (colour == COLOUR_AUTO && !(no && *no) && isatty(STDOUT_FILENO));
}

/* Returns an exit code, or -1 to go on */
static int parse_option(int opt, const char *arg)
{
	int ret = EXIT_FINE;

	switch (opt) {
	case 'f':
		options.file = arg;
		break;
	case 'i':
		options.interactive = true;
		break;
	case 'c':
		options.check = true;
		break;
	case 'N':
		options.netns = arg;
		break;
	case 'j':
		options.json = true;
		break;
	case 'n':
		options.numeric = true;
		break;
	case 'l':
		options.list_long = true;
		break;
	case OPT_COLOUR:
		ret = parse_colour(arg);
		break;
	case 'r':
		options.resolve = true;
		break;
	case 'e':
		options.echo = true;
		break;
	case 't':
		options.timestamp = true;
		break;
	case 'o':
		if (strcmp(arg, "prometheus"))
			ret = usage_error("the output format is prometheus, not", arg);
		options.prometheus = true;
		break;
	case 'b':
		options.batch = true;
		break;
	case 'd':
		ret = parse_interval(arg, &options.interval);
		break;
	case OPT_WATCH:
		ret = parse_interval(arg, &options.watch);
		break;
	case OPT_COUNT:
		ret = parse_count(arg);
		break;
	case 'h':
		fputs(usage, stdout);
		return EXIT_FINE;
	case 'V':
		puts("nft-offload " VERSION);
		return EXIT_FINE;
	default:	/* getopt has said it */
		fputs("Try nft-offload --help\n", stderr);
		return EXIT_USAGE;
	}
	return ret ? ret : -1;
}

static char *read_all(FILE *file, size_t *len)
{
	size_t size = 4096;
	char *buf = xalloc(size);

	*len = 0;
	for (;;) {
		*len += fread(buf + *len, 1, size - *len, file);
		if (*len < size)
			return buf;
		size *= 2;
		buf = realloc(buf, size);
		if (!buf)
			xalloc(SIZE_MAX);
	}
}

static int run_file(const char *name)
{
	bool is_stdin = !strcmp(name, "-");
	struct input input = { .name = is_stdin ? "/dev/stdin" : name };
	FILE *file = is_stdin ? stdin : fopen(name, "r");
	int ret, err;
	char *text;

	if (!file) {
		error("Could not open file \"%s\": %s", name, strerror(errno));
		return EXIT_REFUSED;
	}
	errno = 0;
	text = read_all(file, &input.len);
	err = ferror(file) ? errno : 0;
	if (!is_stdin)
		fclose(file);
	input.text = text;
	if (err)
		error("Could not read file \"%s\": %s", name, strerror(err));
	ret = err ? EXIT_REFUSED : script_is_ruleset(&input) ? script_run(&input) :
	      cmds_run(&input);
	free(text);
	return ret;
}

static int run_words(char *const words[], int n)
{
	struct input input = { .name = NULL };
	size_t size = 1;
	char *text;
	int i, ret;

	for (i = 0; i < n; i++)
		size += strlen(words[i]) + 1;
	text = xalloc(size);
	for (i = 0; i < n; i++) {
		if (i)
			strcat(text, " ");
		strcat(text, words[i]);
	}
	input.text = text;
	input.len = strlen(text);
	ret = cmds_run(&input);
	free(text);
	return ret;
}

static int run(char *const words[], int n)
{
	if (!!options.file + !!options.interactive + !!n > 1) {
		error("commands come from the command line, a file or the terminal: only one of them");
		return EXIT_USAGE;
	}
	if (options.json && options.prometheus) {
		error("the output is JSON or prometheus, not both");
		return EXIT_USAGE;
	}
	if (!options.file && !options.interactive && !n) {
		error("no command specified, see nft-offload --help");
		return EXIT_USAGE;
	}
	if (options.netns && host.netns(options.netns) < 0) {
		error("Could not go to network namespace \"%s\": %s", options.netns,
		      strerror(errno));
		return EXIT_REFUSED;
	}
	if (options.file)
		return run_file(options.file);
	if (options.interactive)
		return interactive();
	return run_words(words, n);
}

int main(int argc, char *argv[])
{
	static char output[OUTPUT_SIZE];
	int opt, ret;

	while ((opt = getopt_long(argc, argv, "f:icN:jlnreto:bd:hV", long_options, NULL)) != -1) {
		ret = parse_option(opt, optarg);
		if (ret >= 0)
			return ret;
	}
	options.colour = with_colour();
	/* lists may be long; what has to be seen at once is flushed */
	if (!isatty(STDOUT_FILENO))
		setvbuf(stdout, output, _IOFBF, sizeof(output));
	ret = run(argv + optind, argc - optind);
	nl_close();
	if (fflush(stdout) || ferror(stdout)) {
		error("Could not write: %s", strerror(errno));
		ret = EXIT_REFUSED;
	}
	return ret;
}
