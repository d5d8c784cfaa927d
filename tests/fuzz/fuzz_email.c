/* Any bytes as an e-mail address: an answer, whose texts are again addresses. */
#include <stdlib.h>

#include "lead/email.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

/* `text`, once more through the parser, has the key `key`. */
static void check_same(struct arena *arena, struct text text, struct text key)
{
	struct email again;
	struct err err;

	require(email_parse(arena, text, &again, &err) == ERR_OK);
	require(text_is(again.key, key));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena;
	struct email found;
	struct err err;

	arena_init(&arena, (size_t)4 << 20);
	require(email_parse(&arena, (struct text){(const char *)data, size}, &found, &err) ==
		ERR_OK);
	require(found.kind < EMAIL_KIND_COUNT);
	require((found.key.ptr == NULL) == (found.reason != NULL));
	if (found.key.ptr) {
		require(found.key.len <= 254 && text_is_utf8(found.key));
		check_same(&arena, found.key, found.key);
		check_same(&arena, found.display, found.key);
	}
	if (found.hint.ptr)
		check_same(&arena, found.hint, found.hint);
	arena_release(&arena);
	return 0;
}
