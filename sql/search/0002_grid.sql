-- Descriptions become searchable, and filters, orders and totals get the grid of store/grid.h.
-- Everything here is derived from the leads and is filled anew.

DROP TABLE lead_text;
CREATE VIRTUAL TABLE lead_text USING fts5 (
	name, email, company, title, job_title, description,
	tokenize = "unicode61 remove_diacritics 2",
	prefix = '3', -- shorter beginnings are sets, see below
	detail = 'column',
	columnsize = 0
);

-- New entries are gathered in memory up to this many bytes before they become a segment.
INSERT INTO lead_text (lead_text, rank) VALUES ('hashsize', 16777216);

DROP TABLE progress;
CREATE TABLE progress (
	one       INTEGER PRIMARY KEY CHECK (one = 1),
	change_no INTEGER NOT NULL, -- every change up to here is in the index
	origin    BLOB NOT NULL,    -- the first workspace's id: an index of another database is thrown away
	layout    INTEGER NOT NULL, -- grid_layout() when it was begun: another program's is thrown away
	whole     INTEGER NOT NULL  -- 1: it was up to date once since it was begun
);

-- One value of 1,024 leads that lie side by side, 8 bytes for each; zeros at the end are left
-- out, and so are rows of zeros alone. key is column << 53 | lead.no >> 10.
CREATE TABLE cell_block (
	key   INTEGER PRIMARY KEY,
	cells BLOB NOT NULL
);

-- Which of 1,024 leads are in a set (those with a status, on a list, with a tag, with a word that
-- begins so …): a bit for each in 128 bytes, or, where they are few, 2 bytes for each member.
CREATE TABLE set_block (
	set_key INTEGER NOT NULL, -- grid_key_of() and its like
	chunk   INTEGER NOT NULL, -- lead.no >> 10
	members BLOB NOT NULL,
	PRIMARY KEY (set_key, chunk)
) WITHOUT ROWID;

-- The sets that a lead is in, but for those of words: 8 bytes for each, ascending.
CREATE TABLE lead_set (
	no   INTEGER PRIMARY KEY,
	keys BLOB NOT NULL
);
