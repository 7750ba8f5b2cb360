"use strict";
let graph = JSON.parse(document.getElementById("data").textContent);
let picked = "";

const byId = (id) => document.getElementById(id);
const health = (success) => (success == null ? "" : success >= 0.99 ? "good" : success >= 0.95 ? "poor" : "bad");
const percent = (share) => (share < 1 && share > 0.9999 ? "99.99" : String(Number((100 * share).toFixed(2)))) + " %";
const rounded = (n) => (n > 0 && n < 0.005 ? "<0.01" : String(Number(n.toFixed(n >= 100 ? 0 : n >= 10 ? 1 : 2))));
const bytes = (n) => { let unit = 0; for (; n >= 1024 && unit < 3; unit++) n /= 1024; return rounded(n) + " " + ["B", "KiB", "MiB", "GiB"][unit] + "/s"; };
const rate = (l) => (l.rps > 0 ? rounded(l.rps) + "/s" : bytes(l.bytes));
const pen = document.createElement("canvas").getContext("2d");
const wide = (text, font) => { pen.font = font + " system-ui, sans-serif"; return pen.measureText(text).width; };

// Leaves away the end of what has no room.
function cut(text, font, room) {
  if (wide(text, font) <= room) return text;
  while (text && wide(text + "…", font) > room) text = text.slice(0, -1);
  return text + "…";
}

function element(name, attributes, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

// What is drawn: the nodes of the chosen namespace and their neighbours.
function shown() {
  const namespace = byId("namespace").value;
  const node = new Map(graph.nodes.map((n) => [n.id, n]));
  const links = graph.links.filter((l) => !namespace || [l.from, l.to].some((id) => node.get(id).namespace === namespace));
  const used = new Set(links.flatMap((l) => [l.from, l.to]));
  return { nodes: graph.nodes.filter((n) => used.has(n.id)), links, node };
}

const title = (n) => (n.kind === "workload" ? `${n.namespace}/${n.name}` : n.namespace ? `${n.name}.${n.namespace}` : n.name);

// As wide as there is room for, then smaller, and what is still wider is scrolled.
function sized(nodes, links) {
  const room = byId("drawing").clientWidth - 4, narrow = room < 600, many = links.length > 30;
  const size = { width: narrow ? 138 : many ? 152 : 188, height: 46, gap: narrow ? 74 : many ? 76 : 110 };
  let plan = place(nodes, links, size);
  const columns = Math.round((plan.width + size.gap) / (size.width + size.gap));
  if (columns > 1 && plan.width < room - 40) {
    size.gap = Math.min(240, size.gap + (room - 40 - plan.width) / (columns - 1));
    plan = place(nodes, links, size);
  }
  const scale = Math.max(narrow ? 0.85 : 0.65, Math.min(1, room / (plan.width + 40)));
  return { size, plan, scale, many };
}

// A line through points: straight across a column, bent between two.
function line(points) {
  let d = `M${points[0].map(Math.round).join(" ")}`;
  for (let i = 1; i < points.length; i++) {
    const [x1, y1] = points[i - 1], [x2, y2] = points[i], middle = (x1 + x2) / 2;
    d += y1 === y2 || x1 === x2 ? ` L${Math.round(x2)} ${Math.round(y2)}` : ` C${middle} ${y1.toFixed(1)} ${middle} ${y2.toFixed(1)} ${Math.round(x2)} ${y2.toFixed(1)}`;
  }
  return d;
}

// Words go where no others are: along the last bend before the arrow, or else along an earlier one.
function wordsAt(points, text, taken) {
  const length = wide(text, "11px") + 6, spots = [];
  for (let i = points.length - 1; i > 0; i -= 2) {
    const [[x1, y1], [x2, y2]] = [points[i - 1], points[i]];
    for (const t of [0.55, 0.4, 0.68, 0.3, 0.78]) {
      const u = 1 - t, bend = u ** 3 + 3 * u * u * t; // the curve keeps the heights of its ends
      spots.push({ x: u ** 3 * x1 + 3 * (u * u * t + u * t * t) * ((x1 + x2) / 2) + t ** 3 * x2, y: bend * y1 + (1 - bend) * y2 - 3 });
    }
  }
  const free = (s) => taken.every((o) => Math.abs(o.x - s.x) > (o.length + length) / 2 || Math.abs(o.y - s.y) > 12);
  const spot = spots.find(free) ?? spots[0];
  taken.push({ ...spot, length });
  return spot;
}

// A link has its line below the boxes and its words above them.
function drawLink(l, points, taken, node, many) {
  const failing = l.success != null && l.success < 1, plain = l.secured != null && l.secured < 1;
  const words = [rate(l)];
  if (failing) words.push(percent(1 - l.success) + " fail");
  if (plain) words.push("no mTLS");
  const all = words.join(", "), text = many && failing ? rounded(Number((100 * (1 - l.success)).toPrecision(2))) + " % fail" : all;
  const thick = 1.5 + Math.min(3.5, Math.log10(1 + (l.rps || l.bytes / 1024)) * 1.4);
  const [x, y] = points.at(-1), self = l.from === l.to;
  const tip = self ? `${x - 4},${y - 8} ${x + 4},${y - 8} ${x},${y}`
    : points.at(-2)[0] < x ? `${x - 9},${y - 5} ${x - 9},${y + 5} ${x},${y}` : `${x + 9},${y - 5} ${x + 9},${y + 5} ${x},${y}`;
  const stop = self ? points : [...points.slice(0, -1), [x + (points.at(-2)[0] < x ? -7 : 7), y]];
  const spot = self ? { x: x - 11, y: y - 19 } : wordsAt(points, text, taken);
  const looks = `${health(l.success)} ${l.rps > 0 ? "" : "bytes"} ${plain ? "plain" : ""}`, ends = { "data-from": l.from, "data-to": l.to };
  const said = element("text", { class: `words ${looks}`, ...ends, x: spot.x.toFixed(1), y: spot.y.toFixed(1), "text-anchor": "middle", "aria-hidden": "true" }, text);
  const drawn = element("g", { class: `link ${looks}`, ...ends },
    element("title", {}, `${title(node.get(l.from))} to ${title(node.get(l.to))}: ${l.protocol}, ${all}`),
    element("path", { class: "reach", d: line(stop) }),
    element("path", { class: "line", d: line(stop), "stroke-width": thick.toFixed(1) }),
    element("polygon", { points: tip }));
  for (const [event, over] of [["pointerenter", true], ["pointerleave", false]]) drawn.addEventListener(event, () => said.classList.toggle("over", over));
  return [drawn, said];
}

// A colour for each namespace, as far apart as can be.
function hue(namespace) {
  const names = [...new Set(graph.nodes.map((n) => n.namespace).filter(Boolean))].sort();
  return Math.round((names.indexOf(namespace) * 360) / Math.max(names.length, 1) + 210) % 360;
}

const under = (n) => ({ outside: "outside of the mesh", stranger: "not in the mesh", service: "no workload answers" })[n.kind] ?? n.namespace;

function drawNode(n, spot, size) {
  const said = n.success == null ? "" : percent(n.success), room = size.width - 26, small = "11px";
  const made = element("g", {
    class: `node ${n.kind} ${health(n.success)}`, transform: `translate(${spot.x.toFixed(1)} ${spot.y.toFixed(1)})`, tabindex: 0, role: "button", "data-id": n.id,
    "aria-pressed": "false", "aria-label": `${title(n)}, ${under(n)}${said && ", " + said + " of requests succeed"}`,
  },
    element("title", {}, title(n)),
    element("rect", { class: "box", width: size.width, height: size.height, rx: 8 }),
    element("rect", { width: 5, height: size.height - 16, x: 7, y: 8, rx: 2, fill: n.namespace ? `hsl(${hue(n.namespace)} 60% 55%)` : "var(--none)" }),
    element("text", { x: 19, y: 19 }, cut(n.name, "600 13px", room)),
    element("text", { x: 19, y: 35, class: "small" }, cut(under(n), small, room - wide(said && ", " + said, small)), said && ", ", element("tspan", {}, said)));
  const pick = () => { picked = picked === n.id ? "" : n.id; mark(); };
  made.addEventListener("click", pick);
  made.addEventListener("keydown", (e) => { if (e.key === "Enter" || e.key === " ") { e.preventDefault(); pick(); } });
  return made;
}

function draw() {
  const { nodes, links, node } = shown(), drawing = byId("drawing");
  const focus = document.activeElement?.dataset?.id;
  if (nodes.length === 0) {
    const said = document.createElement("p");
    said.className = "empty";
    said.textContent = graph.problem || `No traffic in the last ${graph.window}. Send some, and wait for Prometheus to scrape it.`;
    drawing.replaceChildren(said);
  } else {
    const { size, plan, scale, many } = sized(nodes, links), margin = 20, taken = [];
    const width = plan.width + 2 * margin, height = plan.height + 2 * margin;
    const lines = links.map((l) => drawLink(l, plan.ways.of(l), taken, node, many));
    drawing.replaceChildren(element("svg", {
      width: Math.round(width * scale), height: Math.round(height * scale), viewBox: `${-margin} ${-margin} ${width} ${height}`,
      class: many ? "many" : "", role: "group", "aria-label": "Workloads and who calls whom", "aria-describedby": "help",
    },
      ...lines.map(([drawn]) => drawn),
      ...nodes.map((n) => drawNode(n, plan.spots.get(n.id), size)),
      ...lines.map(([, said]) => said)));
  }
  mark();
  // A page that renews itself leaves the keyboard where it was.
  if (focus) drawing.querySelector(`.node[data-id="${CSS.escape(focus)}"]`)?.focus();
}

// Shows the edges of what is picked, in the drawing and in the table.
function mark() {
  const { links, node } = shown();
  const isNear = (l) => l.from === picked || l.to === picked;
  if (!links.some(isNear)) picked = "";
  const near = new Set(links.filter(isNear).flatMap((l) => [l.from, l.to]));
  for (const n of document.querySelectorAll(".node")) {
    n.classList.toggle("picked", n.dataset.id === picked);
    n.classList.toggle("faded", picked !== "" && !near.has(n.dataset.id));
    n.setAttribute("aria-pressed", String(n.dataset.id === picked));
  }
  for (const l of document.querySelectorAll(".link, .words")) {
    const chosen = picked !== "" && (l.dataset.from === picked || l.dataset.to === picked);
    l.classList.toggle("near", chosen);
    l.classList.toggle("faded", picked !== "" && !chosen);
  }
  byId("title").textContent = picked ? `Edges of ${title(node.get(picked))}` : "Edges, what fails first";
  byId("rows").replaceChildren(...links.filter((l) => !picked || isNear(l)).sort(worst).map((l) => row(l, node)));
}

// What fails most often comes first, and then what there is most of.
const failures = (l) => (l.success == null ? 0 : l.rps * (1 - l.success));
const worst = (a, b) => failures(b) - failures(a) || b.rps - a.rps || b.bytes - a.bytes;

function row(l, node) {
  const made = document.createElement("tr");
  made.setAttribute("role", "row");
  const secured = l.secured == null ? "?" : l.secured === 1 ? "yes" : l.secured === 0 ? "no" : percent(l.secured);
  const cells = [[title(node.get(l.from))], [title(node.get(l.to))], [l.protocol], [rate(l), "number"],
    [l.success == null ? "·" : percent(l.success), "number " + health(l.success)], [l.p95ms == null ? "·" : rounded(l.p95ms) + " ms", "number", "p95"],
    [secured, l.secured != null && l.secured < 1 ? "bad" : "", "mTLS"]];
  for (const [text, style, name] of cells) {
    const cell = document.createElement("td");
    cell.setAttribute("role", "cell");
    cell.textContent = text;
    if (style) cell.className = style;
    if (name) cell.dataset.name = name;
    made.append(cell);
  }
  return made;
}

function tell() {
  const said = byId("when");
  said.textContent = graph.problem ? "not up to date" : `${new Date(graph.at).toLocaleTimeString([], { hour12: false })}, over ${graph.window}`;
  said.classList.toggle("stale", Boolean(graph.problem));
  const chosen = byId("namespace"), before = chosen.value;
  const names = [...new Set(graph.nodes.map((n) => n.namespace).filter(Boolean))].sort();
  chosen.replaceChildren(...["", ...names].map((name) => new Option(name || "all", name)));
  chosen.value = names.includes(before) ? before : "";
}

// What was drawn stays while nothing better can be had.
async function renew(from) {
  let problem = "the command that serves this page has ended";
  try {
    const next = await (await fetch(from, { cache: "no-store" })).json();
    problem = next.problem;
    if (!problem || graph.problem) {
      graph = next;
      tell();
      draw();
    }
  } catch {
    // Nobody answers: told below.
  }
  if (problem) {
    const since = graph.problem ? "" : ` since ${new Date(graph.at).toLocaleTimeString([], { hour12: false })}`;
    byId("when").textContent = `not kept up to date${since}: ${problem}`;
    byId("when").classList.add("stale");
  }
}

byId("namespace").addEventListener("change", draw);
addEventListener("resize", draw);
addEventListener("keydown", (e) => { if (e.key === "Escape" && picked) { picked = ""; mark(); } });
tell();
draw();
const live = "LIVE";
// Who does not look asks for nothing, and sees what is new when they look again.
if (live.endsWith(".json")) {
  const renewed = () => { if (!document.hidden) renew(live); };
  setInterval(renewed, 5000);
  document.addEventListener("visibilitychange", renewed);
}
