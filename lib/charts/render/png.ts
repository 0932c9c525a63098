import { createRequire } from 'node:module'

/** Scripts that the letters we bring do not have: the system's are asked for them. */
const ELSEWHERE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Tamil}\p{Script=Thai}\p{Emoji_Presentation}]/u

/** True where a PNG depends on the fonts of this machine. */
export const needsSystemFonts = (svg: string): boolean => ELSEWHERE.test(svg)

/** Draws SVG as PNG, `scale` pixels a unit, with letters that come with pcm: no font is needed. */
export const png = async (svg: string, scale: number): Promise<Uint8Array> => {
  const { Resvg } = await import('@resvg/resvg-js')
  const { resolve } = createRequire(import.meta.url)
  const fonts = ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'].map(name =>
    resolve(`dejavu-fonts-ttf/ttf/${name}`),
  )
  const drawn = new Resvg(svg, {
    fitTo: { mode: 'zoom', value: scale },
    font: {
      fontFiles: fonts,
      loadSystemFonts: needsSystemFonts(svg),
      defaultFontFamily: 'DejaVu Sans',
      sansSerifFamily: 'DejaVu Sans',
    },
  })
  return drawn.render().asPng()
}
