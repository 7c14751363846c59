// SPDX-License-Identifier: MPL-2.0
// Builds everything the browser gets: one script, one style sheet, fonts and icons, each with its hash in its name.
// Writes ../static/dist and, last, manifest.json, which is also the list of what the server hands out.

import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import * as esbuild from "esbuild";

const HERE = dirname(fileURLToPath(import.meta.url));
const ROOT = join(HERE, "../../../..");
const DIST = join(HERE, "../static/dist");
const ICONS = join(ROOT, "node_modules/lucide-static/icons");

/** Bundles script and style sheet; fonts follow as files of their own. */
async function bundle() {
  await esbuild.build({
    entryPoints: { app: join(HERE, "js/app.js"), style: join(HERE, "css/app.css") },
    outdir: DIST,
    entryNames: "[name]-[hash]",
    assetNames: "[name]-[hash]",
    bundle: true,
    minify: true,
    format: "iife",
    target: ["chrome109", "firefox115", "safari16.4"],
    loader: { ".woff2": "file" },
    legalComments: "external",
    logLevel: "warning",
  });
}

/** Keeps the drawing of each icon named in icons.txt, without its frame; the template sets that. */
async function icons() {
  const names = (await readFile(join(HERE, "icons.txt"), "utf8")).split("\n").filter((name) => name && !name.startsWith("#"));
  const drawings = {};
  for (const name of names) {
    const svg = await readFile(join(ICONS, `${name}.svg`), "utf8");
    drawings[name] = svg.replace(/<!--[^]*?-->/g, "").replace(/<svg[^>]*>|<\/svg>/g, "").replace(/\s+/g, " ").trim();
  }
  await writeFile(join(DIST, "icons.json"), JSON.stringify(drawings));
}

/** The tab's picture (the closed seal), and the drawings of dialogs that tools/draw_dialogs.py makes. */
async function drawings() {
  const pictures = (await readdir(join(HERE, "pictures"))).map((name) => join(HERE, "pictures", name));
  for (const path of [join(HERE, "seal.svg"), ...pictures]) {
    const svg = await readFile(path);
    const hash = createHash("sha256").update(svg).digest("hex").slice(0, 8).toUpperCase();
    await writeFile(join(DIST, `${basename(path, ".svg")}-${hash}.svg`), svg);
  }
}

/** Maps plain names to hashed ones: {"app.js": "app-3XK2.js", …}. */
async function manifest() {
  const files = (await readdir(DIST)).filter((name) => /-[0-9A-Z]{8}\.(js|css|woff2|svg)$/.test(name)).sort();
  const entries = files.map((name) => [name.replace(/-[0-9A-Z]{8}(?=\.\w+$)/, ""), name]);
  await writeFile(join(DIST, "manifest.json"), JSON.stringify(Object.fromEntries(entries), null, 1));
}

await rm(DIST, { recursive: true, force: true });
await mkdir(DIST, { recursive: true });
await bundle();
await icons();
await drawings();
await manifest();
