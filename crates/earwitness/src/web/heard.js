// The mark of what was heard, set where the reader is.

/** Marks a clip as heard or takes the mark back; whether the server took it. */
export async function mark(form, heard) {
  const body = new URLSearchParams(new FormData(form));
  body.set("heard", heard ? "1" : "0");
  try {
    const answer = await fetch(form.action, { method: "POST", body, redirect: "manual", keepalive: true });
    if (answer.type !== "opaqueredirect") return false;
  } catch {
    return false; // Nothing is lost but the mark.
  }
  document.getElementById("was-heard").hidden = !heard;
  const button = form.querySelector("button");
  [button.value, button.textContent] = heard ? ["0", "Mark as not heard"] : ["1", "Mark as heard"];
  return true;
}
