import t from 'tap'
import { inlineSvg } from '../../lib/html/inline-svg.js'

t.test('two pictures in a page do not share names', async t => {
  const svg = '<svg><g id="clip"/><path clip-path="url(#clip)"/><use xlink:href="#clip"/></svg>\n'
  t.equal(
    inlineSvg(svg, 'a'),
    '<svg><g id="a-clip"/><path clip-path="url(#a-clip)"/><use xlink:href="#a-clip"/></svg>',
  )
})
