#include "command/lead_match.h"

#include "command/command.h"

static enum err_code add_hit(struct lead_match *match, int64_t no, struct err *err)
{
	struct lead_hit *hit = arena_take(match->arena, sizeof *hit);

	if (!hit)
		return err_memory(err);
	if (leads_read(match->db, match->arena, match->workspace, no, &hit->row, err) != ERR_OK)
		return err->code;
	if (hit->row.no == 0)
		return err_internal(err, "identifier of lead %lld, which is gone", (long long)no);
	if (record_read(match->arena, hit->row.doc, &hit->record, err) != ERR_OK)
		return err->code;
	hit->member = record_member(&hit->record);
	hit->kinds = 0;
	match->hits[match->hit_count++] = hit;
	return ERR_OK;
}

static struct lead_hit *find_hit(const struct lead_match *match, int64_t no)
{
	for (size_t i = 0; i < match->hit_count; i++) {
		if (match->hits[i]->row.no == no)
			return match->hits[i];
	}
	return NULL;
}

/* Note that an identifier of `kind` belongs to lead `no`. */
static enum err_code note_hit(struct lead_match *match, int64_t no, enum identifier_kind kind,
			      struct err *err)
{
	struct lead_hit *hit = find_hit(match, no);

	if (!hit && add_hit(match, no, err) != ERR_OK)
		return err->code;
	if (!hit)
		hit = match->hits[match->hit_count - 1];
	hit->kinds |= (int64_t)1 << kind;
	return ERR_OK;
}

static enum err_code look_up(struct lead_match *match, const struct lead_plan *plan,
			     struct err *err)
{
	for (size_t i = 0; i < plan->given_count; i++) {
		int64_t *owner = &match->owners[i];

		if (leads_owner(match->db, match->workspace, &plan->keys[i], owner, err) != ERR_OK)
			return err->code;
		if (*owner && note_hit(match, *owner, plan->given[i].kind, err) != ERR_OK)
			return err->code;
	}
	return ERR_OK;
}

static enum err_code look_up_lead_id(struct lead_match *match, struct uuid id, int64_t *out_no,
				     struct err *err)
{
	char text[UUID_TEXT_LEN + 1];

	if (leads_find(match->db, match->workspace, id, out_no, err) != ERR_OK)
		return err->code;
	if (*out_no)
		return note_hit(match, *out_no, IDENTIFIER_LEAD_ID, err);
	uuid_format(id, text);
	return command_not_found(ERR_LEAD_NOT_FOUND, text_of(text), err);
}

struct text lead_match_candidates(struct arena *arena, const struct lead_match *match,
				  int64_t except)
{
	struct buf buf;
	struct writer writer = writer_on(&buf);
	char id[UUID_TEXT_LEN + 1];

	buf_init_arena(&buf, arena, 64 * 1024);
	writer_begin_array(&writer);
	for (size_t i = 0; i < match->hit_count; i++) {
		const struct lead_hit *hit = match->hits[i];

		if (hit->row.no == except)
			continue;
		uuid_format(hit->row.id, id);
		writer_begin_object(&writer);
		writer_member_text(&writer, "lead_id", text_of(id));
		writer_key(&writer, TEXT("matched_by"));
		reply_write_matched(hit->kinds, &writer);
		writer_end_object(&writer);
	}
	writer_end_array(&writer);
	return buf_text(&buf);
}

/* Ask resolve. The lead id, when given, comes last, so that fates[i] is of given[i]. */
static void decide(const struct lead_plan *plan, int64_t lead_no, struct lead_match *match)
{
	struct resolve_given given[IDENTIFIER_GIVEN_MAX + 1];
	size_t count = 0;

	for (size_t i = 0; i < plan->given_count; i++) {
		const struct lead_hit *hit = match->owners[i] ? find_hit(match, match->owners[i])
							      : NULL;

		given[count++] = (struct resolve_given){.kind = plan->given[i].kind,
							.weak = plan->given[i].weak,
							.owner = match->owners[i],
							.owner_member = hit ? hit->member : 0};
	}
	if (lead_no)
		given[count++] =
			(struct resolve_given){.kind = IDENTIFIER_LEAD_ID,
					       .owner = lead_no,
					       .owner_member = find_hit(match, lead_no)->member};
	resolve_decide(given, count, plan->member, plan->control.policy, &match->answer);
	match->fates = match->answer.fates;
}

static enum err_code refuse(struct arena *arena, struct lead_match *match, struct err *err)
{
	match->candidates = lead_match_candidates(arena, match, 0);
	if (match->answer.verdict == RESOLVE_JOIN)
		return err_set(err, ERR_MERGE_NOT_AVAILABLE, "",
			       "The identifiers belong to %zu leads, and merging is not available. "
			       "Send on_conflict prefer, or only the identifiers of one of them.",
			       match->hit_count);
	if (match->answer.reason == RESOLVE_CANNOT_LINK)
		return err_set(
			err, ERR_IDENTITY_CONFLICT, "",
			"The LinkedIn member number says that these are different people. "
			"See candidates; send only identifiers of one person, or on_conflict "
			"prefer.");
	return err_set(err, ERR_IDENTITY_CONFLICT, "",
		       "The identifiers belong to %zu different leads. See candidates; send only "
		       "identifiers of one of them, or on_conflict prefer.",
		       match->hit_count);
}

enum err_code lead_match_find(struct arena *arena, struct db *db, int64_t workspace,
			      const struct lead_plan *plan, struct lead_match *out, struct err *err)
{
	int64_t lead_no = 0;

	memset(out, 0, sizeof *out);
	out->arena = arena;
	out->db = db;
	out->workspace = workspace;
	if (plan->has_lead_id && look_up_lead_id(out, plan->lead_id, &lead_no, err) != ERR_OK)
		return err->code;
	if (look_up(out, plan, err) != ERR_OK)
		return err->code;
	decide(plan, lead_no, out);
	if (out->answer.verdict == RESOLVE_CONFLICT || out->answer.verdict == RESOLVE_JOIN)
		return refuse(arena, out, err);
	if (out->answer.verdict == RESOLVE_ATTACH) {
		out->chosen = find_hit(out, out->answer.lead);
		out->matched = out->chosen->kinds;
	}
	return ERR_OK;
}

enum err_code lead_match_by_id(struct arena *arena, struct db *db, int64_t workspace,
			       struct uuid id, struct lead_hit **out, struct err *err)
{
	struct lead_match match = {.arena = arena, .db = db, .workspace = workspace};
	int64_t no;

	if (look_up_lead_id(&match, id, &no, err) != ERR_OK)
		return err->code;
	*out = match.hits[0];
	return ERR_OK;
}
