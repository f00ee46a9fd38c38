// Keys go from loop to loop, links open what they lead to, and printing shows all. Without this script everything is there.
"use strict";
(() => {
  document.documentElement.classList.add("js");
  const loops = [...document.querySelectorAll("details.loop")];
  const all = [...document.querySelectorAll("details")];
  const heads = loops.map((loop) => loop.querySelector("summary"));
  let current = -1;
  heads.forEach((head, index) => head.addEventListener("focus", () => { current = index; }));

  const go = (index) => {
    if (heads.length === 0) return;
    current = Math.min(Math.max(index, 0), heads.length - 1);
    heads[current].focus({ preventScroll: true });
    heads[current].scrollIntoView({ block: "center" });
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    // Arrows scroll, unless a loop is looked at.
    const isAtLoop = heads.includes(document.activeElement);
    const down = event.key === "j" || (isAtLoop && event.key === "ArrowDown");
    const up = event.key === "k" || (isAtLoop && event.key === "ArrowUp");
    if (!down && !up) return;
    event.preventDefault();
    go(down ? current + 1 : current - 1);
  });

  const open = () => {
    const target = location.hash && document.getElementById(location.hash.slice(1));
    const loop = target && target.closest("details.loop");
    if (!loop) return;
    loop.open = true;
    go(loops.indexOf(loop));
  };
  addEventListener("hashchange", open);
  open();

  const button = document.getElementById("all");
  if (button) {
    button.addEventListener("click", () => {
      const isOpening = loops.some((loop) => !loop.open);
      loops.forEach((loop) => { loop.open = isOpening; });
      button.textContent = isOpening ? "Close all" : "Open all";
    });
  }

  let closed = [];
  addEventListener("beforeprint", () => {
    closed = all.filter((each) => !each.open);
    closed.forEach((each) => { each.open = true; });
  });
  addEventListener("afterprint", () => closed.forEach((each) => { each.open = false; }));
})();
