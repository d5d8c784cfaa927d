#include "import_rig.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"

#define CALL_BYTES_MAX ((size_t)256 * 1024 * 1024)

static const char *const count_names[] = {"created_count",  "updated_count", "unchanged_count",
					  "conflict_count", "invalid_count", "skipped_count"};

int import_rig_setup(void **state)
{
	struct import_rig *rig = calloc(1, sizeof *rig);
	struct err err = {.code = ERR_OK};

	assert_non_null(rig);
	log_set_level(LOG_OFF);
	if (fixture_folder((void **)&rig->fixture) != 0)
		return -1;
	snprintf(rig->files, sizeof rig->files, "%s/files", rig->fixture->folder);
	assert_int_equal(mkdir(rig->files, 0700), 0);
	struct engine_settings engine = {.path = rig->fixture->path,
					 .clock = clock_system(),
					 .readers = 1,
					 .queue_max = 1024,
					 .cache_kib = 4096};

	fixture_expect(&err, ERR_OK, engine_create(&engine, &rig->engine, &err), "engine",
		       __LINE__);
	struct desk_settings desk = {.engine = rig->engine,
				     .check_outputs = true,
				     .files = rig->files};

	fixture_expect(&err, ERR_OK, dispatch_create(&desk, &rig->desk, &err), "desk", __LINE__);
	*state = rig;
	return 0;
}

int import_rig_teardown(void **state)
{
	struct import_rig *rig = *state;
	char lock[200];

	dispatch_destroy(rig->desk);
	engine_destroy(rig->engine);
	snprintf(lock, sizeof lock, "%s/importer.lock", rig->files);
	unlink(lock);
	assert_int_equal(rmdir(rig->files), 0); /* no upload and no copy is left */
	int result = fixture_teardown((void **)&rig->fixture);

	free(rig);
	return result;
}

static enum err_code run(struct import_rig *rig, int64_t workspace, const char *command,
			 json_t *input, json_t **out, struct err *err)
{
	struct arena arena;
	struct call call = {.desk = rig->desk,
			    .arena = &arena,
			    .input = input,
			    .caller = {.workspace = workspace, .scopes = TEXT("*")}};

	arena_init(&arena, CALL_BYTES_MAX);
	enum err_code code = dispatch_run(&call, text_of(command), err);

	if (code == ERR_OK)
		*out = json_loadb(call.reply.data.ptr, call.reply.data.len, 0, NULL);
	arena_release(&arena);
	return code;
}

json_t *import_rig_run_as(struct import_rig *rig, int64_t workspace, const char *command,
			  json_t *take_input)
{
	struct err err = {.code = ERR_OK};
	json_t *data = NULL;

	fixture_expect(&err, ERR_OK, run(rig, workspace, command, take_input, &data, &err), command,
		       __LINE__);
	json_decref(take_input);
	assert_non_null(data);
	return data;
}

json_t *import_rig_run(struct import_rig *rig, const char *command, json_t *take_input)
{
	return import_rig_run_as(rig, RIG_WORKSPACE, command, take_input);
}

void import_rig_refuse(struct import_rig *rig, const char *command, json_t *take_input,
		       enum err_code code)
{
	struct err err = {.code = ERR_OK};
	json_t *data = NULL;

	fixture_expect(&err, code, run(rig, RIG_WORKSPACE, command, take_input, &data, &err),
		       command, __LINE__);
	json_decref(take_input);
	json_decref(data);
}

void import_rig_finish(struct import_rig *rig)
{
	struct importer *importer;
	struct err err = {.code = ERR_OK};

	fixture_expect(&err, ERR_OK, importer_create(rig->desk, &importer, &err), "importer",
		       __LINE__);
	importer_wait_idle(importer, NULL, NULL);
	importer_destroy(importer);
}

json_t *import_rig_get(struct import_rig *rig, const char *import_id)
{
	json_t *data =
		import_rig_run(rig, "import.get", json_pack("{s:s}", "import_id", import_id));
	json_t *import = json_incref(json_object_get(data, "import"));

	json_decref(data);
	return import;
}

json_t *import_rig_import(struct import_rig *rig, const char *content, json_t *take_settings)
{
	json_t *input = take_settings ? take_settings : json_object();

	json_object_set_new(input, "content", json_string(content));
	json_t *made = import_rig_run(rig, "import.create", input);
	const char *id =
		json_string_value(json_object_get(json_object_get(made, "import"), "import_id"));

	import_rig_finish(rig);
	json_t *import = import_rig_get(rig, id);

	json_decref(made);
	return import;
}

int64_t import_rig_count(const json_t *import, const char *member)
{
	return json_integer_value(json_object_get(import, member));
}

int64_t import_rig_leads(struct import_rig *rig)
{
	struct err err = {.code = ERR_OK};
	struct db *db = fixture_open(rig->fixture, DB_READ, 1000);
	struct db_row *row = db_query(db, QUERY_WORKSPACE_STATUS_COUNTS);
	int64_t count = 0;
	bool found = true;

	db_bind_int(row, 1, RIG_WORKSPACE);
	while (found) {
		fixture_expect(&err, ERR_OK, db_step(row, &found, &err), "counts", __LINE__);
		count += found ? db_int(row, 1) : 0;
	}
	db_end(row);
	db_destroy(db);
	return count;
}

void import_rig_expect(const json_t *import, const int64_t counts[6])
{
	int64_t sum = 0;

	for (size_t i = 0; i < ARRAY_LEN(count_names); i++) {
		if (import_rig_count(import, count_names[i]) != counts[i])
			print_message("%s\n", count_names[i]);
		assert_int_equal(import_rig_count(import, count_names[i]), counts[i]);
		sum += counts[i];
	}
	assert_int_equal(import_rig_count(json_object_get(import, "progress"), "rows_done"), sum);
}
