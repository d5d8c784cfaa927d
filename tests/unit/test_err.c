#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/err.h"
#include "base/text.h"

static void every_code_has_its_row(void **state)
{
	(void)state;
	for (int i = 1; i < ERR_CODE_COUNT; i++) {
		enum err_code code = (enum err_code)i;

		assert_int_equal(err_from_name(err_name(code)), code);
		assert_in_range(err_http_status(code), 400, 599);
		assert_in_range(-err_rpc_code(code), 32600, 32700);
		assert_in_range(err_exit_code(code), 1, 6);
	}
	assert_string_equal(err_name(ERR_OK), "OK");
	assert_int_equal(err_http_status(ERR_OK), 200);
	assert_int_equal(err_rpc_code(ERR_OK), 0);
	assert_int_equal(err_exit_code(ERR_OK), 0);
	assert_string_equal(err_name(ERR_LEAD_NOT_FOUND), "LEAD_NOT_FOUND");
	assert_int_equal(err_http_status(ERR_IDEMPOTENCY_MISMATCH), 422);
	assert_int_equal(err_from_name("no such code"), ERR_INTERNAL);
	assert_string_equal(err_name(ERR_CODE_COUNT), "INTERNAL");
	assert_string_equal(err_name((enum err_code)9999), "INTERNAL");
}

static void an_err_holds_code_pointer_and_message(void **state)
{
	struct err err;

	(void)state;
	memset(&err, 'x', sizeof err);
	assert_int_equal(err_set(&err, ERR_NOT_FOUND, "/id", "No lead %d.", 7), ERR_NOT_FOUND);
	assert_int_equal(err.code, ERR_NOT_FOUND);
	assert_string_equal(err.pointer, "/id");
	assert_string_equal(err.message, "No lead 7.");
	assert_string_equal(err.detail, "");
}

static void details_stay_out_of_the_message(void **state)
{
	struct err err;

	(void)state;
	assert_int_equal(err_internal(&err, "row %d of %s", 3, "lead"), ERR_INTERNAL);
	assert_string_equal(err.detail, "row 3 of lead");
	assert_null(strstr(err.message, "lead"));
	assert_string_equal(err.pointer, "");
	assert_int_equal(err_memory(&err), ERR_BUSY);
	assert_string_equal(err.detail, "");
}

/* Characters of one to four bytes, behind every number of bytes, so that each border is met. */
static void a_long_message_is_cut_at_a_character(void **state)
{
	static const char *const characters[] = {"e", "\xC3\xA9", "\xE2\x82\xAC",
						 "\xF0\x9F\x98\x80"};
	char text[400];
	struct err err;

	(void)state;
	for (size_t width = 1; width <= 4; width++) {
		for (size_t shift = 0; shift < 4; shift++) {
			size_t len = shift;

			memset(text, '.', shift);
			for (; len + width < sizeof text; len += width)
				memcpy(text + len, characters[width - 1], width);
			text[len] = '\0';
			err_set(&err, ERR_INVALID_INPUT, text, "%s", text);
			assert_true(text_is_utf8(text_of(err.message)));
			assert_true(text_is_utf8(text_of(err.pointer)));
			assert_true(strlen(err.message) > sizeof err.message - 1 - width);
			assert_true(strlen(err.pointer) > sizeof err.pointer - 1 - width);
			err_internal(&err, "%s", text);
			assert_true(text_is_utf8(text_of(err.detail)));
		}
	}
}

static void a_whole_character_at_the_end_stays(void **state)
{
	struct err err;

	(void)state;
	err_set(&err, ERR_INVALID_INPUT, "/\xC3\xA9", "caf\xC3\xA9");
	assert_string_equal(err.message, "caf\xC3\xA9");
	assert_string_equal(err.pointer, "/\xC3\xA9");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_code_has_its_row),
		cmocka_unit_test(an_err_holds_code_pointer_and_message),
		cmocka_unit_test(details_stay_out_of_the_message),
		cmocka_unit_test(a_long_message_is_cut_at_a_character),
		cmocka_unit_test(a_whole_character_at_the_end_stays),
	};

	return cmocka_run_group_tests_name("err", tests, NULL, NULL);
}
