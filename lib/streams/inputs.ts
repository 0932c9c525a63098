import { badUsage } from '../error.js'

/** Standard input can be read once only. */
export const checkInputs = (paths: readonly string[]): void => {
  if (paths.filter(path => path === '-').length > 1)
    throw badUsage('- is named twice', 'standard input can be read once')
}
