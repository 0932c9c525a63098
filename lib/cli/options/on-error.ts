import { options } from '../program.js'

/** What to do with features that are no numbers: the same in every program that computes with them. */
export const onError = options({
  'on-error': {
    type: 'string',
    argument: 'fail|null',
    choices: ['fail', 'null'],
    default: 'fail',
    group: 'Rows',
    short: 'features with NaN or infinity: fail, or null for missing',
    long: 'With null, an item whose features of a modality hold such a number lacks that modality. Each is an event in --log, their number is told, and the status is 1.',
  },
})
