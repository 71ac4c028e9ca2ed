// Runs in a page before any script of its own: tells when something was drawn, how long frames took, and what was loaded.
(() => {
  const meter = { frames: [], tasks: [], key: 0 };
  window.benchMeter = meter;

  new PerformanceObserver((list) => meter.tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({
    type: "longtask",
    buffered: true,
  });
  let before = 0;
  const count = (now) => {
    if (before) meter.frames.push(now - before);
    before = now;
    requestAnimationFrame(count);
  };
  requestAnimationFrame(count);
  const press = (event) => (meter.key = event.timeStamp);
  addEventListener("keydown", press, { capture: true });

  // The moment when the frame that shows it was handed on, and the page takes the next event.
  meter.drawn = (isThere) =>
    new Promise((resolve) => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => resolve(performance.now());
      const look = () => (isThere() ? channel.port2.postMessage(0) : requestAnimationFrame(look));
      requestAnimationFrame(look);
    });
  meter.row = (id) => document.querySelector(`[data-task="${id}"]`);
  meter.list = () => document.querySelector("[role=grid]");
  meter.scroller = () => meter.list().parentElement;
  meter.reset = () => {
    meter.frames.length = 0;
    meter.tasks.length = 0;
  };
  meter.usable = meter.drawn(() => document.querySelector("[data-task]") && field());
  const field = () => document.querySelector("input[type=search]:not(:disabled)");
})();
