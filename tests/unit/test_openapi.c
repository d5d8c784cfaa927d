/* The description names every address and method that this server answers, and no others. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "json/parse.h"
#include "surface/contacts_error.h"
#include "surface/openapi.h"
#include "surface/routes.h"

#define COMMANDS TEXT("/api/v1/commands/")

static const struct {
	enum http_method method;
	const char *name;
} methods[] = {{HTTP_GET, "get"},
	       {HTTP_POST, "post"},
	       {HTTP_PUT, "put"},
	       {HTTP_PATCH, "patch"},
	       {HTTP_DELETE, "delete"}};

static json_t *read_paths(bool newer)
{
	struct parse_limits limits = {.depth_max = 64, .values_max = 1000000};
	struct text description;
	json_t *document, *paths;
	struct arena arena;
	struct err err;

	arena_init(&arena, (size_t)16 * 1024 * 1024);
	assert_int_equal(openapi_read(&arena, newer, &description, &err), ERR_OK);
	limits.bytes_max = description.len;
	assert_int_equal(parse_json(description, &limits, &document, &err), ERR_OK);
	arena_release(&arena);
	paths = json_incref(json_object_get(document, "paths"));
	json_decref(document);
	assert_true(json_object_size(paths) > 100);
	return paths;
}

/*
 * Whether the pattern that is described (a) is the one that is routed (b): parameters may have
 * other names, and what is routed with and without a slash at its end is described without.
 */
static bool is_same(const char *a, const char *b)
{
	while (*a && *a == *b) {
		if (*a == '{') {
			a = strchr(a, '}');
			b = strchr(b, '}');
		}
		a++, b++;
	}
	return *a == *b || (*a == '\0' && strcmp(b, "/") == 0);
}

static bool is_described(json_t *paths, const struct route *route, const char *method)
{
	const char *path;
	json_t *item;

	json_object_foreach(paths, path, item)
	{
		if (is_same(path, route->pattern) && json_object_get(item, method))
			return true;
	}
	return false;
}

static const char *method_name(enum http_method method)
{
	for (size_t i = 0; i < ARRAY_LEN(methods); i++) {
		if (methods[i].method == method)
			return methods[i].name;
	}
	fail_msg("a route of an unknown method");
	return "";
}

static void check_table(json_t *paths, const struct route_table *table)
{
	for (size_t i = 0; i < table->count; i++) {
		const struct route *route = &table->rows[i];
		const char *method = method_name(route->method);

		/* Each command is described; what is only refused is not. */
		if (route->is_command || route->handle == contacts_error_absent)
			continue;
		if (!is_described(paths, route, method))
			fail_msg("%s %s is not described", method, route->pattern);
	}
}

static void test_routes(void **state)
{
	(void)state;
	for (int newer = 0; newer < 2; newer++) {
		json_t *paths = read_paths(newer != 0);

		for (size_t t = 0; routes_table_at(t); t++)
			check_table(paths, routes_table_at(t));
		json_decref(paths);
	}
}

static bool is_routed(const char *path, enum http_method method)
{
	for (size_t t = 0; routes_table_at(t); t++) {
		const struct route_table *table = routes_table_at(t);

		for (size_t i = 0; i < table->count; i++) {
			const struct route *route = &table->rows[i];

			if (route->method == method && is_same(path, route->pattern) &&
			    route->handle != contacts_error_absent)
				return true;
		}
	}
	return false;
}

static void check_path(const char *path, json_t *item)
{
	size_t known = 0;

	/* Which commands there are is the catalogue's to say, and it makes their paths. */
	if (text_starts(text_of(path), COMMANDS) && !strchr(path + COMMANDS.len, '/')) {
		assert_non_null(json_object_get(item, "post"));
		assert_int_equal(json_object_size(item), 1);
		return;
	}
	for (size_t i = 0; i < ARRAY_LEN(methods); i++) {
		if (!json_object_get(item, methods[i].name))
			continue;
		known++;
		if (!is_routed(path, methods[i].method))
			fail_msg("%s %s is described, and not there", methods[i].name, path);
	}
	assert_int_equal(json_object_size(item), known);
}

static void test_description(void **state)
{
	const char *path;
	json_t *item;

	(void)state;
	for (int newer = 0; newer < 2; newer++) {
		json_t *paths = read_paths(newer != 0);

		json_object_foreach(paths, path, item) check_path(path, item);
		json_decref(paths);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_routes),
		cmocka_unit_test(test_description),
	};

	return cmocka_run_group_tests_name("openapi", tests, NULL, NULL);
}
