/** Prefixes keep the names of state, inputs and outputs apart inside one graph. */
export const STATE = 'state/'
export const INPUT = 'input/'
export const NEXT = 'next/'
export const OUTPUT = 'output/'
