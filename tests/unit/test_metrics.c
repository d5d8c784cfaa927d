/* Counting requests, and the text that Prometheus reads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "surface/metrics.h"

static const struct command commands[] = {{.id = {"lead.get", 8}, .index = 0},
					  {.id = {"lead.upsert", 11}, .index = 1}};

static struct metrics *make(void)
{
	struct metrics *metrics = NULL;
	struct err err;

	assert_int_equal(metrics_create(ARRAY_LEN(commands), &metrics, &err), ERR_OK);
	return metrics;
}

static void expect(const struct metrics *metrics, const char *line, bool is_there)
{
	struct metrics_figures figures = {.connections = 3, .engine = {.batches = 4}};
	struct buf buf;

	buf_init(&buf, 1024 * 1024);
	metrics_write(metrics, commands, &figures, &buf);
	buf_add_char(&buf, '\0');
	assert_false(buf.failed);
	if ((strstr(buf.ptr, line) != NULL) != is_there)
		fail_msg("%s%s in\n%s", is_there ? "no " : "", line, buf.ptr);
	buf_release(&buf);
}

static void test_requests(void **state)
{
	struct metrics *metrics = make();
	struct metrics_event event = {.command = &commands[1], .status = 200};

	(void)state;
	metrics_record(metrics, &event);
	metrics_record(metrics, &event);
	event.status = 418;
	metrics_record(metrics, &event);
	event = (struct metrics_event){.status = 0};
	metrics_record(metrics, &event);
	expect(metrics, "galena_requests_total{command=\"lead.upsert\",status=\"200\"} 2\n", true);
	expect(metrics, "galena_requests_total{command=\"lead.upsert\",status=\"other\"} 1\n",
	       true);
	expect(metrics, "galena_requests_total{command=\"\",status=\"none\"} 1\n", true);
	expect(metrics, "lead.get", false); /* what did not happen takes no line */
	expect(metrics, "\ngalena_connections 3\n", true);
	expect(metrics, "\ngalena_commits_total 4\n", true);
	metrics_destroy(metrics);
}

/* Buckets hold what is at most their bound, and all the buckets below. */
static void test_durations(void **state)
{
	static const int64_t durations_us[] = {500, 501, 1000, 20000000};
	struct metrics *metrics = make();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(durations_us); i++)
		metrics_record(metrics, &(struct metrics_event){.command = &commands[0],
								.status = 200,
								.duration_us = durations_us[i]});
	expect(metrics, "_bucket{command=\"lead.get\",le=\"0.0005\"} 1\n", true);
	expect(metrics, "_bucket{command=\"lead.get\",le=\"0.001\"} 3\n", true);
	expect(metrics, "_bucket{command=\"lead.get\",le=\"10\"} 3\n", true);
	expect(metrics, "_bucket{command=\"lead.get\",le=\"+Inf\"} 4\n", true);
	expect(metrics, "_seconds_count{command=\"lead.get\"} 4\n", true);
	expect(metrics, "_seconds_sum{command=\"lead.get\"} 20.002001\n", true);
	metrics_destroy(metrics);
}

static void test_writes(void **state)
{
	struct metrics *metrics = make();
	struct metrics_event event = {.command = &commands[1], .status = 200, .bytes_in = 5};

	(void)state;
	event.outcome = REPLY_CREATED;
	metrics_record(metrics, &event);
	event.outcome = REPLY_UNCHANGED;
	metrics_record(metrics, &event);
	event.outcome = REPLY_NONE;
	event.is_conflict = true;
	metrics_record(metrics, &event);
	expect(metrics, "galena_lead_writes_total{outcome=\"created\"} 1\n", true);
	expect(metrics, "galena_lead_writes_total{outcome=\"updated\"} 0\n", true);
	expect(metrics, "galena_lead_writes_total{outcome=\"unchanged\"} 1\n", true);
	expect(metrics, "galena_lead_writes_total{outcome=\"conflict\"} 1\n", true);
	expect(metrics, "galena_request_bytes_total 15\n", true);
	metrics_destroy(metrics);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_requests),
		cmocka_unit_test(test_durations),
		cmocka_unit_test(test_writes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
