/*
 * routes: the table of everything this server answers, and finding a path in it.
 *
 * Holds    nothing; the table is constant.
 * Threads  any.
 * Fails    a path that nothing fits finds no row.
 */
#ifndef SURFACE_ROUTES_H
#define SURFACE_ROUTES_H

#include "surface/visit.h"

/*
 * The row for method and path of `request`, and the path's parameters; NULL when there is none.
 * A parameter that is not plain ASCII fits nothing: no id here has other characters.
 */
const struct route *routes_find(const struct http_request *request,
				struct text params[VISIT_PARAMS_MAX]);

/* The table that holds `route`, which routes_find gave. */
const struct route_table *routes_table(const struct route *route);

/* Every table, in the order they are searched in; NULL behind the last. */
const struct route_table *routes_table_at(size_t index);

/* The methods of the path but OPTIONS, "GET, HEAD"; absent when nothing has that path. */
struct text routes_methods(const struct http_request *request);

#endif
