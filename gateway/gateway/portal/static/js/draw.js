// A site's boundary is drawn: several areas, with holes, as GeoJSON in the field beside the map. No map of others is asked for:
// the outlines of the counties and a scale give the place; a coordinate that one knows leads there.

import { LOCALE, words } from "./words.js";
import { ground } from "./ground.js";

const HEBEI = [[36.0, 113.4], [42.7, 119.9]];
const LINE = { color: "#1f5a96", weight: 2, fillOpacity: 0.15 };
const EARTH = 6371008.8; // metres

// Scripts with `defer` have run before modules do.
document.querySelectorAll("[data-draw]").forEach(begin);

function begin(place) {
  const field = place.querySelector("textarea");
  const box = place.querySelector(".map");
  box.hidden = false;
  const map = L.map(box, { attributionControl: Boolean(place.dataset.tiles), maxZoom: 20 });
  map.fitBounds(HEBEI);
  L.control.scale({ imperial: false, maxWidth: 200 }).addTo(map);
  ground(map, place);
  const drawn = L.featureGroup().addTo(map);
  map.pm.setLang(LOCALE.startsWith("zh") ? "zh" : "en");
  map.pm.setGlobalOptions({ layerGroup: drawn, pathOptions: LINE, allowSelfIntersection: false });
  map.pm.addControls({
    position: "topleft", drawMarker: false, drawCircle: false, drawCircleMarker: false, drawPolyline: false, drawText: false,
    drawRectangle: true, drawPolygon: true, editMode: true, dragMode: true, cutPolygon: true, removalMode: true, rotateMode: false,
  });

  for (const link of box.querySelectorAll(".leaflet-buttons-control-button")) link.setAttribute("aria-label", link.parentElement.title);

  const follow = (layer) => layer.on("pm:edit pm:dragend pm:cut pm:remove", () => setTimeout(write));
  map.on("pm:create", ({ layer }) => {
    follow(layer);
    write();
  });
  map.on("pm:cut pm:remove", () => setTimeout(() => {
    drawn.eachLayer((layer) => {
      layer.off("pm:edit pm:dragend pm:cut pm:remove");
      follow(layer);
    });
    write();
  }));

  function write() {
    const parts = drawn.getLayers().flatMap((layer) => {
      const shape = layer.toGeoJSON(7).geometry;
      return shape.type === "MultiPolygon" ? shape.coordinates : [shape.coordinates];
    });
    field.value = parts.length === 0 ? "" : JSON.stringify(parts.length === 1 ? { type: "Polygon", coordinates: parts[0] } : { type: "MultiPolygon", coordinates: parts });
    tell();
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function show() {
    drawn.clearLayers();
    const shape = read(field.value);
    if (!shape) return tell();
    const parts = shape.type === "MultiPolygon" ? shape.coordinates : [shape.coordinates];
    for (const rings of parts) {
      const layer = L.polygon(rings.map((ring) => ring.slice(0, -1).map(([x, y]) => [y, x])), LINE).addTo(drawn);
      follow(layer);
    }
    if (drawn.getLayers().length) map.fitBounds(drawn.getBounds(), { padding: [32, 32], maxZoom: 17 });
    tell();
  }

  function tell() {
    const shape = read(field.value);
    const parts = !shape ? [] : shape.type === "MultiPolygon" ? shape.coordinates : [shape.coordinates];
    const size = parts.reduce((sum, rings) => sum + rings.reduce((rest, ring, at) => (at ? rest - area(ring) : area(ring)), 0), 0);
    place.querySelector("[data-area]").textContent = parts.length
      ? words("%(count)s 块，面积约 %(metres)s m²（%(hectares)s 公顷）", { count: parts.length, metres: Math.round(size).toLocaleString(LOCALE), hectares: (size / 10000).toFixed(2) })
      : field.value.trim() ? words("坐标尚不能围成边界") : words("尚未绘制边界：用左侧的多边形工具逐点绘制，用剪刀工具挖去中间不属于工地的部分");
  }

  field.addEventListener("change", show);
  goTo(place, map);
  show();
}

function goTo(place, map) {
  const input = place.querySelector("[data-go] input");
  const go = () => {
    const [x, y] = input.value.split(/[,，;\s]+/).map(Number);
    if (Number.isFinite(x) && Number.isFinite(y) && Math.abs(y) <= 90) map.setView([y, x], 17);
  };
  place.querySelector("[data-go]").hidden = false;
  place.querySelector("[data-go] button").addEventListener("click", go);
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    go();
  });
}

// GeoJSON, or a corner a line as people type them; null for what is neither.
function read(text) {
  const told = text.trim();
  if (told.startsWith("{")) {
    try {
      const shape = JSON.parse(told);
      return ["Polygon", "MultiPolygon"].includes(shape.type) ? shape : null;
    } catch {
      return null;
    }
  }
  const rings = told.split(/\n\s*\n/).map((block) => block.split("\n").filter((line) => line.trim()).map((line) => line.trim().split(/[,，;\s]+/).map(Number)));
  const good = rings.filter((ring) => ring.length >= 3 && ring.every((point) => point.length === 2 && point.every(Number.isFinite)));
  return good.length ? { type: "MultiPolygon", coordinates: good.map((ring) => [[...ring, ring[0]]]) } : null;
}

// Square metres of a ring in degrees, on the sphere.
function area(ring) {
  let sum = 0;
  for (let at = 0; at < ring.length - 1; at++) {
    const [x1, y1] = ring[at].map((each) => (each * Math.PI) / 180);
    const [x2, y2] = ring[at + 1].map((each) => (each * Math.PI) / 180);
    sum += (x2 - x1) * (2 + Math.sin(y1) + Math.sin(y2));
  }
  return Math.abs((sum * EARTH * EARTH) / 2);
}
