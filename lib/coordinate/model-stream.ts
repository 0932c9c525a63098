import { readModel, writeModel } from '../stream/model.js'
import type { InputSummary } from '../stream/closing.js'
import type { Sink } from '../stream/sink.js'
import type { ProvenanceRecord } from '../stream/types.js'
import { type Model, modelFrom, modelMetadata, parametersOfModel } from './model.js'

/** A model as it came from a file, with what is known of its making. */
export interface LoadedModel {
  model: Model
  provenance: ProvenanceRecord[]
  summary: InputSummary
}

export async function loadModel(path: string): Promise<LoadedModel> {
  const { parameters, metadata, provenance, summary } = await readModel(path)
  return { model: modelFrom(path, metadata, parameters), provenance, summary }
}

export const saveModel = async (
  sink: Sink,
  model: Model,
  provenance: ProvenanceRecord[],
  inputs: readonly InputSummary[],
): Promise<void> =>
  await writeModel(
    sink,
    {
      parameters: parametersOfModel(model),
      metadata: Object.fromEntries(modelMetadata(model.description)),
      provenance,
    },
    inputs,
  )
