-- Galena's first schema. Released migrations are never edited: add a new number instead.
--
-- Every table begins with workspace_id, and every key contains it, so that an engine that shards
-- by it can. Times are milliseconds since 1970 UTC; ids are 16-byte UUIDv7.

CREATE TABLE workspace (
	workspace_id INTEGER PRIMARY KEY,
	id           BLOB NOT NULL,
	name         TEXT NOT NULL UNIQUE,
	created_at   INTEGER NOT NULL
);

-- Looked up by hash before the workspace is known; small, so every shard would hold a copy.
CREATE TABLE api_key (
	workspace_id INTEGER NOT NULL,
	key_no       INTEGER NOT NULL,
	id           BLOB NOT NULL,
	name         TEXT NOT NULL,
	hash         BLOB NOT NULL UNIQUE, -- BLAKE2b-256 of the whole key
	scopes       TEXT NOT NULL,        -- blank-separated
	created_at   INTEGER NOT NULL,
	expires_at   INTEGER,
	revoked_at   INTEGER,
	PRIMARY KEY (workspace_id, key_no)
);

-- no is workspace_id << 40 | the workspace's running number: one range of rows per workspace,
-- newest last, and the row number of the search index as well.
CREATE TABLE lead (
	no           INTEGER PRIMARY KEY,
	workspace_id INTEGER NOT NULL,
	id           BLOB NOT NULL,
	version      INTEGER NOT NULL,
	status       INTEGER NOT NULL, -- enum status of lead/status.h
	created_at   INTEGER NOT NULL,
	updated_at   INTEGER NOT NULL,
	deleted_at   INTEGER,
	last_change  INTEGER NOT NULL, -- change.no; a lead's history is a chain from here
	doc          TEXT NOT NULL     -- the fold of its changes, see lead/record.h
);
CREATE UNIQUE INDEX lead_by_id ON lead (workspace_id, id);
CREATE INDEX lead_by_status ON lead (workspace_id, status) WHERE deleted_at IS NULL;

-- key is identifier_key_of() in lead/identifier.h. Uniqueness is this primary key.
CREATE TABLE identifier (
	workspace_id INTEGER NOT NULL,
	key          BLOB NOT NULL,
	lead_no      INTEGER NOT NULL,
	PRIMARY KEY (workspace_id, key)
) WITHOUT ROWID;

-- Identifiers that a lead gave up (it was deleted, or they were replaced) while its status was
-- do_not_contact: whoever comes with one again is not to be contacted either.
CREATE TABLE suppression (
	workspace_id INTEGER NOT NULL,
	key          BLOB NOT NULL, -- as in identifier
	PRIMARY KEY (workspace_id, key)
) WITHOUT ROWID;

-- Append-only. no is the order of commits; prev is the lead's change before this one, or 0.
CREATE TABLE change (
	no           INTEGER PRIMARY KEY,
	workspace_id INTEGER NOT NULL,
	lead_no      INTEGER NOT NULL,
	prev         INTEGER NOT NULL,
	id           BLOB NOT NULL,
	at           INTEGER NOT NULL,
	observed_at  INTEGER,          -- absent: the same as at
	kind         INTEGER NOT NULL, -- enum change_kind of store/changes.h
	actor        INTEGER NOT NULL, -- api_key.key_no; 0: the program on this machine
	via          INTEGER NOT NULL, -- enum change_via of store/changes.h
	import_no    INTEGER,
	import_row   INTEGER,
	source       TEXT,
	matched      INTEGER NOT NULL, -- bits 1 << enum identifier_kind
	searchable   INTEGER NOT NULL, -- 1: the search index must read the lead again
	patch        TEXT NOT NULL,    -- {field: new value, or null for cleared}
	gained       TEXT,             -- [packed identifiers]
	lost         TEXT
);

CREATE TABLE list (
	workspace_id INTEGER NOT NULL,
	id           BLOB NOT NULL,
	name         TEXT NOT NULL,
	created_at   INTEGER NOT NULL,
	updated_at   INTEGER NOT NULL,
	PRIMARY KEY (workspace_id, id),
	UNIQUE (workspace_id, name)
);

CREATE TABLE list_lead (
	workspace_id INTEGER NOT NULL,
	list_id      BLOB NOT NULL,
	lead_no      INTEGER NOT NULL,
	PRIMARY KEY (workspace_id, list_id, lead_no)
) WITHOUT ROWID;

CREATE TABLE mission (
	workspace_id INTEGER NOT NULL,
	id           BLOB NOT NULL,
	name         TEXT NOT NULL,
	active       INTEGER NOT NULL,
	brief        TEXT NOT NULL, -- JSON object
	created_at   INTEGER NOT NULL,
	updated_at   INTEGER NOT NULL,
	PRIMARY KEY (workspace_id, id),
	UNIQUE (workspace_id, name)
);

CREATE TABLE mission_lead (
	workspace_id INTEGER NOT NULL,
	mission_id   BLOB NOT NULL,
	lead_no      INTEGER NOT NULL,
	PRIMARY KEY (workspace_id, mission_id, lead_no)
) WITHOUT ROWID;

-- How many leads of a list or mission are in each status; kept with every write.
CREATE TABLE member_count (
	workspace_id INTEGER NOT NULL,
	group_id     BLOB NOT NULL, -- of the list or mission
	status       INTEGER NOT NULL,
	leads        INTEGER NOT NULL,
	PRIMARY KEY (workspace_id, group_id, status)
) WITHOUT ROWID;

CREATE TABLE import (
	no           INTEGER PRIMARY KEY,
	workspace_id INTEGER NOT NULL,
	id           BLOB NOT NULL,
	name         TEXT NOT NULL,
	type         TEXT NOT NULL,    -- form of the file: csv, tsv, ndjson …
	state        INTEGER NOT NULL, -- enum import_state of store/imports.h
	dry_run      INTEGER NOT NULL,
	actor        INTEGER NOT NULL,
	via          INTEGER NOT NULL,
	file         TEXT NOT NULL,    -- name of the upload; empty once that was removed
	settings     TEXT NOT NULL,    -- JSON: mapping, list_id, mission_id, source, tags, policy …
	columns      TEXT NOT NULL,    -- JSON array: the input's own header; empty for JSON rows
	created_at   INTEGER NOT NULL,
	updated_at   INTEGER NOT NULL,
	rows_done    INTEGER NOT NULL,
	rows_total   INTEGER,
	bytes_done   INTEGER NOT NULL,
	bytes_total  INTEGER NOT NULL,
	created      INTEGER NOT NULL,
	updated      INTEGER NOT NULL,
	unchanged    INTEGER NOT NULL,
	conflict     INTEGER NOT NULL,
	invalid      INTEGER NOT NULL,
	skipped      INTEGER NOT NULL,
	leads        INTEGER NOT NULL, -- made or touched, each once
	error        TEXT
);
CREATE UNIQUE INDEX import_by_id ON import (workspace_id, id);
CREATE INDEX import_open ON import (state) WHERE state <= 1;
CREATE INDEX import_leftover ON import (no) WHERE state > 1 AND file <> '';

-- One row per row of the input. A refused one keeps its cells, so that it can be mended.
CREATE TABLE import_row (
	workspace_id INTEGER NOT NULL,
	import_no    INTEGER NOT NULL,
	row          INTEGER NOT NULL, -- from 1, header and preamble not counted
	outcome      INTEGER NOT NULL, -- enum import_outcome of store/imports.h
	lead_no      INTEGER,          -- absent: refused
	refused      INTEGER,          -- row, where it was refused: finds those few among many
	detail       TEXT,             -- JSON: code, message, column, candidates, cells
	PRIMARY KEY (workspace_id, import_no, row)
) WITHOUT ROWID;
CREATE INDEX import_row_refused ON import_row (workspace_id, import_no, refused)
WHERE refused IS NOT NULL;
-- Which row of an import was the first about a lead.
CREATE INDEX import_row_lead ON import_row (workspace_id, import_no, lead_no, row)
WHERE lead_no IS NOT NULL;

CREATE TABLE idempotency (
	workspace_id INTEGER NOT NULL,
	actor        INTEGER NOT NULL,
	name         TEXT NOT NULL, -- the Idempotency-Key as sent
	request      BLOB NOT NULL, -- hash of command and input
	at           INTEGER NOT NULL,
	answer       TEXT NOT NULL, -- the reply, as command/reply.h packs it
	PRIMARY KEY (workspace_id, actor, name)
) WITHOUT ROWID;
CREATE INDEX idempotency_by_age ON idempotency (workspace_id, at);
