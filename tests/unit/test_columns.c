#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "lead/columns.h"
#include "lead/columns_key.h"
#include "lead/columns_table.h"

#define VECTORS "tests/data/csv-headers.jsonl"
#define LIST_MAX 96

static struct err err;

struct list {
	struct text items[LIST_MAX];
	size_t count;
};

static int setup(void **state)
{
	struct arena *arena = malloc(sizeof *arena);

	if (!arena)
		return -1;
	arena_init(arena, (size_t)64 * 1024 * 1024);
	*state = arena;
	return 0;
}

static int teardown(void **state)
{
	arena_release(*state);
	free(*state);
	return 0;
}

/* Texts between '|'. */
static struct list split(const char *line)
{
	struct list list = {.count = 0};
	struct text rest = text_of(line);

	while (rest.ptr) {
		assert_true(list.count < LIST_MAX);
		list.items[list.count++] = text_split(rest, '|', &rest);
	}
	return list;
}

/* The list is copied, as columns borrow their headers. */
static struct columns detect(struct arena *arena, struct list list)
{
	struct columns columns;
	struct text *headers = arena_zero(arena, list.count + 1, sizeof *headers);

	assert_non_null(headers);
	memcpy(headers, list.items, list.count * sizeof *headers);
	assert_int_equal(columns_detect(arena, headers, list.count, &columns, &err), ERR_OK);
	return columns;
}

/* "Header=target …" of every column, joined by '|'; an unknown header's target is "?". */
static struct text mapping_of(struct arena *arena, const struct columns *columns)
{
	struct buf out;

	buf_init_arena(&out, arena, 16384);
	for (size_t i = 0; i < columns->count; i++) {
		if (i > 0)
			buf_add_char(&out, '|');
		if (columns->columns[i].is_known)
			buf_add(&out, columns_target_text(arena, &columns->columns[i]));
		else
			buf_add_char(&out, '?');
	}
	return buf_text(&out);
}

static void assert_text(struct text actual, const char *expected)
{
	if (!text_is(actual, text_of(expected)))
		fail_msg("\n   is     %.*s\n   should %s", TEXT_ARG(actual), expected);
}

static void assert_mapping(struct arena *arena, const char *headers, const char *expected)
{
	struct columns columns = detect(arena, split(headers));

	assert_text(mapping_of(arena, &columns), expected);
}

/* "name=text" of each value, joined by '|'; "skip: reason" in front when the row is skipped. */
static struct text row_of(struct arena *arena, const struct columns *columns, struct list cells)
{
	struct columns_values values;
	struct buf out;

	assert_int_equal(columns_row(columns, cells.items, cells.count, arena, &values, &err),
			 ERR_OK);
	buf_init_arena(&out, arena, 16384);
	if (values.skip)
		buf_add_format(&out, "skip: %s", values.skip);
	for (size_t i = 0; i < values.count; i++) {
		if (out.len > 0)
			buf_add_char(&out, '|');
		if (values.items[i].target == COLUMNS_METADATA)
			buf_add(&out, TEXT("m."));
		buf_add(&out, values.items[i].name);
		buf_add_char(&out, '=');
		buf_add(&out, values.items[i].text);
	}
	return buf_text(&out);
}

static void assert_row(struct arena *arena, const char *headers, const char *cells,
		       const char *expected)
{
	struct columns columns = detect(arena, split(headers));

	assert_text(row_of(arena, &columns, split(cells)), expected);
}

static bool has_target_of(const struct columns_column *column, const struct columns_field *field)
{
	if (column->target == field->target)
		return field->target != COLUMNS_METADATA ||
		       text_starts(column->metadata, text_of(field->metadata));
	/* The second of two LinkedIn URLs. */
	return field->target == COLUMNS_LINKEDIN_URL && column->target == COLUMNS_LINKEDIN_ID;
}

static void check_vector(struct arena *arena, const json_t *vector)
{
	const json_t *headers = json_object_get(vector, "headers");
	const char *source = json_string_value(json_object_get(vector, "source"));
	struct list list = {.count = json_array_size(headers)};

	if (list.count == 0)
		return;
	for (size_t i = 0; i < list.count; i++)
		list.items[i] = text_of(json_string_value(json_array_get(headers, i)));
	struct columns columns = detect(arena, list);

	/* The headers alone do not tell this variant from the usual one. */
	if (strcmp(source, "linkedin_connections_header_first") == 0)
		source = "linkedin_connections";
	assert_string_equal(columns.format, source);
	for (size_t i = 0; i < list.count; i++) {
		const char *name =
			json_string_value(json_object_get(json_object_get(vector, "mapping"),
							  list.items[i].ptr));
		const struct columns_field *field = name ? columns_table_field(name) : NULL;

		assert_true(columns_is_known(list.items[i]));
		if (name && !field)
			fail_msg("%s: nobody knows the field %s", source, name);
		if (name && !has_target_of(&columns.columns[i], field))
			fail_msg("%s: %s does not go to %s", source, list.items[i].ptr, name);
	}
}

static void every_vector_is_detected_and_mapped(void **state)
{
	FILE *file = fopen(VECTORS, "r");
	char *line = NULL;
	size_t cap = 0, rows = 0;

	assert_non_null(file);
	for (; getline(&line, &cap, file) > 0; rows++) {
		json_t *vector = json_loads(line, 0, NULL);

		assert_non_null(vector);
		arena_reset(*state);
		check_vector(*state, vector);
		json_decref(vector);
	}
	assert_int_equal(rows, 27);
	free(line);
	fclose(file);
}

static void every_table_entry_leads_somewhere(void **state)
{
	size_t count;
	const struct columns_format *formats = columns_formats_all(&count);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		for (size_t k = 0; k < formats[i].count; k++) {
			const char *field = formats[i].headers[k].field;

			assert_true(field[0] == '\0' || columns_table_field(field));
		}
	}
	const struct columns_header *synonyms = columns_table_synonyms(&count);

	for (size_t i = 0; i < count; i++)
		assert_true(!synonyms[i].field[0] || columns_table_field(synonyms[i].field));
}

static void spellings_of_a_header_are_one(void **state)
{
	static const char *const first[] = {"First Name",        "first_name",
					    "FIRST-NAME",        "firstName",
					    "\uFEFFFirst Name",  " \"First Name\" ",
					    "First\xC2\xA0Name", "First Name*"};

	for (size_t i = 0; i < ARRAY_LEN(first); i++)
		assert_mapping(*state, first[i], "first_name");
	assert_mapping(*state, "Prénom|PRENOM|Société|Correo electrónico|Téléphone",
		       "first_name|first_name|company|email|phone");
}

static void many_languages_are_known(void **state)
{
	struct arena *arena = *state;

	assert_mapping(arena, "Vorname|Nachname|Firma|Position|E-Mail-Adresse|Telefon|Ort|Land",
		       "first_name|last_name|company|job_title|email|phone|city|country");
	assert_mapping(arena, "Nom de famille|Prénom|Entreprise|Poste|Courriel|Ville|Pays",
		       "last_name|first_name|company|job_title|email|city|country");
	assert_mapping(arena, "Nombre|Apellidos|Empresa|Cargo|Correo electrónico",
		       "first_name|last_name|company|job_title|email");
	assert_mapping(arena, "Voornaam|Achternaam|Bedrijf|Functie|E-mailadres",
		       "first_name|last_name|company|job_title|email");
	assert_mapping(arena, "Nome|Cognome|Azienda|Ruolo|Indirizzo e-mail",
		       "first_name|last_name|company|job_title|email");
	assert_mapping(arena, "Nome|Sobrenome|Empresa|Função|Celular",
		       "first_name|last_name|company|job_title|phone");
}

/* "Nom" is a family name beside a first name and a whole name alone, and so on. */
static void words_are_read_beside_each_other(void **state)
{
	struct arena *arena = *state;

	assert_mapping(arena, "Nom|Email", "name|email");
	assert_mapping(arena, "Nom|Prénom|Email", "last_name|first_name|email");
	assert_mapping(arena, "Nome|Email", "name|email");
	assert_mapping(arena, "Vorname|Name|Email", "first_name|last_name|email");
	assert_mapping(arena, "First Name|Last Name|Name", "first_name|last_name|name");
	assert_mapping(arena, "Title|Email", "job_title|email");
	assert_mapping(arena, "Title|Job Title|Email", "|job_title|email");
	assert_mapping(arena, "title|job_title|email", "title|job_title|email");
}

static void decoys_are_not_taken(void **state)
{
	struct arena *arena = *state;

	assert_mapping(arena, "Company Name for Emails|Email", "metadata.company_short|email");
	assert_mapping(arena, "Account Name|Company Linkedin Url|Email Status|Name of pet",
		       "company|company_linkedin_url|email_status|?");
	assert_mapping(arena, "LinkedIn Conversation Link|LinkedIn Page Link", "?|linkedin_url");
	assert_mapping(arena, "Contact Email|Contact LinkedIn|Lead Owner",
		       "email|linkedin_url|metadata.owner");
	/* A company file has the "Record ID" of a contact file and nobody in it. */
	assert_string_equal(detect(arena, split("Record ID|Company name|Phone Number")).format, "");
	assert_string_equal(detect(arena, split("Email|First Name|Company")).format, "");
	/* One telling header is not a format. */
	assert_string_equal(detect(arena, split("Contact LinkedIn URL|Pet")).format, "");
}

static void a_slug_and_a_token_both_arrive(void **state)
{
	struct arena *arena = *state;
	const char *phantom = "profileUrl|fullName|name|firstName|vmid|linkedInProfileUrl|"
			      "defaultProfileUrl|timestamp";

	assert_row(arena, phantom, "S|Ada Example|Ada Example|Ada|V|T|D|2026-10-01",
		   "m.exported_at=2026-10-01|linkedin_url=D|linkedin_id=T|sales_navigator_id=V|"
		   "sales_navigator_url=S|name=Ada Example|first_name=Ada");
	assert_row(arena, phantom, "S|||Ada|V|T||",
		   "linkedin_id=T|sales_navigator_id=V|sales_navigator_url=S|first_name=Ada");
	assert_row(arena, "LinkedIn URL|LinkedIn Profile|Email", "a|b|c",
		   "email=c|linkedin_url=a|linkedin_id=b");
}

static void the_first_value_wins_and_others_are_kept(void **state)
{
	struct arena *arena = *state;
	const char *phones = "Email|Mobile Phone|Work Phone|Corporate Phone";

	assert_row(arena, phones, "a@b|+2|+1|+3",
		   "m.company_phone=+3|email=a@b|phone=+1|"
		   "m.mobile_phone=+2");
	assert_row(arena, phones, "a@b|+2||", "email=a@b|phone=+2");
	assert_row(arena, phones, "a@b|+2|n/a|", "email=a@b|phone=+2");
	assert_row(arena, "Email|Secondary Email|Email 3", "a@b|c@d|e@f",
		   "email=a@b|personal_email=c@d|m.other_email_2=e@f");
	assert_row(arena, "Email|Secondary Email", "a@b|A@B", "email=a@b");
	assert_row(arena, "Email|Work Email", "a@b|A@B", "email=a@b");
	assert_row(arena, "Email|Company Domain|Website", "a@b|c.example|https://c.example",
		   "email=a@b|company_website=https://c.example|company_domain=c.example");
	assert_row(arena, "Email|Company Domain|Website", "a@b|c.example|",
		   "email=a@b|company_domain=c.example");
}

static void guards_and_placeholders_go(void **state)
{
	struct arena *arena = *state;

	assert_row(arena, "Email|Phone|First Name", "a@b|'+44 20|'t Hart",
		   "email=a@b|first_name='t Hart|phone=+44 20");
	assert_row(arena, "Email|LinkedIn", "a@b|=HYPERLINK(\"https://x\")",
		   "email=a@b|linkedin_url==HYPERLINK(\"https://x\")");
	assert_row(arena, "Email|Company|Notes", "a@b|N/A|-", "email=a@b");
	/* People are called so; companies and phones are not. */
	assert_row(arena, "Email|Last Name|First Name|Company", "a@b|Null|Na|null",
		   "email=a@b|first_name=Na|last_name=Null");
	assert_row(arena, "Email|Email Status|Industry", "a@b|Unknown|unknown",
		   "email=a@b|email_status=Unknown");
	/* The caller warns of an identifier that names nobody. */
	assert_row(arena, "Email|Name", "n/a|Ada", "email=n/a|name=Ada");
}

static void cells_of_several_values_are_divided(void **state)
{
	struct arena *arena = *state;
	const char *google = "First Name|Phonetic First Name|File As|E-mail 1 - Value|Labels";
	const char *hubspot = "Record ID|First Name|Email|Associated Company";

	assert_row(arena, google, "Ada|||a@b ::: c@d|* myContacts ::: Friends",
		   "email=a@b|m.more_email=c@d|first_name=Ada|tags=myContacts|tags=Friends");
	assert_row(arena, hubspot, "7|Ada|a@b;c@d|Engines;Looms",
		   "email=a@b|m.more_email=c@d|external_id=7|first_name=Ada|company=Engines|"
		   "m.more_company=Looms");
	assert_string_equal(detect(arena, split(hubspot)).external_source, "hubspot");
	assert_row(arena, "Email|Tags", "\"a,b\"@c|x, y;z", "email=\"a,b\"@c|tags=x, y|tags=z");
	assert_row(arena, "Email|Tags", "a@b, c@d|x, y",
		   "email=a@b|m.more_email=c@d|tags=x|tags=y");
	assert_row(arena, "Email|Tags", "a@b|\"VIP\",\"Spring, late\",\"",
		   "email=a@b|tags=VIP|tags=Spring, late");
}

static void places_make_a_location(void **state)
{
	struct arena *arena = *state;

	assert_row(arena, "Email|Country|City|State", "a@b|Germany|Berlin|",
		   "email=a@b|location=Berlin, Germany");
	assert_row(arena, "Email|Country|Location", "a@b|Germany|Berlin",
		   "email=a@b|location=Berlin");
	assert_row(arena, "Email|Country|Location", "a@b|Germany|", "email=a@b|location=Germany");
}

static void people_who_left_are_not_contacted(void **state)
{
	const char *headers = "Email Address|First Name|LEID|EUID|Status|UNSUB_TIME";
	struct arena *arena = *state;

	assert_row(arena, headers, "a@b|Ada|5|x|subscribed|2024",
		   "email=a@b|external_id=5|first_name=Ada|status=do_not_contact");
	assert_row(arena, "Email|Lead Status", "a@b|Open Deal", "email=a@b|status=Open Deal");
}

static void rows_without_a_person_are_skipped(void **state)
{
	const char *linkedin =
		"First Name|Last Name|URL|Email Address|Company|Position|Connected On";
	struct arena *arena = *state;

	assert_row(arena, linkedin, "||||||30 Apr 2026",
		   "skip: a hidden member: neither a name nor a URL|m.connected_on=30 Apr 2026");
	assert_row(arena, linkedin, "Ada", "first_name=Ada");
	assert_row(arena, "Email|Name", "|", "skip: no cell of a column in use holds a value");
	assert_row(arena, "Pet|Colour", "x|y", "skip: no cell of a column in use holds a value");
}

static void a_user_has_the_last_word(void **state)
{
	struct arena *arena = *state;
	struct columns columns = detect(arena, split("Email|Pet|Second|Name"));

	assert_int_equal(columns_override(arena, &columns, TEXT("Pet"), TEXT("metadata.pet"), &err),
			 ERR_OK);
	assert_int_equal(columns_override(arena, &columns, TEXT("Second"), TEXT("email"), &err),
			 ERR_OK);
	assert_int_equal(columns_override(arena, &columns, TEXT("Name"), TEXT("ignore"), &err),
			 ERR_OK);
	assert_text(mapping_of(arena, &columns), "email|metadata.pet|email|");
	assert_text(row_of(arena, &columns, split("a@b|cat|c@d|Ada")),
		    "m.pet=cat|email=c@d|m.work_email=a@b");
	assert_int_equal(columns_override(arena, &columns, TEXT("Dog"), TEXT("email"), &err),
			 ERR_INVALID_INPUT);
	assert_int_equal(columns_override(arena, &columns, TEXT("Pet"), TEXT("colour"), &err),
			 ERR_INVALID_INPUT);
	assert_int_equal(columns_override(arena, &columns, TEXT("Pet"), TEXT("metadata."), &err),
			 ERR_INVALID_INPUT);
}

static void values_name_their_column(void **state)
{
	struct arena *arena = *state;
	struct columns columns = detect(arena, split("Name|Country|Work Email|Email"));
	struct list cells = split("Ada|Peru||a@b");
	struct columns_values values;

	assert_int_equal(columns_row(&columns, cells.items, cells.count, arena, &values, &err),
			 ERR_OK);
	assert_int_equal(values.count, 3);
	assert_int_equal(values.items[0].column, 3);
	assert_int_equal(values.items[1].column, 0);
	assert_int_equal(values.items[2].column, -1);
}

static void bounds_hold(void **state)
{
	struct arena *arena = *state;
	struct text *headers = arena_zero(arena, COLUMNS_MAX + 1, sizeof *headers);
	struct columns columns;
	struct arena small;

	assert_non_null(headers);
	for (size_t i = 0; i <= COLUMNS_MAX; i++)
		headers[i] = TEXT("Tags");
	assert_int_equal(columns_detect(arena, headers, COLUMNS_MAX + 1, &columns, &err),
			 ERR_TOO_LARGE);
	assert_int_equal(columns_detect(arena, headers, COLUMNS_MAX, &columns, &err), ERR_OK);
	arena_init(&small, 16);
	assert_int_equal(columns_detect(&small, headers, 1, &columns, &err), ERR_BUSY);
	arena_release(&small);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(every_vector_is_detected_and_mapped, setup,
						teardown),
		cmocka_unit_test_setup_teardown(every_table_entry_leads_somewhere, setup, teardown),
		cmocka_unit_test_setup_teardown(spellings_of_a_header_are_one, setup, teardown),
		cmocka_unit_test_setup_teardown(many_languages_are_known, setup, teardown),
		cmocka_unit_test_setup_teardown(words_are_read_beside_each_other, setup, teardown),
		cmocka_unit_test_setup_teardown(decoys_are_not_taken, setup, teardown),
		cmocka_unit_test_setup_teardown(a_slug_and_a_token_both_arrive, setup, teardown),
		cmocka_unit_test_setup_teardown(the_first_value_wins_and_others_are_kept, setup,
						teardown),
		cmocka_unit_test_setup_teardown(guards_and_placeholders_go, setup, teardown),
		cmocka_unit_test_setup_teardown(cells_of_several_values_are_divided, setup,
						teardown),
		cmocka_unit_test_setup_teardown(places_make_a_location, setup, teardown),
		cmocka_unit_test_setup_teardown(people_who_left_are_not_contacted, setup, teardown),
		cmocka_unit_test_setup_teardown(rows_without_a_person_are_skipped, setup, teardown),
		cmocka_unit_test_setup_teardown(a_user_has_the_last_word, setup, teardown),
		cmocka_unit_test_setup_teardown(values_name_their_column, setup, teardown),
		cmocka_unit_test_setup_teardown(bounds_hold, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
