#include "surface/metrics.h"

#include <stdatomic.h>
#include <stdlib.h>

/* Every status this server sends by intent; another one counts as "other". */
static const int statuses[] = {200, 202, 204, 304, 400, 401, 403, 404, 405, 408, 409,
			       412, 413, 415, 422, 429, 431, 500, 502, 503, 507};
#define STATUS_SLOTS (ARRAY_LEN(statuses) + 2) /* and broken off, and other */

/* Upper bounds of the histogram in microseconds, and as Prometheus shows them. */
static const struct {
	int64_t us;
	const char *label;
} bounds[] = {
	{500, "0.0005"},  {1000, "0.001"},  {2500, "0.0025"}, {5000, "0.005"},  {10000, "0.01"},
	{25000, "0.025"}, {50000, "0.05"},  {100000, "0.1"},  {250000, "0.25"}, {500000, "0.5"},
	{1000000, "1"},   {2500000, "2.5"}, {5000000, "5"},   {10000000, "10"},
};
#define BOUND_SLOTS (ARRAY_LEN(bounds) + 1)

static const char *const write_outcomes[] = {"created", "updated", "unchanged", "conflict"};

struct counters {
	atomic_uint_fast64_t by_status[STATUS_SLOTS];
	atomic_uint_fast64_t by_duration[BOUND_SLOTS]; /* not cumulated */
	atomic_uint_fast64_t duration_us;
};

struct metrics {
	size_t command_count;
	atomic_uint_fast64_t bytes_in;
	atomic_uint_fast64_t bytes_out;
	atomic_uint_fast64_t writes[ARRAY_LEN(write_outcomes)];
	struct counters rows[]; /* per command; the last is of requests that ran none */
};

enum err_code metrics_create(size_t command_count, struct metrics **out, struct err *err)
{
	struct metrics *metrics =
		calloc(1, sizeof *metrics + (command_count + 1) * sizeof metrics->rows[0]);

	if (!metrics)
		return err_memory(err);
	metrics->command_count = command_count;
	*out = metrics;
	return ERR_OK;
}

void metrics_destroy(struct metrics *metrics)
{
	free(metrics);
}

static void add(atomic_uint_fast64_t *counter, uint64_t value)
{
	atomic_fetch_add_explicit(counter, value, memory_order_relaxed);
}

static uint64_t get(const atomic_uint_fast64_t *counter)
{
	return atomic_load_explicit(counter, memory_order_relaxed);
}

static size_t status_slot(int status)
{
	for (size_t i = 0; i < ARRAY_LEN(statuses); i++) {
		if (statuses[i] == status)
			return i;
	}
	return status == 0 ? ARRAY_LEN(statuses) : ARRAY_LEN(statuses) + 1;
}

static size_t bound_slot(int64_t duration_us)
{
	size_t slot = 0;

	while (slot < ARRAY_LEN(bounds) && duration_us > bounds[slot].us)
		slot++;
	return slot;
}

void metrics_record(struct metrics *metrics, const struct metrics_event *event)
{
	size_t index = event->command ? event->command->index : metrics->command_count;
	struct counters *row = &metrics->rows[index];

	add(&row->by_status[status_slot(event->status)], 1);
	add(&row->by_duration[bound_slot(event->duration_us)], 1);
	add(&row->duration_us, (uint64_t)event->duration_us);
	add(&metrics->bytes_in, event->bytes_in);
	add(&metrics->bytes_out, event->bytes_out);
	if (event->outcome != REPLY_NONE)
		add(&metrics->writes[event->outcome - REPLY_CREATED], 1);
	else if (event->is_conflict)
		add(&metrics->writes[ARRAY_LEN(write_outcomes) - 1], 1);
}

static void write_head(struct buf *out, const char *name, const char *type, const char *help)
{
	buf_add_format(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void write_number(struct buf *out, const char *name, const char *type, const char *help,
			 int64_t value)
{
	write_head(out, name, type, help);
	buf_add_format(out, "%s %lld\n", name, (long long)value);
}

static const char *row_name(const struct metrics *metrics, const struct command *commands,
			    size_t index)
{
	return index < metrics->command_count ? commands[index].id.ptr : "";
}

static void write_status(struct buf *out, const char *command, size_t slot, uint64_t count)
{
	if (slot < ARRAY_LEN(statuses))
		buf_add_format(out, "galena_requests_total{command=\"%s\",status=\"%d\"} %llu\n",
			       command, statuses[slot], (unsigned long long)count);
	else
		buf_add_format(out, "galena_requests_total{command=\"%s\",status=\"%s\"} %llu\n",
			       command, slot == ARRAY_LEN(statuses) ? "none" : "other",
			       (unsigned long long)count);
}

static void write_requests(const struct metrics *metrics, const struct command *commands,
			   struct buf *out)
{
	write_head(out, "galena_requests_total", "counter",
		   "Requests by command (empty: none was run) and HTTP status.");
	for (size_t i = 0; i <= metrics->command_count; i++) {
		for (size_t slot = 0; slot < STATUS_SLOTS; slot++) {
			uint64_t count = get(&metrics->rows[i].by_status[slot]);

			if (count > 0)
				write_status(out, row_name(metrics, commands, i), slot, count);
		}
	}
}

static void write_histogram(const struct counters *row, const char *command, struct buf *out)
{
	static const char name[] = "galena_request_duration_seconds";
	uint64_t sum = 0;

	for (size_t slot = 0; slot < BOUND_SLOTS; slot++) {
		sum += get(&row->by_duration[slot]);
		buf_add_format(out, "%s_bucket{command=\"%s\",le=\"%s\"} %llu\n", name, command,
			       slot < ARRAY_LEN(bounds) ? bounds[slot].label : "+Inf",
			       (unsigned long long)sum);
	}
	buf_add_format(out, "%s_sum{command=\"%s\"} %.6f\n", name, command,
		       (double)get(&row->duration_us) / 1e6);
	buf_add_format(out, "%s_count{command=\"%s\"} %llu\n", name, command,
		       (unsigned long long)sum);
}

static void write_durations(const struct metrics *metrics, const struct command *commands,
			    struct buf *out)
{
	write_head(out, "galena_request_duration_seconds", "histogram",
		   "From the request line to the end of the answer.");
	for (size_t i = 0; i <= metrics->command_count; i++) {
		uint64_t seen = 0;

		for (size_t slot = 0; slot < BOUND_SLOTS; slot++)
			seen += get(&metrics->rows[i].by_duration[slot]);
		if (seen > 0)
			write_histogram(&metrics->rows[i], row_name(metrics, commands, i), out);
	}
}

static void write_writes(const struct metrics *metrics, struct buf *out)
{
	write_head(out, "galena_lead_writes_total", "counter",
		   "Writes about one lead over HTTP, by what came of them.");
	for (size_t i = 0; i < ARRAY_LEN(write_outcomes); i++)
		buf_add_format(out, "galena_lead_writes_total{outcome=\"%s\"} %llu\n",
			       write_outcomes[i], (unsigned long long)get(&metrics->writes[i]));
}

static void write_figures(const struct metrics_figures *figures, struct buf *out)
{
	const struct engine_figures *engine = &figures->engine;

	write_number(out, "galena_writes_waiting", "gauge", "Writes in the queue.",
		     engine->writes_waiting);
	write_number(out, "galena_reads_waiting", "gauge", "Reads in the queue.",
		     engine->reads_waiting);
	write_number(out, "galena_commits_total", "counter", "Transactions committed.",
		     engine->batches);
	write_number(out, "galena_committed_writes_total", "counter",
		     "Writes in these transactions.", engine->batched_writes);
	write_number(out, "galena_commit_microseconds_total", "counter",
		     "Time spent in committing.", engine->commit_us_total);
	write_number(out, "galena_busy_total", "counter", "Calls refused because a queue was full.",
		     engine->refused_busy);
	write_number(out, "galena_database_bytes", "gauge",
		     "Database, its log and the search index on disk.", engine->bytes_on_disk);
	write_number(out, "galena_log_pages", "gauge",
		     "Pages of the write-ahead log that wait to be moved to the database.",
		     engine->log_pages);
	write_number(out, "galena_search_behind", "gauge",
		     "Changes that text search does not see yet.", engine->search_behind);
	write_number(out, "galena_connections", "gauge", "Open HTTP connections.",
		     figures->connections);
}

void metrics_write(const struct metrics *metrics, const struct command *commands,
		   const struct metrics_figures *figures, struct buf *out)
{
	write_head(out, "galena_build_info", "gauge", "Which build runs here; always 1.");
	buf_add(out, TEXT("galena_build_info{version=\"" GALENA_VERSION "\"} 1\n"));
	write_requests(metrics, commands, out);
	write_durations(metrics, commands, out);
	write_writes(metrics, out);
	write_number(out, "galena_request_bytes_total", "counter", "Bytes of request bodies.",
		     (int64_t)get(&metrics->bytes_in));
	write_number(out, "galena_response_bytes_total", "counter", "Bytes of answers' bodies.",
		     (int64_t)get(&metrics->bytes_out));
	write_figures(figures, out);
}
