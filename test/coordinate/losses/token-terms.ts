/** Terms that look at tokens or at a memory: compared with their truths in tests of their own. */
export const TOKEN_TERMS = ['itc', 'ims', 'lmim', 'filip', 'transport', 'itm']
