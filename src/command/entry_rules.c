#include "command/entry_rules.h"

#include <curl/curl.h>
#include <sodium.h>
#include <stdio.h>

#include "command/entry_nouns.h"
#include "command/field_find.h"
#include "json/scan.h"

#define VALUE_BYTES_MAX ((size_t)64 * 1024)
#define PAYLOAD_BYTES_MAX ((size_t)32 * 1024)
#define FILTERS_BYTES_MAX ((size_t)8 * 1024)

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
#define ALPHABET_LEN (sizeof alphabet - 1)

#define SECRET_PREFIX TEXT("whsec_")
#define SECRET_LEN (6 + 43) /* 43 of 62 letters are 256 bits */

/* Where the value of the member called `name` is. */
static struct text *value_at(struct entry_draft *draft, const char *name)
{
	return &draft->values[entry_nouns_member(draft->noun, name)];
}

/* The characters of a value that is a JSON string. */
static struct text text_at(struct entry_draft *draft, const char *name)
{
	return scan_string(draft->call->arena, *value_at(draft, name));
}

/* `text` as a JSON string; absent without memory. */
static struct text quoted(struct arena *arena, struct text text)
{
	struct buf buf;
	struct writer writer = writer_on(&buf);

	buf_init_arena(&buf, arena, VALUE_BYTES_MAX);
	writer_text(&writer, text);
	return buf_text(&buf);
}

static enum err_code set_text(struct entry_draft *draft, const char *name, struct text text,
			      struct err *err)
{
	struct text value = quoted(draft->call->arena, text);

	if (!value.ptr)
		return err_memory(err);
	*value_at(draft, name) = value;
	return ERR_OK;
}

static enum err_code check_not_blank(struct entry_draft *draft, const char *name, struct err *err)
{
	char pointer[32];

	if (text_trim(text_at(draft, name)).len > 0)
		return ERR_OK;
	snprintf(pointer, sizeof pointer, "/%s", name);
	return err_set(err, ERR_INVALID_INPUT, pointer,
		       "%s holds nothing but blanks. Give a text that people can read.", name);
}

static enum err_code check_size(struct entry_draft *draft, const char *name, size_t bytes_max,
				struct err *err)
{
	char pointer[32];

	if (value_at(draft, name)->len <= bytes_max)
		return ERR_OK;
	snprintf(pointer, sizeof pointer, "/%s", name);
	return err_set(err, ERR_INVALID_INPUT, pointer,
		       "%s is too large: as JSON it can have %zu bytes. Send less.", name,
		       bytes_max);
}

enum err_code entry_rules_place(struct entry_draft *draft, struct err *err)
{
	const struct entries_walk all = {.workspace = draft->row.workspace,
					 .kind = draft->row.kind};
	struct text *order = value_at(draft, "order");
	int64_t count;

	if (order->ptr)
		return ERR_OK;
	if (entries_count(draft->txn->db, &all, &count, err) != ERR_OK)
		return err->code;
	*order = arena_format(draft->call->arena, "%lld", (long long)count);
	return order->ptr ? ERR_OK : err_memory(err);
}

enum err_code entry_rules_release_stage(const struct entry_row *row, struct err *err)
{
	if (text_is(scan_member(row->doc, TEXT("type")), TEXT("\"custom\"")))
		return ERR_OK;
	return err_set(err, ERR_STATE_CONFLICT, "/stage_id",
		       "The stage %.*s is one that every workspace has; only stages of type custom "
		       "can be deleted. stage.update gives it another name.",
		       (int)(row->name.len < 100 ? row->name.len : 100), row->name.ptr);
}

enum err_code entry_rules_insert_field(struct entry_draft *draft, struct err *err)
{
	const struct field_wanted wanted = {.workspace = draft->row.workspace,
					    .scope = draft->row.scope,
					    .name = draft->row.name};

	return field_find_make(draft->txn, draft->call->arena, &wanted,
			       command_int(draft->call->input, "order", -1), &draft->row, err);
}

enum err_code entry_rules_sign(struct entry_draft *draft, struct err *err)
{
	struct text name = draft->call->caller.name;

	return set_text(draft, "author", name.ptr ? name : TEXT("this machine"), err);
}

enum err_code entry_rules_check_note(struct entry_draft *draft, struct err *err)
{
	return check_not_blank(draft, "note", err);
}

enum err_code entry_rules_check_activity(struct entry_draft *draft, struct err *err)
{
	struct text type = text_trim(text_at(draft, "type"));

	if (check_not_blank(draft, "type", err) != ERR_OK ||
	    check_size(draft, "payload", PAYLOAD_BYTES_MAX, err) != ERR_OK)
		return err->code;
	return set_text(draft, "type", type, err);
}

enum err_code entry_rules_make_secret(struct entry_draft *draft, struct err *err)
{
	/* The largest multiple of 62 that a byte holds: what is above would favour some letters. */
	enum { FAIR = 256 / ALPHABET_LEN * ALPHABET_LEN };
	const struct clock *clock = draft->txn->ids.clock;
	unsigned char random[64];
	char secret[SECRET_LEN];
	size_t len = SECRET_PREFIX.len;

	memcpy(secret, SECRET_PREFIX.ptr, len);
	while (len < SECRET_LEN) {
		clock->random_bytes(clock->state, random, sizeof random);
		for (size_t i = 0; i < sizeof random && len < SECRET_LEN; i++) {
			if (random[i] < FAIR)
				secret[len++] = alphabet[random[i] % ALPHABET_LEN];
		}
	}
	enum err_code code = set_text(draft, "secret", (struct text){secret, SECRET_LEN}, err);

	sodium_memzero(random, sizeof random);
	sodium_memzero(secret, sizeof secret);
	return code;
}

/* True for an http or https URL with a host; "https:///a" has none. */
static bool is_target(const char *address)
{
	const char *slashes = strstr(address, "://");

	if (!slashes || slashes[3] == '/')
		return false;
	CURLU *url = curl_url();
	char *scheme = NULL, *host = NULL;
	bool is_good = url && curl_url_set(url, CURLUPART_URL, address, 0) == CURLUE_OK &&
		       curl_url_get(url, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK &&
		       curl_url_get(url, CURLUPART_HOST, &host, 0) == CURLUE_OK &&
		       (strcmp(scheme, "http") == 0 || strcmp(scheme, "https") == 0) &&
		       host[0] != '\0';

	curl_free(scheme);
	curl_free(host);
	curl_url_cleanup(url);
	return is_good;
}

/* No blank, control or non-ASCII character, which no URL has. */
static bool is_plain(struct text address)
{
	for (size_t i = 0; i < address.len; i++) {
		if (address.ptr[i] <= ' ' || address.ptr[i] == 0x7F)
			return false;
	}
	return true;
}

static enum err_code check_target(struct entry_draft *draft, struct err *err)
{
	struct text address = text_trim(text_at(draft, "target_url"));
	struct text copy = arena_copy(draft->call->arena, address);

	if (!copy.ptr)
		return err_memory(err);
	if (!is_plain(address) || !is_target(copy.ptr))
		return err_set(err, ERR_INVALID_INPUT, "/target_url",
			       "target_url must be a whole http or https address, e.g. "
			       "https://hooks.example.com/galena.");
	return set_text(draft, "target_url", address, err);
}

/* One event may be given as `event`, several as `events`. */
static enum err_code take_events(struct entry_draft *draft, struct err *err)
{
	struct text event = command_text(draft->call->input, "event");
	struct text *events = value_at(draft, "events");

	if (event.ptr && json_object_get(draft->call->input, "events"))
		return err_set(err, ERR_INVALID_INPUT, "/event",
			       "Give event or events, not both: they are the same.");
	if (event.ptr) {
		*events = arena_format(draft->call->arena, "[\"%.*s\"]", TEXT_ARG(event));
		if (!events->ptr)
			return err_memory(err);
	}
	if (text_is(*events, TEXT("[]")))
		return err_set(err, ERR_INVALID_INPUT, "/events",
			       "A webhook needs at least one event, e.g. lead.created.");
	return ERR_OK;
}

enum err_code entry_rules_check_webhook(struct entry_draft *draft, struct err *err)
{
	if (take_events(draft, err) != ERR_OK || check_target(draft, err) != ERR_OK)
		return err->code;
	return check_size(draft, "filters", FILTERS_BYTES_MAX, err);
}
