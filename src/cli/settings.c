#include "cli/settings.h"

#include <ctype.h>

#define AT(member) offsetof(struct settings, member)
#define KIB ((int64_t)1024)
#define MIB (KIB * 1024)
#define GIB (MIB * 1024)
#define HOUR_MS ((int64_t)3600 * 1000)

/* clang-format off */
const struct setting settings_rows[] = {
	{"db", SETTING_TEXT, SETTING_ALL, AT(db), "", 0, 0, "FILE",
	 "The database file. Without it: galena/galena.db in the user's data folder "
	 "($XDG_DATA_HOME or ~/.local/share).", false},
	{"workspace", SETTING_TEXT, SETTING_STORE, AT(workspace), "", 0, 0, "NAME",
	 "The workspace to work in, by name. Without it: the oldest.", false},
	{"url", SETTING_TEXT, SETTING_REMOTE, AT(url), "", 0, 0, "URL",
	 "Talk to the server there, e.g. http://127.0.0.1:8207, instead of opening a database.",
	 false},
	{"api-key", SETTING_TEXT, SETTING_REMOTE, AT(api_key), "", 0, 0, "KEY",
	 "The key for --url. In the variable it stays out of the list of processes.", true},
	{"log-level", SETTING_TEXT, SETTING_ALL, AT(log_level), "info", 0, 0, "LEVEL",
	 "How much goes to the log on standard error: debug, info, warn, error or off. Subcommands "
	 "other than serve leave info out.", false},
	{"listen", SETTING_TEXT, SETTING_SERVE, AT(listen), "127.0.0.1:8207", 0, 0, "ADDRESS",
	 "Where to listen: 127.0.0.1:8207, [::1]:8207, or *:8207 for every address. Port 0 takes "
	 "a free one.", false},
	{"tls-cert", SETTING_TEXT, SETTING_SERVE, AT(tls_cert), "", 0, 0, "FILE",
	 "Serve https with this certificate and chain (PEM); needs --tls-key.", false},
	{"tls-key", SETTING_TEXT, SETTING_SERVE, AT(tls_key), "", 0, 0, "FILE",
	 "The certificate's private key (PEM).", false},
	{"cors-origins", SETTING_TEXT, SETTING_SERVE, AT(cors_origins), "", 0, 0, "LIST",
	 "Web pages that may call the server from a browser: origins separated by commas, or *.",
	 false},
	{"rate-per-minute", SETTING_INT, SETTING_SERVE, AT(rate_per_minute), "0", 0, 10000000, "N",
	 "Requests that a key may make in a minute; 0: any number.", false},
	{"body-bytes-max", SETTING_INT, SETTING_SERVE, AT(body_bytes_max), "4194304",
	 64 * KIB, 64 * MIB, "BYTES",
	 "The largest request body.", false},
	{"upload-bytes-max", SETTING_INT, SETTING_SERVE, AT(upload_bytes_max), "17179869184",
	 64 * KIB, 1024 * 1024 * GIB, "BYTES",
	 "The largest file that may be uploaded for an import.", false},
	{"connections-max", SETTING_INT, SETTING_SERVE, AT(connections_max), "1000", 1, 100000, "N",
	 "Connections open at once; more are turned away with 503.", false},
	{"connections-per-address-max", SETTING_INT, SETTING_SERVE,
	 AT(connections_per_address_max), "0", 0, 100000, "N",
	 "The same from one address; 0: no bound of its own.", false},
	{"header-timeout-ms", SETTING_INT, SETTING_SERVE, AT(header_timeout_ms), "15000",
	 100, HOUR_MS, "MS",
	 "How long a request's header may take to arrive.", false},
	{"body-timeout-ms", SETTING_INT, SETTING_SERVE, AT(body_timeout_ms), "30000",
	 100, HOUR_MS, "MS",
	 "How long a body or an answer may stand still.", false},
	{"idle-timeout-ms", SETTING_INT, SETTING_SERVE, AT(idle_timeout_ms), "60000",
	 100, HOUR_MS, "MS",
	 "How long a connection may rest between two requests.", false},
	{"gzip-bytes-min", SETTING_INT, SETTING_SERVE, AT(gzip_bytes_min), "1024", 0, GIB, "BYTES",
	 "Compress answers from this size on; 0: never.", false},
	{"readers", SETTING_INT, SETTING_SERVE, AT(readers), "2", 1, 64, "N",
	 "Threads that answer searches and lists.", false},
	{"queue-max", SETTING_INT, SETTING_SERVE, AT(queue_max), "4096", 1, 1000000, "N",
	 "Writes, and searches, that may wait; more are turned away with 503.", false},
	{"cache-mib", SETTING_INT, SETTING_SERVE, AT(cache_mib), "48", 1, 65536, "MIB",
	 "Memory for pages of the database, used as far as needed.", false},
	{"check-outputs", SETTING_SWITCH, SETTING_STORE | SETTING_SERVE, AT(check_outputs), "off",
	 0, 0, NULL,
	 "Hold every answer against its schema. For tests: it costs time.", false},
};
/* clang-format on */

const size_t settings_count = ARRAY_LEN(settings_rows);

static void *place(struct settings *settings, const struct setting *setting)
{
	return (char *)settings + setting->offset;
}

static enum err_code set_int(struct settings *settings, const struct setting *setting,
			     const char *name, const char *value, struct err *err)
{
	int64_t number;

	if (!text_to_int(text_of(value), &number) || number < setting->min || number > setting->max)
		return err_set(err, ERR_INVALID_INPUT, "",
			       "%s takes a whole number from %lld to %lld, not \"%.40s\".", name,
			       (long long)setting->min, (long long)setting->max, value);
	memcpy(place(settings, setting), &number, sizeof number);
	return ERR_OK;
}

static enum err_code set_switch(struct settings *settings, const struct setting *setting,
				const char *name, const char *value, struct err *err)
{
	static const char *const words[] = {"off", "on", "0", "1", "false", "true", "no", "yes"};
	bool *flag = place(settings, setting);

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (text_is_nocase(text_of(value), text_of(words[i]))) {
			*flag = i % 2 == 1;
			return ERR_OK;
		}
	}
	return err_set(err, ERR_INVALID_INPUT, "", "%s is on or off, not \"%.40s\".", name, value);
}

enum err_code settings_set(struct settings *settings, const struct setting *setting,
			   const char *name, const char *value, struct err *err)
{
	switch (setting->type) {
	case SETTING_INT:
		return set_int(settings, setting, name, value, err);
	case SETTING_SWITCH:
		return set_switch(settings, setting, name, value, err);
	case SETTING_TEXT:
		memcpy(place(settings, setting), &value, sizeof value);
		break;
	}
	return ERR_OK;
}

void settings_init(struct settings *settings)
{
	struct err err;

	memset(settings, 0, sizeof *settings);
	for (size_t i = 0; i < settings_count; i++) {
		const struct setting *setting = &settings_rows[i];

		if (settings_set(settings, setting, setting->flag, setting->otherwise, &err) !=
		    ERR_OK)
			memset(place(settings, setting), 0, 1); /* a default of ours: never */
	}
}

const struct setting *settings_find(struct text flag)
{
	for (size_t i = 0; i < settings_count; i++) {
		if (text_is(flag, text_of(settings_rows[i].flag)))
			return &settings_rows[i];
	}
	return NULL;
}

void settings_variable(const struct setting *setting, char out[SETTINGS_VARIABLE_MAX])
{
	static const char prefix[] = "GALENA_";
	size_t len = sizeof prefix - 1;

	memcpy(out, prefix, len);
	for (const char *at = setting->flag; *at && len + 1 < SETTINGS_VARIABLE_MAX; at++)
		out[len++] = *at == '-' ? '_' : (char)toupper((unsigned char)*at);
	out[len] = '\0';
}

enum err_code settings_read_environment(struct settings *settings,
					char *(*look_up)(const char *name), struct err *err)
{
	for (size_t i = 0; i < settings_count; i++) {
		char variable[SETTINGS_VARIABLE_MAX];

		settings_variable(&settings_rows[i], variable);
		const char *value = look_up(variable);

		if (value && value[0] &&
		    settings_set(settings, &settings_rows[i], variable, value, err) != ERR_OK)
			return err->code;
	}
	return ERR_OK;
}

void settings_show(const struct settings *settings, const struct setting *setting, struct buf *out)
{
	const char *at = (const char *)settings + setting->offset;
	const char *text;
	int64_t number;

	switch (setting->type) {
	case SETTING_INT:
		memcpy(&number, at, sizeof number);
		buf_add_format(out, "%lld", (long long)number);
		return;
	case SETTING_SWITCH:
		buf_add(out, *(const bool *)at ? TEXT("on") : TEXT("off"));
		return;
	case SETTING_TEXT:
		memcpy(&text, at, sizeof text);
		buf_add(out, setting->is_secret && text[0] ? TEXT("(set)") : text_of(text));
		return;
	}
}

static void write_markdown_row(struct buf *out, const struct setting *setting)
{
	char variable[SETTINGS_VARIABLE_MAX];

	settings_variable(setting, variable);
	buf_add_format(out, "| `--%s%s%s` | `%s` | ", setting->flag, setting->value ? " " : "",
		       setting->value ? setting->value : "", variable);
	if (setting->otherwise[0])
		buf_add_format(out, "`%s`", setting->otherwise);
	buf_add_format(out, " | %s", setting->help);
	if (setting->type == SETTING_INT)
		buf_add_format(out, " From %lld to %lld.", (long long)setting->min,
			       (long long)setting->max);
	buf_add(out, TEXT(" |\n"));
}

void settings_write_markdown(struct buf *out)
{
	static const struct {
		const char *title;
		unsigned in, out;
	} parts[] = {
		{"Every subcommand", SETTING_ALL, 0},
		{"Subcommands that read or write leads", SETTING_STORE | SETTING_REMOTE,
		 SETTING_SERVE},
		{"galena serve", SETTING_SERVE, SETTING_REMOTE},
	};

	buf_add(out, TEXT("# Settings\n\n"
			  "Made by `galena settings --markdown` from the program's own table.\n\n"
			  "A flag wins over its variable, a variable over the default. "
			  "`galena settings` shows what is in force. `--flag value` and "
			  "`--flag=value` are the same, before or after the subcommand.\n"));
	for (size_t part = 0; part < ARRAY_LEN(parts); part++) {
		buf_add_format(out,
			       "\n## %s\n\n| flag | variable | default | meaning |\n"
			       "|---|---|---|---|\n",
			       parts[part].title);
		for (size_t i = 0; i < settings_count; i++) {
			unsigned groups = settings_rows[i].groups;
			bool is_common = groups == SETTING_ALL;

			if (part == 0 ? is_common
				      : !is_common && (groups & parts[part].in) &&
						!(groups & parts[part].out))
				write_markdown_row(out, &settings_rows[i]);
		}
	}
}
