/*
 * settings: every setting of the program, said once.
 *
 * A setting has a flag and an environment variable: --rate-per-minute is GALENA_RATE_PER_MINUTE.
 * The flag wins over the variable, the variable over the default. Parsing, --help and
 * docs/settings.md follow from settings_rows.
 *
 * Holds    texts borrowed from the command line and the environment.
 * Threads  the main one.
 * Fails    ERR_INVALID_INPUT naming the flag or variable and what it takes.
 */
#ifndef CLI_SETTINGS_H
#define CLI_SETTINGS_H

#include "base/buf.h"
#include "base/err.h"

struct settings {
	const char *db;
	const char *listen;
	const char *url;
	const char *api_key;
	const char *workspace;
	const char *log_level;
	const char *cors_origins;
	const char *tls_cert;
	const char *tls_key;
	int64_t rate_per_minute;
	int64_t body_bytes_max;
	int64_t upload_bytes_max;
	int64_t connections_max;
	int64_t connections_per_address_max;
	int64_t header_timeout_ms;
	int64_t body_timeout_ms;
	int64_t idle_timeout_ms;
	int64_t gzip_bytes_min;
	int64_t readers;
	int64_t queue_max;
	int64_t cache_mib;
	bool check_outputs;
};

enum setting_type { SETTING_TEXT, SETTING_INT, SETTING_SWITCH };

/* Which subcommands take a setting, as bits. */
enum setting_group {
	SETTING_STORE = 1,  /* whatever opens the database */
	SETTING_REMOTE = 2, /* whatever may talk to a server instead */
	SETTING_SERVE = 4,
	SETTING_ALL = 7
};

struct setting {
	const char *flag; /* without "--" */
	enum setting_type type;
	unsigned groups;
	size_t offset;         /* in struct settings */
	const char *otherwise; /* the default; "": none */
	int64_t min, max;      /* of a number */
	const char *value;     /* what stands for it in the help; NULL for a switch */
	const char *help;
	bool is_secret;
};

extern const struct setting settings_rows[];
extern const size_t settings_count;

/* All defaults. */
void settings_init(struct settings *settings);

/* The setting with that flag, or NULL. */
const struct setting *settings_find(struct text flag);

/* The name of its environment variable, with NUL. */
#define SETTINGS_VARIABLE_MAX 48
void settings_variable(const struct setting *setting, char out[SETTINGS_VARIABLE_MAX]);

/* Set from text; `name` is how the user knows it ("--readers", "GALENA_READERS"). */
MUST_USE enum err_code settings_set(struct settings *settings, const struct setting *setting,
				    const char *name, const char *value, struct err *err);

/* Take what the environment says; `look_up` is getenv, or a test's. Empty counts as not set. */
MUST_USE enum err_code settings_read_environment(struct settings *settings,
						 char *(*look_up)(const char *name),
						 struct err *err);

/* Append the value as text; of a secret only whether there is one. */
void settings_show(const struct settings *settings, const struct setting *setting, struct buf *out);

/* Append docs/settings.md. */
void settings_write_markdown(struct buf *out);

#endif
