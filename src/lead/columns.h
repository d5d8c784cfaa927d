/*
 * columns: what the columns of somebody's file mean, and what one of its rows says.
 *
 * Detection names the tool that wrote the file (when its headers are known) and gives each header
 * a target: a lead input field, "metadata.NAME", or nothing. The plan is made once; applying it
 * to a row compares no header.
 *
 * Holds    nothing; a struct columns lives in the arena it was detected with and borrows the
 *          header texts.
 * Threads  any after detection and overrides; rows may then be mapped by several at once.
 * Fails    without memory (ERR_BUSY), and on an override that names no such header or target.
 */
#ifndef LEAD_COLUMNS_H
#define LEAD_COLUMNS_H

#include "base/arena.h"
#include "base/err.h"

#define COLUMNS_MAX 512     /* columns of one file */
#define COLUMNS_TAGS_MAX 64 /* tags taken from one row */

/* Lead input fields; the second is the name on the wire and in a user's own mapping. */
#define COLUMNS_TARGETS(X)                              \
	X(LEAD_ID, "lead_id")                           \
	X(EMAIL, "email")                               \
	X(PERSONAL_EMAIL, "personal_email")             \
	X(LINKEDIN_URL, "linkedin_url")                 \
	X(LINKEDIN_ID, "linkedin_id")                   \
	X(SALES_NAVIGATOR_ID, "sales_navigator_id")     \
	X(SALES_NAVIGATOR_URL, "sales_navigator_url")   \
	X(CUSTOM_ID, "custom_id")                       \
	X(EXTERNAL_ID, "external_id")                   \
	X(NAME, "name")                                 \
	X(FIRST_NAME, "first_name")                     \
	X(LAST_NAME, "last_name")                       \
	X(TITLE, "title")                               \
	X(JOB_TITLE, "job_title")                       \
	X(COMPANY, "company")                           \
	X(COMPANY_WEBSITE, "company_website")           \
	X(COMPANY_LINKEDIN_URL, "company_linkedin_url") \
	X(COMPANY_HEADLINE, "company_headline")         \
	X(COMPANY_INDUSTRY, "company_industry")         \
	X(COMPANY_SIZE, "company_size")                 \
	X(COMPANY_LOGO_URL, "company_logo_url")         \
	X(COMPANY_DOMAIN, "company_domain")             \
	X(COMPANY_LINKEDIN_ID, "company_linkedin_id")   \
	X(AVATAR_URL, "avatar_url")                     \
	X(DESCRIPTION, "description")                   \
	X(LOCATION, "location")                         \
	X(PHONE, "phone")                               \
	X(PERSONAL_PHONE, "personal_phone")             \
	X(TIMEZONE, "timezone")                         \
	X(PERSONAL_WEBSITE, "personal_website")         \
	X(FACEBOOK, "facebook")                         \
	X(TWITTER, "twitter")                           \
	X(PRIMARY_LANGUAGE, "primary_language")         \
	X(LINKEDIN_STATUS, "linkedin_status")           \
	X(EMAIL_STATUS, "email_status")                 \
	X(CONNECTIONS, "connections")                   \
	X(FOLLOWERS, "followers")                       \
	X(STATUS, "status")                             \
	X(SCORE, "score")                               \
	X(SOURCE, "source")                             \
	X(TAGS, "tags")                                 \
	X(CREATED_AT, "created_at")

/*
 * CITY, STATE and COUNTRY are columns only: where a row has no location, they are joined into
 * one, so they never appear among a row's values.
 */
#define COLUMNS_ENUM(name, wire) COLUMNS_##name,
enum columns_target {
	COLUMNS_IGNORE,
	COLUMNS_METADATA,
	COLUMNS_TARGETS(COLUMNS_ENUM) COLUMNS_CITY,
	COLUMNS_STATE,
	COLUMNS_COUNTRY,
	COLUMNS_TARGET_COUNT
};
#undef COLUMNS_ENUM

struct columns_column {
	struct text header; /* as in the file */
	enum columns_target target;
	struct text metadata; /* the NAME: the target's for COLUMNS_METADATA; for others where
				     * the value goes when another column wins; absent: nowhere */
	unsigned rank;        /* lower wins among the columns of one target */
	bool is_known;        /* false: ignored because nobody knows the header */
	bool is_fixed;        /* by the caller or a format: values do not change it */
	bool is_learned;      /* by its values, which are looked at one by one */
	bool is_opt_out;      /* a yes there means do_not_contact, besides what else it means */
};

struct columns {
	const char *format;          /* e.g. "hubspot_contacts"; "" when no format was recognised */
	const char *external_source; /* namespace of external_id, e.g. "hubspot"; "" unknown */
	struct columns_column *columns;
	uint16_t *order; /* mapped columns by target and rank */
	size_t order_count;
	size_t count;
	size_t values_max; /* bound of the values of one row */
	unsigned flags;
	bool is_unsubscribed; /* a list of people who left: every row is do_not_contact */
};

struct columns_value {
	enum columns_target target;
	struct text name; /* the target's name; the NAME for COLUMNS_METADATA */
	struct text text; /* never empty; borrowed from the cell, or in the arena */
	int column;       /* where it came from, from 0; -1: from no single column */
};

struct columns_values {
	struct columns_value *items; /* a target once, tags and metadata names aside */
	size_t count;
	const char *skip; /* why the row holds no lead, or NULL */
};

/* True when some known tool or language uses this header for a column of people's files. */
bool columns_is_known(struct text header);

/* Find format and mapping; `headers` is borrowed as long as *out. At most COLUMNS_MAX of them. */
MUST_USE enum err_code columns_detect(struct arena *arena, const struct text *headers, size_t count,
				      struct columns *out, struct err *err);

/*
 * Let the column `header` feed `target`: a target's name, "metadata.NAME", or "" or "ignore".
 * It wins over the columns detected for that target. Every column of that header is set.
 */
MUST_USE enum err_code columns_override(struct arena *arena, struct columns *columns,
					struct text header, struct text target, struct err *err);

/*
 * Let column number `at` feed `target`, as its values say. Those that do not fit go where the
 * column went: metadata, a website (now metadata of that name), or nowhere.
 */
MUST_USE enum err_code columns_assign(struct arena *arena, struct columns *columns, size_t at,
				      enum columns_target target, struct err *err);

/* "email", "metadata.owner", or "" for an ignored column; ptr is NULL without memory. */
MUST_USE struct text columns_target_text(struct arena *arena, const struct columns_column *column);

/* What one row says. Cells beyond `count` count as empty, cells beyond the headers as absent. */
MUST_USE enum err_code columns_row(const struct columns *columns, const struct text *cells,
				   size_t count, struct arena *arena, struct columns_values *out,
				   struct err *err);

#endif
