#include "cli/cmd_openapi.h"

#include "cli/say.h"
#include "surface/openapi.h"

static enum err_code openapi(struct invocation *invocation, struct err *err)
{
	const char *version = options_value(invocation, "as");

	if (!version || strcmp(version, "3.1") == 0)
		say_json(openapi_json());
	else if (strcmp(version, "3.2") == 0)
		say_json(openapi_newer_json());
	else
		return err_set(err, ERR_INVALID_INPUT, "", "--as is 3.1 or 3.2, not \"%.40s\".",
			       version);
	return ERR_OK;
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
