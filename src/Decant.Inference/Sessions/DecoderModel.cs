using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Decant.Inference.Sessions;

/// <summary>A language model that reads a text piece by piece: it keeps keys and values, or a recurrent state, or reads all of it anew. Safe to use from several threads.</summary>
internal sealed class DecoderModel : IDisposable
{
    private const string Ids = "input_ids";
    private const string Mask = "attention_mask";
    private const string Positions = "position_ids";
    private const string Logits = "logits";

    private readonly OnnxModel _model;
    private readonly CacheTensor[] _cache;
    private readonly bool _hasPositions;
    private readonly string[] _inputNames;
    private readonly string[] _outputNames;

    private DecoderModel(OnnxModel model)
    {
        _model = model;
        _cache = [.. model.Inputs.Where(i => CacheTensor.IsOne(i.Key)).Select(i => CacheTensor.Of(model, i.Key, i.Value))];
        _hasPositions = model.Inputs.ContainsKey(Positions);
        string[] read = [Ids, Mask, .. _hasPositions ? (ReadOnlySpan<string>)[Positions] : []];
        SessionCheck.Inputs(model, [Ids, Mask], [Positions, .. _cache.Select(c => c.Input)]);
        foreach (var name in read)
            SessionCheck.Type(model, name, model.Inputs[name], TensorElementType.Int64);
        _inputNames = [.. read, .. _cache.Select(c => c.Input)];
        _outputNames = [SessionCheck.Output(model, Logits), .. _cache.Select(c => SessionCheck.Output(model, c.Output))];
        LogitsType = SessionCheck.Type(model, Logits, model.Outputs[Logits], TensorElementType.Float, TensorElementType.Float16);
        Vocabulary = Probe();
    }

    /// <summary>V, the logits of a position.</summary>
    public int Vocabulary { get; }

    /// <summary>Whether what was read is kept; else the whole text is read for every token.</summary>
    public bool Keeps => _cache.Length > 0;

    private TensorElementType LogitsType { get; }

    // The state of a recurrent model has no places, so the mask is of what is new alone.
    private bool IsRecurrent => _cache.Length > 0 && !_cache[0].Grows;

    /// <summary>Takes over a loaded file, and runs it once, so that one that does not fit is refused here.</summary>
    /// <exception cref="DecantException">Its inputs or outputs are not those of a language model.</exception>
    public static DecoderModel Of(OnnxModel model) => new(model);

    /// <summary>The state before any token.</summary>
    public DecoderState NewState() => new([.. _cache.Select(c => c.Empty())]);

    /// <summary>Reads tokens and says the logits of the next one.</summary>
    /// <param name="state">What was read before; reaches behind the tokens afterwards.</param>
    /// <param name="tokens">One or more; all tokens of the text where nothing is kept.</param>
    /// <param name="logits">[V] that are written.</param>
    /// <exception cref="DecantException">The model could not be run, or answered with something that is no number.</exception>
    public void Read(DecoderState state, ReadOnlySpan<int> tokens, Span<float> logits)
    {
        var past = Keeps ? state.Length : 0;
        using var inputs = new TokenInputs(tokens, past, IsRecurrent ? tokens.Length : past + tokens.Length, _hasPositions);
        var answers = _model.Run(_inputNames, [.. inputs.Values, .. state.Cache], _outputNames);
        try
        {
            Last(answers[0], tokens.Length, logits);
        }
        catch
        {
            answers.Dispose();
            throw;
        }

        state.Advance(answers, tokens.Length);
    }

    /// <summary>Releases the model as soon as nothing runs.</summary>
    public void Dispose() => _model.Dispose();

    private void Last(OrtValue answer, int tokens, Span<float> logits)
    {
        if (answer.GetTensorTypeAndShape().Shape is not [1, var positions, var width] || width != logits.Length || (positions != tokens && positions != 1))
            throw new DecantException($"{_model.Path}: expected '{Logits}' to have the shape [1, {tokens}, {logits.Length}], came [{string.Join(", ", answer.GetTensorTypeAndShape().Shape)}]. Export the model again.");
        if (LogitsType == TensorElementType.Float)
        {
            answer.GetTensorDataAsSpan<float>()[^logits.Length..].CopyTo(logits);
        }
        else
        {
            var halves = answer.GetTensorDataAsSpan<Float16>()[^logits.Length..];
            for (var i = 0; i < logits.Length; i++)
                logits[i] = (float)BitConverter.UInt16BitsToHalf(halves[i].value);
        }

        foreach (var logit in logits)
        {
            // A model may rule tokens out with minus infinity.
            if (float.IsNaN(logit) || float.IsPositiveInfinity(logit))
                throw new DecantException($"{_model.Path}: the model's answer is not a finite number; its weights are not usable. Export or copy it again.");
        }
    }

    private int Probe()
    {
        using var state = NewState();
        using var inputs = new TokenInputs([0], 0, 1, _hasPositions);
        using var answers = _model.Run(_inputNames, [.. inputs.Values, .. state.Cache], _outputNames);
        return answers[0].GetTensorTypeAndShape().Shape is [1, 1, > 0 and <= int.MaxValue and var width]
            ? (int)width
            : throw new DecantException($"{_model.Path}: of one token expected '{Logits}' to have the shape [1, 1, V], came [{string.Join(", ", answers[0].GetTensorTypeAndShape().Shape)}]. Is it another task's file?");
    }
}
