import fc from 'fast-check'
import t from 'tap'
import { escapeXml } from '../../lib/html/escape.js'

t.test('no text can leave the place it stands in', async t => {
  const property = fc.property(fc.string({ unit: 'binary' }), text => {
    const escaped = escapeXml(text)
    return !/[<>"']|&(?!(amp|lt|gt|quot|#39);)/.test(escaped) && !/\p{Surrogate}/u.test(escaped)
  })
  t.doesNotThrow(() => fc.assert(property, { seed: 1, numRuns: 1000 }))
  t.equal(escapeXml(`<a href='x' title="&">`), '&lt;a href=&#39;x&#39; title=&quot;&amp;&quot;&gt;')
  t.equal(escapeXml('日本 \t\n𝄞'), '日本 \t\n𝄞', 'all else stays')
  t.equal(escapeXml('a\u0000b\ud800'), 'a\ufffdb\ufffd', 'what XML has no way to write')
})
