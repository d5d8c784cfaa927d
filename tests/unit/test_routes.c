/* Finding a path in the route table. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "surface/routes.h"

struct ask {
	struct arena arena;
	struct http_request request;
	struct text params[VISIT_PARAMS_MAX];
};

static const struct route *find(struct ask *ask, enum http_method method, const char *path)
{
	ask->request = (struct http_request){.arena = &ask->arena,
					     .method = method,
					     .path = text_of(path)};
	return routes_find(&ask->request, ask->params);
}

static int setup(void **state)
{
	static struct ask ask;

	arena_init(&ask.arena, 1024 * 1024);
	*state = &ask;
	return 0;
}

static int teardown(void **state)
{
	arena_release(&((struct ask *)*state)->arena);
	return 0;
}

static void expect_pattern(struct ask *ask, enum http_method method, const char *path,
			   const char *pattern)
{
	const struct route *route = find(ask, method, path);

	assert_string_equal(route ? route->pattern : "none", pattern);
}

static void test_paths(void **state)
{
	struct ask *ask = *state;

	expect_pattern(ask, HTTP_GET, "/", "/");
	expect_pattern(ask, HTTP_GET, "/healthz", "/healthz");
	expect_pattern(ask, HTTP_GET, "/api/v1/commands", "/api/v1/commands");
	expect_pattern(ask, HTTP_POST, "/api/v1/commands/lead.get", "/api/v1/commands/{id}");
	expect_pattern(ask, HTTP_GET, "/api/v1/commands/lead.get/schema",
		       "/api/v1/commands/{id}/schema");
	expect_pattern(ask, HTTP_GET, "/api/v1/imports/x/refused.csv",
		       "/api/v1/imports/{id}/refused.csv");
}

static void test_no_paths(void **state)
{
	static const char *const paths[] = {"",
					    "//",
					    "/healthz/",
					    "/api/v1",
					    "/api/v1/commands/",
					    "/api/v1/commands//schema",
					    "/api/v1/commands/a/schema/b",
					    "/api/v1/Commands",
					    "/api/v1/commands/{id}/schem"};

	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		expect_pattern(*state, HTTP_GET, paths[i], "none");
		expect_pattern(*state, HTTP_POST, paths[i], "none");
	}
	expect_pattern(*state, HTTP_DELETE, "/api/v1/commands/lead.get", "none");
	expect_pattern(*state, HTTP_POST, "/healthz", "none");
}

/* A path belongs to the first pattern that fits it, whatever its method. */
static void test_dialects(void **state)
{
	struct ask *ask = *state;

	expect_pattern(ask, HTTP_POST, "/leads/api/leads", "/leads/api/leads");
	expect_pattern(ask, HTTP_POST, "/leads/api/leads/upsert", "/leads/api/leads/upsert");
	expect_pattern(ask, HTTP_PUT, "/leads/api/leads/mass-action",
		       "/leads/api/leads/mass-action");
	expect_pattern(ask, HTTP_PUT, "/leads/api/leads/x", "/leads/api/leads/{uuid}");
	expect_pattern(ask, HTTP_GET, "/leads/api/leads/upsert", "none");
	expect_pattern(ask, HTTP_GET, "/leads/api/leads/", "none");
	expect_pattern(ask, HTTP_GET, "/leads/api/leads/x/y", "none");
	expect_pattern(ask, HTTP_GET, "/leads/api/leadsx", "none");
	find(ask, HTTP_GET, "/leads/api/leads/upsert");
	assert_true(text_is(routes_methods(&ask->request), TEXT("POST")));
	find(ask, HTTP_POST, "/leads/api/leads/x");
	assert_true(text_is(routes_methods(&ask->request), TEXT("GET, HEAD, PUT, DELETE")));
	find(ask, HTTP_PATCH, "/leads/api/leads");
	assert_true(text_is(routes_methods(&ask->request), TEXT("GET, HEAD, POST")));
}

static void test_tables(void **state)
{
	struct ask *ask = *state;
	const struct route *own = find(ask, HTTP_GET, "/healthz");
	const struct route *contact = find(ask, HTTP_GET, "/leads/api/leads/x");

	assert_null(routes_table(own)->admit);
	assert_non_null(routes_table(contact)->admit);
}

static void test_params(void **state)
{
	struct ask *ask = *state;

	assert_non_null(find(ask, HTTP_POST, "/api/v1/commands/lead%2Eget"));
	assert_true(text_is(ask->params[0], TEXT("lead.get")));
	/* What no id has: a slash, a blank, a control character, what is not ASCII. */
	assert_null(find(ask, HTTP_POST, "/api/v1/commands/a%2Fb"));
	assert_null(find(ask, HTTP_POST, "/api/v1/commands/a%20b"));
	assert_null(find(ask, HTTP_POST, "/api/v1/commands/a%00"));
	assert_null(find(ask, HTTP_POST, "/api/v1/commands/a%7F"));
	assert_null(find(ask, HTTP_POST, "/api/v1/commands/%C3%BC"));
}

static void test_methods(void **state)
{
	struct ask *ask = *state;

	find(ask, HTTP_PUT, "/api/v1/commands/lead.get");
	assert_true(text_is(routes_methods(&ask->request), TEXT("POST")));
	find(ask, HTTP_PUT, "/metrics");
	assert_true(text_is(routes_methods(&ask->request), TEXT("GET, HEAD")));
	find(ask, HTTP_PUT, "/nothing");
	assert_null(routes_methods(&ask->request).ptr);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_paths),
		cmocka_unit_test(test_no_paths),
		cmocka_unit_test(test_dialects),
		cmocka_unit_test(test_tables),
		cmocka_unit_test(test_params),
		cmocka_unit_test(test_methods),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
