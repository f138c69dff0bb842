/* Draws every figure that has data-chart ("bar" or "time") from the table inside it; without scripts the table stands alone.
   A row's name is its header, its length the data-value of a cell, its words that cell's text. */
(() => {
  "use strict";
  const drawn = [];

  const colour = (name) => getComputedStyle(document.body).getPropertyValue(name).trim();

  const rowsOf = (figure) =>
    [...figure.querySelectorAll("tbody tr")]
      .map((row) => ({ name: row.querySelector("th").textContent.trim(), cell: row.querySelector("[data-value]") }))
      .filter((row) => row.cell)
      .map((row) => ({ name: row.name, value: Number(row.cell.dataset.value), words: row.cell.textContent.trim() }));

  const short = (name) => (name.length > 26 ? `${name.slice(0, 25)}…` : name);

  const settings = (figure, rows) => {
    const isTime = figure.dataset.chart === "time";
    const [ink, line, bar, less] = ["--quiet", "--line", "--accent", "--stop"].map(colour);
    const whole = rows.every((row) => Number.isInteger(row.value)) ? { precision: 0 } : {}; // there is no half a message
    const numbers = { beginAtZero: true, grid: { color: line }, ticks: { color: ink, maxTicksLimit: 6, ...whole } };
    const names = { grid: { display: false }, ticks: { color: ink, callback: (_, place) => short(rows[place].name) } };
    return {
      type: "bar",
      data: {
        labels: rows.map((row) => row.name),
        datasets: [
          {
            data: rows.map((row) => row.value),
            backgroundColor: rows.map((row) => (row.value < 0 ? less : bar)),
            borderRadius: 3,
            maxBarThickness: 28,
          },
        ],
      },
      options: {
        indexAxis: isTime ? "x" : "y",
        animation: false,
        maintainAspectRatio: false,
        scales: isTime ? { x: names, y: numbers } : { y: names, x: numbers },
        plugins: {
          legend: { display: false },
          tooltip: { displayColors: false, callbacks: { label: (item) => rows[item.dataIndex].words } },
        },
      },
    };
  };

  const draw = (figure) => {
    const rows = rowsOf(figure);
    if (!rows.length) return;
    const frame = document.createElement("div");
    frame.className = "chart-frame";
    frame.style.blockSize = figure.dataset.chart === "time" ? "16rem" : `${Math.max(6, 2.1 * rows.length + 2.5)}rem`;
    const canvas = document.createElement("canvas");
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", `${figure.querySelector("figcaption").textContent.trim()}. The table below has the same figures.`);
    frame.append(canvas);
    figure.querySelector("figcaption").after(frame);
    figure.classList.add("drawn");
    drawn.push({ chart: new Chart(canvas, settings(figure, rows)), figure, rows });
  };

  const drawAgain = () => {
    for (const each of drawn) {
      each.chart.options = settings(each.figure, each.rows).options;
      each.chart.data = settings(each.figure, each.rows).data;
      each.chart.update();
    }
  };

  document.querySelectorAll("[data-chart]").forEach(draw);
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAgain);
})();
