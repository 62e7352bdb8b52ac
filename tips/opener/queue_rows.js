// What the queue knows of each tip. Of ten thousand few are looked at: much is found out when asked for.
import { age, daysBetween, hoursBetween } from "./dates.js";
import { wordsOf } from "./search.js";

export class Row {
  #desk;
  #now;
  #words = null;
  #isLate = null;

  constructor(desk, tip, now) {
    const { head, fault } = desk.heads.get(tip.id);
    this.#desk = desk;
    this.#now = now;
    this.tip = tip;
    this.head = head;
    this.fault = fault;
    this.received = head?.received ?? tip.received_on;
  }

  get statePlace() {
    return this.#desk.queue.states.findIndex(({ name }) => name === this.tip.state);
  }

  get age() {
    return age(this.received, this.#now);
  }

  /** Whether it has been unread for too long. */
  get isLate() {
    this.#isLate ??= this.tip.is_unread && this.#hasWaited();
    return this.#isLate;
  }

  /** All that it is found by. */
  get words() {
    this.#words ??= wordsOf(this.#desk, this.tip, this.head);
    return this.#words;
  }

  #hasWaited() {
    const { urgent_hours, normal_hours } = this.#desk.queue.alarm;
    const limit = this.head?.urgent ? urgent_hours : normal_hours;
    return this.head
      ? hoursBetween(this.received, this.#now) > limit
      : daysBetween(this.tip.received_on, this.#now) > limit / 24;
  }
}
