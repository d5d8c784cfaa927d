#include <float.h>
#include <math.h>

#include "json/schema_node.h"

/* 2^63: the first double above every int64. */
#define INT64_END 9223372036854775808.0

unsigned schema_value_types(const json_t *value)
{
	switch (json_typeof(value)) {
	case JSON_OBJECT:
		return SCHEMA_OBJECT;
	case JSON_ARRAY:
		return SCHEMA_ARRAY;
	case JSON_STRING:
		return SCHEMA_STRING;
	case JSON_INTEGER:
		return SCHEMA_INTEGER | SCHEMA_NUMBER;
	case JSON_REAL:
		if (json_real_value(value) == floor(json_real_value(value)))
			return SCHEMA_INTEGER | SCHEMA_NUMBER;
		return SCHEMA_NUMBER;
	case JSON_TRUE:
	case JSON_FALSE:
		return SCHEMA_BOOLEAN;
	case JSON_NULL:
		break;
	}
	return SCHEMA_NULL;
}

/* A double cannot hold every int64, so the integer part is compared as an integer. */
static int compare_mixed(json_int_t a, double b)
{
	if (b >= INT64_END)
		return -1;
	if (b < -INT64_END)
		return 1;
	double whole = floor(b);
	json_int_t other = (json_int_t)whole;

	if (a != other)
		return a < other ? -1 : 1;
	return b > whole ? -1 : 0;
}

int schema_value_compare(const json_t *a, const json_t *b)
{
	if (json_is_integer(a) && json_is_integer(b)) {
		json_int_t x = json_integer_value(a), y = json_integer_value(b);

		return (x > y) - (x < y);
	}
	if (json_is_integer(a))
		return compare_mixed(json_integer_value(a), json_real_value(b));
	if (json_is_integer(b))
		return -compare_mixed(json_integer_value(b), json_real_value(a));
	double x = json_real_value(a), y = json_real_value(b);

	return (x > y) - (x < y);
}

bool schema_value_is_multiple(const json_t *a, const json_t *b)
{
	if (json_is_integer(a) && json_is_integer(b))
		return json_integer_value(a) % json_integer_value(b) == 0;
	double x = json_number_value(a), y = json_number_value(b), times = x / y;

	if (!isfinite(times))
		return fmod(x, y) == 0;
	/* 0.0075 / 0.0001 is a hair beside 75: allow for the rounding of both numbers. */
	return fabs(times - round(times)) <= 4 * DBL_EPSILON * fabs(times);
}

static bool is_same(const json_t *a, const json_t *b, size_t depth);

static bool is_same_array(const json_t *a, const json_t *b, size_t depth)
{
	size_t count = json_array_size(a);

	if (count != json_array_size(b))
		return false;
	for (size_t i = 0; i < count; i++) {
		if (!is_same(json_array_get(a, i), json_array_get(b, i), depth))
			return false;
	}
	return true;
}

static bool is_same_object(const json_t *a, const json_t *b, size_t depth)
{
	if (json_object_size(a) != json_object_size(b))
		return false;
	for (void *at = json_object_iter((json_t *)a); at;
	     at = json_object_iter_next((json_t *)a, at)) {
		const json_t *other =
			json_object_getn(b, json_object_iter_key(at), json_object_iter_key_len(at));

		if (!other || !is_same(json_object_iter_value(at), other, depth))
			return false;
	}
	return true;
}

static bool is_same(const json_t *a, const json_t *b, size_t depth)
{
	if (json_is_number(a) && json_is_number(b))
		return schema_value_compare(a, b) == 0;
	if (json_typeof(a) != json_typeof(b) || depth == 0)
		return false;
	if (json_is_string(a))
		return text_is(schema_node_text(a), schema_node_text(b));
	if (json_is_array(a))
		return is_same_array(a, b, depth - 1);
	if (json_is_object(a))
		return is_same_object(a, b, depth - 1);
	return true;
}

bool schema_value_is(const json_t *a, const json_t *b)
{
	return is_same(a, b, SCHEMA_DEPTH_MAX);
}

static uint64_t mix(uint64_t hash, uint64_t value)
{
	hash = (hash ^ value) * 0x9E3779B97F4A7C15u;
	return hash ^ hash >> 29;
}

static uint64_t hash_text(struct text text)
{
	return mix(text.len, schema_node_hash(text));
}

/* The same for equal values; containers count by their size and keys, not by what is in them. */
static uint64_t fingerprint(const json_t *value)
{
	uint64_t hash = (uint64_t)json_typeof(value) + 1;
	double number;
	uint64_t bits;

	switch (json_typeof(value)) {
	case JSON_INTEGER:
	case JSON_REAL:
		number = json_number_value(value) + 0.0; /* -0.0 becomes 0.0 */
		memcpy(&bits, &number, sizeof bits);
		return mix(JSON_REAL, bits);
	case JSON_STRING:
		return mix(hash, hash_text(schema_node_text(value)));
	case JSON_ARRAY:
		return mix(hash, json_array_size(value));
	case JSON_OBJECT:
		return mix(hash, json_object_size(value));
	default:
		return hash;
	}
}

/* One level into containers: enough to tell ordinary items apart before comparing them whole. */
static uint64_t fingerprint_item(const json_t *item)
{
	uint64_t hash = fingerprint(item);

	if (json_is_array(item)) {
		for (size_t i = 0; i < json_array_size(item); i++)
			hash = mix(hash, fingerprint(json_array_get(item, i)));
	}
	if (!json_is_object(item))
		return hash;
	for (void *at = json_object_iter((json_t *)item); at;
	     at = json_object_iter_next((json_t *)item, at)) {
		struct text key = {json_object_iter_key(at), json_object_iter_key_len(at)};

		hash += mix(hash_text(key), fingerprint(json_object_iter_value(at)));
	}
	return hash;
}

bool schema_value_is_unique(const json_t *array)
{
	uint64_t prints[SCHEMA_UNIQUE_MAX];
	size_t count = json_array_size(array);

	for (size_t i = 0; i < count && i < SCHEMA_UNIQUE_MAX; i++) {
		prints[i] = fingerprint_item(json_array_get(array, i));
		for (size_t k = 0; k < i; k++) {
			if (prints[k] == prints[i] &&
			    schema_value_is(json_array_get(array, k), json_array_get(array, i)))
				return false;
		}
	}
	return true;
}

size_t schema_value_chars(const json_t *string)
{
	struct text text = schema_node_text(string);
	size_t chars = 0;

	for (size_t i = 0; i < text.len; i++)
		chars += ((unsigned char)text.ptr[i] & 0xC0) != 0x80;
	return chars;
}
