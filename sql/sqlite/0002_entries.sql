-- The small things around leads in one table, and what every workspace has from its start.
-- See docs/decisions/0004-one-table-for-small-things.md.

CREATE TABLE entry (
	workspace_id INTEGER NOT NULL,
	kind         INTEGER NOT NULL, -- enum entry_kind of store/entries.h
	id           BLOB NOT NULL,
	scope        INTEGER NOT NULL, -- names are unique within a kind and scope; mostly 0
	name         TEXT,             -- absent: none
	about        BLOB,             -- id of the lead, company or chatbot it is about; absent: none
	doc          TEXT NOT NULL,    -- canonical JSON object, understood by its commands
	created_at   INTEGER NOT NULL,
	updated_at   INTEGER NOT NULL,
	PRIMARY KEY (workspace_id, kind, id)
);
CREATE UNIQUE INDEX entry_by_name ON entry (workspace_id, kind, scope, name)
WHERE name IS NOT NULL;
CREATE INDEX entry_about ON entry (workspace_id, kind, about, id) WHERE about IS NOT NULL;

-- Names of deleted entries, for the history that speaks of them.
CREATE TABLE entry_gone (
	workspace_id INTEGER NOT NULL,
	kind         INTEGER NOT NULL,
	id           BLOB NOT NULL,
	name         TEXT NOT NULL,
	created_at   INTEGER NOT NULL,
	updated_at   INTEGER NOT NULL,
	deleted_at   INTEGER NOT NULL,
	PRIMARY KEY (workspace_id, kind, id)
) WITHOUT ROWID;

-- Further names by which an entry is found, hashed as identifiers are. Uniqueness is this
-- primary key.
CREATE TABLE entry_key (
	workspace_id INTEGER NOT NULL,
	kind         INTEGER NOT NULL,
	key          BLOB NOT NULL,
	entry_id     BLOB NOT NULL,
	PRIMARY KEY (workspace_id, kind, key)
) WITHOUT ROWID;
CREATE INDEX entry_key_of ON entry_key (workspace_id, kind, entry_id);

-- How many entries of a kind there are; kept with every write.
CREATE TABLE entry_count (
	workspace_id INTEGER NOT NULL,
	kind         INTEGER NOT NULL,
	entries      INTEGER NOT NULL,
	PRIMARY KEY (workspace_id, kind)
) WITHOUT ROWID;

-- What every workspace has from its start, made by store/defaults.h.
CREATE TABLE workspace_default (
	workspace_id INTEGER PRIMARY KEY,
	inbox_id     BLOB NOT NULL, -- list.id
	stage_new_id BLOB NOT NULL  -- entry.id
);

-- Lists that were deleted while they still had leads in list_lead: removed in bounded steps.
CREATE TABLE list_gone (
	workspace_id INTEGER NOT NULL,
	id           BLOB NOT NULL,
	PRIMARY KEY (workspace_id, id)
) WITHOUT ROWID;
