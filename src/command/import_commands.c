#include "command/import_commands.h"

#include <stdio.h>
#include <unistd.h>

#include "command/dispatch.h"
#include "command/import_file.h"
#include "command/import_source.h"
#include "command/import_view.h"
#include "store/entries.h"
#include "store/imports.h"
#include "store/lists.h"
#include "store/missions.h"

#define SETTINGS_BYTES_MAX ((size_t)1024 * 1024)
#define ROWS_DELETED_AT_ONCE 5000 /* some ten milliseconds of the writer's time */

/* What import.create goes on with. */
struct plan {
	struct import_row import;
	bool is_own_file; /* made from `content` */
	bool has_mission;
	struct uuid mission;
	char file[IMPORT_FILE_NAME_MAX];
};

/* The settings that rows depend on: the input without the file and what has columns of its own. */
static json_t *settings_of(const json_t *input)
{
	static const char *const others[] = {"content", "upload_id", "name", "dry_run"};
	json_t *settings = json_copy((json_t *)input);

	for (size_t i = 0; settings && i < ARRAY_LEN(others); i++)
		json_object_del(settings, others[i]);
	return settings;
}

static struct text json_text_of(struct arena *arena, const json_t *value)
{
	struct buf buf;
	struct writer writer = writer_on(&buf);

	buf_init_arena(&buf, arena, SETTINGS_BYTES_MAX);
	writer_value(&writer, value);
	return buf_text(&buf);
}

/* Look into the file: what it is, and whether it can be imported at all. */
static enum err_code look_into(struct call *call, struct plan *plan, const char *path,
			       struct text content, struct err *err)
{
	struct import_rules rules;
	struct import_source source;
	struct buf columns;
	json_t *settings = settings_of(call->input);
	int64_t now_ms = clock_now_ms(engine_clock(dispatch_engine(call->desk)));

	if (!settings)
		return err_memory(err);
	plan->import.settings = json_text_of(call->arena, settings);
	enum err_code code = import_rules_init(&rules, call->desk, settings, now_ms, err);

	json_decref(settings);
	if (code != ERR_OK)
		return code;
	plan->has_mission = rules.has_mission;
	plan->mission = rules.mission;
	code = import_source_init(&source, path, content, &rules, err);
	import_rules_release(&rules);
	if (code != ERR_OK)
		return code;
	plan->import.type = text_of(import_source_type(&source));
	buf_init_arena(&columns, call->arena, SETTINGS_BYTES_MAX);
	import_source_write_columns(&source, &columns);
	plan->import.columns = buf_text(&columns);
	import_source_release(&source);
	return plan->import.columns.ptr && plan->import.settings.ptr ? ERR_OK : err_memory(err);
}

static enum err_code take_content(struct call *call, struct plan *plan, struct text content,
				  struct err *err)
{
	struct import_file file;

	if (look_into(call, plan, NULL, content, err) != ERR_OK ||
	    import_file_begin(dispatch_files(call->desk), call->caller.workspace, plan->import.id,
			      &file, err) != ERR_OK)
		return err->code;
	if (import_file_add(&file, content, err) != ERR_OK) {
		import_file_drop(&file);
		return err->code;
	}
	if (import_file_keep(&file, err) != ERR_OK)
		return err->code;
	import_file_name(call->caller.workspace, plan->import.id, plan->file);
	plan->is_own_file = true;
	plan->import.bytes_total = (int64_t)content.len;
	return ERR_OK;
}

static enum err_code take_upload(struct call *call, struct plan *plan, struct text upload,
				 struct err *err)
{
	const char *folder = dispatch_files(call->desk);
	char path[IMPORT_FILE_PATH_MAX];
	struct uuid id;

	if (uuid_parse(upload, &id)) {
		/* Whoever knows the upload's id finds the import, too. */
		plan->import.id = id;
		import_file_name(call->caller.workspace, id, plan->file);
		plan->import.bytes_total = import_file_bytes(folder, text_of(plan->file));
	} else {
		plan->import.bytes_total = -1;
	}
	if (plan->import.bytes_total < 0)
		return err_set(err, ERR_INVALID_INPUT, "/upload_id",
			       "There is no upload %.*s in this workspace. Uploads are gone once "
			       "they were imported, or after a day: send the file again.",
			       TEXT_ARG(upload));
	if (import_file_path(folder, text_of(plan->file), path, err) != ERR_OK)
		return err->code;
	return look_into(call, plan, path, TEXT_NONE, err);
}

/* An id that only this process could have made: the writer's maker serves the writer's thread. */
static struct uuid make_id(struct call *call)
{
	struct uuid_maker maker;

	uuid_maker_init(&maker, engine_clock(dispatch_engine(call->desk)));
	return uuid_make(&maker);
}

enum err_code import_commands_prepare_create(struct call *call, struct err *err)
{
	struct text content = command_text(call->input, "content");
	struct text upload = command_text(call->input, "upload_id");
	struct text name = text_trim(command_text(call->input, "name"));
	struct plan *plan = arena_zero(call->arena, 1, sizeof *plan);

	if (!plan)
		return err_memory(err);
	if (!content.ptr == !upload.ptr)
		return err_set(err, ERR_INVALID_INPUT, upload.ptr ? "/upload_id" : "/content",
			       "Send either content, the file's text, or upload_id, the id of a "
			       "file that was uploaded.");
	plan->import = (struct import_row){
		.workspace = call->caller.workspace,
		.id = make_id(call),
		.name = name.len > 0 ? name : TEXT("Import"),
		.dry_run = command_flag(call->input, "dry_run"),
		.actor = call->caller.actor,
		.via = (int)call->caller.via,
	};
	call->plan = plan;
	if (content.ptr)
		return take_content(call, plan, content, err);
	return take_upload(call, plan, upload, err);
}

static enum err_code missing(enum err_code code, const char *pointer, struct text id,
			     struct err *err)
{
	command_not_found(code, id, err);
	snprintf(err->pointer, sizeof err->pointer, "%s", pointer);
	return err->code;
}

static enum err_code check_lists(struct call *call, struct txn *txn, struct err *err)
{
	static const char *const keys[] = {"list_id", "list_if_new", "move_to_list"};

	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		struct text text = command_text(call->input, keys[i]);
		bool exists = false;
		struct uuid id;
		char pointer[24];

		if (!text.ptr)
			continue;
		if (uuid_parse(text, &id) &&
		    lists_exists(txn->db, call->caller.workspace, id, &exists, err) != ERR_OK)
			return err->code;
		snprintf(pointer, sizeof pointer, "/%s", keys[i]);
		if (!exists)
			return missing(ERR_LIST_NOT_FOUND, pointer, text, err);
	}
	return ERR_OK;
}

static enum err_code check_tags(struct call *call, struct txn *txn, struct err *err)
{
	const json_t *ids = json_object_get(call->input, "tag_ids");

	for (size_t i = 0; i < json_array_size(ids); i++) {
		struct text text = text_of(json_string_value(json_array_get(ids, i)));
		struct entry_row tag = {.doc = TEXT_NONE};
		struct uuid id;
		char pointer[32];

		if (uuid_parse(text, &id) &&
		    entries_read(txn->db, call->arena,
				 (struct entry_ref){call->caller.workspace, ENTRY_TAG, id}, &tag,
				 err) != ERR_OK)
			return err->code;
		snprintf(pointer, sizeof pointer, "/tag_ids/%zu", i);
		if (!tag.doc.ptr)
			return missing(ERR_TAG_NOT_FOUND, pointer, text, err);
	}
	return ERR_OK;
}

/* What every lead is to get must be there when the import is made. */
static enum err_code check_groups(struct call *call, struct txn *txn, const struct plan *plan,
				  struct err *err)
{
	bool exists = true;

	if (check_lists(call, txn, err) != ERR_OK || check_tags(call, txn, err) != ERR_OK)
		return err->code;
	if (plan->has_mission &&
	    missions_exists(txn->db, call->caller.workspace, plan->mission, &exists, err) != ERR_OK)
		return err->code;
	return exists ? ERR_OK
		      : missing(ERR_MISSION_NOT_FOUND, "/mission_id",
				command_text(call->input, "mission_id"), err);
}

/* {"import": …} of import `id` as it is now. */
static enum err_code answer(struct call *call, struct txn *txn, struct uuid id, struct err *err)
{
	struct writer writer = reply_begin(&call->reply, call->arena);
	struct import_row import;
	char text[UUID_TEXT_LEN + 1];

	if (imports_find(txn->db, call->arena, call->caller.workspace, id, &import, err) != ERR_OK)
		return err->code;
	uuid_format(id, text);
	if (import.no == 0)
		return command_not_found(ERR_IMPORT_NOT_FOUND, text_of(text), err);
	writer_begin_object(&writer);
	writer_key(&writer, TEXT("import"));
	if (import_view_write(&writer, call->arena, txn->db, &import, true, err) != ERR_OK)
		return err->code;
	writer_end_object(&writer);
	return reply_end(&call->reply) ? ERR_OK : err_memory(err);
}

static enum err_code create(struct call *call, struct txn *txn, struct plan *plan, struct err *err)
{
	bool is_used;

	plan->import.file = text_of(plan->file);
	plan->import.created_ms = txn->now_ms;
	if (check_groups(call, txn, plan, err) != ERR_OK ||
	    imports_has_file(txn->db, plan->import.file, &is_used, err) != ERR_OK)
		return err->code;
	if (is_used)
		return err_set(err, ERR_STATE_CONFLICT, "/upload_id",
			       "That upload has an import already. Send the file again to import "
			       "it twice.");
	if (txn_touch(txn, err) != ERR_OK || imports_insert(txn, &plan->import, err) != ERR_OK)
		return err->code;
	return answer(call, txn, plan->import.id, err);
}

static void remove_own_file(struct call *call, const struct plan *plan)
{
	char path[IMPORT_FILE_PATH_MAX];
	struct err err;

	if (plan->is_own_file &&
	    import_file_path(dispatch_files(call->desk), text_of(plan->file), path, &err) == ERR_OK)
		unlink(path);
}

enum err_code import_commands_create(struct call *call, struct txn *txn, struct err *err)
{
	struct plan *plan = call->plan;

	if (create(call, txn, plan, err) != ERR_OK) {
		remove_own_file(call, plan);
		return err->code;
	}
	dispatch_tell_import(call->desk);
	return ERR_OK;
}

enum err_code import_commands_get(struct call *call, struct txn *txn, struct err *err)
{
	struct uuid id;

	if (command_id(call->input, "import_id", ERR_IMPORT_NOT_FOUND, &id, err) != ERR_OK)
		return err->code;
	return answer(call, txn, id, err);
}

enum err_code import_commands_cancel(struct call *call, struct txn *txn, struct err *err)
{
	struct import_row import;
	struct uuid id;
	bool was_open;

	if (command_id(call->input, "import_id", ERR_IMPORT_NOT_FOUND, &id, err) != ERR_OK ||
	    imports_find(txn->db, call->arena, call->caller.workspace, id, &import, err) != ERR_OK)
		return err->code;
	if (import.no == 0)
		return command_not_found(ERR_IMPORT_NOT_FOUND,
					 command_text(call->input, "import_id"), err);
	if (txn_touch(txn, err) != ERR_OK ||
	    imports_cancel(txn, call->caller.workspace, id, txn->now_ms, &was_open, err) != ERR_OK)
		return err->code;
	if (!was_open)
		return err_set(err, ERR_STATE_CONFLICT, "",
			       "The import is over already: it is %s. There is nothing to cancel.",
			       imports_state_name(import.state));
	dispatch_tell_import(call->desk);
	return answer(call, txn, id, err);
}

enum err_code import_commands_update(struct call *call, struct txn *txn, struct err *err)
{
	struct import_row import;
	struct text name;
	struct uuid id;

	if (command_id(call->input, "import_id", ERR_IMPORT_NOT_FOUND, &id, err) != ERR_OK ||
	    command_name(call->input, &name, err) != ERR_OK ||
	    imports_find(txn->db, call->arena, call->caller.workspace, id, &import, err) != ERR_OK)
		return err->code;
	if (import.no == 0)
		return command_not_found(ERR_IMPORT_NOT_FOUND,
					 command_text(call->input, "import_id"), err);
	bool changes = name.ptr && !text_is(name, import.name);

	if (changes && (txn_touch(txn, err) != ERR_OK ||
			imports_rename(txn, import.no, name, txn->now_ms, err) != ERR_OK))
		return err->code;
	call->reply.outcome = changes ? REPLY_UPDATED : REPLY_UNCHANGED;
	return answer(call, txn, id, err);
}

/* An import that is being deleted, slice by slice. */
struct deleting {
	struct engine_job job; /* first: the engine hands this back */
	struct call *call;
	struct uuid id;
	struct import_row import;
	bool is_done;
	int64_t at_ms;
};

/*
 * First it is cancelled, so that the importer writes no more of it; then its rows go, some at a
 * time; then the import itself.
 */
static enum err_code delete_some(struct engine_job *job, struct txn *txn, struct err *err)
{
	struct deleting *deleting = (struct deleting *)job; /* job is the first member */
	struct call *call = deleting->call;
	bool was_open;
	int64_t removed;

	if (imports_find(txn->db, call->arena, call->caller.workspace, deleting->id,
			 &deleting->import, err) != ERR_OK)
		return err->code;
	if (deleting->import.no == 0)
		return command_not_found(ERR_IMPORT_NOT_FOUND,
					 command_text(call->input, "import_id"), err);
	if (txn_touch(txn, err) != ERR_OK ||
	    imports_cancel(txn, call->caller.workspace, deleting->id, txn->now_ms, &was_open,
			   err) != ERR_OK ||
	    imports_clear_results(txn, &deleting->import, ROWS_DELETED_AT_ONCE, &removed, err) !=
		    ERR_OK)
		return err->code;
	deleting->is_done = removed < ROWS_DELETED_AT_ONCE;
	deleting->at_ms = txn->now_ms;
	return deleting->is_done ? imports_delete(txn, deleting->import.no, txn->now_ms, err)
				 : ERR_OK;
}

enum err_code import_commands_delete(struct call *call, struct txn *txn, struct err *err)
{
	struct engine *engine = dispatch_engine(call->desk);
	struct deleting deleting = {.job = {.run = delete_some}, .call = call};
	char at[CLOCK_TEXT_LEN + 1];

	if (command_id(call->input, "import_id", ERR_IMPORT_NOT_FOUND, &deleting.id, err) != ERR_OK)
		return err->code;
	db_rollback(txn->db);
	while (!deleting.is_done) {
		if (engine_should_stop(engine))
			return err_set(err, ERR_BUSY, "",
				       "Galena is stopping: the import is cancelled and not yet "
				       "deleted. Delete it again.");
		if (engine_run_slice(engine, &deleting.job, err) != ERR_OK)
			return err->code;
		dispatch_tell_import(call->desk);
	}
	struct writer writer = reply_begin(&call->reply, call->arena);

	clock_format(deleting.at_ms, at);
	writer_begin_object(&writer);
	writer_member_text(&writer, "import_id", command_text(call->input, "import_id"));
	writer_member_bool(&writer, "deleted", true);
	writer_member_text(&writer, "deleted_at", text_of(at));
	writer_end_object(&writer);
	call->reply.outcome = REPLY_UPDATED;
	return reply_end(&call->reply) ? ERR_OK : err_memory(err);
}
