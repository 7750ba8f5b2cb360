"use strict";
// Where everything goes: columns from those who call to those who are called, and
// a way for each link that leads around the boxes in between. Only numbers here.

const gapY = 22, lane = 14;

// Columns by the longest way from a caller. What leads back in a circle does not count.
function ranked(nodes, links) {
  const out = new Map(nodes.map((n) => [n.id, []])), called = new Set();
  for (const l of links) if (l.from !== l.to) { out.get(l.from).push(l); called.add(l.to); }
  const state = new Map(), order = [], back = new Set();
  const visit = (id) => {
    state.set(id, 1);
    for (const l of out.get(id)) {
      if (state.get(l.to) === 1) back.add(l);
      else if (!state.has(l.to)) visit(l.to);
    }
    state.set(id, 2);
    order.unshift(id);
  };
  for (const n of nodes) if (!called.has(n.id)) visit(n.id);
  for (const n of nodes) if (!state.has(n.id)) visit(n.id);
  const rank = new Map(nodes.map((n) => [n.id, 0]));
  const ahead = (id) => out.get(id).filter((l) => !back.has(l)).map((l) => rank.get(l.to));
  for (const id of order) for (const l of out.get(id)) if (!back.has(l)) rank.set(l.to, Math.max(rank.get(l.to), rank.get(id) + 1));
  // Who is called by nobody stands beside what it calls first.
  for (const n of nodes) if (!called.has(n.id) && ahead(n.id).length) rank.set(n.id, Math.min(...ahead(n.id)) - 1);
  return { rank, back };
}

// Items are the boxes, and a point in each column that a link passes on its way.
function itemized(nodes, links) {
  const { rank, back } = ranked(nodes, links);
  const columns = [], item = new Map(), chains = [];
  const add = (one) => { (columns[one.column] ??= []).push(one); return one; };
  for (const n of nodes) item.set(n.id, add({ id: n.id, column: rank.get(n.id), box: true, left: [], right: [] }));
  for (const l of links) {
    if (l.from === l.to) continue;
    const ends = [item.get(l.from), item.get(l.to)];
    if (back.has(l)) ends.reverse();
    const chain = [ends[0]];
    for (let c = ends[0].column + 1; c < ends[1].column; c++) chain.push(add({ id: `${l.from} ${l.to} ${c}`, column: c, box: false, left: [], right: [] }));
    chain.push(ends[1]);
    for (let i = 1; i < chain.length; i++) { chain[i - 1].right.push(chain[i]); chain[i].left.push(chain[i - 1]); }
    chains.push({ link: l, chain, back: back.has(l) });
  }
  return { columns: columns.map((c) => c ?? []), chains, item };
}

const mean = (numbers) => numbers.reduce((a, b) => a + b, 0) / numbers.length;

// How many links cross between neighbouring columns.
function crossings(columns) {
  let count = 0;
  for (const column of columns) {
    const ends = column.flatMap((one) => one.right.map((other) => [one.at, other.at]));
    for (let i = 0; i < ends.length; i++) for (let j = 0; j < i; j++) if ((ends[i][0] - ends[j][0]) * (ends[i][1] - ends[j][1]) < 0) count++;
  }
  return count;
}

// The order in each column: to the middle of the neighbours, back and forth, and
// the best that was seen on the way.
function ordered(columns) {
  const number = (column) => column.forEach((one, i) => { one.at = i; });
  columns.forEach(number);
  let fewest = crossings(columns), best = columns.map((c) => [...c]);
  for (let sweep = 0; sweep < 12 && fewest > 0; sweep++) {
    const side = sweep % 2 === 0 ? "left" : "right";
    for (const column of side === "left" ? columns : columns.toReversed()) {
      const goal = new Map(column.map((one) => [one, one[side].length ? mean(one[side].map((other) => other.at)) : one.at]));
      column.sort((a, b) => goal.get(a) - goal.get(b) || a.at - b.at);
      number(column);
    }
    const now = crossings(columns);
    if (now < fewest) { fewest = now; best = columns.map((c) => [...c]); }
  }
  best.forEach(number);
  return best;
}

// Heights as near as can be to where each item wants to be, in order and with room
// between: those that want the same place share it evenly.
function settle(column, wanted, boxHeight) {
  const room = (a, b) => (a.box && b.box ? boxHeight + gapY : a.box || b.box ? boxHeight / 2 + lane : lane);
  let offset = 0;
  const blocks = [];
  column.forEach((one, i) => {
    if (i > 0) offset += room(column[i - 1], one);
    one.offset = offset;
    let block = { sum: wanted(one) - offset, items: [one] };
    while (blocks.length && blocks.at(-1).sum / blocks.at(-1).items.length > block.sum / block.items.length) {
      const before = blocks.pop();
      block = { sum: before.sum + block.sum, items: [...before.items, ...block.items] };
    }
    blocks.push(block);
  });
  for (const block of blocks) for (const one of block.items) one.y = block.sum / block.items.length + one.offset;
}

// Places everything. size has the width and height of a box, and the gap between columns.
function place(nodes, links, size) {
  const drawn = itemized(nodes, links);
  const columns = ordered(drawn.columns);
  for (const column of columns) settle(column, () => 0, size.height);
  for (let sweep = 0; sweep < 16; sweep++) {
    const sides = [["left"], ["right"], ["left", "right"]][sweep % 3];
    for (const column of sweep % 3 === 1 ? columns.toReversed() : columns) {
      settle(column, (one) => { const near = sides.flatMap((s) => one[s]); return near.length ? mean(near.map((other) => other.y)) : one.y; }, size.height);
    }
  }
  const all = columns.flat(), edge = (one) => (one.box ? size.height / 2 : 0);
  const top = Math.min(...all.map((one) => one.y - edge(one)));
  for (const one of all) { one.y -= top; one.x = one.column * (size.width + size.gap); }
  return {
    spots: new Map([...drawn.item].map(([id, one]) => [id, { x: one.x, y: one.y - size.height / 2 }])),
    ways: ways(drawn, size),
    width: columns.length * (size.width + size.gap) - size.gap,
    height: Math.max(...all.map((one) => one.y + edge(one))),
  };
}

// The points of each link, from where it begins to where its arrow ends. Links of
// one box leave and arrive side by side, in the order of where they go.
function ways({ chains, item }, size) {
  const port = (one, side, chain) => {
    const all = chains.filter((c) => (side === "right" ? c.chain[0] : c.chain.at(-1)) === one);
    const next = (c) => (side === "right" ? c.chain[1] : c.chain.at(-2)).y;
    all.sort((a, b) => next(a) - next(b) || chains.indexOf(a) - chains.indexOf(b));
    const step = Math.min(10, (size.height - 14) / Math.max(1, all.length - 1));
    return one.y + (all.indexOf(chain) - (all.length - 1) / 2) * step;
  };
  const found = new Map();
  for (const c of chains) {
    const first = c.chain[0], last = c.chain.at(-1);
    const points = [[first.x + size.width, port(first, "right", c)]];
    for (const one of c.chain.slice(1, -1)) points.push([one.x, one.y], [one.x + size.width, one.y]);
    points.push([last.x, port(last, "left", c)]);
    found.set(c.link, c.back ? points.reverse() : points);
  }
  return { of: (l) => found.get(l) ?? loop(item.get(l.from), size) };
}

// Who calls itself has a loop above its corner.
function loop(one, size) {
  const x = one.x + size.width, y = one.y - size.height / 2;
  return [[x - 34, y], [x - 34, y - 14], [x - 12, y - 14], [x - 12, y]];
}
