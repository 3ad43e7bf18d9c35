using Decant.Modules;
using Decant.Torch;

namespace Decant.Models.Generation;

/// <summary>Continues a batch of texts, a token of each at a time.</summary>
/// <remarks>
/// Texts of unlike lengths are padded on the left, which changes nothing for them: where the padded width meets the model's limit, those that have not are read anew
/// without the padding. The model is read in evaluation mode, without gradients.
/// </remarks>
internal sealed class TokenGeneration : IDisposable
{
    private readonly ICausalModel _model;
    private readonly GenerationOptions _options;
    private readonly Device _device;
    private readonly Text[] _texts;
    private readonly Module? _training;
    private ICausalState _state;
    private Text[] _rows; // those that the state is of

    /// <summary>Begins; nothing is computed yet.</summary>
    /// <param name="model">The model. One that is in training mode is put into evaluation mode until this is disposed.</param>
    /// <param name="prompts">One or more, of at least one token each.</param>
    /// <param name="options">How tokens are chosen.</param>
    /// <param name="device">Where the model is.</param>
    /// <param name="uniforms">For each text where its draws come from, numbers in [0, 1); null: libtorch's generator with the seed of the options.</param>
    /// <exception cref="DecantException">An option is out of its range, a prompt is empty, too long, or has an id that the model does not know: which, and where.</exception>
    public TokenGeneration(ICausalModel model, IReadOnlyList<IReadOnlyList<int>> prompts, GenerationOptions options, Device device = default, Func<int, Func<double>>? uniforms = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(prompts);
        (_model, _options, _device) = (model, options.Checked(), device);
        PromptCheck.Check(prompts, model);
        _rows = _texts = [.. prompts.Select((ids, row) => new Text(ids, uniforms?.Invoke(row), options.Seed, row))];
        _state = model.NewState();
        if (model is Module { IsTrainingAnywhere: true } module)
        {
            _training = module;
            module.Eval();
        }
    }

    /// <summary>Why each text ended; null while it continues.</summary>
    public IReadOnlyList<GenerationEnd?> Ends => [.. _texts.Select(t => t.End)];

    /// <summary>What was added to each text, the token that ended it included, and the logarithm of the probability with which each token was drawn; 0 where it was not drawn.</summary>
    /// <param name="row">Which text.</param>
    public (IReadOnlyList<int> Tokens, IReadOnlyList<float> LogProbabilities) Written(int row) => (_texts[row].Said, _texts[row].LogProbabilities);

    /// <summary>Whether all texts have ended.</summary>
    public bool IsFinished => Array.TrueForAll(_texts, t => t.End is not null);

    /// <summary>The next token of every text; null for one that has ended, be it just now by a stop token.</summary>
    public IReadOnlyList<int?> Next()
    {
        if (IsFinished)
            return new int?[_texts.Length];
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        var logits = Logits();
        var chosen = Choose(logits);
        var said = _rows.Zip(chosen).ToDictionary(row => row.First, row => Take(row.First, row.Second));
        return [.. _texts.Select(text => said.GetValueOrDefault(text))];
    }

    /// <summary>Ends a text, as when it came to words that end it.</summary>
    public void Finish(int row, GenerationEnd end = GenerationEnd.StopText) => _texts[row].End = end;

    /// <summary>Releases the model's state.</summary>
    public void Dispose()
    {
        _state.Dispose();
        _training?.Train();
        foreach (var text in _texts)
            text.Dispose();
    }

    private Tensor Logits()
    {
        if (_state.Length >= _model.MaxTokens)
            Restart();
        else
            LeaveOutEnded();
        if (_state.Length > 0)
            return _model.Next(Tensor.From(Array.ConvertAll(_rows, t => (long)t.Last), _rows.Length, 1).To(_device), _state);
        var width = _rows.Max(t => t.Ids.Count);
        var ids = _rows.SelectMany(t => Enumerable.Repeat(0L, width - t.Ids.Count).Concat(t.Ids.Select(id => (long)id))).ToArray();
        var mask = _rows.SelectMany(t => Enumerable.Range(0, width).Select(i => i >= width - t.Ids.Count)).ToArray();
        var isPadded = mask.Contains(false);
        return _model.Next(
            Tensor.From(ids, _rows.Length, width).To(_device), _state, isPadded ? Tensor.From(mask, _rows.Length, width).To(_device) : null);
    }

    // Where a quarter of the texts has ended, the others go on without them.
    private void LeaveOutEnded()
    {
        if (_state.Length == 0 || !_state.CanKeep)
            return;
        var open = Array.FindAll(_rows, text => text.End is null);
        if (open.Length == 0 || open.Length > _rows.Length * 3 / 4)
            return;
        _state.Keep(Tensor.From([.. _rows.Select((text, i) => (text, i)).Where(row => row.text.End is null).Select(row => (long)row.i)], open.Length).To(_device));
        _rows = open;
    }

    // The longest unfinished text decides the width.
    private void Restart()
    {
        _state.Dispose();
        _state = _model.NewState();
        _rows = Array.FindAll(_rows, text => text.End is null);
    }

    private (int Id, float LogProbability)[] Choose(Tensor logits)
    {
        if (_options.Sampling.IsPlain)
            return Array.ConvertAll(logits.ArgMax(-1).ToArray<long>(), id => ((int)id, 0f));
        if (_options.Sampling.IsOfAll && Array.TrueForAll(_rows, row => row.HasOwnDraws))
            return DrawAmongAll(logits);
        var numbers = logits.To(DType.Float32).ToArray<float>();
        var width = numbers.Length / _rows.Length;
        return [.. _rows.Select((text, row) => (TokenSampler.Choose(numbers.AsSpan(row * width, width), text.Seen, _options.Sampling, text.Uniform, out var logProbability), (float)logProbability))];
    }

    // The exponentials of a whole vocabulary are a vector unit's work.
    private (int Id, float LogProbability)[] DrawAmongAll(Tensor logits)
    {
        var probabilities = (logits.To(DType.Float32) / _options.SamplingTemperature).Softmax(-1).ToArray<float>();
        var width = probabilities.Length / _rows.Length;
        return [.. _rows.Select((text, row) => TokenSampler.Draw(probabilities.AsSpan(row * width, width), text.Uniform()))];
    }

    private int? Take(Text text, (int Id, float LogProbability) chosen)
    {
        if (text.End is not null)
            return null;
        text.Say(chosen);
        if (_options.StopTokens.Contains(chosen.Id))
        {
            text.End = GenerationEnd.StopToken;
            return null;
        }

        text.Add(chosen.Id);
        if (text.Added >= _options.MaxNewTokens)
            text.End = GenerationEnd.MaxNewTokens;
        else if (text.Ids.Count > _model.MaxTokens) // the last token need not be read
            text.End = GenerationEnd.MaxTokens;
        return chosen.Id;
    }

    private sealed class Text(IReadOnlyList<int> prompt, Func<double>? uniform, ulong seed, int row) : IDisposable
    {
        // Far apart, so that neighbouring seeds and rows share no sequence.
        private readonly Generator? _generator = uniform is null ? new(unchecked((seed * 0x9E3779B97F4A7C15) + ((ulong)row * 0xBF58476D1CE4E5B9))) : null;

        public List<int> Ids { get; } = [.. prompt];

        public HashSet<int> Seen { get; } = [.. prompt];

        public List<int> Said { get; } = [];

        public List<float> LogProbabilities { get; } = [];

        public int Last => Ids[^1];

        public int Added => Ids.Count - prompt.Count;

        public GenerationEnd? End { get; set; }

        public bool HasOwnDraws => uniform is not null;

        public void Say((int Id, float LogProbability) chosen)
        {
            Said.Add(chosen.Id);
            LogProbabilities.Add(chosen.LogProbability);
        }

        public void Add(int id)
        {
            Ids.Add(id);
            Seen.Add(id);
        }

        public double Uniform()
        {
            if (uniform is not null)
                return uniform();
            var number = Tensor.Empty([1], DType.Float64);
            number.UniformInPlace(0, 1, _generator);
            return number.Item();
        }

        public void Dispose() => _generator?.Dispose();
    }
}
