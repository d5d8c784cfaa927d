#include "surface/contacts.h"

#include "json/parse.h"

#define BODY_DEPTH_MAX 64
#define BODY_VALUES_MAX 500000

enum err_code contacts_admit(struct visit *visit, struct err *err)
{
	struct text team = text_trim(http_request_header(visit->request, "Team-ID"));
	int64_t number;

	visit->caller.via = CHANGE_VIA_CONTACTS;
	if (!team.ptr || (text_to_int(team, &number) && number == visit->caller.workspace))
		return ERR_OK;
	return err_set(err, ERR_FORBIDDEN, "",
		       "This key belongs to team %lld. Send that as Team-ID, or leave the header "
		       "out.",
		       (long long)visit->caller.workspace);
}

enum err_code contacts_body(const struct http_request *request, json_t **out, struct err *err)
{
	struct text bytes = request->body;
	struct parse_limits limits = {.bytes_max = bytes.len,
				      .depth_max = BODY_DEPTH_MAX,
				      .values_max = BODY_VALUES_MAX};
	json_t *body = NULL;

	if (text_trim(bytes).len > 0 && parse_json(bytes, &limits, &body, err) != ERR_OK)
		return err->code;
	if (!body || (json_is_array(body) && json_array_size(body) == 0)) {
		json_decref(body);
		body = json_object();
	}
	if (!body)
		return err_memory(err);
	if (!json_is_object(body)) {
		json_decref(body);
		return err_set(err, ERR_INVALID_INPUT, "", "The body must be a JSON object.");
	}
	*out = body;
	return ERR_OK;
}

void contacts_write_time(struct writer *writer, const char *key, struct text at)
{
	char text[CLOCK_TEXT_LEN + 4];

	if (at.len != CLOCK_TEXT_LEN) {
		contacts_write_text(writer, key, at);
		return;
	}
	int len = snprintf(text, sizeof text, "%.*s000Z", CLOCK_TEXT_LEN - 1, at.ptr);

	writer_member_text(writer, key, (struct text){text, (size_t)len});
}

void contacts_write_text(struct writer *writer, const char *key, struct text text)
{
	if (text.ptr)
		writer_member_text(writer, key, text);
	else
		writer_member_raw(writer, key, TEXT("null"));
}
