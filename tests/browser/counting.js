// What hands do in this window, from page to page: presses, fields typed in, lists chosen from, papers handed in.
(() => {
  const kept = () => JSON.parse(sessionStorage.getItem("hands") ?? '{"clicks": 0, "fields": [], "files": 0}');
  const keep = (change) => {
    const counted = kept();
    change(counted);
    sessionStorage.setItem("hands", JSON.stringify(counted));
  };
  const watch = (event, change) => addEventListener(event, (seen) => keep((counted) => change(counted, seen)), true);

  watch("pointerdown", (counted, seen) => {
    if (seen.isTrusted && seen.target.nodeName !== "SELECT") counted.clicks += 1;
  });
  watch("input", (counted, { target }) => {
    const written = target.matches("select, textarea, input:not([type=checkbox], [type=radio], [type=file], [type=hidden])");
    const field = `${location.pathname} ${target.id || target.name}`;
    if (written && !counted.fields.includes(field)) counted.fields.push(field);
  });
  watch("change", (counted, { target }) => {
    if (target.matches("input[type=file]")) counted.files += target.files.length;
  });
  watch("drop", (counted, { dataTransfer }) => {
    counted.files += dataTransfer?.files.length ?? 0;
  });
})();
