-- The search index: derived from the leads, in a file of its own so that filling it never holds
-- up a write. Deleting the file only means that it is filled again.

CREATE VIRTUAL TABLE lead_text USING fts5 (
	name, email, company, title, job_title,
	tokenize = "unicode61 remove_diacritics 2",
	prefix = '1 2 3',
	detail = 'column',
	columnsize = 0
);

-- New entries are gathered in memory up to this many bytes before they become a segment.
INSERT INTO lead_text (lead_text, rank) VALUES ('hashsize', 16777216);

CREATE TABLE progress (
	one       INTEGER PRIMARY KEY CHECK (one = 1),
	change_no INTEGER NOT NULL, -- every change up to here is in the index
	origin    BLOB NOT NULL     -- the first workspace's id: an index of another database is thrown away
);
