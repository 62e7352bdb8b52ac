// That a masked copy leaves the agency.

/** Says in the log of the tip that the copy with this hash is handed out; throws where that cannot be said. */
export const handedOut = (desk, tip, hash) => desk.api.handedOut(tip.id, hash);
