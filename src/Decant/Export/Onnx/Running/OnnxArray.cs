namespace Decant.Export.Onnx.Running;

/// <summary>Numbers that go into a session or come out of it.</summary>
/// <param name="Values">A <c>float[]</c>, <c>long[]</c>, <c>int[]</c>, <c>bool[]</c>, <c>byte[]</c> or <c>sbyte[]</c>, row by row.</param>
/// <param name="Shape">The sizes; empty for a scalar.</param>
internal sealed record OnnxArray(Array Values, params long[] Shape)
{
    /// <summary>The float32 values.</summary>
    /// <exception cref="DecantException">They are of another type.</exception>
    public float[] Floats => Values as float[] ?? throw new DecantException($"float32 was expected of ONNX Runtime; {Values.GetType().GetElementType()?.Name} came.");
}
