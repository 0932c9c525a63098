import t from 'tap'
import {
  augmentationInputs,
  type Augmentation,
  drawAugmentation,
} from '../../lib/coordinate/augment.js'
import type { Spec } from '../../lib/engine/types.js'
import { layoutOfKinds } from './settings.js'

/** The second view of an item (METHODS 2.1, 2.3): what is drawn for it, as often as it says. */

const [ITEMS, TOKENS] = [4000, 12]
const [head] = layoutOfKinds({ photo: 'linear' }).heads

const mean = (numbers: readonly number[]): number =>
  numbers.reduce((sum, x) => sum + x, 0) / numbers.length

const drawn = (augmentation: Augmentation, shape: number[]): Record<string, number[]> =>
  Object.fromEntries(
    Object.entries(augmentationInputs(augmentation, head!, shape)).map(
      ([name, spec]: [string, Spec]) => [name, [...drawAugmentation(augmentation, name, spec, 5)]],
    ),
  )

t.test('only what is asked for is an input, and tokens only where there are some', t => {
  const names = (augmentation: Augmentation, shape: number[]): string[] =>
    Object.keys(augmentationInputs(augmentation, head!, shape))
  const all = { noise: 1, features: 0.1, tokens: 0.2 }
  t.same(names(all, [8, 3]), [
    'augment/noise/photo',
    'augment/features/photo',
    'augment/tokens/photo',
  ])
  t.same(names(all, [8]), ['augment/noise/photo', 'augment/features/photo'])
  t.same(names({ noise: 0, features: 0, tokens: 0.2 }, [8]), [])
  t.end()
})

t.test('noise has the deviation asked for; dropped features leave the mean as it was', t => {
  const { 'augment/noise/photo': noise, 'augment/features/photo': kept } = drawn(
    { noise: 0.05, features: 0.2, tokens: 0 },
    [ITEMS],
  )
  t.ok(Math.abs(mean(noise!)) < 0.002)
  t.ok(Math.abs(Math.sqrt(mean(noise!.map(x => x * x))) - 0.05) < 0.002)
  t.ok(Math.abs(kept!.filter(x => x === 0).length / kept!.length - 0.2) < 0.01)
  t.ok(Math.abs(mean(kept!) - 1) < 0.02)
  t.end()
})

t.test(
  'of a fifth of the items all tokens stay, of others r times the share goes, r from 0.2 to 1',
  t => {
    const { 'augment/tokens/photo': kept } = drawn({ noise: 0, features: 0, tokens: 0.5 }, [
      ITEMS,
      TOKENS,
    ])
    const rows = Array.from({ length: ITEMS }, (_, i) => kept!.slice(i * TOKENS, (i + 1) * TOKENS))
    t.ok(
      rows.every(([first]) => first === 1),
      'no item is left without a token',
    )
    const gone = mean(rows.map(row => mean(row.slice(1).map(x => 1 - x))))
    // The mean of 0.5 r over r from 0.2 to 1, and nothing below.
    const wanted = (0.5 * (1 - 0.2 ** 2)) / 2
    t.ok(Math.abs(gone - wanted) < 0.01, `${gone}, wanted ${wanted}`)
    const whole = rows.filter(row => row.every(x => x === 1)).length / ITEMS
    // Above the fifth: few tokens of a small share may all stay by chance.
    const chance = mean(
      Array.from(
        { length: 1000 },
        (_, k) => (1 - 0.5 * (0.2 + 0.0008 * (k + 0.5))) ** (TOKENS - 1),
      ),
    )
    t.ok(Math.abs(whole - (0.2 + 0.8 * chance)) < 0.02, `${whole}`)
    t.end()
  },
)
