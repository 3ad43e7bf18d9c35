namespace Decant.Compression.Quantization.Agreement;

/// <summary>How far the outputs of two models are apart.</summary>
/// <param name="Rows">The rows that were compared: all that the output has before its last axis.</param>
/// <param name="KlMedian">The median over the rows of KL(reference ‖ other) of the softmax over the last axis, in nats.</param>
/// <param name="Kl99">The 99th percentile of the same.</param>
/// <param name="SameAnswer">The share of rows whose largest entry is the same.</param>
/// <param name="CosineMedian">The median over the rows of the cosine between the outputs as vectors.</param>
/// <param name="LargestDifference">The largest absolute difference of two entries.</param>
internal sealed record AgreementFigures(int Rows, double KlMedian, double Kl99, double SameAnswer, double CosineMedian, double LargestDifference);
