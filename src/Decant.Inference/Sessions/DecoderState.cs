using Microsoft.ML.OnnxRuntime;

namespace Decant.Inference.Sessions;

/// <summary>What a language model has read of one text. Not safe to use from several threads.</summary>
/// <param name="empty">The cache before any token; becomes this state's to release.</param>
internal sealed class DecoderState(OrtValue[] empty) : IDisposable
{
    private IDisposableReadOnlyCollection<OrtValue>? _answers;

    /// <summary>How many tokens were read.</summary>
    public int Length { get; private set; }

    /// <summary>The cache's inputs of the next run.</summary>
    public OrtValue[] Cache { get; private set; } = empty;

    /// <summary>Takes the answers of a run over: the logits, then the cache.</summary>
    public void Advance(IDisposableReadOnlyCollection<OrtValue> answers, int tokens)
    {
        Release();
        (_answers, Cache, Length) = (answers, [.. answers.Skip(1)], Length + tokens);
    }

    /// <summary>Releases the cache.</summary>
    public void Dispose()
    {
        Release();
        Cache = [];
    }

    private void Release()
    {
        if (_answers is { } answers)
            answers.Dispose();
        else
            Array.ForEach(Cache, value => value.Dispose());
        _answers = null;
    }
}
