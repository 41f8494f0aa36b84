/** What the visitor asked cannot be done; the message says why and what would work. Crosses to the page as {name, message}. */
export function refuse(message: string): never {
  throw Object.assign(new Error(message), { name: 'refused' });
}

/** The visitor changed their mind. */
export function cancelled(): Error {
  return Object.assign(new Error('cancelled'), { name: 'cancelled' });
}
