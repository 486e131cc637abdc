// The words of a transcript: their times, and their elements in the page. A paragraph's words get elements of
// their own only when it comes near the screen, so that long episodes stay light.

export class Words {
  /** `packed` is what words.json holds; see words.rs. */
  constructor(root, packed) {
    this.root = root;
    this.read(packed);
  }

  /** Takes the text as it stands in the page now. */
  read(packed) {
    const { root } = this;
    const { first = 0 } = packed;
    this.paragraphs = [...root.querySelectorAll("p[id^='w=']")];
    this.firsts = this.paragraphs.map((paragraph) => Number(paragraph.id.slice(2)));
    this.sentences = [...root.querySelectorAll("p[id^='w='] > span")];
    // Words before the first are not here; their places are, so that each keeps its number.
    this.lengths = packed.lengths && [...Array(first), ...packed.lengths];
    this.sure = packed.sure && " ".repeat(first) + packed.sure;
    this.starts = Array(first).fill(0);
    this.ends = Array(first).fill(0);
    this.timed = packed.times.length > 0;
    this.unpack(packed.times);
  }

  unpack(times) {
    let end = 0;
    for (let at = 0; at < times.length; at += 2) {
      const [pause, length] = [times[at], times[at + 1]];
      const start = end + pause;
      end = start + Math.max(0, length);
      this.starts.push(start / 100);
      this.ends.push(end / 100);
    }
  }

  /** The first word that is not over at this moment. */
  at(seconds) {
    const index = search(this.ends, (end) => end > seconds);
    return Math.min(index, this.ends.length - 1);
  }

  /** The element of a word. */
  element(index) {
    const at = search(this.firsts, (first) => first > index) - 1;
    const paragraph = this.paragraphs[at];
    return paragraph && this.wrap(paragraph)[index - this.firsts[at]];
  }

  /** The word that an element is; NaN if it is none. */
  index(element) {
    return Number(element?.dataset.i ?? NaN);
  }

  /** The last word that is here. */
  get last() {
    return this.firsts.at(-1) + this.wrap(this.paragraphs.at(-1)).length - 1;
  }

  /** The first word of a sentence. */
  firstOf(sentence) {
    this.wrap(sentence.parentElement);
    return this.index(sentence.querySelector(".w"));
  }

  /** Gives each word of a paragraph its element. */
  wrap(paragraph) {
    if (paragraph.words) return paragraph.words;
    paragraph.words = [];
    const walker = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT);
    const texts = [];
    while (walker.nextNode()) texts.push(walker.currentNode);
    let index = Number(paragraph.id.slice(2));
    // Words that a repair emptied have elements all the same, so that every index has one.
    const skipEmpty = (parts) => {
      for (; this.lengths?.[index] === 0; index += 1) parts.append(this.make("", index, paragraph.words));
    };
    for (const text of texts) {
      const parts = document.createDocumentFragment();
      let rest = text.data;
      while (rest) {
        const space = /^\s*/.exec(rest)[0];
        rest = rest.slice(space.length);
        parts.append(space);
        const length = this.lengths?.[index] ?? /^\S*/.exec(rest)[0].length;
        if (!rest || !length) break;
        parts.append(this.make(rest.slice(0, length), index, paragraph.words));
        rest = rest.slice(length);
        index += 1;
        skipEmpty(parts);
      }
      text.replaceWith(parts);
    }
    return paragraph.words;
  }

  make(text, index, words) {
    const word = document.createElement("span");
    word.className = "w";
    word.textContent = text;
    word.dataset.i = index;
    const sure = this.sure[index];
    if (sure < 5) word.title = sure > 0 ? `About ${sure}0 % sure` : "Hardly sure at all";
    words.push(word);
    return word;
  }

  /** Wraps paragraphs as they come near the screen. */
  wrapWhenSeen() {
    const observer = new IntersectionObserver(
      (entries) => {
        for (const { isIntersecting, target } of entries) {
          if (!isIntersecting) continue;
          this.wrap(target);
          observer.unobserve(target);
        }
      },
      { rootMargin: "800px" },
    );
    for (const paragraph of this.paragraphs) observer.observe(paragraph);
  }
}

/** The first place where `test` holds, in a list where it holds from some place on. */
function search(list, test) {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (test(list[middle])) high = middle;
    else low = middle + 1;
  }
  return low;
}
