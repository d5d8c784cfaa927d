/*
 * resources: what can be read by URI. Each is the answer of a command, or the catalogue.
 *
 *   GET /api/v1/resources           what there is
 *   GET /api/v1/resources/read?uri=galena://status
 *
 * galena:// and salestouch:// name the same. The Model Context Protocol offers them, too.
 *
 * Holds    nothing.
 * Threads  the HTTP server's loop.
 * Fails    by answering: 404 RESOURCE_NOT_FOUND for an unknown URI, else as the command does.
 */
#ifndef SURFACE_RESOURCES_H
#define SURFACE_RESOURCES_H

#include "surface/visit.h"

struct resource {
	struct text path;  /* behind the scheme; a prefix when an id follows */
	const char *shown; /* the same for people, "leads/{id}" */
	const char *name;
	const char *about;
	const char *command;   /* whose answer it is; NULL: the catalogue */
	const char *id_member; /* of that command's input; NULL: takes no id */
};

#define RESOURCES_SCHEMES 2
extern const char *const resources_schemes[RESOURCES_SCHEMES];
extern const struct resource resources_rows[];
extern const size_t resources_count;

/* The resource that `uri` names, and its id where it takes one; NULL: none. */
const struct resource *resources_find(struct text uri, struct text *out_id);

/* The input of its command; NULL for an id that is no UTF-8, or without memory. */
json_t *resources_input(const struct resource *resource, struct text id);

/* Whether its command's failure means that there is no such resource. */
bool resources_is_missing(enum err_code code);

void resources_list(struct visit *visit);
void resources_read(struct visit *visit);
void resources_finish(struct visit *visit);

#endif
