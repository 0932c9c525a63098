import { operations } from './onnx/operations.js'

process.stdout.write(operations.map(name => `${name}\n`).join(''))
