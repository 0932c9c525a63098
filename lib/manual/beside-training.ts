/** Methods of the field that are no part of training, and what asks for them. */
export const BESIDE: readonly { name: string; source: string; how: string }[] = [
  {
    name: 'choice of encoders by CKA',
    source: 'freeze-align (Maniparambil et al. 2024)',
    how: 'pcm-info --cka says which features are most alike; such encoders align best.',
  },
  {
    name: 'additive queries',
    source: 'ALIGN (Jia et al. 2021)',
    how: "pcm-eval --direction 'photo+caption>voice', and pcm-embed --enrich to keep them.",
  },
  {
    name: 'queries by product',
    source: 'Symile (Saporta et al. 2024)',
    how: "pcm-eval --direction 'photo*caption>voice', for models of --loss symile.",
  },
  {
    name: 'retrieval within a modality',
    source: 'Cross the Gap (Mistretta et al. 2025)',
    how: "pcm-eval --direction 'photo>photo' with --positives; ims in training is for it.",
  },
  {
    name: 'a second look',
    source: 'ALBEF (Li et al. 2021), TCL (Yang et al. 2022); FILIP (Yao et al. 2022)',
    how: 'pcm-rerank, with the fusion encoders of itm, or by late interaction of tokens. On captions of Flickr8k as word vectors a second look at the first 20 brings mean r@1 from 18.8 to 21.1 by itm,width=64 (three seeds, which gain 1.5, 3.9 and 1.6) and from 19.4 to 21.7 by filip (one seed). On two processor cores it takes 2 ms a query, and training 9 and 12 times as long as without these terms, which by cosine alone gain nothing.',
  },
  {
    name: 'binary codes',
    source: 'cross-view hashing (Kumar and Udupa 2011)',
    how: 'pcm-embed --codes writes the signs of embeddings, and pcm-eval ranks them by Hamming distance.',
  },
  {
    name: 'robustness',
    source: 'XMAI (Ramshetty et al. 2023)',
    how: 'pcm-eval PERTURBED --against ORIGINAL: what captions with words put in, or pictures with noise, lose, in percent too. pcm-embed --perturb adds noise to features, drops numbers and tokens, or takes a modality from rows; words are put in by who writes the captions.',
  },
  {
    name: 'blind pairs',
    source: 'Eyes Wide Shut (Tong et al. 2024)',
    how: 'pcm-eval --blind: what one encoder holds to be the same and another tells apart.',
  },
  {
    name: 'equal ranks over languages (MRV)',
    source: 'CCRK (Nie et al. 2024)',
    how: 'pcm-eval --mrv.',
  },
  {
    name: 'the criterion of backward compatibility',
    source: 'XBT (Jang and Lim 2024)',
    how: 'pcm-eval --compatible OLD. On Mfeat, models of all items by the term xbt find 10.4 percent in the galleries of models of an eighth of them, which find 5.7 there themselves, and by pcmc alone 0.3; with one another they find 17.0, and without the term 23.2.',
  },
  {
    name: 'hubs and the gap between modalities',
    source: 'Radovanovic et al. 2010; Liang et al. 2022',
    how: 'pcm-eval --hubness K and --geometry; --correction for inverted softmax, QB-Norm, DualIS, CSLS and InvGC.',
  },
  {
    name: 'hard batches',
    source: 'OpenShape (Liu et al. 2023)',
    how: 'pcm-train --neighbours K, best with --loss openshape.',
  },
  {
    name: 'a modality more',
    source: 'OneEncoder (Faye et al. 2024); ImageBind (Girdhar et al. 2023)',
    how: 'pcm-train --init OLD --freeze NAMES, with any heads; what was embedded stays as it is, byte for byte. With three of four descriptors of Mfeat frozen, mean r@1 is 20.0 where a joint training has 23.2. Most of that is lost between the fourth and the one that is nearest to it (57.7 where there were 74.4); with the two others it is within two points.',
  },
]

/** Methods that are not carried, by the reason. */
export const NOT_CARRIED: readonly { why: string; names: string }[] = [
  {
    why: 'They train or change the encoders themselves, which are frozen here',
    names:
      'VLM2Vec, mmE5, BridgeTower, GrowCLIP, SpeechT5, 4M and 4M-21, DiffDis, token inversion of Cross the Gap, stage 2 of XBT, masked language modelling of IRRA and LXMERT',
  },
  {
    why: 'They make pictures, sound or text, which is another trade',
    names:
      'MGCC, CrossFlow, CustomContrast, XBind, Zipper, MM-TTS, VMB, captioning of SITTA and of the audio captioner with soft prompts, MT4CrossOIE',
  },
  {
    why: 'They label pixels, boxes, nodes or patients and not items',
    names:
      'CMA, SSMA, Any2Seg, MulModSeg, SUMMIT, READ, HiVG, MINIMA, MatchAnything, multi-modal prototypes for segmentation, One for All, MAGB, GTP-4o, CMTA',
  },
  {
    why: 'They are large language models with eyes, their data or their tests',
    names: 'Ovis, ShareGPT4V, EMMA, bridge architectures on NLVR2',
  },
  {
    why: 'Their code is not public or their rules could not be read, and a guess would only bear their name',
    names:
      'LexVLA, VLAP, the quantiser of RREH, adaptive temperatures of CLSR, the schedule of DCD, IMAGINATOR',
  },
  {
    why: 'They need more of a training than terms over a batch have, such as several experts, conditions or masked views of a modality',
    names: 'OmniBind, conditional cross attention, ONE-PEACE, GLSCL, M3EL',
  },
  {
    why: 'They compare two items in a way of their own, where programs here rank by cosine, and late interaction and the fusion encoder stand for whatever looks twice',
    names:
      "RCAR, the bilinear form of the grounded semantic space, local CKA of Escaping Plato's Cave",
  },
  {
    why: 'They need data that no stream of features has',
    names:
      'the swapped captions of Structure-CLIP, the human ratings behind the correlations of grounded sentences and word norms',
  },
  {
    why: 'They train on one modality to be used on another that is never seen, so that there is no pair',
    names: "I Can't Believe There's No Images",
  },
  {
    why: 'What they do is done by what there is',
    names:
      'prototypes of CAPro and of enriched classes (a modality of classes, whose head is a table of learned prototypes), LXMERT and BridgeTower in use (itm with pcm-rerank), hashed features of Unified Embedding (ngram of pcm-extract), PoseScript (any pair of modalities), the identity loss of IRRA (a category as a modality), sheet-music snippets (views of an item)',
  },
]
