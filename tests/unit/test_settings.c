/* The table of settings: defaults, variables, bounds, and the page of the docs made from it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "cli/settings.h"

static enum err_code set(struct settings *settings, const char *flag, const char *value,
			 struct err *err)
{
	const struct setting *setting = settings_find(text_of(flag));

	assert_non_null(setting);
	return settings_set(settings, setting, flag, value, err);
}

static void test_defaults(void **state)
{
	struct settings settings;

	(void)state;
	settings_init(&settings);
	assert_string_equal(settings.listen, "127.0.0.1:8207");
	assert_string_equal(settings.db, "");
	assert_string_equal(settings.log_level, "info");
	assert_int_equal(settings.readers, 2);
	assert_int_equal(settings.queue_max, 4096);
	assert_int_equal(settings.cache_mib, 48);
	assert_int_equal(settings.rate_per_minute, 0);
	assert_false(settings.check_outputs);
}

/* Each default is one that the setting itself would take. */
static void test_defaults_are_in_bounds(void **state)
{
	struct settings settings;
	struct err err;

	(void)state;
	settings_init(&settings);
	for (size_t i = 0; i < settings_count; i++) {
		const struct setting *setting = &settings_rows[i];

		assert_int_equal(settings_set(&settings, setting, setting->flag, setting->otherwise,
					      &err),
				 ERR_OK);
		assert_int_equal(setting->value == NULL, setting->type == SETTING_SWITCH);
		assert_true(setting->groups != 0);
		assert_ptr_equal(settings_find(text_of(setting->flag)), setting);
	}
}

static void test_bounds(void **state)
{
	static const char *const bad[] = {"0", "65", "-1", "two", "", "2 ", "99999999999999999999"};
	struct settings settings;
	struct err err;

	(void)state;
	settings_init(&settings);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		assert_int_equal(set(&settings, "readers", bad[i], &err), ERR_INVALID_INPUT);
		assert_non_null(strstr(err.message, "from 1 to 64"));
		assert_int_equal(settings.readers, 2);
	}
	assert_int_equal(set(&settings, "readers", "64", &err), ERR_OK);
	assert_int_equal(settings.readers, 64);
	assert_int_equal(set(&settings, "check-outputs", "maybe", &err), ERR_INVALID_INPUT);
	assert_int_equal(set(&settings, "check-outputs", "TRUE", &err), ERR_OK);
	assert_true(settings.check_outputs);
	assert_int_equal(set(&settings, "check-outputs", "0", &err), ERR_OK);
	assert_false(settings.check_outputs);
}

static char *some_variables(const char *name)
{
	if (strcmp(name, "GALENA_RATE_PER_MINUTE") == 0)
		return (char *)"600";
	if (strcmp(name, "GALENA_API_KEY") == 0)
		return (char *)"sk-secret";
	if (strcmp(name, "GALENA_LISTEN") == 0)
		return (char *)"";
	return NULL;
}

static char *bad_variable(const char *name)
{
	return strcmp(name, "GALENA_QUEUE_MAX") == 0 ? (char *)"many" : NULL;
}

static void test_environment(void **state)
{
	struct settings settings;
	struct err err;

	(void)state;
	settings_init(&settings);
	assert_int_equal(settings_read_environment(&settings, some_variables, &err), ERR_OK);
	assert_int_equal(settings.rate_per_minute, 600);
	assert_string_equal(settings.api_key, "sk-secret");
	assert_string_equal(settings.listen, "127.0.0.1:8207"); /* empty is not set */
	assert_int_equal(settings_read_environment(&settings, bad_variable, &err),
			 ERR_INVALID_INPUT);
	assert_non_null(strstr(err.message, "GALENA_QUEUE_MAX"));
}

static void test_secrets_are_not_shown(void **state)
{
	struct settings settings;
	struct buf buf;
	struct err err;

	(void)state;
	settings_init(&settings);
	assert_int_equal(set(&settings, "api-key", "sk-secret", &err), ERR_OK);
	buf_init(&buf, 1000);
	settings_show(&settings, settings_find(TEXT("api-key")), &buf);
	assert_true(text_is(buf_text(&buf), TEXT("(set)")));
	buf_release(&buf);
}

static void test_docs_are_up_to_date(void **state)
{
	static char page[64 * 1024];
	FILE *file = fopen("docs/settings.md", "rb");
	struct buf buf;

	(void)state;
	assert_non_null(file);
	size_t len = fread(page, 1, sizeof page, file);

	fclose(file);
	buf_init(&buf, sizeof page);
	settings_write_markdown(&buf);
	/* If not: galena settings --markdown > docs/settings.md */
	assert_true(text_is(buf_text(&buf), (struct text){page, len}));
	for (size_t i = 0; i < settings_count; i++) {
		char flag[64];

		snprintf(flag, sizeof flag, "`--%s", settings_rows[i].flag);
		assert_non_null(strstr(page, flag));
	}
	buf_release(&buf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_defaults_are_in_bounds),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_environment),
		cmocka_unit_test(test_secrets_are_not_shown),
		cmocka_unit_test(test_docs_are_up_to_date),
	};

	return cmocka_run_group_tests_name("settings", tests, NULL, NULL);
}
