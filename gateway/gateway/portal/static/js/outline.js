// The outline of a site, drawn without any map of others: shape and place, nothing asked of another host.
for (const place of document.querySelectorAll("[data-outline]")) {
  place.hidden = false;
  const map = L.map(place, { attributionControl: false, zoomControl: true, scrollWheelZoom: false });
  const drawn = L.geoJSON(JSON.parse(place.dataset.outline), { style: { color: "#1f5a96", weight: 2, fillOpacity: 0.15 } });
  drawn.addTo(map);
  map.fitBounds(drawn.getBounds(), { padding: [24, 24] });
  L.control.scale({ imperial: false }).addTo(map);
}
