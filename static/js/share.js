// Shows the ways to share that need the device's help, where the device has them.
const address = document.querySelector('link[rel="canonical"]')?.href ?? location.href;
const answer = document.querySelector(".share__answer");
const copy = document.querySelector("[data-copy-link]");
const share = document.querySelector("[data-share-link]");

if (copy && navigator.clipboard) {
  copy.classList.add("share__link--ready");
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(address);
    answer.textContent = copy.dataset.done;
  });
}

if (share && navigator.share) {
  share.classList.add("share__link--ready");
  share.addEventListener("click", async () => {
    try {
      await navigator.share({ title: document.title, url: address });
    } catch (error) {
      // Closing the share sheet is an answer too.
      if (error.name !== "AbortError") throw error;
    }
  });
}
