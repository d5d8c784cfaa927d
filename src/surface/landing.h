/*
 * landing: the page at /, made from web/landing.html when the program is built.
 *
 * Holds    nothing.
 * Threads  any.
 * Fails    never.
 */
#ifndef SURFACE_LANDING_H
#define SURFACE_LANDING_H

#include "base/text.h"

struct text landing_html(void);

#endif
