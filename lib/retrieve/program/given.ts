/** The first of some options that the command line gives: `options` has their names by key. */
export const firstGiven = (
  args: Readonly<Record<string, unknown>>,
  options: Readonly<Record<string, string>>,
): string | undefined => Object.entries(options).find(([key]) => isGiven(args[key]))?.[1]

const isGiven = (value: unknown): boolean =>
  Array.isArray(value) ? value.length > 0 : value !== undefined && value !== false
