#include "surface/openapi.h"

static void serve(struct visit *visit, struct text description)
{
	/* Other pages may read it: it holds no secret, and generators run in browsers, too. */
	http_respond_header(visit->request, "Access-Control-Allow-Origin", TEXT("*"));
	http_respond(visit->request, 200, HTTP_TYPE_JSON, description);
}

void openapi_serve(struct visit *visit)
{
	serve(visit, openapi_json());
}

void openapi_serve_newer(struct visit *visit)
{
	serve(visit, openapi_newer_json());
}
