namespace Decant.Runs.Fitting;

/// <summary>What a candidate takes: its ONNX file as exported, timed in ONNX Runtime.</summary>
/// <param name="Parameters">Parameters.</param>
/// <param name="Bytes">Bytes of the file, with that of its weights where there is one beside it.</param>
/// <param name="Milliseconds">The median time of one sample of middle length with one thread.</param>
internal sealed record CandidateFigures(long Parameters, long Bytes, double Milliseconds);
