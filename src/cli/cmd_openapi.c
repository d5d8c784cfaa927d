#include "cli/cmd_openapi.h"

#include "cli/say.h"
#include "surface/openapi.h"

#define MEMORY_MAX ((size_t)16 * 1024 * 1024)

static enum err_code openapi(struct invocation *invocation, struct err *err)
{
	const char *version = options_value(invocation, "as");
	bool newer = version && strcmp(version, "3.2") == 0;
	struct arena arena;
	struct text description;

	if (version && !newer && strcmp(version, "3.1") != 0)
		return err_set(err, ERR_INVALID_INPUT, "", "--as is 3.1 or 3.2, not \"%.40s\".",
			       version);
	arena_init(&arena, MEMORY_MAX);
	enum err_code code = openapi_read(&arena, newer, &description, err);

	if (code == ERR_OK)
		say_json(description);
	arena_release(&arena);
	return code;
}

static const struct option_row openapi_options[] = {
	{"as", "VERSION", "Version of OpenAPI: 3.1 (the default) or 3.2."},
	{NULL, NULL, NULL},
};

const struct subcommand cmd_openapi = {
	.words = "openapi",
	.arguments = "",
	.summary = "Print the description of the HTTP interface.",
	.about = "The OpenAPI description of the command runtime and of the two other dialects, "
		 "as a server answers it at /openapi.json and /openapi-3.2.json.",
	.examples = "galena openapi > openapi.json\n"
		    "galena openapi --as 3.2 > openapi-3.2.json\n",
	.options = openapi_options,
	.run = openapi,
};
