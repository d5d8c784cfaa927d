#include "http/client.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define CONNECT_MS 5000L
#define TIMEOUT_MS 30000L
#define BODY_BYTES_MAX ((size_t)16 * 1024 * 1024)
#define TEXTS_BYTES_MAX ((size_t)256 * 1024)
#define FIELD_BYTES_MAX ((size_t)4096)
#define URL_BYTES_MAX ((size_t)64 * 1024)

struct http_client {
	struct arena texts; /* base_url and authorization, with a NUL behind them */
	struct text base_url;
	struct text authorization;
	long connect_ms;
	long timeout_ms;
	size_t body_bytes_max;
	CURL *curl;
};

/* What one call's callbacks work on. */
struct transfer {
	struct http_client *client;
	struct buf body;
	const struct http_client_download *download;
	const struct http_client_upload *upload;
	uint64_t sent;
	uint64_t total;
	int read_errno;
	bool is_stopped; /* by the caller's own callback */
	char curl_error[CURL_ERROR_SIZE];
};

enum err_code http_client_process_init(struct err *err)
{
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return err_internal(err, "curl_global_init failed");
	return ERR_OK;
}

void http_client_process_release(void)
{
	curl_global_cleanup();
}

static enum err_code copy_settings(struct http_client *client,
				   const struct http_client_settings *settings, struct err *err)
{
	struct text url = settings->base_url;

	while (url.len > 0 && url.ptr[url.len - 1] == '/')
		url.len--;
	if (!(url.len > 7 && memcmp(url.ptr, "http://", 7) == 0) &&
	    !(url.len > 8 && memcmp(url.ptr, "https://", 8) == 0))
		return err_set(err, ERR_INVALID_INPUT, "",
			       "Give the server's address as http://HOST:PORT or https://HOST.");
	client->base_url = arena_copy(&client->texts, url);
	client->authorization = TEXT("");
	if (settings->key.len > 0)
		client->authorization = arena_format(&client->texts, "Authorization: Bearer %.*s",
						     TEXT_ARG(settings->key));
	if (!client->base_url.ptr || !client->authorization.ptr)
		return err_memory(err);
	client->connect_ms = settings->connect_ms ? (long)settings->connect_ms : CONNECT_MS;
	client->timeout_ms = settings->timeout_ms ? (long)settings->timeout_ms : TIMEOUT_MS;
	client->body_bytes_max = settings->body_bytes_max ? settings->body_bytes_max
							  : BODY_BYTES_MAX;
	return ERR_OK;
}

enum err_code http_client_create(const struct http_client_settings *settings,
				 struct http_client **out, struct err *err)
{
	struct http_client *client = calloc(1, sizeof *client);

	if (!client)
		return err_memory(err);
	arena_init(&client->texts, TEXTS_BYTES_MAX);
	enum err_code code = copy_settings(client, settings, err);

	if (code == ERR_OK) {
		client->curl = curl_easy_init();
		if (!client->curl)
			code = err_memory(err);
	}
	if (code != ERR_OK) {
		http_client_destroy(client);
		return code;
	}
	*out = client;
	return ERR_OK;
}

void http_client_destroy(struct http_client *client)
{
	if (!client)
		return;
	if (client->curl)
		curl_easy_cleanup(client->curl);
	arena_release(&client->texts);
	free(client);
}

static bool is_success(CURL *curl)
{
	long status = 0;

	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	return status >= 200 && status < 300;
}

/* libcurl's write callback: to the sink, or into memory. */
static size_t take_body(char *data, size_t size, size_t count, void *state)
{
	struct transfer *transfer = state;
	struct text piece = {data, size * count};

	if (transfer->download && is_success(transfer->client->curl)) {
		transfer->is_stopped =
			!transfer->download->sink(transfer->download->context, piece);
		return transfer->is_stopped ? CURL_WRITEFUNC_ERROR : piece.len;
	}
	buf_add(&transfer->body, piece);
	return transfer->body.failed ? CURL_WRITEFUNC_ERROR : piece.len;
}

/* libcurl's read callback: the next bytes of the file. */
static size_t give_body(char *out, size_t size, size_t count, void *state)
{
	struct transfer *transfer = state;
	ssize_t got;

	do {
		got = read(transfer->upload->fd, out, size * count);
	} while (got < 0 && errno == EINTR);
	if (got < 0) {
		transfer->read_errno = errno;
		return CURL_READFUNC_ABORT;
	}
	transfer->sent += (uint64_t)got;
	if (transfer->upload->progress &&
	    !transfer->upload->progress(transfer->upload->context, transfer->sent,
					transfer->total)) {
		transfer->is_stopped = true;
		return CURL_READFUNC_ABORT;
	}
	return (size_t)got;
}

static enum err_code explain(const struct transfer *transfer, CURLcode result, struct err *err)
{
	const char *url = transfer->client->base_url.ptr;
	const char *why = transfer->curl_error[0] ? transfer->curl_error
						  : curl_easy_strerror(result);

	if (transfer->is_stopped)
		return err_set(err, ERR_TIMEOUT, "", "The transfer was broken off.");
	if (transfer->read_errno)
		return err_set(err, ERR_INVALID_INPUT, "", "Reading the file to send failed: %s.",
			       strerror(transfer->read_errno));
	if (transfer->body.failed)
		return err_set(err, ERR_TOO_LARGE, "",
			       "The answer of %s is larger than %zu bytes. Ask for less at once.",
			       url, transfer->client->body_bytes_max);
	switch (result) {
	case CURLE_COULDNT_RESOLVE_HOST:
		return err_set(err, ERR_UPSTREAM, "",
			       "The name in %s is not known. Is the address spelled right?", url);
	case CURLE_COULDNT_CONNECT:
		return err_set(err, ERR_UPSTREAM, "",
			       "Cannot connect to %s. Is the server running, and is the port "
			       "right?",
			       url);
	case CURLE_OPERATION_TIMEDOUT:
		return err_set(err, ERR_TIMEOUT, "",
			       "%s did not answer in time. Whether it did the work is not "
			       "known; try again.",
			       url);
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CONNECT_ERROR:
		return err_set(err, ERR_UPSTREAM, "",
			       "No secure connection to %s: %s. Check its certificate, or "
			       "whether it speaks https at all.",
			       url, why);
	case CURLE_OUT_OF_MEMORY:
		return err_memory(err);
	default:
		return err_set(err, ERR_UPSTREAM, "", "The call to %s failed: %s.", url, why);
	}
}

static bool append(struct curl_slist **list, const char *line)
{
	struct curl_slist *grown = curl_slist_append(*list, line);

	if (grown)
		*list = grown;
	return grown != NULL;
}

/* A line break in a value would let it add header fields of its own. */
static bool is_field(struct text text)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];

		if ((c < ' ' && c != '\t') || c == 0x7F)
			return false;
	}
	return text.len <= FIELD_BYTES_MAX;
}

static enum err_code make_headers(const struct http_client *client,
				  const struct http_client_call *call, struct arena *arena,
				  struct curl_slist **list, struct err *err)
{
	/* "Expect:" with nothing keeps libcurl from waiting for a 100 before each upload. */
	bool is_good = append(list, "Expect:");

	if (client->authorization.len > 0)
		is_good = is_good && append(list, client->authorization.ptr);
	if (!is_field(call->type) || !is_field(client->authorization))
		return err_set(err, ERR_INVALID_INPUT, "",
			       "A key or type holds a line break, or is too long.");
	if (call->type.len > 0 || call->body.ptr) {
		struct text line = arena_format(arena, "Content-Type:%s%.*s",
						call->type.len ? " " : "", TEXT_ARG(call->type));

		is_good = is_good && line.ptr && append(list, line.ptr);
	}
	for (size_t i = 0; i < call->headers.count; i++) {
		const struct http_pair *pair = &call->headers.pairs[i];

		if (!is_field(pair->name) || !is_field(pair->value))
			return err_set(err, ERR_INVALID_INPUT, "",
				       "A header to send holds a line break, or is too long.");
		struct text line = arena_format(arena, "%.*s: %.*s", TEXT_ARG(pair->name),
						TEXT_ARG(pair->value));

		is_good = is_good && line.ptr && append(list, line.ptr);
	}
	return is_good ? ERR_OK : err_memory(err);
}

static void set_common(struct http_client *client, struct transfer *transfer)
{
	CURL *curl = client->curl;

	curl_easy_reset(curl); /* keeps the connection */
	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, transfer->curl_error);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, "gzip");
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, client->connect_ms);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, transfer);
	if (transfer->upload || transfer->download) {
		curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
		curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, (client->timeout_ms + 999) / 1000);
	} else {
		curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, client->timeout_ms);
	}
}

static void set_body(CURL *curl, const struct http_client_call *call, struct transfer *transfer)
{
	struct stat about;

	if (transfer->upload) {
		curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
		curl_easy_setopt(curl, CURLOPT_READFUNCTION, give_body);
		curl_easy_setopt(curl, CURLOPT_READDATA, transfer);
		off_t at = lseek(transfer->upload->fd, 0, SEEK_CUR);

		/* The size of a pipe is not known: it goes out in chunks. */
		if (at >= 0 && fstat(transfer->upload->fd, &about) == 0 && S_ISREG(about.st_mode) &&
		    about.st_size >= at) {
			transfer->total = (uint64_t)(about.st_size - at);
			curl_easy_setopt(curl, CURLOPT_INFILESIZE_LARGE,
					 (curl_off_t)(about.st_size - at));
		}
	} else if (call->body.ptr) {
		curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)call->body.len);
		curl_easy_setopt(curl, CURLOPT_POSTFIELDS, call->body.ptr);
	}
	if (strcmp(call->method, "HEAD") == 0)
		curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
	curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, call->method);
}

static enum err_code perform(struct transfer *transfer, struct arena *arena,
			     const struct http_client_call *call, struct http_client_response *out,
			     struct err *err)
{
	struct http_client *client = transfer->client;
	struct curl_slist *list = NULL;
	struct buf url;
	enum err_code code = make_headers(client, call, arena, &list, err);

	buf_init_arena(&url, arena, URL_BYTES_MAX);
	buf_add(&url, client->base_url);
	buf_add(&url, call->path);
	buf_add_char(&url, '\0');
	if (code == ERR_OK && !buf_text(&url).ptr)
		code = err_set(err, ERR_TOO_LARGE, "", "The address to call is too long.");
	if (code == ERR_OK) {
		set_common(client, transfer);
		set_body(client->curl, call, transfer);
		curl_easy_setopt(client->curl, CURLOPT_URL, buf_text(&url).ptr);
		curl_easy_setopt(client->curl, CURLOPT_HTTPHEADER, list);
		CURLcode result = curl_easy_perform(client->curl);

		if (result != CURLE_OK)
			code = explain(transfer, result, err);
	}
	curl_slist_free_all(list);
	if (code != ERR_OK)
		return code;
	long status = 0;
	const char *type = NULL;

	curl_easy_getinfo(client->curl, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(client->curl, CURLINFO_CONTENT_TYPE, &type);
	struct text copy = arena_copy(arena, text_of(type ? type : ""));

	if (!copy.ptr)
		return err_memory(err);
	*out = (struct http_client_response){(int)status, copy, buf_text(&transfer->body)};
	return ERR_OK;
}

static struct transfer transfer_of(struct http_client *client, struct arena *arena)
{
	struct transfer transfer = {.client = client};

	buf_init_arena(&transfer.body, arena, client->body_bytes_max);
	return transfer;
}

enum err_code http_client_call(struct http_client *client, struct arena *arena,
			       const struct http_client_call *call,
			       struct http_client_response *out, struct err *err)
{
	struct transfer transfer = transfer_of(client, arena);

	return perform(&transfer, arena, call, out, err);
}

enum err_code http_client_upload(struct http_client *client, struct arena *arena,
				 const struct http_client_call *call,
				 const struct http_client_upload *upload,
				 struct http_client_response *out, struct err *err)
{
	struct transfer transfer = transfer_of(client, arena);

	transfer.upload = upload;
	return perform(&transfer, arena, call, out, err);
}

enum err_code http_client_download(struct http_client *client, struct arena *arena,
				   const struct http_client_call *call,
				   const struct http_client_download *download,
				   struct http_client_response *out, struct err *err)
{
	struct transfer transfer = transfer_of(client, arena);

	transfer.download = download;
	return perform(&transfer, arena, call, out, err);
}
