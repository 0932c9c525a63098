/**
 * onnxruntime 1.30 on Linux and macOS reports each session to Microsoft and leaves a log in the
 * temporary folder (onnxruntime#27379) unless this is set before it loads. What pcm computes is
 * nobody's business; whoever wants to report says ORT_DISABLE_TELEMETRY=0. Import it first.
 */
process.env.ORT_DISABLE_TELEMETRY ??= '1'
