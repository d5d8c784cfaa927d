-- Every statement Galena runs, by name. tools/sql_gen.py makes store/queries.h from this page.
-- Parameters are ?1, ?2 … in the order of the comment after the name.

-- name: begin_read ()
BEGIN
-- name: begin_write ()
BEGIN IMMEDIATE
-- name: commit ()
COMMIT
-- name: mark ()
SAVEPOINT mark
-- name: mark_keep ()
RELEASE mark
-- name: mark_undo ()
ROLLBACK TO mark

-- name: workspace_insert (workspace_id, id, name, created_at)
INSERT INTO workspace (workspace_id, id, name, created_at) VALUES (?1, ?2, ?3, ?4)
-- name: workspace_next_number ()
SELECT COALESCE(MAX(workspace_id), 0) + 1 FROM workspace
-- name: workspace_by_name (name)
SELECT workspace_id, id, name, created_at FROM workspace WHERE name = ?1
-- name: workspace_by_number (workspace_id)
SELECT workspace_id, id, name, created_at FROM workspace WHERE workspace_id = ?1
-- name: workspace_all ()
SELECT workspace_id, id, name, created_at FROM workspace ORDER BY workspace_id
-- name: workspace_counts (workspace_id)
SELECT (SELECT COUNT(*) FROM list WHERE workspace_id = ?1),
       (SELECT COUNT(*) FROM mission WHERE workspace_id = ?1),
       (SELECT COUNT(*) FROM import WHERE workspace_id = ?1 AND state <> 5)
-- name: workspace_status_counts (workspace_id)
SELECT status, COUNT(*) FROM lead WHERE workspace_id = ?1 AND deleted_at IS NULL GROUP BY status

-- name: key_insert (workspace_id, key_no, id, name, hash, scopes, created_at, expires_at)
INSERT INTO api_key (workspace_id, key_no, id, name, hash, scopes, created_at, expires_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
-- name: key_next_number ()
SELECT COALESCE(MAX(key_no), 0) + 1 FROM api_key
-- name: key_by_hash (hash)
SELECT k.workspace_id, k.key_no, k.id, k.name, k.scopes, k.created_at, k.expires_at, k.revoked_at,
       w.name, w.id
FROM api_key k JOIN workspace w ON w.workspace_id = k.workspace_id WHERE k.hash = ?1
-- name: key_all (workspace_id or 0)
SELECT k.workspace_id, k.key_no, k.id, k.name, k.scopes, k.created_at, k.expires_at, k.revoked_at,
       w.name, w.id
FROM api_key k JOIN workspace w ON w.workspace_id = k.workspace_id
WHERE ?1 = 0 OR k.workspace_id = ?1 ORDER BY k.workspace_id, k.key_no
-- name: key_revoke (id, at)
UPDATE api_key SET revoked_at = COALESCE(revoked_at, ?2) WHERE id = ?1
-- name: key_name (workspace_id, key_no)
SELECT name FROM api_key WHERE workspace_id = ?1 AND key_no = ?2

-- name: lead_last_number (first, last)
SELECT MAX(no) FROM lead WHERE no BETWEEN ?1 AND ?2
-- name: lead_number_by_id (workspace_id, id)
SELECT no FROM lead WHERE workspace_id = ?1 AND id = ?2 AND deleted_at IS NULL
-- name: lead_id_by_number (no, workspace_id)
SELECT id FROM lead WHERE no = ?1 AND workspace_id = ?2 AND deleted_at IS NULL
-- name: lead_number_by_id_any (workspace_id, id)
SELECT no, last_change FROM lead WHERE workspace_id = ?1 AND id = ?2
-- name: lead_by_number (no)
SELECT workspace_id, id, version, status, created_at, updated_at, deleted_at, last_change, doc
FROM lead WHERE no = ?1
-- name: lead_insert (no, workspace_id, id, status, created_at, last_change, doc)
INSERT INTO lead (no, workspace_id, id, version, status, created_at, updated_at, last_change, doc)
VALUES (?1, ?2, ?3, 1, ?4, ?5, ?5, ?6, ?7)
-- name: lead_update (no, version, status, updated_at, last_change, doc)
UPDATE lead SET version = ?2, status = ?3, updated_at = ?4, last_change = ?5, doc = ?6
WHERE no = ?1
-- name: lead_update_same_status (no, version, updated_at, last_change, doc)
UPDATE lead SET version = ?2, updated_at = ?3, last_change = ?4, doc = ?5 WHERE no = ?1
-- name: lead_delete (no, version, deleted_at, last_change, doc)
UPDATE lead SET version = ?2, updated_at = ?3, deleted_at = ?3, last_change = ?4, doc = ?5
WHERE no = ?1
-- name: lead_page (below, first, limit)
SELECT no, id, doc FROM lead WHERE no < ?1 AND no >= ?2 AND deleted_at IS NULL
ORDER BY no DESC LIMIT ?3
-- name: lead_page_upward (above, last, limit)
SELECT no, id, doc, status, created_at, updated_at, version FROM lead
WHERE no > ?1 AND no <= ?2 AND deleted_at IS NULL ORDER BY no LIMIT ?3
-- name: lead_page_status (workspace_id, status, below, limit)
SELECT no, id, doc FROM lead
WHERE workspace_id = ?1 AND status = ?2 AND no < ?3 AND deleted_at IS NULL
ORDER BY no DESC LIMIT ?4
-- name: lead_page_list (workspace_id, list_id, below, limit)
SELECT l.no, l.id, l.doc, l.status FROM list_lead m JOIN lead l ON l.no = m.lead_no
WHERE m.workspace_id = ?1 AND m.list_id = ?2 AND m.lead_no < ?3
ORDER BY m.lead_no DESC LIMIT ?4
-- name: lead_page_mission (workspace_id, mission_id, below, limit)
SELECT l.no, l.id, l.doc, l.status FROM mission_lead m JOIN lead l ON l.no = m.lead_no
WHERE m.workspace_id = ?1 AND m.mission_id = ?2 AND m.lead_no < ?3
ORDER BY m.lead_no DESC LIMIT ?4

-- name: identifier_owner (workspace_id, key)
SELECT lead_no FROM identifier WHERE workspace_id = ?1 AND key = ?2
-- name: identifier_insert (workspace_id, key, lead_no)
INSERT INTO identifier (workspace_id, key, lead_no) VALUES (?1, ?2, ?3)
-- name: identifier_delete (workspace_id, key, lead_no)
DELETE FROM identifier WHERE workspace_id = ?1 AND key = ?2 AND lead_no = ?3

-- name: suppression_add (workspace_id, key)
INSERT INTO suppression (workspace_id, key) VALUES (?1, ?2) ON CONFLICT DO NOTHING
-- name: suppression_find (workspace_id, key)
SELECT 1 FROM suppression WHERE workspace_id = ?1 AND key = ?2

-- name: change_last_number ()
SELECT COALESCE(MAX(no), 0) FROM change
-- name: change_insert (no, workspace_id, lead_no, prev, id, at, observed_at, kind, actor, via, import_no, import_row, source, matched, searchable, patch, gained, lost)
INSERT INTO change (no, workspace_id, lead_no, prev, id, at, observed_at, kind, actor, via,
                    import_no, import_row, source, matched, searchable, patch, gained, lost)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)
-- name: change_by_number (no)
SELECT c.lead_no, c.prev, c.id, c.at, c.observed_at, c.kind, c.actor, c.via, c.import_no, c.source,
       c.matched, c.patch, c.gained, c.lost, i.id, i.name, c.workspace_id, c.import_row,
       (SELECT k.name FROM api_key k WHERE k.workspace_id = c.workspace_id AND k.key_no = c.actor)
FROM change c LEFT JOIN import i ON i.no = c.import_no AND i.state <> 5
WHERE c.no = ?1
-- name: change_searchable (above, limit)
SELECT no, lead_no, searchable FROM change WHERE no > ?1 ORDER BY no LIMIT ?2

-- name: list_exists (workspace_id, id)
SELECT 1 FROM list WHERE workspace_id = ?1 AND id = ?2
-- name: list_insert (workspace_id, id, name, at)
INSERT INTO list (workspace_id, id, name, created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?4)
-- name: list_rename (workspace_id, id, name, at)
UPDATE list SET name = ?3, updated_at = ?4 WHERE workspace_id = ?1 AND id = ?2
-- name: list_by_id (workspace_id, id)
SELECT id, name, created_at, updated_at,
       (SELECT COALESCE(SUM(m.leads), 0) FROM member_count m
        WHERE m.workspace_id = ?1 AND m.group_id = ?2)
FROM list WHERE workspace_id = ?1 AND id = ?2
-- name: list_by_name (workspace_id, name)
SELECT id FROM list WHERE workspace_id = ?1 AND name = ?2
-- name: list_page (workspace_id, below_id, limit, offset)
SELECT id, name, created_at, updated_at,
       (SELECT COALESCE(SUM(m.leads), 0) FROM member_count m
        WHERE m.workspace_id = ?1 AND m.group_id = list.id)
FROM list WHERE workspace_id = ?1 AND id < ?2 ORDER BY id DESC LIMIT ?3 OFFSET ?4
-- name: list_page_upward (workspace_id, above_id, limit, offset)
SELECT id, name, created_at, updated_at,
       (SELECT COALESCE(SUM(m.leads), 0) FROM member_count m
        WHERE m.workspace_id = ?1 AND m.group_id = list.id)
FROM list WHERE workspace_id = ?1 AND id > ?2 ORDER BY id LIMIT ?3 OFFSET ?4
-- name: list_count (workspace_id)
SELECT COUNT(*) FROM list WHERE workspace_id = ?1
-- name: list_delete (workspace_id, id)
DELETE FROM list WHERE workspace_id = ?1 AND id = ?2
-- name: list_delete_counts (workspace_id, id)
DELETE FROM member_count WHERE workspace_id = ?1 AND group_id = ?2
-- name: list_gone_insert (workspace_id, id)
INSERT INTO list_gone (workspace_id, id) VALUES (?1, ?2)
-- name: list_gone_first ()
SELECT workspace_id, id FROM list_gone LIMIT 1
-- name: list_gone_clear (workspace_id, list_id, limit)
DELETE FROM list_lead WHERE (workspace_id, list_id, lead_no) IN (
	SELECT workspace_id, list_id, lead_no FROM list_lead
	WHERE workspace_id = ?1 AND list_id = ?2 LIMIT ?3)
-- name: list_gone_delete (workspace_id, id)
DELETE FROM list_gone WHERE workspace_id = ?1 AND id = ?2
-- name: list_add (workspace_id, list_id, lead_no)
INSERT INTO list_lead (workspace_id, list_id, lead_no) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING
-- name: list_remove (workspace_id, list_id, lead_no)
DELETE FROM list_lead WHERE workspace_id = ?1 AND list_id = ?2 AND lead_no = ?3

-- name: mission_exists (workspace_id, id)
SELECT 1 FROM mission WHERE workspace_id = ?1 AND id = ?2
-- name: mission_insert (workspace_id, id, name, active, brief, at)
INSERT INTO mission (workspace_id, id, name, active, brief, created_at, updated_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6)
-- name: mission_update (workspace_id, id, name, active, brief, at)
UPDATE mission SET name = ?3, active = ?4, brief = ?5, updated_at = ?6
WHERE workspace_id = ?1 AND id = ?2
-- name: mission_by_id (workspace_id, id)
SELECT id, name, active, brief, created_at, updated_at FROM mission
WHERE workspace_id = ?1 AND id = ?2
-- name: mission_by_name (workspace_id, name)
SELECT id FROM mission WHERE workspace_id = ?1 AND name = ?2
-- name: mission_page (workspace_id, below_id, limit, active or -1)
SELECT id, name, active, brief, created_at, updated_at FROM mission
WHERE workspace_id = ?1 AND id < ?2 AND (?4 < 0 OR active = ?4) ORDER BY id DESC LIMIT ?3
-- name: member_count_add (workspace_id, group_id, status, leads)
INSERT INTO member_count (workspace_id, group_id, status, leads) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (workspace_id, group_id, status) DO UPDATE SET leads = leads + excluded.leads
-- name: member_counts (workspace_id, group_id)
SELECT status, leads FROM member_count WHERE workspace_id = ?1 AND group_id = ?2
-- name: mission_add (workspace_id, mission_id, lead_no)
INSERT INTO mission_lead (workspace_id, mission_id, lead_no) VALUES (?1, ?2, ?3)
ON CONFLICT DO NOTHING
-- name: mission_remove (workspace_id, mission_id, lead_no)
DELETE FROM mission_lead WHERE workspace_id = ?1 AND mission_id = ?2 AND lead_no = ?3

-- name: import_insert (workspace_id, id, name, type, dry_run, actor, via, file, settings, columns, at, bytes_total)
INSERT INTO import (workspace_id, id, name, type, state, dry_run, actor, via, file, settings,
                    columns, created_at, updated_at, rows_done, bytes_done, bytes_total, created,
                    updated, unchanged, conflict, invalid, skipped, leads)
VALUES (?1, ?2, ?3, ?4, 0, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?11, 0, 0, ?12, 0, 0, 0, 0, 0, 0, 0)
-- name: import_by_id (workspace_id, id)
SELECT no, workspace_id, id, name, type, state, dry_run, actor, via, file, settings, columns,
       created_at, updated_at, rows_done, rows_total, bytes_done, bytes_total, created, updated,
       unchanged, conflict, invalid, skipped, leads, error
FROM import WHERE workspace_id = ?1 AND id = ?2 AND state <> 5
-- name: import_page (workspace_id, below_id, limit, offset, state or -1)
SELECT no, workspace_id, id, name, type, state, dry_run, actor, via, file, settings, columns,
       created_at, updated_at, rows_done, rows_total, bytes_done, bytes_total, created, updated,
       unchanged, conflict, invalid, skipped, leads, error
FROM import WHERE workspace_id = ?1 AND id < ?2 AND state <> 5 AND (?5 < 0 OR state = ?5)
ORDER BY id DESC LIMIT ?3 OFFSET ?4
-- name: import_page_upward (workspace_id, above_id, limit, offset, state or -1)
SELECT no, workspace_id, id, name, type, state, dry_run, actor, via, file, settings, columns,
       created_at, updated_at, rows_done, rows_total, bytes_done, bytes_total, created, updated,
       unchanged, conflict, invalid, skipped, leads, error
FROM import WHERE workspace_id = ?1 AND id > ?2 AND state <> 5 AND (?5 < 0 OR state = ?5)
ORDER BY id LIMIT ?3 OFFSET ?4
-- name: import_count (workspace_id, state or -1)
SELECT COUNT(*) FROM import
WHERE workspace_id = ?1 AND state <> 5 AND (?2 < 0 OR state = ?2)
-- name: import_next_open ()
SELECT no, workspace_id, id, name, type, state, dry_run, actor, via, file, settings, columns,
       created_at, updated_at, rows_done, rows_total, bytes_done, bytes_total, created, updated,
       unchanged, conflict, invalid, skipped, leads, error
FROM import WHERE state <= 1 ORDER BY state DESC, no LIMIT 1
-- name: import_state (no)
SELECT state FROM import WHERE no = ?1
-- name: import_progress (no, state, rows_done, rows_total, bytes_done, created, updated, unchanged, conflict, invalid, skipped, leads, error, at)
UPDATE import SET state = ?2, rows_done = ?3, rows_total = ?4, bytes_done = ?5, created = ?6,
       updated = ?7, unchanged = ?8, conflict = ?9, invalid = ?10, skipped = ?11, leads = ?12,
       error = ?13, updated_at = ?14
WHERE no = ?1 AND state <= 1
-- name: import_cancel (workspace_id, id, at)
UPDATE import SET state = 4, updated_at = ?3 WHERE workspace_id = ?1 AND id = ?2 AND state <= 1
-- name: import_rename (no, name, at)
UPDATE import SET name = ?2, updated_at = ?3 WHERE no = ?1
-- name: import_delete (no, at)
UPDATE import SET state = 5, updated_at = ?2, name = '', settings = '{}', columns = '[]',
       error = NULL WHERE no = ?1 AND state > 1
-- name: import_files (file)
SELECT COUNT(*) FROM import WHERE file = ?1
-- name: import_leftover ()
SELECT no, file FROM import WHERE state > 1 AND file <> '' LIMIT 1
-- name: import_forget_file (no)
UPDATE import SET file = '' WHERE no = ?1 AND state > 1
-- name: import_name (no)
SELECT id, name FROM import WHERE no = ?1 AND state <> 5
-- name: import_row_insert (workspace_id, import_no, row, outcome, lead_no, detail)
INSERT INTO import_row (workspace_id, import_no, row, outcome, lead_no, detail, refused)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, CASE WHEN ?4 >= 3 THEN ?3 END)
-- name: import_row_clear (workspace_id, import_no, limit)
DELETE FROM import_row WHERE (workspace_id, import_no, row) IN (
	SELECT workspace_id, import_no, row FROM import_row
	WHERE workspace_id = ?1 AND import_no = ?2 LIMIT ?3)
-- name: import_row_touched (workspace_id, import_no, lead_no)
SELECT 1 FROM import_row
WHERE workspace_id = ?1 AND import_no = ?2 AND lead_no = ?3 AND lead_no IS NOT NULL LIMIT 1
-- name: import_leads (workspace_id, import_no, above_row, limit)
SELECT r.row, l.no, l.id, l.version, l.status, l.created_at, l.updated_at, l.doc
FROM import_row r JOIN lead l ON l.no = r.lead_no
WHERE r.workspace_id = ?1 AND r.import_no = ?2 AND r.row > ?3 AND l.deleted_at IS NULL
  AND NOT EXISTS (SELECT 1 FROM import_row e
                  WHERE e.workspace_id = ?1 AND e.import_no = ?2 AND e.lead_no = r.lead_no
                    AND e.row < r.row AND e.lead_no IS NOT NULL)
ORDER BY r.row LIMIT ?4
-- name: import_refused (workspace_id, import_no, above_row, limit, outcome or -1)
SELECT row, outcome, detail FROM import_row
WHERE workspace_id = ?1 AND import_no = ?2 AND refused > ?3 AND (?5 < 0 OR outcome = ?5)
ORDER BY refused LIMIT ?4

-- name: replay_find (workspace_id, actor, name)
SELECT request, answer, at FROM idempotency WHERE workspace_id = ?1 AND actor = ?2 AND name = ?3
-- name: replay_insert (workspace_id, actor, name, request, at, answer)
INSERT INTO idempotency (workspace_id, actor, name, request, at, answer)
VALUES (?1, ?2, ?3, ?4, ?5, ?6)
ON CONFLICT (workspace_id, actor, name) DO UPDATE
SET request = excluded.request, at = excluded.at, answer = excluded.answer
-- name: replay_expire (workspace_id, before, limit)
DELETE FROM idempotency WHERE (workspace_id, actor, name) IN (
	SELECT workspace_id, actor, name FROM idempotency WHERE workspace_id = ?1 AND at < ?2 LIMIT ?3)

-- name: search_progress ()
SELECT change_no, origin, layout, whole FROM progress
-- name: search_progress_set (change_no, origin, layout, whole)
INSERT INTO progress (one, change_no, origin, layout, whole) VALUES (1, ?1, ?2, ?3, ?4)
ON CONFLICT (one) DO UPDATE SET change_no = excluded.change_no, whole = excluded.whole
-- name: search_texts (no)
SELECT name, email, company, title, job_title, description FROM lead_text WHERE rowid = ?1
-- name: search_put (no, name, email, company, title, job_title, description)
INSERT OR REPLACE INTO lead_text (rowid, name, email, company, title, job_title, description)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
-- name: search_drop (no)
DELETE FROM lead_text WHERE rowid = ?1
-- name: search_merge (pages)
INSERT INTO lead_text (lead_text, rank) VALUES ('merge', ?1)
-- name: search_find (match, below, first)
SELECT rowid FROM lead_text WHERE lead_text MATCH ?1 AND rowid < ?2 AND rowid >= ?3
ORDER BY rowid DESC
-- name: search_all (match, first, last)
SELECT collect(rowid) FROM lead_text WHERE lead_text MATCH ?1 AND rowid BETWEEN ?2 AND ?3

-- name: grid_cells (key)
SELECT cells FROM cell_block WHERE key = ?1
-- name: grid_cells_set (key, cells)
INSERT INTO cell_block (key, cells) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET cells = ?2
-- name: grid_cells_clear (key)
DELETE FROM cell_block WHERE key = ?1
-- name: grid_column (first_key, last_key)
SELECT key, cells FROM cell_block WHERE key BETWEEN ?1 AND ?2
-- name: grid_column_down (first_key, last_key)
SELECT key, cells FROM cell_block WHERE key BETWEEN ?1 AND ?2 ORDER BY key DESC
-- name: grid_members (set_key, chunk)
SELECT members FROM set_block WHERE set_key = ?1 AND chunk = ?2
-- name: grid_members_set (set_key, chunk, members)
INSERT INTO set_block (set_key, chunk, members) VALUES (?1, ?2, ?3)
ON CONFLICT (set_key, chunk) DO UPDATE SET members = ?3
-- name: grid_members_clear (set_key, chunk)
DELETE FROM set_block WHERE set_key = ?1 AND chunk = ?2
-- name: grid_set (set_key, first_chunk, last_chunk)
SELECT chunk, members FROM set_block WHERE set_key = ?1 AND chunk BETWEEN ?2 AND ?3
-- name: grid_last_chunk (set_key, first_chunk, last_chunk)
SELECT MAX(chunk) FROM set_block WHERE set_key = ?1 AND chunk BETWEEN ?2 AND ?3
-- name: grid_lead_keys (no)
SELECT keys FROM lead_set WHERE no = ?1
-- name: grid_lead_keys_set (no, keys)
INSERT INTO lead_set (no, keys) VALUES (?1, ?2) ON CONFLICT (no) DO UPDATE SET keys = ?2
-- name: grid_lead_forget (no)
DELETE FROM lead_set WHERE no = ?1

-- name: entry_insert (workspace_id, kind, id, name, about, doc, at, scope)
INSERT INTO entry (workspace_id, kind, id, name, about, doc, created_at, updated_at, scope)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7, ?8)
-- name: entry_update (workspace_id, kind, id, name, doc, at)
UPDATE entry SET name = ?4, doc = ?5, updated_at = ?6
WHERE workspace_id = ?1 AND kind = ?2 AND id = ?3
-- name: entry_bury (workspace_id, kind, id, at)
INSERT INTO entry_gone (workspace_id, kind, id, name, created_at, updated_at, deleted_at)
SELECT workspace_id, kind, id, name, created_at, updated_at, ?4 FROM entry
WHERE workspace_id = ?1 AND kind = ?2 AND id = ?3 AND name IS NOT NULL
-- name: entry_delete (workspace_id, kind, id)
DELETE FROM entry WHERE workspace_id = ?1 AND kind = ?2 AND id = ?3
-- name: entry_by_id (workspace_id, kind, id)
SELECT id, name, about, doc, created_at, updated_at, 0, scope FROM entry
WHERE workspace_id = ?1 AND kind = ?2 AND id = ?3
-- name: entry_gone_by_id (workspace_id, kind, id)
SELECT id, name, NULL, '{}', created_at, updated_at, deleted_at, 0 FROM entry_gone
WHERE workspace_id = ?1 AND kind = ?2 AND id = ?3
-- name: entry_by_name (workspace_id, kind, name, scope)
SELECT id, name, about, doc, created_at, updated_at, 0, scope FROM entry
WHERE workspace_id = ?1 AND kind = ?2 AND scope = ?4 AND name = ?3
-- name: entry_page (workspace_id, kind, below_id, limit, offset)
SELECT id, name, about, doc, created_at, updated_at, 0, scope FROM entry
WHERE workspace_id = ?1 AND kind = ?2 AND id < ?3 ORDER BY id DESC LIMIT ?4 OFFSET ?5
-- name: entry_page_upward (workspace_id, kind, above_id, limit, offset)
SELECT id, name, about, doc, created_at, updated_at, 0, scope FROM entry
WHERE workspace_id = ?1 AND kind = ?2 AND id > ?3 ORDER BY id LIMIT ?4 OFFSET ?5
-- name: entry_page_about (workspace_id, kind, below_id, limit, offset, about)
SELECT id, name, about, doc, created_at, updated_at, 0, scope FROM entry
WHERE workspace_id = ?1 AND kind = ?2 AND about = ?6 AND id < ?3
ORDER BY id DESC LIMIT ?4 OFFSET ?5
-- name: entry_page_about_upward (workspace_id, kind, above_id, limit, offset, about)
SELECT id, name, about, doc, created_at, updated_at, 0, scope FROM entry
WHERE workspace_id = ?1 AND kind = ?2 AND about = ?6 AND id > ?3
ORDER BY id LIMIT ?4 OFFSET ?5
-- name: entry_count_add (workspace_id, kind, entries)
INSERT INTO entry_count (workspace_id, kind, entries) VALUES (?1, ?2, ?3)
ON CONFLICT (workspace_id, kind) DO UPDATE SET entries = entries + excluded.entries
-- name: entry_count (workspace_id, kind)
SELECT entries FROM entry_count WHERE workspace_id = ?1 AND kind = ?2
-- name: entry_count_about (workspace_id, kind, about)
SELECT COUNT(*) FROM entry WHERE workspace_id = ?1 AND kind = ?2 AND about = ?3
-- name: entry_key_claim (workspace_id, kind, key, entry_id)
INSERT INTO entry_key (workspace_id, kind, key, entry_id) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (workspace_id, kind, key) DO UPDATE SET entry_id = excluded.entry_id
WHERE entry_key.entry_id = excluded.entry_id
-- name: entry_key_release (workspace_id, kind, key, entry_id)
DELETE FROM entry_key WHERE workspace_id = ?1 AND kind = ?2 AND key = ?3 AND entry_id = ?4
-- name: entry_key_release_all (workspace_id, kind, entry_id)
DELETE FROM entry_key WHERE workspace_id = ?1 AND kind = ?2 AND entry_id = ?3
-- name: entry_keys_of (workspace_id, kind, entry_id)
SELECT key FROM entry_key WHERE workspace_id = ?1 AND kind = ?2 AND entry_id = ?3
-- name: entry_key_owner (workspace_id, kind, key)
SELECT entry_id FROM entry_key WHERE workspace_id = ?1 AND kind = ?2 AND key = ?3
-- name: defaults_read (workspace_id)
SELECT inbox_id, stage_new_id FROM workspace_default WHERE workspace_id = ?1
-- name: defaults_insert (workspace_id, inbox_id, stage_new_id)
INSERT INTO workspace_default (workspace_id, inbox_id, stage_new_id) VALUES (?1, ?2, ?3)
-- name: defaults_missing ()
SELECT workspace_id FROM workspace
WHERE NOT EXISTS (SELECT 1 FROM workspace_default d WHERE d.workspace_id = workspace.workspace_id)
ORDER BY workspace_id LIMIT 1

-- name: migration_table ()
CREATE TABLE IF NOT EXISTS migration (number INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum BLOB NOT NULL, at INTEGER NOT NULL)
-- name: migration_all ()
SELECT number, name, checksum FROM migration ORDER BY number
-- name: migration_insert (number, name, checksum, at)
INSERT INTO migration (number, name, checksum, at) VALUES (?1, ?2, ?3, ?4)
