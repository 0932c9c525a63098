/** Ten digits: what is behind is the order of summation. */
export const round = (value: number): number => Number(value.toPrecision(10))
