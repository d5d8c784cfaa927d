#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/text.h"
#include "json/parse.h"
#include "json/schema.h"

/* JSON with ' for ", which reads better in C. */
static json_t *json_of(const char *quoted)
{
	const struct parse_limits limits = {.bytes_max = 1 << 20, .depth_max = PARSE_DEPTH_MAX};
	char *json = strdup(quoted);
	struct err err;
	json_t *value = NULL;

	for (char *c = json; *c; c++) {
		if (*c == '\'')
			*c = '"';
	}
	if (parse_json(text_of(json), &limits, &value, &err) != ERR_OK)
		fail_msg("%s: %s", json, err.message);
	free(json);
	return value;
}

static struct schema *schema_of(const char *quoted)
{
	json_t *source = json_of(quoted);
	struct schema *schema = NULL;
	struct err err;

	if (schema_create(source, &schema, &err) != ERR_OK)
		fail_msg("%s: %s", quoted, err.message);
	json_decref(source);
	return schema;
}

/* Values that fit, and for the others the place and words of the first problem. */
struct row {
	const char *schema; /* NULL: that of the row before */
	const char *value;
	const char *pointer; /* NULL: the value fits */
	const char *message;
};

static void check_row(const struct schema *schema, const struct row *row)
{
	json_t *value = json_of(row->value);
	struct schema_problems problems;
	struct err err;
	enum err_code code = schema_check(schema, value, &problems, &err);

	json_decref(value);
	if ((code == ERR_OK) != (row->pointer == NULL))
		fail_msg("%s: %s", row->value, code == ERR_OK ? "fits" : err.message);
	if (code == ERR_OK) {
		assert_int_equal(problems.count, 0);
		return;
	}
	assert_int_equal(code, ERR_INVALID_INPUT);
	assert_true(problems.count > 0);
	assert_string_equal(problems.items[0].pointer, err.pointer);
	assert_string_equal(problems.items[0].message, err.message);
	assert_string_equal(err.pointer, row->pointer);
	assert_string_equal(err.message, row->message);
}

static void check_rows(const struct row *rows, size_t count)
{
	struct schema *schema = NULL;

	for (size_t i = 0; i < count; i++) {
		if (rows[i].schema) {
			schema_destroy(schema);
			schema = schema_of(rows[i].schema);
		}
		check_row(schema, &rows[i]);
	}
	schema_destroy(schema);
}

static void types(void **state)
{
	static const struct row rows[] = {
		{"{'type':'string'}", "'x'", NULL, NULL},
		{NULL, "1", "", "must be a string, not a number"},
		{NULL, "null", "", "must be a string, not null"},
		{"{'type':'integer'}", "1", NULL, NULL},
		{NULL, "1.0", NULL, NULL},
		{NULL, "1e20", NULL, NULL},
		{NULL, "1.5", "", "must be a whole number, not a number with a fraction"},
		{NULL, "'1'", "", "must be a whole number, not a string"},
		{"{'type':'number'}", "1", NULL, NULL},
		{NULL, "1.5", NULL, NULL},
		{NULL, "true", "", "must be a number, not true"},
		{"{'type':'boolean'}", "false", NULL, NULL},
		{NULL, "0", "", "must be true or false, not a number"},
		{"{'type':'null'}", "null", NULL, NULL},
		{NULL, "{}", "", "must be null, not an object"},
		{"{'type':'object'}", "{}", NULL, NULL},
		{NULL, "[]", "", "must be an object, not an array"},
		{"{'type':'array'}", "[]", NULL, NULL},
		{NULL, "{}", "", "must be an array, not an object"},
		{"{'type':['null','integer','string']}", "null", NULL, NULL},
		{NULL, "7", NULL, NULL},
		{NULL, "[]", "", "must be a string, a whole number or null, not an array"},
		{"true", "[1]", NULL, NULL},
		{"{}", "[1]", NULL, NULL},
		{"false", "1", "", "is not allowed here"},
	};

	(void)state;
	check_rows(rows, ARRAY_LEN(rows));
}

static void objects(void **state)
{
	static const struct row rows[] = {
		{"{'properties':{'a':{'type':'string'},'b':false}}", "{'a':'x','c':1}", NULL, NULL},
		{NULL, "[1]", NULL, NULL},
		{NULL, "{'a':1}", "/a", "must be a string, not a number"},
		{NULL, "{'b':1}", "/b", "is not allowed here"},
		{"{'required':['a','b']}", "{'a':null,'b':null}", NULL, NULL},
		{NULL, "'not an object'", NULL, NULL},
		{NULL, "{'a':1}", "/b", "is required"},
		{"{'properties':{'linkedin_url':{},'email':{}},'additionalProperties':false}",
		 "{'email':1}", NULL, NULL},
		{NULL, "{'linkedInURL':1}", "/linkedInURL",
		 "is not a field of this command; did you mean \"linkedin_url\"?"},
		{NULL, "{'emial':1}", "/emial",
		 "is not a field of this command; did you mean \"email\"?"},
		{NULL, "{'phone':1}", "/phone", "is not a field of this command"},
		{NULL, "{'':1}", "/", "is not a field of this command"},
		{NULL, "{'a/b~c':1}", "/a~1b~0c", "is not a field of this command"},
		{"{'properties':{'m':{'properties':{'x':true},'additionalProperties':false}}}",
		 "{'m':{'y':1}}", "/m/y", "is not a field of this object"},
		{"{'properties':{'a':true},'additionalProperties':{'type':'null'}}",
		 "{'a':1,'b':null}", NULL, NULL},
		{NULL, "{'b':1}", "/b", "must be null, not a number"},
		{"{'propertyNames':{'maxLength':3,'pattern':'^[a-z]*$'}}", "{'abc':1}", NULL, NULL},
		{NULL, "{'abcd':1}", "/abcd", "its name must have at most 3 characters (has 4)"},
		{NULL, "{'A':1}", "/A", "its name must have the form ^[a-z]*$"},
		{"{'minProperties':1,'maxProperties':2}", "{'a':1,'b':2}", NULL, NULL},
		{NULL, "{}", "", "must have at least 1 field (has 0)"},
		{NULL, "{'a':1,'b':2,'c':3}", "", "must have at most 2 fields (has 3)"},
	};

	(void)state;
	check_rows(rows, ARRAY_LEN(rows));
}

static void arrays(void **state)
{
	static const struct row rows[] = {
		{"{'items':{'type':'integer'}}", "[1,2.0]", NULL, NULL},
		{NULL, "[]", NULL, NULL},
		{NULL, "'x'", NULL, NULL},
		{NULL, "[1,'2']", "/1", "must be a whole number, not a string"},
		{"{'properties':{'a':{'items':{'properties':{'b':{'type':'string'}}}}}}",
		 "{'a':[{},{'b':1}]}", "/a/1/b", "must be a string, not a number"},
		{"{'minItems':1,'maxItems':2.0}", "[1]", NULL, NULL},
		{NULL, "[]", "", "must have at least 1 item (has 0)"},
		{NULL, "[1,2,3]", "", "must have at most 2 items (has 3)"},
		{"{'uniqueItems':true}", "[1,'1',true,null,0,false,[1],[true],{},[]]", NULL, NULL},
		{NULL, "[{'a':1,'b':2},{'a':2,'b':1},{'a':1}]", NULL, NULL},
		{NULL, "[1,2,1.0]", "", "must not have the same item twice"},
		{NULL, "[0,-0.0]", "", "must not have the same item twice"},
		{NULL, "[{'a':1,'b':[2]},{'b':[2.0],'a':1}]", "",
		 "must not have the same item twice"},
		{NULL, "[9007199254740993,9007199254740992]", NULL, NULL},
		{"{'uniqueItems':false}", "[1,1]", NULL, NULL},
	};

	(void)state;
	check_rows(rows, ARRAY_LEN(rows));
}

static void strings(void **state)
{
	static const struct row rows[] = {
		{"{'minLength':1,'maxLength':3}", "'\xF0\x9F\x98\x80\xC3\xA9z'", NULL, NULL},
		{NULL, "7", NULL, NULL},
		{NULL, "''", "", "must not be empty"},
		{NULL, "'\xF0\x9F\x98\x80\xC3\xA9zz'", "",
		 "must have at most 3 characters (has 4)"},
		{"{'minLength':2}", "'\xF0\x9F\x98\x80'", "",
		 "must have at least 2 characters (has 1)"},
		{"{'pattern':'^[a-z]+(-[0-9]{2,3})?$'}", "'ada-12'", NULL, NULL},
		{NULL, "null", NULL, NULL},
		{NULL, "'ada-1'", "", "must have the form ^[a-z]+(-[0-9]{2,3})?$"},
		{"{'pattern':'a.b'}", "'xx a\\u00e9b'", "", "must have the form a.b"},
		{NULL, "'xx a-b yy'", NULL, NULL},
		{"{'format':'date-time'}", "'2026-11-20T09:15:00+01:00'", NULL, NULL},
		{NULL, "7", NULL, NULL},
		{NULL, "'2026-11-20'", "",
		 "must be a date and time with an offset, such as 2026-11-20T09:15:00Z"},
		{"{'format':'uuid'}", "'0193453C-8f4a-7c31-a2b4-5d1e6f708192'", NULL, NULL},
		{NULL, "'0193453c'", "",
		 "must be a UUID, such as 0193453c-8f4a-7c31-a2b4-5d1e6f708192"},
	};

	(void)state;
	check_rows(rows, ARRAY_LEN(rows));
}

static void addresses(void **state)
{
	static const char *const good[] = {
		"https://www.linkedin.com/in/ada?x=1#y",
		"http://a",
		"HTTPS://A/%C3%A9",
		"mailto:ada@example.com",
		"urn:x:y",
		"https://www.linkedin.com/in/jos\xC3\xA9",
		"a+b-c.1:x",
	};
	static const char *const bad[] = {
		"",
		"www.example.com",
		"example",
		":x",
		"https:",
		"https:x",
		"https:/x",
		"https://",
		"https:///x",
		"http://?x",
		"1a:x",
		"http://a b",
		"http://a%2",
		"http://a%zz",
		"http://a\\u0001",
		"http://a<b>",
		"htt\xC3\xA9p://a",
		"//a/b",
	};
	struct schema *schema = schema_of("{'format':'uri'}");
	char quoted[100];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(good) + ARRAY_LEN(bad); i++) {
		bool fits = i < ARRAY_LEN(good);

		snprintf(quoted, sizeof quoted, "'%s'", fits ? good[i] : bad[i - ARRAY_LEN(good)]);
		check_row(schema,
			  &(struct row){
				  NULL, quoted, fits ? NULL : "",
				  "must be a complete address, such as https://example.com/page"});
	}
	schema_destroy(schema);
}

static void numbers(void **state)
{
	static const struct row rows[] = {
		{"{'minimum':0,'maximum':10}", "0", NULL, NULL},
		{NULL, "10.0", NULL, NULL},
		{NULL, "'x'", NULL, NULL},
		{NULL, "-0.5", "", "must be at least 0"},
		{NULL, "11", "", "must be at most 10"},
		{"{'exclusiveMinimum':0.1,'exclusiveMaximum':3}", "2.99", NULL, NULL},
		{NULL, "0.1", "", "must be above 0.1"},
		{NULL, "3", "", "must be below 3"},
		{"{'maximum':9007199254740992.0}", "9007199254740992", NULL, NULL},
		{NULL, "9007199254740993", "", "must be at most 9007199254740992"},
		{"{'minimum':9007199254740993}", "9007199254740992.0", "",
		 "must be at least 9007199254740993"},
		{"{'maximum':1e300}", "9223372036854775807", NULL, NULL},
		{"{'minimum':-1e300}", "-9223372036854775808", NULL, NULL},
		{"{'multipleOf':2}", "10", NULL, NULL},
		{NULL, "4.0", NULL, NULL},
		{NULL, "7", "", "must be a multiple of 2"},
		{"{'multipleOf':0.01}", "4.35", NULL, NULL},
		{NULL, "4.355", "", "must be a multiple of 0.01"},
		{"{'multipleOf':0.5}", "1e308", NULL, NULL},
		{"{'multipleOf':0.123456789}", "1e308", "", "must be a multiple of 0.123456789"},
	};

	(void)state;
	check_rows(rows, ARRAY_LEN(rows));
}

static void values(void **state)
{
	static const struct row rows[] = {
		{"{'enum':['New','Waiting',6,null,{'a':[1]}]}", "'New'", NULL, NULL},
		{NULL, "6.0", NULL, NULL},
		{NULL, "{'a':[1.0]}", NULL, NULL},
		{NULL, "'wating'", "",
		 "must be one of New, Waiting, 6, null or {\"a\":[1]}; "
		 "did you mean \"Waiting\"?"},
		{NULL, "{'a':[2]}", "", "must be one of New, Waiting, 6, null or {\"a\":[1]}"},
		{NULL, "false", "", "must be one of New, Waiting, 6, null or {\"a\":[1]}"},
		{"{'const':'x'}", "'x'", NULL, NULL},
		{NULL, "'y'", "", "must be x"},
		{"{'const':1.0}", "1", NULL, NULL},
		{NULL, "true", "", "must be 1"},
		{"{'const':false}", "0", "", "must be false"},
		{"{'const':''}", "'a'", "", "must be \"\""},
		{"{'const':{'a':1,'b':2}}", "{'b':2,'a':1}", NULL, NULL},
		{NULL, "{'b':2,'a':1,'c':3}", "", "must be {\"a\":1,\"b\":2}"},
	};

	(void)state;
	check_rows(rows, ARRAY_LEN(rows));
}

static void combinations(void **state)
{
	static const struct row rows[] = {
		{"{'allOf':[{'minimum':1},{'maximum':3}]}", "2", NULL, NULL},
		{NULL, "4", "", "must be at most 3"},
		{"{'anyOf':[{'type':'string'},{'type':['integer','null']}]}", "null", NULL, NULL},
		{NULL, "[]", "", "must be a string, a whole number or null, not an array"},
		{"{'anyOf':[{'required':['email']},{'required':['first','last']},"
		 "{'required':['id']}]}",
		 "{'last':1,'first':2}", NULL, NULL},
		{NULL, "{'last':1}", "", "must have one of email, first with last or id"},
		{"{'oneOf':[{'required':['email']},{'required':['id']}]}", "{'id':1}", NULL, NULL},
		{NULL, "{}", "", "must have one of email or id"},
		{NULL, "{'id':1,'email':1}", "", "must have only one of email or id"},
		{"{'oneOf':[{'const':'a','title':'A'},{'const':'b'}]}", "'b'", NULL, NULL},
		{NULL, "'c'", "", "must be one of a or b"},
		{"{'oneOf':[{'minimum':1},{'minimum':2}]}", "1", NULL, NULL},
		{NULL, "2", "", "fits 2 of the allowed forms; send only one of them"},
		{"{'anyOf':[{'type':'object','properties':{'kind':{'const':'mail'},'to':{'type':"
		 "'string'}},'required':['kind','to']},{'type':'object','properties':{'kind':"
		 "{'const':'call'},'number':{'type':'string'},'at':{'type':'string'}},"
		 "'required':['kind','number','at']}]}",
		 "{'kind':'call','number':'1','at':'x'}", NULL, NULL},
		{NULL, "{'kind':'call'}", "/number", "is required"},
		{NULL, "{'kind':'mail','to':7}", "/to", "must be a string, not a number"},
		{"{'not':{'required':['a','b']}}", "{'a':1}", NULL, NULL},
		{NULL, "{'a':1,'b':1}", "", "must not have a with b"},
		{"{'not':{'const':0}}", "0", "", "must not be 0"},
		{"{'not':{'enum':[1,2]}}", "2", "", "must not be 1 or 2"},
		{"{'not':{'type':'string'}}", "'x'", "", "has a form that is not allowed here"},
		{"{'$defs':{'name':{'type':'string'},'lead':{'properties':{'a':{'$ref':"
		 "'#/$defs/name','maxLength':2},'b':{'$ref':'#/$defs/name'}}}},"
		 "'$ref':'#/$defs/lead'}",
		 "{'a':'xy','b':'xyz'}", NULL, NULL},
		{NULL, "{'a':'xyz'}", "/a", "must have at most 2 characters (has 3)"},
		{NULL, "{'b':1}", "/b", "must be a string, not a number"},
	};

	(void)state;
	check_rows(rows, ARRAY_LEN(rows));
}

static void annotations_say_nothing_about_values(void **state)
{
	struct schema *schema = schema_of(
		"{'$schema':'https://json-schema.org/draft/2020-12/schema','$id':'lead.upsert',"
		"'$comment':'','title':'','description':'','default':1,'examples':[1],"
		"'deprecated':true,'readOnly':true,'writeOnly':true}");

	(void)state;
	check_row(schema, &(struct row){NULL, "['anything']", NULL, NULL});
	schema_destroy(schema);
}

static const struct {
	const char *schema;
	const char *pointer;
	const char *message; /* some words of it */
} mistakes[] = {
	{"[]", "", "a schema is an object, true or false"},
	{"{'properties':{'a':{'maxLenght':1}}}", "/properties/a/maxLenght",
	 "the keyword is not supported; did you mean \"maxLength\"?"},
	{"{'patternProperties':{}}", "/patternProperties", "not supported"},
	{"{'x':1}", "/x", "the keyword is not supported."},
	{"{'$defs':{'unused':{'x':1}}}", "/$defs/unused/x", "not supported"},
	{"{'items':{'$defs':{}}}", "/items/$defs", "at the root"},
	{"{'$schema':'http://json-schema.org/draft-07/schema#'}", "/$schema", "2020-12"},
	{"{'$ref':'#/$defs/none'}", "/$ref", "of a schema in $defs"},
	{"{'$ref':'#'}", "/$ref", "of a schema in $defs"},
	{"{'$ref':7}", "/$ref", "of a schema in $defs"},
	{"{'$defs':{'a':{'items':{'$ref':'#/$defs/b'}},'b':{'not':{'$ref':'#/$defs/a'}}}}",
	 "/$defs/b/not/$ref", "leads back to itself"},
	{"{'type':'text'}", "/type", "must be null, boolean"},
	{"{'type':[]}", "/type", "must be null, boolean"},
	{"{'type':['string',1]}", "/type", "must be null, boolean"},
	{"{'properties':[]}", "/properties", "an object"},
	{"{'properties':{'a':1}}", "/properties/a", "a schema is"},
	{"{'required':'a'}", "/required", "an array of names"},
	{"{'required':[1]}", "/required", "an array of names"},
	{"{'enum':[]}", "/enum", "at least one value"},
	{"{'anyOf':[]}", "/anyOf", "at least one schema"},
	{"{'anyOf':[true,3]}", "/anyOf/1", "a schema is"},
	{"{'minLength':-1}", "/minLength", "whole number"},
	{"{'maxItems':1.5}", "/maxItems", "whole number"},
	{"{'minProperties':'1'}", "/minProperties", "whole number"},
	{"{'uniqueItems':1}", "/uniqueItems", "true or false"},
	{"{'minimum':'0'}", "/minimum", "a number"},
	{"{'multipleOf':0}", "/multipleOf", "a number above 0"},
	{"{'format':'email'}", "/format", "date-time, uuid or uri"},
	{"{'pattern':'('}", "/pattern", "not a regular expression"},
	{"{'pattern':1}", "/pattern", "a regular expression"},
	{"{'pattern':'\\\\d'}", "/pattern", "a regular expression of the subset"},
	{"{'pattern':'\\\\<a'}", "/pattern", "a regular expression of the subset"},
	{"{'pattern':'(?:a)'}", "/pattern", "a regular expression of the subset"},
	{"{'pattern':'a+?'}", "/pattern", "a regular expression of the subset"},
	{"{'pattern':'[[:alpha:]]'}", "/pattern", "a regular expression of the subset"},
	{"{'pattern':'[\\\\w]'}", "/pattern", "a regular expression of the subset"},
	{"{'pattern':'[]a]'}", "/pattern", "a regular expression of the subset"},
	{"{'pattern':'[a'}", "/pattern", "a regular expression of the subset"},
	{"{'pattern':'a{,2}'}", "/pattern", "a regular expression of the subset"},
	{"{'pattern':'\xC3\xA9'}", "/pattern", "a regular expression of the subset"},
};

static void a_schema_with_a_mistake_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(mistakes); i++) {
		json_t *source = json_of(mistakes[i].schema);
		struct schema *schema = NULL;
		struct err err;

		assert_int_equal(schema_create(source, &schema, &err), ERR_INVALID_INPUT);
		assert_null(schema);
		assert_string_equal(err.pointer, mistakes[i].pointer);
		if (!strstr(err.message, mistakes[i].message))
			fail_msg("%s: %s", mistakes[i].schema, err.message);
		json_decref(source);
	}
}

static void the_source_may_change_afterwards(void **state)
{
	json_t *source = json_of("{'properties':{'a':{'const':'x'}}}");
	struct schema *schema = NULL;
	struct err err;

	(void)state;
	assert_int_equal(schema_create(source, &schema, &err), ERR_OK);
	json_object_clear(json_object_get(source, "properties"));
	json_decref(source);
	check_row(schema, &(struct row){NULL, "{'a':'y'}", "/a", "must be x"});
	schema_destroy(schema);
	schema_destroy(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(types),
		cmocka_unit_test(objects),
		cmocka_unit_test(arrays),
		cmocka_unit_test(strings),
		cmocka_unit_test(addresses),
		cmocka_unit_test(numbers),
		cmocka_unit_test(values),
		cmocka_unit_test(combinations),
		cmocka_unit_test(annotations_say_nothing_about_values),
		cmocka_unit_test(a_schema_with_a_mistake_is_refused),
		cmocka_unit_test(the_source_may_change_afterwards),
	};

	return cmocka_run_group_tests_name("schema", tests, NULL, NULL);
}
