// What hands do in this window, from page to page: presses, fields typed in, lists chosen from, papers handed in.
(() => {
  const NONE = '{"clicks": 0, "typed": 0, "chosen": 0, "files": 0}';
  const WRITTEN = "select, textarea, input:not([type=checkbox], [type=radio], [type=file], [type=hidden])";
  const known = new WeakSet();

  function add(what, many) {
    const counted = JSON.parse(sessionStorage.getItem("hands") ?? NONE);
    counted[what] += many;
    sessionStorage.setItem("hands", JSON.stringify(counted));
  }

  const watch = (event, change) => addEventListener(event, change, true);
  watch("pointerdown", ({ isTrusted, target }) => {
    if (isTrusted && target.nodeName !== "SELECT") add("clicks", 1);
  });
  watch("input", ({ target }) => {
    if (!target.matches(WRITTEN) || known.has(target)) return;
    known.add(target);
    add(target.nodeName === "SELECT" ? "chosen" : "typed", 1);
  });
  watch("change", ({ target }) => {
    if (target.matches("input[type=file]")) add("files", target.files.length);
  });
  watch("drop", ({ dataTransfer }) => add("files", dataTransfer?.files.length ?? 0));
})();
