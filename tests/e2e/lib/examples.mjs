// examples: the catalogue's examples, and a workspace furnished with the things that they name.
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";

import { ROOT } from "./place.mjs";

const FOLDER = path.join(ROOT, "catalogue", "commands");

/** The ids of all commands, in their order. */
export const ids = readdirSync(FOLDER).map((name) => name.replace(/\.json$/, "")).sort();

/* The ids that examples use for things, see catalogue/README.md. */
const EXAMPLE_IDS = {
  lead: "01a1f866-0d00-7c41-9e55-2f0b6d3a9c10",
  list: "01a1f866-1a2b-7d02-8f3e-5b7c9d1e2f30",
  mission: "01a1f866-2c3d-7e13-9a4f-6c8d0e2f3a41",
  import: "01a1f866-3e4f-7f24-8b50-7d9e1f3a4b52",
  entry: "01a1f866-5a71-7146-8d72-9fb03c5d6e74",
  company: "01a1f866-4f60-7035-9c61-8eaf2b4c5d63",
  tag: "01a1f866-6b82-7257-8e83-a0c14d6e7f85",
  stage: "01a1f866-7c93-7368-9f94-b1d25e7f8096",
  field: "01a1f866-5071-7146-9d72-9fb03c5d6e74",
  note: "01a1f866-9eb5-758a-9bb6-d3f4708192b8",
  webhook: "01a1f866-b0d7-77ac-9dd8-f516920314da",
  export: "01a1f866-6b82-7257-9e83-a0c14d6e7f85",
};

/** One of each thing that examples name, in the workspace of the server's key: their ids. */
export async function furnish(server) {
  const lead = await server.data("lead.upsert", {
    email: "ada.example@example.com", name: "Ada Example", chatbot_id: "shop-assistant",
    external_ids: [{ source: "hubspot", id: "40251" }],
  });
  const about = { object: "lead", object_id: lead.lead_id };

  for (const name of ["A", "B"]) await server.data("lead.update", { lead_id: lead.lead_id, name });
  const { list } = await server.data("list.create", { name: "A list" });
  const { mission } = await server.data("mission.create", { name: "A mission" });
  const made = await server.data("import.create",
    { content: "Name,Email\n" + "Bo,bo@example.com\n".repeat(5) });
  const { entry } = await server.data("blacklist.add", { object: "company", name: "Nobody Inc" });
  const { companies } = await server.data("company.upsert", { companies: [{ name: "A company" }] });
  const { tag } = await server.data("tag.create", { name: "A tag" });
  const { stage } = await server.data("stage.create",
    { name: "A stage", object: "lead", category: "positive" });
  const { field } = await server.data("field.create", { name: "A field", object: "lead" });
  const { note } = await server.data("note.create", { ...about, note: "A note" });
  const { webhook } = await server.data("webhook.create",
    { name: "A webhook", events: ["lead.created"], target_url: "https://hooks.example.com/x" });
  const { export: file } = await server.data("export.create", {});

  return {
    lead: lead.lead_id, list: list.id, mission: mission.id, import: made.import.import_id,
    entry: entry.id, company: companies[0].id, tag: tag.id,
    stage: stage.id, field: field.id, note: note.id, webhook: webhook.id,
    export: file.id,
  };
}

/** The text of an example with the ids of what was made. */
export function withIds(code, made) {
  return Object.entries(EXAMPLE_IDS)
    .reduce((text, [name, id]) => text.replaceAll(id, made[name]), code);
}

/** {title, language, code} of each example of a command. */
export function examplesOf(id) {
  return JSON.parse(readFileSync(path.join(FOLDER, `${id}.json`), "utf8")).examples;
}

/** What an example may come to beside success: an import may be over before it is cancelled. */
export function mayFail(id, error) {
  return id === "import.cancel" && error?.code === "STATE_CONFLICT";
}
