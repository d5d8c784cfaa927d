#include "load_options.h"

#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECONDS_MAX 3600
#define CONNECTIONS_MAX 4096
#define TEMPLATE_BYTES_MAX ((size_t)1024 * 1024)

_Noreturn static void refuse(const char *why)
{
	fprintf(stderr, "load: %s\n", why);
	exit(2);
}

static char *read_file(const char *path, size_t *out_len)
{
	FILE *file = fopen(path, "rb");
	char *text = malloc(TEMPLATE_BYTES_MAX + 1);

	if (!file || !text)
		refuse("the body template cannot be read");
	size_t len = fread(text, 1, TEMPLATE_BYTES_MAX, file);

	fclose(file);
	if (len == TEMPLATE_BYTES_MAX)
		refuse("the body template is too long");
	text[len] = '\0';
	*out_len = len;
	return text;
}

static void add_header(struct load_options *options, const char *line)
{
	size_t used = strlen(options->headers);
	int len = snprintf(options->headers + used, sizeof options->headers - used, "%s\r\n", line);

	if (len < 0 || (size_t)len >= sizeof options->headers - used)
		refuse("too many headers");
}

static void set_host(struct load_options *options, const char *host)
{
	if (inet_pton(AF_INET, host, &options->address.sin_addr) != 1 ||
	    ntohl(options->address.sin_addr.s_addr) >> 24 != 127)
		refuse("--host must be a loopback address (127.0.0.1)");
}

static uint64_t number_of(const char *text, uint64_t low, uint64_t high)
{
	char *end;

	errno = 0;
	unsigned long long number = strtoull(text, &end, 10);

	if (errno || end == text || *end || *text == '-' || number < low || number > high) {
		fprintf(stderr, "load: %s is not a number from %llu to %llu\n", text,
			(unsigned long long)low, (unsigned long long)high);
		exit(2);
	}
	return number;
}

static const struct option names[] = {
	{"host", required_argument, NULL, 'h'},
	{"port", required_argument, NULL, 'p'},
	{"method", required_argument, NULL, 'm'},
	{"path", required_argument, NULL, 'u'},
	{"header", required_argument, NULL, 'H'},
	{"body-template", required_argument, NULL, 'b'},
	{"connections", required_argument, NULL, 'c'},
	{"pipeline", required_argument, NULL, 'd'},
	{"seconds", required_argument, NULL, 's'},
	{"requests", required_argument, NULL, 'n'},
	{"key-range", required_argument, NULL, 'k'},
	{"lines", required_argument, NULL, 'l'},
	{"sequential", no_argument, NULL, 'q'},
	{"start", required_argument, NULL, 'a'},
	{"seed", required_argument, NULL, 'r'},
	{NULL, 0, NULL, 0},
};

static void set_body(struct load_options *options, const char *path)
{
	size_t len;
	const char *text = read_file(path, &len);

	options->has_body = true;
	if (!template_parse(&options->body, text, len))
		refuse("the body template has too many placeholders");
}

static void set_option(struct load_options *options, int option, const char *value)
{
	switch (option) {
	case 'h':
		set_host(options, value);
		break;
	case 'p':
		options->address.sin_port = htons((uint16_t)number_of(value, 1, 65535));
		break;
	case 'm':
		options->method = value;
		break;
	case 'u':
		if (!template_parse(&options->path, value, strlen(value)))
			refuse("the path has too many placeholders");
		break;
	case 'H':
		add_header(options, value);
		break;
	case 'b':
		set_body(options, value);
		break;
	case 'c':
		options->connections = (long)number_of(value, 1, CONNECTIONS_MAX);
		break;
	case 'd':
		options->pipeline = (long)number_of(value, 1, LOAD_PIPELINE_MAX);
		break;
	case 's':
		options->seconds = (double)number_of(value, 1, SECONDS_MAX);
		break;
	case 'n':
		options->requests = number_of(value, 1, UINT64_MAX);
		break;
	case 'k':
		options->key_range = number_of(value, 1, UINT64_MAX);
		break;
	case 'l':
		if (!line_file_read(value, &options->lines))
			refuse("the file of lines cannot be read, or is empty");
		break;
	case 'q':
		options->sequential = true;
		break;
	case 'a':
		options->start = number_of(value, 0, UINT64_MAX);
		break;
	case 'r':
		options->seed = number_of(value, 0, UINT64_MAX);
		break;
	default:
		refuse("the options are listed in tests/bench/load.c");
	}
}

void load_options_read(struct load_options *options, int argc, char **argv)
{
	int option;
	char host[64];

	*options = (struct load_options){.method = "GET",
					 .connections = 1,
					 .pipeline = 1,
					 .key_range = 1000000,
					 .seed = 1};
	options->address.sin_family = AF_INET;
	options->address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	while ((option = getopt_long(argc, argv, "", names, NULL)) != -1)
		set_option(options, option, optarg);
	if (optind != argc || options->address.sin_port == 0 || options->path.count == 0)
		refuse("--port and --path are needed, and nothing but options");
	if ((options->seconds > 0) == (options->requests > 0))
		refuse("say either --seconds or --requests");
	if (options->lines.count == 0 && options->path.line_count + options->body.line_count > 0)
		refuse("{line} needs --lines");
	if (options->lines.count > 0 && options->key_range > options->lines.count)
		options->key_range = options->lines.count;
	if (options->requests > 0)
		options->seconds = SECONDS_MAX;
	snprintf(host, sizeof host, "Host: 127.0.0.1:%d", ntohs(options->address.sin_port));
	add_header(options, host);
}
