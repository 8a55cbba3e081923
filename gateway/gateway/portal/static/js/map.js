// The sites of the list on a map: circles in the colour of their stage, outlines where the list brings them. Sites that lie
// closer than a finger's width are drawn as one circle with their number; pressing it looks closer.

import { ground } from "./ground.js";

const place = document.getElementById("map");
const sites = [...document.querySelectorAll("[data-site]")].map((row) => ({
  row,
  at: [Number(row.dataset.lat), Number(row.dataset.lon)],
  stage: row.dataset.stage,
  boundary: row.dataset.boundary ? JSON.parse(row.dataset.boundary) : null,
}));
const CELL = 44; // pixels
const COLOURS = { filed: "--primary", suspended: "--soon", closed: "--waiting", merged: "--waiting", overdue: "--late", open: "--soon", clear: "--done", never: "--waiting" };
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const colourOf = (stage) => colour(COLOURS[stage] ?? "--waiting");

function told(site) {
  const box = document.createElement("div");
  box.append(...[...site.row.childNodes].map((each) => each.cloneNode(true)));
  return box;
}

function choose(site) {
  sites.forEach((each) => each.row.removeAttribute("aria-current"));
  site.row.setAttribute("aria-current", "true");
  site.row.scrollIntoView({ block: "nearest" });
}

function grouped(map) {
  const cells = new Map();
  for (const site of sites) {
    const point = map.project(site.at, map.getZoom());
    const key = `${Math.floor(point.x / CELL)}:${Math.floor(point.y / CELL)}`;
    cells.set(key, [...(cells.get(key) ?? []), site]);
  }
  return [...cells.values()];
}

function one(site) {
  const circle = L.circleMarker(site.at, { radius: 7, weight: 2, color: colourOf(site.stage), fillOpacity: 0.5 });
  return circle.bindPopup(() => told(site)).on("popupopen", () => choose(site));
}

function many(map, group) {
  const middle = L.latLngBounds(group.map((each) => each.at)).getCenter();
  const circle = L.circleMarker(middle, { radius: 12 + Math.min(10, Math.log2(group.length) * 2), weight: 2, color: colour("--primary"), fillOpacity: 0.25 });
  const bounds = L.latLngBounds(group.map((each) => each.at)).pad(0.3);
  circle.bindTooltip(String(group.length), { permanent: true, direction: "center", className: "site-count" });
  return circle.on("click", () => (map.getZoom() < map.getMaxZoom() ? map.fitBounds(bounds, { maxZoom: map.getZoom() + 4 }) : choose(group[0])));
}

function draw(map, layer) {
  layer.clearLayers();
  const alone = map.getZoom() === map.getMaxZoom();
  for (const group of alone ? sites.map((each) => [each]) : grouped(map)) (group.length === 1 ? one(group[0]) : many(map, group)).addTo(layer);
}

if (place && window.L && sites.length) {
  place.hidden = false;
  const map = L.map(place, { minZoom: 6, maxZoom: 18, attributionControl: Boolean(place.dataset.tiles) });
  L.control.scale({ imperial: false }).addTo(map);
  ground(map, place);
  const outlines = sites.filter((each) => each.boundary).map((each) => L.geoJSON(each.boundary, { style: { color: colourOf(each.stage), weight: 1, fillOpacity: 0.1 } }));
  L.layerGroup(outlines).addTo(map);
  const layer = L.layerGroup().addTo(map);
  map.on("zoomend", () => draw(map, layer));
  map.fitBounds(L.latLngBounds(sites.map((each) => each.at)).pad(0.1), { maxZoom: 16, animate: false });
  draw(map, layer);
  for (const site of sites) site.row.addEventListener("mouseenter", () => { if (map.getBounds().contains(site.at)) choose(site); });
}
