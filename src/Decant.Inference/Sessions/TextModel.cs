using System.Collections.Concurrent;
using Decant.Inference.Folders;
using Decant.Text;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Decant.Inference.Sessions;

/// <summary>A model that answers texts with rows of numbers, with its tokenizer. Safe to use from several threads.</summary>
internal sealed class TextModel : ITextModel
{
    private static readonly string[] s_needed = ["input_ids", "attention_mask"];
    private const string Types = "token_type_ids";

    private readonly OnnxModel _model;
    private readonly string[] _inputNames;
    private readonly string[] _outputNames;
    private readonly TensorElementType _type;
    private readonly ConcurrentBag<TextBuffers> _buffers = [];
    private readonly int _filler;
    private volatile bool _isDisposed;

    private TextModel(OnnxModel model, ITokenizer tokenizer, int maxTokens, string output, bool? isPerToken)
    {
        (_model, Tokenizer, MaxTokens) = (model, tokenizer, maxTokens);
        SessionCheck.Inputs(model, s_needed, Types);
        foreach (var (name, node) in model.Inputs)
            SessionCheck.Type(model, name, node, TensorElementType.Int64);
        _inputNames = model.Inputs.ContainsKey(Types) ? [.. s_needed, Types] : s_needed;
        _outputNames = [output];
        _type = SessionCheck.Type(model, output, model.Outputs[output], TensorElementType.Float, TensorElementType.Float16);
        _filler = tokenizer.Special.Filler;
        (Width, IsPerToken) = Probe(output, isPerToken);
    }

    /// <summary>The tokenizer.</summary>
    public ITokenizer Tokenizer { get; }

    /// <summary>The most tokens of a text, special ones included.</summary>
    public int MaxTokens { get; }

    /// <summary>C, the numbers of a row.</summary>
    public int Width { get; }

    /// <summary>Whether every token has a row; else a text has one.</summary>
    public bool IsPerToken { get; }

    /// <inheritdoc/>
    public bool IsParallel => false; // ONNX Runtime has threads of its own

    /// <summary>Takes over a loaded file, and runs it once, so that one that does not fit is refused here.</summary>
    /// <param name="model">The file; released where it is refused.</param>
    /// <param name="folder">Its folder.</param>
    /// <param name="maxTokens">A limit of the caller's; null: the model's.</param>
    /// <param name="output">The output that is read.</param>
    /// <param name="isPerToken">Whether every token must have a row; null: either will do.</param>
    /// <exception cref="DecantException">Inputs, outputs, tokenizer and settings do not belong together.</exception>
    public static TextModel Of(OnnxModel model, ExportedFolder folder, int? maxTokens, string output, bool? isPerToken) =>
        new(model, folder.Tokenizer(), folder.MaxTokens(maxTokens, continues: false), output, isPerToken);

    /// <summary>A text or pair as the model reads it.</summary>
    public TextInput Encode(string text, string? pair = null)
    {
        var encoded = Tokenizer.EncodeForModel(text, pair, MaxTokens);
        var isCut = encoded.Ids.Length >= MaxTokens && Tokenizer.EncodeForModel(text, pair, int.MaxValue).Ids.Length > encoded.Ids.Length;
        return encoded.Ids.Length > 0 ? new(encoded.Ids, encoded.TypeIds, isCut) : new([Tokenizer.Special.Unknown ?? _filler], [], isCut);
    }

    /// <summary>The row of one text, or the rows [T·C] of its tokens.</summary>
    /// <exception cref="DecantException">The model could not be run, or answered with something that is no number.</exception>
    public float[] Ask(in TextInput text)
    {
        var buffers = Take();
        try
        {
            buffers.Fill(new ReadOnlySpan<TextInput>(in text), [0], _filler);
            _model.Run(_inputNames, buffers.Inputs, _outputNames, buffers.Outputs);
            var row = buffers.Numbers().ToArray();
            CheckFinite(row);
            return row;
        }
        finally
        {
            Return(buffers);
        }
    }

    /// <summary>The rows of texts, each as <see cref="Ask(in TextInput)"/> gives it, in their order; texts of similar length share a batch, so that there is little padding.</summary>
    /// <param name="texts">Any number.</param>
    /// <param name="batch">How many are computed together.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <inheritdoc cref="Ask(in TextInput)" path="/exception"/>
    public float[][] Ask(TextInput[] texts, int batch, CancellationToken cancellationToken = default)
    {
        var answers = new float[texts.Length][];
        var order = new int[texts.Length];
        for (var i = 0; i < order.Length; i++)
            order[i] = i;
        Array.Sort(order, (a, b) => texts[a].Ids.Length != texts[b].Ids.Length ? texts[b].Ids.Length.CompareTo(texts[a].Ids.Length) : a.CompareTo(b));
        var buffers = Take();
        try
        {
            for (var first = 0; first < order.Length; first += batch)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Ask(texts, order.AsSpan(first, Math.Min(batch, order.Length - first)), buffers, answers);
            }

            return answers;
        }
        finally
        {
            Return(buffers);
        }
    }

    /// <summary>Releases the model as soon as nothing runs.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        _model.Dispose();
        while (_buffers.TryTake(out var buffers))
            buffers.Dispose();
    }

    private void Ask(TextInput[] texts, ReadOnlySpan<int> chosen, TextBuffers buffers, float[][] answers)
    {
        buffers.Fill(texts, chosen, _filler);
        _model.Run(_inputNames, buffers.Inputs, _outputNames, buffers.Outputs);
        var numbers = buffers.Numbers();
        for (var row = 0; row < chosen.Length; row++)
        {
            var length = IsPerToken ? texts[chosen[row]].Ids.Length * Width : Width;
            var own = numbers.Slice(row * buffers.RowLength, length).ToArray();
            CheckFinite(own);
            answers[chosen[row]] = own;
        }
    }

    private void CheckFinite(ReadOnlySpan<float> row)
    {
        foreach (var number in row)
        {
            if (!float.IsFinite(number))
                throw new DecantException($"{_model.Path}: the model's answer is not a finite number; its weights are not usable. Export or copy it again.");
        }
    }

    /// <summary>One run with a text that has the tokenizer's highest id; says the shape of the answer.</summary>
    private (int Width, bool IsPerToken) Probe(string output, bool? isPerToken)
    {
        var ids = Array.ConvertAll([.. Tokenizer.EncodeForModel("a", null, MaxTokens).Ids.Take(MaxTokens - 1), Tokenizer.VocabularySize - 1], id => (long)id);
        long[] shape = [1, ids.Length];
        long[][] arrays = [ids, [.. Enumerable.Repeat(1L, ids.Length)], new long[ids.Length]];
        var values = Enumerable.Range(0, _inputNames.Length).Select(i => OrtValue.CreateTensorValueFromMemory(arrays[i], shape)).ToArray();
        try
        {
            using var answers = _model.Run(_inputNames, values, _outputNames);
            var answer = answers[0].GetTensorTypeAndShape().Shape;
            if (answer is [1, > 0] && isPerToken is not true)
                return ((int)answer[1], false);
            if (answer is [1, var tokens, > 0] && tokens == ids.Length && isPerToken is not false)
                return ((int)answer[2], true);
            throw new DecantException($"{_model.Path}: of a text of {ids.Length} tokens expected '{output}' to have the shape {(isPerToken == true ? $"[1, {ids.Length}, C]" : "[1, C]")}, came [{string.Join(", ", answer)}]. Is it another task's file?");
        }
        finally
        {
            foreach (var value in values)
                value.Dispose();
        }
    }

    private TextBuffers Take() => _buffers.TryTake(out var buffers) ? buffers : new TextBuffers(_inputNames.Length, Width, IsPerToken, _type);

    private void Return(TextBuffers buffers)
    {
        _buffers.Add(buffers);
        if (_isDisposed && _buffers.TryTake(out var left))
            left.Dispose();
    }
}
