#include "surface/contacts_uploads.h"

#include "surface/contacts.h"
#include "surface/contacts_error.h"
#include "surface/contacts_imports.h"
#include "surface/contacts_nouns.h"
#include "surface/incoming.h"
#include "surface/runtime.h"

#define ANSWER_BYTES_MAX ((size_t)64 * 1024)

static enum err_code accept_part(void *state, struct text name, struct err *err)
{
	(void)state, (void)name, (void)err;
	return ERR_OK;
}

static enum err_code take_part(void *state, const char *name, struct text value, struct err *err)
{
	(void)state;
	if (strcmp(name, "type") != 0 || text_is(text_trim(value), TEXT("csv_leads")))
		return ERR_OK;
	return err_set(err, ERR_INVALID_INPUT, "type",
		       "type must be csv_leads: only contacts come as files.");
}

static void refuse(struct visit *visit, const struct err *err)
{
	if (err->code == ERR_INVALID_INPUT)
		contacts_error_refuse(visit, err);
	else
		visit_fail(visit, err);
}

static enum err_code begin(struct visit *visit, struct err *err)
{
	static const struct incoming_form form = {NULL, accept_part, take_part};

	if (!visit->own)
		return err_memory(err);
	if (!incoming_is_form(visit->request))
		return err_set(err, ERR_INVALID_INPUT, "file",
			       "Send multipart/form-data with the file as the part named "
			       "\"file\".");
	return incoming_begin(visit->own, visit, &form, err);
}

bool contacts_uploads_head(struct visit *visit)
{
	struct err err;

	visit->own = arena_zero(visit->request->arena, 1, sizeof(struct incoming));
	if (begin(visit, &err) == ERR_OK)
		return true;
	refuse(visit, &err);
	return false;
}

bool contacts_uploads_piece(struct visit *visit, struct text piece)
{
	struct err err;

	if (incoming_add(visit->own, piece, &err) == ERR_OK)
		return true;
	refuse(visit, &err);
	return false;
}

void contacts_uploads_handle(struct visit *visit)
{
	const struct incoming *incoming = visit->own;
	struct err err;

	if (incoming_keep(visit->own, &err) == ERR_OK)
		return;
	if (!incoming->has_file_part && !err.pointer[0])
		snprintf(err.pointer, sizeof err.pointer, "file");
	refuse(visit, &err);
}

static void write_upload(struct writer *writer, const struct visit *visit)
{
	const struct incoming *incoming = visit->own;
	const struct clock *clock = engine_clock(dispatch_engine(visit->services->desk));
	struct text name = incoming->file_name;
	char id[UUID_TEXT_LEN + 1], now[CLOCK_TEXT_LEN + 1];

	uuid_format(incoming->file.id, id);
	clock_format(clock_now_ms(clock), now);
	writer_begin_object(writer);
	writer_member_text(writer, "uuid", text_of(id));
	writer_member_int(writer, "team_id", visit->caller.workspace);
	contacts_write_text(writer, "user_id", TEXT_NONE);
	writer_member_text(writer, "type", TEXT("csv_leads"));
	writer_key(writer, TEXT("payload"));
	writer_begin_object(writer);
	contacts_write_text(writer, "name", text_is_utf8(name) ? name : TEXT_NONE);
	writer_end_object(writer);
	writer_member_text(writer, "status", TEXT("not_started"));
	contacts_write_time(writer, "created_at", text_of(now));
	writer_end_object(writer);
}

void contacts_uploads_finish(struct visit *visit)
{
	struct incoming *incoming = visit->own;
	struct buf buf;
	struct writer writer = writer_on(&buf);

	if (incoming->job.err.code != ERR_OK) {
		visit_fail(visit, &incoming->job.err);
		return;
	}
	buf_init_arena(&buf, visit->request->arena, ANSWER_BYTES_MAX);
	write_upload(&writer, visit);
	/* Whoever cannot be told its uuid cannot use the file. */
	incoming->is_claimed = !buf.failed;
	visit_respond_json(visit, 200, &buf);
}

void contacts_uploads_done(struct visit *visit)
{
	if (visit->own)
		incoming_end(visit->own);
}

void contacts_uploads_import(struct visit *visit)
{
	json_t *body;
	struct err err;

	if (contacts_body(visit->request, &body, &err) == ERR_OK)
		contacts_imports_start(visit, body, visit->params[0]);
	else
		contacts_error_refuse(visit, &err);
}

void contacts_uploads_import_finish(struct visit *visit)
{
	if (!contacts_imports_go_on(visit))
		return;
	if (visit->call.job.err.code != ERR_OK)
		contacts_imports_fail(visit);
	else
		contacts_nouns_answer(visit, 200);
}
