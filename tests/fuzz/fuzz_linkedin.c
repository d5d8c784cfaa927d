/* Any bytes as a LinkedIn value: an answer, which survives being written as a URL. */
#include <stdlib.h>

#include "lead/linkedin.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

static void check_round_trip(struct arena *arena, const struct linkedin *found)
{
	struct linkedin again;
	struct err err;
	struct text url = linkedin_profile_url(arena, found->slug, found->token, TEXT_NONE);

	require(url.ptr != NULL);
	if (url.len == 0)
		return;
	require(linkedin_parse(arena, url, false, &again, &err) == ERR_OK);
	require(again.member == found->member);
	require(text_is(again.slug, found->slug));
	require(text_is(again.token, found->token));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena;
	struct text input = {(const char *)data, size};

	for (int column = 0; column < 2; column++) {
		struct linkedin found;
		struct err err;

		arena_init(&arena, (size_t)4 << 20);
		require(linkedin_parse(&arena, input, column, &found, &err) == ERR_OK);
		require(found.kind < LINKEDIN_KIND_COUNT);
		bool person = found.member || found.slug.ptr;

		require(person == (linkedin_advice(found.kind) == NULL));
		require(text_is_utf8(found.slug) && text_is_utf8(found.org));
		require(linkedin_canonical(&arena, &found).ptr != NULL);
		check_round_trip(&arena, &found);
		arena_release(&arena);
	}
	return 0;
}
