/*
 * log: one structured line (JSON) per event on standard error. Only surface, job and cli log.
 *
 * Holds    the level, the one global that may change.
 * Threads  any; a line is written with one write call.
 * Fails    never; a line that cannot be written is lost.
 *
 * Above LOG_DEBUG a line holds no key and no person's data.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/text.h"

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR, LOG_OFF };

void log_set_level(enum log_level level);
bool log_is_on(enum log_level level);

/* True and *out for "debug", "info", "warn", "error" or "off". */
MUST_USE bool log_level_parse(struct text name, enum log_level *out);

enum log_kind { LOG_KIND_END, LOG_KIND_TEXT, LOG_KIND_INT };

struct log_field {
	enum log_kind kind;
	const char *name;
	struct text text;
	int64_t number;
};

#define LOG_TEXT(name, value) ((struct log_field){LOG_KIND_TEXT, (name), (value), 0})
#define LOG_INT(name, value) ((struct log_field){LOG_KIND_INT, (name), TEXT_NONE, (value)})
#define LOG_END ((struct log_field){LOG_KIND_END, "", TEXT_NONE, 0})

/* {"at":…,"level":…,"event":event, …fields}; `fields` ends with LOG_END, or is NULL. */
void log_event(enum log_level level, const char *event, const struct log_field *fields);

#endif
