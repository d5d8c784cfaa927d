/*
 * refused: the rows that an import refused, as a file to mend and import again.
 *
 *   GET /api/v1/imports/{id}/refused.csv     of a table: its own columns, conflicts and invalid
 *                                            rows; cells as they came, nothing added to them
 *   GET /api/v1/imports/{id}/refused.ndjson  of JSON rows: the objects as they came
 *
 * Rows left out on purpose are not in it, nor are rows so broken that they had no cells.
 *
 * Holds    per download one page of rows, freed by refused_done.
 * Threads  the HTTP server's loop; pages are made on a reader of the engine.
 * Fails    before the first byte by answering; after it by cutting the connection.
 */
#ifndef SURFACE_REFUSED_H
#define SURFACE_REFUSED_H

#include "surface/visit.h"

void refused_csv(struct visit *visit);
void refused_ndjson(struct visit *visit);
void refused_finish(struct visit *visit);
void refused_done(struct visit *visit);

#endif
