// What the queue knows of each tip. Of ten thousand few are looked at: much is found out when asked for.
import { age, cameAt, earlier } from "../words/dates.js";
import { wordsOf } from "./search.js";
import { COMMON } from "../words/texts.js";

/** A moment, and when an unread tip must have come not to be late by then. */
export function momentOf(now, { urgent_hours, normal_hours }) {
  return { now, urgent: earlier(now, urgent_hours), normal: earlier(now, normal_hours) };
}

export class Row {
  #desk;
  #at;
  #words = null;
  #text; // what they were made of

  constructor(desk, tip, at) {
    const { head, fault, isForged } = desk.heads.get(tip.id);
    this.#desk = desk;
    this.#at = at;
    this.tip = tip;
    this.head = head;
    this.fault = fault;
    this.isForged = isForged;
    this.received = cameAt(head?.received, tip.received_on);
  }

  /** The same row, as what cannot be shown. */
  get closed() {
    this.head = undefined;
    this.fault = COMMON.damaged;
    this.received = this.tip.received_on;
    return this;
  }

  get statePlace() {
    return this.#desk.queue.states.indexOf(this.tip.state);
  }

  get age() {
    return age(this.received, this.#at.now);
  }

  /** Whether it has been unread for too long; where only the day is known, by days. */
  get isLate() {
    const { urgent, normal } = this.#at;
    const limit = this.head?.urgent ? urgent : normal;
    return this.tip.is_unread && this.received < limit.slice(0, this.received.length);
  }

  /** All that it is found by. */
  get words() {
    const text = this.#desk.texts.get(this.tip.id);
    if (this.#text !== text) this.#words = null;
    this.#text = text;
    this.#words ??= wordsOf(this.#desk, this.tip, this.head);
    return this.#words;
  }
}
