#include "http/parse.h"

#define QUERY_PAIRS_MAX ((size_t)256)

struct framing {
	unsigned lengths;
	unsigned encodings;
	unsigned hosts;
	struct text encoding;
	struct text content_encoding;
};

struct collector {
	struct http_pair *pairs;
	size_t count;
	size_t room;
};

static enum MHD_Result collect(void *state, enum MHD_ValueKind kind, const char *key,
			       size_t key_len, const char *value, size_t value_len)
{
	struct collector *collector = state;

	(void)kind;
	if (collector->count == collector->room)
		return MHD_NO;
	collector->pairs[collector->count++] = (struct http_pair){
		{key, key_len},
		text_trim((struct text){value ? value : "", value ? value_len : 0}),
	};
	return MHD_YES;
}

static enum err_code read_headers(struct http_exchange *exchange, struct err *err)
{
	int count = MHD_get_connection_values_n(exchange->mhd, MHD_HEADER_KIND, NULL, NULL);
	struct collector collector = {.room = count > 0 ? (size_t)count : 0};

	if (collector.room == 0)
		return ERR_OK;
	collector.pairs = arena_zero(&exchange->arena, collector.room, sizeof *collector.pairs);
	if (!collector.pairs)
		return err_memory(err);
	MHD_get_connection_values_n(exchange->mhd, MHD_HEADER_KIND, collect, &collector);
	exchange->request.headers = collector.pairs;
	exchange->request.header_count = collector.count;
	return ERR_OK;
}

static bool is_token(struct text text)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];

		if (c <= ' ' || c >= 0x7F || strchr("()<>@,;:\\\"/[]?={}", c))
			return false;
	}
	return text.len > 0;
}

static bool is_field_value(struct text text)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];

		if ((c < ' ' && c != '\t') || c == 0x7F)
			return false;
	}
	return true;
}

static enum err_code check_fields(const struct http_request *request, struct framing *out,
				  struct err *err)
{
	for (size_t i = 0; i < request->header_count; i++) {
		struct text name = request->headers[i].name;
		struct text value = request->headers[i].value;

		if (!is_token(name) || !is_field_value(value))
			return err_set(err, ERR_INVALID_INPUT, "",
				       "A header field of this request is malformed. Names are "
				       "plain words, values hold no control characters.");
		if (text_is_nocase(name, TEXT("Content-Length"))) {
			out->lengths++;
		} else if (text_is_nocase(name, TEXT("Transfer-Encoding"))) {
			out->encodings++;
			out->encoding = value;
		} else if (text_is_nocase(name, TEXT("Host"))) {
			out->hosts++;
		} else if (text_is_nocase(name, TEXT("Content-Encoding"))) {
			out->content_encoding = value;
		}
	}
	return ERR_OK;
}

static enum err_code check_framing(struct http_request *request, const char *version,
				   const struct framing *framing, int *out_status, struct err *err)
{
	bool is_old = strcmp(version, "HTTP/1.0") == 0;

	if (framing->hosts > 1 || (framing->hosts == 0 && !is_old))
		return err_set(err, ERR_INVALID_INPUT, "", "Send exactly one Host header.");
	if (framing->lengths > 1 || (framing->lengths && framing->encodings) ||
	    framing->encodings > 1 || (framing->encodings && is_old))
		return err_set(err, ERR_INVALID_INPUT, "",
			       "It is not clear where the body of this request ends. Send either "
			       "one Content-Length or Transfer-Encoding: chunked.");
	if (framing->encodings && !text_is_nocase(framing->encoding, TEXT("chunked"))) {
		*out_status = 501;
		return err_set(err, ERR_INVALID_INPUT, "",
			       "The only Transfer-Encoding spoken here is chunked.");
	}
	request->content_length = framing->encodings ? -1 : 0;
	if (framing->lengths &&
	    !text_to_int(http_request_header(request, "Content-Length"), &request->content_length))
		return err_set(err, ERR_TOO_LARGE, "", "The announced Content-Length is absurd.");
	if (request->content_length != 0 && framing->content_encoding.ptr &&
	    !text_is_nocase(framing->content_encoding, TEXT("identity")))
		return err_set(err, ERR_UNSUPPORTED_MEDIA_TYPE, "",
			       "Send the body without Content-Encoding: compressed bodies are not "
			       "read here.");
	return ERR_OK;
}

/* Of "http://host/path" only the path; other forms as they are. */
static struct text strip_authority(struct text target)
{
	struct text scheme = TEXT("http://");

	if (target.len >= 8 && text_is_nocase((struct text){target.ptr, 8}, TEXT("https://")))
		scheme = TEXT("https://");
	else if (target.len < 7 || !text_is_nocase((struct text){target.ptr, 7}, scheme))
		return target;
	struct text rest = text_skip(target, scheme.len);
	size_t at = 0;

	while (at < rest.len && rest.ptr[at] != '/' && rest.ptr[at] != '?')
		at++;
	return at == rest.len ? TEXT("/") : text_skip(rest, at);
}

static enum err_code read_query(struct http_request *request, struct err *err)
{
	struct text rest = request->query;
	size_t count = 1;

	if (rest.len == 0)
		return ERR_OK;
	for (size_t i = 0; i < rest.len; i++)
		count += rest.ptr[i] == '&';
	if (count > QUERY_PAIRS_MAX)
		return err_set(err, ERR_INVALID_INPUT, "",
			       "Too many query parameters: at most "
			       "%zu.",
			       QUERY_PAIRS_MAX);
	struct http_pair *pairs = arena_zero(request->arena, count, sizeof *pairs);

	if (!pairs)
		return err_memory(err);
	count = 0;
	while (rest.ptr) {
		struct text value;
		struct text pair = text_split(rest, '&', &rest);
		struct text name = text_split(pair, '=', &value);

		if (pair.len == 0)
			continue;
		if (!http_request_decode(request->arena, name, true, &pairs[count].name) ||
		    !http_request_decode(request->arena, value, true, &pairs[count].value))
			return err_set(err, ERR_INVALID_INPUT, "",
				       "The query holds a broken %% escape. Write %%25 for a per "
				       "cent sign.");
		count++;
	}
	request->query_pairs = pairs;
	request->query_count = count;
	return ERR_OK;
}

static enum err_code read_target(struct http_request *request, struct err *err)
{
	struct text target = request->path;

	for (size_t i = 0; i < target.len; i++) {
		unsigned char c = (unsigned char)target.ptr[i];

		if (c <= ' ' || c == 0x7F)
			return err_set(err, ERR_INVALID_INPUT, "",
				       "The request's path holds a blank or control character. "
				       "Escape it, e.g. a blank as %%20.");
	}
	target = strip_authority(target);
	request->path = text_split(target, '?', &request->query);
	if (request->path.len == 0 && request->query.ptr)
		request->path = TEXT("/");
	bool is_star = request->method == HTTP_OPTIONS && text_is(request->path, TEXT("*"));

	if (!is_star && (request->path.len == 0 || request->path.ptr[0] != '/'))
		return err_set(err, ERR_INVALID_INPUT, "", "A path begins with '/'.");
	struct text ignored;

	if (!http_request_decode(request->arena, request->path, false, &ignored))
		return err_set(err, ERR_INVALID_INPUT, "",
			       "The path holds a broken %% escape. Write %%25 for a per cent "
			       "sign.");
	return read_query(request, err);
}

static void read_method(struct http_request *request, const char *method)
{
	static const struct {
		struct text name;
		enum http_method method;
	} rows[] = {
		{{"GET", 3}, HTTP_GET},       {{"POST", 4}, HTTP_POST},
		{{"PUT", 3}, HTTP_PUT},       {{"PATCH", 5}, HTTP_PATCH},
		{{"DELETE", 6}, HTTP_DELETE}, {{"HEAD", 4}, HTTP_GET},
		{{"OPTIONS", 7}, HTTP_OPTIONS},
	};

	request->method_name = text_of(method);
	request->head_only = text_is(request->method_name, TEXT("HEAD"));
	request->method = HTTP_OTHER;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (text_is(request->method_name, rows[i].name))
			request->method = rows[i].method;
	}
}

static bool is_id(struct text text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		bool is_alnum = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
				(c >= 'A' && c <= 'Z');

		if (!is_alnum && c != '.' && c != '_' && c != '-')
			return false;
	}
	return text.len > 0 && text.len <= HTTP_ID_BYTES_MAX;
}

static enum err_code check_size(const struct http_exchange *exchange, int *out_status,
				struct err *err)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(exchange->mhd, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
	size_t bytes_max = exchange->server->settings.header_bytes_max;

	if (exchange->request.path.len > bytes_max) {
		*out_status = 414;
		return err_set(err, ERR_HEADERS_TOO_LARGE, "",
			       "The address is longer than %zu bytes. Send long input in a body.",
			       bytes_max);
	}
	if (info && info->header_size > bytes_max)
		return err_set(err, ERR_HEADERS_TOO_LARGE, "",
			       "The request's header is larger than %zu bytes.", bytes_max);
	return ERR_OK;
}

enum err_code http_parse_head(struct http_exchange *exchange, const char *method,
			      const char *version, int *out_status, struct err *err)
{
	struct http_request *request = &exchange->request;
	struct framing framing = {0};
	enum err_code code;
	int status = 0;

	read_method(request, method);
	code = check_size(exchange, &status, err);
	if (code == ERR_OK)
		code = read_headers(exchange, err);
	if (code == ERR_OK)
		code = check_fields(request, &framing, err);
	if (code == ERR_OK)
		code = check_framing(request, version, &framing, &status, err);
	if (code == ERR_OK)
		code = read_target(request, err);
	struct text id = http_request_header(request, "X-Request-Id");

	if (is_id(id))
		request->id = id;
	if (code != ERR_OK)
		*out_status = status ? status : err_http_status(code);
	return code;
}
