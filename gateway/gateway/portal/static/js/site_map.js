// A site on a map: its boundary, and the rows beside it that have a place (data-point): people where they are, or a day's
// track (data-track) joined in the order of time. Circles show how exact a position is; the words stand in the table.

import { ground } from "./ground.js";

const place = document.getElementById("site-map");
const points = [...document.querySelectorAll("[data-point]")].map(({ dataset }) => ({
  at: [Number(dataset.lat), Number(dataset.lon)],
  side: dataset.side,
  name: dataset.name,
  accuracy: Number(dataset.accuracy),
  isTrack: "track" in dataset,
}));
const COLOURS = { inside: "--done", outside: "--late", doubtful: "--soon" };
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function one(point, map) {
  const paint = colour(COLOURS[point.side] ?? "--waiting");
  const circle = L.circleMarker(point.at, { radius: point.isTrack ? 4 : 7, weight: 2, color: paint, fillOpacity: 0.6 });
  if (point.accuracy && !point.isTrack) L.circle(point.at, { radius: point.accuracy, weight: 1, color: paint, fillOpacity: 0.08, interactive: false }).addTo(map);
  const label = Object.assign(document.createElement("span"), { textContent: point.name });
  return circle.bindTooltip(label, point.isTrack ? {} : { permanent: true, direction: "right" }).addTo(map);
}

if (place && window.L && (points.length || place.dataset.boundary)) {
  place.hidden = false;
  const map = L.map(place, { minZoom: 6, maxZoom: 19, attributionControl: Boolean(place.dataset.tiles), scrollWheelZoom: false, preferCanvas: true });
  L.control.scale({ imperial: false }).addTo(map);
  const bounds = L.latLngBounds(points.map((each) => each.at));
  if (place.dataset.boundary) {
    const outline = L.geoJSON(JSON.parse(place.dataset.boundary), { style: { color: colour("--primary"), weight: 2, fillOpacity: 0.1 }, interactive: false });
    bounds.extend(outline.addTo(map).getBounds());
  }
  map.fitBounds(bounds.pad(0.2), { maxZoom: 18, animate: false });
  ground(map, place);
  const track = points.filter((each) => each.isTrack).map((each) => each.at);
  if (track.length > 1) L.polyline(track, { color: colour("--running"), weight: 2, opacity: 0.6, interactive: false }).addTo(map);
  for (const each of points) one(each, map);
}
