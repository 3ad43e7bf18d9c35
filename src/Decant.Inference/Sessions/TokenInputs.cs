using Microsoft.ML.OnnxRuntime;

namespace Decant.Inference.Sessions;

/// <summary>The ids, mask and perhaps positions of one run of a language model.</summary>
internal sealed class TokenInputs : IDisposable
{
    /// <param name="tokens">T ids.</param>
    /// <param name="past">How many were read before.</param>
    /// <param name="masked">The length of the mask.</param>
    /// <param name="hasPositions">Whether the model takes positions.</param>
    public TokenInputs(ReadOnlySpan<int> tokens, int past, int masked, bool hasPositions)
    {
        var (ids, mask) = (new long[tokens.Length], new long[masked]);
        for (var i = 0; i < ids.Length; i++)
            ids[i] = tokens[i];
        Array.Fill(mask, 1);
        Values = [Row(ids), Row(mask), .. hasPositions ? (ReadOnlySpan<OrtValue>)[Row([.. Enumerable.Range(past, tokens.Length)])] : []];
    }

    /// <summary>The inputs, each [1, …].</summary>
    public OrtValue[] Values { get; }

    /// <summary>Releases them.</summary>
    public void Dispose() => Array.ForEach(Values, value => value.Dispose());

    private static OrtValue Row(long[] numbers) => OrtValue.CreateTensorValueFromMemory(numbers, [1, numbers.Length]);
}
