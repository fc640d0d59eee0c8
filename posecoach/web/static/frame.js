// A report in its frame: as high as it is, so that the page scrolls as one.
for (const frame of document.querySelectorAll("iframe.framed")) {
  const fit = () => {
    const inside = frame.contentDocument?.documentElement;
    if (inside) frame.style.height = `${inside.scrollHeight + 4}px`;
  };
  const watch = () => {
    fit();
    new ResizeObserver(fit).observe(frame.contentDocument.body);
  };
  frame.addEventListener("load", watch);
  if (frame.contentDocument?.readyState === "complete" && frame.contentDocument.body.childElementCount) watch();
}
