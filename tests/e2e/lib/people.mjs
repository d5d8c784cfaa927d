// people: invented people and the names that LinkedIn has for them.

/* Three real-looking ids of one invented member number differ only in tag and tail. */
const TAGS = { member: 0x002a, sales: 0x002c };

/**
 * A LinkedIn token of `member`: 29 bytes as base64url. `tail` chooses one of many that the same
 * member may have.
 */
function token(tag, member, tail) {
  const bytes = Buffer.alloc(29, tail);

  bytes.writeUInt16BE(tag, 0);
  bytes.writeUInt16BE(0, 2);
  bytes.writeUInt32BE(member, 4);
  bytes[8] = 1;
  return bytes.toString("base64url");
}

/** The ACoAA… id of a member. */
export function memberId(member, tail = 0x5a) {
  return token(TAGS.member, member, tail);
}

/** The ACwAA… id that Sales Navigator has for the same member. */
export function salesId(member, tail = 0xa5) {
  return token(TAGS.sales, member, tail);
}

/** Person number `n`, always the same. */
export function person(n) {
  return {
    email: `person.${n}@example.com`,
    name: `Person Number${n}`,
    job_title: `Job ${n % 17}`,
    company: `Company ${n % 101}`,
  };
}

/** CSV of the people from..to-1, header first. */
export function csv(from, to) {
  const lines = ["Name,Email,Job Title,Company"];

  for (let n = from; n < to; n++) {
    const one = person(n);
    lines.push(`${one.name},${one.email},${one.job_title},${one.company}`);
  }
  return lines.join("\n") + "\n";
}
