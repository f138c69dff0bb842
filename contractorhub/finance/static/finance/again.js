/* Looks again at a page that waits for work, every data-again milliseconds, and goes where the work went. */
(() => {
  "use strict";
  const look = async () => {
    const card = document.getElementById("job");
    if (!card || !card.dataset.again) return;
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      if (answer.redirected) return location.replace(answer.url);
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("job");
      if (answer.ok && fresh) card.replaceWith(fresh);
    } catch {
      /* The next look may reach it. */
    }
    next();
  };
  const next = () => {
    const card = document.getElementById("job");
    if (card && card.dataset.again) setTimeout(look, Number(card.dataset.again));
  };
  next();
})();
