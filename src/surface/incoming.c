#include "surface/incoming.h"

bool incoming_is_form(const struct http_request *request)
{
	struct text type = http_request_header(request, "Content-Type");
	static const struct text form = {"multipart/", 10};

	return type.len >= form.len && text_is_nocase((struct text){type.ptr, form.len}, form);
}

static bool part_begin(void *state, const struct multipart_part *part, struct err *err)
{
	struct incoming *incoming = state;

	incoming->is_file_part = text_is(part->name, TEXT("file"));
	buf_reset(&incoming->value);
	if (!incoming->is_file_part) {
		snprintf(incoming->part, sizeof incoming->part, "%.*s", TEXT_ARG(part->name));
		return incoming->form.accept(incoming->form.state, part->name, err) == ERR_OK;
	}
	if (incoming->has_file_part)
		return err_set(err, ERR_INVALID_INPUT, "",
			       "Send one file at a time: there are two parts named \"file\".") ==
		       ERR_OK;
	incoming->has_file_part = true;
	if (part->file_name.len > 0)
		incoming->file_name = arena_copy(incoming->visit->request->arena, part->file_name);
	return true;
}

static bool part_data(void *state, struct text data, struct err *err)
{
	struct incoming *incoming = state;

	if (incoming->is_file_part)
		return import_file_add(&incoming->file, data, err) == ERR_OK;
	buf_add(&incoming->value, data);
	return !incoming->value.failed ||
	       err_set(err, ERR_TOO_LARGE, "", "The part %s is larger than %zu bytes.",
		       incoming->part, INCOMING_VALUE_MAX) == ERR_OK;
}

static bool part_end(void *state, struct err *err)
{
	struct incoming *incoming = state;
	struct text value = buf_text(&incoming->value);

	if (incoming->is_file_part)
		return true;
	return incoming->form.take(incoming->form.state, incoming->part,
				   value.ptr ? value : TEXT(""), err) == ERR_OK;
}

enum err_code incoming_begin(struct incoming *incoming, struct visit *visit,
			     const struct incoming_form *form, struct err *err)
{
	const struct multipart_callbacks callbacks = {.state = incoming,
						      .part_begin = part_begin,
						      .part_data = part_data,
						      .part_end = part_end};
	struct desk *desk = visit->services->desk;
	struct uuid_maker maker;

	incoming->visit = visit;
	incoming->form = *form;
	incoming->file.fd = -1;
	buf_init(&incoming->value, INCOMING_VALUE_MAX);
	visit->request->body_bytes_max = visit->services->upload_bytes_max;
	if (incoming_is_form(visit->request) &&
	    multipart_create(http_request_header(visit->request, "Content-Type"), &callbacks,
			     &incoming->multipart, err) != ERR_OK)
		return err->code;
	uuid_maker_init(&maker, engine_clock(dispatch_engine(desk)));
	return import_file_begin(dispatch_files(desk), visit->caller.workspace, uuid_make(&maker),
				 &incoming->file, err);
}

enum err_code incoming_add(struct incoming *incoming, struct text piece, struct err *err)
{
	if (incoming->multipart)
		return multipart_feed(incoming->multipart, piece, err);
	return import_file_add(&incoming->file, piece, err);
}

/* On a reader's thread: bringing a large file to disk takes its time. */
static enum err_code keep_file(struct engine_job *job, struct txn *txn, struct err *err)
{
	struct incoming *incoming = (struct incoming *)job; /* job is the first member */

	(void)txn;
	return import_file_keep(&incoming->file, err);
}

static void file_kept(struct engine_job *job)
{
	struct incoming *incoming = (struct incoming *)job;

	http_complete(incoming->visit->request);
}

static enum err_code end_body(struct incoming *incoming, struct err *err)
{
	if (!incoming->multipart)
		return ERR_OK;
	if (multipart_finish(incoming->multipart, err) != ERR_OK)
		return err->code;
	if (incoming->has_file_part)
		return ERR_OK;
	return err_set(err, ERR_INVALID_INPUT, "",
		       "The form has no file. Send it as the part named \"file\".");
}

enum err_code incoming_keep(struct incoming *incoming, struct err *err)
{
	struct engine *engine = dispatch_engine(incoming->visit->services->desk);
	struct http_request *request = incoming->visit->request;

	if (end_body(incoming, err) != ERR_OK)
		return err->code;
	incoming->job.run = keep_file;
	incoming->job.done = file_kept;
	http_defer(request);
	if (engine_read(engine, &incoming->job, err) != ERR_OK) {
		incoming->job.err = *err;
		http_complete(request);
	}
	return ERR_OK;
}

void incoming_end(struct incoming *incoming)
{
	if (!incoming->is_claimed && incoming->file.path[0])
		import_file_drop(&incoming->file);
	multipart_destroy(incoming->multipart);
	buf_release(&incoming->value);
}
