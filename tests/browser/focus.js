// What has the focus, once the page has scrolled to it; `covered` names what lies over its middle.
async () => {
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  const on = document.activeElement;
  const style = getComputedStyle(on);
  const box = on.getBoundingClientRect();
  const above = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  const free = above && (on.contains(above) || above.contains(on) || above.closest("label")?.contains(on));
  return {
    id: on.id,
    label: on.getAttribute("aria-label") ?? "",
    text: (on.innerText || on.value || "").trim().slice(0, 60),
    visible: (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== "none",
    covered: free ? "" : `${above?.tagName ?? "nothing"} ${above?.className ?? "is there"}`,
  };
}
