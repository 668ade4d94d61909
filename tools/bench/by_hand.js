// @ts-check
// The page that ours is measured against, as one writes it by hand with D3: the contours of a loss, a start that can be
// dragged, and descent that is run anew for it.
function drawByHand([low, high], { hessian: [[a, b], [, c]], minimum: [u, v], rate, steps, levels }) {
  const [width, height] = [960, 540], fine = 120;
  const x = d3.scaleLinear([low[0], high[0]], [40, width - 10]);
  const y = d3.scaleLinear([low[1], high[1]], [height - 30, 10]);
  const loss = (p, q) => (a * p * p + 2 * b * p * q + c * q * q) / 2;

  const on = (range, k) => range.invert(range.range()[0] + (k + 0.5) / fine * (range.range()[1] - range.range()[0]));
  const losses = d3.cross(d3.range(fine), d3.range(fine), (row, column) => loss(on(x, column) - u, on(y, row) - v));
  const [least, most] = d3.extent(losses), thresholds = d3.range(levels).map((k) => least * (most / least) ** (k / levels));
  const shade = d3.scaleSequentialLog([most, least], d3.interpolateBlues);
  const place = d3.geoTransform({
    point(column, row) { this.stream.point(x(on(x, column - 0.5)), y(on(y, row - 0.5))); },
  });

  const svg = d3.select("main").append("svg").attr("width", width).attr("height", height);
  svg.append("g").attr("stroke", "white").attr("stroke-width", 0.5)
    .selectAll("path").data(d3.contours().size([fine, fine]).thresholds(thresholds)(losses))
    .join("path").attr("d", d3.geoPath(place)).attr("fill", ({ value }) => shade(value));
  svg.append("g").attr("transform", `translate(0, ${height - 30})`).call(d3.axisBottom(x));
  svg.append("g").attr("transform", "translate(40, 0)").call(d3.axisLeft(y));
  const path = svg.append("path").attr("fill", "none").attr("stroke", "crimson").attr("stroke-width", 2);
  const dots = svg.append("g").attr("fill", "crimson");
  const grip = svg.append("circle").attr("class", "grip").attr("r", 12).attr("stroke", "black").attr("fill", "white");

  const line = d3.line(([w1]) => x(w1), ([, w2]) => y(w2));
  function draw(w1, w2) {
    const run = [[w1, w2]];
    for (let k = 0; k < steps; k++) {
      const [p, q] = [w1 - u, w2 - v];
      w1 -= rate * (a * p + b * q);
      w2 -= rate * (b * p + c * q);
      run.push([w1, w2]);
    }
    path.attr("d", line(run));
    dots.selectAll("circle").data(run).join((enter) => enter.append("circle").attr("r", 2.2))
      .attr("cx", ([w1]) => x(w1)).attr("cy", ([, w2]) => y(w2));
    grip.attr("cx", x(run[0][0])).attr("cy", y(run[0][1]));
  }
  grip.call(d3.drag().on("drag", (event) => draw(x.invert(event.x), y.invert(event.y))));
  draw((low[0] + high[0]) / 2, (low[1] + high[1]) / 2);
}
