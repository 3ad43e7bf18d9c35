using Decant.Export.Onnx.Format;

namespace Decant.Compression.Quantization;

/// <summary>A quantized model and what was done.</summary>
/// <param name="Model">The model; opened once in ONNX Runtime.</param>
/// <param name="Report">What was done to each layer.</param>
internal sealed record QuantizedModel(ModelProto Model, QuantizationReport Report);
