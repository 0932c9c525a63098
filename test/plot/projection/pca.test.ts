import t from 'tap'
import { explained } from '../../../lib/plot/projection/explained.js'
import { pca } from '../../../lib/plot/projection/pca.js'
import { vectors } from '../../retrieve/vectors.js'
import { points, reference } from './reference.js'

t.test('the plane is that of scikit-learn', async t => {
  const plane = pca(points)
  reference.plane.forEach((value, at) => {
    const error = Math.abs(Math.abs(plane[at]!) - value)
    if (error > 1e-6) t.fail(`coordinate ${at}: ${plane[at]}, expected ${value} but for the sign`)
  })
  const shared = explained(points, plane)
  t.ok(Math.abs(shared - reference.ratio) < 1e-6, `explains ${shared} of the variance`)
})

t.test('a direction points to where its largest coordinate is positive', async t => {
  const line = [-3, -1, 0, 1, 3]
  const along = pca(vectors(line.map(x => [x, -2 * x, 0])))
  t.ok(along[0]! > 0, 'the second coordinate is the largest: less of it is less')
  t.ok(along[8]! < 0)
  t.equal(explained(vectors(line.map(x => [x, -2 * x, 0])), along).toFixed(9), '1.000000000')
})

t.test('what does not vary is a point', async t => {
  t.strictSame(
    [
      ...pca(
        vectors([
          [1, 0],
          [1, 0],
        ]),
      ),
    ].map(Math.abs),
    [0, 0, 0, 0],
  )
  t.equal(explained(vectors([[1, 0]]), Float64Array.of(0, 0)), 0)
  t.strictSame([...pca(vectors([[1], [-1]]))].map(Math.abs), [1, 0, 1, 0], 'one dimension: a line')
})
