import { type Tensor, type Tensor2D, tf } from '../../engine/tf.js'
import { infoNce } from './info-nce.js'
import { firstPairOf, meanOver } from './loss.js'
import { meanOfPresent, type Relation } from './relation.js'
import { term } from './term.js'

/** 1 - mean <u_i, o_i> + InfoNCE(U, O; s): new unit rows U against old ones O, (B, d) each. */
export const backward = (u: Tensor2D, old: Tensor2D, s: Tensor, relation: Relation): Tensor => {
  const cosine = meanOfPresent(tf.sum(tf.mul(u, old), 1), relation)
  return tf.add(tf.sub(1, cosine), infoNce(u, old, s, relation))
}

export const xbtTerm = term({
  summary: 'stay in the space of an older model, so that its gallery answers new queries',
  source: 'XBT (Jang and Lim 2024)',
  about: `Backward compatibility: the embeddings of a large gallery need not be computed again when a better model comes. The new heads are trained beside pcmc, and each modality that --teacher OLD has a head for is drawn to the old embedding of the same item, and away from those of others. --compatible in pcm-eval(1) prints whether it holds. The paper learns a map behind the new encoder from texts alone; encoders here are frozen, so that the heads are that map, and all modalities of the older model take part. Its noise is left out. Reconstruction: the loss could not be read.`,
  temperature: true,
  alone: false,
  modalities: true,
  teacher: { pair: false, space: true },
  options: {},
  loss: () => scene => {
    const known = Object.keys(scene.units).filter(name => scene.teacher!.units[name])
    return meanOver(scene, known, name => {
      const pair = firstPairOf(scene, name)
      const present = scene.present(name)
      const { groups } = scene.relation(pair)
      const relation = { ...(groups && { groups }), ...(present && { present }) }
      const old = scene.teacher!.units[name]!
      return backward(scene.units[name]!, old, scene.scale(pair), relation)
    })
  },
})
