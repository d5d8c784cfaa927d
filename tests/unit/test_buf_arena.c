#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/buf.h"

static void nothing_is_not_a_failure(void **state)
{
	struct arena arena;

	(void)state;
	arena_init(&arena, 1 << 20);
	assert_non_null(arena_take(&arena, 0));
	assert_non_null(arena_zero(&arena, 0, 8));
	struct text empty = arena_copy(&arena, TEXT(""));

	assert_non_null(empty.ptr);
	assert_int_equal(empty.len, 0);
	arena_release(&arena);
}

static void pieces_are_aligned_and_apart(void **state)
{
	struct arena arena;
	char *pieces[200];

	(void)state;
	arena_init(&arena, 1 << 20);
	for (size_t i = 0; i < ARRAY_LEN(pieces); i++) {
		pieces[i] = arena_take(&arena, i * 7);
		assert_non_null(pieces[i]);
		assert_int_equal((uintptr_t)pieces[i] % _Alignof(max_align_t), 0);
		memset(pieces[i], (int)i, i * 7);
	}
	for (size_t i = 0; i < ARRAY_LEN(pieces); i++) {
		for (size_t k = 0; k < i * 7; k++)
			assert_int_equal((unsigned char)pieces[i][k], i);
	}
	arena_release(&arena);
}

static void the_bound_holds(void **state)
{
	const size_t bytes_max = 256 * 1024;
	struct arena arena;
	size_t taken = 0;

	(void)state;
	arena_init(&arena, bytes_max);
	assert_null(arena_take(&arena, bytes_max + 1));
	assert_null(arena_take(&arena, SIZE_MAX));
	assert_null(arena_zero(&arena, SIZE_MAX / 2, 3));
	while (taken <= 2 * bytes_max && arena_take(&arena, 1000))
		taken += 1000;
	assert_true(taken <= bytes_max);
	assert_true(taken > bytes_max / 2);
	assert_true(arena.bytes <= bytes_max);
	assert_null(arena_copy(&arena, (struct text){"", SIZE_MAX}).ptr);
	arena_release(&arena);
}

static void reset_keeps_one_block_for_the_next_request(void **state)
{
	struct arena arena;

	(void)state;
	arena_init(&arena, 1 << 20);
	assert_non_null(arena_take(&arena, 100000));
	char *first = arena_take(&arena, 100);

	assert_non_null(first);
	assert_non_null(arena_take(&arena, 100000));
	arena_reset(&arena);
	assert_true(arena.bytes > 0 && arena.bytes < 100000);
	assert_ptr_equal(arena_take(&arena, 100), first);
	arena_release(&arena);
	assert_int_equal(arena.bytes, 0);
	assert_non_null(arena_take(&arena, 100));
	arena_release(&arena);
}

static void arena_texts_end_with_nul(void **state)
{
	struct arena arena;

	(void)state;
	arena_init(&arena, 1 << 20);
	struct text copy = arena_copy(&arena, (struct text){"lead and more", 4});
	struct text made = arena_format(&arena, "%d leads, %s", 12, "no more");

	assert_string_equal(copy.ptr, "lead");
	assert_string_equal(made.ptr, "12 leads, no more");
	assert_int_equal(made.len, strlen(made.ptr));
	unsigned char *zero = arena_zero(&arena, 10, 10);

	for (size_t i = 0; i < 100; i++)
		assert_int_equal(zero[i], 0);
	arena_release(&arena);
}

static void fill(struct buf *buf)
{
	assert_string_equal(buf_text(buf).ptr, "");
	for (int i = 0; i < 100; i++) {
		buf_add(buf, TEXT("lead "));
		buf_add_char(buf, '#');
		buf_add_format(buf, "%d\n", i);
	}
	struct text text = buf_text(buf);

	assert_int_equal(text.len, 100 * 7 + 10 + 90 * 2);
	assert_memory_equal(text.ptr, "lead #0\nlead #1\n", 16);
	assert_memory_equal(text.ptr + text.len - 9, "lead #99\n", 9);
}

static void a_buf_grows_on_the_heap_and_in_an_arena(void **state)
{
	struct arena arena;
	struct buf buf;

	(void)state;
	buf_init(&buf, 10000);
	fill(&buf);
	buf_drop(&buf, 8);
	assert_memory_equal(buf_text(&buf).ptr, "lead #1\n", 8);
	buf_drop(&buf, 100000);
	assert_int_equal(buf_text(&buf).len, 0);
	buf_release(&buf);
	arena_init(&arena, 1 << 20);
	buf_init_arena(&buf, &arena, 10000);
	fill(&buf);
	buf_release(&buf);
	arena_release(&arena);
}

static void a_buf_takes_its_bound_and_no_byte_more(void **state)
{
	struct buf buf;

	(void)state;
	for (size_t bytes_max = 0; bytes_max < 1000; bytes_max += 37) {
		buf_init(&buf, bytes_max);
		for (size_t i = 0; i < bytes_max; i++)
			buf_add_char(&buf, 'x');
		assert_int_equal(buf_text(&buf).len, bytes_max);
		buf_add(&buf, TEXT(""));
		assert_non_null(buf_text(&buf).ptr);
		buf_add_char(&buf, 'x');
		assert_null(buf_text(&buf).ptr);
		assert_int_equal(buf_text(&buf).len, 0);
		buf_release(&buf);
	}
}

static void a_failure_is_remembered_until_reset(void **state)
{
	struct buf buf;

	(void)state;
	buf_init(&buf, 8);
	buf_add(&buf, TEXT("123456789"));
	buf_add(&buf, TEXT("1"));
	buf_add_format(&buf, "%d", 1);
	assert_null(buf_reserve(&buf, 1));
	assert_null(buf_text(&buf).ptr);
	buf_reset(&buf);
	buf_add(&buf, TEXT("1234"));
	assert_null(buf_reserve(&buf, SIZE_MAX));
	buf_reset(&buf);
	char *at = buf_reserve(&buf, 4);

	assert_non_null(at);
	memcpy(at, "lead", 4);
	buf_commit(&buf, 4);
	assert_true(text_is(buf_text(&buf), TEXT("lead")));
	buf_release(&buf);
}

static void a_buf_fails_when_its_arena_is_full(void **state)
{
	struct arena arena;
	struct buf buf;

	(void)state;
	arena_init(&arena, 64 * 1024);
	buf_init_arena(&buf, &arena, 1 << 20);
	for (int i = 0; i < 100000; i++)
		buf_add(&buf, TEXT("lead"));
	assert_null(buf_text(&buf).ptr);
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_not_a_failure),
		cmocka_unit_test(pieces_are_aligned_and_apart),
		cmocka_unit_test(the_bound_holds),
		cmocka_unit_test(reset_keeps_one_block_for_the_next_request),
		cmocka_unit_test(arena_texts_end_with_nul),
		cmocka_unit_test(a_buf_grows_on_the_heap_and_in_an_arena),
		cmocka_unit_test(a_buf_takes_its_bound_and_no_byte_more),
		cmocka_unit_test(a_failure_is_remembered_until_reset),
		cmocka_unit_test(a_buf_fails_when_its_arena_is_full),
	};

	return cmocka_run_group_tests_name("buf_arena", tests, NULL, NULL);
}
