// tables: whether the database is whole, as no API shows it.
import assert from "node:assert/strict";

/** No keys without a lead, no leads without a change, no broken chains. */
export async function checkTables(place) {
  const count = async (query) => (await place.sql(`SELECT count(*) AS n ${query}`))[0].n;

  assert.deepEqual(await place.sql("PRAGMA integrity_check"), [{ integrity_check: "ok" }]);
  assert.equal(await count("FROM identifier i LEFT JOIN lead l ON l.no = i.lead_no " +
    "WHERE l.no IS NULL OR l.deleted_at IS NOT NULL"), 0, "identifiers of nobody");
  assert.equal(await count("FROM lead l LEFT JOIN (SELECT lead_no, count(*) AS held FROM " +
    "identifier GROUP BY lead_no) i ON i.lead_no = l.no WHERE l.deleted_at IS NULL AND " +
    "coalesce(i.held, 0) <> json_array_length(l.doc, '$.ids')"), 0,
  "leads with fewer identifiers than they say");
  assert.equal(await count("FROM lead l LEFT JOIN change c ON c.no = l.last_change " +
    "WHERE c.lead_no IS NOT l.no"), 0, "leads whose last change is missing");
  assert.equal(await count("FROM lead l LEFT JOIN (SELECT lead_no, count(*) AS made FROM change " +
    "GROUP BY lead_no) c ON c.lead_no = l.no WHERE l.version IS NOT c.made"), 0,
  "versions without a change");
  assert.equal(await count("FROM change c LEFT JOIN change p ON p.no = c.prev WHERE " +
    "(c.prev = 0) <> (c.kind = 0) " +
    "OR (c.prev <> 0 AND p.lead_no IS NOT c.lead_no)"), 0, "broken chains");
}
