// The ground below what is drawn on a map: outlines and names of the counties, from a file of ours (data-outlines). No map of
// others is asked for, unless whoever runs the system has named a tile server (data-tiles).

const LINE = { color: "#8795a3", weight: 1, fill: false, interactive: false, pmIgnore: true };
const NAMES_FROM = 9; // zoom at which the counties' names are readable

export async function ground(map, place) {
  const { outlines, tiles, credit } = place.dataset;
  if (tiles) L.tileLayer(tiles, { attribution: credit, maxZoom: 19, pmIgnore: true }).addTo(map);
  const answer = await fetch(outlines);
  const counties = await answer.json();
  const names = L.layerGroup();
  const name = (each, layer) => names.addLayer(L.marker(layer.getBounds().getCenter(), {
    icon: L.divIcon({ className: "place-name", html: Object.assign(document.createElement("span"), { textContent: each.properties.name }), iconSize: null }),
    interactive: false, keyboard: false, pmIgnore: true,
  }));
  L.geoJSON(counties, { style: LINE, pmIgnore: true, onEachFeature: name }).addTo(map).bringToBack();
  const turn = () => (map.getZoom() >= NAMES_FROM ? names.addTo(map) : names.remove());
  map.on("zoomend", turn);
  turn();
}
