/*
 * contacts_view: a lead as the contacts dialect's contact: the same members in the same order,
 * always all of them, null where nothing is known.
 *
 * What has no counterpart here: `user_id` and `sender_profile_uuid` are null, since keys have no
 * owners and nothing is sent; `unread_counts` is []. `status` is "no_contact_data" for a lead
 * without LinkedIn profile, e-mail address and telephone number, else "ok". `linkedin_status` is
 * what was written, else "active" where a profile is known, else "unknown"; a lead that is not to
 * be contacted shows "do_not_contact" there and in `email_status`.
 *
 * Holds    nothing.
 * Threads  any.
 * Fails    ERR_INTERNAL for a record that is damaged; else like the writer's buf.
 */
#ifndef SURFACE_CONTACTS_VIEW_H
#define SURFACE_CONTACTS_VIEW_H

#include "surface/lead_form.h"

/*
 * Write the contact of `record`, as commands answer it with COMMAND_RECORD. `team` is the
 * workspace's number. With `copies` the whole contact stands once more in its member "lead".
 */
MUST_USE enum err_code contacts_view_write(struct writer *writer, struct arena *arena,
					   struct text record, int64_t team, bool copies,
					   struct err *err);

/*
 * "Jan 2020 - Present · 3 yrs" is from "Jan 2020" to "Present": what stands around the dash, or
 * all of it and nothing when there is none. Both are parts of `text`.
 */
void contacts_view_split(struct text text, struct text *out_from, struct text *out_to);

#endif
