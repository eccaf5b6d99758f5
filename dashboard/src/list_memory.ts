// The list that a case was opened from: for "next" and "previous" on the case, and the way back.
let ids: string[] = [];
let address = '#/cases';

export function rememberList(list: string[], hash: string): void {
  ids = list;
  address = hash || '#/cases';
}

export const listAddress = () => address;

export function neighbours(id: string): {
  previous: string | undefined;
  next: string | undefined;
  place: number;
  of: number;
} {
  const at = ids.indexOf(id);
  return {
    previous: at > 0 ? ids[at - 1] : undefined,
    next: at >= 0 ? ids[at + 1] : undefined,
    place: at + 1,
    of: ids.length,
  };
}
