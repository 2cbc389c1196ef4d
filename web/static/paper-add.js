// The panel in which a record is added: the server's form, filled in with what it read.

import { notice } from "./scmine.js";

export class Adding {
  #panel;
  #address;
  #before = null;

  constructor(paper, address) {
    this.#panel = paper.querySelector("[data-adding]");
    this.#address = address;
    this.#panel.addEventListener("click", (event) => this.#clicked(event));
    this.#panel.addEventListener("submit", (event) => this.#submitted(event));
    this.#panel.addEventListener("keydown", ({ key }) => {
      if (key === "Escape") this.#close();
    });
    paper.addEventListener("click", (event) => {
      const link = event.target.closest("a.add-here");
      if (!link || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      this.open(new URL(link.href).searchParams);
    });
  }

  /** Show the form for what `where` selects. */
  async open(where) {
    this.#before ??= document.activeElement;
    where.set("part", "form");
    notice("Reading the sentence…");
    const answer = await fetch(`${this.#address}/add?${where}`).catch(() => null);
    notice("");
    if (answer === null) notice("The server does not answer; try again.");
    else if (answer.ok) this.#show(await answer.text());
    else notice(answer.status === 422 ? "Select a whole sentence, or a row of a table." : `The form cannot be opened (${answer.status}).`);
  }

  #show(html) {
    this.#panel.innerHTML = html;
    this.#panel.hidden = false;
    this.#panel.scrollIntoView({ block: "nearest" });
    (this.#panel.querySelector("[role=alert], [name=raw_material]") ?? this.#panel).focus();
  }

  #close() {
    this.#panel.hidden = true;
    this.#panel.replaceChildren();
    this.#before?.focus();
    this.#before = null;
  }

  #clicked(event) {
    const claim = event.target.closest("[data-claim]");
    if (claim) {
      event.preventDefault();
      this.open(new URL(claim.href).searchParams);
    } else if (event.target.closest("[data-cancel]")) {
      event.preventDefault();
      this.#close();
    }
  }

  async #submitted(event) {
    event.preventDefault();
    const form = event.target;
    const answer = await fetch(`${form.action}?part=form`, {
      method: "POST",
      body: new FormData(form),
      headers: {
        Accept: "application/json",
        "X-CSRF-Token": document.querySelector("meta[name=csrf-token]").content,
      },
    });
    if (answer.status === 201) {
      const { record_id: id } = await answer.json();
      location.hash = `record=${encodeURIComponent(id)}`;
      location.reload();
    } else if (answer.headers.get("content-type")?.startsWith("text/html")) {
      this.#show(await answer.text());
    } else {
      notice(`The record was not added (${answer.status}).`);
    }
  }
}
