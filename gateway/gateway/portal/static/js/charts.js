// Charts drawn from the tables beside them: what stands in the table is what is drawn, and the table stays readable without.
// Bars lie, in the table's order; lines run over the months. Zero-based, labels at the marks, at most five series.

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const MOST_SERIES = 5;
const NONE = "—"; // no figure: no mark
const FIGURE = /^([\d,]+(\.\d+)?|—)$/;
const MOST_BARS = 15;

function read(table) {
  const heads = [...table.tHead.rows[0].cells];
  const rows = [...table.tBodies[0].rows].filter((row) => row.cells.length === heads.length);
  const said = (row, at) => row.cells[at].textContent.trim();
  const numeric = heads.map((head, at) => at > 0 && !("noChart" in head.dataset) && rows.every((row) => FIGURE.test(said(row, at))));
  return {
    names: rows.map((row) => row.cells[0].textContent.trim()),
    series: heads
      .map((head, at) => ({ name: head.textContent.trim(), at }))
      .filter(({ at }) => numeric[at])
      .slice(0, MOST_SERIES)
      .map(({ name, at }) => ({ name, values: rows.map((row) => (said(row, at) === NONE ? null : Number(said(row, at).replaceAll(",", "")))) })),
  };
}

const PALETTE = ["--primary", "--done", "--soon", "--late", "--waiting"];

function common(series) {
  return {
    animation: false,
    color: PALETTE.map(colour),
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: colour("--ink"), fontSize: 13 },
    legend: series.length > 1 ? { top: 0, textStyle: { color: colour("--ink") } } : undefined,
  };
}

function bars({ names, series }) {
  const shown = series.slice(0, 1);
  const label = { show: true, position: "right", color: colour("--ink") };
  return {
    ...common(shown),
    grid: { left: 8, right: 48, top: 8, bottom: 8, containLabel: true },
    xAxis: { type: "value", min: 0, axisLabel: { show: false }, splitLine: { show: false } },
    yAxis: { type: "category", inverse: true, data: names.slice(0, MOST_BARS), axisTick: { show: false }, axisLine: { show: false }, axisLabel: { color: colour("--ink"), width: 150, overflow: "truncate" } },
    series: shown.map(({ name, values }) => ({ name, type: "bar", data: values.slice(0, MOST_BARS), label, barMaxWidth: 18 })),
  };
}

function lines({ names, series }) {
  const few = names.length <= 24;
  return {
    ...common(series),
    grid: { left: 8, right: 16, top: 40, bottom: 8, containLabel: true },
    xAxis: { type: "category", data: names, axisLabel: { color: colour("--ink") }, axisLine: { lineStyle: { color: colour("--line") } } },
    yAxis: { type: "value", min: 0, minInterval: 1, axisLabel: { color: colour("--quiet") }, splitLine: { lineStyle: { color: colour("--line") } } },
    series: series.map(({ name, values }, at) => ({ name, type: "line", data: values, symbolSize: 7, label: { show: few, formatter: ({ value }) => value || "", position: at ? "bottom" : "top", color: colour(PALETTE[at]) } })),
  };
}

function draw(place) {
  const data = read(document.getElementById(place.dataset.table));
  if (!data.series.length || data.names.length < 2) return;
  place.hidden = false;
  if (place.dataset.chart === "bars") place.style.height = `${Math.min(data.names.length, MOST_BARS) * 28 + 16}px`;
  const chart = window.echarts.init(place, null, { renderer: "canvas" });
  chart.setOption(place.dataset.chart === "bars" ? bars(data) : lines(data));
  new ResizeObserver(() => chart.resize()).observe(place);
}

if (window.echarts) document.querySelectorAll("[data-chart]").forEach(draw);
