#include "surface/openapi.h"

#include "surface/reference.h"

enum err_code openapi_read(struct arena *arena, bool newer, struct text *out, struct err *err)
{
	return reference_read(arena, newer ? TEXT("/openapi-3.2.json") : TEXT("/openapi.json"), out,
			      err);
}

void openapi_serve(struct visit *visit)
{
	/* Other pages may read it: it holds no secret, and generators run in browsers, too. */
	http_respond_header(visit->request, "Access-Control-Allow-Origin", TEXT("*"));
	reference_serve_path(visit);
}
